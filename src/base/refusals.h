/*
 * refusals.h — the refusals of one run: JSON lines of docs/interface.md §1,
 * at most 1,000 of them, then how many more.
 */
#ifndef SHOKAI_BASE_REFUSALS_H
#define SHOKAI_BASE_REFUSALS_H

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>

#define REFUSALS_MAX 1000

struct refusals {
	FILE *out;     /* NULL: count only */
	int64_t count; /* all that were added */
};

/* Writes e unless REFUSALS_MAX lines have been written. */
void refusals_add(struct refusals *r, const struct err *e);

/* Writes the line "more" if there were more. */
void refusals_end(struct refusals *r);

/* One refusal as one JSON line; bytes in it that are no UTF-8 become '?', a
 * part of a character at the end is left out. */
void refusals_print(FILE *out, const struct err *e);

#endif
