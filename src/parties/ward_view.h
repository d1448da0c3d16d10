/*
 * ward_view.h — one inquiry as an object: what was asked, what was answered.
 */
#ifndef SHOKAI_PARTIES_WARD_VIEW_H
#define SHOKAI_PARTIES_WARD_VIEW_H

#include "parties/ward_wave.h"
#include "record/answer.h"
#include "record/subject.h"

/* See ward_inquiry_show; the caller has logged the reading. */
CHECKED enum err_class ward_view(struct party_context *c,
    const struct ward_wave *w, const struct ward_institution *in,
    uint32_t ordinal, const char *atena, json_t **out, struct err *e);

/* An answer: class, items, raw, accounts with transactions, others. */
json_t *ward_view_answer(const struct answer *x);

/* The same of an answer as it is kept (answer_pack); null if it is none. */
json_t *ward_view_packed(struct bytes record);

/* A subject's row: every column that is not empty. */
json_t *ward_view_subject(const struct subject *s);

#endif
