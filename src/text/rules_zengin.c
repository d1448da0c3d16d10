/*
 * rules_zengin.c — the single-byte classes of the 全銀 formats.
 *
 * Source: 全銀協「全銀協規定フォーマット」付録1, as told by public notes of it
 * and by banks' pages (DOMAIN §5.1, §5.3). Width, script and case are
 * informational; small kana become large and ー becomes "-", both material.
 * What has no form in a class is refused: kanji (readings are not guessed),
 * ヲ outside EDI, ヰ ヱ ヷ ヸ ヹ ヺ, commas, and voicing marks that no kana
 * carries.
 */
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"

enum { CLASS_BRANCH, CLASS_HOLDER, CLASS_PAYROLL, CLASS_EDI };

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

/* What becomes of one character: letter (and mark), and what is lost. */
struct single {
	uint32_t out[2];
	enum rules_loss loss;
};

static void single_kana(uint32_t c, struct single *s)
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
static struct single single_of(uint32_t c)
{
	struct single s = {{0, 0}, RULES_INFORMATIONAL};

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

static bool refuse(struct rules_run *run, size_t at, uint32_t c)
{
	if (kana_mark(c) != KANA_NO_MARK)
		return rules_run_refuse(run, at, c,
		    "濁点・半濁点を付けられる文字の後ではありません",
		    "a voicing mark that no kana before it carries");
	return rules_run_refuse(run, at, c, "この項目で使えない文字です",
	    "a character that this class does not have");
}

bool rules_zengin(struct rules_run *run)
{
	unsigned class = 1u << run->step->mode;
	struct text in = run->in;
	uint32_t before = 0; /* the letter that a mark would belong to */

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		struct single s = single_of(c);
		bool mark = s.out[0] == 0xFF9E || s.out[0] == 0xFF9F;

		if (mark ? !may_carry(before, s.out[0])
			 : !allowed(class, s.out[0]))
			return refuse(run, from, c);
		if (s.out[0] != c)
			rules_run_put(run, from, i, s.out, s.loss);
		before = s.out[1] || mark ? 0 : s.out[0];
	}
	return true;
}
