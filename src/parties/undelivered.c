/* undelivered.c — see undelivered.h. */
#include "parties/undelivered.h"

#include "base/log.h"
#include "parties/status.h"
#include "parties/ward_file.h"

struct undelivered {
	struct party_context *c;
	bool found;
	int64_t seq;
	int64_t code;
	struct message message;
	/* Who is told. */
	struct party_sending told[2];
	size_t count;
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

/* Whom no way leads to any more cannot be told. */
static enum err_class tell(struct undelivered *u, const char *to, struct err *e)
{
	struct party_context *c = u->c;
	enum err_class class;

	if (strcmp(to, c->node->code) == 0)
		return ERR_NONE;
	class = status_of_file(
	    c, &u->message.h, to, "refused", &u->told[u->count], e);
	if (class == ERR_INPUT)
		return ERR_NONE;
	u->count += class == ERR_NONE;
	return class;
}

/* The same here: what waits for the file waits no longer. */
static enum err_class mark_own(
    struct store_tx *tx, const struct undelivered *u, struct err *e)
{
	const struct header *h = &u->message.h;
	const struct store_value v[] = {
	    store_z(h->authority), store_z(h->file)};

	switch (u->c->node->party) {
	case STORE_WARD:
		return ward_file_said(
		    tx, u->c, h->file, u->c->node->code, "refused", e);
	case STORE_UNIT:
		return STORE_DO(tx, STMT_UNIT_FILE_REFUSED, e, v[0], v[1]);
	case STORE_HUB:
		return STORE_DO(tx, STMT_HUB_FILE_REFUSED, e, v[0], v[1]);
	case STORE_BANK:
		break;
	}
	return ERR_NONE;
}

static enum err_class write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct undelivered *u = arg;
	int64_t changed;

	TRY(store_do(tx, STMT_OUTBOX_TOLD, STORE_VALUES(store_int(u->seq)),
	    &changed, e));
	if (changed == 0)
		return ERR_NONE; /* another worker was quicker */
	if (u->message.h.kind == KIND_REQUEST_FILE)
		TRY(mark_own(tx, u, e));
	for (size_t i = 0; i < u->count; i++)
		TRY(party_send(tx, &u->told[i], u->c->now_us, e));
	return ERR_NONE;
}

enum err_class undelivered_tell(struct party_context *c, struct err *e)
{
	struct undelivered u = {.c = c};
	const struct header *h = &u.message.h;

	TRY(store_read(c->store, find, &u, e));
	if (!u.found)
		return ERR_NONE;
	if (h->kind == KIND_REQUEST_FILE) {
		TRY(tell(&u, h->authority, e));
		TRY(tell(&u, h->origin, e));
	}
	TRY(store_run(c->store, write, &u, e));
	log_line("work", "%s %s for %s was not taken: %ld",
	    header_kind_name(h->kind), h->id, h->to, (long)u.code);
	return ERR_NONE;
}
