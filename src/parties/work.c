/* work.c — see work.h. */
#include "parties/work.h"

#include "base/log.h"
#include "exchange/delivery.h"
#include "exchange/tend.h"
#include "parties/hub.h"
#include "parties/knot.h"
#include "parties/refused.h"
#include "parties/restored.h"
#include "parties/undelivered.h"

#define TIMER CLOCK_SECOND	       /* between two runs of the timer */
#define PEERS_AGE CLOCK_SECOND	       /* the peer table is read again then */
#define BATCH_BYTES ((size_t)16 << 20) /* of messages in one delivery */
#define INBOX_LIST 256 /* messages looked at in one round: some may wait */
#define INBOX_BATCH 16 /* of them done in one round */
/* Nor more than this much of them: what goes on to others, and the next step
 * of an open task, has its turn between two files. */
#define INBOX_BYTES ((size_t)64 << 10)
#define BUSY_SAID (60 * CLOCK_SECOND) /* between two words about waiting */

enum err_class work_init(struct work *w, const struct node *node,
    const struct keys *keys, const struct codes *codes, struct layouts *layouts,
    struct store *store, struct transport *transport,
    struct random_source random, struct err *e)
{
	(void)e;
	*w = (struct work){
	    .context = {.node = node,
		.keys = keys,
		.codes = codes,
		.layouts = layouts,
		.store = store,
		.random = random},
	    .party = party_of(node->party),
	    .transport = transport,
	};
	w->context.filter = &w->filter;
	return ERR_NONE;
}

void work_fini(struct work *w)
{
	struct peers *peers = w->peers;

	w->peers = NULL;
	w->context.peers = NULL;
	peers_free(peers);
	bank_filter_fini(&w->filter);
	arena_fini(&w->arena);
}

struct loading {
	const char *known; /* the stamp of the table at hand */
	char stamp[PEERS_STAMP];
	struct peers *peers; /* NULL: it is still the same */
	struct restored_state restored;
};

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *l = arg;

	TRY(restored_look(tx, &l->restored, e));
	TRY(peers_stamp(tx, l->stamp, e));
	return strcmp(l->stamp, l->known) == 0 ? ERR_NONE
					       : peers_load(tx, &l->peers, e);
}

static enum err_class refresh_peers(struct work *w, struct err *e)
{
	int64_t age = w->context.now_us - w->peers_us;
	struct loading l = {.known = w->peers != NULL ? w->peers_stamp : "?"};

	/* A clock that jumped back must not keep an old table alive. */
	if (w->peers != NULL && age >= 0 && age < PEERS_AGE)
		return ERR_NONE;
	TRY(store_read(w->context.store, load_peers, &l, e));
	w->peers_us = w->context.now_us;
	w->asking = l.restored.asking;
	w->context.restored_us = l.restored.at_us;
	if (l.peers == NULL)
		return ERR_NONE;
	peers_free(w->peers);
	w->peers = l.peers;
	w->context.peers = l.peers;
	memcpy(w->peers_stamp, l.stamp, sizeof(w->peers_stamp));
	return ERR_NONE;
}

/*
 * What an error of one unit of work means for the process: a fault ends it;
 * all else is said once and the work goes on elsewhere.
 */
static enum err_class tolerate(enum err_class class, const struct err *e)
{
	switch (class) {
	case ERR_NONE:
	case ERR_FAULT:
		return class;
	case ERR_BUSY:
		if (strcmp(e->code, "party.done") == 0)
			return ERR_NONE;
		log_err("work", e);
		return ERR_NONE;
	case ERR_INPUT:
	case ERR_LIMIT:
	case ERR_DENIED:
	case ERR_UNSURE:
		log_err("work", e);
		return ERR_NONE;
	}
	return class;
}

/* What there is to do: looked at once in a round. */
struct look {
	const struct party_context *c;
	int64_t after;
	char ids[INBOX_LIST][HEADER_ID]; /* that wait in the inbox */
	int64_t seqs[INBOX_LIST];
	size_t count;
	bool *due; /* of each peer: is there something for it? */
};

/* One of the inbox, loaded. */
struct inbox {
	const char *id;
	struct arena *arena;
	struct message message;
	bool found;
};

/* The inbox is gone round: many that wait do not keep a later one from its
 * turn. */
static enum err_class look(struct store_tx *tx, void *arg, struct err *e)
{
	struct look *l = arg;

	TRY(delivery_due(tx, l->c->peers, l->c->now_us, l->due, e));
	TRY(inbox_waiting(
	    tx, l->after, l->ids, l->seqs, INBOX_LIST, &l->count, e));
	if (l->count > 0 || l->after == 0)
		return ERR_NONE;
	l->after = 0;
	return inbox_waiting(tx, 0, l->ids, l->seqs, INBOX_LIST, &l->count, e);
}

static enum err_class load_one(struct store_tx *tx, void *arg, struct err *e)
{
	struct inbox *i = arg;

	/* Another worker may have done it since the list was read. */
	return message_waiting(tx, i->id, i->arena, &i->message, &i->found, e);
}

/* Marks a message that can never be done, so that it is not tried again, and
 * tells whoever waits for it. */
static enum err_class refuse(struct work *w, const struct message *m,
    const struct err *why, struct err *e)
{
	enum err_class class;

	class = refused_message(&w->context, m, why->code, e);
	arena_reset(&w->arena);
	if (class == ERR_BUSY && strcmp(e->code, "party.done") == 0)
		return ERR_NONE;
	if (class == ERR_NONE)
		log_line("work", "message %s refused: %s %s", m->h.id,
		    why->code, why->detail);
	return class;
}

/* Why a message waits: said now and then, not at every round. */
static void say_waiting(struct work *w, const struct err *why)
{
	int64_t age = w->context.now_us - w->said_us;

	if (strcmp(why->code, "party.done") == 0 ||
	    (age >= 0 && age < BUSY_SAID))
		return;
	w->said_us = w->context.now_us;
	log_err("work", why);
}

/* F1: what waits for something that does not come ends with its time; a
 * busy database is nothing it waits for. */
static bool waited_out(
    const struct work *w, const struct message *m, const struct err *why)
{
	return m->h.expires_us < w->context.now_us &&
	       strcmp(why->code, "party.done") != 0 &&
	       strncmp(why->code, "store.", 6) != 0;
}

static enum err_class expired(struct err *why)
{
	return err_set(why, ERR_INPUT, "message.expired",
	    "有効期限内に処理できませんでした",
	    "it could not be done while it was valid");
}

/* A peer knows our next certificate before we do: what it has sealed to that
 * is opened when it is installed. */
static bool sealed_to_the_next(
    const struct work *w, const struct message *m, const struct err *why)
{
	const struct header *h = &m->h;

	if (strcmp(why->code, "message.not_for_us") != 0 ||
	    w->context.now_us - h->created_us > PEERS_RENEWING)
		return false;
	for (size_t i = 0; i < h->reader_count; i++)
		if (strcmp(h->readers[i], w->context.node->code) == 0)
			return true;
	return false;
}

/* Until all have answered, a restored node takes in no more than their
 * answers. A delivery under way to who asks may bring a receipt of before:
 * what it counts as accepted would be forgotten. */
static bool may_take(struct work *w, const struct message *m)
{
	if (!restored_is(&w->context, m))
		return !w->asking;
	/* It ends, and no other is begun before this is done. */
	memcpy(w->held, m->h.origin, sizeof(w->held));
	return !w->transport->busy(w->transport->ctx, m->h.origin);
}

static enum err_class take_message(
    struct work *w, const struct message *m, struct err *why)
{
	enum err_class class;

	if (!restored_is(&w->context, m))
		return w->party->message(&w->context, m, why);
	/* Nor one of another worker. */
	if (!delivery_claim(w->context.store, m->h.origin))
		return err_set(why, ERR_BUSY, "party.done",
		    "すでに処理されています", "another worker delivers to it");
	class = restored_message(&w->context, m, why);
	w->peers_us =
	    0; /* whether others are still to answer: looked up anew */
	delivery_claim_back(w->context.store, m->h.origin);
	w->held[0] = '\0';
	return class;
}

/* *bytes: of the message, when it is done with. */
static enum err_class take_claimed(
    struct work *w, const char *id, size_t *bytes, struct err *e)
{
	struct inbox i = {.id = id, .arena = &w->arena};
	enum err_class class;
	struct err why;
	size_t n;

	TRY(store_read(w->context.store, load_one, &i, e));
	if (!i.found)
		return ERR_NONE;
	if (!may_take(w, &i.message)) {
		arena_reset(&w->arena);
		return ERR_NONE;
	}
	n = i.message.header.n + i.message.payload.n;
	class = take_message(w, &i.message, &why);
	arena_reset(&w->arena);
	if (class == ERR_DENIED && sealed_to_the_next(w, &i.message, &why))
		class = ERR_BUSY;
	switch (class) {
	case ERR_NONE:
		*bytes = n;
		return ERR_NONE;
	case ERR_INPUT:
	case ERR_LIMIT:
	case ERR_DENIED:
		*bytes = n;
		return refuse(w, &i.message, &why, e);
	case ERR_BUSY:
	case ERR_UNSURE:
		if (waited_out(w, &i.message, &why)) {
			*bytes = n;
			(void)!expired(&why);
			return refuse(w, &i.message, &why, e);
		}
		/* Its time has not come: it stays, the next one is tried. */
		say_waiting(w, &why);
		return ERR_NONE;
	case ERR_FAULT:
		*e = why;
		return class;
	}
	return class;
}

/* Another worker that has it does it, or gives it back. */
static enum err_class take_one(
    struct work *w, const char *id, size_t *bytes, struct err *e)
{
	enum err_class class;

	if (!store_claim(w->context.store, id))
		return ERR_NONE;
	class = take_claimed(w, id, bytes, e);
	store_unclaim(w->context.store, id);
	return class;
}

static enum err_class take_inbox(
    struct work *w, const struct look *l, bool *did, struct err *e)
{
	size_t taken = 0;
	size_t all = 0;

	for (size_t k = 0;
	     k < l->count && taken < INBOX_BATCH && all < INBOX_BYTES; k++) {
		size_t bytes = 0;

		TRY(take_one(w, l->ids[k], &bytes, e));
		taken += bytes > 0;
		all += bytes;
		w->inbox_after = l->seqs[k];
	}
	if (l->count < INBOX_LIST && taken < INBOX_BATCH && all < INBOX_BYTES)
		w->inbox_after = 0;
	*did = *did || taken > 0;
	return ERR_NONE;
}

static enum err_class run_task(struct work *w, bool *did, struct err *e)
{
	bool moved = false;
	enum err_class class;

	if (w->party->task == NULL || w->asking)
		return ERR_NONE;
	class = w->party->task(&w->context, &moved, e);

	arena_reset(&w->arena);
	*did = *did || moved;
	/* What cannot go on now is tried again at each round. */
	if (class != ERR_NONE && class != ERR_FAULT) {
		say_waiting(w, e);
		return ERR_NONE;
	}
	return class;
}

/* What no delivery comes by: recipients that are gone, a clock set back. */
static enum err_class tend(struct work *w, struct err *e)
{
	const struct party_context *c = &w->context;
	const struct tend t = {.node = c->node,
	    .peers = c->peers,
	    .opens_us = c->node->party == STORE_HUB ? hub_opens(c) : c->now_us,
	    .now_us = c->now_us};

	return tend_outbox(c->store, &t, e);
}

static enum err_class run_timer(struct work *w, bool *ran, struct err *e)
{
	int64_t now = w->context.now_us;
	enum err_class class;

	if (now < w->timer_us && w->timer_us - now <= TIMER)
		return ERR_NONE;
	w->timer_us = now + TIMER;
	if (!store_claim(w->context.store, "timer"))
		return ERR_NONE;
	*ran = true;
	class = tend(w, e);
	if (class == ERR_NONE && !w->asking)
		class = knot_tie(&w->context, e);
	if (class == ERR_NONE && !w->asking)
		class = undelivered_tell(&w->context, e);
	if (class == ERR_NONE && !w->asking)
		class = w->party->timer(&w->context, e);
	store_unclaim(w->context.store, "timer");
	arena_reset(&w->arena);
	return tolerate(class, e);
}

/* What the transport has brought back. */
static enum err_class take_answers(struct work *w, bool *did, struct err *e)
{
	const struct party_context *c = &w->context;

	for (;;) {
		struct delivery d = {0};
		struct buf answer = {0};
		enum err_class class = ERR_NONE;
		size_t accepted = 0;

		switch (w->transport->take(w->transport->ctx, &d, &answer)) {
		case TRANSPORT_NOTHING:
			return ERR_NONE;
		case TRANSPORT_ANSWERED:
			class = delivery_answer(c->store, c->peers,
			    c->node->code, &d, buf_bytes(&answer), c->now_us,
			    &accepted, e);
			break;
		case TRANSPORT_FAILED:
			class = delivery_failed(
			    c->store, &d, c->now_us, &c->random, e);
			break;
		}
		*did = true;
		delivery_claim_back(c->store, d.peer);
		delivery_fini(&d);
		buf_fini(&answer);
		TRY(tolerate(class, e));
	}
}

/* Begins a delivery to each peer that is idle and has something due. */
static enum err_class deliver(
    struct work *w, const bool *due, bool *did, struct err *e)
{
	const struct party_context *c = &w->context;

	for (size_t i = 0; i < peers_count(c->peers); i++) {
		const struct peer *p = peers_at(c->peers, i);
		struct delivery d = {0};
		enum err_class class;

		/* A folder peer has no address: the officer carries. */
		if (!due[i] ||
		    (p->url[0] == '\0' &&
			node_link_of(c->node, p->code) != LINK_FOLDER) ||
		    strcmp(p->code, w->held) == 0 ||
		    w->transport->busy(w->transport->ctx, p->code) ||
		    !peers_in_force(p, c->now_us) ||
		    !delivery_claim(c->store, p->code))
			continue;
		class = delivery_collect(
		    c->store, p->code, BATCH_BYTES, c->now_us, &d, e);
		if (class == ERR_NONE && d.count > 0) {
			w->transport->begin(w->transport->ctx, p, &d);
			*did = true;
		} else {
			delivery_claim_back(c->store, p->code);
		}
		delivery_fini(&d);
		TRY(tolerate(class, e));
	}
	return ERR_NONE;
}

static enum err_class look_round(struct work *w, struct look *l, struct err *e)
{
	l->after = w->inbox_after;
	l->due = arena_zero(
	    &w->arena, peers_count(w->context.peers) + 1, sizeof(*l->due));
	return store_read(w->context.store, look, l, e);
}

enum err_class work_step(
    struct work *w, int64_t now_us, bool *did, int64_t *next_us, struct err *e)
{
	struct look l = {.c = &w->context};
	bool timed = false;
	int64_t due;

	*did = false;
	w->context.now_us = now_us;
	w->context.arena = &w->arena;
	*next_us = now_us + CLOCK_SECOND;
	TRY(refresh_peers(w, e));
	TRY(take_answers(w, did, e));
	TRY(look_round(w, &l, e));
	TRY(deliver(w, l.due, did, e));
	TRY(take_inbox(w, &l, did, e));
	TRY(run_task(w, did, e));
	TRY(run_timer(w, &timed, e));
	if (*did)
		return ERR_NONE; /* the next round delivers what was made */
	if (timed) {
		TRY(look_round(w, &l, e));
		TRY(deliver(w, l.due, did, e));
	}
	TRY(delivery_next_due(w->context.store, &due, e));
	if (due > now_us && due < *next_us)
		*next_us = due;
	return ERR_NONE;
}
