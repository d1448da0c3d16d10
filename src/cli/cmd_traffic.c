/* cmd_traffic.c — `shokai traffic`: a hub's counts. */
#include "cli/cli_node.h"
#include "parties/hub.h"

static json_t *string(struct text t)
{
	return json_stringn(t.p, t.n);
}

static void row(void *ctx, const struct hub_traffic *t)
{
	const struct cli *c = ctx;

	if (c->json)
		cli_print(json_pack("{s:o,s:o,s:I,s:I,s:I,s:I}", "authority",
		    string(t->authority), "institution", string(t->institution),
		    "files", (json_int_t)t->files, "records",
		    (json_int_t)t->records, "answered", (json_int_t)t->answered,
		    "cancelled", (json_int_t)t->cancelled));
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
