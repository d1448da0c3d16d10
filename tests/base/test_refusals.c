/* Tests of base/refusals.h. */
#include "base/refusals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void writes_a_thousand_then_says_how_many_more(void **state)
{
	char *out = NULL;
	size_t n = 0;
	struct refusals r = {.out = open_memstream(&out, &n)};
	struct err e;
	int lines = 0;

	(void)state;
	err_set(&e, ERR_INPUT, "subjects.bad_date", "日付", "date");
	err_at(&e, "s.csv", 7, 9, "生(設立)年月日");
	for (int i = 0; i < 1500; i++)
		refusals_add(&r, &e);
	refusals_end(&r);
	(void)fclose(r.out);
	for (size_t i = 0; i < n; i++)
		lines += out[i] == '\n';
	assert_int_equal(lines, 1001);
	assert_non_null(strstr(out, "{\"code\":\"more\",\"count\":500}\n"));
	assert_memory_equal(out,
	    "{\"code\":\"subjects.bad_date\",\"where\":{\"file\":\"s.csv\","
	    "\"line\":7,\"column\":9,\"item\":\"生(設立)年月日\"},"
	    "\"level\":\"record\",\"why\":{\"ja\":\"日付\",\"en\":\"date\"}}\n",
	    150);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_a_thousand_then_says_how_many_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
