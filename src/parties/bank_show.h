/*
 * bank_show.h — what a bank's clerks look at: inquiries received, by file,
 * with the legal basis of the ward's signed approval; imports. Nothing of a
 * person is in it.
 */
#ifndef SHOKAI_PARTIES_BANK_SHOW_H
#define SHOKAI_PARTIES_BANK_SHOW_H

#include "parties/party.h"

#include <jansson.h>

/* A page of the files received, behind (authority, file): {authority, file,
 * wave, records, state, unit, hub, received, answered_at, answered, rejected,
 * as_of, deadline}. */
struct bank_show_page {
	const char
	    *authority; /* of the last of the page before, then of this */
	const char *file;
	size_t max;
	json_t *items; /* the caller's */
	bool more;
};
CHECKED enum err_class bank_show_received(
    struct party_context *c, struct bank_show_page *page, struct err *e);

/* Files that a good answer of the bank's is waited for, at most max: those
 * whose answers were refused, by deadline, then those not answered yet:
 * {authority, file, wave, records, state: returned|received, received,
 * deadline: null where it is not known yet, overdue}. The caller's. */
CHECKED enum err_class bank_show_awaited(
    struct party_context *c, size_t max, json_t **out, struct err *e);

/*
 * One of them, and of the approval that came with it {verified, signer, basis,
 * purpose, scope, base_date, period_from, period_to, deadline, overdue}:
 * verified: the ward's signature is good now. Without these where the request
 * is no longer kept. ERR_INPUT "answer.unknown_file".
 */
CHECKED enum err_class bank_show_file(
    struct party_context *c, const char *file, json_t **out, struct err *e);

/* Imports below that number, newest first; *below: where the next page goes
 * on, 0: nowhere. */
CHECKED enum err_class bank_show_imports(struct party_context *c,
    int64_t *below, size_t max, json_t **out, struct err *e);

#endif
