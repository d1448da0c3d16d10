/*
 * The fictional institutions of layouts/: each loads, and each option of each
 * axis (docs/layout.md) is one that at least two of them use.
 */
#include "helper.h"

#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define INSTITUTIONS_MAX 64
#define USERS 2 /* of each option */

struct institution {
	char code[8];
	struct buf yaml;
};

static struct institution all[INSTITUTIONS_MAX];
static size_t institutions;

/* What stands in the rule file of an institution that uses the option; a !
 * in front: what does not stand there. */
static const struct {
	int axis;
	const char *words;
} options[] = {
    /* hubs, paper */
    {1, "hub: hub-direct"},
    {1, "hub: hub-via-ward"},
    {1, "hub: [hub-direct, hub-via-ward]"},
    {1, "paper: true"},
    {1, "!paper: true"},
    /* persons */
    {2, "persons: [\"1\", \"2\"]"},
    {2, "\"3\": ~"},
    {2, "!\"3\": ~"},
    /* authorities, bases */
    {3, "authorities: ["},
    {3, "basis: ["},
    {3, "!accepts:"},
    /* kana */
    {4, "kana-half"},
    {4, "kana-full"},
    {4, "to-hiragana"},
    {4, "to-katakana"},
    {5, "kana-large"},
    {5, "!kana-large"},
    {6, "long:hyphen"},
    {6, "long:mark"},
    {6, "long:drop"},
    {6, "long:vowel"},
    {7, "voiced:compose"},
    {7, "voiced:split"},
    {8, "wo:o"},
    {8, "wi:i"},
    {8, "we:e"},
    {8, "vu:split"},
    {8, "vu:b"},
    {9, "dot:drop"},
    {9, "dot:period"},
    {9, "dot:space"},
    {9, "sign-half"},
    {9, "sign-full"},
    {9, "dash-fold"},
    {9, "zengin:holder"},
    {9, "zengin:payroll"},
    {9, "zengin:edi"},
    {9, "zengin:branch"},
    {10, "space:none"},
    {10, "space:half"},
    {10, "space:full"},
    {10, "space:one"},
    /* corporate words */
    {11, "corp:abbrev"},
    {11, "corp:expand"},
    {11, "corp:remove"},
    {11, "corp-office"},
    {11, "corp-business"},
    /* foreigners */
    {12, "from: [通称"},
    {12, "from: [英字名"},
    {12, "from: [カナ氏名"},
    {12, "from: [漢字氏名, "},
    {12, "from: [公証カナ氏名, "},
    {12, "name-order:family-first"},
    {12, "name-order:given-first"},
    {12, "name-middle:keep"},
    {12, "name-middle:drop"},
    {12, "latin-upper"},
    {12, "latin-lower"},
    {12, "latin-half"},
    {12, "latin-full"},
    /* former names */
    {13, "of: [旧氏"},
    {13, "通称]"},
    {13, "!fan_out"},
    /* kanji */
    {14, "kanji:0208"},
    {14, "kanji:0213"},
    {14, "kanji:cp932"},
    {14, ":refuse"},
    {14, ":hold"},
    {14, ":first"},
    {14, ":geta"},
    {14, "fail: blank"},
    {14, "!item: 漢字氏名"},
    /* lengths */
    {15, "width: "},
    {15, "!width: "},
    {15, "cut: true"},
    {15, "cut-chars:"},
    {15, "cut-bytes:"},
    /* dates */
    {16, "date: ymd8"},
    {16, "date: slash"},
    {16, "date: iso"},
    {16, "date: era7"},
    {16, "date: era6"},
    {16, "unknown: blank"},
    {16, "unknown: hold"},
    {16, "!unknown:"},
    /* sexes */
    {17, "item: 性別"},
    {17, "!item: 性別"},
    {17, "\"1\": M"},
    {17, "\"1\": \"1\", \"2\": \"2\", \"9\""},
    /* addresses */
    {18, "addr-fold"},
    {18, "addr-number:kanji"},
    {18, "addr-number:arabic"},
    {18, "addr-block:hyphen"},
    {18, "addr-block:words"},
    {18, "addr-oaza:drop"},
    {18, "addr-building:drop"},
    {18, "item: カナ住所"},
    {18, "旧住所1"},
    {18, "旧住所2"},
    {18, "max: 3"},
    {18, "max: 4"},
    {18, "digit-full"},
    {19, "item: 住所コード"},
    {19, "!item: 住所コード"},
    {20, "postal:hyphen"},
    {20, "postal:plain"},
    /* the period */
    {21, "years: 3"},
    {21, "years: 5"},
    {21, "years: 10"},
    {21, "part: from"},
    {21, "part: to"},
    {21, "join: "},
    {21, "transaction:"},
    {21, "!transaction:"},
    /* hints */
    {22, "item: 支店番号"},
    {22, "item: 口座番号"},
    {22, "item: 顧客番号"},
    /* the form */
    {23, "encoding: utf-8"},
    {23, "encoding: cp932"},
    {23, "encoding: zengin"},
    {23, "form: csv"},
    {23, "form: fixed"},
    {23, "form: jsonl"},
    {23, "form: xml"},
    {23, "newline: crlf"},
    {23, "newline: lf"},
    {23, "newline: none"},
    {23, "quote: minimal"},
    {23, "quote: always"},
    {23, "quote: never"},
    {23, "delimiter: "},
    {23, "header:"},
    {23, "!header:"},
    {23, "trailer:"},
    {23, "names: true"},
    {23, "value: digest"},
    {23, "sum: 残高"},
    {23, "value: rows"},
    {23, "per: account"},
    /* files */
    {24, "records_per_file: 5000"},
    {24, "records_per_file: 1000"},
    {24, "files_per_day: 10"},
    {24, "files_per_day: 20"},
    {24, "files_per_day: 50"},
    {24, "{code}"},
    {24, "{date}"},
    {24, "{file}"},
    {24, "{seq}"},
    {24, "{seq:3}"},
    {24, "{seq:4}"},
    {24, "{seq:6}"},
    /* hours */
    {25, "days: business"},
    {25, "days: all"},
    {25, "cutoff: "},
    {25, "from: \"0"},
    {25, "!schedule:"},
    /* required items, code maps, retention */
    {26, "required: true"},
    {27, "found: [Y, YES]"},
    {27, "found: \"01\""},
    {28, "retention_days: 30"},
    {28, "retention_days: 60"},
    {28, "retention_days: 90"},
    {28, "retention_days: 180"},
    {28, "retention_days: 365"},
    {28, "!retention_days"},
};

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_rule_file(const char *code)
{
	struct institution *x = &all[institutions];
	struct err e;
	char path[512];

	assert_true(institutions < INSTITUTIONS_MAX);
	(void)snprintf(x->code, sizeof(x->code), "%s", code);
	(void)snprintf(
	    path, sizeof(path), "%s/%s/2025-04-01.yaml", LAYOUTS, code);
	assert_int_equal(file_read(path, 1 << 20, &x->yaml, &e), ERR_NONE);
	buf_byte(&x->yaml, '\0');
	institutions++;
}

static int read_all(void **state)
{
	struct dirent **names;
	int n = scandir(LAYOUTS, &names, NULL, by_name);

	(void)state;
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			read_rule_file(names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return n < 0;
}

static int free_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < institutions; i++)
		buf_fini(&all[i].yaml);
	return 0;
}

static void each_loads_under_its_own_code(void **state)
{
	(void)state;
	assert_int_equal(institutions, 40);
	for (size_t i = 0; i < institutions; i++) {
		struct err e;
		struct layout *l = helper_load((char *)all[i].yaml.p, &e);

		if (l == NULL)
			fail_msg("%s: %ld:%ld %s %s", all[i].code, e.line,
			    e.column, e.en, e.detail);
		assert_string_equal(layout_institution(l), all[i].code);
		/* None can be taken for a real one. */
		assert_memory_equal(layout_name(l), "架空", 6);
		assert_non_null(
		    strstr((char *)all[i].yaml.p, "この金融機関は実在しない"));
		layout_free(l);
	}
}

/* Names and codes that no institution of the 全銀 table has, each its own. */
static void none_can_be_taken_for_a_real_one(void **state)
{
	struct buf table = {0};
	char codes[INSTITUTIONS_MAX][8];
	char names[INSTITUTIONS_MAX][256];
	struct err e;

	(void)state;
	assert_int_equal(
	    file_read(DATA "/zengin-institutions.tsv", 1 << 24, &table, &e),
	    ERR_NONE);
	buf_byte(&table, '\0');
	assert_non_null(strstr((char *)table.p, "\n0001\t"));
	assert_null(strstr((char *)table.p, "架空"));
	for (size_t i = 0; i < institutions; i++) {
		struct layout *l = helper_load((char *)all[i].yaml.p, &e);

		assert_non_null(l);
		(void)snprintf(
		    codes[i], sizeof(codes[i]), "\n%s", layout_institution(l));
		(void)snprintf(
		    names[i], sizeof(names[i]), "%s", layout_name(l));
		assert_null(strstr((char *)table.p, codes[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(names[i], names[k]);
		layout_free(l);
	}
	buf_fini(&table);
}

static bool uses(const struct institution *x, const char *words)
{
	const char *yaml = (const char *)x->yaml.p;

	return words[0] == '!' ? strstr(yaml, words + 1) == NULL
			       : strstr(yaml, words) != NULL;
}

static void each_option_is_used_by_two(void **state)
{
	size_t missing = 0;
	int axis = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		size_t n = 0;

		/* All 28 axes are in the table, in their order. */
		assert_in_range(options[i].axis - axis, 0, 1);
		axis = options[i].axis;
		for (size_t k = 0; k < institutions; k++)
			n += uses(&all[k], options[i].words);
		if (n >= USERS)
			continue;
		print_error("axis %d: %s: used by %zu\n", options[i].axis,
		    options[i].words, n);
		missing++;
	}
	assert_int_equal(axis, 28);
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_loads_under_its_own_code),
	    cmocka_unit_test(none_can_be_taken_for_a_real_one),
	    cmocka_unit_test(each_option_is_used_by_two),
	};

	return cmocka_run_group_tests(tests, read_all, free_all);
}
