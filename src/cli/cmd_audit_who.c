/* cmd_audit_who.c — `shokai audit who`: who read a subject's data. */
#include "audit/audit.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/cli_node.h"
#include "parties/ward_user.h"

#include <stdio.h>

struct asking {
	struct cli_node *n;
	const char *user;
	const char *atena;
	json_t *found;
};

static enum err_class add_access(
    void *ctx, const struct audit_access *a, struct err *e)
{
	struct asking *q = ctx;
	char at[CLOCK_TEXT];

	(void)e;
	clock_format(a->at_us, at);
	(void)json_array_append_new(q->found,
	    json_pack("{ss ss ss ss ss% ss}", "at", at, "actor", a->actor,
		"action", a->action, "kind", a->kind, "object", a->object.p,
		a->object.n, "purpose", a->purpose));
	return ERR_NONE;
}

/* S3: to ask who has read a person's record is to read it. */
static enum err_class ask(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *q = arg;
	const struct party_context *p = &q->n->context;
	const char *authority =
	    p->node->party == STORE_WARD ? p->node->code : "";

	(void)json_array_clear(q->found);
	TRY(audit_who(tx, authority, text_z(q->atena), add_access, q, e));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = q->user,
		.action = "read",
		.kind = "subject",
		.object = text_z(q->atena),
		.authority = authority,
		.purpose = "アクセス記録の照会",
		.records = (int64_t)json_array_size(q->found)},
	    p->now_us, &p->random, e);
}

static const char *field(json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static void print_access(struct cli *c, json_t *row)
{
	if (c->json) {
		cli_print(json_incref(row));
		return;
	}
	(void)printf("%.19s  %-12s %-10s %s %s  %s\n", field(row, "at"),
	    field(row, "actor"), field(row, "action"), field(row, "kind"),
	    field(row, "object"), field(row, "purpose"));
}

static void print_found(struct cli *c, json_t *found)
{
	json_t *row;
	size_t i;

	if (!c->json)
		(void)puts(c->ja ? "日時                 利用者       操作     "
				   "  対象  目的"
				 : "time                 actor        action   "
				   "  object  purpose");
	json_array_foreach(found, i, row) print_access(c, row);
}

static int who(struct cli *c)
{
	struct cli_node n = {0};
	struct asking q = {.n = &n, .user = c->as, .atena = c->arg[1]};
	struct ward_user user;
	struct err e;
	enum err_class class;

	if (c->as == NULL)
		return cli_usage(c, "--as USER is needed");
	if (!text_is_digits(text_z(q.atena), 1, 15))
		return cli_usage(c, "宛名番号 has 1 to 15 digits");
	q.found = json_array();
	class = cli_node_open(c, c->arg[0], -1, 0, &n, &e);
	if (class == ERR_NONE)
		class = ward_user_acting(
		    &n.context, c->as, ROLE_AUDITOR, &user, &e);
	if (class == ERR_NONE)
		class = store_run(n.store, ask, &q, &e);
	if (class == ERR_NONE)
		print_found(c, q.found);
	json_decref(q.found);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_audit_who = {
    .words = "audit who",
    .args = "NODE 宛名番号",
    .help = "Who has read or changed a subject's data, and when; asking is "
	    "logged as a reading itself. --as: an auditor of the node.",
    .args_min = 2,
    .args_max = 2,
    .run = who,
};
