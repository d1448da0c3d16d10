/* cmd_peer.c — `shokai peer add|list|remove|firewall`: the peer table. */
#include "audit/audit.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "cli/cli.h"
#include "exchange/firewall.h"
#include "exchange/peers_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define CERTIFICATE_MAX ((size_t)64 * 1024)

struct opened {
	struct node node;
	struct store *store;
	int64_t now_us;
};

static enum err_class open_node(
    const char *path, struct opened *o, struct err *e)
{
	*o = (struct opened){0};
	TRY(node_load(path, &o->node, e));
	TRY(node_now(&o->node, &o->now_us, e));
	return node_store(&o->node, &o->store, e);
}

static void close_node(struct opened *o)
{
	store_close(o->store);
	node_fini(&o->node);
}

/* One change of the table, and its entry in the log. */
struct change {
	const struct opened *on;
	const char *actor;
	const char *code;
	struct peer_new peer; /* code NULL: removed */
	bool was;
};

static enum err_class apply(struct store_tx *tx, void *arg, struct err *e)
{
	struct change *change = arg;
	const struct random_source random = {.fill = random_fill};
	char purpose[64];
	struct audit_entry entry = {
	    .actor = change->actor,
	    .action = "configure",
	    .kind = "peer",
	    .object = text_z(change->code),
	    .authority = "",
	    .purpose = purpose,
	    .records = 1,
	};

	(void)snprintf(purpose, sizeof(purpose), "peer %s uid %u",
	    change->peer.code ? "add" : "remove", (unsigned)getuid());
	if (change->peer.code != NULL)
		TRY(peers_put(tx, &change->peer, change->on->now_us, e));
	else
		TRY(peers_remove(tx, change->code, &change->was, e));
	if (change->peer.code == NULL && !change->was) {
		err_set(e, ERR_INPUT, "peer.unknown", "その接続先はありません",
		    "there is no such peer");
		return err_detail(e, "%s", change->code);
	}
	return audit_add(tx, &entry, change->on->now_us, &random, e);
}

static int change_table(struct cli *c, struct change *change)
{
	struct opened o;
	struct err e;
	enum err_class class = open_node(c->arg[0], &o, &e);

	change->on = &o;
	change->actor = c->as ? c->as : "owner";
	if (class == ERR_NONE)
		class = store_run(o.store, apply, change, &e);
	close_node(&o);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	if (c->json)
		cli_print(json_pack("{ss sb}", "code", change->code, "removed",
		    change->peer.code == NULL));
	else
		(void)printf("%s\n", change->code);
	return 0;
}

static const char *or_empty(const char *z)
{
	return z ? z : "";
}

/* FROM/TO: two days with a slash between; false without one. */
static bool split_period(struct cli *c, struct peer_new *p)
{
	const char *z = or_empty(cli_value(c, "approved"));
	size_t n = strcspn(z, "/");

	p->from = arena_copy(&c->arena, z, n);
	p->to = z[n] == '/' ? z + n + 1 : "";
	return z[0] == '\0' || z[n] == '/';
}

static int add(struct cli *c)
{
	struct change change = {.code = cli_value(c, "code")};
	struct peer_new *p = &change.peer;
	const char *party = cli_value(c, "party");
	const char *file = cli_value(c, "cert");
	struct certificate *certificate = NULL;
	struct buf in = {0};
	struct err e;
	enum err_class class;
	int exit_code;

	p->code = change.code;
	p->url = or_empty(cli_value(c, "url"));
	p->via = or_empty(cli_value(c, "via"));
	p->kinds = cli_value(c, "kinds");
	p->approval = or_empty(cli_value(c, "approval"));
	if (!split_period(c, p))
		return cli_usage(c, "--approved takes FROM/TO");
	if (p->code == NULL || party == NULL || file == NULL ||
	    p->kinds == NULL)
		return cli_usage(
		    c, "--code, --party, --cert and --kinds are needed");
	if (!node_party_named(text_z(party), &p->party))
		return cli_usage(c, "--party takes ward, unit, hub or bank");
	class = file_read(file, CERTIFICATE_MAX, &in, &e);
	if (class == ERR_NONE)
		class = certificate_parse(buf_bytes(&in), &certificate, &e);
	buf_fini(&in);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	p->certificate = certificate;
	p->only = cli_value(c, "only") != NULL;
	exit_code = change_table(c, &change);
	certificate_free(certificate);
	return exit_code;
}

const struct cli_command cmd_peer_add = {
    .words = "peer add",
    .args = "NODE",
    .help = "Adds a peer, or replaces it: who it is, by which certificate, "
	    "what it may send, how it is reached. Without --url and --via it "
	    "is reached by a folder link. The certificate it had before stays "
	    "pinned beside a new one until its end; --only drops it.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"code", "CODE", "its code, the certificate's CN"},
	{"party", "ward|unit|hub|bank", "what it is"},
	{"url", "URL", "https://HOST:PORT"},
	{"cert", "FILE", "its certificate (PEM or DER), pinned"},
	{"kinds", "LIST", "what it may send: subjects,request-file,…"},
	{"via", "CODE", "the peer through which it is reached"},
	{"approved", "FROM/TO", "the approved period (結合期間)"},
	{"approval", "TEXT", "the ground of the approval"},
	{"only", NULL, "drops the certificates it had before"}},
    .run = add,
};

static int remove_peer(struct cli *c)
{
	struct change change = {.code = c->arg[1]};

	return change_table(c, &change);
}

const struct cli_command cmd_peer_remove = {
    .words = "peer remove",
    .args = "NODE CODE",
    .help = "Removes a peer. Its next request is refused, on an open "
	    "connection too.",
    .args_min = 2,
    .args_max = 2,
    .run = remove_peer,
};

static enum err_class load(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_load(tx, arg, e);
}

static void print_peer(const struct cli *c, const struct peer *p, int64_t now)
{
	if (c->json) {
		cli_print(peers_show(p, now));
		return;
	}
	(void)printf("%-16s %-4s %-9s %5" PRId64 " %s%s%s\n", p->code,
	    node_party_name(p->party),
	    peers_in_force(p, now) ? (c->ja ? "有効" : "in force")
				   : (c->ja ? "期限外" : "ended"),
	    peers_days_left(p, now), p->url, p->via[0] ? " via " : "", p->via);
}

static int list(struct cli *c)
{
	struct opened o;
	struct peers *peers = NULL;
	struct err e;
	enum err_class class = open_node(c->arg[0], &o, &e);

	if (class == ERR_NONE)
		class = store_read(o.store, load, &peers, &e);
	for (size_t i = 0; class == ERR_NONE && i < peers_count(peers); i++)
		print_peer(c, peers_at(peers, i), o.now_us);
	peers_free(peers);
	close_node(&o);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_peer_list = {
    .words = "peer list",
    .args = "NODE",
    .help = "Lists the peer table: code, party, in force, days left, how it "
	    "is reached.",
    .args_min = 1,
    .args_max = 1,
    .run = list,
};

static int firewall(struct cli *c)
{
	struct opened o;
	struct peers *peers = NULL;
	struct buf rules = {0};
	struct err e;
	enum err_class class = open_node(c->arg[0], &o, &e);

	if (class == ERR_NONE)
		class = store_read(o.store, load, &peers, &e);
	if (class == ERR_NONE) {
		firewall_rules(peers, &o.node, o.now_us, &rules);
		if (c->json)
			cli_print(
			    json_pack("{ss%}", "rules", rules.p, rules.n));
		else
			(void)fwrite(rules.p, 1, rules.n, stdout);
	}
	buf_fini(&rules);
	peers_free(peers);
	close_node(&o);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_peer_firewall = {
    .words = "peer firewall",
    .args = "NODE",
    .help = "Prints nftables rules from the peer table: who may connect to "
	    "the gate, and whom the node may connect to.",
    .args_min = 1,
    .args_max = 1,
    .run = firewall,
};
