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

/* A postal code, then perhaps in another width. */
static bool is_of_numbers(const struct rules *rules)
{
	if (rules->n == 0 || rules->step[0].fn != rules_form_postal)
		return false;
	for (size_t i = 1; i < rules->n; i++)
		if (!is_of_characters(&rules->step[i]))
			return false;
	return true;
}

enum rules_cut rules_parts_cut(const struct rules *rules)
{
	if (is_of_numbers(rules))
		return RULES_NUMBER;
	if (is_of_addresses(rules))
		return RULES_CUT_ADDRESS;
	for (size_t i = 0; i < rules->n; i++)
		if (!is_of_words(&rules->step[i]))
			return RULES_WHOLE;
	return rules->n ? RULES_CUT_SPACE : RULES_WHOLE;
}

bool rules_parts_tell_once(const char *rule)
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

/* in[from, to) as a part. */
static void take(struct text in, size_t from, size_t to,
    enum rules_part_kind kind, struct rules_part *part)
{
	part->t = text_trust(in.p + from, to - from);
	part->kind = kind;
}

/* ---- names ---- */

/* What a quick look for corporate words stops at: corp_any is false without
 * them, whatever the rules before made of kana. */
static bool is_corporate(uint32_t c, uint32_t before)
{
	if (c == 0x793E || c == 0x4EBA) /* 社 人 */
		return true;
	/* ｼ, behind what these are in half width, a mark or ｰ: cautious. */
	if (c == 0xFF7C)
		return before == 0xFF68 || before == 0xFF69 ||
		       before == 0xFF72 || before == 0xFF73 ||
		       before == 0xFF70 || before == 0xFF9E || before == 0xFF9F;
	if (c != 0x30B7 && c != 0x30B8) /* シ ジ */
		return false;
	return (before >= 0x30A3 && before <= 0x30A6) || before == 0x30F4 ||
	       before == 0x30F0; /* ィ イ ゥ ウ ヴ ヰ */
}

static bool is_of_name(uint32_t c)
{
	return is_katakana(c) || is_ideograph(c) || (c >= 'A' && c <= 'Z') ||
	       (c >= 0xFF66 && c <= 0xFF9F);
}

static bool is_word(struct text t)
{
	uint32_t before = 0;

	for (size_t i = 0; i < t.n;) {
		uint32_t c = utf8_next(t, &i);

		if (!is_of_name(c) || is_corporate(c, before))
			return false;
		before = c;
	}
	return t.n > 0;
}

static size_t split_words(
    struct text in, struct rules_part part[RULES_PARTS_MAX])
{
	size_t n = 0;
	size_t begun = 0;

	for (size_t i = 0; i < in.n;) {
		const unsigned char *p = (const unsigned char *)in.p + i;
		bool wide = p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80;

		if (p[0] == ' ' || wide) {
			size_t size = wide ? 3 : 1;

			if (i == begun || i + size == in.n ||
			    n + 2 >= RULES_PARTS_MAX)
				return 1;
			take(in, begun, i, RULES_PART_WORD, &part[n++]);
			take(in, i, i + size, RULES_PART_SPACE, &part[n++]);
			begun = i += size;
		} else {
			i += utf8_size(p[0]);
		}
	}
	take(in, begun, in.n, RULES_PART_WORD, &part[n++]);
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

/* A unit of a block is one behind a number: 余丁町 has none. */
static bool is_unit(uint32_t c, uint32_t before)
{
	return (c == 0x4E01 || c == 0x756A || c == 0x53F7) &&
	       (!is_ideograph(before) || is_numeral(before) ||
		   is_of_block(before));
}

/* A place: nothing of a block, and an ideograph last that is none of a
 * number's. A digit follows it. */
static bool is_place(struct text in)
{
	uint32_t before = 0;

	for (size_t i = 0; i < in.n;) {
		uint32_t c = utf8_next(in, &i);

		if (!is_ideograph(c) && !(c >= 0x3041 && c <= 0x3096) &&
		    !is_katakana(c))
			return false;
		if (is_unit(c, before))
			return false;
		before = c;
	}
	return is_ideograph(before) && !is_numeral(before) &&
	       !is_of_block(before);
}

/* The last is a digit or 号. */
static bool is_block(struct text in)
{
	size_t at;
	uint32_t c = utf8_before(in, in.n, &at);

	return address_digit(c) >= 0 || c == 0x53F7;
}

/* Between ideographs these are one kana (addr-fold). */
static bool is_ga(uint32_t c)
{
	return c == 0x30F6 || c == 0x30F5 || c == 0x30AB || c == 0x30AC;
}

/* Hiragana of names: の and が may be joints. */
static bool is_hiragana(uint32_t c)
{
	return c >= 0x3041 && c <= 0x3096 && c != 0x306E && c != 0x304C;
}

/* May a building's name begin so? 第二: numerals behind 第 are not behind a
 * number, and no unit follows them. */
static bool begins_building(struct text in, uint32_t c, size_t *i)
{
	size_t next = *i;

	if (c == 0x7B2C && *i < in.n && is_numeral(utf8_next(in, &next)))
		*i = next;
	return c == 0x7B2C || (is_katakana(c) && c != 0x30FC && !is_ga(c));
}

/* A building's name, a katakana or 第 first: no number, nothing of a block,
 * and no ー before a digit. */
static bool is_building(struct text in, bool room)
{
	uint32_t before = 0;

	for (size_t i = 0; i < in.n;) {
		uint32_t c = utf8_next(in, &i);

		if (is_space(c))
			continue;
		if ((!is_katakana(c) && !is_ideograph(c) && !is_hiragana(c)) ||
		    is_numeral(c) || is_of_block(c))
			return false;
		if (before == 0 && !begins_building(in, c, &i))
			return false;
		before = c;
	}
	return before != 0 && !(room && before == 0x30FC);
}

/* A room: digits, then 号 or 号室 or nothing, and the end. */
static bool is_room(struct text in)
{
	size_t i = 0;
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

/* The signs that begin at from as a part; their end, 0 if they are too many. */
static size_t take_shape(struct text in, size_t from, enum rules_part_kind kind,
    struct rules_part *part)
{
	size_t end =
	    rules_shape_take(in, from, kind != RULES_PART_BLOCK, &part->shape);

	take(in, from, end, kind, part);
	return part->shape.signs != 0 ? end : 0;
}

static size_t split_address(
    struct text in, struct rules_part part[RULES_PARTS_MAX])
{
	size_t place = rules_shape_digit(in, 0);
	size_t block;
	size_t room;

	if (place == 0 || place == in.n)
		return 1;
	take(in, 0, place, RULES_PART_PLACE, &part[0]);
	block = take_shape(in, place, RULES_PART_BLOCK, &part[1]);
	if (block == 0)
		return 1;
	if (block == in.n)
		return 2;
	room = rules_shape_digit(in, block);
	take(in, block, room,
	    room < in.n ? RULES_PART_BUILDING : RULES_PART_HOUSE, &part[2]);
	if (room == in.n)
		return 3;
	return take_shape(in, room, RULES_PART_ROOM, &part[3]) == in.n ? 4 : 1;
}

size_t rules_parts_split(
    enum rules_cut cut, struct text in, struct rules_part part[RULES_PARTS_MAX])
{
	size_t n = 1;

	if (cut == RULES_NUMBER && in.n > 0 &&
	    take_shape(in, 0, RULES_PART_NUMBER, part) == in.n)
		return 1;
	if (cut == RULES_CUT_SPACE)
		n = split_words(in, part);
	else if (cut == RULES_CUT_ADDRESS)
		n = split_address(in, part);
	if (n == 1)
		take(in, 0, in.n, RULES_PART_WHOLE, part);
	return n;
}

bool rules_parts_good(const struct rules_part *part)
{
	switch (part->kind) {
	case RULES_PART_WHOLE:
	case RULES_PART_SPACE:
	case RULES_PART_NUMBER:
		return true;
	case RULES_PART_WORD:
		return is_word(part->t);
	case RULES_PART_PLACE:
		return is_place(part->t);
	case RULES_PART_BLOCK:
		return is_block(part->t);
	case RULES_PART_BUILDING:
	case RULES_PART_HOUSE:
		return is_building(part->t, part->kind == RULES_PART_BUILDING);
	case RULES_PART_ROOM:
		return is_room(part->t);
	}
	return false;
}

size_t rules_parts(
    enum rules_cut cut, struct text in, struct text part[RULES_PARTS_MAX])
{
	struct rules_part p[RULES_PARTS_MAX];
	size_t n = rules_parts_split(cut, in, p);

	for (size_t i = 0; i < n; i++) {
		if (!rules_parts_good(&p[i]))
			n = 1;
		part[i] = p[i].t;
	}
	if (n == 1)
		part[0] = in;
	return n;
}
