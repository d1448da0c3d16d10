/* call_node.c — what every party has: its health, peers, refusals. */
#include "api/calls.h"
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

struct stamping {
	struct call *c;
	char stamp[128];
};

/* What messages have come and gone, and what waits for a decision. */
static enum err_class stamp_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct stamping *x = arg;
	const struct node *n = x->c->c->node;
	struct store_rows *r;
	long long at[4] = {0};
	long long submitted = 0;
	bool found;

	TRY(store_one(tx, STMT_DESK_STAMP, NULL, 0, &r, &found, e));
	for (int i = 0; found && i < 4; i++)
		at[i] = store_get_int(r, i);
	store_rows_close(r);
	if (n->party == STORE_WARD) {
		TRY(store_one(tx, STMT_DESK_SUBMITTED,
		    STORE_VALUES(store_z(n->code)), &r, &found, e));
		submitted = found ? store_get_int(r, 0) : 0;
		store_rows_close(r);
	}
	(void)snprintf(x->stamp, sizeof(x->stamp), "%lld.%lld.%lld.%lld.%lld",
	    at[0], at[1], at[2], at[3], submitted);
	return ERR_NONE;
}

/*
 * One answer of an event stream: what has changed since the last one, and when
 * to ask again (the HTML standard, 9.2: a stream that ends is opened anew
 * behind its retry time). Nothing is held open for anybody.
 */
enum err_class call_node_events(struct call *c, struct err *e)
{
	struct stamping x = {.c = c};
	char at[CLOCK_TEXT];

	TRY(store_read(c->c->store, stamp_read, &x, e));
	clock_format(c->c->now_us, at);
	c->type = "text/event-stream";
	buf_printf(&c->bytes, "retry: %d\nid: %s\n", RETRY_MS, x.stamp);
	if (!text_is(c->last_event, x.stamp))
		buf_printf(&c->bytes,
		    "event: changed\ndata: {\"what\":\"node\",\"at\":\"%s\"}"
		    "\n",
		    at);
	buf_z(&c->bytes, "\n");
	return ERR_NONE;
}
