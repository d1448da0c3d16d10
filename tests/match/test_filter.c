/* Tests of match/match_filter.h. */
#include "match/match_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define KEYS 20000

static struct text key(char z[15], char kind, unsigned i)
{
	(void)snprintf(z, 15, "%c%013x", kind, i * 2654435761U);
	return text_trust(z, 14);
}

static void an_empty_filter_refuses_nothing(void **state)
{
	(void)state;
	assert_true(match_filter_may_hold(BYTES("", 0), TEXT("y")));
}

static void a_new_filter_refuses_all(void **state)
{
	unsigned char zeros[64] = {0};
	char z[15];

	(void)state;
	assert_int_equal(match_filter_size(0), sizeof(zeros));
	for (unsigned i = 0; i < 100; i++)
		assert_false(
		    match_filter_may_hold(BYTES(zeros, 64), key(z, 'y', i)));
}

static void what_was_added_passes_and_little_else(void **state)
{
	size_t n = match_filter_size(KEYS);
	unsigned char *filter = calloc(1, n);
	unsigned others = 0;
	char z[15];

	(void)state;
	assert_non_null(filter);
	assert_in_range(n, KEYS, KEYS * 2);
	for (unsigned i = 0; i < KEYS; i++)
		match_filter_add(filter, n, key(z, 'y', i));
	for (unsigned i = 0; i < KEYS; i++) {
		assert_true(
		    match_filter_may_hold(BYTES(filter, n), key(z, 'y', i)));
		others +=
		    match_filter_may_hold(BYTES(filter, n), key(z, 'a', i));
	}
	assert_in_range(others, 1, KEYS / 40);
	free(filter);
}

static void the_size_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(match_filter_size(SIZE_MAX), (size_t)32 << 20);
	assert_int_equal(match_filter_size((size_t)1 << 40), (size_t)32 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_filter_refuses_nothing),
	    cmocka_unit_test(a_new_filter_refuses_all),
	    cmocka_unit_test(what_was_added_passes_and_little_else),
	    cmocka_unit_test(the_size_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
