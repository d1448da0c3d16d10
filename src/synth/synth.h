/*
 * synth.h — a ward and its banks out of nothing: docs/interface.md §10. The
 * same seed gives the same bytes, everywhere. The people are nobody's.
 */
#ifndef SHOKAI_SYNTH_SYNTH_H
#define SHOKAI_SYNTH_SYNTH_H

#include "synth/synth_account.h"
#include "synth/synth_bank.h"

struct synth_options {
	const char *out; /* the folder */
	uint64_t seed;
	uint32_t subjects;     /* 1 … SYNTH_ENTITIES_MAX */
	uint32_t institutions; /* 0 … SYNTH_INSTITUTIONS_MAX */
	uint32_t customers;    /* of each institution, at least; raised where
				  others_per_customer needs more */
	struct synth_rates rates;
	bool force; /* write into a folder that is not empty */
	void (*progress)(void *ctx, const char *what, long done, long total);
	void *ctx;
};

struct synth_summary {
	uint32_t rows; /* of subjects.csv */
	struct synth_counts counts;
	uint32_t cases[SYNTH_CASE_COUNT]; /* subjects who have it */
	uint32_t shown[SYNTH_CASE_COUNT]; /* subjects with it in truth.csv */
	uint32_t any;
	uint32_t any_shown;
};

/*
 * Writes the folder. ERR_INPUT "synth.not_empty": out has something in it and
 * force is not set; nothing was changed. Each file is whole or not there;
 * rates.json is written last. With force, banks of an earlier run that this
 * one has not are removed.
 */
CHECKED enum err_class synth_run(
    const struct synth_options *o, struct synth_summary *out, struct err *e);

/* rates.json, also what the command prints; decimals without floating point.
 * Appended. */
void synth_report_put(const struct synth_options *o,
    const struct synth_summary *s, struct buf *out);

#endif
