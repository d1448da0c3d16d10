/*
 * calls.h — the handlers of the table of routes (route_table.c), by file.
 */
#ifndef SHOKAI_API_CALLS_H
#define SHOKAI_API_CALLS_H

#include "api/call.h"

#include <sys/types.h>

/* call_session.c: signing in and out, oneself. */
call_fn call_session_openapi, call_session_begin, call_session_me,
    call_session_end, call_session_password;

/* call_node.c: what every party has. */
call_fn call_node, call_node_peers, call_node_refusals,
    call_node_refusal_counts, call_node_events, call_node_progress;

/* call_user.c: users, appointments, transfers. */
call_fn call_users, call_user, call_user_new, call_user_change, call_user_lock,
    call_user_unlock, call_user_renew, call_user_totp, call_user_certificate,
    call_user_transfer;

/* call_client.c: other systems. */
call_fn call_client_token, call_clients, call_client_new, call_client_drop;

/* call_log.c: the linked log. */
call_fn call_log, call_log_who, call_log_verify;

/* call_ward.c: the ward's morning, codes, import, stops, carrying book. */
call_fn call_ward_morning, call_ward_codes, call_ward_import, call_ward_stops,
    call_ward_decide, call_ward_carries, call_ward_erased;

/* call_subject.c: the ward's subjects. */
call_fn call_subjects, call_subject_search, call_subject, call_subject_reveal,
    call_subject_report, call_subject_address;

/* call_wave.c: the ward's waves. */
call_fn call_waves, call_wave, call_wave_new, call_wave_count, call_wave_submit,
    call_wave_approve, call_wave_approve_for, call_wave_return,
    call_wave_cancel, call_wave_resend;

/* call_selection.c: rules of selection kept by name. */
call_fn call_selections, call_selection_new, call_selection_drop;

/* call_sheet.c: the approval sheet, 持出し記録. */
call_fn call_sheet, call_sheet_print, call_sheet_takeouts;

/* call_export.c: answers that are carried out. */
call_fn call_export;

/* What an export by that process has left of plain files. */
void call_export_remove(const struct node *n, struct arena *a, pid_t pid);

/* call_inquiry.c: held ones, answers, one of them. */
call_fn call_inquiry_comparison, call_inquiry_exceptions, call_inquiry_answers,
    call_inquiry_results, call_inquiry, call_inquiry_mend, call_inquiry_release,
    call_inquiry_withdraw, call_inquiry_end, call_inquiry_reask;

/* call_check.c: the via-ward check. */
call_fn call_checks, call_check, call_check_approve, call_check_return;

/* call_unit.c: a unit's authorities, hold list, throughput, versions. */
call_fn call_unit_authorities, call_unit_throughput, call_unit_holds,
    call_unit_layout_diff, call_unit_layout_diff_of;

/* call_other.c: unit, hub, bank. */
call_fn call_other_layouts, call_other_layout, call_other_files,
    call_other_traffic, call_other_hours, call_other_backlog,
    call_other_received, call_other_received_file, call_other_awaited,
    call_other_imports, call_other_answer_again;

#endif
