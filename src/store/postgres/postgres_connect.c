/*
 * postgres_connect.c — the connection: made, lost, made again.
 *
 * To a server on another machine the connection is encrypted and the
 * server's certificate verified, name included, unless nothing else is asked
 * for: a weaker sslmode is refused there.
 */
#include "store/postgres/postgres_internal.h"

#include "base/clock.h"

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
 */
static const char session[] =
    "SET client_min_messages = error;"
    "SET plan_cache_mode = force_generic_plan;"
    "SET default_statistics_target = 10;"
    "SET lock_timeout = 10000;"
    "SET idle_in_transaction_session_timeout = 60000;"
    "SET timezone = 'UTC';"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') NOT IN"
    " ('on', 'remote_apply');"
    "SELECT set_config(name, 'lz4', false) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)";
static const char xid_sql[] = "SELECT pg_current_xact_id_if_assigned()::text";

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

static enum err_class prepare(struct postgres_db *db, struct err *e)
{
	PGresult *res;
	enum err_class c;

	TRY(postgres_connect_exec(db, session, "session", e));
	res = PQprepare(db->conn, "xid", xid_sql, 0, NULL);
	c = PQresultStatus(res) == PGRES_COMMAND_OK
		? ERR_NONE
		: postgres_error(db, res, "session", e);
	PQclear(res);
	return c;
}

static enum err_class dial(struct postgres_db *db, struct err *e)
{
	PQconninfoOption *all = PQconninfoParse(db->url, NULL);
	enum err_class c;

	if (all == NULL)
		return err_set(e, ERR_INPUT, "store.url",
		    "データベースのURLが正しくありません",
		    "the database's URL is not one");
	c = start(db, all, e);
	PQconninfoFree(all);
	if (c == ERR_NONE)
		c = prepare(db, e);
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
}

enum err_class postgres_connect_reach(struct postgres_db *db, struct err *e)
{
	int64_t now = clock_monotonic();
	enum err_class c;

	if (!postgres_connect_lost(db))
		return ERR_NONE;
	postgres_connect_drop(db);
	if (now < db->retry_us)
		return err_set(e, ERR_BUSY, "store.unreachable",
		    "データベースに接続できません",
		    "the database cannot be reached");
	c = dial(db, e);
	if (c == ERR_NONE) {
		db->delay_us = 0;
		return ERR_NONE;
	}
	db->delay_us = db->delay_us == 0 ? DELAY_MIN_US : db->delay_us * 2;
	if (db->delay_us > DELAY_MAX_US)
		db->delay_us = DELAY_MAX_US;
	db->retry_us = clock_monotonic() + db->delay_us;
	return c;
}

enum err_class postgres_connect_exec(
    struct postgres_db *db, const char *sql, const char *what, struct err *e)
{
	PGresult *res = PQexec(db->conn, sql);
	ExecStatusType status = PQresultStatus(res);
	enum err_class c = ERR_NONE;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
	    status != PGRES_EMPTY_QUERY)
		c = postgres_error(db, res, what, e);
	PQclear(res);
	return c;
}

enum err_class postgres_connect_ask(struct postgres_db *db, const char *sql,
    const char *parameter, char *out, size_t room, struct err *e)
{
	PGresult *res = PQexecParams(db->conn, sql, parameter != NULL ? 1 : 0,
	    NULL, &parameter, NULL, NULL, 0);
	enum err_class c = ERR_NONE;

	out[0] = '\0';
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		c = postgres_error(db, res, "ask", e);
	else if (PQntuples(res) > 0)
		(void)snprintf(out, room, "%s", PQgetvalue(res, 0, 0));
	PQclear(res);
	return c;
}
