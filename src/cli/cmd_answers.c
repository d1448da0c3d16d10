/* cmd_answers.c — `shokai answers export|held` (docs/interface.md §9, §14),
 * `shokai answer again` (§14). */
#include "cli/officer.h"
#include "exchange/wake.h"
#include "parties/bank.h"
#include "parties/unit_held.h"
#include "parties/ward_export.h"

#include <stdio.h>

static bool encoding(const char *z, enum export_encoding *out)
{
	return export_encoding_named(z != NULL ? z : "utf-8", out);
}

static int export(struct cli *c)
{
	const char *purpose = cli_value(c, "purpose");
	struct ward_export order = {
	    .files = {.dir = cli_value(c, "out"),
		.raw = cli_value(c, "raw") != NULL,
		.force = c->force,
		.xlsx = cli_value(c, "xlsx") != NULL,
		.lost = &c->refusals},
	    .purpose = purpose != NULL ? purpose : "回答データの持出し",
	    .enter = true,
	};
	struct officer o;
	struct err e;
	int64_t rows = 0;
	enum err_class class;

	if (order.files.dir == NULL)
		return cli_usage(c, "--out is missing");
	if (!encoding(cli_value(c, "encoding"), &order.files.encoding))
		return cli_usage(
		    c, "--encoding takes utf-8, utf-8-bom or cp932");
	class = officer_open(c, ROLE_OFFICER | ROLE_APPROVER, false, &o, &e);
	order.officer = &o.user;
	if (class == ERR_NONE)
		class = officer_wave(c->arg[1], &order.wave, &e);
	if (class == ERR_NONE && !ward_text_good(order.purpose, 1, 200))
		class = err_set(&e, ERR_INPUT, "wave.purpose",
		    "利用目的は1から200文字です",
		    "a purpose has 1 to 200 characters");
	if (class == ERR_NONE)
		class = ward_export(&o.n.context, &order, &rows, &e);
	if (class != ERR_NONE)
		return officer_end(c, &o, class, &e, false);
	cli_print(json_pack("{s:I,s:I}", "inquiries", (json_int_t)rows, "geta",
	    (json_int_t)c->refusals.count));
	officer_close(&o, false);
	return c->refusals.count > 0 ? 1 : 0;
}

const struct cli_command cmd_answers_export = {
    .words = "answers export",
    .args = "NODE WAVE",
    .help = "Writes a wave's answers to DIR/{answers,transactions,others}"
	    ".csv; every sent inquiry has a row. Logged, and entered in the "
	    "持出し記録 with its purpose.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"out", "DIR", "where"},
	{"encoding", "utf-8|utf-8-bom|cp932", "of the files [utf-8]"},
	{"raw", NULL, "原:ITEM after each item"},
	{"xlsx", NULL, "DIR/answers.xlsx beside them"},
	{"purpose", "T", "of the carrying out (持出し), for the log"}},
    .run = export,
};

static void held_row(void *ctx, json_t *j)
{
	const struct cli *c = ctx;
	const char *number;

	if (c->json) {
		cli_print(j);
		return;
	}
	number = json_string_value(json_object_get(j, "inquiry"));
	(void)printf("%s  %s  %lld  %s  %s\n",
	    json_string_value(json_object_get(j, "file")),
	    number != NULL ? number : "-",
	    (long long)json_integer_value(json_object_get(j, "line")),
	    json_string_value(json_object_get(j, "code")),
	    json_string_value(json_object_get(j, "item")));
	json_decref(j);
}

static enum err_class held_read(struct store_tx *tx, void *arg, struct err *e)
{
	return unit_held_each(tx, held_row, arg, e);
}

static int held(struct cli *c)
{
	struct cli_node n;
	struct err e;
	enum err_class class =
	    cli_node_open(c, c->arg[0], STORE_UNIT, 0, &n, &e);

	if (class == ERR_NONE)
		class = store_read(n.store, held_read, c, &e);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_answers_held = {
    .words = "answers held",
    .args = "NODE",
    .help = "Lists a unit's answers that were refused alone and have none in "
	    "their place yet: file, 管理番号, line, code, item. An unknown "
	    "code or a damaged value waits for a person, who settles it with "
	    "the bank or mends the layout; the rest of the file was taken.",
    .args_min = 1,
    .args_max = 1,
    .run = held,
};

static enum err_class again_do(
    struct cli *c, struct cli_node *n, int64_t *records, struct err *e)
{
	struct ward_user clerk;

	TRY(cli_node_open(
	    c, c->arg[0], STORE_BANK, CLI_NODE_KEYS | CLI_NODE_PEERS, n, e));
	TRY(ward_user_acting(
	    &n->context, c->as, ROLE_CLERK | ROLE_INSPECTOR, &clerk, e));
	TRY(bank_answer_again(&n->context, c->arg[1], clerk.name, records, e));
	wake_send(&n->node);
	store_tell(n->store);
	return ERR_NONE;
}

static int again(struct cli *c)
{
	struct cli_node n;
	struct err e;
	int64_t records = 0;
	enum err_class class = again_do(c, &n, &records, &e);

	cli_node_close(&n);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	cli_print(json_pack("{s:I}", "answered", (json_int_t)records));
	return 0;
}

const struct cli_command cmd_answer_again = {
    .words = "answer again",
    .args = "NODE FILE",
    .help = "A bank answers a file anew from its present customers, as a new "
	    "message: only where its answers were returned by the ward's "
	    "officer or refused whole (refusals).",
    .args_min = 2,
    .args_max = 2,
    .run = again,
};
