/* Tests of exchange/node.h, node_yaml.h, ca.h, check.h, firewall.h. */
#include "parties_fixture.h"

#include "exchange/ca.h"
#include "exchange/check.h"
#include "exchange/firewall.h"
#include "exchange/node_yaml.h"

#include <stdio.h>
#include <sys/stat.h>

#define HEAD                                                                    \
	"party: ward\ncode: \"131041\"\nname: 架空区\nlisten: 127.0.0.1:0\n" \
	"desk: 127.0.0.1:0\ndb: sqlite:shokai.db\n"

static void refused(const char *yaml, const char *code, long line, long column)
{
	char path[] = "N";
	struct node n = {.path = path};
	struct err e;

	expect(node_yaml_read(text_bytes(text_z(yaml)), &n, &e), ERR_INPUT, &e,
	    code);
	assert_string_equal(e.file, "node.yaml");
	assert_int_equal(e.line, line);
	assert_int_equal(e.column, column);
	assert_int_equal(e.level, ERR_FILE);
	arena_fini(&n.arena);
}

static void refuses_unknown_and_repeated_keys_at_their_place(void **state)
{
	(void)state;
	refused(HEAD "colour: blue\n", "node.unknown_key", 7, 1);
	refused(HEAD "code: \"131042\"\n", "node.repeated_key", 7, 1);
	refused(HEAD "links:\n  hub-1: direct\n  hub-1: folder\n",
	    "node.repeated_key", 9, 10);
	refused(HEAD "links: {}\nlinks: {}\n", "node.repeated_key", 8, 1);
	refused("party: ward\n", "node.missing_key", 1, 1);
}

static void refuses_values_at_their_place(void **state)
{
	(void)state;
	refused("party: king\n", "node.bad_value", 1, 8);
	refused("code: \"a b\"\n", "node.bad_value", 1, 7);
	refused("code: \"12345678901234567\"\n", "node.bad_value", 1, 7);
	refused("name: \"\"\n", "node.bad_value", 1, 7);
	refused("name: \"a\\0b\"\n", "node.syntax", 1, 7);
	refused("listen: 127.0.0.1\n", "node.bad_value", 1, 9);
	refused("listen: 127.0.0.1:65536\n", "node.bad_value", 1, 9);
	refused("desk: \"a/b:1\"\n", "node.bad_value", 1, 7);
	refused("test_clock: yes\n", "node.bad_value", 1, 13);
	refused("window: 0\n", "node.bad_value", 1, 9);
	refused("window: 10001\n", "node.bad_value", 1, 9);
	refused("batch_nice: 20\n", "node.bad_value", 1, 13);
	refused("window: -1\n", "node.bad_value", 1, 9);
	refused("expire_after_days: 3651\n", "node.bad_value", 1, 20);
	refused("service_from: \"24:01\"\n", "node.bad_value", 1, 15);
	refused("calendar: moon\n", "node.bad_value", 1, 11);
	refused("links:\n  hub-1: by-pigeon\n", "node.bad_value", 2, 10);
}

static void refuses_what_is_no_plain_mapping(void **state)
{
	(void)state;
	refused("", "node.syntax", 1, 1);
	refused("- a\n", "node.syntax", 1, 1);
	refused("party: [ward]\n", "node.syntax", 1, 8);
	refused("party: &a ward\n", "node.syntax", 1, 8);
	refused("party: *a\n", "node.syntax", 1, 8);
	refused("party: !!str ward\n", "node.syntax", 1, 8);
	refused("links: direct\n", "node.syntax", 1, 8);
	refused("links:\n  a: [b]\n", "node.syntax", 2, 6);
	refused(HEAD "---\nparty: ward\n", "node.syntax", 7, 1);
	refused("party: \"ward\n", "node.syntax", 2, 1);
}

static void refuses_too_many_links(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_z(&b, HEAD "links:\n");
	for (int i = 0; i <= NODE_LINKS; i++)
		buf_printf(&b, "  h%d: direct\n", i);
	buf_byte(&b, '\0');
	refused((const char *)b.p, "node.bad_value", 8 + NODE_LINKS, 8);
	buf_fini(&b);
}

static void reads_links_and_a_relative_database(void **state)
{
	static const char yaml[] = HEAD
	    "test_clock: true\nlinks:\n  hub-1: via-ward\n  hub-2: folder\n";
	char path[] = "somewhere/N";
	struct node n = {.path = path};
	struct err e;

	(void)state;
	OK(node_yaml_read(text_bytes(text_z(yaml)), &n, &e), &e);
	assert_string_equal(n.db, "sqlite:somewhere/N/shokai.db");
	assert_true(n.test_clock);
	assert_int_equal(node_link_of(&n, "hub-1"), LINK_VIA_WARD);
	assert_int_equal(node_link_of(&n, "hub-2"), LINK_FOLDER);
	assert_int_equal(node_link_of(&n, "hub-3"), LINK_DIRECT);
	arena_fini(&n.arena);
}

static void creates_nothing_where_something_is(void **state)
{
	struct parties *p = *state;
	struct node_init init = {
	    .party = STORE_WARD, .code = "131041", .name = "架空区"};
	char *before = parties_dump(&p->side[WARD]);
	char *after;
	struct err e;

	expect(node_create(p->side[WARD].path, &init, &e), ERR_INPUT, &e,
	    "node.not_empty");
	after = parties_dump(&p->side[WARD]);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void creates_nothing_from_bad_words(void **state)
{
	struct parties *p = *state;
	char *path = arena_printf(&p->arena, "%s/new", p->folder);
	struct node_init init = {
	    .party = STORE_WARD, .code = "13/1", .name = "架空区"};
	struct stat st;
	struct err e;

	expect(node_create(path, &init, &e), ERR_INPUT, &e, "node.code");
	init.code = "131041";
	init.name = "\xFF";
	expect(node_create(path, &init, &e), ERR_INPUT, &e, "node.name");
	init.name = "架空区\nparty: bank";
	expect(node_create(path, &init, &e), ERR_INPUT, &e, "node.name");
	init.name = "架空区";
	init.listen = "nowhere";
	expect(node_create(path, &init, &e), ERR_INPUT, &e, "node.address");
	init.listen = NULL;
	init.db = "mysql://localhost/x";
	expect(node_create(path, &init, &e), ERR_INPUT, &e, "store.url");
	assert_int_not_equal(stat(path, &st), 0);
}

static int mode_of(struct parties *p, const char *name)
{
	struct stat st;
	char *path = arena_printf(&p->arena, "%s/%s", p->folder, name);

	assert_int_equal(stat(path, &st), 0);
	return (int)(st.st_mode & 0777);
}

static void keeps_keys_to_the_owner_and_quotes_the_name(void **state)
{
	struct parties *p = *state;
	char *path = arena_printf(&p->arena, "%s/quoted", p->folder);
	struct node_init init = {.party = STORE_HUB,
	    .code = "hub-2",
	    .name = "\"架空\" \\ # : {ハブ}"};
	struct node n;
	struct err e;

	assert_int_equal(mode_of(p, "131041/keys"), 0700);
	assert_int_equal(mode_of(p, "131041/keys/node.key"), 0600);
	assert_int_equal(mode_of(p, "131041/keys/folder-password"), 0600);
	OK(node_create(path, &init, &e), &e);
	OK(node_load(path, &n, &e), &e);
	assert_string_equal(n.name, init.name);
	assert_string_equal(n.listen, "127.0.0.1:9443");
	assert_int_equal(n.party, STORE_HUB);
	node_fini(&n);
}

static void installs_no_certificate_of_another(void **state)
{
	struct parties *p = *state;
	struct buf other = parties_read(p, "unit-1/keys/node.crt");
	struct buf own = parties_read(p, "131041/keys/node.crt");
	struct buf ca = parties_read(p, "ca/ca.crt");
	const struct node *n = &p->side[WARD].node;
	struct ca_wish wish = {.from_us = NOW, .days = 1};
	struct buf csr = {0};
	struct buf crt = {0};
	struct err e;

	expect(node_install(n, buf_bytes(&other), buf_bytes(&ca), &e),
	    ERR_INPUT, &e, "node.bad_certificate");
	expect(node_install(n, buf_bytes(&own), buf_bytes(&other), &e),
	    ERR_INPUT, &e, "node.bad_certificate");
	/* the right code, another key */
	OK(keys_create(arena_printf(&p->arena, "%s/k", p->folder),
	       arena_printf(&p->arena, "%s/csr", p->folder), "131041", "x", &e),
	    &e);
	csr = parties_read(p, "csr");
	OK(ca_sign(arena_printf(&p->arena, "%s/ca", p->folder), buf_bytes(&csr),
	       &wish, &crt, &e),
	    &e);
	expect(node_install(n, buf_bytes(&crt), buf_bytes(&ca), &e), ERR_INPUT,
	    &e, "node.bad_certificate");
	OK(node_install(n, buf_bytes(&own), buf_bytes(&ca), &e), &e);
	buf_fini(&csr);
	buf_fini(&crt);
	buf_fini(&other);
	buf_fini(&own);
	buf_fini(&ca);
}

static void signs_requests_of_nodes_alone(void **state)
{
	struct parties *p = *state;
	char *ca = arena_printf(&p->arena, "%s/ca", p->folder);
	struct buf csr = parties_read(p, "unit-1/node.csr");
	struct ca_wish wish = {.from_us = NOW, .days = 1};
	struct buf out = {0};
	struct err e;

	expect(ca_sign(ca, BYTES("x", 1), &wish, &out, &e), ERR_INPUT, &e,
	    "ca.bad_request");
	wish.host[wish.hosts++] = "a,email:x@example";
	expect(ca_sign(ca, buf_bytes(&csr), &wish, &out, &e), ERR_INPUT, &e,
	    "ca.bad_host");
	wish.host[0] = "unit.example";
	wish.host[wish.hosts++] = "10.0.0.1";
	wish.host[wish.hosts++] = "2001:db8::1";
	OK(ca_sign(ca, buf_bytes(&csr), &wish, &out, &e), &e);
	parties_write(p, "c.pem", buf_bytes(&out));
	assert_int_equal(
	    parties_run(p,
		"openssl x509 -in c.pem -noout -ext subjectAltName,keyUsage,"
		"extendedKeyUsage -subject | tr -d '\\n' | grep 'DNS:localhost"
		", IP Address:127.0.0.1, DNS:unit.example, IP Address:10.0.0.1"
		", IP Address:2001:DB8:0:0:0:0:0:1' | grep 'Digital Signature"
		", Key Agreement' | grep 'Server Authentication, TLS Web "
		"Client' | grep 'shokai DEMO, not for production'"),
	    0);
	expect(ca_init(ca, NOW, &e), ERR_INPUT, &e, "ca.exists");
	buf_fini(&csr);
	buf_fini(&out);
}

static void revokes_what_it_signed_alone(void **state)
{
	struct parties *p = *state;
	char *ca = arena_printf(&p->arena, "%s/ca", p->folder);
	struct buf crt = parties_read(p, "unit-1/keys/node.crt");
	struct buf foreign;
	struct err e;

	OK(ca_revoke(ca, buf_bytes(&crt), NOW, &e), &e);
	OK(ca_revoke(ca, buf_bytes(&crt), NOW, &e), &e);
	assert_int_equal(
	    parties_run(p,
		"openssl crl -in ca/ca.crl -CAfile ca/ca.crt -noout -text "
		">crl && test $(grep -c 'Serial Number' crl) = 1"),
	    0);
	assert_int_equal(
	    parties_run(p,
		"openssl req -x509 -nodes -keyout k.pem -out c.pem -newkey ec "
		"-pkeyopt ec_paramgen_curve:P-256 -subj /CN=9601"),
	    0);
	foreign = parties_read(p, "c.pem");
	expect(ca_revoke(ca, buf_bytes(&foreign), NOW, &e), ERR_INPUT, &e,
	    "ca.not_ours");
	expect(ca_revoke(ca, BYTES("x", 1), NOW, &e), ERR_INPUT, &e,
	    "ca.not_ours");
	buf_fini(&foreign);
	buf_fini(&crt);
}

static void collect(void *ctx, const struct check_finding *f)
{
	buf_printf(ctx, "%s%s %s;", f->missing ? "!" : "", f->what, f->detail);
}

static void found(struct side *s, int64_t now_us, const char *what)
{
	struct buf all = {0};
	struct err e;

	OK(check_node(&s->node, s->peers, now_us, collect, &all, &e), &e);
	if (!text_is(buf_text(&all), what))
		fail_msg("%.*s", (int)all.n, (const char *)all.p);
	buf_fini(&all);
}

static void says_what_a_node_lacks(void **state)
{
	struct parties *p = *state;
	struct side *s = &p->side[HUB];

	found(s, NOW, "");
	found(&p->side[OUTSIDER], NOW, "!peers ;!layouts ;");
	side_knows(s, &p->side[BANK], "status", NULL, "", "2026-10-13");
	found(s, NOW, "!peer 9601 -2;");
	side_knows(s, &p->side[BANK], "status", NULL, "", "2026-12-13");
	found(s, NOW, "peer 9601 59;");
	side_knows(s, &p->side[BANK], "status", NULL, "", "2026-12-14");
	found(s, NOW, "");
	side_knows(s, &p->side[BANK], "status", "hub-9", "", "");
	found(s, NOW, "!peer 9601;");
	side_forgets(s, "9601");
	found(s, NOW + 310 * CLOCK_DAY,
	    "certificate 2027-10-14;peer 131041 54;peer unit-1 54;");
	assert_int_equal(parties_run(p, "rm hub-1/keys/node.crt"), 0);
	found(s, NOW, "!certificate ;");
}

static void prints_rules_for_direct_peers_in_force(void **state)
{
	struct parties *p = *state;
	struct buf rules = {0};

	side_knows(&p->side[WARD], &p->side[HUB], "status", NULL, "2026-01-01",
	    "2026-10-01");
	firewall_rules(p->side[WARD].peers, &p->side[WARD].node, NOW, &rules);
	buf_byte(&rules, '\0');
	assert_non_null(strstr((char *)rules.p,
	    "\t\tip saddr 127.0.0.1 tcp dport 9443 accept comment \"unit-1\""
	    "\n\t\ttcp dport 9443 drop\n"));
	assert_null(strstr((char *)rules.p, "hub-1"));
	assert_null(strstr((char *)rules.p, "9601"));
	assert_null(strstr((char *)rules.p, "dport 53"));
	buf_fini(&rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_unknown_and_repeated_keys_at_their_place),
	    cmocka_unit_test(refuses_values_at_their_place),
	    cmocka_unit_test(refuses_what_is_no_plain_mapping),
	    cmocka_unit_test(refuses_too_many_links),
	    cmocka_unit_test(reads_links_and_a_relative_database),
	    parties_test(creates_nothing_where_something_is),
	    parties_test(creates_nothing_from_bad_words),
	    parties_test(keeps_keys_to_the_owner_and_quotes_the_name),
	    parties_test(installs_no_certificate_of_another),
	    parties_test(signs_requests_of_nodes_alone),
	    parties_test(revokes_what_it_signed_alone),
	    parties_test(says_what_a_node_lacks),
	    parties_test(prints_rules_for_direct_peers_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
