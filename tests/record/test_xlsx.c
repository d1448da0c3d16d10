/* Tests of record/xlsx.h: the XML that a spreadsheet reads, unpacked with
 * 7-Zip. That openpyxl reads the same as stands in the CSV files is shown by
 * tests/api/work.py. */
#include "record/xlsx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS 1048576 /* of a sheet */

struct place {
	char dir[64];
	char path[96];
};

static void place_init(struct place *p)
{
	(void)strcpy(p->dir, "/tmp/shokai-xlsx-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	(void)snprintf(p->path, sizeof(p->path), "%s/a.xlsx", p->dir);
}

static void place_fini(struct place *p)
{
	(void)unlink(p->path);
	assert_int_equal(rmdir(p->dir), 0); /* nothing else was left */
}

static struct xlsx *open_in(const struct place *p)
{
	static const char *const sheets[] = {"one", "two"};
	struct xlsx *x = NULL;
	struct err e = {0};

	assert_int_equal(
	    xlsx_open(p->path, p->dir, false, sheets, 2, &x, &e), ERR_NONE);
	return x;
}

static void close_it(struct xlsx *x)
{
	struct err e = {0};

	assert_int_equal(xlsx_close(x, &e), ERR_NONE);
}

/* At most the first 64 KiB of a part of the file. */
static char *part(const struct place *p, const char *name)
{
	char command[256];
	char *out = arena_xmalloc(65536);
	FILE *f;
	size_t n;

	(void)snprintf(command, sizeof(command),
	    "7z x -so '%s' xl/%s 2>/dev/null", p->path, name);
	f = popen(command, "r");
	assert_non_null(f);
	n = fread(out, 1, 65535, f);
	out[n] = '\0';
	(void)pclose(f);
	return out;
}

static void one_cell(struct text t, bool amount, const char *expected)
{
	struct place p;
	struct xlsx *x;
	char *xml;

	place_init(&p);
	x = open_in(&p);
	xlsx_cell(x, 0, TEXT("head"), false);
	xlsx_end_row(x, 0);
	xlsx_cell(x, 0, t, amount);
	xlsx_end_row(x, 0);
	close_it(x);
	xml = part(&p, "worksheets/sheet1.xml");
	if (strstr(xml, expected) == NULL)
		print_error("%s\nis not in\n%s\n", expected, xml);
	assert_non_null(strstr(xml, expected));
	assert_null(strstr(xml, "<f>"));
	free(xml);
	place_fini(&p);
}

static void nothing_is_a_formula(void **state)
{
	(void)state;
	one_cell(TEXT("=1+1"), false, "t=\"inlineStr\"><is><t>=1+1</t>");
	one_cell(TEXT("+SUM(A1)"), false, "<t>+SUM(A1)</t>");
	one_cell(TEXT("@x"), false, "<t>@x</t>");
	one_cell(TEXT("=1"), true, "<t>=1</t>");
}

static void codes_are_text_and_amounts_numbers(void **state)
{
	(void)state;
	one_cell(TEXT("0012345"), false, "<t>0012345</t>");
	one_cell(TEXT("1234567"), true, "><v>1234567</v>");
	one_cell(TEXT("-5"), true, "><v>-5</v>");
	one_cell(TEXT("999999999999999"), true, "><v>999999999999999</v>");
	one_cell(TEXT("1000000000000000"), true, "<t>1000000000000000</t>");
	one_cell(TEXT("-"), true, "<t>-</t>");
	one_cell(TEXT("1,000"), true, "<t>1,000</t>");
}

static void every_cell_is_formatted_as_text(void **state)
{
	struct place p;
	char *xml;
	struct xlsx *x;

	(void)state;
	place_init(&p);
	x = open_in(&p);
	xlsx_cell(x, 0, TEXT("0012"), false);
	close_it(x);
	xml = part(&p, "styles.xml");
	/* 49 is "@" (ECMA-376 part 1 §18.8.30). */
	assert_non_null(strstr(xml, "numFmtId=\"49\""));
	free(xml);
	place_fini(&p);
}

static void columns_are_wide_enough_to_read(void **state)
{
	struct place p;
	char *xml;
	struct xlsx *x;

	(void)state;
	place_init(&p);
	x = open_in(&p);
	xlsx_cell(x, 0, TEXT("残高"), false);
	xlsx_cell(x, 0, TEXT("その他取引(貸出金・担保・保証・貸金庫)"), false);
	xlsx_end_row(x, 0);
	xlsx_cell(x, 0, TEXT("999999999999"), true);
	xlsx_end_row(x, 0);
	close_it(x);
	xml = part(&p, "worksheets/sheet1.xml");
	/* Widths are written with the font's margin of 5/7 of a digit. */
	assert_non_null(strstr(xml, "<col min=\"1\" max=\"1\" "
				    "width=\"16.7109375\""));
	assert_non_null(strstr(xml, "<col min=\"2\" max=\"2\" "
				    "width=\"39.7109375\""));
	free(xml);
	place_fini(&p);
}

static void what_xml_lacks_is_escaped(void **state)
{
	(void)state;
	one_cell(
	    TEXT("<script>&\"𠮷"), false, "<t>&lt;script&gt;&amp;\"𠮷</t>");
	one_cell(text_trust("a\x01\0b", 4), false, "<t>a_x0001__x0000_b</t>");
	one_cell(TEXT("_x0041_"), false, "<t>_x005F_x0041_</t>");
	one_cell(TEXT("_x00G1_ _x"), false, "<t>_x00G1_ _x</t>");
	one_cell(
	    TEXT("\xEF\xBF\xBE\xEF\xBF\xBF"), false, "<t>_xFFFE__xFFFF_</t>");
	one_cell(TEXT("a\nb"), false, "<t>a\nb</t>");
}

static void a_full_sheet_goes_on_in_another(void **state)
{
	struct place p;
	struct xlsx *x;
	char *xml;

	(void)state;
	place_init(&p);
	x = open_in(&p);
	for (int i = 0; i <= ROWS; i++) {
		xlsx_cell(x, 1, i == 0 ? TEXT("head") : TEXT("7"), false);
		xlsx_end_row(x, 1);
	}
	close_it(x);
	xml = part(&p, "workbook.xml");
	assert_non_null(strstr(xml, "name=\"two (2)\""));
	free(xml);
	xml = part(&p, "worksheets/sheet3.xml");
	assert_non_null(strstr(xml, "<t>head</t>"));
	assert_non_null(strstr(xml, "<c r=\"A2\""));
	assert_null(strstr(xml, "<c r=\"A3\""));
	free(xml);
	place_fini(&p);
}

static void is_whole_or_not_there(void **state)
{
	static const char *const sheets[] = {"one"};
	struct place p;
	struct xlsx *x;
	struct err e = {0};

	(void)state;
	place_init(&p);
	x = open_in(&p);
	xlsx_cell(x, 0, TEXT("a"), false);
	assert_int_not_equal(access(p.path, F_OK), 0);
	xlsx_abandon(x);
	assert_int_not_equal(access(p.path, F_OK), 0);
	xlsx_abandon(NULL);
	close_it(open_in(&p));
	assert_int_equal(
	    xlsx_open(p.path, p.dir, false, sheets, 1, &x, &e), ERR_INPUT);
	assert_string_equal(e.code, "file.exists");
	assert_int_equal(
	    xlsx_open(p.path, p.dir, true, sheets, 1, &x, &e), ERR_NONE);
	close_it(x);
	place_fini(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_whole_or_not_there),
	    cmocka_unit_test(nothing_is_a_formula),
	    cmocka_unit_test(codes_are_text_and_amounts_numbers),
	    cmocka_unit_test(every_cell_is_formatted_as_text),
	    cmocka_unit_test(columns_are_wide_enough_to_read),
	    cmocka_unit_test(what_xml_lacks_is_escaped),
	    cmocka_unit_test(a_full_sheet_goes_on_in_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
