/*
 * synth_fixture.h — one small run of synth in a folder of its own, and its
 * files as tables, read by base/csv.h and nothing of src/synth.
 */
#ifndef SHOKAI_TESTS_SYNTH_FIXTURE_H
#define SHOKAI_TESTS_SYNTH_FIXTURE_H

#include "base/digest.h"
#include "synth/synth.h"

#define BANKS 6
#define SUBJECTS 4004 /* 44 blocks of 91 */

struct table {
	const struct text *cell;
	size_t columns;
	size_t rows;   /* without the header */
	size_t *order; /* after table_sort */
};

/* A run into a new folder below the working one. */
struct made {
	char folder[32];
	struct arena arena;
	struct synth_options options;
	struct synth_summary summary;
};

/* subjects, institutions, seed; customers at their least. */
struct made made_new(uint32_t subjects, uint32_t institutions, uint64_t seed);

/* Removes the folder. */
void made_free(struct made *m);

/* "ward/subjects.csv" as a table; its texts in m's arena. */
struct table made_table(struct made *m, const char *name);
struct table made_bank(struct made *m, unsigned k, const char *name);
struct text made_bytes(struct made *m, const char *name);
struct digest made_digest(struct made *m, const char *name);

/* The cell under that heading; the test fails if there is none. */
struct text cell(const struct table *t, size_t row, const char *heading);

/* Makes table_find work on that column. */
void table_sort(struct made *m, struct table *t, const char *heading);

/* The first place in t->order of that value; t->rows: none. */
size_t table_find(
    const struct table *t, const char *heading, struct text value);

/* Is name among the 難点 of that row of truth.csv? */
bool has_case(const struct table *truth, size_t row, const char *name);

#endif
