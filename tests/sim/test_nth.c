/*
 * test_nth.c — fails the n-th step of a node's disk, for every n until a run
 * passes untouched: the process dies there (with and without power), a write
 * fails, a sync fails. One unit of work each: what a gate takes in, and what
 * each party makes of a message. Afterwards all is done, and done once.
 */
#include "sim.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum way { WAY_DIES, WAY_POWER, WAY_WRITE, WAY_SYNC, WAY_FULL, WAYS };

#define N_MAX 5000

struct stage {
	struct sim *s;
	int node;
	const char *waits; /* counts what the unit of work is to take */
	const char *done;  /* counts what it makes, … */
	int64_t expected;  /* … once */
	struct sim_image *image[SIM_NODES];
	int64_t now_us;
};

static int passed;
static int failed;

static void check(bool good, const struct stage *t, enum way way, long n)
{
	if (good)
		return;
	failed++;
	(void)printf("node %d, way %d, step %ld: not done once: %s\n", t->node,
	    (int)way, n, t->done);
}

static int64_t count(const struct stage *t, const char *sql)
{
	return fixture_count(t->s->node[t->node].base, sql);
}

static void set(struct sim_disk *d, enum way way, long n)
{
	d->dies_at = way == WAY_DIES || way == WAY_POWER ? d->ops + n : 0;
	d->fails_write = way == WAY_WRITE ? n : 0;
	d->fails_sync = way == WAY_SYNC ? n : 0;
	d->full = way == WAY_FULL;
}

/* Everything as it was when the stage was kept. */
static void rewind_to(struct stage *t)
{
	struct sim *s = t->s;

	for (int i = 0; i < SIM_NODES; i++) {
		if (s->node[i].up)
			sim_node_stop(s, i);
		sim_disk_put(s->node[i].disk, t->image[i]);
	}
	while (s->events > 0)
		sim_net_packet_free(s->heap[--s->events].packet);
	s->now_us = t->now_us;
	sim_node_start(s, t->node);
}

static enum err_class step(struct stage *t, struct err *e)
{
	struct sim *s = t->s;
	bool did;
	int64_t next;

	s->now_us += CLOCK_SECOND;
	return work_step(&s->node[t->node].base->work, sim_local(s, t->node),
	    &did, &next, e);
}

/* One unit of work with the failure set; then without, until it is done.
 * False: the failure was not met. */
static bool one(struct stage *t, enum way way, long n)
{
	struct sim *s = t->s;
	struct sim_disk *d = s->node[t->node].disk;
	struct err e;
	bool met;

	rewind_to(t);
	set(d, way, n);
	for (int i = 0; i < 3; i++)
		if (step(t, &e) == ERR_FAULT || d->dead)
			break;
	met = d->dead || d->failed;
	sim_node_stop(s, t->node);
	check(!d->sync_retried, t, way, n);
	sim_disk_restart(d, way == WAY_POWER || d->sync_failed, &s->plan);
	set(d, WAYS, 0);
	sim_node_start(s, t->node);
	for (int i = 0; i < 6; i++)
		check(step(t, &e) == ERR_NONE, t, way, n);
	check(count(t, t->done) == t->expected, t, way, n);
	check(count(t, t->waits) == 0, t, way, n);
	check(count(t, "SELECT integrity_check <> 'ok' FROM"
		       " pragma_integrity_check") == 0,
	    t, way, n);
	return met;
}

static void every_step(struct stage *t)
{
	for (int way = 0; way < WAYS; way++) {
		long n = 1;

		if (way == WAY_FULL) {
			(void)one(t, WAY_FULL, 1);
			passed++;
			continue;
		}
		while (n < N_MAX && failed == 0 && one(t, (enum way)way, n))
			n++;
		/* It was met at least once, and not for ever. */
		check(n > 1 && n < N_MAX, t, (enum way)way, n);
		passed++;
	}
}

/* The chain works until that node has what it is to take. */
static bool reach(struct stage *t)
{
	struct sim *s = t->s;

	for (long i = 0; i < 200000 && s->events > 0; i++) {
		sim_run_event(s);
		if (s->node[t->node].up && count(t, t->waits) > 0)
			return true;
	}
	return false;
}

static void keep(struct stage *t)
{
	struct sim *s = t->s;

	t->now_us = s->now_us;
	for (int i = 0; i < SIM_NODES; i++) {
		if (s->node[i].up)
			sim_node_stop(s, i);
		t->image[i] = sim_disk_keep(s->node[i].disk);
	}
}

static void unit_of_work(struct sim *s, int node, const char *waits,
    const char *done, int64_t expected)
{
	struct stage t = {.s = s,
	    .node = node,
	    .waits = waits,
	    .done = done,
	    .expected = expected};

	sim_run_begin(s);
	if (!reach(&t)) {
		failed++;
		(void)printf("node %d never gets there: %s\n", node, waits);
		return;
	}
	keep(&t);
	every_step(&t);
	for (int i = 0; i < SIM_NODES; i++)
		sim_disk_drop(t.image[i]);
	for (int i = 0; i < SIM_NODES; i++)
		if (s->node[i].up)
			sim_node_stop(s, i);
}

#define WAITING(kind)                                                          \
	"SELECT count(*) FROM inbox AS i JOIN message AS m ON m.id = i.id"     \
	" WHERE i.state = 0 AND m.kind = '" kind "'"

int main(void)
{
	static struct sim s;
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		abort();
	sim_world_make(&s);
	unit_of_work(&s, SIM_UNIT, WAITING("subjects"),
	    "SELECT (SELECT count(*) FROM unit_part) * 100 + (SELECT"
	    " count(DISTINCT ordinal) FROM snapshot)",
	    100 + 20);
	unit_of_work(&s, SIM_BANK_A, WAITING("request-file"),
	    "SELECT (SELECT count(*) FROM lookup) + 100 * (SELECT count(*)"
	    " FROM outbox AS o JOIN message AS m ON m.id = o.id WHERE"
	    " m.kind = 'answer-file')",
	    100 + 20);
	unit_of_work(&s, SIM_HUB, WAITING("answer-file"),
	    "SELECT min(f.n) = k.n AND max(f.n) = k.n FROM (SELECT count(*) AS n"
	    " FROM message WHERE kind = 'answer-file') AS k, (SELECT count(*)"
	    " AS n FROM hub_file WHERE answered = records UNION ALL SELECT"
	    " count(*) FROM outbox AS o JOIN message AS m ON m.id = o.id"
	    " WHERE m.kind = 'answer-file') AS f",
	    1);
	unit_of_work(&s, SIM_UNIT, WAITING("answer-file"),
	    "SELECT count(*) >= 7 FROM outcome", 1);
	unit_of_work(&s, SIM_WARD, WAITING("answer-file"),
	    "SELECT count(*) >= 7 FROM outcome", 1);
	sim_world_free(&s);
	(void)close(fd);
	(void)printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
