/* sqlite_control.c — BEGIN, COMMIT and what lies between, and who waits. */
#include "store/sqlite/sqlite_internal.h"

#include "base/clock.h"

#include <time.h>

#define REST_NS 1000000L

static const char *text_of(enum sqlite_control what)
{
	switch (what) {
	case CONTROL_BEGIN:
		return "BEGIN DEFERRED";
	case CONTROL_BEGIN_WRITE:
		/* Never a BEGIN that upgrades: it could fail halfway. */
		return "BEGIN IMMEDIATE";
	case CONTROL_COMMIT:
		return "COMMIT";
	case CONTROL_ROLLBACK:
		return "ROLLBACK";
	case CONTROL_MARK:
		return "SAVEPOINT mark";
	case CONTROL_RELEASE:
		return "RELEASE mark"; /* the innermost of that name */
	case CONTROL_UNDO:
		return "ROLLBACK TO mark";
	case CONTROL_COUNT:
		break;
	}
	return "";
}

int sqlite_control(struct sqlite_db *db, enum sqlite_control what)
{
	sqlite3_stmt **stmt = &db->control[what];
	int rc;

	if (*stmt == NULL) {
		rc = sqlite3_prepare_v3(db->db, text_of(what), -1,
		    SQLITE_PREPARE_PERSISTENT, stmt, NULL);
		if (rc != SQLITE_OK)
			return rc;
	}
	rc = sqlite3_step(*stmt);
	if (rc == SQLITE_DONE)
		return sqlite3_reset(*stmt);
	(void)sqlite3_reset(*stmt); /* repeats the step's result */
	return rc;
}

/* Behind the turnstile only a stranger (a shell, a backup) or a recovery
 * can be in the way: short waits, and an end to them. */
static int begin(struct sqlite_db *db)
{
	int64_t deadline = clock_monotonic() + SQLITE_LOCK_US;
	int rc;

	for (;;) {
		rc = sqlite_control(db, CONTROL_BEGIN_WRITE);
		if ((rc & 0xff) != SQLITE_BUSY || clock_monotonic() > deadline)
			return rc;
		(void)nanosleep(
		    &(const struct timespec){.tv_nsec = REST_NS}, NULL);
	}
}

void sqlite_control_give_up(struct sqlite_db *db)
{
	db->broken = true;
	(void)sqlite3_db_config(
	    db->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
}

enum err_class sqlite_control_begin_write(struct sqlite_db *db, struct err *e)
{
	enum err_class c;
	int rc;

	c = sqlite_open_place(db, e);
	if (c != ERR_NONE) {
		sqlite_control_give_up(db);
		return c;
	}
	TRY(turnstile_enter(
	    &db->turnstile, clock_monotonic() + SQLITE_TURN_US, e));
	rc = begin(db);
	if (rc == SQLITE_OK)
		return ERR_NONE;
	c = sqlite_error(db, rc, "begin", e);
	turnstile_leave(&db->turnstile);
	return c;
}

void sqlite_control_rollback(struct sqlite_db *db)
{
	sqlite_rows_close_above(db, -1);
	/* Some failures have rolled back already. ROLLBACK itself cannot
	 * fail for good: what it leaves is undone by the next reader. */
	if (!sqlite3_get_autocommit(db->db))
		(void)sqlite_control(db, CONTROL_ROLLBACK);
	if (db->write)
		turnstile_leave(&db->turnstile);
	db->write = false;
	db->depth = 0;
}
