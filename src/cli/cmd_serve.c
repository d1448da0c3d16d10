/* cmd_serve.c — serve: the supervisor, or one of its processes. */
#include "cli/cli.h"
#include "cli/serve.h"

#include "base/log.h"
#include "exchange/keys.h"

#include <malloc.h>
#include <string.h>

/* What would make every process fail is told here, once. */
static enum err_class check(const struct node *n, struct err *e)
{
	struct arena a = {0};
	struct keys *keys = NULL;
	struct store *store = NULL;
	enum err_class c = keys_load(node_path(n, &a, "keys"), &keys, e);

	if (c == ERR_NONE)
		c = node_store(n, &store, e);
	store_close(store);
	keys_free(keys);
	arena_fini(&a);
	return c;
}

/* A server may come later than the node: its processes try again, with a
 * growing delay. */
static bool may_come(const struct node *n, const struct err *e)
{
	return node_database_file(n) == NULL && e->class == ERR_BUSY &&
	       strcmp(e->code, "store.unreachable") == 0;
}

static int supervise(struct cli *c, const struct node *n)
{
	const int count[SERVE_KIND_COUNT] = {
	    [SERVE_GATE] = (int)cli_int(c, "gate", 0, SERVE_PROCESSES_MAX, 1),
	    [SERVE_WORK] = (int)cli_int(c, "work", 0, SERVE_PROCESSES_MAX, 1),
	    [SERVE_DESK] = (int)cli_int(c, "desk", 0, SERVE_PROCESSES_MAX, 1),
	};
	int exit_code = 0;
	struct err e;

	if (check(n, &e) != ERR_NONE) {
		if (!may_come(n, &e))
			return cli_fail(c, &e);
		log_err("serve", &e);
	}
	if (serve_supervise(n, count, &exit_code, &e) != ERR_NONE)
		return cli_fail(c, &e);
	return exit_code;
}

/* Each file takes and frees some megabytes: kept for the next one, they need
 * not be cleared by the kernel again. */
static void keep_memory(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, 32 << 20);
	(void)mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

static enum err_class run_child(
    const struct node *n, enum serve_kind kind, struct err *e)
{
	keys_no_core();
	keep_memory();
	if (kind != SERVE_DESK)
		serve_batch(n, serve_kind_name(kind));
	switch (kind) {
	case SERVE_GATE:
		return serve_gate(n, e);
	case SERVE_DESK:
		return serve_desk(n, e);
	case SERVE_WORK:
		return serve_work(n, e);
	case SERVE_KIND_COUNT:
		break;
	}
	return err_set(e, ERR_FAULT, "fault", "種類が違います", "no such kind");
}

static enum err_class run_call(const struct node *n, struct err *e)
{
	keys_no_core();
	serve_batch(n, "call");
	return serve_call(n, e);
}

static int run_serve(struct cli *c)
{
	const char *child = cli_value(c, "child");
	enum serve_kind kind;
	struct node n;
	struct err e;
	int exit_code = 0;

	bool call = child != NULL && strcmp(child, "call") == 0;

	if (child != NULL && !call && !serve_kind_named(child, &kind))
		return cli_usage(c, "--child takes gate, desk, work or call");
	if (node_load(c->arg[0], &n, &e) != ERR_NONE)
		return cli_fail(c, &e);
	if (child == NULL) {
		exit_code = supervise(c, &n);
	} else if ((call ? run_call(&n, &e) : run_child(&n, kind, &e)) !=
		   ERR_NONE) {
		log_err(child, &e);
		exit_code = err_exit(e.class);
	}
	node_fini(&n);
	return exit_code;
}

const struct cli_command cmd_serve = {
    .words = "serve",
    .args = "NODE",
    .help = "runs a node in the foreground: gate, desk and work processes. "
	    "Prints READY gate=HOST:PORT desk=HOST:PORT when all are ready; "
	    "SIGTERM ends it",
    .args_min = 1,
    .args_max = 1,
    .options =
	{
	    {"gate", "N", "processes that receive from peers (1)"},
	    {"work", "N", "processes that work and deliver (1)"},
	    {"desk", "N", "processes that serve officers (1)"},
	    {"child", "KIND", "internal: be one process of a serve"},
	},
    .run = run_serve,
};
