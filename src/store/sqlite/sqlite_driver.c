/*
 * sqlite_driver.c — see sqlite_driver.h: transactions, and the WAL kept
 * small.
 *
 * After a COMMIT the pages stand in the WAL, synced. They are carried into
 * the database when some 8 MiB have come together, by whoever committed, and
 * without holding the turnstile: others go on writing. If readers or writers
 * have kept the WAL from starting anew until it is large, one writer holds
 * the turnstile for that moment. So a WAL never grows without bound.
 */
#include "store/sqlite/sqlite_driver.h"

#include "store/sqlite/sqlite_internal.h"

#include "base/clock.h"

#include <time.h>

#define STEP_PAGES 2000	  /* 8 MiB */
#define LARGE_PAGES 16000 /* 64 MiB */
#define RESTART_US INT64_C(30000)
#define REST_NS 500000L

static enum err_class begin(void *p, bool write, const char *key, struct err *e)
{
	struct sqlite_db *db = p;
	int rc;

	(void)key; /* one turn for all */
	if (db->broken)
		return err_set(e, ERR_FAULT, "store.io",
		    "データベースの読み書きに失敗しました",
		    "the database could not be read or written");
	if (write) {
		TRY(sqlite_control_begin_write(db, e));
		db->write = true;
		return ERR_NONE;
	}
	rc = sqlite_control(db, CONTROL_BEGIN);
	return rc == SQLITE_OK ? ERR_NONE : sqlite_error(db, rc, "begin", e);
}

static void rollback(void *p)
{
	sqlite_control_rollback(p);
}

/* Carries WAL pages into the database. Busy is no failure; anything else
 * is: what a failed sync has dropped must not be built upon. */
static bool checkpoint(struct sqlite_db *db, int mode)
{
	int rc = sqlite3_wal_checkpoint_v2(db->db, NULL, mode, NULL, NULL);

	if (rc == SQLITE_OK)
		return true;
	if ((rc & 0xff) != SQLITE_BUSY)
		sqlite_control_give_up(db);
	return false;
}

/* Lets the WAL start anew: no writer may be in it, and no reader of it. */
static void restart_wal(struct sqlite_db *db)
{
	int64_t deadline = clock_monotonic() + RESTART_US;
	struct err e;

	if (turnstile_enter(&db->turnstile, deadline, &e) != ERR_NONE)
		return;
	while (!checkpoint(db, SQLITE_CHECKPOINT_RESTART) && !db->broken &&
	       clock_monotonic() < deadline)
		(void)nanosleep(
		    &(const struct timespec){.tv_nsec = REST_NS}, NULL);
	turnstile_leave(&db->turnstile);
}

static void keep_wal_small(struct sqlite_db *db)
{
	if (db->wal_pages < STEP_PAGES)
		db->checkpoint_at = STEP_PAGES;
	if (db->wal_pages < db->checkpoint_at)
		return;
	db->checkpoint_at = db->wal_pages + STEP_PAGES;
	(void)checkpoint(db, SQLITE_CHECKPOINT_PASSIVE);
	if (db->wal_pages >= LARGE_PAGES && !db->broken)
		restart_wal(db);
}

/* E1, E3: only after this has given ERR_NONE is it on the disk. A failed
 * sync is never repeated: the kernel may have dropped the pages and would
 * call the second one good. The process ends; its successor reads from the
 * disk what is there. */
static enum err_class commit(void *p, struct err *e)
{
	struct sqlite_db *db = p;
	bool wrote = db->write;
	int rc;

	sqlite_rows_close_above(db, -1);
	rc = sqlite3_get_autocommit(db->db)
		 ? SQLITE_ABORT_ROLLBACK
		 : sqlite_control(db, CONTROL_COMMIT);
	if (rc != SQLITE_OK) {
		enum err_class c = sqlite_error(db, rc, "commit", e);

		if (strcmp(e->code, "store.io") == 0)
			sqlite_control_give_up(db);
		sqlite_control_rollback(db);
		return c;
	}
	if (wrote)
		turnstile_leave(&db->turnstile);
	db->write = false;
	db->depth = 0;
	if (wrote)
		keep_wal_small(db);
	return ERR_NONE;
}

static enum err_class mark(void *p, struct err *e)
{
	struct sqlite_db *db = p;
	int rc = sqlite3_get_autocommit(db->db)
		     ? SQLITE_ABORT_ROLLBACK
		     : sqlite_control(db, CONTROL_MARK);

	if (rc != SQLITE_OK)
		return sqlite_error(db, rc, "savepoint", e);
	db->depth++;
	return ERR_NONE;
}

static enum err_class release(void *p, struct err *e)
{
	struct sqlite_db *db = p;
	int rc = sqlite_control(db, CONTROL_RELEASE);

	sqlite_rows_close_above(db, db->depth - 1);
	db->depth--;
	return rc == SQLITE_OK ? ERR_NONE : sqlite_error(db, rc, "release", e);
}

static enum err_class undo(void *p, struct err *e)
{
	struct sqlite_db *db = p;
	int rc;

	sqlite_rows_close_above(db, db->depth - 1);
	db->depth--;
	if (sqlite3_get_autocommit(db->db))
		rc = SQLITE_ABORT_ROLLBACK; /* all is rolled back already */
	else
		rc = sqlite_control(db, CONTROL_UNDO);
	if (rc == SQLITE_OK)
		rc = sqlite_control(db, CONTROL_RELEASE);
	return rc == SQLITE_OK ? ERR_NONE
			       : sqlite_error(db, rc, "savepoint", e);
}

const struct store_driver sqlite_driver = {
    .scheme = "sqlite:",
    .open = sqlite_open,
    .close = sqlite_open_close,
    .settings = sqlite_open_settings,
    .dump = sqlite_copy_dump,
    .load = sqlite_copy_load,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .mark = mark,
    .release = release,
    .undo = undo,
    .each = sqlite_rows_each,
    .query = sqlite_rows_query,
    .next = sqlite_rows_next,
    .input = sqlite_rows_input,
    .value = sqlite_rows_value,
    .close_rows = sqlite_rows_close,
};
