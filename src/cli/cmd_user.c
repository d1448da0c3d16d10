/* cmd_user.c — `shokai user add|list|lock`: users and appointments. */
#include "api/session.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/cli_node.h"
#include "parties/ward_user.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_FILE_MAX 4096

/* Only the owner of the node's folder manages its users. */
static enum err_class open_own(struct cli *c, struct cli_node *n, struct err *e)
{
	struct stat st;

	TRY(cli_node_open(c, c->arg[0], -1, 0, n, e));
	if (stat(n->node.path, &st) != 0)
		return err_errno(e, "stat");
	if (st.st_uid != geteuid())
		return err_set(e, ERR_DENIED, "user.owner",
		    "ノードのフォルダの所有者だけができます",
		    "only for the owner of the node's folder");
	return ERR_NONE;
}

static enum err_class read_password(
    struct cli *c, struct buf *out, struct err *e)
{
	const char *path = cli_value(c, "password-file");

	if (path == NULL)
		return ERR_NONE;
	TRY(file_read(path, PASSWORD_FILE_MAX, out, e));
	while (out->n > 0 &&
	       (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
		out->n--;
	return out->n > 0 ? ERR_NONE
			  : err_set(e, ERR_INPUT, "user.password",
				"パスワードのファイルが空です",
				"the password file is empty");
}

static enum err_class fill(
    struct cli *c, struct cli_node *n, struct ward_user *u, struct err *e)
{
	const char *role = cli_value(c, "role");
	const char *appointment = cli_value(c, "appointment");
	const char *until = cli_value(c, "until");

	TRY(ward_user_roles(
	    n->node.party, text_z(role ? role : ""), &u->roles, e));
	if (strlen(c->arg[1]) >= sizeof(u->name))
		return err_set(e, ERR_INPUT, "user.name",
		    "利用者名が長すぎます", "the name is too long");
	(void)snprintf(u->name, sizeof(u->name), "%s", c->arg[1]);
	u->until = ward_user_year_end(clock_date(n->context.now_us));
	if (until != NULL && !date_parse(text_z(until), &u->until))
		return err_set(e, ERR_INPUT, "user.until",
		    "--until は YYYY-MM-DD です", "--until takes YYYY-MM-DD");
	return ward_user_appointment(
	    n->context.codes, text_z(appointment ? appointment : ""), u, e);
}

static int add(struct cli *c)
{
	struct ward_user u = {0};
	struct buf password = {0};
	struct cli_node n;
	struct err e;
	enum err_class class = open_own(c, &n, &e);

	if (class == ERR_NONE)
		class = fill(c, &n, &u, &e);
	if (class == ERR_NONE)
		class = read_password(c, &password, &e);
	if (class == ERR_NONE)
		class = ward_user_add(&n.context,
		    &(const struct ward_user_order){.u = &u,
			.password = buf_text(&password),
			.replace = c->force},
		    &e);
	if (password.p != NULL)
		OPENSSL_cleanse(password.p, password.room);
	buf_fini(&password);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

static enum err_class list_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct cli *c = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_USER_LIST, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text name = store_get_text(r, 0);
		struct text roles = store_get_text(r, 1);
		struct text until = store_get_text(r, 2);
		bool locked = store_get_int(r, 3) != 0;

		if (c->json)
			cli_print(json_pack("{s:s%,s:s%,s:s%,s:b,s:b}", "name",
			    name.p, name.n, "roles", roles.p, roles.n, "until",
			    until.p, until.n, "locked", locked, "password",
			    store_get_int(r, 4) != 0));
		else
			(void)printf("%-20.*s %-24.*s %.*s%s\n", (int)name.n,
			    name.p, (int)roles.n, roles.p, (int)until.n,
			    until.p, locked ? " locked" : "");
	}
	store_rows_close(r);
	return class;
}

static int list(struct cli *c)
{
	struct cli_node n;
	struct err e;
	enum err_class class = open_own(c, &n, &e);

	if (class == ERR_NONE)
		class = store_read(n.store, list_read, c, &e);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

static int lock(struct cli *c)
{
	struct cli_node n;
	struct err e;
	enum err_class class = open_own(c, &n, &e);

	if (class == ERR_NONE)
		class = ward_user_lock(&n.context, c->arg[1], NULL, &e);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

/* The one time that it is shown. */
static int totp(struct cli *c)
{
	char secret[SESSION_SECRET];
	struct cli_node n;
	struct err e;
	enum err_class class = open_own(c, &n, &e);

	if (class == ERR_NONE)
		class = session_totp(&n.context, c->arg[1], NULL, secret, &e);
	if (class == ERR_NONE && c->json)
		cli_print(json_pack("{s:s,s:s}", "secret", secret, "uri",
		    session_totp_uri(&c->arena, &n.node, c->arg[1], secret)));
	else if (class == ERR_NONE)
		(void)printf("%s\n",
		    session_totp_uri(&c->arena, &n.node, c->arg[1], secret));
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_user_add = {
    .words = "user add",
    .args = "NODE NAME",
    .help = "Adds a user; --force changes one that is there. An appointment "
	    "(徴税吏員証 / 徴収職員証) names the 科目 it covers; several are "
	    "joined by ';'. Accounts end on 31 March unless --until says "
	    "otherwise.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"role", "ROLE[,…]",
		    "admin auditor; officer approver (ward, unit); clerk "
		    "inspector (bank); operator (hub)"},
	{"password-file", "FILE", "the password, kept as scrypt"},
	{"appointment", "NUMBER:FROM/TO:KINDS",
	    "e.g. "
	    "徴-12:2026-04-01/2027-03-31:1,2,3"},
	{"until", "D", "last day of the account"}},
    .run = add,
};

const struct cli_command cmd_user_list = {
    .words = "user list",
    .args = "NODE",
    .help = "Lists users, their roles and last days.",
    .args_min = 1,
    .args_max = 1,
    .run = list,
};

const struct cli_command cmd_user_lock = {
    .words = "user lock",
    .args = "NODE NAME",
    .help = "Locks a user out.",
    .args_min = 2,
    .args_max = 2,
    .run = lock,
};

const struct cli_command cmd_user_totp = {
    .words = "user totp",
    .args = "NODE NAME",
    .help = "Makes a new secret for the code beside the password (RFC 6238) "
	    "and prints what an authenticator takes, this once. `totp: true` "
	    "in node.yaml demands a code of everybody.",
    .args_min = 2,
    .args_max = 2,
    .run = totp,
};
