/* call_sheet.c — the approval sheet (決裁): one A4 page of what a wave asks;
 * prints and exports in the book (持出し記録). */
#include "api/calls.h"
#include "base/clock.h"
#include "parties/books.h"
#include "parties/ward_person.h"
#include "parties/ward_wave.h"

#include <stdio.h>
#include <stdlib.h>

#define SAMPLES 10

struct sheet {
	struct call *c;
	uint32_t wave;
	struct ward_wave w;
	struct buf document;
	json_t *samples;
	json_t *deciders;
};

/* Evenly over the wave, the same each time. */
static enum err_class read_samples(
    struct store_tx *tx, struct sheet *x, struct err *e)
{
	const char *authority = x->c->c->node->code;
	int64_t n = x->w.subjects < SAMPLES ? x->w.subjects : SAMPLES;

	(void)json_array_clear(x->samples);
	for (int64_t i = 0; i < n; i++) {
		int64_t ordinal = 1 + i * x->w.subjects / n;
		struct store_rows *r;
		bool found;
		bool hidden;

		TRY(store_one(tx, STMT_DESK_SAMPLES,
		    STORE_VALUES(store_z(authority), store_int(x->wave),
			store_int(ordinal)),
		    &r, &found, e));
		hidden = found && store_get_int(r, 4) != 0;
		if (found)
			(void)json_array_append_new(x->samples,
			    json_pack("{s:I,s:o,s:o,s:o,s:b}", "ordinal",
				(json_int_t)ordinal, "atena",
				told_text(store_get_text(r, 1)), "kana",
				hidden ? json_string(WARD_PERSON_MASK)
				       : told_text(store_get_text(r, 2)),
				"kanji",
				hidden ? json_string(WARD_PERSON_MASK)
				       : told_text(store_get_text(r, 3)),
				"masked", hidden));
		store_rows_close(r);
	}
	return ERR_NONE;
}

/* S3: ten persons are named: each is read. */
static enum err_class log_samples(
    struct store_tx *tx, struct sheet *x, struct err *e)
{
	size_t i;
	json_t *one;

	json_array_foreach(x->samples, i, one)
	{
		TRY(ward_log(tx, x->c->c,
		    &(const struct ward_act){.actor = x->c->user.name,
			.action = "read",
			.kind = "subject",
			.object = call_text(one, "atena"),
			.purpose = "決裁書の見本",
			.records = 1},
		    e));
	}
	return ERR_NONE;
}

static enum err_class sheet_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct sheet *x = arg;
	struct ward_user requester;
	bool found;

	buf_clear(&x->document);
	TRY(ward_wave_load(tx, x->c->c, x->wave, &x->w, e));
	TRY(ward_user_get(tx, x->w.requester, &requester, &found, e));
	TRY(ward_document_write(
	    tx, x->c->c, &x->w, &requester, &x->c->user, &x->document, e));
	TRY(read_samples(tx, x, e));
	(void)json_array_clear(x->deciders);
	if (strcmp(x->w.state, "submitted") == 0 &&
	    (x->c->user.roles & ROLE_APPROVER) != 0)
		TRY(ward_wave_deciders(
		    tx, x->c->c, &x->w, &x->c->user, x->deciders, e));
	return log_samples(tx, x, e);
}

enum err_class call_sheet(struct call *c, struct err *e)
{
	struct sheet x = {.c = c};
	enum err_class class;

	TRY(call_wave_id(c, &x.wave, e));
	x.samples = json_array();
	x.deciders = json_array();
	class = store_run(c->c->store, sheet_write, &x, e);
	if (class == ERR_NONE) {
		c->out = json_loadb(
		    (const char *)x.document.p, x.document.n, 0, NULL);
		if (c->out == NULL)
			abort(); /* our own document */
		(void)json_object_del(c->out, "approver");
		(void)json_object_set_new(
		    c->out, "state", json_string(x.w.state));
		(void)json_object_set_new(c->out, "approved_by",
		    x.w.approver[0] != '\0' ? json_string(x.w.approver)
					    : json_null());
		(void)json_object_set_new(
		    c->out, "decided", told_moment(x.w.approved_us));
		(void)json_object_set(c->out, "samples", x.samples);
		(void)json_object_set(c->out, "deciders", x.deciders);
	}
	json_decref(x.samples);
	json_decref(x.deciders);
	buf_fini(&x.document);
	return class;
}

/* --- 持出し記録 --- */

static enum err_class print_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct call *c = arg;

	return books_takeout(tx, c->c,
	    &(const struct book_takeout){.who = c->user.name,
		.what = "print",
		.kind = call_text(c->body, "kind"),
		.object = call_text(c->body, "object"),
		.purpose = call_text(c->body, "purpose"),
		.records = 1,
		.digest = ""},
	    e);
}

enum err_class call_sheet_print(struct call *c, struct err *e)
{
	static const char *const kinds[] = {"subject", "wave", "inquiry"};
	const char *kind = call_text(c->body, "kind");
	bool known = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		known = known || strcmp(kind, kinds[i]) == 0;
	if (!known || call_text(c->body, "purpose")[0] == '\0' ||
	    call_text(c->body, "object")[0] == '\0') {
		return call_bad_value(e, known ? "purpose" : "kind");
	}
	c->status = 204;
	return store_run(c->c->store, print_write, c, e);
}

struct taking {
	struct call *c;
	int64_t below;
	int64_t last;
	size_t max;
	json_t *items;
	bool more;
};

static void add_takeout(struct taking *x, const struct store_rows *r)
{
	if (json_array_size(x->items) == x->max) {
		x->more = true;
		return;
	}
	x->last = store_get_int(r, 0);
	(void)json_array_append_new(x->items,
	    json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:o}", "no",
		(json_int_t)x->last, "at", told_moment(store_get_int(r, 1)),
		"who", told_text(store_get_text(r, 2)), "what",
		told_text(store_get_text(r, 3)), "kind",
		told_text(store_get_text(r, 4)), "object",
		told_text(store_get_text(r, 5)), "purpose",
		told_text(store_get_text(r, 6)), "records",
		(json_int_t)store_get_int(r, 7), "digest",
		told_text(store_get_text(r, 8))));
}

static enum err_class takeouts_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct taking *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->items);
	x->more = false;
	TRY(store_query(tx, STMT_DESK_TAKEOUTS,
	    STORE_VALUES(store_z(x->c->c->node->code), store_int(x->below),
		store_int((int64_t)x->max + 1)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		add_takeout(x, r);
	store_rows_close(r);
	return class;
}

enum err_class call_sheet_takeouts(struct call *c, struct err *e)
{
	struct taking x = {.c = c, .below = INT64_MAX, .max = call_limit(c)};
	enum err_class class;

	TRY(call_cursor_number(c, INT64_MAX, &x.below, e));
	x.items = json_array();
	class = store_read(c->c->store, takeouts_read, &x, e);
	if (class != ERR_NONE) {
		json_decref(x.items);
		return class;
	}
	call_list_number(c, x.items, x.more ? x.last : 0);
	return ERR_NONE;
}
