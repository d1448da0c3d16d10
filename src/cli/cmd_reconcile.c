/*
 * cmd_reconcile.c — `shokai reconcile`: E5, recomputed from the rows of any
 * party.
 */
#include "cli/cli_node.h"
#include "parties/reconcile.h"
#include "parties/ward_reconcile.h"

#include <stdio.h>

struct printing {
	struct cli *c;
	bool good;
};

static void print_row(void *ctx, const struct reconcile_row *r)
{
	struct printing *p = ctx;
	json_t *o;

	p->good = p->good && r->ok;
	if (!p->c->json) {
		(void)printf("%-5s %-22s sent=%ld answered=%ld rejected=%ld "
			     "cancelled=%ld expired=%ld pending=%ld %s %s\n",
		    r->scope, r->id, (long)r->sent, (long)r->answered,
		    (long)r->rejected, (long)r->cancelled, (long)r->expired,
		    (long)r->pending, r->ok ? "ok" : "DIFFERS", r->why);
		return;
	}
	o = json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "scope",
	    r->scope, "id", r->id, "sent", (json_int_t)r->sent, "answered",
	    (json_int_t)r->answered, "rejected", (json_int_t)r->rejected,
	    "cancelled", (json_int_t)r->cancelled, "expired",
	    (json_int_t)r->expired, "pending", (json_int_t)r->pending, "ok",
	    r->ok);
	if (!r->ok)
		json_object_set_new(o, "why", json_string(r->why));
	cli_print(o);
}

static enum err_class of_party(
    struct party_context *x, const struct reconcile_sink *sink, struct err *e)
{
	switch (x->node->party) {
	case STORE_WARD:
		return ward_reconcile(x, sink, e);
	case STORE_UNIT:
		return reconcile_unit(x, sink, e);
	case STORE_HUB:
		return reconcile_hub(x, sink, e);
	case STORE_BANK:
		return reconcile_bank(x, sink, e);
	}
	return ERR_NONE;
}

static int reconcile(struct cli *c)
{
	struct printing p = {.c = c, .good = true};
	const struct reconcile_sink sink = {.row = print_row, .ctx = &p};
	struct cli_node n;
	struct err e;
	enum err_class class =
	    cli_node_open(c, c->arg[0], -1, CLI_NODE_PEERS, &n, &e);

	if (class == ERR_NONE)
		class = of_party(&n.context, &sink, &e);
	cli_node_close(&n);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	return p.good ? 0 : 1;
}

const struct cli_command cmd_reconcile = {
    .words = "reconcile",
    .args = "NODE",
    .help = "Recomputes from the rows, for every file, wave and hub: sent = "
	    "answered + rejected + cancelled + expired + pending. Exit 1 and "
	    "what differs.",
    .args_min = 1,
    .args_max = 1,
    .run = reconcile,
};
