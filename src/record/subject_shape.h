/*
 * subject_shape.h — fields of a plain row that are certainly good, and
 * canonical as they stand, in one look each: as nearly all are. What the forms
 * of docs/interface.md §8 are in full, subject_reader.c knows.
 */
#ifndef SHOKAI_RECORD_SUBJECT_SHAPE_H
#define SHOKAI_RECORD_SUBJECT_SHAPE_H

#include "codes/codes.h"
#include "record/subject.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Bytes that are looked at, and must be readable where a field begins. */
#define SUBJECT_SHAPE_BYTES 16

/* least bytes, and at most more than that; each of the first ones is at least
 * from, and at most span more than that. */
struct subject_shape {
	unsigned char from[SUBJECT_SHAPE_BYTES];
	unsigned char span[SUBJECT_SHAPE_BYTES];
	uint32_t least; /* UINT32_MAX: nothing is certain */
	uint32_t more;
	size_t column; /* enum subject_column */
	bool day;      /* YYYY-MM-DD with digits, of a month below 20 */
	bool any;      /* no byte of it is bad */
};

struct subject_shape subject_shape_of(
    enum subject_column c, const struct codes *codes);

/* A bit for each byte at p that is as it should. */
static inline unsigned subject_shape_within(
    const struct subject_shape *s, const char *p)
{
#if defined(__SSE2__)
	__m128i above = _mm_sub_epi8(_mm_loadu_si128((const void *)p),
	    _mm_loadu_si128((const void *)s->from));
	__m128i span = _mm_loadu_si128((const void *)s->span);

	return (unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_min_epu8(above, span), above));
#else
	unsigned found = 0;

	for (int i = 0; i < SUBJECT_SHAPE_BYTES; i++)
		found |=
		    (unsigned)((unsigned char)(p[i] - s->from[i]) <= s->span[i])
		    << i;
	return found;
#endif
}

static inline unsigned subject_shape_two(const char *p)
{
	return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
}

/* Of 1900 to 2099, on a day that its month has in each year. */
static inline bool subject_shape_is_day(const char *p)
{
	static const unsigned char days[20] = {
	    [1] = 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return subject_shape_two(p) - 19 < 2 &&
	       subject_shape_two(p + 8) - 1 < days[subject_shape_two(p + 5)];
}

/* Is a field of plain text, of as many bytes as the shape has, certainly good?
 * False says nothing. */
static inline bool subject_shape_fits(
    const struct subject_shape *s, const char *p, size_t n)
{
	const unsigned all = (1u << SUBJECT_SHAPE_BYTES) - 1;
	unsigned bad = subject_shape_within(s, p) ^ all;

	/* Of a text, which may be longer than that, no byte is bad. */
	return (bad & ((1u << n % 32) - 1)) == 0 &&
	       (!s->day || subject_shape_is_day(p));
}

/* Is it a municipality's code where such is asked for? The shape is that code
 * from then on: it mostly comes once more. */
bool subject_shape_municipality(struct subject_shape *s, struct text t);

#endif
