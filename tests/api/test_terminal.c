/* Tests of api/terminal.h. */
#include "api/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void refuses_what_is_no_address(void **state)
{
	static const char *const bad[] = {"x", "1.2.3", "1.2.3.4/33", "::1/129",
	    "1.2.3.4/", "1.2.3.4/x", "1.2.3.4,,5.6.7.8", "localhost"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(terminal_list_good(bad[i]));
	assert_true(terminal_list_good(""));
	assert_true(terminal_list_good("10.0.0.1,10.1.0.0/16,::1,fe80::/10"));
}

static void knows_those_of_the_list_alone(void **state)
{
	const char *list = "10.0.0.1,10.1.128.0/17,2001:db8::/33";

	(void)state;
	assert_true(terminal_known("", "192.0.2.1"));
	assert_true(terminal_known(list, "10.0.0.1"));
	assert_true(terminal_known(list, "10.1.128.7"));
	assert_true(terminal_known(list, "10.1.255.255"));
	assert_true(terminal_known(list, "2001:db8:7fff::1"));
	assert_false(terminal_known(list, "10.0.0.2"));
	assert_false(terminal_known(list, "10.1.127.255"));
	assert_false(terminal_known(list, "2001:db8:8000::1"));
	assert_false(terminal_known(list, "::1"));
	assert_false(terminal_known(list, ""));
	assert_false(terminal_known(list, "10.0.0.1 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_is_no_address),
	    cmocka_unit_test(knows_those_of_the_list_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
