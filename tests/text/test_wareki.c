/* Tests of text/wareki.h. */
#include "text/wareki.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool got(const char *z, const char *want)
{
	struct date d;
	char out[11];

	if (!wareki_get_any(text_z(z), &d))
		return want == NULL;
	date_format(d, out);
	return want != NULL && strcmp(out, want) == 0;
}

static bool put(enum wareki_form form, const char *iso, const char *want)
{
	struct buf out = {0};
	struct date d;
	bool ok;

	assert_true(date_parse_partial(text_z(iso), &d));
	ok = wareki_put(form, d, &out);
	ok = want ? ok && text_is(buf_text(&out), want) : !ok && out.n == 0;
	buf_fini(&out);
	return ok;
}

static void refuses_days_that_an_era_does_not_have(void **state)
{
	(void)state;
	assert_true(got("3640108", NULL));
	assert_true(got("4310501", NULL));
	assert_true(got("2151226", NULL));
	assert_true(got("1450731", NULL));
	assert_true(got("5010430", NULL));
	assert_true(got("4010107", NULL));
	assert_true(got("3011224", NULL));
	assert_true(got("昭和64年1月8日", NULL));
	assert_true(got("平成31年5月1日", NULL));
}

static void refuses_the_lunar_calendar(void **state)
{
	(void)state;
	assert_true(got("1051231", NULL));
	assert_true(got("1872-12-31", NULL));
	assert_true(got("1060101", "1873-01-01"));
}

static void refuses_what_is_no_date(void **state)
{
	static const char *const bad[] = {"", "0", "6010101", "5080631",
	    "5080231", "5000101", "0010101", "20260631", "2026-6-15",
	    "2026/06-15", "2026-06-15 ", "大化1年1月1日", "令和8年6月15",
	    "令和8年0月1日", "50806155", "２０２６０６３１", "R8.6-15", "R8.6",
	    "R8.6.15.", "元.5.1", "2026年", "26年6月15日", "西暦令和8年6月15日",
	    "R080631", "令和080615", "X8.6.15", "大5"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_true(got(bad[i], NULL));
}

static void refuses_to_name_an_era_it_cannot_tell(void **state)
{
	(void)state;
	assert_true(put(WAREKI_ERA7, "1989-00-00", NULL));
	assert_true(put(WAREKI_ERA7, "1989-01-00", NULL));
	assert_true(put(WAREKI_ERA7, "1926-12-00", NULL));
	assert_true(put(WAREKI_ERA7, "2019-00-00", NULL));
	assert_true(put(WAREKI_ERA7, "9999-12-31", NULL));
	assert_true(put(WAREKI_ERA7, "2019-05-00", "5010500"));
	assert_true(put(WAREKI_ERA7, "1989-02-00", "4010200"));
	assert_true(put(WAREKI_ERA7, "1980-00-00", "3550000"));
}

static void reads_every_form(void **state)
{
	(void)state;
	assert_true(got("5080615", "2026-06-15"));
	assert_true(got("3640107", "1989-01-07"));
	assert_true(got("4010108", "1989-01-08"));
	assert_true(got("2151225", "1926-12-25"));
	assert_true(got("3011225", "1926-12-25"));
	assert_true(got("20260615", "2026-06-15"));
	assert_true(got("2026/06/00", "2026-06-00"));
	assert_true(got("0000000", "0000-00-00"));
	assert_true(got("00000000", "0000-00-00"));
	assert_true(got("5080600", "2026-06-00"));
	assert_true(got("3640100", "1989-01-00"));
	assert_true(got("令和元年5月1日", "2019-05-01"));
	assert_true(got("昭和64年1月7日", "1989-01-07"));
}

static void writes_every_form(void **state)
{
	(void)state;
	assert_true(put(WAREKI_ERA7, "2026-06-15", "5080615"));
	assert_true(put(WAREKI_ERA7, "1989-01-07", "3640107"));
	assert_true(put(WAREKI_ERA7, "1926-12-25", "3011225"));
	assert_true(put(WAREKI_ERA7, "1912-07-30", "2010730"));
	assert_true(put(WAREKI_ERA7, "0000-00-00", "0000000"));
	assert_true(put(WAREKI_YMD8, "2026-06-15", "20260615"));
	assert_true(put(WAREKI_SLASH, "2026-06-00", "2026/06/00"));
	assert_true(put(WAREKI_ISO, "0000-00-00", "0000-00-00"));
}

/* The quick way says what wareki_put says, or nothing. */
static void the_quick_way_agrees(void **state)
{
	static const char *const odd[] = {"2026-02-30", "2026-00-00",
	    "0000-00-00", "2026-13-01", "2026-1-01x", "20/6-01-01",
	    "2026/01/01", "2026-01-0:", "-026-01-01", "2026-01-010", "",
	    "1900-02-29", "2126-06-01"};
	char text[16];
	char out[WAREKI_DAY_MAX];
	struct buf b = {0};
	size_t quick = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		assert_int_equal(
		    wareki_put_day(WAREKI_ERA7, text_z(odd[i]), out), 0);
	for (struct date d = {1867, 12, 1}; d.year < 2130;
	     d = date_of_days(date_days(d) + 1)) {
		date_format(d, text);
		for (int f = WAREKI_YMD8; f <= WAREKI_ERA7; f++) {
			size_t n = wareki_put_day(
			    (enum wareki_form)f, text_z(text), out);

			buf_clear(&b);
			if (n == 0)
				continue;
			quick++;
			assert_true(wareki_put((enum wareki_form)f, d, &b));
			assert_int_equal(b.n, n);
			assert_memory_equal(b.p, out, n);
		}
	}
	assert_true(quick > 4 * 90000);
	buf_fini(&b);
}

/* The quick way gives what the other gives of a whole day, and no more. */
static size_t expect_same_day(enum wareki_form form, struct text in)
{
	char text[16];
	char out[WAREKI_DAY_MAX];
	struct date d;
	bool is = wareki_get(form, in, &d) && d.day != 0;

	assert_int_equal(wareki_get_day(form, in, out), is);
	if (!is)
		return 0;
	date_format(d, text);
	assert_memory_equal(text, out, sizeof(out));
	return 1;
}

static void whole_days_are_read_the_quick_way_alike(void **state)
{
	static const char *const odd[] = {"", "3", "302010", "30201011",
	    "302010:", "3/20101", "3020 01", "a020101", "3a20101", "2026-06-1a",
	    "2026/06-15", "2026.06.15", "20260615", "2026061x"};
	char z[16];
	size_t days = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		for (int f = WAREKI_YMD8; f <= WAREKI_ERA7; f++)
			(void)expect_same_day(
			    (enum wareki_form)f, text_z(odd[i]));
	for (int i = 0; i < 7000000; i++) {
		text_put_digits((unsigned)i, 7, z);
		days += expect_same_day(WAREKI_ERA7, text_trust(z, 7));
	}
	assert_true(days > 70000);
}

static void every_day_comes_back_from_every_form(void **state)
{
	int64_t last = date_days((struct date){2040, 12, 31});

	(void)state;
	for (int64_t n = date_days((struct date){1873, 1, 1}); n <= last; n++)
		for (int f = WAREKI_YMD8; f <= WAREKI_ERA7; f++) {
			struct date d = date_of_days(n);
			struct date back;
			struct buf out = {0};

			assert_true(wareki_put((enum wareki_form)f, d, &out));
			assert_true(wareki_get(
			    (enum wareki_form)f, buf_text(&out), &back));
			assert_int_equal(date_cmp(d, back), 0);
			buf_fini(&out);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_days_that_an_era_does_not_have),
	    cmocka_unit_test(refuses_the_lunar_calendar),
	    cmocka_unit_test(refuses_what_is_no_date),
	    cmocka_unit_test(refuses_to_name_an_era_it_cannot_tell),
	    cmocka_unit_test(reads_every_form),
	    cmocka_unit_test(writes_every_form),
	    cmocka_unit_test(the_quick_way_agrees),
	    cmocka_unit_test(whole_days_are_read_the_quick_way_alike),
	    cmocka_unit_test(every_day_comes_back_from_every_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
