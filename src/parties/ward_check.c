/* ward_check.c — see ward_check.h. */
#include "parties/ward_check.h"

#include "parties/refused.h"
#include "parties/status.h"
#include "parties/ward_file.h"
#include "parties/ward_wave.h"
#include "record/limits.h"
#include "record/states.h"

#include <stdlib.h>

#define CHECKS_MAX 4096	    /* in one list; more come when these are decided */
#define APPROVED_AT_ONCE 32 /* in one transaction, of some 20 ms */
#define RETURNED "check.returned"

static void take(
    struct arena *a, const struct store_rows *r, struct ward_check *k)
{
	*k = (struct ward_check){
	    .seq = store_get_int(r, 0),
	    .message = ward_column(a, r, 1),
	    .direction = ward_column(a, r, 2),
	    .wave = (uint32_t)store_get_int(r, 3),
	    .hub = ward_column(a, r, 4),
	    .institution = ward_column(a, r, 5),
	    .file = ward_column(a, r, 6),
	    .records = store_get_int(r, 7),
	    .arrived_us = store_get_int(r, 8),
	    .state = ward_column(a, r, 9),
	    .officer = ward_column(a, r, 10),
	    .decided_us = store_get_int(r, 11),
	    .reason = ward_column(a, r, 12),
	};
}

static enum err_class count_stopped(struct store_tx *tx,
    struct party_context *c, struct ward_check *k, struct err *e)
{
	struct store_rows *r;
	bool found;

	if (strcmp(k->direction, "request") != 0)
		return ERR_NONE;
	TRY(store_one(tx, STMT_WARD_CHECK_STOPPED,
	    STORE_VALUES(store_z(c->node->code), store_z(k->file)), &r, &found,
	    e));
	k->stopped = found ? store_get_int(r, 0) : -1;
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class ward_check_list(struct store_tx *tx, struct party_context *c,
    const char *state, const char *file, struct ward_check **out, size_t *n,
    struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*n = 0;
	*out = arena_take(c->arena, CHECKS_MAX * sizeof(**out));
	TRY(store_query(tx,
	    file != NULL ? STMT_WARD_CHECK_OF : STMT_WARD_CHECK_LIST,
	    STORE_VALUES(
		store_z(c->node->code), store_z(file != NULL ? file : state)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       *n < CHECKS_MAX)
		take(c->arena, r, &(*out)[(*n)++]);
	store_rows_close(r);
	for (size_t i = 0; class == ERR_NONE && i < *n; i++)
		class = count_stopped(tx, c, &(*out)[i], e);
	return class;
}

/* Without what was stopped in them since. */
static enum err_class read_after(struct store_tx *tx, struct party_context *c,
    struct ward_check_query *q, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	q->n = 0;
	q->checks = arena_take(c->arena, q->max * sizeof(*q->checks));
	TRY(store_query(tx, STMT_DESK_CHECKS,
	    STORE_VALUES(store_z(c->node->code), store_z(q->state),
		store_int(q->after), store_int((int64_t)q->max)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		take(c->arena, r, &q->checks[q->n++]);
	store_rows_close(r);
	return class;
}

enum err_class ward_check_after(struct store_tx *tx, struct party_context *c,
    struct ward_check_query *q, struct err *e)
{
	TRY(read_after(tx, c, q, e));
	for (size_t i = 0; i < q->n; i++)
		TRY(count_stopped(tx, c, &q->checks[i], e));
	return ERR_NONE;
}

/* A file arrives that is for somebody else. */
struct arriving {
	struct party_context *c;
	const struct message *m;
	struct ward_wave w;
	bool carried; /* files of that institution and hub are */
};

static enum err_class arrive_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct arriving *x = arg;
	const struct header *h = &x->m->h;
	struct store_rows *r;
	bool found;

	TRY(ward_wave_load(tx, x->c, h->wave, &x->w, e));
	TRY(store_one(tx, STMT_WARD_INSTITUTION_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_int(h->wave),
		store_z(h->institution)),
	    &r, &found, e));
	x->carried = found && text_is(store_get_text(r, 0), h->hub) &&
		     !text_is(store_get_text(r, 1), "direct");
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class not_allowed(struct err *e, const char *en)
{
	err_set(e, ERR_DENIED, "message.not_allowed",
	    "この照会のファイルではありません", en);
	return ERR_DENIED;
}

/* Who may send what: a request by the unit under our own approval (S2, S4),
 * an answer by its bank. */
static enum err_class check_origin(const struct arriving *x, struct err *e)
{
	const struct header *h = &x->m->h;
	const struct peer *p = peers_of(x->c->peers, h->origin);

	if (p == NULL)
		return not_allowed(e, "the origin is no peer");
	if (h->kind == KIND_ANSWER_FILE && !x->carried)
		return not_allowed(e, "files of that bank are not carried");
	if (h->kind == KIND_ANSWER_FILE)
		return p->party == STORE_BANK &&
			       strcmp(h->origin, h->institution) == 0
			   ? ERR_NONE
			   : not_allowed(e, "answers come from their own bank");
	if (p->party != STORE_UNIT)
		return not_allowed(e, "request files come from the unit");
	return strcmp(h->approval, x->w.approval_digest) == 0
		   ? ERR_NONE
		   : not_allowed(e, "not under the approval of this wave");
}

static enum err_class arrive_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct arriving *x = arg;
	const struct header *h = &x->m->h;
	bool request = h->kind == KIND_REQUEST_FILE;
	enum inbox_state was;

	TRY(inbox_mark(tx, h->id, INBOX_HELD, "", &was, e));
	if (was != INBOX_WAITING)
		return err_set(e, ERR_BUSY, "party.done",
		    "すでに処理されています", "already done by another worker");
	TRY(STORE_DO(tx, STMT_WARD_CHECK_ADD, e, store_z(x->c->node->code),
	    store_z(h->id), store_z(request ? "request" : "answer"),
	    store_int(h->wave), store_z(h->hub), store_z(h->institution),
	    store_z(h->file), store_int(h->records), store_int(x->c->now_us)));
	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = "work",
		.action = "receive",
		.kind = "file",
		.object = h->file,
		.purpose = "確認待ちのファイルの受信",
		.records = h->records},
	    e);
}

enum err_class ward_check_message(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct arriving x = {.c = c, .m = m};
	struct content content;

	TRY(store_read(c->store, arrive_read, &x, e));
	TRY(check_origin(&x, e));
	/* Header and contents that disagree are refused here, too (S2). */
	TRY(message_open(c->keys, m, c->arena, &content, e));
	content_fini(&content);
	return store_run(c->store, arrive_write, &x, e);
}

/* An officer's decision about all that waits of one file. */
struct deciding {
	struct party_context *c;
	const char *file;
	const char *actor;
	const char *reason;
	const char *only; /* this direction alone, or NULL */
	struct ward_check *checks;
	size_t n;
	bool known;
	struct message *messages; /* their headers: payloads are not needed */
	struct party_sending *told;
	int64_t done;
};

static enum err_class read_heads(
    struct store_tx *tx, struct deciding *d, struct err *e)
{
	bool found;

	d->messages = arena_zero(d->c->arena, d->n + 1, sizeof(*d->messages));
	for (size_t i = 0; i < d->n; i++)
		TRY(message_head(
		    tx, d->checks[i].message, &d->messages[i].h, &found, e));
	return ERR_NONE;
}

static enum err_class decide_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct deciding *d = arg;
	size_t all;

	TRY(ward_check_list(tx, d->c, NULL, d->file, &d->checks, &all, e));
	d->known = all > 0;
	d->n = 0;
	for (size_t i = 0; i < all; i++)
		if (strcmp(d->checks[i].state, "waiting") == 0 &&
		    (d->only == NULL ||
			strcmp(d->checks[i].direction, d->only) == 0))
			d->checks[d->n++] = d->checks[i];
	return read_heads(tx, d, e);
}

static enum err_class unknown(struct err *e)
{
	return err_set(e, ERR_INPUT, "check.unknown",
	    "確認するファイルがありません", "there is no such file to check");
}

static enum err_class decided(struct store_tx *tx, struct deciding *d, size_t i,
    const char *state, struct err *e)
{
	int64_t changed;

	TRY(store_do(tx, STMT_WARD_CHECK_DECIDE,
	    STORE_VALUES(store_int(d->checks[i].seq), store_z(state),
		store_z(d->actor), store_int(d->c->now_us), store_z(d->reason)),
	    &changed, e));
	return changed == 1 ? ERR_NONE
			    : err_set(e, ERR_BUSY, "check.busy",
				  "別の担当者が確認しました",
				  "another officer has just decided");
}

static enum err_class approve_one(
    struct store_tx *tx, struct deciding *d, size_t i, struct err *e)
{
	const struct message *m = &d->messages[i];
	bool request = strcmp(d->checks[i].direction, "request") == 0;
	const char *next_hop;
	int check = party_step_no(
	    m->h.link, request ? DEED_CHECK_REQUEST : DEED_CHECK_ANSWER);
	int sent = party_step_no(
	    m->h.link, request ? DEED_REQUEST_CARRIED : DEED_ANSWER_CARRIED);

	TRY(party_next_hop(d->c, &m->h, &next_hop, e));
	TRY(decided(tx, d, i, "approved", e));
	TRY(party_take(tx, m, e));
	TRY(party_step(tx, d->c, &m->h, check, m->h.records, e));
	TRY(message_forward(tx, m, next_hop, m->h.hub, sent, d->c->now_us, e));
	return request ? ward_file_move(tx, d->c, m->h.file, INQUIRY_HANDED, e)
		       : ERR_NONE;
}

static enum err_class decide_log(struct store_tx *tx, const struct deciding *d,
    const char *action, const char *purpose, struct err *e)
{
	int64_t records = 0;

	for (size_t i = 0; i < d->n; i++)
		records += d->checks[i].records;
	return ward_log(tx, d->c,
	    &(const struct ward_act){.actor = d->actor,
		.action = action,
		.kind = "file",
		.object = d->file,
		.purpose = purpose,
		.records = records},
	    e);
}

static enum err_class approve_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct deciding *d = arg;

	for (size_t i = 0; i < d->n; i++)
		TRY(approve_one(tx, d, i, e));
	return decide_log(tx, d, "approve", "ファイルの確認", e);
}

enum err_class ward_check_approve(struct party_context *c, const char *file,
    const struct ward_user *officer, int64_t *done, struct err *e)
{
	struct deciding d = {
	    .c = c, .file = file, .actor = officer->name, .reason = ""};

	TRY(store_read(c->store, decide_read, &d, e));
	*done = (int64_t)d.n;
	if (d.n == 0)
		return d.known ? ERR_NONE : unknown(e);
	return store_run(c->store, approve_write, &d, e);
}

/* Some of what waits: each a decision of its own. */
struct waiting {
	struct deciding some; /* their checks and headers */
	int64_t after;
	int64_t done;
};

static enum err_class waiting_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct waiting *w = arg;
	struct ward_check_query q = {
	    .state = "waiting", .after = w->after, .max = APPROVED_AT_ONCE};

	TRY(read_after(tx, w->some.c, &q, e));
	w->some.checks = q.checks;
	w->some.n = q.n;
	return read_heads(tx, &w->some, e);
}

static enum err_class waiting_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct waiting *w = arg;

	w->done = 0;
	for (size_t i = 0; i < w->some.n; i++) {
		struct deciding one = w->some;
		enum err_class class;

		one.file = one.checks[i].file;
		one.checks += i;
		one.messages += i;
		one.n = 1;
		class = store_savepoint(tx, approve_write, &one, e);
		/* Another officer has just decided: nothing is left to do. */
		if (class == ERR_BUSY &&
		    (strcmp(e->code, "check.busy") == 0 ||
			strcmp(e->code, "party.done") == 0))
			continue;
		TRY(class);
		w->done++;
	}
	return ERR_NONE;
}

enum err_class ward_check_approve_all(struct party_context *c,
    const struct ward_user *officer, int64_t *done, struct err *e)
{
	struct waiting w = {
	    .some = {.c = c, .actor = officer->name, .reason = ""}};
	struct arena *callers = c->arena;
	struct arena some = {0};
	enum err_class class;

	*done = 0;
	c->arena = &some;
	do {
		w.done = 0;
		class = store_read(c->store, waiting_read, &w, e);
		if (class == ERR_NONE && w.some.n > 0) {
			w.after = w.some.checks[w.some.n - 1].seq;
			class = store_run(c->store, waiting_write, &w, e);
		}
		if (class == ERR_NONE)
			*done += w.done;
		arena_reset(&some);
	} while (class == ERR_NONE && w.some.n == APPROVED_AT_ONCE);
	arena_fini(&some);
	c->arena = callers;
	return class;
}

/* The status that tells a file's maker that it went no further. */
static enum err_class tell(struct deciding *d, size_t i, struct err *e)
{
	const struct message *m = &d->messages[i];
	struct content content = {0};
	struct header h;
	bool request = strcmp(d->checks[i].direction, "request") == 0;
	enum err_class class;

	status_header(&h, m->h.authority, m->h.origin, d->c->now_us);
	h.wave = m->h.wave;
	h.link = m->h.link;
	memcpy(h.institution, m->h.institution, NODE_CODE);
	memcpy(h.hub, m->h.hub, NODE_CODE);
	memcpy(h.file, m->h.file, HEADER_FILE);
	h.records = m->h.records;
	content.meta =
	    json_pack("{s:[],s:[{s:s,s:I,s:s,s:s,s:s,s:s}]}", "steps", "files",
		"file", m->h.file, "wave", (json_int_t)m->h.wave, "institution",
		m->h.institution, "state", request ? "cancelled" : "returned",
		"message", m->h.id, "reason", d->reason);
	if (content.meta == NULL)
		abort();
	/* The bank keeps it, and shows it until it answers anew. */
	if (!request)
		json_object_set_new(content.meta, "refused",
		    json_pack("[{s:s,s:s,s:s}]", "message", m->h.id, "code",
			RETURNED, "reason", d->reason));
	class = party_make(d->c, &h, &content, &d->told[i], e);
	content_fini(&content);
	return class;
}

static enum err_class return_one(
    struct store_tx *tx, struct deciding *d, size_t i, struct err *e)
{
	const struct message *m = &d->messages[i];
	enum inbox_state was;

	TRY(decided(tx, d, i, "returned", e));
	TRY(inbox_mark(tx, m->h.id, INBOX_REFUSED, RETURNED, &was, e));
	TRY(party_send(tx, &d->told[i], d->c->now_us, e));
	if (strcmp(d->checks[i].direction, "request") != 0) {
		/* What tell() says of it is kept here, too. */
		const struct refused own = {
		    .h = &m->h, .code = RETURNED, .reason = d->reason};

		return refused_write(tx, d->c, &own, e);
	}
	TRY(ward_file_move(tx, d->c, m->h.file, INQUIRY_CANCELLED, e));
	return ward_close(tx, d->c, m->h.wave, e);
}

static enum err_class return_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct deciding *d = arg;

	for (size_t i = 0; i < d->n; i++)
		TRY(return_one(tx, d, i, e));
	return decide_log(tx, d, "change", "ファイルの差戻し", e);
}

static enum err_class send_back(struct deciding *d, struct err *e)
{
	d->told = arena_zero(d->c->arena, d->n, sizeof(*d->told));
	for (size_t i = 0; i < d->n; i++)
		TRY(tell(d, i, e));
	return store_run(d->c->store, return_write, d, e);
}

enum err_class ward_check_return(struct party_context *c, const char *file,
    const struct ward_user *officer, const char *reason, int64_t *done,
    struct err *e)
{
	struct deciding d = {
	    .c = c, .file = file, .actor = officer->name, .reason = reason};

	if (reason == NULL || !ward_text_good(reason, 1, LIMIT_TEXT))
		return err_set(e, ERR_INPUT, "check.reason",
		    "理由は1から200文字です",
		    "a reason has 1 to 200 characters");
	TRY(store_read(c->store, decide_read, &d, e));
	*done = (int64_t)d.n;
	if (d.n == 0)
		return d.known ? ERR_NONE : unknown(e);
	return send_back(&d, e);
}

enum err_class ward_check_stop(struct party_context *c, const char *file,
    const char *reason, bool *held, struct err *e)
{
	struct deciding d = {.c = c,
	    .file = file,
	    .actor = "work",
	    .reason = reason,
	    .only = "request"};

	TRY(store_read(c->store, decide_read, &d, e));
	*held = d.n > 0;
	return *held ? send_back(&d, e) : ERR_NONE;
}

struct reading {
	struct party_context *c;
	const struct ward_check *k;
	const char *actor;
	struct message m;
	bool found;
};

static enum err_class file_read_message(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *x = arg;

	return message_load(
	    tx, x->k->message, x->c->arena, &x->m, &x->found, e);
}

static enum err_class file_log(struct store_tx *tx, void *arg, struct err *e)
{
	const struct reading *x = arg;

	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = x->actor,
		.action = "read",
		.kind = "file",
		.object = x->k->file,
		.purpose = "ファイルの確認（内容の表示）",
		.records = x->k->records},
	    e);
}

enum err_class ward_check_file(struct party_context *c,
    const struct ward_check *k, const struct ward_user *officer,
    struct buf *out, struct err *e)
{
	struct reading x = {.c = c, .k = k, .actor = officer->name};
	struct content content;
	struct bytes file;

	TRY(store_read(c->store, file_read_message, &x, e));
	if (!x.found)
		return unknown(e);
	TRY(message_open(c->keys, &x.m, c->arena, &content, e));
	file = content_part(&content, "file");
	buf_add(out, file.p, file.n);
	content_fini(&content);
	/* S3: shown only after the entry is in the log. */
	return store_run(c->store, file_log, &x, e);
}
