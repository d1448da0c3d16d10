/* sim_plan.c — see sim.h: what the seed draws, and how it comes about. */
#include "sim.h"

#include <stdlib.h>

#define HOUR (3600 * CLOCK_SECOND)

static int64_t up_to(struct sim *s, int64_t n)
{
	return sim_rng_below(&s->plan, n);
}

static bool in_a_hundred(struct sim *s, int n)
{
	return sim_rng_in(&s->plan, n, 100);
}

/* 1 … 2^bits, each size as likely as the next. */
static long spread(struct sim *s, int bits)
{
	return 1 + (long)up_to(s, INT64_C(1) << up_to(s, bits + 1));
}

static void weather(struct sim *s)
{
	static const int chances[] = {0, 0, 2, 10, 30, 60};
	struct sim_weather *w = &s->weather;

	w->lost = chances[up_to(s, 5)];
	w->doubled = chances[up_to(s, 6)];
	w->answer_lost = chances[up_to(s, 5)];
	w->broken = chances[up_to(s, 4)];
	w->delay_us = INT64_C(1000) << up_to(s, 16);
}

static void fault(
    struct sim *s, int64_t at, enum sim_fault_kind kind, int node, int64_t more)
{
	struct sim_event *x = sim_push(s, at, SIM_FAULT, node);

	x->what = kind;
	x->more = more;
}

static int someone(struct sim *s)
{
	return (int)up_to(s, SIM_NODES);
}

static void disks(struct sim *s, int64_t end)
{
	int n = in_a_hundred(s, 70) ? (int)up_to(s, 7) : 0;

	for (int i = 0; i < n; i++) {
		int node = someone(s);
		int64_t at = up_to(s, end);

		fault(s, at, (enum sim_fault_kind)up_to(s, FAULT_FULL + 1),
		    node, 0);
		fault(s, at + up_to(s, 20 * CLOCK_SECOND), FAULT_ROOM, node, 0);
	}
}

static void clocks(struct sim *s, int64_t end)
{
	if (!in_a_hundred(s, 40))
		return;
	for (int i = 0; i < SIM_NODES; i++) {
		s->node[i].drift_ppm = up_to(s, 20001) - 10000;
		s->node[i].offset_us =
		    up_to(s, 10 * CLOCK_SECOND) - 5 * CLOCK_SECOND;
	}
	for (int i = (int)up_to(s, 4); i > 0; i--)
		fault(s, up_to(s, end), FAULT_JUMP, someone(s),
		    up_to(s, 2 * HOUR) - HOUR);
}

static void cuts(struct sim *s, int64_t end)
{
	if (!in_a_hundred(s, 30))
		return;
	for (int i = 1 + (int)up_to(s, 3); i > 0; i--) {
		int node = someone(s);
		int64_t at = up_to(s, end);

		fault(s, at, FAULT_CUT, node, 0);
		fault(s, at + up_to(s, 60 * CLOCK_SECOND), FAULT_HEAL, node, 0);
	}
}

/* The banks have the new rules before the unit uses them. */
static void layouts(struct sim *s)
{
	int64_t at = up_to(s, 8 * CLOCK_SECOND);

	if (!in_a_hundred(s, 25) || s->restored == SIM_UNIT)
		return;
	for (int i = SIM_BANK_A; i <= SIM_BANK_C; i++)
		fault(s, at, FAULT_LAYOUT, i, 0);
	fault(s, at + 1, FAULT_LAYOUT, SIM_UNIT, 0);
}

/* One ends a hundred seconds after the beginning; its successor is taken up by
 * each node in its own time, its owner among them. Drawn apart, so that it
 * changes nothing else of a seed. */
static void certificates(struct sim *s)
{
	struct sim_rng own = {.state = s->seed};

	s->expiring = -1;
	(void)in_a_hundred(s, 15); /* what was drawn for it once */
	if (!sim_rng_in(&own, 15, 100))
		return;
	s->expiring = (int)sim_rng_below(&own, SIM_NODES);
	for (int i = 0; i < SIM_NODES; i++)
		fault(s,
		    60 * CLOCK_SECOND + sim_rng_below(&own, 120 * CLOCK_SECOND),
		    FAULT_RENEW, i, 0);
}

/* One node is put back to a copy. Drawn apart, as above. */
static void copies(struct sim *s, int64_t end)
{
	struct sim_rng own = {.state = s->seed * 31 + 7};
	int64_t at = sim_rng_below(&own, end);

	s->restored = -1;
	if (!sim_rng_in(&own, 15, 100))
		return;
	s->restored = (int)sim_rng_below(&own, SIM_NODES);
	/* What a bank had answered it may yet cancel: the same. */
	if (s->restored >= SIM_BANK_A)
		s->order.cancel = s->ordered.cancel = 0;
	/* What a unit writes anew is another file where the rules or the
	 * officers' orders have changed: docs/DESIGN.md §7. */
	if (s->restored == SIM_UNIT) {
		s->order.cancel = s->order.withdraw = s->order.stop = 0;
		s->order.decide = 0;
		s->ordered = s->order;
	}
	fault(s, at, FAULT_COPY, s->restored, 0);
	fault(s, at + sim_rng_below(&own, 30 * CLOCK_SECOND), FAULT_RESTORE,
	    s->restored, 0);
}

static void lies(struct sim *s, int64_t end)
{
	if (!in_a_hundred(s, 25))
		return;
	for (int i = 1 + (int)up_to(s, 4); i > 0; i--)
		fault(s, up_to(s, end), FAULT_LIE, SIM_BANK_B,
		    (int64_t)sim_rng_next(&s->plan));
}

/* Anybody may lie. Drawn apart, as above; less often where a copy is put back
 * or a certificate ends, and there drawn of something else: who had not lied
 * in such a run of old seeds does not now. */
static void liars(struct sim *s, int64_t end)
{
	bool busy = s->restored >= 0 || s->expiring >= 0;
	struct sim_rng own = {.state = s->seed * (busy ? 77 : 1215) + 11};

	if (!sim_rng_in(&own, busy ? 20 : 35, 100))
		return;
	s->liar = (int)sim_rng_below(&own, SIM_NODES);
	for (int i = 2 + (int)sim_rng_below(&own, 8); i > 0; i--)
		fault(s, sim_rng_below(&own, end), FAULT_LIAR, s->liar,
		    (int64_t)sim_rng_next(&own));
}

static int second(struct sim *s, int percent)
{
	return in_a_hundred(s, percent) ? 1 + (int)up_to(s, 40) : 0;
}

static void orders(struct sim *s)
{
	s->order = (struct sim_order){
	    .subjects = 8 + (int)up_to(s, SIM_SUBJECTS - 7),
	    .cancel = second(s, 12),
	    .withdraw = second(s, 15),
	    .stop = second(s, 15),
	    .go = in_a_hundred(s, 50),
	    .send_back = in_a_hundred(s, 10),
	    .person = 1 + (int)up_to(s, 8),
	};
	if (s->order.stop > 0)
		s->order.decide = s->order.stop + 1 + (int)up_to(s, 60);
	s->ordered = s->order;
}

void sim_plan(struct sim *s)
{
	static const int64_t lengths[] = {4, 15, 60, 200};
	int64_t end = lengths[up_to(s, 4)] * CLOCK_SECOND;

	/* Every tenth run is a quiet one. */
	orders(s);
	certificates(s);
	copies(s, end);
	if (!in_a_hundred(s, 10)) {
		weather(s);
		disks(s, end);
		clocks(s, end);
		cuts(s, end);
		layouts(s);
		lies(s, end);
		liars(s, end);
	} else {
		s->weather = (struct sim_weather){.delay_us = 20000};
	}
	if (s->expiring >= 0)
		end = 200 * CLOCK_SECOND;
	sim_push(s, end + 30 * CLOCK_SECOND, SIM_CALM, 0);
}

void sim_plan_quiet(struct sim *s)
{
	s->expiring = s->restored = -1;
	s->order = (struct sim_order){.subjects = 20, .person = 1};
	s->weather = (struct sim_weather){.delay_us = 1000};
	sim_push(s, 1, SIM_CALM, 0);
}

/* One peer learns the new certificate of another; its owner takes it up. */
struct renewal {
	const struct certificate *certificate;
	const char *code;
	bool only;
};

static enum err_class renew_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct renewal *r = arg;
	struct peers *peers;
	const struct peer *p;
	enum err_class class = ERR_NONE;

	TRY(peers_load(tx, &peers, e));
	p = peers_of(peers, r->code);
	if (p != NULL &&
	    memcmp(p->fingerprint.b, certificate_fingerprint(r->certificate).b,
		sizeof(p->fingerprint.b)) != 0)
		class = peers_put(tx,
		    &(const struct peer_new){
			.code = p->code,
			.party = p->party,
			.url = p->url,
			.via = p->via,
			.kinds = "subjects,request-file,answer-file,status,"
				 "cancel,receipt",
			.from = "",
			.to = "",
			.approval = "",
			.certificate = r->certificate,
			.only = r->only,
		    },
		    FIXTURE_NOW, e);
	peers_free(peers);
	return class;
}

void sim_plan_certificate(struct sim *s, int at, int of, int which)
{
	struct sim_node *n = &s->node[at];
	struct renewal r = {.certificate = s->node[of].cert[which],
	    .code = s->node[of].base->node.code,
	    /* The short one is there from the beginning. */
	    .only = which == 1};
	enum err_class class;
	struct err e;

	if (at == of) {
		sim_node_certify(s, at, which);
		return;
	}
	if (!n->up) {
		fault(s, CLOCK_SECOND, FAULT_RENEW, at, 0);
		return;
	}
	class = store_run(n->base->store, renew_write, &r, &e);
	if (!sim_node_alive(s, at, class, &e) || class != ERR_NONE)
		fault(s, CLOCK_SECOND, FAULT_RENEW, at, 0);
}

static void new_layouts(struct sim_node *n)
{
	n->base->layouts = n->layouts[1];
	n->base->work.context.layouts = n->layouts[1];
}

static void disk_fault(struct sim *s, enum sim_fault_kind kind, int node)
{
	struct sim_disk *d = s->node[node].disk;

	if (kind == FAULT_CRASH || kind == FAULT_POWER)
		d->dies_at = d->ops + spread(s, 12);
	else if (kind == FAULT_WRITE)
		d->fails_write = spread(s, 8);
	else if (kind == FAULT_SYNC)
		d->fails_sync = spread(s, 5);
	else
		d->full = kind == FAULT_FULL;
}

/* A ward's copy is made when its wave is approved: of one that the copy does
 * not know nothing could be said. */
static void keep_copy(struct sim *s, int node)
{
	struct sim_node *n = &s->node[node];

	if (!n->up || n->disk->dead || (node == SIM_WARD && !s->approved)) {
		if (!s->calm)
			fault(s, CLOCK_SECOND / 2, FAULT_COPY, node, 0);
		return;
	}
	sim_disk_drop(n->copy);
	n->copy = sim_disk_keep(n->disk);
}

static void put_copy(struct sim *s, int node)
{
	struct sim_node *n = &s->node[node];

	if (n->copy == NULL)
		return;
	if (n->up)
		sim_node_stop(s, node);
	sim_disk_put(n->disk, n->copy);
	sim_trace(s, "%d is put back to its copy", node);
	n->to_ask = true;
	if (node == SIM_WARD) { /* the officers do it all again */
		s->order = s->ordered;
		if (s->lied)
			s->seen_count = 0;
	}
	if (s->expiring >= 0)
		fault(s, 2 * CLOCK_SECOND, FAULT_RENEW, node, 0);
	sim_push(s, CLOCK_SECOND, SIM_START, node);
}

void sim_plan_fault(struct sim *s, const struct sim_event *x)
{
	enum sim_fault_kind kind = (enum sim_fault_kind)x->what;
	struct sim_node *n = &s->node[x->node];

	if (s->calm && kind != FAULT_RENEW && kind != FAULT_LAYOUT)
		return;
	sim_trace(s, "fault %d at %d", (int)kind, x->node);
	switch (kind) {
	case FAULT_CRASH:
	case FAULT_POWER:
	case FAULT_WRITE:
	case FAULT_SYNC:
	case FAULT_FULL:
	case FAULT_ROOM:
		disk_fault(s, kind, x->node);
		return;
	case FAULT_JUMP:
		n->offset_us += x->more;
		return;
	case FAULT_CUT:
	case FAULT_HEAL:
		s->cut[x->node] = kind == FAULT_CUT;
		return;
	case FAULT_LAYOUT:
		new_layouts(n);
		return;
	case FAULT_RENEW:
		sim_plan_certificate(s, x->node, s->expiring, 0);
		return;
	case FAULT_LIE:
		sim_lie(s, x->more);
		return;
	case FAULT_LIAR:
		sim_liar(s, x->more);
		return;
	case FAULT_COPY:
		keep_copy(s, x->node);
		return;
	case FAULT_RESTORE:
		put_copy(s, x->node);
		return;
	case FAULT_KINDS:
		return;
	}
}
