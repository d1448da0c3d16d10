/* zengin.c — see zengin.h. */
#include "text/zengin.h"

#include "text/kana.h"
#include "text/rules.h"
#include "text/utf8.h"
#include "text/zengin_vector.h"

#define IN_BRANCH 1u
#define IN_HOLDER 2u
#define IN_PAYROLL 4u
#define IN_EDI 8u
#define IN_ALL 15u

/* The classes that take a single-byte character which is no kana. */
static unsigned classes(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return IN_ALL;
	if (c >= 'A' && c <= 'Z')
		return IN_BRANCH | IN_HOLDER | IN_EDI;
	switch (c) {
	case '-':
		return IN_BRANCH | IN_HOLDER | IN_EDI;
	case ' ':
		return IN_HOLDER | IN_PAYROLL | IN_EDI;
	case '(':
	case ')':
	case '.':
		return IN_HOLDER | IN_EDI;
	case '\\':
	case '/':
	case 0xFF62: /* ｢ */
	case 0xFF63: /* ｣ */
		return IN_EDI;
	default:
		return 0;
	}
}

/* ｳ ｶ–ﾄ ﾊ–ﾎ may be voiced, ﾊ–ﾎ half-voiced. */
static bool may_carry(uint32_t c, uint32_t mark)
{
	bool ha = c >= 0xFF8A && c <= 0xFF8E;

	if (mark == 0xFF9F)
		return ha;
	return ha || c == 0xFF73 || (c >= 0xFF76 && c <= 0xFF84);
}

static void single_kana(uint32_t c, struct zengin_single *s)
{
	uint32_t large = kana_large(kana_katakana(c));

	if (large == 0x30F5 || large == 0x30F6) /* ヵ ヶ */
		large = large == 0x30F5 ? 0x30AB : 0x30B1;
	if (large != kana_katakana(c))
		s->loss = RULES_MATERIAL;
	if (kana_is_half(large))
		s->out[0] = large;
	else
		(void)kana_half(large, s->out);
}

/* The single-byte form; out[0] is 0 if there is none. */
static struct zengin_single single_of(uint32_t c)
{
	struct zengin_single s = {{0, 0}, RULES_INFORMATIONAL};

	if (c >= 'a' && c <= 'z') {
		s.out[0] = c - 32;
	} else if (c < 0x80) {
		s.out[0] = c;
	} else if (kana_is_long(c)) {
		s.out[0] = '-';
		s.loss = RULES_MATERIAL;
	} else if (kana_is(c)) {
		single_kana(c, &s);
	} else if (kana_mark(c) != KANA_NO_MARK) {
		s.out[0] = kana_mark(c) == KANA_VOICED ? 0xFF9E : 0xFF9F;
	} else if (c >= 0xFF01 && c <= 0xFF5E) {
		s.out[0] = c - 0xFEE0;
		if (s.out[0] >= 'a' && s.out[0] <= 'z')
			s.out[0] -= 32;
	} else if (c == 0x3000) {
		s.out[0] = ' ';
	} else {
		s.out[0] = kana_full(c) == 0x300C || c == 0x300C   ? 0xFF62
			   : kana_full(c) == 0x300D || c == 0x300D ? 0xFF63
								   : 0;
	}
	return s;
}

static bool allowed(unsigned class, uint32_t c)
{
	if (c == 0xFF66) /* ｦ */
		return class == IN_EDI;
	if (c >= 0xFF71 && c <= 0xFF9D)
		return true;
	return (classes(c) & class) != 0;
}

bool zengin_single(enum zengin_class class, uint32_t c, uint32_t before,
    struct zengin_single *out)
{
	bool mark;

	*out = single_of(c);
	mark = out->out[0] == 0xFF9E || out->out[0] == 0xFF9F;
	if (out->out[0] == c)
		out->loss = RULES_UNCHANGED;
	return mark ? may_carry(before, out->out[0])
		    : allowed(1u << class, out->out[0]);
}

static unsigned char byte_of(uint32_t c)
{
	return (unsigned char)(c < 0x80 ? c : c - 0xFF61 + 0xA1);
}

/* Where a character stands in the tables; -1: not there. */
static int place(uint32_t c)
{
	if (c == '\n')
		return ZENGIN_VECTOR_NEWLINE;
	if (c >= 0x20 && c < 0x60 && c - 0x20 != ZENGIN_VECTOR_NEWLINE)
		return (int)(c - 0x20);
	return c >= 0x3040 && c <= 0x30FF ? (int)(c & 0xFF) : -1;
}

static void take(struct zengin *z, uint32_t c)
{
	struct zengin_single s = {{c, 0}, RULES_UNCHANGED};

	/* Marks look at what stands before them: none of these tables. */
	if (c != '\n' && (kana_mark(c) != KANA_NO_MARK ||
			     !zengin_single(z->class, c, 0, &s)))
		return;
	z->letter[place(c)] = byte_of(s.out[0]);
	z->more[place(c)] = s.loss;
	if (s.out[1] == 0xFF9E)
		z->more[place(c)] |= ZENGIN_VECTOR_MARK;
	if (s.out[1] == 0xFF9F)
		z->more[place(c)] |= ZENGIN_VECTOR_MARK | ZENGIN_VECTOR_SEMI;
}

/* Of eight bytes those whose bits are set; of eight letters with marks those
 * bytes that are there. */
static void take_shuffles(struct zengin *z)
{
	for (int bits = 0; bits < 256; bits++) {
		int n = 0;
		int m = 0;

		memset(z->pack[bits], 0x80, sizeof(z->pack[bits]));
		memset(z->spread[bits], 0x80, sizeof(z->spread[bits]));
		for (int k = 0; k < 8; k++) {
			bool set = (bits >> k & 1) != 0;

			if (set)
				z->pack[bits][n++] = (unsigned char)k;
			z->spread[bits][m++] = (unsigned char)(2 * k);
			if (set)
				z->spread[bits][m++] =
				    (unsigned char)(2 * k + 1);
		}
	}
}

void zengin_init(struct zengin *z, enum zengin_class class)
{
	*z = (struct zengin){.class = class};
	z->vectors = zengin_vector_here();
	for (uint32_t c = '\n'; c <= 0x30FF; c++) {
		if (place(c) >= 0)
			take(z, c);
		if (c == 0x60) /* nothing is between */
			c = 0x303F;
	}
	take_shuffles(z);
}

/* The letter that a mark at byte offset i would belong to: what stands
 * before it, if that has no mark yet; 0. */
static uint32_t carrier(const struct zengin *z, struct text in, size_t i)
{
	struct zengin_single s;
	size_t at;
	uint32_t c;

	if (i == 0)
		return 0;
	c = utf8_before(in, i, &at);
	if (kana_mark(c) != KANA_NO_MARK ||
	    !zengin_single(z->class, c, 0, &s) || s.out[1] != 0)
		return 0;
	return s.out[0];
}

/* The character at *i, in any writing. */
static bool put_any(
    const struct zengin *z, struct text in, size_t *i, struct zengin_out *out)
{
	struct zengin_single s = {{'\n', 0}, RULES_UNCHANGED};
	size_t from = *i;
	uint32_t c = utf8_next(in, i);
	uint32_t before =
	    kana_mark(c) != KANA_NO_MARK ? carrier(z, in, from) : 0;

	if (c != '\n' && !zengin_single(z->class, c, before, &s)) {
		out->at = from;
		out->bad = c;
		return false;
	}
	out->bytes[out->n++] = byte_of(s.out[0]);
	if (s.out[1] != 0)
		out->bytes[out->n++] = byte_of(s.out[1]);
	out->loss[out->characters++] = s.loss;
	return true;
}

bool zengin_scalar(const struct zengin *z, struct text in, size_t from,
    size_t to, struct zengin_out *out)
{
	for (size_t i = from; i < to;) {
		const unsigned char *p = (const unsigned char *)in.p + i;
		unsigned k;
		unsigned more;

		if (p[0] == 0xE3 && p[1] >= 0x81 && p[1] <= 0x83)
			k = (p[1] & 3u) << 6 | (p[2] & 0x3Fu);
		else if (p[0] >= 0x20 && p[0] < 0x60 && p[0] != '!')
			k = p[0] - 0x20u;
		else
			k = '!';
		if (k == '!' || z->letter[k] == 0) {
			if (!put_any(z, in, &i, out))
				return false;
			continue;
		}
		more = z->more[k];
		out->bytes[out->n] = z->letter[k];
		out->bytes[out->n + 1] =
		    more & ZENGIN_VECTOR_SEMI ? 0xDF : 0xDE;
		out->n += 1 + (more >> 7);
		out->loss[out->characters++] = more & ZENGIN_VECTOR_LOSS;
		i += p[0] < 0x80 ? 1 : 3;
	}
	return true;
}

bool zengin_encode(
    const struct zengin *z, struct text in, struct zengin_out *out)
{
	size_t done = 0;

	out->n = 0;
	out->characters = 0;
	if (z->vectors && !zengin_vector(z, in, &done, out))
		return false;
	return done == in.n || zengin_scalar(z, in, done, in.n, out);
}
