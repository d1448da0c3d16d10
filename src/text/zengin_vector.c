/*
 * zengin_vector.c — see zengin_vector.h.
 *
 * First the places of a batch of characters in the tables of struct zengin are
 * written one behind the other: from each vector of bytes the last byte of
 * each character. Then sixteen of them at a time become letters and marks. A
 * batch that holds anything but katakana, capitals, digits and the common
 * signs goes through zengin_scalar.
 */
#include "text/zengin_vector.h"

#include "text/utf8.h"

#if defined(__x86_64__)
#include <smmintrin.h>

#define WITH_VECTORS __attribute__((target("sse4.1,ssse3,popcnt")))
#define BATCH 128 /* characters: one that is refused costs its batch */

bool zengin_vector_here(void)
{
	return __builtin_cpu_supports("sse4.1") &&
	       __builtin_cpu_supports("ssse3") &&
	       __builtin_cpu_supports("popcnt");
}

static WITH_VECTORS inline __m128i load(const void *p)
{
	return _mm_loadu_si128(p);
}

static WITH_VECTORS inline __m128i all(int byte)
{
	return _mm_set1_epi8((char)byte);
}

/* Places of the characters that end in 16 bytes, before which each the byte
 * of before stands; how many, or -1: something is not in the tables. */
static WITH_VECTORS inline int places(
    const struct zengin *z, __m128i here, __m128i before, unsigned char *out)
{
	__m128i ascii = _mm_cmpgt_epi8(here, all(-1));
	__m128i next = _mm_cmpgt_epi8(all(-64), here); /* 80–BF */
	__m128i behind = _mm_cmpgt_epi8(all(-64), before);
	__m128i second = _mm_andnot_si128(behind, next);
	__m128i lead = _mm_cmpeq_epi8(here, all(0xE3));
	__m128i newline = _mm_cmpeq_epi8(here, all('\n'));
	__m128i sign = _mm_and_si128(
	    _mm_cmpgt_epi8(here, all(0x1F)), _mm_cmpgt_epi8(all(0x60), here));
	__m128i low = _mm_sub_epi8(here, all(0x20));
	__m128i high =
	    _mm_or_si128(_mm_and_si128(_mm_slli_epi16(before, 6), all(0xC0)),
		_mm_and_si128(here, all(0x3F)));
	/* 82, 83 behind E3 are katakana and the end of hiragana. */
	__m128i kana = _mm_and_si128(
	    second, _mm_cmpeq_epi8(_mm_or_si128(here, all(1)), all(0x83)));
	__m128i third = _mm_and_si128(behind, next);
	__m128i good = _mm_or_si128(_mm_or_si128(lead, kana),
	    _mm_or_si128(_mm_or_si128(third, newline),
		_mm_andnot_si128(_mm_cmpeq_epi8(here, all('!')), sign)));
	unsigned last;

	if (_mm_movemask_epi8(good) != 0xFFFF)
		return -1;
	low = _mm_blendv_epi8(low, all(ZENGIN_VECTOR_NEWLINE), newline);
	low = _mm_blendv_epi8(high, low, ascii);
	last = (unsigned)_mm_movemask_epi8(_mm_or_si128(ascii, third));
	_mm_storel_epi64((void *)out,
	    _mm_shuffle_epi8(
		low, _mm_loadl_epi64((const void *)z->pack[last & 0xFF])));
	_mm_storel_epi64((void *)(out + __builtin_popcount(last & 0xFF)),
	    _mm_shuffle_epi8(_mm_srli_si128(low, 8),
		_mm_loadl_epi64((const void *)z->pack[last >> 8])));
	return __builtin_popcount(last);
}

/* The entries of one of the tables at sixteen places: ASCII signs, or the
 * six rows of katakana. */
static WITH_VECTORS inline __m128i entries(
    const unsigned char *table, __m128i place)
{
	__m128i low = _mm_and_si128(place, all(0x0F));
	__m128i row1 = _mm_slli_epi16(place, 3);
	__m128i row2 = _mm_slli_epi16(place, 2);
	__m128i row4 = _mm_slli_epi16(place, 1);
	__m128i a = _mm_shuffle_epi8(load(table + 0xA0), low);
	__m128i b = _mm_shuffle_epi8(load(table + 0xB0), low);
	__m128i c = _mm_shuffle_epi8(load(table + 0xC0), low);
	__m128i d = _mm_shuffle_epi8(load(table + 0xD0), low);
	__m128i e = _mm_shuffle_epi8(load(table + 0xE0), low);
	__m128i f = _mm_shuffle_epi8(load(table + 0xF0), low);
	__m128i signs = _mm_shuffle_epi8(load(table), low);

	a = _mm_blendv_epi8(a, b, row1);
	c = _mm_blendv_epi8(c, d, row1);
	e = _mm_blendv_epi8(e, f, row1);
	c = _mm_blendv_epi8(c, e, row2);
	a = _mm_blendv_epi8(a, c, row4);
	return _mm_blendv_epi8(signs, a, place);
}

/* The same for digits and capitals, the rows 1 to 3. */
static WITH_VECTORS __m128i more_entries(
    const unsigned char *table, __m128i place, __m128i found)
{
	__m128i low = _mm_and_si128(place, all(0x0F));
	__m128i high = _mm_and_si128(place, all(0xF0));

	for (int row = 0x10; row <= 0x30; row += 0x10)
		found = _mm_blendv_epi8(found,
		    _mm_shuffle_epi8(load(table + row), low),
		    _mm_cmpeq_epi8(high, all(row)));
	return found;
}

/* Sixteen characters, of which n count; false if one is not in the tables. */
static WITH_VECTORS inline bool sixteen(const struct zengin *z,
    const unsigned char *places, size_t n, struct zengin_out *out)
{
	__m128i place = load(places);
	__m128i letter = entries(z->letter, place);
	__m128i more = entries(z->more, place);
	__m128i mark;
	unsigned count = (1u << n) - 1;
	unsigned marks;
	unsigned char *p = out->bytes + out->n;

	/* 40–9F are hiragana, and their letters are elsewhere. */
	if (_mm_movemask_epi8(_mm_cmpgt_epi8(place, all(0x0F))) != 0) {
		letter = more_entries(z->letter, place, letter);
		more = more_entries(z->more, place, more);
	}
	mark = _mm_or_si128(_mm_cmpeq_epi8(letter, _mm_setzero_si128()),
	    _mm_or_si128(_mm_cmpgt_epi8(all(0xA0 - 256), place),
		_mm_cmpgt_epi8(place, all(0x3F))));
	if (((unsigned)_mm_movemask_epi8(mark) & count) != 0)
		return false;
	marks = (unsigned)_mm_movemask_epi8(more) & count;
	mark = _mm_or_si128(
	    all(0xDE), _mm_and_si128(_mm_srli_epi16(more, 6), all(1)));
	_mm_storeu_si128((void *)(out->loss + out->characters),
	    _mm_and_si128(more, all(ZENGIN_VECTOR_LOSS)));
	_mm_storeu_si128(
	    (void *)p, _mm_shuffle_epi8(_mm_unpacklo_epi8(letter, mark),
			   load(z->spread[marks & 0xFF])));
	p += 8 + __builtin_popcount(marks & 0xFF);
	_mm_storeu_si128(
	    (void *)p, _mm_shuffle_epi8(_mm_unpackhi_epi8(letter, mark),
			   load(z->spread[marks >> 8])));
	out->characters += n;
	out->n += n + (size_t)__builtin_popcount(marks);
	return true;
}

/* The characters of a batch; false if one is not in the tables. */
static WITH_VECTORS inline bool letters(const struct zengin *z,
    const unsigned char *places, size_t n, struct zengin_out *out)
{
	while (n >= 16) {
		if (!sixteen(z, places, 16, out))
			return false;
		places += 16;
		n -= 16;
	}
	return n == 0 || sixteen(z, places, n, out);
}

/* The places of at most a batch, from *i on, and *i behind the last vector;
 * false if one of its characters is not in the tables. */
static WITH_VECTORS bool gather(const struct zengin *z, struct text in,
    size_t *i, unsigned char batch[BATCH + 32], size_t *n)
{
	const unsigned char *p = (const unsigned char *)in.p;

	for (*n = 0; in.n - *i >= 16 && *n < BATCH; *i += 16) {
		int found =
		    places(z, load(p + *i), load(p + *i - 1), batch + *n);

		if (found < 0)
			return false;
		*n += (size_t)found;
	}
	memset(batch + *n, 0, 16);
	return true;
}

/* Where the character begins that i is within, or i. */
static size_t start(struct text in, size_t i)
{
	while (i < in.n && ((unsigned char)in.p[i] & 0xC0) == 0x80)
		i--;
	return i;
}

#define SHORT 96 /* bytes of a name that is treated by itself */

/* The last n bytes of a name, under 16, and newlines behind them. */
static WITH_VECTORS inline __m128i tail(struct text in, size_t n)
{
	static const unsigned char move[32] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	    11, 12, 13, 14, 15, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
	__m128i by = load(move + 16 - n);
	unsigned char place[16];

	if (in.n >= 16)
		return _mm_blendv_epi8(
		    _mm_shuffle_epi8(load(in.p + in.n - 16), by), all('\n'),
		    by);
	_mm_storeu_si128((void *)place, all('\n'));
	memcpy(place, in.p, n);
	return load(place);
}

/* One name, never looking around it. False: not so. */
static WITH_VECTORS bool short_name(
    const struct zengin *z, struct text in, struct zengin_out *out)
{
	unsigned char batch[SHORT + 32];
	size_t whole = (in.n + 15) / 16 * 16;
	size_t bytes = out->n;
	size_t characters = out->characters;
	__m128i last = all('\n');
	size_t n = 0;

	for (size_t i = 0; i < in.n; i += 16) {
		__m128i here =
		    in.n - i >= 16 ? load(in.p + i) : tail(in, in.n - i);
		int found =
		    places(z, here, _mm_alignr_epi8(here, last, 15), batch + n);

		if (found < 0)
			return false;
		n += (size_t)found;
		last = here;
	}
	_mm_storeu_si128((void *)(batch + n), _mm_setzero_si128());
	if (letters(z, batch, n - (whole - in.n), out))
		return true;
	out->n = bytes;
	out->characters = characters;
	return false;
}

static bool long_text(const struct zengin *z, struct text in, size_t *done,
    struct zengin_out *out)
{
	unsigned char batch[BATCH + 32];
	size_t i = 0;

	/* A vector looks at the byte before it. */
	if (in.n > 0)
		(void)utf8_next(in, &i);
	if (!zengin_scalar(z, in, 0, i, out))
		return false;
	while (in.n - i >= 16) {
		struct zengin_out before = *out;
		size_t from = start(in, i);
		size_t n;

		if (gather(z, in, &i, batch, &n) && letters(z, batch, n, out))
			continue;
		i += in.n - i >= 16 ? 16 : 0;
		i = start(in, i);
		*out = before;
		if (!zengin_scalar(z, in, from, i, out))
			return false;
	}
	*done = start(in, i);
	return true;
}

bool zengin_vector(const struct zengin *z, struct text in, size_t *done,
    struct zengin_out *out)
{
	if (in.n > SHORT)
		return long_text(z, in, done, out);
	if (in.n > 0 && short_name(z, in, out))
		*done = in.n;
	return true;
}

#else

bool zengin_vector_here(void)
{
	return false;
}

bool zengin_vector(const struct zengin *z, struct text in, size_t *done,
    struct zengin_out *out)
{
	(void)z;
	(void)in;
	(void)done;
	(void)out;
	return true;
}

#endif
