/* cmd_traffic.c — `shokai traffic`: a hub's counts. */
#include "cli/cli_node.h"
#include "parties/hub.h"

static void row(void *ctx, const struct hub_traffic *t)
{
	const struct cli *c = ctx;

	if (c->json)
		cli_print(hub_traffic_json(t));
	else
		(void)printf(
		    c->ja ? "%.*s → %.*s  %lld件 照会%lld 回答%lld 取消%lld\n"
			  : "%.*s -> %.*s  %lld files, %lld inquiries, "
			    "%lld answered, %lld cancelled\n",
		    (int)t->authority.n, t->authority.p, (int)t->institution.n,
		    t->institution.p, (long long)t->files,
		    (long long)t->records, (long long)t->answered,
		    (long long)t->cancelled);
}

static int traffic(struct cli *c)
{
	struct cli_node n;
	struct err e;
	enum err_class class =
	    cli_node_open(c, c->arg[0], STORE_HUB, 0, &n, &e);

	if (class == ERR_NONE)
		class = hub_traffic(&n.context, row, c, &e);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_traffic = {
    .words = "traffic",
    .args = "NODE",
    .help = "Counts a hub's traffic by authority and institution: files, "
	    "inquiries, answered, cancelled; nothing of any person.",
    .args_min = 1,
    .args_max = 1,
    .run = traffic,
};
