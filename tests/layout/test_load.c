/* Tests of loading and checking rule files: each refusal with its place. */
#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define CSV "encoding: utf-8\nform: csv\n"
#define KEY "    - {item: 管理番号}\n"

static void refused(struct layout *l, const struct err *e, const char *code,
    long line, long column)
{
	assert_null(l);
	assert_int_equal(e->class, ERR_INPUT);
	assert_string_equal(e->code, code);
	assert_int_equal(e->line, line);
	assert_int_equal(e->column, column);
	assert_int_equal(e->level, ERR_FILE);
}

static void refused_columns(
    const char *columns, const char *code, long line, long column)
{
	struct err e;
	struct layout *l = helper_vary(NULL, columns, NULL, &e);

	refused(l, &e, code, line, column);
}

static void refused_zengin(
    const char *columns, const char *code, long line, long column)
{
	struct err e;
	struct layout *l =
	    helper_vary("encoding: zengin\nform: fixed\n", columns,
		"  detail:\n   columns:\n    - {item: 管理番号, width: 16}\n"
		"    - {item: 回答区分, width: 1, map: {found: \"1\", none: "
		"\"2\", review: \"3\", partial: \"4\", paper: \"5\", invalid: "
		"\"6\", refused: \"7\"}}\n",
		&e);

	if (code == NULL) {
		assert_non_null(l);
		layout_free(l);
		return;
	}
	refused(l, &e, code, line, column);
}

/* A bank whose word for "none" is that one. */
static void refused_answer(
    const char *word, const char *code, long line, long column)
{
	char answer[300];
	struct err e;
	struct layout *l;

	(void)snprintf(answer, sizeof(answer),
	    "  detail:\n   columns:\n    - {item: 管理番号}\n"
	    "    - {item: 回答区分, map: {found: \"1\", none: %s, review: "
	    "\"3\", partial: \"4\", paper: \"5\", invalid: \"6\", refused: "
	    "\"7\"}}\n",
	    word);
	l = helper_vary(NULL, NULL, answer, &e);
	if (code == NULL) {
		assert_non_null(l);
		layout_free(l);
		return;
	}
	refused(l, &e, code, line, column);
}

static void refuses_what_is_no_yaml(void **state)
{
	struct err e;

	(void)state;
	refused(helper_load("a: [1, 2\n", &e), &e, "layout.syntax", 2, 1);
	refused(helper_load("", &e), &e, "layout.syntax", 1, 1);
	refused(helper_load("a: 1\na: 2\n", &e), &e, "layout.syntax", 2, 1);
	refused(helper_load("a: &x 1\nb: *x\n", &e), &e, "layout.syntax", 1, 4);
	refused(helper_load("a: !!int 1\n", &e), &e, "layout.syntax", 1, 4);
	refused(
	    helper_load("a: 1\n---\nb: 2\n", &e), &e, "layout.syntax", 2, 1);
	refused(helper_load("? [a]\n: 1\n", &e), &e, "layout.syntax", 1, 3);
}

static void bounds_depth_and_size(void **state)
{
	struct err e;
	size_t n = 256 * 1024 + 1;
	char *big = malloc(n + 1);

	(void)state;
	assert_null(helper_load("[[[[[[[[[1]]]]]]]]]", &e));
	assert_int_equal(e.class, ERR_LIMIT);
	assert_string_equal(e.code, "layout.syntax");
	assert_int_equal(e.column, 9);
	assert_non_null(big);
	memset(big, ' ', n);
	big[n] = '\0';
	assert_null(helper_load(big, &e));
	assert_int_equal(e.class, ERR_LIMIT);
	free(big);
}

static void refuses_unknown_keys_words_and_items(void **state)
{
	struct err e;

	(void)state;
	refused(helper_vary("encoding: utf-16\nform: csv\n", NULL, NULL, &e),
	    &e, "layout.syntax", 4, 1);
	refused(helper_vary(CSV "newlin: lf\n", NULL, NULL, &e), &e,
	    "layout.syntax", 6, 1);
	refused(helper_vary(CSV "newline: none\n", NULL, NULL, &e), &e,
	    "layout.syntax", 6, 1);
	refused(helper_vary(CSV "delimiter: \"|\"\n", NULL, NULL, &e), &e,
	    "layout.syntax", 6, 1);
	refused(helper_vary(CSV "records_per_file: 5001\n", NULL, NULL, &e), &e,
	    "layout.syntax", 6, 1);
	refused(helper_vary(CSV "hub: []\n", NULL, NULL, &e), &e,
	    "layout.syntax", 6, 1);
	refused(helper_vary(CSV "hub: [A, B, C, D, E]\n", NULL, NULL, &e), &e,
	    "layout.syntax", 6, 1);
	refused(
	    helper_vary(CSV "schedule: {cutoff: \"25:00\"}\n", NULL, NULL, &e),
	    &e, "layout.syntax", 6, 12);
	refused_columns(KEY "    - {item: 氏名}\n", "layout.syntax", 11, 8);
	refused_columns(
	    KEY "    - {item: 住所, constant: x}\n", "layout.syntax", 11, 7);
	refused_columns(
	    KEY "    - {item: 住所, wide: 3}\n", "layout.syntax", 11, 18);
	refused_columns(
	    KEY "    - {item: 住所, from: 氏名}\n", "layout.syntax", 11, 18);
	refused_columns(
	    KEY "    - {item: 住所, date: ymd8}\n", "layout.syntax", 11, 18);
	refused_columns("    - {item: 住所}\n", "layout.syntax", 8, 3);
}

/* What may be left blank: no code, nothing required, no silent loss. */
static void refuses_blanks_where_nothing_may_be_lost(void **state)
{
	(void)state;
	refused_columns(
	    KEY "    - {item: 住所, fail: blank}\n", "layout.syntax", 11, 18);
	refused_columns(KEY "    - {item: 住所, loss: allow, required: true, "
			    "fail: blank}\n",
	    "layout.syntax", 11, 47);
	refused_columns(KEY "    - {item: 性別, loss: allow, fail: blank}\n",
	    "layout.syntax", 11, 31);
	refused_columns(KEY "    - {item: 住所, loss: allow, fail: drop}\n",
	    "layout.syntax", 11, 31);
}

static void refuses_unknown_rules(void **state)
{
	(void)state;
	refused_columns(KEY "    - {item: カナ氏名, rules: kana-huge}\n",
	    "layout.unknown_rule", 11, 20);
	refused_columns(KEY
	    "    - item: カナ氏名\n      rules: {\"2\": \"long:x\"}\n",
	    "layout.unknown_rule", 12, 15);
}

/* What would be right is told where the words are too many to be listed. */
static void tells_what_may_have_been_meant(void **state)
{
	static const struct {
		const char *top;
		const char *column;
		const char *told;
	} wrong[] = {
	    {"", "{item: 漢字指名}", "漢字指名; perhaps 漢字氏名"},
	    {"", "{item: 店番}", "the 23 request items (docs/layout.md)"},
	    {"", "{item: 住所, from: 旧住処}", "a request item"},
	    {"", "{item: 住所, from: 住処}", "住処; perhaps 住所"},
	    {"", "{item: カナ氏名, rules: \"nfc,kana-fuel\"}",
		"kana-fuel; perhaps kana-full"},
	    {"", "{item: カナ氏名, rules: \"space:three\"}",
		"space:three; one of: none half full one"},
	    {"", "{item: カナ氏名, rules: \"nfc:x\"}",
		"nfc:x; without an argument"},
	    {"", "{item: カナ氏名, read: \"perfumed\"}",
		"perfumed; docs/layout.md"},
	    {"accepts: {basis: [jumin-331-5]}\n", "{item: 住所}",
		"jumin-331-5; perhaps jumin-331-6"},
	    {"accepts: {basis: [zeiho]}\n", "{item: 住所}", "docs/layout.md"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char top[128];
		char columns[256];
		struct err e;

		(void)snprintf(top, sizeof(top), CSV "%s", wrong[i].top);
		(void)snprintf(columns, sizeof(columns), KEY "    - %s\n",
		    wrong[i].column);
		assert_null(helper_vary(top, columns, NULL, &e));
		assert_string_equal(e.detail, wrong[i].told);
	}
}

static void refuses_zeros_before_codes(void **state)
{
	(void)state;
	/* T4: 00123 and 123 are two customers. */
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {item: 顧客番号, width: 20, pad: left, fill: "
		       "zero}\n",
	    "layout.syntax", 11, 42);
}

static void refuses_overlaps(void **state)
{
	(void)state;
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {item: 支店番号, at: 16, width: 3}\n",
	    "layout.overlap", 11, 7);
	refused_columns(KEY "    - {item: 住所}\n    - {item: 住所, name: a}\n",
	    "layout.overlap", 12, 7);
}

static void refuses_records_that_cannot_be_told_apart(void **state)
{
	struct err e;
	static const char answer[] =
	    "  detail:\n   mark: \"1\"\n   columns:\n    - {item: 管理番号}\n"
	    "    - {item: 回答区分, map: {found: \"1\", none: \"2\", review: "
	    "\"3\", partial: \"4\", paper: \"5\", invalid: \"6\", refused: "
	    "\"7\"}}\n  account:\n   %scolumns:\n    - {item: 残高}\n";
	char yaml[2048];

	(void)state;
	(void)snprintf(yaml, sizeof(yaml), answer, "mark: \"1\"\n   ");
	refused(helper_vary(NULL, NULL, yaml, &e), &e, "layout.overlap", 17, 3);
	(void)snprintf(yaml, sizeof(yaml), answer, "");
	refused(helper_vary(NULL, NULL, yaml, &e), &e, "layout.syntax", 17, 3);
}

static void refuses_maps_that_miss_or_confuse(void **state)
{
	struct err e;

	(void)state;
	refused_columns(KEY "    - {item: 性別, map: {\"1\": M, \"2\": F}}\n",
	    "layout.map_incomplete", 11, 18);
	refused_columns(KEY
	    "    - {item: 属性(人格), map: {\"1\": A, \"2\": A, \"3\": "
	    "B}}\n",
	    "layout.map_incomplete", 11, 22);
	refused_columns(KEY "    - {item: 属性(人格), map: {\"1\": A, \"2\": "
			    "B, \"3\": C, \"4\": D}}\n",
	    "layout.syntax", 11, 52);
	refused(helper_vary(NULL, NULL,
		    "  detail:\n   columns:\n    - {item: 管理番号}\n"
		    "    - {item: 回答区分}\n",
		    &e),
	    &e, "layout.map_incomplete", 15, 7);
	refused(helper_vary(NULL, NULL,
		    "  detail:\n   columns:\n    - {item: 管理番号}\n"
		    "    - {item: 回答区分, map: {found: \"1\", none: \"2\", "
		    "review: \"3\", partial: \"4\", paper: \"5\", invalid: "
		    "\"6\"}}\n",
		    &e),
	    &e, "layout.map_incomplete", 15, 20);
}

static void refuses_what_never_fits(void **state)
{
	(void)state;
	refused_zengin(
	    "    - {item: 管理番号, width: 15}\n", "layout.never_fits", 10, 7);
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {item: 調査基準日, width: 7, date: ymd8}\n",
	    "layout.never_fits", 11, 7);
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {item: 調査基準日, width: 7, date: era7}\n",
	    NULL, 0, 0);
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {item: 住所, width: 100}\n",
	    "layout.never_fits", 11, 7);
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {item: カナ氏名, width: 30}\n",
	    "layout.never_fits", 11, 7);
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {constant: 銀行, width: 30}\n",
	    "layout.never_fits", 11, 7);
	refused_zengin("    - {item: 管理番号, width: 16}\n"
		       "    - {item: 性別, width: 1, map: {\"1\": MM, \"2\": "
		       "F, \"0\": \"\", \"9\": \"\"}}\n",
	    "layout.never_fits", 11, 7);
	refused_answer("UNANSWERABLE", "layout.never_fits", 15, 7);
	refused_answer("UNANSWERED", NULL, 0, 0);
	refused_columns(KEY "    - {item: 住所, name: \"a\\\"b\"}\n"
			    "  names: true\n",
	    "layout.never_fits", 11, 7);
}

static void refuses_counts_outside_header_and_trailer(void **state)
{
	struct err e;
	struct layout *l = helper_vary(
	    CSV "quote: never\n", KEY "    - {value: records}\n", NULL, &e);

	(void)state;
	/* A count stands in a header or a trailer. */
	refused(l, &e, "layout.syntax", 12, 7);
}

static void note_count(void *ctx, const struct err *finding)
{
	size_t *n = ctx;

	assert_true(finding->line > 0 && finding->column > 0);
	++*n;
}

static void tells_every_finding(void **state)
{
	static const char yaml[] = "layout: 2\nform: csv\nvalid_from: x\n"
				   "encoding: utf-8\n";
	struct layout *l;
	struct err e;
	size_t n = 0;

	(void)state;
	assert_int_equal(layout_load(BYTES(yaml, sizeof(yaml) - 1), "t.yaml",
			     note_count, &n, &l, &e),
	    ERR_INPUT);
	assert_int_equal(n, 5); /* layout, institution, day, request, answer */
	assert_int_equal(e.line, 1);
}

static void loads_the_six_of_the_project(void **state)
{
	static const size_t records[] = {5000, 2000, 1000, 500, 3000, 5000};
	static const bool address[] = {true, true, false, false, true, false};

	(void)state;
	for (int i = 0; i < HELPER_LAYOUTS; i++) {
		struct layout *l = helper_real(i);
		struct buf sheet = {0};
		struct err e;

		assert_int_equal(layout_records_per_file(l), records[i]);
		assert_int_equal(layout_uses_address(l), address[i]);
		assert_string_equal(layout_version(l), "2025-04-01");
		assert_non_null(strstr(layout_name(l), "架空"));
		layout_show(l, "ja", &sheet);
		layout_show(l, "en", &sheet);
		assert_true(sheet.n > 1000);
		buf_fini(&sheet);
		assert_int_equal(layout_rename(l, "96070", "x", &e), ERR_INPUT);
		assert_int_equal(
		    layout_rename(l, "9607", "架空第七銀行", &e), ERR_NONE);
		assert_string_equal(layout_institution(l), "9607");
		layout_free(l);
	}
}

static void names_files_by_the_template(void **state)
{
	struct layout *l = helper_real(0);
	struct buf b = {0};

	(void)state;
	layout_file_name(l, "131041-001-9601-0001", "2026-10-01", 12, &b);
	assert_true(text_is(buf_text(&b), "SHOKAI_9601_20261001_0012.csv"));
	buf_fini(&b);
	layout_free(l);
}

static void accepts_the_bases_it_lists(void **state)
{
	struct err e;
	struct layout *l = helper_vary(
	    CSV "accepts: {basis: [kei-463-27, seiho-29]}\n", NULL, NULL, &e);

	(void)state;
	assert_non_null(l);
	assert_true(layout_accepts_basis(l, TEXT("kei-463-27")));
	assert_true(layout_accepts_basis(l, TEXT("seiho-29|kei-463-27")));
	assert_false(layout_accepts_basis(l, TEXT("kei-463-27|jumin-331-6")));
	assert_false(layout_accepts_basis(l, TEXT("kei")));
	layout_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_is_no_yaml),
	    cmocka_unit_test(bounds_depth_and_size),
	    cmocka_unit_test(refuses_unknown_keys_words_and_items),
	    cmocka_unit_test(refuses_blanks_where_nothing_may_be_lost),
	    cmocka_unit_test(refuses_unknown_rules),
	    cmocka_unit_test(tells_what_may_have_been_meant),
	    cmocka_unit_test(refuses_zeros_before_codes),
	    cmocka_unit_test(refuses_overlaps),
	    cmocka_unit_test(refuses_records_that_cannot_be_told_apart),
	    cmocka_unit_test(refuses_maps_that_miss_or_confuse),
	    cmocka_unit_test(refuses_what_never_fits),
	    cmocka_unit_test(refuses_counts_outside_header_and_trailer),
	    cmocka_unit_test(tells_every_finding),
	    cmocka_unit_test(loads_the_six_of_the_project),
	    cmocka_unit_test(names_files_by_the_template),
	    cmocka_unit_test(accepts_the_bases_it_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
