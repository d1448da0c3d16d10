/* subject_row.c — see subject_row.h. */
#include "record/subject_row.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BLOCK 64
_Static_assert(SUBJECT_ROW_BEHIND >= BLOCK, "a block is read as a whole");

#define WITH_VECTORS __attribute__((target("avx2,bmi,popcnt")))

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

/* At least that, as unsigned bytes. */
static WITH_VECTORS inline __m256i from(__m256i b, int least)
{
	return _mm256_cmpeq_epi8(_mm256_max_epu8(b, all(least)), b);
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

/* Not zero where a byte b is not plain, by the one before each, q, and the
 * one before that, r: as subject_text_plain. */
static WITH_VECTORS inline __m256i not_plain(__m256i b, __m256i q, __m256i r)
{
	/* Two bytes behind a lead, and no others, are 80–BF. */
	__m256i behind = _mm256_cmpgt_epi8(all(0xC0), b);
	__m256i wanted = _mm256_or_si256(from(q, 0xE0), from(r, 0xE0));
	/* U+302A–303F, and the marks U+3099 and 309A. */
	__m256i third =
	    _mm256_or_si256(_mm256_and_si256(is(q, 0x80), from(b, 0xAA)),
		_mm256_and_si256(
		    is(q, 0x82), _mm256_or_si256(is(b, 0x99), is(b, 0x9A))));

	return _mm256_or_si256(
	    _mm256_or_si256(wrong(b, q), _mm256_xor_si256(behind, wanted)),
	    _mm256_and_si256(is(r, 0xE3), third));
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

/* What ends a plain row: a newline, CR, a quote. */
static WITH_VECTORS inline __m256i stop(__m256i b)
{
	return _mm256_or_si256(
	    _mm256_or_si256(is(b, '\n'), is(b, '\r')), is(b, '"'));
}

/* A bit for each byte of b that is not plain; before: the 32 bytes before. */
static WITH_VECTORS inline uint64_t not_plain_at(struct block b, __m256i before)
{
	const __m256i none = _mm256_setzero_si256();
	__m256i low = _mm256_permute2x128_si256(before, b.low, 0x21);
	__m256i high = _mm256_permute2x128_si256(b.low, b.high, 0x21);

	low = not_plain(b.low, _mm256_alignr_epi8(b.low, low, 15),
	    _mm256_alignr_epi8(b.low, low, 14));
	high = not_plain(b.high, _mm256_alignr_epi8(b.high, high, 15),
	    _mm256_alignr_epi8(b.high, high, 14));
	return ~bits(
	    _mm256_cmpeq_epi8(low, none), _mm256_cmpeq_epi8(high, none));
}

/* Where the bits of at stand, behind base, from end on; more than are needed
 * may be written. Returns behind the last. */
static WITH_VECTORS inline uint32_t *put_ends(
    uint32_t *end, uint32_t base, uint64_t at)
{
	uint32_t *behind = end + _mm_popcnt_u64(at);

	for (; end < behind; end += 8)
		for (int i = 0; i < 8; i++) {
			end[i] = base + (uint32_t)_tzcnt_u64(at);
			at = _blsr_u64(at);
		}
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

/* Bits of the fields that are not empty. */
static WITH_VECTORS uint64_t full(const struct subject_row *row)
{
	uint64_t found = 0;

	for (size_t k = 0; k < row->fields; k += 8) {
		__m256i from = _mm256_loadu_si256((const void *)(row->end + k));
		__m256i to =
		    _mm256_loadu_si256((const void *)(row->end + k + 1));
		__m256i one = _mm256_cmpeq_epi32(
		    _mm256_sub_epi32(to, from), _mm256_set1_epi32(1));
		unsigned empty =
		    (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(one));

		found |= (uint64_t)(~empty & 0xFF) << k;
	}
	return found & (row->fields < 64 ? (UINT64_C(1) << row->fields) - 1
					 : UINT64_MAX);
}

static WITH_VECTORS bool scan(
    struct bytes at_hand, size_t max, struct subject_row *row)
{
	__m256i before = all(' ');
	uint32_t *end = row->end;

	*end++ = UINT32_MAX; /* the delimiter before the first field */
	for (size_t i = 0; i < at_hand.n && i <= max; i += BLOCK) {
		const unsigned char *p = at_hand.p + i;
		struct block b = {_mm256_loadu_si256((const void *)p),
		    _mm256_loadu_si256((const void *)(p + 32))};
		uint64_t stops = bits(stop(b.low), stop(b.high));
		uint64_t of_row = stops ? (stops & -stops) - 1 : UINT64_MAX;

		if ((not_plain_at(b, before) & of_row) != 0)
			return false;
		end = put_ends(end, (uint32_t)i, places(b, ',') & of_row);
		if (end - row->end > SUBJECT_ROW_FIELDS)
			return false;
		before = b.high;
		if (stops == 0)
			continue;
		i += (size_t)_tzcnt_u64(stops);
		if (!ends_at(at_hand, i, max, row))
			return false;
		*end++ = (uint32_t)i;
		row->fields = (size_t)(end - row->end) - 1;
		row->full = full(row);
		return true;
	}
	return false;
}

bool subject_row_scan(struct bytes at_hand, size_t max, struct subject_row *row)
{
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi") && scan(at_hand, max, row);
}
#else
bool subject_row_scan(struct bytes at_hand, size_t max, struct subject_row *row)
{
	(void)at_hand;
	(void)max;
	(void)row;
	return false;
}
#endif
