/*
 * Tests of the whole list of statements on PostgreSQL, in each form the
 * driver makes of them: compiled with the program's own list.
 */
#include "fixture.h"

#include "store/postgres/postgres_internal.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

static const enum store_party parties[] = {
    STORE_WARD, STORE_UNIT, STORE_HUB, STORE_BANK};

enum form { FORM_ONE, FORM_MANY, FORM_COUNT };

static char *text_of(enum store_statement st, enum form form)
{
	if (form == FORM_ONE)
		return postgres_text_one(st);
	return postgres_text_reads(st) ? postgres_text_query(st, 0)
				       : postgres_text_each(st, 0, false);
}

/* Of every column, or its value could not be read. */
static bool types_are_known(PGconn *conn, char *why, size_t room)
{
	static const Oid known[] = {OID_BOOL, OID_BYTEA, OID_INT8, OID_INT2,
	    OID_INT4, OID_TEXT, OID_VARCHAR, OID_NUMERIC};
	PGresult *res = PQdescribePrepared(conn, "");
	bool all = PQresultStatus(res) == PGRES_COMMAND_OK;

	for (int i = 0; i < PQnfields(res); i++) {
		bool found = false;

		for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
			found = found || PQftype(res, i) == known[k];
		if (!found)
			(void)snprintf(why, room, "column %d has type %u", i,
			    PQftype(res, i));
		all = all && found;
	}
	PQclear(res);
	return all;
}

static bool prepares(PGconn *conn, enum store_statement st, enum form form,
    char *why, size_t room)
{
	Oid types[STORE_PARAMETERS_MAX] = {0};
	const char *letters = store_statement_text(st)->parameters;
	char *sql = text_of(st, form);
	PGresult *res;
	bool good;

	why[0] = '\0';
	if (sql == NULL)
		return true; /* of many rows it goes one by one */
	postgres_bind_types(st, form == FORM_MANY, 0, types);
	res = PQprepare(conn, "", sql, (int)strlen(letters), types);
	good = PQresultStatus(res) == PGRES_COMMAND_OK;
	if (!good)
		(void)snprintf(why, room, "%s", PQresultErrorMessage(res));
	PQclear(res);
	free(sql);
	if (good)
		good = types_are_known(conn, why, room);
	return good && postgres_text_parameters(st) == strlen(letters);
}

static PGconn *made(void **state, enum store_party party)
{
	const struct fixture *f = *state;
	PGconn *conn;

	if (party != parties[0]) {
		assert_int_equal(fixture_teardown(state), 0);
		assert_int_equal(fixture_setup(state), 0);
		f = *state;
	}
	store_close(fixture_open(f, party, STORE_CREATE));
	conn = PQconnectdb(f->url);
	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	return conn;
}

static bool good[FORM_COUNT][STMT_COUNT];
static char why[FORM_COUNT][STMT_COUNT][256];

static void try_all(PGconn *conn)
{
	for (int form = 0; form < FORM_COUNT; form++)
		for (int st = 0; st < STMT_COUNT; st++)
			if (!good[form][st])
				good[form][st] = prepares(conn,
				    (enum store_statement)st, (enum form)form,
				    why[form][st], sizeof(why[form][st]));
}

static void every_statement_is_sound_at_some_party(void **state)
{
	int bad = 0;

	for (size_t i = 0; i < 4; i++) {
		PGconn *conn = made(state, parties[i]);

		try_all(conn);
		PQfinish(conn);
	}
	for (int form = 0; form < FORM_COUNT; form++)
		for (int st = 0; st < STMT_COUNT; st++) {
			if (good[form][st])
				continue;
			print_message("%s (%d): %s\n",
			    store_statement_text((enum store_statement)st)
				->name,
			    form, why[form][st]);
			bad++;
		}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(every_statement_is_sound_at_some_party),
	};

	if (fixture_server() == NULL) {
		print_message("no server: run by script/lib/cluster.py\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
