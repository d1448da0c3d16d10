/* cmd_subjects.c — `shokai subjects import|stops|decide`. */
#include "base/clock.h"
#include "cli/officer.h"
#include "parties/ward_import.h"
#include "parties/ward_stop.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void progress(void *ctx, int64_t rows)
{
	cli_progress(ctx, "subjects import", (long)rows, 0);
}

/* A file to be read twice: the path's own, or a copy of a stream. */
static enum err_class open_input(
    struct cli *c, struct officer *o, int *fd, struct err *e)
{
	const char *path = c->arg[1];
	enum err_class class;
	int from;

	if (strcmp(path, "-") == 0)
		return ward_import_spool(&o->n.node, STDIN_FILENO, fd, e);
	from = open(path, O_RDONLY | O_CLOEXEC);
	if (from < 0) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルを開けません",
		    "the file cannot be opened");
		return err_detail(e, "%s", path);
	}
	if (lseek(from, 0, SEEK_SET) == 0) {
		*fd = from;
		return ERR_NONE;
	}
	class = ward_import_spool(&o->n.node, from, fd, e);
	(void)close(from);
	return class;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static enum err_class run_import(struct cli *c, struct officer *o,
    struct ward_import *order, struct ward_import_result *out, struct err *e)
{
	enum err_class class;
	char actor[32];

	(void)snprintf(actor, sizeof(actor), "uid %ld", (long)getuid());
	order->actor = c->as != NULL ? o->user.name : actor;
	order->refusals = &c->refusals;
	order->progress = progress;
	order->ctx = c;
	TRY(open_input(c, o, &order->fd, e));
	class = ward_import(&o->n.context, order, out, e);
	(void)close(order->fd);
	cli_progress_end(c);
	return class;
}

static int import(struct cli *c)
{
	const char *encoding = cli_value(c, "encoding");
	struct ward_import order = {
	    .name = base_name(c->arg[1]),
	    .dry_run = cli_value(c, "dry-run") != NULL,
	    .diff = cli_value(c, "diff") != NULL,
	    .encoding = ENCODING_UTF8,
	};
	struct ward_import_result r = {0};
	struct officer o;
	struct err e;
	enum err_class class;

	if (encoding != NULL &&
	    (!encoding_named(text_z(encoding), &order.encoding) ||
		order.encoding == ENCODING_ZENGIN))
		return cli_usage(c, "--encoding takes utf-8 or cp932");
	class = officer_open(
	    c, c->as != NULL ? ROLE_OFFICER | ROLE_ADMIN : 0, false, &o, &e);
	if (class == ERR_NONE)
		class = run_import(c, &o, &order, &r, &e);
	officer_close(&o, class == ERR_NONE);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	cli_print(json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "accepted",
	    (json_int_t)r.accepted, "refused", (json_int_t)r.refused, "changed",
	    (json_int_t)r.changed, "stopped", (json_int_t)r.stopped, "removed",
	    (json_int_t)r.removed, "kept", (json_int_t)r.kept));
	return r.refused > 0 ? 1 : 0;
}

struct stops {
	struct officer *o;
	const struct ward_stop *after;
	struct ward_stop last;
	struct ward_stop stop[256];
	size_t n;
};

static enum err_class stops_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct stops *s = arg;

	return ward_stop_list(
	    tx, &s->o->n.context, s->after, s->stop, 256, &s->n, e);
}

static int stops(struct cli *c)
{
	struct officer o;
	struct stops s = {.o = &o, .n = 1};
	struct err e;
	enum err_class class = officer_open(c, 0, false, &o, &e);

	while (class == ERR_NONE && s.n > 0) {
		class = store_read(o.n.store, stops_read, &s, &e);
		for (size_t i = 0; class == ERR_NONE && i < s.n; i++) {
			char at[CLOCK_TEXT];

			clock_format(s.stop[i].at_us, at);
			cli_print(
			    json_pack("{s:s,s:s,s:s}", "atena", s.stop[i].atena,
				"reason", s.stop[i].reason, "at", at));
			s.last = s.stop[i];
			s.after = &s.last;
		}
	}
	return officer_end(c, &o, class, &e, false);
}

static int decide(struct cli *c)
{
	bool go = cli_value(c, "go") != NULL;
	bool drop = cli_value(c, "drop") != NULL;
	struct officer o;
	struct err e;
	enum err_class class;

	if (go == drop)
		return cli_usage(c, "one of --go and --drop");
	class = officer_open(c, ROLE_OFFICER | ROLE_APPROVER, false, &o, &e);
	if (class == ERR_NONE)
		class = ward_stop_decide(
		    &o.n.context, c->arg[1], go, o.user.name, &e);
	return officer_end(c, &o, class, &e, false);
}

const struct cli_command cmd_subjects_import = {
    .words = "subjects import",
    .args = "NODE FILE",
    .help = "Imports subjects.csv (docs/interface.md §8) into a ward: a full "
	    "file, or with --diff the day's differences. A bad file is "
	    "refused whole, a bad row alone. Of a full file without refused "
	    "rows, claims that are absent are deleted unless an open wave "
	    "asks for them. 完納・分納・猶予・停止・破産・死亡 stops a "
	    "subject's unsent inquiries until `subjects decide`.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"encoding", "utf-8|cp932", "of the file [utf-8]"},
	{"dry-run", NULL, "say what would happen; change nothing"},
	{"diff", NULL, "the day's differences: absent rows stay"}},
    .run = import,
};

const struct cli_command cmd_subjects_stops = {
    .words = "subjects stops",
    .args = "NODE",
    .help = "Lists the stopped subjects that wait for a decision, as JSON "
	    "Lines.",
    .args_min = 1,
    .args_max = 1,
    .run = stops,
};

const struct cli_command cmd_subjects_decide = {
    .words = "subjects decide",
    .args = "NODE 宛名番号",
    .help = "Decides about a stopped subject: --go (asked all the same) or "
	    "--drop (not asked).",
    .args_min = 2,
    .args_max = 2,
    .options = {{"go", NULL, "it is asked all the same"},
	{"drop", NULL, "it is not asked"}},
    .run = decide,
};
