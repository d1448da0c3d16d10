/* Tests of synth/synth_rates.h: refusals first. */
#include "synth/synth_rates.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Reads json as a rates file. */
static enum err_class read_json(
    const char *json, struct synth_rates *rates, struct err *e)
{
	char name[] = "synth-rates-XXXXXX";
	int fd = mkstemp(name);
	enum err_class c;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, json, strlen(json)), strlen(json));
	assert_int_equal(close(fd), 0);
	synth_rates_default(rates);
	c = synth_rates_read(name, rates, e);
	assert_int_equal(unlink(name), 0);
	return c;
}

static void refuses(const char *json, const char *detail)
{
	struct synth_rates rates;
	struct err e;

	assert_int_equal(read_json(json, &rates, &e), ERR_INPUT);
	assert_string_equal(e.code, "synth.rates");
	if (detail != NULL)
		assert_string_equal(e.detail, detail);
}

static void refuses_what_is_no_json_object(void **state)
{
	struct synth_rates rates;
	struct err e;

	(void)state;
	refuses("", NULL);
	refuses("[]", NULL);
	refuses("{\"twin\": 0.1", NULL);
	refuses("{\"twin\": 0.1, \"twin\": 0.2}", NULL);
	synth_rates_default(&rates);
	assert_int_equal(
	    synth_rates_read("there-is-no-such-file", &rates, &e), ERR_INPUT);
}

static void refuses_unknown_names(void **state)
{
	(void)state;
	refuses("{\"triplet\": 0.1}", "triplet");
	refuses("{\"\": 0.1}", "");
}

static void refuses_values_out_of_bounds(void **state)
{
	(void)state;
	refuses("{\"twin\": -0.1}", "twin");
	refuses("{\"twin\": 1.1}", "twin");
	refuses("{\"twin\": 1e300}", "twin");
	refuses("{\"twin\": \"0.1\"}", "twin");
	refuses("{\"accounts_per_hit\": 0.5}", "accounts_per_hit");
	refuses("{\"accounts_per_hit\": 4.5}", "accounts_per_hit");
}

static void refuses_a_group_over_one(void **state)
{
	(void)state;
	refuses("{\"roman\": 0.6, \"name-order\": 0.6}", NULL);
	refuses("{\"twin\": 0.6, \"father-son\": 0.5}", NULL);
	/* Persons alone can be twins, and there are not so many. */
	refuses("{\"roman\": 0.5, \"twin\": 0.6}", NULL);
}

static void takes_rates_over(void **state)
{
	struct synth_rates rates;
	struct synth_rates before;
	struct err e;

	(void)state;
	synth_rates_default(&before);
	assert_int_equal(
	    read_json("{\"twin\": 0.25, \"hit\": 0.2}", &rates, &e), ERR_NONE);
	assert_int_equal(rates.cases[SYNTH_TWIN], 250000);
	assert_int_equal(rates.share[SYNTH_SHARE_HIT], 200000);
	assert_int_equal(rates.cases[SYNTH_DEAD], before.cases[SYNTH_DEAD]);
}

static void plants_each_case_at_its_rate(void **state)
{
	uint32_t count[SYNTH_CASE_COUNT] = {0};
	struct synth_rates rates;
	uint32_t n = 20000;

	(void)state;
	synth_rates_default(&rates);
	for (uint32_t i = 0; i < n; i++) {
		enum synth_kind kind;
		uint32_t bits = synth_rates_plant(&rates, 5, i, &kind);

		for (int c = 0; c < SYNTH_CASE_COUNT; c++)
			count[c] += (bits >> c) & 1;
	}
	for (int c = 0; c < SYNTH_CASE_COUNT; c++) {
		uint64_t stated = (uint64_t)rates.cases[c] * n / SYNTH_PPM;

		assert_in_range(
		    count[c], stated * 93 / 100, stated * 107 / 100);
	}
}

static void never_plants_what_excludes_itself(void **state)
{
	static const uint32_t relations = SYNTH_BIT(TWIN) |
					  SYNTH_BIT(SAME_NAME_SAME_DAY) |
					  SYNTH_BIT(FATHER_SON);
	struct synth_rates rates;

	(void)state;
	synth_rates_default(&rates);
	for (uint32_t i = 0; i < 20000; i++) {
		enum synth_kind kind;
		uint32_t bits = synth_rates_plant(&rates, 6, i, &kind);
		uint32_t relation = bits & relations;

		assert_int_equal(relation & (relation - 1), 0);
		if (kind == SYNTH_CORPORATION)
			assert_int_equal(
			    bits & (relations | SYNTH_BIT(ROMAN)), 0);
		if (bits & SYNTH_BIT(ROMAN))
			assert_int_equal(kind, SYNTH_FOREIGNER);
	}
}

static void cases_of_a_subject_do_not_depend_on_others(void **state)
{
	struct synth_rates rates;
	struct synth_rates more;

	(void)state;
	synth_rates_default(&rates);
	more = rates;
	more.cases[SYNTH_DEAD] = 500000;
	for (uint32_t i = 0; i < 3000; i++) {
		enum synth_kind kind;
		uint32_t a = synth_rates_plant(&rates, 6, i, &kind);
		uint32_t b = synth_rates_plant(&more, 6, i, &kind);

		assert_int_equal(a & ~SYNTH_BIT(DEAD), b & ~SYNTH_BIT(DEAD));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_is_no_json_object),
	    cmocka_unit_test(refuses_unknown_names),
	    cmocka_unit_test(refuses_values_out_of_bounds),
	    cmocka_unit_test(refuses_a_group_over_one),
	    cmocka_unit_test(takes_rates_over),
	    cmocka_unit_test(plants_each_case_at_its_rate),
	    cmocka_unit_test(never_plants_what_excludes_itself),
	    cmocka_unit_test(cases_of_a_subject_do_not_depend_on_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
