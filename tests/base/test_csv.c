/* Tests of base/csv.h. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Gives one byte at a time, so that every boundary is crossed. */
static long trickle(void *ctx, void *p, size_t n)
{
	return csv_read_bytes(ctx, p, n > 1 ? 1 : n);
}

static void refused_by(
    csv_read_fn *fn, const char *z, size_t line_max, const char *code)
{
	struct bytes b = BYTES(z, strlen(z));
	struct csv c;
	struct err e = {0};
	bool more = true;
	enum err_class class = ERR_NONE;

	csv_init(&c, fn, &b, line_max, 4096);
	while (class == ERR_NONE && more)
		class = csv_next(&c, &more, &e);
	assert_int_not_equal(class, ERR_NONE);
	assert_string_equal(e.code, code);
	csv_fini(&c);
}

/* The same however many bytes come at a time. */
static void expect_refused(const char *z, size_t line_max, const char *code)
{
	refused_by(csv_read_bytes, z, line_max, code);
	refused_by(trickle, z, line_max, code);
}

static void refuses_open_and_stray_quotes(void **state)
{
	(void)state;
	expect_refused("a,\"b\nc", 65536, "csv.quotes");
	expect_refused("a,b\"c\"\n", 65536, "csv.quotes");
	expect_refused("\"a\"b,c\n", 65536, "csv.quotes");
}

static void refuses_long_records(void **state)
{
	(void)state;
	expect_refused("abcdefghij\n", 9, "csv.too_long");
	expect_refused("a\n\"bcdefghijklmnop", 9, "csv.quotes");
	expect_refused("a\n\"bcdefghijklmnop\"\n", 9, "csv.quotes");
	expect_refused("a\n\"b\",cdefghijklmn\n", 9, "csv.too_long");
}

static void reads_fields_and_lines(csv_read_fn *fn)
{
	static const char z[] =
	    "h1,h2\r\n\"a \"\"q\"\", x\",\n\"two\nlines\",y\r\n\nlast,";
	struct bytes b = BYTES(z, sizeof(z) - 1);
	struct csv c;
	struct err e = {0};
	bool more;

	csv_init(&c, fn, &b, 65536, 4096);
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_true(more && c.fields == 2 && c.line == 1);
	assert_true(bytes_eq(c.field[1], BYTES("h2", 2)));
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_true(bytes_eq(c.field[0], BYTES("a \"q\", x", 8)));
	assert_int_equal(c.field[1].n, 0);
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_true(bytes_eq(c.field[0], BYTES("two\nlines", 9)));
	assert_int_equal(c.line, 3);
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_true(c.blank && c.line == 5);
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_true(more && c.fields == 2 && c.line == 6);
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_false(more);
	csv_fini(&c);
}

static void reads_whole_and_byte_by_byte(void **state)
{
	(void)state;
	reads_fields_and_lines(csv_read_bytes);
	reads_fields_and_lines(trickle);
}

static void tells_nul_and_long_fields(void **state)
{
	static const char z[] = "a\0b,cccccc\n";
	struct bytes b = BYTES(z, sizeof(z) - 1);
	struct csv c;
	struct err e = {0};
	bool more;

	(void)state;
	csv_init(&c, csv_read_bytes, &b, 65536, 5);
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_true(c.nul);
	assert_int_equal(c.too_long, 2);
	csv_fini(&c);
}

static void written_fields_come_back(void **state)
{
	static const char *const fields[] = {"a,b", "say \"x\"", "l1\nl2", ""};
	struct buf out = {0};
	struct bytes b;
	struct csv c;
	struct err e = {0};
	bool more;

	(void)state;
	for (int i = 0; i < 4; i++)
		csv_put(&out, text_z(fields[i]), i == 0);
	csv_end(&out);
	b = buf_bytes(&out);
	csv_init(&c, csv_read_bytes, &b, 65536, 4096);
	assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
	assert_int_equal(c.fields, 4);
	for (int i = 0; i < 4; i++)
		assert_true(
		    bytes_eq(c.field[i], text_bytes(text_z(fields[i]))));
	csv_fini(&c);
	buf_fini(&out);
}

/* The first record of z, read whole. */
static void read_one(struct csv *c, struct bytes *b)
{
	struct err e = {0};
	bool more;

	csv_init(c, csv_read_bytes, b, 65536, 4096);
	assert_int_equal(csv_next(c, &more, &e), ERR_NONE);
	assert_true(more);
}

/* Fields of every length at every place in a word of the machine; of the two
 * records one has its first field in quotes, which is read another way. */
static void a_quote_elsewhere_changes_no_field(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 20; first++)
		for (unsigned rest = 0; rest < 12; rest++) {
			struct buf z = {0};
			struct buf quoted = {0};
			struct csv a;
			struct csv b;

			for (unsigned i = 0; i < first; i++)
				buf_byte(&z, (unsigned char)(0xAC + i));
			for (unsigned k = 1; k < 20; k++) {
				buf_byte(&z, ',');
				for (unsigned i = 0; i < k * rest % 11; i++)
					buf_byte(&z, i % 2 ? 0x2D : 0x2B);
			}
			buf_byte(&quoted, '"');
			buf_add(&quoted, z.p, first);
			buf_byte(&quoted, '"');
			buf_add(&quoted, z.p + first, z.n - first);
			read_one(&a, &(struct bytes){z.p, z.n});
			read_one(&b, &(struct bytes){quoted.p, quoted.n});
			assert_int_equal(a.fields, 20);
			assert_int_equal(b.fields, 20);
			for (int i = 0; i < 20; i++)
				assert_true(bytes_eq(a.field[i], b.field[i]));
			csv_fini(&a);
			csv_fini(&b);
			buf_fini(&z);
			buf_fini(&quoted);
		}
}

static void takes_so_many_fields_and_no_more(void **state)
{
	char z[CSV_FIELDS_MAX + 1];
	struct csv c;

	(void)state;
	memset(z, ',', sizeof(z));
	read_one(
	    &c, &(struct bytes){(const unsigned char *)z, CSV_FIELDS_MAX - 1});
	assert_int_equal(c.fields, CSV_FIELDS_MAX);
	csv_fini(&c);
	z[CSV_FIELDS_MAX] = '\0';
	expect_refused(z, 65536, "csv.too_long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_open_and_stray_quotes),
	    cmocka_unit_test(refuses_long_records),
	    cmocka_unit_test(reads_whole_and_byte_by_byte),
	    cmocka_unit_test(tells_nul_and_long_fields),
	    cmocka_unit_test(written_fields_come_back),
	    cmocka_unit_test(a_quote_elsewhere_changes_no_field),
	    cmocka_unit_test(takes_so_many_fields_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
