/*
 * synth_bank.h — one bank's customers, accounts, transactions and other
 * dealings (docs/interface.md §10), and its part of truth.csv.
 */
#ifndef SHOKAI_SYNTH_SYNTH_BANK_H
#define SHOKAI_SYNTH_SYNTH_BANK_H

#include "base/file.h"
#include "synth/synth_subject.h"

/* What all banks of a run share. */
struct synth_world {
	const struct synth_tables *tables;
	const struct synth_rates *rates;
	uint64_t seed;
	uint32_t subjects;
	uint32_t customers;    /* at least, of each bank */
	const uint32_t *cases; /* of each subject: synth_subject.cases */
	uint32_t *shown; /* of each subject: cases that truth.csv has shown */
	bool force;
};

/* Counted while writing, over all banks. */
struct synth_counts {
	uint64_t hits;	       /* subject × institution with an account */
	uint64_t accounts;     /* of subjects */
	uint64_t transactions; /* of subjects' accounts */
	uint64_t with_others;  /* hits with other dealings */
	uint64_t customers;    /* all rows of customers.csv */
};

#define SYNTH_CODE_FIRST 9600
#define SYNTH_INSTITUTIONS_MAX 299 /* 9900 is a real institution's */

/*
 * Writes the four files of institution k (from 1) into folder, which is
 * there, and appends its rows to truth. Adds to counts and world->shown.
 */
CHECKED enum err_class synth_bank_write(const struct synth_world *w, uint32_t k,
    const char *folder, struct file *truth, struct synth_counts *counts,
    struct err *e);

/* Is subject i, of those cases, a customer of institution k? */
bool synth_bank_hit(const struct synth_world *w, uint32_t k, uint32_t i);

/* The account that the ward knows: of one in thirty customers of the first
 * institution. False if it knows none. */
bool synth_bank_known(const struct synth_world *w,
    const struct synth_subject *s, struct synth_known *out);

#endif
