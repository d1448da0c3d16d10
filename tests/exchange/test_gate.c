/* Tests of exchange/gate.h and message.h between honest parties, and what a
 * peer may get wrong. What a dishonest hub tries: test_attack.c. */
#include "parties_fixture.h"

#include <stdio.h>

/* at refuses m of sender with code and keeps nothing of it. */
static void refuses(struct parties *p, enum side_name at, enum side_name sender,
    const struct message *m, int code)
{
	struct buf answer = {0};
	char *before = parties_dump(&p->side[at]);
	char *after;
	struct receipt r;

	expect(parties_deliver(p, at, sender, m, 1, NOW, &answer), ERR_NONE,
	    NULL, NULL);
	r = parties_receipt(&p->side[at], buf_bytes(&answer));
	assert_int_equal(r.code, code);
	assert_string_equal(r.by, p->side[at].node.code);
	assert_string_equal(r.to, p->side[sender].node.code);
	after = parties_dump(&p->side[at]);
	assert_string_equal(before, after);
	free(before);
	free(after);
	buf_fini(&answer);
}

static void accepts(struct parties *p, enum side_name at, enum side_name sender,
    const struct message *m, struct buf *answer)
{
	expect(parties_deliver(p, at, sender, m, 1, NOW, answer), ERR_NONE,
	    NULL, NULL);
	assert_int_equal(
	    parties_code(&p->side[at], buf_bytes(answer)), RECEIPT_ACCEPTED);
}

static void closes_on_who_is_no_peer(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "x");
	struct buf answer = {0};
	char *before = parties_dump(&p->side[UNIT]);
	char *after;

	assert_int_equal(
	    parties_deliver(p, UNIT, OUTSIDER, &m, 1, NOW, &answer),
	    ERR_DENIED);
	assert_int_equal(answer.n, 0);
	after = parties_dump(&p->side[UNIT]);
	assert_string_equal(before, after);
	free(before);
	free(after);
	buf_fini(&answer);
}

static void closes_on_a_peer_removed_between_two_requests(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "one");
	struct buf answer = {0};

	accepts(p, UNIT, WARD, &m, &answer);
	side_forgets(&p->side[UNIT], "131041");
	m = parties_message(p, WARD, UNIT, "two");
	assert_int_equal(
	    parties_deliver(p, UNIT, WARD, &m, 1, NOW, &answer), ERR_DENIED);
	assert_int_equal(answer.n, 0);
	assert_int_equal(
	    parties_ask(&p->side[UNIT], "SELECT count(*) FROM message"), 1);
	buf_fini(&answer);
}

static void closes_a_second_after_the_approved_period(void **state)
{
	struct parties *p = *state;
	struct date after = {2026, 10, 16};
	int64_t end = clock_of_date(after);
	struct message m = parties_message(p, WARD, UNIT, "one");
	struct buf answer = {0};

	side_knows(
	    &p->side[UNIT], &p->side[WARD], "status", NULL, "", "2026-10-15");
	assert_int_equal(
	    parties_deliver(p, UNIT, WARD, &m, 1, end - CLOCK_SECOND, &answer),
	    ERR_NONE);
	assert_int_equal(
	    parties_deliver(p, UNIT, WARD, &m, 1, end, &answer), ERR_DENIED);
	assert_int_equal(answer.n, 0);
	buf_fini(&answer);
}

static void refuses_an_unlisted_kind(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "x");

	side_knows(
	    &p->side[UNIT], &p->side[WARD], "subjects,cancel", NULL, "", "");
	refuses(p, UNIT, WARD, &m, RECEIPT_NOT_ALLOWED);
	side_knows(&p->side[UNIT], &p->side[WARD], "", NULL, "", "");
	refuses(p, UNIT, WARD, &m, RECEIPT_NOT_ALLOWED);
}

/* The hop's right counts, not the origin's. */
static void refuses_a_kind_that_the_hop_may_not_carry(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, BANK, UNIT, "x");

	side_knows(&p->side[UNIT], &p->side[HUB], "answer-file", NULL, "", "");
	refuses(p, UNIT, HUB, &m, RECEIPT_NOT_ALLOWED);
}

static void refuses_an_unknown_origin(void **state)
{
	struct parties *p = *state;
	struct message m;

	side_knows(&p->side[OUTSIDER], &p->side[HUB], "", NULL, "", "");
	side_knows(&p->side[OUTSIDER], &p->side[UNIT], "", NULL, "", "");
	m = parties_message(p, OUTSIDER, UNIT, "x");
	refuses(p, UNIT, HUB, &m, RECEIPT_UNKNOWN_SENDER);
}

static void refuses_an_origin_out_of_force(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, BANK, UNIT, "x");

	side_knows(
	    &p->side[UNIT], &p->side[BANK], "", "hub-1", "", "2026-10-14");
	refuses(p, UNIT, HUB, &m, RECEIPT_BAD_CERTIFICATE);
}

static void refuses_what_is_for_someone_else(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, UNIT, BANK, "x");

	/* the ward reaches the bank through the hub: routable there */
	side_forgets(&p->side[WARD], "9601");
	refuses(p, WARD, UNIT, &m, RECEIPT_UNKNOWN_RECIPIENT);
	/* a bank's table leads to the ward through the hub it came from */
	m = parties_message(p, UNIT, WARD, "x");
	refuses(p, BANK, HUB, &m, RECEIPT_UNKNOWN_RECIPIENT);
	/* it would go back to its maker, brought here by another */
	side_knows(&p->side[HUB], &p->side[BANK], "", "unit-1", "", "");
	m = parties_message(p, UNIT, BANK, "x");
	refuses(p, HUB, WARD, &m, RECEIPT_UNKNOWN_RECIPIENT);
}

static void refuses_an_expired_message_from_its_second_on(void **state)
{
	struct parties *p = *state;
	struct header h = parties_header(WARD, UNIT);
	struct buf answer = {0};
	struct message m;

	h.expires_us = NOW;
	m = parties_message_of(p, WARD, &h, "x");
	expect(parties_deliver(p, UNIT, WARD, &m, 1, NOW + 1, &answer),
	    ERR_NONE, NULL, NULL);
	assert_int_equal(
	    parties_code(&p->side[UNIT], buf_bytes(&answer)), RECEIPT_EXPIRED);
	accepts(p, UNIT, WARD, &m, &answer);
	buf_fini(&answer);
}

static void refuses_what_is_too_large(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "x");
	struct message big = m;

	big.header = BYTES(
	    arena_zero(&p->arena, GATE_HEADER_MAX + 1, 1), GATE_HEADER_MAX + 1);
	refuses(p, UNIT, WARD, &big, RECEIPT_TOO_LARGE);
	big = m;
	big.payload = BYTES(arena_zero(&p->arena, GATE_MESSAGE_MAX + 1, 1),
	    GATE_MESSAGE_MAX + 1);
	refuses(p, UNIT, WARD, &big, RECEIPT_TOO_LARGE);
}

static enum err_class receive(
    struct parties *p, struct bytes body, struct err *e)
{
	struct buf out = {0};
	size_t stored;
	enum err_class c = gate_receive(&p->side[UNIT].gate,
	    side_fingerprint(&p->side[WARD]), body, NOW, &out, &stored, e);

	if (c != ERR_NONE)
		assert_int_equal(out.n, 0);
	buf_fini(&out);
	return c;
}

static void refuses_a_broken_frame_whole(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "x");
	struct buf body = {0};
	char *before = parties_dump(&p->side[UNIT]);
	char *after;
	struct err e;

	gate_frame_put(&body, m.header, m.payload);
	for (size_t n = 0; n < body.n; n++)
		expect(receive(p, BYTES(body.p, n), &e), ERR_INPUT, &e,
		    "message.malformed");
	buf_byte(&body, 0);
	expect(receive(p, buf_bytes(&body), &e), ERR_INPUT, &e, NULL);
	buf_clear(&body);
	for (int i = 0; i <= GATE_BATCH; i++)
		gate_frame_put(&body, m.header, m.payload);
	expect(receive(p, buf_bytes(&body), &e), ERR_INPUT, &e, NULL);
	expect(receive(p, BYTES(body.p, GATE_BODY_MAX + 1), &e), ERR_LIMIT, &e,
	    "message.too_large");
	after = parties_dump(&p->side[UNIT]);
	assert_string_equal(before, after);
	free(before);
	free(after);
	buf_fini(&body);
}

static void gives_the_first_receipt_again_byte_for_byte(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "x");
	struct buf first = {0};
	struct buf again = {0};
	char *before;
	char *after;

	accepts(p, UNIT, WARD, &m, &first);
	before = parties_dump(&p->side[UNIT]);
	for (int i = 0; i < 3; i++) {
		/* also much later, when it has expired */
		expect(parties_deliver(
			   p, UNIT, WARD, &m, 1, NOW + i * 20 * HOUR, &again),
		    ERR_NONE, NULL, NULL);
		assert_true(bytes_eq(buf_bytes(&first), buf_bytes(&again)));
	}
	/* a second gate over the same database, as after a restart */
	gate_fini(&p->side[UNIT].gate);
	expect(parties_deliver(p, UNIT, WARD, &m, 1, NOW, &again), ERR_NONE,
	    NULL, NULL);
	assert_true(bytes_eq(buf_bytes(&first), buf_bytes(&again)));
	after = parties_dump(&p->side[UNIT]);
	assert_string_equal(before, after);
	free(before);
	free(after);
	buf_fini(&first);
	buf_fini(&again);
}

/* A second message under the first's id, signed by its true origin. */
static struct message same_id(
    struct parties *p, const struct message *m, const char *text)
{
	struct header h = parties_header(WARD, UNIT);
	uint64_t counter = p->counter;
	struct message other;

	/* ids come from the fixture's counter: set it back */
	for (p->counter = 0; p->counter < counter; p->counter++) {
		uint64_t at = p->counter;

		other = parties_message_of(p, WARD, &h, text);
		if (strcmp(other.h.id, m->h.id) == 0)
			break;
		p->counter = at;
	}
	assert_string_equal(other.h.id, m->h.id);
	assert_string_not_equal(other.digest, m->digest);
	p->counter = counter;
	return other;
}

static void proves_the_same_id_with_other_content(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "one");
	struct message other = same_id(p, &m, "two");
	struct buf answer = {0};
	struct receipt r;

	accepts(p, UNIT, WARD, &m, &answer);
	for (int i = 0; i < 3; i++) {
		expect(
		    parties_deliver(p, UNIT, WARD, &other, 1, NOW + i, &answer),
		    ERR_NONE, NULL, NULL);
		r = parties_receipt(&p->side[UNIT], buf_bytes(&answer));
		assert_int_equal(r.code, RECEIPT_DUPLICATE);
		assert_string_equal(r.digest, other.digest);
	}
	/* one message, its group, and one group as proof: not three */
	assert_int_equal(
	    parties_ask(&p->side[UNIT], "SELECT count(*) FROM message"), 1);
	assert_int_equal(
	    parties_ask(&p->side[UNIT], "SELECT count(*) FROM receipt_group"),
	    2);
	buf_fini(&answer);
}

static void takes_twins_of_one_batch_once(void **state)
{
	struct parties *p = *state;
	struct message m[3];
	struct buf answer = {0};
	struct buf lines = {0};
	struct receipt r[3];
	struct bytes rest;
	struct bytes group;
	struct err e;
	size_t n;

	m[0] = m[1] = parties_message(p, WARD, UNIT, "one");
	m[2] = same_id(p, &m[0], "two");
	expect(parties_deliver(p, UNIT, WARD, m, 3, NOW, &answer), ERR_NONE,
	    NULL, NULL);
	rest = buf_bytes(&answer);
	assert_true(gate_frame_take(&rest, SIZE_MAX, &group));
	assert_int_equal(rest.n, 0);
	OK(keys_verify(keys_certificate(p->side[UNIT].keys), group, &lines, &e),
	    &e);
	OK(receipt_parse(buf_bytes(&lines), r, 3, &n, &e), &e);
	assert_int_equal(n, 2);
	assert_int_equal(r[0].code, RECEIPT_ACCEPTED);
	assert_int_equal(r[1].code, RECEIPT_DUPLICATE);
	assert_int_equal(
	    parties_ask(&p->side[UNIT], "SELECT count(*) FROM inbox"), 1);
	buf_fini(&lines);
	buf_fini(&answer);
}

/* Good ones of a batch are kept beside bad ones (F1). */
static void keeps_the_good_ones_of_a_mixed_batch(void **state)
{
	struct parties *p = *state;
	struct message m[32];
	struct buf answer = {0};
	struct bytes rest;
	struct bytes group;
	unsigned char *bad;
	int groups = 0;

	for (int i = 0; i < 32; i++)
		m[i] = parties_message(p, WARD, UNIT, "x");
	expect(parties_deliver(p, UNIT, WARD, m, 2, NOW, &answer), ERR_NONE,
	    NULL, NULL);
	bad = arena_take(&p->arena, m[5].header.n);
	memcpy(bad, m[5].header.p, m[5].header.n);
	bad[m[5].header.n - 1] ^= 1;
	m[5].header.p = bad;
	expect(parties_deliver(p, UNIT, WARD, m, 32, NOW, &answer), ERR_NONE,
	    NULL, NULL);
	rest = buf_bytes(&answer);
	while (gate_frame_take(&rest, SIZE_MAX, &group))
		groups++;
	assert_int_equal(groups, 2); /* the first two's, and the new one */
	assert_int_equal(
	    parties_ask(&p->side[UNIT], "SELECT count(*) FROM inbox"), 31);
	assert_int_equal(
	    parties_ask(&p->side[UNIT], "SELECT count(*) FROM log"), 31);
	assert_int_equal(parties_ask(&p->side[UNIT],
			     "SELECT count(*) FROM inbox i JOIN receipt_group "
			     "g ON g.id = i.receipt"),
	    31);
	buf_fini(&answer);
}

/* E1: no commit, no receipt. */
static void gives_no_receipt_if_the_commit_fails(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "x");
	struct buf answer = {0};
	char *before;
	char *after;

	parties_sql(&p->side[UNIT], "CREATE TRIGGER full BEFORE INSERT ON log "
				    "BEGIN SELECT RAISE(ABORT, 'no'); END");
	before = parties_dump(&p->side[UNIT]);
	assert_int_not_equal(
	    parties_deliver(p, UNIT, WARD, &m, 1, NOW, &answer), ERR_NONE);
	assert_int_equal(answer.n, 0);
	after = parties_dump(&p->side[UNIT]);
	assert_string_equal(before, after);
	parties_sql(&p->side[UNIT], "DROP TRIGGER full");
	accepts(p, UNIT, WARD, &m, &answer);
	free(before);
	free(after);
	buf_fini(&answer);
}

static void logs_what_it_receives_by_file_or_message(void **state)
{
	struct parties *p = *state;
	struct header h = parties_header(UNIT, BANK);
	struct buf answer = {0};
	struct message m;

	(void)strcpy(h.file, "131041-001-9601-0001");
	(void)strcpy(h.institution, "9601");
	h.kind = KIND_REQUEST_FILE;
	m = parties_message_of(p, UNIT, &h, "x");
	accepts(p, HUB, UNIT, &m, &answer);
	assert_int_equal(
	    parties_ask(&p->side[HUB],
		"SELECT count(*) FROM log l JOIN log_object o USING (lane, "
		"seq) WHERE l.actor = 'gate' AND l.action = 'receive' AND "
		"o.kind = 'file' AND o.object = '131041-001-9601-0001' AND "
		"o.authority = '131041' AND l.records = 3"),
	    1);
	buf_fini(&answer);
}

struct opened {
	const struct side *side;
	const char *id;
	struct arena arena;
	struct message m;
	char ids[4][HEADER_ID];
	size_t waiting;
	enum inbox_state was;
};

static enum err_class look(struct store_tx *tx, void *arg, struct err *e)
{
	struct opened *o = arg;
	bool found;

	TRY(inbox_waiting(tx, 0, o->ids, NULL, 4, &o->waiting, e));
	TRY(message_load(tx, o->id, &o->arena, &o->m, &found, e));
	assert_true(found);
	return ERR_NONE;
}

static enum err_class finish(struct store_tx *tx, void *arg, struct err *e)
{
	struct opened *o = arg;

	return inbox_mark(tx, o->id, INBOX_DONE, "", &o->was, e);
}

static void opens_what_was_received_and_marks_it_once(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, WARD, UNIT, "秘密");
	struct opened o = {.side = &p->side[UNIT], .id = m.h.id};
	struct buf answer = {0};
	struct message checked;
	struct content c;
	struct err e;

	accepts(p, UNIT, WARD, &m, &answer);
	OK(store_read(o.side->store, look, &o, &e), &e);
	assert_int_equal(o.waiting, 1);
	assert_string_equal(o.ids[0], m.h.id);
	assert_string_equal(o.m.digest, m.digest);
	OK(message_check(o.side->peers, o.m.header, o.m.payload, &checked, &e),
	    &e);
	OK(message_open(o.side->keys, &checked, &o.arena, &c, &e), &e);
	assert_true(
	    bytes_eq(content_part(&c, "text"), text_bytes(text_z("秘密"))));
	assert_string_equal(
	    json_string_value(json_object_get(c.meta, "note")), "秘密");
	content_fini(&c);
	OK(store_run(o.side->store, finish, &o, &e), &e);
	assert_int_equal(o.was, INBOX_WAITING);
	OK(store_run(o.side->store, finish, &o, &e), &e);
	assert_int_equal(o.was, INBOX_DONE);
	OK(store_read(o.side->store, look, &o, &e), &e);
	assert_int_equal(o.waiting, 0);
	parties_sql(o.side, "UPDATE message SET payload = NULL");
	OK(store_read(o.side->store, look, &o, &e), &e);
	expect(message_open(o.side->keys, &o.m, &o.arena, &c, &e), ERR_INPUT,
	    &e, "message.dropped");
	arena_fini(&o.arena);
	buf_fini(&answer);
}

static void makes_no_message_that_a_gate_would_refuse(void **state)
{
	struct parties *p = *state;
	struct side *s = &p->side[WARD];
	struct content c = {0};
	struct message m;
	struct err e;
	struct header h = parties_header(WARD, UNIT);

	(void)strcpy(h.readers[0], "9699");
	expect(message_make(s->keys, s->peers, "131041", &h, &c, NOW,
		   &p->random, &p->arena, &m, &e),
	    ERR_INPUT, &e, "message.unknown_recipient");
	h = parties_header(WARD, UNIT);
	h.reader_count = 0;
	expect(message_make(s->keys, s->peers, "131041", &h, &c, NOW,
		   &p->random, &p->arena, &m, &e),
	    ERR_INPUT, &e, "message.unknown_recipient");
	h = parties_header(WARD, UNIT);
	(void)strcpy(h.file, "a/b");
	expect(message_make(s->keys, s->peers, "131041", &h, &c, NOW,
		   &p->random, &p->arena, &m, &e),
	    ERR_INPUT, &e, "message.malformed");
	h = parties_header(WARD, UNIT);
	content_add(&c, "file", BYTES(&c, CONTENT_MAX + 1));
	expect(message_make(s->keys, s->peers, "131041", &h, &c, NOW,
		   &p->random, &p->arena, &m, &e),
	    ERR_LIMIT, &e, "message.too_large");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    parties_test(closes_on_who_is_no_peer),
	    parties_test(closes_on_a_peer_removed_between_two_requests),
	    parties_test(closes_a_second_after_the_approved_period),
	    parties_test(refuses_an_unlisted_kind),
	    parties_test(refuses_a_kind_that_the_hop_may_not_carry),
	    parties_test(refuses_an_unknown_origin),
	    parties_test(refuses_an_origin_out_of_force),
	    parties_test(refuses_what_is_for_someone_else),
	    parties_test(refuses_an_expired_message_from_its_second_on),
	    parties_test(refuses_what_is_too_large),
	    parties_test(refuses_a_broken_frame_whole),
	    parties_test(gives_the_first_receipt_again_byte_for_byte),
	    parties_test(proves_the_same_id_with_other_content),
	    parties_test(takes_twins_of_one_batch_once),
	    parties_test(keeps_the_good_ones_of_a_mixed_batch),
	    parties_test(gives_no_receipt_if_the_commit_fails),
	    parties_test(logs_what_it_receives_by_file_or_message),
	    parties_test(opens_what_was_received_and_marks_it_once),
	    parties_test(makes_no_message_that_a_gate_would_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
