/* cmd_book.c — `shokai exceptions list`, `shokai carry list|erased`. */
#include "cli/officer.h"
#include "parties/books.h"
#include "parties/ward_inquiry.h"

#include <stdlib.h>

static void exception_row(void *ctx, const struct book_exception *x)
{
	const struct cli *c = ctx;

	if (c->json)
		cli_print(books_exception_json(x));
	else
		(void)printf("%s  %-9.*s %.*s %.*s %.*s\n", x->inquiry,
		    (int)x->kind.n, x->kind.p, (int)x->reason.n, x->reason.p,
		    (int)x->item.n, x->item.p, (int)x->bad.n, x->bad.p);
}

static int exceptions(struct cli *c)
{
	struct cli_node n;
	struct err e;
	uint32_t wave;
	enum err_class class = cli_node_open(c, c->arg[0], -1, 0, &n, &e);

	if (class == ERR_NONE && n.node.party != STORE_WARD &&
	    n.node.party != STORE_UNIT)
		class = err_set(&e, ERR_DENIED, "node.party",
		    "自治体か中間処理ユニットのノードではありません",
		    "neither a ward's node nor a unit's");
	if (class == ERR_NONE)
		class = officer_wave(c->arg[1], &wave, &e);
	if (class == ERR_NONE)
		class = books_exceptions(&n.context, wave, cli_value(c, "kind"),
		    exception_row, c, &e);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

static int decide(struct cli *c, const char *item, const char *value)
{
	struct officer o;
	struct err e;
	enum err_class class =
	    officer_open(c, ROLE_OFFICER | ROLE_APPROVER, true, &o, &e);

	if (class == ERR_NONE)
		class = ward_inquiry_mend(&o.n.context, text_z(c->arg[1]),
		    &o.user, item, value, cli_value(c, "reason"), &e);
	return officer_end(c, &o, class, &e, true);
}

static int mend(struct cli *c)
{
	const char *item = cli_value(c, "item");

	if (item == NULL || cli_value(c, "value") == NULL)
		return cli_usage(c, "--item ITEM and --value TEXT are needed");
	return decide(c, item, cli_value(c, "value"));
}

static int release(struct cli *c)
{
	return decide(c, NULL, NULL);
}

static void carry_row(void *ctx, const struct book_carry *x)
{
	const struct cli *c = ctx;
	char at[CLOCK_TEXT];
	char erased[CLOCK_TEXT] = "";

	clock_format(x->at_us, at);
	if (x->erased_us != 0)
		clock_format(x->erased_us, erased);
	if (c->json)
		cli_print(books_carry_json(x));
	else
		(void)printf("%lld  %s  %-3.*s %.*s  %.*s  %lld/%lld  %s\n",
		    (long long)x->seq, at, (int)x->direction.n, x->direction.p,
		    (int)x->hub.n, x->hub.p, (int)x->name.n, x->name.p,
		    (long long)x->messages, (long long)x->records,
		    x->erased_us != 0 ? erased : "-");
}

static int carry_list(struct cli *c)
{
	struct cli_node n;
	struct err e;
	enum err_class class =
	    cli_node_open(c, c->arg[0], STORE_WARD, 0, &n, &e);

	if (class == ERR_NONE)
		class = books_carry(&n.context, carry_row, c, &e);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

static int carry_erased(struct cli *c)
{
	struct officer o;
	struct err e;
	int64_t no;
	enum err_class class;

	if (!text_to_int(text_z(c->arg[1]), INT32_MAX, &no))
		return cli_usage(c, "NO is the number of an entry");
	class = officer_open(c, ROLE_OFFICER | ROLE_APPROVER, false, &o, &e);
	if (class == ERR_NONE)
		class = books_erased(&o.n.context, no, &o.user, &e);
	return officer_end(c, &o, class, &e, false);
}

const struct cli_command cmd_exceptions_list = {
    .words = "exceptions list",
    .args = "NODE WAVE",
    .help = "Lists the inquiries of a wave that are in no file, by 管理番号, "
	    "with the reason (at a ward or a unit). A held one names the item, "
	    "the place in it and the character.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"kind", "held|excluded|reused|paper|cancelled",
	"these alone"}},
    .run = exceptions,
};

const struct cli_command cmd_exceptions_mend = {
    .words = "exceptions mend",
    .args = "NODE 管理番号",
    .help = "An inquiry that its layout held is converted again with another "
	    "value for an item of the subject, in this inquiry alone.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"item", "ITEM", "which item, by its name"},
	{"value", "TEXT", "what it is to say"}, {"reason", "T", "why"}},
    .run = mend,
};

const struct cli_command cmd_exceptions_release = {
    .words = "exceptions release",
    .args = "NODE 管理番号",
    .help =
	"An inquiry that its layout held for a loss is converted again and "
	"sent with that loss. What the institution's form cannot say at all "
	"stays held.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"reason", "T", "why"}},
    .run = release,
};

const struct cli_command cmd_carry_list = {
    .words = "carry list",
    .args = "NODE",
    .help =
	"媒体受渡簿: every medium carried out to a hub or in from one, with "
	"counts, digest and when it was erased.",
    .args_min = 1,
    .args_max = 1,
    .run = carry_list,
};

const struct cli_command cmd_carry_erased = {
    .words = "carry erased",
    .args = "NODE NO",
    .help = "Enters that the medium of an entry has been erased; logged with "
	    "the officer. A repeat changes nothing.",
    .args_min = 2,
    .args_max = 2,
    .run = carry_erased,
};
