/* bank.c — the bank's messages and timer. */
#include "parties/bank.h"

#include "base/log.h"
#include "parties/status.h"

struct cancel {
	struct party_context *c;
	const struct message *m;
	char state[16];
	char unit[NODE_CODE];
	int64_t records;
	struct party_sending to_ward;
	struct party_sending to_unit;
};

static enum err_class cancel_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct cancel *x = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_BANK_FILE_GET,
	    STORE_VALUES(store_z(x->m->h.authority), store_z(x->m->h.file)), &r,
	    &found, e));
	if (found) {
		struct text state = store_get_text(r, 0);
		struct text unit = store_get_text(r, 3);

		(void)snprintf(
		    x->state, sizeof(x->state), "%.*s", (int)state.n, state.p);
		(void)snprintf(
		    x->unit, sizeof(x->unit), "%.*s", (int)unit.n, unit.p);
		x->records = store_get_int(r, 1);
	}
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class cancel_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct cancel *x = arg;

	TRY(party_take(tx, x->m, e));
	TRY(party_send(tx, &x->to_ward, x->c->now_us, e));
	return party_send(tx, &x->to_unit, x->c->now_us, e);
}

/*
 * A request file looks for a waiting cancellation before it is answered
 * (bank_request.c), so by now the file's row tells which was quicker.
 */
enum err_class bank_cancel(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct cancel x = {.c = c, .m = m};
	struct header about = m->h;
	const char *state;

	if (strcmp(m->h.origin, m->h.authority) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "取下げは当該自治体だけができます",
		    "only the ward itself may cancel");
	TRY(store_read(c->store, cancel_read, &x, e));
	if (x.state[0] == '\0')
		return err_set(e, ERR_BUSY, "bank.no_file",
		    "取下げる照会ファイルがまだ届いていません",
		    "the file to cancel has not arrived yet");
	state = strcmp(x.state, "answered") == 0 ? "too late" : x.state;
	about.records = x.records;
	TRY(status_of_file(c, &about, m->h.authority, state, &x.to_ward, e));
	TRY(status_of_file(c, &about, x.unit, state, &x.to_unit, e));
	return store_run(c->store, cancel_write, &x, e);
}

enum err_class bank_status_files(struct store_tx *tx, const char *authority,
    size_t max, json_t *files, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_BANK_FILE_UNREPORTED,
	    STORE_VALUES(store_z(authority), store_int((int64_t)max)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text t[4] = {store_get_text(r, 0), store_get_text(r, 2),
		    store_get_text(r, 4), store_get_text(r, 5)};

		json_array_append_new(files,
		    json_pack("{s:s%,s:I,s:s%,s:I,s:s%,s:s%}", "file", t[0].p,
			t[0].n, "wave", (json_int_t)store_get_int(r, 1), "hub",
			t[1].p, t[1].n, "records",
			(json_int_t)store_get_int(r, 3), "state", t[2].p,
			t[2].n, "as_of", t[3].p, t[3].n));
	}
	store_rows_close(r);
	return class;
}

struct refusal {
	struct party_context *c;
	const struct message *m;
	const char *code;
	struct party_sending to_ward;
	struct party_sending to_unit;
};

/* What asks the file back finds it here. */
static enum err_class refused_file(
    struct store_tx *tx, const struct refusal *r, struct err *e)
{
	const struct header *h = &r->m->h;

	return STORE_DO(tx, STMT_BANK_FILE_ADD, e, store_z(h->authority),
	    store_z(h->file), store_int(h->wave), store_z(h->id),
	    store_z(h->hub), store_z(node_link_name(h->link)),
	    store_z(h->origin), store_z("refused"), store_int(h->records),
	    store_int(r->c->now_us), store_int(0), store_int(0), store_int(0),
	    store_z(""), store_int(1));
}

static enum err_class refuse_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct refusal *r = arg;
	enum inbox_state was;

	TRY(inbox_mark(tx, r->m->h.id, INBOX_REFUSED, r->code, &was, e));
	if (was != INBOX_WAITING)
		return err_set(e, ERR_BUSY, "party.done",
		    "すでに処理されています", "already done by another worker");
	TRY(refused_file(tx, r, e));
	TRY(party_send(tx, &r->to_ward, r->c->now_us, e));
	return party_send(tx, &r->to_unit, r->c->now_us, e);
}

struct asker {
	const struct message *m;
	bool here; /* a copy of the file is answered, or cancelled, already */
};

static enum err_class asker_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct asker *a = arg;
	struct store_rows *r;

	TRY(store_one(tx, STMT_BANK_FILE_GET,
	    STORE_VALUES(store_z(a->m->h.authority), store_z(a->m->h.file)), &r,
	    &a->here, e));
	store_rows_close(r);
	return ERR_NONE;
}

/* S2: what somebody else sends under a file's name says nothing of that
 * file, nor does a second copy of one that is here. */
static enum err_class speaks_of_file(
    struct party_context *c, const struct message *m, bool *out, struct err *e)
{
	const struct peer *unit = peers_of(c->peers, m->h.origin);
	struct asker a = {.m = m};

	*out = false;
	if (unit == NULL || unit->party != STORE_UNIT ||
	    strcmp(m->h.institution, c->node->code) != 0)
		return ERR_NONE;
	TRY(store_read(c->store, asker_read, &a, e));
	*out = !a.here;
	return ERR_NONE;
}

/* A whole file is refused: ward and unit are told, or it would be pending
 * for ever. */
static enum err_class refuse_file(struct party_context *c,
    const struct message *m, const struct err *why, struct err *e)
{
	struct refusal r = {.c = c, .m = m, .code = why->code};
	bool speaks;

	TRY(speaks_of_file(c, m, &speaks, e));
	if (!speaks)
		return ERR_NONE;
	TRY(status_of_file(c, &m->h, m->h.authority, "refused", &r.to_ward, e));
	TRY(status_of_file(c, &m->h, m->h.origin, "refused", &r.to_unit, e));
	return store_run(c->store, refuse_write, &r, e);
}

static enum err_class request(
    struct party_context *c, const struct message *m, struct err *e)
{
	enum err_class class = bank_request(c, m, e);
	enum err_class told;
	struct err other;

	if (class == ERR_BUSY && strcmp(e->code, "bank.no_import") == 0 &&
	    m->h.expires_us < c->now_us)
		class = err_set(e, ERR_INPUT, "message.expired",
		    "有効期限内に処理できませんでした",
		    "it could not be done while it was valid");
	switch (class) {
	case ERR_INPUT:
	case ERR_LIMIT:
	case ERR_DENIED:
		told = refuse_file(c, m, e, &other);
		/* Refused only together with the word that it is. */
		if (told == ERR_FAULT || told == ERR_BUSY) {
			*e = other;
			return told;
		}
		return class;
	case ERR_NONE:
	case ERR_BUSY:
	case ERR_UNSURE:
	case ERR_FAULT:
		return class;
	}
	return class;
}

static enum err_class note_write(struct store_tx *tx, void *arg, struct err *e)
{
	return party_take(tx, arg, e);
}

/*
 * The ward's check returned an answer file, or the ward says something else
 * about a file of ours: the operator is told. Nothing is answered again by
 * itself: the answers stand as they were signed.
 */
static enum err_class note_status(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct message copy = *m;

	if (strcmp(m->h.origin, m->h.authority) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "当該自治体からのみ受け付けます",
		    "only the ward itself may say so");
	TRY(store_run(c->store, note_write, &copy, e));
	log_line(
	    "work", "file %s: the ward has returned its answers", m->h.file);
	return ERR_NONE;
}

static enum err_class message(
    struct party_context *c, const struct message *m, struct err *e)
{
	if (strcmp(m->h.to, c->node->code) == 0) {
		if (m->h.kind == KIND_REQUEST_FILE)
			return request(c, m, e);
		if (m->h.kind == KIND_CANCEL)
			return bank_cancel(c, m, e);
		if (m->h.kind == KIND_STATUS)
			return note_status(c, m, e);
	}
	return err_set(e, ERR_DENIED, "message.not_allowed",
	    "この種類の電文は受け付けません", "this kind is not for a bank");
}

const struct party party_bank = {
    .message = message,
    .timer = status_send,
};
