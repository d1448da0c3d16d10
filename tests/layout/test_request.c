/* Tests of requests: written, held, cut, and read back by the bank. */
#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define KEY "    - {item: 管理番号}\n"

/* What the bank's side read. */
struct taken {
	struct arena keep;
	struct request r[4];
	size_t n;
	size_t bad;
	struct err why;
	char kanri[32];
};

static enum err_class take(
    void *ctx, const struct request *r, long line, struct err *e)
{
	struct taken *t = ctx;

	(void)line;
	(void)e;
	assert_true(t->n < 4);
	for (int i = 0; i < (int)REQUEST_COUNT; i++)
		t->r[t->n].f[i] = text_dup(&t->keep, r->f[i]);
	t->n++;
	return ERR_NONE;
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct taken *t = ctx;

	t->bad++;
	t->why = *why;
	memcpy(t->kanri, kanri.n ? kanri.p : "", kanri.n);
	t->kanri[kanri.n] = '\0';
}

static enum err_class read_back(struct layout *l, const struct buf *file,
    struct taken *t, size_t *records, struct err *e)
{
	struct arena a = {0};
	struct layout_sink sink = {.ctx = t, .request = take, .bad = take_bad};
	enum err_class class =
	    layout_read(l, buf_bytes(file), &a, &sink, records, e);

	arena_fini(&a);
	return class;
}

#define RULE_MAX 64

/*
 * Writes one request of a varied layout; what it made is in out. The rule's
 * name lives as long as its layout: it is copied into rule.
 */
static void put_one(const char *top, const char *columns,
    const struct request *r, struct buf *out, struct layout_report *report,
    char rule[RULE_MAX])
{
	struct err e;
	struct layout *l = helper_vary(top, columns, NULL, &e);

	assert_non_null(l);
	layout_begin_requests(l, "F", out);
	layout_put_request(l, r, out, report);
	layout_end_requests(l, !report->held, out);
	(void)snprintf(
	    rule, RULE_MAX, "%s", report->held ? report->hold.rule : "");
	report->hold.rule = rule;
	layout_free(l);
}

static void expect_bytes(const struct buf *out, const char *due)
{
	assert_int_equal(out->n, strlen(due));
	assert_memory_equal(out->p, due, out->n);
}

/* T2: not without the layout's word. */
static void holds_material_loss_without_permission(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	put_one(NULL, KEY "    - {item: カナ氏名, rules: kana-large}\n", &r,
	    &out, &report, rule);
	assert_true(report.held);
	assert_int_equal(report.hold.item, REQUEST_KANA);
	assert_string_equal(report.hold.rule, "kana-large");
	assert_int_equal(report.hold.at, 2);
	assert_int_equal(report.hold.bad, 0x30E3); /* ャ */
	assert_int_equal(out.n, 0);
	buf_fini(&out);
}

static void allows_material_loss_with_permission(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	put_one(NULL,
	    KEY "    - {item: カナ氏名, rules: \"kana-large,space:none\", "
		"loss: allow}\n",
	    &r, &out, &report, rule);
	assert_false(report.held);
	assert_int_equal(report.material, 1u << REQUEST_KANA);
	expect_bytes(&out, HELPER_KANRI1 ",キヤノンヨーコ\r\n");
	buf_fini(&out);
}

static void holds_what_the_encoding_lacks(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	r.f[REQUEST_KANJI] = TEXT("髙﨑 𠮷男");
	put_one("encoding: cp932\nform: csv\n", KEY "    - {item: 漢字氏名}\n",
	    &r, &out, &report, rule);
	assert_true(report.held);
	assert_string_equal(report.hold.rule, "cp932");
	assert_int_equal(report.hold.at, 4);
	assert_int_equal(report.hold.bad, 0x20BB7);
	buf_fini(&out);
}

static void holds_what_is_too_wide_or_missing(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct layout_report other = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	put_one(NULL, KEY "    - {item: 住所, width: 20}\n", &r, &out, &report,
	    rule);
	assert_true(report.held);
	assert_string_equal(report.hold.rule, "width");
	assert_int_equal(report.hold.at, 7); /* 東京都新宿区 are 18 bytes */
	r.f[REQUEST_ADDRESS] = TEXT("");
	put_one(NULL, KEY "    - {item: 住所, required: true}\n", &r, &out,
	    &other, rule);
	assert_true(other.held);
	assert_string_equal(other.hold.rule, "required");
	buf_fini(&out);
}

static void holds_codes_and_dates_the_institution_refuses(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct layout_report other = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	r.f[REQUEST_PERSON] = TEXT("3");
	put_one(NULL,
	    KEY "    - {item: 属性(人格), map: {\"1\": A, \"2\": B, \"3\": "
		"~}}\n",
	    &r, &out, &report, rule);
	assert_true(report.held);
	assert_string_equal(report.hold.rule, "map");
	/* 平成 began on 1989-01-08: no era without the month. */
	r.f[REQUEST_BIRTH] = TEXT("1989-00-00");
	put_one(NULL, KEY "    - {item: 生(設立)年月日, date: era7}\n", &r,
	    &out, &other, rule);
	assert_true(other.held);
	assert_string_equal(other.hold.rule, "date");
	buf_fini(&out);
}

static void holds_quotes_where_none_are_agreed(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	r.f[REQUEST_ADDRESS] = TEXT("四谷1,2");
	put_one("encoding: utf-8\nform: csv\nquote: never\n",
	    KEY "    - {item: 住所}\n", &r, &out, &report, rule);
	assert_true(report.held);
	assert_string_equal(report.hold.rule, "delimiter");
	buf_fini(&out);
}

/* T3: ｸﾞ is two bytes and one letter. */
static void cuts_never_between_a_kana_and_its_mark(void **state)
{
	static const struct {
		const char *kana;
		const char *due; /* 4 bytes, padded */
	} cases[] = {
	    {"ガクブチ", "\xb6\xde\xb8 "},
	    {"アイウガ", "\xb1\xb2\xb3 "},
	    {"アイガ", "\xb1\xb2\xb6\xde"},
	    {"ガガガ", "\xb6\xde\xb6\xde"},
	    {"パ", "\xca\xdf  "},
	};
	struct err e;
	struct layout *l = helper_vary("encoding: zengin\nform: fixed\n",
	    "    - {item: 管理番号, width: 16}\n"
	    "    - {item: カナ氏名, width: 4, cut: true, rules: kana-half}\n",
	    "  detail:\n   columns:\n    - {item: 管理番号, width: 16}\n"
	    "    - {item: 回答区分, width: 1, map: {found: \"1\", none: \"2\", "
	    "review: \"3\", partial: \"4\", paper: \"5\", invalid: \"6\", "
	    "refused: \"7\"}}\n",
	    &e);

	(void)state;
	assert_non_null(l);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct layout_report report = {0};
		struct buf out = {0};
		struct request r;

		helper_person(&r, HELPER_KANRI1);
		r.f[REQUEST_KANA] = text_z(cases[i].kana);
		layout_begin_requests(l, "F", &out);
		layout_put_request(l, &r, &out, &report);
		assert_false(report.held);
		assert_int_equal(out.n, 22);
		assert_memory_equal(out.p + 16, cases[i].due, 4);
		buf_fini(&out);
	}
	layout_free(l);
}

static void keeps_characters_whole_when_cutting(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	r.f[REQUEST_KANJI] = TEXT("𠮷田");
	put_one(NULL, KEY "    - {item: 漢字氏名, width: 5, cut: true}\n", &r,
	    &out, &report, rule);
	expect_bytes(&out, HELPER_KANRI1 ",𠮷\r\n");
	assert_int_equal(report.material, 1u << REQUEST_KANJI);
	buf_fini(&out);
}

static void takes_the_first_name_that_is_given(void **state)
{
	struct request r;
	char rule[RULE_MAX];
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	r.f[REQUEST_ROMAN] = TEXT("SMITH JOHN");
	put_one(NULL,
	    KEY "    - {item: カナ氏名, from: {\"1\": [英字名, カナ氏名], "
		"\"2\": [カナ氏名]}}\n",
	    &r, &out, &report, rule);
	r.f[REQUEST_PERSON] = TEXT("2");
	put_one(NULL,
	    KEY "    - {item: カナ氏名, from: {\"1\": [英字名, カナ氏名], "
		"\"2\": [カナ氏名]}}\n",
	    &r, &out, &report, rule);
	expect_bytes(&out, HELPER_KANRI1 ",SMITH JOHN\r\n" HELPER_KANRI1
					 ",キャノン ヨーコ\r\n");
	buf_fini(&out);
}

/* Items that each of the six gives back as they were (true), by layout. */
static void expect_back(
    const struct request *due, const struct request *got, int no)
{
	static const enum request_item exact[] = {REQUEST_INQUIRY,
	    REQUEST_PERSON, REQUEST_BIRTH, REQUEST_BRANCH, REQUEST_ACCOUNT_KIND,
	    REQUEST_ACCOUNT, REQUEST_CUSTOMER, REQUEST_BASIS, REQUEST_BASE_DATE,
	    REQUEST_PERIOD};

	for (size_t i = 0; i < sizeof(exact) / sizeof(*exact); i++)
		assert_true(text_eq(due->f[exact[i]], got->f[exact[i]]));
	if (no == 0 || no == 1 || no == 4) {
		assert_true(text_eq(due->f[REQUEST_SEX], got->f[REQUEST_SEX]));
		assert_true(
		    text_eq(due->f[REQUEST_POSTAL], got->f[REQUEST_POSTAL]));
		assert_true(got->f[REQUEST_ADDRESS].n != 0);
	}
	if (no != 2 && no != 5)
		assert_true(
		    text_eq(due->f[REQUEST_KANJI], got->f[REQUEST_KANJI]));
	assert_true(got->f[REQUEST_KANA].n != 0);
}

static void every_layout_gives_requests_back(void **state)
{
	static const char *const births[] = {
	    "1985-04-09", "2001-05-00", "1990-00-00", "0000-00-00"};

	(void)state;
	for (int no = 0; no < HELPER_LAYOUTS; no++) {
		struct layout *l = helper_real(no);
		struct taken t = {0};
		struct request r[4];
		struct buf out = {0};
		char kanri[4][32];
		size_t records;
		struct err e = {0};

		layout_begin_requests(l, "131041-001-9601-0001", &out);
		for (int i = 0; i < 4; i++) {
			struct layout_report report = {0};

			helper_person(&r[i], helper_kanri(i + 1, kanri[i]));
			r[i].f[REQUEST_BIRTH] = text_z(births[i]);
			layout_put_request(l, &r[i], &out, &report);
			assert_false(report.held);
		}
		layout_end_requests(l, 4, &out);
		assert_int_equal(
		    read_back(l, &out, &t, &records, &e), ERR_NONE);
		assert_int_equal(records, 4);
		assert_int_equal(t.bad, 0);
		assert_int_equal(t.n, 4);
		for (int i = 0; i < 4; i++) {
			/* 9606 leaves out birth dates with unknown parts. */
			if (no == 5 && i > 0)
				r[i].f[REQUEST_BIRTH] = TEXT("");
			expect_back(&r[i], &t.r[i], no);
		}
		if (no == 2)
			assert_true(text_is(
			    layout_read_file_id(l), "131041-001-9601-0001"));
		arena_fini(&t.keep);
		buf_fini(&out);
		layout_free(l);
	}
}

static void refuses_a_file_with_wrong_frame(void **state)
{
	struct layout *l = helper_real(1);
	struct buf out = {0};
	struct request r;
	struct layout_report report = {0};
	struct taken t = {0};
	struct err e;
	size_t records;

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	layout_begin_requests(l, "F", &out);
	layout_put_request(l, &r, &out, &report);
	layout_end_requests(l, 2, &out);
	assert_int_equal(read_back(l, &out, &t, &records, &e), ERR_INPUT);
	assert_string_equal(e.code, "answer.count");
	out.p[1] = 'X'; /* the header's mark */
	assert_int_equal(read_back(l, &out, &t, &records, &e), ERR_INPUT);
	assert_string_equal(e.code, "answer.header");
	assert_int_equal(t.n + t.bad, 0);
	buf_fini(&out);
	layout_free(l);
}

static void refuses_one_bad_record_and_reads_the_rest(void **state)
{
	struct err e;
	struct layout *l = helper_vary(NULL,
	    KEY "    - {item: 生(設立)年月日, date: ymd8}\n"
		"    - {item: 口座種別}\n",
	    NULL, &e);
	static const char file[] = HELPER_KANRI1
	    ",19850409,1\r\n" HELPER_KANRI1 ",19850231,1\r\n"
	    "2T410017EP000018,19850409,1\r\n" HELPER_KANRI1
	    ",19850409\r\n" HELPER_KANRI1 ",19850409,x\r\n" HELPER_KANRI1
	    ",19\xff,1\r\n" HELPER_KANRI1 ",00000000,\r\n";
	static const char *const codes[] = {"answer.bad_date",
	    "answer.unknown_number", "answer.columns", "answer.unknown_code",
	    "answer.bad_char"};
	struct buf b = {0};
	struct taken t = {0};
	size_t records;

	(void)state;
	assert_non_null(l);
	buf_add(&b, file, sizeof(file) - 1);
	assert_int_equal(read_back(l, &b, &t, &records, &e), ERR_NONE);
	assert_int_equal(records, 7);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.bad, 5);
	assert_true(text_is(t.r[1].f[REQUEST_BIRTH], "0000-00-00"));
	/* One by one: each is refused for its own reason, with its line. */
	for (size_t i = 0; i < 5; i++) {
		const char *from = file;
		struct buf one = {0};
		struct taken alone = {0};

		for (size_t k = 0; k <= i; k++)
			from = strchr(from, '\n') + 1;
		buf_add(&one, from, (size_t)(strchr(from, '\n') + 1 - from));
		assert_int_equal(
		    read_back(l, &one, &alone, &records, &e), ERR_NONE);
		assert_int_equal(alone.bad, 1);
		assert_string_equal(alone.why.code, codes[i]);
		assert_int_equal(alone.why.line, 1);
		assert_int_equal(alone.why.level, ERR_RECORD);
		buf_fini(&one);
		arena_fini(&alone.keep);
	}
	arena_fini(&t.keep);
	buf_fini(&b);
	layout_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(holds_material_loss_without_permission),
	    cmocka_unit_test(allows_material_loss_with_permission),
	    cmocka_unit_test(holds_what_the_encoding_lacks),
	    cmocka_unit_test(holds_what_is_too_wide_or_missing),
	    cmocka_unit_test(holds_codes_and_dates_the_institution_refuses),
	    cmocka_unit_test(holds_quotes_where_none_are_agreed),
	    cmocka_unit_test(cuts_never_between_a_kana_and_its_mark),
	    cmocka_unit_test(keeps_characters_whole_when_cutting),
	    cmocka_unit_test(takes_the_first_name_that_is_given),
	    cmocka_unit_test(every_layout_gives_requests_back),
	    cmocka_unit_test(refuses_a_file_with_wrong_frame),
	    cmocka_unit_test(refuses_one_bad_record_and_reads_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
