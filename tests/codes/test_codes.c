/* Tests of codes/codes.h. */
#include "codes/codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define BASIS                                                                  \
	"code\tkamoku\ttext\tfrom\tto\tscope\tyears\tconsent\tverify\tsource\n"
#define KAMOKU "code\tname\tfrom\tto\tkind\tbasis\n"
#define INSTITUTIONS "code\tname\tkana\n"
#define HOLIDAYS "date\tname\tkind\n"

static const struct codes *load(struct arena *a)
{
	const struct codes *c = NULL;
	struct err e = {0};

	assert_int_equal(codes_load(a, &c, &e), ERR_NONE);
	return c;
}

static void expect_refused(struct codes_source s)
{
	struct arena a = {0};
	const struct codes *c;
	struct err e = {0};

	if (s.basis.p == NULL)
		s.basis = TEXT(BASIS);
	if (s.kamoku.p == NULL)
		s.kamoku = TEXT(KAMOKU);
	if (s.institutions.p == NULL)
		s.institutions = TEXT(INSTITUTIONS);
	if (s.holidays.p == NULL)
		s.holidays = TEXT(HOLIDAYS);
	assert_int_equal(codes_load_from(&a, &s, &c, &e), ERR_INPUT);
	assert_string_equal(e.code, "codes.table");
	arena_fini(&a);
}

#define ROW "a\t1\tlaw\t\t\tdetail\t10\t0\t0\ts\n"

static void refuses_bad_tables(void **state)
{
	(void)state;
#define EXPECT(what, z) expect_refused((struct codes_source){.what = TEXT(z)})
	EXPECT(basis, "");
	EXPECT(basis, "code\n");
	EXPECT(basis, BASIS "a\t1\tlaw\t\t\tall\t10\t0\t0\ts\n");
	EXPECT(basis, BASIS "a\t1\tlaw\t\t\tdetail\tx\t0\t0\ts\n");
	EXPECT(basis, BASIS "a\t1\tlaw\t\t\tdetail\t10\t2\t0\ts\n");
	EXPECT(basis, BASIS "a\t1\t\t\t\tdetail\t10\t0\t0\ts\n");
	EXPECT(basis,
	    BASIS "a\t1\tlaw\t2026-01-02\t2026-01-01\tdetail\t1\t0\t0\ts\n");
	EXPECT(basis, BASIS "a\t1\tlaw\t2026-02-30\t\tdetail\t1\t0\t0\ts\n");
	EXPECT(basis, BASIS ROW "short\n");
	EXPECT(
	    basis, BASIS "a\tb\tc\td\te\tf\tg\th\ti\tj\tk\tl\tm\tn\to\tp\tq\n");
	EXPECT(kamoku, KAMOKU "1\tname\t\t\ttoll\tb\n");
	EXPECT(institutions, INSTITUTIONS "12\tn\tk\n");
	EXPECT(institutions, INSTITUTIONS "0002\tn\tk\n0001\tn\tk\n");
	EXPECT(institutions, INSTITUTIONS "0001\tn\tk\n0001\tn\tk\n");
	EXPECT(holidays, HOLIDAYS "2026-13-01\tn\tk\n");
#undef EXPECT
}

static void names_the_bad_line(void **state)
{
	const struct codes_source s = {
	    .basis = TEXT("# head\n" BASIS "\n" ROW "bad\n")};
	struct arena a = {0};
	const struct codes *c;
	struct err e = {0};

	(void)state;
	assert_int_equal(codes_load_from(&a, &s, &c, &e), ERR_INPUT);
	assert_string_equal(e.file, "basis.tsv");
	assert_int_equal(e.line, 5);
	arena_fini(&a);
}

/* The demonstration's institutions are 9600+k: none may be a real one. */
static void no_fictional_institution_is_in_the_list(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	char code[8];

	(void)state;
	assert_true(c->institution_count > 1000);
	for (int i = 9600; i <= 9699; i++) {
		(void)snprintf(code, sizeof(code), "%04d", i);
		assert_null(codes_institution_of(c, text_z(code)));
	}
	arena_fini(&a);
}

static void finds_each_institution(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);

	(void)state;
	assert_null(codes_institution_of(c, TEXT("")));
	assert_null(codes_institution_of(c, TEXT("00")));
	assert_null(codes_institution_of(c, TEXT("9999")));
	for (size_t i = 0; i < c->institution_count; i++)
		assert_ptr_equal(
		    codes_institution_of(c, c->institutions[i].code),
		    &c->institutions[i]);
	assert_true(
	    text_is(codes_institution_of(c, TEXT("9900"))->name, "ゆうちょ"));
	arena_fini(&a);
}

/* A real zengin kana has no small kana and no ー (DOMAIN §5.3). */
static void kana_are_as_banks_write_them(void **state)
{
	static const char *const never[] = {
	    "ァ", "ィ", "ゥ", "ェ", "ォ", "ッ", "ャ", "ュ", "ョ", "ー"};
	struct arena a = {0};
	const struct codes *c = load(&a);

	(void)state;
	for (size_t i = 0; i < c->institution_count; i++)
		for (size_t k = 0; k < sizeof(never) / sizeof(*never); k++) {
			struct text kana = c->institutions[i].kana;

			assert_null(
			    memmem(kana.p, kana.n, never[k], strlen(never[k])));
		}
	arena_fini(&a);
}

static void kamoku_follow_the_day(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	const struct codes_kamoku *k;

	(void)state;
	assert_null(codes_kamoku_on(c, TEXT("9"), (struct date){2026, 1, 1}));
	assert_null(codes_kamoku_on(c, TEXT("2"), (struct date){2019, 9, 30}));
	k = codes_kamoku_on(c, TEXT("1"), (struct date){2023, 12, 31});
	assert_true(text_is(k->name, "特別区民税・都民税"));
	k = codes_kamoku_on(c, TEXT("1"), (struct date){2024, 1, 1});
	assert_true(text_is(k->name, "特別区民税・都民税・森林環境税"));
	k = codes_kamoku_on(c, TEXT("2"), (struct date){2026, 4, 1});
	assert_true(text_is(k->name, "軽自動車税(種別割)") && k->tax);
	k = codes_kamoku_on(c, TEXT("3"), (struct date){2026, 4, 1});
	assert_true(text_is(k->name, "国民健康保険料") && !k->tax);
	assert_true(codes_kamoku_known(c, TEXT("3")));
	assert_false(codes_kamoku_known(c, TEXT("4")));
	arena_fini(&a);
}

static void each_usual_basis_is_there_and_serves_its_kamoku(void **state)
{
	const struct date day = {2026, 4, 1};
	struct arena a = {0};
	const struct codes *c = load(&a);

	(void)state;
	for (size_t i = 0; i < c->kamoku_count; i++) {
		const struct codes_kamoku *k = &c->kamokus[i];
		const struct codes_basis *b = codes_basis_on(c, k->basis, day);

		assert_non_null(b);
		assert_true(codes_basis_serves(b, k->code));
		assert_int_equal(b->scope, CODES_SCOPE_DETAIL);
		assert_false(b->consent);
	}
	arena_fini(&a);
}

static void a_basis_bounds_scope_and_period(void **state)
{
	const struct date day = {2026, 4, 1};
	struct arena a = {0};
	const struct codes *c = load(&a);
	const struct codes_basis *tax =
	    codes_basis_on(c, TEXT("jumin-331-6"), day);
	const struct codes_basis *help =
	    codes_basis_on(c, TEXT("chihozei-20-11"), day);

	(void)state;
	assert_null(codes_basis_on(c, TEXT("nothing"), day));
	assert_false(codes_basis_allows(help, CODES_SCOPE_DETAIL, day, day));
	assert_true(codes_basis_allows(help, CODES_SCOPE_BALANCE, day, day));
	assert_false(codes_basis_allows(
	    tax, CODES_SCOPE_DETAIL, (struct date){2016, 3, 31}, day));
	assert_true(codes_basis_allows(
	    tax, CODES_SCOPE_DETAIL, (struct date){2016, 4, 1}, day));
	assert_false(codes_basis_allows(
	    tax, CODES_SCOPE_DETAIL, day, (struct date){2026, 3, 31}));
	assert_true(codes_basis_serves(help, TEXT("1")));
	assert_true(codes_basis_serves(help, TEXT("2")));
	assert_false(codes_basis_serves(help, TEXT("3")));
	assert_false(codes_basis_serves(help, TEXT("1|2")));
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_bad_tables),
	    cmocka_unit_test(names_the_bad_line),
	    cmocka_unit_test(no_fictional_institution_is_in_the_list),
	    cmocka_unit_test(finds_each_institution),
	    cmocka_unit_test(kana_are_as_banks_write_them),
	    cmocka_unit_test(kamoku_follow_the_day),
	    cmocka_unit_test(each_usual_basis_is_there_and_serves_its_kamoku),
	    cmocka_unit_test(a_basis_bounds_scope_and_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
