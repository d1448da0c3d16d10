/* Tests of text/rules.h. */
#include "text/rules.h"

#include "rules_cases.h"
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static bool parses(struct arena *a, const char *list, struct err *e)
{
	const struct rules *rules;

	return rules_parse(a, text_z(list), &rules, e) == ERR_NONE;
}

static void refuses_unknown_rules_and_arguments(void **state)
{
	static const char *const bad[] = {"foo", "nfc:", "nfc:x", "long",
	    "long:", "long:x", "kanji:cp932", "kanji:cp932:", "cut-bytes",
	    "cut-bytes:0", "cut-bytes:4097", "cut-bytes:-1", "cut-bytes:1x",
	    "nfc,", ",nfc", "nfc,,nfc", " nfc", "NFC", "vu:a", "date:iso:x"};
	struct arena a = {0};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (parses(&a, bad[i], &e))
			fail_msg("%s", bad[i]);
		assert_int_equal(e.class, ERR_INPUT);
		assert_string_equal(e.code, "layout.unknown_rule");
	}
	arena_fini(&a);
}

static void every_rule_of_the_list_is_built(void **state)
{
	size_t n;
	const struct rules_entry *table = rules_table(&n);

	(void)state;
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++)
		if (!table[i].built)
			fail_msg("%s:%s", table[i].rule, table[i].args);
}

static void bounds_the_list_and_its_detail(void **state)
{
	struct arena a = {0};
	struct buf list = {0};
	struct text t;
	size_t at;
	struct err e;

	(void)state;
	for (int i = 0; i < 64; i++)
		buf_z(&list, i ? ",nfc" : "nfc");
	buf_byte(&list, 0);
	assert_true(parses(&a, (const char *)list.p, &e));
	list.n--;
	buf_z(&list, ",nfc");
	buf_byte(&list, 0);
	assert_false(parses(&a, (const char *)list.p, &e));
	buf_clear(&list);
	buf_byte(&list, 'x');
	for (int i = 0; i < 2000; i++)
		buf_z(&list, "漢");
	buf_byte(&list, 0);
	assert_false(parses(&a, (const char *)list.p, &e));
	assert_true(utf8_decode(BYTES(e.detail, strlen(e.detail)), &t, &at));
	assert_true(t.n > 70 && t.n <= 80);
	buf_fini(&list);
	arena_fini(&a);
}

/* Adds up what was told. */
struct told {
	int changes;
	size_t last;
	enum rules_loss worst;
};

static void note(void *ctx, const struct rules_change *change)
{
	struct told *told = ctx;

	assert_true(change->at >= 1);
	assert_true(change->at >= told->last);
	assert_false(text_eq(change->before, change->after));
	told->changes++;
	told->last = change->at;
	if (change->loss > told->worst)
		told->worst = change->loss;
}

static void check(struct arena *a, const struct rules_case *c)
{
	const struct rules *rules;
	struct told told = {0};
	struct rules_report report = {.note = note, .ctx = &told};
	struct text out = {NULL, 0};
	struct err e;
	bool ok;

	assert_int_equal(rules_parse(a, text_z(c->rule), &rules, &e), ERR_NONE);
	ok = rules_apply(rules, text_z(c->from), a, &out, &report);
	if (ok != (c->to != NULL) || (ok && !text_is(out, c->to)))
		fail_msg("%s of '%s': %.*s", c->rule, c->from,
		    ok ? (int)out.n : 7, ok ? out.p : "refused");
	if (!ok) {
		assert_string_equal(report.rule, c->rule);
		assert_true(report.at >= 1);
		assert_non_null(report.ja);
		assert_non_null(report.en);
		return;
	}
	if (report.worst != c->loss)
		fail_msg(
		    "%s of '%s': loss %d", c->rule, c->from, (int)report.worst);
	assert_int_equal(told.worst, c->loss);
	assert_int_equal(told.changes > 0, c->loss != SAME);
	if (c->loss == SAME)
		assert_ptr_equal(out.p, c->from); /* nothing was copied */
}

static void each_rule_does_what_its_cases_say(void **state)
{
	struct arena a = {0};

	(void)state;
	for (size_t i = 0; i < RULES_CASE_COUNT; i++) {
		check(&a, &rules_cases[i]);
		arena_reset(&a);
	}
	arena_fini(&a);
}

enum { CHANGED, KEPT, REFUSED, COUNTS };

/* How many cases are of this rule and argument. */
static void count(const char *rule, const char *arg, size_t n, int got[COUNTS])
{
	char name[64];
	int length;

	memset(got, 0, COUNTS * sizeof(*got));
	length = snprintf(name, sizeof(name), "%s%s%.*s", rule,
	    arg[0] ? ":" : "", strcmp(arg, "N") == 0 ? 0 : (int)n, arg);
	for (size_t i = 0; i < RULES_CASE_COUNT; i++) {
		const struct rules_case *c = &rules_cases[i];
		bool number = strcmp(arg, "N") == 0;

		if (strncmp(c->rule, name, (size_t)length) != 0 ||
		    (!number && c->rule[length] != '\0'))
			continue;
		got[c->to == NULL     ? REFUSED
		    : c->loss == SAME ? KEPT
				      : CHANGED]++;
	}
}

/* What may change nothing: it only looks, or keeps. */
static bool only_looks(const char *rule, const char *arg)
{
	return strstr(arg, ":refuse") == arg + 5 ||
	       strstr(arg, ":refuse") == arg + 4 ||
	       strstr(arg, ":hold") == arg + 5 ||
	       strstr(arg, ":hold") == arg + 4 ||
	       strcmp(rule, "gaiji-refuse") == 0 ||
	       strncmp(arg, "keep", 4) == 0;
}

static void each_rule_has_cases(void **state)
{
	size_t n;
	const struct rules_entry *table = rules_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *rule = table[i].rule;
		const char *arg = table[i].args;

		assert_true(table[i].source[0] != '\0');
		while (table[i].built) {
			size_t length = strcspn(arg, "|");
			int got[COUNTS];

			count(rule, arg, length, got);
			if ((got[CHANGED] < 3 && !only_looks(rule, arg)) ||
			    got[KEPT] < 1 ||
			    (got[REFUSED] > 0) ==
				rules_refuses_nothing(rule, arg, length))
				fail_msg("%s:%.*s", rule, (int)length, arg);
			if (arg[length] == '\0')
				break;
			arg += length + 1;
		}
	}
}

static void tells_where_in_the_rule_s_own_input(void **state)
{
	struct arena a = {0};
	const struct rules *rules;
	struct rules_report report = {0};
	struct text out;
	struct err e;

	(void)state;
	assert_int_equal(
	    rules_parse(&a, TEXT("kana-half,zengin:payroll"), &rules, &e),
	    ERR_NONE);
	assert_false(rules_apply(rules, TEXT("ガ ヨーコ"), &a, &out, &report));
	assert_string_equal(report.rule, "zengin:payroll");
	assert_int_equal(report.at, 5); /* ｶﾞ ﾖｰｺ */
	assert_int_equal(report.bad, 0xFF70);
	assert_int_equal(
	    rules_parse(&a, TEXT("zengin:payroll"), &rules, &e), ERR_NONE);
	assert_false(rules_apply(rules, TEXT("ヨーコ"), &a, &out, &report));
	assert_int_equal(report.at, 2);
	assert_int_equal(report.bad, 0x30FC);
	arena_fini(&a);
}

static void keep_candidates(void *ctx, const struct rules_change *change)
{
	struct buf *b = ctx;

	buf_clear(b);
	buf_text_add(b, change->candidates);
}

/* The candidates that a list's last change told of. */
static void assert_candidates(
    const char *list, const char *in, const char *candidates)
{
	struct arena a = {0};
	const struct rules *rules;
	struct buf told = {0};
	struct rules_report report = {.note = keep_candidates, .ctx = &told};
	struct text out;
	struct err e;

	assert_int_equal(rules_parse(&a, text_z(list), &rules, &e), ERR_NONE);
	assert_true(rules_apply(rules, text_z(in), &a, &out, &report));
	assert_true(text_is(buf_text(&told), candidates));
	buf_fini(&told);
	arena_fini(&a);
}

static void tells_when_a_kanji_is_chosen_among_several(void **state)
{
	(void)state;
	assert_candidates("kanji:0208:first", "㐄", "牛井");
	assert_candidates("kanji:0208:first:koseki", "髙", "");
	assert_candidates("kanji:0208:first", "㐰", "信個");
	assert_candidates("kanji:0208:first:koseki", "邉\U000E0116", "邉辺邊");
	assert_candidates("kanji:0208:first:jis", "邉\U000E0116", "");
}

/* The findings, as "AT:CHARACTER " each. */
static void keep_findings(void *ctx, const struct rules_finding *finding)
{
	char z[32];

	(void)snprintf(
	    z, sizeof(z), "%zu:%04X ", finding->at, (unsigned)finding->c);
	buf_z(ctx, z);
	assert_string_equal(finding->rule, "voiced:compose");
	assert_true(finding->ja[0] != '\0' && finding->en[0] != '\0');
}

static void finds(const char *in, const char *out, const char *findings)
{
	struct arena a = {0};
	const struct rules *rules;
	struct buf told = {0};
	struct rules_report report = {.found = keep_findings, .ctx = &told};
	struct text got;
	struct err e;

	assert_int_equal(
	    rules_parse(&a, TEXT("voiced:compose"), &rules, &e), ERR_NONE);
	assert_true(rules_apply(rules, text_z(in), &a, &got, &report));
	assert_true(text_is(got, out));
	if (!text_is(buf_text(&told), findings))
		fail_msg("%s: %.*s", in, (int)told.n, (const char *)told.p);
	buf_fini(&told);
	arena_fini(&a);
}

static void tells_of_stranded_marks_and_leaves_them(void **state)
{
	(void)state;
	finds("ﾞｱ", "ﾞｱ", "1:FF9E ");
	finds("カ゛゛ア゜", "ガ゛ア゜", "3:309B 5:309C ");
	finds("が\u3099 ゛山゛", "が\u3099 ゛山゛", "2:3099 4:309B 6:309B ");
	finds("ｱﾞｶﾟ", "ｱﾞｶﾟ", "2:FF9E 4:FF9F ");
	finds("ｶﾞﾊﾟｳﾞカ゛ワ゛", "ｶﾞﾊﾟｳﾞガヷ", "");
	finds("ガ山a", "ガ山a", "");
}

static void applies_from_left_to_right(void **state)
{
	struct arena a = {0};
	const struct rules *rules;
	struct text out;
	struct err e;

	(void)state;
	assert_int_equal(
	    rules_parse(&a, TEXT("wo:o,corp:abbrev,zengin:holder,cut-bytes:8"),
		&rules, &e),
	    ERR_NONE);
	assert_true(rules_apply(
	    rules, TEXT("カブシキガイシャ ミヲビジュツ"), &a, &out, NULL));
	assert_true(text_is(out, "ｶ)ﾐｵﾋﾞｼﾞ"));
	assert_int_equal(rules_parse(&a, TEXT(""), &rules, &e), ERR_NONE);
	assert_true(rules_apply(rules, TEXT("ア"), &a, &out, NULL));
	assert_true(text_is(out, "ア"));
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_unknown_rules_and_arguments),
	    cmocka_unit_test(every_rule_of_the_list_is_built),
	    cmocka_unit_test(bounds_the_list_and_its_detail),
	    cmocka_unit_test(each_rule_does_what_its_cases_say),
	    cmocka_unit_test(each_rule_has_cases),
	    cmocka_unit_test(tells_where_in_the_rule_s_own_input),
	    cmocka_unit_test(tells_when_a_kanji_is_chosen_among_several),
	    cmocka_unit_test(tells_of_stranded_marks_and_leaves_them),
	    cmocka_unit_test(applies_from_left_to_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
