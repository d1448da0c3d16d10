/* sqlite_error.c — results of SQLite as classes of err.h. */
#include "store/sqlite/sqlite_internal.h"

#include <errno.h>
#include <stdlib.h>

/*
 * SQLite calls ENOSPC alone FULL. A quota, or a limit of the process on a
 * file's size, is the same to whoever must make room. sqlite3_system_errno is
 * not set by a failing COMMIT, but errno still is the failed write's: what
 * SQLite does after it are unlocks that succeed. SHMSIZE: the shared index of
 * the WAL could not grow, as a database is opened on a disk that is full.
 */
static bool disk_full(int rc, int os)
{
	return (rc & 0xff) == SQLITE_FULL ||
	       ((rc == SQLITE_IOERR_WRITE || rc == SQLITE_IOERR_SHMSIZE) &&
		   (os == ENOSPC || os == EDQUOT || os == EFBIG));
}

static enum err_class set(int rc, int os, struct err *e)
{
	if (disk_full(rc, os))
		return err_set(e, ERR_FAULT, "store.disk_full",
		    "ディスクに空きがありません", "the disk is full");
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, ERR_BUSY, "store.busy",
		    "データベースが使用中です。もう一度実行してください",
		    "the database is busy; run again");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(e, ERR_FAULT, "store.damaged",
		    "データベースが壊れています", "the database is damaged");
	case SQLITE_READONLY:
		return err_set(e, ERR_BUSY, "store.read_only",
		    "データベースに書き込めません",
		    "the database cannot be written");
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return err_set(e, ERR_BUSY, "store.unreachable",
		    "データベースを開けません",
		    "the database cannot be opened");
	case SQLITE_CONSTRAINT:
		return err_set(e, ERR_FAULT, "store.constraint",
		    "データベースの制約に反します",
		    "a constraint of the database is broken");
	case SQLITE_IOERR:
		return err_set(e, ERR_FAULT, "store.io",
		    "データベースの読み書きに失敗しました",
		    "the database could not be read or written");
	default:
		return err_set(e, ERR_FAULT, "store.fault",
		    "データベースの障害です", "a fault of the database");
	}
}

enum err_class sqlite_error(
    const struct sqlite_db *db, int rc, const char *what, struct err *e)
{
	int os = errno;

	if ((rc & 0xff) == SQLITE_NOMEM)
		abort(); /* out of memory ends the process, as in arena.h */
	set(rc, os, e);
	/* Messages of SQLite name tables and columns, never values: no
	 * statement of the list holds a value in its text. */
	return err_detail(e, "%s: %s (%d)", what, sqlite3_errmsg(db->db), rc);
}
