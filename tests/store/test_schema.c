/*
 * Tests of the schema itself, and of the whole list of statements against
 * it: compiled with the program's own list.
 */
#include "fixture.h"

#include "store/driver.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

/* The tables without an authority column, and why they may have none. */
static const struct {
	const char *table;
	const char *reason;
} exceptions[] = {
    {"fact", "of the node itself"},
    {"peer", "of the node: whom it knows"},
    {"restored", "of the node: which neighbours it has asked"},
    {"peer_former", "of the node: whom it knows"},
    {"inbox", "its message carries the authority"},
    {"outbox", "its message carries the authority"},
    {"receipt_group", "one signature over receipts of many messages"},
    {"user", "of the node"},
    {"appointment", "of a user of the node"},
    {"log", "log_object carries the authority; the chain is the node's"},
    {"knot", "heads of whole nodes"},
    {"import", "the bank's own customers"},
    {"customer", "the bank's own customers"},
    {"customer_key", "the bank's own customers"},
    {"account", "the bank's own customers"},
    {"dealing", "the bank's own customers"},
    {"other", "the bank's own customers"},
    {"carry", "one authority's ward; a medium holds many messages"},
    {"desk_session", "of the node's own users"},
    {"desk_signin", "of the node's own users"},
    {"desk_totp", "of the node's own users"},
    {"desk_certificate", "of the node's own users"},
    {"desk_client", "of the node's own clients"},
    {"desk_token", "of the node's own clients"},
    {"desk_once", "of the node's own users"},
    {"desk_reveal", "of one authority's ward"},
};
#define EXCEPTIONS (sizeof(exceptions) / sizeof(exceptions[0]))

static const enum store_party parties[] = {
    STORE_WARD, STORE_UNIT, STORE_HUB, STORE_BANK};

static sqlite3 *made(const struct fixture *f, enum store_party party)
{
	sqlite3 *db;

	(void)unlink(f->path);
	store_close(fixture_open(f, party, STORE_CREATE));
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	return db;
}

static bool excepted(const char *table)
{
	for (size_t i = 0; i < EXCEPTIONS; i++)
		if (strcmp(exceptions[i].table, table) == 0)
			return true;
	return false;
}

static int each_table(sqlite3 *db, const char *sql, bool (*good)(const char *))
{
	sqlite3_stmt *stmt;
	int bad = 0;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);

		if (good(name))
			continue;
		print_message("table %s\n", name);
		bad++;
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return bad;
}

static void what_can_hold_two_authorities_data_says_whose(void **state)
{
	for (size_t i = 0; i < 4; i++) {
		sqlite3 *db = made(*state, parties[i]);

		assert_int_equal(each_table(db,
				     "SELECT t.name FROM pragma_table_list t"
				     " WHERE t.type = 'table' AND t.schema ="
				     " 'main' AND t.name NOT LIKE 'sqlite_%'"
				     " AND NOT EXISTS (SELECT 1 FROM"
				     " pragma_table_info(t.name) c"
				     " WHERE c.name = 'authority')",
				     excepted),
		    0);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
	}
}

static bool never(const char *table)
{
	(void)table;
	return false;
}

/* T4: in a table that is not STRICT '0012345' could become 12345. */
static void every_table_is_strict(void **state)
{
	for (size_t i = 0; i < 4; i++) {
		sqlite3 *db = made(*state, parties[i]);

		assert_int_equal(each_table(db,
				     "SELECT name FROM pragma_table_list"
				     " WHERE type = 'table' AND strict = 0"
				     " AND schema = 'main'"
				     " AND name NOT LIKE 'sqlite_%'",
				     never),
		    0);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
	}
}

static bool prepares(
    sqlite3 *db, const struct store_statement_text *t, char *why, size_t room)
{
	sqlite3_stmt *stmt;
	bool good =
	    sqlite3_prepare_v2(db, t->sql, -1, &stmt, NULL) == SQLITE_OK;

	if (!good)
		(void)snprintf(why, room, "%s", sqlite3_errmsg(db));
	else if ((size_t)sqlite3_bind_parameter_count(stmt) !=
		 strlen(t->parameters))
		(void)snprintf(why, room, "number of parameters");
	else if (strspn(t->parameters, "itbITB") != strlen(t->parameters))
		(void)snprintf(why, room, "letters of parameters");
	else
		why[0] = '\0';
	(void)sqlite3_finalize(stmt);
	return good;
}

static void every_statement_is_sound_at_some_party(void **state)
{
	bool good[STMT_COUNT] = {false};
	char why[STMT_COUNT][160];
	int bad = 0;

	for (size_t i = 0; i < 4; i++) {
		sqlite3 *db = made(*state, parties[i]);

		for (int st = 0; st < STMT_COUNT; st++)
			if (!good[st])
				good[st] = prepares(db,
				    store_statement_text(
					(enum store_statement)st),
				    why[st], sizeof(why[st]));
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
	}
	for (int st = 0; st < STMT_COUNT; st++) {
		if (good[st] && why[st][0] == '\0')
			continue;
		print_message("%s: %s\n",
		    store_statement_text((enum store_statement)st)->name,
		    why[st]);
		bad++;
	}
	assert_int_equal(bad, 0);
}

/* Statements that run at each step or poll, and how they must find rows: not
 * by walking what grows with every wave there ever was. */
static const struct {
	enum store_party party;
	enum store_statement statement;
	const char *by;
} hot[] = {
    {STORE_WARD, STMT_WARD_FILE_PENDING, "file_open (authority=? AND wave=?)"},
    {STORE_WARD, STMT_WARD_FILES_OF, "file_wave (authority=? AND wave=?)"},
    {STORE_WARD, STMT_WARD_FILES_TO_CANCEL,
	"file_wave (authority=? AND wave=? AND institution=?)"},
    {STORE_WARD, STMT_WARD_CHECK_OF, "check_file_of (authority=? AND file=?)"},
    {STORE_WARD, STMT_WARD_CHECK_LIST,
	"check_file_state (authority=? AND state=?)"},
    {STORE_WARD, STMT_WARD_STATEMENTS_OF,
	"statement_file (authority=? AND file=?)"},
    {STORE_WARD, STMT_WARD_TALLIES,
	"PRIMARY KEY (authority=? AND file>? AND file<?)"},
    {STORE_WARD, STMT_DESK_HITS, "file_answered (answered_us>?)"},
    {STORE_WARD, STMT_DESK_ASKED, "PRIMARY KEY (authority=? AND wave=?)"},
    {STORE_WARD, STMT_AUDIT_OF_OBJECT,
	"log_object_of (kind=? AND object=? AND lane=? AND seq<?)"},
    {STORE_UNIT, STMT_UNIT_FILE_COUNT,
	"file_flight (authority=? AND wave=? AND institution=?)"},
    {STORE_BANK, STMT_BANK_FILE_UNREPORTED,
	"bank_file_unreported (authority=?)"},
    {STORE_BANK, STMT_LOOKUP_KNOWN,
	"PRIMARY KEY (authority=? AND inquiry>? AND inquiry<?)"},
    {STORE_HUB, STMT_STEP_UNREPORTED, "step_unreported (authority=?)"},
    {STORE_HUB, STMT_OUTBOX_DUE, "outbox_due (recipient=? AND due_us<?)"},
};

/* Pages of a list, and blocks of a cursor: found in their order, so that what
 * is not on the page is not read. */
static const struct {
	enum store_party party;
	enum store_statement statement;
} ordered[] = {
    {STORE_WARD, STMT_WARD_CHOOSE_ALL},
    {STORE_WARD, STMT_WARD_CHOOSE_PICKED},
    {STORE_WARD, STMT_WARD_STOP_LIST},
    {STORE_WARD, STMT_WARD_WAVES_BEFORE},
    {STORE_WARD, STMT_DESK_SUBJECTS},
    {STORE_WARD, STMT_DESK_SUBJECTS_KANA},
    {STORE_WARD, STMT_DESK_SUBJECTS_KANJI},
    {STORE_WARD, STMT_DESK_OUTCOMES},
    {STORE_WARD, STMT_DESK_OUTCOMES_CLASS},
    {STORE_WARD, STMT_DESK_FILES_CLASS},
    {STORE_WARD, STMT_DESK_EXCEPTIONS},
    {STORE_WARD, STMT_DESK_EXCEPTIONS_KIND},
    {STORE_WARD, STMT_DESK_EXCEPTIONS_HELD},
    {STORE_WARD, STMT_DESK_CHECKS},
    {STORE_WARD, STMT_DESK_FILES},
    {STORE_WARD, STMT_DESK_TAKEOUTS},
    {STORE_WARD, STMT_DESK_LOG},
    {STORE_WARD, STMT_DESK_LOG_OF},
    {STORE_WARD, STMT_AUDIT_OF_OBJECT},
    {STORE_UNIT, STMT_UNIT_SHOW_HOLDS},
    {STORE_BANK, STMT_DESK_RECEIVED},
    {STORE_BANK, STMT_DESK_IMPORTS},
};

/* Does a line of its plan say so? */
static bool planned(sqlite3 *db, enum store_statement statement, const char *by)
{
	const struct store_statement_text *text =
	    store_statement_text(statement);
	bool found = false;
	sqlite3_stmt *stmt;
	char sql[2048];

	(void)snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", text->sql);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *z = (const char *)sqlite3_column_text(stmt, 3);

		found = found || strstr(z, by) != NULL;
	}
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	return found;
}

static void what_runs_often_walks_nothing_that_grows(void **state)
{
	for (size_t i = 0; i < sizeof(hot) / sizeof(*hot); i++) {
		sqlite3 *db = made(*state, hot[i].party);

		if (!planned(db, hot[i].statement, hot[i].by))
			fail_msg("%s: not by %s",
			    store_statement_text(hot[i].statement)->name,
			    hot[i].by);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
	}
}

static void a_page_is_found_in_its_order(void **state)
{
	for (size_t i = 0; i < sizeof(ordered) / sizeof(*ordered); i++) {
		sqlite3 *db = made(*state, ordered[i].party);

		if (planned(db, ordered[i].statement,
			"USE TEMP B-TREE FOR ORDER BY"))
			fail_msg("%s: sorts all there is",
			    store_statement_text(ordered[i].statement)->name);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(what_can_hold_two_authorities_data_says_whose),
	    fixture_test(every_table_is_strict),
	    fixture_test(every_statement_is_sound_at_some_party),
	    fixture_test(what_runs_often_walks_nothing_that_grows),
	    fixture_test(a_page_is_found_in_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
