/*
 * calls.h — the handlers of the table of routes (route_table.c), by file.
 */
#ifndef SHOKAI_API_CALLS_H
#define SHOKAI_API_CALLS_H

#include "api/call.h"

/* call_session.c: signing in and out, oneself. */
call_fn call_openapi, call_sign_in, call_me, call_sign_out, call_password;

/* call_subject.c: the ward's subjects. */
call_fn call_subjects, call_subject_search, call_subject, call_subject_reveal;

/* call_wave.c: the ward's waves. */
call_fn call_waves, call_wave, call_wave_new, call_wave_submit,
    call_wave_approve, call_wave_return, call_wave_cancel, call_wave_resend;

#endif
