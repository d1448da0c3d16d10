/*
 * A row that is parted in one look has the fields that the CSV reader finds,
 * and is plain where its text is.
 */
#include "record/subject_row.h"

#include "base/csv.h"
#include "record/subject_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define MAX 4096

struct room {
	unsigned char p[512 + SUBJECT_ROW_BEHIND];
	size_t n;
};

/* Field k usually has k % 3 to k % 3 + 2 bytes. */
static bool scan_up_to(
    const struct room *r, size_t max, struct subject_row *row)
{
	struct subject_row_usual usual;

	for (uint32_t k = 0; k < SUBJECT_ROW_FIELDS; k++) {
		usual.least[k] = k % 3;
		usual.more[k] = 2;
	}
	return subject_row_scan(BYTES(r->p, r->n), max, &usual, row);
}

static bool scan(const struct room *r, struct subject_row *row)
{
	return scan_up_to(r, MAX, row);
}

/* Does the machine have the blocks? */
static bool scans(void)
{
	struct room r = {.p = "ab\n", .n = 3};
	struct subject_row row;

	return scan(&r, &row);
}

/* Four bytes, of all that begin and go on a character and their neighbours,
 * at every place of a block and at the row's end. */
static void a_row_is_plain_where_its_text_is(void **state)
{
	static const unsigned char bytes[] = {0x00, 0x1F, ' ', ',', '~', 0x7F,
	    0x80, 0x81, 0x82, 0x83, 0x84, 0x98, 0x99, 0x9A, 0x9B, 0xA9, 0xAA,
	    0xBB, 0xBC, 0xBD, 0xBE, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE2, 0xE3,
	    0xE4, 0xE9, 0xEA, 0xED, 0xEE, 0xEF, 0xF0, 0xF4, 0xFF};
	const size_t count = sizeof(bytes);
	size_t plain = 0;

	(void)state;
	for (size_t w = 0; scans() && w < count * count * count * count; w++) {
		struct room r;
		struct subject_row row;
		size_t at = w % 67;

		memset(r.p, ' ', sizeof(r.p));
		r.p[at] = bytes[w % count];
		r.p[at + 1] = bytes[w / count % count];
		r.p[at + 2] = bytes[w / count / count % count];
		r.p[at + 3] = bytes[w / count / count / count];
		r.n = at + 4 + (w % 5 == 0 ? 0 : w % 43);
		r.p[r.n] = '\n';
		r.n++;
		assert_int_equal(
		    scan(&r, &row), subject_text_plain(BYTES(r.p, r.n - 1)));
		plain += scan(&r, &row);
	}
	assert_true(plain > 500 || !scans());
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed >> 33;
}

/* Fields of any length, empty ones among them; returns what ends the row. */
static const char *put_row(uint64_t *seed, struct room *r)
{
	static const char *const parts[] = {
	    ",", ",", ",,,,,", "a", "東京", "アー", "１２", "0123456789", "~ "};
	static const char *const ends[] = {"\n", "\r\n", "\"\n", "\r", ""};
	const char *end =
	    ends[next(seed) % 12 < 10 ? next(seed) % 2 : next(seed) % 5];

	memset(r, 0, sizeof(*r));
	for (size_t k = next(seed) % 40; k > 0; k--)
		r->n += (size_t)sprintf((char *)r->p + r->n, "%s",
		    parts[next(seed) % (sizeof(parts) / sizeof(*parts))]);
	r->n += (size_t)sprintf((char *)r->p + r->n, "%s", end);
	return end;
}

static void assert_fields(const struct csv *c, const struct subject_row *row)
{
	const unsigned char *p = c->raw.p;

	assert_int_equal(row->n, c->raw.n);
	assert_int_equal(row->fields, c->fields);
	for (size_t k = 0; k < c->fields; k++) {
		assert_int_equal(
		    (uint32_t)(row->end[k] + 1), c->field[k].p - p);
		assert_int_equal(
		    row->end[k + 1], c->field[k].p + c->field[k].n - p);
		assert_int_equal(row->full >> k & 1, c->field[k].n != 0);
		assert_int_equal(row->usual >> k & 1,
		    c->field[k].n != 0 && c->field[k].n >= k % 3 &&
			c->field[k].n <= k % 3 + 2);
	}
	assert_true(c->fields == 64 || row->full >> c->fields == 0);
	assert_true(c->fields == 64 || row->usual >> c->fields == 0);
}

static void its_fields_are_those_of_the_csv_reader(void **state)
{
	uint64_t seed = 3;
	size_t taken = 0;

	(void)state;
	for (int i = 0; i < 50000 && scans(); i++) {
		struct room r;
		const char *end = put_row(&seed, &r);
		struct bytes in = BYTES(r.p, r.n);
		struct subject_row row;
		struct csv c;
		struct err e;
		bool more;

		if (!scan(&r, &row))
			continue;
		taken++;
		assert_true(strcmp(end, "\n") == 0 || strcmp(end, "\r\n") == 0);
		assert_int_equal(row.taken, r.n);
		csv_init(&c, csv_read_bytes, &in, MAX, MAX);
		assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
		assert_fields(&c, &row);
		csv_fini(&c);
	}
	assert_true(taken > 20000 || !scans());
}

static void leaves_what_is_not_at_hand(void **state)
{
	struct subject_row row;
	struct room r = {.p = "a,b\r\nc", .n = 7};

	(void)state;
	assert_int_equal(scan(&r, &row), scans());
	for (r.n = 0; r.n < 5; r.n++)
		assert_false(scan(&r, &row));
	memset(r.p, 'x', sizeof(r.p));
	r.p[200] = '\n';
	r.n = 300;
	assert_int_equal(scan_up_to(&r, 200, &row), scans());
	assert_false(scan_up_to(&r, 199, &row));
	memset(r.p, ',', sizeof(r.p));
	r.p[SUBJECT_ROW_FIELDS - 1] = '\n';
	assert_int_equal(scan(&r, &row), scans());
	r.p[SUBJECT_ROW_FIELDS - 1] = ',';
	r.p[SUBJECT_ROW_FIELDS] = '\n';
	assert_false(scan(&r, &row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_row_is_plain_where_its_text_is),
	    cmocka_unit_test(its_fields_are_those_of_the_csv_reader),
	    cmocka_unit_test(leaves_what_is_not_at_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
