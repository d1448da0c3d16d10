/* subject_text.c — see subject_text.h. */
#include "record/subject_text.h"

#include "text/utf8.h"

#include <endian.h>
#include <stdlib.h>
#include <utf8proc.h>

struct range {
	uint32_t first;
	uint32_t last;
};

/*
 * General categories Cc, Cf, Zl, Zp and noncharacters of Unicode 15.0, and the
 * default-ignorable fillers (DerivedCoreProperties.txt) that are letters.
 */
static const struct range hidden[] = {
    {0x0000, 0x001F},
    {0x007F, 0x009F},
    {0x00AD, 0x00AD}, /* soft hyphen */
    {0x034F, 0x034F}, /* grapheme joiner */
    {0x0600, 0x0605},
    {0x061C, 0x061C},
    {0x06DD, 0x06DD},
    {0x070F, 0x070F},
    {0x0890, 0x0891},
    {0x08E2, 0x08E2},
    {0x115F, 0x1160}, /* Hangul fillers */
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F}, /* zero width, direction marks */
    {0x2028, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xFDD0, 0xFDEF},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},
    {0xFFFD, 0xFFFF}, /* U+FFFC stands for an object and is seen */
    {0x110BD, 0x110BD},
    {0x110CD, 0x110CD},
    {0x13430, 0x1343F},
    {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A},
    {0xE0000, 0xE00FF}, /* tags; variation selectors stand behind */
    {0xE01F0, 0xE0FFF},
};

/* Quick_Check=Yes and combining class 0 (UAX #15), in ranges that cover what
 * Japanese records are written in. */
static const struct range inert[] = {
    {0x0020, 0x02FF},
    {0x2010, 0x2027},
    {0x2030, 0x205E},
    {0x2100, 0x2125},
    {0x212C, 0x2328},
    {0x232B, 0x2ADB},
    {0x2E80, 0x3029},
    {0x3030, 0x3098},
    {0x309B, 0x31FF},
    {0x3200, 0xA3FF},
    {0xE000, 0xF8FF},
    /* Twelve unified ideographs among the compatibility ones: 﨑 is one. */
    {0xFA0E, 0xFA0F},
    {0xFA11, 0xFA11},
    {0xFA13, 0xFA14},
    {0xFA1F, 0xFA1F},
    {0xFA21, 0xFA21},
    {0xFA23, 0xFA24},
    {0xFA27, 0xFA29},
    {0xFF01, 0xFFEF},
    {0x20000, 0x2F7FF},
    {0x30000, 0x323AF},
    {0xE0100, 0xE01EF},
};

#define COUNT(ranges) (sizeof(ranges) / sizeof(*(ranges)))

static bool within(const struct range *r, size_t n, uint32_t c)
{
	size_t lo = 0;

	while (lo < n) {
		size_t mid = lo + (n - lo) / 2;

		if (c > r[mid].last)
			lo = mid + 1;
		else if (c < r[mid].first)
			n = mid;
		else
			return true;
	}
	return false;
}

bool subject_text_is_hidden(uint32_t c)
{
	return (c & 0xFFFE) == 0xFFFE || within(hidden, COUNT(hidden), c);
}

bool subject_text_is_inert(uint32_t c)
{
	return within(inert, COUNT(inert), c);
}

/*
 * Bytes of the plain character at p, or 0 if it is none: U+3000–3029, kana
 * without the combining marks U+3099 and 309A, U+4000–9FFF, U+FF00–FF7F. None
 * is hidden, all are inert. p is valid UTF-8 beyond ASCII.
 */
static size_t plain3(const unsigned char *p)
{
	if (p[0] >= 0xE4 && p[0] <= 0xE9)
		return 3;
	if (p[0] == 0xE3 && (p[1] == 0x81 || p[1] == 0x83))
		return 3;
	if (p[0] == 0xE3 && p[1] == 0x82 && p[2] != 0x99 && p[2] != 0x9A)
		return 3;
	if (p[0] == 0xE3 && p[1] == 0x80 && p[2] <= 0xA9)
		return 3;
	if (p[0] == 0xEF && (p[1] == 0xBC || p[1] == 0xBD))
		return 3;
	return 0;
}

/* Bytes of plain characters and printing ASCII at the beginning of p. */
static size_t plain(const unsigned char *p, size_t n, size_t *chars)
{
	size_t i = 0;
	size_t count = 0;

	for (; i < n; count++) {
		size_t size = 1;

		if (p[i] >= 0x80)
			size = plain3(p + i);
		else if (p[i] < 0x20 || p[i] == 0x7F)
			size = 0;
		if (size == 0)
			break;
		i += size;
	}
	*chars += count;
	return i;
}

/* The same of bytes: is the character whose bytes are the low three of w,
 * first byte lowest, well-formed and plain? */
static bool plain_word(uint32_t w)
{
	uint32_t second = w >> 8 & 0xFF;
	uint32_t third = w >> 16 & 0xFF;

	if ((w & 0xC0C0F0) != 0x8080E0)
		return false;
	switch (w & 0xFF) {
	case 0xE3:
		return second == 0x81 || second == 0x83 ||
		       (second == 0x82 && third != 0x99 && third != 0x9A) ||
		       (second == 0x80 && third <= 0xA9);
	case 0xE4:
	case 0xE5:
	case 0xE6:
	case 0xE7:
	case 0xE8:
	case 0xE9:
		return true;
	case 0xEF:
		return second == 0xBC || second == 0xBD;
	}
	return false;
}

bool subject_text_plain(struct bytes b)
{
	size_t i = 0;

	while (i < b.n) {
		uint32_t w = 0;

		if (b.n - i >= 4) {
			memcpy(&w, b.p + i, 4);
			w = le32toh(w);
		} else {
			for (size_t k = b.n; k-- > i;)
				w = w << 8 | b.p[k];
		}
		if (plain_word(w))
			i += 3;
		else if ((w & 0xFF) >= 0x20 && (w & 0xFF) < 0x7F)
			i++;
		else
			return false;
	}
	return true;
}

static struct text compose(struct arena *a, struct text t, size_t *chars)
{
	utf8proc_uint8_t *p = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)t.p,
	    (utf8proc_ssize_t)t.n, &p, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	struct text out;

	if (n < 0)
		abort(); /* out of memory: t is valid */
	out = text_trust(arena_copy(a, p, (size_t)n), (size_t)n);
	free(p);
	*chars = utf8_count(out);
	return out;
}

bool subject_text_normal(struct arena *a, struct text t, struct text *out,
    size_t *chars, uint32_t *bad)
{
	bool normal = true;
	size_t i = 0;

	*chars = 0;
	for (;;) {
		uint32_t c;

		i += plain((const unsigned char *)t.p + i, t.n - i, chars);
		if (i == t.n)
			break;
		c = utf8_next(t, &i);
		++*chars;
		normal = normal && subject_text_is_inert(c);
		if (subject_text_is_hidden(c)) {
			*bad = c;
			return false;
		}
	}
	*out = normal ? t : compose(a, t, chars);
	return true;
}
