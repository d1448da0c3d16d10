/*
 * cmd_layout_diff.c — `shokai layout diff OLD NEW --subjects FILE`: whose
 * records change, and how, when an institution revises its form.
 */
#include "cli/commands.h"

#include "base/csv.h"
#include "cli/conversion.h"
#include "parties/compare.h"

#include <fcntl.h>
#include <unistd.h>

struct telling {
	struct cli *c;
	struct buf line;
	size_t found;
	int64_t refused;
};

static void print_json(struct text atena, const struct layout_difference *d)
{
	cli_print(json_pack("{s:s%,s:s,s:s%,s:s%,s:s}", "subject",
	    atena.n ? atena.p : "", atena.n, "item", d->item, "before",
	    d->before.n ? d->before.p : "", d->before.n, "after",
	    d->after.n ? d->after.p : "", d->after.n, "loss", d->loss));
}

static void tell(
    void *ctx, struct text atena, const struct layout_difference *d)
{
	struct telling *x = ctx;

	x->found++;
	if (x->c->json) {
		print_json(atena, d);
		return;
	}
	buf_clear(&x->line);
	csv_put(&x->line, atena, true);
	csv_put(&x->line, text_z(d->item), false);
	csv_put(&x->line, d->before, false);
	csv_put(&x->line, d->after, false);
	csv_put(&x->line, text_z(d->loss), false);
	csv_end(&x->line);
	(void)fwrite(x->line.p, 1, x->line.n, stdout);
}

static void refuse(void *ctx, const struct err *why)
{
	struct telling *x = ctx;

	refusals_add(&x->c->refusals, why);
	x->refused++;
}

static enum err_class work(struct cli *c, struct compare *x, struct err *e)
{
	const struct codes *codes;
	int fd = STDIN_FILENO;
	enum err_class class;

	TRY(codes_load(&c->arena, &codes, e));
	if (strcmp(x->name, "-") != 0)
		fd = open(x->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルがありません",
		    "no such file");
		return err_detail(e, "%s", x->name);
	}
	if (!c->json)
		(void)printf("宛名番号,項目,旧,新,損失\r\n");
	x->read = csv_read_fd;
	x->from = &fd;
	class = compare_layouts(x, codes, &c->arena, e);
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return class;
}

static int run_diff(struct cli *c)
{
	struct telling told = {.c = c};
	struct compare x = {.basis = cli_value(c, "basis"),
	    .base_date = cli_value(c, "base-date"),
	    .period = cli_value(c, "period"),
	    .name = cli_value(c, "subjects"),
	    .tell = tell,
	    .refuse = refuse,
	    .ctx = &told};
	struct err e;
	enum err_class class;
	int result;

	if (x.name == NULL)
		return cli_usage(c, "--subjects is needed");
	class = conversion_layout(c, c->arg[0], &x.before, &e);
	if (class == ERR_NONE)
		class = conversion_layout(c, c->arg[1], &x.after, &e);
	/* A layout's findings have been told one by one. */
	if (class != ERR_NONE) {
		layout_free(x.before);
		return err_exit(class);
	}
	class = work(c, &x, &e);
	result = class == ERR_NONE ? told.found != 0 || told.refused != 0
				   : cli_fail(c, &e);
	layout_free(x.before);
	layout_free(x.after);
	buf_fini(&told.line);
	return result;
}

const struct cli_command cmd_layout_diff = {
    .words = "layout diff",
    .args = "OLD NEW --subjects FILE",
    .help = "compares what two rule files make of the same subjects: first "
	    "what changes in the files\n       as such (no 宛名番号), then "
	    "whose items change and how. Exit 1 if anything does.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"subjects", "FILE", "subjects.csv, or - for stdin"},
	{"basis", "CODE", "the legal basis (any that NEW accepts)"},
	{"base-date", "D", "YYYY-MM-DD (the day NEW takes effect)"},
	{"period", "D/D", "the period asked for (the year before)"}},
    .run = run_diff,
};
