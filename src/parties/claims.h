/*
 * claims.h — the rows of one subject, one for each claim (債権), gathered into
 * what an institution is asked.
 */
#ifndef SHOKAI_PARTIES_CLAIMS_H
#define SHOKAI_PARTIES_CLAIMS_H

#include "base/bytes.h"
#include "record/subject.h"

/* {0} is empty. Texts live as long as those of the rows; basis is the
 * caller's to end (buf_fini). */
struct claims {
	struct subject subject; /* the first row, with the known account */
	struct buf basis;	/* codes, joined by '|' */
	size_t n;
};

/* Adds a row with its basis; the account of a row is the subject's known one
 * if it is at that institution (INTERFACE §8). */
void claims_add(struct claims *g, const struct subject *row, struct text basis,
    const char *institution);

#endif
