/* sim_node.c — see sim.h: one node's life. */
#include "sim.h"

#include "parties/restored.h"

#include <stdlib.h>

#define STARTS_AGAIN (2 * CLOCK_SECOND)

int64_t sim_local(const struct sim *s, int node)
{
	const struct sim_node *n = &s->node[node];

	return FIXTURE_NOW + s->now_us + s->now_us / 1000000 * n->drift_ppm +
	       n->offset_us;
}

static void clear_slots(struct sim_node *n)
{
	for (int i = 0; i < SIM_NODES; i++) {
		delivery_fini(&n->slot[i].delivery);
		buf_fini(&n->slot[i].answer);
		n->slot[i] = (struct sim_slot){0};
	}
}

static void open_all(struct sim *s, int node, struct fixture_node *b)
{
	struct err e;

	b->keys = s->node[node].keys[s->node[node].certificate];
	sim_net_transport(s, node);
	b->gate = (struct gate){
	    .node = &b->node,
	    .keys = b->keys,
	    .store = b->store,
	    .random = s->o.f.random,
	};
	if (work_init(&b->work, &b->node, b->keys, s->o.f.codes, b->layouts,
		b->store, &b->transport, s->o.f.random, &e) != ERR_NONE)
		abort();
}

sqlite3_stmt *sim_node_read(struct sim *s, int node, const char *sql)
{
	struct sim_node *n = &s->node[node];
	sqlite3_stmt *q = NULL;
	char path[300];

	(void)snprintf(path, sizeof(path), "%s/shokai.db", n->base->path);
	if ((n->aside != NULL || sqlite3_open(path, &n->aside) == SQLITE_OK) &&
	    sqlite3_prepare_v2(n->aside, sql, -1, &q, NULL) == SQLITE_OK)
		return q;
	(void)sqlite3_close(n->aside);
	n->aside = NULL;
	return NULL;
}

static enum err_class read_peers(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_load(tx, arg, e);
}

/* As the officer does who has put a copy back: before it is served. */
static enum err_class ask(struct sim *s, int node, struct err *e)
{
	struct sim_node *n = &s->node[node];
	struct party_context *c = &n->base->work.context;
	struct peers *peers = NULL;
	enum err_class class;
	size_t asked;

	class = store_read(n->base->store, read_peers, &peers, e);
	if (class == ERR_NONE) {
		c->peers = peers;
		c->now_us = sim_local(s, node);
		c->arena = &s->arena;
		class = restored_ask(c, &asked, e);
		c->peers = NULL;
		arena_reset(&s->arena);
	}
	peers_free(peers);
	return class;
}

void sim_node_start(struct sim *s, int node)
{
	struct sim_node *n = &s->node[node];
	struct err e;

	if (n->up)
		return;
	if (node_store(&n->base->node, &n->base->store, &e) != ERR_NONE) {
		sim_trace(s, "%d start fails %s", node, e.code);
		if (s->calm && !n->disk->failed && !n->disk->dead)
			sim_wrong(
			    s, "node %d does not start: %s", node, e.code);
		n->base->store = NULL;
		s->unstarted++;
		sim_disk_restart(n->disk, false, &s->plan);
		sim_push(s, STARTS_AGAIN, SIM_START, node);
		return;
	}
	n->up = true;
	n->life++;
	n->idle = 0;
	open_all(s, node, n->base);
	sim_trace(s, "%d starts", node);
	if (n->to_ask) {
		enum err_class class = ask(s, node, &e);

		n->to_ask = class != ERR_NONE;
		sim_trace(s, "%d asks its neighbours: %d", node, class);
		if (!sim_node_alive(s, node, class, &e))
			return;
	}
	sim_node_wake(s, node, 1000);
}

void sim_node_stop(struct sim *s, int node)
{
	struct sim_node *n = &s->node[node];
	struct fixture_node *b = n->base;

	n->up = false;
	(void)sqlite3_close(n->aside);
	n->aside = NULL;
	work_fini(&b->work);
	gate_fini(&b->gate);
	clear_slots(n);
	store_close(b->store);
	b->store = NULL;
}

/* What is on the disk when the machine is back. */
static void crash(struct sim *s, int node)
{
	struct sim_node *n = &s->node[node];
	/* What the kernel shows after a failed sync need not be on the disk:
	 * the machine is started anew too (docs/operations.md). */
	bool power = n->disk->sync_failed || sim_rng_in(&s->plan, 1, 2);

	sim_node_stop(s, node);
	if (n->disk->sync_retried)
		sim_wrong(s, "node %d: a failed sync was tried again", node);
	sim_trace(s, "%d ends%s", node, power ? ", power lost" : "");
	sim_disk_restart(n->disk, power, &s->plan);
	sim_push(s, STARTS_AGAIN + sim_rng_below(&s->plan, 20 * CLOCK_SECOND),
	    SIM_START, node);
}

bool sim_node_alive(
    struct sim *s, int node, enum err_class class, const struct err *e)
{
	struct sim_node *n = &s->node[node];

	if (class != ERR_FAULT && !n->disk->dead)
		return true;
	if (!n->disk->dead && !n->disk->failed && !n->disk->full)
		sim_wrong(s, "node %d: a fault without cause: %s %s", node,
		    e->code, e->detail);
	if (n->disk->sync_failed)
		sim_trace(s, "%d a sync has failed", node);
	crash(s, node);
	return false;
}

void sim_node_certify(struct sim *s, int node, int which)
{
	struct sim_node *n = &s->node[node];

	n->certificate = which;
	n->base->certificate = n->cert[which];
	n->base->keys = n->keys[which];
	if (!n->up)
		return;
	/* A process reads its keys when it starts. */
	sim_node_stop(s, node);
	sim_node_start(s, node);
}

void sim_node_wake(struct sim *s, int node, int64_t after_us)
{
	struct sim_node *n = &s->node[node];
	int64_t at = s->now_us + after_us;
	struct sim_event *x;

	if (n->step_at > s->now_us && n->step_at <= at)
		return;
	x = sim_push(s, after_us, SIM_STEP, node);
	x->life = n->life;
	n->step_at = at;
}

/* Time costs nothing here: who has nothing to do looks less and less often. */
static int64_t rest(const struct sim *s, const struct sim_node *n)
{
	int longest = s->calm ? 9 : 4;

	return CLOCK_SECOND << (n->idle < longest ? n->idle : longest);
}

void sim_node_step(struct sim *s, int node)
{
	struct sim_node *n = &s->node[node];
	int64_t local = sim_local(s, node);
	enum err_class class;
	struct err e;
	int64_t next;
	int64_t wait;
	bool did;

	s->steps++;
	class = work_step(&n->base->work, local, &did, &next, &e);
	sim_trace(s, "%d step %d %d", node, did, class);
	if (!sim_node_alive(s, node, class, &e))
		return;
	n->idle = did ? 0 : n->idle + 1;
	wait = did ? 1000 + sim_rng_below(&s->net, 4000) : rest(s, n);
	if (!did && next - local < CLOCK_SECOND && next > local)
		wait = next - local;
	sim_node_wake(s, node, wait);
}
