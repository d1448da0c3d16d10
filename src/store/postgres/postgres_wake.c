/*
 * postgres_wake.c — NOTIFY and LISTEN: who has stored work wakes those who
 * sleep in other places. It carries nothing and may be lost.
 */
#include "store/postgres/postgres_internal.h"

/* Nothing is lost with it, so nobody waits for the disk. */
static const char tell[] = "BEGIN; SET LOCAL synchronous_commit = off;"
			   " NOTIFY shokai; COMMIT";

void postgres_wake_tell(void *p)
{
	struct postgres_db *db = p;

	postgres_connect_settle(db);
	if (postgres_connect_lost(db) ||
	    PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		return;
	PQclear(PQexec(db->conn, tell));
	if (!postgres_connect_lost(db) &&
	    PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		PQclear(PQexec(db->conn, "ROLLBACK"));
}

/* Whoever begins to listen may have missed what was said before. */
static bool begin(struct postgres_db *db)
{
	struct err ignored;

	if (postgres_connect_exec(db, "LISTEN shokai", "listen", &ignored) !=
	    ERR_NONE)
		return false;
	db->listening = db->generation;
	return true;
}

bool postgres_wake_heard(void *p, int *fd)
{
	struct postgres_db *db = p;
	bool heard = false;
	PGnotify *n;

	*fd = -1;
	postgres_connect_settle(db);
	if (postgres_connect_lost(db) ||
	    PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		return false;
	if (db->listening != db->generation)
		heard = begin(db);
	(void)PQconsumeInput(db->conn);
	while ((n = PQnotifies(db->conn)) != NULL) {
		heard = true;
		PQfreemem(n);
	}
	if (!postgres_connect_lost(db) && db->listening == db->generation)
		*fd = PQsocket(db->conn);
	return heard;
}
