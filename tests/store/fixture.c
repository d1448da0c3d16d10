/* fixture.c — see fixture.h. */
#include "fixture.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *fixture_server(void)
{
	return getenv("PGCLUSTER_URL");
}

static void url_of(const char *database, char *out, size_t room)
{
	const char *server = fixture_server();
	const char *mark = strchr(server, '?');

	(void)snprintf(out, room, "%.*s%s%s", (int)(mark - server), server,
	    database, mark);
}

long long fixture_server_sql(const struct fixture *f, const char *sql)
{
	char url[256];
	PGconn *conn;
	PGresult *res;
	long long v;

	url_of(f != NULL ? f->name : "postgres", url, sizeof(url));
	conn = PQconnectdb(url);
	res = PQexec(conn, sql);
	if (PQresultStatus(res) != PGRES_TUPLES_OK &&
	    PQresultStatus(res) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	v = PQntuples(res) > 0 ? atoll(PQgetvalue(res, 0, 0)) : 0;
	PQclear(res);
	PQfinish(conn);
	return v;
}

static void make_database(struct fixture *f)
{
	static int made;
	char sql[128];

	(void)snprintf(
	    f->name, sizeof(f->name), "t%d_%d", (int)getpid(), ++made);
	(void)snprintf(sql, sizeof(sql), "CREATE DATABASE %s", f->name);
	(void)fixture_server_sql(NULL, sql);
	url_of(f->name, f->url, sizeof(f->url));
}

static void drop_database(const struct fixture *f)
{
	char sql[128];

	(void)snprintf(
	    sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", f->name);
	(void)fixture_server_sql(NULL, sql);
}

int fixture_setup(void **state)
{
	struct fixture *f = arena_xmalloc(sizeof(*f));

	*f = (struct fixture){.folder = "/var/tmp/shokai-store-XXXXXX"};
	if (mkdtemp(f->folder) == NULL)
		return -1;
	(void)snprintf(f->path, sizeof(f->path), "%s/a.db", f->folder);
	(void)snprintf(f->url, sizeof(f->url), "sqlite:%s", f->path);
	if (fixture_server() != NULL)
		make_database(f);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	DIR *dir = opendir(f->folder);
	struct dirent *d;
	char path[512];

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		(void)snprintf(
		    path, sizeof(path), "%s/%s", f->folder, d->d_name);
		(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
	(void)rmdir(f->folder);
	if (fixture_server() != NULL)
		drop_database(f);
	free(f);
	return 0;
}

struct store *fixture_open(
    const struct fixture *f, enum store_party party, enum store_open how)
{
	struct store *s = NULL;
	struct err e = {0};

	fixture_expect(
	    store_open(f->url, party, how, &s, &e), ERR_NONE, &e, NULL);
	return s;
}

void fixture_expect(enum err_class got, enum err_class want,
    const struct err *e, const char *code)
{
	if (got != want || (code != NULL && strcmp(e->code, code) != 0))
		print_message("got %d %s: %s\n", (int)got,
		    e->code ? e->code : "-", e->detail);
	assert_int_equal(got, want);
	if (code != NULL)
		assert_string_equal(e->code, code);
}

static sqlite3 *open_raw(const char *path)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

void fixture_sql(const char *path, const char *sql)
{
	sqlite3 *db = open_raw(path);
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

long long fixture_ask(const char *path, const char *sql)
{
	sqlite3 *db = open_raw(path);
	sqlite3_stmt *stmt;
	long long v;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	v = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return v;
}

void fixture_refuses(const char *url, enum store_party party,
    enum store_open how, enum err_class want, const char *code)
{
	struct store *s = NULL;
	struct err e = {0};

	fixture_expect(store_open(url, party, how, &s, &e), want, &e, code);
	assert_null(s);
}

long long fixture_facts(const struct fixture *f)
{
	return fixture_server_sql(f, "SELECT count(*) FROM fact");
}
