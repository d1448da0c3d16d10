/* Tests of base/date.h and base/clock.h. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void refuses_days_that_never_were(void **state)
{
	static const char *const bad[] = {"1872-12-31", "2023-02-29",
	    "2100-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-1-01",
	    "20240101", "2024/01/01", "0000-00-00", ""};
	struct date d;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(date_parse(text_z(bad[i]), &d));
}

static void unknown_parts_are_known_forms(void **state)
{
	struct date d;

	(void)state;
	assert_true(date_parse_partial(TEXT("0000-00-00"), &d));
	assert_true(date_parse_partial(TEXT("1950-00-00"), &d));
	assert_true(date_parse_partial(TEXT("1950-07-00"), &d));
	assert_false(date_parse_partial(TEXT("1950-00-07"), &d));
	assert_false(date_parse_partial(TEXT("0000-07-00"), &d));
}

static void days_round_trip(void **state)
{
	(void)state;
	for (int64_t day = -35428; day < 100000; day++) {
		struct date d = date_of_days(day);

		assert_true(date_valid(d));
		assert_int_equal(date_days(d), day);
	}
	assert_int_equal(date_weekday((struct date){2026, 11, 23}), 1);
	assert_int_equal(date_weekday((struct date){1873, 1, 1}), 3);
}

static void times_round_trip(void **state)
{
	char z[CLOCK_TEXT];
	int64_t us;

	(void)state;
	assert_true(clock_parse(TEXT("2026-01-01T00:00:00+09:00"), &us));
	clock_format(us, z);
	assert_string_equal(z, "2026-01-01T00:00:00.000000+09:00");
	assert_int_equal(clock_date(us).year, 2026);
	assert_int_equal(clock_date(us - 1).year, 2025);
	assert_int_equal(clock_of_date((struct date){2026, 1, 1}), us);
	assert_true(clock_parse(TEXT("1970-01-01T00:00:00.25Z"), &us));
	assert_int_equal(us, 250000);
	assert_false(clock_parse(TEXT("1970-01-01T00:00:00"), &us));
	assert_false(clock_parse(TEXT("1970-01-01T24:00:00Z"), &us));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_days_that_never_were),
	    cmocka_unit_test(unknown_parts_are_known_forms),
	    cmocka_unit_test(days_round_trip),
	    cmocka_unit_test(times_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
