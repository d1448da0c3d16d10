/* tend.c — see tend.h. */
#include "exchange/tend.h"

#include "exchange/delivery.h"
#include "exchange/folder.h"

#include <stdio.h>

#define RECIPIENTS_MAX 1024

struct tending {
	const struct tend *t;
	char code[RECIPIENTS_MAX][NODE_CODE];
	size_t n;
};

static enum err_class list(struct store_tx *tx, void *arg, struct err *e)
{
	struct tending *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	x->n = 0;
	TRY(store_query(tx, STMT_OUTBOX_RECIPIENTS, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       x->n < RECIPIENTS_MAX) {
		struct text t = store_get_text(r, 0);

		if (t.n < NODE_CODE)
			(void)snprintf(
			    x->code[x->n++], NODE_CODE, "%.*s", (int)t.n, t.p);
	}
	store_rows_close(r);
	return class;
}

static bool carried(const struct tend *t, const char *code)
{
	return node_link_of(t->node, code) == LINK_FOLDER;
}

/* As work.c asks before it delivers. */
static bool delivered_to(const struct tend *t, const char *code)
{
	const struct peer *p = peers_of(t->peers, code);

	return p != NULL && (p->url[0] != '\0' || carried(t, code)) &&
	       peers_in_force(p, t->now_us);
}

static enum err_class tend_one(
    struct store_tx *tx, const struct tend *t, const char *code, struct err *e)
{
	int64_t longest = carried(t, code) ? FOLDER_AGAIN : DELIVERY_LONGEST;

	if (!delivered_to(t, code))
		return STORE_DO(tx, STMT_OUTBOX_EXPIRE_LOST, e, store_z(code),
		    store_int(t->now_us), store_int(TEND_ROWS));
	return STORE_DO(tx, STMT_OUTBOX_NEARER, e, store_z(code),
	    store_int(t->now_us + longest), store_int(t->now_us),
	    store_int(t->opens_us));
}

struct one {
	const struct tend *t;
	const char *code;
	bool needed;
};

static enum err_class look(struct store_tx *tx, void *arg, struct err *e)
{
	struct one *o = arg;
	bool lost = !delivered_to(o->t, o->code);
	int64_t longest =
	    carried(o->t, o->code) ? FOLDER_AGAIN : DELIVERY_LONGEST;
	struct store_rows *r;

	TRY(store_one(tx, lost ? STMT_OUTBOX_LOST_SOME : STMT_OUTBOX_FAR_SOME,
	    STORE_VALUES(store_z(o->code),
		store_int(o->t->now_us + (lost ? 0 : longest))),
	    &r, &o->needed, e));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct one *o = arg;

	return tend_one(tx, o->t, o->code, e);
}

enum err_class tend_outbox(struct store *s, const struct tend *t, struct err *e)
{
	struct tending x = {.t = t};

	TRY(store_read(s, list, &x, e));
	for (size_t i = 0; i < x.n; i++) {
		struct one o = {.t = t, .code = x.code[i]};

		/* Most often there is nothing to write. */
		TRY(store_read(s, look, &o, e));
		if (o.needed)
			TRY(store_run(s, write, &o, e));
	}
	return ERR_NONE;
}
