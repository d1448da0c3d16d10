/*
 * serve_work.c — the process that does the party's work and delivers.
 *
 * SECURITY: it opens what peers have sent and stored by then, and connects
 * out, to peers alone. Carried ZIP files (folder.h) are the one input it
 * takes in itself.
 */
#include "cli/serve.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "exchange/client.h"
#include "exchange/folder.h"
#include "exchange/route.h"
#include "exchange/wake.h"
#include "parties/layouts.h"
#include "parties/work.h"

#include <unistd.h>

#define NAME "work"
#define WAIT_MS 1000 /* the fallback, if nobody wakes it */

/* All that the work stands on; freed in the opposite order. */
struct working {
	const struct node *node;
	struct keys *keys;
	struct store *store;
	const struct codes *codes;
	struct layouts *layouts;
	struct client *client;
	struct gate gate; /* for what is carried in */
	struct folder *folder;
	struct route route;
	struct transport transport;
	struct work work;
	struct arena arena;
};

static const struct random_source machine = {.fill = random_fill};

/* 媒体受渡簿: the ward's carrying book. */
static enum err_class note_carry(void *ctx, struct store_tx *tx,
    const struct folder_note *note, struct err *e)
{
	(void)ctx;
	return STORE_DO(tx, STMT_WARD_CARRY_ADD, e, store_int(note->at_us),
	    store_z(note->direction), store_z(note->peer), store_z(note->name),
	    store_z(NAME), store_int(note->messages), store_int(note->records),
	    store_z(note->digest));
}

static void make_transport(struct working *w)
{
	struct folder_config config = {
	    .process = NAME,
	    .node = w->node,
	    .gate = &w->gate,
	    .note = w->node->party == STORE_WARD ? note_carry : NULL,
	};

	w->gate = (struct gate){.node = w->node,
	    .keys = w->keys,
	    .store = w->store,
	    .random = machine};
	w->folder = folder_new(&config);
	w->route = (struct route){.node = w->node,
	    .client = client_transport(w->client),
	    .folder = folder_transport(w->folder)};
	w->transport = route_transport(&w->route);
}

static enum err_class open_all(struct working *w, struct err *e)
{
	const struct node *n = w->node;

	TRY(keys_load(node_path(n, &w->arena, "keys"), &w->keys, e));
	TRY(node_store(n, &w->store, e));
	TRY(codes_load(&w->arena, &w->codes, e));
	w->layouts = layouts_new(node_path(n, &w->arena, "layouts"));
	TRY(client_new(NAME, keys_folder(w->keys), &w->client, e));
	make_transport(w);
	return work_init(&w->work, n, w->keys, w->codes, w->layouts, w->store,
	    &w->transport, machine, e);
}

/* SIGTERM is blocked, and looked for between two rounds: a round ends. */
static bool told_to_end(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGTERM) == 1 ||
		   sigismember(&pending, SIGINT) == 1);
}

static void rest(struct working *w, int64_t us)
{
	int ms = us <= 0			 ? 1
		 : us >= WAIT_MS * INT64_C(1000) ? WAIT_MS
						 : (int)(us / 1000) + 1;

	int other;
	int either = -1;

	if (store_heard(w->store, &other))
		ms = 0;
	if (other >= 0)
		either = wake_either(SERVE_FD_SOCKET, other);
	w->transport.wait(
	    w->transport.ctx, either >= 0 ? either : SERVE_FD_SOCKET, ms);
	if (either >= 0)
		(void)close(either);
	wake_drain(SERVE_FD_SOCKET);
}

static enum err_class loop(struct working *w, struct err *e)
{
	while (!told_to_end()) {
		int64_t now, next = 0;
		bool did = false;
		enum err_class c = node_now(w->node, &now, e);

		if (c == ERR_NONE)
			c = work_step(&w->work, now, &did, &next, e);
		if (c == ERR_FAULT)
			return c;
		if (c != ERR_NONE) {
			/* The database is busy, or the like: look later. */
			log_err(NAME, e);
			did = false;
			next = now + CLOCK_SECOND;
		}
		if (!did)
			rest(w, next - now);
	}
	return ERR_NONE;
}

static void close_all(struct working *w)
{
	work_fini(&w->work);
	folder_free(w->folder);
	gate_fini(&w->gate);
	client_free(w->client);
	layouts_free(w->layouts);
	store_close(w->store);
	keys_free(w->keys);
	arena_fini(&w->arena);
}

enum err_class serve_work(const struct node *n, struct err *e)
{
	struct working w = {.node = n};
	enum err_class c;
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return err_errno(e, "sigprocmask");
	c = open_all(&w, e);
	if (c == ERR_NONE) {
		serve_ready();
		c = loop(&w, e);
	}
	close_all(&w);
	return c;
}
