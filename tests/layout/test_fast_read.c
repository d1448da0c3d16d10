/*
 * A layout that reads answers in one go tells of any file what one that reads
 * field by field tells: the same answers, the same refusals, the same end.
 */
#include "helper.h"

#include "layout/layout_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ROUNDS 600
#define RECORDS 6
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* A small generator of our own: the same numbers everywhere. */
static uint32_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

/* All that was told of a file, in a row. */
struct side {
	struct layout *l;
	struct buf told;
	struct arena a;
	size_t good;
};

static enum err_class take(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	struct side *s = ctx;

	(void)e;
	buf_printf(&s->told, "answer %ld\n", line);
	answer_pack(x, &s->told);
	s->good++;
	arena_reset(&s->a);
	return ERR_NONE;
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct side *s = ctx;

	buf_printf(&s->told, "bad %ld %s %s %.*s\n", why->line, why->code,
	    why->item, (int)kanri.n, kanri.p);
}

static void read_by(struct side *s, const struct buf *file)
{
	const struct layout_sink sink = {
	    .ctx = s, .answer = take, .bad = take_bad};
	size_t records = 0;
	struct err e = {.code = ""};
	enum err_class class;

	buf_clear(&s->told);
	arena_reset(&s->a);
	class = layout_read(s->l, buf_bytes(file), &s->a, &sink, &records, &e);
	buf_printf(&s->told, "end %d %s %zu\n", class,
	    class == ERR_NONE ? "" : e.code, records);
}

static void expect_alike(struct side *a, struct side *b, const struct buf *file)
{
	read_by(a, file);
	read_by(b, file);
	assert_int_equal(a->told.n, b->told.n);
	assert_memory_equal(a->told.p, b->told.p, a->told.n);
}

static const char *const names[] = {"ｻﾄｳ ﾊﾅ", "ｽｽﾞｷ", "ﾖ-ｺ ｲ", "", "ｶﾌﾞｼｷ"};
static const char *const kanji[] = {"佐藤 花", "髙橋", "A", "", "東京都１"};
static const char *const days[] = {
    "1950-01-02", "1989-01-07", "2019-05-01", "", "1926-12-25"};

static void put_answers(struct layout *l, uint64_t *seed, struct buf *out)
{
	char kanri[32];
	size_t lost = 0;

	buf_clear(out);
	layout_begin_answers(l, "131041-001-9601-0001", out);
	for (int i = 1; i <= RECORDS; i++) {
		struct answer x = {
		    .class = next(seed) % 2 ? CLASS_FOUND : CLASS_NONE};

		x.f[ANSWER_INQUIRY] = text_z(helper_kanri(i, kanri));
		x.f[ANSWER_KANA] = text_z(names[next(seed) % COUNT(names)]);
		x.f[ANSWER_KANJI] = text_z(kanji[next(seed) % COUNT(kanji)]);
		x.f[ANSWER_ADDRESS] = text_z(kanji[next(seed) % COUNT(kanji)]);
		x.f[ANSWER_BIRTH] = text_z(days[next(seed) % COUNT(days)]);
		x.f[ANSWER_AS_OF] = text_z(days[next(seed) % COUNT(days)]);
		x.f[ANSWER_BALANCE] = text_z(next(seed) % 2 ? "120" : "");
		x.f[ANSWER_DEALINGS] = text_z(next(seed) % 2 ? "1" : "0");
		layout_put_answer(l, &x, out, &lost);
	}
	layout_end_answers(l, RECORDS, out);
}

/* A byte becomes another, comes or goes; or two records change places. */
static void damage(uint64_t *seed, struct buf *file)
{
	static const unsigned char odd[] = {
	    ' ', '0', '9', 'A', 0x81, 0xB1, 0xDE, 0x7F, '\n', '\r', 0x1A, 0};
	size_t at = next(seed) % file->n;

	switch (next(seed) % 4) {
	case 0:
		file->p[at] = odd[next(seed) % COUNT(odd)];
		break;
	case 1:
		file->p[at] = (unsigned char)next(seed);
		break;
	case 2:
		memmove(file->p + at, file->p + at + 1, file->n - at - 1);
		file->n--;
		break;
	default:
		buf_byte(file, 0);
		memmove(file->p + at + 1, file->p + at, file->n - at - 1);
		file->p[at] = odd[next(seed) % COUNT(odd)];
		break;
	}
}

/* Takes both. */
static void compare(struct layout *plain, struct layout *quick)
{
	struct side a = {.l = plain};
	struct side b = {.l = quick};
	struct layout_memo *memo = layout_memo_new();
	struct buf file = {0};
	uint64_t seed = 1;

	assert_non_null(plain);
	assert_non_null(quick);
	layout_use_memo(b.l, memo);
	for (int i = 0; i < ROUNDS; i++) {
		put_answers(a.l, &seed, &file);
		expect_alike(&a, &b, &file);
		for (uint32_t k = next(&seed) % 4; k > 0 && file.n > 1; k--)
			damage(&seed, &file);
		expect_alike(&a, &b, &file);
	}
	assert_true(a.good > ROUNDS);
	assert_int_equal(a.good, b.good);
	layout_free(plain);
	layout_free(quick);
	layout_memo_free(memo);
	arena_fini(&a.a);
	arena_fini(&b.a);
	buf_fini(&a.told);
	buf_fini(&b.told);
	buf_fini(&file);
}

static void all_institutions_are_read_alike(void **state)
{
	(void)state;
	for (int i = 0; i < HELPER_INSTITUTIONS; i++)
		compare(helper_real(i), helper_real(i));
}

#define ROW                                                                      \
	"  detail:\n   mark: \"1\"\n   columns:\n"                               \
	"    - {item: 管理番号, width: 16, required: true}\n"                \
	"    - {item: 回答区分, width: 1, map: {found: \"1\", none: \"2\", " \
	"review: \"3\", partial: \"4\", paper: \"5\", invalid: \"6\", "          \
	"refused: \"7\"}}\n"

static struct layout *load(const char *top, const char *columns, bool quick)
{
	char answer[2048];
	struct layout_memo *memo = layout_memo_new();
	struct err e;
	struct layout *l;

	(void)snprintf(answer, sizeof(answer), ROW "%s", columns);
	l = helper_vary(top, "    - {item: 管理番号, width: 16}\n", answer, &e);
	if (l == NULL)
		fail_msg("%s%s: %ld: %s", top, columns, e.line, e.en);
	layout_use_memo(l, memo);
	assert_true((l->reader != NULL) == quick);
	layout_use_memo(l, NULL);
	l->reader = NULL;
	l->tables = false;
	layout_memo_free(memo);
	return l;
}

/* Columns of which each is a way of its own to be read. */
static void each_column_is_read_alike(void **state)
{
	static const char *const columns[] = {
	    "    - {item: 漢字氏名, width: 20}\n",
	    "    - {item: 漢字氏名, width: 20, required: true}\n",
	    "    - {item: カナ氏名, width: 20, rules: \"kana-half\", "
	    "read: \"kana-full,space:one\"}\n",
	    "    - {item: 生(設立)年月日, width: 7, date: era7}\n",
	    "    - {item: 生(設立)年月日, width: 7, date: era7, "
	    "required: true}\n",
	    "    - {item: 生(設立)年月日, width: 8, date: ymd8}\n",
	    "    - {item: 生(設立)年月日, width: 10, date: slash}\n",
	    "    - {item: 生(設立)年月日, width: 10, date: iso}\n",
	    "    - {item: 回答基準日, width: 8, date: ymd8}\n",
	    "    - {item: 残高, width: 16}\n",
	    "    - {item: 取引有無, width: 1, map: {\"1\": \"1\", \"0\": "
	    "\" \"}}\n",
	    "    - {item: 店番, width: 3}\n",
	};
	static const char *const tops[] = {
	    "encoding: cp932\nform: fixed\nnewline: crlf\n",
	    "encoding: utf-8\nform: fixed\nnewline: lf\n",
	    "encoding: cp932\nform: fixed\nnewline: none\n"};
	char all[2048];

	(void)state;
	for (size_t t = 0; t < COUNT(tops); t++)
		for (size_t i = 0; i < COUNT(columns); i++) {
			(void)snprintf(all, sizeof(all), "%s%s", columns[i],
			    "    - {item: 住所, width: 9}\n");
			compare(
			    load(tops[t], all, true), load(tops[t], all, true));
		}
}

/* What takes more than a record is never read so. */
static void records_that_need_others_are_read_by_themselves(void **state)
{
	static const char top[] = "encoding: cp932\nform: fixed\n";

	(void)state;
	layout_free(load(top, "    - {value: accounts, width: 6}\n", false));
	layout_free(load(top,
	    "    - {item: 取引調査期間, part: from, width: 8, date: ymd8}\n"
	    "    - {item: 取引調査期間, part: to, width: 8, date: ymd8}\n",
	    false));
	layout_free(load("encoding: cp932\nform: csv\n",
	    "    - {item: 漢字氏名, width: 20}\n", false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_institutions_are_read_alike),
	    cmocka_unit_test(each_column_is_read_alike),
	    cmocka_unit_test(records_that_need_others_are_read_by_themselves),
	};

	return cmocka_run_group_tests_name(
	    "layout/fast_read", tests, NULL, NULL);
}
