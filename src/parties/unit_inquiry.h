/*
 * unit_inquiry.h — one inquiry as its unit knows it.
 */
#ifndef SHOKAI_PARTIES_UNIT_INQUIRY_H
#define SHOKAI_PARTIES_UNIT_INQUIRY_H

#include "parties/ward_user.h"

/*
 * Where each item that was sent comes from: the snapshot as the ward sent it,
 * and what its file's layout and tables make of it, recomputed and proved
 * (provenance.h); of one in no file yet, what the layout in force today would.
 * With exception, halt, file, steps and outcome. Logged as a read before it is
 * given out (S3). ERR_INPUT "inquiry.unknown" unless number is an inquiry of a
 * wave that is here.
 */
CHECKED enum err_class unit_inquiry_show(struct party_context *c,
    struct text number, const struct ward_user *officer, json_t **out,
    struct err *e);

#endif
