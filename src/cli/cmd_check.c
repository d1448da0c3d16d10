/* cmd_check.c — `shokai check list|show|approve|return`: steps ⑤ and ⑮. */
#include "cli/officer.h"
#include "parties/ward_check_show.h"

#include <stdio.h>

struct reading {
	struct officer *o;
	const char *state;
	const char *file;
	struct ward_check *checks;
	size_t n;
};

static enum err_class read_list(struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *r = arg;

	return ward_check_list(
	    tx, &r->o->n.context, r->state, r->file, &r->checks, &r->n, e);
}

static void print_one(struct cli *c, const struct ward_check *k)
{
	if (c->json)
		cli_print(ward_check_json(k));
	else
		(void)printf("%-22s %-8s %-8s %6ld%s\n", k->file, k->direction,
		    k->state, (long)k->records,
		    k->stopped > 0 ? arena_printf(&c->arena, "  stopped %ld",
					 (long)k->stopped)
				   : "");
}

static int list(struct cli *c)
{
	struct officer o;
	struct reading r = {.o = &o, .state = "waiting"};
	struct err e;
	enum err_class class = officer_open(c, 0, false, &o, &e);

	if (class == ERR_NONE)
		class = store_read(o.n.store, read_list, &r, &e);
	for (size_t i = 0; class == ERR_NONE && i < r.n; i++)
		print_one(c, &r.checks[i]);
	return officer_end(c, &o, class, &e, false);
}

/* With what is in it: personal, and logged as read (S3). */
static enum err_class print_whole(
    struct cli *c, struct officer *o, const struct ward_check *k, struct err *e)
{
	json_t *j;
	const char *text;

	TRY(ward_check_show(&o->n.context, k, &o->user, &j, e));
	text = json_string_value(json_object_get(j, "content"));
	if (text == NULL)
		text = json_string_value(json_object_get(j, "content_hex"));
	if (c->json) {
		cli_print(j);
		return ERR_NONE;
	}
	print_one(c, k);
	(void)fputs(text, stdout);
	json_decref(j);
	return ERR_NONE;
}

static int show(struct cli *c)
{
	struct officer o;
	struct reading r = {.o = &o, .file = c->arg[1]};
	struct err e;
	/* With --as the contents too: they are personal, and logged (S3). */
	enum err_class class = officer_open(
	    c, c->as != NULL ? ROLE_OFFICER | ROLE_APPROVER : 0, true, &o, &e);

	if (class == ERR_NONE)
		class = store_read(o.n.store, read_list, &r, &e);
	if (class == ERR_NONE && r.n == 0)
		class = err_set(&e, ERR_INPUT, "check.unknown",
		    "確認するファイルがありません",
		    "there is no such file to check");
	for (size_t i = 0; class == ERR_NONE && i < r.n; i++) {
		if (c->as != NULL)
			class = print_whole(c, &o, &r.checks[i], &e);
		else
			print_one(c, &r.checks[i]);
	}
	return officer_end(c, &o, class, &e, false);
}

static enum err_class decide(struct cli *c, struct officer *o, const char *file,
    bool approve, int64_t *done, struct err *e)
{
	struct party_context *x = &o->n.context;

	return approve ? ward_check_approve(x, file, &o->user, done, e)
		       : ward_check_return(x, file, &o->user,
			     cli_value(c, "reason"), done, e);
}

static int run_decide(struct cli *c, bool approve)
{
	bool all = approve && cli_value(c, "all") != NULL;
	struct officer o;
	struct err e;
	int64_t done = 0;
	enum err_class class;

	if (all == (c->args == 2))
		return cli_usage(c, "expected: NODE FILE%s",
		    approve ? ", or NODE --all" : "");
	class = officer_open(c, ROLE_OFFICER | ROLE_APPROVER, true, &o, &e);
	if (class == ERR_NONE)
		class = all ? ward_check_approve_all(
				  &o.n.context, &o.user, &done, &e)
			    : decide(c, &o, c->arg[1], approve, &done, &e);
	if (class == ERR_NONE)
		cli_print(json_pack("{s:I}", approve ? "approved" : "returned",
		    (json_int_t)done));
	return officer_end(c, &o, class, &e, true);
}

static int approve(struct cli *c)
{
	return run_decide(c, true);
}

static int give_back(struct cli *c)
{
	return run_decide(c, false);
}

const struct cli_command cmd_check_list = {
    .words = "check list",
    .args = "NODE",
    .help = "Lists the files that wait for an officer's check on their way "
	    "between unit and hub.",
    .args_min = 1,
    .args_max = 1,
    .run = list,
};

const struct cli_command cmd_check_show = {
    .words = "check show",
    .args = "NODE FILE",
    .help = "Shows a file that waits or was decided; with --as also what is "
	    "in it, which is logged.",
    .args_min = 2,
    .args_max = 2,
    .run = show,
};

const struct cli_command cmd_check_approve = {
    .words = "check approve",
    .args = "NODE [FILE]",
    .help = "Lets a checked file go on, unchanged.",
    .args_min = 1,
    .args_max = 2,
    .options = {{"all", NULL, "every file that waits now"}},
    .run = approve,
};

const struct cli_command cmd_check_return = {
    .words = "check return",
    .args = "NODE FILE",
    .help = "Stops a file; its maker is told, the reason is kept.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"reason", "T", "why"}},
    .run = give_back,
};
