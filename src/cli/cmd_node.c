/* cmd_node.c — `shokai node init|cert|check`: a node's folder. */
#include "base/file.h"
#include "cli/cli_node.h"
#include "exchange/check.h"
#include "exchange/node.h"

#include <inttypes.h>
#include <stdio.h>

#define CERTIFICATE_MAX ((size_t)64 * 1024)

static int init(struct cli *c)
{
	const char *db = cli_value(c, "db");
	const char *party = cli_value(c, "party");
	struct node_init i = {
	    .code = cli_value(c, "code"),
	    .name = cli_value(c, "name"),
	    .listen = cli_value(c, "listen"),
	    .desk = cli_value(c, "desk"),
	    .db = db,
	};
	struct err e;

	if (party == NULL || i.code == NULL || i.name == NULL)
		return cli_usage(c, "--party, --code and --name are needed");
	if (!node_party_named(text_z(party), &i.party))
		return cli_usage(c, "--party takes ward, unit, hub or bank");
	if (node_create(c->arg[0], &i, &e) != ERR_NONE)
		return cli_fail(c, &e);
	if (c->json)
		cli_print(json_pack("{ss ss ss so}", "node", c->arg[0], "party",
		    party, "code", i.code, "csr",
		    json_sprintf("%s/node.csr", c->arg[0])));
	else
		(void)printf(c->ja ? "%s を作りました。証明書の要求は "
				     "%s/node.csr です\n"
				   : "%s is made; its certificate request is "
				     "%s/node.csr\n",
		    c->arg[0], c->arg[0]);
	return 0;
}

const struct cli_command cmd_node_init = {
    .words = "node init",
    .args = "NODE",
    .help = "Makes a node's folder: node.yaml, keys, certificate request, "
	    "database. The folder must be empty or not exist.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"party", "ward|unit|hub|bank", "what it is"},
	{"code", "CODE", "its code, the certificate's CN"},
	{"name", "NAME", "its name, at most 64 characters"},
	{"db", "URL",
	    "its database: sqlite, or an empty one, postgresql://… [sqlite]"},
	{"listen", "HOST:PORT", "where peers connect [127.0.0.1:9443]"},
	{"desk", "HOST:PORT", "where officers connect [127.0.0.1:9444]"}},
    .run = init,
};

static enum err_class install(struct cli *c, const char *cert, const char *ca,
    struct node *n, struct err *e)
{
	struct buf certificate = {0};
	struct buf authority = {0};
	enum err_class class = node_load(c->arg[0], n, e);

	if (class == ERR_NONE)
		class = file_read(cert, CERTIFICATE_MAX, &certificate, e);
	if (class == ERR_NONE)
		class = file_read(ca, CERTIFICATE_MAX, &authority, e);
	if (class == ERR_NONE)
		class = node_install(
		    n, buf_bytes(&certificate), buf_bytes(&authority), e);
	buf_fini(&certificate);
	buf_fini(&authority);
	return class;
}

static int cert(struct cli *c)
{
	const char *certificate = cli_value(c, "cert");
	const char *ca = cli_value(c, "ca");
	struct node n = {0};
	struct err e;
	enum err_class class;

	if (certificate == NULL || ca == NULL)
		return cli_usage(c, "--cert and --ca are needed");
	class = install(c, certificate, ca, &n, &e);
	if (class == ERR_NONE) {
		if (c->json)
			cli_print(json_pack(
			    "{ss ss}", "node", c->arg[0], "code", n.code));
		else
			(void)printf(c->ja ? "%s に証明書を入れました\n"
					   : "%s has its certificate\n",
			    c->arg[0]);
	}
	node_fini(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_node_cert = {
    .words = "node cert",
    .args = "NODE",
    .help = "Installs the node's certificate and its authority's.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"cert", "FILE", "the certificate (PEM)"},
	{"ca", "FILE", "the authority's certificate (PEM)"}},
    .run = cert,
};

struct report {
	struct cli *c;
	json_t *findings;
	bool missing;
};

static void report_finding(void *ctx, const struct check_finding *f)
{
	struct report *r = ctx;

	r->missing = r->missing || f->missing;
	if (!r->c->json)
		(void)printf("%s %s: %s%s%s\n",
		    f->missing ? (r->c->ja ? "不足" : "missing")
			       : (r->c->ja ? "注意" : "warning"),
		    f->what, r->c->ja ? f->ja : f->en, f->detail[0] ? ": " : "",
		    f->detail);
	(void)json_array_append_new(
	    r->findings, json_pack("{ss ss ss ss ss}", "what", f->what, "level",
			     f->missing ? "missing" : "warning", "detail",
			     f->detail, "ja", f->ja, "en", f->en));
}

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_load(tx, arg, e);
}

static enum err_class check(
    const char *path, struct report *r, struct node *n, struct err *e)
{
	struct store *s = NULL;
	struct peers *peers = NULL;
	int64_t now_us = 0;
	enum err_class class = node_load(path, n, e);

	if (class == ERR_NONE)
		class = node_now(n, &now_us, e);
	if (class == ERR_NONE)
		class = node_store(n, &s, e);
	if (class == ERR_NONE)
		class = store_read(s, load_peers, &peers, e);
	if (class == ERR_NONE)
		class = check_node(n, peers, now_us, report_finding, r, e);
	peers_free(peers);
	store_close(s);
	return class;
}

static int check_command(struct cli *c)
{
	struct report r = {.c = c, .findings = json_array()};
	struct node n = {0};
	struct err e;
	enum err_class class = check(c->arg[0], &r, &n, &e);

	if (class != ERR_NONE) {
		json_decref(r.findings);
		node_fini(&n);
		return cli_fail(c, &e);
	}
	if (c->json)
		cli_print(json_pack("{ss ss ss sb so}", "node", c->arg[0],
		    "party", node_party_name(n.party), "code", n.code, "ok",
		    !r.missing, "findings", r.findings));
	else
		json_decref(r.findings);
	if (!c->json && !r.missing)
		(void)puts(c->ja ? "不足はありません" : "nothing is missing");
	node_fini(&n);
	return r.missing ? 1 : 0;
}

const struct cli_command cmd_node_check = {
    .words = "node check",
    .args = "NODE",
    .help = "Says what the node lacks before it can serve, and what will end "
	    "within 60 days.",
    .args_min = 1,
    .args_max = 1,
    .run = check_command,
};

static int upgrade_command(struct cli *c)
{
	struct err e;
	char version[16];

	if (cli_node_upgrade(c->arg[0], &e) != ERR_NONE)
		return cli_fail(c, &e);
	(void)snprintf(version, sizeof(version), "%d", store_schema_version());
	cli_word(c, "schema", version);
	return 0;
}

const struct cli_command cmd_node_upgrade = {
    .words = "node upgrade",
    .args = "NODE",
    .help = "Brings the node's database to this program's schema, one version "
	    "in each transaction; prints the version. Nothing else may serve "
	    "the node meanwhile. There is no way back but an older copy.",
    .args_min = 1,
    .args_max = 1,
    .run = upgrade_command,
};
