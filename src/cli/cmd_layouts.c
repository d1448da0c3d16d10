/* cmd_layouts.c — `shokai layout install|list`: the rule files of a node. */
#include "base/file.h"
#include "cli/cli_node.h"

#include <stdlib.h>

static int install(struct cli *c)
{
	const char *slash = strrchr(c->arg[1], '/');
	const char *name = slash != NULL ? slash + 1 : c->arg[1];
	struct node node;
	struct err e;
	struct buf yaml = {0};
	enum err_class class = node_load(c->arg[0], &node, &e);

	if (class == ERR_NONE)
		class = file_read(c->arg[1], (size_t)256 * 1024, &yaml, &e);
	if (class == ERR_NONE)
		class = layouts_install(node_path(&node, &c->arena, "layouts"),
		    buf_bytes(&yaml), name, cli_value(c, "code"), &e);
	buf_fini(&yaml);
	node_fini(&node);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_layout_install = {
    .words = "layout install",
    .args = "NODE FILE",
    .help = "Installs a rule file into a node; what `layout check` refuses "
	    "is refused.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"code", "CODE",
	"install it under another (fictional) "
	"institution code"}},
    .run = install,
};

static void print_version(
    void *ctx, const char *institution, const char *version)
{
	const struct cli *c = ctx;

	if (c->json)
		cli_print(json_pack("{s:s,s:s}", "institution", institution,
		    "version", version));
	else
		(void)printf("%s %s\n", institution, version);
}

static int list(struct cli *c)
{
	struct node node;
	struct err e;
	enum err_class class = node_load(c->arg[0], &node, &e);

	if (class == ERR_NONE)
		layouts_list(
		    node_path(&node, &c->arena, "layouts"), print_version, c);
	node_fini(&node);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_layout_list = {
    .words = "layout list",
    .args = "NODE",
    .help = "Lists the layouts installed in a node: institution and version "
	    "(the day from which it is valid).",
    .args_min = 1,
    .args_max = 1,
    .run = list,
};
