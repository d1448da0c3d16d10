/* sim_run.c — see sim.h: one run, event by event. */
#include "sim.h"

#include <stdarg.h>
#include <stdlib.h>

#define DAY_LONG (24 * 3600 * CLOCK_SECOND)
#define STEPS_MAX 60000

static bool before(const struct sim_event *a, const struct sim_event *b)
{
	return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void swap(struct sim_event *a, struct sim_event *b)
{
	struct sim_event t = *a;

	*a = *b;
	*b = t;
}

struct sim_event *sim_push(
    struct sim *s, int64_t after_us, enum sim_event_kind kind, int node)
{
	struct sim_event *h;
	size_t i = s->events++;

	if (s->events > s->room) {
		s->room = s->room * 2 + 64;
		s->heap = arena_xrealloc(s->heap, s->room * sizeof(*s->heap));
	}
	h = s->heap;
	h[i] = (struct sim_event){
	    .at_us = s->now_us + (after_us > 0 ? after_us : 0),
	    .order = ++s->order_no,
	    .kind = kind,
	    .node = node,
	};
	while (i > 0 && before(&h[i], &h[(i - 1) / 2])) {
		swap(&h[i], &h[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	return &h[i];
}

static struct sim_event pop(struct sim *s)
{
	struct sim_event *h = s->heap;
	struct sim_event out = h[0];
	size_t i = 0;

	h[0] = h[--s->events];
	for (;;) {
		size_t k = 2 * i + 1;

		if (k + 1 < s->events && before(&h[k + 1], &h[k]))
			k++;
		if (k >= s->events || !before(&h[k], &h[i]))
			return out;
		swap(&h[k], &h[i]);
		i = k;
	}
}

void sim_trace(struct sim *s, const char *fmt, ...)
{
	char line[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (int i = 0; i < n && i < (int)sizeof(line) - 1; i++)
		s->hash = (s->hash ^ (unsigned char)line[i]) *
			  UINT64_C(1099511628211);
	s->hash = (s->hash ^ (uint64_t)s->now_us) * UINT64_C(1099511628211);
	if (s->trace)
		(void)printf("%12.6f %s\n", (double)s->now_us / 1e6, line);
}

void sim_wrong(struct sim *s, const char *fmt, ...)
{
	char line[400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (s->violations++ == 0)
		memcpy(s->why, line, sizeof(s->why));
	if (s->trace)
		(void)printf("WRONG %s\n", line);
}

/* Everything back in order: from now on it must drain. */
static void calm(struct sim *s)
{
	s->calm = true;
	s->calm_us = s->now_us;
	for (int i = 0; i < SIM_NODES; i++) {
		struct sim_node *n = &s->node[i];
		struct sim_disk *d = n->disk;

		s->cut[i] = false;
		d->full = false;
		d->dies_at = d->fails_write = d->fails_sync = 0;
		n->offset_us = 0;
		n->drift_ppm = 0;
		n->idle = 0;
		if (n->up)
			sim_node_wake(s, i, 1000);
	}
	sim_trace(s, "calm");
}

static void happen(struct sim *s, struct sim_event *x)
{
	struct sim_node *n = &s->node[x->node];

	switch (x->kind) {
	case SIM_STEP:
		if (n->up && x->life == n->life && n->step_at == x->at_us)
			sim_node_step(s, x->node);
		return;
	case SIM_ARRIVE:
		sim_net_arrive(s, x);
		return;
	case SIM_ANSWER:
		sim_net_answer(s, x);
		return;
	case SIM_START:
		sim_node_start(s, x->node);
		return;
	case SIM_FAULT:
		sim_plan_fault(s, x);
		return;
	case SIM_OFFICE:
		if (n->up && s->o.c->peers != NULL)
			sim_office(s);
		sim_office_give_up(s);
		sim_check_watch(s);
		sim_push(s,
		    s->calm
			? 20 * CLOCK_SECOND
			: 500000 + sim_rng_below(&s->plan, 5 * CLOCK_SECOND),
		    SIM_OFFICE, SIM_WARD);
		return;
	case SIM_CALM:
		calm(s);
		return;
	}
}

static void begin(struct sim *s, uint64_t seed, bool trace)
{
	s->seed = seed;
	s->net.state = seed * 2 + 1;
	s->plan.state = ~seed;
	s->o.f.seed = seed + 1000003;
	sim_world_randomness(seed);
	sim_certificate_forget();
	s->now_us = 0;
	s->calm = s->lied = s->liar_spoke = s->cancelled = false;
	s->liar = -1;
	s->false_receipts = 0;
	s->lies.state = seed * 5 + 3;
	s->approved = false;
	s->returned[0] = '\0';
	s->withdrawn = s->stopped = false;
	s->seen_count = 0;
	s->unstarted = 0;
	memset(s->cut, 0, sizeof(s->cut));
	s->order_no = s->steps = 0;
	s->events = 0;
	s->hash = UINT64_C(14695981039346656037);
	s->trace = trace;
	s->violations = 0;
	s->why[0] = '\0';
	for (int i = 0; i < SIM_NODES; i++) {
		struct sim_node *n = &s->node[i];

		sim_disk_put(n->disk, n->fresh);
		n->up = false;
		n->life = 0;
		n->certificate = 0;
		n->offset_us = n->drift_ppm = n->step_at = 0;
		n->to_ask = false;
		sim_disk_drop(n->copy);
		n->copy = NULL;
		n->base->layouts = n->layouts[0];
		n->base->certificate = n->cert[0];
	}
}

static void start(struct sim *s)
{
	for (int i = 0; i < SIM_NODES; i++)
		sim_node_start(s, i);
	for (int i = 0; i < SIM_NODES && s->expiring >= 0; i++)
		sim_plan_certificate(s, i, s->expiring, 1);
	sim_push(s, 5000, SIM_OFFICE, SIM_WARD);
}

void sim_run_begin(struct sim *s)
{
	begin(s, 1, false);
	sim_plan_quiet(s);
	start(s);
}

enum sim_event_kind sim_run_event(struct sim *s)
{
	struct sim_event x = pop(s);

	s->now_us = x.at_us;
	happen(s, &x);
	sim_net_packet_free(x.packet);
	return x.kind;
}

int sim_run(struct sim *s, uint64_t seed, bool trace)
{
	begin(s, seed, trace);
	sim_plan(s);
	start(s);
	while (
	    s->steps < STEPS_MAX && s->now_us < DAY_LONG && s->unstarted < 50) {
		if (sim_run_event(s) == SIM_OFFICE && s->calm &&
		    sim_check_quiet(s))
			break;
	}
	if (s->steps >= STEPS_MAX || s->now_us >= DAY_LONG ||
	    s->unstarted >= 50)
		sim_wrong(s, "the chain does not come to rest");
	sim_check(s);
	for (int i = 0; i < SIM_NODES; i++)
		if (s->node[i].up)
			sim_node_stop(s, i);
	while (s->events > 0)
		sim_net_packet_free(s->heap[--s->events].packet);
	return s->violations;
}
