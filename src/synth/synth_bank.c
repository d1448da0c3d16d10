/* synth_bank.c — see synth_bank.h. */
#include "synth/synth_bank.h"

#include "base/csv.h"
#include "synth/synth_account.h"

#include <stdio.h>

/* Hard cases that a bank shows, or not: a person told one bank of the move
 * and forgot the other. */
#define AT_BANK                                                                \
	(SYNTH_BIT(FORMER_NAME) | SYNTH_BIT(MOVED) | SYNTH_BIT(DATE_SLIP) |    \
	    SYNTH_BIT(TWIN) | SYNTH_BIT(SAME_NAME_SAME_DAY) |                  \
	    SYNTH_BIT(FATHER_SON) | SYNTH_BIT(JOINT_ACCOUNT) |                 \
	    SYNTH_BIT(OLD_BRANCH))
#define RELATIONS                                                              \
	(SYNTH_BIT(TWIN) | SYNTH_BIT(SAME_NAME_SAME_DAY) |                     \
	    SYNTH_BIT(FATHER_SON))
#define SHOWN_AT_BANK 750000

/* Written by the bank's spelling, not by the plan. */
#define BY_SPELLING                                                            \
	(SYNTH_BIT(SMALL_KANA) | SYNTH_BIT(LONG_VOWEL) | SYNTH_BIT(VU) |       \
	    SYNTH_BIT(KE) | SYNTH_BIT(KANJI_VARIANT) | SYNTH_BIT(NAME_ORDER))

static const char *const columns[] = {"顧客番号", "属性(人格)", "カナ氏名",
    "漢字氏名", "英字名", "生(設立)年月日", "性別", "郵便番号", "住所",
    "旧カナ氏名", "旧住所", "電話番号", "勤務先", "状態"};
static const char *const account_columns[] = {"顧客番号", "名義順", "店番",
    "口座種別", "口座番号", "残高", "満期日", "最終取引日", "開設日", "状態",
    "給与振込有無", "年金振込有無"};
static const char *const transaction_columns[] = {"金融機関コード", "店番",
    "口座種別", "口座番号", "連番", "取引日", "起算日", "出金", "入金", "残高",
    "摘要"};
static const char *const other_columns[] = {
    "顧客番号", "種類", "連番", "名称", "金額", "口数", "日付", "摘要"};

enum output { CUSTOMERS, ACCOUNTS, TRANSACTIONS, OTHERS, OUTPUTS };

struct bank {
	const struct synth_world *world;
	uint32_t k;
	char code[5];
	const struct synth_style *style;
	struct file file[OUTPUTS];
	struct buf rows[OUTPUTS];
	struct buf truth;
	struct buf scratch;
	struct arena arena; /* of the customer at hand */
	struct synth_counts *counts;
};

/* A customer as the bank has them. */
struct customer {
	char number[11];
	const struct synth_name *name;
	const struct synth_name *former; /* or NULL */
	const struct synth_address *address;
	const struct synth_address *former_address; /* or NULL */
	struct date birth;
	int sex;
	char state;
};

bool synth_bank_hit(const struct synth_world *w, uint32_t k, uint32_t i)
{
	uint64_t key = synth_rng_key(w->seed, SYNTH_STREAM_HIT, k, 0);

	return synth_rng_spread(key, 100, i) <
	       synth_rates_hit(w->rates, w->cases[i] != 0);
}

/* The cases of subject i that this bank shows. */
static uint32_t shown_at(
    const struct synth_world *w, uint32_t k, uint32_t i, uint32_t cases)
{
	struct synth_rng r = synth_rng_of(w->seed, SYNTH_STREAM_HOLDS, k, i);
	uint32_t shown = cases & ~AT_BANK;

	for (int c = 0; c < SYNTH_CASE_COUNT; c++) {
		uint32_t bit = UINT32_C(1) << c;

		if ((AT_BANK & bit) && synth_rng_chance(&r, SHOWN_AT_BANK))
			shown |= cases & bit;
	}
	return shown;
}

static void put_z(struct buf *out, const char *z)
{
	csv_put(out, text_z(z), false);
}

static void put_scratch(struct buf *out, struct buf *scratch)
{
	csv_put(out, buf_text(scratch), false);
	buf_clear(scratch);
}

/* Telephone numbers that nobody can have: none begins with 00-0. */
static void put_telephone(struct buf *out, struct synth_rng *r)
{
	char z[24];

	(void)snprintf(
	    z, sizeof(z), "000-0000-%04u", synth_rng_below(r, 10000));
	put_z(out, z);
}

static void put_employer(
    struct bank *b, const struct customer *c, struct synth_rng *r)
{
	struct synth_name employer;

	if (c->name->kind == SYNTH_CORPORATION || synth_rng_chance(r, 400000)) {
		put_z(&b->rows[CUSTOMERS], "");
		return;
	}
	synth_name_draw(
	    b->world->tables, &b->arena, SYNTH_CORPORATION, 0, r, &employer);
	(void)synth_name_kanji(b->style, &employer, &b->scratch);
	put_scratch(&b->rows[CUSTOMERS], &b->scratch);
}

static unsigned put_names(struct bank *b, const struct customer *c)
{
	struct buf *out = &b->rows[CUSTOMERS];
	unsigned changed = synth_name_kana(b->style, c->name, &b->scratch);

	put_scratch(out, &b->scratch);
	changed |= synth_name_kanji(b->style, c->name, &b->scratch);
	put_scratch(out, &b->scratch);
	synth_name_latin(b->style, c->name, &b->scratch);
	put_scratch(out, &b->scratch);
	return changed;
}

static unsigned put_customer(
    struct bank *b, const struct customer *c, struct synth_rng *r)
{
	static const char *const person[] = {"1", "1", "2"};
	struct buf *out = &b->rows[CUSTOMERS];
	char z[11] = {c->state, '\0'};
	char sex[2] = {(char)('0' + c->sex), '\0'};
	unsigned changed;

	csv_put(out, text_z(c->number), true);
	put_z(out, person[c->name->kind]);
	changed = put_names(b, c);
	date_format(c->birth, z);
	put_z(out, z);
	put_z(out, b->style->sex ? sex : "");
	csv_put(out, c->address->postal, false);
	changed |= synth_spell_address(b->style, c->address, &b->scratch);
	put_scratch(out, &b->scratch);
	if (c->former != NULL)
		(void)synth_name_kana(b->style, c->former, &b->scratch);
	put_scratch(out, &b->scratch);
	if (c->former_address != NULL)
		(void)synth_spell_address(
		    b->style, c->former_address, &b->scratch);
	put_scratch(out, &b->scratch);
	put_telephone(out, r);
	put_employer(b, c, r);
	z[0] = c->state;
	z[1] = '\0';
	put_z(out, z);
	csv_end(out);
	b->counts->customers++;
	return changed;
}

static struct synth_at at(
    const struct bank *b, enum synth_role role, uint32_t index)
{
	return (struct synth_at){
	    b->world->seed, b->k, synth_account_entity(role, index)};
}

/* One account of somebody who is no subject. */
static void put_account(struct bank *b, const struct synth_at *who,
    const struct customer *c, uint32_t transactions, struct synth_rng *r)
{
	bool closed =
	    synth_rng_chance(r, 30000) && c->state == '0' && transactions == 0;
	struct synth_account account;
	struct synth_account_task task = {
	    .bank = b->code,
	    .account = &account,
	    .customer = c->number,
	    .state = closed ? '1' : c->state,
	    .since = date_days(c->birth),
	    .pensioner = c->birth.year <= SYNTH_TODAY.year - 66,
	    .corporation = c->name->kind == SYNTH_CORPORATION,
	    .transactions = transactions,
	};

	synth_account_make(who, 0, task.corporation, false, &account);
	synth_account_rows(
	    &task, r, &b->rows[ACCOUNTS], &b->rows[TRANSACTIONS]);
}

static void put_anybody(struct bank *b, uint32_t j)
{
	const struct synth_tables *t = b->world->tables;
	struct synth_rng r =
	    synth_rng_of(b->world->seed, SYNTH_STREAM_CUSTOMER, b->k, j);
	struct synth_at who = at(b, SYNTH_ANYBODY, j);
	uint32_t x = synth_rng_below(&r, 100);
	enum synth_kind kind = x < 91	? SYNTH_PERSON
			       : x < 95 ? SYNTH_FOREIGNER
					: SYNTH_CORPORATION;
	struct synth_address address;
	struct synth_name name;
	struct customer c = {.name = &name, .address = &address};

	arena_reset(&b->arena);
	synth_name_draw(t, &b->arena, kind, 0, &r, &name);
	synth_subject_address(t, synth_rng_chance(&r, 400000), &r, &address);
	synth_account_customer(&who, c.number);
	c.birth = synth_subject_birth(&r, kind);
	c.sex = kind == SYNTH_CORPORATION ? 9 : synth_rng_between(&r, 1, 2);
	x = synth_rng_below(&r, 100);
	c.state = x < 90 ? '0' : x < 93 ? '1' : x < 98 ? '2' : '3';
	(void)put_customer(b, &c, &r);
	put_account(b, &who, &c, 0, &r);
}

/* A date with one digit wrong, or month and day exchanged. */
static struct date slip(struct date d, struct synth_rng *r)
{
	struct date x;

	do {
		x = d;
		switch (synth_rng_below(r, 5)) {
		case 0:
			x.day += synth_rng_chance(r, 500000) ? 1 : -1;
			break;
		case 1:
			x.day += synth_rng_chance(r, 500000) ? 10 : -10;
			break;
		case 2:
			x.month += synth_rng_chance(r, 500000) ? 1 : -1;
			break;
		case 3:
			x.year += synth_rng_chance(r, 500000) ? 1 : -10;
			break;
		default:
			x.month = d.day;
			x.day = d.month;
			break;
		}
	} while (!date_valid(x) || date_cmp(x, d) == 0 ||
		 date_cmp(x, SYNTH_TODAY) >= 0);
	return x;
}

/* Somebody who is no subject but like one; true to the ward's record. */
static void put_relation(
    struct bank *b, const struct synth_subject *s, uint32_t shown)
{
	const struct synth_tables *t = b->world->tables;
	struct synth_rng r =
	    synth_rng_of(b->world->seed, SYNTH_STREAM_RELATION, s->index, 0);
	struct synth_rng own =
	    synth_rng_of(b->world->seed, SYNTH_STREAM_RELATION, s->index, b->k);
	struct synth_at who = at(b, SYNTH_RELATION, s->index);
	struct synth_address address = s->address;
	struct synth_name name = s->name;
	struct customer c = {.name = &name,
	    .address = &address,
	    .birth = s->birth,
	    .sex = s->sex,
	    .state = '0'};

	if (shown & SYNTH_BIT(TWIN)) {
		synth_name_sibling(t, &s->name, &r, &name);
	} else if (shown & SYNTH_BIT(SAME_NAME_SAME_DAY)) {
		synth_subject_address(
		    t, synth_rng_chance(&r, 500000), &r, &address);
	} else {
		const struct synth_entry *given = t->given;

		for (uint32_t i = 0; i < t->givens; i++)
			if (text_eq(given[i].kanji, s->name.given) &&
			    text_eq(given[i].kana, s->name.given_kana)) {
				given = synth_tables_alike(t, &given[i]);
				name.given = given->kanji;
				break;
			}
		c.birth =
		    date_of_days(date_days(s->birth) -
				 synth_rng_between(&r, 20 * 365, 38 * 365));
	}
	synth_account_customer(&who, c.number);
	(void)put_customer(b, &c, &own);
	put_account(b, &who, &c,
	    synth_account_transactions(b->world->rates, 0, &own), &own);
}

/* The first holder of a joint account: of the same family name and home. */
static void put_holder(
    struct bank *b, const struct synth_subject *s, char number[11])
{
	struct synth_rng r = synth_rng_of(
	    b->world->seed, SYNTH_STREAM_RELATION, s->index, 1000 + b->k);
	struct synth_at who = at(b, SYNTH_HOLDER, s->index);
	struct synth_name name;
	struct customer c = {
	    .name = &name, .address = &s->address, .state = '0'};

	synth_name_draw(
	    b->world->tables, &b->arena, s->name.kind, 0, &r, &name);
	name.family = s->name.family;
	name.family_kana = s->name.family_kana;
	c.birth = synth_subject_birth(&r, s->name.kind);
	c.sex = synth_rng_between(&r, 1, 2);
	synth_account_customer(&who, c.number);
	memcpy(number, c.number, sizeof(c.number));
	(void)put_customer(b, &c, &r);
}

/* Does the bank write another variant of a kanji than the ward? */
static bool shows_variant(struct bank *b, const struct synth_subject *s,
    const struct synth_name *told, uint32_t shown)
{
	struct synth_style kept = *b->style;
	struct synth_name name = s->name;
	bool differs;
	size_t n;

	if (shown & SYNTH_BIT(FORMER_NAME))
		name.family = s->former.family;
	kept.modern = false;
	(void)synth_name_kanji(&kept, &name, &b->scratch);
	n = b->scratch.n;
	(void)synth_name_kanji(b->style, told, &b->scratch);
	differs = b->scratch.n != 2 * n ||
		  (n > 0 && memcmp(b->scratch.p, b->scratch.p + n, n) != 0);
	buf_clear(&b->scratch);
	return differs;
}

/* What the bank's spelling shows, of the cases that are made by it. */
static uint32_t by_spelling(const struct bank *b, const struct synth_subject *s,
    const struct synth_name *told, unsigned changed)
{
	uint32_t bits = s->planted & SYNTH_BIT(LONG_VOWEL);

	/* The ward's name must have it as well: roman has another reading. */
	if (changed & SYNTH_SPELL_SMALL)
		bits |= s->cases & SYNTH_BIT(SMALL_KANA);
	if (changed & SYNTH_SPELL_LONG)
		bits |= s->cases & SYNTH_BIT(LONG_VOWEL);
	if (changed & SYNTH_SPELL_VU)
		bits |= s->cases & SYNTH_BIT(VU);
	if (changed & SYNTH_SPELL_KE)
		bits |= SYNTH_BIT(KE);
	if (told->given_first ||
	    (told->kind == SYNTH_FOREIGNER && b->style->given_first))
		bits |= SYNTH_BIT(NAME_ORDER);
	return bits;
}

/* The names of cases, joined by '|', in the order of the list. */
static void put_cases(struct buf *out, uint32_t cases)
{
	bool first = true;

	buf_byte(out, ',');
	for (int c = 0; c < SYNTH_CASE_COUNT; c++) {
		if (!(cases & (UINT32_C(1) << c)))
			continue;
		if (!first)
			buf_byte(out, '|');
		buf_z(out, synth_rates_case_name[c]);
		first = false;
	}
}

static void put_truth(struct bank *b, const struct synth_subject *s,
    const struct customer *c, const struct synth_account *account,
    uint32_t cases)
{
	char number[11];

	synth_subject_number(b->world->seed, s->index, number);
	csv_put(&b->truth, text_z(number), true);
	put_z(&b->truth, b->code);
	put_z(&b->truth, c->number);
	put_z(&b->truth, account->branch);
	put_z(&b->truth, account->kind);
	put_z(&b->truth, account->number);
	put_cases(&b->truth, cases);
	csv_end(&b->truth);
	b->world->shown[s->index] |= cases;
}

/* The accounts of a subject. A case of one account alone (joint-account,
 * old-branch) is named with that account, the first. */
static void put_accounts(struct bank *b, const struct synth_subject *s,
    const struct customer *c, uint32_t cases, struct synth_rng *r)
{
	struct synth_at who = at(b, SYNTH_SELF, s->index);
	const struct synth_rates *rates = b->world->rates;
	uint32_t n = synth_account_count(rates, r);
	char holder[11];

	if (cases & SYNTH_BIT(JOINT_ACCOUNT))
		put_holder(b, s, holder);
	for (uint32_t i = 0; i < n; i++) {
		bool old = i == 0 && (cases & SYNTH_BIT(OLD_BRANCH));
		bool joint = i == 0 && (cases & SYNTH_BIT(JOINT_ACCOUNT));
		struct synth_account account;
		struct synth_account_task task = {
		    .bank = b->code,
		    .account = &account,
		    .customer = c->number,
		    .first_holder = joint ? holder : NULL,
		    .state = c->state,
		    .since = date_days(s->birth),
		    .pensioner = s->birth.year <= SYNTH_TODAY.year - 66,
		    .corporation = s->name.kind == SYNTH_CORPORATION,
		    .transactions = synth_account_transactions(rates, i, r),
		};

		synth_account_make(&who, i, task.corporation, old, &account);
		synth_account_rows(
		    &task, r, &b->rows[ACCOUNTS], &b->rows[TRANSACTIONS]);
		if (i > 0)
			cases &=
			    ~(SYNTH_BIT(JOINT_ACCOUNT) | SYNTH_BIT(OLD_BRANCH));
		put_truth(b, s, c, &account, cases);
		b->counts->accounts++;
		b->counts->transactions += task.transactions;
	}
}

/* The subject as this bank has them: told long ago, or wrongly. */
static void as_customer(struct bank *b, const struct synth_subject *s,
    uint32_t shown, struct synth_name *told, struct customer *out)
{
	struct synth_rng r = synth_rng_of(
	    b->world->seed, SYNTH_STREAM_PAIR, b->k, (uint64_t)s->index * 2);
	struct synth_at who = at(b, SYNTH_SELF, s->index);
	bool dead = s->dead_at_bank;

	synth_name_told(
	    b->world->tables, &b->arena, &s->name, s->planted, told);
	*out = (struct customer){.name = told,
	    .address = &s->address,
	    .birth = s->birth,
	    .sex = s->sex,
	    .state = dead			   ? '3'
		     : synth_rng_chance(&r, 30000) ? '2'
						   : '0'};
	synth_account_customer(&who, out->number);
	if (shown & SYNTH_BIT(FORMER_NAME)) {
		told->family = s->former.family;
		told->family_kana = s->former.family_kana;
	} else if (s->has_former) {
		out->former = &s->former;
	}
	if (shown & SYNTH_BIT(MOVED))
		out->address = &s->former_address;
	else if (s->has_moved && synth_rng_chance(&r, 500000))
		out->former_address = &s->former_address;
	if (shown & SYNTH_BIT(DATE_SLIP))
		out->birth = slip(s->birth, &r);
}

static void put_subject(struct bank *b, uint32_t i)
{
	const struct synth_world *w = b->world;
	struct synth_rng r =
	    synth_rng_of(w->seed, SYNTH_STREAM_PAIR, b->k, (uint64_t)i * 2 + 1);
	struct synth_subject s;
	struct synth_name told;
	struct customer c;
	uint32_t shown;
	uint32_t cases;

	arena_reset(&b->arena);
	synth_subject_make(w->tables, w->rates, w->seed, i, &b->arena, &s);
	shown = shown_at(w, b->k, i, s.cases);
	as_customer(b, &s, shown, &told, &c);
	cases = by_spelling(b, &s, &told, put_customer(b, &c, &r));
	if (shows_variant(b, &s, &told, shown))
		cases |= SYNTH_BIT(KANJI_VARIANT);
	cases |= shown & ~BY_SPELLING;
	put_accounts(b, &s, &c, cases, &r);
	b->counts->hits++;
	if (synth_rng_chance(&r, w->rates->share[SYNTH_SHARE_OTHERS])) {
		(void)synth_account_others(c.number, &r, &b->rows[OTHERS]);
		b->counts->with_others++;
	}
	if (shown & RELATIONS)
		put_relation(b, &s, shown);
}

/* How many customers are subjects, and how many come with them. */
static void count(
    const struct synth_world *w, uint32_t k, uint32_t *hits, uint32_t *more)
{
	*hits = 0;
	*more = 0;
	for (uint32_t i = 0; i < w->subjects; i++) {
		uint32_t shown;

		if (!synth_bank_hit(w, k, i))
			continue;
		(*hits)++;
		shown = shown_at(w, k, i, w->cases[i]);
		*more += (shown & RELATIONS) != 0;
		*more += (shown & SYNTH_BIT(JOINT_ACCOUNT)) != 0;
	}
}

/* Everybody who is neither a subject nor comes with one. */
static uint32_t anybodies(
    const struct synth_world *w, uint32_t hits, uint32_t more)
{
	uint64_t least = (uint64_t)hits *
			     w->rates->share[SYNTH_SHARE_CUSTOMERS] /
			     SYNTH_PPM +
			 1;
	uint64_t others = w->customers > hits ? w->customers - hits : 0;

	if (others < least && hits > 0)
		others = least;
	return others > more ? (uint32_t)(others - more) : 0;
}

static enum err_class flush(struct bank *b, struct file *truth, struct err *e)
{
	for (int i = 0; i < OUTPUTS; i++) {
		TRY(file_write(&b->file[i], buf_bytes(&b->rows[i]), e));
		buf_clear(&b->rows[i]);
	}
	TRY(file_write(truth, buf_bytes(&b->truth), e));
	buf_clear(&b->truth);
	return ERR_NONE;
}

/* Subjects stand among the others evenly. */
static enum err_class put_all(struct bank *b, struct file *truth, struct err *e)
{
	const struct synth_world *w = b->world;
	uint32_t hits;
	uint32_t more;
	uint32_t others;
	uint32_t met = 0;
	uint32_t j = 0;

	count(w, b->k, &hits, &more);
	others = anybodies(w, hits, more);
	for (uint32_t i = 0; i < w->subjects; i++) {
		if (!synth_bank_hit(w, b->k, i))
			continue;
		met++;
		for (; j < (uint64_t)others * met / (hits + 1); j++) {
			put_anybody(b, j);
			TRY(flush(b, truth, e));
		}
		put_subject(b, i);
		TRY(flush(b, truth, e));
	}
	for (; j < others; j++) {
		put_anybody(b, j);
		TRY(flush(b, truth, e));
	}
	return ERR_NONE;
}

static void put_header(struct buf *out, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_put(out, text_z(names[i]), i == 0);
	csv_end(out);
}

static enum err_class open_all(
    struct bank *b, const char *folder, struct err *e)
{
	static const char *const names[OUTPUTS] = {
	    "customers.csv", "accounts.csv", "transactions.csv", "others.csv"};

	for (int i = 0; i < OUTPUTS; i++)
		TRY(file_create(&b->file[i],
		    arena_printf(&b->arena, "%s/%s", folder, names[i]), 0600,
		    b->world->force, e));
#define HEADER(output, names)                                                  \
	put_header(&b->rows[output], names, sizeof(names) / sizeof(*(names)))
	HEADER(CUSTOMERS, columns);
	HEADER(ACCOUNTS, account_columns);
	HEADER(TRANSACTIONS, transaction_columns);
	HEADER(OTHERS, other_columns);
#undef HEADER
	return ERR_NONE;
}

static enum err_class write_all(
    struct bank *b, const char *folder, struct file *truth, struct err *e)
{
	TRY(open_all(b, folder, e));
	TRY(put_all(b, truth, e));
	TRY(flush(b, truth, e));
	for (int i = 0; i < OUTPUTS; i++)
		TRY(file_commit(&b->file[i], e));
	return ERR_NONE;
}

enum err_class synth_bank_write(const struct synth_world *w, uint32_t k,
    const char *folder, struct file *truth, struct synth_counts *counts,
    struct err *e)
{
	struct bank b = {
	    .world = w,
	    .k = k,
	    .style = synth_spell_style(k),
	    .counts = counts,
	};
	enum err_class c;

	for (int i = 0; i < OUTPUTS; i++)
		b.file[i].fd = -1;
	(void)snprintf(
	    b.code, sizeof(b.code), "%04u", (SYNTH_CODE_FIRST + k) % 10000);
	c = write_all(&b, folder, truth, e);
	for (int i = 0; i < OUTPUTS; i++) {
		file_abandon(&b.file[i]);
		buf_fini(&b.rows[i]);
	}
	buf_fini(&b.truth);
	buf_fini(&b.scratch);
	arena_fini(&b.arena);
	return c;
}

bool synth_bank_known(const struct synth_world *w,
    const struct synth_subject *s, struct synth_known *out)
{
	struct synth_rng r =
	    synth_rng_of(w->seed, SYNTH_STREAM_KNOWN, s->index, 0);
	struct synth_at who = {
	    w->seed, 1, synth_account_entity(SYNTH_SELF, s->index)};
	bool old =
	    (shown_at(w, 1, s->index, s->cases) & SYNTH_BIT(OLD_BRANCH)) != 0;
	struct synth_account account;

	if (!synth_rng_chance(&r, 33000) || !synth_bank_hit(w, 1, s->index))
		return false;
	synth_account_make(
	    &who, 0, s->name.kind == SYNTH_CORPORATION, old, &account);
	(void)snprintf(
	    out->bank, sizeof(out->bank), "%04d", SYNTH_CODE_FIRST + 1);
	memcpy(out->branch, account.branch, sizeof(out->branch));
	memcpy(out->account, account.number, sizeof(out->account));
	out->kind = account.kind[0];
	synth_account_customer(&who, out->customer);
	return true;
}
