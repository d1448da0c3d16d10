/* cmd_layouts.c — `shokai layout install|list`: the rule files of a node. */
#include "base/file.h"
#include "cli/cli_node.h"

#include <dirent.h>
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

static void list_versions(
    struct cli *c, const char *dir, const char *institution)
{
	char *path = arena_printf(&c->arena, "%s/%s", dir, institution);
	DIR *d = opendir(path);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		const char *z = entry->d_name;

		if (strlen(z) != 15 || strcmp(z + 10, ".yaml") != 0)
			continue;
		if (c->json)
			cli_print(json_pack("{s:s,s:s%}", "institution",
			    institution, "version", z, (size_t)10));
		else
			(void)printf("%s %.10s\n", institution, z);
	}
	if (d != NULL)
		(void)closedir(d);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int list(struct cli *c)
{
	struct node node;
	struct err e;
	struct dirent **names = NULL;
	char *dir;
	int n;

	if (node_load(c->arg[0], &node, &e) != ERR_NONE) {
		node_fini(&node);
		return cli_fail(c, &e);
	}
	dir = node_path(&node, &c->arena, "layouts");
	n = scandir(dir, &names, NULL, by_name);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			list_versions(c, dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	node_fini(&node);
	return 0;
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
