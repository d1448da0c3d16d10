/*
 * bank.h — the bank's side: imports customers, finds the person asked about,
 * answers every item it holds within the scope, in its own form.
 */
#ifndef SHOKAI_PARTIES_BANK_H
#define SHOKAI_PARTIES_BANK_H

#include "base/refusals.h"
#include "match/match.h"
#include "parties/party.h"

/* A request file: looked up and answered in one unit of work. */
CHECKED enum err_class bank_request(
    struct party_context *c, const struct message *m, struct err *e);

/*
 * The answer file of a request is made again from the customers as they are
 * now, and sent under a new message id: for a file of ours whose answers were
 * returned by the ward's officer or refused whole, each of them; that is what
 * ERR_INPUT "answer.not_returned" means. "answer.unknown_file": no such file
 * was answered, or it was cancelled; "answer.gone": the request is no longer
 * kept. *records: how many answers. The rows in lookup stay one an inquiry.
 */
CHECKED enum err_class bank_answer_again(struct party_context *c,
    const char *file, const char *actor, int64_t *records, struct err *e);

/* Is an answer file of ours on its way, or where it belongs? Not one that was
 * refused or returned, here or in gone (ids; may be NULL). */
CHECKED enum err_class bank_answer_stands(struct store_tx *tx,
    const struct party_context *c, const char *authority, const char *file,
    const json_t *gone, bool *out, struct err *e);

/* A ward's cancellation of a file: "cancelled", or "too late". One that is
 * answered, with answers that did not stand, is cancelled, too. */
CHECKED enum err_class bank_cancel(
    struct party_context *c, const struct message *m, struct err *e);

/* File rows the ward has not been told of yet (content.h). */
CHECKED enum err_class bank_status_files(struct store_tx *tx,
    const char *authority, size_t max, json_t *files, struct err *e);

/* --- lookup (bank_lookup.c) --- */

/* The filter of the import in force, read once. An import's number may be
 * another's in a copy of the database that took its place; the time it was
 * made, too, is not. Begins as zeros. */
struct bank_filter {
	int64_t import; /* 0: none is kept */
	int64_t at_us;
	struct buf bits;
};
void bank_filter_fini(struct bank_filter *f);

struct bank_lookup {
	const struct request *requests;
	size_t count;
	struct match_use use;
	const char *scope; /* existence, balance, detail */
	const char *bank_name;
	const char *bank_code;
	/* Per request. CLASS_INVALID: not looked for; then what was answered.
	 */
	enum answer_class *classes;
	/* Told of each answer, in order; it lives until answer returns. */
	void (*answer)(void *ctx, const struct answer *x);
	void *ctx;
	struct bank_filter *filter;
	/* Results, in the arena given: */
	struct text *customers; /* whose answer it is, or empty */
	char as_of[11]; /* 回答基準日: of the import, never the clock */
	int64_t import;
};

/* Finds each person and makes the answers. ERR_BUSY "bank.no_import": no
 * customers have been imported yet. */
CHECKED enum err_class bank_lookup(
    struct store_tx *tx, struct arena *a, struct bank_lookup *l, struct err *e);

/* --- import (bank_import.c) --- */

struct bank_import {
	const char *dir;
	const char *as_of; /* YYYY-MM-DD */
	int max_error_percent;
	struct refusals *refusals;
	void (*progress)(void *ctx, int64_t rows);
	void *ctx;
	/* Results: */
	int64_t accepted;
	int64_t refused;
	int64_t index_bytes; /* keys, as stored */
};

/* Loads DIR/customers.csv, accounts.csv, transactions.csv, others.csv beside
 * what is there, then takes their place in one transaction. Codes
 * customers.* (docs/interface.md §12). */
CHECKED enum err_class bank_import(
    struct party_context *c, struct bank_import *i, struct err *e);

#endif
