/* Tests of exchange/delivery.h: against real gates, and answers that a peer
 * should not give. */
#include "parties_fixture.h"

#include <stdio.h>

#define MB ((size_t)1 << 20)

struct sending {
	const struct message *m;
	const char *hop;
	int step;
};

static enum err_class send_it(struct store_tx *tx, void *arg, struct err *e)
{
	const struct sending *s = arg;

	return message_send(tx, s->m, s->hop, "hub-1", s->step, NOW, e);
}

static struct message queue(struct parties *p, enum side_name from,
    enum side_name to, const char *hop, int step)
{
	struct message m = parties_message(p, from, to, "x");
	struct sending s = {&m, hop, step};
	struct err e;

	OK(store_run(p->side[from].store, send_it, &s, &e), &e);
	return m;
}

static void collect(struct parties *p, enum side_name at, const char *peer,
    int64_t now_us, struct delivery *d)
{
	struct err e;

	OK(delivery_collect(p->side[at].store, peer, MB, now_us, d, &e), &e);
}

/* Carries d from one side to the gate of another. */
static struct buf carry(struct parties *p, enum side_name from,
    enum side_name to, const struct delivery *d, int64_t now_us)
{
	struct buf answer = {0};
	struct err e;
	size_t stored;

	OK(gate_receive(&p->side[to].gate, side_fingerprint(&p->side[from]),
	       buf_bytes(&d->body), now_us, &answer, &stored, &e),
	    &e);
	return answer;
}

static size_t answer(struct parties *p, enum side_name at,
    const struct delivery *d, struct bytes groups, int64_t now_us)
{
	struct side *s = &p->side[at];
	struct err e;
	size_t n;

	OK(delivery_answer(
	       s->store, s->peers, s->node.code, d, groups, now_us, &n, &e),
	    &e);
	return n;
}

static int64_t ask(struct parties *p, const char *what)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql), "SELECT %s FROM outbox", what);
	return parties_ask(&p->side[WARD], sql);
}

/* A group in which giver says code about m. */
static struct buf say(struct parties *p, enum side_name giver,
    const struct message *m, const char *by, const char *to, int code)
{
	struct receipt r = {.code = code, .time_us = NOW};
	struct buf lines = {0};
	struct buf cms = {0};
	struct buf out = {0};
	struct err e;

	memcpy(r.id, m->h.id, sizeof(r.id));
	memcpy(r.digest, m->digest, sizeof(r.digest));
	(void)snprintf(r.by, sizeof(r.by), "%s", by);
	(void)snprintf(r.to, sizeof(r.to), "%s", to);
	receipt_put(&r, &lines);
	OK(keys_sign(p->side[giver].keys, buf_bytes(&lines), &cms, &e), &e);
	gate_frame_block(&out, buf_bytes(&cms));
	buf_fini(&lines);
	buf_fini(&cms);
	return out;
}

/* Whatever these groups are, they confirm nothing. */
static void confirms_nothing(
    struct parties *p, const struct delivery *d, struct bytes groups)
{
	assert_int_equal(answer(p, WARD, d, groups, NOW), 0);
	assert_int_equal(ask(p, "state"), 0);
	assert_int_equal(ask(p, "code"), 0);
	assert_int_equal(
	    parties_ask(&p->side[WARD], "SELECT (SELECT count(*) FROM step) + "
					"(SELECT count(*) FROM receipt_group)"),
	    0);
}

static void believes_no_receipt_but_the_peers_own(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct message other = parties_message(p, WARD, UNIT, "y");
	struct delivery d;
	struct buf groups;

	collect(p, WARD, "unit-1", NOW, &d);
	assert_int_equal(d.count, 1);
	confirms_nothing(p, &d, BYTES(NULL, 0));
	confirms_nothing(p, &d, BYTES("junk", 4));
	groups = say(p, HUB, &m, "unit-1", "131041", 100);
	confirms_nothing(p, &d, buf_bytes(&groups));
	buf_fini(&groups);
	groups = say(p, UNIT, &m, "hub-1", "131041", 100);
	confirms_nothing(p, &d, buf_bytes(&groups));
	buf_fini(&groups);
	groups = say(p, UNIT, &m, "unit-1", "9601", 310);
	confirms_nothing(p, &d, buf_bytes(&groups));
	buf_fini(&groups);
	groups = say(p, UNIT, &other, "unit-1", "131041", 100);
	confirms_nothing(p, &d, buf_bytes(&groups));
	buf_fini(&groups);
	memcpy(other.h.id, m.h.id, sizeof(m.h.id));
	groups = say(p, UNIT, &other, "unit-1", "131041", 100);
	confirms_nothing(p, &d, buf_bytes(&groups));
	buf_fini(&groups);
	delivery_fini(&d);
}

/* E2: the peer answers with its first receipt, which was another's who had
 * brought the same message. */
static void believes_that_it_is_there_whoever_brought_it(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct buf groups = say(p, UNIT, &m, "unit-1", "9601", 100);
	struct delivery d;

	collect(p, WARD, "unit-1", NOW, &d);
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), NOW), 1);
	assert_int_equal(ask(p, "state = 1 AND code = 100"), 1);
	buf_fini(&groups);
	delivery_fini(&d);
}

static void believes_no_receipt_with_a_bit_changed(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct buf groups = say(p, UNIT, &m, "unit-1", "131041", 100);
	struct delivery d;

	collect(p, WARD, "unit-1", NOW, &d);
	for (size_t i = 0; i < groups.n; i += 5) {
		groups.p[i] ^= (unsigned char)(1 << (i % 8));
		confirms_nothing(p, &d, buf_bytes(&groups));
		groups.p[i] ^= (unsigned char)(1 << (i % 8));
	}
	for (size_t n = 0; n < groups.n; n += 11)
		confirms_nothing(p, &d, BYTES(groups.p, n));
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), NOW), 1);
	buf_fini(&groups);
	delivery_fini(&d);
}

static void believes_nobody_who_is_no_longer_a_peer(void **state)
{
	struct parties *p = *state;
	struct delivery d;
	struct buf groups;

	(void)queue(p, WARD, UNIT, "unit-1", 2);
	collect(p, WARD, "unit-1", NOW, &d);
	groups = carry(p, WARD, UNIT, &d, NOW);
	side_forgets(&p->side[WARD], "unit-1");
	confirms_nothing(p, &d, buf_bytes(&groups));
	buf_fini(&groups);
	delivery_fini(&d);
}

static void records_receipt_and_step_together(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct delivery d;
	struct buf groups;

	collect(p, WARD, "unit-1", NOW, &d);
	groups = carry(p, WARD, UNIT, &d, NOW + 5);
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), NOW + 9), 1);
	assert_int_equal(ask(p, "state = 1 AND code = 100 AND done_us = "
				"1792000000000009"),
	    1);
	assert_int_equal(parties_ask(&p->side[WARD],
			     "SELECT count(*) FROM step WHERE authority = "
			     "'131041' AND wave = 1 AND file = '' AND hub = "
			     "'hub-1' AND no = 2 AND party = '131041' AND "
			     "inquiries = 3 AND signed_by = '131041' AND "
			     "at_us = 1792000000000009"),
	    1);
	assert_int_equal(parties_ask(&p->side[WARD],
			     "SELECT count(*) FROM outbox o JOIN receipt_group "
			     "g ON g.id = o.receipt WHERE g.signer = "
			     "'unit-1'"),
	    1);
	/* the same answer once more changes nothing */
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), NOW + 99), 0);
	assert_int_equal(ask(p, "done_us"), NOW + 9);
	(void)m;
	buf_fini(&groups);
	delivery_fini(&d);
}

static void names_the_part_in_the_step_of_subjects(void **state)
{
	struct parties *p = *state;
	struct header h = parties_header(WARD, UNIT);
	struct sending s = {.hop = "unit-1", .step = 2};
	struct message m;
	struct delivery d;
	struct buf groups;
	struct err e;

	h.kind = KIND_SUBJECTS;
	h.part = 3;
	h.parts = 7;
	m = parties_message_of(p, WARD, &h, "x");
	s.m = &m;
	OK(store_run(p->side[WARD].store, send_it, &s, &e), &e);
	collect(p, WARD, "unit-1", NOW, &d);
	groups = carry(p, WARD, UNIT, &d, NOW);
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), NOW), 1);
	assert_int_equal(parties_ask(&p->side[WARD],
			     "SELECT count(*) FROM step WHERE file = 'part-3'"),
	    1);
	buf_fini(&groups);
	delivery_fini(&d);
}

/* E2: lost on the way back, the receipt is the same the second time. */
static void survives_a_lost_answer(void **state)
{
	struct parties *p = *state;
	struct delivery d;
	struct buf first;
	struct buf again;
	struct err e;

	(void)queue(p, WARD, UNIT, "unit-1", 2);
	collect(p, WARD, "unit-1", NOW, &d);
	first = carry(p, WARD, UNIT, &d, NOW);
	OK(delivery_failed(p->side[WARD].store, &d, NOW, &p->random, &e), &e);
	delivery_fini(&d);
	collect(p, WARD, "unit-1", NOW + CLOCK_SECOND, &d);
	assert_int_equal(d.count, 1);
	again = carry(p, WARD, UNIT, &d, NOW + CLOCK_SECOND);
	assert_true(bytes_eq(buf_bytes(&first), buf_bytes(&again)));
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&again), NOW), 1);
	assert_int_equal(
	    parties_ask(&p->side[UNIT], "SELECT count(*) FROM inbox"), 1);
	delivery_fini(&d);
	buf_fini(&first);
	buf_fini(&again);
}

static void waits_longer_each_time_up_to_a_minute(void **state)
{
	struct parties *p = *state;
	struct delivery d;
	int64_t now = NOW;
	struct err e;

	(void)queue(p, WARD, UNIT, "unit-1", 0);
	for (int i = 0; i < 20; i++) {
		int64_t whole = i < 9 && DELIVERY_FIRST << i < DELIVERY_LONGEST
				    ? DELIVERY_FIRST << i
				    : DELIVERY_LONGEST;
		int64_t due;

		collect(p, WARD, "unit-1", now, &d);
		assert_int_equal(d.count, 1);
		OK(delivery_failed(
		       p->side[WARD].store, &d, now, &p->random, &e),
		    &e);
		delivery_fini(&d);
		assert_int_equal(ask(p, "attempts"), i + 1);
		OK(delivery_next_due(p->side[WARD].store, &due, &e), &e);
		assert_true(due >= now + whole / 2);
		assert_true(due <= now + whole);
		collect(p, WARD, "unit-1", due - 1, &d);
		assert_int_equal(d.count, 0);
		delivery_fini(&d);
		now = due;
	}
}

static void gives_up_at_expiry(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct delivery d;
	int64_t due;
	struct err e;

	collect(p, WARD, "unit-1", m.h.expires_us, &d);
	assert_int_equal(d.count, 1);
	delivery_fini(&d);
	collect(p, WARD, "unit-1", m.h.expires_us + 1, &d);
	assert_int_equal(d.count, 0);
	assert_int_equal(ask(p, "state"), 3);
	assert_int_equal(
	    parties_ask(&p->side[WARD], "SELECT count(*) FROM step"), 0);
	OK(delivery_next_due(p->side[WARD].store, &due, &e), &e);
	assert_true(due == INT64_MAX);
	delivery_fini(&d);
}

static void expires_many_and_still_sends_the_rest(void **state)
{
	struct parties *p = *state;
	struct delivery d;

	for (int i = 0; i < 70; i++)
		(void)queue(p, WARD, UNIT, "unit-1", 0);
	parties_sql(&p->side[WARD],
	    "UPDATE message SET expires_us = 1 WHERE id IN "
	    "(SELECT id FROM outbox WHERE seq <= 65)");
	collect(p, WARD, "unit-1", NOW, &d);
	assert_int_equal(d.count, 5);
	assert_int_equal(parties_ask(&p->side[WARD],
			     "SELECT count(*) FROM outbox WHERE state = 3"),
	    65);
	delivery_fini(&d);
}

static void answered_with(struct parties *p, int code, int state, bool due)
{
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct buf groups = say(p, UNIT, &m, "unit-1", "131041", code);
	struct delivery d;
	int64_t at;
	struct err e;

	collect(p, WARD, "unit-1", NOW, &d);
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), NOW), 0);
	assert_int_equal(ask(p, "state"), state);
	assert_int_equal(ask(p, "code"), code);
	OK(delivery_next_due(p->side[WARD].store, &at, &e), &e);
	if (due)
		assert_in_range(
		    at - NOW, DELIVERY_LONGEST / 2, DELIVERY_LONGEST);
	else
		assert_true(at == INT64_MAX);
	assert_int_equal(
	    parties_ask(&p->side[WARD], "SELECT count(*) FROM step"), 0);
	assert_int_equal(
	    parties_ask(&p->side[WARD], "SELECT count(*) FROM receipt_group"),
	    1);
	delivery_fini(&d);
	buf_fini(&groups);
	parties_sql(&p->side[WARD], "DELETE FROM outbox; DELETE FROM message;"
				    "DELETE FROM receipt_group");
}

static void asks_again_where_a_table_may_be_mended(void **state)
{
	struct parties *p = *state;

	answered_with(p, RECEIPT_UNKNOWN_SENDER, 0, true);
	answered_with(p, RECEIPT_NOT_ALLOWED, 0, true);
	answered_with(p, RECEIPT_BAD_CERTIFICATE, 0, true);
	answered_with(p, RECEIPT_BAD_SIGNATURE, 0, true);
	answered_with(p, RECEIPT_MALFORMED, 2, false);
	answered_with(p, RECEIPT_DUPLICATE, 2, false);
	answered_with(p, RECEIPT_EXPIRED, 2, false);
	answered_with(p, RECEIPT_UNKNOWN_RECIPIENT, 2, false);
	answered_with(p, RECEIPT_TOO_LARGE, 2, false);
}

/* Their certificate of us may be renewed, but not for ever. */
static void gives_up_on_a_signature_that_stays_wrong(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct buf groups =
	    say(p, UNIT, &m, "unit-1", "131041", RECEIPT_BAD_SIGNATURE);
	int64_t later = NOW + PEERS_RENEWING + CLOCK_DAY;
	struct delivery d;

	collect(p, WARD, "unit-1", NOW, &d);
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), later), 0);
	assert_int_equal(ask(p, "state"), 2);
	buf_fini(&groups);
	delivery_fini(&d);
}

static void is_accepted_after_their_table_was_mended(void **state)
{
	struct parties *p = *state;
	struct delivery d;
	struct buf groups;
	int64_t later = NOW + DELIVERY_LONGEST;

	side_knows(&p->side[UNIT], &p->side[WARD], "subjects", NULL, "", "");
	(void)queue(p, WARD, UNIT, "unit-1", 2);
	collect(p, WARD, "unit-1", NOW, &d);
	groups = carry(p, WARD, UNIT, &d, NOW);
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), NOW), 0);
	assert_int_equal(ask(p, "code"), 310);
	buf_fini(&groups);
	delivery_fini(&d);
	side_knows(&p->side[UNIT], &p->side[WARD], "status", NULL, "", "");
	collect(p, WARD, "unit-1", later, &d);
	groups = carry(p, WARD, UNIT, &d, later);
	assert_int_equal(answer(p, WARD, &d, buf_bytes(&groups), later), 1);
	assert_int_equal(ask(p, "code"), 100);
	buf_fini(&groups);
	delivery_fini(&d);
}

static void sends_the_oldest_first_within_bounds(void **state)
{
	struct parties *p = *state;
	struct delivery d;
	struct err e;
	size_t size;

	for (int i = 0; i < 40; i++)
		(void)queue(p, WARD, UNIT, "unit-1", 0);
	(void)queue(p, WARD, HUB, "hub-1", 0);
	collect(p, WARD, "unit-1", NOW, &d);
	assert_int_equal(d.count, GATE_BATCH);
	for (size_t i = 0; i < d.count; i++)
		assert_int_equal(d.item[i].seq, i + 1);
	size = d.body.n / d.count;
	delivery_fini(&d);
	OK(delivery_collect(
	       p->side[WARD].store, "unit-1", 3 * size + size / 2, NOW, &d, &e),
	    &e);
	assert_int_equal(d.count, 3);
	delivery_fini(&d);
	/* one that is larger than the bound still goes, alone */
	OK(delivery_collect(p->side[WARD].store, "unit-1", 1, NOW, &d, &e), &e);
	assert_int_equal(d.count, 1);
	delivery_fini(&d);
	collect(p, WARD, "hub-1", NOW, &d);
	assert_int_equal(d.count, 1);
	delivery_fini(&d);
	collect(p, WARD, "unit-1", NOW - 1, &d);
	assert_int_equal(d.count, 0);
	delivery_fini(&d);
}

/* E4: queued once for a hop, whatever the caller does again. */
static void queues_a_message_once_for_a_hop(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, WARD, UNIT, "unit-1", 2);
	struct sending s = {&m, "unit-1", 2};
	struct err e;

	OK(store_run(p->side[WARD].store, send_it, &s, &e), &e);
	assert_int_equal(ask(p, "count(*)"), 1);
	s.hop = "hub-1";
	OK(store_run(p->side[WARD].store, send_it, &s, &e), &e);
	assert_int_equal(ask(p, "count(*)"), 2);
}

/* From the bank through the hub, header and payload as they were. */
static void passes_a_hub_unchanged(void **state)
{
	struct parties *p = *state;
	struct message m = queue(p, BANK, UNIT, "hub-1", 0);
	struct sending s = {&m, "unit-1", 0};
	struct delivery d;
	struct buf groups;
	struct err e;

	collect(p, BANK, "hub-1", NOW, &d);
	groups = carry(p, BANK, HUB, &d, NOW);
	assert_int_equal(answer(p, BANK, &d, buf_bytes(&groups), NOW), 1);
	buf_fini(&groups);
	delivery_fini(&d);
	OK(store_run(p->side[HUB].store, send_it, &s, &e), &e);
	collect(p, HUB, "unit-1", NOW, &d);
	groups = carry(p, HUB, UNIT, &d, NOW);
	assert_int_equal(answer(p, HUB, &d, buf_bytes(&groups), NOW), 1);
	buf_fini(&groups);
	delivery_fini(&d);
	assert_int_equal(
	    parties_ask(&p->side[UNIT],
		"SELECT count(*) FROM message m JOIN inbox i USING (id) WHERE "
		"m.origin = '9601' AND i.sender = 'hub-1'"),
	    1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    parties_test(believes_no_receipt_but_the_peers_own),
	    parties_test(believes_that_it_is_there_whoever_brought_it),
	    parties_test(believes_no_receipt_with_a_bit_changed),
	    parties_test(believes_nobody_who_is_no_longer_a_peer),
	    parties_test(records_receipt_and_step_together),
	    parties_test(names_the_part_in_the_step_of_subjects),
	    parties_test(survives_a_lost_answer),
	    parties_test(waits_longer_each_time_up_to_a_minute),
	    parties_test(gives_up_at_expiry),
	    parties_test(gives_up_on_a_signature_that_stays_wrong),
	    parties_test(expires_many_and_still_sends_the_rest),
	    parties_test(asks_again_where_a_table_may_be_mended),
	    parties_test(is_accepted_after_their_table_was_mended),
	    parties_test(sends_the_oldest_first_within_bounds),
	    parties_test(queues_a_message_once_for_a_hop),
	    parties_test(passes_a_hub_unchanged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
