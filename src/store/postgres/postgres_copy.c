/*
 * postgres_copy.c — the database as pg_dump writes it, and back by
 * pg_restore: the server's own programs know every type, and take one
 * snapshot while others write.
 *
 * They are given the connection by libpq's environment variables
 * (postgresql.org/docs/15/libpq-envars.html): a password stands on no command
 * line. What they say goes nowhere: it may name what no log may hold (S5).
 */
#include "store/postgres/postgres_internal.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_PROGRAM 127 /* as of a shell */
#define SCHEMA_NAME 64
#define SCHEMA_MAX 160

/* In the child. in, out: -1 for nothing. */
_Noreturn static void become(
    const PQconninfoOption *all, const char *const *argv, int in, int out)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (; all->keyword != NULL; all++)
		if (all->envvar != NULL && all->val != NULL &&
		    all->val[0] != '\0')
			(void)setenv(all->envvar, all->val, 1);
	if (dup2(in >= 0 ? in : nothing, STDIN_FILENO) < 0 ||
	    dup2(out >= 0 ? out : nothing, STDOUT_FILENO) < 0 ||
	    dup2(nothing, STDERR_FILENO) < 0)
		_exit(1);
	(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(NO_PROGRAM);
}

static enum err_class start(struct postgres_db *db, const char *const *argv,
    int in, int out, pid_t *pid, struct err *e)
{
	PQconninfoOption *all = PQconninfo(db->conn);

	if (all == NULL)
		abort(); /* out of memory */
	*pid = fork();
	if (*pid == 0)
		become(all, argv, in, out);
	PQconninfoFree(all);
	return *pid > 0 ? ERR_NONE : err_errno(e, "fork");
}

static enum err_class await(pid_t pid, const char *program, struct err *e)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(e, program);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ERR_NONE;
	err_set(e, ERR_FAULT, "store.program",
	    "PostgreSQL のプログラムが失敗しました。サーバーと同じ版が"
	    "入っているか確認してください",
	    "a program of PostgreSQL failed: see that it is installed, and no "
	    "older than the server");
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_PROGRAM)
		return err_detail(e, "%s: not found", program);
	return err_detail(e, "%s: status %d", program, status);
}

/* The schema at hand, by its name. */
static enum err_class schema_of(
    struct postgres_db *db, char name[SCHEMA_NAME], struct err *e)
{
	TRY(postgres_connect_reach(db, e));
	return postgres_connect_ask(
	    db, "SELECT current_schema()", NULL, name, SCHEMA_NAME, e);
}

/* pg_dump takes a pattern: this one matches that schema alone. */
static enum err_class schema_pattern(
    struct postgres_db *db, char out[SCHEMA_MAX], struct err *e)
{
	char name[SCHEMA_NAME];
	size_t n;

	TRY(schema_of(db, name, e));
	n = (size_t)snprintf(out, SCHEMA_MAX, "--schema=\"");
	for (const char *p = name; *p != '\0'; p++) {
		if (*p == '"')
			out[n++] = '"';
		out[n++] = *p;
	}
	memcpy(out + n, "\"", 2);
	return ERR_NONE;
}

enum err_class postgres_copy_dump(
    void *p, store_put *put, void *ctx, struct err *e)
{
	struct postgres_db *db = p;
	char schema[SCHEMA_MAX];
	const char *const argv[] = {"pg_dump", "--format=custom",
	    "--compress=0", "--no-owner", "--no-privileges", "--no-password",
	    schema, NULL};
	enum err_class c;
	struct err failed;
	pid_t pid;
	int ends[2];

	TRY(schema_pattern(db, schema, e));
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_errno(e, "pipe");
	c = start(db, argv, -1, ends[1], &pid, e);
	(void)close(ends[1]);
	if (c == ERR_NONE) {
		c = file_each(ends[0], put, ctx, e);
		/* Where nobody takes more, it ends by SIGPIPE. */
		(void)close(ends[0]);
		ends[0] = -1;
		if (c == ERR_NONE)
			c = await(pid, argv[0], e);
		else
			(void)await(pid, argv[0], &failed);
	}
	if (ends[0] >= 0)
		(void)close(ends[0]);
	return c;
}

/* In one transaction: all of it, or nothing. */
static enum err_class load_all(struct postgres_db *db, int fd, struct err *e)
{
	char schema[SCHEMA_NAME];
	/* Which database: the environment says. */
	const char *const argv[] = {"pg_restore", "--single-transaction",
	    "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
	    "--schema", schema, "--dbname=", NULL};
	pid_t pid;

	TRY(schema_of(db, schema, e));
	TRY(postgres_open_empty(db, e));
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(e, "seek");
	TRY(start(db, argv, fd, -1, &pid, e));
	return await(pid, argv[0], e);
}

enum err_class postgres_copy_load(struct text place, int fd, struct err *e)
{
	struct postgres_db *db = postgres_open_new(place);
	enum err_class c = load_all(db, fd, e);

	postgres_open_close(db);
	return c;
}
