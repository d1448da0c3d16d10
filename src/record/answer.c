/* answer.c — see answer.h. */
#include "record/answer.h"

#include "record/limits.h"
#include "record/pack.h"

#define VERSION 1

/* What follows the holder's items. */
enum { HAS_RAW = 1, HAS_ACCOUNTS = 2, HAS_OTHERS = 4, HAS_RECORD = 8 };
#define HAS_ALL 15U

struct class_info {
	const char *code;
	const char *ja;
};

static const struct class_info classes[CLASS_COUNT] = {
#define CLASS_ROW_(id, code, ja) {code, ja},
    ANSWER_CLASSES(CLASS_ROW_)
#undef CLASS_ROW_
};

const char *answer_class_code(enum answer_class c)
{
	return classes[c].code;
}

const char *answer_class_ja(enum answer_class c)
{
	return classes[c].ja;
}

bool answer_class_named(struct text code, enum answer_class *out)
{
	for (int i = 0; i < CLASS_COUNT; i++)
		if (text_is(code, classes[i].code)) {
			*out = (enum answer_class)i;
			return true;
		}
	return false;
}

bool answer_class_is_answered(enum answer_class c)
{
	return c == CLASS_FOUND || c == CLASS_NONE || c == CLASS_REVIEW ||
	       c == CLASS_PARTIAL || c == CLASS_PAPER;
}

bool answer_class_is_rejected(enum answer_class c)
{
	return c == CLASS_INVALID || c == CLASS_REFUSED;
}

/* The least power of two that holds count: what an array of count has room
 * for, so that its room need not be kept. */
static size_t room_for(size_t count)
{
	size_t room = 1;

	while (room < count)
		room *= 2;
	return room;
}

/* The array with room for one more, which is cleared. */
static void *grow(struct arena *a, void *old, size_t count, size_t size)
{
	char *p = old;

	if (count == 0 || room_for(count) == count) {
		p = arena_take(a, room_for(count + 1) * size);
		if (count != 0)
			memcpy(p, old, count * size);
	}
	memset(p + count * size, 0, size);
	return p;
}

struct answer_account *answer_add_account(struct arena *a, struct answer *x)
{
	x->accounts =
	    grow(a, x->accounts, x->account_count, sizeof(*x->accounts));
	return &x->accounts[x->account_count++];
}

struct answer_transaction *answer_add_transaction(
    struct arena *a, struct answer_account *x)
{
	x->transactions = grow(
	    a, x->transactions, x->transaction_count, sizeof(*x->transactions));
	return &x->transactions[x->transaction_count++];
}

struct answer_other *answer_add_other(struct arena *a, struct answer *x)
{
	x->others = grow(a, x->others, x->other_count, sizeof(*x->others));
	return &x->others[x->other_count++];
}

static bool any(const struct text *f)
{
	for (size_t i = 0; i < ANSWER_COUNT; i++)
		if (f[i].n != 0)
			return true;
	return false;
}

/* The texts of one row, in the order of their packed form. */
#define TRANSACTION_TEXTS 6
#define OTHER_TEXTS 6
_Static_assert(sizeof(struct answer_transaction) ==
		   TRANSACTION_TEXTS * sizeof(struct text),
    "texts and nothing else");
_Static_assert(sizeof(struct answer_other) == OTHER_TEXTS * sizeof(struct text),
    "texts and nothing else");

static void put_transaction(struct buf *out, const struct answer_transaction *t)
{
	const struct text row[TRANSACTION_TEXTS] = {
	    t->date, t->value_date, t->out, t->in, t->balance, t->note};

	pack_put_fields(out, row, TRANSACTION_TEXTS);
}

static void put_other(struct buf *out, const struct answer_other *o)
{
	const struct text row[OTHER_TEXTS] = {
	    o->kind, o->name, o->amount, o->units, o->date, o->note};

	pack_put_fields(out, row, OTHER_TEXTS);
}

static void put_account(struct buf *out, const struct answer_account *x)
{
	bool raw = any(x->raw);

	buf_byte(out, raw ? HAS_RAW : 0);
	pack_put_fields(out, x->f, ANSWER_COUNT);
	if (raw)
		pack_put_fields(out, x->raw, ANSWER_COUNT);
	pack_put_number(out, x->transaction_count);
	for (size_t i = 0; i < x->transaction_count; i++)
		put_transaction(out, &x->transactions[i]);
}

void answer_pack(const struct answer *x, struct buf *out)
{
	bool raw = any(x->raw);

	buf_byte(out, VERSION);
	buf_byte(out, (unsigned char)x->class);
	buf_byte(out, (unsigned char)((raw ? HAS_RAW : 0) |
				      (x->account_count ? HAS_ACCOUNTS : 0) |
				      (x->other_count ? HAS_OTHERS : 0) |
				      (x->record.n ? HAS_RECORD : 0)));
	pack_put_fields(out, x->f, ANSWER_COUNT);
	if (raw)
		pack_put_fields(out, x->raw, ANSWER_COUNT);
	if (x->account_count != 0)
		pack_put_number(out, x->account_count);
	for (size_t i = 0; i < x->account_count; i++)
		put_account(out, &x->accounts[i]);
	if (x->other_count != 0)
		pack_put_number(out, x->other_count);
	for (size_t i = 0; i < x->other_count; i++)
		put_other(out, &x->others[i]);
	if (x->record.n != 0)
		pack_put_bytes(out, x->record.p, x->record.n);
}

/* A count of things that take at least least bytes each: bounded by what is
 * there, before memory is taken (F1). */
static bool take_count(struct pack *p, size_t max, size_t least, size_t *out)
{
	return pack_number(p, max, out) && *out <= p->n / least;
}

static bool take_raw(struct pack *p, struct text *raw)
{
	return pack_fields(p, LIMIT_FIELD, raw, ANSWER_COUNT) && any(raw);
}

static bool take_transaction(struct pack *p, struct answer_transaction *t)
{
	struct text row[TRANSACTION_TEXTS];

	if (!pack_fields(p, LIMIT_FIELD, row, TRANSACTION_TEXTS))
		return false;
	*t = (struct answer_transaction){
	    row[0], row[1], row[2], row[3], row[4], row[5]};
	return true;
}

static bool take_other(struct pack *p, struct answer_other *o)
{
	struct text row[OTHER_TEXTS];

	if (!pack_fields(p, LIMIT_FIELD, row, OTHER_TEXTS))
		return false;
	*o = (struct answer_other){
	    row[0], row[1], row[2], row[3], row[4], row[5]};
	return true;
}

static bool take_account(
    struct arena *a, struct pack *p, struct answer_account *x)
{
	unsigned has;
	size_t n;

	memset(x, 0, sizeof(*x));
	if (!pack_byte(p, HAS_RAW, &has) ||
	    !pack_fields(p, LIMIT_FIELD, x->f, ANSWER_COUNT) ||
	    (has && !take_raw(p, x->raw)) ||
	    !take_count(p, LIMIT_ANSWER_TRANSACTIONS, 1, &n))
		return false;
	x->transaction_count = n;
	if (n != 0)
		x->transactions =
		    arena_take(a, room_for(n) * sizeof(*x->transactions));
	for (size_t i = 0; i < n; i++)
		if (!take_transaction(p, &x->transactions[i]))
			return false;
	return true;
}

/* Flag, map of the items, number of transactions. */
#define ACCOUNT_LEAST (1 + (ANSWER_COUNT + 7) / 8 + 1)

static bool take_accounts(struct arena *a, struct pack *p, struct answer *x)
{
	size_t n;

	if (!take_count(p, LIMIT_ANSWER_ACCOUNTS, ACCOUNT_LEAST, &n) || n == 0)
		return false;
	x->account_count = n;
	x->accounts = arena_take(a, room_for(n) * sizeof(*x->accounts));
	for (size_t i = 0; i < n; i++)
		if (!take_account(a, p, &x->accounts[i]))
			return false;
	return true;
}

static bool take_others(struct arena *a, struct pack *p, struct answer *x)
{
	size_t n;

	if (!take_count(p, LIMIT_ANSWER_OTHERS, 1, &n) || n == 0)
		return false;
	x->other_count = n;
	x->others = arena_take(a, room_for(n) * sizeof(*x->others));
	for (size_t i = 0; i < n; i++)
		if (!take_other(p, &x->others[i]))
			return false;
	return true;
}

bool answer_unpack(
    struct arena *a, struct bytes in, struct answer *out, size_t *used)
{
	struct pack p = {in.p, in.n};
	unsigned version;
	unsigned class;
	unsigned has;

	memset(out, 0, sizeof(*out));
	if (!pack_byte(&p, VERSION, &version) || version != VERSION ||
	    !pack_byte(&p, CLASS_COUNT - 1, &class) ||
	    !pack_byte(&p, HAS_ALL, &has) ||
	    !pack_fields(&p, LIMIT_FIELD, out->f, ANSWER_COUNT))
		return false;
	out->class = (enum answer_class) class;
	if (((has & HAS_RAW) && !take_raw(&p, out->raw)) ||
	    ((has & HAS_ACCOUNTS) && !take_accounts(a, &p, out)) ||
	    ((has & HAS_OTHERS) && !take_others(a, &p, out)))
		return false;
	if ((has & HAS_RECORD) &&
	    (!pack_bytes(&p, LIMIT_ANSWER_RECORD, &out->record) ||
		out->record.n == 0))
		return false;
	*used = in.n - p.n;
	return true;
}
