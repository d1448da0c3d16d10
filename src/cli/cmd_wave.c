/* cmd_wave.c — `shokai wave new|submit|approve|return|cancel|list|show`. */
#include "base/clock.h"
#include "base/file.h"
#include "cli/officer.h"
#include "parties/ward_draft.h"
#include "parties/ward_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SELECTION_MAX ((size_t)64 << 20)
#define DEADLINE_DAYS 30

static const char *or_empty(struct cli *c, const char *name)
{
	const char *z = cli_value(c, name);

	return z != NULL ? z : "";
}

/* "FROM/TO" in two. */
static void split_period(struct cli *c, struct ward_order *o)
{
	const char *z = or_empty(c, "period");
	size_t n = strcspn(z, "/");

	o->period_from = arena_copy(&c->arena, z, n);
	o->period_to = z[n] == '/' ? z + n + 1 : "";
}

static const char *deadline(struct cli *c, const struct officer *o)
{
	const char *z = cli_value(c, "deadline");
	struct date today = clock_date(o->n.context.now_us);
	char day[11];

	if (z != NULL)
		return z;
	date_format(date_of_days(date_days(today) + DEADLINE_DAYS), day);
	return arena_printf(&c->arena, "%s", day);
}

static const char *reason(struct cli *c)
{
	const char *z = cli_value(c, "reason");

	if (z != NULL)
		return z;
	return strcmp(or_empty(c, "institutions"), "all") == 0
		   ? "全件照会（接続する全金融機関）"
		   : "指定した金融機関への照会";
}

static enum err_class selection(
    struct cli *c, struct ward_order *order, struct buf *file, struct err *e)
{
	const char *path = cli_value(c, "subjects");

	order->listed = path != NULL;
	if (path == NULL)
		return ERR_NONE;
	TRY(file_read(path, SELECTION_MAX, file, e));
	return ward_draft_picks(buf_bytes(file), path, &c->arena, &order->picks,
	    &order->pick_count, e);
}

static enum err_class make(
    struct cli *c, struct officer *o, uint32_t *wave, struct err *e)
{
	struct ward_order order = {
	    .name = or_empty(c, "name"),
	    .basis = or_empty(c, "basis"),
	    .purpose = or_empty(c, "purpose"),
	    .base_date = or_empty(c, "base-date"),
	    .scope = or_empty(c, "scope"),
	    .institutions = or_empty(c, "institutions"),
	    .reason = reason(c),
	    .claim_kind = or_empty(c, "claim-kind"),
	    .deadline = deadline(c, o),
	    .reask = "",
	};
	struct buf file = {0};
	enum err_class class;

	order.min_age = cli_int(c, "min-age", 0, 36500, 0);
	order.min_amount = cli_int(c, "min-amount", 0, 999999999999, 0);
	split_period(c, &order);
	class = selection(c, &order, &file, e);
	if (class == ERR_NONE)
		class =
		    ward_draft_new(&o->n.context, &order, &o->user, wave, e);
	buf_fini(&file);
	return class;
}

static int new (struct cli *c)
{
	static const char *const needed[] = {"name", "basis", "purpose",
	    "base-date", "period", "scope", "institutions"};
	struct officer o;
	struct err e;
	enum err_class class;
	uint32_t wave;
	char id[4];

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (cli_value(c, needed[i]) == NULL)
			return cli_usage(c, "--%s is missing", needed[i]);
	class = officer_open(c, ROLE_OFFICER, false, &o, &e);
	if (class == ERR_NONE)
		class = make(c, &o, &wave, &e);
	if (class == ERR_NONE) {
		(void)kanri_wave_format(wave, id);
		cli_word(c, "wave", id);
	}
	return officer_end(c, &o, class, &e, false);
}

enum move { MOVE_SUBMIT, MOVE_APPROVE, MOVE_RETURN, MOVE_CANCEL };

static enum err_class do_move(struct cli *c, struct officer *o, enum move how,
    uint32_t wave, struct err *e)
{
	const char *why = cli_value(c, "reason");
	struct ward_wave_behalf behalf = {.reason = why};
	struct party_context *x = &o->n.context;
	const char *state = "";
	enum err_class class = ERR_NONE;

	switch (how) {
	case MOVE_SUBMIT:
		class = ward_wave_submit(x, wave, &o->user, &state, e);
		break;
	case MOVE_APPROVE:
		behalf.name = cli_value(c, "for");
		class = ward_wave_approve(x, wave, &o->user,
		    behalf.name != NULL ? &behalf : NULL, &state, e);
		break;
	case MOVE_RETURN:
		class = ward_wave_return(x, wave, &o->user, why, &state, e);
		break;
	case MOVE_CANCEL:
		class = ward_wave_cancel(x, wave, &o->user, why, &state, e);
		break;
	}
	if (class == ERR_NONE)
		cli_word(c, "state", state);
	return class;
}

static int move(struct cli *c, enum move how, unsigned roles)
{
	struct officer o;
	struct err e;
	uint32_t wave = 0;
	enum err_class class =
	    officer_open(c, roles, how == MOVE_APPROVE, &o, &e);

	if (class == ERR_NONE)
		class = officer_wave(c->arg[1], &wave, &e);
	if (class == ERR_NONE)
		class = do_move(c, &o, how, wave, &e);
	return officer_end(c, &o, class, &e, true);
}

static int submit(struct cli *c)
{
	return move(c, MOVE_SUBMIT, ROLE_OFFICER);
}

static int approve(struct cli *c)
{
	return move(c, MOVE_APPROVE, ROLE_APPROVER);
}

static int give_back(struct cli *c)
{
	return move(c, MOVE_RETURN, ROLE_APPROVER | ROLE_OFFICER);
}

static int cancel(struct cli *c)
{
	return move(c, MOVE_CANCEL, ROLE_APPROVER | ROLE_OFFICER);
}

static int resend(struct cli *c)
{
	struct officer o;
	struct err e;
	uint32_t wave = 0;
	int64_t parts = 0;
	enum err_class class =
	    officer_open(c, ROLE_OFFICER | ROLE_APPROVER, false, &o, &e);

	if (class == ERR_NONE)
		class = officer_wave(c->arg[1], &wave, &e);
	if (class == ERR_NONE)
		class =
		    ward_send_again(&o.n.context, wave, &o.user, &parts, &e);
	if (class == ERR_NONE)
		cli_print(json_pack("{s:I}", "parts", (json_int_t)parts));
	return officer_end(c, &o, class, &e, true);
}

static int list(struct cli *c)
{
	struct officer o;
	struct err e;
	json_t *all = NULL;
	enum err_class class = officer_open(c, 0, false, &o, &e);
	size_t i;
	json_t *w;

	if (class == ERR_NONE)
		class = ward_show_list(&o.n.context, &all, &e);
	json_array_foreach(all, i, w)
	{
		if (c->json)
			cli_print(json_incref(w));
		else
			(void)printf("%s  %-10s %s\n",
			    json_string_value(json_object_get(w, "wave")),
			    json_string_value(json_object_get(w, "state")),
			    json_string_value(json_object_get(w, "name")));
	}
	json_decref(all);
	return officer_end(c, &o, class, &e, false);
}

static void print_flows(const json_t *flows)
{
	size_t i;
	size_t k;
	const json_t *flow;
	const json_t *s;

	json_array_foreach(flows, i, flow)
	{
		(void)printf("\n%s (%s)\n",
		    json_string_value(json_object_get(flow, "hub")),
		    json_string_value(json_object_get(flow, "link")));
		json_array_foreach(json_object_get(flow, "steps"), k, s)
		{
			const char *last =
			    json_string_value(json_object_get(s, "last"));

			(void)printf("  %s %-4s %s  %s\n",
			    json_string_value(json_object_get(s, "mark")),
			    json_string_value(json_object_get(s, "party")),
			    last != NULL ? last : "-",
			    json_string_value(json_object_get(s, "text")));
		}
	}
}

/* Contents refused whole, for which a good one is still waited for. */
static void print_refused(const json_t *list)
{
	size_t i;
	const json_t *r;

	json_array_foreach(list, i, r)
	{
		if (json_is_true(json_object_get(r, "open")))
			(void)printf("%-20s %s %s: %s\n", "refused",
			    json_string_value(json_object_get(r, "file")),
			    json_string_value(json_object_get(r, "by")),
			    json_string_value(json_object_get(r, "code")));
	}
}

static void print_wave(struct cli *c, json_t *w)
{
	json_t *flows;
	json_t *refused;

	if (c->json) {
		cli_print(json_incref(w));
		(void)fflush(stdout);
		return;
	}
	flows = json_incref(json_object_get(w, "flows"));
	refused = json_incref(json_object_get(w, "refused"));
	json_object_del(w, "flows");
	json_object_del(w, "refused");
	json_object_del(w, "by_institution");
	json_object_del(w, "exceptions");
	officer_print(w);
	print_refused(refused);
	print_flows(flows);
	json_decref(refused);
	json_decref(flows);
	(void)fflush(stdout);
}

static bool ended(const json_t *w)
{
	const char *state = json_string_value(json_object_get(w, "state"));

	return strcmp(state, "closed") == 0 ||
	       (strcmp(state, "cancelled") == 0 &&
		   json_integer_value(json_object_get(w, "pending")) == 0);
}

/* Shows it, and again whenever it has changed, until it has ended. */
static enum err_class follow(
    struct cli *c, struct officer *o, uint32_t wave, struct err *e)
{
	bool again = cli_value(c, "follow") != NULL;
	struct arena arena = {0};
	json_t *before = NULL;
	enum err_class class;

	o->n.context.arena = &arena;
	do {
		json_t *w = NULL;

		class = node_now(&o->n.node, &o->n.context.now_us, e);
		if (class == ERR_NONE)
			class = ward_show(&o->n.context, wave, &w, e);
		if (class != ERR_NONE)
			break;
		again = again && !ended(w);
		if (before == NULL || !json_equal(before, w)) {
			json_decref(before);
			before = json_deep_copy(w);
			print_wave(c, w);
		}
		json_decref(w);
		arena_reset(&arena);
		if (again)
			(void)sleep(1);
	} while (again);
	json_decref(before);
	o->n.context.arena = &c->arena;
	arena_fini(&arena);
	return class;
}

static int show(struct cli *c)
{
	struct officer o;
	struct err e;
	uint32_t wave;
	enum err_class class = officer_open(c, 0, false, &o, &e);

	if (class == ERR_NONE)
		class = officer_wave(c->arg[1], &wave, &e);
	if (class == ERR_NONE)
		class = follow(c, &o, wave, &e);
	return officer_end(c, &o, class, &e, false);
}

const struct cli_command cmd_wave_new = {
    .words = "wave new",
    .args = "NODE",
    .help = "Puts a new wave together and prints its id. Each chosen claim "
	    "needs a basis of the list that serves its 科目, is in force and "
	    "allows the scope; else, as for 支援措置 and stopped subjects, "
	    "the subject is left out with the reason.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"name", "T", "its name"}, {"basis", "CODE[,…]", "根拠法令"},
	{"purpose", "T", "利用目的"}, {"base-date", "D", "調査基準日"},
	{"period", "D/D", "照会対象期間"},
	{"scope", "existence|balance|detail", "what is asked for"},
	{"institutions", "all|CODE,…", "where it is asked"},
	{"reason", "T", "why there (recorded for each)"},
	{"subjects", "FILE", "宛名番号[,科目] to choose; all if not given"},
	{"claim-kind", "CODE", "only this 科目"},
	{"min-amount", "YEN", "of the chosen claims together, at least"},
	{"min-age", "DAYS",
	    "since the last inquiry about the subject, at least"},
	{"deadline", "D", "回答期限; in 30 days if not given"}},
    .run = new,
};

#define MOVE_OPTIONS                                                           \
	{                                                                      \
		{                                                              \
			"reason", "T", "why; for return and cancel"            \
		}                                                              \
	}

const struct cli_command cmd_wave_submit = {
    .words = "wave submit",
    .args = "NODE WAVE",
    .help = "Hands a drafted wave to the approver; prints the new state.",
    .args_min = 2,
    .args_max = 2,
    .options = MOVE_OPTIONS,
    .run = submit,
};

const struct cli_command cmd_wave_approve = {
    .words = "wave approve",
    .args = "NODE WAVE",
    .help = "Approves a submitted wave; never one's own. It is then sent.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"for", "USER", "代決: on behalf of this approver"},
	{"reason", "T", "why; for return, cancel and --for"}},
    .run = approve,
};

const struct cli_command cmd_wave_return = {
    .words = "wave return",
    .args = "NODE WAVE",
    .help = "Gives a submitted wave back, with the reason.",
    .args_min = 2,
    .args_max = 2,
    .options = MOVE_OPTIONS,
    .run = give_back,
};

const struct cli_command cmd_wave_cancel = {
    .words = "wave cancel",
    .args = "NODE WAVE",
    .help = "Cancels a wave, with the reason. What has left is asked back: "
	    "the last holder answers cancelled or too late.",
    .args_min = 2,
    .args_max = 2,
    .options = MOVE_OPTIONS,
    .run = cancel,
};

const struct cli_command cmd_wave_resend = {
    .words = "wave resend",
    .args = "NODE WAVE",
    .help = "Sends the parts of the subjects again that the unit refused "
	    "whole, each once, as new messages; prints how many. Refusals: "
	    "wave show, refusals.",
    .args_min = 2,
    .args_max = 2,
    .run = resend,
};

const struct cli_command cmd_wave_list = {
    .words = "wave list",
    .args = "NODE",
    .help = "Lists all waves.",
    .args_min = 1,
    .args_max = 1,
    .run = list,
};

const struct cli_command cmd_wave_show = {
    .words = "wave show",
    .args = "NODE WAVE",
    .help = "Shows what became of a wave's inquiries, by institution, and "
	    "the numbered steps of each flow.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"follow", NULL, "again whenever it changes, to its end"}},
    .run = show,
};
