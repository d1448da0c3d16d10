/*
 * fixture.h — a folder of its own for each test, and a database in it; where
 * PGCLUSTER_URL names a PostgreSQL server (script/lib/cluster.py), an empty
 * database of that server.
 */
#ifndef SHOKAI_TESTS_STORE_FIXTURE_H
#define SHOKAI_TESTS_STORE_FIXTURE_H

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
	char folder[64];
	char path[96]; /* of the database, not made yet */
	char url[256];
	char name[64]; /* of the server's database */
};

/* cmocka's setup and teardown. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Opens it; the test fails if that fails. */
struct store *fixture_open(
    const struct fixture *f, enum store_party party, enum store_open how);

/* One SQL text by SQLite itself, behind the store's back. */
void fixture_sql(const char *path, const char *sql);

/* The server these tests run on; NULL: SQLite. */
const char *fixture_server(void);

/* SQL on the server, behind the store's back: on the fixture's database, or
 * where f is NULL on the server's own. The first value, as an integer. */
long long fixture_server_sql(const struct fixture *f, const char *sql);

/* The first column of the first row as an integer, the same way. */
long long fixture_ask(const char *path, const char *sql);

void fixture_expect(enum err_class got, enum err_class want,
    const struct err *e, const char *code);

#define fixture_test(fn)                                                       \
	cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

/* An open that is refused with that code. */
void fixture_refuses(const char *url, enum store_party party,
    enum store_open how, enum err_class want, const char *code);

/* Rows of the table fact, on the server. */
long long fixture_facts(const struct fixture *f);

#endif
