/* Tests of text/utf8.h. */
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define REFUSED(literal, at)                                                   \
	refused((const unsigned char *)(literal), sizeof(literal) - 1, at)

static void refused(const unsigned char *p, size_t n, size_t at)
{
	struct text t = {NULL, 0};
	size_t bad = SIZE_MAX;

	assert_false(utf8_decode(BYTES(p, n), &t, &bad));
	assert_int_equal(bad, at);
	assert_null(t.p);
}

static void refuses_overlong_forms(void **state)
{
	(void)state;
	REFUSED("a\xC0\x80", 1);
	REFUSED("\xC1\xBF", 0);
	REFUSED("\xE0\x9F\xBF", 0);
	REFUSED("ab\xF0\x8F\xBF\xBF", 2);
}

static void refuses_surrogates_and_beyond_unicode(void **state)
{
	(void)state;
	REFUSED("\xED\xA0\x80", 0);
	REFUSED("\xED\xBF\xBF", 0);
	REFUSED("\xF4\x90\x80\x80", 0);
	REFUSED("\xF5\x80\x80\x80", 0);
	REFUSED("\xFF", 0);
}

static void refuses_nul_wherever_it_stands(void **state)
{
	(void)state;
	REFUSED("\0", 0);
	REFUSED("abcdefg\0", 7);
	REFUSED("abcdefgh\0ijklmno", 8);
	REFUSED("0123456789ab\0def", 12);
}

static void refuses_truncated_and_stray_bytes(void **state)
{
	(void)state;
	REFUSED("abcdefghi\xE3\x81", 9);
	REFUSED("\xE3", 0);
	REFUSED("\xF0\x9F\x98", 0);
	REFUSED("x\x80", 1);
	REFUSED("\xE3\x81\x41", 0);
	REFUSED("\xF0\xA0\x80\x41", 0);
}

static void accepts_every_scalar_value(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		char b[4];
		struct text t;
		size_t bad;
		size_t i = 0;
		size_t n;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		n = utf8_write(c, b);
		assert_true(utf8_decode(BYTES(b, n), &t, &bad));
		assert_int_equal(utf8_next(t, &i), c);
		assert_int_equal(i, n);
		assert_int_equal(utf8_before(t, n, &i), c);
		assert_int_equal(i, 0);
	}
}

static void accepts_the_empty_text(void **state)
{
	struct text t;
	size_t bad;

	(void)state;
	assert_true(utf8_decode(BYTES("", 0), &t, &bad));
	assert_int_equal(t.n, 0);
}

static void counts_code_points_and_finds_offsets(void **state)
{
	struct text t = TEXT("aか𠮷b");

	(void)state;
	assert_int_equal(utf8_count(t), 4);
	assert_int_equal(utf8_offset(t, 0), 0);
	assert_int_equal(utf8_offset(t, 2), 4);
	assert_int_equal(utf8_offset(t, 3), 8);
	assert_int_equal(utf8_offset(t, 9), t.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_overlong_forms),
	    cmocka_unit_test(refuses_surrogates_and_beyond_unicode),
	    cmocka_unit_test(refuses_nul_wherever_it_stands),
	    cmocka_unit_test(refuses_truncated_and_stray_bytes),
	    cmocka_unit_test(accepts_every_scalar_value),
	    cmocka_unit_test(accepts_the_empty_text),
	    cmocka_unit_test(counts_code_points_and_finds_offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
