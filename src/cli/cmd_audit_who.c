/* cmd_audit_who.c — `shokai audit who`: who read a subject's data. */
#include "cli/cli.h"
#include "cli/cli_node.h"
#include "parties/ward_person.h"

#include <stdio.h>

static const char *field(json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static void print_access(struct cli *c, json_t *row)
{
	if (c->json) {
		cli_print(json_incref(row));
		return;
	}
	(void)printf("%.19s  %-12s %-10s %s %s  %s\n", field(row, "at"),
	    field(row, "actor"), field(row, "action"), field(row, "kind"),
	    field(row, "object"), field(row, "purpose"));
}

static void print_found(struct cli *c, json_t *found)
{
	json_t *row;
	size_t i;

	if (!c->json)
		(void)puts(c->ja ? "日時                 利用者       操作     "
				   "  対象  目的"
				 : "time                 actor        action   "
				   "  object  purpose");
	json_array_foreach(found, i, row) print_access(c, row);
}

static int who(struct cli *c)
{
	struct cli_node n = {0};
	json_t *found = NULL;
	struct ward_user user;
	struct err e;
	enum err_class class;

	if (c->as == NULL)
		return cli_usage(c, "--as USER is needed");
	if (!text_is_digits(text_z(c->arg[1]), 1, 15))
		return cli_usage(c, "宛名番号 has 1 to 15 digits");
	class = cli_node_open(c, c->arg[0], -1, 0, &n, &e);
	if (class == ERR_NONE)
		class = ward_user_acting(
		    &n.context, c->as, ROLE_AUDITOR, &user, &e);
	if (class == ERR_NONE)
		class = ward_person_who_all(
		    &n.context, c->arg[1], user.name, &found, &e);
	if (class == ERR_NONE)
		print_found(c, found);
	json_decref(found);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_audit_who = {
    .words = "audit who",
    .args = "NODE 宛名番号",
    .help = "Who has read or changed a subject's data, and when; asking is "
	    "logged as a reading itself. --as: an auditor of the node.",
    .args_min = 2,
    .args_max = 2,
    .run = who,
};
