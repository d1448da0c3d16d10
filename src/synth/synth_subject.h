/*
 * synth_subject.h — the ward's subjects: who they are, and the rows of
 * subjects.csv (docs/interface.md §8).
 */
#ifndef SHOKAI_SYNTH_SYNTH_SUBJECT_H
#define SHOKAI_SYNTH_SYNTH_SUBJECT_H

#include "base/date.h"
#include "synth/synth_name.h"

/* All dates are relative to this day, never to the clock. */
#define SYNTH_TODAY ((struct date){2026, 10, 1})

struct synth_subject {
	uint32_t index;
	uint32_t cases; /* planted, and what the record itself shows */
	uint32_t planted;
	struct synth_name name;
	struct synth_name former; /* if has_former */
	struct synth_name alias;  /* 通称, if has_alias */
	struct synth_address address;
	struct synth_address former_address; /* if has_moved */
	bool has_former; /* has had another name; told the ward: */
	bool former_known;
	bool has_alias;
	bool has_moved;
	bool moved_known;
	struct date birth;  /* the true one */
	bool month_unknown; /* of the ward's date, if UNKNOWN_DAY */
	int sex;	    /* 1, 2; corporations 9 */
	bool dead_at_ward;
	bool dead_at_bank;
	struct date died; /* if dead_at_ward */
};

/* Subject i of that seed; its texts in a or in the tables. */
void synth_subject_make(const struct synth_tables *t,
    const struct synth_rates *rates, uint64_t seed, uint32_t i, struct arena *a,
    struct synth_subject *out);

/* 宛名番号, 10 digits and NUL. */
void synth_subject_number(uint64_t seed, uint32_t i, char out[11]);

/* An account that the ward knows from before. */
struct synth_known {
	char bank[5];
	char branch[4];
	char kind;
	char account[8];
	char customer[11];
};

/* The 科目 of n subjects' first claims, from ordinal first, a multiple of
 * SYNTH_BLOCK, on: 30, 3 and 58 of a block (15,000, 1,500 and 29,000 of
 * 45,500). A corporation has no 国民健康保険料. */
#define SYNTH_BLOCK 91
void synth_subject_claims(uint64_t seed, uint32_t first,
    const bool corporation[], uint32_t n, char out[SYNTH_BLOCK]);

/* The header; one subject's rows, two if TWO_CLAIMS. known may be NULL. */
void synth_subject_header(struct buf *out);
void synth_subject_rows(uint64_t seed, const struct synth_subject *s,
    char claim, const struct synth_known *known, struct buf *out);

/* An address in the ward, or anywhere. */
void synth_subject_address(const struct synth_tables *t, bool ward,
    struct synth_rng *r, struct synth_address *out);

/* A day years_min to years_max years before SYNTH_TODAY. */
struct date synth_subject_day(
    struct synth_rng *r, int years_min, int years_max);

/* 18 to 95 years before SYNTH_TODAY, the middle ages oftener. */
struct date synth_subject_birth(struct synth_rng *r, enum synth_kind kind);

#endif
