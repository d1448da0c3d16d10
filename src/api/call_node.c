/* call_node.c — what every party has: its health, peers, refusals. */
#include "api/aside.h"
#include "api/calls.h"
#include "api/stream.h"
#include "base/clock.h"
#include "exchange/check.h"
#include "exchange/peers_show.h"
#include "parties/health.h"
#include "parties/refused.h"

#include <stdio.h>

static void add_finding(void *ctx, const struct check_finding *f)
{
	(void)json_array_append_new(
	    ctx, json_pack("{s:s,s:s,s:s,s:s,s:s}", "level",
		     f->missing ? "missing" : "warning", "what", f->what, "ja",
		     f->ja, "en", f->en, "detail", f->detail));
}

enum err_class call_node(struct call *c, struct err *e)
{
	json_t *findings = json_array();
	enum err_class class = check_node(
	    c->c->node, c->c->peers, c->c->now_us, add_finding, findings, e);

	if (class != ERR_NONE) {
		json_decref(findings);
		return class;
	}
	/* The supervisor lives, or this process would not. */
	c->out = health_report(c->c->node, c->c->store, c->c->peers, true, "");
	(void)json_object_set_new(c->out, "findings", findings);
	return ERR_NONE;
}

enum err_class call_node_peers(struct call *c, struct err *e)
{
	const struct peers *peers = c->c->peers;
	json_t *items = json_array();

	(void)e;
	for (size_t i = 0; i < peers_count(peers); i++)
		(void)json_array_append_new(
		    items, peers_show(peers_at(peers, i), c->c->now_us));
	call_list(c, items, NULL);
	return ERR_NONE;
}

struct refusing {
	struct call *c;
	struct refused_page page; /* behind the last row, once it is read */
	size_t max;
	bool more;
	json_t *items;
};

static void add_refusal(void *ctx, const struct refused_row *row)
{
	struct refusing *x = ctx;
	struct arena *a = x->c->c->arena;

	x->more = json_array_size(x->items) == x->max;
	if (x->more)
		return;
	(void)json_array_append_new(x->items, refused_json(row));
	x->page.at_us = row->at_us;
	x->page.authority = text_cstr(a, row->authority);
	x->page.message = text_cstr(a, row->message);
	x->page.party = text_cstr(a, row->party);
}

static enum err_class refusals_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct refusing *x = arg;
	const struct refused_page page = x->page;

	(void)json_array_clear(x->items);
	x->more = false;
	return refused_each(tx, x->c->c->node, &page, add_refusal, x, e);
}

/* Where the page before ended; false if that is no cursor. */
static bool refusals_from(struct refusing *x, const char *const parts[4])
{
	x->page.authority = parts[1];
	x->page.message = parts[2];
	x->page.party = parts[3];
	return parts[0][0] == '\0' ||
	       text_to_int(text_z(parts[0]), INT64_MAX, &x->page.at_us);
}

enum err_class call_node_refusals(struct call *c, struct err *e)
{
	struct refusing x = {.c = c, .max = call_limit(c)};
	const char *parts[4];
	enum err_class class;

	TRY(call_cursor_parts(c, parts, 4, e));
	if (!refusals_from(&x, parts))
		return call_not_found(e);
	x.page.all = call_bool(c->query, "all");
	x.page.max = (int64_t)x.max + 1;
	x.items = json_array();
	class = store_read(c->c->store, refusals_read, &x, e);
	if (class != ERR_NONE) {
		json_decref(x.items);
		return class;
	}
	parts[0] = arena_printf(c->c->arena, "%lld", (long long)x.page.at_us);
	parts[1] = x.page.authority;
	parts[2] = x.page.message;
	parts[3] = x.page.party;
	call_list(c, x.items, x.more ? call_cursor(c, parts, 4) : NULL);
	return ERR_NONE;
}

static enum err_class counts_read(struct store_tx *tx, void *arg, struct err *e)
{
	json_t *items = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(items);
	TRY(store_query(tx, STMT_DESK_REFUSED, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(void)json_array_append_new(
		    items, json_pack("{s:o,s:o,s:o,s:o,s:I,s:o,s:o}", "code",
			       told_text(store_get_text(r, 0)), "authority",
			       told_text(store_get_text(r, 1)), "institution",
			       told_text(store_get_text(r, 2)), "by",
			       told_text(store_get_text(r, 3)), "contents",
			       (json_int_t)store_get_int(r, 4), "first",
			       told_moment(store_get_int(r, 5)), "last",
			       told_moment(store_get_int(r, 6))));
	store_rows_close(r);
	return class;
}

enum err_class call_node_refusal_counts(struct call *c, struct err *e)
{
	json_t *items = json_array();
	enum err_class class = store_read(c->c->store, counts_read, items, e);

	if (class == ERR_NONE)
		call_list(c, items, NULL);
	else
		json_decref(items);
	return class;
}

/* --- events --- */

#define RETRY_MS 2000

/*
 * What has changed since the last event, and when to ask again (the HTML
 * standard, 9.2). To a browser that asks for an event stream the answer stays
 * open (stream.h), where there is room; else it ends, and is asked for anew.
 */
enum err_class call_node_events(struct call *c, struct err *e)
{
	char at[CLOCK_TEXT];
	char stamp[STREAM_STAMP];

	TRY(stream_stamp(c->c, stamp, e));
	clock_format(c->c->now_us, at);
	c->type = "text/event-stream";
	if (c->takes_events && c->authorization.n == 0)
		c->stream = arena_printf(c->c->arena, "%s", stamp);
	buf_printf(&c->bytes, "retry: %d\nid: %s\n", RETRY_MS, stamp);
	if (!text_is(c->last_event, stamp))
		buf_printf(&c->bytes,
		    "event: changed\ndata: {\"what\":\"node\",\"at\":\"%s\"}"
		    "\n",
		    at);
	buf_z(&c->bytes, "\n");
	return ERR_NONE;
}

/* --- how far a long call is --- */

enum err_class call_node_progress(struct call *c, struct err *e)
{
	int64_t done = 0;
	int64_t of = 0;
	bool works = aside_progress(c->c->node, c->c->arena, c->user.name,
	    call_text(c->query, "key"), &done, &of);

	(void)e;
	c->out = json_pack("{s:b,s:I,s:I}", "works", works, "done",
	    (json_int_t)done, "of", (json_int_t)of);
	return ERR_NONE;
}
