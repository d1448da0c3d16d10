/*
 * What was sent is recomputed from the request and the versions that its file
 * names, and proved by what was kept of it: the same bytes and losses for
 * 100,000 inquiries, after a newer layout has been installed, and a newer
 * table of kanji compiled in beside the one by which they were sent
 * (revised_map.tsv).
 */
#include "base/file.h"
#include "layout/layout_trace.h"
#include "parties/layouts.h"
#include "parties/proof.h"
#include "text/kanji.h"
#include "text/mj_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define INQUIRIES 100000
#define CODE "9609" /* kanji of JIS X 0208 alone */
#define OLD "2025-04-01"
#define NEW "2026-10-01"
#define FILE_ID "131041-001-" CODE "-0001"

struct person {
	char number[KANRI_TEXT];
	char kana[64];
	char birth[11];
	char address[96];
	const char *kanji;
};

static void read_rules(struct buf *out)
{
	struct err e;

	assert_int_equal(
	    file_read(LAYOUTS_DIR "/" CODE "/" OLD ".yaml", 262144, out, &e),
	    ERR_NONE);
}

/* The n-th inquiry: no two are alike. */
static void request_of(uint32_t n, struct person *p, struct request *r)
{
	static const char *const names[] = {"キャノン ヨーコ", "ヤマダ タロウ",
	    "ヴァン ジョージ", "サトウ キョウコ", "ワタナベ イチロウ"};
	struct kanri k = {.authority = "131041",
	    .institution = CODE,
	    .wave = 1,
	    .ordinal = n + 1};

	assert_true(kanri_format(&k, p->number));
	(void)snprintf(p->kana, sizeof(p->kana), "%s", names[n % 5]);
	(void)snprintf(p->birth, sizeof(p->birth), "%04u-%02u-%02u",
	    1930 + n % 70, 1 + n % 12, 1 + n % 28);
	(void)snprintf(p->address, sizeof(p->address),
	    "東京都新宿区西新宿2-%u-%u", 1 + n % 300, 1 + n / 300);
	/* One in seven has a character that the map reduces. */
	p->kanji = n % 7 == 0 ? "𠮷野 洋子" : "観音 洋子";
	*r = (struct request){0};
	r->f[REQUEST_INQUIRY] = text_z(p->number);
	r->f[REQUEST_LINK] = text_z(p->number);
	r->f[REQUEST_PERSON] = TEXT("1");
	r->f[REQUEST_ORDER_CODE] = TEXT("131041-001");
	r->f[REQUEST_BASIS] = TEXT("jumin-331-6");
	r->f[REQUEST_BIRTH] = text_z(p->birth);
	r->f[REQUEST_KANA] = text_z(p->kana);
	r->f[REQUEST_KANJI] = text_z(p->kanji);
	r->f[REQUEST_SEX] = TEXT("2");
	r->f[REQUEST_POSTAL] = TEXT("1600023");
	r->f[REQUEST_ADDRESS] = text_z(p->address);
	r->f[REQUEST_BASE_DATE] = TEXT("2026-10-01");
	r->f[REQUEST_PERIOD] = TEXT("2025-10-01/2026-09-30");
	r->f[REQUEST_REGISTRANT] = TEXT("担当");
	r->f[REQUEST_UPDATED] = TEXT("2026-10-01");
}

static void ignore(void *ctx, enum request_item item, struct text column,
    size_t variant, struct text after)
{
	(void)item;
	(void)column;
	(void)variant;
	(void)after;
	(*(size_t *)ctx)++;
}

/* Its record in a file as the unit writes it, many in one. */
static void send_all(struct layout *l, struct buf *sent)
{
	struct buf out = {0};

	layout_begin_requests(l, FILE_ID, &out);
	for (uint32_t n = 0; n < INQUIRIES; n++) {
		struct layout_report report = {0};
		struct proof proof;
		struct request r;
		struct person p;
		size_t from = out.n;

		request_of(n, &p, &r);
		layout_put_request(l, &r, &out, &report);
		assert_false(report.held);
		proof = proof_of(&report, BYTES(out.p + from, out.n - from));
		proof.ordinal = n + 1;
		proof_pack(sent, &proof);
		if (out.n > 1 << 20) {
			buf_clear(&out);
			layout_begin_requests(l, FILE_ID, &out);
		}
	}
	buf_fini(&out);
}

/* One at a time, as an officer asks. */
static size_t proved(struct layout *l, struct bytes sent)
{
	struct buf record = {0};
	size_t alike = 0;

	for (uint32_t n = 0; n < INQUIRIES; n++) {
		struct layout_report report = {0};
		struct proof now;
		struct proof then;
		size_t fields = 0;
		const struct layout_trace t = {
		    .field = ignore, .ctx = &fields, .record = &record};
		struct request r;
		struct person p;

		buf_clear(&record);
		request_of(n, &p, &r);
		layout_trace(l, FILE_ID, &r, &t, &report);
		assert_true(fields > 5);
		assert_true(proof_find(sent, n + 1, &then));
		now = proof_of(&report, buf_bytes(&record));
		alike += proof_same(&now, &then);
	}
	buf_fini(&record);
	return alike;
}

static void install(const char *dir, struct buf *yaml)
{
	struct err e;

	assert_int_equal(
	    layouts_install(dir, buf_bytes(yaml), CODE, NULL, &e), ERR_NONE);
}

static void replace(struct buf *yaml, const char *from, const char *to)
{
	struct buf out = {0};
	char *at;

	buf_byte(yaml, '\0');
	at = strstr((char *)yaml->p, from);
	assert_non_null(at);
	buf_add(&out, yaml->p, (size_t)(at - (char *)yaml->p));
	buf_z(&out, to);
	buf_z(&out, at + strlen(from));
	buf_fini(yaml);
	*yaml = out;
}

static void remove_all(const char *dir)
{
	static const char *const names[] = {("/" CODE "/" OLD ".yaml"),
	    ("/" CODE "/" NEW ".yaml"), "/" CODE, ""};
	char path[100];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", dir, names[i]);
		assert_int_equal(remove(path), 0);
	}
}

/* By the layout that was in force, and the tables that were compiled in, before
 * there was a revised one. */
static void sent_before(const char *dir, const char *tables, struct buf *sent)
{
	struct layouts *layouts = layouts_new(dir);
	struct err e;
	struct layout *l = layouts_on(layouts, CODE, "2026-09-15", &e);

	assert_non_null(l);
	assert_string_equal(layout_version(l), OLD);
	assert_true(layout_use_tables(l, tables));
	send_all(l, sent);
	assert_true(proof_good(buf_bytes(sent), INQUIRIES, 1, INQUIRIES));
	layouts_free(layouts);
}

static void the_same_bytes_after_layout_and_table_have_changed(void **state)
{
	char dir[] = "/tmp/shokai-provenance-XXXXXX";
	size_t reduced = (INQUIRIES + 6) / 7;
	const char *tables = mj_table_all[1].version;
	struct layouts *layouts;
	struct buf sent = {0};
	struct buf yaml = {0};
	struct layout *l;
	struct err e;

	(void)state;
	assert_int_equal(mj_table_count, 2);
	assert_non_null(mkdtemp(dir));
	read_rules(&yaml);
	install(dir, &yaml);
	sent_before(dir, tables, &sent);
	replace(&yaml, "valid_from: " OLD, "valid_from: " NEW);
	replace(&yaml, "quote: always", "quote: minimal");
	install(dir, &yaml);
	layouts = layouts_new(dir);
	/* By today's tables those that they reduce would be others. */
	l = layouts_version(layouts, CODE, OLD, &e);
	assert_string_equal(layout_tables(l), mj_table_all[0].version);
	assert_int_equal(proved(l, buf_bytes(&sent)), INQUIRIES - reduced);
	l = layouts_with_tables(layouts, CODE, OLD, tables, &e);
	assert_string_equal(layout_tables(l), tables);
	assert_int_equal(proved(l, buf_bytes(&sent)), INQUIRIES);
	/* Who writes files goes on by the newest. */
	l = layouts_version(layouts, CODE, OLD, &e);
	assert_string_equal(layout_tables(l), mj_table_all[0].version);
	/* By the layout that is in force now all would be others. */
	l = layouts_on(layouts, CODE, "2026-10-15", &e);
	assert_string_equal(layout_version(l), NEW);
	assert_int_equal(proved(l, buf_bytes(&sent)), 0);
	layouts_free(layouts);
	remove_all(dir);
	buf_fini(&sent);
	buf_fini(&yaml);
}

/* Of a version that is not compiled in nothing is proved, and it is told. */
static void tables_that_are_not_there_are_the_newest(void **state)
{
	(void)state;
	assert_ptr_equal(kanji_map(NULL), &mj_table_all[0]);
	assert_ptr_equal(kanji_map(mj_table_all[1].version), &mj_table_all[1]);
	assert_null(kanji_map("0.0.1-00000000"));
}

static void tells_another_record_and_another_loss(void **state)
{
	struct layout_report report = {.informational = 1, .material = 2};
	struct proof a = proof_of(&report, BYTES("record", 6));
	struct proof b = proof_of(&report, BYTES("recorD", 6));
	struct proof c;
	struct buf packed = {0};
	struct proof found;

	(void)state;
	report.material = 3;
	c = proof_of(&report, BYTES("record", 6));
	assert_true(proof_same(&a, &a));
	assert_false(proof_same(&a, &b));
	assert_false(proof_same(&a, &c));
	a.ordinal = 7;
	b.ordinal = 9;
	proof_pack(&packed, &a);
	proof_pack(&packed, &b);
	assert_true(proof_find(buf_bytes(&packed), 9, &found));
	assert_true(proof_same(&found, &b));
	assert_false(proof_find(buf_bytes(&packed), 8, &found));
	assert_false(proof_find(buf_bytes(&packed), 10, &found));
	buf_fini(&packed);
}

static void refuses_rows_that_are_not_the_files(void **state)
{
	struct proof p = {.ordinal = 7};
	struct buf packed = {0};

	(void)state;
	proof_pack(&packed, &p);
	assert_true(proof_good(buf_bytes(&packed), 1, 7, 7));
	assert_false(proof_good(buf_bytes(&packed), 2, 1, 9));
	assert_false(proof_good(buf_bytes(&packed), -1, 1, 9));
	assert_false(proof_good(buf_bytes(&packed), 1, 8, 9));
	assert_false(proof_good(buf_bytes(&packed), 1, 1, 6));
	proof_pack(&packed, &p);
	assert_false(proof_good(buf_bytes(&packed), 2, 1, 9));
	packed.n--;
	assert_false(proof_good(buf_bytes(&packed), 1, 1, 9));
	buf_fini(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_rows_that_are_not_the_files),
	    cmocka_unit_test(tells_another_record_and_another_loss),
	    cmocka_unit_test(tables_that_are_not_there_are_the_newest),
	    cmocka_unit_test(
		the_same_bytes_after_layout_and_table_have_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
