/*
 * Tests of codes/calendar.h. The holidays are computed here a second time,
 * from the law's own words, and compared with the table day by day.
 */
#include "codes/calendar.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FIRST_YEAR 2025
#define LAST_YEAR 2027

static const struct codes *load(struct arena *a)
{
	const struct codes *c = NULL;
	struct err e = {0};

	assert_int_equal(codes_load(a, &c, &e), ERR_NONE);
	return c;
}

/* The n-th Monday of a month? */
static bool nth_monday(struct date d, int n)
{
	return date_weekday(d) == 1 && (d.day - 1) / 7 == n - 1;
}

/* 国民の祝日に関する法律2条; equinoxes by 暦要項. */
static bool national(struct date d)
{
	int md = d.month * 100 + d.day;

	switch (d.month) {
	case 1:
		return md == 101 || nth_monday(d, 2);
	case 3:
		return md == (d.year == 2027 ? 321 : 320);
	case 7:
		return nth_monday(d, 3);
	case 9:
		return nth_monday(d, 3) || md == 923;
	case 10:
		return nth_monday(d, 2);
	default:
		return md == 211 || md == 223 || md == 429 || md == 503 ||
		       md == 504 || md == 505 || md == 811 || md == 1103 ||
		       md == 1123;
	}
}

/* 3条2項: the nearest day after a Sunday's holiday that is none itself. */
static bool substitute(struct date d)
{
	int64_t day = date_days(d);

	if (national(d))
		return false;
	while (national(date_of_days(--day)))
		if (date_weekday(date_of_days(day)) == 0)
			return true;
	return false;
}

/* 3条3項: the day between two holidays. */
static bool between(struct date d)
{
	int64_t day = date_days(d);

	return !national(d) && national(date_of_days(day - 1)) &&
	       national(date_of_days(day + 1));
}

static bool in_table(const struct codes *c, struct date d)
{
	for (size_t i = 0; i < c->holiday_count; i++)
		if (date_cmp(c->holidays[i].date, d) == 0)
			return true;
	return false;
}

static void holidays_are_those_of_the_law(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	int64_t last = date_days((struct date){LAST_YEAR, 12, 31});
	int64_t day = date_days((struct date){FIRST_YEAR, 1, 1});
	size_t n = 0;

	(void)state;
	for (; day <= last; day++) {
		struct date d = date_of_days(day);
		bool law = national(d) || substitute(d) || between(d);

		assert_int_equal(in_table(c, d), law);
		n += law;
	}
	assert_int_equal(n, c->holiday_count);
	arena_fini(&a);
}

static void says_unknown_outside_the_table(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	struct date out;

	(void)state;
	assert_int_equal(
	    calendar_day(c, CALENDAR_OFFICE, (struct date){2028, 2, 1}),
	    CALENDAR_UNKNOWN);
	assert_int_equal(
	    calendar_day(c, CALENDAR_OFFICE, (struct date){2024, 12, 27}),
	    CALENDAR_UNKNOWN);
	/* A Sunday is one in any year. */
	assert_int_equal(
	    calendar_day(c, CALENDAR_BANK, (struct date){2028, 1, 9}),
	    CALENDAR_CLOSED);
	assert_false(calendar_add(
	    c, CALENDAR_OFFICE, (struct date){2027, 12, 28}, 1, &out));
	arena_fini(&a);
}

static void offices_and_banks_differ_at_the_years_end(void **state)
{
	static const int open[][3] = {/* month and day, office, bank */
	    {1228, 1, 1}, {1229, 0, 1}, {1230, 0, 1}, {1231, 0, 0}, {101, 0, 0},
	    {102, 0, 0}, {103, 0, 0}, {104, 1, 1}};
	struct arena a = {0};
	const struct codes *c = load(&a);

	(void)state;
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		int month = open[i][0] / 100;
		struct date d = {
		    month == 12 ? 2026 : 2027, month, open[i][0] % 100};

		assert_int_equal(calendar_day(c, CALENDAR_OFFICE, d),
		    open[i][1] ? CALENDAR_OPEN : CALENDAR_CLOSED);
		assert_int_equal(calendar_day(c, CALENDAR_BANK, d),
		    open[i][2] ? CALENDAR_OPEN : CALENDAR_CLOSED);
	}
	arena_fini(&a);
}

static void counts_working_days(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	struct date out;

	(void)state;
	/* Friday 18 September 2026; 21, 22, 23 are holidays. */
	assert_true(calendar_add(
	    c, CALENDAR_OFFICE, (struct date){2026, 9, 18}, 1, &out));
	assert_int_equal(date_cmp(out, (struct date){2026, 9, 24}), 0);
	assert_true(calendar_add(
	    c, CALENDAR_OFFICE, (struct date){2026, 9, 18}, 0, &out));
	assert_int_equal(date_cmp(out, (struct date){2026, 9, 18}), 0);
	assert_true(calendar_add(
	    c, CALENDAR_OFFICE, (struct date){2026, 9, 19}, 0, &out));
	assert_int_equal(date_cmp(out, (struct date){2026, 9, 24}), 0);
	assert_true(calendar_add(
	    c, CALENDAR_BANK, (struct date){2026, 12, 28}, 3, &out));
	assert_int_equal(date_cmp(out, (struct date){2027, 1, 4}), 0);
	arena_fini(&a);
}

static void gives_the_reason(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);

	(void)state;
	assert_true(text_is(
	    calendar_reason(c, CALENDAR_OFFICE, (struct date){2026, 9, 22}),
	    "国民の休日"));
	assert_true(text_is(
	    calendar_reason(c, CALENDAR_OFFICE, (struct date){2026, 12, 29}),
	    "年末年始"));
	assert_true(text_is(
	    calendar_reason(c, CALENDAR_BANK, (struct date){2026, 11, 24}),
	    ""));
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_unknown_outside_the_table),
	    cmocka_unit_test(holidays_are_those_of_the_law),
	    cmocka_unit_test(offices_and_banks_differ_at_the_years_end),
	    cmocka_unit_test(counts_working_days),
	    cmocka_unit_test(gives_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
