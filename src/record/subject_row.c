/* subject_row.c — see subject_row.h. */
#include "record/subject_row.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BLOCK 64
_Static_assert(SUBJECT_ROW_BEHIND >= BLOCK, "a block is read as a whole");

#define WITH_VECTORS SUBJECT_ROW_MACHINE

/*
 * What is wrong with a byte and the one before it, a bit each. A table has
 * the bits that a half of the byte allows to be wrong; those that all of its
 * tables have are.
 */
enum {
	NONE = 1,	    /* the byte stands in no plain character */
	DELETE = 2,	    /* 7F */
	LEAD = 4,	    /* E0–E2, EA–EE */
	BEHIND_E3 = 8,	    /* not 80–83: the second is 90–BF … */
	BEHIND_E3_LOW = 16, /* … or 84–8F */
	BEHIND_EF = 32,	    /* not BC, BD: the second is 80–AF … */
	BEHIND_EF_LOW = 64, /* … or another B0–BF */
};
#define BOTH_OF(                                                               \
    h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, ha, hb, hc, hd, he, hf)            \
	_mm256_setr_epi8(h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, ha, hb, hc,   \
	    hd, he, hf, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, ha, hb, hc,    \
	    hd, he, hf)

static WITH_VECTORS inline __m256i all(int byte)
{
	return _mm256_set1_epi8((char)byte);
}

static WITH_VECTORS inline __m256i is(__m256i b, int byte)
{
	return _mm256_cmpeq_epi8(b, all(byte));
}

static WITH_VECTORS inline __m256i low(__m256i b)
{
	return _mm256_and_si256(b, all(0x0F));
}

static WITH_VECTORS inline __m256i high(__m256i b)
{
	return low(_mm256_srli_epi16(b, 4));
}

static WITH_VECTORS inline __m256i and4(
    __m256i a, __m256i b, __m256i c, __m256i d)
{
	return _mm256_and_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, d));
}

/* The bits of the enum above, of each byte of b and that of q before it. */
static WITH_VECTORS inline __m256i wrong(__m256i b, __m256i q)
{
	const int e3 = BEHIND_E3 | BEHIND_E3_LOW;
	const int ef = BEHIND_EF | BEHIND_EF_LOW;
	const int any = BEHIND_E3 | BEHIND_EF | NONE;
	const int low4 = any | BEHIND_EF_LOW;
	const int more = low4 | BEHIND_E3_LOW;
	const __m256i b_high = BOTH_OF(NONE, NONE, 0, 0, 0, 0, 0, DELETE,
	    BEHIND_E3_LOW | BEHIND_EF, BEHIND_E3 | BEHIND_EF,
	    BEHIND_E3 | BEHIND_EF, BEHIND_E3 | BEHIND_EF_LOW, NONE, NONE, LEAD,
	    NONE);
	const __m256i b_low = BOTH_OF(low4 | LEAD, low4 | LEAD, low4 | LEAD,
	    low4, more, more, more, more, more, more, more | LEAD, more | LEAD,
	    (more | LEAD) & ~BEHIND_EF_LOW, (more | LEAD) & ~BEHIND_EF_LOW,
	    more | LEAD, more | DELETE);
	const int of_b = NONE | DELETE | LEAD;
	const __m256i q_high = BOTH_OF(of_b, of_b, of_b, of_b, of_b, of_b, of_b,
	    of_b, of_b, of_b, of_b, of_b, of_b, of_b, of_b | e3 | ef, of_b);
	const __m256i q_low = BOTH_OF(of_b, of_b, of_b, of_b | e3, of_b, of_b,
	    of_b, of_b, of_b, of_b, of_b, of_b, of_b, of_b, of_b, of_b | ef);

	return and4(_mm256_shuffle_epi8(b_high, high(b)),
	    _mm256_shuffle_epi8(b_low, low(b)),
	    _mm256_shuffle_epi8(q_high, high(q)),
	    _mm256_shuffle_epi8(q_low, low(q)));
}

/* The high bit where b, by q and r before it, should go on a character and
 * does not, or the other way round. */
static WITH_VECTORS inline __m256i out_of_place(__m256i b, __m256i q, __m256i r)
{
	const int lead = 0xE0 - 0x80; /* less that, leads have the high bit */
	__m256i wanted = _mm256_or_si256(
	    _mm256_subs_epu8(q, all(lead)), _mm256_subs_epu8(r, all(lead)));
	__m256i behind = _mm256_cmpgt_epi8(all(0xC0), b); /* 80–BF */

	return _mm256_and_si256(_mm256_xor_si256(wanted, behind), all(0x80));
}

/* Where b ends one of U+302A–303F (E3 80 AA–BF) or of the marks U+3099 and
 * 309A (E3 82 99 and 9A). */
static WITH_VECTORS inline __m256i is_mark(__m256i b, __m256i q, __m256i r)
{
	/* By the low half of the byte before: there are 80–83. */
	const __m256i first = BOTH_OF(
	    (char)0xAA, 0, (char)0x99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	const __m256i more = BOTH_OF(
	    0xBF - 0xAA, 0, 0x9A - 0x99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	__m256i at = _mm256_sub_epi8(b, _mm256_shuffle_epi8(first, low(q)));
	__m256i in = _mm256_cmpeq_epi8(
	    _mm256_min_epu8(at, _mm256_shuffle_epi8(more, low(q))), at);

	return _mm256_and_si256(in, is(r, 0xE3));
}

/* Not zero where a byte b is not plain, by the one before each, q, and the
 * one before that, r: as subject_text_plain. */
static WITH_VECTORS inline __m256i not_plain(__m256i b, __m256i q, __m256i r)
{
	return _mm256_or_si256(_mm256_or_si256(wrong(b, q), is_mark(b, q, r)),
	    out_of_place(b, q, r));
}

/* The BLOCK bytes at p, and those before: of the first, blanks. */
struct block {
	__m256i low;
	__m256i high;
};

static WITH_VECTORS inline uint64_t bits(__m256i low, __m256i high)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 |
	       (uint32_t)_mm256_movemask_epi8(low);
}

static WITH_VECTORS inline uint64_t places(struct block b, int byte)
{
	return bits(is(b.low, byte), is(b.high, byte));
}

/* A comma, a newline, CR, a quote: those of which there is one that has the
 * low half of the byte are looked up by it. */
static WITH_VECTORS inline __m256i is_frame(__m256i b)
{
	const __m256i frame =
	    BOTH_OF(1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, ',', '\r', 0, 0);

	return _mm256_cmpeq_epi8(_mm256_shuffle_epi8(frame, b), b);
}

/* What is not plain of a block; before: the 32 bytes before. */
static WITH_VECTORS inline struct block not_plain_of(
    struct block b, __m256i before)
{
	__m256i low = _mm256_permute2x128_si256(before, b.low, 0x21);
	__m256i high = _mm256_permute2x128_si256(b.low, b.high, 0x21);

	return (struct block){
	    not_plain(b.low, _mm256_alignr_epi8(b.low, low, 15),
		_mm256_alignr_epi8(b.low, low, 14)),
	    not_plain(b.high, _mm256_alignr_epi8(b.high, high, 15),
		_mm256_alignr_epi8(b.high, high, 14))};
}

static WITH_VECTORS inline bool is_zero(struct block b)
{
	__m256i any = _mm256_or_si256(b.low, b.high);

	return _mm256_testz_si256(any, any) != 0;
}

/* Where the lowest four bits of at stand, behind base; returns the others. */
static WITH_VECTORS inline uint64_t put_four(
    uint32_t *end, uint32_t base, uint64_t at)
{
	end[0] = base + (uint32_t)_tzcnt_u64(at);
	at = _blsr_u64(at);
	end[1] = base + (uint32_t)_tzcnt_u64(at);
	at = _blsr_u64(at);
	end[2] = base + (uint32_t)_tzcnt_u64(at);
	at = _blsr_u64(at);
	end[3] = base + (uint32_t)_tzcnt_u64(at);
	return _blsr_u64(at);
}

/* Where the bits of at stand, behind base, from end on; more than are needed
 * are written, so that it seldom matters how many there are. Returns behind the
 * last. */
static WITH_VECTORS inline uint32_t *put_ends(
    uint32_t *end, uint32_t base, uint64_t at)
{
	uint32_t *behind = end + _mm_popcnt_u64(at);

	do {
		at = put_four(end, base, at);
		at = put_four(end + 4, base, at);
		end += 8;
	} while (end < behind);
	return behind;
}

/* The row ends at p[n], which is a newline or CR: is its newline at hand, and
 * its last character whole? */
static bool ends_at(
    struct bytes at_hand, size_t n, size_t max, struct subject_row *row)
{
	const unsigned char *p = at_hand.p;
	size_t newline = n + (p[n] == '\r');

	if (newline >= at_hand.n || p[newline] != '\n' || newline > max ||
	    n < 2 || p[n - 1] >= 0xE0 || p[n - 2] >= 0xE0)
		return false;
	row->n = n;
	row->taken = newline + 1;
	return true;
}

static WITH_VECTORS inline __m256i eight(const uint32_t *p)
{
	return _mm256_loadu_si256((const void *)p);
}

static WITH_VECTORS inline uint64_t bits_of_eight(__m256i v)
{
	return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(v));
}

/* Which fields are full, and which usual. */
static WITH_VECTORS void measure(
    const struct subject_row_usual *u, struct subject_row *row)
{
	const __m256i none = _mm256_setzero_si256();
	const __m256i one = _mm256_set1_epi32(1);
	uint64_t empty = ~(UINT64_MAX >> (64 - row->fields));
	uint64_t usual = 0;

	for (size_t k = 0; k < row->fields; k += 8) {
		__m256i n = _mm256_sub_epi32(
		    _mm256_sub_epi32(eight(row->end + k + 1), one),
		    eight(row->end + k));
		__m256i above = _mm256_sub_epi32(n, eight(u->least + k));

		empty |= bits_of_eight(_mm256_cmpeq_epi32(n, none)) << k;
		usual |= bits_of_eight(_mm256_cmpeq_epi32(above,
			     _mm256_min_epu32(above, eight(u->more + k))))
			 << k;
	}
	row->full = ~empty;
	row->usual = ~empty & usual;
}

/* The block at hand holds what ends the row: a bit for that. */
static WITH_VECTORS bool ends_in(struct block not_plain, uint64_t stop)
{
	const __m256i none = _mm256_setzero_si256();
	uint64_t plain = bits(_mm256_cmpeq_epi8(not_plain.low, none),
	    _mm256_cmpeq_epi8(not_plain.high, none));

	return (~plain & (stop - 1)) == 0;
}

static WITH_VECTORS bool scan(struct bytes at_hand, size_t max,
    const struct subject_row_usual *u, struct subject_row *row)
{
	__m256i before = all(' ');
	uint32_t *end = row->end;

	*end++ = UINT32_MAX; /* the delimiter before the first field */
	for (size_t i = 0; i < at_hand.n && i <= max; i += BLOCK) {
		const unsigned char *p = at_hand.p + i;
		struct block b = {_mm256_loadu_si256((const void *)p),
		    _mm256_loadu_si256((const void *)(p + 32))};
		struct block bad = not_plain_of(b, before);
		uint64_t commas = places(b, ',');
		uint64_t stops = bits(is_frame(b.low), is_frame(b.high));
		uint64_t stop;

		stops &= ~commas;
		stop = stops & -stops;
		if (stop == 0 ? !is_zero(bad) : !ends_in(bad, stop))
			return false;
		end = put_ends(end, (uint32_t)i, commas & (stop - 1));
		if (end - row->end > SUBJECT_ROW_FIELDS)
			return false;
		before = b.high;
		if (stop == 0)
			continue;
		i += (size_t)_tzcnt_u64(stop);
		if (!ends_at(at_hand, i, max, row))
			return false;
		*end++ = (uint32_t)i;
		row->fields = (size_t)(end - row->end) - 1;
		measure(u, row);
		return true;
	}
	return false;
}

bool subject_row_scan(struct bytes at_hand, size_t max,
    const struct subject_row_usual *u, struct subject_row *row)
{
	/* With bmi2 there are bmi and popcnt too. */
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi2") && scan(at_hand, max, u, row);
}
#else
bool subject_row_scan(struct bytes at_hand, size_t max,
    const struct subject_row_usual *u, struct subject_row *row)
{
	(void)at_hand;
	(void)max;
	(void)u;
	(void)row;
	return false;
}
#endif
