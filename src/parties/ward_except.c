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
