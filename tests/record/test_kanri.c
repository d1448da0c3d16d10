/* Tests of record/kanri.h. */
#include "record/kanri.h"

#include "base/base36.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct kanri some = {"131041", "9601", 1, 45500};

static void refuses_parts_out_of_bounds(void **state)
{
	char out[KANRI_TEXT];
	struct kanri k;

	(void)state;
#define REFUSED(field, value)                                                  \
	do {                                                                   \
		k = some;                                                      \
		k.field = (value);                                             \
		assert_false(kanri_format(&k, out));                           \
	} while (0)
	REFUSED(wave, 0);
	REFUSED(wave, KANRI_WAVE_MAX + 1);
	REFUSED(ordinal, 0);
	REFUSED(ordinal, KANRI_ORDINAL_MAX + 1);
	REFUSED(authority[0], 'x');
	REFUSED(authority[5], '\0');
	REFUSED(institution[1], '-');
	REFUSED(institution[0], '\0');
#undef REFUSED
}

static void refuses_other_forms(void **state)
{
	static const char *const bad[] = {"", "0", "ABCDEFGHIJKLMNO",
	    "abcdefghijklmnop", "0000000000000000", "00000000000000000"};
	struct kanri k;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(kanri_parse(text_z(bad[i]), &k));
}

static void finds_each_wrong_character(void **state)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char good[KANRI_TEXT];
	char t[KANRI_TEXT];
	struct kanri k;

	(void)state;
	assert_true(kanri_format(&some, good));
	for (size_t i = 0; i < KANRI_SIZE; i++)
		for (const char *d = digits; *d != '\0'; d++) {
			memcpy(t, good, sizeof(t));
			t[i] = *d;
			if (*d != good[i])
				assert_false(
				    kanri_parse(text_trust(t, KANRI_SIZE), &k));
		}
}

/* In a run each is judged as alone, whatever stood before it. */
static void a_run_takes_what_is_taken_alone(void **state)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char *const odd[] = {"", "ABCDEFGHIJKLMNO",
	    "0000000000000000", "00000000000000000", "2T410017EP0000000",
	    "2T410017EP00000 "};
	struct kanri_run run = {0};
	char good[KANRI_TEXT];
	char t[KANRI_TEXT];

	(void)state;
	assert_true(kanri_format(&some, good));
	for (size_t i = 0; i < KANRI_SIZE; i++)
		for (const char *d = digits; *d != '\0'; d++) {
			struct text in = text_trust(t, KANRI_SIZE);

			memcpy(t, good, sizeof(t));
			t[i] = *d;
			assert_int_equal(kanri_run_is(&run, in), kanri_is(in));
			assert_true(kanri_run_is(&run, text_z(good)));
		}
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		assert_int_equal(kanri_run_is(&run, text_z(odd[i])),
		    kanri_is(text_z(odd[i])));
	/* No subject is the one before the first, whose check is right. */
	memcpy(t, good, KANRI_HEAD);
	memcpy(t + KANRI_HEAD, "00000", 5);
	t[15] = base36_check(t, 15);
	assert_false(kanri_run_is(&run, text_trust(t, KANRI_SIZE)));
}

static void expect_round_trip(struct kanri k)
{
	char out[KANRI_TEXT];
	struct kanri back;

	assert_true(kanri_format(&k, out));
	assert_int_equal(strlen(out), KANRI_SIZE);
	assert_true(kanri_parse(text_z(out), &back));
	assert_string_equal(back.authority, k.authority);
	assert_string_equal(back.institution, k.institution);
	assert_int_equal(back.wave, k.wave);
	assert_int_equal(back.ordinal, k.ordinal);
}

static void round_trips(void **state)
{
	struct kanri k = some;

	(void)state;
	expect_round_trip(k);
	expect_round_trip((struct kanri){"000000", "0000", 1, 1});
	expect_round_trip((struct kanri){
	    "999999", "9999", KANRI_WAVE_MAX, KANRI_ORDINAL_MAX});
	for (k.ordinal = 1; k.ordinal < 60000000; k.ordinal = k.ordinal * 3 + 1)
		for (k.wave = 1; k.wave < 40000; k.wave = k.wave * 7 + 2)
			expect_round_trip(k);
}

static void neighbours_stand_together(void **state)
{
	char a[KANRI_TEXT];
	char b[KANRI_TEXT];
	struct kanri k = some;

	(void)state;
	for (k.ordinal = 1; k.ordinal < 5000; k.ordinal++) {
		struct kanri next = k;

		next.ordinal++;
		assert_true(kanri_format(&k, a));
		assert_true(kanri_format(&next, b));
		assert_true(strcmp(a, b) < 0);
		assert_memory_equal(a, b, 10);
	}
}

static void waves_have_three_digits(void **state)
{
	char out[4];
	uint32_t wave;

	(void)state;
	assert_false(kanri_wave_format(0, out));
	assert_false(kanri_wave_format(KANRI_WAVE_MAX + 1, out));
	assert_false(kanri_wave_parse(TEXT("000"), &wave));
	assert_false(kanri_wave_parse(TEXT("01"), &wave));
	assert_false(kanri_wave_parse(TEXT("0001"), &wave));
	assert_false(kanri_wave_parse(TEXT("00a"), &wave));
	assert_true(kanri_wave_format(37, out));
	assert_string_equal(out, "011");
	assert_true(kanri_wave_parse(TEXT("ZZZ"), &wave));
	assert_int_equal(wave, KANRI_WAVE_MAX);
}

static void a_series_gives_the_same_numbers(void **state)
{
	struct kanri k = {
	    .authority = "131041", .institution = "9601", .wave = 46655};
	struct kanri_series series;
	char one[KANRI_TEXT];
	char other[KANRI_TEXT];

	(void)state;
	assert_true(kanri_series_begin(&k, &series));
	for (uint32_t i = 1; i < KANRI_ORDINAL_MAX; i += i < 5000 ? 1 : i / 3) {
		k.ordinal = i;
		assert_true(kanri_format(&k, one));
		assert_true(kanri_series_put(&series, i, other));
		assert_string_equal(one, other);
	}
	assert_false(kanri_series_put(&series, 0, other));
	assert_false(kanri_series_put(&series, KANRI_ORDINAL_MAX + 1, other));
	k.wave = 0;
	assert_false(kanri_series_begin(&k, &series));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_series_gives_the_same_numbers),
	    cmocka_unit_test(refuses_parts_out_of_bounds),
	    cmocka_unit_test(refuses_other_forms),
	    cmocka_unit_test(a_run_takes_what_is_taken_alone),
	    cmocka_unit_test(finds_each_wrong_character),
	    cmocka_unit_test(round_trips),
	    cmocka_unit_test(neighbours_stand_together),
	    cmocka_unit_test(waves_have_three_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
