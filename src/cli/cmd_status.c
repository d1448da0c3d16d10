/* cmd_status.c — status: what a node does, from its database and run/. */
#include "cli/cli.h"
#include "cli/serve.h"
#include "cli/status_peers.h"

#include "base/clock.h"
#include "base/file.h"
#include "parties/refused.h"

#include <stdlib.h>

enum state { STATE_READY, STATE_DEGRADED, STATE_STOPPED };
static const char *const state_names[] = {"ready", "degraded", "stopped"};
static const char *const state_ja[] = {"稼働中", "一部停止", "停止"};

struct counts {
	const struct node *node;
	int64_t inbox;
	int64_t outbox;
	int64_t oldest_us; /* 0: none waits */
	int64_t held;
	int64_t overdue;
	int64_t refused;
	int64_t now_us;
	struct peers *peers;
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

	c->refused += row->open;
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
	TRY(refused_each(tx, c->node, count_refused, c, e));
	TRY(last_receipts(tx, c, e));
	return peers_load(tx, &c->peers, e);
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

static enum err_class read_database(struct counts *c, struct err *e)
{
	struct store *s;
	enum err_class class;

	TRY(node_now(c->node, &c->now_us, e));
	TRY(node_store(c->node, &s, e));
	class = store_read(s, count, c, e);
	if (class == ERR_NONE)
		class = read_settings(s, c->settings, e);
	store_close(s);
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

static json_t *peers_json(const struct counts *c, bool *all)
{
	size_t n = c->peers ? peers_count(c->peers) : 0;
	enum status_reach *reach = arena_xmalloc((n + 1) * sizeof(*reach));
	json_t *list = json_array();

	if (n > 0)
		status_peers_probe(c->peers, reach);
	for (size_t i = 0; i < n; i++) {
		const char *code = peers_at(c->peers, i)->code;
		json_t *last = json_object_get(c->receipts, code);

		if (node_link_of(c->node, code) == LINK_FOLDER)
			reach[i] = STATUS_UNKNOWN; /* carried by hand */
		*all = *all && reach[i] != STATUS_UNREACHED;
		if (json_array_append_new(list,
			json_pack("{s:s,s:o,s:O}", "code", code, "reachable",
			    reach[i] == STATUS_UNKNOWN
				? json_null()
				: json_boolean(reach[i] == STATUS_REACHED),
			    "last_receipt", last ? last : json_null())) != 0)
			abort(); /* out of memory */
	}
	free(reach);
	return list;
}

static const char *reach_word(const json_t *reachable)
{
	return json_is_true(reachable)	  ? "reachable"
	       : json_is_false(reachable) ? "not reachable"
					  : "not asked (carried, or through "
					    "another)";
}

static void print_words(const struct cli *c, enum state state, const json_t *j)
{
	static const char *const keys[] = {
	    "inbox", "outbox", "oldest_s", "held", "overdue", "refused"};
	size_t i;
	json_t *p;

	(void)printf("%s %s: %s\n",
	    json_string_value(json_object_get(j, "party")),
	    json_string_value(json_object_get(j, "node")),
	    c->ja ? state_ja[state] : state_names[state]);
	json_array_foreach(json_object_get(j, "processes"), i, p)
	{
		(void)printf("  %-8s pid %d, restarts %d\n",
		    json_string_value(json_object_get(p, "kind")),
		    (int)json_integer_value(json_object_get(p, "pid")),
		    (int)json_integer_value(json_object_get(p, "restarts")));
	}
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		(void)printf("  %-8s %lld\n", keys[i],
		    (long long)json_integer_value(json_object_get(j, keys[i])));
	json_array_foreach(json_object_get(j, "peers"), i, p)
	{
		const char *last =
		    json_string_value(json_object_get(p, "last_receipt"));

		(void)printf("  peer %s: %s, %s\n",
		    json_string_value(json_object_get(p, "code")),
		    reach_word(json_object_get(p, "reachable")),
		    last ? last : "-");
	}
}

static int report(
    struct cli *c, const struct node *n, struct counts *k, const struct err *e)
{
	bool serving = serve_running(n);
	json_t *supervisor = serving ? read_state(n) : NULL;
	json_t *processes = json_object_get(supervisor, "processes");
	enum state state = serving ? STATE_READY : STATE_STOPPED;
	bool reached = true;
	json_t *peers = peers_json(k, &reached);
	json_t *j;

	if (serving && (!all_ready(processes) || e->code != NULL || !reached))
		state = STATE_DEGRADED;
	j = json_pack("{s:s,s:s,s:s,s:s,s:{s:s,s:b,s:s,s:O},s:o,s:I,s:I,s:I,"
		      "s:I,s:I,s:I,s:o}",
	    "node", n->code, "name", n->name, "party",
	    node_party_name(n->party), "state", state_names[state], "db",
	    "kind", strncmp(n->db, "sqlite:", 7) == 0 ? "sqlite" : "postgresql",
	    "ok", e->code == NULL, "why", e->code ? e->code : "", "settings",
	    k->settings, "processes",
	    processes ? json_incref(processes) : json_array(), "inbox",
	    (json_int_t)k->inbox, "outbox", (json_int_t)k->outbox, "oldest_s",
	    (json_int_t)(k->oldest_us == 0 || k->oldest_us > k->now_us
			     ? 0
			     : (k->now_us - k->oldest_us) / CLOCK_SECOND),
	    "held", (json_int_t)k->held, "overdue", (json_int_t)k->overdue,
	    "refused", (json_int_t)k->refused, "peers", peers);
	if (j == NULL)
		abort(); /* out of memory */
	json_decref(supervisor);
	if (c->json) {
		cli_print(j);
	} else {
		print_words(c, state, j);
		json_decref(j);
	}
	return state == STATE_READY ? 0 : state == STATE_DEGRADED ? 1 : 5;
}

static int run_status(struct cli *c)
{
	struct node n;
	struct err e;
	struct counts k = {
	    .node = &n, .receipts = json_object(), .settings = json_object()};
	int exit_code;

	if (node_load(c->arg[0], &n, &e) != ERR_NONE) {
		json_decref(k.receipts);
		json_decref(k.settings);
		return cli_fail(c, &e);
	}
	if (read_database(&k, &e) == ERR_NONE)
		e = (struct err){.class = ERR_NONE};
	exit_code = report(c, &n, &k, &e);
	peers_free(k.peers);
	json_decref(k.receipts);
	json_decref(k.settings);
	node_fini(&n);
	return exit_code;
}

const struct cli_command cmd_status = {
    .words = "status",
    .args = "NODE",
    .help = "says what a node does: processes, database, what waits, peers. "
	    "Exit 0: ready; 1: degraded (a process, the database or a peer "
	    "fails); 5: stopped",
    .args_min = 1,
    .args_max = 1,
    .run = run_status,
};
