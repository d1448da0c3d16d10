/* Tests of base/arena.h. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void gives_aligned_memory_that_does_not_overlap(void **state)
{
	struct arena a = {0};
	char *p = arena_take(&a, 3);
	char *q = arena_take(&a, 100000);
	char *r = arena_take(&a, 5);

	(void)state;
	memset(p, 'p', 3);
	memset(q, 'q', 100000);
	memset(r, 'r', 5);
	assert_int_equal((uintptr_t)r % _Alignof(max_align_t), 0);
	assert_memory_equal(p, "ppp", 3);
	assert_memory_equal(r, "rrrrr", 5);
	arena_reset(&a);
	assert_non_null(arena_take(&a, 1));
	arena_fini(&a);
	assert_int_equal(a.held, 0);
}

static void reset_gives_large_blocks_back(void **state)
{
	struct arena a = {0};

	(void)state;
	(void)arena_take(&a, 50 << 20);
	arena_reset(&a);
	assert_true(a.held <= 16 * 64 * 1024);
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_aligned_memory_that_does_not_overlap),
	    cmocka_unit_test(reset_gives_large_blocks_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
