/* cli.c — see cli.h. */
#include "cli/cli.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_option common[] = {
    {"json", NULL, "print results as JSON"},
    {"lang", "ja|en", "language of messages"},
    {"as", "USER", "the acting officer, a user of the node"},
    {"errors", "FILE", "write refusals there instead of stderr"},
    {"force", NULL, "replace files that exist"},
    {"help", NULL, "this text"},
    {"version", NULL, "the program's version"},
};
#define COMMON_COUNT (sizeof(common) / sizeof(*common))

static int words(const char *z)
{
	int n = 1;

	for (; *z != '\0'; z++)
		n += *z == ' ';
	return n;
}

/* How many of argv's words name this command; 0 if they do not. */
static int names(const struct cli_command *cmd, int argc, char **argv)
{
	const char *z = cmd->words;
	int n = words(z);

	if (argc < n)
		return 0;
	for (int i = 0; i < n; i++) {
		size_t length = strcspn(z, " ");

		if (strlen(argv[i]) != length ||
		    memcmp(argv[i], z, length) != 0)
			return 0;
		z += length + (z[length] == ' ');
	}
	return n;
}

static void help_options(const struct cli_option *o, size_t max)
{
	for (size_t i = 0; i < max && o[i].name != NULL; i++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "--%s%s%s", o[i].name,
		    o[i].arg ? " " : "", o[i].arg ? o[i].arg : "");
		(void)printf("       %-28s %s\n", left, o[i].help);
	}
}

/* Is it about rule files, which have a document of their own? */
static bool about_layouts(const struct cli_command *cmd)
{
	if (strncmp(cmd->words, "layout ", 7) == 0)
		return true;
	for (int i = 0; i < CLI_OPTIONS_MAX && cmd->options[i].name; i++)
		if (strcmp(cmd->options[i].name, "layout") == 0)
			return true;
	return false;
}

static int help_command(const struct cli_command *cmd)
{
	(void)printf("NAME\n       shokai %s\n\nSYNOPSIS\n"
		     "       shokai %s [OPTIONS]%s%s\n\nDESCRIPTION\n"
		     "       %s\n\nOPTIONS\n",
	    cmd->words, cmd->words, cmd->args[0] ? " " : "", cmd->args,
	    cmd->help);
	help_options(cmd->options, CLI_OPTIONS_MAX);
	help_options(common, COMMON_COUNT);
	(void)printf(
	    "\nEXIT STATUS\n"
	    "       0 done   1 done, and the answer is no   2 usage, "
	    "or not built\n"
	    "       3 input refused, nothing changed   4 not allowed\n"
	    "       5 busy, unreachable or unsure: run again   6 fault\n"
	    "\nSEE ALSO\n       docs/interface.md%s\n",
	    about_layouts(cmd) ? ", docs/layout.md (docs/ja/layout.md)" : "");
	return 0;
}

static int help_all(const struct cli_command *const *commands)
{
	(void)printf("shokai — asks institutions about a debtor's assets, and "
		     "brings their answers back\n\nUSAGE\n"
		     "       shokai COMMAND [OPTIONS] ARGUMENTS\n"
		     "       shokai COMMAND --help\n\nCOMMANDS\n");
	for (; *commands != NULL; commands++) {
		const char *h = (*commands)->help;
		int n = (int)strcspn(h, ".;\n");

		(void)printf("       %-20s %.*s%s\n", (*commands)->words, n, h,
		    (*commands)->run == cli_not_built ? " (not built yet)"
						      : "");
	}
	return 0;
}

const char *cli_value(const struct cli *c, const char *name)
{
	const struct cli_option *o = c->command->options;

	for (int i = 0; i < CLI_OPTIONS_MAX && o[i].name != NULL; i++)
		if (strcmp(o[i].name, name) == 0)
			return c->value[i];
	abort(); /* the command asks for an option it does not declare */
}

long cli_int(struct cli *c, const char *name, long min, long max, long dflt)
{
	const char *z = cli_value(c, name);
	char *end;
	long v;

	if (z == NULL)
		return dflt;
	v = strtol(z, &end, 10);
	if (*z == '\0' || *end != '\0' || v < min || v > max)
		exit(cli_usage(
		    c, "--%s takes a number from %ld to %ld", name, min, max));
	return v;
}

int cli_usage(struct cli *c, const char *fmt, ...)
{
	va_list ap;

	(void)fprintf(stderr, "shokai %s: ", c->command->words);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fprintf(stderr, "\n  see: shokai %s --help\n", c->command->words);
	return 2;
}

int cli_not_built(struct cli *c)
{
	(void)fprintf(stderr, "shokai %s: %s\n", c->command->words,
	    c->ja ? "まだ作られていません" : "not built yet");
	return 2;
}

int cli_fail(struct cli *c, const struct err *e)
{
	refusals_print(c->refusals.out ? c->refusals.out : stderr, e);
	return err_exit(e->class);
}

void cli_print(json_t *j)
{
	char *z = json_dumps(j, JSON_COMPACT);

	if (z == NULL)
		abort();
	(void)puts(z);
	free(z);
	json_decref(j);
}

void cli_word(struct cli *c, const char *key, const char *value)
{
	if (c->json)
		cli_print(json_pack("{ss}", key, value));
	else
		(void)puts(value);
}

void cli_progress(struct cli *c, const char *what, long done, long total)
{
	static const int64_t drawn = CLOCK_SECOND / 5;
	static int64_t last;
	int64_t now = clock_monotonic();

	if (last == 0)
		last = now;
	if (now - last < (c->progress ? drawn : 5 * CLOCK_SECOND))
		return;
	last = now;
	if (c->progress)
		(void)fprintf(stderr, "\r\033[K");
	if (total > 0)
		(void)fprintf(stderr, "%s %ld/%ld (%ld%%)", what, done, total,
		    done * 100 / total);
	else
		(void)fprintf(stderr, "%s %ld", what, done);
	if (!c->progress)
		(void)fputc('\n', stderr);
	(void)fflush(stderr);
}

void cli_progress_end(struct cli *c)
{
	if (c->progress)
		(void)fprintf(stderr, "\r\033[K");
}

/* Takes --NAME[=VALUE] at argv[*i] into c; false after a usage error. */
static bool take_option(
    struct cli *c, int argc, char **argv, int *i, const char **common_value)
{
	const char *z = argv[*i] + 2;
	size_t length = strcspn(z, "=");
	const struct cli_option *found = NULL;
	const char **slot = NULL;

	for (int k = 0; k < CLI_OPTIONS_MAX; k++) {
		const struct cli_option *o = &c->command->options[k];

		if (o->name == NULL)
			break;
		if (strlen(o->name) == length &&
		    memcmp(o->name, z, length) == 0) {
			found = o;
			slot = &c->value[k];
		}
	}
	for (size_t k = 0; k < COMMON_COUNT && found == NULL; k++)
		if (strlen(common[k].name) == length &&
		    memcmp(common[k].name, z, length) == 0) {
			found = &common[k];
			slot = &common_value[k];
		}
	if (found == NULL) {
		(void)cli_usage(c, "no option --%.*s", (int)length, z);
		return false;
	}
	if (found->arg == NULL) {
		if (z[length] == '=') {
			(void)cli_usage(c, "--%s takes no value", found->name);
			return false;
		}
		*slot = "";
		return true;
	}
	if (z[length] == '=') {
		*slot = z + length + 1;
		return true;
	}
	if (*i + 1 >= argc) {
		(void)cli_usage(c, "--%s needs %s", found->name, found->arg);
		return false;
	}
	*slot = argv[++*i];
	return true;
}

static bool parse(
    struct cli *c, int argc, char **argv, const char **common_value)
{
	bool options = true;

	for (int i = 0; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strncmp(argv[i], "--", 2) == 0) {
			if (!take_option(c, argc, argv, &i, common_value))
				return false;
		} else if (c->args == CLI_ARGS_MAX) {
			(void)cli_usage(c, "too many arguments");
			return false;
		} else {
			c->arg[c->args++] = argv[i];
		}
	}
	return true;
}

static bool japanese(const char *lang)
{
	if (lang == NULL)
		lang = getenv("LANG");
	return lang == NULL || strncmp(lang, "en", 2) != 0;
}

static bool known_language(const char *lang)
{
	return lang == NULL || strcmp(lang, "ja") == 0 ||
	       strcmp(lang, "en") == 0;
}

static bool asks(const char *name, int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return false;
}

/* Refusals go to --errors FILE when the command has ended: the file is whole
 * or not there, and one that exists is refused before anything is done. */
struct refusal_file {
	const char *path; /* NULL: stderr */
	char *written;
	size_t length;
};

static enum err_class refusals_open(
    struct cli *c, struct refusal_file *f, struct err *e)
{
	struct file probe;

	c->refusals.out = stderr;
	if (f->path != NULL && strcmp(f->path, "-") == 0) {
		c->refusals.out = stdout;
		f->path = NULL;
	}
	if (f->path == NULL)
		return ERR_NONE;
	TRY(file_create(&probe, f->path, 0600, c->force, e));
	file_abandon(&probe);
	c->refusals.out = open_memstream(&f->written, &f->length);
	if (c->refusals.out == NULL)
		abort(); /* out of memory */
	return ERR_NONE;
}

static int refusals_close(struct cli *c, struct refusal_file *f, int exit_code)
{
	struct err e;

	refusals_end(&c->refusals);
	if (f->path == NULL)
		return exit_code;
	if (fclose(c->refusals.out) != 0)
		abort(); /* out of memory */
	c->refusals.out = stderr;
	if (file_put(f->path, BYTES(f->written, f->length), 0600, c->force,
		&e) != ERR_NONE)
		exit_code = cli_fail(c, &e);
	free(f->written);
	return exit_code;
}

static int run(struct cli *c, int argc, char **argv)
{
	const char *shared[COMMON_COUNT] = {NULL};
	int max = c->command->args_max;
	struct refusal_file file = {0};
	struct err e;
	int exit_code;

	c->ja = japanese(NULL);
	if (!parse(c, argc, argv, shared))
		return 2;
	if (!known_language(shared[1]))
		return cli_usage(c, "--lang takes ja or en");
	if (c->args < c->command->args_min || (max >= 0 && c->args > max))
		return cli_usage(c, "expected: %s",
		    c->command->args[0] ? c->command->args : "no arguments");
	c->json = shared[0] != NULL;
	c->ja = japanese(shared[1]);
	c->as = shared[2];
	c->force = shared[4] != NULL;
	c->progress = isatty(STDERR_FILENO) == 1;
	file.path = shared[3];
	if (refusals_open(c, &file, &e) != ERR_NONE)
		return cli_fail(c, &e);
	exit_code = c->command->run(c);
	exit_code = refusals_close(c, &file, exit_code);
	if (fflush(stdout) != 0 || ferror(stdout))
		exit_code = 6;
	arena_fini(&c->arena);
	return exit_code;
}

/* The commands of a family (`wave new`, `wave show` …), or all of them. */
static int unknown(const struct cli_command *const *commands, char **argv)
{
	size_t n = strlen(argv[1]);
	const char *sep = "  it has: ";

	(void)fprintf(stderr, "shokai: no command '%s%s%s'\n", argv[1],
	    argv[2] != NULL ? " " : "", argv[2] != NULL ? argv[2] : "");
	for (; *commands != NULL; commands++) {
		const char *z = (*commands)->words;

		if (strncmp(z, argv[1], n) != 0 || z[n] != ' ')
			continue;
		(void)fprintf(stderr, "%s%s", sep, z);
		sep = ", ";
	}
	(void)fprintf(
	    stderr, "%s  see: shokai --help\n", sep[0] == ',' ? "\n" : "");
	return 2;
}

int cli_main(const struct cli_command *const *commands, int argc, char **argv)
{
	struct cli c = {0};
	int used = 0;

	memory_guard();
	if (argc < 2 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		(void)help_all(commands);
		return argc < 2 ? 2 : 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)puts("shokai " SHOKAI_VERSION);
		return 0;
	}
	for (int i = 0; commands[i] != NULL; i++) {
		int n = names(commands[i], argc - 1, argv + 1);

		if (n > used) {
			used = n;
			c.command = commands[i];
		}
	}
	if (c.command == NULL)
		return unknown(commands, argv);
	if (asks("--help", argc - 1, argv + 1))
		return help_command(c.command);
	if (asks("--version", argc - 1, argv + 1)) {
		(void)puts("shokai " SHOKAI_VERSION);
		return 0;
	}
	return run(&c, argc - 1 - used, argv + 1 + used);
}
