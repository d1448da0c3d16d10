/* rules.c — a rule file (YAML): what is taken is shown, writes a request and
 * reads it again. */
#include "fuzz.h"
#include "layout/layout.h"
#include "layout/layout_example.h"

#define KANRI "2T410017EP000017"

static void note(void *ctx, const struct err *finding)
{
	int *findings = ctx;

	++*findings;
	fuzz_no_fault(finding->class, finding);
	fuzz_require(finding->line > 0);
}

static enum err_class taken(
    void *ctx, const struct request *r, long line, struct err *e)
{
	(void)ctx;
	(void)r;
	(void)e;
	fuzz_require(line > 0);
	return ERR_NONE;
}

static void bad(void *ctx, const struct err *why, struct text kanri)
{
	(void)ctx;
	(void)kanri;
	fuzz_no_fault(why->class, why);
}

static void ask(struct layout *l)
{
	static const struct request person = {
	    .f = {[REQUEST_INQUIRY] = {KANRI, 16},
		[REQUEST_LINK] = {KANRI, 16},
		[REQUEST_ORDER_CODE] = {"131041-001", 10},
		[REQUEST_PERSON] = {"1", 1},
		[REQUEST_KANA] = {"キャノン ヨーコ", 22},
		[REQUEST_KANJI] = {"髙﨑 洋子", 13},
		[REQUEST_BIRTH] = {"1985-04-09", 10},
		[REQUEST_SEX] = {"2", 1},
		[REQUEST_POSTAL] = {"1600023", 7},
		[REQUEST_ADDRESS] = {"架空県架空市2-8-1", 22},
		[REQUEST_BASIS] = {"jumin-331-6", 11},
		[REQUEST_BASE_DATE] = {"2026-10-01", 10},
		[REQUEST_PERIOD] = {"2025-10-01/2026-09-30", 21},
		[REQUEST_FREE] = {"A-1", 3}}};
	const struct layout_sink sink = {.request = taken, .bad = bad};
	struct layout_report report = {0};
	struct buf out = {0};
	struct arena a = {0};
	size_t records;
	struct err e;

	layout_begin_requests(l, "131041-001-9601-0001", &out);
	layout_put_request(l, &person, &out, &report);
	layout_end_requests(l, report.held ? 0 : 1, &out);
	fuzz_no_fault(
	    layout_read(l, buf_bytes(&out), &a, &sink, &records, &e), &e);
	buf_clear(&out);
	layout_file_name(l, "131041-001-9601-0001", "2026-10-01", 1, &out);
	fuzz_require(memchr(out.p, '/', out.n) == NULL && out.n > 0);
	buf_clear(&out);
	layout_show(l, "ja", &out);
	layout_show(l, "en", &out);
	buf_fini(&out);
	arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct layout *l;
	struct err e;
	int findings = 0;
	enum err_class class =
	    layout_load(BYTES(p, n), "f.yaml", note, &findings, &l, &e);

	fuzz_no_fault(class, &e);
	fuzz_require((class == ERR_NONE) == (l != NULL));
	if (l == NULL)
		return 0;
	fuzz_require(findings == 0);
	ask(l);
	layout_free(l);
	return 0;
}
