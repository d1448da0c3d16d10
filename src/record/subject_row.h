/*
 * subject_row.h — a row of a subjects file parted and judged in one look, a
 * block at a time: as nearly all of them are.
 */
#ifndef SHOKAI_RECORD_SUBJECT_ROW_H
#define SHOKAI_RECORD_SUBJECT_ROW_H

#include "base/bytes.h"

#define SUBJECT_ROW_FIELDS 64
/* Bytes that can be read behind those at hand. */
#define SUBJECT_ROW_BEHIND 64

/* What a machine has where a row has been scanned: for who goes on with it. */
#if defined(__x86_64__)
#define SUBJECT_ROW_MACHINE __attribute__((target("avx2,bmi,bmi2,popcnt")))
#else
#define SUBJECT_ROW_MACHINE
#endif

/* What is usual of each field: at least least bytes, at most more than that. */
struct subject_row_usual {
	uint32_t least[SUBJECT_ROW_FIELDS];
	uint32_t more[SUBJECT_ROW_FIELDS];
};

/* Field k stands from end[k] + 1 to end[k + 1], from the row's first byte. */
struct subject_row {
	size_t n;     /* bytes of the row */
	size_t taken; /* with its newline */
	size_t fields;
	uint64_t full;	/* a bit for each field that is not empty */
	uint64_t usual; /* … whose bytes are as many as they usually are */
	uint32_t end[1 + SUBJECT_ROW_FIELDS + 64];
};

/*
 * The row that begins at_hand, without quotes: plain text (subject_text.h), at
 * hand with its newline, at most max bytes before that, at most
 * SUBJECT_ROW_FIELDS fields. False says nothing of it; where the machine has
 * no blocks, always.
 */
bool subject_row_scan(struct bytes at_hand, size_t max,
    const struct subject_row_usual *u, struct subject_row *row);

#endif
