/*
 * Tests of what PostgreSQL does for each inquiry, with a million rows in four
 * waves, as the driver asks it: generic plans, and no other setting of the
 * planner than its own.
 */
#include "fixture.h"

#include "plans_list.h"

#include "store/postgres/postgres_internal.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUTHORITY "131041"
#define MILLION 1000000

static const char *const hot_arguments[STMT_COUNT] = {
#define X(name, party, limit, arguments) [STMT_##name] = (arguments),
    PLANS_HOT(X)
#undef X
};

static const struct hot {
	enum store_statement st;
	enum store_party party;
	int limit;
} hot[] = {
#define X(name, party, limit, arguments) {STMT_##name, STORE_##party, (limit)},
    PLANS_HOT(X)
#undef X
};

/* How often it is classed. */
static const int others[] = {
#define X(name) STMT_##name,
    PLANS_FILE(X) PLANS_ASKED(X)
#undef X
};

static void every_statement_is_classed_once(void **state)
{
	int times[STMT_COUNT] = {0};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		times[others[i]]++;
	for (size_t i = 0; i < sizeof(hot) / sizeof(*hot); i++)
		times[hot[i].st]++;
	for (int st = 0; st < STMT_COUNT; st++) {
		if (times[st] == 1)
			continue;
		print_message("%s: classed %d times in plans_list.h\n",
		    store_statement_text((enum store_statement)st)->name,
		    times[st]);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static const char *literal(char c)
{
	static const struct {
		char letter;
		const char *sql;
	} letters[] = {
	    {'A', "'" AUTHORITY "'"},
	    {'W', "2"},
	    {'I', "'9601'"},
	    {'O', "100"},
	    {'P', "180"},
	    {'Z', "9000000"},
	    {'Q', "'2T410027EP000640'"},
	    {'R', "'2T410027EP000B40'"},
	    {'F', "'131041-002-9601-0001'"},
	    {'G', "'131041-002-9601-9999'"},
	    {'K', "'0000000100'"},
	    {'L', "'x'"},
	    {'M', "'1'"},
	    {'C', "'0000000100'"},
	    {'Y', "'key 100'"},
	    {'N', "1"},
	    {'T', "'t'"},
	    {'B', "'\\x00'"},
	    {'D', "'held'"},
	    {'E', "'correction'"},
	    {'H', "'withdraw'"},
	    {'S', "'go'"},
	};

	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++)
		if (letters[i].letter == c)
			return letters[i].sql;
	fail_msg("no argument '%c'", c);
	return NULL;
}

/* --- a million rows --- */

static void row_of(
    struct store_tx *tx, enum store_statement st, int64_t wave, struct err *e)
{
	const struct store_statement_text *t = store_statement_text(st);
	const char *letters = hot_arguments[st];
	struct store_value v[STORE_PARAMETERS_MAX];
	static const unsigned char byte;
	char inquiry[20];
	size_t n = strlen(t->parameters);

	(void)snprintf(
	    inquiry, sizeof(inquiry), "2T4100%dZZZ000000", (int)wave);
	for (size_t i = 0; i < n; i++)
		v[i] = t->parameters[i] == 'i'	 ? store_int(0)
		       : t->parameters[i] == 'b' ? store_blob(BYTES(&byte, 1))
						 : store_z("held");
	v[0] = store_z(AUTHORITY);
	v[1] = letters[1] == 'W' ? store_int(wave) : store_z(inquiry);
	if (st == STMT_WARD_CORRECTION_ADD)
		v[2] = store_z("correction");
	fixture_expect(store_do(tx, st, v, n, NULL, e), ERR_NONE, e, NULL);
}

/* The first row of each wave makes its partitions. */
static enum err_class begin_waves(struct store_tx *tx, void *arg, struct err *e)
{
	static const enum store_statement firsts[][6] = {
	    [STORE_WARD] = {STMT_WARD_OUTCOME_ADD, STMT_WARD_ANSWER_ADD,
		STMT_WARD_CORRECTION_ADD, STMT_WARD_EXCEPTION_PUT,
		STMT_WARD_CLAIM_ASK, STMT_COUNT},
	    [STORE_UNIT] = {STMT_SNAPSHOT_ADD, STMT_UNIT_EXCEPTION_ADD,
		STMT_UNIT_OUTCOME_ADD, STMT_COUNT},
	    [STORE_BANK] = {STMT_LOOKUP_ADD, STMT_COUNT},
	};
	const enum store_statement *st = firsts[store_party_of(tx)];

	(void)arg;
	for (; *st != STMT_COUNT; st++)
		for (int64_t wave = 1; wave <= 4; wave++)
			row_of(tx, *st, wave, e);
	return ERR_NONE;
}

#define INQUIRY                                                                \
	"'2T4100' || w || '7EP' || lpad(upper(to_hex(n)), 5, '0') || '0'"
#define FILE_OF                                                                \
	"'131041-00' || w || '-9601-' || lpad((n / 500 + 1)::text, 4, '0')"
#define EACH(last)                                                             \
	" FROM generate_series(1, 4) AS w, generate_series(1, " last ") AS n;"

static const char fill_asked[] =
    "INSERT INTO exception (authority, wave, institution, ordinal, kind,"
    " reason) SELECT '131041', w, i, n, 'held', 'x'"
    " FROM generate_series(1, 4) AS w, generate_series(1, 5000) AS n,"
    " unnest(ARRAY['9601', '9602', '9603']) AS i;"
    "INSERT INTO halted (authority, wave, institution, ordinal, no, seq,"
    " state, late, file) SELECT '131041', w, '9601', n, 1, 1,"
    " CASE n % 50 WHEN 0 THEN 'waiting' ELSE 'sent' END, 0, " FILE_OF EACH(
	"5000") "INSERT INTO file (authority, file, wave, institution, hub, no, first,"
		" last, records, layout, state, message, sent_us) SELECT '131041',"
		" '131041-00' || w || '-9601-' || lpad(n::text, 4, '0'), w, '9601', 'H',"
		" n, n * 500 - 499, n * 500, 500, '1', 'sent', 'm', 0" EACH(
		    "2000");

static const char fill_ward[] =
    "INSERT INTO outcome SELECT '131041', " INQUIRY ", 1, " FILE_OF
    ", 0, 0, '\\x00'" EACH("250000") "INSERT INTO answer SELECT '131041', " INQUIRY ", '\\x00'" EACH(
	"20000") "INSERT INTO correction SELECT '131041', " INQUIRY
		 ", 1, 'correction', 1, '\\x00', 'm', 0, '\\x00'" EACH(
		     "5000") "INSERT INTO subject SELECT '131041', lpad(n::text, 10, '0'), 'x', 'x',"
			     " 'x', 0, 0 FROM generate_series(1, 30000) AS n;"
			     "INSERT INTO claim SELECT '131041', lpad(n::text, 10, '0'), '1', 1, '',"
			     " '\\x00' FROM generate_series(1, 30000) AS n;"
			     "INSERT INTO stop (authority, atena, reason, at_us) SELECT '131041',"
			     " lpad(n::text, 10, '0'), 't', 0 FROM generate_series(1, 30000, 5) AS n;"
			     "INSERT INTO pick SELECT '131041', w, lpad(n::text, 10, '0'), ''" EACH("20000") "INSERT INTO wave_subject SELECT '131041', w, n, lpad(n::text, 10, '0')" EACH("30000") "INSERT INTO wave_claim SELECT '131041', w, n, '1', 'x', '\\x00'" EACH(
				 "30000") "INSERT INTO halt SELECT '131041', w, n, '', 'hold', 1, 1, 0" EACH("5000") "INSERT INTO file_tally SELECT '131041', '131041-00' || w || '-9601-' ||"
														     " lpad(n::text, 4, '0'), 1, 500, 0, 0" EACH(
															 "2000") "INSERT INTO wave SELECT '131041', w, 'x', 'x', 'x', 'x', 'x', 'x',"
																 " 'detail', 'x', 'sent', 'a', 'a', 0, 'b', 0, '', 1, ''"
																 " FROM generate_series(1, 2000) AS w;"
																 "INSERT INTO wave_institution SELECT '131041', w,"
																 " lpad((9600 + n)::text, 4, '0'), 'H', 'direct', 'x'"
																 " FROM generate_series(1, 1000) AS w, generate_series(1, 6) AS n;";

static const char fill_unit[] =
    "INSERT INTO snapshot SELECT '131041', w, n, '1', 'x', '\\x00'" EACH(
	"20000") "INSERT INTO outcome SELECT '131041', " INQUIRY ", 1, " FILE_OF
		 ", 0, 0, '\\x00'" EACH("20000");

static const char fill_bank[] =
    "INSERT INTO lookup SELECT '131041', " INQUIRY ", " FILE_OF ", 1, ''" EACH(
	"20000") "INSERT INTO customer SELECT i, lpad(n::text, 10, '0'), '', '', '', '',"
		 " '', '', '', '', '', '', '', '', '' FROM generate_series(1, 2) AS i,"
		 " generate_series(1, 20000) AS n;"
		 "INSERT INTO customer_key SELECT import, 'key ' || number::int, number"
		 " FROM customer;"
		 "INSERT INTO account SELECT import, number, 't', '1', number, '', '', '',"
		 " '', '', '', '', '' FROM customer;"
		 "INSERT INTO dealing SELECT import, 't', '1', number, 1, 't', 't', '', '',"
		 " '', '' FROM customer;"
		 "INSERT INTO other SELECT import, number, '1', 1, '', '', '', '', ''"
		 " FROM customer;";

static PGconn *filled(void **state, enum store_party party, const char *sql)
{
	const struct fixture *f = *state;
	struct store *s = fixture_open(f, party, STORE_CREATE);
	struct err e;
	PGconn *conn;

	fixture_expect(store_run(s, begin_waves, NULL, &e), ERR_NONE, &e, NULL);
	store_close(s);
	(void)fixture_server_sql(f, sql);
	if (party != STORE_BANK)
		(void)fixture_server_sql(f, fill_asked);
	(void)fixture_server_sql(f, "ANALYZE");
	conn = PQconnectdb(f->url);
	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	PQclear(PQexec(conn, "SET plan_cache_mode = force_generic_plan"));
	return conn;
}

/* --- plans --- */

static void arguments_of(enum store_statement st, bool many, struct buf *out)
{
	const char *letters = store_statement_text(st)->parameters;
	const char *arguments = hot_arguments[st];

	if (strlen(letters) != strlen(arguments))
		fail_msg(
		    "%s: number of arguments", store_statement_text(st)->name);
	for (size_t i = 0; arguments[i] != '\0'; i++) {
		const char *v = literal(arguments[i]);

		buf_printf(out, i > 0 ? ", " : "");
		buf_printf(out, many ? "ARRAY[%s]" : "%s", v);
		if (many)
			buf_z(out, letters[i] == 'i'   ? "::bigint[]"
				   : letters[i] == 'b' ? "::bytea[]"
						       : "::text[]");
	}
}

/* The partition that a line of a plan scans, or "". */
static void scanned(const char *line, char out[64])
{
	const char *at = strstr(line, "_" AUTHORITY "_");
	const char *from = at;
	size_t n;

	out[0] = '\0';
	if (at == NULL || strstr(line, "Scan") == NULL ||
	    strstr(line, "never executed") != NULL)
		return;
	while (from > line && from[-1] != ' ')
		from--;
	/* "outcome_131041_2T41002", without an index's tail. */
	n = (size_t)(at - from) + sizeof("_" AUTHORITY "_") - 1;
	n += strspn(from + n, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	(void)snprintf(out, 64, "%.*s", (int)n, from);
}

/* How many partitions of one table were touched, at most. */
static int touched(const PGresult *res)
{
	char seen[64][64];
	int most = 0;
	int n = 0;

	for (int i = 0; i < PQntuples(res); i++) {
		char name[64];
		int k = 0;
		int same = 1;

		scanned(PQgetvalue(res, i, 0), name);
		while (k < n && strcmp(seen[k], name) != 0)
			k++;
		if (name[0] == '\0' || k < n || n == 64)
			continue;
		for (k = 0; k < n; k++)
			same += strncmp(seen[k], name, strcspn(name, "1")) == 0;
		(void)snprintf(seen[n++], 64, "%s", name);
		most = same > most ? same : most;
	}
	return most;
}

static bool walks(const PGresult *res)
{
	for (int i = 0; i < PQntuples(res); i++)
		if (strstr(PQgetvalue(res, i, 0), "Seq Scan") != NULL)
			return true;
	return false;
}

static void show(const char *name, bool many, const PGresult *res)
{
	print_message("%s%s: %s\n", name, many ? " (many)" : "",
	    PQresultErrorMessage(res));
	for (int i = 0; i < PQntuples(res); i++)
		print_message("    %s\n", PQgetvalue(res, i, 0));
}

static PGresult *explain(PGconn *conn, enum store_statement st, bool many)
{
	const char *letters = store_statement_text(st)->parameters;
	Oid types[STORE_PARAMETERS_MAX] = {0};
	char *sql = !many ? postgres_text_one(st)
		    : postgres_text_reads(st)
			? postgres_text_query(st, 0)
			: postgres_text_each(st, 0, false);
	struct buf ask = {0};
	PGresult *res;

	if (sql == NULL)
		return NULL; /* of many rows it goes one by one */
	postgres_bind_types(st, many, 0, types);
	res = PQprepare(conn, "s", sql, (int)strlen(letters), types);
	free(sql);
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		return res;
	PQclear(res);
	buf_z(&ask, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)"
		    " EXECUTE s (");
	arguments_of(st, many, &ask);
	buf_z(&ask, ")");
	buf_byte(&ask, '\0');
	PQclear(PQexec(conn, "BEGIN"));
	res = PQexec(conn, (const char *)ask.p);
	PQclear(PQexec(conn, "ROLLBACK"));
	PQclear(PQexec(conn, "DEALLOCATE ALL"));
	buf_fini(&ask);
	return res;
}

static bool good_plan(
    PGconn *conn, const struct hot *h, bool many, int *in_partitions)
{
	PGresult *res = explain(conn, h->st, many);
	bool good = true;

	if (res == NULL)
		return true;
	good = PQresultStatus(res) == PGRES_TUPLES_OK && !walks(res) &&
	       touched(res) <= h->limit;
	*in_partitions += touched(res) > 0;
	if (!good)
		show(store_statement_text(h->st)->name, many, res);
	PQclear(res);
	return good;
}

static void check(void **state, enum store_party party, const char *sql)
{
	PGconn *conn = filled(state, party, sql);
	int in_partitions = 0;
	int bad = 0;
	int n = 0;

	for (size_t i = 0; i < sizeof(hot) / sizeof(*hot); i++)
		for (int many = 0; many < 2 && hot[i].party == party; many++) {
			n++;
			if (!good_plan(
				conn, &hot[i], many != 0, &in_partitions))
				bad++;
		}
	PQfinish(conn);
	print_message(
	    "%d plans, %d in partitions, %d bad\n", n, in_partitions, bad);
	assert_true(in_partitions > 0); /* else nothing was looked at */
	assert_int_equal(bad, 0);
}

static void at_the_ward_a_million_outcomes_cost_no_inquiry(void **state)
{
	check(state, STORE_WARD, fill_ward);
	assert_true(fixture_server_sql(
			*state, "SELECT count(*) FROM outcome") >= MILLION);
}

static void at_the_unit_an_inquiry_touches_one_partition(void **state)
{
	check(state, STORE_UNIT, fill_unit);
}

static void at_the_bank_an_inquiry_touches_one_partition(void **state)
{
	check(state, STORE_BANK, fill_bank);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_statement_is_classed_once),
	    fixture_test(at_the_ward_a_million_outcomes_cost_no_inquiry),
	    fixture_test(at_the_unit_an_inquiry_touches_one_partition),
	    fixture_test(at_the_bank_an_inquiry_touches_one_partition),
	};

	if (fixture_server() == NULL) {
		print_message("no server: run by script/lib/cluster.py\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
