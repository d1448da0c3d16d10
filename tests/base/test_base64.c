/* Tests of base/base64.h; vectors of RFC 4648 §10. */
#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void refuses_what_is_not_base64(void **state)
{
	static const char *const bad[] = {"", "Zg", "Zg=", "Zm9v!A=="};
	struct arena a = {0};
	struct bytes out;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(base64_decode(&a, text_z(bad[i]), &out));
	arena_fini(&a);
}

static void gives_the_vectors_of_the_rfc(void **state)
{
	static const char *const vectors[][2] = {{"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"}};
	struct arena a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct text plain = text_z(vectors[i][0]);
		struct bytes out;

		assert_string_equal(
		    base64_encode(&a, text_bytes(plain)), vectors[i][1]);
		assert_true(base64_decode(&a, text_z(vectors[i][1]), &out));
		assert_true(bytes_eq(out, text_bytes(plain)));
	}
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_is_not_base64),
	    cmocka_unit_test(gives_the_vectors_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
