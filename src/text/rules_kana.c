/*
 * rules_kana.c — script, size, long vowels, voicing and old kana.
 *
 * What banks ask for: DOMAIN §5.1 and §5.3 (public pages of banks). A kana
 * that becomes another kana is material (T2); script and the way a voicing
 * mark is written are informational.
 */
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"

bool rules_kana_katakana(struct rules_run *run)
{
	rules_run_map(run, kana_katakana, RULES_INFORMATIONAL);
	return true;
}

bool rules_kana_hiragana(struct rules_run *run)
{
	rules_run_map(run, kana_hiragana, RULES_INFORMATIONAL);
	return true;
}

bool rules_kana_large(struct rules_run *run)
{
	rules_run_map(run, kana_large, RULES_MATERIAL);
	return true;
}

static uint32_t wo(uint32_t c)
{
	if (c == 0x30F2) /* ヲ */
		return 0x30AA;
	if (c == 0x3092) /* を */
		return 0x304A;
	return c == 0xFF66 ? 0xFF75 : c; /* ｦ */
}

static uint32_t wi(uint32_t c)
{
	if (c == 0x30F0) /* ヰ */
		return 0x30A4;
	return c == 0x3090 ? 0x3044 : c; /* ゐ */
}

static uint32_t we(uint32_t c)
{
	if (c == 0x30F1) /* ヱ */
		return 0x30A8;
	return c == 0x3091 ? 0x3048 : c; /* ゑ */
}

static uint32_t ka_ke(uint32_t c)
{
	if (c == 0x30F5 || c == 0x3095) /* ヵ ゕ */
		return c == 0x30F5 ? 0x30AB : 0x304B;
	if (c == 0x30F6 || c == 0x3096) /* ヶ ゖ */
		return c == 0x30F6 ? 0x30B1 : 0x3051;
	return c;
}

bool rules_kana_wo(struct rules_run *run)
{
	rules_run_map(run, wo, RULES_MATERIAL);
	return true;
}

bool rules_kana_wi(struct rules_run *run)
{
	rules_run_map(run, wi, RULES_MATERIAL);
	return true;
}

bool rules_kana_we(struct rules_run *run)
{
	rules_run_map(run, we, RULES_MATERIAL);
	return true;
}

bool rules_kana_ka_ke(struct rules_run *run)
{
	rules_run_map(run, ka_ke, RULES_MATERIAL);
	return true;
}

enum { LONG_HYPHEN, LONG_MARK, LONG_DROP };

/* Hyphens and minus signs that stand where ー should. */
static bool is_hyphen(uint32_t c)
{
	return c == '-' || c == 0xFF0D || c == 0x2010 || c == 0x2011 ||
	       c == 0x2212;
}

/* ー and hyphens in a row after a kana become ー of that kana's width. */
static void long_mark(struct rules_run *run)
{
	struct text in = run->in;
	uint32_t mark = 0; /* 0: what stands before is no kana */

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (is_hyphen(c) && mark != 0)
			rules_run_one(run, from, i, mark, RULES_MATERIAL);
		else if (kana_is_long(c))
			continue;
		else if (kana_is_half(c))
			mark = KANA_LONG_HALF;
		else if (kana_is(c) || kana_mark(c) != KANA_NO_MARK)
			mark = KANA_LONG;
		else
			mark = 0;
	}
}

bool rules_kana_long(struct rules_run *run)
{
	struct text in = run->in;
	uint32_t to = run->step->mode == LONG_HYPHEN ? '-' : 0;
	bool kana = false; /* stands before, perhaps across other ー */

	if (run->step->mode == LONG_MARK) {
		long_mark(run);
		return true;
	}
	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (!kana_is_long(c))
			kana = kana_is(c) || kana_mark(c) != KANA_NO_MARK;
		else if (kana)
			rules_run_one(run, from, i, to, RULES_MATERIAL);
	}
	return true;
}

/* Only half-width kana carry a mark that is not composed: ｶﾞ. */
static bool carries(uint32_t c, enum kana_mark mark)
{
	return kana_is_half(c) && kana_compose(kana_full(c), mark) != 0;
}

/* A mark that no kana carries is damage: told, and left for a person. */
bool rules_kana_voiced(struct rules_run *run)
{
	struct text in = run->in;
	uint32_t before = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		enum kana_mark mark = kana_mark(c);
		size_t next = i;
		uint32_t composed = 0;

		if (mark != KANA_NO_MARK && !carries(before, mark))
			rules_run_find(run, from, c,
			    "濁点・半濁点を付けられる文字の後ではありません",
			    "a voicing mark that no kana before it carries");
		before = c;
		if (i == in.n || c < 0x3041 || c > 0x30F2)
			continue;
		composed = kana_compose(c, kana_mark(utf8_next(in, &next)));
		if (composed == 0)
			continue;
		i = next;
		before = composed;
		rules_run_one(run, from, i, composed, RULES_INFORMATIONAL);
	}
	return true;
}

bool rules_kana_unvoiced(struct rules_run *run)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		enum kana_mark mark;
		uint32_t base = kana_base(c, &mark);

		if (mark == KANA_NO_MARK)
			continue;
		if (kana_is_wa_voiced(c))
			return rules_run_refuse(run, from, c,
			    "濁点を分けられない仮名です",
			    "a kana that would leave its mark stranded");
		rules_run_put(run, from, i,
		    (uint32_t[2]){base, mark == KANA_VOICED ? 0x309B : 0x309C},
		    RULES_INFORMATIONAL);
	}
	return true;
}

/*
 * ヴ in any writing at *i: ヴ ゔ, ウ゛ う゛ or ｳﾞ; moves *i behind it. Gives
 * フ, ふ or ﾌ, the base of what replaces it; 0 if there is none.
 */
static uint32_t vu_at(struct text in, size_t *i)
{
	uint32_t c = utf8_next(in, i);
	size_t next = *i;

	if (c == 0x30F4 || c == 0x3094)
		return c == 0x30F4 ? 0x30D5 : 0x3075;
	if ((c != 0x30A6 && c != 0x3046 && c != 0xFF73) || next == in.n ||
	    kana_mark(utf8_next(in, &next)) != KANA_VOICED)
		return 0;
	*i = next;
	if (c == 0xFF73)
		return 0xFF8C;
	return c == 0x30A6 ? 0x30D5 : 0x3075;
}

bool rules_kana_vu_split(struct rules_run *run)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (c == 0x30F4 || c == 0x3094)
			rules_run_put(run, from, i,
			    (uint32_t[2]){
				c == 0x30F4 ? 0x30A6 : 0x3046, 0x309B},
			    RULES_INFORMATIONAL);
	}
	return true;
}

/* ハ ヒ フ ヘ ホ of the base's kind for the small vowel at *i, moving *i. */
static uint32_t vu_row(struct text in, uint32_t fu, size_t *i)
{
	/* small: ァィェォ; the bases of バビベボ as steps from フ */
	static const struct {
		uint32_t full, half;
		int step, step_half;
	} rows[] = {
	    {0x30A1, 0xFF67, -6, -2},
	    {0x30A3, 0xFF68, -3, -1},
	    {0x30A7, 0xFF6A, 3, 1},
	    {0x30A9, 0xFF6B, 6, 2},
	};
	size_t next = *i;
	uint32_t c;

	if (next == in.n)
		return fu;
	c = kana_katakana(utf8_next(in, &next));
	for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++) {
		bool half = c == rows[k].half && kana_is_half(fu);

		if (!half && (c != rows[k].full || kana_is_half(fu)))
			continue;
		*i = next;
		return fu + (uint32_t)(half ? rows[k].step_half : rows[k].step);
	}
	return fu;
}

bool rules_kana_vu_b(struct rules_run *run)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t base = vu_at(in, &i);
		uint32_t out[2] = {0, 0};

		if (base == 0)
			continue;
		base = vu_row(in, base, &i);
		out[0] = kana_is_half(base) ? base : base + 1;
		out[1] = kana_is_half(base) ? 0xFF9E : 0;
		rules_run_put(run, from, i, out, RULES_MATERIAL);
	}
	return true;
}
