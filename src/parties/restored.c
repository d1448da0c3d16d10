/* restored.c — see restored.h. */
#include "parties/restored.h"

#include "base/log.h"
#include "parties/status.h"

#define AGAIN_ROWS 1000 /* of the outbox in one transaction */

/* A status of no authority: between neighbours. */
static enum err_class make(struct party_context *c, const char *to,
    json_t *meta, struct party_sending *out, struct err *e)
{
	struct content content = {.meta = meta};
	struct header h;
	enum err_class class;

	status_header(&h, "", to, c->now_us);
	class = party_make(c, &h, &content, out, e);
	content_fini(&content);
	return class;
}

/* ---- the restored node asks ---- */

struct asking {
	struct party_context *c;
	int64_t point_us;
	struct party_sending *sending;
	size_t n;
};

/* The one integer that it gives. */
static enum err_class read_point(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *a = arg;

	return store_one_int(tx, STMT_RESTORED_POINT, NULL, 0, &a->point_us, e);
}

static enum err_class ask_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct asking *a = arg;
	struct party_context *c = a->c;

	for (size_t i = 0; i < a->n; i++) {
		const struct party_sending *s = &a->sending[i];

		TRY(STORE_DO(tx, STMT_RESTORED_ASK, e, store_z(s->next_hop),
		    store_int(a->point_us), store_int(c->now_us)));
		TRY(party_send(tx, s, c->now_us, e));
		TRY(STORE_DO(
		    tx, STMT_RESTORED_FIRST, e, store_z(s->message.h.id)));
	}
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "work",
		.action = "change",
		.kind = "node",
		.object = text_z(c->node->code),
		.authority = "",
		.purpose = "バックアップからの復元",
		.records = (int64_t)a->n},
	    c->now_us, &c->random, e);
}

enum err_class restored_ask(
    struct party_context *c, size_t *asked, struct err *e)
{
	struct asking a = {.c = c};
	char point[CLOCK_TEXT];

	*asked = 0;
	TRY(store_read(c->store, read_point, &a, e));
	clock_format(a.point_us, point);
	a.sending =
	    arena_zero(c->arena, peers_count(c->peers) + 1, sizeof(*a.sending));
	for (size_t i = 0; i < peers_count(c->peers); i++) {
		const struct peer *p = peers_at(c->peers, i);

		/* Who is reached through another has sent to that one. */
		if (p->url[0] == '\0')
			continue;
		TRY(make(c, p->code, json_pack("{s:s}", "restored", point),
		    &a.sending[a.n], e));
		a.n++;
	}
	TRY(store_run(c->store, ask_write, &a, e));
	*asked = a.n;
	return ERR_NONE;
}

struct leaving {
	struct party_context *c;
	const char *code;
};

static enum err_class leave(struct store_tx *tx, void *arg, struct err *e)
{
	const struct leaving *l = arg;
	int64_t changed;

	TRY(store_do(tx, STMT_RESTORED_HEARD,
	    STORE_VALUES(store_z(l->code), store_int(l->c->now_us),
		store_int(0), store_int(0)),
	    &changed, e));
	return changed == 1 ? ERR_NONE
			    : err_set(e, ERR_INPUT, "peer.code",
				  "問い合わせた相手ではありません",
				  "that peer was not asked");
}

enum err_class restored_without(
    struct party_context *c, const char *code, struct err *e)
{
	struct leaving l = {.c = c, .code = code};

	return store_run(c->store, leave, &l, e);
}

enum err_class restored_look(
    struct store_tx *tx, struct restored_state *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_RESTORED_STATE, NULL, 0, &r, &found, e));
	out->at_us = found ? store_get_int(r, 0) : 0;
	out->asking = found && store_get_int(r, 1) > 0;
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class wait(struct err *e)
{
	return err_set(e, ERR_BUSY, "node.restored",
	    "復元後、接続先からの再送を待っています",
	    "restored from a copy: its peers have not sent again yet");
}

enum err_class restored_ready(struct store_tx *tx, struct err *e)
{
	struct restored_state s;

	TRY(restored_look(tx, &s, e));
	return s.asking ? wait(e) : ERR_NONE;
}

enum err_class restored_each(struct store_tx *tx,
    void (*row)(void *ctx, const struct restored_peer *p), void *ctx,
    struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_RESTORED_LIST, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		row(ctx, &(const struct restored_peer){
			     .code = store_get_text(r, 0),
			     .point_us = store_get_int(r, 1),
			     .asked_us = store_get_int(r, 2),
			     .heard_us = store_get_int(r, 3),
			     .again = store_get_int(r, 4),
			 });
	store_rows_close(r);
	return class;
}

/* ---- its neighbour sends again, and answers ---- */

struct word {
	struct party_context *c;
	const struct message *m;
	int64_t since_us;
	int64_t again;
	int64_t wave;
	struct party_sending answer;
};

static enum err_class read_lost(struct store_tx *tx, void *arg, struct err *e)
{
	struct word *w = arg;
	const struct store_value v[] = {
	    store_z(w->m->h.origin), store_int(w->since_us)};

	TRY(store_one_int(tx, STMT_OUTBOX_SENT_SINCE, v, 2, &w->again, e));
	return store_one_int(tx, STMT_RESTORED_WAVE, v, 1, &w->wave, e);
}

static enum err_class send_again(struct store_tx *tx, void *arg, struct err *e)
{
	const struct word *w = arg;

	return STORE_DO(tx, STMT_OUTBOX_SEND_AGAIN, e, store_z(w->m->h.origin),
	    store_int(w->since_us), store_int(w->c->now_us),
	    store_int(AGAIN_ROWS));
}

static enum err_class answer_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct word *w = arg;

	TRY(party_take(tx, w->m, e));
	return party_send(tx, &w->answer, w->c->now_us, e);
}

/* In bounded transactions, as many as there were rows to begin with: another
 * worker may deliver them meanwhile. */
static enum err_class asked(struct word *w, int64_t point_us, struct err *e)
{
	struct party_context *c = w->c;

	w->since_us = point_us - RESTORED_SKEW;
	TRY(store_read(c->store, read_lost, w, e));
	for (int64_t n = 0; n < w->again; n += AGAIN_ROWS)
		TRY(store_run(c->store, send_again, w, e));
	TRY(make(c, w->m->h.origin,
	    json_pack("{s:I,s:I}", "again", (json_int_t)w->again, "wave",
		(json_int_t)w->wave),
	    &w->answer, e));
	TRY(store_run(c->store, answer_write, w, e));
	log_line("work", "%s was restored: %lld messages are sent again",
	    w->m->h.origin, (long long)w->again);
	return ERR_NONE;
}

static enum err_class heard(struct store_tx *tx, void *arg, struct err *e)
{
	const struct word *w = arg;

	TRY(party_take(tx, w->m, e));
	return STORE_DO(tx, STMT_RESTORED_HEARD, e, store_z(w->m->h.origin),
	    store_int(w->c->now_us), store_int(w->again), store_int(w->wave));
}

bool restored_is(const struct party_context *c, const struct message *m)
{
	return m->h.kind == KIND_STATUS && m->h.authority[0] == '\0' &&
	       strcmp(m->h.to, c->node->code) == 0;
}

static enum err_class say(struct word *w, const json_t *meta, struct err *e)
{
	const char *point =
	    json_string_value(json_object_get(meta, "restored"));
	int64_t point_us;

	w->again = json_integer_value(json_object_get(meta, "again"));
	w->wave = json_integer_value(json_object_get(meta, "wave"));
	if (point == NULL && json_is_integer(json_object_get(meta, "again")) &&
	    w->wave >= 0)
		return store_run(w->c->store, heard, w, e);
	w->again = w->wave = 0;
	if (point == NULL || !clock_parse(text_z(point), &point_us))
		return err_set(e, ERR_INPUT, "message.malformed",
		    "復元の通知の形式が正しくありません",
		    "neither a restored node's asking nor an answer to it");
	return asked(w, point_us, e);
}

enum err_class restored_message(
    struct party_context *c, const struct message *m, struct err *e)
{
	const struct peer *p = peers_of(c->peers, m->h.origin);
	struct word w = {.c = c, .m = m};
	struct content content;
	enum err_class class;

	if (p == NULL || p->url[0] == '\0')
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "直接の接続先だけが求められます",
		    "only a neighbour may ask for that");
	TRY(message_open(c->keys, m, c->arena, &content, e));
	class = say(&w, content.meta, e);
	content_fini(&content);
	return class;
}

/* ---- what may have been lost ---- */

struct unknown {
	const struct header *h;
	enum store_statement known;
	bool found;
};

static enum err_class find(struct store_tx *tx, void *arg, struct err *e)
{
	struct unknown *u = arg;
	struct store_rows *r;

	TRY(store_one(tx, u->known,
	    STORE_VALUES(store_z(u->h->authority), store_z(u->h->file)), &r,
	    &u->found, e));
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class restored_file(struct party_context *c, const struct message *m,
    enum store_statement known, struct err *e)
{
	struct unknown u = {.h = &m->h, .known = known};

	if (c->restored_us == 0 || m->h.file[0] == '\0' ||
	    c->now_us - c->restored_us > RESTORED_MEMORY)
		return ERR_NONE;
	TRY(store_read(c->store, find, &u, e));
	return u.found ? ERR_NONE : wait(e);
}
