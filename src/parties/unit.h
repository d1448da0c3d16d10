/*
 * unit.h — the unit (中間処理): takes a ward's subjects, converts them into
 * each institution's own files, follows them up, turns the answers back into
 * one form.
 */
#ifndef SHOKAI_PARTIES_UNIT_H
#define SHOKAI_PARTIES_UNIT_H

#include "parties/party.h"

/* One message each; see party.h for what the classes mean. */
CHECKED enum err_class unit_subjects(
    struct party_context *c, const struct message *m, struct err *e);
CHECKED enum err_class unit_answers(
    struct party_context *c, const struct message *m, struct err *e);
CHECKED enum err_class unit_cancel(
    struct party_context *c, const struct message *m, struct err *e);

/* The next file of the next institution whose window has room. */
CHECKED enum err_class unit_convert(
    struct party_context *c, bool *did, struct err *e);

/* File rows the ward has not been told of yet, with their exceptions, as
 * content.h describes them; appended to files, what proves them to proofs. */
CHECKED enum err_class unit_status_files(struct store_tx *tx,
    const char *authority, size_t max, json_t *files, struct buf *proofs,
    struct err *e);

#endif
