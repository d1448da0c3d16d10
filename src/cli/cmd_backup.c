/* cmd_backup.c — `shokai backup` and `shokai restore`. */
#include "cli/cli_node.h"
#include "parties/backup.h"
#include "parties/restored.h"

#define MIB ((int64_t)1024 * 1024)

static enum err_class read_secret(
    struct cli *c, struct backup_secret *out, struct err *e)
{
	const char *key = cli_value(c, "key-file");
	const char *passphrase = cli_value(c, "passphrase-file");

	return backup_file_secret(
	    key != NULL ? key : passphrase, key == NULL, &c->arena, out, e);
}

static bool one_secret(struct cli *c)
{
	return (cli_value(c, "key-file") != NULL) !=
	       (cli_value(c, "passphrase-file") != NULL);
}

static void far(void *ctx, int64_t done, int64_t of)
{
	struct cli *c = ctx;

	(void)of;
	cli_progress(c, "MiB", (long)(done / MIB), 0);
}

static json_t *told_json(const struct backup_told *t)
{
	return json_pack("{s:s,s:s,s:s,s:I,s:I}", "code", t->code, "party",
	    t->party, "at", t->at, "files", (json_int_t)t->files, "bytes",
	    (json_int_t)t->bytes);
}

static enum err_class write_backup(
    struct cli *c, struct cli_node *n, struct backup_told *told, struct err *e)
{
	struct watch watch = {.far = far, .ctx = c};
	struct backup_secret secret;
	struct backup_out *o;
	enum err_class class;

	TRY(read_secret(c, &secret, e));
	TRY(backup_file_begin(
	    cli_value(c, "out"), c->force, &secret, &n->context.random, &o, e));
	class = backup_write(&n->context, o, &watch, told, e);
	if (class == ERR_NONE)
		return backup_file_end(o, e);
	backup_file_abandon(o);
	return class;
}

static int backup(struct cli *c)
{
	const char *out = cli_value(c, "out");
	struct backup_told told;
	struct cli_node n;
	struct err e;
	enum err_class class;

	if (out == NULL || !one_secret(c))
		return cli_usage(c, "--out and one of --key-file, "
				    "--passphrase-file are needed");
	class = cli_node_open(c, c->arg[0], -1, 0, &n, &e);
	if (class == ERR_NONE)
		class = write_backup(c, &n, &told, &e);
	cli_node_close(&n);
	cli_progress_end(c);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	if (strcmp(out, "-") != 0)
		cli_print(told_json(&told));
	return 0;
}

const struct cli_command cmd_backup = {
    .words = "backup",
    .args = "NODE",
    .help = "Writes an encrypted copy of a node, database, keys and settings, "
	    "while it serves. Prints what it holds. The key file, or the "
	    "passphrase, is all that opens it: keep it elsewhere, twice.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"out", "FILE", "where it goes; - is standard output"},
	{"key-file", "FILE", "32 to 4,096 random bytes"},
	{"passphrase-file", "FILE", "or a passphrase, in its first line"}},
    .run = backup,
};

struct asking {
	struct cli *c;
	size_t asked;
};

/* The schema first; then the neighbours are asked, before it can be served. */
static enum err_class ready(void *ctx, const char *node, struct err *e)
{
	struct asking *a = ctx;
	struct cli_node n;
	enum err_class class;

	TRY(cli_node_upgrade(node, e));
	class = cli_node_open(
	    a->c, node, -1, CLI_NODE_KEYS | CLI_NODE_PEERS, &n, e);
	if (class == ERR_NONE)
		class = restored_ask(&n.context, &a->asked, e);
	cli_node_close(&n);
	return class;
}

static enum err_class put_back(
    struct cli *c, struct asking *a, struct backup_told *told, struct err *e)
{
	struct watch watch = {.far = far, .ctx = c};
	struct backup_restoring r = {.to = cli_value(c, "to"),
	    .ready = ready,
	    .ctx = a,
	    .watch = &watch};
	struct backup_secret secret;
	struct backup_in *i;
	enum err_class class;

	TRY(read_secret(c, &secret, e));
	TRY(backup_file_open(c->arg[0], &secret, &i, e));
	class = backup_restore(i, &r, told, e);
	backup_file_shut(i);
	return class;
}

static int restore(struct cli *c)
{
	struct asking a = {.c = c};
	struct backup_told told;
	struct err e;
	enum err_class class;
	json_t *j;

	if (cli_value(c, "to") == NULL || !one_secret(c))
		return cli_usage(c, "--to and one of --key-file, "
				    "--passphrase-file are needed");
	class = put_back(c, &a, &told, &e);
	cli_progress_end(c);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	j = told_json(&told);
	(void)json_object_set_new(
	    j, "asked", json_integer((json_int_t)a.asked));
	cli_print(j);
	return 0;
}

const struct cli_command cmd_restore = {
    .words = "restore",
    .args = "FILE",
    .help = "Makes a node from a backup, into an empty folder (and an empty "
	    "PostgreSQL database, if it had one), and has it ask its "
	    "neighbours for what it lost since. Then `shokai serve`; `shokai "
	    "node restored` shows who has answered. Never beside the original.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"to", "NODE", "an empty folder, or a new one"},
	{"key-file", "FILE", "what the backup was made with"},
	{"passphrase-file", "FILE", "or the passphrase"}},
    .run = restore,
};
