/* Tests of record/request.h. */
#include "record/request.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define KANRI "2T410017EO0001A0"

static const struct request_wave wave = {
    .basis = {"jumin-331-6", 11},
    .base_date = {"2026-11-01", 10},
    .period = {"2023-11-01/2026-10-31", 21},
    .registrant = {"照会 担当", 13},
    .order_code = {"131041001", 9},
    .updated = {"2026-11-02", 10},
};

static struct subject subject(void)
{
	struct subject s;

	for (int i = 0; i < SUBJECT_COUNT; i++)
		s.f[i] = text_z(subject_info[i].name);
	s.f[SUBJECT_BANK] = TEXT("9601");
	return s;
}

static void the_known_account_goes_to_no_other_institution(void **state)
{
	static const enum request_item own[] = {REQUEST_BRANCH,
	    REQUEST_ACCOUNT_KIND, REQUEST_ACCOUNT, REQUEST_CUSTOMER};
	struct subject s = subject();
	struct request r;

	(void)state;
	request_fill(&s, &wave, "9602", KANRI, &r);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		assert_int_equal(r.f[own[i]].n, 0);
	s.f[SUBJECT_BANK] = TEXT("");
	request_fill(&s, &wave, "9602", KANRI, &r);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		assert_int_equal(r.f[own[i]].n, 0);
	s.f[SUBJECT_BANK] = TEXT("9601");
	request_fill(&s, &wave, "9601", KANRI, &r);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		assert_true(text_is(r.f[own[i]], item_request[own[i]].name));
}

static void the_authoritys_own_number_is_not_sent(void **state)
{
	const struct subject s = subject();
	struct request r;

	(void)state;
	request_fill(&s, &wave, "9601", KANRI, &r);
	for (int i = 0; i < REQUEST_COUNT; i++) {
		assert_false(text_eq(r.f[i], s.f[SUBJECT_ATENA]));
		assert_false(text_eq(r.f[i], s.f[SUBJECT_ARREARS]));
		assert_false(text_eq(r.f[i], s.f[SUBJECT_SHIELDED]));
	}
}

static void each_item_of_the_ward_comes_from_its_column(void **state)
{
	const struct subject s = subject();
	struct request r;

	(void)state;
	request_fill(&s, &wave, "9601", KANRI, &r);
	for (int i = 0; i < REQUEST_COUNT; i++)
		if (item_request[i].source == ITEM_OF_WARD)
			assert_true(text_is(r.f[i], item_request[i].name));
		else
			assert_int_not_equal(r.f[i].n, 0);
	assert_true(text_is(r.f[REQUEST_INQUIRY], KANRI));
	assert_true(text_is(r.f[REQUEST_BASIS], "jumin-331-6"));
	assert_true(text_is(r.f[REQUEST_PERIOD], "2023-11-01/2026-10-31"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_known_account_goes_to_no_other_institution),
	    cmocka_unit_test(the_authoritys_own_number_is_not_sent),
	    cmocka_unit_test(each_item_of_the_ward_comes_from_its_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
