/*
 * rules_address.c — numbers, blocks and what may be left out of an address.
 *
 * Numbers and units: address.h. 町 is never left out: ○○町 and ○○ are two
 * places (DOMAIN §5.6).
 */
#include "text/address.h"
#include "text/rules_run.h"
#include "text/utf8.h"

static void put_decimal(int v, struct buf *out)
{
	char z[8];
	size_t n = 1;

	for (int w = v; w >= 10; w /= 10)
		n++;
	text_put_digits((unsigned)v, n, z);
	buf_add(out, z, n);
}

/* Numerals at *i as digits, where they count: before a unit, or (within a
 * block) before の, a dash or the end. */
static bool arabic_at(struct rules_run *run, size_t *i, bool within)
{
	struct text in = run->in;
	size_t to = *i;
	int v = address_numerals(in, &to);
	struct buf b = {0};

	if (v < 0 || (address_unit(in, to) == 0 &&
			 !(within && (to == in.n || address_joint(in, to) > 0 ||
					 address_dash(in, to) > 0))))
		return false;
	put_decimal(v, &b);
	rules_run_edit(
	    run, *i, to, text_dup(run->a, buf_text(&b)), RULES_INFORMATIONAL);
	buf_fini(&b);
	*i = to;
	return true;
}

static void arabic(struct rules_run *run)
{
	struct text in = run->in;
	bool within = false; /* just behind a number and what links it */

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		bool number = (unsigned char)in.p[i] >= 0xE3 &&
			      arabic_at(run, &i, within);

		if (!number)
			number = address_digit(utf8_next(in, &i)) >= 0;
		if (!number) {
			within = false;
			continue;
		}
		from = i;
		i = address_units(in, i);
		i += address_joint(in, i) ? address_joint(in, i)
					  : address_dash(in, i);
		within = i > from;
	}
}

#define DIGITS_MAX 5

/* Digits before a unit as kanji numerals. */
static void kanji(struct rules_run *run)
{
	struct text in = run->in;
	struct buf b = {0};

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		int v = 0;
		int n = 0;

		while (i < in.n) {
			size_t next = i;
			int d = address_digit(utf8_next(in, &next));

			if (d < 0)
				break;
			v = n < DIGITS_MAX ? v * 10 + d : v;
			i = next;
			n++;
		}
		if (n == 0)
			(void)utf8_next(in, &i);
		if (n == 0 || n > DIGITS_MAX || address_unit(in, i) == 0)
			continue;
		buf_clear(&b);
		address_put_numerals(v, &b);
		rules_run_edit(run, from, i, text_dup(run->a, buf_text(&b)),
		    RULES_INFORMATIONAL);
	}
	buf_fini(&b);
}

bool rules_address_number(struct rules_run *run)
{
	if (run->step->mode == 0)
		kanji(run);
	else
		arabic(run);
	return true;
}

/* Whole number at *i: digits as they are, numerals as digits. */
static void one_number(struct rules_run *run, size_t *i)
{
	struct text in = run->in;

	if (arabic_at(run, i, true))
		return;
	while (*i < in.n) {
		size_t next = *i;

		if (address_digit(utf8_next(in, &next)) < 0)
			break;
		*i = next;
	}
}

/* Behind what links the number that ends at i to the next, within to. */
static size_t link_to(struct text in, size_t i, size_t to)
{
	size_t end = address_units(in, i);

	end += address_joint(in, end) ? address_joint(in, end)
				      : address_dash(in, end);
	return end < to ? end : to;
}

/* The first block: ２丁目８番１号 as ２-８-１. */
static void hyphens(struct rules_run *run)
{
	struct text in = run->in;
	size_t from = 0;
	size_t to;

	if (!address_block(in, &from, &to))
		return;
	for (size_t i = from; i < to;) {
		size_t end;
		size_t next;
		const char *link = "-";

		one_number(run, &i);
		end = link_to(in, i, to);
		next = end;
		if (end == to) /* a room's number stays apart */
			link = end < in.n &&
				       address_digit(utf8_next(in, &next)) >= 0
				   ? " "
				   : "";
		if (end == i)
			break;
		if (end == to || end - i != 1 || in.p[i] != '-')
			rules_run_edit(
			    run, i, end, text_z(link), RULES_INFORMATIONAL);
		i = end;
	}
}

#define NUMBERS_MAX 4

/* The numbers of a block: where each ends, and where its link ends. */
struct block {
	size_t count;
	size_t end[NUMBERS_MAX];
	size_t link[NUMBERS_MAX];
};

static void take_block(struct text in, size_t from, size_t to, struct block *b)
{
	*b = (struct block){0};
	for (size_t i = from; i < to && b->count < NUMBERS_MAX; b->count++) {
		size_t start = i;

		while (i < to) {
			size_t next = i;

			if (address_digit(utf8_next(in, &next)) < 0)
				break;
			i = next;
		}
		if (i == start)
			(void)address_numerals(in, &i);
		b->end[b->count] = i;
		i = link_to(in, i, to);
		b->link[b->count] = i;
		if (i == b->end[b->count]) {
			b->count++;
			return;
		}
	}
}

/* Is the k-th link a dash, or the last number's nothing? */
static bool is_plain(struct text in, const struct block *b, size_t k)
{
	size_t n = b->link[k] - b->end[k];

	return n == address_dash(in, b->end[k]) || n == 0;
}

/*
 * 2-8-1 as 2丁目8番1号, 2丁目8-1 as 2丁目8番1号. 8-1 alone may be 番 and 号
 * or 丁目 and 番地: nothing is guessed, it stays.
 */
static bool words(struct rules_run *run)
{
	static const char *const units[] = {"丁目", "番", "号"};
	struct text in = run->in;
	struct block b;
	size_t from = 0;
	size_t to;
	size_t first;

	if (!address_block(in, &from, &to))
		return true;
	take_block(in, from, to, &b);
	first = is_plain(in, &b, 0) ? 0 : 1;
	if (first == 1 && memcmp(in.p + b.end[0], "丁目", 6) != 0)
		return true;
	for (size_t k = first; k < b.count; k++)
		if (!is_plain(in, &b, k))
			return true; /* it has words of its own */
	if (b.count < 3)
		return true;
	for (size_t k = first; k < 3; k++) {
		bool room = k == 2 && b.count > 3;

		rules_run_edit(run, b.end[k], room ? b.end[k] : b.link[k],
		    text_z(units[k]), RULES_INFORMATIONAL);
	}
	return true;
}

bool rules_address_block(struct rules_run *run)
{
	if (run->step->mode != 0)
		return words(run);
	hyphens(run);
	return true;
}

/* Behind these, 字 only introduces a name: 町 村 区 市 郡. */
static bool before_aza(uint32_t c)
{
	return c == 0 || c == 0x753A || c == 0x6751 || c == 0x533A ||
	       c == 0x5E02 || c == 0x90E1;
}

/* 大字 everywhere, 字 behind a municipality or a town. */
bool rules_address_oaza(struct rules_run *run)
{
	struct text in = run->in;
	uint32_t before = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		size_t next = i;
		uint32_t behind = next < in.n ? utf8_next(in, &next) : 0;

		if (c == 0x5927 && behind == 0x5B57) { /* 大字 */
			rules_run_edit(
			    run, from, next, TEXT(""), RULES_MATERIAL);
			i = next;
			continue;
		}
		if (c == 0x5B57 && before_aza(before) && behind != 0) {
			rules_run_edit(run, from, i, TEXT(""), RULES_MATERIAL);
			continue;
		}
		before = c;
	}
	return true;
}

bool rules_address_building(struct rules_run *run)
{
	struct text in = run->in;
	size_t from = 0;
	size_t to;

	if (address_block(in, &from, &to) && to < in.n)
		rules_run_edit(run, to, in.n, TEXT(""), RULES_MATERIAL);
	return true;
}
