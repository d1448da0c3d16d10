/* synth_account.c — see synth_account.h. */
#include "synth/synth_account.h"

#include "base/csv.h"
#include "synth/synth_subject.h"

#include <stdio.h>

#define NUMBERS UINT32_C(10000000) /* seven digits */
#define BRANCHES 40

/* n in exactly width digits, and NUL. */
static void digits(char *out, size_t width, uint32_t n)
{
	out[width] = '\0';
	while (width-- > 0) {
		out[width] = (char)('0' + n % 10);
		n /= 10;
	}
}

void synth_account_customer(const struct synth_at *at, char out[11])
{
	uint64_t key =
	    synth_rng_key(at->seed, SYNTH_STREAM_CUSTOMER_ID, at->k, 0);

	digits(
	    out, 10, synth_rng_permute(key, UINT32_C(4000000000), at->entity));
}

static char kind_of(uint32_t n, bool corporation, struct synth_rng *r)
{
	uint32_t x = synth_rng_below(r, 100);

	if (n == 0)
		return corporation && x < 30 ? '2' : '1';
	return x < 60 ? '6' : x < 80 ? '4' : '1';
}

void synth_account_make(const struct synth_at *at, uint32_t n, bool corporation,
    bool old, struct synth_account *out)
{
	uint64_t all = (uint64_t)at->entity * SYNTH_ACCOUNTS_MAX + n;
	uint32_t class = (uint32_t)(all / NUMBERS);
	uint64_t key =
	    synth_rng_key(at->seed, SYNTH_STREAM_ACCOUNT, at->k, class);
	struct synth_rng branch =
	    synth_rng_of(at->seed, SYNTH_STREAM_BRANCH, at->k, at->entity);
	struct synth_rng kind = synth_rng_of(
	    at->seed, SYNTH_STREAM_BRANCH, at->k, (all << 32) | at->entity);
	uint32_t x = synth_rng_below(&branch, BRANCHES);

	/* Each class of 10,000,000 numbers has branches of its own. */
	digits(out->branch, 3,
	    old ? 800 + class * 10 % 200 + x % 10
		: (class * BRANCHES + x) % 799 + 1);
	digits(out->number, 7,
	    synth_rng_permute(key, NUMBERS, (uint32_t)(all % NUMBERS)));
	out->kind[0] = kind_of(n, corporation, &kind);
	out->kind[1] = '\0';
}

uint32_t synth_account_count(
    const struct synth_rates *rates, struct synth_rng *r)
{
	uint32_t each = (rates->share[SYNTH_SHARE_ACCOUNTS] - SYNTH_PPM) / 3;
	uint32_t n = 1;

	for (int i = 1; i < SYNTH_ACCOUNTS_MAX; i++)
		n += synth_rng_chance(r, each);
	return n;
}

/*
 * The first account has four times as many as the others, each a half to one
 * and a half of the mean: (first + (accounts - 1) × first / 4) / accounts is
 * the mean of all.
 */
uint32_t synth_account_transactions(
    const struct synth_rates *rates, uint32_t n, struct synth_rng *r)
{
	uint64_t accounts = rates->share[SYNTH_SHARE_ACCOUNTS];
	uint64_t mean = rates->share[SYNTH_SHARE_TRANSACTIONS];
	uint64_t first =
	    mean * accounts * 4 / (accounts + 3 * (uint64_t)SYNTH_PPM);
	uint64_t own = n == 0 ? first : first / 4;
	uint64_t drawn =
	    own * (SYNTH_PPM / 2 + synth_rng_below(r, SYNTH_PPM)) / SYNTH_PPM;

	return (uint32_t)((drawn + synth_rng_below(r, SYNTH_PPM)) / SYNTH_PPM);
}

static void put_z(struct buf *out, const char *z)
{
	csv_put(out, text_z(z), false);
}

static void put_number(struct buf *out, uint64_t n)
{
	char z[24];

	(void)snprintf(z, sizeof(z), "%llu", (unsigned long long)n);
	put_z(out, z);
}

static void put_date(struct buf *out, int64_t days)
{
	char z[11];

	date_format(date_of_days(days), z);
	put_z(out, z);
}

struct entry {
	const char *text;
	bool in;
	uint32_t least;
	uint32_t most;
};

static const struct entry *draw_entry(
    const struct synth_account_task *t, struct synth_rng *r)
{
	static const struct entry entries[] = {
	    {"カード", false, 1000, 50000},
	    {"口座振替 電気", false, 3000, 20000},
	    {"口座振替 ガス", false, 2000, 15000},
	    {"口座振替 水道", false, 3000, 12000},
	    {"クレジット", false, 5000, 120000},
	    {"振込", false, 1000, 100000},
	    {"カード", true, 1000, 80000},
	    {"振込", true, 5000, 200000},
	    {"利息", true, 1, 40},
	};
	static const struct entry pay = {"給与", true, 150000, 450000};
	static const struct entry pension = {"年金", true, 90000, 280000};
	static const struct entry sale = {"振込 売上", true, 30000, 900000};

	if (synth_rng_chance(r, 200000))
		return t->corporation ? &sale : t->pensioner ? &pension : &pay;
	return &entries[synth_rng_below(r, sizeof(entries) / sizeof(*entries))];
}

/* What became of an account through its transactions. */
struct state {
	uint64_t balance;
	int64_t last; /* the last transaction's day */
	bool pay;
	bool pension;
};

static const struct entry cash = {"カード", true, 0, 0};

static void transaction(const struct synth_account_task *t, uint32_t number,
    int64_t day, struct state *s, struct synth_rng *r, struct buf *out)
{
	const struct entry *entry = draw_entry(t, r);
	uint64_t amount =
	    entry->least + synth_rng_below(r, entry->most - entry->least);
	bool in = entry->in;

	/* Nothing is drawn below zero: then it is a deposit. */
	if (!in && amount > s->balance) {
		in = true;
		entry = &cash;
	}
	s->balance = in ? s->balance + amount : s->balance - amount;
	s->last = day;
	s->pay |= strcmp(entry->text, "給与") == 0;
	s->pension |= strcmp(entry->text, "年金") == 0;
	csv_put(out, text_z(t->bank), true);
	put_z(out, t->account->branch);
	put_z(out, t->account->kind);
	put_z(out, t->account->number);
	put_number(out, number);
	put_date(out, day);
	put_date(out, day);
	if (in)
		put_z(out, "");
	put_number(out, amount);
	if (!in)
		put_z(out, "");
	put_number(out, s->balance);
	put_z(out, entry->text);
	csv_end(out);
}

static uint64_t opening_balance(struct synth_rng *r)
{
	uint32_t x = synth_rng_below(r, 100);

	if (x < 35)
		return synth_rng_below(r, 3000);
	if (x < 75)
		return synth_rng_below(r, 100000);
	if (x < 97)
		return synth_rng_below(r, 1500000);
	return synth_rng_below(r, 20000000);
}

static void account_row(const struct synth_account_task *t, bool first,
    const struct state *s, int64_t opened, struct buf *out)
{
	bool joint = t->first_holder != NULL;
	char state[2] = {t->state, '\0'};

	csv_put(
	    out, text_z(joint && first ? t->first_holder : t->customer), true);
	put_z(out, first ? "1" : "2");
	put_z(out, t->account->branch);
	put_z(out, t->account->kind);
	put_z(out, t->account->number);
	put_number(out, s->balance);
	if (t->account->kind[0] == '6')
		put_date(out, date_days(SYNTH_TODAY) + 1 + opened % 1000);
	else
		put_z(out, "");
	put_date(out, s->last);
	put_date(out, opened);
	put_z(out, state);
	put_z(out, s->pay ? "1" : "0");
	put_z(out, s->pension ? "1" : "0");
	csv_end(out);
}

void synth_account_rows(const struct synth_account_task *task,
    struct synth_rng *r, struct buf *accounts, struct buf *transactions)
{
	int64_t today = date_days(SYNTH_TODAY);
	int64_t start = today - 365;
	int64_t oldest = start - 2 - task->since;
	int64_t opened = start - 1 -
			 synth_rng_below(r, oldest < 1	    ? 1
					    : oldest > 9000 ? 9000
							    : (uint32_t)oldest);
	struct state s = {.balance = opening_balance(r)};
	uint64_t n = task->transactions;

	s.last = opened + synth_rng_below(r, (uint32_t)(start - opened));
	if (task->state == '1' && n == 0)
		s.balance = 0; /* closed */
	for (uint64_t i = 0; i < n; i++) {
		uint64_t from = i * 365 / n;
		uint64_t to = (i + 1) * 365 / n;
		uint32_t span = (uint32_t)(to - from);

		transaction(task, (uint32_t)i + 1,
		    start + (int64_t)from +
			(span > 1 ? synth_rng_below(r, span) : 0),
		    &s, r, transactions);
	}
	account_row(task, true, &s, opened, accounts);
	if (task->first_holder != NULL)
		account_row(task, false, &s, opened, accounts);
}

uint32_t synth_account_others(
    const char *customer, struct synth_rng *r, struct buf *out)
{
	/* 種類 1 貸出金 … 6 保護預 (docs/interface.md §9). */
	static const char *const names[] = {
	    "証書貸付", "不動産担保", "根保証", "貸金庫", "普通出資", "国債"};
	uint32_t n = 1 + synth_rng_below(r, 100) / 80;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t kind = synth_rng_below(r, 6);
		bool box = kind == 3;
		bool units = kind >= 3;
		char code[2] = {(char)('1' + kind), '\0'};

		csv_put(out, text_z(customer), true);
		put_z(out, code);
		put_number(out, i + 1);
		put_z(out, names[kind]);
		if (box)
			put_z(out, "");
		else
			put_number(out, 10000 * (1 + synth_rng_below(r, 3000)));
		if (units)
			put_number(out, 1 + synth_rng_below(r, 20));
		else
			put_z(out, "");
		put_date(
		    out, date_days(SYNTH_TODAY) - 1 - synth_rng_below(r, 5000));
		put_z(out, "架空");
		csv_end(out);
	}
	return n;
}
