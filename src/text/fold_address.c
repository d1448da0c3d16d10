/*
 * fold_address.c — see fold.h.
 *
 * What spellings of one address differ in: geolonia's public rules
 * (normalize-japanese-addresses, DOMAIN §5.6). Two passes, one over the
 * characters and one over the numbers, until neither changes anything.
 */
#include "text/fold.h"

#include "text/address.h"
#include "text/kana.h"
#include "text/utf8.h"

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_ideograph(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0x3000 || c == '\t' || c == 0x00A0;
}

static bool is_dash(uint32_t c)
{
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2043 ||
	       c == 0x23AF || c == 0x23E4 || c == 0x2500 || c == 0x2501 ||
	       c == 0xFE58 || c == 0xFE63;
}

static bool starts(struct text t, size_t i, const char *z)
{
	size_t n = strlen(z);

	return t.n - i >= n && memcmp(t.p + i, z, n) == 0;
}

/* ヶ ケ ヵ カ が ガ between ideographs are one (市ヶ谷), ノ and の too. */
static uint32_t between_ideographs(uint32_t c)
{
	switch (c) {
	case 0x30F6: /* ヶ */
	case 0x30F5: /* ヵ */
	case 0x30AB: /* カ */
	case 0x304C: /* が */
	case 0x30AC: /* ガ */
		return 0x30B1;
	case 0x30CE: /* ノ */
		return 0x306E;
	default:
		return c;
	}
}

/* 字 is left out or not behind the name of a village, town, ward, city. */
static bool drops_aza(uint32_t before)
{
	return before == 0x753A || before == 0x6751 || before == 0x533A ||
	       before == 0x5E02; /* 町 村 区 市 */
}

static uint32_t one_width(struct text t, size_t *i)
{
	uint32_t c = utf8_next(t, i);
	uint32_t wide = kana_full(c);
	size_t next = *i;
	uint32_t composed;

	if (c > 0xFF00 && c < 0xFF5F)
		wide = c -= 0xFEE0;
	if (c >= 'a' && c <= 'z')
		return c - 32;
	if (wide == c || *i == t.n)
		return wide;
	composed = kana_compose(wide, kana_mark(utf8_next(t, &next)));
	if (composed == 0)
		return wide;
	*i = next;
	return composed;
}

static void characters(struct text t, struct buf *out)
{
	uint32_t before = 0;

	for (size_t i = 0; i < t.n;) {
		size_t ahead;
		uint32_t c;

		c = one_width(t, &i);
		if (c == 0x5B57 && before == 0x5927) { /* 大字 */
			size_t at = out->n;

			out->n -= sizeof("大") - 1;
			before = out->n
				     ? utf8_before(buf_text(out), out->n, &at)
				     : 0;
			continue;
		}
		ahead = i;
		if (is_space(c) || (c == 0x5B57 && drops_aza(before)))
			continue;
		if (is_dash(c) || (kana_is_long(c) && !kana_is(before) &&
				      !kana_is_long(before)))
			c = '-';
		if (is_ideograph(before) && i < t.n &&
		    is_ideograph(utf8_next(t, &ahead)))
			c = between_ideographs(c);
		utf8_put(out, c);
		before = c;
	}
}

/*
 * Numerals at *i that are a number here: before 丁目 or 番地, and, within a
 * block number, before a unit, の, a dash or the end. -1 if they are none.
 */
static int numerals(struct text t, size_t *i, bool within)
{
	size_t to = *i;
	int v;

	if ((unsigned char)t.p[to] < 0xE3) /* no ideograph, no 〇 */
		return -1;
	v = address_numerals(t, &to);
	if (v < 0)
		return -1;
	if (!starts(t, to, "丁目") && !starts(t, to, "番地") &&
	    !(within && (to == t.n || address_unit(t, to) ||
			    address_joint(t, to) || t.p[to] == '-')))
		return -1;
	*i = to;
	return v;
}

/* Does a number stand at i, within a block number? */
static bool number_at(struct text t, size_t i)
{
	return i < t.n &&
	       (is_digit((unsigned char)t.p[i]) || numerals(t, &i, true) >= 0);
}

/* Behind a number: units and の go; "-" if another number follows. */
static void behind_number(struct text t, size_t *i, struct buf *out)
{
	size_t n;
	bool any = false;

	while ((n = address_unit(t, *i)) > 0) {
		*i += n;
		any = true;
	}
	n = address_joint(t, *i);
	if (n > 0 && number_at(t, *i + n)) {
		*i += n;
		any = true;
	}
	if (any && number_at(t, *i))
		buf_byte(out, '-');
}

static bool within_block(const struct buf *out, size_t from)
{
	return out->n >= from + 2 && out->p[out->n - 1] == '-' &&
	       is_digit(out->p[out->n - 2]);
}

static void put_number(int v, struct buf *out)
{
	if (v >= 10)
		put_number(v / 10, out);
	buf_byte(out, (unsigned char)('0' + v % 10));
}

static void numbers(struct text t, struct buf *out)
{
	size_t from = out->n;

	for (size_t i = 0; i < t.n;) {
		int v = numerals(t, &i, within_block(out, from));

		if (v >= 0) {
			put_number(v, out);
		} else if (is_digit((unsigned char)t.p[i])) {
			while (i < t.n && is_digit((unsigned char)t.p[i]))
				buf_byte(out, (unsigned char)t.p[i++]);
		} else {
			utf8_put(out, utf8_next(t, &i));
			continue;
		}
		behind_number(t, &i, out);
	}
}

void fold_address(struct text in, struct buf *out)
{
	struct buf a = {0};
	struct buf done = {0};
	struct buf next = {0};
	struct text t = in;

	for (;;) {
		struct buf swapped = done;

		buf_clear(&a);
		buf_clear(&next);
		characters(t, &a);
		numbers(buf_text(&a), &next);
		if (text_eq(buf_text(&next), t))
			break;
		done = next;
		next = swapped;
		t = buf_text(&done);
	}
	buf_text_add(out, t);
	buf_fini(&a);
	buf_fini(&done);
	buf_fini(&next);
}
