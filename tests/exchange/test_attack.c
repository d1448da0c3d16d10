/* What a dishonest hub tries: it knows everybody, everybody knows it, and
 * every message between unit and bank passes through it (S2). Each attempt
 * leaves every table as it was. */
#include "parties_fixture.h"

#include "exchange/keys_internal.h"
#include "exchange/signed_data.h"

#include <stdio.h>

/* The code with which at refuses what the hub delivers, or 0: accepted. */
static int tried(struct parties *p, enum side_name at, const struct message *m)
{
	struct buf answer = {0};
	char *before = parties_dump(&p->side[at]);
	char *after;
	int code;

	expect(parties_deliver(p, at, HUB, m, 1, NOW, &answer), ERR_NONE, NULL,
	    NULL);
	code = parties_code(&p->side[at], buf_bytes(&answer));
	after = parties_dump(&p->side[at]);
	if (code == RECEIPT_ACCEPTED)
		assert_string_not_equal(before, after);
	else
		assert_string_equal(before, after);
	free(before);
	free(after);
	buf_fini(&answer);
	return code == RECEIPT_ACCEPTED ? 0 : code;
}

static struct bytes copy(struct parties *p, struct bytes b)
{
	return bytes_dup(&p->arena, b);
}

static void flip(struct bytes b, size_t at, int bit)
{
	unsigned char *p;

	memcpy(&p, &b.p, sizeof(p)); /* our own copy */
	p[at] ^= (unsigned char)(1 << bit);
}

static void cannot_change_one_bit(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, BANK, UNIT, "回答");

	m.header = copy(p, m.header);
	m.payload = copy(p, m.payload);
	for (size_t i = 0; i < m.header.n; i++) {
		flip(m.header, i, (int)(i % 8));
		assert_int_not_equal(tried(p, UNIT, &m), 0);
		flip(m.header, i, (int)(i % 8));
	}
	for (size_t i = 0; i < m.payload.n; i++) {
		flip(m.payload, i, (int)(i % 8));
		assert_int_equal(tried(p, UNIT, &m), RECEIPT_MALFORMED);
		flip(m.payload, i, (int)(i % 8));
	}
	assert_int_equal(tried(p, UNIT, &m), 0); /* the test can fail */
}

static void cannot_cut_or_lengthen(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, BANK, UNIT, "回答");
	struct message cut = m;
	struct buf longer = {0};

	for (size_t n = 0; n < m.header.n; n += 3) {
		cut.header.n = n;
		assert_int_equal(tried(p, UNIT, &cut), RECEIPT_MALFORMED);
	}
	cut = m;
	for (size_t n = 0; n < m.payload.n; n += 7) {
		cut.payload.n = n;
		assert_int_equal(tried(p, UNIT, &cut), RECEIPT_MALFORMED);
	}
	buf_add(&longer, m.payload.p, m.payload.n);
	buf_byte(&longer, 0);
	cut.payload = buf_bytes(&longer);
	assert_int_equal(tried(p, UNIT, &cut), RECEIPT_MALFORMED);
	buf_fini(&longer);
}

/* A header in the bank's name, signed by the hub. */
static void cannot_forge_an_origin(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, BANK, UNIT, "回答");
	struct bytes json;
	struct buf forged = {0};
	struct err e;

	OK(keys_peek(m.header, &json, &e), &e);
	OK(keys_sign(p->side[HUB].keys, json, &forged, &e), &e);
	m.header = buf_bytes(&forged);
	assert_int_equal(tried(p, UNIT, &m), RECEIPT_BAD_SIGNATURE);
	buf_fini(&forged);
}

/* The hub's own signature under the bank's name as signer. */
static void cannot_borrow_a_name(void **state)
{
	struct parties *p = *state;
	const struct certificate *bank = keys_certificate(p->side[BANK].keys);
	struct message m = parties_message(p, BANK, UNIT, "回答");
	struct bytes json;
	struct bytes content;
	struct bytes signature;
	struct buf forged = {0};
	struct buf spliced = {0};
	struct err e;

	OK(keys_peek(m.header, &json, &e), &e);
	OK(keys_sign(p->side[HUB].keys, json, &forged, &e), &e);
	assert_true(
	    signed_data_split(buf_bytes(&forged), &content, &signature));
	signed_data_write(buf_bytes(&bank->issuer), buf_bytes(&bank->serial),
	    content, signature, &spliced);
	m.header = buf_bytes(&spliced);
	assert_int_equal(tried(p, UNIT, &m), RECEIPT_BAD_SIGNATURE);
	buf_fini(&forged);
	buf_fini(&spliced);
}

/* Header fields changed, signed anew: as the bank (impossible), or under the
 * hub's own name around the bank's sealed payload. */
static void cannot_sign_a_stolen_payload_as_its_own(void **state)
{
	struct parties *p = *state;
	struct side *hub = &p->side[HUB];
	struct side *unit = &p->side[UNIT];
	struct message m = parties_message(p, BANK, UNIT, "回答");
	struct message stolen = m;
	struct message checked;
	struct content c;
	struct buf json = {0};
	struct buf cms = {0};
	struct err e;

	(void)strcpy(stolen.h.origin, "hub-1");
	header_write(&stolen.h, &json);
	OK(keys_sign(hub->keys, buf_bytes(&json), &cms, &e), &e);
	/* A rightful message of the hub as far as the gate can see; whoever
	 * opens it finds another header inside. */
	OK(message_check(unit->peers, buf_bytes(&cms), m.payload, &checked, &e),
	    &e);
	expect(message_open(unit->keys, &checked, &p->arena, &c, &e),
	    ERR_DENIED, &e, "message.bad_signature");
	assert_null(c.meta);
	buf_fini(&json);
	buf_fini(&cms);
}

static void cannot_swap_payloads_between_headers(void **state)
{
	struct parties *p = *state;
	struct message a = parties_message(p, BANK, UNIT, "甲");
	struct message b = parties_message(p, BANK, UNIT, "乙");
	struct message swapped = a;

	swapped.payload = b.payload;
	assert_int_equal(tried(p, UNIT, &swapped), RECEIPT_MALFORMED);
	swapped = b;
	swapped.payload = a.payload;
	assert_int_equal(tried(p, UNIT, &swapped), RECEIPT_MALFORMED);
	swapped.payload = BYTES("", 0);
	assert_int_equal(tried(p, UNIT, &swapped), RECEIPT_MALFORMED);
}

/* Each field that the origin signed stands inside the seal too. */
static void cannot_redirect_by_any_inner_field(void **state)
{
	struct parties *p = *state;
	struct side *bank = &p->side[BANK];
	struct message m = parties_message(p, BANK, UNIT, "回答");
	struct header change[7];
	struct content c;
	struct err e;

	for (int i = 0; i < 7; i++)
		change[i] = m.h;
	(void)strcpy(change[0].authority, "131059");
	change[1].wave = 2;
	(void)strcpy(change[2].institution, "9602");
	(void)strcpy(change[3].file, "131041-001-9601-0002");
	change[4].kind = KIND_ANSWER_FILE;
	change[5].records = 4;
	change[6].id[0] = change[6].id[0] == '0' ? '1' : '0';
	(void)bank;
	for (int i = 0; i < 7; i++) {
		struct message other = m;

		other.h = change[i];
		expect(
		    message_open(p->side[UNIT].keys, &other, &p->arena, &c, &e),
		    ERR_DENIED, &e, "message.bad_signature");
	}
	OK(message_open(p->side[UNIT].keys, &m, &p->arena, &c, &e), &e);
	content_fini(&c);
}

static void cannot_read_what_it_carries(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, BANK, UNIT, "回答");
	struct content c;
	struct err e;

	expect(message_open(p->side[HUB].keys, &m, &p->arena, &c, &e),
	    ERR_DENIED, &e, "message.not_for_us");
}

static void cannot_deliver_twice(void **state)
{
	struct parties *p = *state;
	struct message m = parties_message(p, BANK, UNIT, "回答");
	struct buf first = {0};
	struct buf again = {0};
	char *before;
	char *after;

	expect(parties_deliver(p, UNIT, HUB, &m, 1, NOW, &first), ERR_NONE,
	    NULL, NULL);
	before = parties_dump(&p->side[UNIT]);
	for (int i = 0; i < 5; i++) {
		expect(parties_deliver(
			   p, UNIT, HUB, &m, 1, NOW + i * 30 * HOUR, &again),
		    ERR_NONE, NULL, NULL);
		assert_true(bytes_eq(buf_bytes(&first), buf_bytes(&again)));
	}
	/* by another way too */
	expect(parties_deliver(p, UNIT, WARD, &m, 1, NOW, &again), ERR_NONE,
	    NULL, NULL);
	after = parties_dump(&p->side[UNIT]);
	assert_string_equal(before, after);
	free(before);
	free(after);
	buf_fini(&first);
	buf_fini(&again);
}

/* Under a right header the hub hides a bomb: only a rightful reader's own
 * peer could make one, and it takes no memory. */
static void cannot_make_a_reader_unpack_a_bomb(void **state)
{
	static const unsigned char bomb[] = {
	    0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0};
	struct parties *p = *state;
	struct side *hub = &p->side[HUB];
	const struct certificate *reader = keys_certificate(p->side[UNIT].keys);
	struct message m = parties_message(p, HUB, UNIT, "x");
	struct buf payload = {0};
	struct buf json = {0};
	struct buf header = {0};
	struct arena a = {0};
	struct message checked;
	struct content c;
	struct err e;

	OK(keys_close(&reader, 1, BYTES(bomb, sizeof(bomb)), &payload, &e), &e);
	digest_hex(digest_one(buf_bytes(&payload)), m.h.payload);
	header_write(&m.h, &json);
	OK(keys_sign(hub->keys, buf_bytes(&json), &header, &e), &e);
	OK(message_check(p->side[UNIT].peers, buf_bytes(&header),
	       buf_bytes(&payload), &checked, &e),
	    &e);
	expect(message_open(p->side[UNIT].keys, &checked, &a, &c, &e),
	    ERR_LIMIT, &e, "message.too_large");
	assert_int_equal(a.held, 0);
	buf_fini(&payload);
	buf_fini(&json);
	buf_fini(&header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    parties_test(cannot_change_one_bit),
	    parties_test(cannot_cut_or_lengthen),
	    parties_test(cannot_forge_an_origin),
	    parties_test(cannot_borrow_a_name),
	    parties_test(cannot_sign_a_stolen_payload_as_its_own),
	    parties_test(cannot_swap_payloads_between_headers),
	    parties_test(cannot_redirect_by_any_inner_field),
	    parties_test(cannot_read_what_it_carries),
	    parties_test(cannot_deliver_twice),
	    parties_test(cannot_make_a_reader_unpack_a_bomb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
