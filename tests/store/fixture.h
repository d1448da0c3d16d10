/* fixture.h — a folder of its own for each test, and a database in it. */
#ifndef SHOKAI_TESTS_STORE_FIXTURE_H
#define SHOKAI_TESTS_STORE_FIXTURE_H

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
	char folder[64];
	char path[96]; /* of the database, not made yet */
	char url[112];
};

/* cmocka's setup and teardown. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Opens it; the test fails if that fails. */
struct store *fixture_open(
    const struct fixture *f, enum store_party party, enum store_open how);

/* One SQL text by SQLite itself, behind the store's back. */
void fixture_sql(const char *path, const char *sql);

/* The first column of the first row as an integer, the same way. */
long long fixture_ask(const char *path, const char *sql);

void fixture_expect(enum err_class got, enum err_class want,
    const struct err *e, const char *code);

#define fixture_test(fn)                                                       \
	cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

#endif
