/* refused.c — see refused.h. */
#include "parties/refused.h"

#include "parties/status.h"
#include "parties/ward_file.h"
#include "record/kanri.h"
#include "record/limits.h"

#include <stdlib.h>

#define ENTRIES_MAX 64 /* of one status */
#define CODE_MAX 48

bool refused_counts(enum header_kind kind)
{
	return kind == KIND_SUBJECTS || kind == KIND_REQUEST_FILE ||
	       kind == KIND_ANSWER_FILE;
}

/* ---- telling ---- */

static bool is_unit(const struct party_context *c, const char *code)
{
	const struct peer *p = peers_of(c->peers, code);

	return strcmp(code, c->node->code) == 0 ? c->node->party == STORE_UNIT
						: p && p->party == STORE_UNIT;
}

struct known {
	const struct header *h;
	bool found;
};

static enum err_class read_known(struct store_tx *tx, void *arg, struct err *e)
{
	struct known *k = arg;
	struct store_rows *r;

	TRY(store_one(tx, STMT_BANK_FILE_GET,
	    STORE_VALUES(store_z(k->h->authority), store_z(k->h->file)), &r,
	    &k->found, e));
	store_rows_close(r);
	return ERR_NONE;
}

/* S2: what somebody else sends under a file's name says nothing of that
 * file, nor does at the bank a second copy of one that is here. */
static enum err_class speaks(
    struct party_context *c, const struct header *h, bool *out, struct err *e)
{
	struct known k = {.h = h};

	switch (h->kind) {
	case KIND_SUBJECTS:
		*out = strcmp(h->origin, h->authority) == 0;
		return ERR_NONE;
	case KIND_ANSWER_FILE:
		*out = strcmp(h->origin, h->institution) == 0 ||
		       is_unit(c, h->origin);
		return ERR_NONE;
	case KIND_REQUEST_FILE:
		*out = is_unit(c, h->origin);
		if (!*out || c->node->party != STORE_BANK)
			return ERR_NONE;
		TRY(store_read(c->store, read_known, &k, e));
		*out = !k.found && strcmp(h->institution, c->node->code) == 0;
		return ERR_NONE;
	case KIND_STATUS:
	case KIND_CANCEL:
	case KIND_RECEIPT:
	case KIND_COUNT:
		break;
	}
	*out = false;
	return ERR_NONE;
}

static json_t *meta_of(const struct refused *r)
{
	const struct header *h = r->h;
	json_t *o = json_pack("{s:[],s:[],s:[{s:s,s:s,s:I,s:s,s:s,s:s}]}",
	    "steps", "files", "refused", "kind", header_kind_name(h->kind),
	    "file", h->file, "wave", (json_int_t)h->wave, "institution",
	    h->institution, "code", r->code, "message", h->id);

	if (o == NULL)
		abort(); /* out of memory */
	/* A request that is refused ends there: its inquiries are rejected. */
	if (h->kind == KIND_REQUEST_FILE && r->speaks)
		json_array_append_new(json_object_get(o, "files"),
		    json_pack("{s:s,s:I,s:s,s:s}", "file", h->file, "wave",
			(json_int_t)h->wave, "institution", h->institution,
			"state", "refused"));
	return o;
}

static enum err_class tell(
    struct party_context *c, struct refused *r, const char *to, struct err *e)
{
	const struct header *about = r->h;
	struct content content = {0};
	struct header h;
	enum err_class class;

	if (strcmp(to, c->node->code) == 0)
		return ERR_NONE;
	status_header(&h, about->authority, to, c->now_us);
	h.wave = about->wave;
	h.link = about->link;
	h.records = about->records;
	memcpy(h.institution, about->institution, NODE_CODE);
	memcpy(h.hub, about->hub, NODE_CODE);
	memcpy(h.file, about->file, HEADER_FILE);
	content.meta = meta_of(r);
	class = party_make(c, &h, &content, &r->told[r->count], e);
	content_fini(&content);
	/* Whom no way leads to any more cannot be told. */
	if (class == ERR_INPUT)
		return ERR_NONE;
	r->count += class == ERR_NONE;
	return class;
}

/* A hub carries contents and makes none: there is nobody to tell. */
static bool is_hub(const struct party_context *c, const char *code)
{
	const struct peer *p = peers_of(c->peers, code);

	return p != NULL && p->party == STORE_HUB;
}

enum err_class refused_make(struct party_context *c, const struct header *h,
    const char *code, struct refused *out, struct err *e)
{
	*out = (struct refused){.h = h, .code = code};
	TRY(speaks(c, h, &out->speaks, e));
	if (!is_hub(c, h->origin))
		TRY(tell(c, out, h->origin, e));
	if (out->speaks && strcmp(h->origin, h->authority) != 0)
		TRY(tell(c, out, h->authority, e));
	return ERR_NONE;
}

/* ---- keeping ---- */

static enum err_class keep(struct store_tx *tx, const struct party_context *c,
    const struct refused *x, const char *party, struct err *e)
{
	const struct header *h = x->h;

	return STORE_DO(tx, STMT_REFUSED_ADD, e, store_z(h->authority),
	    store_z(h->id), store_z(party), store_z(header_kind_name(h->kind)),
	    store_int(h->wave), store_z(h->institution), store_z(h->file),
	    store_z(x->code), store_int(c->now_us),
	    store_z(x->reason != NULL ? x->reason : ""));
}

/* What asks the file back finds it here. */
static enum err_class mark_at_bank(struct store_tx *tx,
    const struct party_context *c, const struct header *h, struct err *e)
{
	int64_t added;

	TRY(store_do(tx, STMT_BANK_FILE_ADD,
	    STORE_VALUES(store_z(h->authority), store_z(h->file),
		store_int(h->wave), store_z(h->id), store_z(h->hub),
		store_z(node_link_name(h->link)), store_z(h->origin),
		store_z("refused"), store_int(h->records), store_int(c->now_us),
		store_int(0), store_int(0), store_int(0), store_z(""),
		store_int(1)),
	    &added, e));
	return added == 1
		   ? ERR_NONE
		   : err_set(e, ERR_BUSY, "party.done",
			 "すでに処理されています", "another copy was quicker");
}

/* A second copy moves no file that is on its way. */
static enum err_class mark_at_ward(struct store_tx *tx, struct party_context *c,
    const struct header *h, struct err *e)
{
	struct ward_file f;
	bool found;

	TRY(ward_file_load(tx, c, h->file, &f, &found, e));
	if (found && f.message[0] != '\0' && strcmp(f.message, h->id) != 0)
		return ERR_NONE;
	return ward_file_said(tx, c, h->file, c->node->code, "refused", e);
}

/* What waits for a request file here waits no longer. */
static enum err_class mark_own(struct store_tx *tx, struct party_context *c,
    const struct header *h, struct err *e)
{
	const struct store_value v[] = {
	    store_z(h->authority), store_z(h->file)};

	switch (c->node->party) {
	case STORE_WARD:
		return mark_at_ward(tx, c, h, e);
	case STORE_UNIT:
		return STORE_DO(tx, STMT_UNIT_FILE_REFUSED, e, v[0], v[1]);
	case STORE_HUB:
		return STORE_DO(tx, STMT_HUB_FILE_REFUSED, e, v[0], v[1]);
	case STORE_BANK:
		return mark_at_bank(tx, c, h, e);
	}
	return ERR_NONE;
}

enum err_class refused_write(struct store_tx *tx, struct party_context *c,
    const struct refused *r, struct err *e)
{
	TRY(keep(tx, c, r, c->node->code, e));
	if (r->speaks && r->h->kind == KIND_REQUEST_FILE)
		TRY(mark_own(tx, c, r->h, e));
	for (size_t i = 0; i < r->count; i++)
		TRY(party_send(tx, &r->told[i], c->now_us, e));
	return ERR_NONE;
}

struct refusing {
	struct party_context *c;
	const struct message *m;
	const char *code;
	struct refused r;
};

static enum err_class message_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct refusing *x = arg;
	enum inbox_state was;

	TRY(inbox_mark(tx, x->m->h.id, INBOX_REFUSED, x->code, &was, e));
	if (was != INBOX_WAITING && was != INBOX_HELD)
		return err_set(e, ERR_BUSY, "party.done",
		    "すでに処理されています", "already done by another worker");
	return x->r.h != NULL ? refused_write(tx, x->c, &x->r, e) : ERR_NONE;
}

enum err_class refused_message(struct party_context *c, const struct message *m,
    const char *code, struct err *e)
{
	struct refusing x = {.c = c, .m = m, .code = code};

	if (refused_counts(m->h.kind))
		TRY(refused_make(c, &m->h, code, &x.r, e));
	return store_run(c->store, message_write, &x, e);
}

/* ---- being told ---- */

static void copy(char *to, size_t room, struct text t)
{
	(void)snprintf(to, room, "%.*s", (int)t.n, t.p);
}

/* Our own message of that id: what it was is read here, not believed. */
static enum err_class read_ours(struct store_tx *tx,
    const struct party_context *c, const char *id, struct header *h, bool *ours,
    struct err *e)
{
	struct store_rows *r;

	TRY(store_one(
	    tx, STMT_REFUSED_OURS, STORE_VALUES(store_z(id)), &r, ours, e));
	*ours = *ours && text_is(store_get_text(r, 1), c->node->code) &&
		header_kind_named(store_get_text(r, 2), &h->kind) &&
		refused_counts(h->kind);
	if (*ours) {
		copy(h->authority, NODE_CODE, store_get_text(r, 0));
		h->wave = (uint32_t)store_get_int(r, 3);
		copy(h->institution, NODE_CODE, store_get_text(r, 4));
		copy(h->file, HEADER_FILE, store_get_text(r, 5));
	}
	store_rows_close(r);
	return ERR_NONE;
}

/* A file of another, told of to the ward whose inquiries are in it. */
static enum err_class read_other(struct store_tx *tx, struct party_context *c,
    const struct refused_told *t, const json_t *o, struct header *h, bool *good,
    struct err *e)
{
	const char *file = json_string_value(json_object_get(o, "file"));
	const char *kind = json_string_value(json_object_get(o, "kind"));
	int64_t no;

	*good = t->may != NULL && file != NULL && kind != NULL &&
		header_kind_named(text_z(kind), &h->kind) &&
		(h->kind == KIND_REQUEST_FILE || h->kind == KIND_ANSWER_FILE) &&
		ward_file_name(c, file, &h->wave, h->institution, &no);
	if (!*good)
		return ERR_NONE;
	copy(h->authority, NODE_CODE, text_z(c->node->code));
	copy(h->file, HEADER_FILE, text_z(file));
	return t->may(tx, t->ctx, h->file, good, e);
}

/* Words and dots: a code, and nothing else that somebody could put there. */
static bool code_good(const char *z)
{
	return z != NULL && z[0] != '\0' && strlen(z) < CODE_MAX &&
	       strspn(z, "abcdefghijklmnopqrstuvwxyz_0123456789.") == strlen(z);
}

static bool id_good(const char *z)
{
	return z != NULL && strlen(z) == HEADER_ID - 1 &&
	       strspn(z, "0123456789abcdef") == HEADER_ID - 1;
}

static enum err_class take_entry(struct store_tx *tx, struct party_context *c,
    struct refused_told *t, const json_t *o, struct err *e)
{
	const char *id = json_string_value(json_object_get(o, "message"));
	const char *code = json_string_value(json_object_get(o, "code"));
	const char *reason = json_string_value(json_object_get(o, "reason"));
	struct header h = {0};
	struct refused x = {.h = &h, .code = code};
	bool good = code_good(code) && id_good(id);

	if (good) {
		TRY(read_ours(tx, c, id, &h, &good, e));
		if (!good)
			TRY(read_other(tx, c, t, o, &h, &good, e));
	}
	if (!good || strcmp(h.authority, t->authority) != 0) {
		t->ignored++;
		return ERR_NONE;
	}
	copy(h.id, HEADER_ID, text_z(id));
	t->kept++;
	if (reason != NULL && ward_text_good(reason, 1, LIMIT_TEXT))
		x.reason = reason;
	return keep(tx, c, &x, t->peer->code, e);
}

enum err_class refused_take(struct store_tx *tx, struct party_context *c,
    struct refused_told *t, struct err *e)
{
	const json_t *list = json_object_get(t->meta, "refused");
	const json_t *o;
	size_t i;

	t->kept = 0;
	t->ignored = 0;
	json_array_foreach(list, i, o)
	{
		if (i == ENTRIES_MAX)
			break;
		TRY(take_entry(tx, c, t, o, e));
	}
	return ERR_NONE;
}

/* ---- showing ---- */

static enum err_class query(struct store_tx *tx, const struct node *n,
    const struct refused_page *p, struct store_rows **r, struct err *e)
{
	struct store_value v[7] = {store_int(p->at_us), store_z(p->authority),
	    store_z(p->message), store_z(p->party), store_int(p->all),
	    store_int(p->max)};

	switch (n->party) {
	case STORE_WARD:
	case STORE_UNIT:
		v[6] = store_int(party_step_no(LINK_DIRECT, DEED_SUBJECTS_IN));
		return store_query(tx, STMT_REFUSED_ASKED, v, 7, r, e);
	case STORE_BANK:
		v[6] = store_z(n->code);
		return store_query(tx, STMT_REFUSED_BANK, v, 7, r, e);
	case STORE_HUB:
		break;
	}
	return store_query(tx, STMT_REFUSED_HUB, v, 6, r, e);
}

enum err_class refused_each(struct store_tx *tx, const struct node *node,
    const struct refused_page *page,
    void (*row)(void *ctx, const struct refused_row *row), void *ctx,
    struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(query(tx, node, page, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		row(ctx, &(const struct refused_row){
			     .at_us = store_get_int(r, 0),
			     .authority = store_get_text(r, 1),
			     .wave = store_get_int(r, 2),
			     .kind = store_get_text(r, 3),
			     .institution = store_get_text(r, 4),
			     .file = store_get_text(r, 5),
			     .party = store_get_text(r, 6),
			     .code = store_get_text(r, 7),
			     .message = store_get_text(r, 8),
			     .reason = store_get_text(r, 9),
			     .open = store_get_int(r, 10) != 0,
			 });
	store_rows_close(r);
	return class;
}

json_t *refused_json(const struct refused_row *x)
{
	char at[CLOCK_TEXT];
	char wave[4] = "";
	json_t *o;

	clock_format(x->at_us, at);
	(void)kanri_wave_format((uint32_t)x->wave, wave);
	o = json_pack("{s:s,s:s%,s:s,s:s%,s:s%,s:s%,s:s%,s:s%,s:s%,s:s%,s:b}",
	    "at", at, "authority", x->authority.p, x->authority.n, "wave", wave,
	    "kind", x->kind.p, x->kind.n, "institution", x->institution.p,
	    x->institution.n, "file", x->file.p, x->file.n, "by", x->party.p,
	    x->party.n, "code", x->code.p, x->code.n, "message", x->message.p,
	    x->message.n, "reason", x->reason.p, x->reason.n, "open", x->open);
	if (o == NULL)
		abort(); /* out of memory */
	return o;
}
