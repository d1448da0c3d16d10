/* rules_shape.c — see rules_shape.h. */
#include "text/rules_shape.h"

#include "text/utf8.h"

enum sign {
	SIGN_NONE,
	SIGN_DIGIT,
	SIGN_WIDE_DIGIT,
	SIGN_DASH, /* the first that no digit is */
	SIGN_WIDE_DASH,
	SIGN_MINUS,
	SIGN_CHOME,
	SIGN_ME,
	SIGN_BAN,
	SIGN_CHI,
	SIGN_GO,
	SIGN_ROOM,
};
#define SIGN_BITS 4

/* Three bytes of a character as one number. */
#define THREE(a, b, c)                                                         \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)
#define LOW(bytes) ((bytes) >> 16 & 0xF) /* half of the last */

/* X(bytes, sign) of － − 丁 目 番 地 号 室: they differ in that half. */
#define SIGNS(X)                                                               \
	X(THREE(0xEF, 0xBC, 0x8D), SIGN_WIDE_DASH)                             \
	X(THREE(0xE2, 0x88, 0x92), SIGN_MINUS)                                 \
	X(THREE(0xE4, 0xB8, 0x81), SIGN_CHOME)                                 \
	X(THREE(0xE7, 0x9B, 0xAE), SIGN_ME)                                    \
	X(THREE(0xE7, 0x95, 0xAA), SIGN_BAN)                                   \
	X(THREE(0xE5, 0x9C, 0xB0), SIGN_CHI)                                   \
	X(THREE(0xE5, 0x8F, 0xB7), SIGN_GO)                                    \
	X(THREE(0xE5, 0xAE, 0xA4), SIGN_ROOM)

static bool is_wide_digit(const unsigned char *p)
{
	return p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0x90 && p[2] <= 0x99;
}

/* The sign at p, and how many bytes it has. */
static enum sign sign_at(const unsigned char *p, size_t *size)
{
#define BYTES_(bytes, sign) [LOW(bytes)] = (bytes),
#define SIGN_(bytes, sign) [LOW(bytes)] = (sign),
	static const uint32_t bytes[16] = {SIGNS(BYTES_)};
	static const unsigned char signs[16] = {SIGNS(SIGN_)};
	unsigned k;

	*size = 1;
	if (p[0] - (unsigned)'0' < 10)
		return SIGN_DIGIT;
	if (p[0] == '-')
		return SIGN_DASH;
	if (p[0] < 0xE0)
		return SIGN_NONE;
	*size = 3;
	if (is_wide_digit(p))
		return SIGN_WIDE_DIGIT;
	k = p[2] & 0xF;
	return bytes[k] == THREE(p[0], p[1], p[2]) ? (enum sign)signs[k]
						   : SIGN_NONE;
}

/* The ASCII digits at from, at most so many as a shape has signs: all of a
 * postal code. */
static size_t take_digits(struct text in, size_t from, struct rules_shape *s)
{
	const unsigned char *p = (const unsigned char *)in.p + from;
	size_t most = in.n - from;
	unsigned n = 0;

	*s = (struct rules_shape){0};
	if (most > RULES_SHAPE_SIGNS)
		most = RULES_SHAPE_SIGNS;
	for (; n < most && p[n] - (unsigned)'0' < 10; n++) {
		s->signs = s->signs << SIGN_BITS | SIGN_DIGIT;
		s->digits |= (uint64_t)(p[n] & 0xF) << SIGN_BITS * n;
	}
	s->count = n;
	return from + n;
}

size_t rules_shape_take_plain(
    struct text in, size_t from, bool room, struct rules_shape *s)
{
	const unsigned char *p = (const unsigned char *)in.p;
	size_t i = take_digits(in, from, s);
	size_t n = s->count;

	while (i < in.n) {
		size_t size;
		enum sign sign = sign_at(p + i, &size);

		if (sign == SIGN_NONE || (sign == SIGN_ROOM && !room))
			break;
		i += size;
		if (n == RULES_SHAPE_SIGNS) {
			s->signs = 0;
			break;
		}
		s->signs |= (uint64_t)sign << SIGN_BITS * n++;
		if (sign < SIGN_DASH)
			s->digits |= (uint64_t)(p[i - 1] & 0xF)
				     << SIGN_BITS * s->count++;
	}
	return i;
}

size_t rules_shape_digit_plain(struct text in, size_t from)
{
	const unsigned char *p = (const unsigned char *)in.p;

	while (from < in.n && p[from] - (unsigned)'0' >= 10 &&
	       !is_wide_digit(p + from))
		from += utf8_size(p[from]);
	return from;
}

void rules_shape_with(struct text t, uint64_t digits, struct buf *out)
{
	const unsigned char *p = (const unsigned char *)t.p;

	for (size_t i = 0; i < t.n;) {
		size_t size;
		enum sign sign = sign_at(p + i, &size);

		buf_add(out, p + i, size);
		i += size;
		if (sign >= SIGN_DASH)
			continue;
		out->p[out->n - 1] =
		    (unsigned char)((p[i - 1] & 0xF0) | (digits & 0xF));
		digits >>= SIGN_BITS;
	}
}

#if defined(__x86_64__)
#include <immintrin.h>

#define WITH_VECTORS __attribute__((target("avx2,bmi,bmi2,popcnt")))

static bool has_vectors(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

/* 16 bytes of in from at on, zeros behind its end; in has at least as many. */
static WITH_VECTORS inline __m128i sixteen(struct text in, size_t at)
{
	static const signed char along[32] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	    11, 12, 13, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	    -1, -1, -1, -1};
	size_t last = in.n - 16;
	size_t from = at < last ? at : last;
	size_t by = at - from < 16 ? at - from : 16;

	return _mm_shuffle_epi8(_mm_loadu_si128((const void *)(in.p + from)),
	    _mm_loadu_si128((const void *)(along + by)));
}

#define TEN 10 /* characters looked at together */

/* That byte for each of ten, 0 for what is over: a constant of its own. */
static WITH_VECTORS inline __m128i ten(int byte)
{
	char b = (char)byte;

	return _mm_setr_epi8(b, b, b, b, b, b, b, b, b, b, 0, 0, 0, 0, 0, 0);
}

static WITH_VECTORS inline __m128i is(__m128i a, __m128i b)
{
	return _mm_cmpeq_epi8(a, b);
}

static WITH_VECTORS inline __m128i both(__m128i a, __m128i b)
{
	return _mm_and_si128(a, b);
}

static WITH_VECTORS inline __m128i at_most(__m128i b, __m128i most)
{
	return is(_mm_min_epu8(b, most), b);
}

#define NONE (-128) /* of no byte, and with a little added too */

/* The k-th bytes of ten characters of three, five of them in each vector. */
static WITH_VECTORS inline __m128i plane(__m128i a, __m128i b, char k)
{
	const __m128i first = _mm_setr_epi8(0, 3, 6, 9, 12, NONE, NONE, NONE,
	    NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE);
	const __m128i second = _mm_setr_epi8(NONE, NONE, NONE, NONE, NONE, 0, 3,
	    6, 9, 12, NONE, NONE, NONE, NONE, NONE, NONE);
	const __m128i by = _mm_set1_epi8(k);

	return _mm_or_si128(_mm_shuffle_epi8(a, _mm_add_epi8(first, by)),
	    _mm_shuffle_epi8(b, _mm_add_epi8(second, by)));
}

/* Bytes under 16 as halves of a byte in one number. */
static WITH_VECTORS inline uint64_t halves(__m128i b)
{
	__m128i pair = _mm_maddubs_epi16(b, _mm_set1_epi16(16 << 8 | 1));

	return (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(pair, pair));
}

/* Ten characters: what they are, which are digits, and half of their last
 * bytes. */
struct ten {
	__m128i sign; /* 0: none of three bytes */
	__m128i digit;
	__m128i low;
};

static WITH_VECTORS inline struct ten ten_at(struct text in, size_t at)
{
#define LEAD_(bytes, sign) [LOW(bytes)] = (bytes)&0xFF,
#define SECOND_(bytes, sign) [LOW(bytes)] = (bytes) >> 8 & 0xFF,
#define THIRD_(bytes, sign) [LOW(bytes)] = (bytes) >> 16,
	static const _Alignas(16) unsigned char of_sign[4][16] = {
	    {SIGNS(LEAD_)}, {SIGNS(SECOND_)}, {SIGNS(THIRD_)}, {SIGNS(SIGN_)}};
	const __m128i *of = (const void *)of_sign;
	__m128i a = sixteen(in, at);
	__m128i b = sixteen(in, at + 15);
	__m128i lead = plane(a, b, 0);
	__m128i second = plane(a, b, 1);
	__m128i third = plane(a, b, 2);
	struct ten t = {.low = both(third, ten(0xF))};
	__m128i other = both(both(is(lead, _mm_shuffle_epi8(of[0], t.low)),
				 is(second, _mm_shuffle_epi8(of[1], t.low))),
	    is(third, _mm_shuffle_epi8(of[2], t.low)));

	t.digit = both(both(is(lead, ten(0xEF)), is(second, ten(0xBC))),
	    at_most(_mm_sub_epi8(third, ten(0x90)), ten(9)));
	t.sign = _mm_or_si128(both(other, _mm_shuffle_epi8(of[3], t.low)),
	    both(t.digit, ten(SIGN_WIDE_DIGIT)));
	return t;
}

/* Those of three bytes, up to ten; their end. */
static WITH_VECTORS size_t take_wide(
    struct text in, size_t from, bool room, struct rules_shape *s)
{
	struct ten t = ten_at(in, from);
	__m128i ends = is(t.sign, _mm_setzero_si128());
	uint64_t digits;
	unsigned n;

	if (!room)
		ends = _mm_or_si128(ends, is(t.sign, ten(SIGN_ROOM)));
	n = _tzcnt_u32((unsigned)_mm_movemask_epi8(ends));
	digits = _bzhi_u64(halves(both(t.digit, ten(0xF))), SIGN_BITS * n);
	s->signs = _bzhi_u64(halves(t.sign), SIGN_BITS * n);
	s->digits = _pext_u64(halves(t.low), digits);
	s->count = (size_t)_mm_popcnt_u64(digits) / SIGN_BITS;
	return from + 3 * (size_t)n;
}

static WITH_VECTORS size_t digit_from(struct text in, size_t from)
{
	const unsigned char *p = (const unsigned char *)in.p;

	for (; from < in.n; from += 16) {
		__m128i b = sixteen(in, from);
		__m128i digit = _mm_sub_epi8(b, _mm_set1_epi8('0'));
		unsigned at = (unsigned)_mm_movemask_epi8(
		    _mm_or_si128(at_most(digit, _mm_set1_epi8(9)),
			is(b, _mm_set1_epi8((char)0xEF))));

		for (; at != 0; at &= at - 1) {
			size_t i = from + (size_t)__builtin_ctz(at);

			if (p[i] < 0x80 || is_wide_digit(p + i))
				return i;
		}
	}
	return in.n;
}

/* All of t, four to eight bytes, if these are digits: a postal code. */
static WITH_VECTORS inline bool take_number(
    struct text t, struct rules_shape *s)
{
	const uint64_t each = ~UINT64_C(0) / 0xFF;
	uint32_t first;
	uint32_t last;
	uint64_t v;

	memcpy(&first, t.p, 4);
	memcpy(&last, t.p + t.n - 4, 4);
	v = (first | (uint64_t)last << 8 * (t.n - 4)) ^
	    _bzhi_u64(each * '0', 8 * (unsigned)t.n);
	if ((((v + each * 0x76) | v) & each * 0x80) != 0)
		return false;
	s->count = t.n;
	s->signs = _bzhi_u64(
	    ~UINT64_C(0) / 0xF * SIGN_DIGIT, SIGN_BITS * (unsigned)t.n);
	s->digits = _pext_u64(v, each * 0xF);
	return true;
}

static WITH_VECTORS bool take_quick(
    struct text in, size_t from, bool room, struct rules_shape *s, size_t *end)
{
	if ((unsigned char)in.p[from] < 0x80) {
		*end = in.n;
		return from == 0 && in.n - 4 <= 4 && take_number(in, s);
	}
	if (in.n < 16)
		return false;
	*end = take_wide(in, from, room, s);
	/* What follows may be more of them, or some of one byte. */
	return *end - from < 3 * TEN &&
	       (*end == in.n || (unsigned char)in.p[*end] >= 0x80);
}

size_t rules_shape_take(
    struct text in, size_t from, bool room, struct rules_shape *s)
{
	size_t end;

	if (has_vectors() && from < in.n && take_quick(in, from, room, s, &end))
		return end;
	return rules_shape_take_plain(in, from, room, s);
}

size_t rules_shape_digit(struct text in, size_t from)
{
	return has_vectors() && in.n >= 16 ? digit_from(in, from)
					   : rules_shape_digit_plain(in, from);
}

#else

size_t rules_shape_take(
    struct text in, size_t from, bool room, struct rules_shape *s)
{
	return rules_shape_take_plain(in, from, room, s);
}

size_t rules_shape_digit(struct text in, size_t from)
{
	return rules_shape_digit_plain(in, from);
}

#endif
