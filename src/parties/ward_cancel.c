/*
 * ward_cancel.c — a cancelled wave: what has not left is cancelled here, the
 * unit is asked for what it has not sent, each bank for the files it holds.
 * Cancelling is a request; the last holder answers cancelled or too late.
 */
#include "parties/ward_cancel.h"
#include "base/clock.h"
#include "parties/ward_check.h"
#include "parties/ward_except.h"

#include <stdlib.h>

#define EXPIRES_DAYS 90
#define EXCEPTIONS 5000 /* rows in one transaction */

enum err_class ward_cancel_message(struct party_context *c,
    const struct ward_cancel *what, struct party_sending *out, struct err *e)
{
	struct content content = {0};
	struct header h = {
	    .kind = KIND_CANCEL,
	    .wave = what->wave,
	    .link = what->link,
	    .records = what->records,
	    .expires_us = c->now_us + EXPIRES_DAYS * CLOCK_DAY,
	    .reader_count = 1,
	};
	char wave[4];
	enum err_class class;

	(void)kanri_wave_format(what->wave, wave);
	(void)snprintf(h.to, sizeof(h.to), "%s", what->to);
	memcpy(h.readers[0], h.to, NODE_CODE);
	memcpy(h.authority, c->node->code, NODE_CODE);
	(void)snprintf(
	    h.institution, sizeof(h.institution), "%s", what->institution);
	(void)snprintf(h.hub, sizeof(h.hub), "%s", what->hub);
	(void)snprintf(h.file, sizeof(h.file), "%s", what->file);
	content.meta = json_pack("{s:s,s:s,s:s,s:s}", "wave", wave, "file",
	    what->file, "inquiry", what->inquiry, "reason", what->reason);
	if (content.meta == NULL)
		abort();
	if (what->halts != NULL)
		json_object_set(content.meta, "halts", what->halts);
	if (what->gone != NULL)
		json_object_set(content.meta, "gone", what->gone);
	class = party_make(c, &h, &content, out, e);
	content_fini(&content);
	return class;
}

/* One open task of a kind. */
struct task {
	struct party_context *c;
	const char *kind;
	bool found;
	uint32_t wave;
	int64_t position;
	int64_t total;
	char *reason;
	int64_t institutions;
	struct party_sending message;
};

static enum err_class find_task(struct store_tx *tx, void *arg, struct err *e)
{
	struct task *t = arg;
	struct store_rows *r;
	enum err_class class;
	struct ward_wave w;
	struct ward_institution *in;
	size_t n;

	TRY(store_query(
	    tx, STMT_TASK_OPEN, STORE_VALUES(store_z(t->kind)), &r, e));
	class = store_next(r, &t->found, e);
	if (class == ERR_NONE && t->found) {
		t->wave = (uint32_t)store_get_int(r, 1);
		t->position = store_get_int(r, 3);
		t->total = store_get_int(r, 4);
	}
	store_rows_close(r);
	if (class != ERR_NONE || !t->found)
		return class;
	TRY(ward_wave_load(tx, t->c, t->wave, &w, e));
	TRY(ward_wave_institutions(tx, t->c, t->wave, &in, &n, e));
	t->reason = w.reason;
	t->institutions = (int64_t)n;
	return ERR_NONE;
}

static enum err_class move(struct store_tx *tx, const struct task *t,
    int64_t to, bool done, struct err *e)
{
	int64_t moved;

	TRY(store_do(tx, STMT_TASK_MOVE,
	    STORE_VALUES(store_z(t->c->node->code), store_int(t->wave),
		store_z(t->kind), store_z(""), store_int(t->position),
		store_int(to), store_int(done)),
	    &moved, e));
	return moved == 1 ? ERR_NONE
			  : err_set(e, ERR_BUSY, "party.done",
				"すでに処理されています",
				"already done by another worker");
}

static enum err_class unit_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct task *t = arg;

	TRY(move(tx, t, t->total, true, e));
	return party_send(tx, &t->message, t->c->now_us, e);
}

static enum err_class cancel_unit(
    struct party_context *c, bool *did, struct err *e)
{
	struct task t = {.c = c, .kind = "cancel-unit"};
	const struct peer *unit = ward_unit(c);
	struct ward_cancel what = {
	    .institution = "", .hub = "", .file = "", .inquiry = ""};

	TRY(store_read(c->store, find_task, &t, e));
	if (!t.found || unit == NULL)
		return ERR_NONE;
	what.to = unit->code;
	what.wave = t.wave;
	what.reason = t.reason;
	TRY(ward_cancel_message(c, &what, &t.message, e));
	TRY(store_run(c->store, unit_write, &t, e));
	*did = true;
	return ERR_NONE;
}

static enum err_class unsent_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct task *t = arg;
	int64_t block = EXCEPTIONS / (t->institutions + 1) + 1;
	int64_t to = t->position + block;

	if (to > t->total)
		to = t->total;
	TRY(ward_except_range(tx, t->c,
	    &(const struct ward_except){
		.wave = t->wave, .kind = "cancelled", .reason = t->reason},
	    t->position, to, e));
	return move(tx, t, to, to == t->total, e);
}

static enum err_class cancel_unsent(
    struct party_context *c, bool *did, struct err *e)
{
	struct task t = {.c = c, .kind = "cancel"};

	TRY(store_read(c->store, find_task, &t, e));
	if (!t.found)
		return ERR_NONE;
	TRY(store_run(c->store, unsent_write, &t, e));
	*did = true;
	return ERR_NONE;
}

/* A file of a cancelled wave that nobody has asked back yet. */
struct asking {
	struct party_context *c;
	bool found;
	struct ward_cancel what;
	struct party_sending message;
};

static enum err_class find_file(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *x = arg;
	struct arena *a = x->c->arena;
	struct store_rows *r;
	enum err_class class;
	char *link;

	TRY(store_query(tx, STMT_WARD_FILES_TO_CANCEL,
	    STORE_VALUES(store_z(x->c->node->code), store_int(1)), &r, e));
	class = store_next(r, &x->found, e);
	if (class == ERR_NONE && x->found) {
		link = ward_column(a, r, 6);
		x->what = (struct ward_cancel){
		    .file = ward_column(a, r, 0),
		    .wave = (uint32_t)store_get_int(r, 1),
		    .institution = ward_column(a, r, 2),
		    .hub = ward_column(a, r, 3),
		    .records = store_get_int(r, 4),
		    .reason = ward_column(a, r, 5),
		    .inquiry = "",
		    .link = strcmp(link, "direct") == 0	  ? LINK_DIRECT
			    : strcmp(link, "folder") == 0 ? LINK_FOLDER
							  : LINK_VIA_WARD,
		};
		x->what.to = x->what.institution;
	}
	store_rows_close(r);
	return class;
}

/* The bank may not have heard of it yet. */
static enum err_class find_gone(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_ANSWERS_GONE,
	    STORE_VALUES(store_z(x->c->node->code), store_z(x->what.file)), &r,
	    e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text id = store_get_text(r, 0);

		json_array_append_new(x->what.gone, json_stringn(id.p, id.n));
	}
	store_rows_close(r);
	return class;
}

static enum err_class ask_back(struct asking *x, struct err *e)
{
	TRY(store_read(x->c->store, find_gone, x, e));
	return ward_cancel_message(x->c, &x->what, &x->message, e);
}

static enum err_class file_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct asking *x = arg;

	return party_send(tx, &x->message, x->c->now_us, e);
}

static enum err_class cancel_file(
    struct party_context *c, bool *did, struct err *e)
{
	struct asking x = {.c = c};
	bool held;

	TRY(store_read(c->store, find_file, &x, e));
	if (!x.found)
		return ERR_NONE;
	/* Still before our own officer: it goes no further. */
	TRY(ward_check_stop(c, x.what.file, x.what.reason, &held, e));
	if (!held) {
		enum err_class class;

		x.what.gone = json_array();
		class = ask_back(&x, e);
		json_decref(x.what.gone);
		TRY(class);
		TRY(store_run(c->store, file_write, &x, e));
	}
	*did = true;
	return ERR_NONE;
}

enum err_class ward_cancel_task(
    struct party_context *c, bool *did, struct err *e)
{
	*did = false;
	TRY(cancel_unit(c, did, e));
	if (!*did)
		TRY(cancel_unsent(c, did, e));
	if (!*did)
		TRY(cancel_file(c, did, e));
	return ERR_NONE;
}
