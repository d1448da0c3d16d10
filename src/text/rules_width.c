/*
 * rules_width.c — half and full width, upper and lower case.
 *
 * The pairs are those of the Unicode block Halfwidth and Fullwidth Forms and
 * of JIS X 0201. Only the width or the case is lost: informational.
 */
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"

#define WIDE 0xFEE0u /* ！ U+FF01 less ! U+0021 */

static bool between(uint32_t c, uint32_t first, uint32_t last)
{
	return c >= first && c <= last;
}

static bool is_latin(uint32_t c)
{
	return between(c, 'A', 'Z') || between(c, 'a', 'z');
}

static bool is_digit(uint32_t c)
{
	return between(c, '0', '9');
}

static bool is_sign(uint32_t c)
{
	return between(c, '!', '~') && !is_latin(c) && !is_digit(c);
}

bool rules_width_kana_half(struct rules_run *run)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		uint32_t out[2] = {0, 0};

		if (c < 0x3001 || c > 0x30FC)
			continue;
		if (kana_is_wa_voiced(c))
			return rules_run_refuse(run, from, c,
			    "半角にできない仮名です",
			    "a kana without a half-width form");
		if (kana_half(c, out) > 0)
			rules_run_put(run, from, i, out, RULES_INFORMATIONAL);
	}
	return true;
}

bool rules_width_kana_full(struct rules_run *run)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		uint32_t wide = kana_full(c);
		size_t next = i;
		uint32_t composed = 0;

		/* A half-width mark belongs to the kana before it. */
		if (i < in.n) {
			uint32_t mark = utf8_next(in, &next);

			if (kana_is_half(mark))
				composed = kana_compose(wide, kana_mark(mark));
		}
		if (composed != 0)
			i = next;
		if (composed != 0 || wide != c)
			rules_run_one(run, from, i, composed ? composed : wide,
			    RULES_INFORMATIONAL);
	}
	return true;
}

static uint32_t latin_half(uint32_t c)
{
	return c >= WIDE && is_latin(c - WIDE) ? c - WIDE : c;
}

static uint32_t latin_full(uint32_t c)
{
	return is_latin(c) ? c + WIDE : c;
}

static uint32_t digit_half(uint32_t c)
{
	return c >= WIDE && is_digit(c - WIDE) ? c - WIDE : c;
}

static uint32_t digit_full(uint32_t c)
{
	return is_digit(c) ? c + WIDE : c;
}

static uint32_t sign_half(uint32_t c)
{
	return c >= WIDE && is_sign(c - WIDE) ? c - WIDE : c;
}

static uint32_t sign_full(uint32_t c)
{
	return is_sign(c) ? c + WIDE : c;
}

/* Names are written in A–Z alone (在留カード, 旅券): no other letters. */
static uint32_t upper(uint32_t c)
{
	return between(c, 'a', 'z') || between(c, 'a' + WIDE, 'z' + WIDE)
		   ? c - 32
		   : c;
}

static uint32_t lower(uint32_t c)
{
	return between(c, 'A', 'Z') || between(c, 'A' + WIDE, 'Z' + WIDE)
		   ? c + 32
		   : c;
}

#define WIDTH_RULE(name, map)                                                  \
	bool rules_width_##name(struct rules_run *run)                         \
	{                                                                      \
		rules_run_map(run, map, RULES_INFORMATIONAL);                  \
		return true;                                                   \
	}

WIDTH_RULE(latin_half, latin_half)
WIDTH_RULE(latin_full, latin_full)
WIDTH_RULE(digit_half, digit_half)
WIDTH_RULE(digit_full, digit_full)
WIDTH_RULE(sign_half, sign_half)
WIDTH_RULE(sign_full, sign_full)
WIDTH_RULE(upper, upper)
WIDTH_RULE(lower, lower)
