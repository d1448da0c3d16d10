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
	assert_true(terminal_known("", "192.0.2.1", NULL));
	assert_true(terminal_known(list, "10.0.0.1", NULL));
	assert_true(terminal_known(list, "10.1.128.7", NULL));
	assert_true(terminal_known(list, "10.1.255.255", NULL));
	assert_true(terminal_known(list, "2001:db8:7fff::1", NULL));
	assert_false(terminal_known(list, "10.0.0.2", NULL));
	assert_false(terminal_known(list, "10.1.127.255", NULL));
	assert_false(terminal_known(list, "2001:db8:8000::1", NULL));
	assert_false(terminal_known(list, "::1", NULL));
	assert_false(terminal_known(list, "", NULL));
	assert_false(terminal_known(list, "10.0.0.1 ", NULL));
}

static void knows_certificates(void **state)
{
	const struct digest one = digest_one(text_bytes(TEXT("one")));
	const struct digest other = digest_one(text_bytes(TEXT("other")));
	char list[128] = "10.0.0.1,sha256:";

	(void)state;
	digest_hex(one, list + strlen(list));
	assert_true(terminal_list_good(list));
	assert_true(terminal_certificates(list));
	assert_false(terminal_certificates("10.0.0.1,::1"));
	assert_false(terminal_certificates(""));
	assert_true(terminal_known(list, "192.0.2.1", &one));
	assert_false(terminal_known(list, "192.0.2.1", &other));
	assert_false(terminal_known(list, "192.0.2.1", NULL));
	assert_true(terminal_known(list, "10.0.0.1", &other));
	assert_true(terminal_known(list, "10.0.0.1", NULL));
	list[strlen(list) - 1] = 'x';
	assert_false(terminal_list_good(list));
	list[strlen(list) - 1] = '\0';
	assert_false(terminal_list_good(list));
	assert_false(terminal_list_good("sha256:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_is_no_address),
	    cmocka_unit_test(knows_those_of_the_list_alone),
	    cmocka_unit_test(knows_certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
