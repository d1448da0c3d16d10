/* Tests of synth/synth_rng.h. */
#include "synth/synth_rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void gives_the_same_numbers_everywhere(void **state)
{
	/* The first numbers of SplitMix64 from 0, as published with it. */
	struct synth_rng r = {0};

	(void)state;
	assert_true(synth_rng_next(&r) == UINT64_C(0xe220a8397b1dcdaf));
	assert_true(synth_rng_next(&r) == UINT64_C(0x6e789e6aa1b965f4));
	assert_true(synth_rng_next(&r) == UINT64_C(0x06c45d188009454f));
}

static void keeps_streams_apart(void **state)
{
	uint64_t a = synth_rng_key(1, SYNTH_STREAM_HIT, 2, 3);

	(void)state;
	assert_true(a == synth_rng_key(1, SYNTH_STREAM_HIT, 2, 3));
	assert_true(a != synth_rng_key(2, SYNTH_STREAM_HIT, 2, 3));
	assert_true(a != synth_rng_key(1, SYNTH_STREAM_PAIR, 2, 3));
	assert_true(a != synth_rng_key(1, SYNTH_STREAM_HIT, 3, 2));
}

static void stays_within_its_bounds(void **state)
{
	struct synth_rng r = {9};
	int seen = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		int x = synth_rng_between(&r, -1, 2);

		assert_in_range(x + 1, 0, 3);
		seen |= 1 << (x + 1);
		assert_int_equal(synth_rng_below(&r, 1), 0);
	}
	assert_int_equal(seen, 15);
}

static void permutes_without_loss(void **state)
{
	static const uint32_t sizes[] = {1, 2, 3, 91, 200, 1000, 65537};

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		uint32_t n = sizes[s];
		bool *seen = calloc(n, sizeof(*seen));

		assert_non_null(seen);
		for (uint32_t i = 0; i < n; i++) {
			uint32_t x = synth_rng_permute(77, n, i);

			assert_true(x < n);
			assert_false(seen[x]);
			seen[x] = true;
		}
		free(seen);
	}
	assert_true(synth_rng_permute(5, UINT32_C(4000000000), 3999999999) <
		    UINT32_C(4000000000));
}

static void spreads_evenly_over_each_block(void **state)
{
	(void)state;
	for (uint32_t block = 0; block < 20; block++) {
		int below = 0;

		for (uint32_t i = 0; i < 200; i++)
			below +=
			    synth_rng_spread(3, 200, block * 200 + i) < 100000;
		assert_int_equal(below, 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_the_same_numbers_everywhere),
	    cmocka_unit_test(keeps_streams_apart),
	    cmocka_unit_test(stays_within_its_bounds),
	    cmocka_unit_test(permutes_without_loss),
	    cmocka_unit_test(spreads_evenly_over_each_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
