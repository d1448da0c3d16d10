/*
 * ward_count.h — E5: what became of every inquiry of a wave.
 */
#ifndef SHOKAI_PARTIES_WARD_COUNT_H
#define SHOKAI_PARTIES_WARD_COUNT_H

#include "parties/ward_wave.h"
#include "record/answer.h"

/*
 * sent = answered + rejected + cancelled + expired + pending
 * selected = excluded + reused + held + paper + awaiting +
 *            cancelled_before + sent
 */
struct ward_tally {
	int64_t selected;
	int64_t excluded;
	int64_t reused;
	int64_t held;
	int64_t paper;
	int64_t awaiting; /* approval, sending or conversion */
	int64_t cancelled_before;
	int64_t sent;
	int64_t answered;
	int64_t rejected;
	int64_t cancelled;
	int64_t expired;
	int64_t pending;
	int64_t open; /* of answered: to be completed or ended */
	int64_t late;
	int64_t overdue; /* sent, unanswered, past the deadline */
	int64_t by_class[CLASS_COUNT];
};

struct ward_counted_file {
	char *file;
	size_t institution; /* index */
	int64_t first;
	int64_t last;
	int64_t records;
	char *state;
	char *message;
	struct ward_tally tally; /* from sent on */
	int64_t outcomes;
	bool listed;
};

/* Inquiries that are in no file, by what their exception says. */
struct ward_reason {
	char *kind;
	char *reason;
	int64_t inquiries;
	int64_t subjects;    /* different ones; as kept: at least so many,
				the most at one institution */
	unsigned char *seen; /* a bit for each ordinal */
};

struct ward_counts {
	struct ward_wave w;
	struct ward_institution *institutions;
	struct ward_tally *by; /* one for each */
	size_t n;
	struct ward_counted_file *files;
	size_t file_count;
	struct ward_reason *reasons; /* in order of kind and reason */
	size_t reason_count;
	struct ward_tally all;
	int64_t stopped;  /* of held: an officer's decision is waited for */
	int64_t too_late; /* to be held or withdrawn when they had left */
	int64_t strays;	  /* outcomes in no file of the wave: must be 0 */
};

/* Recomputed from the rows each time it is asked, never from counters; walks
 * every outcome of the wave. Everything lives in c->arena. */
CHECKED enum err_class ward_count(struct store_tx *tx, struct party_context *c,
    uint32_t wave, struct ward_counts *out, struct err *e);

/* The same from what is kept by file and class, to show a wave at work:
 * costs as much as the wave has files. reconcile tells if it is not right. */
CHECKED enum err_class ward_count_kept(struct store_tx *tx,
    struct party_context *c, uint32_t wave, struct ward_counts *out,
    struct err *e);

/* Do both equations hold, with nothing negative? */
bool ward_count_good(const struct ward_tally *t);

/* Adds the counts of one to another's. */
void ward_count_add(struct ward_tally *to, const struct ward_tally *t);

#endif
