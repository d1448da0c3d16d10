/* Tests of inquiries with several records: asked under former names and
 * addresses, answered record by record; and of what is not accepted. */
#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TOP "encoding: utf-8\nform: csv\nnewline: lf\n"
#define CLASSES                                                                \
	"map: {found: F, none: N, review: R, partial: P, paper: L, "           \
	"invalid: E, refused: X}"

static const char per_account[] =
    "  per: account\n  detail:\n   mark: D\n   columns:\n"
    "    - {item: 管理番号}\n    - {item: 回答区分, " CLASSES "}\n"
    "    - {item: カナ氏名}\n    - {item: 出資金口数}\n"
    "    - {item: 金融機関任意情報}\n"
    "    - {item: 店番}\n    - {item: 口座種別}\n    - {item: 口座番号}\n"
    "    - {item: 残高}\n    - {item: その他取引(貸出金/その他取引科目)}\n"
    "  transaction:\n   mark: T\n   columns:\n"
    "    - {item: 取引日}\n    - {item: 入金}\n"
    "  other:\n   mark: O\n   columns:\n"
    "    - {item: 種類}\n    - {item: 金額}\n";

/* A layout with fan-out; accounts stand below their holder. */
static struct layout *fanned(const char *fan, struct err *e)
{
	static const char answer[] =
	    "  detail:\n   mark: D\n   columns:\n"
	    "    - {item: 管理番号}\n    - {item: 回答区分, " CLASSES "}\n"
	    "    - {item: カナ氏名}\n    - {value: variant}\n"
	    "    - {value: accounts}\n"
	    "  account:\n   mark: A\n   columns:\n"
	    "    - {item: 店番}\n    - {item: 口座番号}\n    - {item: 残高}\n";
	char yaml[8192];

	(void)snprintf(yaml, sizeof(yaml),
	    "layout: 1\ninstitution: {code: \"9699\", name: 架空試験銀行}\n"
	    "valid_from: 2025-04-01\n" TOP "records_per_file: 10\nrequest:\n"
	    "  file_name: a{seq}\n  fan_out: %s\n  detail:\n   columns:\n"
	    "    - {item: 管理番号}\n    - {value: variant}\n"
	    "    - {item: カナ氏名, required: true}\n"
	    "    - {item: 漢字氏名}\n"
	    "    - {item: 住所}\n    - {item: 郵便番号}\n"
	    "answer:\n%s",
	    fan, answer);
	return helper_load(yaml, e);
}

static struct layout *fan_of(const char *fan)
{
	struct err e;
	struct layout *l = fanned(fan, &e);

	if (l == NULL)
		fail_msg("%ld:%ld %s %s", e.line, e.column, e.en, e.detail);
	return l;
}

struct noted {
	size_t n;
	size_t left_out;
};

static void note(
    void *ctx, enum request_item item, const struct rules_change *change)
{
	struct noted *n = ctx;

	(void)item;
	n->n++;
	n->left_out += strcmp(change->rule, "fan-out") == 0;
}

static void person(struct request *r)
{
	helper_person(r, HELPER_KANRI1);
	r->f[REQUEST_KANJI] = TEXT("観音 洋子");
	r->other[REQUEST_OTHER_FORMER_NAME] = TEXT("山田");
	r->other[REQUEST_OTHER_FORMER_KANA] = TEXT("ヤマダ");
	r->other[REQUEST_OTHER_FORMER_ADDRESS1] = TEXT("東京都中野区1-1");
	r->other[REQUEST_OTHER_FORMER_ADDRESS2] = TEXT("東京都中野区2-2");
}

static void put(struct layout *l, const struct request *r, struct buf *out,
    struct layout_report *report)
{
	layout_begin_requests(l, "F", out);
	layout_put_request(l, r, out, report);
	layout_end_requests(l, !report->held, out);
	buf_byte(out, '\0');
}

static void refuses_fan_outs_that_cannot_be(void **state)
{
	static const char *const bad[] = {"[旧氏]", "{of: []}",
	    "{of: [旧氏カナ]}", "{of: [住所]}", "{of: [旧氏], max: 1}",
	    "{of: [旧氏], max: 9}", "{max: 2}"};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (fanned(bad[i], &e) != NULL)
			fail_msg("%s", bad[i]);
		assert_string_equal(e.code, "layout.syntax");
		assert_int_equal(e.line, 10);
	}
}

static void asks_under_former_name_and_addresses(void **state)
{
	struct layout *l = fan_of("{of: [旧氏, 旧住所1, 旧住所2]}");
	struct request r;
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	person(&r);
	put(l, &r, &out, &report);
	assert_string_equal((char *)out.p,
	    HELPER_KANRI1 ",1,キャノン ヨーコ,観音 洋子,"
			  "東京都新宿区西新宿2-8-1,1600023\n" HELPER_KANRI1
			  ",2,ヤマダ ヨーコ,山田 洋子,"
			  "東京都新宿区西新宿2-8-1,1600023\n" HELPER_KANRI1
			  ",3,キャノン ヨーコ,観音 洋子,東京都中野区1-1,"
			  "\n" HELPER_KANRI1
			  ",4,キャノン ヨーコ,観音 洋子,東京都中野区2-2,\n");
	/* Ten records in a file are two inquiries of at most four. */
	assert_int_equal(layout_records_per_file(l), 2);
	buf_fini(&out);
	layout_free(l);
}

/* T2: what is beyond the bound, or has no reading, is told. */
static void tells_what_it_does_not_ask_under(void **state)
{
	struct layout *l = fan_of("{of: [旧住所1, 旧住所2, 通称], max: 2}");
	struct noted noted = {0};
	struct request r;
	struct layout_report report = {.note = note, .ctx = &noted};
	struct buf out = {0};

	(void)state;
	person(&r);
	r.other[REQUEST_OTHER_ALIAS] = TEXT("金山 洋子");
	put(l, &r, &out, &report);
	assert_non_null(strstr((char *)out.p, "中野区1-1"));
	assert_null(strstr((char *)out.p, "中野区2-2"));
	assert_int_equal(noted.left_out, 2);
	assert_int_equal(
	    report.informational, 1u << REQUEST_ADDRESS | 1u << REQUEST_KANJI);
	assert_false(report.held);
	buf_fini(&out);
	layout_free(l);
}

static void holds_all_records_if_one_cannot_be_written(void **state)
{
	struct err e;
	struct layout *l;
	struct request r;
	struct layout_report report = {0};
	struct buf out = {0};

	(void)state;
	l = helper_load(
	    "layout: 1\ninstitution: {code: \"9699\", name: 架空試験銀行}\n"
	    "valid_from: 2025-04-01\nencoding: cp932\nform: csv\nrequest:\n"
	    "  file_name: a{seq}\n  fan_out: {of: [旧住所1]}\n  detail:\n"
	    "   columns:\n    - {item: 管理番号}\n    - {item: 住所}\n"
	    "answer:\n  detail:\n   columns:\n    - {item: 管理番号}\n"
	    "    - {item: 回答区分, " CLASSES "}\n",
	    &e);
	assert_non_null(l);
	person(&r);
	r.other[REQUEST_OTHER_FORMER_ADDRESS1] = TEXT("𠮷野町1");
	put(l, &r, &out, &report);
	assert_true(report.held);
	assert_int_equal(report.hold.item, REQUEST_ADDRESS);
	assert_int_equal(report.hold.bad, 0x20BB7);
	assert_int_equal(out.n, 1);
	buf_fini(&out);
	layout_free(l);
}

/* ---- read ---- */

struct told {
	struct arena keep;
	struct answer x[4];
	size_t n;
	size_t variants;
	struct text kana[8];
	size_t bad;
	struct err why;
	size_t records;
};

static enum err_class take_request(
    void *ctx, const struct request *r, long line, struct err *e)
{
	struct told *t = ctx;

	(void)line;
	(void)e;
	t->n++;
	t->variants = 0;
	for (; r != NULL; r = r->also)
		t->kana[t->variants++] = text_dup(&t->keep, r->f[REQUEST_KANA]);
	return ERR_NONE;
}

static enum err_class take_answer(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	struct told *t = ctx;

	(void)line;
	(void)e;
	assert_true(t->n < 4);
	t->x[t->n++] = *x;
	return ERR_NONE;
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct told *t = ctx;

	assert_true(kanri.n == 0 || kanri.n == 16);
	t->bad++;
	t->why = *why;
}

static void read_file(
    struct layout *l, const char *file, bool requests, struct told *t)
{
	struct layout_sink sink = {.ctx = t, .bad = take_bad};
	struct err e;

	if (requests)
		sink.request = take_request;
	else
		sink.answer = take_answer;
	*t = (struct told){0};
	if (layout_read(l, BYTES(file, strlen(file)), &t->keep, &sink,
		&t->records, &e) != ERR_NONE)
		fail_msg("%ld: %s %s", e.line, e.code, e.en);
}

static void reads_the_records_of_an_inquiry_as_one(void **state)
{
	struct layout *l = fan_of("{of: [旧氏, 旧住所1]}");
	struct request r;
	struct layout_report report = {0};
	struct buf out = {0};
	struct told t;

	(void)state;
	person(&r);
	put(l, &r, &out, &report);
	out.n--;
	buf_z(&out, HELPER_KANRI2 ",1,ベツ,別人,,\n");
	buf_byte(&out, '\0');
	read_file(l, (char *)out.p, true, &t);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.records, 2);
	assert_int_equal(t.variants, 1); /* of the last */
	arena_fini(&t.keep);
	out.n -= strlen(HELPER_KANRI2 ",1,ベツ,別人,,\n") + 1;
	buf_byte(&out, '\0');
	read_file(l, (char *)out.p, true, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.variants, 3);
	assert_true(text_is(t.kana[1], "ヤマダ ヨーコ"));
	arena_fini(&t.keep);
	buf_fini(&out);
	layout_free(l);
}

#define K1 HELPER_KANRI1
#define K2 HELPER_KANRI2

static void merges_two_accounts_and_the_same_twice(void **state)
{
	struct layout *l = fan_of("{of: [旧氏]}");
	const struct answer *x;
	struct told t;

	(void)state;
	read_file(l,
	    "D," K1 ",F,カンノン ヨウコ,1,1\nA,001,0000001,00500\n"
	    "D," K1 ",F,ヤマダ ヨウコ,2,2\nA,001,0000001,500\n"
	    "A,002,0000002,70\n"
	    "D," K2 ",N,,1,0\nD," K2 ",F,ヤマダ ヨウコ,2,1\n"
	    "A,003,0000003,\n",
	    false, &t);
	assert_int_equal(t.bad, 0);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.records, 2);
	x = &t.x[0];
	assert_int_equal(x->class, CLASS_FOUND);
	assert_int_equal(x->account_count, 2);
	assert_true(text_is(x->f[ANSWER_KANA], "カンノン ヨウコ"));
	assert_int_equal(x->accounts[0].f[ANSWER_KANA].n, 0);
	assert_true(text_is(x->accounts[1].f[ANSWER_ACCOUNT], "0000002"));
	/* The bank's own spelling stays beside the canonical value. */
	assert_true(text_is(x->accounts[0].f[ANSWER_BALANCE], "500"));
	assert_true(text_is(x->accounts[0].raw[ANSWER_BALANCE], "00500"));
	/* The name that account stands under stays with it. */
	assert_true(text_is(x->accounts[1].f[ANSWER_KANA], "ヤマダ ヨウコ"));
	assert_int_equal(t.x[1].class, CLASS_FOUND);
	assert_true(text_is(t.x[1].f[ANSWER_KANA], "ヤマダ ヨウコ"));
	assert_true(text_is(t.x[1].f[ANSWER_ANSWER_KIND], "F"));
	assert_int_equal(t.x[1].accounts[0].f[ANSWER_KANA].n, 0);
	arena_fini(&t.keep);
	layout_free(l);
}

static void refuses_records_that_contradict_each_other(void **state)
{
	struct layout *l = fan_of("{of: [旧氏]}");
	struct told t;

	(void)state;
	read_file(l,
	    "D," K1 ",F,カ,1,1\nA,001,0000001,500\n"
	    "D," K1 ",F,カ,2,1\nA,001,0000001,501\n"
	    "D," K2 ",N,,1,0\n",
	    false, &t);
	assert_int_equal(t.bad, 1);
	assert_string_equal(t.why.code, "answer.repeated");
	assert_string_equal(t.why.item, "残高");
	assert_int_equal(t.n, 1);
	arena_fini(&t.keep);
	/* A record whose own counts are wrong spoils its inquiry. */
	read_file(l, "D," K1 ",F,カ,1,2\nA,001,0000001,500\nD," K1 ",N,,2,0\n",
	    false, &t);
	assert_int_equal(t.bad, 1);
	assert_int_equal(t.n, 0);
	assert_string_equal(t.why.code, "answer.missing");
	arena_fini(&t.keep);
	layout_free(l);
}

static void the_class_that_leaves_most_to_do_stands(void **state)
{
	static const struct {
		char one;
		char two;
		enum answer_class due;
	} pair[] = {{'N', 'N', CLASS_NONE}, {'N', 'E', CLASS_INVALID},
	    {'E', 'X', CLASS_REFUSED}, {'X', 'L', CLASS_PAPER},
	    {'L', 'F', CLASS_FOUND}, {'P', 'F', CLASS_PARTIAL},
	    {'P', 'R', CLASS_REVIEW}, {'F', 'N', CLASS_FOUND}};
	struct layout *l = fan_of("{of: [旧氏]}");

	(void)state;
	for (size_t i = 0; i < sizeof(pair) / sizeof(*pair); i++) {
		char file[256];
		struct told t;

		(void)snprintf(file, sizeof(file),
		    "D," K1 ",%c,,1,0\nD," K1 ",%c,,2,0\n", pair[i].one,
		    pair[i].two);
		read_file(l, file, false, &t);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.x[0].class, pair[i].due);
		arena_fini(&t.keep);
	}
	layout_free(l);
}

/* Without fan-out two records of one number are two answers (E6). */
static void does_not_merge_where_nothing_is_fanned(void **state)
{
	struct err e;
	struct layout *l = helper_vary(TOP, NULL, NULL, &e);
	struct told t;

	(void)state;
	assert_non_null(l);
	read_file(l, K1 ",1\n" K1 ",2\n", false, &t);
	assert_int_equal(t.n, 2);
	arena_fini(&t.keep);
	layout_free(l);
}

/* ---- a record for each account ---- */

static const char per_account_file[] =
    "D," K1 ",F,カ,3,,001,1,0000001,500,1\nT,2026-01-02,10\n"
    "D," K1 ",F,カ,3,,002,1,0000002,-7,1\n"
    "O,1,900\n"
    "D," K2 ",N,,,,,,,,0\n";

static void reads_and_writes_a_record_for_each_account(void **state)
{
	struct err e;
	struct layout *l = helper_vary(TOP, NULL, per_account, &e);
	struct buf out = {0};
	struct told t;
	size_t lost = 0;

	(void)state;
	if (l == NULL)
		fail_msg("%ld:%ld %s %s", e.line, e.column, e.en, e.detail);
	read_file(l, per_account_file, false, &t);
	if (t.bad != 0)
		fail_msg("%s %s", t.why.code, t.why.item);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.x[0].account_count, 2);
	assert_int_equal(t.x[0].accounts[0].transaction_count, 1);
	assert_int_equal(t.x[0].other_count, 1);
	assert_int_equal(t.x[0].f[ANSWER_BALANCE].n, 0);
	assert_true(text_is(t.x[0].accounts[1].f[ANSWER_BALANCE], "-7"));
	assert_int_equal(t.x[1].account_count, 0);
	layout_begin_answers(l, "F", &out);
	layout_put_answer(l, &t.x[0], &out, &lost);
	layout_put_answer(l, &t.x[1], &out, &lost);
	layout_end_answers(l, 2, &out);
	buf_byte(&out, '\0');
	assert_string_equal((char *)out.p, per_account_file);
	buf_fini(&out);
	arena_fini(&t.keep);
	layout_free(l);
}

static void keeps_remarks_and_refuses_other_holders(void **state)
{
	struct err e;
	struct layout *l = helper_vary(TOP, NULL, per_account, &e);
	struct told t;

	(void)state;
	assert_non_null(l);
	read_file(l,
	    "D," K1 ",F,カ,3,甲,001,1,0000001,500,0\n"
	    "D," K1 ",F,カ,3,乙,001,1,0000001,500,0\n"
	    "D," K2 ",F,カ,3,,001,1,0000001,500,0\n"
	    "D," K2 ",F,カ,4,,001,1,0000002,500,0\n",
	    false, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.x[0].account_count, 1);
	assert_true(text_is(t.x[0].f[ANSWER_BANK_FREE], "甲 / 乙"));
	assert_int_equal(t.bad, 1);
	assert_string_equal(t.why.item, "出資金口数");
	arena_fini(&t.keep);
	layout_free(l);
}

/* What a record tells of its account's transactions is what stands below. */
static void compares_the_transactions_told_for_an_account(void **state)
{
	static const char answer[] =
	    "  per: account\n  detail:\n   mark: D\n   columns:\n"
	    "    - {item: 管理番号}\n    - {item: 回答区分, " CLASSES "}\n"
	    "    - {item: 口座番号}\n    - {value: transactions}\n"
	    "  transaction:\n   mark: T\n   columns:\n"
	    "    - {item: 入金}\n";
	struct err e;
	struct layout *l = helper_vary(TOP, NULL, answer, &e);
	struct told t;

	(void)state;
	assert_non_null(l);
	read_file(l,
	    "D," K1 ",F,0000001,2\nT,10\n"
	    "D," K2 ",F,0000001,1\nT,10\nD," K2 ",F,0000002,0\n",
	    false, &t);
	assert_int_equal(t.bad, 1);
	assert_string_equal(t.why.code, "answer.missing");
	assert_int_equal(t.n, 1);
	assert_int_equal(t.x[0].account_count, 2);
	arena_fini(&t.keep);
	/* Nobody found: no account, whatever is told of transactions. */
	read_file(l, "D," K1 ",N,,0\n", false, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.x[0].account_count, 0);
	arena_fini(&t.keep);
	layout_free(l);
}

static enum err_class count_answer(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	(void)x;
	(void)line;
	(void)e;
	++*(size_t *)ctx;
	return ERR_NONE;
}

/* n inquiries of two records each. */
static enum err_class read_many(struct layout *l, int n, size_t *told)
{
	struct layout_sink sink = {
	    .ctx = told, .answer = count_answer, .bad = take_bad};
	struct arena a = {0};
	struct buf file = {0};
	struct err e;
	size_t records;
	char number[32];
	enum err_class class;

	for (int i = 1; i <= n; i++)
		for (int k = 1; k <= 2; k++)
			buf_printf(&file, "D,%s,F,カ,3,,001,1,000000%d,500,0\n",
			    helper_kanri(i, number), k);
	*told = 0;
	class = layout_read(l, buf_bytes(&file), &a, &sink, &records, &e);
	if (class == ERR_NONE)
		assert_int_equal(records, *told);
	else
		assert_string_equal(e.code, "answer.count");
	buf_fini(&file);
	arena_fini(&a);
	return class;
}

/* F1: inquiries are bounded, not the records of their accounts. */
static void bounds_inquiries_not_their_records(void **state)
{
	struct err e;
	struct layout *l = helper_vary(TOP, NULL, per_account, &e);
	size_t told;

	(void)state;
	assert_non_null(l);
	assert_int_equal(read_many(l, 5000, &told), ERR_NONE);
	assert_int_equal(told, 5000);
	assert_int_equal(read_many(l, 5001, &told), ERR_LIMIT);
	layout_free(l);
	/* A count of so many records does not fit four digits. */
	assert_null(helper_vary("encoding: utf-8\nform: fixed\n",
	    "    - {item: 管理番号, width: 16}\n",
	    "  per: account\n  detail:\n   mark: D\n   columns:\n"
	    "    - {item: 管理番号, width: 16}\n"
	    "    - {item: 回答区分, width: 1, " CLASSES "}\n"
	    "    - {item: 口座番号, width: 7}\n"
	    "  trailer:\n   mark: T\n   columns:\n"
	    "    - {value: records, width: 4}\n",
	    &e));
	assert_string_equal(e.code, "layout.never_fits");
}

/* ---- what is accepted ---- */

static void holds_what_the_institution_does_not_accept(void **state)
{
	static const struct {
		const char *accepts;
		int item; /* -1: accepted */
	} terms[] = {{"{persons: [\"2\"]}", REQUEST_PERSON},
	    {"{persons: [\"1\", \"3\"]}", -1},
	    {"{basis: [kokuchou-141]}", REQUEST_BASIS},
	    {"{basis: [jumin-331-6]}", -1},
	    {"{authorities: [\"131016\"]}", REQUEST_ORDER_CODE},
	    {"{authorities: [\"131016\", \"131041\"]}", -1}, {"{years: 1}", -1},
	    {"{years: 2}", -1}};
	struct request r;

	(void)state;
	helper_person(&r, HELPER_KANRI1);
	for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++) {
		struct layout_report report = {0};
		struct buf out = {0};
		struct layout *l;
		struct err e;
		char top[256];

		(void)snprintf(
		    top, sizeof(top), TOP "accepts: %s\n", terms[i].accepts);
		l = helper_vary(top, NULL, NULL, &e);
		assert_non_null(l);
		put(l, &r, &out, &report);
		assert_int_equal(report.held, terms[i].item >= 0);
		if (report.held) {
			assert_string_equal(report.hold.rule, "accepts");
			assert_int_equal(report.hold.item, terms[i].item);
		}
		buf_fini(&out);
		layout_free(l);
	}
}

static void holds_a_period_that_is_too_long(void **state)
{
	static const struct {
		const char *period;
		bool held;
	} periods[] = {{"2025-10-01/2026-09-30", false},
	    {"2025-10-01/2026-10-01", true}, {"2024-02-29/2025-02-28", false}};
	struct err e;
	struct layout *l =
	    helper_vary(TOP "accepts: {years: 1}\n", NULL, NULL, &e);
	struct request r;

	(void)state;
	assert_non_null(l);
	helper_person(&r, HELPER_KANRI1);
	for (size_t i = 0; i < sizeof(periods) / sizeof(*periods); i++) {
		struct layout_report report = {0};
		struct buf out = {0};

		r.f[REQUEST_PERIOD] = text_z(periods[i].period);
		put(l, &r, &out, &report);
		assert_int_equal(report.held, periods[i].held);
		buf_fini(&out);
	}
	layout_free(l);
}

static void sends_in_its_hours_and_no_more_than_agreed(void **state)
{
	struct err e;
	struct layout *l = helper_vary(TOP
	    "schedule: {files_per_day: 2, from: \"09:00\", to: \"15:30\", "
	    "days: business}\nretention_days: 90\npaper: true\n",
	    NULL, NULL, &e);
	static const char *const bad[] = {"{from: \"9:00\"}",
	    "{from: \"24:01\"}", "{to: \"09:60\"}",
	    "{from: \"10:00\", to: \"10:00\"}", "{days: some}",
	    "{files_per_day: 0}"};

	(void)state;
	assert_non_null(l);
	assert_true(layout_may_send(l, 540, true, 1));
	assert_false(layout_may_send(l, 539, true, 1));
	assert_true(layout_may_send(l, 929, true, 0));
	assert_false(layout_may_send(l, 930, true, 0));
	assert_false(layout_may_send(l, 600, false, 0));
	assert_false(layout_may_send(l, 600, true, 2));
	assert_int_equal(layout_retention_days(l), 90);
	assert_true(layout_paper(l));
	layout_free(l);
	l = helper_vary(TOP, NULL, NULL, &e);
	assert_true(layout_may_send(l, 0, false, 9999));
	assert_int_equal(layout_retention_days(l), 0);
	assert_false(layout_paper(l));
	layout_free(l);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char top[256];

		(void)snprintf(top, sizeof(top), TOP "schedule: %s\n", bad[i]);
		assert_null(helper_vary(top, NULL, NULL, &e));
		assert_string_equal(e.code, "layout.syntax");
		assert_int_equal(e.line, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_fan_outs_that_cannot_be),
	    cmocka_unit_test(refuses_records_that_contradict_each_other),
	    cmocka_unit_test(keeps_remarks_and_refuses_other_holders),
	    cmocka_unit_test(compares_the_transactions_told_for_an_account),
	    cmocka_unit_test(bounds_inquiries_not_their_records),
	    cmocka_unit_test(holds_all_records_if_one_cannot_be_written),
	    cmocka_unit_test(holds_what_the_institution_does_not_accept),
	    cmocka_unit_test(holds_a_period_that_is_too_long),
	    cmocka_unit_test(asks_under_former_name_and_addresses),
	    cmocka_unit_test(tells_what_it_does_not_ask_under),
	    cmocka_unit_test(reads_the_records_of_an_inquiry_as_one),
	    cmocka_unit_test(merges_two_accounts_and_the_same_twice),
	    cmocka_unit_test(the_class_that_leaves_most_to_do_stands),
	    cmocka_unit_test(does_not_merge_where_nothing_is_fanned),
	    cmocka_unit_test(reads_and_writes_a_record_for_each_account),
	    cmocka_unit_test(sends_in_its_hours_and_no_more_than_agreed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
