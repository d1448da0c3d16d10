/*
 * rules_sign.c — dashes, spaces, dots: separators, informational.
 */
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"

/* The dashes of geolonia/normalize-japanese-addresses, less ー ｰ. */
static bool is_dash(uint32_t c)
{
	switch (c) {
	case 0xFF0D: /* － */
	case 0xFE63: /* ﹣ */
	case 0xFE58: /* ﹘ */
	case 0x2212: /* − */
	case 0x2043: /* ⁃ */
	case 0x23AF: /* ⎯ */
	case 0x23E4: /* ⏤ */
	case 0x2500: /* ─ */
	case 0x2501: /* ━ */
		return true;
	default:
		return c >= 0x2010 && c <= 0x2015; /* ‐‑‒–—― */
	}
}

bool rules_sign_dash(struct rules_run *run)
{
	struct text in = run->in;
	bool kana = false; /* stands before, perhaps across ー */

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		bool mark = kana_is_long(c);

		/* After a kana, ー is a long vowel and no dash. */
		if (is_dash(c) || (mark && !kana))
			rules_run_one(run, from, i, '-', RULES_INFORMATIONAL);
		if (!mark)
			kana = kana_is(c) || kana_mark(c) != KANA_NO_MARK;
	}
	return true;
}

/* Tab and the space separators (Zs) of Unicode 15. */
static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0x3000 || c == 0x00A0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
	       c == 0x205F;
}

/* Spaces and joiners without a width (general category Cf): they go. */
static bool is_unseen(uint32_t c)
{
	return c == 0x180E || c == 0x200B || c == 0x2060 || c == 0xFEFF;
}

static uint32_t space_fold(uint32_t c)
{
	if (is_unseen(c))
		return 0;
	return c != 0x3000 && is_space(c) ? ' ' : c;
}

static uint32_t space_half(uint32_t c)
{
	return is_space(c) ? ' ' : c;
}

static uint32_t space_full(uint32_t c)
{
	return is_space(c) ? 0x3000 : c;
}

bool rules_sign_space_fold(struct rules_run *run)
{
	rules_run_map(run, space_fold, RULES_INFORMATIONAL);
	return true;
}

/* Drops every space but (one) the first of a run between other characters. */
static void space_drop(struct rules_run *run, bool one)
{
	struct text in = run->in;
	size_t end = in.n;
	bool kept = true; /* none before the first character */

	while (one && end > 0) {
		size_t at;

		if (!is_space(utf8_before(in, end, &at)))
			break;
		end = at;
	}
	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		bool space = is_space(utf8_next(in, &i));

		if (space && (!one || kept || from >= end))
			rules_run_edit(run, from, i, text_trust("", 0),
			    RULES_INFORMATIONAL);
		kept = space;
	}
}

enum { SPACE_NONE, SPACE_HALF, SPACE_FULL, SPACE_ONE };

bool rules_sign_space(struct rules_run *run)
{
	int mode = run->step->mode;

	if (mode == SPACE_HALF)
		rules_run_map(run, space_half, RULES_INFORMATIONAL);
	else if (mode == SPACE_FULL)
		rules_run_map(run, space_full, RULES_INFORMATIONAL);
	else
		space_drop(run, mode == SPACE_ONE);
	return true;
}

enum { DOT_DROP, DOT_PERIOD, DOT_SPACE };

/* Middle dots: ・ ･ · ‧ ∙ ⋅ • */
static bool is_middle_dot(uint32_t c)
{
	return c == 0x30FB || c == 0xFF65 || c == 0x00B7 || c == 0x2027 ||
	       c == 0x2219 || c == 0x22C5 || c == 0x2022;
}

/*
 * Some banks take ・ as a period, others take neither and want a space
 * (DOMAIN §5.3): drop and space therefore take periods too.
 */
bool rules_sign_dot(struct rules_run *run)
{
	static const uint32_t to[] = {0, '.', ' '};
	int mode = run->step->mode;
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		bool period = c == '.' || c == 0xFF0E;

		if (is_middle_dot(c) || (period && mode != DOT_PERIOD))
			rules_run_one(
			    run, from, i, to[mode], RULES_INFORMATIONAL);
	}
	return true;
}
