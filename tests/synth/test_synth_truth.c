/*
 * Tests of synth/synth.h: what each hard case says is true of the ward's and
 * the bank's records, and all names come from the tables.
 */
#include "synth_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct world {
	struct synth_tables tables;
	struct made made;
	struct table subjects;
	struct table truth;
	struct table customers[BANKS + 1];
	struct table by_kana[BANKS + 1];
	struct table accounts[BANKS + 1];
};

/* One row of truth.csv with both sides of it. */
struct both {
	const struct table *ward;
	size_t subject;
	const struct table *bank;
	size_t customer;
	size_t truth;
	unsigned k;
};

#define WARD(b, heading) cell((b)->ward, (b)->subject, heading)
#define BANK(b, heading) cell((b)->bank, (b)->customer, heading)

static bool both_of(const struct world *w, size_t row, struct both *out)
{
	struct text code = cell(&w->truth, row, "金融機関コード");
	unsigned k = (unsigned)(code.p[3] - '0');
	size_t s = table_find(
	    &w->subjects, "宛名番号", cell(&w->truth, row, "宛名番号"));
	size_t c = table_find(
	    &w->customers[k], "顧客番号", cell(&w->truth, row, "顧客番号"));

	if (s == w->subjects.rows || c == w->customers[k].rows)
		return false;
	*out = (struct both){&w->subjects, w->subjects.order[s],
	    &w->customers[k], w->customers[k].order[c], row, k};
	return true;
}

static void truth_names_what_is_there(void **state)
{
	const struct world *w = *state;

	assert_true(w->truth.rows > 1000);
	for (size_t i = 0; i < w->truth.rows; i++) {
		const struct table *a;
		struct both b;
		size_t at;
		bool found = false;

		assert_true(both_of(w, i, &b));
		a = &w->accounts[b.k];
		at = table_find(a, "口座番号", cell(&w->truth, i, "口座番号"));
		for (;
		     at < a->rows && text_eq(cell(a, a->order[at], "口座番号"),
					 cell(&w->truth, i, "口座番号"));
		     at++)
			found |= text_eq(cell(a, a->order[at], "顧客番号"),
				     cell(&w->truth, i, "顧客番号")) &&
				 text_eq(cell(a, a->order[at], "店番"),
				     cell(&w->truth, i, "店番")) &&
				 text_eq(cell(a, a->order[at], "口座種別"),
				     cell(&w->truth, i, "口座種別"));
		assert_true(found);
	}
}

/* An account that the ward knows is one that its institution has. */
static void known_accounts_are_true(void **state)
{
	const struct world *w = *state;
	size_t known = 0;

	for (size_t i = 0; i < w->truth.rows; i++) {
		struct both b;

		assert_true(both_of(w, i, &b));
		if (WARD(&b, "金融機関コード").n == 0 || b.k != 1 ||
		    !text_eq(
			WARD(&b, "口座番号"), cell(&w->truth, i, "口座番号")))
			continue;
		assert_true(
		    text_eq(WARD(&b, "支店番号"), cell(&w->truth, i, "店番")));
		assert_true(text_eq(
		    WARD(&b, "顧客番号"), cell(&w->truth, i, "顧客番号")));
		known++;
	}
	assert_true(known > 0);
	for (size_t i = 0; i < w->subjects.rows; i++)
		known -= cell(&w->subjects, i, "金融機関コード").n > 0;
	assert_int_equal(known, 0);
}

static bool same_but_spaces(struct text a, struct text b)
{
	struct buf x[2] = {{0}, {0}};
	struct text in[2] = {a, b};
	bool same;

	for (int n = 0; n < 2; n++)
		for (size_t i = 0; i < in[n].n; i++) {
			if (in[n].p[i] == ' ')
				continue;
			if (i + 3 <= in[n].n &&
			    memcmp(in[n].p + i, "　", 3) == 0) {
				i += 2;
				continue;
			}
			buf_byte(&x[n], (unsigned char)in[n].p[i]);
		}
	same = text_eq(buf_text(&x[0]), buf_text(&x[1]));
	buf_fini(&x[0]);
	buf_fini(&x[1]);
	return same;
}

static bool holds_text(struct text t, const char *z)
{
	return memmem(t.p, t.n, z, strlen(z)) != NULL;
}

static bool differs_in_kanji(const struct both *b)
{
	return !same_but_spaces(WARD(b, "漢字氏名"), BANK(b, "漢字氏名"));
}

static bool small_kana(const struct world *w, const struct both *b)
{
	(void)w;
	return synth_spell_has_small(WARD(b, "カナ氏名"));
}

static bool long_vowel(const struct world *w, const struct both *b)
{
	(void)w;
	return holds_text(WARD(b, "カナ氏名"), "ー") &&
	       !text_eq(WARD(b, "カナ氏名"), BANK(b, "カナ氏名"));
}

static bool vu(const struct world *w, const struct both *b)
{
	(void)w;
	return holds_text(WARD(b, "カナ氏名"), "ヴ") &&
	       !holds_text(BANK(b, "カナ氏名"), "ヴ");
}

static bool ke(const struct world *w, const struct both *b)
{
	(void)w;
	return synth_spell_has_ke(WARD(b, "漢字氏名")) ||
	       synth_spell_has_ke(WARD(b, "住所")) ||
	       synth_spell_has_ke(WARD(b, "旧住所1")) ||
	       has_case(&w->truth, b->truth, "former-name") ||
	       has_case(&w->truth, b->truth, "moved");
}

static bool outside_0208(const struct world *w, const struct both *b)
{
	(void)w;
	return synth_spell_has(WARD(b, "漢字氏名"), "髙﨑德瀨增黑淸栁桒");
}

static bool outside_cp932(const struct world *w, const struct both *b)
{
	(void)w;
	return synth_spell_has(WARD(b, "漢字氏名"), "𠮷𣘺𥔎𡈽𠀋㐂柗") &&
	       !synth_spell_has(BANK(b, "漢字氏名"), "𠮷𣘺𥔎𡈽𠀋㐂柗");
}

static bool starts(struct text t, const char *z)
{
	return t.n >= strlen(z) && memcmp(t.p, z, strlen(z)) == 0;
}

static const char *const words[] = {
    "株式会社", "有限会社", "合同会社", "医療法人", "一般社団法人"};

static bool front(const struct both *b)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (starts(WARD(b, "漢字氏名"), words[i]))
			return true;
	return false;
}

static bool corporation_front(const struct world *w, const struct both *b)
{
	(void)w;
	return text_is(WARD(b, "属性(人格)"), "2") && front(b);
}

static bool corporation_back(const struct world *w, const struct both *b)
{
	(void)w;
	return text_is(WARD(b, "属性(人格)"), "2") && !front(b) &&
	       (holds_text(WARD(b, "漢字氏名"), "会社"));
}

static bool branch_office(const struct world *w, const struct both *b)
{
	(void)w;
	return holds_text(WARD(b, "漢字氏名"), "営業所") ||
	       holds_text(WARD(b, "漢字氏名"), "出張所");
}

static bool roman(const struct world *w, const struct both *b)
{
	(void)w;
	return WARD(b, "英字名").n > 0 && BANK(b, "英字名").n > 0 &&
	       WARD(b, "漢字氏名").n == 0;
}

static bool in_pool(
    const struct synth_tables *t, enum synth_pool_name name, struct text part)
{
	const struct synth_pool *p = &t->pool[name];

	for (uint32_t i = 0; i < p->n; i++)
		if (text_eq(p->entry[p->index[i]].kanji, part))
			return true;
	return false;
}

static bool common_name(const struct world *w, const struct both *b)
{
	struct text full = WARD(b, "漢字氏名");
	const char *space = memchr(full.p, ' ', full.n);
	size_t n = space == NULL ? 0 : (size_t)(space - full.p);

	return space != NULL &&
	       in_pool(
		   &w->tables, SYNTH_FAMILY_COMMON, text_trust(full.p, n)) &&
	       in_pool(&w->tables, SYNTH_GIVEN_COMMON,
		   text_trust(space + 1, full.n - n - 1));
}

static bool name_order(const struct world *w, const struct both *b)
{
	(void)w;
	return WARD(b, "英字名").n > 0 &&
	       !text_eq(WARD(b, "英字名"), BANK(b, "英字名"));
}

/* The ward's name in the bank's kana, however the bank has the subject. */
static struct text in_banks_kana(const struct both *b, struct buf *out)
{
	struct text full = WARD(b, "カナ氏名");
	const char *space = memchr(full.p, ' ', full.n);
	const struct synth_style *s = synth_spell_style(b->k);
	size_t n = (size_t)(space - full.p);

	(void)synth_spell_kana(s, text_trust(full.p, n), out);
	buf_z(out, s->separator);
	(void)synth_spell_kana(s, text_trust(space + 1, full.n - n - 1), out);
	return buf_text(out);
}

/* The bank has another name; the former one, if the ward knows it. */
static bool former_name(const struct world *w, const struct both *b)
{
	struct text bank = BANK(b, "カナ氏名");
	struct buf kana = {0};
	struct buf former = {0};
	bool right;

	(void)w;
	(void)synth_spell_kana(
	    synth_spell_style(b->k), WARD(b, "旧氏カナ"), &former);
	right = !text_eq(in_banks_kana(b, &kana), bank) && bank.n >= former.n &&
		(former.n == 0 || memcmp(bank.p, former.p, former.n) == 0);
	buf_fini(&kana);
	buf_fini(&former);
	return right;
}

/* Not the ward's address; the former one, if the ward knows it. Both may lie
 * in one town: most_movers_have_left_town. */
static bool moved(const struct world *w, const struct both *b)
{
	struct text old = WARD(b, "旧住所1");
	struct text bank = BANK(b, "住所");
	const char *digit = old.p;
	const char *town;

	(void)w;
	if (old.n == 0)
		return true;
	while (digit < old.p + old.n && memcmp(digit, "\xef\xbc", 2) != 0)
		digit += 3;
	/* The last character of the town, before its numbers. */
	town = digit - 3;
	return memmem(bank.p, bank.n, town, 3) != NULL;
}

static void most_movers_have_left_town(void **state)
{
	const struct world *w = *state;
	size_t movers = 0;
	size_t left = 0;

	for (size_t i = 0; i < w->truth.rows; i++) {
		struct both b;

		if (!has_case(&w->truth, i, "moved"))
			continue;
		assert_true(both_of(w, i, &b));
		movers++;
		left += !text_eq(WARD(&b, "郵便番号"), BANK(&b, "郵便番号"));
	}
	assert_true(movers > 50);
	assert_true(left * 100 >= movers * 95);
}

static bool unknown_day(const struct world *w, const struct both *b)
{
	struct text ward = WARD(b, "生(設立)年月日");
	struct text bank = BANK(b, "生(設立)年月日");

	(void)w;
	return memcmp(ward.p + 8, "00", 2) == 0 &&
	       memcmp(bank.p + 8, "00", 2) != 0 &&
	       memcmp(ward.p, bank.p, 4) == 0;
}

static bool date_slip(const struct world *w, const struct both *b)
{
	struct date d;

	(void)w;
	return date_parse(BANK(b, "生(設立)年月日"), &d) &&
	       !text_eq(WARD(b, "生(設立)年月日"), BANK(b, "生(設立)年月日"));
}

static bool kanji_variant(const struct world *w, const struct both *b)
{
	(void)w;
	return differs_in_kanji(b);
}

/* Is anybody else at this bank, not that customer, of the same kana as the
 * bank writes for it, whose birth date is the ward's (or is not)? */
static bool another(const struct world *w, const struct both *b,
    struct text kana, bool same_birth)
{
	const struct table *t = &w->by_kana[b->k];
	size_t at = table_find(t, "カナ氏名", kana);

	for (; at < t->rows && text_eq(cell(t, t->order[at], "カナ氏名"), kana);
	     at++) {
		size_t row = t->order[at];
		bool same = text_eq(
		    cell(t, row, "生(設立)年月日"), WARD(b, "生(設立)年月日"));

		if (!text_eq(cell(t, row, "顧客番号"), BANK(b, "顧客番号")) &&
		    same == same_birth)
			return true;
	}
	return false;
}

static bool same_name_same_day(const struct world *w, const struct both *b)
{
	struct buf kana = {0};
	bool found = another(w, b, in_banks_kana(b, &kana), true) ||
		     has_case(&w->truth, b->truth, "unknown-day");

	buf_fini(&kana);
	return found;
}

static bool father_son(const struct world *w, const struct both *b)
{
	struct buf kana = {0};
	bool found = another(w, b, in_banks_kana(b, &kana), false);

	buf_fini(&kana);
	return found;
}

static bool twin(const struct world *w, const struct both *b)
{
	struct text full = WARD(b, "漢字氏名");
	const char *space = memchr(full.p, ' ', full.n);
	const struct table *t = &w->customers[b->k];
	size_t n = 0;

	/* A relation stands near its subject: look at the next rows. */
	for (size_t row = b->customer + 1;
	     row <= b->customer + 3 && row < t->rows; row++)
		n += text_eq(cell(t, row, "生(設立)年月日"),
			 WARD(b, "生(設立)年月日")) ||
		     has_case(&w->truth, b->truth, "unknown-day");
	return space != NULL && n > 0;
}

static bool joint_account(const struct world *w, const struct both *b)
{
	const struct table *a = &w->accounts[b->k];
	struct text number = cell(&w->truth, b->truth, "口座番号");
	size_t at = table_find(a, "口座番号", number);
	bool first = false;
	bool second = false;

	for (;
	     at < a->rows && text_eq(cell(a, a->order[at], "口座番号"), number);
	     at++) {
		size_t row = a->order[at];
		bool own =
		    text_eq(cell(a, row, "顧客番号"), BANK(b, "顧客番号"));

		if (!text_eq(cell(a, row, "店番"),
			cell(&w->truth, b->truth, "店番")))
			continue;
		second |= own && text_is(cell(a, row, "名義順"), "2");
		first |= !own && text_is(cell(a, row, "名義順"), "1");
	}
	return first && second;
}

static bool old_branch(const struct world *w, const struct both *b)
{
	return cell(&w->truth, b->truth, "店番").p[0] == '8';
}

static bool shielded(const struct world *w, const struct both *b)
{
	(void)w;
	return text_is(WARD(b, "支援措置"), "1");
}

static bool dead(const struct world *w, const struct both *b)
{
	(void)w;
	return WARD(b, "死亡年月日").n > 0 || text_is(BANK(b, "状態"), "3");
}

static bool two_claims(const struct world *w, const struct both *b)
{
	size_t at = table_find(&w->subjects, "宛名番号", WARD(b, "宛名番号"));

	return at + 1 < w->subjects.rows &&
	       text_eq(
		   cell(&w->subjects, w->subjects.order[at + 1], "宛名番号"),
		   WARD(b, "宛名番号"));
}

static void each_case_is_true_on_both_sides(void **state)
{
	static const struct {
		const char *name;
		bool (*true_of)(const struct world *w, const struct both *b);
	} cases[] = {{"small-kana", small_kana}, {"long-vowel", long_vowel},
	    {"vu", vu}, {"ke", ke}, {"outside-0208", outside_0208},
	    {"outside-cp932", outside_cp932},
	    {"corporation-front", corporation_front},
	    {"corporation-back", corporation_back},
	    {"branch-office", branch_office}, {"roman", roman},
	    {"common-name", common_name}, {"name-order", name_order},
	    {"former-name", former_name}, {"moved", moved},
	    {"unknown-day", unknown_day}, {"date-slip", date_slip},
	    {"kanji-variant", kanji_variant}, {"twin", twin},
	    {"same-name-same-day", same_name_same_day},
	    {"father-son", father_son}, {"joint-account", joint_account},
	    {"old-branch", old_branch}, {"shielded", shielded}, {"dead", dead},
	    {"two-claims", two_claims}};
	const struct world *w = *state;
	_Static_assert(sizeof(cases) / sizeof(*cases) == SYNTH_CASE_COUNT,
	    "one test for each");

	for (size_t i = 0; i < w->truth.rows; i++) {
		struct both b;

		assert_true(both_of(w, i, &b));
		for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++)
			if (has_case(&w->truth, i, cases[c].name) &&
			    !cases[c].true_of(w, &b))
				fail_msg("%s is not true of row %zu",
				    cases[c].name, i + 2);
	}
}

/* Who has none of these is at the bank as the ward has them. */
static void without_a_case_both_sides_agree(void **state)
{
	const struct world *w = *state;
	size_t seen = 0;

	for (size_t i = 0; i < w->truth.rows; i++) {
		struct both b;

		if (cell(&w->truth, i, "難点").n > 0)
			continue;
		assert_true(both_of(w, i, &b));
		assert_true(text_eq(
		    WARD(&b, "生(設立)年月日"), BANK(&b, "生(設立)年月日")));
		assert_true(
		    text_eq(WARD(&b, "郵便番号"), BANK(&b, "郵便番号")));
		assert_false(differs_in_kanji(&b));
		seen++;
	}
	assert_true(seen > 100);
}

static int compare_text(const void *a, const void *b)
{
	return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

/* Spelled as institution 2 does, which reduces what CP932 has not; 高 for 髙
 * by institution 1. Sorted, so that names can be looked up. */
static struct text reduced(struct arena *a, struct text in)
{
	struct synth_style s = *synth_spell_style(1);
	struct buf out = {0};
	struct text made;

	s.ke = "ケ";
	(void)synth_spell_kanji(&s, in, &out);
	made = text_dup(a, buf_text(&out));
	buf_fini(&out);
	return made;
}

static struct text *reduced_table(
    struct arena *a, const struct synth_entry *entry, uint32_t n)
{
	struct text *out = arena_zero(a, n, sizeof(*out));

	for (uint32_t i = 0; i < n; i++)
		out[i] = reduced(a, entry[i].kanji);
	qsort(out, n, sizeof(*out), compare_text);
	return out;
}

static void all_names_come_from_the_tables(void **state)
{
	struct world *w = *state;
	struct arena *a = &w->made.arena;
	const struct synth_tables *t = &w->tables;
	struct text *family;
	struct text *given;
	size_t seen = 0;

	family = reduced_table(a, t->family, t->families);
	given = reduced_table(a, t->given, t->givens);
	for (size_t i = 0; i < w->subjects.rows; i++) {
		struct text full = cell(&w->subjects, i, "漢字氏名");
		const char *space = memchr(full.p, ' ', full.n);
		struct text part[2];

		if (text_is(cell(&w->subjects, i, "属性(人格)"), "2") ||
		    full.n == 0)
			continue;
		assert_non_null(space);
		part[0] =
		    reduced(a, text_trust(full.p, (size_t)(space - full.p)));
		part[1] =
		    reduced(a, text_trust(space + 1,
				   full.n - (size_t)(space + 1 - full.p)));
		assert_non_null(bsearch(&part[0], family, t->families,
		    sizeof(*family), compare_text));
		assert_non_null(bsearch(
		    &part[1], given, t->givens, sizeof(*given), compare_text));
		seen++;
	}
	assert_true(seen > SUBJECTS / 2);
}

/* Names are drawn with replacement: some are shared without being planted,
 * which share the birth date (twins and the like) or the address. */
static void namesakes_arise_by_themselves(void **state)
{
	const struct world *w = *state;
	size_t shared = 0;

	for (unsigned k = 1; k <= BANKS; k++) {
		const struct table *t = &w->by_kana[k];

		for (size_t i = 1; i < t->rows; i++) {
			size_t a = t->order[i];
			size_t b = t->order[i - 1];

			shared += text_eq(cell(t, a, "カナ氏名"),
				      cell(t, b, "カナ氏名")) &&
				  !text_eq(cell(t, a, "郵便番号"),
				      cell(t, b, "郵便番号")) &&
				  !text_eq(cell(t, a, "生(設立)年月日"),
				      cell(t, b, "生(設立)年月日"));
		}
	}
	assert_true(shared > 20);
}

static int set_up(void **state)
{
	static struct world w;
	struct err e;

	w.made = made_new(SUBJECTS, BANKS, 11);
	assert_int_equal(
	    synth_tables_load(&w.made.arena, &w.tables, &e), ERR_NONE);
	w.subjects = made_table(&w.made, "ward/subjects.csv");
	w.truth = made_table(&w.made, "truth.csv");
	table_sort(&w.made, &w.subjects, "宛名番号");
	for (unsigned k = 1; k <= BANKS; k++) {
		w.customers[k] = made_bank(&w.made, k, "customers.csv");
		w.by_kana[k] = w.customers[k];
		w.accounts[k] = made_bank(&w.made, k, "accounts.csv");
		table_sort(&w.made, &w.customers[k], "顧客番号");
		table_sort(&w.made, &w.by_kana[k], "カナ氏名");
		table_sort(&w.made, &w.accounts[k], "口座番号");
	}
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	made_free(&w->made);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(truth_names_what_is_there),
	    cmocka_unit_test(known_accounts_are_true),
	    cmocka_unit_test(each_case_is_true_on_both_sides),
	    cmocka_unit_test(most_movers_have_left_town),
	    cmocka_unit_test(without_a_case_both_sides_agree),
	    cmocka_unit_test(all_names_come_from_the_tables),
	    cmocka_unit_test(namesakes_arise_by_themselves),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
