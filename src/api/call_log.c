/* call_log.c — the linked log: searched, who has seen a person. */
#include "api/calls.h"
#include "base/clock.h"
#include "parties/knot.h"
#include "parties/ward_person.h"

#include <stdio.h>
#include <stdlib.h>

struct entry {
	int64_t at_us; /* no later than that of the lane's entry before it */
	int64_t lane;
	int64_t seq;
	json_t *o;
};

struct listing {
	struct call *c;
	int64_t below[STORE_LANES]; /* where each lane goes on */
	struct entry *entry;
	size_t n;
	size_t max;
};

static void take(struct listing *x, const struct store_rows *r)
{
	struct entry *k = &x->entry[x->n++];

	k->lane = store_get_int(r, 0);
	k->seq = store_get_int(r, 1);
	k->at_us = store_get_int(r, 2);
	/* An entry's time is taken before its turn to write: a lane's order is
	 * that of its numbers, and no page may pass over one. */
	if (x->n > 1 && k[-1].lane == k->lane && k[-1].at_us < k->at_us)
		k->at_us = k[-1].at_us;
	k->o = json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:I}", "lane",
	    (json_int_t)k->lane, "seq", (json_int_t)k->seq, "at",
	    told_moment(store_get_int(r, 2)), "actor",
	    told_text(store_get_text(r, 3)), "action",
	    told_text(store_get_text(r, 4)), "kind",
	    told_text(store_get_text(r, 6)), "object",
	    told_text(store_get_text(r, 7)), "authority",
	    told_text(store_get_text(r, 8)), "purpose",
	    told_text(store_get_text(r, 9)), "records",
	    (json_int_t)store_get_int(r, 5));
	if (k->o == NULL)
		abort(); /* out of memory */
}

static void forget(struct listing *x)
{
	for (size_t i = 0; i < x->n; i++)
		json_decref(x->entry[i].o);
	x->n = 0;
}

static enum err_class fill(
    struct listing *x, struct store_rows *r, struct err *e)
{
	enum err_class class;
	bool more;

	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		take(x, r);
	store_rows_close(r);
	return class;
}

/* The log names persons: to read it is to read of them (S3). */
static enum err_class log_reading(
    struct store_tx *tx, struct listing *x, struct err *e)
{
	return audit_add(tx,
	    &(const struct audit_entry){.actor = x->c->user.name,
		.action = "read",
		.kind = "log",
		.object = TEXT("log"),
		.authority = "",
		.purpose = "操作記録の閲覧",
		.records = (int64_t)x->n},
	    x->c->c->now_us, &x->c->c->random, e);
}

/* The newest of every lane: of them all the newest are the page. */
static enum err_class newest_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;

	forget(x);
	for (int64_t lane = 0; lane < STORE_LANES; lane++) {
		struct store_rows *r;

		TRY(store_query(tx, STMT_DESK_LOG,
		    STORE_VALUES(store_int(lane), store_int(x->below[lane]),
			store_int((int64_t)x->max + 1)),
		    &r, e));
		TRY(fill(x, r, e));
	}
	return log_reading(tx, x, e);
}

static int newer(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? 1 : -1;
	if (x->lane != y->lane)
		return x->lane < y->lane ? 1 : -1;
	return x->seq < y->seq ? 1 : -1;
}

/* "12,40,…": where each lane goes on; empty: at its end. */
static enum err_class read_below(
    struct call *c, int64_t below[STORE_LANES], struct err *e)
{
	const char *part;
	char *rest;

	for (int i = 0; i < STORE_LANES; i++)
		below[i] = INT64_MAX;
	TRY(call_cursor_parts(c, &part, 1, e));
	rest = arena_printf(c->c->arena, "%s", part);
	for (int i = 0; part[0] != '\0' && i < STORE_LANES; i++) {
		const char *z = strsep(&rest, ",");

		if (z == NULL || (z[0] != '\0' && !text_to_int(text_z(z),
						      INT64_MAX, &below[i])))
			return call_not_found(e);
	}
	return ERR_NONE;
}

static const char *write_below(struct call *c, const int64_t below[STORE_LANES])
{
	const char *all = "";

	for (int i = 0; i < STORE_LANES; i++)
		all = below[i] == INT64_MAX
			  ? arena_printf(
				c->c->arena, "%s%s", all, i > 0 ? "," : "")
			  : arena_printf(c->c->arena, "%s%s%lld", all,
				i > 0 ? "," : "", (long long)below[i]);
	return call_cursor(c, &all, 1);
}

static void give(struct listing *x, const char *next)
{
	json_t *items = json_array();

	for (size_t i = 0; i < x->n && i < x->max; i++)
		(void)json_array_append(items, x->entry[i].o);
	call_list(x->c, items, x->n > x->max ? next : NULL);
}

static enum err_class all(struct listing *x, struct err *e)
{
	TRY(read_below(x->c, x->below, e));
	TRY(store_run(x->c->c->store, newest_read, x, e));
	qsort(x->entry, x->n, sizeof(*x->entry), newer);
	for (size_t i = 0; i < x->n && i < x->max; i++)
		x->below[x->entry[i].lane] = x->entry[i].seq;
	give(x, write_below(x->c, x->below));
	return ERR_NONE;
}

struct object {
	struct listing *x;
	int64_t lane;
	int64_t seq;
};

static enum err_class object_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct object *o = arg;
	struct call *c = o->x->c;
	struct store_rows *r;

	forget(o->x);
	TRY(store_query(tx, STMT_DESK_LOG_OF,
	    STORE_VALUES(store_z(call_text(c->query, "kind")),
		store_z(call_text(c->query, "object")), store_int(o->lane),
		store_int(o->seq), store_int((int64_t)o->x->max + 1)),
	    &r, e));
	TRY(fill(o->x, r, e));
	return log_reading(tx, o->x, e);
}

/* Of one object, in order of the lanes. */
static enum err_class of_object(struct listing *x, struct err *e)
{
	struct object o = {.x = x, .lane = -1, .seq = 0};
	const char *parts[2];
	const struct entry *last;

	TRY(call_cursor_parts(x->c, parts, 2, e));
	if (parts[0][0] != '\0' &&
	    (!text_to_int(text_z(parts[0]), STORE_LANES, &o.lane) ||
		!text_to_int(text_z(parts[1]), INT64_MAX, &o.seq)))
		return call_not_found(e);
	TRY(store_run(x->c->c->store, object_read, &o, e));
	last = &x->entry[x->max - 1];
	parts[0] = arena_printf(x->c->c->arena, "%lld", (long long)last->lane);
	parts[1] = arena_printf(x->c->c->arena, "%lld", (long long)last->seq);
	give(x, call_cursor(x->c, parts, 2));
	return ERR_NONE;
}

enum err_class call_log(struct call *c, struct err *e)
{
	struct listing x = {.c = c, .max = call_limit(c)};
	enum err_class class;

	x.entry = arena_zero(
	    c->c->arena, STORE_LANES * (x.max + 1), sizeof(*x.entry));
	class = call_text(c->query, "kind")[0] != '\0' ? of_object(&x, e)
						       : all(&x, e);
	forget(&x);
	return class;
}

enum err_class call_log_who(struct call *c, struct err *e)
{
	struct audit_who w;
	json_t *found;

	if (!text_is_digits(text_z(c->param[0]), 1, 15))
		return call_not_found(e);
	audit_who_begin(&w);
	w.max = call_limit(c);
	TRY(read_below(c, w.below, e));
	TRY(ward_person_who(c->c, &w, c->param[0], c->user.name, &found, e));
	call_list(c, found, w.more ? write_below(c, w.below) : NULL);
	return ERR_NONE;
}

static void far(void *ctx, int64_t done, int64_t of)
{
	call_progress(ctx, done, of);
}

enum err_class call_log_verify(struct call *c, struct err *e)
{
	struct knot_verified v = {0};

	TRY(knot_verify(
	    c->c, NULL, 0, &(const struct watch){.far = far, .ctx = c}, &v, e));
	c->out = json_pack("{s:I,s:s,s:s,s:I}", "entries",
	    (json_int_t)v.log.entries, "head", v.log.head, "first_bad",
	    v.log.first_bad, "unverified", (json_int_t)v.unverified);
	return ERR_NONE;
}
