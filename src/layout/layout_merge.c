/* layout_merge.c — see layout_merge.h. */
#include "layout/layout_merge.h"

#include <stdio.h>

/* What an item is when two records of one inquiry meet. */
enum part {
	PART_HOLDER,   /* must agree, or is kept with the account */
	PART_ACCOUNT,  /* belongs to the account */
	PART_ECHO,     /* of the record: the first stands */
	PART_FLAG,     /* 1 stands */
	PART_COUNTED,  /* of the rows below: counted again */
	PART_IDENTITY, /* as PART_HOLDER, and an account may have its own */
	PART_REMARK,   /* both are kept */
};

static enum part part_of(int slot)
{
	switch (slot) {
	case ANSWER_BRANCH:
	case ANSWER_BRANCH_NAME:
	case ANSWER_ACCOUNT_KIND:
	case ANSWER_ACCOUNT:
	case ANSWER_BALANCE:
	case ANSWER_MATURITY:
	case ANSWER_LAST_DEALING:
	case ANSWER_SUBJECT_CODE:
	case ANSWER_SUBJECT_NAME:
	case ANSWER_SALARY:
	case ANSWER_PENSION:
	case ANSWER_STATEMENT:
		return PART_ACCOUNT;
	case ANSWER_INQUIRY:
	case ANSWER_ANSWER_KIND:
	case ANSWER_LINK:
	case ANSWER_ORDER_NUMBER:
		return PART_ECHO;
	case ANSWER_DEALINGS:
	case ANSWER_SAFE_DEPOSIT:
	case ANSWER_GUARANTOR:
		return PART_FLAG;
	case ANSWER_COLLATERAL:
	case ANSWER_OTHERS:
		return PART_COUNTED;
	case ANSWER_BANK_FREE:
		return PART_REMARK;
	case ANSWER_KANA:
	case ANSWER_KANJI:
	case ANSWER_BIRTH:
	case ANSWER_POSTAL:
	case ANSWER_ADDRESS:
	case ANSWER_ADDRESS_CODE:
	case ANSWER_ADDRESS_KANA:
	case ANSWER_PHONE:
	case ANSWER_EMPLOYER:
	case ANSWER_EMPLOYER_PHONE:
	case ANSWER_CUSTOMER:
	case ANSWER_STATUS_CODE:
	case ANSWER_STATUS:
		return PART_IDENTITY;
	}
	return PART_HOLDER;
}

void layout_merge_account(struct arena *a, struct answer *x)
{
	struct answer_account *account;
	bool any = false;

	for (int i = 0; i < (int)ANSWER_COUNT; i++)
		any |= part_of(i) == PART_ACCOUNT && x->f[i].n != 0 &&
		       i != ANSWER_STATEMENT;
	if (!any) {
		/* No account, no transactions. */
		if (text_is(x->f[ANSWER_STATEMENT], "0"))
			x->f[ANSWER_STATEMENT] = (struct text){0};
		return;
	}
	account = answer_add_account(a, x);
	for (int i = 0; i < (int)ANSWER_COUNT; i++) {
		if (part_of(i) != PART_ACCOUNT)
			continue;
		account->f[i] = x->f[i];
		account->raw[i] = x->raw[i];
		x->f[i] = (struct text){0};
		x->raw[i] = (struct text){0};
	}
}

static enum err_class contradicts(struct err *e, const char *item)
{
	err_set(e, ERR_INPUT, "answer.repeated",
	    "同じ照会の回答どうしが食い違います",
	    "two records of one inquiry contradict each other");
	return err_at(e, NULL, 0, 0, item);
}

/* ---- accounts ---- */

static bool same_key(
    const struct answer_account *a, const struct answer_account *b)
{
	return a->f[ANSWER_ACCOUNT].n != 0 &&
	       text_eq(a->f[ANSWER_BRANCH], b->f[ANSWER_BRANCH]) &&
	       text_eq(a->f[ANSWER_ACCOUNT_KIND], b->f[ANSWER_ACCOUNT_KIND]) &&
	       text_eq(a->f[ANSWER_ACCOUNT], b->f[ANSWER_ACCOUNT]);
}

static bool same_transactions(
    const struct answer_account *a, const struct answer_account *b)
{
	if (a->transaction_count != b->transaction_count)
		return false;
	for (size_t i = 0; i < a->transaction_count; i++) {
		const struct answer_transaction *s = &a->transactions[i];
		const struct answer_transaction *t = &b->transactions[i];

		if (!text_eq(s->date, t->date) || !text_eq(s->in, t->in) ||
		    !text_eq(s->out, t->out) || !text_eq(s->note, t->note) ||
		    !text_eq(s->balance, t->balance) ||
		    !text_eq(s->value_date, t->value_date))
			return false;
	}
	return true;
}

/* The same account, told twice: what one leaves out the other may tell. */
static enum err_class merge_account(
    struct answer_account *to, const struct answer_account *from, struct err *e)
{
	for (int i = 0; i < (int)ANSWER_COUNT; i++) {
		if (from->f[i].n == 0 || text_eq(to->f[i], from->f[i]))
			continue;
		if (part_of(i) == PART_IDENTITY)
			continue; /* its holder by another name */
		if (to->f[i].n != 0)
			return contradicts(e, item_answer[i].name);
		to->f[i] = from->f[i];
		to->raw[i] = from->raw[i];
	}
	if (from->transaction_count == 0 || same_transactions(to, from))
		return ERR_NONE;
	if (to->transaction_count != 0)
		return contradicts(e, item_answer[ANSWER_STATEMENT].name);
	to->transactions = from->transactions;
	to->transaction_count = from->transaction_count;
	return ERR_NONE;
}

/* What its own record said of the holder in another way stays with it. */
static void keep_holder(struct answer_account *account,
    const struct answer *whole, const struct answer *more)
{
	for (int i = 0; i < (int)ANSWER_COUNT; i++)
		if (part_of(i) == PART_IDENTITY && account->f[i].n == 0 &&
		    more->f[i].n != 0 && !text_eq(more->f[i], whole->f[i])) {
			account->f[i] = more->f[i];
			account->raw[i] = more->raw[i];
		}
}

static enum err_class add_account(struct arena *a, struct answer *whole,
    const struct answer *more, const struct answer_account *from, struct err *e)
{
	struct answer_account *to;

	for (size_t i = 0; i < whole->account_count; i++)
		if (same_key(&whole->accounts[i], from))
			return merge_account(&whole->accounts[i], from, e);
	to = answer_add_account(a, whole);
	*to = *from;
	keep_holder(to, whole, more);
	return ERR_NONE;
}

/* ---- others ---- */

static bool same_other(
    const struct answer_other *a, const struct answer_other *b)
{
	return text_eq(a->kind, b->kind) && text_eq(a->name, b->name) &&
	       text_eq(a->amount, b->amount) && text_eq(a->units, b->units) &&
	       text_eq(a->date, b->date) && text_eq(a->note, b->note);
}

static void add_other(
    struct arena *a, struct answer *whole, const struct answer_other *from)
{
	for (size_t i = 0; i < whole->other_count; i++)
		if (same_other(&whole->others[i], from))
			return;
	*answer_add_other(a, whole) = *from;
}

/* The counting items say what stands below after merging. */
static void count_again(
    struct arena *a, struct answer *whole, const struct answer *more)
{
	static const int slots[] = {ANSWER_COLLATERAL, ANSWER_OTHERS};

	for (size_t k = 0; k < 2; k++) {
		bool told =
		    whole->f[slots[k]].n != 0 || more->f[slots[k]].n != 0;
		size_t n = 0;

		for (size_t i = 0; i < whole->other_count; i++)
			n += text_is(whole->others[i].kind, "2") ==
			     (slots[k] == ANSWER_COLLATERAL);
		if (told || n != 0)
			whole->f[slots[k]] = text_z(arena_printf(a, "%zu", n));
	}
	/* A holder's own count of transactions is of one record alone. */
	whole->f[ANSWER_STATEMENT] = (struct text){0};
}

/* ---- the holder ---- */

static int rank(enum answer_class class)
{
	static const enum answer_class order[] = {CLASS_NONE, CLASS_INVALID,
	    CLASS_REFUSED, CLASS_PAPER, CLASS_FOUND, CLASS_PARTIAL,
	    CLASS_REVIEW};

	for (int i = 0; i < (int)(sizeof(order) / sizeof(*order)); i++)
		if (order[i] == class)
			return i;
	return -1;
}

/* Does the answer tell a holder? */
static bool has_holder(const struct answer *x)
{
	for (int i = 0; i < (int)ANSWER_COUNT; i++)
		if (part_of(i) == PART_IDENTITY && x->f[i].n != 0)
			return true;
	return false;
}

static void take(struct answer *whole, const struct answer *more, int i)
{
	whole->f[i] = more->f[i];
	whole->raw[i] = more->raw[i];
}

static enum err_class merge_item(struct arena *a, struct answer *whole,
    const struct answer *more, int i, struct err *e)
{
	enum part part = part_of(i);

	if (more->f[i].n == 0 || text_eq(whole->f[i], more->f[i]))
		return ERR_NONE;
	if (part == PART_ECHO || part == PART_COUNTED || part == PART_ACCOUNT)
		return ERR_NONE;
	if (whole->f[i].n == 0 ||
	    (part == PART_FLAG && text_is(more->f[i], "1"))) {
		take(whole, more, i);
		return ERR_NONE;
	}
	if (part == PART_FLAG)
		return ERR_NONE;
	if (part == PART_REMARK) {
		whole->f[i] =
		    text_z(arena_printf(a, "%.*s / %.*s", (int)whole->f[i].n,
			whole->f[i].p, (int)more->f[i].n, more->f[i].p));
		return ERR_NONE;
	}
	/* Another way to write the holder stands with the accounts. */
	if (part == PART_IDENTITY && more->account_count != 0)
		return ERR_NONE;
	return contradicts(e, item_answer[i].name);
}

static enum err_class merge_holder(struct arena *a, struct answer *whole,
    const struct answer *more, struct err *e)
{
	/* Of two records only one may have found anybody. */
	bool one = !has_holder(whole) || !has_holder(more);

	for (int i = 0; i < (int)ANSWER_COUNT; i++)
		if (one && part_of(i) == PART_IDENTITY) {
			if (more->f[i].n != 0)
				take(whole, more, i);
		} else {
			TRY(merge_item(a, whole, more, i, e));
		}
	if (rank(more->class) > rank(whole->class)) {
		whole->class = more->class;
		take(whole, more, ANSWER_ANSWER_KIND);
	}
	return ERR_NONE;
}

enum err_class layout_merge(struct arena *a, struct answer *whole,
    const struct answer *more, struct err *e)
{
	struct answer before = *whole;

	TRY(merge_holder(a, whole, more, e));
	/* Accounts are compared with the holder as it now stands. */
	for (size_t i = 0; i < before.account_count; i++)
		keep_holder(&whole->accounts[i], whole, &before);
	for (size_t i = 0; i < more->account_count; i++)
		TRY(add_account(a, whole, more, &more->accounts[i], e));
	for (size_t i = 0; i < more->other_count; i++)
		add_other(a, whole, &more->others[i]);
	count_again(a, whole, more);
	return ERR_NONE;
}
