/*
 * text_zengin.c — kana names to the bytes of the 全銀 formats: ours, with
 * reports on, beside a plain loop over a table that tells nothing.
 *
 * The report is a column of its own, the loss of each character; with names
 * and bytes it is all that the rule tells (rules_zengin.c; a test compares).
 * A name that the class does not have leaves an empty line, in both.
 *
 * text_zengin FILE: names, one a line. Prints MB/s of both over the column,
 * of the portable path, of both with a call for each name, and of the rule
 * that calls back for each change; checks that all give the same bytes.
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

/* The plain loop: decode, look up, put. It tells nothing of what was lost; a
 * name that the class does not have leaves nothing. */
__attribute__((noinline)) static size_t table_loop(
    const unsigned char *p, size_t n, unsigned char *out)
{
	unsigned char *o = out;
	unsigned char *name = out;

	for (size_t i = 0; i < n;) {
		unsigned char a = 0;
		unsigned char b = 0;
		size_t size = 1;

		if (p[i] < 0x80) {
			a = first[0][p[i]];
		} else if (p[i] < 0xF0 && p[i] >= 0xE0) {
			uint32_t c = (p[i] & 0x0Fu) << 12 |
				     (p[i + 1] & 0x3Fu) << 6 |
				     (p[i + 2] & 0x3Fu);

			size = 3;
			if (c >= 0x3000 && c <= 0x30FF) {
				a = first[1][c - 0x3000];
				b = second[1][c - 0x3000];
			}
		}
		if (a == 0) {
			const unsigned char *end = memchr(p + i, '\n', n - i);

			o = name;
			i = end ? (size_t)(end - p) : n;
			continue;
		}
		*o++ = a;
		if (b != 0)
			*o++ = b;
		if (a == '\n')
			name = o;
		i += size;
	}
	return (size_t)(o - out);
}

struct run {
	struct text in;
	struct zengin z;
	struct zengin plain; /* without vectors */
	struct zengin_out out;
	size_t refused;
	size_t changes;
	const struct rules *rule;
	struct arena arena;
	unsigned char *table;
	size_t table_n;
};

/* Takes back what stands of a refused name, from its last newline on; where
 * the name begins in in. */
static size_t take_back(struct text in, struct zengin_out *part)
{
	const char *before = memrchr(in.p, '\n', part->at);
	size_t begin = before ? (size_t)(before - in.p) + 1 : 0;
	unsigned char *byte = memrchr(part->bytes, '\n', part->n);

	part->n = byte ? (size_t)(byte - part->bytes) + 1 : 0;
	part->characters -=
	    utf8_count(text_trust(in.p + begin, part->at - begin));
	return begin;
}

/* A column of names; what is refused is told (counted), and left empty. */
static void column(
    const struct zengin *z, struct text in, struct zengin_out *out, size_t *no)
{
	out->n = 0;
	out->characters = 0;
	*no = 0;
	while (in.n > 0) {
		struct zengin_out part = {.bytes = out->bytes + out->n,
		    .loss = out->loss + out->characters};
		bool ok = zengin_encode(z, in, &part);
		const char *end = NULL;

		if (!ok) {
			size_t begin = take_back(in, &part);

			end = memchr(in.p + begin, '\n', in.n - begin);
			++*no;
		}
		out->n += part.n;
		out->characters += part.characters;
		if (ok || end == NULL)
			return;
		in = text_trust(end, in.n - (size_t)(end - in.p));
	}
}

static void run_ours(void *ctx)
{
	struct run *r = ctx;

	column(&r->z, r->in, &r->out, &r->refused);
}

static void run_portable(void *ctx)
{
	struct run *r = ctx;

	column(&r->plain, r->in, &r->out, &r->refused);
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

		r->refused +=
		    !zengin_encode(&r->z, text_trust(r->in.p + i, n), &r->out);
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

static void count_change(void *ctx, const struct rules_change *change)
{
	struct run *r = ctx;

	r->changes += change->loss != RULES_UNCHANGED;
}

/* Name by name by the rule, a call back for each change. */
static void run_rule(void *ctx)
{
	struct run *r = ctx;

	r->changes = 0;
	for (size_t i = 0; i < r->in.n;) {
		const char *end = memchr(r->in.p + i, '\n', r->in.n - i);
		size_t n = (size_t)(end - (r->in.p + i));
		struct rules_report report = {.note = count_change, .ctx = r};
		struct text out;

		r->refused += !rules_apply(r->rule, text_trust(r->in.p + i, n),
		    &r->arena, &out, &report);
		arena_reset(&r->arena);
		i += n + 1;
	}
}

static void same_bytes(const struct run *r, const char *what)
{
	bench_need(r->out.n == r->table_n &&
		       memcmp(r->out.bytes, r->table, r->table_n) == 0,
	    what);
}

int main(int argc, char **argv)
{
	struct arena kept = {0};
	struct err e;
	struct run r = {0};
	struct buf file = {0};
	double speed[6];
	bench_fn *const fns[] = {run_ours, run_table, run_portable, run_names,
	    run_names_table, run_rule};
	size_t refused;
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
	bench_need(
	    rules_parse(&kept, TEXT("zengin:holder"), &r.rule, &e) == ERR_NONE,
	    "no such rule");
	run_table(&r);
	run_portable(&r);
	same_bytes(&r, "the portable path and the table loop differ");
	run_ours(&r);
	same_bytes(&r, "the vectors and the table loop differ");
	refused = r.refused;
	for (size_t i = 0; i < r.out.characters; i++) {
		informational += r.out.loss[i] == RULES_INFORMATIONAL;
		material += r.out.loss[i] == RULES_MATERIAL;
	}
	bench_speeds(fns, 6, &r, r.in.n, speed);
	bench_need(r.changes >= informational + material,
	    "the rule tells less than the column");
	(void)printf("{\"bytes\":%zu,\"same\":true,\"vectors\":%s,"
		     "\"informational\":%zu,\"material\":%zu,\"refused\":%zu,"
		     "\"ours\":%.1f,\"table\":%.1f,\"portable\":%.1f,"
		     "\"names\":%.1f,\"names_table\":%.1f,\"told\":%.1f}\n",
	    r.in.n, r.z.vectors ? "true" : "false", informational, material,
	    refused, speed[0], speed[1], speed[2], speed[3], speed[4],
	    speed[5]);
	return 0;
}
