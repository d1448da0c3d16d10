/*
 * What a row's fields are does not depend on how they are looked at: a plain
 * row, of which most are good by their shape, and the same row with a field in
 * quotes, which is read the long way, give the same.
 */
#include "record/subject_shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ROWS 100000

static const char *const good[SUBJECT_COUNT] = {
    [SUBJECT_ATENA] = "0123456789",
    [SUBJECT_PERSON] = "1",
    [SUBJECT_KANA] = "カクウ タロウ",
    [SUBJECT_KANJI] = "架空 太郎",
    [SUBJECT_ROMAN] = "KAKU TARO",
    [SUBJECT_BIRTH] = "1980-01-31",
    [SUBJECT_SEX] = "2",
    [SUBJECT_POSTAL] = "1620846",
    [SUBJECT_ADDRESS_CODE] = "131041",
    [SUBJECT_ADDRESS] = "架空市西1-2",
    [SUBJECT_KANA_CONFIRMED] = "1",
    [SUBJECT_SAME_PERSON] = "12345",
    [SUBJECT_CORPORATE_NUMBER] = "7000012050002",
    [SUBJECT_KAMOKU] = "3",
    [SUBJECT_ARREARS] = "12000",
    [SUBJECT_DUNNED] = "2024-02-29",
    [SUBJECT_DIED] = "2024-12-01",
    [SUBJECT_MEASURES] = "分納|猶予",
    [SUBJECT_SHIELDED] = "1",
    [SUBJECT_BANK] = "9601",
    [SUBJECT_BRANCH] = "012",
    [SUBJECT_ACCOUNT_KIND] = "1",
    [SUBJECT_ACCOUNT] = "0012345",
    [SUBJECT_CUSTOMER] = "12345678901234567890",
};

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed >> 33;
}

static bool is_date(int column)
{
	return column == SUBJECT_BIRTH || column == SUBJECT_DUNNED ||
	       column == SUBJECT_DIED;
}

/* A value that is good, or nearly so. */
static void make_value(uint64_t *seed, int column, char out[64])
{
	static const char near[] = "0123456789-/:aA. |";
	size_t n;

	if (is_date(column) && next(seed) % 4 != 0) {
		(void)sprintf(out, "%04u-%02u-%02u",
		    1865 + (unsigned)next(seed) % 240,
		    (unsigned)next(seed) % 14, (unsigned)next(seed) % 33);
		return;
	}
	(void)sprintf(out, "%s", good[column] ? good[column] : "架空");
	n = strlen(out);
	switch (next(seed) % 5) {
	case 0:
	case 1:
		out[next(seed) % n] = near[next(seed) % (sizeof(near) - 1)];
		break;
	case 2: /* to a character's end */
		for (n = next(seed) % n;
		     ((unsigned char)out[n] & 0xC0) == 0x80;)
			n--;
		out[n] = '\0';
		break;
	case 3:
		(void)sprintf(out + n, "%u", (unsigned)next(seed) % 1000);
		break;
	}
}

static void put_row(struct buf *b, int column, const char *value, bool quoted)
{
	for (int i = 0; i < SUBJECT_COUNT; i++) {
		const char *quote = quoted && i == column ? "\"" : "";
		const char *is = i == column ? value : good[i];

		buf_printf(b, "%s%s%s%s", i > 0 ? "," : "", quote,
		    is != NULL ? is : "", quote);
	}
	buf_z(b, "\n");
}

struct got {
	enum subject_read what;
	struct subject s;
	uint64_t identity;
	struct err e;
};

static void read_one(struct subject_reader *r, struct arena *a, struct got *g)
{
	long line;

	assert_int_equal(
	    subject_reader_next(r, a, &g->what, &g->s, &line, &g->e), ERR_NONE);
	if (g->what == SUBJECT_ROW)
		g->identity = subject_reader_identity(r, &g->s);
}

static void assert_same(const struct got *a, const struct got *b)
{
	assert_int_equal(a->what, b->what);
	if (a->what == SUBJECT_ROW) {
		for (int i = 0; i < SUBJECT_COUNT; i++)
			assert_true(text_eq(a->s.f[i], b->s.f[i]));
		assert_true(a->identity == b->identity);
	} else {
		assert_string_equal(a->e.code, b->e.code);
		assert_string_equal(a->e.item, b->e.item);
	}
}

static void a_field_is_what_it_is_in_quotes(void **state)
{
	struct buf file = {0};
	struct bytes in;
	uint64_t seed = 5;
	struct subject_reader *r;
	size_t rows[2] = {0};
	struct err e;

	(void)state;
	subject_put_header(&file);
	for (int i = 0; i < ROWS; i++) {
		int column = i % SUBJECT_COUNT;
		char value[64];

		make_value(&seed, column, value);
		put_row(&file, column, value, false);
		put_row(&file, column, value, true);
	}
	in = buf_bytes(&file);
	assert_int_equal(subject_reader_new(csv_read_bytes, &in, ENCODING_UTF8,
			     "s.csv", &r, &e),
	    ERR_NONE);
	for (int i = 0; i < ROWS; i++) {
		struct arena a = {0};
		struct got plain;
		struct got quoted;

		read_one(r, &a, &plain);
		read_one(r, &a, &quoted);
		assert_same(&plain, &quoted);
		rows[plain.what == SUBJECT_ROW]++;
		arena_fini(&a);
	}
	assert_true(rows[0] > ROWS / 10 && rows[1] > ROWS / 10);
	subject_reader_free(r);
	buf_fini(&file);
}

/* As a plain row's field is looked at: by its length, then by its bytes. */
static bool fits(const struct subject_shape *s, const char *value)
{
	char room[64 + SUBJECT_SHAPE_BYTES] = "";
	size_t n = strlen(value);

	memcpy(room, value, n);
	return (uint32_t)n - s->least <= s->more &&
	       (s->any || subject_shape_fits(s, room, n));
}

/* Nearly all fields of the forms that have a shape are good by it. */
static void what_is_usual_fits(void **state)
{
	const struct codes *codes;
	struct arena a = {0};
	struct err e;

	(void)state;
	assert_int_equal(codes_load(&a, &codes, &e), ERR_NONE);
	for (int i = 0; i < SUBJECT_COUNT; i++) {
		struct subject_shape s =
		    subject_shape_of((enum subject_column)i, codes);
		bool sure = i != SUBJECT_CORPORATE_NUMBER &&
			    i != SUBJECT_MEASURES &&
			    i != SUBJECT_ACCOUNT_KIND && i != SUBJECT_CUSTOMER;

		assert_false(fits(&s, ""));
		if (good[i] == NULL)
			continue;
		if (i == SUBJECT_ADDRESS_CODE) {
			assert_false(fits(&s, good[i]));
			assert_true(
			    subject_shape_municipality(&s, text_z(good[i])));
		}
		/* 29 February needs a calendar. */
		assert_int_equal(
		    fits(&s, good[i]), sure && i != SUBJECT_DUNNED);
	}
	arena_fini(&a);
}

static void a_day_fits_that_its_month_has_in_each_year(void **state)
{
	const struct codes *codes;
	struct arena a = {0};
	struct err e;
	struct subject_shape s;

	(void)state;
	assert_int_equal(codes_load(&a, &codes, &e), ERR_NONE);
	s = subject_shape_of(SUBJECT_BIRTH, codes);
	assert_true(fits(&s, "1900-01-01") && fits(&s, "2099-12-31"));
	assert_true(fits(&s, "1980-02-28") && fits(&s, "1980-04-30"));
	assert_false(fits(&s, "1980-02-29") || fits(&s, "1980-04-31"));
	assert_false(fits(&s, "1980-00-01") || fits(&s, "1980-13-01"));
	assert_false(fits(&s, "1980-01-00") || fits(&s, "1980-01-32"));
	assert_false(fits(&s, "1899-12-31") || fits(&s, "2100-01-01"));
	assert_false(fits(&s, "1980/01/01") || fits(&s, "1980-1-001"));
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_field_is_what_it_is_in_quotes),
	    cmocka_unit_test(what_is_usual_fits),
	    cmocka_unit_test(a_day_fits_that_its_month_has_in_each_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
