/*
 * What was sent is recomputed from the request and the versions that its file
 * names: the same bytes for 100,000 inquiries, after a newer layout has been
 * installed, and a newer table of codes.
 */
#include "base/digest.h"
#include "base/file.h"
#include "codes/codes.h"
#include "layout/layout_trace.h"
#include "parties/layouts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define INQUIRIES 100000
#define CODE "9602" /* CP932, fixed lengths */
#define OLD "2025-04-01"
#define NEW "2026-10-01"

struct person {
	char number[KANRI_TEXT];
	char kana[64];
	char birth[11];
	char address[96];
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
	*r = (struct request){0};
	r->f[REQUEST_INQUIRY] = text_z(p->number);
	r->f[REQUEST_LINK] = text_z(p->number);
	r->f[REQUEST_PERSON] = TEXT("1");
	r->f[REQUEST_ORDER_CODE] = TEXT("131041-001");
	r->f[REQUEST_BASIS] = TEXT("jumin-331-6");
	r->f[REQUEST_BIRTH] = text_z(p->birth);
	r->f[REQUEST_KANA] = text_z(p->kana);
	r->f[REQUEST_KANJI] = TEXT("観音 洋子");
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
static void send_all(struct layout *l, struct digest *sent)
{
	struct buf out = {0};

	layout_begin_requests(l, "131041-001-9602-0001", &out);
	for (uint32_t n = 0; n < INQUIRIES; n++) {
		struct layout_report report = {0};
		struct request r;
		struct person p;
		size_t from = out.n;

		request_of(n, &p, &r);
		layout_put_request(l, &r, &out, &report);
		assert_false(report.held);
		sent[n] = digest_one(BYTES(out.p + from, out.n - from));
		if (out.n > 1 << 20) {
			buf_clear(&out);
			layout_begin_requests(l, "131041-001-9602-0001", &out);
		}
	}
	buf_fini(&out);
}

/* One at a time, as an officer asks. */
static size_t recomputed_alike(struct layout *l, const struct digest *sent)
{
	size_t alike = 0;

	for (uint32_t n = 0; n < INQUIRIES; n++) {
		struct layout_report report = {0};
		struct digest d;
		size_t fields = 0;
		const struct layout_trace t = {
		    .field = ignore, .ctx = &fields, .digest = &d};
		struct request r;
		struct person p;

		request_of(n, &p, &r);
		layout_trace(l, "131041-001-9602-0001", &r, &t, &report);
		assert_true(fields > 5);
		alike += digest_eq(d, sent[n]);
	}
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

/* A table that has one row more than ours. */
static void change_a_table(struct arena *a, const char *old)
{
	struct codes_source source;
	const struct codes *codes;
	struct buf more = {0};
	struct err e;

	codes_compiled(&source);
	buf_text_add(&more, source.holidays);
	buf_z(&more, "2099-07-01\t架空の日\t祝日\n");
	source.holidays = buf_text(&more);
	assert_int_equal(codes_load_from(a, &source, &codes, &e), ERR_NONE);
	assert_string_not_equal(codes->version, old);
	buf_fini(&more);
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

static void the_same_bytes_after_layout_and_table_have_changed(void **state)
{
	char dir[] = "/tmp/shokai-provenance-XXXXXX";
	struct digest *sent = calloc(INQUIRIES, sizeof(*sent));
	struct arena a = {0};
	const struct codes *codes;
	struct layouts *layouts;
	struct buf yaml = {0};
	struct layout *l;
	struct err e;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_non_null(sent);
	assert_int_equal(codes_load(&a, &codes, &e), ERR_NONE);
	read_rules(&yaml);
	install(dir, &yaml);
	layouts = layouts_new(dir);
	l = layouts_on(layouts, CODE, "2026-10-15", &e);
	assert_string_equal(layout_version(l), OLD);
	send_all(l, sent);
	layouts_free(layouts);
	replace(&yaml, "valid_from: " OLD, "valid_from: " NEW);
	replace(&yaml, "quote: always", "quote: minimal");
	install(dir, &yaml);
	layouts = layouts_new(dir);
	change_a_table(&a, codes->version);
	l = layouts_version(layouts, CODE, OLD, &e);
	assert_non_null(l);
	assert_int_equal(recomputed_alike(l, sent), INQUIRIES);
	/* By the layout that is in force now they would be others. */
	l = layouts_on(layouts, CODE, "2026-10-15", &e);
	assert_string_equal(layout_version(l), NEW);
	assert_int_equal(recomputed_alike(l, sent), 0);
	layouts_free(layouts);
	remove_all(dir);
	buf_fini(&yaml);
	free(sent);
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		the_same_bytes_after_layout_and_table_have_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
