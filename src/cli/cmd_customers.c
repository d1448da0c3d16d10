/* cmd_customers.c — `shokai customers import`: the bank's own data. */
#include "cli/cli_node.h"
#include "parties/bank.h"

static void progress(void *ctx, int64_t rows)
{
	cli_progress(ctx, "customers import", (long)rows, 0);
}

static const char *as_of(struct cli *c, const struct cli_node *n, char day[11])
{
	const char *z = cli_value(c, "as-of");

	if (z != NULL)
		return z;
	date_format(clock_date(n->context.now_us), day);
	return day;
}

static int import(struct cli *c)
{
	struct bank_import i = {
	    .dir = c->arg[1],
	    .refusals = &c->refusals,
	    .progress = progress,
	    .ctx = c,
	};
	struct cli_node n;
	struct err e;
	struct date d;
	char day[11];
	enum err_class class;

	if (cli_value(c, "diff") != NULL)
		return cli_usage(c, "--diff is not built yet");
	i.max_error_percent = (int)cli_int(c, "max-errors", 0, 100, 1);
	class = cli_node_open(c, c->arg[0], STORE_BANK, 0, &n, &e);
	if (class == ERR_NONE) {
		i.as_of = as_of(c, &n, day);
		if (!date_parse(text_z(i.as_of), &d)) {
			cli_node_close(&n);
			return cli_usage(c, "--as-of takes YYYY-MM-DD");
		}
		class = bank_import(&n.context, &i, &e);
		cli_progress_end(c);
	}
	cli_node_close(&n);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	cli_print(json_pack("{s:I,s:I,s:I}", "accepted", (json_int_t)i.accepted,
	    "refused", (json_int_t)i.refused, "index_bytes",
	    (json_int_t)i.index_bytes));
	return i.refused > 0 ? 1 : 0;
}

const struct cli_command cmd_customers_import = {
    .words = "customers import",
    .args = "NODE DIR",
    .help = "Imports DIR/{customers,accounts,transactions,others}.csv into a "
	    "bank's node; they take the place of what is there in one step, "
	    "or not at all.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"as-of", "D",
		    "the day the data stands for (回答基準日); "
		    "today if not given"},
	{"diff", NULL, "the day's differences only (not built yet)"},
	{"max-errors", "PERCENT", "refuse the whole if more rows are bad [1]"}},
    .run = import,
};
