/*
 * What store_each costs beside the database's own interface: rows a second
 * of five columns, one transaction each, the same table and settings, in
 * turns. A figure for reading; nothing is asserted.
 */
#include "fixture.h"

#include "base/clock.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS 200000
#define ROUNDS 5

struct rows {
	char inquiry[ROWS][17];
	struct store_value inquiries[ROWS];
	struct store_value classes[ROWS];
};

static enum err_class add(struct store_tx *tx, void *arg, struct err *e)
{
	struct rows *rows = arg;
	struct store_value authority = store_z("131041");
	struct store_value file = store_z("131041-001-9601-0001");
	struct store_value customer = store_z("0000123456");
	const struct store_column columns[] = {{.same = true, .v = &authority},
	    {.v = rows->inquiries}, {.same = true, .v = &file},
	    {.v = rows->classes}, {.same = true, .v = &customer}};

	return store_each(tx, STMT_LOOKUP_ADD, columns, 5, ROWS, NULL, e);
}

static double rate(int64_t from)
{
	return ROWS * 1e6 / (double)(clock_monotonic() - from);
}

static double raw(const struct fixture *f, struct rows *rows)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int64_t from;
	double r;

	assert_int_equal(sqlite3_open_v2(f->path, &db,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
	    SQLITE_OK);
	(void)sqlite3_exec(db,
	    "PRAGMA synchronous = full; PRAGMA cache_size = -16384;"
	    "PRAGMA wal_autocheckpoint = 2000; PRAGMA foreign_keys = on",
	    NULL, NULL, NULL);
	(void)sqlite3_prepare_v3(db,
	    "INSERT INTO lookup (authority, inquiry, file, class, customer)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	    -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
	from = clock_monotonic();
	assert_int_equal(
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	for (size_t i = 0; i < ROWS; i++) {
		(void)sqlite3_bind_text(stmt, 1, "131041", 6, SQLITE_STATIC);
		(void)sqlite3_bind_text(
		    stmt, 2, rows->inquiry[i], 16, SQLITE_STATIC);
		(void)sqlite3_bind_text(
		    stmt, 3, "131041-001-9601-0001", 20, SQLITE_STATIC);
		(void)sqlite3_bind_int64(stmt, 4, rows->classes[i].i);
		(void)sqlite3_bind_text(
		    stmt, 5, "0000123456", 10, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
		(void)sqlite3_reset(stmt);
	}
	assert_int_equal(
	    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	r = rate(from);
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return r;
}

static void measures_store_each_beside_raw(void **state)
{
	struct fixture *f = *state;
	struct rows *rows = arena_xmalloc(sizeof(*rows));
	double best[2] = {0, 0};

	for (size_t i = 0; i < ROWS; i++) {
		(void)snprintf(rows->inquiry[i], 17, "ABCD001996%06u",
		    (unsigned)i % 1000000);
		rows->inquiries[i] =
		    store_text(text_trust(rows->inquiry[i], 16));
		rows->classes[i] = store_int((int64_t)(i % 9));
	}
	store_close(fixture_open(f, STORE_BANK, STORE_CREATE));
	for (int k = 0; k < ROUNDS; k++) {
		struct store *s = fixture_open(f, STORE_BANK, STORE_EXISTING);
		struct err e = {0};
		int64_t from = clock_monotonic();
		double r;

		fixture_expect(store_run(s, add, rows, &e), ERR_NONE, &e, NULL);
		r = rate(from);
		best[0] = r > best[0] ? r : best[0];
		store_close(s);
		fixture_sql(f->path, "DELETE FROM lookup");
		r = raw(f, rows);
		best[1] = r > best[1] ? r : best[1];
		fixture_sql(f->path, "DELETE FROM lookup");
	}
	print_message("store_each %.0f rows/s, raw %.0f rows/s, ratio %.2f\n",
	    best[0], best[1], best[0] / best[1]);
	free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(measures_store_each_beside_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
