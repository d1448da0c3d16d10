/*
 * decode.c — an institution's file, by the layouts of layouts/ that have the
 * form FORM. The first byte chooses the layout, and whether the rest is a file
 * of answers or of requests. An answer that was read is written and read
 * again.
 */
#include "base/file.h"
#include "fuzz.h"
#include "layout/layout.h"

#include <glob.h>

#define LAYOUTS_MAX 64

struct all {
	struct layout *l[LAYOUTS_MAX];
	size_t count;
};

static void load(struct all *all)
{
	glob_t g;
	struct err e;

	fuzz_require(glob(LAYOUTS "/*/*.yaml", 0, NULL, &g) == 0);
	for (size_t i = 0; i < g.gl_pathc && all->count < LAYOUTS_MAX; i++) {
		struct buf b = {0};

		fuzz_require(
		    file_read(g.gl_pathv[i], 1 << 20, &b, &e) == ERR_NONE);
		if (memmem(b.p, b.n, "\nform: " FORM "\n",
			sizeof("\nform: " FORM "\n") - 1) != NULL)
			fuzz_require(
			    layout_load(buf_bytes(&b), "l", NULL, NULL,
				&all->l[all->count++], &e) == ERR_NONE);
		buf_fini(&b);
	}
	globfree(&g);
	fuzz_require(all->count > 0);
}

struct reading {
	struct layout *l;
	struct arena arena;
	struct buf answers; /* packed, one after another */
	struct buf again;   /* the file written from them */
	size_t taken;
	size_t bad;
};

static enum err_class on_answer(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	struct reading *r = ctx;
	struct buf packed = {0};
	struct arena a = {0};
	struct answer again;
	size_t used;
	size_t lost = 0;

	(void)e;
	fuzz_require(line > 0);
	answer_pack(x, &packed);
	fuzz_require(answer_unpack(&a, buf_bytes(&packed), &again, &used));
	fuzz_require(used == packed.n);
	layout_put_answer(r->l, x, &r->again, &lost);
	r->taken++;
	buf_fini(&packed);
	arena_fini(&a);
	return ERR_NONE;
}

/* T2: what is remembered of values changes nothing. */
static void put_both_ways(struct reading *r, const struct request *x)
{
	static struct layout_memo *memo;
	struct layout_report plain = {0};
	struct layout_report quick = {0};
	size_t from = r->again.n;
	size_t n;

	if (memo == NULL)
		memo = layout_memo_new();
	layout_use_memo(r->l, NULL);
	layout_put_request(r->l, x, &r->again, &plain);
	n = r->again.n - from;
	layout_use_memo(r->l, memo);
	layout_put_request(r->l, x, &r->again, &quick);
	layout_use_memo(r->l, NULL);
	fuzz_require(r->again.n - from == 2 * n);
	fuzz_require(
	    n == 0 || memcmp(r->again.p + from, r->again.p + from + n, n) == 0);
	fuzz_require(plain.held == quick.held);
	fuzz_require(plain.informational == quick.informational);
	fuzz_require(plain.material == quick.material);
	r->again.n = from + n;
}

static enum err_class on_request(
    void *ctx, const struct request *x, long line, struct err *e)
{
	struct reading *r = ctx;

	(void)e;
	fuzz_require(line > 0);
	put_both_ways(r, x);
	r->taken++;
	return ERR_NONE;
}

static void on_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct reading *r = ctx;

	fuzz_require(kanri.n == 0 || kanri.p != NULL);
	fuzz_no_fault(why->class, why);
	fuzz_require(why->level == ERR_RECORD);
	r->bad++;
}

static void read_file(struct layout *l, bool answers, struct bytes in)
{
	struct reading r = {.l = l};
	const struct layout_sink sink = {
	    .ctx = &r,
	    .answer = answers ? on_answer : NULL,
	    .request = answers ? NULL : on_request,
	    .bad = on_bad,
	};
	size_t records = 0;
	struct err e;

	if (answers)
		layout_begin_answers(l, "131041-001-9601-0001", &r.again);
	else
		layout_begin_requests(l, "131041-001-9601-0001", &r.again);
	fuzz_no_fault(layout_read(l, in, &r.arena, &sink, &records, &e), &e);
	fuzz_require(r.taken <= LAYOUT_RECORDS_MAX * 2);
	buf_fini(&r.answers);
	buf_fini(&r.again);
	arena_fini(&r.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct all all;
	struct bytes in = BYTES(p, n);
	unsigned c = fuzz_byte(&in);

	if (all.count == 0)
		load(&all);
	read_file(all.l[c / 2 % all.count], c % 2, in);
	return 0;
}
