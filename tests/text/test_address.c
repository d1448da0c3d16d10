/* Tests of text/address.h: the splitter on the towns of data/places.tsv. */
#include "text/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void expect(struct text got, const char *want)
{
	if (!text_is(got, want))
		fail_msg("'%.*s' for '%s'", (int)got.n, got.p, want);
}

static void splits_an_address_in_its_parts(void **state)
{
	struct address_parts p;

	(void)state;
	address_split(TEXT("東京都新宿区西新宿２丁目８番１号　第一ビル305"),
	    TEXT(""), &p);
	expect(p.prefecture, "東京都");
	expect(p.municipality, "新宿区");
	expect(p.town, "西新宿");
	expect(p.block, "２丁目８番１号");
	expect(p.building, "第一ビル305");
	assert_false(p.filled);
	address_split(TEXT("余市郡余市町黒川町1-2"), TEXT(""), &p);
	expect(p.municipality, "余市郡余市町");
	expect(p.town, "黒川町");
	address_split(TEXT("西新宿2-8-1"), TEXT(""), &p);
	expect(p.municipality, "");
	expect(p.town, "西新宿");
}

static void the_postal_code_fills_what_was_left_out(void **state)
{
	struct address_parts p;

	(void)state;
	address_split(
	    TEXT("市ヶ谷本村町1-2"), TEXT("東京都新宿区市谷本村町"), &p);
	assert_false(p.filled); /* another town: the code is not believed */
	address_split(TEXT("西新宿2-8-1"), TEXT("東京都新宿区西新宿"), &p);
	assert_true(p.filled);
	expect(p.prefecture, "東京都");
	expect(p.municipality, "新宿区");
	expect(p.town, "西新宿");
	expect(p.block, "2-8-1");
}

/* One row: postal code, prefecture, municipality, town. */
static bool one(char *row, char *address, size_t room)
{
	char *save = NULL;
	char *prefecture;
	char *municipality;
	char *town;
	struct address_parts p;

	(void)strtok_r(row, "\t", &save);
	prefecture = strtok_r(NULL, "\t", &save);
	municipality = strtok_r(NULL, "\t", &save);
	town = strtok_r(NULL, "\t\n", &save);
	if (town == NULL)
		return false;
	(void)snprintf(address, room, "%s%s%s", prefecture, municipality, town);
	address_split(text_z(address), TEXT(""), &p);
	return text_is(p.prefecture, prefecture) &&
	       text_is(p.municipality, municipality);
}

static void finds_the_municipality_of_every_place(void **state)
{
	FILE *f = fopen(PLACES, "r");
	char row[512];
	char address[512];
	int rows = 0;
	int wrong = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(row, sizeof(row), f) != NULL) {
		if (row[0] < '0' || row[0] > '9')
			continue;
		rows++;
		if (!one(row, address, sizeof(address))) {
			print_message("%s\n", address);
			wrong++;
		}
	}
	(void)fclose(f);
	assert_true(rows > 2500);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(splits_an_address_in_its_parts),
	    cmocka_unit_test(the_postal_code_fills_what_was_left_out),
	    cmocka_unit_test(finds_the_municipality_of_every_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
