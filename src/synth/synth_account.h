/*
 * synth_account.h — a bank's accounts, their transactions of the last year,
 * and other dealings: rows of accounts.csv, transactions.csv and others.csv.
 */
#ifndef SHOKAI_SYNTH_SYNTH_ACCOUNT_H
#define SHOKAI_SYNTH_SYNTH_ACCOUNT_H

#include "base/bytes.h"
#include "base/date.h"
#include "synth/synth_rates.h"

#define SYNTH_ACCOUNTS_MAX 4

/*
 * Every customer of a bank has a number that no other has, from what it is:
 * the subject, somebody who is not but resembles it, a joint holder, anybody.
 */
enum synth_role { SYNTH_SELF, SYNTH_RELATION, SYNTH_HOLDER, SYNTH_ANYBODY };

#define SYNTH_ENTITIES_MAX 10000000 /* of one role */

static inline uint32_t synth_account_entity(
    enum synth_role role, uint32_t index)
{
	return index * 4 + (uint32_t)role;
}

/* Which bank's files, and which customer. */
struct synth_at {
	uint64_t seed;
	uint32_t k; /* institution, from 1 */
	uint32_t entity;
};

/* 顧客番号, 10 digits and NUL. */
void synth_account_customer(const struct synth_at *at, char out[11]);

struct synth_account {
	char branch[4];
	char kind[2];
	char number[8];
};

/*
 * Account n (below SYNTH_ACCOUNTS_MAX) of that customer; no two accounts of a
 * bank have the same number and branch. old: at a branch code of before a
 * merger, 800 and above.
 */
void synth_account_make(const struct synth_at *at, uint32_t n, bool corporation,
    bool old, struct synth_account *out);

/* What to write of one account. */
struct synth_account_task {
	const char *bank; /* code */
	const struct synth_account *account;
	const char *customer;
	const char *first_holder; /* NULL: the customer; else of rank 2 */
	char state;
	int64_t since; /* the holder's first day: no account is older */
	bool pensioner;
	bool corporation;
	uint32_t transactions;
};

/* Appends the account's row (two if joint) and its transactions. */
void synth_account_rows(const struct synth_account_task *task,
    struct synth_rng *r, struct buf *accounts, struct buf *transactions);

/* Appends one to three rows of other dealings; returns how many. */
uint32_t synth_account_others(
    const char *customer, struct synth_rng *r, struct buf *out);

/* How many accounts, and transactions of account n, for the stated means. */
uint32_t synth_account_count(
    const struct synth_rates *rates, struct synth_rng *r);
uint32_t synth_account_transactions(
    const struct synth_rates *rates, uint32_t n, struct synth_rng *r);

#endif
