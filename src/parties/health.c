/* health.c — see health.h. */
#include "parties/health.h"

#include "base/clock.h"
#include "base/file.h"
#include "parties/refused.h"

#include <stdlib.h>

struct counts {
	const struct node *node;
	int64_t inbox;
	int64_t outbox;
	int64_t oldest_us; /* 0: none waits */
	int64_t held;
	int64_t overdue;
	int64_t refused;
	int64_t now_us;
	json_t *receipts; /* last receipt's time by signer */
	json_t *settings; /* of the database, as it reads them back */
};

/* The first two columns of a query of one row. */
static enum err_class two(struct store_tx *tx, enum store_statement st,
    int64_t *first, int64_t *second, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, st, NULL, 0, &r, &found, e));
	if (found) {
		*first += store_get_int(r, 0);
		if (second != NULL)
			*second = store_get_int(r, 1);
	}
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class count_overdue(
    struct store_tx *tx, struct counts *c, struct err *e)
{
	struct store_rows *r;
	char today[11];
	bool found;

	date_format(clock_date(c->now_us), today);
	TRY(store_one(tx, STMT_STATUS_OVERDUE, STORE_VALUES(store_z(today)), &r,
	    &found, e));
	if (found)
		c->overdue = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class last_receipts(
    struct store_tx *tx, struct counts *c, struct err *e)
{
	struct store_rows *r;
	struct arena a = {0};
	bool more = true;
	enum err_class class =
	    store_query(tx, STMT_STATUS_RECEIPTS, NULL, 0, &r, e);

	while (class == ERR_NONE && more) {
		char at[CLOCK_TEXT];

		class = store_next(r, &more, e);
		if (class != ERR_NONE || !more)
			break;
		clock_format(store_get_int(r, 1), at);
		if (json_object_set_new(c->receipts,
			text_cstr(&a, store_get_text(r, 0)),
			json_string(at)) != 0)
			abort(); /* out of memory */
	}
	store_rows_close(r);
	arena_fini(&a);
	return class;
}

static void count_refused(void *ctx, const struct refused_row *row)
{
	struct counts *c = ctx;

	(void)row;
	c->refused++;
}

static enum err_class count(struct store_tx *tx, void *arg, struct err *e)
{
	struct counts *c = arg;
	int64_t in = 0;
	int64_t out = 0;

	TRY(two(tx, STMT_STATUS_INBOX, &c->inbox, &in, e));
	TRY(two(tx, STMT_STATUS_OUTBOX, &c->outbox, &out, e));
	c->oldest_us = in != 0 && (out == 0 || in < out) ? in : out;
	if (c->node->party == STORE_WARD || c->node->party == STORE_UNIT)
		TRY(two(tx, STMT_STATUS_HELD, &c->held, NULL, e));
	if (c->node->party == STORE_WARD) {
		TRY(two(tx, STMT_STATUS_CHECKS, &c->held, NULL, e));
		TRY(count_overdue(tx, c, e));
	}
	TRY(refused_each(tx, c->node, REFUSED_OPEN, count_refused, c, e));
	return last_receipts(tx, c, e);
}

/* From lines of "name=value". */
static enum err_class read_settings(struct store *s, json_t *out, struct err *e)
{
	struct buf lines = {0};
	enum err_class class = store_settings(s, &lines, e);
	char *line;
	char *rest;

	buf_byte(&lines, '\0');
	line =
	    class == ERR_NONE ? strtok_r((char *)lines.p, "\n", &rest) : NULL;
	for (; line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		char *value = strchr(line, '=');

		if (value == NULL)
			continue;
		*value++ = '\0';
		if (json_object_set_new(out, line, json_string(value)) != 0)
			abort(); /* out of memory */
	}
	buf_fini(&lines);
	return class;
}

/* The supervisor's own words; NULL if there are none. */
static json_t *read_state(const struct node *n)
{
	struct arena a = {0};
	struct buf b = {0};
	struct err e;
	json_t *j = NULL;

	if (file_read(node_path(n, &a, "run/state.json"), 1 << 20, &b, &e) ==
	    ERR_NONE)
		j = json_loadb((const char *)b.p, b.n, 0, NULL);
	buf_fini(&b);
	arena_fini(&a);
	return j;
}

/* Every process has said that it is ready. */
static bool all_ready(const json_t *processes)
{
	size_t i;
	json_t *p;

	if (json_array_size(processes) == 0)
		return false;
	json_array_foreach(processes, i, p)
	{
		if (!json_is_true(json_object_get(p, "ready")))
			return false;
	}
	return true;
}

/* why: what the database refused; "" if nothing. */
static const char *state_of(
    bool serving, const json_t *processes, const char *why)
{
	if (!serving)
		return "stopped";
	return all_ready(processes) && why[0] == '\0' ? "ready" : "degraded";
}

static json_t *report(const struct counts *k, bool serving, const char *why)
{
	const struct node *n = k->node;
	json_t *supervisor = serving ? read_state(n) : NULL;
	json_t *processes = json_object_get(supervisor, "processes");
	json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:{s:s,s:b,s:s,s:O},s:o,s:I,"
			      "s:I,s:I,s:I,s:I,s:I}",
	    "node", n->code, "name", n->name, "party",
	    node_party_name(n->party), "state",
	    state_of(serving, processes, why), "db", "kind",
	    node_database_file(n) != NULL ? "sqlite" : "postgresql", "ok",
	    why[0] == '\0', "why", why, "settings", k->settings, "processes",
	    processes ? json_incref(processes) : json_array(), "inbox",
	    (json_int_t)k->inbox, "outbox", (json_int_t)k->outbox, "oldest_s",
	    (json_int_t)(k->oldest_us == 0 || k->oldest_us > k->now_us
			     ? 0
			     : (k->now_us - k->oldest_us) / CLOCK_SECOND),
	    "held", (json_int_t)k->held, "overdue", (json_int_t)k->overdue,
	    "refused", (json_int_t)k->refused);

	if (j == NULL)
		abort(); /* out of memory */
	json_decref(supervisor);
	return j;
}

static json_t *peers_list(const struct counts *k, const struct peers *peers)
{
	json_t *list = json_array();

	for (size_t i = 0; peers != NULL && i < peers_count(peers); i++) {
		const char *code = peers_at(peers, i)->code;
		json_t *last = json_object_get(k->receipts, code);

		if (json_array_append_new(list,
			json_pack("{s:s,s:n,s:O}", "code", code, "reachable",
			    "last_receipt", last ? last : json_null())) != 0)
			abort(); /* out of memory */
	}
	return list;
}

json_t *health_report(const struct node *n, struct store *s,
    const struct peers *peers, bool serving, const char *why)
{
	struct counts k = {
	    .node = n, .receipts = json_object(), .settings = json_object()};
	struct err e = {0};
	json_t *j;

	if (s != NULL) {
		why = "";
		if (node_now(n, &k.now_us, &e) != ERR_NONE ||
		    store_read(s, count, &k, &e) != ERR_NONE ||
		    read_settings(s, k.settings, &e) != ERR_NONE)
			why = e.code;
	}
	j = report(&k, serving, why);
	if (json_object_set_new(j, "peers", peers_list(&k, peers)) != 0)
		abort(); /* out of memory */
	json_decref(k.receipts);
	json_decref(k.settings);
	return j;
}
