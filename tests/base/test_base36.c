/* Tests of base/base36.h. */
#include "base/base36.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void refuses_what_is_not_base_36(void **state)
{
	uint64_t v;

	(void)state;
	assert_false(base36_get(TEXT(""), &v));
	assert_false(base36_get(TEXT("abc"), &v));
	assert_false(base36_get(TEXT("1-2"), &v));
	assert_int_equal(base36_check("A b", 3), 0);
}

static void round_trips(void **state)
{
	char out[4];
	uint64_t v;

	(void)state;
	assert_true(base36_put(131041, 4, out));
	assert_true(base36_get(text_trust(out, 4), &v));
	assert_int_equal(v, 131041);
	assert_false(base36_put(1679616, 4, out)); /* 36^4 */
}

/* Example of ISO/IEC 7064: the Global Release Identifier standard (GRid),
 * which uses MOD 37,36: A1-2425G-ABC1234002-M. */
static void check_character_is_iso_7064(void **state)
{
	(void)state;
	assert_int_equal(base36_check("A12425GABC1234002", 17), 'M');
}

static void check_finds_each_single_error(void **state)
{
	static const char all[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char key[] = "2T4100101CW00001";
	char good = base36_check(key, 15);

	(void)state;
	for (int i = 0; i < 15; i++)
		for (int d = 0; d < 36; d++) {
			char kept = key[i];

			if (all[d] == kept)
				continue;
			key[i] = all[d];
			assert_int_not_equal(base36_check(key, 15), good);
			key[i] = kept;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_is_not_base_36),
	    cmocka_unit_test(round_trips),
	    cmocka_unit_test(check_character_is_iso_7064),
	    cmocka_unit_test(check_finds_each_single_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
