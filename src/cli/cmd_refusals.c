/* cmd_refusals.c — `shokai refusals`: contents refused whole. */
#include "cli/cli_node.h"
#include "parties/refused.h"

struct listing {
	const struct cli *c;
	const struct node *node;
	bool all;
};

static const char *text(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

static void row(void *ctx, const struct refused_row *x)
{
	const struct listing *l = ctx;
	json_t *j = refused_json(x);

	if (l->c->json) {
		cli_print(j);
		return;
	}
	(void)printf("%s  %s  %s  %s  %s  %s%s%s\n", text(j, "at"),
	    text(j, "kind"), text(j, "file"), text(j, "by"), text(j, "code"),
	    x->open ? "open" : "-", x->reason.n > 0 ? "  " : "",
	    text(j, "reason"));
	json_decref(j);
}

static enum err_class read_all(struct store_tx *tx, void *arg, struct err *e)
{
	const struct listing *l = arg;

	return refused_each(
	    tx, l->node, l->all ? REFUSED_ALL : REFUSED_OPEN, row, arg, e);
}

static int refusals(struct cli *c)
{
	struct cli_node n;
	struct err e;
	struct listing l = {
	    .c = c, .node = &n.node, .all = cli_value(c, "all") != NULL};
	enum err_class class = cli_node_open(c, c->arg[0], -1, 0, &n, &e);

	if (class == ERR_NONE)
		class = store_read(n.store, read_all, &l, &e);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_refusals = {
    .words = "refusals",
    .args = "NODE",
    .help = "Lists the contents refused whole, here or by another, for which a "
	    "good one is still waited for: when, what, which file, by whom, "
	    "with which code. A bank sends the file again, mended; a ward "
	    "sends a part again with wave resend.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"all", NULL, "also those that are mended or final"}},
    .run = refusals,
};
