/*
 * serve_gate.c — the process that peers reach: stores what they send and
 * answers with receipts.
 *
 * SECURITY: it holds the node's key and reads hostile bytes, after mutual TLS
 * with a certificate of the peer table. It opens no payload and connects to
 * nobody.
 */
#include "cli/serve.h"

#include "base/log.h"
#include "base/random.h"
#include "exchange/client.h"
#include "exchange/server.h"
#include "exchange/wake.h"

#define NAME "gate"

struct gating {
	const struct node *node;
	struct gate gate;
	struct serve_loop loop;
	enum err_class class; /* ERR_FAULT: the process ends */
	struct err err;
};

struct asking {
	char fingerprint[DIGEST_TEXT];
	bool known;
};

static enum err_class ask(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *a = arg;
	struct store_rows *r;

	TRY(store_one(tx, STMT_SERVE_KNOWN,
	    STORE_VALUES(store_z(a->fingerprint)), &r, &a->known, e));
	store_rows_close(r);
	return ERR_NONE;
}

/* S1: the peer table as it is in the database now. A table that cannot be
 * read knows nobody. */
static bool known(void *ctx, struct digest fingerprint)
{
	struct gating *g = ctx;
	struct asking a = {.known = false};
	struct err e;

	digest_hex(fingerprint, a.fingerprint);
	if (store_read(g->gate.store, ask, &a, &e) != ERR_NONE) {
		log_err(NAME, &e);
		return false;
	}
	return a.known;
}

static int status_of(struct gating *g, enum err_class c, const struct err *e)
{
	switch (c) {
	case ERR_NONE:
		return 200;
	case ERR_INPUT:
		return 400;
	case ERR_LIMIT:
		return 413;
	case ERR_DENIED:
		return 0; /* S1: no longer a peer: no answer */
	case ERR_BUSY:
	case ERR_UNSURE:
		return 503;
	case ERR_FAULT:
		break;
	}
	g->class = c;
	g->err = *e;
	(void)event_base_loopbreak(g->loop.base);
	return 0;
}

static void handle(void *ctx, const struct server_request *request,
    struct server_answer *answer)
{
	struct gating *g = ctx;
	size_t stored = 0;
	int64_t now;
	struct err e;
	enum err_class c = node_now(g->node, &now, &e);

	if (c == ERR_NONE)
		c = gate_receive(&g->gate, request->peer, request->body, now,
		    &answer->body, &stored, &e);
	answer->status = status_of(g, c, &e);
	answer->type = CLIENT_TYPE;
	if (c != ERR_NONE) {
		log_err(NAME, &e);
		buf_clear(&answer->body);
	} else if (stored > 0) {
		wake_send(g->node);
		store_tell(g->gate.store);
	}
}

static enum err_class run(struct gating *g, struct err *e)
{
	static const struct server_route routes[] = {
	    {"POST", CLIENT_PATH, CLIENT_TYPE},
	    {NULL, NULL, NULL},
	};
	struct server_config config = {
	    .process = NAME,
	    .keys = keys_folder(g->gate.keys),
	    .known = known,
	    .routes = routes,
	    .handle = handle,
	    .ctx = g,
	    .limits = {.body_max = GATE_BODY_MAX},
	};
	struct server *server;

	TRY(serve_listen(&config, &g->loop, &server, e));
	if (event_base_dispatch(g->loop.base) < 0)
		g->class = err_errno(&g->err, "event loop");
	server_free(server);
	*e = g->err;
	return g->class;
}

enum err_class serve_gate(const struct node *n, struct err *e)
{
	struct gating g = {
	    .node = n,
	    .gate = {.node = n, .random = {.fill = random_fill}},
	};
	struct arena a = {0};
	struct keys *keys = NULL;
	enum err_class c = keys_load(node_path(n, &a, "keys"), &keys, e);

	g.gate.keys = keys;
	if (c == ERR_NONE)
		c = node_store(n, &g.gate.store, e);
	if (c == ERR_NONE) {
		serve_loop_init(&g.loop);
		c = run(&g, e);
		serve_loop_fini(&g.loop);
	}
	gate_fini(&g.gate);
	store_close(g.gate.store);
	keys_free(keys);
	arena_fini(&a);
	return c;
}
