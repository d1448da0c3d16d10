/*
 * Tests of synth/synth.h: the folder, its figures counted again from the
 * files alone, and that the same seed gives the same bytes.
 */
#include "synth_fixture.h"

#include "record/subject.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Of gives_the_bytes_that_are_known; other on purpose only. */
#define KNOWN_SUBJECTS                                                         \
	"163a320856ebb0dc45951b6e75f5b20153470fe064a3c25b9e74ea065c38257e"
#define KNOWN_CUSTOMERS                                                        \
	"a4ab9f9b5186ad5d56faa048ba22b383a869ba462dd71f3bd73fd0e7c27e0276"

static void refuses_a_folder_that_is_not_empty(void **state)
{
	struct made *m = *state;
	struct synth_options again = m->options;
	struct digest before = made_digest(m, "ward/subjects.csv");
	struct synth_summary s;
	struct err e;

	again.seed++;
	assert_int_equal(synth_run(&again, &s, &e), ERR_INPUT);
	assert_string_equal(e.code, "synth.not_empty");
	assert_true(digest_eq(before, made_digest(m, "ward/subjects.csv")));
}

static void replaces_all_with_force(void **state)
{
	struct made m = made_new(91, 3, 1);
	struct synth_summary s;
	struct stat st;
	struct err e;

	(void)state;
	m.options.force = true;
	m.options.institutions = 1;
	assert_int_equal(synth_run(&m.options, &s, &e), ERR_NONE);
	assert_int_equal(
	    stat(arena_printf(&m.arena, "%s/banks/9601", m.folder), &st), 0);
	assert_int_equal(
	    stat(arena_printf(&m.arena, "%s/banks/9603", m.folder), &st), -1);
	made_free(&m);
}

static void the_reader_of_subjects_refuses_nothing(void **state)
{
	struct made *m = *state;
	struct bytes in = text_bytes(made_bytes(m, "ward/subjects.csv"));
	struct subject_reader *r;
	enum subject_read what;
	uint32_t rows = 0;
	struct subject s;
	struct err e;
	long line;

	assert_int_equal(subject_reader_new(csv_read_bytes, &in, ENCODING_UTF8,
			     "subjects.csv", &r, &e),
	    ERR_NONE);
	for (;;) {
		assert_int_equal(
		    subject_reader_next(r, &m->arena, &what, &s, &line, &e),
		    ERR_NONE);
		if (what == SUBJECT_END)
			break;
		assert_int_equal(what, SUBJECT_ROW);
		rows++;
	}
	subject_reader_free(r);
	assert_int_equal(rows, m->summary.rows);
}

/* Rows of one 宛名番号 stand together: the same but for the claim. */
static void rows_of_one_subject_agree(void **state)
{
	struct made *m = *state;
	struct table t = made_table(m, "ward/subjects.csv");
	static const char *const identity[] = {"カナ氏名", "漢字氏名", "英字名",
	    "生(設立)年月日", "性別", "住所", "旧住所1", "法人番号",
	    "死亡年月日", "支援措置"};
	uint32_t distinct = 0;

	table_sort(m, &t, "宛名番号");
	for (size_t i = 0; i < t.rows; i++) {
		size_t a = t.order[i];
		size_t b = t.order[i == 0 ? 0 : i - 1];

		if (i == 0 || !text_eq(cell(&t, a, "宛名番号"),
				  cell(&t, b, "宛名番号"))) {
			distinct++;
			continue;
		}
		assert_false(text_eq(cell(&t, a, "科目"), cell(&t, b, "科目")));
		for (size_t k = 0; k < sizeof(identity) / sizeof(*identity);
		     k++)
			assert_true(text_eq(cell(&t, a, identity[k]),
			    cell(&t, b, identity[k])));
	}
	assert_int_equal(distinct, SUBJECTS);
}

static void claims_are_as_many_as_stated(void **state)
{
	struct made *m = *state;
	struct table t = made_table(m, "ward/subjects.csv");
	uint32_t count[4] = {0};
	struct text before = TEXT("");

	for (size_t i = 0; i < t.rows; i++) {
		struct text kamoku = cell(&t, i, "科目");
		struct text number = cell(&t, i, "宛名番号");

		if (text_is(cell(&t, i, "属性(人格)"), "2"))
			assert_false(text_is(kamoku, "3"));
		/* The first claim of each. */
		if (!text_eq(number, before))
			count[kamoku.p[0] - '0']++;
		before = number;
	}
	assert_int_equal(count[1], SUBJECTS / 91 * 30);
	assert_int_equal(count[2], SUBJECTS / 91 * 3);
	assert_int_equal(count[3], SUBJECTS / 91 * 58);
}

/* Subjects with that case in truth.csv; NULL: with any. */
static uint32_t shown(
    struct made *m, const struct table *truth, const char *name)
{
	struct text last = TEXT("");
	uint32_t n = 0;

	(void)m;
	for (size_t i = 0; i < truth->rows; i++) {
		size_t row = truth->order[i];
		struct text number = cell(truth, row, "宛名番号");

		if (text_eq(number, last))
			continue;
		if (name == NULL ? cell(truth, row, "難点").n > 0
				 : has_case(truth, row, name)) {
			n++;
			last = number;
		}
	}
	return n;
}

static json_t *rates_of(struct made *m)
{
	struct text t = made_bytes(m, "rates.json");
	json_t *j = json_loadb(t.p, t.n, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(j);
	return j;
}

static void every_case_is_met_and_counted(void **state)
{
	struct made *m = *state;
	struct table truth = made_table(m, "truth.csv");
	json_t *j = rates_of(m);
	json_t *any = json_object_get(j, "any");

	table_sort(m, &truth, "宛名番号");
	for (int c = 0; c < SYNTH_CASE_COUNT; c++) {
		const char *name = synth_rates_case_name[c];
		json_t *one =
		    json_object_get(json_object_get(j, "cases"), name);
		uint32_t n = shown(m, &truth, name);
		double stated =
		    json_number_value(json_object_get(one, "stated"));
		double share = json_number_value(json_object_get(one, "share"));

		assert_int_equal(
		    n, json_integer_value(json_object_get(one, "shown")));
		if (n * 200 < SUBJECTS)
			fail_msg("%s: %u of %d subjects", name, n, SUBJECTS);
		if (share < stated * 0.85)
			fail_msg("%s: %f, stated %f", name, share, stated);
	}
	assert_int_equal(shown(m, &truth, NULL),
	    json_integer_value(json_object_get(any, "shown")));
	assert_true(shown(m, &truth, NULL) * 10 >= SUBJECTS * 3);
	json_decref(j);
}

static double counted(json_t *rates, const char *name)
{
	return json_number_value(json_object_get(
	    json_object_get(json_object_get(rates, "rates"), name), "counted"));
}

static void near(double a, double b)
{
	if (a - b > 0.000002 || b - a > 0.000002)
		fail_msg("%f is not %f", a, b);
}

static const char *account_key(
    struct made *m, const struct table *t, size_t row)
{
	struct text b = cell(t, row, "店番");
	struct text k = cell(t, row, "口座種別");
	struct text n = cell(t, row, "口座番号");

	return arena_printf(&m->arena, "%.*s-%.*s-%.*s", (int)b.n, b.p,
	    (int)k.n, k.p, (int)n.n, n.p);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char **keys(struct made *m, const struct table *t)
{
	const char **key = arena_zero(&m->arena, t->rows + 1, sizeof(*key));

	for (size_t i = 0; i < t->rows; i++)
		key[i] = account_key(m, t, i);
	qsort(key, t->rows, sizeof(*key), compare_keys);
	return key;
}

static size_t how_many(const char **key, size_t n, const char *wanted)
{
	size_t low = 0;
	size_t high = n;
	size_t count = 0;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(key[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + count < n && strcmp(key[low + count], wanted) == 0)
		count++;
	return count;
}

struct figures {
	size_t hits;
	size_t accounts;
	size_t transactions;
	size_t customers;
	size_t with_others;
};

/* Counts what truth.csv says of bank k in the bank's own files. */
static void count_bank(
    struct made *m, const struct table *truth, unsigned k, struct figures *f)
{
	struct table customers = made_bank(m, k, "customers.csv");
	struct table transactions = made_bank(m, k, "transactions.csv");
	struct table others = made_bank(m, k, "others.csv");
	const char **key = keys(m, &transactions);
	const char *code = arena_printf(&m->arena, "%u", 9600 + k);
	struct text before = TEXT("");

	table_sort(m, &others, "顧客番号");
	f->customers += customers.rows;
	for (size_t i = 0; i < truth->rows; i++) {
		struct text customer = cell(truth, i, "顧客番号");

		if (!text_is(cell(truth, i, "金融機関コード"), code))
			continue;
		f->accounts++;
		f->transactions +=
		    how_many(key, transactions.rows, account_key(m, truth, i));
		if (text_eq(before, customer))
			continue;
		f->hits++;
		f->with_others +=
		    table_find(&others, "顧客番号", customer) < others.rows;
		before = customer;
	}
}

static void figures_are_as_promised_and_counted(void **state)
{
	struct made *m = *state;
	struct table truth = made_table(m, "truth.csv");
	json_t *j = rates_of(m);
	struct figures f = {0};
	double pairs = (double)SUBJECTS * BANKS;

	for (unsigned k = 1; k <= BANKS; k++)
		count_bank(m, &truth, k, &f);
	near(counted(j, "hit"), (double)f.hits / pairs);
	near(counted(j, "accounts_per_hit"),
	    (double)f.accounts / (double)f.hits);
	near(counted(j, "transactions_per_account"),
	    (double)f.transactions / (double)f.accounts);
	near(counted(j, "others_per_hit"),
	    (double)f.with_others / (double)f.hits);
	near(counted(j, "others_per_customer"),
	    (double)(f.customers - f.hits) / (double)f.hits);
	assert_true(f.hits * 10 >= (size_t)SUBJECTS * BANKS);
	assert_true(f.accounts * 10 >= f.hits * 14);
	assert_true(f.transactions >= f.accounts * 12);
	assert_true(f.customers - f.hits >= f.hits * 10);
	json_decref(j);
}

static void no_two_customers_or_accounts_share_a_number(void **state)
{
	struct made *m = *state;

	for (unsigned k = 1; k <= BANKS; k++) {
		struct table c = made_bank(m, k, "customers.csv");
		struct table a = made_bank(m, k, "accounts.csv");
		size_t second = 0;
		const char **key = keys(m, &a);
		size_t twice = 0;

		table_sort(m, &c, "顧客番号");
		for (size_t i = 1; i < c.rows; i++)
			assert_false(text_eq(cell(&c, c.order[i], "顧客番号"),
			    cell(&c, c.order[i - 1], "顧客番号")));
		for (size_t i = 0; i < a.rows; i++) {
			second += text_is(cell(&a, i, "名義順"), "2");
			assert_true(table_find(&c, "顧客番号",
					cell(&a, i, "顧客番号")) < c.rows);
		}
		for (size_t i = 1; i < a.rows; i++)
			twice += strcmp(key[i], key[i - 1]) == 0;
		assert_int_equal(twice, second);
	}
}

static void balances_follow_from_transactions(void **state)
{
	struct made *m = *state;
	struct table t = made_bank(m, 1, "transactions.csv");
	const char *before = "";
	int64_t balance = 0;

	for (size_t i = 0; i < t.rows; i++) {
		const char *key = account_key(m, &t, i);
		int64_t out = 0;
		int64_t in = 0;
		int64_t now;

		(void)text_to_int(cell(&t, i, "出金"), 1 << 30, &out);
		(void)text_to_int(cell(&t, i, "入金"), 1 << 30, &in);
		assert_true(
		    text_to_int(cell(&t, i, "残高"), INT64_MAX / 2, &now));
		if (strcmp(key, before) == 0)
			assert_true(balance + in - out == now);
		else
			assert_true(text_is(cell(&t, i, "連番"), "1"));
		assert_true(
		    text_cmp(cell(&t, i, "取引日"), TEXT("2025-10-01")) >= 0);
		assert_true(
		    text_cmp(cell(&t, i, "取引日"), TEXT("2026-10-01")) < 0);
		balance = now;
		before = key;
	}
}

static const char *const bank_files[] = {
    "customers.csv", "accounts.csv", "transactions.csv", "others.csv"};

static bool bank_equal(struct made *a, struct made *b, unsigned k, int file)
{
	const char *name =
	    arena_printf(&a->arena, "banks/%u/%s", 9600 + k, bank_files[file]);

	return digest_eq(made_digest(a, name), made_digest(b, name));
}

static bool file_equal(struct made *a, struct made *b, const char *name)
{
	return digest_eq(made_digest(a, name), made_digest(b, name));
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
	struct made *m = *state;
	struct made same = made_new(SUBJECTS, BANKS, m->options.seed);

	assert_true(file_equal(m, &same, "ward/subjects.csv"));
	assert_true(file_equal(m, &same, "truth.csv"));
	assert_true(file_equal(m, &same, "rates.json"));
	for (unsigned k = 1; k <= BANKS; k++)
		for (int i = 0; i < 4; i++)
			assert_true(bank_equal(m, &same, k, i));
	made_free(&same);
}

static void fewer_institutions_change_no_file_of_the_others(void **state)
{
	struct made *m = *state;
	struct made two = made_new(SUBJECTS, 2, m->options.seed);

	assert_true(file_equal(m, &two, "ward/subjects.csv"));
	for (unsigned k = 1; k <= 2; k++)
		for (int i = 0; i < 4; i++)
			assert_true(bank_equal(m, &two, k, i));
	made_free(&two);
}

static void fewer_subjects_are_the_first_of_more(void **state)
{
	struct made *m = *state;
	struct made few = made_new(910, 1, m->options.seed);
	struct text all = made_bytes(m, "ward/subjects.csv");
	struct text first = made_bytes(&few, "ward/subjects.csv");

	assert_true(first.n < all.n);
	assert_memory_equal(all.p, first.p, first.n);
	made_free(&few);
}

static void another_seed_gives_other_people(void **state)
{
	struct made *m = *state;
	struct made other = made_new(SUBJECTS, 1, m->options.seed + 1);

	assert_false(file_equal(m, &other, "ward/subjects.csv"));
	for (int i = 0; i < 4; i++)
		assert_false(bank_equal(m, &other, 1, i));
	made_free(&other);
}

/* The first bytes of the chain, as another machine or compiler must give
 * them: digests of one small run. */
static void gives_the_bytes_that_are_known(void **state)
{
	struct made m = made_new(200, 1, 42);
	char hex[DIGEST_TEXT];

	(void)state;
	digest_hex(made_digest(&m, "ward/subjects.csv"), hex);
	assert_string_equal(hex, KNOWN_SUBJECTS);
	digest_hex(made_digest(&m, "banks/9601/customers.csv"), hex);
	assert_string_equal(hex, KNOWN_CUSTOMERS);
	made_free(&m);
}

static int set_up(void **state)
{
	static struct made m;

	m = made_new(SUBJECTS, BANKS, 7);
	*state = &m;
	return 0;
}

static int tear_down(void **state)
{
	made_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_a_folder_that_is_not_empty),
	    cmocka_unit_test(replaces_all_with_force),
	    cmocka_unit_test(the_reader_of_subjects_refuses_nothing),
	    cmocka_unit_test(rows_of_one_subject_agree),
	    cmocka_unit_test(claims_are_as_many_as_stated),
	    cmocka_unit_test(every_case_is_met_and_counted),
	    cmocka_unit_test(figures_are_as_promised_and_counted),
	    cmocka_unit_test(no_two_customers_or_accounts_share_a_number),
	    cmocka_unit_test(balances_follow_from_transactions),
	    cmocka_unit_test(the_same_seed_gives_the_same_bytes),
	    cmocka_unit_test(fewer_institutions_change_no_file_of_the_others),
	    cmocka_unit_test(fewer_subjects_are_the_first_of_more),
	    cmocka_unit_test(another_seed_gives_other_people),
	    cmocka_unit_test(gives_the_bytes_that_are_known),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
