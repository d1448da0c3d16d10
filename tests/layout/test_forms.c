/* Tests of the forms that name their fields, and of totals: hostile bytes
 * first. */
#include "helper.h"

#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define JSON "encoding: utf-8\nform: jsonl\nnewline: lf\n"
#define XML "encoding: utf-8\nform: xml\nnewline: lf\n"
#define KEY "    - {item: 管理番号, name: key}\n"
#define CLASSES                                                                \
	"map: {found: \"1\", none: \"2\", review: \"3\", partial: \"4\", "     \
	"paper: \"5\", invalid: \"6\", refused: \"7\"}"
#define ANSWER                                                                 \
	"  detail:\n   mark: D\n   columns:\n"                                 \
	"    - {item: 管理番号, name: key}\n"                              \
	"    - {item: 回答区分, name: answer, " CLASSES "}\n"                  \
	"    - {item: 漢字氏名, name: holder}\n"                           \
	"  account:\n   mark: A\n   columns:\n"                                \
	"    - {item: 口座番号, name: no}\n"                               \
	"    - {item: 残高, name: yen}\n"                                    \
	"  trailer:\n   mark: T\n   columns:\n"                                \
	"    - {value: records}\n    - {value: rows}\n"                        \
	"    - {sum: 残高, of: account, name: total}\n"
#define DIGEST "    - {value: digest}\n"

struct told {
	struct arena keep;
	struct answer x[4];
	size_t n;
	size_t bad;
	struct err why;
};

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

static enum err_class take_request(
    void *ctx, const struct request *r, long line, struct err *e)
{
	struct told *t = ctx;

	(void)line;
	(void)e;
	assert_true(t->n < 4);
	for (int i = 0; i < (int)ANSWER_COUNT && i < (int)REQUEST_COUNT; i++)
		t->x[t->n].f[i] = r->f[i];
	t->n++;
	return ERR_NONE;
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct told *t = ctx;

	(void)kanri;
	t->bad++;
	t->why = *why;
}

static enum err_class read_answers(
    struct layout *l, struct bytes file, struct told *t, struct err *e)
{
	struct layout_sink sink = {
	    .ctx = t, .answer = take_answer, .bad = take_bad};
	size_t records;

	*t = (struct told){0};
	return layout_read(l, file, &t->keep, &sink, &records, e);
}

static enum err_class read_requests(
    struct layout *l, const char *file, struct told *t, struct err *e)
{
	struct layout_sink sink = {
	    .ctx = t, .request = take_request, .bad = take_bad};
	size_t records;

	*t = (struct told){0};
	return layout_read(
	    l, BYTES(file, strlen(file)), &t->keep, &sink, &records, e);
}

static struct layout *make(
    const char *top, const char *columns, const char *answer)
{
	struct err e;
	struct layout *l = helper_vary(top, columns, answer, &e);

	if (l == NULL)
		fail_msg("%ld:%ld %s %s", e.line, e.column, e.en, e.detail);
	return l;
}

static void put(struct layout *l, const char *name, struct buf *out)
{
	struct request r;
	struct layout_report report = {0};

	helper_person(&r, HELPER_KANRI1);
	r.f[REQUEST_KANJI] = text_z(name);
	buf_clear(out);
	layout_begin_requests(l, "F", out);
	layout_put_request(l, &r, out, &report);
	layout_end_requests(l, 1, out);
	assert_false(report.held);
	buf_byte(out, '\0');
}

#define COLUMNS KEY "    - {item: 漢字氏名, name: name}\n"

static void refuses_names_that_a_form_cannot_have(void **state)
{
	struct err e;

	(void)state;
	assert_null(
	    helper_vary(XML, "    - {item: 管理番号, name: a b}\n", NULL, &e));
	assert_string_equal(e.code, "layout.syntax");
	assert_int_equal(e.line, 11);
	assert_null(helper_vary(
	    XML, "    - {item: 管理番号, name: \"1a\"}\n", NULL, &e));
	assert_null(
	    helper_vary(JSON, KEY "    - {item: 住所, name: key}\n", NULL, &e));
	assert_string_equal(e.code, "layout.overlap");
	assert_null(helper_vary("encoding: cp932\nform: xml\n", KEY, NULL, &e));
	assert_null(helper_vary(
	    "encoding: utf-8\nform: jsonl\nnewline: none\n", KEY, NULL, &e));
}

static void writes_json_lines(void **state)
{
	struct layout *l = make(JSON, COLUMNS, NULL);
	struct buf out = {0};

	(void)state;
	put(l, "山\"田\\", &out);
	assert_string_equal((char *)out.p,
	    "{\"key\":\"" HELPER_KANRI1 "\",\"name\":\"山\\\"田\\\\\"}\n");
	buf_fini(&out);
	layout_free(l);
}

static void reads_json_in_any_order_and_spelling(void **state)
{
	struct layout *l = make(JSON, COLUMNS, NULL);
	struct told t;
	struct err e;

	(void)state;
	assert_int_equal(
	    read_requests(l,
		" { \"n\\u0061me\" : \"\\u5c71\\ud842\\udfb7\\/\" , "
		"\"key\":\"" HELPER_KANRI1 "\" } \r\n"
		"{\"name\":null,\"key\":\"" HELPER_KANRI2 "\"}",
		&t, &e),
	    ERR_NONE);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.bad, 0);
	assert_true(text_is(t.x[0].f[REQUEST_KANJI], "山𠮷/"));
	assert_int_equal(t.x[1].f[REQUEST_KANJI].n, 0);
	arena_fini(&t.keep);
	layout_free(l);
}

static void refuses_bad_json_alone(void **state)
{
	static const char *const bad[] = {"[]", "{", "{}", "{\"key\":1",
	    "{\"key\":\"" HELPER_KANRI1 "\",\"key\":\"x\"}",
	    "{\"key\":\"" HELPER_KANRI1 "\",\"more\":\"x\"}",
	    "{\"key\":\"" HELPER_KANRI1 "\"} x",
	    "{\"key\":\"" HELPER_KANRI1 "\",}",
	    "{\"key\":\"" HELPER_KANRI1 "\",\"name\":\"\\ud842\"}",
	    "{\"key\":\"" HELPER_KANRI1 "\",\"name\":\"\\x\"}",
	    "{\"key\":\"" HELPER_KANRI1 "\",\"name\":{}}",
	    "{\"key\":\"" HELPER_KANRI1 "\",\"name\":\"\\u0001\"}",
	    "{\"key\":\"" HELPER_KANRI1 "\",\"name\":nul}", "{\"key\":\"\\"};
	struct layout *l = make(JSON, COLUMNS, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char file[512];
		struct told t;
		struct err e;

		(void)snprintf(file, sizeof(file),
		    "%s\n{\"key\":\"" HELPER_KANRI2 "\",\"name\":\"a\"}\n",
		    bad[i]);
		assert_int_equal(read_requests(l, file, &t, &e), ERR_NONE);
		assert_int_equal(t.bad, 1);
		assert_int_equal(t.why.line, 1);
		assert_int_equal(t.n, 1);
		arena_fini(&t.keep);
	}
	layout_free(l);
}

static void writes_xml(void **state)
{
	struct layout *l = make(XML, COLUMNS, NULL);
	struct buf out = {0};

	(void)state;
	put(l, "A&B<C>\"山", &out);
	assert_string_equal((char *)out.p,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<file>\n<detail><key>" HELPER_KANRI1
	    "</key><name>A&amp;B&lt;C&gt;\"山</name></detail>\n"
	    "</file>\n");
	buf_fini(&out);
	layout_free(l);
}

static void reads_xml_as_others_write_it(void **state)
{
	struct layout *l = make(XML, COLUMNS, NULL);
	struct told t;
	struct err e;

	(void)state;
	assert_int_equal(
	    read_requests(l,
		"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n"
		"<!-- <detail> -->\n"
		"<file >\n  <!-- a --><!-- b -->\n  <detail>\n"
		"    <name>&#x5c71;&#22826;&lt;&apos;</name >\n    <key>" HELPER_KANRI1
		"</key>\n  </detail>\n"
		"<detail><key>" HELPER_KANRI2 "</key><name/></detail></file>\n",
		&t, &e),
	    ERR_INPUT); /* a comment before the root is not agreed */
	arena_fini(&t.keep);
	assert_int_equal(
	    read_requests(l,
		"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n"
		"<file >\n  <!-- a --><!-- b -->\n  <detail>\n"
		"    <name>&#x5c71;&#22826;&lt;&apos;</name >\n    <key>" HELPER_KANRI1
		"</key>\n  </detail>\n"
		"<detail><key>" HELPER_KANRI2 "</key><name/></detail></file>\n",
		&t, &e),
	    ERR_NONE);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.bad, 0);
	assert_true(text_is(t.x[0].f[REQUEST_KANJI], "山太<'"));
	assert_int_equal(t.x[1].f[REQUEST_KANJI].n, 0);
	arena_fini(&t.keep);
	layout_free(l);
}

static void refuses_a_bad_xml_frame_whole(void **state)
{
	static const char row[] =
	    "<detail><key>" HELPER_KANRI1 "</key><name>a</name></detail>";
	static const struct {
		const char *form; /* %s is a row */
		const char *code;
	} bad[] = {{"%s", "answer.header"},
	    {"<other>%s</other>", "answer.header"},
	    {"<file>%s", "answer.count"}, {"<file>%s</other>", "answer.header"},
	    {"<file>%s</file>x", "answer.header"},
	    {"<file>%s</file><file></file>", "answer.header"},
	    {"<file>%s<detail><key>", "answer.count"},
	    {"<file>x%s</file>", "answer.header"},
	    {"<!DOCTYPE file><file>%s</file>", "answer.header"},
	    {"<file>%s<!DOCTYPE x></file>", "answer.header"},
	    {"<file>%s<?x?></file>", "answer.header"},
	    {"<file>%s<!-- </file>", "answer.count"},
	    {"<?xml encoding='Shift_JIS'?><file>%s</file>", "answer.header"},
	    {"<file a='1'>%s</file>", "answer.header"}};
	struct layout *l = make(XML, COLUMNS, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct buf b = {0};
		struct told t;
		struct err e;
		const char *at = strstr(bad[i].form, "%s");

		buf_add(&b, bad[i].form, (size_t)(at - bad[i].form));
		buf_z(&b, row);
		buf_z(&b, at + 2);
		buf_byte(&b, '\0');
		assert_int_equal(
		    read_requests(l, (char *)b.p, &t, &e), ERR_INPUT);
		assert_string_equal(e.code, bad[i].code);
		assert_int_equal(t.n, 0);
		arena_fini(&t.keep);
		buf_fini(&b);
	}
	layout_free(l);
}

static void refuses_bad_xml_rows_alone(void **state)
{
	static const char *const bad[] = {"<name>&nbsp;</name>", "<name>&#0;",
	    "<name>&#xd800;</name>", "<name>&#x110000;</name>",
	    "<more>x</more>", "<name>a<b/></name>",
	    "<name>a</name><name>b</name>", "text",
	    "<name><![CDATA[x]]></name>", "<name>a</nam>", "<name a='1'/>",
	    "<name>\x01</name>", "<name>&#10;</name>", "<!-- c -->"};
	struct layout *l = make(XML, COLUMNS, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char file[512];
		struct told t;
		struct err e;

		(void)snprintf(file, sizeof(file),
		    "<file><detail><key>" HELPER_KANRI1 "</key>%s</detail>\n"
		    "<detail><key>" HELPER_KANRI2 "</key></detail></file>",
		    bad[i]);
		if (read_requests(l, file, &t, &e) != ERR_NONE)
			fail_msg("%s: %s", bad[i], e.code);
		assert_int_equal(t.bad, 1);
		assert_int_equal(t.n, 1);
		arena_fini(&t.keep);
	}
	layout_free(l);
}

/* ---- totals ---- */

static void put_answers(struct layout *l, struct buf *out)
{
	struct arena a = {0};
	struct answer x = {.class = CLASS_FOUND};
	struct answer_account *account;
	size_t lost = 0;

	x.f[ANSWER_INQUIRY] = text_z(HELPER_KANRI1);
	x.f[ANSWER_KANJI] = TEXT("山田");
	account = answer_add_account(&a, &x);
	account->f[ANSWER_ACCOUNT] = TEXT("0012345");
	account->f[ANSWER_BALANCE] = TEXT("1500");
	account = answer_add_account(&a, &x);
	account->f[ANSWER_ACCOUNT] = TEXT("0012346");
	account->f[ANSWER_BALANCE] = TEXT("-2000");
	account = answer_add_account(&a, &x);
	account->f[ANSWER_ACCOUNT] = TEXT("0012347");
	layout_begin_answers(l, "F", out);
	layout_put_answer(l, &x, out, &lost);
	layout_end_answers(l, 1, out);
	assert_int_equal(lost, 0);
	arena_fini(&a);
}

/* The digest is of the rows' bytes, written down from the rule. */
static void tells_counts_sums_and_digest(void **state)
{
	static const char body[] =
	    "{\"record\":\"D\",\"key\":\"" HELPER_KANRI1
	    "\",\"answer\":\"1\",\"holder\":\"山田\"}\n"
	    "{\"record\":\"A\",\"no\":\"0012345\",\"yen\":\"1500\"}\n"
	    "{\"record\":\"A\",\"no\":\"0012346\",\"yen\":\"-2000\"}\n"
	    "{\"record\":\"A\",\"no\":\"0012347\",\"yen\":\"\"}\n";
	struct layout *l = make(JSON, COLUMNS, ANSWER DIGEST);
	struct buf out = {0};
	char due[1024];
	char hex[DIGEST_TEXT];

	(void)state;
	put_answers(l, &out);
	digest_hex(digest_one(BYTES(body, sizeof(body) - 1)), hex);
	(void)snprintf(due, sizeof(due),
	    "%s{\"record\":\"T\",\"records\":\"1\",\"rows\":\"4\","
	    "\"total\":\"-500\",\"digest\":\"%s\"}\n",
	    body, hex);
	buf_byte(&out, '\0');
	assert_string_equal((char *)out.p, due);
	buf_fini(&out);
	layout_free(l);
}

static void expect_whole(
    struct layout *l, const struct buf *file, const char *code)
{
	struct told t;
	struct err e = {0};

	assert_int_equal(read_answers(l, buf_bytes(file), &t, &e), ERR_INPUT);
	assert_string_equal(e.code, code);
	assert_int_equal(t.n + t.bad, 0);
	arena_fini(&t.keep);
}

/* Replaces the only from of the file with to, of the same length. */
static void swap(struct buf *file, const char *from, const char *to)
{
	char *at = strstr((char *)file->p, from);

	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
}

static void refuses_whole_what_differs_from_its_totals(void **state)
{
	static const struct {
		const char *top;
		const char *from;
		const char *to;
		const char *code;
	} change[] = {{JSON, "1500", "1501", "answer.count"},
	    {JSON, "0012345", "0012349", "answer.digest"},
	    {JSON, "1500", "15x0", "answer.digest"},
	    {JSON, "-500", "-501", "answer.count"},
	    {JSON, "digest\":\"", "digest\":\"", NULL},
	    {XML, "<yen>1500", "<yen>1501", "answer.count"},
	    {XML, "0012345", "0012349", "answer.digest"},
	    {XML, "<rows>4", "<rows>5", "answer.count"},
	    {"encoding: utf-8\nform: csv\n", "0012345", "0012349",
		"answer.digest"},
	    {"encoding: utf-8\nform: csv\n", "山田", "川田", "answer.digest"}};

	(void)state;
	for (size_t i = 0; i < sizeof(change) / sizeof(*change); i++) {
		struct layout *l = make(change[i].top, COLUMNS, ANSWER DIGEST);
		struct buf out = {0};
		struct told t;
		struct err e;

		put_answers(l, &out);
		if (read_answers(l, buf_bytes(&out), &t, &e) != ERR_NONE)
			fail_msg("%zu: %s %s", i, e.code, e.item);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.x[0].account_count, 3);
		assert_true(
		    text_is(t.x[0].accounts[1].f[ANSWER_BALANCE], "-2000"));
		arena_fini(&t.keep);
		if (change[i].code != NULL) {
			buf_byte(&out, '\0');
			swap(&out, change[i].from, change[i].to);
			out.n--;
			expect_whole(l, &out, change[i].code);
		}
		buf_fini(&out);
		layout_free(l);
	}
}

/* F1: the sum tells nothing of the others then, and they go on. */
static void refuses_alone_what_cannot_be_added_up(void **state)
{
	static const char file[] =
	    "{\"record\":\"D\",\"key\":\"" HELPER_KANRI1
	    "\",\"answer\":\"1\",\"holder\":\"山田\"}\n"
	    "{\"record\":\"A\",\"no\":\"0012345\",\"yen\":\"15x0\"}\n"
	    "{\"record\":\"D\",\"key\":\"" HELPER_KANRI2
	    "\",\"answer\":\"1\",\"holder\":\"川田\"}\n"
	    "{\"record\":\"A\",\"no\":\"0012346\",\"yen\":\"20\"}\n"
	    "{\"record\":\"T\",\"records\":\"2\",\"rows\":\"4\","
	    "\"total\":\"1520\"}\n";
	struct layout *l = make(JSON, COLUMNS, ANSWER);
	struct told t;
	struct err e = {0};

	(void)state;
	assert_int_equal(
	    read_answers(l, BYTES(file, sizeof(file) - 1), &t, &e), ERR_NONE);
	assert_int_equal(t.bad, 1);
	assert_string_equal(t.why.code, "answer.bad_amount");
	assert_int_equal(t.n, 1);
	assert_true(text_is(t.x[0].f[ANSWER_INQUIRY], HELPER_KANRI2));
	arena_fini(&t.keep);
	layout_free(l);
}

static void refuses_sums_of_what_is_not_there(void **state)
{
	static const char answer[] =
	    "  detail:\n   mark: D\n   columns:\n"
	    "    - {item: 管理番号, name: key}\n"
	    "    - {item: 回答区分, name: answer, " CLASSES "}\n"
	    "  trailer:\n   mark: T\n   columns:\n"
	    "    - {sum: 残高, of: account}\n";
	struct err e;

	(void)state;
	assert_null(helper_vary(NULL, KEY, answer, &e));
	assert_string_equal(e.code, "layout.syntax");
	assert_int_equal(e.line, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_names_that_a_form_cannot_have),
	    cmocka_unit_test(refuses_bad_json_alone),
	    cmocka_unit_test(refuses_a_bad_xml_frame_whole),
	    cmocka_unit_test(refuses_bad_xml_rows_alone),
	    cmocka_unit_test(refuses_whole_what_differs_from_its_totals),
	    cmocka_unit_test(refuses_alone_what_cannot_be_added_up),
	    cmocka_unit_test(refuses_sums_of_what_is_not_there),
	    cmocka_unit_test(writes_json_lines),
	    cmocka_unit_test(reads_json_in_any_order_and_spelling),
	    cmocka_unit_test(writes_xml),
	    cmocka_unit_test(reads_xml_as_others_write_it),
	    cmocka_unit_test(tells_counts_sums_and_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
