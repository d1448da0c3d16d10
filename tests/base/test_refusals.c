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

static void prints_names_that_are_cut_or_no_utf8(void **state)
{
	char name[400];
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = "名"[i % 3];
	name[sizeof(name) - 1] = '\0';
	err_set(&e, ERR_INPUT, "file.missing", "無し", "none");
	err_at(&e, name, 1, 0,
	    "\xff"
	    "a");
	(void)err_detail(&e, "%s", name);
	refusals_print(f, &e);
	(void)fclose(f);
	assert_non_null(strstr(out, "{\"code\":\"file.missing\""));
	assert_non_null(strstr(out, "名名\",\"line\":1,\"item\":\"?a\"}"));
	assert_non_null(strstr(out, "\"ja\":\"無し: 名名"));
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_a_thousand_then_says_how_many_more),
	    cmocka_unit_test(prints_names_that_are_cut_or_no_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
