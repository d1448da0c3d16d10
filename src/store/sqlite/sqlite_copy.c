/*
 * sqlite_copy.c — the database as one file, and the file as a database.
 *
 * The copy is made by SQLite's backup (sqlite.org/backup.html) from within a
 * read transaction: one moment, in steps, and writers do not wait. It goes to
 * a file beside the database that loses its name as soon as it is open: a
 * process that dies leaves nothing that somebody could find.
 */
#include "store/sqlite/sqlite_internal.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STEP_PAGES 2048

/* The copy on its way. */
struct copy {
	struct sqlite_db *db;
	sqlite3 *to;
	int fd;
};

static int exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Opens path for SQLite and for us, and takes its name away. */
static int open_copy(struct copy *c, const char *path)
{
	int rc;

	(void)unlink(path);
	c->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (c->fd < 0)
		return errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL
							  : SQLITE_CANTOPEN;
	rc = sqlite3_open_v2(path, &c->to,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    NULL);
	/* No journal: it would stand beside a name that is gone. */
	if (rc == SQLITE_OK)
		rc = exec(c->to, "PRAGMA journal_mode = OFF;"
				 "PRAGMA synchronous = OFF;"
				 "PRAGMA locking_mode = EXCLUSIVE;"
				 "BEGIN EXCLUSIVE; COMMIT");
	(void)unlink(path);
	return rc;
}

static int copy_pages(struct copy *c)
{
	sqlite3_backup *b =
	    sqlite3_backup_init(c->to, "main", c->db->db, "main");
	int rc;

	if (b == NULL)
		return sqlite3_extended_errcode(c->to);
	do
		rc = sqlite3_backup_step(b, STEP_PAGES);
	while (rc == SQLITE_OK);
	(void)sqlite3_backup_finish(b); /* repeats the step's result */
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* A snapshot begins with the first read. */
static int copy_moment(struct copy *c)
{
	int rc = exec(c->db->db, "BEGIN; SELECT count(*) FROM sqlite_schema");

	if (rc == SQLITE_OK)
		rc = copy_pages(c);
	if (!sqlite3_get_autocommit(c->db->db))
		(void)exec(c->db->db, "ROLLBACK");
	return rc;
}

enum err_class sqlite_copy_dump(
    void *p, store_put *put, void *ctx, struct err *e)
{
	struct copy c = {.db = p, .fd = -1};
	const char *name = sqlite3_db_filename(c.db->db, "main");
	char path[4096];
	enum err_class class = ERR_NONE;
	int rc = SQLITE_CANTOPEN;

	if (snprintf(path, sizeof(path), "%s-copy", name) < (int)sizeof(path))
		rc = open_copy(&c, path);
	if (rc == SQLITE_OK)
		rc = copy_moment(&c);
	if (rc != SQLITE_OK)
		class = sqlite_error(c.db, rc, "copy", e);
	(void)sqlite3_close(c.to);
	if (class == ERR_NONE)
		class = file_each(c.fd, put, ctx, e);
	if (c.fd >= 0)
		(void)close(c.fd);
	return class;
}

static enum err_class put_piece(void *ctx, struct bytes piece, struct err *e)
{
	return file_write(ctx, piece, e);
}

enum err_class sqlite_copy_load(struct text place, int fd, struct err *e)
{
	struct arena a = {0};
	struct file f;
	enum err_class class =
	    file_create(&f, text_cstr(&a, place), 0600, false, e);

	if (class == ERR_INPUT)
		class = err_set(e, ERR_INPUT, "store.exists",
		    "データベースがすでにあります",
		    "there is a database already");
	if (class == ERR_NONE && lseek(fd, 0, SEEK_SET) < 0)
		class = err_errno(e, "seek");
	if (class == ERR_NONE)
		class = file_each(fd, put_piece, &f, e);
	if (class == ERR_NONE)
		class = file_commit(&f, e);
	file_abandon(&f);
	arena_fini(&a);
	return class;
}
