/*
 * bank_lookup.c — from a request's items to the customer, the accounts and
 * their details. One index seek per key and per row read; what is read does
 * not grow with the bank.
 */
#include "parties/bank.h"

#include "match/match_filter.h"

#include <stdlib.h>

#define CANDIDATES_MAX 50 /* customers compared for one inquiry */

/* A key, and which request asks for it. */
struct asked_key {
	struct text key;
	size_t of;
};

/* A customer found for a request; most requests find none. */
struct found {
	struct found *next;
	struct text number;
};

struct candidate {
	struct text number;
	struct match_person person;
	struct text postal;
	struct text phone;
	struct text employer;
};

struct state {
	struct store_tx *tx;
	struct arena *a;
	struct arena one; /* of the answer at hand */
	struct bank_lookup *l;
	struct bytes filter; /* of the import */
	struct asked_key *key;
	size_t keys;
	struct found **found; /* per request, without repeats */
};

static enum err_class read_import(struct state *s, struct err *e)
{
	struct store_rows *r;
	struct text as_of;
	bool found;

	TRY(store_one(s->tx, STMT_IMPORT_IN_FORCE, NULL, 0, &r, &found, e));
	if (!found) {
		store_rows_close(r);
		return err_set(e, ERR_BUSY, "bank.no_import",
		    "顧客データがまだ取り込まれていません",
		    "no customers have been imported yet");
	}
	s->l->import = store_get_int(r, 0);
	as_of = store_get_text(r, 1);
	(void)snprintf(
	    s->l->as_of, sizeof(s->l->as_of), "%.*s", (int)as_of.n, as_of.p);
	store_rows_close(r);
	return ERR_NONE;
}

/* What surely belongs to no customer is not looked for. */
static enum err_class read_filter(struct state *s, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(s->tx, STMT_IMPORT_FILTER,
	    STORE_VALUES(store_int(s->l->import)), &r, &found, e));
	if (found)
		s->filter = bytes_dup(s->a, store_get_blob(r, 0));
	store_rows_close(r);
	return ERR_NONE;
}

static int by_key(const void *a, const void *b)
{
	const struct asked_key *x = a;
	const struct asked_key *y = b;
	int order = text_cmp(x->key, y->key);

	return order != 0 ? order : (x->of > y->of) - (x->of < y->of);
}

/* In the order of the index: each of its pages is read once. */
static void gather_keys(struct state *s)
{
	size_t n = s->l->count;

	s->key = arena_take(s->a, n * MATCH_KEYS * sizeof(*s->key));
	for (size_t i = 0; i < n; i++) {
		struct match_person p;
		struct text keys[MATCH_KEYS];
		size_t count;

		match_of_request(&s->l->requests[i], &p);
		count = match_keys(s->a, &p, true, keys);
		for (size_t k = 0; k < count; k++)
			if (match_filter_may_hold(s->filter, keys[k]))
				s->key[s->keys++] =
				    (struct asked_key){keys[k], i};
	}
	qsort(s->key, s->keys, sizeof(*s->key), by_key);
}

static void note_candidate(struct state *s, size_t request, struct text number)
{
	struct found **at = &s->found[request];
	size_t n = 0;

	for (; *at != NULL; at = &(*at)->next, n++)
		if (text_eq((*at)->number, number))
			return;
	if (n == CANDIDATES_MAX)
		return;
	*at = arena_take(s->a, sizeof(**at));
	**at = (struct found){.number = text_dup(s->a, number)};
}

static enum err_class find_candidates(struct state *s, struct err *e)
{
	struct store_value import = store_int(s->l->import);
	struct store_value *key =
	    arena_take(s->a, (s->keys + 1) * sizeof(*key));
	const struct store_column columns[] = {
	    {.same = true, .v = &import}, {.v = key}};
	struct store_rows *r;
	enum err_class class;
	bool more;

	for (size_t i = 0; i < s->keys; i++)
		key[i] = store_text(s->key[i].key);
	s->found = arena_zero(s->a, s->l->count, sizeof(struct found *));
	TRY(store_query_each(
	    s->tx, STMT_KEY_CUSTOMERS, columns, 2, s->keys, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		note_candidate(
		    s, s->key[store_input(r)].of, store_get_text(r, 0));
	store_rows_close(r);
	return class;
}

static enum err_class read_customer(struct state *s, struct text number,
    struct candidate *out, bool *found, struct err *e)
{
	struct store_rows *r;
	struct text t[14];

	TRY(store_one(s->tx, STMT_CUSTOMER_GET,
	    STORE_VALUES(store_int(s->l->import), store_text(number)), &r,
	    found, e));
	for (int i = 0; *found && i < 14; i++)
		t[i] = text_dup(&s->one, store_get_text(r, i));
	store_rows_close(r);
	if (*found)
		*out = (struct candidate){
		    .number = t[0],
		    .person = {.person = t[1],
			.kana = t[2],
			.kanji = t[3],
			.roman = t[4],
			.birth = t[5],
			.sex = t[6],
			.address = t[8],
			.former_kana = t[9],
			.former_address = t[10]},
		    .postal = t[7],
		    .phone = t[11],
		    .employer = t[12],
		};
	return ERR_NONE;
}

/*
 * The one customer who is certainly the subject; else how many may be. Two
 * who are certain are not: a person decides.
 */
static enum err_class choose(struct state *s, size_t i, struct candidate *best,
    enum match_grade *grade, struct err *e)
{
	struct match_person asked;
	size_t certain = 0;

	*grade = MATCH_NONE;
	match_of_request(&s->l->requests[i], &asked);
	for (const struct found *f = s->found[i]; f != NULL; f = f->next) {
		struct candidate c;
		struct match_result m;
		bool found;

		TRY(read_customer(s, f->number, &c, &found, e));
		if (!found)
			continue;
		match_grade(&s->one, &asked, &c.person, &s->l->use, &m);
		if (m.grade == MATCH_CERTAIN) {
			*best = c;
			certain++;
		}
		if (m.grade > *grade)
			*grade = m.grade;
	}
	if (certain > 1)
		*grade = MATCH_REVIEW;
	return ERR_NONE;
}

static struct text number_text(struct state *s, size_t n)
{
	return text_z(arena_printf(&s->one, "%zu", n));
}

/* The items every answer has, found or not. */
static void fill_echo(struct state *s, size_t i, struct answer *x)
{
	const struct request *r = &s->l->requests[i];

	x->f[ANSWER_INQUIRY] = r->f[REQUEST_INQUIRY];
	x->f[ANSWER_LINK] = r->f[REQUEST_LINK];
	x->f[ANSWER_FREE1] = r->f[REQUEST_FREE];
	x->f[ANSWER_BASE_DATE] = r->f[REQUEST_BASE_DATE];
	x->f[ANSWER_PERIOD] = r->f[REQUEST_PERIOD];
	x->f[ANSWER_REQUESTER] = r->f[REQUEST_REGISTRANT];
	x->f[ANSWER_BANK_CODE] = text_z(s->l->bank_code);
	x->f[ANSWER_BANK_NAME] = text_z(s->l->bank_name);
	x->f[ANSWER_AS_OF] = text_z(s->l->as_of);
}

static void fill_holder(const struct candidate *c, struct answer *x)
{
	x->f[ANSWER_PERSON] = c->person.person;
	x->f[ANSWER_KANA] = c->person.kana;
	x->f[ANSWER_KANJI] = c->person.kanji;
	x->f[ANSWER_BIRTH] = c->person.birth;
	x->f[ANSWER_ADDRESS] = c->person.address;
	x->f[ANSWER_POSTAL] = c->postal;
	x->f[ANSWER_PHONE] = c->phone;
	x->f[ANSWER_EMPLOYER] = c->employer;
	x->f[ANSWER_CUSTOMER] = c->number;
}

static enum err_class fill_dealings(struct state *s, const struct request *q,
    struct answer_account *account, struct err *e)
{
	struct text period = q->f[REQUEST_PERIOD];
	struct store_rows *r;
	enum err_class class;
	bool more;

	if (period.n != 21)
		return ERR_NONE;
	TRY(store_query(s->tx, STMT_DEALINGS_OF,
	    STORE_VALUES(store_int(s->l->import),
		store_text(account->f[ANSWER_BRANCH]),
		store_text(account->f[ANSWER_ACCOUNT_KIND]),
		store_text(account->f[ANSWER_ACCOUNT]),
		store_text(text_trust(period.p, 10)),
		store_text(text_trust(period.p + 11, 10))),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct answer_transaction *t =
		    answer_add_transaction(&s->one, account);

		t->date = text_dup(&s->one, store_get_text(r, 0));
		t->value_date = text_dup(&s->one, store_get_text(r, 1));
		t->out = text_dup(&s->one, store_get_text(r, 2));
		t->in = text_dup(&s->one, store_get_text(r, 3));
		t->balance = text_dup(&s->one, store_get_text(r, 4));
		t->note = text_dup(&s->one, store_get_text(r, 5));
	}
	store_rows_close(r);
	if (account->transaction_count > 0)
		account->f[ANSWER_STATEMENT] =
		    number_text(s, account->transaction_count);
	return class;
}

static enum err_class fill_accounts(struct state *s, const struct request *q,
    const struct candidate *c, struct answer *x, struct err *e)
{
	static const enum answer_item item[] = {ANSWER_BRANCH,
	    ANSWER_ACCOUNT_KIND, ANSWER_ACCOUNT, ANSWER_BALANCE,
	    ANSWER_MATURITY, ANSWER_LAST_DEALING, ANSWER_STATUS_CODE,
	    ANSWER_SALARY, ANSWER_PENSION};
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(s->tx, STMT_ACCOUNTS_OF,
	    STORE_VALUES(store_int(s->l->import), store_text(c->number)), &r,
	    e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct answer_account *account = answer_add_account(&s->one, x);

		for (size_t k = 0; k < sizeof(item) / sizeof(*item); k++)
			account->f[item[k]] =
			    text_dup(&s->one, store_get_text(r, (int)k));
		account->f[ANSWER_CUSTOMER] = c->number;
	}
	store_rows_close(r);
	if (class != ERR_NONE || strcmp(s->l->scope, "detail") != 0)
		return class;
	for (size_t k = 0; k < x->account_count; k++)
		TRY(fill_dealings(s, q, &x->accounts[k], e));
	return ERR_NONE;
}

/* What the others (貸出金 …) say in the flat items. */
static void fill_flags(struct state *s, struct answer *x)
{
	size_t loans = 0;
	size_t collateral = 0;

	x->f[ANSWER_GUARANTOR] = TEXT("0");
	x->f[ANSWER_SAFE_DEPOSIT] = TEXT("0");
	for (size_t i = 0; i < x->other_count; i++) {
		const struct answer_other *o = &x->others[i];

		if (text_is(o->kind, "2"))
			collateral++;
		else if (text_is(o->kind, "3"))
			x->f[ANSWER_GUARANTOR] = TEXT("1");
		else if (text_is(o->kind, "4") || text_is(o->kind, "6"))
			x->f[ANSWER_SAFE_DEPOSIT] = TEXT("1");
		else if (text_is(o->kind, "5")) {
			x->f[ANSWER_SHARE_COUNT] = o->units;
			x->f[ANSWER_SHARE_AMOUNT] = o->amount;
		} else
			loans++;
	}
	x->f[ANSWER_COLLATERAL] = number_text(s, collateral);
	x->f[ANSWER_OTHERS] = number_text(s, loans);
}

static enum err_class fill_others(
    struct state *s, const struct candidate *c, struct answer *x, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(s->tx, STMT_OTHERS_OF,
	    STORE_VALUES(store_int(s->l->import), store_text(c->number)), &r,
	    e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct answer_other *o = answer_add_other(&s->one, x);

		o->kind = text_dup(&s->one, store_get_text(r, 0));
		o->name = text_dup(&s->one, store_get_text(r, 1));
		o->amount = text_dup(&s->one, store_get_text(r, 2));
		o->units = text_dup(&s->one, store_get_text(r, 3));
		o->date = text_dup(&s->one, store_get_text(r, 4));
		o->note = text_dup(&s->one, store_get_text(r, 5));
	}
	store_rows_close(r);
	fill_flags(s, x);
	return class;
}

static enum err_class answer_one(
    struct state *s, size_t i, struct answer *x, struct err *e)
{
	struct candidate best = {0};
	enum match_grade grade;

	fill_echo(s, i, x);
	if (x->class == CLASS_INVALID)
		return ERR_NONE;
	TRY(choose(s, i, &best, &grade, e));
	if (grade != MATCH_CERTAIN) {
		x->class = grade == MATCH_REVIEW ? CLASS_REVIEW : CLASS_NONE;
		if (x->class == CLASS_NONE)
			x->f[ANSWER_DEALINGS] = TEXT("0");
		return ERR_NONE;
	}
	x->class = CLASS_FOUND;
	s->l->customers[i] = text_dup(s->a, best.number);
	fill_holder(&best, x);
	x->f[ANSWER_DEALINGS] = TEXT("1");
	if (strcmp(s->l->scope, "existence") == 0)
		return ERR_NONE;
	TRY(fill_accounts(s, &s->l->requests[i], &best, x, e));
	return fill_others(s, &best, x, e);
}

static enum err_class answer_all(struct state *s, struct err *e)
{
	struct bank_lookup *l = s->l;

	for (size_t i = 0; i < l->count; i++) {
		struct answer x = {.class = l->classes[i]};

		TRY(answer_one(s, i, &x, e));
		l->classes[i] = x.class;
		l->answer(l->ctx, &x);
		arena_reset(&s->one);
	}
	return ERR_NONE;
}

enum err_class bank_lookup(
    struct store_tx *tx, struct arena *a, struct bank_lookup *l, struct err *e)
{
	struct state s = {.tx = tx, .a = a, .l = l};
	enum err_class class;

	TRY(read_import(&s, e));
	l->customers = arena_zero(a, l->count + 1, sizeof(*l->customers));
	TRY(read_filter(&s, e));
	gather_keys(&s);
	TRY(find_candidates(&s, e));
	class = answer_all(&s, e);
	arena_fini(&s.one);
	return class;
}
