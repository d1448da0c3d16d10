/*
 * compare.h — what two versions of a layout make of the same subjects: whose
 * records change, and how, when an institution revises its form.
 */
#ifndef SHOKAI_PARTIES_COMPARE_H
#define SHOKAI_PARTIES_COMPARE_H

#include "base/csv.h"
#include "codes/codes.h"
#include "layout/layout_diff.h"

struct compare {
	struct layout *before;
	struct layout *after;
	/* The wave both are asked in; NULL: a basis that after accepts, the
	 * day it takes effect, the year before it. */
	const char *basis;
	const char *base_date; /* YYYY-MM-DD */
	const char *period;    /* D/D */
	csv_read_fn *read;     /* subjects.csv, UTF-8; NULL: the form alone */
	void *from;	       /* of read */
	const char *name;      /* of the file, for refusals */
	/* Each difference; atena is empty where the form as such differs. */
	void (*tell)(
	    void *ctx, struct text atena, const struct layout_difference *d);
	void (*refuse)(void *ctx, const struct err *why); /* a bad row */
	void *ctx;
	int64_t subjects; /* told: compared */
};

/* ERR_INPUT "wave.scope" for a base date that is none, and what a subjects
 * file is refused whole for. Texts of the wave live in a. */
CHECKED enum err_class compare_layouts(struct compare *x,
    const struct codes *codes, struct arena *a, struct err *e);

#endif
