/*
 * test_nth_exchange.c — a gate that takes a batch in, a sender that takes the
 * answer in, and a reader that opens a message: with every allocation, every
 * call on files and every SQL step failing in turn.
 *
 * E1, E2: whoever got a receipt finds the message kept, and a repeat gets that
 * receipt again, byte for byte. And nothing that fails here makes a good
 * message look like a bad one.
 */
#include "../exchange/parties_fixture.h"
#include "kept.h"
#include "nth.h"

#include <stdio.h>
#include <unistd.h>

#define BATCH 3

static const enum nth_way ways[] = {NTH_ALLOCATION, NTH_OPEN, NTH_READ,
    NTH_WRITE, NTH_FULL, NTH_SYNC, NTH_STEP_IO, NTH_STEP_FULL, NTH_STEP_BUSY,
    NTH_STEP_MEMORY};
#define WAYS (sizeof(ways) / sizeof(*ways))

struct stage {
	struct parties *p;
	struct kept ward;
	struct kept unit;
	struct message message[BATCH];
	struct buf body;
	struct buf answer; /* the unit's receipts for it */
};

static void open_side(struct side *s)
{
	struct err e;

	OK(node_store(&s->node, &s->store, &e), &e);
	s->gate.store = s->store;
}

static void close_side(struct side *s)
{
	gate_fini(&s->gate);
	store_close(s->store);
	s->store = NULL;
}

static void put_back(void *ctx)
{
	const struct stage *s = ctx;

	kept_put(&s->ward);
	kept_put(&s->unit);
}

/* --- the gate --- */

static enum err_class receive(struct stage *s, struct buf *out, struct err *e)
{
	size_t stored;

	buf_clear(out);
	return gate_receive(&s->p->side[UNIT].gate,
	    side_fingerprint(&s->p->side[WARD]), buf_bytes(&s->body), NOW, out,
	    &stored, e);
}

/* What goes out goes into the note: that is what the sender sees. */
static enum err_class gate_work(void *ctx, struct err *e)
{
	struct stage *s = ctx;
	struct side *unit = &s->p->side[UNIT];
	struct buf out = {0};
	enum err_class c;

	TRY(node_store(&unit->node, &unit->store, e));
	unit->gate.store = unit->store;
	nth_arm();
	c = receive(s, &out, e);
	if (c == ERR_NONE && out.n <= sizeof(nth->note)) {
		memcpy(nth->note, out.p, out.n);
		nth->noted = out.n;
	}
	nth->ending = c == ERR_NONE && !nth->met;
	store_close(unit->store);
	return c;
}

static bool all_accepted(struct stage *s, struct bytes answer)
{
	struct bytes group;
	struct buf lines = {0};
	struct receipt r[BATCH];
	struct err e;
	size_t n = 0;
	bool good =
	    gate_frame_take(&answer, SIZE_MAX, &group) && answer.n == 0 &&
	    keys_verify(keys_certificate(s->p->side[UNIT].keys), group, &lines,
		&e) == ERR_NONE &&
	    receipt_parse(buf_bytes(&lines), r, BATCH, &n, &e) == ERR_NONE &&
	    n == BATCH;

	for (size_t i = 0; good && i < BATCH; i++)
		good = r[i].code == RECEIPT_ACCEPTED &&
		       strcmp(r[i].digest, s->message[i].digest) == 0;
	buf_fini(&lines);
	return good;
}

static void gate_after(void *ctx, const struct nth_end *end)
{
	struct stage *s = ctx;
	struct side *unit = &s->p->side[UNIT];
	struct bytes seen = BYTES(nth->note, nth->noted);
	int64_t kept = kept_ask(&s->unit, "SELECT count(*) FROM inbox");
	struct buf out = {0};
	struct err e;

	(void)end;
	if (kept != 0 && kept != BATCH)
		nth_wrong("E3: some of a batch is kept");
	if (nth->noted > 0 && kept != BATCH)
		nth_wrong("E1: a receipt, and no message");
	if (nth->noted > 0 && !all_accepted(s, seen))
		nth_wrong("a good message has been refused");
	open_side(unit);
	if (receive(s, &out, &e) != ERR_NONE ||
	    !all_accepted(s, buf_bytes(&out)))
		nth_wrong("it is not taken in when nothing fails");
	if (nth->noted > 0 && !bytes_eq(buf_bytes(&out), seen))
		nth_wrong("E2: not the first receipt");
	close_side(unit);
	buf_fini(&out);
	if (kept_ask(&s->unit, "SELECT count(*) FROM inbox") != BATCH ||
	    !kept_sound(&s->unit))
		nth_wrong("E2: not kept once");
}

/* --- the sender --- */

static enum err_class send_all(struct store_tx *tx, void *arg, struct err *e)
{
	const struct stage *s = arg;

	for (int i = 0; i < BATCH; i++)
		TRY(message_send(tx, &s->message[i], "unit-1", "", 0, NOW, e));
	return ERR_NONE;
}

static enum err_class deliver(struct stage *s, struct err *e)
{
	struct side *ward = &s->p->side[WARD];
	struct delivery d = {0};
	size_t n = 0;
	enum err_class c = delivery_collect(
	    ward->store, "unit-1", (size_t)1 << 20, NOW, &d, e);

	if (c == ERR_NONE && d.count > 0)
		c = delivery_answer(ward->store, ward->peers, "131041", &d,
		    buf_bytes(&s->answer), NOW, &n, e);
	delivery_fini(&d);
	return c;
}

static enum err_class answer_work(void *ctx, struct err *e)
{
	struct stage *s = ctx;
	struct side *ward = &s->p->side[WARD];
	enum err_class c;

	TRY(node_store(&ward->node, &ward->store, e));
	nth_arm();
	c = deliver(s, e);
	nth->ending = c == ERR_NONE && !nth->met;
	store_close(ward->store);
	return c;
}

static void answer_after(void *ctx, const struct nth_end *end)
{
	struct stage *s = ctx;
	struct side *ward = &s->p->side[WARD];
	struct err e;
	int64_t done;

	done = kept_ask(&s->ward, "SELECT count(*) FROM outbox WHERE state = 1"
				  " AND receipt <> ''");
	if (kept_ask(&s->ward, "SELECT count(*) FROM outbox WHERE state > 1") !=
	    0)
		nth_wrong("a good receipt has been taken for a refusal");
	if (done != 0 && done != BATCH)
		nth_wrong("E3: some of an answer is entered");
	if (!end->died && end->class == ERR_NONE && done != BATCH)
		nth_wrong("a good receipt has been passed over");
	open_side(ward);
	if (deliver(s, &e) != ERR_NONE)
		nth_wrong("it is not entered when nothing fails");
	close_side(ward);
	if (kept_ask(&s->ward, "SELECT count(*) FROM outbox WHERE state = 1") !=
		BATCH ||
	    !kept_sound(&s->ward))
		nth_wrong("E4: not sent in the end");
}

/* --- the reader --- */

static enum err_class open_work(void *ctx, struct err *e)
{
	struct stage *s = ctx;
	const struct side *unit = &s->p->side[UNIT];
	struct content content;
	struct message m;
	struct arena a = {0};

	nth_arm();
	TRY(message_check(
	    unit->peers, s->message[0].header, s->message[0].payload, &m, e));
	TRY(message_open(unit->keys, &m, &a, &content, e));
	return ERR_NONE;
}

static void open_after(void *ctx, const struct nth_end *end)
{
	(void)ctx;
	(void)end;
}

static void stage_open(struct stage *s)
{
	struct err e;

	for (int i = 0; i < BATCH; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "message %d", i);
		s->message[i] = parties_message(s->p, WARD, UNIT, text);
		gate_frame_put(
		    &s->body, s->message[i].header, s->message[i].payload);
	}
	OK(store_run(s->p->side[WARD].store, send_all, s, &e), &e);
	close_side(&s->p->side[WARD]);
	kept_take(&s->ward, s->p->side[WARD].db);
	close_side(&s->p->side[UNIT]);
	kept_take(&s->unit, s->p->side[UNIT].db);
	open_side(&s->p->side[UNIT]);
	OK(receive(s, &s->answer, &e), &e);
	close_side(&s->p->side[UNIT]);
}

int main(void)
{
	struct stage s = {0};
	const struct nth_piece gate = {.name = "gate",
	    .before = put_back,
	    .work = gate_work,
	    .after = gate_after,
	    .ctx = &s};
	const struct nth_piece answer = {.name = "answer",
	    .before = put_back,
	    .work = answer_work,
	    .after = answer_after,
	    .ctx = &s};
	const struct nth_piece opening = {.name = "open a message",
	    .before = put_back,
	    .work = open_work,
	    .after = open_after,
	    .ctx = &s};

	if (chdir(nth_begin()) != 0 || parties_setup((void **)&s.p) != 0)
		abort();
	stage_open(&s);
	nth_loop(&opening, NTH_ALLOCATION);
	nth_loops(&gate, ways, WAYS);
	nth_loops(&answer, ways, WAYS);
	kept_fini(&s.ward);
	kept_fini(&s.unit);
	buf_fini(&s.body);
	buf_fini(&s.answer);
	(void)parties_teardown((void **)&s.p);
	return nth_close();
}
