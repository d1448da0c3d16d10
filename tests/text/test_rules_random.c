/*
 * Properties of text rules over random Unicode text: applying one twice is
 * applying it once; what is told is what happened; output is valid text.
 */
#include "text/rules.h"

#include "rules_cases.h"
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TEXTS 20000
#define LENGTH_MAX 24

/* SplitMix64 (Steele, Lea, Flood): the same texts on every machine. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static uint32_t within(uint64_t *seed, uint32_t first, uint32_t last)
{
	return first + (uint32_t)(next(seed) % (last - first + 1));
}

/* Pieces that rules look for, so that chance brings them together. */
static const char *const pieces[] = {"株式会社", "カブシキガイシャ", "カブシキ",
    "ガイシャ", "ホウジン", "(カ)", "カ)", "（カ", "㈱", "(株)", "(", ")",
    "大字", "字", "町", "丁目", "番地", "番", "号", "号室", "の", "二", "十",
    "百", "一", "々", "ゝ", "ヾ", "出張所", "エイギヨウシヨ", "(エイ", "レン",
    "ゴウカイ", "連合会", "(カ", "イ)", "VAN", "3", "１", "-", "ー", "ｰ", "－",
    "−", "゛", "゜", "ﾞ", "ﾟ", "\u3099", "\u309A", "ウ", "ヴ", "ｳ", "ァ", "ｧ",
    "ハ", "は", "か", "ｶ", "ヶ", "ケ", "が", "谷", ",", "，", "、", " ", "　",
    "\t", "・", ".", "\U000E0100", "\uFE00", "e", "\u0301", "\u0323", "\uFA19",
    "〓", "𠮷", "髙", "A", "ａ", "\u1100", "\u1161", "\u11A8", "160", "0022",
    "〒"};
#define PIECES (sizeof(pieces) / sizeof(*pieces))

/* A character from anywhere in Unicode, small ones as often as large ones. */
static void random_character(uint64_t *seed, struct buf *out)
{
	uint32_t c = within(seed, 1, 0x10FFFF >> next(seed) % 14);

	if (c < 0xD800 || c > 0xDFFF)
		utf8_put(out, c);
}

static void random_piece(uint64_t *seed, struct buf *out)
{
	switch (next(seed) % 8) {
	case 0:
		utf8_put(out, within(seed, 0x20, 0x7E));
		break;
	case 1:
		utf8_put(out, within(seed, 0x3041, 0x30FF));
		break;
	case 2:
		utf8_put(out, within(seed, 0xFF01, 0xFFEE));
		break;
	case 3:
		random_character(seed, out);
		break;
	default:
		buf_z(out, pieces[next(seed) % PIECES]);
		break;
	}
}

/* Every fourth text is of all Unicode alone. */
static void random_text(uint64_t *seed, struct buf *out)
{
	bool anything = next(seed) % 4 == 0;
	size_t n = next(seed) % LENGTH_MAX;

	buf_clear(out);
	for (size_t i = 0; i < n; i++)
		if (anything)
			random_character(seed, out);
		else
			random_piece(seed, out);
}

/* The text that the changes told of make from in. */
struct replay {
	struct text in;
	struct buf out;
	size_t at; /* bytes of in that are in out */
};

static void replay(void *ctx, const struct rules_change *change)
{
	struct replay *r = ctx;
	size_t from = utf8_offset(r->in, change->at - 1);

	assert_true(from >= r->at);
	buf_add(&r->out, r->in.p + r->at, from - r->at);
	assert_true(text_eq(
	    text_trust(r->in.p + from, change->before.n), change->before));
	buf_text_add(&r->out, change->after);
	r->at = from + change->before.n;
}

static void check_finding(void *ctx, const struct rules_finding *finding)
{
	struct replay *r = ctx;
	size_t i = utf8_offset(r->in, finding->at - 1);

	assert_true(i < r->in.n);
	assert_int_equal(utf8_next(r->in, &i), finding->c);
}

/* T3: what was cut is the beginning, and no mark stood behind it. */
static void check_cut(struct text in, struct text out)
{
	size_t i = out.n;
	uint32_t c;

	assert_memory_equal(in.p, out.p, out.n);
	if (out.n == in.n || out.n == 0)
		return; /* a text may begin with a mark */
	c = utf8_next(in, &i);
	assert_false(c == 0x309B || c == 0x309C || c == 0xFF9E || c == 0xFF9F ||
		     (c >= 0x3099 && c <= 0x309A) ||
		     (c >= 0x0300 && c <= 0x036F) || c == 0xFE00 ||
		     (c >= 0xE0100 && c <= 0xE01EF));
}

/* No rule makes more of a text than this. */
#define BOUND(n) (12 * (n) + 128)

/* takes: it refuses nothing. */
static void once(struct arena *a, const char *name, struct text in, bool takes)
{
	const struct rules *rules;
	struct replay r = {.in = in};
	struct rules_report report = {
	    .note = replay, .found = check_finding, .ctx = &r};
	struct text first;
	struct text second;
	struct text valid;
	struct err e;
	size_t at;

	assert_int_equal(rules_parse(a, text_z(name), &rules, &e), ERR_NONE);
	if (!rules_apply(rules, in, a, &first, &report)) {
		if (takes)
			fail_msg("%s refuses '%.*s'", name, (int)in.n, in.p);
		assert_true(report.at >= 1);
		assert_true(report.at <= utf8_count(in) + 1);
		buf_fini(&r.out);
		return;
	}
	buf_add(&r.out, in.p + r.at, in.n - r.at);
	if (!text_eq(buf_text(&r.out), first))
		fail_msg(
		    "%s of '%.*s' tells another story", name, (int)in.n, in.p);
	assert_true(utf8_decode(text_bytes(first), &valid, &at));
	assert_true(first.n <= BOUND(in.n));
	if (strncmp(name, "cut-", 4) == 0)
		check_cut(in, first);
	if (!rules_apply(rules, first, a, &second, NULL) ||
	    !text_eq(first, second))
		fail_msg("%s of '%.*s': '%.*s', then '%.*s'", name, (int)in.n,
		    in.p, (int)first.n, first.p, (int)second.n, second.p);
	buf_fini(&r.out);
}

/* All texts through one rule with one argument. */
static void all_texts(const char *rule, const char *arg, size_t n)
{
	bool takes = rules_refuses_nothing(rule, arg, n);
	bool number = strcmp(arg, "N") == 0;
	uint64_t seed = 20260615;
	struct arena a = {0};
	struct buf text = {0};
	char name[64];

	(void)snprintf(name, sizeof(name), "%s%s%.*s", rule, n ? ":" : "",
	    (int)n, number ? "7" : arg);
	for (int i = 0; i < TEXTS; i++) {
		random_text(&seed, &text);
		once(&a, name, buf_text(&text), takes);
		arena_reset(&a);
	}
	buf_fini(&text);
	arena_fini(&a);
}

/* Rules with more behind their argument, and those of other lengths. */
static const char *const more[] = {"kanji:0208:first:koseki",
    "kanji:0208:hold:jis", "kanji:cp932:geta:all", "kanji:0213:first:jis+yomi",
    "corp:abbrev:-カ", "corp:remove:+カ+ユ", "corp:expand:-カ",
    "corp-office:-エイ", "corp-business:-レン", "corp-business:remove:-レン",
    "cut-bytes:1", "cut-bytes:20", "cut-chars:1", "cut-chars:15"};

static void every_rule_is_idempotent_and_tells_what_it_did(void **state)
{
	size_t n;
	const struct rules_entry *table = rules_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *arg = table[i].args;

		if (!table[i].built || !table[i].idempotent)
			continue;
		for (;;) {
			size_t length = strcspn(arg, "|");

			all_texts(table[i].rule, arg, length);
			if (arg[length] == '\0')
				break;
			arg += length + 1;
		}
	}
	for (size_t k = 0; k < sizeof(more) / sizeof(*more); k++)
		all_texts(more[k], "", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_rule_is_idempotent_and_tells_what_it_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
