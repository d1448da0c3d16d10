/* Tests of record/export.h, into a folder of the machine. */
#include "record/export.h"

#include "base/csv.h"
#include "base/file.h"
#include "record/kanri.h"
#include "text/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const names[] = {
    "answers.csv", "transactions.csv", "others.csv"};

/* A folder of its own for each test. */
struct place {
	char root[64];
	char dir[80];
	char kanri[KANRI_TEXT];
};

static void place_init(struct place *p)
{
	const struct kanri k = {"131041", "9601", 1, 7};

	(void)strcpy(p->root, "/tmp/shokai-export-XXXXXX");
	assert_non_null(mkdtemp(p->root));
	(void)snprintf(p->dir, sizeof(p->dir), "%s/out", p->root);
	assert_true(kanri_format(&k, p->kanri));
}

static char *path_of(const struct place *p, int i, char out[128])
{
	(void)snprintf(out, 128, "%s/%s", p->dir, names[i]);
	return out;
}

static void place_fini(struct place *p)
{
	char path[128];

	for (int i = 0; i < 3; i++)
		(void)unlink(path_of(p, i, path));
	(void)rmdir(p->dir);
	assert_int_equal(rmdir(p->root), 0); /* nothing else was left */
}

static struct export *open_in(const struct place *p, enum export_encoding enc,
    bool raw, struct refusals *lost)
{
	struct export *x = NULL;
	struct err e = {0};

	assert_int_equal(
	    export_open(
		&(const struct export_order){
		    .dir = p->dir, .encoding = enc, .raw = raw, .lost = lost},
		&x, &e),
	    ERR_NONE);
	return x;
}

static void close_it(struct export *x)
{
	struct err e = {0};

	assert_int_equal(export_close(x, &e), ERR_NONE);
}

static void put(struct export *x, const struct place *p, int correction,
    const struct answer *answer, const char *pending)
{
	struct err e = {0};

	assert_int_equal(export_answer(x, TEXT("0012345"), correction, p->kanri,
			     answer, pending, &e),
	    ERR_NONE);
}

/* File i as text. */
static struct buf read_file(const struct place *p, int i)
{
	char path[128];
	struct buf b = {0};
	struct err e = {0};

	assert_int_equal(
	    file_read(path_of(p, i, path), 1 << 20, &b, &e), ERR_NONE);
	return b;
}

/* The cell of that column in that row (1: the first behind the header). */
static struct text cell_of(
    struct arena *a, const struct buf *b, int row, const char *column)
{
	struct bytes in = buf_bytes(b);
	struct text found = TEXT("(none)");
	struct csv c;
	struct err e = {0};
	size_t at = SIZE_MAX;
	bool more = true;

	csv_init(&c, csv_read_bytes, &in, 1 << 20, 1 << 20);
	for (int i = 0; i <= row && more; i++) {
		assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
		for (size_t k = 0; i == 0 && k < c.fields; k++)
			if (text_is(text_trust((const char *)c.field[k].p,
					c.field[k].n),
				column))
				at = k;
	}
	assert_true(at != SIZE_MAX);
	if (more)
		found = text_dup(
		    a, text_trust((const char *)c.field[at].p, c.field[at].n));
	csv_fini(&c);
	return found;
}

static void expect_cell(
    const struct buf *b, int row, const char *column, const char *value)
{
	struct arena a = {0};
	struct text t = cell_of(&a, b, row, column);

	if (!text_is(t, value))
		print_error("%s: %s\n", column, text_cstr(&a, t));
	assert_true(text_is(t, value));
	arena_fini(&a);
}

static void refuses_to_replace_and_leaves_nothing(void **state)
{
	struct place p;
	struct export *x;
	struct err e = {0};
	char path[128];

	(void)state;
	place_init(&p);
	close_it(open_in(&p, EXPORT_UTF8, false, NULL));
	assert_int_equal(unlink(path_of(&p, 0, path)), 0);
	/* transactions.csv stands there: answers.csv must not appear. */
	assert_int_equal(
	    export_open(&(const struct export_order){.dir = p.dir}, &x, &e),
	    ERR_INPUT);
	assert_string_equal(e.code, "file.exists");
	assert_int_not_equal(access(path_of(&p, 0, path), F_OK), 0);
	assert_int_equal(export_open(&(const struct export_order){.dir = p.dir,
					 .force = true},
			     &x, &e),
	    ERR_NONE);
	close_it(x);
	place_fini(&p);
}

static void an_abandoned_export_leaves_nothing(void **state)
{
	struct answer answer = {.class = CLASS_NONE};
	struct place p;
	struct export *x;

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, false, NULL);
	put(x, &p, 0, &answer, NULL);
	export_abandon(x);
	assert_int_not_equal(access(p.dir, F_OK), 0);
	export_abandon(NULL);
	place_fini(&p);
}

/* Another program takes a name between begin and commit. */
static void a_failed_commit_leaves_nothing_new(void **state)
{
	struct place p;
	struct export *x;
	struct err e = {0};
	char path[128];

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, false, NULL);
	assert_int_equal(
	    file_put(path_of(&p, 0, path), BYTES("x", 1), 0600, false, &e),
	    ERR_NONE);
	assert_int_equal(export_close(x, &e), ERR_INPUT);
	for (int i = 1; i < 3; i++)
		assert_int_not_equal(access(path_of(&p, i, path), F_OK), 0);
	place_fini(&p);
}

static void headers_are_those_of_the_promise(void **state)
{
	struct place p;
	struct buf b;
	struct buf want = {0};

	(void)state;
	place_init(&p);
	close_it(open_in(&p, EXPORT_UTF8, false, NULL));
	buf_z(&want, "宛名番号,回答分類,訂正番号,口座連番");
	for (int i = 0; i < ANSWER_COUNT; i++) {
		buf_byte(&want, ',');
		buf_z(&want, item_answer[i].name);
	}
	buf_z(&want, "\r\n");
	b = read_file(&p, 0);
	assert_true(bytes_eq(buf_bytes(&b), buf_bytes(&want)));
	buf_fini(&b);
	b = read_file(&p, 1);
	assert_true(text_is(buf_text(&b),
	    "管理番号,金融機関コード,店番,口座種別,口座番号,連番,取引日,"
	    "起算日,出金,入金,残高,摘要\r\n"));
	buf_fini(&b);
	b = read_file(&p, 2);
	assert_true(text_is(buf_text(&b),
	    "管理番号,金融機関コード,種類,連番,名称,金額,口数,日付,摘要\r\n"));
	buf_fini(&b);
	buf_fini(&want);
	place_fini(&p);
}

static void formulas_are_made_harmless(void **state)
{
	static const char *const cells[][2] = {
	    {"=1+1", "'=1+1"},
	    {"+81-3-0000", "'+81-3-0000"},
	    {"-ｱ", "'-ｱ"},
	    {"@SUM(A1)", "'@SUM(A1)"},
	    {"\t=1", "'\t=1"},
	    {"\r=1", "'\r=1"},
	    {"-1000", "-1000"},
	    {"+5", "+5"},
	    {"-1.5", "-1.5"},
	    {"-1.", "'-1."},
	    {"-", "'-"},
	    {"1=1", "1=1"},
	    {"-1-2", "'-1-2"},
	    {"-1.2.3", "'-1.2.3"},
	};
	const int n = sizeof(cells) / sizeof(*cells);
	struct place p;
	struct export *x;
	struct buf b;

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, false, NULL);
	for (int i = 0; i < n; i++) {
		struct answer answer = {.class = CLASS_FOUND};

		answer.f[ANSWER_BANK_FREE] = text_z(cells[i][0]);
		put(x, &p, 0, &answer, NULL);
	}
	close_it(x);
	b = read_file(&p, 0);
	for (int i = 0; i < n; i++)
		expect_cell(&b, i + 1, "金融機関任意情報", cells[i][1]);
	buf_fini(&b);
	place_fini(&p);
}

/* n letters, one of them another; NULs behind. */
static struct text lettered(char z[36], size_t n, size_t at, char other)
{
	memset(z, 0, 36);
	memset(z, 'a', n);
	z[at] = other;
	return text_trust(z, n);
}

/* A cell is quoted where it must be, wherever that shows. */
static void cells_are_quoted_where_they_must_be(void **state)
{
	static const char others[] = {'b', '"', ',', '\n', '\r'};
	struct answer answer = {.class = CLASS_FOUND};
	struct buf due = {0};
	struct buf b;
	struct place p;
	struct export *x;
	char z[36];
	size_t at;

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, false, NULL);
	for (size_t n = 1; n < sizeof(z) - 1; n++)
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < sizeof(others); k++) {
				answer.f[ANSWER_BANK_FREE] =
				    lettered(z, n, i, others[k]);
				put(x, &p, 0, &answer, NULL);
			}
	close_it(x);
	b = read_file(&p, 0);
	at = (size_t)((unsigned char *)memchr(b.p, '\n', b.n) - b.p) + 1;
	/* Behind it, in each row, one item is empty and one is 0. */
	for (size_t n = 1; n < sizeof(z) - 1; n++)
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < sizeof(others); k++) {
				struct text in = lettered(z, n, i, others[k]);
				char *found;

				buf_clear(&due);
				if (i == 0 && others[k] == '\r') {
					buf_z(&due, ",\"'");
					buf_text_add(&due, in);
					buf_byte(&due, '"');
				} else {
					csv_put(&due, in, false);
				}
				buf_z(&due, ",,0\r\n");
				found = memmem(b.p + at,
				    b.n - at < 256 ? b.n - at : 256, due.p,
				    due.n);
				assert_non_null(found);
				at = (size_t)((unsigned char *)found - b.p) +
				     due.n;
			}
	assert_int_equal(at, b.n);
	buf_fini(&due);
	buf_fini(&b);
	place_fini(&p);
}

static struct answer found(struct arena *a)
{
	struct answer x = {.class = CLASS_FOUND};
	struct answer_account *account;

	x.f[ANSWER_KANJI] = TEXT("架空 太郎");
	x.f[ANSWER_BRANCH] = TEXT("001");
	x.f[ANSWER_STATEMENT] = TEXT("99"); /* the bank's own count */
	account = answer_add_account(a, &x);
	account->f[ANSWER_ACCOUNT] = TEXT("0000001");
	account->f[ANSWER_ACCOUNT_KIND] = TEXT("1");
	account->raw[ANSWER_ACCOUNT_KIND] = TEXT("普通");
	account->f[ANSWER_BALANCE] = TEXT("-300");
	account = answer_add_account(a, &x);
	account->f[ANSWER_ACCOUNT] = TEXT("0000002");
	account->f[ANSWER_BRANCH] = TEXT("002");
	for (int i = 0; i < 2; i++) {
		struct answer_transaction *t =
		    answer_add_transaction(a, account);

		t->date = TEXT("2026-01-05");
		t->note = TEXT("=A1");
		t->in = TEXT("10");
	}
	answer_add_other(a, &x)->kind = TEXT("2");
	answer_add_other(a, &x)->kind = TEXT("1");
	answer_add_other(a, &x)->kind = TEXT("6");
	return x;
}

static void one_row_for_each_account(void **state)
{
	struct arena a = {0};
	const struct answer answer = found(&a);
	struct place p;
	struct export *x;
	struct buf b;

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, false, NULL);
	put(x, &p, 0, &answer, NULL);
	close_it(x);
	b = read_file(&p, 0);
	expect_cell(&b, 1, "宛名番号", "0012345");
	expect_cell(&b, 1, "回答分類", "該当あり");
	expect_cell(&b, 1, "訂正番号", "0");
	expect_cell(&b, 1, "口座連番", "1");
	expect_cell(&b, 1, "管理番号", p.kanri);
	expect_cell(&b, 1, "金融機関コード", "9601");
	expect_cell(&b, 1, "店番", "001");
	expect_cell(&b, 1, "残高", "-300");
	expect_cell(&b, 1, "口座取引明細表", "0");
	expect_cell(&b, 2, "口座連番", "2");
	expect_cell(&b, 2, "店番", "002");
	expect_cell(&b, 2, "漢字氏名", "架空 太郎");
	expect_cell(&b, 2, "口座取引明細表", "2");
	expect_cell(&b, 2, "担保有無・明細", "1");
	expect_cell(&b, 2, "その他取引(貸出金/その他取引科目)", "2");
	expect_cell(&b, 3, "口座連番", "(none)");
	buf_fini(&b);
	b = read_file(&p, 1);
	expect_cell(&b, 2, "管理番号", p.kanri);
	expect_cell(&b, 2, "店番", "002");
	expect_cell(&b, 2, "連番", "2");
	expect_cell(&b, 2, "摘要", "'=A1");
	expect_cell(&b, 3, "連番", "(none)");
	buf_fini(&b);
	b = read_file(&p, 2);
	expect_cell(&b, 3, "種類", "6");
	expect_cell(&b, 3, "連番", "3");
	buf_fini(&b);
	place_fini(&p);
	arena_fini(&a);
}

static void an_inquiry_without_account_has_row_0(void **state)
{
	const struct answer none = {.class = CLASS_NONE};
	const struct answer invalid = {.class = CLASS_INVALID};
	struct place p;
	struct export *x;
	struct buf b;

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, false, NULL);
	put(x, &p, 0, &none, NULL);
	put(x, &p, 0, &invalid, NULL);
	put(x, &p, 0, NULL, "");
	put(x, &p, 0, NULL, "expired");
	close_it(x);
	b = read_file(&p, 0);
	for (int row = 1; row <= 4; row++) {
		expect_cell(&b, row, "口座連番", "0");
		expect_cell(&b, row, "管理番号", p.kanri);
		expect_cell(&b, row, "金融機関コード", "9601");
	}
	expect_cell(&b, 1, "回答分類", "該当なし");
	expect_cell(&b, 1, "口座取引明細表", "0");
	expect_cell(&b, 2, "回答分類", "入力不備");
	expect_cell(&b, 2, "口座取引明細表", "");
	expect_cell(&b, 3, "回答分類", "");
	expect_cell(&b, 4, "回答分類", "期限超過");
	expect_cell(&b, 5, "口座連番", "(none)");
	buf_fini(&b);
	place_fini(&p);
}

static void a_correction_adds_no_transactions(void **state)
{
	struct arena a = {0};
	const struct answer answer = found(&a);
	struct place p;
	struct export *x;
	struct buf b;

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, false, NULL);
	put(x, &p, 1, &answer, NULL);
	close_it(x);
	b = read_file(&p, 0);
	expect_cell(&b, 2, "訂正番号", "1");
	buf_fini(&b);
	b = read_file(&p, 1);
	expect_cell(&b, 1, "連番", "(none)");
	buf_fini(&b);
	place_fini(&p);
	arena_fini(&a);
}

static void raw_stands_after_each_item(void **state)
{
	struct arena a = {0};
	const struct answer answer = found(&a);
	struct place p;
	struct export *x;
	struct buf b;

	(void)state;
	place_init(&p);
	x = open_in(&p, EXPORT_UTF8, true, NULL);
	put(x, &p, 0, &answer, NULL);
	close_it(x);
	b = read_file(&p, 0);
	assert_non_null(memmem(b.p, b.n, ",口座種別,原:口座種別,",
	    strlen(",口座種別,原:口座種別,")));
	expect_cell(&b, 1, "口座種別", "1");
	expect_cell(&b, 1, "原:口座種別", "普通");
	expect_cell(&b, 1, "原:残高", "-300");
	expect_cell(&b, 1, "原:漢字氏名", "架空 太郎");
	expect_cell(&b, 1, "原:管理番号", "");
	expect_cell(&b, 1, "原:口座取引明細表", "");
	buf_fini(&b);
	place_fini(&p);
	arena_fini(&a);
}

static void what_cp932_lacks_becomes_geta_and_is_told(void **state)
{
	struct answer answer = {.class = CLASS_FOUND};
	struct refusals lost = {.out = tmpfile()};
	struct place p;
	struct export *x;
	struct buf b;
	struct buf text = {0};
	char told[512] = "";
	size_t at;

	(void)state;
	place_init(&p);
	answer.f[ANSWER_KANJI] = TEXT("𠮷野髙﨑\xC2\xA5,\"表\"");
	x = open_in(&p, EXPORT_CP932, false, &lost);
	put(x, &p, 0, &answer, NULL);
	close_it(x);
	b = read_file(&p, 0);
	assert_true(encoding_decode(ENCODING_CP932, buf_bytes(&b), &text, &at));
	expect_cell(&text, 1, "漢字氏名", "〓野髙﨑〓,\"表\"");
	expect_cell(&text, 1, "回答分類", "該当あり");
	assert_int_equal(lost.count, 2);
	rewind(lost.out);
	assert_non_null(fgets(told, sizeof(told), lost.out));
	assert_non_null(strstr(told, "\"export.geta\""));
	assert_non_null(strstr(told, "\"line\":2"));
	assert_non_null(strstr(told, "漢字氏名"));
	assert_non_null(strstr(told, "U+20BB7"));
	(void)fclose(lost.out);
	buf_fini(&text);
	buf_fini(&b);
	place_fini(&p);
}

static void a_mark_stands_first_if_asked_for(void **state)
{
	struct place p;

	(void)state;
	place_init(&p);
	close_it(open_in(&p, EXPORT_UTF8_BOM, false, NULL));
	for (int i = 0; i < 3; i++) {
		struct buf b = read_file(&p, i);

		assert_memory_equal(b.p, "\xEF\xBB\xBF", 3);
		assert_memory_not_equal(b.p + 3, "\xEF\xBB\xBF", 3);
		buf_fini(&b);
	}
	place_fini(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_to_replace_and_leaves_nothing),
	    cmocka_unit_test(an_abandoned_export_leaves_nothing),
	    cmocka_unit_test(a_failed_commit_leaves_nothing_new),
	    cmocka_unit_test(headers_are_those_of_the_promise),
	    cmocka_unit_test(formulas_are_made_harmless),
	    cmocka_unit_test(cells_are_quoted_where_they_must_be),
	    cmocka_unit_test(one_row_for_each_account),
	    cmocka_unit_test(an_inquiry_without_account_has_row_0),
	    cmocka_unit_test(a_correction_adds_no_transactions),
	    cmocka_unit_test(raw_stands_after_each_item),
	    cmocka_unit_test(what_cp932_lacks_becomes_geta_and_is_told),
	    cmocka_unit_test(a_mark_stands_first_if_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
