/* cmd_node_restored.c — `shokai node restored`: a node whose database is an
 * older copy. */
#include "base/clock.h"
#include "cli/cli_node.h"
#include "parties/restored.h"

struct listing {
	struct cli *c;
	bool waiting;
};

static void row(void *ctx, const struct restored_peer *p)
{
	struct listing *l = ctx;
	char point[CLOCK_TEXT];

	l->waiting = l->waiting || p->heard_us == 0;
	clock_format(p->point_us, point);
	if (l->c->json)
		cli_print(json_pack("{s:o,s:s,s:b,s:I}", "peer",
		    json_stringn(p->code.p, p->code.n), "point", point,
		    "answered", p->heard_us != 0, "again",
		    (json_int_t)p->again));
	else if (p->heard_us != 0)
		(void)printf(l->c->ja
				 ? "%.*s  %s 以降の %lld 件を再送\n"
				 : "%.*s  since %s: %lld messages sent again\n",
		    (int)p->code.n, p->code.p, point, (long long)p->again);
	else
		(void)printf(l->c->ja ? "%.*s  %s 以降を問合せ中\n"
				      : "%.*s  since %s: not answered yet\n",
		    (int)p->code.n, p->code.p, point);
}

static enum err_class list(struct store_tx *tx, void *arg, struct err *e)
{
	return restored_each(tx, row, arg, e);
}

static int restored(struct cli *c)
{
	const char *without = cli_value(c, "without");
	bool ask = cli_value(c, "ask") != NULL;
	struct listing l = {.c = c};
	struct cli_node n;
	struct err e;
	enum err_class class = cli_node_open(
	    c, c->arg[0], -1, ask ? CLI_NODE_KEYS | CLI_NODE_PEERS : 0, &n, &e);
	size_t asked;

	if (class == ERR_NONE && ask)
		class = restored_ask(&n.context, &asked, &e);
	if (class == ERR_NONE && without != NULL)
		class = restored_without(&n.context, without, &e);
	if (class == ERR_NONE)
		class = store_read(n.store, list, &l, &e);
	cli_node_close(&n);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	return l.waiting ? 1 : 0;
}

const struct cli_command cmd_node_restored = {
    .words = "node restored",
    .args = "NODE",
    .help = "A node whose database is an older copy: --ask, before it is "
	    "served, asks its neighbours to send again what it lost; then "
	    "shows who has answered.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"ask", NULL, "the copy is in place: ask"},
	{"without", "CODE", "go on without that one's answer"}},
    .run = restored,
};
