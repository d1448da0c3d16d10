/* Tests of codes/yucho.h. */
#include "codes/yucho.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void refuses_other_forms(void **state)
{
	static const char *const bad[] = {"", "17300", "17300-", "17300-1",
	    "17300-199276511", "27300-19927651", "7300-19927651",
	    "17300 19927651", "1730a-19927651", "17300-1992765a",
	    "00100-12345678", "00100-", "17300-1-19927651"};
	struct yucho y;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(yucho_parse(text_z(bad[i]), &y));
}

static void expect(
    const char *in, const char *branch, const char *account, const char *kind)
{
	struct yucho y;

	assert_true(yucho_parse(text_z(in), &y));
	assert_string_equal(y.branch, branch);
	assert_string_equal(y.account, account);
	assert_string_equal(y.kind, kind);
	assert_memory_equal(in, y.symbol, 5);
	assert_string_equal(in + 6, y.number);
}

static void savings_lose_the_last_digit(void **state)
{
	(void)state;
	expect("17300-19927651", "738", "1992765", "1");
	expect("10000-11", "008", "0000001", "1");
}

static void transfer_accounts_keep_the_number(void **state)
{
	struct yucho y;

	(void)state;
	expect("00100-123456", "019", "0123456", "2");
	expect("00100-1234567", "019", "1234567", "2");
	expect("00990-1", "099", "0000001", "2");
	assert_true(yucho_parse(TEXT("00120-5-123456"), &y));
	assert_string_equal(y.branch, "019");
	assert_string_equal(y.account, "0123456");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_other_forms),
	    cmocka_unit_test(savings_lose_the_last_digit),
	    cmocka_unit_test(transfer_accounts_keep_the_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
