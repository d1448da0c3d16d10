/* cmd_synth.c — shokai synth: a ward and its banks out of nothing. */
#include "cli/cli.h"
#include "synth/synth.h"

static void show(void *ctx, const char *what, long done, long total)
{
	cli_progress(ctx, what, done, total);
}

static void print_summary(
    struct cli *c, const struct synth_options *o, const struct synth_summary *s)
{
	struct buf report = {0};

	if (!c->json) {
		(void)printf("%s: %u subjects in %u rows, %u institutions, "
			     "%llu customers, %llu accounts of subjects\n",
		    o->out, o->subjects, s->rows, o->institutions,
		    (unsigned long long)s->counts.customers,
		    (unsigned long long)s->counts.accounts);
		return;
	}
	synth_report_put(o, s, &report);
	/* One line: no string in it holds a newline or two spaces. */
	for (size_t i = 0; i < report.n; i++)
		if (report.p[i] != '\n' &&
		    (report.p[i] != ' ' || report.p[i + 1] != ' '))
			(void)putchar(report.p[i]);
	(void)putchar('\n');
	buf_fini(&report);
}

/* INTERFACE §10 wants ten others for one subject: --customers is the least. */
static void tell_raised(
    const struct synth_options *o, const struct synth_summary *s)
{
	uint64_t wanted = (uint64_t)o->customers * o->institutions;

	if (s->counts.customers > wanted)
		(void)fprintf(stderr,
		    "shokai synth: %llu customers instead of %llu, so that "
		    "enough of them are no subjects\n",
		    (unsigned long long)s->counts.customers,
		    (unsigned long long)wanted);
}

static int run_synth(struct cli *c)
{
	struct synth_options o = {
	    .out = cli_value(c, "out"),
	    .seed = (uint64_t)cli_int(c, "seed", 0, INT64_MAX, 1),
	    .subjects =
		(uint32_t)cli_int(c, "subjects", 1, SYNTH_ENTITIES_MAX, 45500),
	    .institutions = (uint32_t)cli_int(
		c, "institutions", 0, SYNTH_INSTITUTIONS_MAX, 6),
	    .customers = (uint32_t)cli_int(
		c, "customers", 0, SYNTH_ENTITIES_MAX, 100000),
	    .force = c->force,
	    .progress = show,
	    .ctx = c,
	};
	struct synth_summary s;
	struct err e = {0};

	if (o.out == NULL)
		return cli_usage(c, "--out DIR is needed");
	synth_rates_default(&o.rates);
	if (cli_value(c, "rates") != NULL &&
	    synth_rates_read(cli_value(c, "rates"), &o.rates, &e) != ERR_NONE)
		return cli_fail(c, &e);
	if (synth_run(&o, &s, &e) != ERR_NONE) {
		cli_progress_end(c);
		return cli_fail(c, &e);
	}
	cli_progress_end(c);
	tell_raised(&o, &s);
	print_summary(c, &o, &s);
	return 0;
}

const struct cli_command cmd_synth = {
    .words = "synth",
    .args = "",
    .help = "Writes a synthetic ward, its banks and the truth into a folder; "
	    "the same seed gives the same bytes.",
    .args_max = 0,
    .options =
	{
	    {"out", "DIR", "the folder; must be empty without --force"},
	    {"seed", "S", "default 1"},
	    {"subjects", "N", "distinct 宛名番号; default 45500"},
	    {"institutions", "M", "codes 9601 and on; default 6"},
	    {"customers", "N", "of each institution, at least; default 100000"},
	    {"rates", "FILE", "JSON: rates to replace, by name"},
	},
    .run = run_synth,
};
