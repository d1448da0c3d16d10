/*
 * ward_except.h — the ward's exceptions: inquiries that are in no file, with
 * the reason. Each change of a row changes the count that is kept of its kind
 * and reason (exception_tally), in the same transaction.
 */
#ifndef SHOKAI_PARTIES_WARD_EXCEPT_H
#define SHOKAI_PARTIES_WARD_EXCEPT_H

#include "parties/ward.h"

struct ward_except {
	int64_t wave;
	const char *institution;
	int64_t ordinal;
	const char *kind;
	const char *reason;
	const char *item;
	int64_t at;
	const char *bad;
};

/* Adds it where there is none yet. */
CHECKED enum err_class ward_except_put(struct store_tx *tx,
    struct party_context *c, const struct ward_except *x, struct err *e);

/* The same of n > 0 of one wave and institution: as a set where they come in
 * the order of their ordinals. */
CHECKED enum err_class ward_except_put_all(struct store_tx *tx,
    struct party_context *c, const struct ward_except *x, size_t n,
    struct err *e);

/* Removes what there is of that inquiry: its first four keys are asked. */
CHECKED enum err_class ward_except_drop(struct store_tx *tx,
    struct party_context *c, const struct ward_except *x, struct err *e);

/* Adds one at every institution of the wave for each ordinal in (from, to]
 * where there is none yet. */
CHECKED enum err_class ward_except_range(struct store_tx *tx,
    struct party_context *c, const struct ward_except *x, int64_t from,
    int64_t to, struct err *e);

/* n more were added at every institution of the wave. */
CHECKED enum err_class ward_except_count(struct store_tx *tx,
    struct party_context *c, const struct ward_except *x, int64_t n,
    struct err *e);

#endif
