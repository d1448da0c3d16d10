/* Tests of a renewed certificate: exchange/peers.h, keys.h, node.h. */
#include "parties_fixture.h"

#include "base/file.h"
#include "exchange/ca.h"

#include <stdio.h>
#include <string.h>

#define HELLO BYTES("hello", 5)

/* The side gets a further certificate; its keys before, to be freed. */
static struct keys *renew(struct parties *p, enum side_name n)
{
	struct side *s = &p->side[n];
	struct ca_wish wish = {.from_us = NOW - CLOCK_DAY, .days = 730};
	struct keys *before = s->keys;
	struct buf csr = {0};
	struct buf crt = {0};
	struct buf ca = {0};
	struct err e;

	OK(file_read(
	       node_path(&s->node, &p->arena, "node.csr"), 65536, &csr, &e),
	    &e);
	OK(file_read(arena_printf(&p->arena, "%s/ca/ca.crt", p->folder), 65536,
	       &ca, &e),
	    &e);
	OK(ca_sign(arena_printf(&p->arena, "%s/ca", p->folder), buf_bytes(&csr),
	       &wish, &crt, &e),
	    &e);
	OK(node_install(&s->node, buf_bytes(&crt), buf_bytes(&ca), &e), &e);
	OK(keys_load(node_path(&s->node, &p->arena, "keys"), &s->keys, &e), &e);
	s->gate.keys = s->keys;
	buf_fini(&csr);
	buf_fini(&crt);
	buf_fini(&ca);
	return before;
}

static struct digest line_of(const struct keys *k)
{
	return certificate_fingerprint(keys_certificate(k));
}

/* What the unit's gate says to a message signed by those keys, given on the
 * line of that certificate; 0: nothing. */
static int said(
    struct parties *p, struct keys *signer, struct digest line, int64_t now_us)
{
	struct side *ward = &p->side[WARD];
	struct keys *was = ward->keys;
	struct message m;
	struct buf body = {0};
	struct buf out = {0};
	struct err e;
	size_t stored;
	int code = 0;

	ward->keys = signer;
	m = parties_message(p, WARD, UNIT, "text");
	ward->keys = was;
	gate_frame_put(&body, m.header, m.payload);
	if (gate_receive(&p->side[UNIT].gate, line, buf_bytes(&body), now_us,
		&out, &stored, &e) == ERR_NONE)
		code = parties_code(&p->side[UNIT], buf_bytes(&out));
	buf_fini(&body);
	buf_fini(&out);
	return code;
}

static void unit_knows_ward(struct parties *p)
{
	side_knows(&p->side[UNIT], &p->side[WARD], "status", NULL, "", "");
}

static void refuses_a_certificate_that_is_not_here_yet(void **state)
{
	struct parties *p = *state;
	struct keys *before = renew(p, WARD);
	struct keys *after = p->side[WARD].keys;

	assert_int_equal(said(p, before, line_of(after), NOW), 0);
	assert_int_equal(
	    said(p, after, line_of(before), NOW), RECEIPT_BAD_SIGNATURE);
	assert_false(
	    peers_names(peers_of(p->side[UNIT].peers, "131041"), HELLO));
	keys_free(before);
}

static void takes_both_until_the_former_ends(void **state)
{
	struct parties *p = *state;
	struct keys *before = renew(p, WARD);
	struct keys *after = p->side[WARD].keys;
	int64_t ended = certificate_to(keys_certificate(before)) + 1;

	unit_knows_ward(p);
	assert_int_equal(said(p, before, line_of(before), NOW), 100);
	assert_int_equal(said(p, before, line_of(after), NOW), 100);
	assert_int_equal(said(p, after, line_of(before), NOW), 100);
	assert_int_equal(said(p, after, line_of(after), NOW), 100);
	/* What it signed is on its way yet; its line is closed. */
	assert_int_equal(said(p, before, line_of(before), ended), 0);
	assert_int_equal(peers_pins(peers_of(p->side[UNIT].peers, "131041"),
			     ended, (struct digest[PEERS_PINS]){0}),
	    1);
	keys_free(before);
}

static enum err_class put_only(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_put(tx,
	    &(const struct peer_new){.code = "131041",
		.party = STORE_WARD,
		.url = "https://127.0.0.1:9443",
		.via = "",
		.kinds = "status",
		.from = "",
		.to = "",
		.approval = "",
		.certificate = keys_certificate(*(struct keys **)arg),
		.only = true},
	    NOW, e);
}

static void drops_the_former_where_that_is_said(void **state)
{
	struct parties *p = *state;
	struct keys *before = renew(p, WARD);
	struct keys *after = p->side[WARD].keys;
	struct err e;

	unit_knows_ward(p);
	OK(store_run(p->side[UNIT].store, put_only, &after, &e), &e);
	assert_int_equal(said(p, before, line_of(before), NOW), 0);
	assert_int_equal(
	    said(p, before, line_of(after), NOW), RECEIPT_BAD_SIGNATURE);
	assert_int_equal(said(p, after, line_of(after), NOW), 100);
	keys_free(before);
}

static void keeps_a_few_and_none_of_who_is_removed(void **state)
{
	struct parties *p = *state;
	struct side *unit = &p->side[UNIT];

	for (int i = 0; i < PEERS_FORMER + 2; i++) {
		keys_free(renew(p, WARD));
		unit_knows_ward(p);
	}
	assert_int_equal(parties_ask(unit, "SELECT count(*) FROM peer_former"),
	    PEERS_FORMER);
	/* The same again replaces nothing. */
	unit_knows_ward(p);
	assert_int_equal(parties_ask(unit, "SELECT count(*) FROM peer_former"),
	    PEERS_FORMER);
	side_forgets(unit, "131041");
	assert_int_equal(
	    parties_ask(unit, "SELECT count(*) FROM peer_former"), 0);
}

static void opens_and_verifies_what_the_former_had(void **state)
{
	struct parties *p = *state;
	const struct certificate *reader = keys_certificate(p->side[WARD].keys);
	struct buf sealed = {0};
	struct buf signed_by = {0};
	struct buf out = {0};
	struct keys *before;
	struct err e;

	OK(keys_close(&reader, 1, HELLO, &sealed, &e), &e);
	OK(keys_sign(p->side[WARD].keys, HELLO, &signed_by, &e), &e);
	before = renew(p, WARD);
	OK(keys_open(p->side[WARD].keys, buf_bytes(&sealed), 100, &out, &e),
	    &e);
	assert_true(bytes_eq(buf_bytes(&out), HELLO));
	buf_clear(&out);
	OK(keys_verify_own(p->side[WARD].keys, buf_bytes(&signed_by), &out, &e),
	    &e);
	assert_true(bytes_eq(buf_bytes(&out), HELLO));
	buf_clear(&out);
	/* It does not know what it will be. */
	reader = keys_certificate(p->side[WARD].keys);
	buf_clear(&sealed);
	OK(keys_close(&reader, 1, HELLO, &sealed, &e), &e);
	expect(keys_open(before, buf_bytes(&sealed), 100, &out, &e), ERR_DENIED,
	    &e, "message.not_for_us");
	buf_fini(&sealed);
	buf_fini(&signed_by);
	buf_fini(&out);
	keys_free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    parties_test(refuses_a_certificate_that_is_not_here_yet),
	    parties_test(takes_both_until_the_former_ends),
	    parties_test(drops_the_former_where_that_is_said),
	    parties_test(keeps_a_few_and_none_of_who_is_removed),
	    parties_test(opens_and_verifies_what_the_former_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
