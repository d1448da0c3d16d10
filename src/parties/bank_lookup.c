/*
 * bank_lookup.c — from a request's items to the customer, the accounts and
 * their details. One index seek per key and per row read; what is read does
 * not grow with the bank. Inquiries are answered some at a time: each
 * question to the database is asked once for all of them.
 */
#include "parties/bank.h"

#include "match/match_filter.h"

#include <stdlib.h>

#define CANDIDATES_MAX 50 /* customers compared for one inquiry */
#define AT_ONCE 64	  /* customers compared, or about so many */

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

/* An inquiry as it is answered. */
struct answering {
	struct candidate best;
	enum match_grade grade;
	size_t certain;
	struct answer x;
};

/* An account whose dealings are asked for. */
struct opened {
	const struct request *request;
	struct answer_account *account;
};

struct state {
	struct store_tx *tx;
	struct arena *a;
	struct arena one; /* of the answers at hand: */
	size_t from;	  /* of these requests … */
	size_t to;
	struct answering *at; /* … each has one */
	size_t *of;	      /* the one whom each row asked for is of */
	size_t asked;
	struct bank_lookup *l;
	int64_t imported_us;
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
	s->imported_us = store_get_int(r, 2);
	(void)snprintf(
	    s->l->as_of, sizeof(s->l->as_of), "%.*s", (int)as_of.n, as_of.p);
	store_rows_close(r);
	return ERR_NONE;
}

/* What surely belongs to no customer is not looked for. */
static enum err_class read_filter(struct state *s, struct err *e)
{
	struct bank_filter *f = s->l->filter;
	struct store_rows *r;
	struct bytes bits;
	bool found;

	if (f->import == s->l->import && f->at_us == s->imported_us)
		return ERR_NONE;
	f->import = 0;
	buf_clear(&f->bits);
	TRY(store_one(s->tx, STMT_IMPORT_FILTER,
	    STORE_VALUES(store_int(s->l->import)), &r, &found, e));
	if (found) {
		bits = store_get_blob(r, 0);
		buf_add(&f->bits, bits.p, bits.n);
	}
	store_rows_close(r);
	f->import = s->l->import;
	f->at_us = s->imported_us;
	return ERR_NONE;
}

void bank_filter_fini(struct bank_filter *f)
{
	buf_fini(&f->bits);
	f->import = 0;
}

static int by_key(const void *a, const void *b)
{
	const struct asked_key *x = a;
	const struct asked_key *y = b;
	int order = text_cmp(x->key, y->key);

	return order != 0 ? order : (x->of > y->of) - (x->of < y->of);
}

/* The keys of one record of the i-th inquiry. */
static void add_keys(struct state *s, size_t i, const struct request *record)
{
	struct match_person p;
	struct text keys[MATCH_KEYS];
	size_t count;

	match_of_request(record, &p);
	count = match_keys(s->a, &p, true, keys);
	for (size_t k = 0; k < count; k++)
		if (match_filter_may_hold(
			buf_bytes(&s->l->filter->bits), keys[k]))
			s->key[s->keys++] = (struct asked_key){keys[k], i};
}

/* In the order of the index: each of its pages is read once. An inquiry may
 * be asked under other names and addresses, too. */
static void gather_keys(struct state *s)
{
	const struct request *r;
	size_t records = 0;

	for (size_t i = 0; i < s->l->count; i++)
		for (r = &s->l->requests[i]; r != NULL; r = r->also)
			records++;
	s->key = arena_take(s->a, records * MATCH_KEYS * sizeof(*s->key));
	for (size_t i = 0; i < s->l->count; i++)
		for (r = &s->l->requests[i]; r != NULL; r = r->also)
			add_keys(s, i, r);
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

/* A query asked once for each of the first s->asked values of key, which are
 * texts; the import is the same for all. */
static enum err_class ask(struct state *s, enum store_statement st,
    const struct store_value *key, struct store_rows **r, struct err *e)
{
	struct store_value *import = arena_take(&s->one, sizeof(*import));
	const struct store_column columns[] = {
	    {.same = true, .v = import}, {.v = key}};

	*import = store_int(s->l->import);
	return store_query_each(s->tx, st, columns, 2, s->asked, r, e);
}

static struct answering *answering_of(struct state *s, struct store_rows *r)
{
	return &s->at[s->of[store_input(r)]];
}

/* The best of what the inquiry's records tell of a customer. */
static enum match_grade grade_of(struct state *s, const struct request *record,
    const struct match_person *customer)
{
	enum match_grade best = MATCH_NONE;

	for (; record != NULL && best != MATCH_CERTAIN; record = record->also) {
		struct match_person asked;
		struct match_result m;

		match_of_request(record, &asked);
		match_grade(&s->one, &asked, customer, &s->l->use, &m);
		if (m.grade > best)
			best = m.grade;
	}
	return best;
}

static void take_customer(struct state *s, struct store_rows *r)
{
	struct answering *x = answering_of(s, r);
	enum match_grade grade;
	struct candidate c;
	struct text t[14];

	for (int i = 0; i < 14; i++)
		t[i] = text_dup(&s->one, store_get_text(r, i));
	c = (struct candidate){
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
	grade = grade_of(
	    s, &s->l->requests[s->from + s->of[store_input(r)]], &c.person);
	if (grade == MATCH_CERTAIN) {
		x->best = c;
		x->certain++;
	}
	if (grade > x->grade)
		x->grade = grade;
}

/*
 * The one customer who is certainly the subject; else how many may be. Two
 * who are certain are not: a person decides.
 */
static enum err_class choose(struct state *s, struct err *e)
{
	struct store_value *number =
	    arena_take(&s->one, (AT_ONCE + CANDIDATES_MAX) * sizeof(*number));
	struct store_rows *r;
	enum err_class class;
	bool more;

	s->asked = 0;
	for (size_t i = s->from; i < s->to; i++) {
		if (s->l->classes[i] == CLASS_INVALID)
			continue;
		for (struct found *f = s->found[i]; f != NULL; f = f->next) {
			number[s->asked] = store_text(f->number);
			s->of[s->asked++] = i - s->from;
		}
	}
	TRY(ask(s, STMT_CUSTOMER_GET, number, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		take_customer(s, r);
	store_rows_close(r);
	for (size_t i = 0; i < s->to - s->from; i++)
		if (s->at[i].certain > 1)
			s->at[i].grade = MATCH_REVIEW;
	return class;
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

/* The accounts of all who were found. */
static struct opened *opened_accounts(struct state *s, size_t *n)
{
	struct opened *o;
	size_t count = 0;

	for (size_t i = 0; i < s->to - s->from; i++)
		count += s->at[i].x.account_count;
	o = arena_take(&s->one, (count + 1) * sizeof(*o));
	*n = 0;
	for (size_t i = 0; i < s->to - s->from; i++) {
		const struct request *q = &s->l->requests[s->from + i];

		if (q->f[REQUEST_PERIOD].n != 21)
			continue;
		for (size_t k = 0; k < s->at[i].x.account_count; k++)
			o[(*n)++] = (struct opened){q, &s->at[i].x.accounts[k]};
	}
	return o;
}

static void take_dealing(
    struct state *s, struct answer_account *account, struct store_rows *r)
{
	struct answer_transaction *t = answer_add_transaction(&s->one, account);

	t->date = text_dup(&s->one, store_get_text(r, 0));
	t->value_date = text_dup(&s->one, store_get_text(r, 1));
	t->out = text_dup(&s->one, store_get_text(r, 2));
	t->in = text_dup(&s->one, store_get_text(r, 3));
	t->balance = text_dup(&s->one, store_get_text(r, 4));
	t->note = text_dup(&s->one, store_get_text(r, 5));
}

static enum err_class ask_dealings(struct state *s, const struct opened *o,
    size_t n, struct store_rows **r, struct err *e)
{
	static const enum answer_item key[] = {
	    ANSWER_BRANCH, ANSWER_ACCOUNT_KIND, ANSWER_ACCOUNT};
	struct store_value *import = arena_take(&s->one, sizeof(*import));
	struct store_value *v[5];
	struct store_column columns[6] = {{.same = true, .v = import}};

	*import = store_int(s->l->import);
	for (size_t c = 0; c < 5; c++) {
		v[c] = arena_zero(&s->one, n + 1, sizeof(**v));
		columns[c + 1] = (struct store_column){.v = v[c]};
	}
	for (size_t i = 0; i < n; i++) {
		const char *period = o[i].request->f[REQUEST_PERIOD].p;

		for (size_t c = 0; c < 3; c++)
			v[c][i] = store_text(o[i].account->f[key[c]]);
		v[3][i] = store_text(text_trust(period, 10));
		v[4][i] = store_text(text_trust(period + 11, 10));
	}
	return store_query_each(s->tx, STMT_DEALINGS_OF, columns, 6, n, r, e);
}

static enum err_class fill_dealings(struct state *s, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	size_t n;
	struct opened *o = opened_accounts(s, &n);
	bool more;

	TRY(ask_dealings(s, o, n, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		take_dealing(s, o[store_input(r)].account, r);
	store_rows_close(r);
	for (size_t i = 0; i < n; i++)
		if (o[i].account->transaction_count > 0)
			o[i].account->f[ANSWER_STATEMENT] =
			    number_text(s, o[i].account->transaction_count);
	return class;
}

static void take_account(struct state *s, struct store_rows *r)
{
	static const enum answer_item item[] = {ANSWER_BRANCH,
	    ANSWER_ACCOUNT_KIND, ANSWER_ACCOUNT, ANSWER_BALANCE,
	    ANSWER_MATURITY, ANSWER_LAST_DEALING, ANSWER_STATUS_CODE,
	    ANSWER_SALARY, ANSWER_PENSION};
	struct answering *x = answering_of(s, r);
	struct answer_account *account = answer_add_account(&s->one, &x->x);

	for (size_t k = 0; k < sizeof(item) / sizeof(*item); k++)
		account->f[item[k]] =
		    text_dup(&s->one, store_get_text(r, (int)k));
	account->f[ANSWER_CUSTOMER] = x->best.number;
}

static enum err_class fill_accounts(
    struct state *s, const struct store_value *customer, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(ask(s, STMT_ACCOUNTS_OF, customer, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		take_account(s, r);
	store_rows_close(r);
	if (class != ERR_NONE || strcmp(s->l->scope, "detail") != 0)
		return class;
	return fill_dealings(s, e);
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
    struct state *s, const struct store_value *customer, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(ask(s, STMT_OTHERS_OF, customer, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct answer_other *o =
		    answer_add_other(&s->one, &answering_of(s, r)->x);

		o->kind = text_dup(&s->one, store_get_text(r, 0));
		o->name = text_dup(&s->one, store_get_text(r, 1));
		o->amount = text_dup(&s->one, store_get_text(r, 2));
		o->units = text_dup(&s->one, store_get_text(r, 3));
		o->date = text_dup(&s->one, store_get_text(r, 4));
		o->note = text_dup(&s->one, store_get_text(r, 5));
	}
	store_rows_close(r);
	return class;
}

/* What is said of request i before anything is asked but who it is. */
static void decide(struct state *s, size_t i, struct answering *x)
{
	if (x->x.class == CLASS_INVALID)
		return;
	if (x->grade != MATCH_CERTAIN) {
		x->x.class =
		    x->grade == MATCH_REVIEW ? CLASS_REVIEW : CLASS_NONE;
		if (x->x.class == CLASS_NONE)
			x->x.f[ANSWER_DEALINGS] = TEXT("0");
		return;
	}
	x->x.class = CLASS_FOUND;
	s->l->customers[i] = text_dup(s->a, x->best.number);
	fill_holder(&x->best, &x->x);
	x->x.f[ANSWER_DEALINGS] = TEXT("1");
}

/* Accounts, dealings and others of those who were found. */
static enum err_class fill_details(struct state *s, struct err *e)
{
	struct store_value *customer =
	    arena_zero(&s->one, s->to - s->from, sizeof(*customer));

	s->asked = 0;
	for (size_t i = 0; i < s->to - s->from; i++)
		if (s->at[i].x.class == CLASS_FOUND) {
			customer[s->asked] = store_text(s->at[i].best.number);
			s->of[s->asked++] = i;
		}
	if (s->asked == 0 || strcmp(s->l->scope, "existence") == 0)
		return ERR_NONE;
	TRY(fill_accounts(s, customer, e));
	TRY(fill_others(s, customer, e));
	for (size_t k = 0; k < s->asked; k++)
		fill_flags(s, &s->at[s->of[k]].x);
	return ERR_NONE;
}

static enum err_class answer_some(struct state *s, struct err *e)
{
	struct bank_lookup *l = s->l;
	size_t n = s->to - s->from;

	s->at = arena_zero(&s->one, n, sizeof(*s->at));
	s->of =
	    arena_take(&s->one, (AT_ONCE + CANDIDATES_MAX) * sizeof(*s->of));
	for (size_t i = 0; i < n; i++) {
		s->at[i].grade = MATCH_NONE;
		s->at[i].x.class = l->classes[s->from + i];
		fill_echo(s, s->from + i, &s->at[i].x);
	}
	TRY(choose(s, e));
	for (size_t i = 0; i < n; i++)
		decide(s, s->from + i, &s->at[i]);
	TRY(fill_details(s, e));
	for (size_t i = 0; i < n; i++) {
		l->classes[s->from + i] = s->at[i].x.class;
		l->answer(l->ctx, &s->at[i].x);
	}
	return ERR_NONE;
}

/* Behind the request with which the customers to be compared are enough, or
 * the requests themselves. */
static size_t end_of(const struct state *s, size_t from)
{
	size_t customers = 0;
	size_t i = from;

	for (; i < s->l->count && i < from + (size_t)16 * AT_ONCE; i++) {
		if (customers >= AT_ONCE)
			break;
		for (struct found *f = s->found[i]; f != NULL; f = f->next)
			customers++;
	}
	return i;
}

static enum err_class answer_all(struct state *s, struct err *e)
{
	for (s->from = 0; s->from < s->l->count; s->from = s->to) {
		s->to = end_of(s, s->from);
		TRY(answer_some(s, e));
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
