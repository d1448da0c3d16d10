/*
 * cmd_layout_diff.c — `shokai layout diff OLD NEW --subjects FILE`: whose
 * records change, and how, when an institution revises its form.
 */
#include "cli/commands.h"

#include "base/csv.h"
#include "cli/conversion.h"
#include "codes/codes.h"
#include "layout/layout_diff.h"
#include "record/kanri.h"
#include "record/request.h"

#include <fcntl.h>
#include <unistd.h>

struct comparing {
	struct cli *c;
	struct layout *before;
	struct layout *after;
	struct request_wave wave;
	uint32_t ordinal;
	char atena[32]; /* of the row before */
	struct text subject;
	struct buf line;
	size_t found;
	int64_t refused;
};

static void print_json(
    const struct comparing *x, const struct layout_difference *d)
{
	cli_print(json_pack("{s:s%,s:s,s:s%,s:s%,s:s}", "subject",
	    x->subject.n ? x->subject.p : "", x->subject.n, "item", d->item,
	    "before", d->before.n ? d->before.p : "", d->before.n, "after",
	    d->after.n ? d->after.p : "", d->after.n, "loss", d->loss));
}

static void tell(void *ctx, const struct layout_difference *d)
{
	struct comparing *x = ctx;

	x->found++;
	if (x->c->json) {
		print_json(x, d);
		return;
	}
	buf_clear(&x->line);
	csv_put(&x->line, x->subject, true);
	csv_put(&x->line, text_z(d->item), false);
	csv_put(&x->line, d->before, false);
	csv_put(&x->line, d->after, false);
	csv_put(&x->line, text_z(d->loss), false);
	csv_end(&x->line);
	(void)fwrite(x->line.p, 1, x->line.n, stdout);
}

/* The wave that both are asked in: any, for only their difference counts. */
static enum err_class set_wave(struct comparing *x, struct err *e)
{
	const char *basis = cli_value(x->c, "basis");
	const char *base = cli_value(x->c, "base-date");
	const char *period = cli_value(x->c, "period");
	const struct codes *codes;
	struct date day;
	struct date from;
	char z[11];

	TRY(codes_load(&x->c->arena, &codes, e));
	if (base == NULL)
		base = layout_version(x->after);
	if (!date_parse(text_z(base), &day)) {
		err_set(e, ERR_INPUT, "wave.scope", "調査基準日が違います",
		    "not a base date");
		return err_detail(e, "%s", base);
	}
	from = date_of_days(date_days(day) - 364);
	date_format(from, z);
	if (period == NULL)
		period = arena_printf(&x->c->arena, "%s/%s", z, base);
	for (size_t i = 0; basis == NULL && i < codes->base_count; i++)
		if (codes_basis_on(codes, codes->bases[i].code, day) != NULL &&
		    layout_accepts_basis(x->after, codes->bases[i].code))
			basis = text_cstr(&x->c->arena, codes->bases[i].code);
	x->wave = (struct request_wave){
	    .basis = text_z(basis ? basis : ""),
	    .base_date = text_z(base),
	    .period = text_z(period),
	    .registrant = TEXT("照会担当"),
	    .order_code = TEXT("000000-001"),
	    .updated = text_z(base),
	};
	return ERR_NONE;
}

/* Rows of one 宛名番号 agree in all that is sent, but for its account. */
static bool is_repeated(struct comparing *x, const struct subject *s)
{
	struct text atena = s->f[SUBJECT_ATENA];
	bool same = text_is(atena, x->atena) && s->f[SUBJECT_BANK].n == 0;

	(void)snprintf(x->atena, sizeof(x->atena), "%.*s", (int)atena.n,
	    atena.n ? atena.p : "");
	return same;
}

static void compare(struct comparing *x, const struct subject *s)
{
	const char *institution = layout_institution(x->after);
	struct kanri k = {.authority = "000000", .wave = 1};
	char number[KANRI_TEXT];
	struct request r;

	if (is_repeated(x, s))
		return;
	(void)snprintf(k.institution, sizeof(k.institution), "%s", institution);
	k.ordinal = ++x->ordinal;
	if (!kanri_format(&k, number))
		k.ordinal = x->ordinal = 1;
	request_fill(s, &x->wave, institution, number, &r);
	x->subject = s->f[SUBJECT_ATENA];
	(void)layout_diff_request(x->before, x->after, &r, tell, x);
}

static enum err_class read_rows(
    struct comparing *x, struct subject_reader *reader, struct err *e)
{
	struct arena a = {0};
	enum err_class class;

	for (;;) {
		enum subject_read what;
		struct subject s;
		struct err why;
		long line;

		arena_reset(&a);
		class = subject_reader_next(reader, &a, &what, &s, &line, &why);
		if (class != ERR_NONE) {
			*e = why;
			break;
		}
		if (what == SUBJECT_END)
			break;
		if (what == SUBJECT_REFUSED) {
			refusals_add(&x->c->refusals, &why);
			x->refused++;
			continue;
		}
		compare(x, &s);
	}
	arena_fini(&a);
	return class;
}

static enum err_class read_subjects(struct comparing *x, struct err *e)
{
	const char *path = cli_value(x->c, "subjects");
	struct subject_reader *reader;
	int fd = STDIN_FILENO;
	enum err_class class;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルがありません",
		    "no such file");
		return err_detail(e, "%s", path);
	}
	class = subject_reader_new(
	    csv_read_fd, &fd, ENCODING_UTF8, path, &reader, e);
	if (class == ERR_NONE) {
		class = read_rows(x, reader, e);
		subject_reader_free(reader);
	}
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return class;
}

static enum err_class work(struct comparing *x, struct err *e)
{
	TRY(set_wave(x, e));
	if (!x->c->json)
		(void)printf("宛名番号,項目,旧,新,損失\r\n");
	(void)layout_diff_form(x->before, x->after, tell, x);
	return read_subjects(x, e);
}

static int run_diff(struct cli *c)
{
	struct comparing x = {.c = c};
	struct err e;
	enum err_class class;
	int result;

	if (cli_value(c, "subjects") == NULL)
		return cli_usage(c, "--subjects is needed");
	class = conversion_layout(c, c->arg[0], &x.before, &e);
	if (class == ERR_NONE)
		class = conversion_layout(c, c->arg[1], &x.after, &e);
	/* A layout's findings have been told one by one. */
	if (class != ERR_NONE) {
		layout_free(x.before);
		return err_exit(class);
	}
	class = work(&x, &e);
	result = class == ERR_NONE ? x.found != 0 || x.refused != 0
				   : cli_fail(c, &e);
	layout_free(x.before);
	layout_free(x.after);
	buf_fini(&x.line);
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
