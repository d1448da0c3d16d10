/*
 * rules_mark.c — marks that stand for a letter: 々 ゝ ヽ, ー, ヶ.
 *
 * くりかへし符号の使ひ方 (文部省国語調査室, 1946): ゝ repeats the kana before
 * it with its voicing, ゞ voices it, 々 repeats a kanji. ヶ: 霞が関, 市ガ谷
 * (DOMAIN §5.6), but 三ヶ月 is a count and no が. All material.
 */
#include "text/kana.h"
#include "text/kanji.h"
#include "text/rules_run.h"
#include "text/utf8.h"

static bool is_ideograph(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	       (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_kanji_mark(uint32_t c)
{
	return c == 0x3005 || c == 0x303B; /* 々 〻 */
}

/* ゝ ゞ ヽ ヾ. */
static bool is_kana_mark(uint32_t c)
{
	return c == 0x309D || c == 0x309E || c == 0x30FD || c == 0x30FE;
}

/* ゞ of か is が, of が too; ゝ of が is が. 0: it cannot be voiced. */
static uint32_t repeated(uint32_t kana, uint32_t mark)
{
	enum kana_mark had;
	uint32_t base;

	if (mark == 0x309D || mark == 0x30FD)
		return kana;
	base = kana_base(kana, &had);
	return had == KANA_VOICED ? kana : kana_compose(base, KANA_VOICED);
}

/* What stood before a mark: in[from, to), of one character c. */
struct before {
	size_t from;
	size_t to;
	uint32_t c;
};

/* The letter before, for ゝ and its like; 0 if it has none. */
static uint32_t kana_for(const struct before *b, uint32_t mark)
{
	uint32_t c = b->c;

	/* Hiragana repeat hiragana, katakana katakana. */
	if (!kana_is(c) || kana_is_half(c) ||
	    (mark < 0x30A0) != (kana_katakana(c) != c))
		return 0;
	return repeated(c, mark);
}

static bool stranded(struct rules_run *run, size_t at, uint32_t c)
{
	return rules_run_refuse(run, at, c,
	    "繰り返す文字が分からない踊り字です",
	    "an iteration mark, and what it repeats cannot be told");
}

/* 々々 may repeat one character twice or two once: not guessed. */
static bool kanji_mark(
    struct rules_run *run, const struct before *b, size_t from, size_t to)
{
	struct text in = run->in;
	size_t next = to;

	if (!is_ideograph(b->c) ||
	    (to < in.n && is_kanji_mark(utf8_next(in, &next))))
		return stranded(run, from, 0x3005);
	rules_run_edit(run, from, to,
	    text_trust(in.p + b->from, b->to - b->from), RULES_MATERIAL);
	return true;
}

bool rules_mark_iteration(struct rules_run *run)
{
	struct text in = run->in;
	struct before b = {0};

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (is_kanji_mark(c)) {
			if (!kanji_mark(run, &b, from, i))
				return false;
			b.c = 0;
		} else if (is_kana_mark(c)) {
			uint32_t kana = kana_for(&b, c);

			if (kana == 0)
				return stranded(run, from, c);
			rules_run_one(run, from, i, kana, RULES_MATERIAL);
			b.c = kana;
		} else if (kanji_is_selector(c) && b.to == from) {
			b.to = i;
		} else {
			b = (struct before){from, i, c};
		}
	}
	return true;
}

/* ア イ ウ エ オ of a vowel's letter, in the script and width of like. */
static uint32_t vowel(char v, uint32_t like)
{
	static const char order[] = "aiueo";
	uint32_t k = (uint32_t)(strchr(order, v) - order);

	if (kana_is_half(like))
		return 0xFF71 + k;
	return (kana_katakana(like) != like ? 0x3042 : 0x30A2) + 2 * k;
}

/* ー after a kana as that kana's vowel; after ン there is none to write. */
bool rules_mark_vowel(struct rules_run *run)
{
	struct text in = run->in;
	uint32_t to = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		char v;

		if (kana_is_long(c)) {
			if (to != 0)
				rules_run_one(run, from, i, to, RULES_MATERIAL);
			continue;
		}
		if (kana_mark(c) != KANA_NO_MARK)
			continue;
		v = kana_vowel(kana_katakana(kana_full(c)));
		to = v ? vowel(v, c) : 0;
	}
	return true;
}

/* A number before ヶ, and what is counted behind it: 三ヶ月, ５ヶ所. */
static bool counts(uint32_t before, uint32_t behind)
{
	static const uint32_t numbers[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09,
	    0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341, 0x767E,
	    0x6570, 0x5E7E};
	bool number = (before >= '0' && before <= '9') ||
		      (before >= 0xFF10 && before <= 0xFF19);

	for (size_t k = 0; k < sizeof(numbers) / sizeof(*numbers); k++)
		number = number || before == numbers[k];
	return number &&
	       (behind == 0x6708 || behind == 0x6240 || behind == 0x56FD ||
		   behind == 0x5E74 || behind == 0x6761 || behind == 0x65E5);
}

/* ガ beside katakana, else が. */
static uint32_t ga(uint32_t before, uint32_t behind)
{
	uint32_t beside = before ? before : behind;

	return beside >= 0x30A1 && beside <= 0x30FE ? 0x30AC : 0x304C;
}

bool rules_mark_ga(struct rules_run *run)
{
	struct text in = run->in;
	uint32_t before = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		size_t next = i;
		uint32_t behind = next < in.n ? utf8_next(in, &next) : 0;
		bool small = c == 0x30F5 || c == 0x30F6 || c == 0x3095 ||
			     c == 0x3096; /* ヵ ヶ ゕ ゖ */
		bool between = c == 0x30B1 && is_ideograph(before) &&
			       is_ideograph(behind); /* 自由ケ丘 */

		if ((small || between) && !counts(before, behind)) {
			c = ga(before, behind);
			rules_run_one(run, from, i, c, RULES_MATERIAL);
		}
		before = c;
	}
	return true;
}
