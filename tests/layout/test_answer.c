/* Tests of answers: written by the bank, read by the unit. */
#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MAX 8

/* Compares what is read with what is due, in order. */
struct due {
	const struct answer *x;
	size_t n;
	size_t at;
	size_t bad;
	struct err why;
	struct arena *reset; /* the sink may */
};

static void same_texts(const struct text *due, const struct text *got)
{
	for (int i = 0; i < (int)ANSWER_COUNT; i++)
		if (!text_eq(due[i], got[i]))
			fail_msg("%s: due %.*s, read %.*s", item_answer[i].name,
			    (int)due[i].n, due[i].n ? due[i].p : "",
			    (int)got[i].n, got[i].n ? got[i].p : "");
}

static void same_text(struct text due, struct text got)
{
	assert_true(text_eq(due, got));
}

static void same_account(
    const struct answer_account *due, const struct answer_account *got)
{
	same_texts(due->f, got->f);
	assert_int_equal(due->transaction_count, got->transaction_count);
	for (size_t i = 0; i < due->transaction_count; i++) {
		const struct answer_transaction *a = &due->transactions[i];
		const struct answer_transaction *b = &got->transactions[i];

		same_text(a->date, b->date);
		same_text(a->value_date, b->value_date);
		same_text(a->out, b->out);
		same_text(a->in, b->in);
		same_text(a->balance, b->balance);
		same_text(a->note, b->note);
	}
}

static void same_answer(const struct answer *due, const struct answer *got)
{
	assert_int_equal(due->class, got->class);
	same_texts(due->f, got->f);
	assert_int_equal(due->account_count, got->account_count);
	for (size_t i = 0; i < due->account_count; i++)
		same_account(&due->accounts[i], &got->accounts[i]);
	assert_int_equal(due->other_count, got->other_count);
	for (size_t i = 0; i < due->other_count; i++) {
		same_text(due->others[i].kind, got->others[i].kind);
		same_text(due->others[i].name, got->others[i].name);
		same_text(due->others[i].amount, got->others[i].amount);
		same_text(due->others[i].units, got->others[i].units);
		same_text(due->others[i].date, got->others[i].date);
	}
}

static enum err_class take(
    void *ctx, const struct answer *got, long line, struct err *e)
{
	struct due *d = ctx;

	(void)line;
	(void)e;
	assert_true(d->at < d->n);
	same_answer(&d->x[d->at++], got);
	assert_true(got->record.n > 0);
	if (d->reset != NULL)
		arena_reset(d->reset);
	return ERR_NONE;
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct due *d = ctx;

	(void)kanri;
	d->bad++;
	d->why = *why;
}

static enum err_class read_all(
    struct layout *l, const struct buf *file, struct due *d, struct err *e)
{
	struct arena a = {0};
	struct layout_sink sink = {.ctx = d, .answer = take, .bad = take_bad};
	size_t records;
	enum err_class class;

	d->reset = &a;
	class = layout_read(l, buf_bytes(file), &a, &sink, &records, e);
	arena_fini(&a);
	return class;
}

/* The bank's word for a class: what a layout reads back as 回答区分. */
static const char *const words[HELPER_LAYOUTS][CLASS_COUNT] = {
    {"1", "2", "3", "4", "5", "8", "9", ""},
    {"AR", "NS", "YK", "IB", "SM", "FB", "KY", ""},
    {"0", "1", "2", "3", "4", "5", "6", ""},
    {"01", "02", "03", "04", "05", "91", "92", ""},
    {"Y", "N", "R", "P", "L", "E", "X", ""},
    {"100", "200", "300", "110", "400", "900", "910", ""},
};

static void holder(
    struct answer *x, int no, enum answer_class class, const char *kanri)
{
	*x = (struct answer){.class = class};
	x->f[ANSWER_INQUIRY] = text_z(kanri);
	x->f[ANSWER_ANSWER_KIND] = text_z(words[no][class]);
	x->f[ANSWER_PERSON] = TEXT("1");
	/* 9601 counts both kinds of other dealings in each answer. */
	if (no == 0) {
		x->f[ANSWER_COLLATERAL] = TEXT("0");
		x->f[ANSWER_OTHERS] = TEXT("0");
	}
}

static void add_accounts(struct arena *a, struct answer *x, int no)
{
	struct answer_account *one = answer_add_account(a, x);
	struct answer_account *two;
	struct answer_transaction *t;

	one->f[ANSWER_BRANCH] = TEXT("001");
	one->f[ANSWER_ACCOUNT_KIND] = TEXT("1");
	one->f[ANSWER_ACCOUNT] = TEXT("0012345");
	one->f[ANSWER_BALANCE] = TEXT("-1234567");
	one->f[ANSWER_LAST_DEALING] = TEXT("2026-04-30");
	one->f[ANSWER_SALARY] = TEXT("1");
	one->f[ANSWER_PENSION] = TEXT("0");
	one->f[ANSWER_STATEMENT] = TEXT("2");
	t = answer_add_transaction(a, one);
	*t = (struct answer_transaction){TEXT("2026-04-15"), TEXT("2026-04-16"),
	    TEXT(""), TEXT("250000"), TEXT("312345"), TEXT("KYUYO")};
	t = answer_add_transaction(a, one);
	*t = (struct answer_transaction){TEXT("2026-04-30"), TEXT(""),
	    TEXT("1546912"), TEXT(""), TEXT("-1234567"), TEXT("")};
	two = answer_add_account(a, x);
	two->f[ANSWER_BRANCH] = TEXT("002");
	two->f[ANSWER_ACCOUNT_KIND] = TEXT("6");
	two->f[ANSWER_ACCOUNT] = TEXT("7654321");
	two->f[ANSWER_BALANCE] = TEXT("0");
	two->f[ANSWER_MATURITY] = TEXT("2027-03-31");
	/* 9601, 9603, 9604 and 9605 tell how many transactions there are. */
	if (no != 1 && no != 5)
		two->f[ANSWER_STATEMENT] = TEXT("0");
}

static void add_others(struct arena *a, struct answer *x)
{
	struct answer_other *o = answer_add_other(a, x);

	*o = (struct answer_other){.kind = TEXT("1"),
	    .name = TEXT("LOAN"),
	    .amount = TEXT("3000000"),
	    .date = TEXT("2025-12-01")};
	o = answer_add_other(a, x);
	*o = (struct answer_other){
	    .kind = TEXT("2"), .name = TEXT("A"), .amount = TEXT("1000000")};
	o = answer_add_other(a, x);
	*o = (struct answer_other){.kind = TEXT("5"),
	    .name = TEXT("B"),
	    .amount = TEXT("10000"),
	    .units = TEXT("10")};
	x->f[ANSWER_COLLATERAL] = TEXT("1");
	x->f[ANSWER_OTHERS] = TEXT("2");
}

static void found(struct arena *a, struct answer *x, int no, const char *kanri)
{
	holder(x, no, CLASS_FOUND, kanri);
	x->f[ANSWER_KANA] = TEXT("キャノン ヨーコ");
	x->f[ANSWER_BIRTH] = TEXT("1985-04-09");
	x->f[ANSWER_CUSTOMER] = TEXT("0000123");
	x->f[ANSWER_DEALINGS] = TEXT("1");
	x->f[ANSWER_STATUS_CODE] = TEXT("2");
	x->f[ANSWER_AS_OF] = TEXT("2026-10-02");
	x->f[ANSWER_PHONE] = TEXT("03-0000-0000");
	if (no != 2)
		x->f[ANSWER_KANJI] = TEXT("髙﨑 洋子");
	if (no == 0 || no == 4)
		x->f[ANSWER_EMPLOYER] = TEXT("架空商事");
	if (no == 0 || no == 2 || no == 3 || no == 4) {
		x->f[ANSWER_SHARE_COUNT] = TEXT("10");
		x->f[ANSWER_SHARE_AMOUNT] = TEXT("10000");
	}
	add_accounts(a, x, no);
	add_others(a, x);
}

/* found, none, review, partial, paper, invalid, refused, found */
static size_t all_classes(
    struct arena *a, int no, struct answer x[MAX], char kanri[MAX][32])
{
	for (int i = 0; i < MAX; i++) {
		(void)helper_kanri(i + 1, kanri[i]);
		if (i == 0 || i == 7)
			found(a, &x[i], no, kanri[i]);
		else
			holder(&x[i], no, (enum answer_class)i, kanri[i]);
	}
	return MAX;
}

static void write_all(
    struct layout *l, const struct answer *x, size_t n, struct buf *out)
{
	size_t lost = 0;

	layout_begin_answers(l, "131041-001-9601-0001", out);
	for (size_t i = 0; i < n; i++)
		layout_put_answer(l, &x[i], out, &lost);
	layout_end_answers(l, n, out);
	assert_int_equal(lost, 0);
}

static void refuses_damaged_counts(void **state)
{
	(void)state;
	for (int no = 0; no < HELPER_LAYOUTS; no++) {
		struct layout *l = helper_real(no);
		struct arena a = {0};
		struct answer x[MAX];
		char kanri[MAX][32];
		struct due d = {0};
		struct buf out = {0};
		struct err e = {0};
		size_t lost = 0;

		(void)all_classes(&a, no, x, kanri);
		layout_begin_answers(l, "F", &out);
		layout_put_answer(l, &x[0], &out, &lost);
		layout_put_answer(l, &x[1], &out, &lost);
		layout_end_answers(l, 3, &out);
		assert_int_equal(read_all(l, &out, &d, &e), ERR_INPUT);
		assert_string_equal(e.code, "answer.count");
		assert_int_equal(e.level, ERR_FILE);
		assert_int_equal(d.at + d.bad, 0);
		buf_fini(&out);
		arena_fini(&a);
		layout_free(l);
	}
}

static void refuses_a_file_without_its_trailer(void **state)
{
	struct layout *l = helper_real(0);
	struct arena a = {0};
	struct answer x[MAX];
	char kanri[MAX][32];
	struct due d = {0};
	struct buf out = {0};
	struct err e = {0};

	(void)state;
	write_all(l, x, all_classes(&a, 0, x, kanri), &out);
	out.n -= 3;
	while (out.p[out.n - 1] != '\n')
		out.n--;
	assert_int_equal(read_all(l, &out, &d, &e), ERR_INPUT);
	assert_string_equal(e.code, "answer.count");
	out.n = 0;
	assert_int_equal(read_all(l, &out, &d, &e), ERR_INPUT);
	assert_string_equal(e.code, "answer.header");
	buf_fini(&out);
	arena_fini(&a);
	layout_free(l);
}

static void refuses_an_unclosed_quote(void **state)
{
	struct layout *l = helper_real(1);
	static const char file[] = "\"H\",\"9602\",\"F\",\"00000\"\r\n"
				   "\"T\",\"0\r\n";
	struct due d = {0};
	struct buf b = {0};
	struct err e = {0};

	(void)state;
	buf_add(&b, file, sizeof(file) - 1);
	assert_int_equal(read_all(l, &b, &d, &e), ERR_INPUT);
	assert_string_equal(e.code, "answer.quotes");
	assert_int_equal(e.line, 2);
	buf_fini(&b);
	layout_free(l);
}

/* Replaces the n-th occurrence of from, which is as long as to. */
static void damage(struct buf *b, const char *from, const char *to, int nth)
{
	size_t n = strlen(from);

	for (size_t i = 0; i + n <= b->n; i++)
		if (memcmp(b->p + i, from, n) == 0 && --nth == 0) {
			memcpy(b->p + i, to, n);
			return;
		}
	fail_msg("nothing to damage: %s", from);
}

static void expect_one_bad(
    const char *from, const char *to, int nth, const char *code, size_t which)
{
	struct layout *l = helper_real(4);
	struct arena a = {0};
	struct answer x[MAX];
	struct answer rest[MAX];
	char kanri[MAX][32];
	struct due d = {.x = rest, .n = MAX - 1};
	struct buf out = {0};
	struct err e = {0};
	size_t n = 0;

	write_all(l, x, all_classes(&a, 4, x, kanri), &out);
	damage(&out, from, to, nth);
	for (size_t i = 0; i < MAX; i++)
		if (i != which)
			rest[n++] = x[i];
	assert_int_equal(read_all(l, &out, &d, &e), ERR_NONE);
	assert_int_equal(d.bad, 1);
	assert_string_equal(d.why.code, code);
	assert_int_equal(d.why.level, ERR_RECORD);
	assert_true(d.why.line > 0);
	assert_int_equal(d.at, MAX - 1);
	buf_fini(&out);
	arena_fini(&a);
	layout_free(l);
}

static void refuses_one_bad_answer_and_reads_the_rest(void **state)
{
	(void)state;
	expect_one_bad(",N,", ",#,", 1, "answer.unknown_code", 1);
	expect_one_bad(",FUT,", ",FUX,", 1, "answer.unknown_code", 0);
	expect_one_bad("2026/04/15", "2026/04/31", 1, "answer.bad_date", 0);
	expect_one_bad(",250000,", ",2500x0,", 2, "answer.bad_amount", 7);
	expect_one_bad("LOAN", "LOAX", 1, "answer.unknown_code", 0);
	expect_one_bad("ENTRY", "ENTRX", 1, "answer.unknown_code", 0);
	expect_one_bad("2T410017EP00003", "2T410017EP00004", 1,
	    "answer.unknown_number", 2);
}

static void misses_rows_that_were_told(void **state)
{
	(void)state;
	/* 給与, 年金, and how many transactions stand below the account. */
	expect_one_bad(",1,0,2\n", ",1,0,3\n", 1, "answer.missing", 0);
	/* システム連携情報, accounts, others. */
	expect_one_bad(",,0,0\n", ",,1,0\n", 3, "answer.missing", 3);
	expect_one_bad(",,2,3\n", ",,2,4\n", 2, "answer.missing", 7);
}

static void round_trip(int no)
{
	struct layout *l = helper_real(no);
	struct arena a = {0};
	struct answer x[MAX];
	char kanri[MAX][32];
	struct due d = {.x = x, .n = MAX};
	struct buf out = {0};
	struct err e = {0};

	write_all(l, x, all_classes(&a, no, x, kanri), &out);
	assert_int_equal(read_all(l, &out, &d, &e), ERR_NONE);
	assert_int_equal(d.bad, 0);
	assert_int_equal(d.at, MAX);
	if (no != 3 && no != 4)
		assert_true(
		    text_is(layout_read_file_id(l), "131041-001-9601-0001"));
	buf_fini(&out);
	arena_fini(&a);
	layout_free(l);
}

static void every_layout_gives_answers_back(void **state)
{
	(void)state;
	for (int no = 0; no < HELPER_LAYOUTS; no++)
		round_trip(no);
}

static enum err_class look_raw(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	(void)ctx;
	(void)line;
	(void)e;
	assert_true(text_is(x->f[ANSWER_BIRTH], "1985-04-09"));
	assert_true(text_is(x->raw[ANSWER_BIRTH], "1985/04/09"));
	assert_true(text_is(x->f[ANSWER_PERSON], "1"));
	assert_true(text_is(x->raw[ANSWER_PERSON], "K"));
	assert_true(text_is(x->f[ANSWER_KANA], "キャノン ヨーコ"));
	assert_true(text_is(x->raw[ANSWER_KANA], "ｷｬﾉﾝ ﾖｰｺ"));
	assert_int_equal(x->raw[ANSWER_CUSTOMER].n, 0);
	/* T4: the bank's own bytes, from its first row to its last. */
	assert_memory_equal(x->record.p, "\"R\",", 4);
	assert_int_equal(x->record.p[x->record.n - 1], '\n');
	return ERR_NONE;
}

static void keeps_what_the_bank_wrote(void **state)
{
	struct layout *l = helper_real(1);
	struct layout_sink sink = {.answer = look_raw, .bad = take_bad};
	struct arena a = {0};
	struct arena b = {0};
	struct answer x;
	char kanri[32];
	struct buf out = {0};
	size_t records;
	struct err e;

	(void)state;
	found(&a, &x, 1, helper_kanri(1, kanri));
	write_all(l, &x, 1, &out);
	assert_int_equal(
	    layout_read(l, buf_bytes(&out), &b, &sink, &records, &e), ERR_NONE);
	assert_int_equal(records, 1);
	buf_fini(&out);
	arena_fini(&a);
	arena_fini(&b);
	layout_free(l);
}

static enum err_class look_unstated(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	(void)line;
	(void)e;
	assert_int_equal(x->account_count, 1);
	assert_int_equal(x->accounts[0].f[ANSWER_STATEMENT].n, 0);
	assert_true(text_is(x->accounts[0].raw[ANSWER_STATEMENT], "3"));
	++*(int *)ctx;
	return ERR_NONE;
}

/* A form without rows for transactions cannot miss any; none came, and what
 * the bank told of them is kept beside. */
static void a_statement_without_rows_is_kept_as_told(void **state)
{
	static const char form[] =
	    "  detail:\n   mark: D\n   columns:\n    - {item: 管理番号}\n"
	    "    - {item: 回答区分, map: {found: \"1\", none: \"2\", review: "
	    "\"3\", partial: \"4\", paper: \"5\", invalid: \"6\", refused: "
	    "\"7\"}}\n"
	    "  account:\n   mark: A\n   columns:\n    - {item: 店番}\n"
	    "    - {item: 口座番号}\n    - {item: 口座取引明細表}\n";
	int seen = 0;
	struct layout_sink sink = {
	    .ctx = &seen, .answer = look_unstated, .bad = take_bad};
	struct err e;
	struct layout *l = helper_vary(NULL, NULL, form, &e);
	struct arena a = {0};
	struct buf file = {0};
	char kanri[32];
	size_t records;

	(void)state;
	assert_non_null(l);
	buf_printf(
	    &file, "D,%s,1\r\nA,001,0012345,3\r\n", helper_kanri(1, kanri));
	assert_int_equal(
	    layout_read(l, buf_bytes(&file), &a, &sink, &records, &e),
	    ERR_NONE);
	assert_int_equal(seen, 1);
	arena_fini(&a);
	buf_fini(&file);
	layout_free(l);
}

static void never_withholds_an_answer_for_a_character(void **state)
{
	struct layout *cp932 = helper_real(1);
	struct layout *zengin = helper_real(2);
	struct arena a = {0};
	struct answer x;
	char kanri[32];
	struct buf out = {0};
	size_t lost = 0;

	(void)state;
	found(&a, &x, 1, helper_kanri(1, kanri));
	x.f[ANSWER_KANJI] = TEXT("𠮷田");
	layout_begin_answers(cp932, "F", &out);
	layout_put_answer(cp932, &x, &out, &lost);
	assert_int_equal(lost, 1);
	damage(&out, "\x81\xac\x93\x63", "\x81\xac\x93\x63", 1); /* 〓田 */
	x.f[ANSWER_KANA] = TEXT("高ガク");
	buf_clear(&out);
	lost = 0;
	layout_begin_answers(zengin, "F", &out);
	layout_put_answer(zengin, &x, &out, &lost);
	assert_int_equal(lost, 1);
	damage(&out, "?\xb6\xde\xb8", "?\xb6\xde\xb8", 1);
	buf_fini(&out);
	arena_fini(&a);
	layout_free(cp932);
	layout_free(zengin);
}

static enum err_class look_narrow(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	(void)line;
	(void)e;
	assert_int_equal(x->account_count, 3);
	assert_true(text_is(x->accounts[0].f[ANSWER_BALANCE], "99999"));
	assert_int_equal(x->accounts[1].f[ANSWER_BALANCE].n, 0);
	assert_true(text_is(x->accounts[2].f[ANSWER_BALANCE], "-1"));
	++*(int *)ctx;
	return ERR_NONE;
}

/* A part of a number would be another: what does not fit is not told. */
static void an_amount_too_wide_is_left_blank(void **state)
{
	static const char form[] =
	    "  detail:\n   mark: D\n   columns:\n    - {item: 管理番号}\n"
	    "    - {item: 回答区分, map: {found: \"1\", none: \"2\", review: "
	    "\"3\", partial: \"4\", paper: \"5\", invalid: \"6\", refused: "
	    "\"7\"}}\n"
	    "  account:\n   mark: A\n   columns:\n    - {item: 口座番号}\n"
	    "    - {item: 残高, width: 5}\n"
	    "  trailer:\n   mark: E\n   columns:\n"
	    "    - {sum: 残高, width: 12}\n";
	static const char due[] = "\nA,0000001,99999\nA,0000002,\n"
				  "A,0000003,-1\nE,99998\n";
	struct answer_account accounts[3] = {0};
	int seen = 0;
	struct layout_sink sink = {
	    .ctx = &seen, .answer = look_narrow, .bad = take_bad};
	struct err e;
	struct layout *l = helper_vary(
	    "encoding: utf-8\nform: csv\nnewline: lf\n", NULL, form, &e);
	struct answer x;
	struct arena a = {0};
	struct buf out = {0};
	char kanri[32];
	size_t lost = 0;
	size_t records;

	(void)state;
	assert_non_null(l);
	holder(&x, 0, CLASS_FOUND, helper_kanri(1, kanri));
	accounts[0].f[ANSWER_ACCOUNT] = TEXT("0000001");
	accounts[0].f[ANSWER_BALANCE] = TEXT("99999");
	accounts[1].f[ANSWER_ACCOUNT] = TEXT("0000002");
	accounts[1].f[ANSWER_BALANCE] = TEXT("100000");
	accounts[2].f[ANSWER_ACCOUNT] = TEXT("0000003");
	accounts[2].f[ANSWER_BALANCE] = TEXT("-1");
	x.accounts = accounts;
	x.account_count = 3;
	layout_begin_answers(l, "F", &out);
	layout_put_answer(l, &x, &out, &lost);
	layout_end_answers(l, 1, &out);
	assert_int_equal(lost, 1);
	assert_memory_equal(
	    out.p + out.n - (sizeof(due) - 1), due, sizeof(due) - 1);
	assert_int_equal(
	    layout_read(l, buf_bytes(&out), &a, &sink, &records, &e), ERR_NONE);
	assert_int_equal(seen, 1);
	arena_fini(&a);
	buf_fini(&out);
	layout_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_damaged_counts),
	    cmocka_unit_test(refuses_a_file_without_its_trailer),
	    cmocka_unit_test(refuses_an_unclosed_quote),
	    cmocka_unit_test(refuses_one_bad_answer_and_reads_the_rest),
	    cmocka_unit_test(misses_rows_that_were_told),
	    cmocka_unit_test(every_layout_gives_answers_back),
	    cmocka_unit_test(keeps_what_the_bank_wrote),
	    cmocka_unit_test(a_statement_without_rows_is_kept_as_told),
	    cmocka_unit_test(never_withholds_an_answer_for_a_character),
	    cmocka_unit_test(an_amount_too_wide_is_left_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
