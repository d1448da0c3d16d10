/* Tests of base/bytes.h. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void refuses_integers_out_of_bounds(void **state)
{
	int64_t v = -1;

	(void)state;
	assert_false(text_to_int(TEXT(""), 99, &v));
	assert_false(text_to_int(TEXT("-1"), 99, &v));
	assert_false(text_to_int(TEXT(" 1"), 99, &v));
	assert_false(text_to_int(TEXT("100"), 99, &v));
	assert_false(text_to_int(TEXT("9"), 8, &v));
	assert_false(text_to_int(TEXT("1"), 0, &v));
	assert_false(text_to_int(TEXT("99999999999999999999"), INT64_MAX, &v));
	assert_int_equal(v, -1);
	assert_true(text_to_int(TEXT("099"), 99, &v));
	assert_int_equal(v, 99);
}

static void digits_are_the_last_ones_zeros_in_front(void **state)
{
	char z[] = "......";

	(void)state;
	text_put_digits(7, 3, z);
	assert_string_equal(z, "007...");
	text_put_digits(131041, 4, z);
	assert_string_equal(z, "1041..");
	text_put_digits(5, 0, z);
	assert_string_equal(z, "1041..");
}

static void hex_round_trips_and_refuses(void **state)
{
	unsigned char b[3];
	char z[7];

	(void)state;
	assert_false(bytes_unhex(TEXT("00ff1"), b, 3));
	assert_false(bytes_unhex(TEXT("00fg11"), b, 3));
	assert_true(bytes_unhex(TEXT("00fF11"), b, 3));
	bytes_hex(b, 3, z);
	assert_string_equal(z, "00ff11");
}

static void buffer_grows(void **state)
{
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_printf(&b, "%d,", i % 10);
	assert_int_equal(b.n, 20000);
	assert_memory_equal(b.p + 19998, "9,", 2);
	buf_fini(&b);
}

static void order_puts_the_shorter_first(void **state)
{
	(void)state;
	assert_true(text_cmp(TEXT("ab"), TEXT("abc")) < 0);
	assert_true(text_cmp(TEXT("b"), TEXT("abc")) > 0);
	assert_int_equal(text_cmp(TEXT(""), TEXT("")), 0);
}

static void digits_are_ten_bytes_wherever_they_stand(void **state)
{
	char z[20];

	(void)state;
	for (size_t n = 1; n <= sizeof(z); n++)
		for (size_t at = 0; at < n; at++)
			for (int b = 0; b < 256; b++) {
				memset(z, '0' + (int)(n % 10), n);
				z[at] = (char)b;
				assert_int_equal(
				    text_is_digits(text_trust(z, n), n, n),
				    b >= '0' && b <= '9');
			}
	assert_false(text_is_digits(TEXT("12345678"), 9, 9));
	assert_false(text_is_digits(TEXT("12345678"), 1, 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_integers_out_of_bounds),
	    cmocka_unit_test(digits_are_the_last_ones_zeros_in_front),
	    cmocka_unit_test(hex_round_trips_and_refuses),
	    cmocka_unit_test(buffer_grows),
	    cmocka_unit_test(order_puts_the_shorter_first),
	    cmocka_unit_test(digits_are_ten_bytes_wherever_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
