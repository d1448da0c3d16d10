/* cmd_wave_drop.c — `shokai wave drop`: an old wave is deleted. */
#include "cli/cli_node.h"
#include "parties/retire.h"
#include "record/kanri.h"

static enum err_class drop(
    struct cli *c, struct cli_node *n, int64_t *rows, struct err *e)
{
	const char *authority = cli_value(c, "authority");
	const char *reason = cli_value(c, "reason");
	struct ward_user admin;
	struct retire what = {
	    .authority = n->node.code,
	    .reason = reason != NULL ? reason : "",
	    .officer = &admin,
	};

	TRY(ward_user_acting(&n->context, c->as, ROLE_ADMIN, &admin, e));
	if (n->node.party != STORE_WARD)
		what.authority = authority != NULL ? authority : "";
	if (!kanri_wave_parse(text_z(c->arg[1]), &what.wave))
		return err_set(e, ERR_INPUT, "wave.unknown",
		    "その番号の照会はありません", "there is no such wave");
	return retire_wave(&n->context, &what, rows, e);
}

static int wave_drop(struct cli *c)
{
	struct cli_node n;
	struct err e;
	int64_t rows = 0;
	enum err_class class =
	    cli_node_open(c, c->arg[0], -1, CLI_NODE_PEERS, &n, &e);

	if (class == ERR_NONE)
		class = drop(c, &n, &rows, &e);
	cli_node_close(&n);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	cli_print(json_pack("{s:I}", "rows", (json_int_t)rows));
	return 0;
}

const struct cli_command cmd_wave_drop = {
    .words = "wave drop",
    .args = "NODE WAVE",
    .help = "Deletes what the node keeps of a wave that is over: subjects as "
	    "asked, outcomes, answers, lookups, files, steps. Its messages "
	    "and the linked log stay. Prints how many rows.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"authority", "CODE", "whose wave; not at a ward"},
	{"reason", "T", "why; it stands in the log"}},
    .run = wave_drop,
};
