/*
 * decode.c — an institution's file, by the layouts of layouts/ that have the
 * form FORM. The first byte chooses the layout, and whether the rest is a file
 * of answers or of requests. An answer that was read is written and read
 * again, and what is read with a memo is what is read without one.
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
	struct buf read;  /* answers, packed, and what was refused */
	struct buf again; /* the file written from them */
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
	buf_printf(&r->read, "%ld:", line);
	buf_add(&r->read, packed.p, packed.n);
	layout_put_answer(r->l, x, &r->again, &lost);
	r->taken++;
	buf_fini(&packed);
	arena_fini(&a);
	return ERR_NONE;
}

static struct layout_memo *the_memo(void)
{
	static struct layout_memo *memo;

	if (memo == NULL)
		memo = layout_memo_new();
	return memo;
}

/* T2: what is remembered of values changes nothing. */
static void put_both_ways(struct reading *r, const struct request *x)
{
	struct layout_report plain = {0};
	struct layout_report quick = {0};
	size_t from = r->again.n;
	size_t n;

	layout_use_memo(r->l, NULL);
	layout_put_request(r->l, x, &r->again, &plain);
	n = r->again.n - from;
	layout_use_memo(r->l, the_memo());
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
	buf_printf(&r->read, "%s:%ld:%ld:%s:%.*s:%s;", why->code, why->line,
	    why->column, why->item, (int)kanri.n, kanri.p, why->detail);
	r->bad++;
}

static void read_once(struct reading *r, bool answers, struct bytes in)
{
	const struct layout_sink sink = {
	    .ctx = r,
	    .answer = answers ? on_answer : NULL,
	    .request = answers ? NULL : on_request,
	    .bad = on_bad,
	};
	size_t records = 0;
	struct err e = {0};

	fuzz_no_fault(
	    layout_read(r->l, in, &r->arena, &sink, &records, &e), &e);
	fuzz_require(r->taken <= LAYOUT_RECORDS_MAX * 2);
	buf_printf(&r->read, "%zu %s:%ld:%ld:%s:%s", records,
	    e.code != NULL ? e.code : "", e.line, e.column, e.item, e.detail);
}

static void reading_fini(struct reading *r)
{
	buf_fini(&r->read);
	buf_fini(&r->again);
	arena_fini(&r->arena);
}

static void read_requests(struct layout *l, struct bytes in)
{
	struct reading r = {.l = l};

	layout_begin_requests(l, "131041-001-9601-0001", &r.again);
	read_once(&r, false, in);
	reading_fini(&r);
}

static void read_answers(struct layout *l, struct bytes in)
{
	struct reading plain = {.l = l};
	struct reading quick = {.l = l};

	layout_begin_answers(l, "131041-001-9601-0001", &plain.again);
	read_once(&plain, true, in);
	layout_use_memo(l, the_memo());
	layout_begin_answers(l, "131041-001-9601-0001", &quick.again);
	read_once(&quick, true, in);
	layout_use_memo(l, NULL);
	fuzz_require(bytes_eq(buf_bytes(&plain.read), buf_bytes(&quick.read)));
	reading_fini(&plain);
	reading_fini(&quick);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct all all;
	struct bytes in = BYTES(p, n);
	unsigned c = fuzz_byte(&in);

	if (all.count == 0)
		load(&all);
	(c % 2 ? read_answers : read_requests)(all.l[c / 2 % all.count], in);
	return 0;
}
