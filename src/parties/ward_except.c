/* ward_except.c — see ward_except.h. */
#include "parties/ward_except.h"

static enum err_class tally(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, int64_t n, struct err *e)
{
	return STORE_DO(tx, STMT_WARD_EXCEPTION_TALLY, e,
	    store_z(c->node->code), store_int(x->wave), store_z(x->institution),
	    store_z(x->kind), store_z(x->reason), store_int(n));
}

enum err_class ward_except_put(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, struct err *e)
{
	int64_t added;

	TRY(store_do(tx, STMT_WARD_EXCEPTION_PUT,
	    STORE_VALUES(store_z(c->node->code), store_int(x->wave),
		store_z(x->institution), store_int(x->ordinal),
		store_z(x->kind), store_z(x->reason), store_z(x->item),
		store_int(x->at), store_z(x->bad)),
	    &added, e));
	return added == 1 ? tally(tx, c, x, 1, e) : ERR_NONE;
}

static bool in_order(const struct ward_except *x, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (x[i].ordinal <= x[i - 1].ordinal)
			return false;
	return true;
}

/* Of x those that are not there yet, in their order. */
struct fresh {
	struct ward_except *x;
	size_t n;
};

static enum err_class without_known(struct store_tx *tx,
    struct party_context *c, const struct ward_except *x, size_t n,
    struct fresh *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	size_t i = 0;
	bool more;

	*out = (struct fresh){.x = arena_take(c->arena, n * sizeof(*x))};
	TRY(store_query(tx, STMT_WARD_EXCEPTIONS_IN,
	    STORE_VALUES(store_z(c->node->code), store_int(x->wave),
		store_z(x->institution), store_int(x->ordinal),
		store_int(x[n - 1].ordinal)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		int64_t known = store_get_int(r, 0);

		for (; i < n && x[i].ordinal < known; i++)
			out->x[out->n++] = x[i];
		i += i < n && x[i].ordinal == known;
	}
	store_rows_close(r);
	for (; i < n; i++)
		out->x[out->n++] = x[i];
	return class;
}

static enum err_class put_fresh(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, size_t n, struct err *e)
{
	const struct store_value same[] = {store_z(c->node->code),
	    store_int(x->wave), store_z(x->institution)};
	struct store_value *v = arena_take(c->arena, 6 * n * sizeof(*v));
	struct store_column columns[9];

	for (size_t k = 0; k < 9; k++)
		columns[k] = (struct store_column){
		    .same = k < 3, .v = k < 3 ? &same[k] : v + (k - 3) * n};
	for (size_t i = 0; i < n; i++) {
		v[i] = store_int(x[i].ordinal);
		v[n + i] = store_z(x[i].kind);
		v[2 * n + i] = store_z(x[i].reason);
		v[3 * n + i] = store_z(x[i].item);
		v[4 * n + i] = store_int(x[i].at);
		v[5 * n + i] = store_z(x[i].bad);
	}
	return store_each(tx, STMT_WARD_EXCEPTION_PUT, columns, 9, n, NULL, e);
}

static bool alike(const struct ward_except *x, const struct ward_except *y)
{
	return strcmp(x->kind, y->kind) == 0 &&
	       strcmp(x->reason, y->reason) == 0;
}

/* One change of the count for each kind and reason among them: few. */
static enum err_class tally_all(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, size_t n, struct err *e)
{
	bool *counted = arena_zero(c->arena, n, sizeof(*counted));

	for (size_t i = 0; i < n; i++) {
		int64_t count = 1;

		if (counted[i])
			continue;
		for (size_t k = i + 1; k < n; k++)
			if (!counted[k] && alike(&x[i], &x[k])) {
				counted[k] = true;
				count++;
			}
		TRY(tally(tx, c, &x[i], count, e));
	}
	return ERR_NONE;
}

enum err_class ward_except_put_all(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, size_t n, struct err *e)
{
	struct fresh fresh;

	if (!in_order(x, n)) {
		for (size_t i = 0; i < n; i++)
			TRY(ward_except_put(tx, c, &x[i], e));
		return ERR_NONE;
	}
	TRY(without_known(tx, c, x, n, &fresh, e));
	if (fresh.n == 0)
		return ERR_NONE;
	TRY(put_fresh(tx, c, fresh.x, fresh.n, e));
	return tally_all(tx, c, fresh.x, fresh.n, e);
}

enum err_class ward_except_drop(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, struct err *e)
{
	const struct store_value key[] = {store_z(c->node->code),
	    store_int(x->wave), store_z(x->institution), store_int(x->ordinal)};
	struct ward_except old = *x;
	struct store_rows *r;
	int64_t dropped = 0;
	bool found;

	TRY(store_one(tx, STMT_WARD_EXCEPTION_GET, key, 4, &r, &found, e));
	if (found) {
		old.kind = ward_column(c->arena, r, 0);
		old.reason = ward_column(c->arena, r, 1);
	}
	store_rows_close(r);
	if (found)
		TRY(store_do(tx, STMT_EXCEPTION_DROP, key, 4, &dropped, e));
	return dropped == 1 ? tally(tx, c, &old, -1, e) : ERR_NONE;
}

enum err_class ward_except_range(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, int64_t from, int64_t to, struct err *e)
{
	const struct store_value v[] = {store_z(c->node->code),
	    store_int(x->wave), store_z(x->kind), store_z(x->reason),
	    store_int(from), store_int(to)};

	/* Counted while those to be added are not there yet. */
	TRY(store_do(tx, STMT_WARD_EXCLUDE_RANGE_TALLY, v, 6, NULL, e));
	return store_do(tx, STMT_WARD_EXCLUDE_RANGE, v, 6, NULL, e);
}

enum err_class ward_except_count(struct store_tx *tx, struct party_context *c,
    const struct ward_except *x, int64_t n, struct err *e)
{
	return STORE_DO(tx, STMT_WARD_EXCLUDE_TALLY, e, store_z(c->node->code),
	    store_int(x->wave), store_z(x->kind), store_z(x->reason),
	    store_int(n));
}
