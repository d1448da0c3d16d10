/* cmd_api.c — `shokai api routes`: the help of the desk's API, from the table
 * that declares its routes. Opens no node. */
#include "api/route.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "exchange/node.h"

#include <stdio.h>

static json_t *roles_of(const struct route *r)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ROLE_BITS; i++)
		if ((r->roles & 1U << i) != 0)
			(void)json_array_append_new(
			    list, json_string(ward_user_role_name(
				      (enum ward_user_role_bit)i)));
	return list;
}

static void print_json(const struct route *r)
{
	cli_print(json_pack("{s:s,s:s+,s:o,s:b,s:s}", "method", r->method,
	    "path", ROUTE_PREFIX, r->path, "roles", roles_of(r), "open",
	    (r->flags & ROUTE_OPEN) != 0, "help", r->help));
}

static void print_line(const struct route *r)
{
	char roles[WARD_USER_ROLES_TEXT];

	ward_user_roles_text(r->roles, roles);
	(void)printf("%-6s " ROUTE_PREFIX "%s\n       %s\n       %s\n",
	    r->method, r->path,
	    (r->flags & ROUTE_OPEN) != 0 ? "without signing in"
	    : r->roles == ROUTE_ANYONE	 ? "any role"
					 : roles,
	    r->help);
}

static int run(struct cli *c)
{
	const char *name = cli_value(c, "party");
	enum store_party party = STORE_WARD;
	const struct route *table;
	size_t n;

	if (name != NULL && !node_party_named(text_z(name), &party))
		return cli_usage(c, "--party takes ward, unit, hub or bank");
	table = route_table(&n);
	for (size_t i = 0; i < n; i++) {
		if ((table[i].parties & ROUTE_PARTY(party)) == 0)
			continue;
		if (c->json)
			print_json(&table[i]);
		else
			print_line(&table[i]);
	}
	return 0;
}

const struct cli_command cmd_api_routes = {
    .words = "api routes",
    .args = "",
    .help = "Lists the routes of a desk's API: method, address, who may call "
	    "it, what it does (openapi.json, the permission check and this "
	    "come from one table).",
    .args_min = 0,
    .args_max = 0,
    .options = {{"party", "PARTY", "ward (default), unit, hub or bank"}},
    .run = run,
};
