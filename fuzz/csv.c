/* csv.c — the frame of a CSV file. The first byte is the delimiter's and the
 * window's: records are the same however few bytes come at a time. */
#include "base/csv.h"
#include "fuzz.h"

#include "base/digest.h"

struct slow {
	struct bytes left;
	size_t most;
};

static long slow_read(void *ctx, void *p, size_t n)
{
	struct slow *s = ctx;

	return csv_read_bytes(&s->left, p, n < s->most ? n : s->most);
}

static enum err_class read_all(
    struct bytes in, size_t most, struct digest *d, long *records)
{
	struct slow s = {in, most};
	struct csv *c = arena_xmalloc(sizeof(*c));
	struct buf seen = {0};
	struct err e;
	enum err_class class;
	bool more;

	csv_init(c, slow_read, &s, 1024, 256);
	*records = 0;
	while ((class = csv_next(c, &more, &e)) == ERR_NONE && more) {
		fuzz_require(c->fields <= CSV_FIELDS_MAX);
		fuzz_require(c->next_line > c->line);
		for (size_t i = 0; i < c->fields; i++) {
			fuzz_require(c->field[i].n <= 1024);
			buf_add(&seen, c->field[i].p, c->field[i].n);
			buf_byte(&seen, ',');
		}
		++*records;
	}
	fuzz_no_fault(class, &e);
	*d = digest_one(buf_bytes(&seen));
	buf_fini(&seen);
	csv_fini(c);
	free(c);
	return class;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	size_t most = fuzz_byte(&in) % 17 + 1;
	struct digest whole;
	struct digest piecewise;
	long a;
	long b;

	fuzz_require(read_all(in, SIZE_MAX, &whole, &a) ==
		     read_all(in, most, &piecewise, &b));
	fuzz_require(a == b && digest_eq(whole, piecewise));
	return 0;
}
