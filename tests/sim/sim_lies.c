/*
 * sim_lies.c — see sim.h: a bank that does not keep to the rules. It has its
 * own keys and nobody else's: what it says is well signed, and wrong.
 */
#include "sim.h"

#include <stdlib.h>

enum lie {
	LIE_COUNT,   /* the header counts otherwise */
	LIE_AGAIN,   /* the same answer under a new id */
	LIE_OTHERS,  /* an answer for another bank's file */
	LIE_GARBAGE, /* the file is broken */
	LIE_CUT,     /* the file ends early */
	LIE_DIGEST,  /* the payload is another's */
	LIE_NOISE,   /* no message at all */
	LIE_RECEIPT, /* says that it has what it never got */
	LIE_COUNT_
};

struct lying {
	struct sim *s;
	struct fixture_node *bank;
	struct arena arena;
	char id[HEADER_ID];
	struct message m;
	bool found;
	struct content content;
	struct party_sending sending;
};

static enum err_class load(struct store_tx *tx, void *arg, struct err *e)
{
	struct lying *l = arg;

	return message_load(tx, l->id, &l->arena, &l->m, &l->found, e);
}

/* Its newest own answer file: what it will twist. */
static bool newest(struct lying *l)
{
	sqlite3_stmt *q = sim_node_read(l->s, SIM_BANK_B,
	    "SELECT id FROM message WHERE kind = 'answer-file' AND "
	    "origin = '9602' ORDER BY created_us DESC LIMIT 1");

	if (q != NULL && sqlite3_step(q) == SQLITE_ROW)
		(void)snprintf(
		    l->id, HEADER_ID, "%s", sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	return l->id[0] != '\0';
}

static enum err_class send(struct store_tx *tx, void *arg, struct err *e)
{
	const struct lying *l = arg;

	return party_send(tx, &l->sending, l->bank->work.context.now_us, e);
}

static void twist_file(struct lying *l, enum lie lie, uint64_t r)
{
	struct bytes file = content_part(&l->content, "file");
	unsigned char *p = arena_take(&l->arena, file.n + 1);

	memcpy(p, file.p, file.n);
	if (lie == LIE_CUT)
		file.n = (size_t)(r % (file.n + 1));
	for (size_t i = 0; lie == LIE_GARBAGE && i < 8 && file.n > 0; i++)
		p[(r >> i) % file.n] ^= (unsigned char)(r >> (8 * (i % 7)));
	for (size_t i = 0; i < l->content.part_count; i++)
		if (strcmp(l->content.part[i].name, "file") == 0)
			l->content.part[i].bytes = BYTES(p, file.n);
}

static void twist_header(struct header *h, enum lie lie, uint64_t r)
{
	h->id[0] = '\0';
	if (lie == LIE_COUNT)
		h->records += (int64_t)(r % 9) - 4;
	if (lie == LIE_OTHERS)
		(void)snprintf(
		    h->file, sizeof(h->file), "131041-001-9601-0001");
	if (lie == LIE_RECEIPT)
		h->kind = KIND_RECEIPT;
	if (h->records < 0)
		h->records = 0;
}

static void say(struct lying *l, enum lie lie, uint64_t r)
{
	struct sim *s = l->s;
	struct party_context *c = &l->bank->work.context;
	struct header h = l->m.h;
	struct arena *was = c->arena;
	enum err_class class;
	struct err e;

	c->arena = &l->arena;
	/* The unit's key opens it: the liar knows what it has said. */
	class = message_open(
	    s->node[SIM_UNIT].keys[0], &l->m, &l->arena, &l->content, &e);
	if (class == ERR_NONE) {
		json_object_del(l->content.meta, "header");
		twist_file(l, lie, r);
		twist_header(&h, lie, r);
		class = party_make(c, &h, &l->content, &l->sending, &e);
	}
	if (class == ERR_NONE && lie == LIE_DIGEST)
		l->sending.message.payload.n -= 1;
	if (class == ERR_NONE)
		class = store_run(c->store, send, l, &e);
	c->arena = was;
	content_fini(&l->content);
	sim_trace(s, "lie %d: %d", (int)lie, class);
	s->lied = true;
	(void)sim_node_alive(s, SIM_BANK_B, class, &e);
}

/* It has not answered yet. */
static void again(struct sim *s, int64_t which)
{
	struct sim_event *x =
	    sim_push(s, CLOCK_SECOND / 2, SIM_FAULT, SIM_BANK_B);

	x->what = FAULT_LIE;
	x->more = which;
}

void sim_lie(struct sim *s, int64_t which)
{
	uint64_t r = (uint64_t)which;
	enum lie lie = (enum lie)(r % LIE_COUNT_);
	struct lying l = {.s = s, .bank = s->node[SIM_BANK_B].base};
	unsigned char noise[64];
	enum err_class class;
	struct err e;

	if (lie == LIE_NOISE) {
		struct sim_rng rng = {r};

		sim_rng_fill(&rng, noise, sizeof(noise));
		sim_net_throw(s, SIM_BANK_B, SIM_HUB,
		    BYTES(noise, (size_t)(r >> 8) % sizeof(noise)));
		return;
	}
	if (!s->node[SIM_BANK_B].up || l.bank->work.context.peers == NULL)
		return;
	l.bank->work.context.now_us = sim_local(s, SIM_BANK_B);
	if (!newest(&l)) {
		if (sim_node_alive(s, SIM_BANK_B, ERR_NONE, &e))
			again(s, which);
		return;
	}
	class = store_read(l.bank->store, load, &l, &e);
	if (sim_node_alive(s, SIM_BANK_B, class, &e) && class == ERR_NONE &&
	    l.found)
		say(&l, lie, r >> 8);
	arena_fini(&l.arena);
}
