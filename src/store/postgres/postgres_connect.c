/*
 * postgres_connect.c — the connection: made, lost, made again.
 *
 * To a server on another machine the connection is encrypted and the
 * server's certificate verified, name included, unless nothing else is asked
 * for: a weaker sslmode is refused there.
 */
#include "store/postgres/postgres_internal.h"

#include "base/clock.h"
#include "base/memory.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DELAY_MIN_US INT64_C(100000)
#define DELAY_MAX_US INT64_C(10000000)
#define OPTIONS_MAX 64

/*
 * One generic plan per statement: what is planned does not depend on who
 * asks first, and what the tests explain is what runs. A session that hangs
 * in a transaction is ended: it holds the turn. Long values are compressed by
 * lz4 where the server has it: pglz cost more than the rest of an insert.
 * Our own ANALYZE (postgres_analyze.c) needs the size of a table and a rough
 * idea of its keys, and reads a tenth of what it would for the server's own.
 * Limits that the role was given for other programs do not hold here: a
 * transaction waits at most lock_timeout, and a claim lasts as its session.
 *
 * A machine that falls silent says no farewell: the server asks after it, as
 * we ask after the server, and its claims are free within half a minute.
 *
 * The last answer is the server's life. Recovery from a crash throws the
 * statistics away, so their age begins anew (pgstat_discard_stats,
 * PostgreSQL 15); a standby has its own, and a new timeline once it is the
 * primary.
 */
static const char session[] =
    "SET client_min_messages = error;"
    "SET plan_cache_mode = force_generic_plan;"
    "SET default_statistics_target = 10;"
    "SET lock_timeout = 10000;"
    "SET tcp_keepalives_idle = 10;"
    "SET tcp_keepalives_interval = 5;"
    "SET tcp_keepalives_count = 4;"
    "SET tcp_user_timeout = 30000;"
    "SET statement_timeout = 0;"
    "SET idle_session_timeout = 0;"
    "SET idle_in_transaction_session_timeout = 60000;"
    "SET timezone = 'UTC';"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') NOT IN"
    " ('on', 'remote_apply');"
    "SELECT concat_ws(' ', CASE WHEN NOT pg_is_in_recovery() THEN"
    " left(pg_walfile_name(pg_current_wal_lsn()), 8) END, stats_reset)"
    " FROM pg_stat_archiver";
static const char lz4[] = "SET default_toast_compression = lz4";

/* Advisory locks are the database's; nodes may share one in schemas. */
#define NODE_ "(5458763, hashtext(current_schema()))"
#define WHAT_ "(hashtextextended(concat(current_schema(), ' ', $1), 0))"

static const struct own {
	const char *name;
	const char *sql;
	int parameters; /* text */
} owns[POSTGRES_OWN_COUNT] = {
    [POSTGRES_XID] = {"xid", "SELECT pg_current_xact_id_if_assigned()::text",
	0},
    [POSTGRES_BEGIN_READ] = {"begin_read",
	"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0},
    [POSTGRES_BEGIN_WRITE] = {"begin_write",
	"BEGIN ISOLATION LEVEL READ COMMITTED", 0},
    [POSTGRES_TURN] = {"turn", "SELECT pg_advisory_xact_lock" NODE_, 0},
    [POSTGRES_TURN_SHARED] = {"turn_shared",
	"SELECT pg_advisory_xact_lock_shared" NODE_, 0},
    [POSTGRES_TURN_KEY] = {"turn_key", "SELECT pg_advisory_xact_lock" WHAT_, 1},
    [POSTGRES_COMMIT] = {"commit", "COMMIT", 0},
    [POSTGRES_COMMIT_WRITE] = {"commit_write", "COMMIT", 0},
    [POSTGRES_CLAIM] = {"claim", "SELECT pg_try_advisory_lock" WHAT_, 1},
    [POSTGRES_UNCLAIM] = {"unclaim", "SELECT pg_advisory_unlock" WHAT_, 1},
    [POSTGRES_LANE] = {"lane",
	"SELECT lane FROM generate_series(0, 15) AS lane"
	" WHERE pg_try_advisory_xact_lock" POSTGRES_LANE_KEY " LIMIT 1",
	0},
};

const char *postgres_connect_own(enum postgres_own which)
{
	return owns[which].name;
}

static const char *option(const PQconninfoOption *all, const char *name)
{
	for (; all->keyword != NULL; all++)
		if (strcmp(all->keyword, name) == 0)
			return all->val != NULL ? all->val : "";
	return "";
}

static bool is_near(const char *host)
{
	return host[0] == '/' || host[0] == '\0' ||
	       strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0 ||
	       strcmp(host, "localhost") == 0;
}

/* Our own settings stand after the URL's: the last of a name counts. */
static enum err_class choose(const PQconninfoOption *all, const char **names,
    const char **values, struct err *e)
{
	const char *mode = option(all, "sslmode");
	const char *host = option(all, "host");
	size_t n = 0;

	if (*mode != '\0' && strcmp(mode, "verify-full") != 0 && !is_near(host))
		return err_set(e, ERR_INPUT, "store.certificate",
		    "別の機器のデータベースには sslmode=verify-full "
		    "が必要です",
		    "a database on another machine needs sslmode=verify-full");
	for (; all->keyword != NULL && n < OPTIONS_MAX - 8; all++)
		if (all->val != NULL) {
			names[n] = all->keyword;
			values[n++] = all->val;
		}
	if (*mode == '\0' && host[0] != '/' && host[0] != '\0') {
		names[n] = "sslmode";
		values[n++] = "verify-full";
	}
	names[n] = "client_encoding";
	values[n++] = "UTF8";
	names[n] = "fallback_application_name";
	values[n++] = "shokai";
	names[n] = "keepalives_idle";
	values[n++] = "10";
	names[n] = "tcp_user_timeout";
	values[n++] = "30000";
	names[n] = NULL;
	return ERR_NONE;
}

static bool await(PGconn *conn, short what, int64_t deadline_us)
{
	int64_t left = deadline_us - clock_monotonic();
	struct pollfd p = {.fd = PQsocket(conn), .events = what};

	return left > 0 && poll(&p, 1, (int)(left / 1000) + 1) > 0;
}

static bool finish(PGconn *conn)
{
	int64_t deadline = clock_monotonic() + POSTGRES_CONNECT_US;
	PostgresPollingStatusType at = PGRES_POLLING_WRITING;

	while (at == PGRES_POLLING_WRITING || at == PGRES_POLLING_READING) {
		if (!await(conn, at == PGRES_POLLING_READING ? POLLIN : POLLOUT,
			deadline))
			return false;
		at = PQconnectPoll(conn);
	}
	return at == PGRES_POLLING_OK;
}

static void quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message; /* a notice may name what no log may hold (S5) */
}

static enum err_class start(
    struct postgres_db *db, const PQconninfoOption *all, struct err *e)
{
	const char *names[OPTIONS_MAX];
	const char *values[OPTIONS_MAX];

	TRY(choose(all, names, values, e));
	db->conn = PQconnectStartParams(names, values, 0);
	if (db->conn == NULL)
		abort(); /* out of memory */
	/* The one way to learn why a server refuses, not by its words. */
	(void)PQsetErrorVerbosity(db->conn, PQERRORS_SQLSTATE);
	(void)PQsetNoticeProcessor(db->conn, quiet, NULL);
	if (PQstatus(db->conn) == CONNECTION_BAD || !finish(db->conn))
		return postgres_error_connect(db->conn, e);
	(void)PQsetErrorVerbosity(db->conn, PQERRORS_DEFAULT);
	return ERR_NONE;
}

static enum err_class one_value(struct postgres_db *db, PGresult *res,
    char *out, size_t room, struct err *e)
{
	enum err_class c = ERR_NONE;

	out[0] = '\0';
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		c = postgres_error(db, res, "ask", e);
	else if (PQntuples(res) > 0)
		(void)snprintf(out, room, "%s", PQgetvalue(res, 0, 0));
	PQclear(res);
	return c;
}

/* All at once: commands connect for a moment only. */
static bool send_owns(PGconn *conn)
{
	static const Oid text[] = {OID_TEXT};
	bool sent = PQenterPipelineMode(conn) == 1;

	for (size_t i = 0; i < POSTGRES_OWN_COUNT && sent; i++)
		sent = PQsendPrepare(conn, owns[i].name, owns[i].sql,
			   owns[i].parameters, text) == 1;
	return sent && PQpipelineSync(conn) == 1;
}

static enum err_class prepare(struct postgres_db *db, struct err *e)
{
	bool sent;
	enum err_class c = ERR_NONE;

	TRY(one_value(
	    db, PQexec(db->conn, session), db->life, sizeof(db->life), e));
	/* A server built without it says no, and nothing else is lost. */
	PQclear(PQexec(db->conn, lz4));
	sent = send_owns(db->conn);
	for (bool synced = !sent; !synced && !postgres_connect_lost(db);) {
		PGresult *res = PQgetResult(db->conn);

		synced = PQresultStatus(res) == PGRES_PIPELINE_SYNC;
		if (res != NULL && !synced && c == ERR_NONE &&
		    PQresultStatus(res) != PGRES_COMMAND_OK)
			c = postgres_error(db, res, "session", e);
		PQclear(res);
	}
	if (PQexitPipelineMode(db->conn) != 1 && c == ERR_NONE)
		c = postgres_error(db, NULL, "session", e);
	return c;
}

/* libpq's own words, in English: the program sets no locale. */
static bool is_about_memory(const char *words)
{
	return strstr(words, "out of memory") != NULL;
}

static enum err_class dial(struct postgres_db *db, struct err *e)
{
	char *why = NULL;
	PQconninfoOption *all = PQconninfoParse(db->url, &why);
	bool no_memory = all == NULL && (why == NULL || is_about_memory(why));
	enum err_class c;

	PQfreemem(why);
	if (no_memory)
		memory_out();
	if (all == NULL)
		return err_set(e, ERR_INPUT, "store.url",
		    "データベースのURLが正しくありません",
		    "the database's URL is not one");
	c = start(db, all, e);
	PQconninfoFree(all);
	if (c == ERR_NONE)
		c = prepare(db, e);
	if (c == ERR_NONE && db->ours)
		c = postgres_open_again(db, e);
	if (c == ERR_NONE) {
		db->generation++;
		db->pid = PQbackendPID(db->conn);
	} else {
		postgres_connect_drop(db);
	}
	return c;
}

bool postgres_connect_lost(const struct postgres_db *db)
{
	return db->conn == NULL || PQstatus(db->conn) != CONNECTION_OK;
}

void postgres_connect_drop(struct postgres_db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->owed = false;
	db->queue.n = 0;
}

/* Who had it once waits for it, longer each time. */
static enum err_class will_try(const struct postgres_db *db, struct err *e)
{
	char what[sizeof(e->detail)];

	memcpy(what, e->detail, sizeof(what));
	return err_detail(
	    e, "%.80s, again in %" PRId64 " ms", what, db->delay_us / 1000);
}

enum err_class postgres_connect_reach(struct postgres_db *db, struct err *e)
{
	int64_t now = clock_monotonic();
	enum err_class c;

	if (!postgres_connect_lost(db))
		return ERR_NONE;
	postgres_connect_drop(db);
	if (now < db->retry_us) {
		err_set(e, ERR_BUSY, "store.unreachable",
		    "データベースに接続できません。サーバーと node.yaml の db "
		    "を確認してください",
		    "the database cannot be reached: see to the server and to "
		    "db in node.yaml");
		return err_detail(e, "the next try in %" PRId64 " ms",
		    (db->retry_us - now) / 1000);
	}
	c = dial(db, e);
	if (c == ERR_NONE) {
		db->delay_us = 0;
		return ERR_NONE;
	}
	db->delay_us = db->delay_us == 0 ? DELAY_MIN_US : db->delay_us * 2;
	if (db->delay_us > DELAY_MAX_US)
		db->delay_us = DELAY_MAX_US;
	db->retry_us = clock_monotonic() + db->delay_us;
	return db->ours ? will_try(db, e) : c;
}

enum err_class postgres_connect_exec(
    struct postgres_db *db, const char *sql, const char *what, struct err *e)
{
	enum err_class c = ERR_NONE;
	ExecStatusType status;
	PGresult *res;

	TRY(postgres_connect_free(db, e));
	res = PQexec(db->conn, sql);
	status = PQresultStatus(res);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
	    status != PGRES_EMPTY_QUERY)
		c = postgres_error(db, res, what, e);
	PQclear(res);
	return c;
}

enum err_class postgres_connect_ask(struct postgres_db *db, const char *sql,
    const char *parameter, char *out, size_t room, struct err *e)
{
	PGresult *res;

	out[0] = '\0';
	TRY(postgres_connect_free(db, e));
	res = PQexecParams(db->conn, sql, parameter != NULL ? 1 : 0, NULL,
	    &parameter, NULL, NULL, 0);
	return one_value(db, res, out, room, e);
}

enum err_class postgres_connect_ask_own(struct postgres_db *db,
    enum postgres_own which, const char *parameter, char *out, size_t room,
    struct err *e)
{
	PGresult *res =
	    db->queue.n > 0
		? postgres_exec_own(db, which, parameter)
		: PQexecPrepared(db->conn, owns[which].name,
		      owns[which].parameters, &parameter, NULL, NULL, 0);
	enum err_class c = postgres_exec_late(db, e);

	out[0] = '\0';
	if (c != ERR_NONE) {
		PQclear(res);
		return c;
	}
	return one_value(db, res, out, room, e);
}

void postgres_connect_settle(struct postgres_db *db)
{
	PGresult *res;

	if (db->queue.n > 0)
		postgres_exec_settle(db);
	if (!db->owed)
		return;
	db->owed = false;
	while ((res = PQgetResult(db->conn)) != NULL)
		PQclear(res);
}

enum err_class postgres_connect_free(struct postgres_db *db, struct err *e)
{
	postgres_connect_settle(db);
	return postgres_exec_late(db, e);
}

void postgres_connect_later(struct postgres_db *db, enum postgres_own which)
{
	postgres_connect_settle(db);
	db->owed = PQsendQueryPrepared(
		       db->conn, owns[which].name, 0, NULL, NULL, NULL, 0) == 1;
}
