/* cmd_inquiry.c — `shokai inquiry show|withdraw|reask|end`. */
#include "cli/officer.h"
#include "parties/unit_inquiry.h"
#include "parties/ward_inquiry.h"

#include <stdio.h>
#include <stdlib.h>

#define ROLES (ROLE_OFFICER | ROLE_APPROVER)

static int show(struct cli *c)
{
	struct officer o;
	struct err e;
	json_t *j = NULL;
	enum err_class class =
	    officer_open_asked(c, ROLES | ROLE_AUDITOR, &o, &e);

	if (class == ERR_NONE)
		class = (o.n.node.party == STORE_UNIT ? unit_inquiry_show
						      : ward_inquiry_show)(
		    &o.n.context, text_z(c->arg[1]), &o.user, &j, &e);
	if (class == ERR_NONE && !c->json) {
		char *z = json_dumps(j, JSON_INDENT(2));

		if (z == NULL)
			abort();
		(void)puts(z);
		free(z);
		json_decref(j);
	} else if (class == ERR_NONE) {
		cli_print(j);
	}
	return officer_end(c, &o, class, &e, false);
}

static int withdraw(struct cli *c)
{
	struct officer o;
	struct err e;
	enum err_class class = officer_open(c, ROLES, true, &o, &e);

	if (class == ERR_NONE)
		class = ward_inquiry_withdraw(&o.n.context, text_z(c->arg[1]),
		    &o.user, cli_value(c, "reason"), &e);
	return officer_end(c, &o, class, &e, true);
}

static int reask(struct cli *c)
{
	struct officer o;
	struct err e;
	uint32_t wave;
	char id[4];
	enum err_class class = officer_open(c, ROLE_OFFICER, false, &o, &e);

	if (class == ERR_NONE)
		class = ward_inquiry_reask(
		    &o.n.context, text_z(c->arg[1]), &o.user, &wave, &e);
	if (class == ERR_NONE) {
		(void)kanri_wave_format(wave, id);
		cli_word(c, "wave", id);
	}
	return officer_end(c, &o, class, &e, false);
}

static int end(struct cli *c)
{
	struct officer o;
	struct err e;
	enum err_class class = officer_open(c, ROLES, false, &o, &e);

	if (class == ERR_NONE)
		class = ward_inquiry_end(&o.n.context, text_z(c->arg[1]),
		    &o.user, cli_value(c, "reason"), &e);
	return officer_end(c, &o, class, &e, false);
}

const struct cli_command cmd_inquiry_show = {
    .words = "inquiry show",
    .args = "NODE 管理番号",
    .help = "Shows one inquiry: the subject as asked, each item with its "
	    "source and what the layout makes of it, the answer canonical and "
	    "raw, corrections and steps. At a unit: the subject as the ward "
	    "sent it, each item likewise, recomputed by the versions by which "
	    "it was sent and proved by what was kept (record: proved), why it "
	    "is held, its file; no answer is kept there. The reading is "
	    "logged.",
    .args_min = 2,
    .args_max = 2,
    .run = show,
};

const struct cli_command cmd_inquiry_withdraw = {
    .words = "inquiry withdraw",
    .args = "NODE 管理番号",
    .help = "取下げ: asks the unit not to send this inquiry. One that has "
	    "left is refused.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"reason", "T", "why"}},
    .run = withdraw,
};

const struct cli_command cmd_inquiry_reask = {
    .words = "inquiry reask",
    .args = "NODE 管理番号",
    .help = "再照会: drafts a new wave with this subject and institution "
	    "alone, which points to the old inquiry; prints its id.",
    .args_min = 2,
    .args_max = 2,
    .run = reask,
};

const struct cli_command cmd_inquiry_end = {
    .words = "inquiry end",
    .args = "NODE 管理番号",
    .help = "打切り: an answer that is open (要確認, 一部回答) is final.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"reason", "T", "why"}},
    .run = end,
};
