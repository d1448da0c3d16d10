/* Tests of exchange/peers.h. */
#include "parties_fixture.h"

#include <stdio.h>

static enum err_class put_peer(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_put(tx, arg, NOW, e);
}

static void refused(
    struct parties *p, const struct peer_new *peer, const char *code)
{
	struct peer_new copy = *peer;
	struct err e;

	expect(store_run(p->side[HUB].store, put_peer, &copy, &e), ERR_INPUT,
	    &e, code);
}

static void refuses_rows_that_mean_nothing(void **state)
{
	struct parties *p = *state;
	const struct peer_new good = {
	    .code = "9601",
	    .party = STORE_BANK,
	    .url = "https://bank.example:9443",
	    .via = "",
	    .kinds = "status",
	    .from = "",
	    .to = "",
	    .approval = "",
	    .certificate = keys_certificate(p->side[BANK].keys),
	};
	char *before = parties_dump(&p->side[HUB]);
	struct peer_new bad = good;
	char *after;

	bad.code = "9602";
	refused(p, &bad, "peer.certificate");
	bad.code = "96/1";
	refused(p, &bad, "peer.code");
	bad = good;
	bad.kinds = "status,letters";
	refused(p, &bad, "peer.kinds");
	bad.kinds = "status,";
	refused(p, &bad, "peer.kinds");
	bad = good;
	bad.via = "9601";
	refused(p, &bad, "peer.via");
	bad = good;
	bad.from = "2026-04-01";
	bad.to = "2026-03-31";
	refused(p, &bad, "peer.period");
	bad.to = "2026-02-30";
	refused(p, &bad, "peer.period");
	after = parties_dump(&p->side[HUB]);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void refuses_urls_that_could_say_more(void **state)
{
	static const char *const bad[] = {"", "http://a:1", "https://",
	    "https://:9443", "https://a:0", "https://a:65536", "https://a:b",
	    "https://a/path", "https://a b", "https://a;drop", "https://user@a",
	    "https://a?x", "https://-a", "https://[::1", "https://[::g]",
	    "https://a:1:2", "https://[]:1"};
	struct text host;
	int64_t port;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (peers_url(bad[i], &host, &port))
			fail_msg("accepted: %s", bad[i]);
	assert_true(peers_url("https://a.example", &host, &port));
	assert_int_equal(port, 443);
	assert_true(peers_url("https://[2001:db8::1]:9443/", &host, &port));
	assert_int_equal(port, 9443);
	assert_true(text_is(host, "[2001:db8::1]"));
	assert_true(peers_url("https://[2001:db8::1]", &host, &port));
	assert_int_equal(port, 443);
}

static void follows_via_but_not_in_circles(void **state)
{
	struct parties *p = *state;
	struct side *s = &p->side[UNIT];

	assert_string_equal(peers_next_hop(s->peers, "9601")->code, "hub-1");
	assert_string_equal(peers_next_hop(s->peers, "hub-1")->code, "hub-1");
	assert_null(peers_next_hop(s->peers, "9699"));
	assert_string_equal(peers_hub_of(s->peers, "9601"), "hub-1");
	assert_string_equal(peers_hub_of(s->peers, "hub-1"), "");
	assert_string_equal(peers_hub_of(s->peers, "9699"), "");
	/* via the ward: the bank behind the hub, the hub behind the ward */
	side_knows(s, &p->side[HUB], "status", "131041", "", "");
	assert_string_equal(peers_next_hop(s->peers, "9601")->code, "131041");
	assert_string_equal(peers_hub_of(s->peers, "9601"), "hub-1");
	side_knows(s, &p->side[WARD], "status", "hub-1", "", "");
	assert_null(peers_next_hop(s->peers, "9601"));
	assert_null(peers_next_hop(s->peers, "131041"));
	assert_string_equal(peers_hub_of(s->peers, "9601"), "hub-1");
}

static bool in_force(struct parties *p, int64_t at)
{
	return peers_in_force(peers_of(p->side[HUB].peers, "9601"), at);
}

static void is_in_force_from_the_first_second_to_the_last(void **state)
{
	struct parties *p = *state;
	struct date from = {2026, 10, 15};
	struct date after = {2026, 10, 21};
	int64_t begin = clock_of_date(from);
	int64_t end = clock_of_date(after);

	side_knows(&p->side[HUB], &p->side[BANK], "status", NULL, "2026-10-15",
	    "2026-10-20");
	assert_false(in_force(p, begin - CLOCK_SECOND));
	assert_true(in_force(p, begin));
	assert_true(in_force(p, end - CLOCK_SECOND));
	assert_false(in_force(p, end));
	/* the certificate's own dates */
	side_knows(&p->side[HUB], &p->side[BANK], "status", NULL, "", "");
	assert_false(in_force(p, NOW - CLOCK_DAY - CLOCK_SECOND));
	assert_true(in_force(p, NOW - CLOCK_DAY));
	assert_true(in_force(p, NOW + 364 * CLOCK_DAY));
	assert_false(in_force(p, NOW + 364 * CLOCK_DAY + CLOCK_SECOND));
}

static enum err_class stamp(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_stamp(tx, arg, e);
}

static void changes_its_stamp_with_every_change(void **state)
{
	struct parties *p = *state;
	struct side *s = &p->side[HUB];
	char was[PEERS_STAMP];
	char is[PEERS_STAMP];
	struct err e;

	OK(store_read(s->store, stamp, was, &e), &e);
	OK(store_read(s->store, stamp, is, &e), &e);
	assert_string_equal(was, is);
	side_knows(s, &p->side[BANK], "status", NULL, "", "");
	OK(store_read(s->store, stamp, is, &e), &e);
	assert_string_not_equal(was, is);
	side_forgets(s, "9601");
	OK(store_read(s->store, stamp, was, &e), &e);
	assert_string_not_equal(was, is);
}

static void finds_by_code_and_by_certificate(void **state)
{
	struct parties *p = *state;
	const struct peers *peers = p->side[HUB].peers;

	assert_int_equal(peers_count(peers), 3);
	assert_string_equal(
	    peers_of_certificate(peers, side_fingerprint(&p->side[BANK]))->code,
	    "9601");
	assert_null(
	    peers_of_certificate(peers, side_fingerprint(&p->side[OUTSIDER])));
	assert_null(peers_of(peers, "hub-1"));
	assert_null(peers_of(peers, ""));
	assert_null(peers_of(p->side[OUTSIDER].peers, "9601"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    parties_test(refuses_rows_that_mean_nothing),
	    cmocka_unit_test(refuses_urls_that_could_say_more),
	    parties_test(follows_via_but_not_in_circles),
	    parties_test(is_in_force_from_the_first_second_to_the_last),
	    parties_test(changes_its_stamp_with_every_change),
	    parties_test(finds_by_code_and_by_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
