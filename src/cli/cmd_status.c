/* cmd_status.c — status: what a node does, from its database and run/. */
#include "cli/cli.h"
#include "cli/serve.h"
#include "cli/status_peers.h"

#include "parties/health.h"

#include <stdlib.h>

enum state { STATE_READY, STATE_DEGRADED, STATE_STOPPED };
static const char *const state_names[] = {"ready", "degraded", "stopped"};
static const char *const state_ja[] = {"稼働中", "一部停止", "停止"};

static const char *reach_word(const json_t *reachable)
{
	return json_is_true(reachable)	  ? "reachable"
	       : json_is_false(reachable) ? "not reachable"
					  : "not asked (carried, or through "
					    "another)";
}

static void print_database(const json_t *db)
{
	const char *said = json_string_value(json_object_get(db, "said"));

	(void)printf("  %-8s %s%s%s\n", "db",
	    json_string_value(json_object_get(db, "kind")),
	    said != NULL ? ": " : "", said != NULL ? said : "");
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
	print_database(json_object_get(j, "db"));
	json_array_foreach(json_object_get(j, "processes"), i, p)
	{
		(void)printf("  %-8s pid %d, restarts %d, delay %d ms\n",
		    json_string_value(json_object_get(p, "kind")),
		    (int)json_integer_value(json_object_get(p, "pid")),
		    (int)json_integer_value(json_object_get(p, "restarts")),
		    (int)json_integer_value(json_object_get(p, "delay_ms")));
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

/* Who answers is asked here; sets reachable. False: one does not. */
static bool ask_peers(
    const struct node *n, const struct peers *peers, json_t *j)
{
	json_t *list = json_object_get(j, "peers");
	size_t count = peers != NULL ? peers_count(peers) : 0;
	enum status_reach *reach = arena_xmalloc((count + 1) * sizeof(*reach));
	bool all = true;

	if (count > 0)
		status_peers_probe(peers, reach);
	for (size_t i = 0; i < count; i++) {
		if (node_link_of(n, peers_at(peers, i)->code) == LINK_FOLDER)
			continue; /* carried by hand */
		all = all && reach[i] != STATUS_UNREACHED;
		if (reach[i] != STATUS_UNKNOWN)
			(void)json_object_set_new(json_array_get(list, i),
			    "reachable",
			    json_boolean(reach[i] == STATUS_REACHED));
	}
	free(reach);
	return all;
}

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_load(tx, arg, e);
}

static enum state state_of(const json_t *j)
{
	const char *name = json_string_value(json_object_get(j, "state"));
	enum state s = STATE_READY;

	while (s != STATE_STOPPED && strcmp(name, state_names[s]) != 0)
		s++;
	return s;
}

/* What is to be done about it stands in the words of the refusal. */
static void say_why(const struct cli *c, json_t *j, const struct err *e)
{
	json_t *said = json_sprintf("%s: %s%s%s", e->code,
	    c->ja ? e->ja : e->en, e->detail[0] != '\0' ? ": " : "", e->detail);

	if (said == NULL ||
	    json_object_set_new(json_object_get(j, "db"), "said", said) != 0)
		abort(); /* out of memory */
}

/* e: what the database refused; NULL: nothing. */
static int report(struct cli *c, const struct node *n, struct store *store,
    const struct peers *peers, const struct err *e)
{
	json_t *j = health_report(
	    n, store, peers, serve_running(n), e != NULL ? e->code : "");
	enum state state = state_of(j);

	if (e != NULL)
		say_why(c, j, e);
	if (!ask_peers(n, peers, j) && state == STATE_READY) {
		state = STATE_DEGRADED;
		(void)json_object_set_new(
		    j, "state", json_string(state_names[state]));
	}
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
	struct peers *peers = NULL;
	struct store *store = NULL;
	struct node n;
	struct err e;
	int exit_code;

	if (node_load(c->arg[0], &n, &e) != ERR_NONE)
		return cli_fail(c, &e);
	if (node_store(&n, &store, &e) == ERR_NONE &&
	    store_read(store, load_peers, &peers, &e) != ERR_NONE) {
		store_close(store);
		store = NULL;
	}
	exit_code = report(c, &n, store, peers, store != NULL ? NULL : &e);
	peers_free(peers);
	store_close(store);
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
