/*
 * reconcile.h — E5 recomputed from the rows, never from counters: for every
 * file, wave and hub, sent = answered + rejected + cancelled + expired +
 * pending. ok is false where two sets of rows that must agree do not.
 */
#ifndef SHOKAI_PARTIES_RECONCILE_H
#define SHOKAI_PARTIES_RECONCILE_H

#include "parties/party.h"

struct reconcile_row {
	const char *scope; /* "file", "wave", "hub" */
	const char *id;
	int64_t sent;
	int64_t answered;
	int64_t rejected;
	int64_t cancelled;
	int64_t expired;
	int64_t pending;
	bool ok;
	const char *why; /* what differs; "" if ok */
};

/* Told each row; strings live until it returns. */
struct reconcile_sink {
	void (*row)(void *ctx, const struct reconcile_row *row);
	void *ctx;
};

/* The unit's, a hub's, a bank's rows (the ward's: ward_reconcile.h). Reads
 * one snapshot. */
CHECKED enum err_class reconcile_unit(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e);
CHECKED enum err_class reconcile_hub(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e);
CHECKED enum err_class reconcile_bank(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e);

/* Adds the counts of a file to its wave or hub. */
void reconcile_add(struct reconcile_row *sum, const struct reconcile_row *row);

#endif
