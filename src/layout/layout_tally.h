/*
 * layout_tally.h — changes that a list of rules tells, counted: a byte for
 * each pair of rule and loss, eight of them together in one number, so that
 * what the parts of a value tell is added up as numbers are.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_TALLY_H
#define SHOKAI_LAYOUT_LAYOUT_TALLY_H

#include "layout/layout_internal.h"

#define LAYOUT_TALLY_PAIRS 8

struct layout_tally {
	const struct rules *rules;
	struct {
		unsigned char rule; /* its place in the list */
		unsigned char loss;
	} pair[LAYOUT_TALLY_PAIRS];
	size_t pairs;
	/* 0xFF in the bytes of such pairs. */
	uint64_t once; /* several parts tell it as one */
	uint64_t informational;
	uint64_t material;
	/* What is told later (layout_report.later). */
	uint64_t begun; /* pairs of which something has been told */
	uint64_t even;	/* of records: bytes 0, 2, … in 16 bits each */
	uint64_t odd;
	unsigned records; /* in these two */
	size_t n[LAYOUT_TALLY_PAIRS];
};

struct layout_tally *layout_tally_new(
    struct arena *a, const struct rules *rules);

/* What one application of the list tells: the ctx of layout_tally_note, which
 * is a rules_report's note. */
struct layout_tally_making {
	struct layout_tally *t; /* NULL: nothing is counted */
	unsigned char n[LAYOUT_TALLY_PAIRS];
	bool bad; /* more than there is room for */
};
void layout_tally_note(void *ctx, const struct rules_change *change);

uint64_t layout_tally_packed(const unsigned char n[LAYOUT_TALLY_PAIRS]);

static inline enum rules_loss layout_tally_worst(
    const struct layout_tally *t, uint64_t told)
{
	if ((told & t->material) != 0)
		return RULES_MATERIAL;
	return (told & t->informational) != 0 ? RULES_INFORMATIONAL
					      : RULES_UNCHANGED;
}

#define LAYOUT_TALLY_RECORDS 256 /* of at most 255 each, in 16 bits */

/* Tells it at once; adds up what even and odd hold. */
void layout_tally_now(
    struct layout_tally *t, uint64_t told, struct layout_report *report);
void layout_tally_spread(struct layout_tally *t);

/* Tells what one value of the item slot told. */
static inline void layout_tally_tell(struct layout_tally *t, uint64_t told,
    int slot, struct layout_report *report)
{
	const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);

	if (told == 0)
		return;
	if ((told & t->material) != 0)
		report->material |= UINT32_C(1) << slot;
	else if ((told & t->informational) != 0)
		report->informational |= UINT32_C(1) << slot;
	if (!report->later || (told & ~t->begun) != 0) {
		layout_tally_now(t, told, report);
		return;
	}
	t->even += told & even;
	t->odd += told >> 8 & even;
	if (++t->records == LAYOUT_TALLY_RECORDS)
		layout_tally_spread(t);
}

/* Tells what was kept for later. */
void layout_tally_end(struct layout_tally *t, struct layout_report *report);

#endif
