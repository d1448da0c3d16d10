/* Tests of parties/ward_user.h. */
#include "ward_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void refuses_roles_of_other_parties(void **state)
{
	struct err e;
	unsigned roles;

	(void)state;
	assert_int_equal(
	    ward_user_roles(STORE_HUB, TEXT("officer"), &roles, &e), ERR_INPUT);
	assert_int_equal(
	    ward_user_roles(STORE_WARD, TEXT("clerk"), &roles, &e), ERR_INPUT);
	assert_int_equal(
	    ward_user_roles(STORE_WARD, TEXT("king"), &roles, &e), ERR_INPUT);
	assert_int_equal(
	    ward_user_roles(STORE_WARD, TEXT(""), &roles, &e), ERR_INPUT);
	assert_int_equal(
	    ward_user_roles(STORE_BANK, TEXT("admin,inspector"), &roles, &e),
	    ERR_NONE);
	assert_int_equal(roles, ROLE_ADMIN | ROLE_INSPECTOR);
}

static void refuses_malformed_appointments(void **state)
{
	static const char *const bad[] = {"A", "A:2026-04-01:1",
	    "A:2026-04-01/2026-03-31:1",
	    "A:2026-04-01/2027-03-31:", "A:2026-04-01/2027-03-31:1,9",
	    ":2026-04-01/2027-03-31:1"};
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct ward_user u = {0};

		assert_int_equal(
		    ward_user_appointment(o.f.codes, text_z(bad[i]), &u, &o.e),
		    ERR_INPUT);
	}
	office_close(&o);
}

static void refuses_who_may_not_act(void **state)
{
	struct ward_user u;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	assert_int_equal(
	    ward_user_acting(o.c, "nobody", ROLE_OFFICER, &u, &o.e),
	    ERR_DENIED);
	assert_string_equal(o.e.code, "user.unknown");
	assert_int_equal(
	    ward_user_acting(o.c, "sato", ROLE_APPROVER, &u, &o.e), ERR_DENIED);
	assert_string_equal(o.e.code, "user.role");
	o.c->now_us = FIXTURE_NOW + 365 * CLOCK_DAY;
	assert_int_equal(
	    ward_user_acting(o.c, "sato", ROLE_OFFICER, &u, &o.e), ERR_DENIED);
	assert_string_equal(o.e.code, "user.expired");
	o.c->now_us = FIXTURE_NOW;
	assert_int_equal(ward_user_lock(o.c, "sato", NULL, &o.e), ERR_NONE);
	assert_int_equal(ward_user_lock(o.c, "sato", NULL, &o.e), ERR_NONE);
	assert_int_equal(
	    ward_user_acting(o.c, "sato", ROLE_OFFICER, &u, &o.e), ERR_DENIED);
	assert_string_equal(o.e.code, "user.locked");
	assert_int_equal(ward_user_lock(o.c, "nobody", NULL, &o.e), ERR_INPUT);
	office_close(&o);
}

static void refuses_a_second_user_of_the_name(void **state)
{
	struct ward_user u;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	u = o.officer;
	assert_int_equal(
	    ward_user_add(o.c,
		&(const struct ward_user_order){
		    .u = &u, .password = TEXT(""), .replace = false},
		&o.e),
	    ERR_INPUT);
	assert_string_equal(o.e.code, "user.exists");
	assert_int_equal(
	    ward_user_add(o.c,
		&(const struct ward_user_order){
		    .u = &u, .password = TEXT("short"), .replace = true},
		&o.e),
	    ERR_INPUT);
	assert_int_equal(
	    ward_user_add(o.c,
		&(const struct ward_user_order){
		    .u = &u, .password = TEXT("long enough"), .replace = true},
		&o.e),
	    ERR_NONE);
	office_close(&o);
}

static void a_password_is_kept_as_scrypt(void **state)
{
	struct office o;
	char hash[160];

	(void)state;
	office_open(&o, LINK_DIRECT);
	assert_int_equal(
	    ward_user_hash(TEXT("正しい馬の電池"), &o.f.random, hash, &o.e),
	    ERR_NONE);
	assert_true(ward_user_verify(TEXT("正しい馬の電池"), text_z(hash)));
	assert_false(ward_user_verify(TEXT("正しい馬の電地"), text_z(hash)));
	assert_false(ward_user_verify(TEXT(""), TEXT("")));
	office_close(&o);
}

static void appointments_have_days_and_kinds(void **state)
{
	struct office o;
	struct ward_user u;
	bool found;

	(void)state;
	office_open(&o, LINK_DIRECT);
	u = office_user(&o, "x", "officer",
	    "A:2026-04-01/2026-09-30:1;B:2026-10-01/2027-03-31:1,3");
	found = ward_user_appointed(
		    &u, TEXT("3"), (struct date){2026, 9, 30}) != NULL;
	assert_false(found);
	assert_non_null(
	    ward_user_appointed(&u, TEXT("3"), (struct date){2026, 10, 1}));
	assert_null(
	    ward_user_appointed(&u, TEXT("2"), (struct date){2026, 10, 1}));
	assert_null(
	    ward_user_appointed(&u, TEXT("1"), (struct date){2026, 3, 31}));
	office_close(&o);
}

static void accounts_end_with_the_fiscal_year(void **state)
{
	(void)state;
	assert_int_equal(
	    ward_user_year_end((struct date){2027, 3, 31}).year, 2027);
	assert_int_equal(
	    ward_user_year_end((struct date){2027, 4, 1}).year, 2028);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_roles_of_other_parties),
	    cmocka_unit_test(refuses_malformed_appointments),
	    cmocka_unit_test(refuses_who_may_not_act),
	    cmocka_unit_test(refuses_a_second_user_of_the_name),
	    cmocka_unit_test(a_password_is_kept_as_scrypt),
	    cmocka_unit_test(appointments_have_days_and_kinds),
	    cmocka_unit_test(accounts_end_with_the_fiscal_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
