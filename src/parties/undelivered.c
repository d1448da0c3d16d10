/* undelivered.c — see undelivered.h. */
#include "parties/undelivered.h"

#include "base/log.h"
#include "exchange/receipt.h"
#include "parties/refused.h"

struct undelivered {
	struct party_context *c;
	bool found;
	int64_t seq;
	int64_t code;
	struct message message;
	struct refused refused;
};

static enum err_class find(struct store_tx *tx, void *arg, struct err *e)
{
	struct undelivered *u = arg;
	struct store_rows *r;
	char id[HEADER_ID] = "";
	bool known;

	TRY(store_one(tx, STMT_OUTBOX_UNTOLD, NULL, 0, &r, &u->found, e));
	if (u->found) {
		struct text t = store_get_text(r, 1);

		u->seq = store_get_int(r, 0);
		u->code = store_get_int(r, 2);
		(void)snprintf(id, sizeof(id), "%.*s", (int)t.n, t.p);
	}
	store_rows_close(r);
	return u->found
		   ? message_load(tx, id, u->c->arena, &u->message, &known, e)
		   : ERR_NONE;
}

/* Nobody took it in its time, or its next hop said why not. */
static const char *reason(const struct undelivered *u)
{
	const char *name = receipt_code_name((int)u->code);

	return arena_printf(u->c->arena, "message.%s",
	    u->code != 0 && name != NULL ? name : "expired");
}

static enum err_class write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct undelivered *u = arg;
	int64_t changed;

	TRY(store_do(tx, STMT_OUTBOX_TOLD, STORE_VALUES(store_int(u->seq)),
	    &changed, e));
	if (changed == 0)
		return ERR_NONE; /* another worker was quicker */
	return refused_counts(u->message.h.kind)
		   ? refused_write(tx, u->c, &u->refused, e)
		   : ERR_NONE;
}

enum err_class undelivered_tell(struct party_context *c, struct err *e)
{
	struct undelivered u = {.c = c};
	const struct header *h = &u.message.h;

	TRY(store_read(c->store, find, &u, e));
	if (!u.found)
		return ERR_NONE;
	if (refused_counts(h->kind))
		TRY(refused_make(c, h, reason(&u), &u.refused, e));
	TRY(store_run(c->store, write, &u, e));
	log_line("work", "%s %s for %s was not taken: %ld",
	    header_kind_name(h->kind), h->id, h->to, (long)u.code);
	return ERR_NONE;
}
