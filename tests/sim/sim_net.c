/* sim_net.c — see sim.h: what carries between the nodes, and how badly. */
#include "sim.h"

#include <stdlib.h>

#define TIMEOUT (60 * CLOCK_SECOND)

static int node_of(const struct sim *s, const char *code)
{
	for (int i = 0; i < SIM_NODES; i++)
		if (strcmp(s->node[i].base->node.code, code) == 0)
			return i;
	abort();
}

static bool busy(void *ctx, const char *peer)
{
	const struct sim_node *n = ctx;

	return n->slot[node_of(n->sim, peer)].busy;
}

void sim_net_packet_free(struct sim_packet *p)
{
	if (p == NULL)
		return;
	buf_fini(&p->body);
	free(p);
}

/* Mostly soon, now and then late enough to come behind another. */
static int64_t delay(struct sim *s)
{
	int64_t most = s->calm ? 20000 : s->weather.delay_us;

	if (sim_rng_in(&s->net, 1, 2))
		most /= 50;
	return 500 + sim_rng_below(&s->net, most);
}

static bool chance(struct sim *s, int percent)
{
	return !s->calm && sim_rng_in(&s->net, percent, 100);
}

static struct sim_packet *copy(
    const struct sim_packet *of, struct bytes body, bool silent)
{
	struct sim_packet *p = arena_xmalloc(sizeof(*p));

	*p = *of;
	p->body = (struct buf){0};
	buf_add(&p->body, body.p, body.n);
	p->silent = silent;
	return p;
}

static void post(struct sim *s, int64_t after, enum sim_event_kind kind,
    int node, struct sim_packet *p)
{
	sim_push(s, after, kind, node)->packet = p;
}

/* The answer, or the news that there is none. */
static void answer(struct sim *s, const struct sim_packet *p, struct bytes body,
    bool failed, int64_t after)
{
	struct sim_packet *back;

	if (p->silent)
		return;
	back = copy(p, body, false);
	back->failed = failed;
	post(s, after, SIM_ANSWER, p->from, back);
}

static void break_bytes(struct sim *s, struct buf *b)
{
	if (b->n == 0)
		return;
	if (sim_rng_in(&s->net, 1, 2))
		b->n = (size_t)sim_rng_below(&s->net, (int64_t)b->n);
	else
		b->p[sim_rng_below(&s->net, (int64_t)b->n)] ^=
		    (unsigned char)(1 + sim_rng_below(&s->net, 255));
}

static void send(
    struct sim *s, struct sim_node *n, int to, const struct sim_slot *slot)
{
	struct sim_packet head = {
	    .from = (int)(n - s->node),
	    .sender = certificate_fingerprint(n->base->certificate),
	    .serial = slot->serial,
	    .slot = to,
	    .life = n->life,
	};
	struct bytes body = buf_bytes(&slot->delivery.body);
	struct sim_packet *p;

	if (chance(s, s->weather.doubled))
		post(s, delay(s) * (1 + sim_rng_below(&s->net, 40)), SIM_ARRIVE,
		    to, copy(&head, body, true));
	if (chance(s, s->weather.lost)) {
		answer(s, &head, BYTES(NULL, 0), true,
		    sim_rng_below(&s->net, TIMEOUT));
		return;
	}
	p = copy(&head, body, false);
	if (chance(s, s->weather.broken))
		break_bytes(s, &p->body);
	post(s, delay(s), SIM_ARRIVE, to, p);
	/* Whatever comes first counts. */
	answer(s, &head, BYTES(NULL, 0), true, TIMEOUT);
}

static void begin(void *ctx, const struct peer *peer, struct delivery *d)
{
	struct sim_node *n = ctx;
	struct sim *s = n->sim;
	int to = node_of(s, peer->code);
	struct sim_slot *slot = &n->slot[to];

	*slot = (struct sim_slot){
	    .busy = true, .serial = ++s->order_no, .delivery = *d};
	*d = (struct delivery){0};
	/* A process that has ended sends nothing. */
	if (n->disk->dead)
		return;
	sim_trace(s, "%d sends %d %zu %s", (int)(n - s->node), to,
	    slot->delivery.count, slot->delivery.item[0].id);
	send(s, n, to, slot);
}

static enum transport_result take(
    void *ctx, struct delivery *d, struct buf *out)
{
	struct sim_node *n = ctx;

	for (int i = 0; i < SIM_NODES; i++) {
		struct sim_slot *slot = &n->slot[i];
		bool failed = slot->failed;

		if (!slot->ended)
			continue;
		*d = slot->delivery;
		*out = slot->answer;
		*slot = (struct sim_slot){0};
		return failed ? TRANSPORT_FAILED : TRANSPORT_ANSWERED;
	}
	return TRANSPORT_NOTHING;
}

static void wait_for(void *ctx, int wake_fd, int ms)
{
	(void)ctx;
	(void)wake_fd;
	(void)ms;
}

void sim_net_transport(struct sim *s, int node)
{
	s->node[node].base->transport = (struct transport){
	    .ctx = &s->node[node],
	    .busy = busy,
	    .begin = begin,
	    .take = take,
	    .wait = wait_for,
	};
}

static void receive(struct sim *s, int to, const struct sim_packet *p)
{
	struct sim_node *n = &s->node[to];
	struct buf out = {0};
	size_t stored = 0;
	enum err_class class;
	struct err e;

	if (sim_liar_receipt(s, to, p, &out)) {
		if (n->up)
			answer(s, p, buf_bytes(&out), false, delay(s));
		buf_fini(&out);
		return;
	}
	class = gate_receive(&n->base->gate, p->sender, buf_bytes(&p->body),
	    sim_local(s, to), &out, &stored, &e);
	sim_trace(
	    s, "%d gets from %d: %d, %zu new", to, p->from, class, stored);
	if (!sim_node_alive(s, to, class, &e)) {
		answer(s, p, BYTES(NULL, 0), true, delay(s));
		buf_fini(&out);
		return;
	}
	if (class != ERR_NONE)
		answer(s, p, BYTES(NULL, 0), true, delay(s));
	else if (!chance(s, s->weather.answer_lost)) {
		if (chance(s, s->weather.broken))
			break_bytes(s, &out);
		answer(s, p, buf_bytes(&out), false, delay(s));
	}
	buf_fini(&out);
	if (stored > 0)
		sim_node_wake(s, to, 500);
}

void sim_net_arrive(struct sim *s, struct sim_event *x)
{
	const struct sim_packet *p = x->packet;

	if (!s->node[x->node].up || s->cut[x->node] || s->cut[p->from])
		answer(s, p, BYTES(NULL, 0), true, delay(s));
	else
		receive(s, x->node, p);
}

void sim_net_answer(struct sim *s, struct sim_event *x)
{
	struct sim_packet *p = x->packet;
	struct sim_node *n = &s->node[x->node];
	struct sim_slot *slot = &n->slot[p->slot];

	if (!n->up || n->life != p->life || !slot->busy || slot->ended ||
	    slot->serial != p->serial)
		return;
	slot->ended = true;
	slot->failed = p->failed;
	slot->answer = p->body;
	p->body = (struct buf){0};
	sim_node_wake(s, x->node, 100);
}

void sim_net_throw(struct sim *s, int from, int to, struct bytes body)
{
	struct sim_packet head = {
	    .from = from,
	    .sender = certificate_fingerprint(s->node[from].base->certificate),
	    .slot = to,
	};

	post(s, delay(s), SIM_ARRIVE, to, copy(&head, body, true));
}
