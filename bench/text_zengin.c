/*
 * text_zengin.c — kana names to the bytes of the 全銀 formats: ours, with what
 * was lost told for each character, beside a plain loop over a table.
 *
 * text_zengin FILE: names, one a line. Prints MB/s of both, of the portable
 * path, and of the rule that tells each change; checks that all give the same
 * bytes.
 */
#include "base/file.h"
#include "bench.h"
#include "text/encoding.h"
#include "text/rules.h"
#include "text/utf8.h"
#include "text/zengin.h"

/* U+3000–30FF and ASCII: first byte, second byte or 0; 0: not in the class. */
static unsigned char first[2][256];
static unsigned char second[2][256];

static void table_fill(void)
{
	for (uint32_t c = 0; c < 0x100; c++) {
		struct zengin_single s;

		if (c < 0x80 && zengin_single(ZENGIN_HOLDER, c, 0, &s))
			first[0][c] = (unsigned char)s.out[0];
		if (zengin_single(ZENGIN_HOLDER, 0x3000 + c, 0, &s)) {
			first[1][c] = (unsigned char)(s.out[0] < 0x80
							  ? s.out[0]
							  : s.out[0] - 0xFEC0);
			second[1][c] =
			    (unsigned char)(s.out[1] ? s.out[1] - 0xFEC0 : 0);
		}
	}
	first[0]['\n'] = '\n';
}

/* The plain loop: decode, look up, put. It tells nothing of what was lost. */
__attribute__((noinline)) static size_t table_loop(
    const unsigned char *p, size_t n, unsigned char *out)
{
	unsigned char *o = out;

	for (size_t i = 0; i < n;) {
		unsigned char a;
		unsigned char b;

		if (p[i] < 0x80) {
			a = first[0][p[i]];
			b = 0;
			i++;
		} else if (p[i] < 0xF0 && p[i] >= 0xE0) {
			uint32_t c = (p[i] & 0x0Fu) << 12 |
				     (p[i + 1] & 0x3Fu) << 6 |
				     (p[i + 2] & 0x3Fu);

			if (c < 0x3000 || c > 0x30FF)
				return 0;
			a = first[1][c - 0x3000];
			b = second[1][c - 0x3000];
			i += 3;
		} else {
			return 0;
		}
		if (a == 0)
			return 0;
		*o++ = a;
		if (b != 0)
			*o++ = b;
	}
	return (size_t)(o - out);
}

struct run {
	struct text in;
	struct zengin z;
	struct zengin plain; /* without vectors */
	struct zengin_out out;
	unsigned char *table;
	size_t table_n;
};

static void run_ours(void *ctx)
{
	struct run *r = ctx;

	bench_need(zengin_encode(&r->z, r->in, &r->out), "a name is refused");
}

static void run_portable(void *ctx)
{
	struct run *r = ctx;

	bench_need(
	    zengin_encode(&r->plain, r->in, &r->out), "a name is refused");
}

static void run_table(void *ctx)
{
	struct run *r = ctx;

	r->table_n =
	    table_loop((const unsigned char *)r->in.p, r->in.n, r->table);
}

/* Name by name, as a layout's own call does. */
static void run_names(void *ctx)
{
	struct run *r = ctx;

	for (size_t i = 0; i < r->in.n;) {
		const char *end = memchr(r->in.p + i, '\n', r->in.n - i);
		size_t n = (size_t)(end - (r->in.p + i));

		bench_need(
		    zengin_encode(&r->z, text_trust(r->in.p + i, n), &r->out),
		    "a name is refused");
		i += n + 1;
	}
}

static void run_names_table(void *ctx)
{
	struct run *r = ctx;

	for (size_t i = 0; i < r->in.n;) {
		const char *end = memchr(r->in.p + i, '\n', r->in.n - i);
		size_t n = (size_t)(end - (r->in.p + i));

		r->table_n =
		    table_loop((const unsigned char *)r->in.p + i, n, r->table);
		i += n + 1;
	}
}

int main(int argc, char **argv)
{
	struct run r = {0};
	struct buf file = {0};
	double speed[5];
	bench_fn *const fns[] = {
	    run_ours, run_table, run_portable, run_names, run_names_table};
	size_t informational = 0;
	size_t material = 0;

	bench_need(argc == 2, "usage: text_zengin FILE");
	bench_read(argv[1], &file);
	r.in = buf_text(&file);
	table_fill();
	zengin_init(&r.z, ZENGIN_HOLDER);
	r.plain = r.z;
	r.plain.vectors = false;
	r.table = arena_xmalloc(ZENGIN_ROOM(r.in.n));
	r.out.bytes = arena_xmalloc(ZENGIN_ROOM(r.in.n));
	r.out.loss = arena_xmalloc(ZENGIN_ROOM(r.in.n));
	run_table(&r);
	run_portable(&r);
	bench_need(r.out.n == r.table_n &&
		       memcmp(r.out.bytes, r.table, r.table_n) == 0,
	    "the portable path and the table loop differ");
	run_ours(&r);
	bench_need(r.out.n == r.table_n &&
		       memcmp(r.out.bytes, r.table, r.table_n) == 0,
	    "the vectors and the table loop differ");
	for (size_t i = 0; i < r.out.characters; i++) {
		informational += r.out.loss[i] == RULES_INFORMATIONAL;
		material += r.out.loss[i] == RULES_MATERIAL;
	}
	bench_speeds(fns, 5, &r, r.in.n, speed);
	(void)printf("{\"bytes\":%zu,\"same\":true,\"vectors\":%s,"
		     "\"informational\":%zu,\"material\":%zu,"
		     "\"ours\":%.1f,\"table\":%.1f,\"portable\":%.1f,"
		     "\"names\":%.1f,\"names_table\":%.1f}\n",
	    r.in.n, r.z.vectors ? "true" : "false", informational, material,
	    speed[0], speed[1], speed[2], speed[3], speed[4]);
	return 0;
}
