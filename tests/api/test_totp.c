/* Tests of api/totp.h. */
#include "api/totp.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* RFC 6238, appendix B: the key "12345678901234567890" (base32 below), of the
 * eight digits there the last six. */
#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static void gives_the_codes_of_rfc_6238(void **state)
{
	static const struct {
		int64_t second;
		const char *code;
	} vectors[] = {
	    {59, "287082"},
	    {1111111109, "081804"},
	    {1111111111, "050471"},
	    {1234567890, "005924"},
	    {2000000000, "279037"},
	    {20000000000, "353130"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		char code[TOTP_CODE];

		assert_true(
		    totp_code(TEXT(SECRET), vectors[i].second / 30, code));
		assert_string_equal(code, vectors[i].code);
	}
}

static void refuses_a_secret_that_is_no_base32(void **state)
{
	static const char *const bad[] = {"", "gezdgnbv", "GEZ0", "GEZ1",
	    "GEZ=",
	    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA"};
	char code[TOTP_CODE];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(totp_code(text_z(bad[i]), 1, code));
}

static void takes_a_neighbour_and_none_twice(void **state)
{
	int64_t now = 1111111111 * CLOCK_SECOND;
	int64_t step = 1111111111 / 30;

	(void)state;
	assert_int_equal(
	    totp_check(TEXT(SECRET), now, TEXT("050471"), 0), step);
	assert_int_equal(
	    totp_check(TEXT(SECRET), now, TEXT("081804"), 0), step - 1);
	assert_int_equal(
	    totp_check(TEXT(SECRET), now, TEXT("050471"), step), 0);
	assert_int_equal(totp_check(TEXT(SECRET), now, TEXT("287082"), 0), 0);
	assert_int_equal(totp_check(TEXT(SECRET), now, TEXT("05047"), 0), 0);
	assert_int_equal(totp_check(TEXT(SECRET), now, TEXT("0504711"), 0), 0);
}

static void fill_ones(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 0xff, n);
}

static void makes_a_secret_of_160_bits(void **state)
{
	const struct random_source random = {.fill = fill_ones};
	char secret[TOTP_SECRET];
	char code[TOTP_CODE];

	(void)state;
	totp_secret(&random, secret);
	assert_string_equal(secret, "77777777777777777777777777777777");
	assert_true(totp_code(text_z(secret), 1, code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_a_secret_that_is_no_base32),
	    cmocka_unit_test(takes_a_neighbour_and_none_twice),
	    cmocka_unit_test(gives_the_codes_of_rfc_6238),
	    cmocka_unit_test(makes_a_secret_of_160_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
