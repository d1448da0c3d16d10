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

static void finds_branches_by_institution_and_number(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	struct codes_branch b;
	struct err e;

	(void)state;
	assert_int_equal(codes_branches_check(c->branches, &e), ERR_NONE);
	assert_true(codes_branch_of(c, TEXT("0001"), TEXT("001"), &b));
	assert_true(text_is(b.name, "東京営業部"));
	assert_true(codes_branch_of(c, TEXT("9900"), TEXT("998"), &b));
	assert_true(codes_branch_of(c, TEXT("9900"), TEXT("738"), &b));
	assert_true(text_is(b.kana, "ナナサンハチ"));
	assert_false(codes_branch_of(c, TEXT("0001"), TEXT("002"), &b));
	assert_false(codes_branch_of(c, TEXT("0000"), TEXT("000"), &b));
	assert_false(codes_branch_of(c, TEXT("9999"), TEXT("999"), &b));
	assert_false(codes_branch_of(c, TEXT("001"), TEXT("001"), &b));
	assert_false(codes_branch_of(c, TEXT("0001"), TEXT("01"), &b));
	arena_fini(&a);
}

/* Every row is found by its own key, and its institution is in the list. */
static void finds_every_branch(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < c->branches.n;) {
		struct text row =
		    text_trust(c->branches.p + i, c->branches.n - i);
		struct codes_branch b;

		i +=
		    (size_t)((const char *)memchr(row.p, '\n', row.n) - row.p) +
		    1;
		if (row.p[0] < '0' || row.p[0] > '9')
			continue;
		assert_true(codes_branch_of(
		    c, text_trust(row.p, 4), text_trust(row.p + 5, 3), &b));
		assert_ptr_equal(b.institution.p, row.p);
		assert_non_null(codes_institution_of(c, b.institution));
		n++;
	}
	assert_int_equal(n, 28944);
	arena_fini(&a);
}

static void refuses_a_table_of_branches_that_is_none(void **state)
{
	static const char *const bad[] = {"", "institution\tbranch\tname\n",
	    "institution\tbranch\tname\tkana\n0001\t01\tA\tB\n",
	    "institution\tbranch\tname\tkana\n0001\t001\tA\n",
	    "institution\tbranch\tname\tkana\n0001\t002\tA\tB\n"
	    "0001\t001\tA\tB\n",
	    "institution\tbranch\tname\tkana\n0001\t001\tA\tB\n"
	    "0001\t001\tA\tB\n"};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
		    codes_branches_check(text_z(bad[i]), &e), ERR_INPUT);
		assert_string_equal(e.code, "codes.table");
	}
}

static void an_old_code_goes_to_its_successor_on_the_day(void **state)
{
	struct arena a = {0};
	const struct codes *c = load(&a);
	const struct date before = {2020, 9, 30};
	const struct date day = {2020, 10, 1};

	(void)state;
	assert_null(codes_successor_on(c, TEXT("0180"), before));
	assert_true(
	    text_is(codes_successor_on(c, TEXT("0180"), day)->code, "0181"));
	assert_true(
	    text_is(codes_successor_on(c, TEXT("0001"), day)->code, "0001"));
	assert_null(codes_successor_on(c, TEXT("9601"), day));
	assert_true(c->merger_count > 0);
	for (size_t i = 0; i < c->merger_count; i++) {
		assert_null(codes_institution_of(c, c->mergers[i].old));
		assert_non_null(codes_successor_on(
		    c, c->mergers[i].old, c->mergers[i].from));
	}
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_branches_by_institution_and_number),
	    cmocka_unit_test(finds_every_branch),
	    cmocka_unit_test(refuses_a_table_of_branches_that_is_none),
	    cmocka_unit_test(an_old_code_goes_to_its_successor_on_the_day),
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
