/*
 * rules_parts.c — see rules_parts.h. Each condition says which look of which
 * rule it keeps from crossing a cut; what is in doubt is not parted.
 */
#include "text/rules_parts.h"

#include "text/address.h"
#include "text/rules_run.h"
#include "text/utf8.h"

/* Rules that look at one character, or not beyond a space. */
static bool is_of_words(const struct rules_step *s)
{
	static rules_run_fn *const fns[] = {rules_unicode_ivs,
	    rules_unicode_gaiji, rules_unicode_kanji, rules_width_kana_half,
	    rules_width_kana_full, rules_width_latin_half,
	    rules_width_latin_full, rules_width_digit_half,
	    rules_width_digit_full, rules_width_sign_half,
	    rules_width_sign_full, rules_width_upper, rules_width_lower,
	    rules_kana_katakana, rules_kana_hiragana, rules_kana_large,
	    rules_kana_long, rules_kana_voiced, rules_kana_unvoiced,
	    rules_kana_wo, rules_kana_we, rules_kana_ka_ke, rules_sign_dash,
	    rules_sign_space_fold, rules_sign_dot, rules_corp_abbrev,
	    rules_corp_remove, rules_corp_expand};

	for (size_t i = 0; i < sizeof(fns) / sizeof(*fns); i++)
		if (s->fn == fns[i])
			return true;
	/* space:none joins words. */
	return s->fn == rules_sign_space && s->mode != 0;
}

/* Behind an address' own rules, those of one character. */
static bool is_of_characters(const struct rules_step *s)
{
	static rules_run_fn *const fns[] = {rules_unicode_kanji,
	    rules_width_latin_half, rules_width_latin_full,
	    rules_width_digit_half, rules_width_digit_full,
	    rules_width_sign_half, rules_width_sign_full};

	for (size_t i = 0; i < sizeof(fns) / sizeof(*fns); i++)
		if (s->fn == fns[i])
			return true;
	return false;
}

/* addr-fold first: what follows sees no units behind numbers. */
static bool is_of_addresses(const struct rules *rules)
{
	size_t i = 1;

	if (rules->n == 0 || rules->step[0].fn != rules_form_address)
		return false;
	for (; i < rules->n; i++) {
		const struct rules_step *s = &rules->step[i];

		if (!(s->fn == rules_address_number && s->mode == 1) &&
		    !(s->fn == rules_address_block && s->mode == 0))
			break;
	}
	for (; i < rules->n; i++)
		if (!is_of_characters(&rules->step[i]))
			return false;
	return true;
}

enum rules_cut rules_cut(const struct rules *rules)
{
	if (is_of_addresses(rules))
		return RULES_CUT_ADDRESS;
	for (size_t i = 0; i < rules->n; i++)
		if (!is_of_words(&rules->step[i]))
			return RULES_WHOLE;
	return rules->n ? RULES_CUT_SPACE : RULES_WHOLE;
}

const char *rules_name(const struct rules *rules, size_t i)
{
	return i < rules->n ? rules->step[i].name : NULL;
}

bool rules_tells_once(const char *rule)
{
	return strcmp(rule, "addr-fold") == 0;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0x3000;
}

static bool is_ideograph(uint32_t c)
{
	return c >= 0x3400 && c <= 0x9FFF;
}

static bool is_katakana(uint32_t c)
{
	return (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC;
}

/* ---- names ---- */

/* What a quick look for corporate words stops at: corp_any is false without
 * them, whatever the rules before made of kana. */
static bool is_corporate(uint32_t c, uint32_t before)
{
	if (c == 0x793E || c == 0x4EBA) /* 社 人 */
		return true;
	if (c != 0x30B7 && c != 0x30B8) /* シ ジ */
		return false;
	return (before >= 0x30A3 && before <= 0x30A6) || before == 0x30F4 ||
	       before == 0x30F0; /* ィ イ ゥ ウ ヴ ヰ */
}

static bool is_of_name(uint32_t c)
{
	return is_katakana(c) || is_ideograph(c) || (c >= 'A' && c <= 'Z');
}

static size_t words(struct text in, struct text part[RULES_PARTS_MAX])
{
	size_t n = 0;
	size_t begun = 0;
	uint32_t before = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (is_space(c)) {
			if (from == begun || i == in.n ||
			    n + 2 >= RULES_PARTS_MAX)
				return 1;
			part[n++] = text_trust(in.p + begun, from - begun);
			part[n++] = text_trust(in.p + from, i - from);
			begun = i;
		} else if (!is_of_name(c) || is_corporate(c, before)) {
			return 1;
		}
		before = c;
	}
	part[n++] = text_trust(in.p + begun, in.n - begun);
	return n;
}

/* ---- addresses ---- */

/* 丁 番 号 of units; the joints の ノ 之; 字; 大 before it; numerals. */
static bool is_of_block(uint32_t c)
{
	switch (c) {
	case 0x4E01: /* 丁 */
	case 0x756A: /* 番 */
	case 0x53F7: /* 号 */
	case 0x306E: /* の */
	case 0x30CE: /* ノ */
	case 0x4E4B: /* 之 */
	case 0x5B57: /* 字 */
	case 0x5927: /* 大 */
	case 0x76EE: /* 目 */
	case 0x5730: /* 地 */
		return true;
	default:
		return false;
	}
}

static bool is_numeral(uint32_t c)
{
	switch (c) {
	case 0x3007: /* 〇 */
	case 0x4E00:
	case 0x4E8C:
	case 0x4E09:
	case 0x56DB:
	case 0x4E94:
	case 0x516D:
	case 0x4E03:
	case 0x516B:
	case 0x4E5D:
	case 0x5341: /* 十 */
	case 0x767E:
	case 0x5343:
	case 0x4E07: /* 万 */
		return true;
	default:
		return false;
	}
}

/* A place: nothing of a block before the first digit, and an ideograph there
 * that is none of a number's. Its end; 0 if it is not so. */
static size_t place_end(struct text in)
{
	uint32_t before = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (address_digit(c) >= 0)
			return is_ideograph(before) && !is_numeral(before) &&
				       !is_of_block(before)
				   ? from
				   : 0;
		if (!is_ideograph(c) && !(c >= 0x3041 && c <= 0x3096) &&
		    !is_katakana(c))
			return 0;
		if (c == 0x4E01 || c == 0x756A || c == 0x53F7)
			return 0;
		before = c;
	}
	return in.n;
}

/* Digits, units and dashes; the end, where the last is a digit or 号. */
static size_t block_end(struct text in, size_t i)
{
	bool last = false;

	while (i < in.n) {
		size_t next = i;
		uint32_t c = utf8_next(in, &next);

		if (address_digit(c) >= 0 || c == 0x53F7)
			last = true;
		else if (c == 0x4E01 || c == 0x76EE || c == 0x756A ||
			 c == 0x5730 || c == '-' || c == 0xFF0D || c == 0x2212)
			last = false;
		else
			break;
		i = next;
	}
	return last ? i : 0;
}

/* Between ideographs these are one kana (addr-fold). */
static bool is_ga(uint32_t c)
{
	return c == 0x30F6 || c == 0x30F5 || c == 0x30AB || c == 0x30AC;
}

/* A building's name, a katakana first: no number, nothing of a block, and
 * no ー before a digit. */
static size_t building_end(struct text in, size_t i)
{
	uint32_t before = 0;

	while (i < in.n) {
		size_t next = i;
		uint32_t c = utf8_next(in, &next);

		if (address_digit(c) >= 0)
			return before != 0 && before != 0x30FC ? i : 0;
		if (is_space(c)) {
			i = next;
			continue;
		}
		if ((!is_katakana(c) && !is_ideograph(c)) || is_numeral(c) ||
		    is_of_block(c))
			return 0;
		if (before == 0 && (!is_katakana(c) || c == 0x30FC || is_ga(c)))
			return 0;
		before = c;
		i = next;
	}
	return before != 0 ? i : 0;
}

/* A room: digits, then 号 or 号室 or nothing, and the end. */
static bool is_room(struct text in, size_t i)
{
	struct text rest;

	while (i < in.n) {
		size_t next = i;

		if (address_digit(utf8_next(in, &next)) < 0)
			break;
		i = next;
	}
	rest = text_trust(in.p + i, in.n - i);
	return rest.n == 0 || text_eq(rest, TEXT("号")) ||
	       text_eq(rest, TEXT("号室"));
}

static size_t address(struct text in, struct text part[RULES_PARTS_MAX])
{
	size_t n = 0;
	size_t place = place_end(in);
	size_t block;
	size_t building;

	if (place == 0 || place == in.n)
		return 1;
	part[n++] = text_trust(in.p, place);
	block = block_end(in, place);
	if (block == 0)
		return 1;
	part[n++] = text_trust(in.p + place, block - place);
	if (block == in.n)
		return n;
	building = building_end(in, block);
	if (building == 0 || !is_room(in, building))
		return 1;
	part[n++] = text_trust(in.p + block, building - block);
	if (building < in.n)
		part[n++] = text_trust(in.p + building, in.n - building);
	return n;
}

size_t rules_parts(
    enum rules_cut cut, struct text in, struct text part[RULES_PARTS_MAX])
{
	size_t n = 1;

	if (cut == RULES_CUT_SPACE)
		n = words(in, part);
	else if (cut == RULES_CUT_ADDRESS)
		n = address(in, part);
	if (n == 1)
		part[0] = in;
	return n;
}
