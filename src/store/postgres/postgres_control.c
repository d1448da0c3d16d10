/*
 * postgres_control.c — BEGIN, COMMIT and what lies between.
 *
 * Writers pass one by one, as at SQLite's turnstile: a lock of the
 * transaction, which the server gives to those who wait in their turn, and
 * takes back from whoever dies. What a transaction has read therefore still
 * holds when it writes, and rows are seen in the order of their numbers. One
 * with a key shares that lock with other keys, and has its key's alone.
 *
 * A COMMIT whose answer was not seen is looked up: the transaction's number
 * was learnt with its first change, and the server tells what became of it.
 */
#include "store/postgres/postgres_internal.h"

#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define REST_NS 100000000L

/* Has the server gone since the last transaction? Then its farewell, or the
 * end of the stream, is there to be read. */
static enum err_class begin_read(struct postgres_db *db, struct err *e)
{
	struct pollfd p = {.events = POLLIN};

	TRY(postgres_connect_reach(db, e));
	postgres_connect_settle(db);
	p.fd = PQsocket(db->conn);
	while (poll(&p, 1, 0) > 0 && PQconsumeInput(db->conn) == 1) {
	}
	TRY(postgres_connect_reach(db, e));
	db->due = true;
	return ERR_NONE;
}

static enum err_class begin_write(
    struct postgres_db *db, const char *key, struct err *e)
{
	enum err_class c;

	TRY(postgres_connect_reach(db, e));
	c = postgres_exec_turn(db, key, e);
	if (c != ERR_NONE && !postgres_connect_lost(db) &&
	    PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		PQclear(PQexec(db->conn, "ROLLBACK"));
	return c;
}

enum err_class postgres_control_begin(
    void *p, bool write, const char *key, struct err *e)
{
	struct postgres_db *db = p;
	enum err_class c = write ? begin_write(db, key, e) : begin_read(db, e);

	/* The server may have gone and come back since the last one: nothing
	 * has happened yet. */
	if (write && c == ERR_BUSY && db->conn != NULL &&
	    postgres_connect_lost(db))
		c = begin_write(db, key, e);
	TRY(c);
	db->within = true;
	db->write = write;
	db->lane = -1;
	db->xid[0] = '\0';
	db->queue.asked = false;
	return ERR_NONE;
}

static void forget(struct postgres_db *db)
{
	db->within = false;
	db->write = false;
	db->due = false;
	db->depth = 0;
	db->xid[0] = '\0';
	db->queue.late.class = ERR_NONE;
}

void postgres_control_rollback(void *p)
{
	struct postgres_db *db = p;

	postgres_rows_close_above(db, -1);
	postgres_connect_settle(db);
	if (!db->due && !postgres_connect_lost(db))
		PQclear(PQexec(db->conn, "ROLLBACK"));
	forget(db);
}

/* The server has crashed since, or another has taken its place. A number of
 * which nothing had reached the disk is given again: what is committed under
 * it may be another's, and nobody can tell. Whatever else it says of it, what
 * we had asked for is not there. */
static enum err_class look_up_after_crash(
    struct postgres_db *db, const char *xid, char *word, struct err *e)
{
	return postgres_connect_ask(db,
	    "SELECT CASE WHEN $1::xid8 >="
	    " pg_snapshot_xmax(pg_current_snapshot()) THEN 'aborted'"
	    " WHEN pg_xact_status($1::xid8) IN ('aborted', 'in progress')"
	    " THEN 'aborted' END",
	    xid, word, 16, e);
}

/* What the server says of the transaction: its word, or "" where it cannot
 * tell. One that is still in progress is of a session whose client is gone:
 * it is ended, unless its number is another's by now. */
static enum err_class look_up(struct postgres_db *db, const char *xid,
    const char *life, char *word, struct err *e)
{
	char ended[8];

	TRY(postgres_connect_reach(db, e));
	if (strcmp(life, db->life) != 0)
		return look_up_after_crash(db, xid, word, e);
	TRY(postgres_connect_ask(
	    db, "SELECT pg_xact_status($1::xid8)", xid, word, 16, e));
	if (strcmp(word, "in progress") != 0)
		return ERR_NONE;
	TRY(postgres_connect_ask(db,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	    " WHERE backend_xid = $1::xid8::xid"
	    " AND pid <> pg_backend_pid()",
	    xid, ended, sizeof(ended), e));
	return err_set(e, ERR_BUSY, "store.busy", "", "");
}

static enum err_class unsure(struct err *e)
{
	return err_set(e, ERR_UNSURE, "store.unsure",
	    "書き込みが済んだか確認できません。状態を見てください",
	    "the write may have happened: look before running again");
}

/* E1, E3: the answer is sure, or it is said not to be. */
static enum err_class resolve(
    struct postgres_db *db, const char *xid, struct err *e)
{
	int64_t deadline = clock_monotonic() + POSTGRES_UNSURE_US;
	char life[sizeof(db->life)];
	char word[16] = "";

	if (*xid == '\0')
		return ERR_NONE; /* nothing was written */
	memcpy(life, db->life, sizeof(life));
	while (look_up(db, xid, life, word, e) != ERR_NONE) {
		if (clock_monotonic() > deadline)
			return unsure(e);
		(void)nanosleep(
		    &(const struct timespec){.tv_nsec = REST_NS}, NULL);
	}
	if (strcmp(word, "committed") == 0)
		return ERR_NONE;
	if (strcmp(word, "aborted") != 0)
		return unsure(e);
	return err_set(e, ERR_BUSY, "store.busy",
	    "データベースとの接続が切れました。もう一度実行してください",
	    "the connection to the database was lost; run again");
}

/* The commit was answered, but not with its being done. */
static enum err_class not_done(
    struct postgres_db *db, const PGresult *res, struct err *e)
{
	if (PQresultStatus(res) == PGRES_COMMAND_OK) {
		/* A statement had failed, and its caller went on. */
		err_set(e, ERR_FAULT, "store.misuse", "プログラムの誤りです",
		    "a fault of the program");
		return err_detail(e, "commit of a lost transaction");
	}
	return postgres_error(db, res, "commit", e);
}

/* Nobody waits for the end of what has only read. */
static bool ends_later(struct postgres_db *db)
{
	if (db->write)
		return false;
	postgres_connect_settle(db);
	if (PQtransactionStatus(db->conn) != PQTRANS_INTRANS)
		return false;
	postgres_connect_later(db, POSTGRES_COMMIT);
	return true;
}

/* Behind what is queued, if anything is: where that has failed, the server has
 * passed the COMMIT over. */
static enum err_class commit(struct postgres_db *db, struct err *e)
{
	PGresult *res = postgres_exec_own(db, POSTGRES_COMMIT_WRITE, NULL);
	enum err_class c = postgres_exec_late(db, e);

	db->queue.late.class = ERR_NONE; /* what follows is another's */
	if (c == ERR_NONE && (PQresultStatus(res) != PGRES_COMMAND_OK ||
				 strcmp(PQcmdStatus(res), "COMMIT") != 0))
		c = not_done(db, res, e);
	PQclear(res);
	if (c != ERR_NONE && !postgres_connect_lost(db) &&
	    PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		PQclear(PQexec(db->conn, "ROLLBACK"));
	return c;
}

/* What is queued goes out with the COMMIT, unless the transaction's number is
 * still to be learnt from it: a COMMIT without an answer is looked up by that.
 */
static enum err_class before_commit(struct postgres_db *db, struct err *e)
{
	postgres_rows_close_above(db, -1);
	return db->write && db->xid[0] != '\0' ? postgres_exec_late(db, e)
					       : postgres_connect_free(db, e);
}

enum err_class postgres_control_commit(void *p, struct err *e)
{
	struct postgres_db *db = p;
	bool wrote = db->write;
	enum err_class c;

	c = before_commit(db, e);
	if (c != ERR_NONE) {
		postgres_control_rollback(db);
		return c;
	}
	if (postgres_connect_lost(db)) { /* before COMMIT was sent */
		c = postgres_error(db, NULL, "commit", e);
		forget(db);
		return wrote ? c : ERR_NONE;
	}
	if (db->due || ends_later(db)) {
		forget(db);
		return ERR_NONE;
	}
	c = commit(db, e);
	if (c != ERR_NONE && postgres_connect_lost(db))
		c = wrote ? resolve(db, db->xid, e) : ERR_NONE;
	forget(db);
	if (c == ERR_NONE)
		postgres_analyze_run(db);
	return c;
}

static enum err_class control(
    struct postgres_db *db, const char *sql, struct err *e)
{
	if (postgres_connect_lost(db))
		return postgres_error(db, NULL, "savepoint", e);
	return postgres_connect_exec(db, sql, "savepoint", e);
}

enum err_class postgres_control_mark(void *p, struct err *e)
{
	struct postgres_db *db = p;

	TRY(postgres_exec_begin(db, e));
	TRY(control(db, "SAVEPOINT mark", e));
	db->depth++;
	return ERR_NONE;
}

/* Nothing within a savepoint is on its way when it ends: what fails there is
 * its own. */
enum err_class postgres_control_settle(void *p, struct err *e)
{
	return postgres_connect_free(p, e);
}

enum err_class postgres_control_release(void *p, struct err *e)
{
	struct postgres_db *db = p;

	postgres_rows_close_above(db, db->depth - 1);
	db->depth--;
	return control(db, "RELEASE SAVEPOINT mark", e);
}

enum err_class postgres_control_undo(void *p, struct err *e)
{
	struct postgres_db *db = p;

	postgres_rows_close_above(db, db->depth - 1);
	postgres_connect_settle(db);
	db->queue.late.class = ERR_NONE; /* it was the savepoint's */
	db->depth--;
	db->lane = -1; /* a lock taken within is given back */
	TRY(control(db, "ROLLBACK TO SAVEPOINT mark", e));
	return control(db, "RELEASE SAVEPOINT mark", e);
}
