/*
 * sim_liars.c — see sim.h: a party of any kind that does not keep to the
 * rules. It does its work, and beside it says what is not so: messages of its
 * own with other counts, states, files, kinds and recipients; messages of
 * others again, or under another's payload; receipts that do not fit. It has
 * its own keys and nobody else's.
 */
#include "sim.h"

#include "exchange/gate.h"
#include "exchange/receipt.h"

#include <stdlib.h>

enum lie {
	LIE_HEADER,  /* counts, parts, numbers */
	LIE_AGAIN,   /* the same under a new id */
	LIE_PLACE,   /* another's file, institution, authority */
	LIE_KIND,    /* as a message of another kind */
	LIE_TO,	     /* to somebody else */
	LIE_WORD,    /* something in it says something else */
	LIE_GARBAGE, /* a part of it is broken, or ends early */
	LIE_DIGEST,  /* the payload is not what was signed */
	LIE_REPLAY,  /* what passed by, once more, to anybody */
	LIE_MIXED,   /* one's header, another's payload */
	LIE_RECEIPT, /* the next receipts */
	LIE_COUNT_
};

enum receipt_lie {
	RECEIPT_DIGEST,	 /* of something else */
	RECEIPT_DROPPED, /* accepted, and thrown away */
	RECEIPT_CODE,	 /* refused, for some reason */
	RECEIPT_BOTH,	 /* kept, and refused */
	RECEIPT_ID,	 /* of no message */
	RECEIPT_NAME,	 /* in another's name */
	RECEIPT_TWICE,	 /* accepted and refused */
	RECEIPT_NOISE,	 /* no receipt */
	RECEIPT_COUNT_
};

struct lying {
	struct sim *s;
	struct fixture_node *node;
	struct sim_rng r;
	struct arena arena;
	char id[HEADER_ID];
	struct message m;
	bool found;
	struct content content;
	struct party_sending sending;
};

static int64_t below(struct lying *l, int64_t n)
{
	return sim_rng_below(&l->r, n);
}

static const char *code_of(const struct sim *s, int64_t who)
{
	return s->node[who].base->node.code;
}

/* Words that mean something somewhere. */
static const char *word(struct lying *l)
{
	static const char *const words[] = {"", "cancelled", "refused",
	    "answered", "received", "expired", "held", "paper", "release",
	    "withdraw", "9601", "9603", "H002", "U001", "131041-001-9601-0001",
	    "131041-001-9602-0002", "131041-001-9603-0001",
	    "131041-002-9601-0001", "../keys", "0013A2-", "found", "2026-09-01",
	    "9999-99-99"};

	return words[below(l, (int64_t)(sizeof(words) / sizeof(*words)))];
}

static json_t *another(struct lying *l, const json_t *value)
{
	static const json_int_t step[] = {
	    -1, 1, 7, -1000000, 1000000, INT64_C(1) << 62};

	if (!json_is_integer(value))
		return json_string(word(l));
	return json_integer((json_int_t)((uint64_t)json_integer_value(value) +
					 (uint64_t)step[below(l, 6)]));
}

/* One value somewhere in it becomes another; or an entry goes or comes. */
static void twist_json(struct lying *l, json_t *j);

static void twist_array(struct lying *l, json_t *j)
{
	size_t i = (size_t)below(l, (int64_t)json_array_size(j));
	json_t *x = json_array_get(j, i);
	int64_t how = below(l, 6);

	if (x == NULL)
		return;
	if (how == 0)
		(void)json_array_remove(j, i);
	else if (how == 1)
		(void)json_array_append_new(j, json_deep_copy(x));
	else if (json_is_array(x) || json_is_object(x))
		twist_json(l, x);
	else
		(void)json_array_set_new(j, i, another(l, x));
}

static void twist_json(struct lying *l, json_t *j)
{
	void *at;

	if (json_is_array(j)) {
		twist_array(l, j);
		return;
	}
	at = json_object_iter(j);
	for (int64_t k = below(l, (int64_t)json_object_size(j));
	     k > 0 && at != NULL; k--)
		at = json_object_iter_next(j, at);
	if (at == NULL)
		return;
	if (json_is_array(json_object_iter_value(at)) ||
	    json_is_object(json_object_iter_value(at)))
		twist_json(l, json_object_iter_value(at));
	else
		(void)json_object_iter_set_new(
		    j, at, another(l, json_object_iter_value(at)));
}

static void twist_part(struct lying *l)
{
	size_t i = (size_t)below(l, (int64_t)l->content.part_count);
	struct bytes b = l->content.part[i].bytes;
	unsigned char *p = arena_take(&l->arena, b.n + 1);

	if (l->content.part_count == 0 || b.n == 0) {
		twist_json(l, l->content.meta);
		return;
	}
	memcpy(p, b.p, b.n);
	if (below(l, 2) == 0)
		b.n = (size_t)below(l, (int64_t)b.n);
	for (int k = 0; k < 4 && b.n > 0; k++)
		p[below(l, (int64_t)b.n)] ^= (unsigned char)(1 + below(l, 255));
	l->content.part[i].bytes = BYTES(p, b.n);
}

static void set(char *to, size_t room, const char *z)
{
	(void)snprintf(to, room, "%s", z);
}

static void twist_place(struct lying *l, struct header *h)
{
	switch (below(l, 4)) {
	case 0:
		(void)snprintf(h->file, sizeof(h->file),
		    "131041-001-960%d-000%d", 1 + (int)below(l, 3),
		    1 + (int)below(l, 3));
		return;
	case 1:
		set(h->institution, NODE_CODE,
		    code_of(l->s, SIM_BANK_A + below(l, SIM_BANKS)));
		return;
	case 2:
		set(h->hub, NODE_CODE, code_of(l->s, SIM_HUB + below(l, 2)));
		h->link = below(l, 2) ? LINK_DIRECT : LINK_VIA_WARD;
		return;
	default:
		set(h->authority, NODE_CODE, "131042");
		return;
	}
}

static void twist_numbers(struct lying *l, struct header *h)
{
	switch (below(l, 4)) {
	case 0:
		h->part += (int)below(l, 3) - 1;
		return;
	case 1:
		h->parts += 1 + (int)below(l, 2);
		return;
	case 2:
		h->wave += 1;
		return;
	default:
		h->records += below(l, 9) - 4;
		if (h->records < 0)
			h->records = 0;
		return;
	}
}

static void twist_header(struct lying *l, struct header *h, enum lie lie)
{
	const char *to;

	h->id[0] = '\0';
	if (lie == LIE_HEADER)
		twist_numbers(l, h);
	else if (lie == LIE_PLACE)
		twist_place(l, h);
	else if (lie == LIE_KIND)
		h->kind = (enum header_kind)below(l, KIND_COUNT);
	if (lie != LIE_TO)
		return;
	to = code_of(l->s, below(l, SIM_NODES));
	set(h->to, NODE_CODE, to);
	set(h->readers[0], NODE_CODE, to);
	h->reader_count = 1;
}

/* One of all it has, or of its own. */
static bool choose(struct lying *l, bool own)
{
	sqlite3_stmt *q = sim_node_read(l->s, l->s->liar,
	    "SELECT id FROM message WHERE (?1 = '' OR origin = ?1) AND"
	    " payload IS NOT NULL ORDER BY id");
	int n = 0;

	l->id[0] = '\0';
	if (q == NULL)
		return false;
	(void)sqlite3_bind_text(
	    q, 1, own ? l->node->node.code : "", -1, SQLITE_STATIC);
	while (sqlite3_step(q) == SQLITE_ROW)
		if (below(l, ++n) == 0)
			set(l->id, HEADER_ID,
			    (const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	return l->id[0] != '\0';
}

static enum err_class load(struct store_tx *tx, void *arg, struct err *e)
{
	struct lying *l = arg;

	return message_load(tx, l->id, &l->arena, &l->m, &l->found, e);
}

static enum err_class send(struct store_tx *tx, void *arg, struct err *e)
{
	const struct lying *l = arg;

	return party_send(tx, &l->sending, l->node->work.context.now_us, e);
}

/* A reader's key opens it: the liar knows what it has said. */
static enum err_class open_own(struct lying *l, struct err *e)
{
	for (int i = 0; i < SIM_NODES; i++)
		if (strcmp(code_of(l->s, i), l->m.h.readers[0]) == 0)
			return message_open(l->s->node[i].keys[0], &l->m,
			    &l->arena, &l->content, e);
	return ERR_INPUT;
}

static void say(struct lying *l, enum lie lie)
{
	struct sim *s = l->s;
	struct party_context *c = &l->node->work.context;
	struct header h = l->m.h;
	struct arena *was = c->arena;
	enum err_class class;
	struct err e = {0};

	c->arena = &l->arena;
	class = open_own(l, &e);
	if (class == ERR_NONE) {
		json_object_del(l->content.meta, "header");
		if (lie == LIE_WORD)
			twist_json(l, l->content.meta);
		if (lie == LIE_GARBAGE)
			twist_part(l);
		twist_header(l, &h, lie);
		class = party_make(c, &h, &l->content, &l->sending, &e);
		content_fini(&l->content);
	}
	if (class == ERR_NONE && lie == LIE_DIGEST)
		l->sending.message.payload.n -= 1;
	if (class == ERR_NONE)
		class = store_run(c->store, send, l, &e);
	c->arena = was;
	sim_trace(s, "%d lies %d about its %s: %d", s->liar, (int)lie,
	    header_kind_name(l->m.h.kind), class);
	(void)sim_node_alive(s, s->liar, class, &e);
}

static void throw(struct lying * l, struct bytes header, struct bytes payload)
{
	struct sim *s = l->s;
	struct buf body = {0};
	int to = (int)below(l, SIM_NODES);

	gate_frame_put(&body, header, payload);
	sim_trace(s, "%d throws something at %d", s->liar, to);
	sim_net_throw(s, s->liar, to, buf_bytes(&body));
	buf_fini(&body);
}

static bool take(struct lying *l, bool own)
{
	struct err e;
	enum err_class class;

	if (!choose(l, own))
		return false;
	class = store_read(l->node->store, load, l, &e);
	return sim_node_alive(l->s, l->s->liar, class, &e) &&
	       class == ERR_NONE && l->found;
}

/* It has said nothing yet. */
static void again(struct sim *s, int64_t which)
{
	struct sim_event *x = sim_push(s, CLOCK_SECOND / 2, SIM_FAULT, s->liar);

	x->what = FAULT_LIAR;
	x->more = which;
}

static void speak(struct lying *l, enum lie lie, int64_t which)
{
	struct message other;
	bool own = lie != LIE_REPLAY && lie != LIE_MIXED;

	if (!take(l, own)) {
		if (l->s->node[l->s->liar].up)
			again(l->s, which);
		return;
	}
	l->s->liar_spoke = true;
	if (own) {
		say(l, lie);
		return;
	}
	other = l->m;
	if (lie == LIE_MIXED && !take(l, false))
		return;
	throw(l, other.header, l->m.payload);
}

void sim_liar(struct sim *s, int64_t which)
{
	struct lying l = {
	    .s = s, .node = s->node[s->liar].base, .r = {(uint64_t)which}};
	enum lie lie = (enum lie)below(&l, LIE_COUNT_);

	if (!s->node[s->liar].up || l.node->work.context.peers == NULL)
		return;
	l.node->work.context.now_us = sim_local(s, s->liar);
	if (lie == LIE_RECEIPT)
		s->false_receipts = 1 + (int)below(&l, 3);
	else
		speak(&l, lie, which);
	arena_fini(&l.arena);
}

/* --- receipts --- */

static int some_code(struct sim *s)
{
	static const int codes[] = {
	    200, 201, 204, 300, 301, 310, 312, 313, 330};

	return codes[sim_rng_below(&s->lies, 9)];
}

static void put_receipt(
    struct sim *s, struct receipt r, enum receipt_lie lie, struct buf *lines)
{
	switch (lie) {
	case RECEIPT_DIGEST:
		r.digest[0] = r.digest[0] == '0' ? '1' : '0';
		break;
	case RECEIPT_CODE:
	case RECEIPT_BOTH:
		r.code = some_code(s);
		break;
	case RECEIPT_ID:
		r.id[0] = r.id[0] == '0' ? '1' : '0';
		break;
	case RECEIPT_NAME:
		set(r.by, NODE_CODE, code_of(s, sim_rng_below(&s->lies, 7)));
		break;
	case RECEIPT_TWICE:
		receipt_put(&r, lines);
		r.code = some_code(s);
		break;
	case RECEIPT_DROPPED:
	case RECEIPT_NOISE:
	case RECEIPT_COUNT_:
		break;
	}
	receipt_put(&r, lines);
}

static void list(struct sim *s, const struct sim_packet *p,
    enum receipt_lie lie, struct buf *lines)
{
	struct bytes in = buf_bytes(&p->body);
	struct bytes part[2];

	while (gate_frame_take(&in, SIZE_MAX, &part[0]) &&
	       gate_frame_take(&in, SIZE_MAX, &part[1])) {
		struct receipt r = {
		    .code = RECEIPT_ACCEPTED, .time_us = sim_local(s, s->liar)};
		struct bytes json;
		struct header h;
		struct err e;

		if (keys_peek(part[0], &json, &e) != ERR_NONE ||
		    header_read(json, &h, &e) != ERR_NONE)
			continue;
		memcpy(r.id, h.id, sizeof(r.id));
		digest_hex(digest_of(part, 2), r.digest);
		set(r.by, NODE_CODE, code_of(s, s->liar));
		set(r.to, NODE_CODE, code_of(s, p->from));
		put_receipt(s, r, lie, lines);
	}
}

bool sim_liar_receipt(
    struct sim *s, int to, const struct sim_packet *p, struct buf *out)
{
	enum receipt_lie lie;
	struct buf lines = {0};
	struct buf group = {0};
	struct err e;

	if (to != s->liar || s->calm || s->false_receipts == 0)
		return false;
	lie = (enum receipt_lie)sim_rng_below(&s->lies, RECEIPT_COUNT_);
	s->false_receipts--;
	s->liar_spoke = true;
	sim_trace(s, "%d gives a false receipt %d", to, (int)lie);
	if (lie == RECEIPT_BOTH) {
		size_t stored = 0;
		enum err_class class = gate_receive(&s->node[to].base->gate,
		    p->sender, buf_bytes(&p->body), sim_local(s, to), out,
		    &stored, &e);

		if (!sim_node_alive(s, to, class, &e))
			return true;
		if (stored > 0)
			sim_node_wake(s, to, 500);
	}
	buf_clear(out);
	list(s, p, lie, &lines);
	if (lie == RECEIPT_NOISE)
		buf_add(&group, lines.p, lines.n / 2);
	else if (keys_sign(s->node[to].base->keys, buf_bytes(&lines), &group,
		     &e) != ERR_NONE)
		abort();
	gate_frame_block(out, buf_bytes(&group));
	buf_fini(&lines);
	buf_fini(&group);
	return true;
}
