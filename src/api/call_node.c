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
	const struct node *node;
	bool all;
	json_t *items;
};

static void add_refusal(void *ctx, const struct refused_row *row)
{
	struct refusing *x = ctx;

	if (row->open || x->all)
		(void)json_array_append_new(x->items, refused_json(row));
}

static enum err_class refusals_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct refusing *x = arg;

	(void)json_array_clear(x->items);
	return refused_each(tx, x->node, add_refusal, x, e);
}

enum err_class call_node_refusals(struct call *c, struct err *e)
{
	struct refusing x = {.node = c->c->node,
	    .all = call_bool(c->query, "all"),
	    .items = json_array()};
	enum err_class class = store_read(c->c->store, refusals_read, &x, e);

	if (class == ERR_NONE)
		call_list(c, x.items, NULL);
	else
		json_decref(x.items);
	return class;
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
