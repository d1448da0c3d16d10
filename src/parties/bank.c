/* bank.c — the bank's messages and timer. */
#include "parties/bank.h"

#include "base/log.h"
#include "parties/bank_keep.h"
#include "parties/refused.h"
#include "parties/status.h"

struct cancel {
	struct party_context *c;
	const struct message *m;
	const json_t *gone; /* answers that the ward knows did not stand */
	char state[16];
	bool reopened; /* answered, and no answer of it stands */
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
	if (strcmp(x->state, "answered") != 0)
		return ERR_NONE;
	TRY(bank_answer_stands(tx, x->c, x->m->h.authority, x->m->h.file,
	    x->gone, &x->reopened, e));
	x->reopened = !x->reopened;
	return ERR_NONE;
}

/* Nobody answers it again from now on. */
static enum err_class cancel_reopened(
    struct store_tx *tx, const struct cancel *x, struct err *e)
{
	int64_t changed = 0;
	bool stands;

	TRY(bank_answer_stands(
	    tx, x->c, x->m->h.authority, x->m->h.file, x->gone, &stands, e));
	if (!stands)
		TRY(store_do(tx, STMT_BANK_FILE_CANCEL,
		    STORE_VALUES(
			store_z(x->m->h.authority), store_z(x->m->h.file)),
		    &changed, e));
	return changed == 1 ? ERR_NONE
			    : err_set(e, ERR_BUSY, "party.done",
				  "すでに処理されています",
				  "it has just been answered again");
}

static enum err_class cancel_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct cancel *x = arg;

	TRY(party_take(tx, x->m, e));
	if (x->reopened)
		TRY(cancel_reopened(tx, x, e));
	TRY(party_send(tx, &x->to_ward, x->c->now_us, e));
	return party_send(tx, &x->to_unit, x->c->now_us, e);
}

/*
 * A request file looks for a waiting cancellation before it is answered
 * (bank_request.c), so by now the file's row tells which was quicker.
 */
static enum err_class cancel(struct cancel *x, struct err *e)
{
	const struct message *m = x->m;
	struct header about = m->h;
	const char *state;

	TRY(store_read(x->c->store, cancel_read, x, e));
	if (x->state[0] == '\0')
		return err_set(e, ERR_BUSY, "bank.no_file",
		    "取下げる照会ファイルがまだ届いていません",
		    "the file to cancel has not arrived yet");
	state = x->state;
	if (strcmp(state, "answered") == 0)
		state = x->reopened ? "cancelled" : "too late";
	about.records = x->records;
	TRY(status_of_file(
	    x->c, &about, m->h.authority, state, &x->to_ward, e));
	TRY(status_of_file(x->c, &about, x->unit, state, &x->to_unit, e));
	return store_run(x->c->store, cancel_write, x, e);
}

enum err_class bank_cancel(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct cancel x = {.c = c, .m = m};
	struct content content;
	enum err_class class;

	if (strcmp(m->h.origin, m->h.authority) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "取下げは当該自治体だけができます",
		    "only the ward itself may cancel");
	TRY(message_open(c->keys, m, c->arena, &content, e));
	x.gone = json_object_get(content.meta, "gone");
	class = cancel(&x, e);
	content_fini(&content);
	return class;
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

struct note {
	struct party_context *c;
	const struct message *m;
	struct refused_told told;
	bool ward; /* it is the ward itself that says it */
};

static enum err_class note_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct note *n = arg;

	TRY(party_take(tx, n->m, e));
	TRY(refused_take(tx, n->c, &n->told, e));
	if (n->ward || n->told.kept > 0)
		return ERR_NONE;
	return err_set(e, ERR_DENIED, "message.not_allowed",
	    "当該自治体からのみ受け付けます",
	    "only the ward itself may say so");
}

/*
 * Answers of ours were refused, or the ward's check returned an answer file:
 * the operator is told. Nothing is answered again by itself: a person does
 * (bank_answer_again).
 */
static enum err_class note_status(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct note n = {.c = c,
	    .m = m,
	    .told = {.peer = peers_of(c->peers, m->h.origin),
		.authority = m->h.authority},
	    .ward = strcmp(m->h.origin, m->h.authority) == 0};
	struct content content;
	enum err_class class;

	if (n.told.peer == NULL)
		return err_set(e, ERR_DENIED, "message.unknown_sender",
		    "知らない相手です", "the origin is no peer");
	TRY(message_open(c->keys, m, c->arena, &content, e));
	n.told.meta = content.meta;
	class = store_run(c->store, note_write, &n, e);
	content_fini(&content);
	if (class == ERR_NONE)
		log_line("work", "file %s: %s has %s its answers", m->h.file,
		    m->h.origin, n.told.kept > 0 ? "refused" : "returned");
	return class;
}

static enum err_class message(
    struct party_context *c, const struct message *m, struct err *e)
{
	if (strcmp(m->h.to, c->node->code) == 0) {
		if (m->h.kind == KIND_REQUEST_FILE)
			return bank_request(c, m, e);
		if (m->h.kind == KIND_CANCEL)
			return bank_cancel(c, m, e);
		if (m->h.kind == KIND_STATUS)
			return note_status(c, m, e);
	}
	return err_set(e, ERR_DENIED, "message.not_allowed",
	    "この種類の電文は受け付けません", "this kind is not for a bank");
}

static enum err_class timer(struct party_context *c, struct err *e)
{
	TRY(status_send(c, e));
	return bank_keep(c, e);
}

const struct party party_bank = {
    .message = message,
    .timer = timer,
};
