/* cmd_layout.c — rule files checked, tried on their examples, shown. */
#include "cli/commands.h"

#include "base/file.h"
#include "layout/layout.h"
#include "layout/layout_example.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)256 * 1024)
#define EXAMPLES_MAX 1000

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct telling {
	struct cli *c;
	const char *path;
};

/* One finding, as a refusal of docs/interface.md §1. */
static json_t *finding(const char *path, const struct err *f)
{
	return json_pack("{s:s,s:{s:s,s:I,s:I},s:s,s:{s:s,s:s},s:s}", "code",
	    f->code, "where", "file", path, "line", (json_int_t)f->line,
	    "column", (json_int_t)f->column, "level", "file", "why", "ja",
	    f->ja, "en", f->en, "detail", f->detail);
}

static void tell(void *ctx, const struct err *f)
{
	const struct telling *t = ctx;

	if (t->c->json) {
		cli_print(finding(t->path, f));
		return;
	}
	(void)printf("%s:%ld:%ld: %s: %s%s%s%s\n", t->path, f->line, f->column,
	    f->code, t->c->ja ? f->ja : f->en, f->detail[0] ? " (" : "",
	    f->detail, f->detail[0] ? ")" : "");
}

/* Loads a rule file, telling what is wrong with it; NULL and *exit_code. */
static struct layout *load(struct cli *c, const char *path, int *exit_code)
{
	struct telling t = {.c = c, .path = path};
	struct buf file = {0};
	struct layout *l = NULL;
	struct err e;
	enum err_class class;

	*exit_code = 0;
	if (file_read(path, FILE_MAX, &file, &e) != ERR_NONE) {
		buf_fini(&file);
		*exit_code = cli_fail(c, &e);
		return NULL;
	}
	class =
	    layout_load(buf_bytes(&file), base_name(path), tell, &t, &l, &e);
	buf_fini(&file);
	if (class != ERR_NONE)
		*exit_code = class == ERR_FAULT ? 6 : 1;
	return l;
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int run_check(struct cli *c)
{
	int result = 0;

	for (int i = 0; i < c->args; i++) {
		int exit_code;

		layout_free(load(c, c->arg[i], &exit_code));
		result = worse(result, exit_code);
	}
	return result;
}

/* ---- test ---- */

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_example(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 5 && strcmp(d->d_name + n - 5, ".yaml") == 0;
}

/* The folder examples/ beside the rule file. */
static char *examples_of(struct arena *a, const char *path)
{
	int n = (int)(base_name(path) - path);

	return arena_printf(a, "%.*sexamples", n, path);
}

static bool try_example(struct cli *c, struct layout *l, const char *path)
{
	struct telling t = {.c = c, .path = path};
	struct buf file = {0};
	struct err e;
	enum err_class class = file_read(path, FILE_MAX, &file, &e);

	if (class == ERR_NONE)
		class = layout_example_run(
		    l, buf_bytes(&file), base_name(path), &e);
	if (class != ERR_NONE)
		tell(&t, &e);
	buf_fini(&file);
	return class == ERR_NONE;
}

static void tell_no_examples(struct cli *c, const char *folder)
{
	struct telling t = {.c = c, .path = folder};
	struct err e;

	err_set(&e, ERR_INPUT, "layout.no_examples", "例がありません",
	    "no examples");
	tell(&t, &e);
}

/* A layout without examples has failed: nothing shows that it is right. */
static void try_layout(
    struct cli *c, const char *path, long *passed, long *failed)
{
	const char *folder = examples_of(&c->arena, path);
	struct dirent **names = NULL;
	int exit_code;
	struct layout *l = load(c, path, &exit_code);
	int n = l ? scandir(folder, &names, is_example, by_name) : -1;

	if (n <= 0) {
		if (l != NULL)
			tell_no_examples(c, folder);
		++*failed;
	}
	for (int i = 0; i < n; i++) {
		const char *file =
		    arena_printf(&c->arena, "%s/%s", folder, names[i]->d_name);

		if (i < EXAMPLES_MAX && try_example(c, l, file))
			++*passed;
		else
			++*failed;
		free(names[i]);
	}
	free(names);
	layout_free(l);
}

static int run_test(struct cli *c)
{
	long passed = 0;
	long failed = 0;

	for (int i = 0; i < c->args; i++)
		try_layout(c, c->arg[i], &passed, &failed);
	if (c->json)
		cli_print(json_pack("{s:I,s:I}", "passed", (json_int_t)passed,
		    "failed", (json_int_t)failed));
	else
		(void)printf("%ld passed, %ld failed\n", passed, failed);
	return failed != 0;
}

/* ---- show ---- */

static int run_show(struct cli *c)
{
	struct buf sheet = {0};
	int exit_code;
	struct layout *l = load(c, c->arg[0], &exit_code);

	if (l == NULL)
		return exit_code == 1 ? 3 : exit_code;
	layout_show(l, c->ja ? "ja" : "en", &sheet);
	if (c->json)
		cli_print(json_pack("{s:s,s:s,s:s,s:i,s:b,s:b,s:s#}", "code",
		    layout_institution(l), "name", layout_name(l), "from",
		    layout_version(l), "records_per_file",
		    (int)layout_records_per_file(l), "uses_address",
		    layout_uses_address(l), "uses_sex", layout_uses_sex(l),
		    "sheet", (const char *)sheet.p, (int)sheet.n));
	else
		(void)fwrite(sheet.p, 1, sheet.n, stdout);
	buf_fini(&sheet);
	layout_free(l);
	return 0;
}

const struct cli_command cmd_layout_check = {
    .words = "layout check",
    .args = "FILE…",
    .help = "says what is wrong with rule files, as "
	    "FILE:LINE:COLUMN: code: text; exit 1 if anything is.",
    .args_min = 1,
    .args_max = -1,
    .run = run_check,
};

const struct cli_command cmd_layout_test = {
    .words = "layout test",
    .args = "FILE…",
    .help = "tries rule files on the examples in the folder examples/ beside "
	    "each.\n       The last line is N passed, N failed.",
    .args_min = 1,
    .args_max = -1,
    .run = run_test,
};

const struct cli_command cmd_layout_show = {
    .words = "layout show",
    .args = "FILE",
    .help = "prints a rule file as a specification sheet for the bank to "
	    "confirm.",
    .args_min = 1,
    .args_max = 1,
    .run = run_show,
};
