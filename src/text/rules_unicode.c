/*
 * rules_unicode.c — normal form, variation selectors, private characters,
 * and the sets of kanji that an institution's system holds.
 */
#include "text/kanji.h"
#include "text/rules_run.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

#define GETA 0x3013u /* 〓, what Japanese systems show for a lacking kanji */

/*
 * Characters that are NFC by themselves, start a sequence and compose with
 * nothing before them: Latin before the combining marks, kana but the
 * combining voicing marks, ideographs, half- and full-width forms
 * (DerivedNormalizationProps.txt, NFC_QC).
 */
static bool stands_alone(uint32_t c)
{
	return c < 0x0300 || (c >= 0x3000 && c < 0x302A) ||
	       (c >= 0x3041 && c <= 0x3096) || (c >= 0x309B && c <= 0x30FF) ||
	       (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xFF01 && c <= 0xFFEE) ||
	       (c >= 0x20000 && c <= 0x2A6DF);
}

/* Puts the normal form of in[from, to) if it is another. */
static void normalise(
    struct rules_run *run, size_t from, size_t to, bool material)
{
	utf8proc_uint8_t *out = NULL;
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)run->in.p + from;
	utf8proc_ssize_t n = utf8proc_map(p, (utf8proc_ssize_t)(to - from),
	    &out, UTF8PROC_STABLE | UTF8PROC_COMPOSE);

	if (n < 0)
		abort(); /* out of memory: the text is valid (T1) */
	if ((size_t)n != to - from || memcmp(out, p, to - from) != 0)
		rules_run_edit(run, from, to,
		    text_dup(run->a, text_trust((const char *)out, (size_t)n)),
		    material ? RULES_MATERIAL : RULES_INFORMATIONAL);
	free(out);
}

/* CJK compatibility ideographs: NFC makes another kanji of most of them. */
static bool is_compatibility(uint32_t c)
{
	return (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

/* UAX #15, Stream-Safe Text Format: more marks than any script needs, and
 * sorting them would take the square of their number. */
#define MARKS_MAX 30

static bool is_mark(uint32_t c)
{
	return c >= 0x0300 &&
	       utf8proc_get_property((utf8proc_int32_t)c)->combining_class != 0;
}

/* UAX #15: what lies between two characters that stand alone changes alone. */
bool rules_unicode_nfc(struct rules_run *run)
{
	struct text in = run->in;
	size_t start = 0;
	bool alone = true; /* all since start stands alone */
	bool material = false;
	size_t marks = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (!stands_alone(c)) {
			marks = is_mark(c) ? marks + 1 : 0;
			if (marks > MARKS_MAX)
				return rules_run_refuse(run, from, c,
				    "結合文字が続きすぎています",
				    "too many combining marks in a row");
			alone = false;
			material = material || is_compatibility(c);
			continue;
		}
		if (!alone)
			normalise(run, start, from, material);
		start = from;
		alone = true;
		material = false;
		marks = 0;
	}
	if (!alone)
		normalise(run, start, in.n, material);
	return true;
}

/*
 * Variation selectors (Unicode Ivd; FE00–FE0F, E0100–E01EF) choose a glyph
 * of a character that remains the same: informational.
 */
bool rules_unicode_ivs(struct rules_run *run)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (kanji_is_selector(c))
			rules_run_one(run, from, i, 0, RULES_INFORMATIONAL);
	}
	return true;
}

/* 外字: private use areas, and U+FFFD, which stands for a lost character. */
static bool is_gaiji(uint32_t c)
{
	return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000 || c == 0xFFFD;
}

bool rules_unicode_gaiji(struct rules_run *run)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);

		if (is_gaiji(c))
			return rules_run_refuse(run, from, c,
			    "外字が含まれています",
			    "holds a private character (gaiji)");
	}
	return true;
}

enum { DO_REFUSE, DO_HOLD, DO_FIRST, DO_GETA, DO_COUNT };

/* A character, and the variation selector behind it, if there is one. */
struct glyph {
	size_t from;
	size_t to;
	uint32_t c;
	uint32_t selector;
};

/* The glyph at from. */
static struct glyph glyph_at(struct text in, size_t from)
{
	struct glyph g = {.from = from, .to = from};
	size_t next;
	uint32_t behind;
	char lead;

	g.c = utf8_next(in, &g.to);
	lead = g.to < in.n ? in.p[g.to] : '\0';
	if (lead != '\xEF' && lead != '\xF3') /* of every selector */
		return g;
	next = g.to;
	behind = utf8_next(in, &next);
	if (!kanji_is_selector(behind) || kanji_is_selector(g.c))
		return g;
	g.selector = behind;
	g.to = next;
	return g;
}

/* Puts candidate 0 for the glyph; the report tells of the others. A sequence's
 * own character remains the same, as by ivs-strip. */
static void reduce(struct rules_run *run, const struct glyph *g,
    const uint32_t *candidates, size_t n)
{
	char *others = n > 1 ? arena_take(run->a, 4 * n) : NULL;
	size_t used = 0;

	for (size_t k = 0; k < n && n > 1; k++)
		used += utf8_write(candidates[k], others + used);
	run->candidates = text_trust(others, used);
	rules_run_one(run, g->from, g->to, candidates[0],
	    candidates[0] == g->c ? RULES_INFORMATIONAL : RULES_MATERIAL);
	run->candidates = text_trust(NULL, 0);
}

/* Refuses the character, or, if the set has it, what makes another glyph. */
static bool kanji_refuse(struct rules_run *run, enum kanji_set set,
    const struct glyph *g, int act, size_t n)
{
	bool glyph = g->selector != 0 && kanji_in(set, g->c);
	uint32_t bad = glyph ? g->selector : g->c;
	size_t at = g->from;

	if (glyph)
		(void)utf8_before(run->in, g->to, &at);
	if (act == DO_REFUSE)
		return rules_run_refuse(run, at, bad,
		    "先方の文字集合にない文字です",
		    "not in the institution's character set");
	if (n > 1)
		return rules_run_refuse(run, at, bad,
		    "先方の文字集合にない文字です。縮退の候補が複数あります",
		    "not in the institution's character set, and several "
		    "characters may stand for it");
	return rules_run_refuse(run, at, bad,
	    "先方の文字集合にない文字です。確認が必要です",
	    "not in the institution's character set: "
	    "for a person to decide");
}

/*
 * The mode says the set and what becomes of a character that is not in it; no
 * variation sequence is. With schemes named, it is reduced where they leave no
 * choice, and only else refused, held, taken as the first candidate or made 〓.
 */
bool rules_unicode_kanji(struct rules_run *run)
{
	struct kanji_wanted want = {
	    .map = run->step->map,
	    .set = (enum kanji_set)(run->step->mode / DO_COUNT),
	    .schemes = run->step->schemes,
	};
	int act = run->step->mode % DO_COUNT;
	struct text in = run->in;
	struct glyph g = {0};

	if (act == DO_FIRST && want.schemes == 0)
		want.schemes = KANJI_ALL;
	for (; g.to < in.n;) {
		uint32_t candidates[KANJI_CANDIDATES];
		size_t n;

		g = glyph_at(in, g.to);
		if (g.selector == 0 && kanji_in(want.set, g.c))
			continue;
		n = kanji_candidates(&want, g.c, g.selector, candidates);
		if (n == 1 || (n > 1 && act == DO_FIRST))
			reduce(run, &g, candidates, n);
		else if (act == DO_GETA)
			rules_run_one(run, g.from, g.to, GETA, RULES_MATERIAL);
		else
			return kanji_refuse(run, want.set, &g, act, n);
	}
	return true;
}
