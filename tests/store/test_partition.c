/*
 * Tests of partitions by wave on PostgreSQL: made in time, by one of many;
 * found by every statement; dropped with their wave.
 */
#include "fixture.h"

#include "store/postgres/postgres_partition.h"
#include "store/schema.h"
#include "store/waves.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 4
#define WAVES 5
#define AUTHORITY "131041"

static long long partitions(const struct fixture *f, const char *table)
{
	char sql[192];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM pg_inherits WHERE inhparent = '%s'::regclass",
	    table);
	return fixture_server_sql(f, sql);
}

static long long count(const struct fixture *f, const char *table)
{
	char sql[96];

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	return fixture_server_sql(f, sql);
}

/* postgres_partition_ready looks at ?1 and ?2, whatever they are. */
static void every_insert_names_authority_and_key_first(void **state)
{
	int seen = 0;

	(void)state;
	for (int st = 0; st < STMT_COUNT; st++) {
		const char *sql = postgres_text_of((enum store_statement)st);
		const char *t = sql + 12;
		size_t n = strcspn(t, " (");
		const char *key;
		char want[64];

		if (strncmp(sql, "INSERT INTO ", 12) != 0)
			continue;
		key = postgres_partition_key(text_trust(t, n));
		if (key == NULL)
			continue;
		seen++;
		(void)snprintf(want, sizeof(want), " (authority, %s, ", key);
		if (strncmp(t + n, want, strlen(want)) != 0 ||
		    (strstr(t, " VALUES (?1, ?2, ") == NULL &&
			strstr(t, " SELECT ?1, ?2, ") == NULL))
			fail_msg("%s: not authority and %s first",
			    store_statement_text((enum store_statement)st)
				->name,
			    key);
	}
	assert_true(seen >= 7);
}

struct snapshot {
	int64_t wave;
	int64_t ordinal;
};

static enum err_class add_snapshot(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct snapshot *s = arg;

	return STORE_DO(tx, STMT_SNAPSHOT_ADD, e, store_z(AUTHORITY),
	    store_int(s->wave), store_int(s->ordinal), store_z("1"),
	    store_z("x"), store_blob(BYTES("r", 1)));
}

static enum err_class add_and_fail(
    struct store_tx *tx, void *arg, struct err *e)
{
	TRY(add_snapshot(tx, arg, e));
	return err_set(e, ERR_INPUT, "test.enough", "", "");
}

static void run_ok(struct store *s, store_fn *fn, void *arg)
{
	struct err e = {0};

	fixture_expect(store_run(s, fn, arg, &e), ERR_NONE, &e, NULL);
}

static void a_wave_has_a_partition_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_UNIT, STORE_CREATE);

	for (int64_t wave = 1; wave <= WAVES; wave++)
		for (int64_t k = 1; k <= 2; k++)
			run_ok(s, add_snapshot, &(struct snapshot){wave, k});
	assert_int_equal(partitions(f, "snapshot"), WAVES);
	assert_int_equal(count(f, "snapshot_131041_002"), 2);
	store_close(s);
}

static enum err_class add_both(struct store_tx *tx, void *arg, struct err *e)
{
	struct err ignored;

	(void)arg;
	TRY(add_snapshot(tx, &(struct snapshot){1, 1}, e));
	assert_int_equal(store_savepoint(tx, add_and_fail,
			     &(struct snapshot){2, 1}, &ignored),
	    ERR_INPUT);
	return add_snapshot(tx, &(struct snapshot){2, 2}, e);
}

/* What was made in a transaction that failed is made again. */
static void a_partition_that_was_undone_is_made_again(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_UNIT, STORE_CREATE);
	struct snapshot one = {1, 1};
	struct err e = {0};

	fixture_expect(
	    store_run(s, add_and_fail, &one, &e), ERR_INPUT, &e, "test.enough");
	assert_int_equal(partitions(f, "snapshot"), 0);
	run_ok(s, add_both, NULL);
	assert_int_equal(partitions(f, "snapshot"), 2);
	assert_int_equal(count(f, "snapshot"), 2);
	store_close(s);
}

static void nothing_collects_the_rows_of_no_wave(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_UNIT, STORE_CREATE);

	run_ok(s, add_snapshot, &(struct snapshot){1, 1});
	assert_int_equal(
	    fixture_server_sql(f, "SELECT count(*) FROM pg_partitioned_table"
				  " WHERE partdefid <> 0"),
	    0);
	/* A row that nobody made a partition for is refused. */
	assert_int_equal(fixture_server_sql(f,
			     "CREATE FUNCTION fits() RETURNS int"
			     " LANGUAGE plpgsql AS $$ BEGIN INSERT INTO"
			     " snapshot VALUES ('131041', 7, 1, '1', '', '');"
			     " RETURN 1; EXCEPTION WHEN check_violation THEN"
			     " RETURN 0; END $$; SELECT fits()"),
	    0);
	store_close(s);
}

static void refuses_a_key_of_no_wave(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_UNIT, STORE_CREATE);
	struct err e = {0};

	for (int64_t wave = 0; wave < 100000; wave += 46656)
		fixture_expect(
		    store_run(s, add_snapshot, &(struct snapshot){wave, 1}, &e),
		    ERR_FAULT, &e, "store.misuse");
	store_close(s);
}

static void write_waves(const struct fixture *f, int64_t who)
{
	struct store *s = fixture_open(f, STORE_UNIT, STORE_EXISTING);

	for (int64_t wave = 1; wave <= WAVES; wave++)
		run_ok(s, add_snapshot, &(struct snapshot){wave, who});
	store_close(s);
	_exit(0);
}

static void several_processes_begin_the_same_waves(void **state)
{
	struct fixture *f = *state;
	int failed = 0;

	store_close(fixture_open(f, STORE_UNIT, STORE_CREATE));
	for (int64_t k = 0; k < WRITERS; k++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			write_waves(f, k + 1);
	}
	for (int k = 0; k < WRITERS; k++) {
		int status = 1;

		(void)wait(&status);
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
	assert_int_equal(partitions(f, "snapshot"), WAVES);
	assert_int_equal(count(f, "snapshot"), (long long)WAVES * WRITERS);
}

/* --- waves as a whole --- */

static enum err_class fill_wave(struct store_tx *tx, void *arg, struct err *e)
{
	int64_t wave = *(const int64_t *)arg;
	struct store_value a = store_z(AUTHORITY);
	struct store_value record = store_blob(BYTES("r", 1));
	char inquiry[24];
	char file[24];

	(void)snprintf(file, sizeof(file), "131041-00%d-9601-0001", (int)wave);
	for (int i = 0; i < 9; i++) {
		(void)snprintf(inquiry, sizeof(inquiry), "2T4100%d7EP0000%dX",
		    (int)wave, i);
		TRY(STORE_DO(tx, STMT_WARD_OUTCOME_ADD, e, a, store_z(inquiry),
		    store_int(1), store_z(file), store_int(0), store_int(0),
		    record));
		TRY(STORE_DO(
		    tx, STMT_WARD_ANSWER_ADD, e, a, store_z(inquiry), record));
	}
	TRY(STORE_DO(tx, STMT_WARD_SUBJECT_ASK, e, a, store_int(wave),
	    store_z("1"), store_z(""), store_int(1)));
	TRY(STORE_DO(tx, STMT_WARD_EXCEPTION_PUT, e, a, store_int(wave),
	    store_z("9601"), store_int(1), store_z("held"), store_z("x"),
	    store_z(""), store_int(0), store_z("")));
	return STORE_DO(tx, STMT_WARD_TALLY_ADD, e, a, store_z(file),
	    store_int(1), store_int(9), store_int(0), store_int(0));
}

static long long left(const struct fixture *f)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM outcome)"
				  " + (SELECT count(*) FROM answer)"
				  " + (SELECT count(*) FROM exception)"
				  " + (SELECT count(*) FROM wave_subject)"
				  " + (SELECT count(*) FROM file_tally)";

	return strncmp(f->url, "sqlite:", 7) == 0 ? fixture_ask(f->path, sql)
						  : fixture_server_sql(f, sql);
}

#define ROWS 21 /* of a wave, in those tables */

static void drops_one_wave(const struct fixture *f)
{
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct err e = {0};
	int64_t rows = 0;

	for (int64_t wave = 1; wave <= 3; wave++)
		run_ok(s, fill_wave, &wave);
	assert_int_equal(left(f), 3 * ROWS);
	fixture_expect(
	    waves_drop(s, text_z(AUTHORITY), 2, NULL, NULL, &rows, &e),
	    ERR_NONE, &e, NULL);
	assert_int_equal(rows, ROWS);
	assert_int_equal(left(f), 2 * ROWS);
	fixture_expect(
	    waves_drop(s, text_z(AUTHORITY), 2, NULL, NULL, &rows, &e),
	    ERR_NONE, &e, NULL);
	assert_int_equal(rows, 0);
	fixture_expect(
	    waves_drop(s, text_z("131042"), 1, NULL, NULL, &rows, &e), ERR_NONE,
	    &e, NULL);
	assert_int_equal(rows, 0);
	assert_int_equal(left(f), 2 * ROWS);
	/* The others' partitions are known still, and the wave's own is made
	 * again. */
	run_ok(s, fill_wave, &(int64_t){2});
	assert_int_equal(left(f), 3 * ROWS);
	store_close(s);
}

struct beside {
	const struct fixture *f;
	pid_t other;
};

/* Another process, with another key, at the same new wave. */
static int add_beside(const struct fixture *f)
{
	struct store *s = NULL;
	struct err e = {0};

	return store_open(f->url, STORE_UNIT, STORE_EXISTING, &s, &e) !=
		   ERR_NONE ||
	       store_run_key(s, "b", add_snapshot, &(struct snapshot){1, 2},
		   &e) != ERR_NONE;
}

static enum err_class add_while_another_waits(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct beside *b = arg;
	long long waiting = 0;

	TRY(add_snapshot(tx, &(struct snapshot){1, 1}, e));
	b->other = fork();
	assert_true(b->other >= 0);
	if (b->other == 0)
		_exit(add_beside(b->f));
	for (int i = 0; i < 500 && waiting == 0; i++) {
		(void)usleep(10000);
		waiting = fixture_server_sql(
		    b->f, "SELECT count(*) FROM pg_locks WHERE NOT granted");
	}
	assert_int_equal(waiting, 1);
	return ERR_NONE;
}

/* It has looked for the partition before it had to wait, and looks again. */
static void who_waited_for_a_partition_finds_it_made(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_UNIT, STORE_CREATE);
	struct beside b = {.f = f};
	struct err e = {0};
	int status = -1;

	fixture_expect(store_run_key(s, "a", add_while_another_waits, &b, &e),
	    ERR_NONE, &e, NULL);
	assert_int_equal(waitpid(b.other, &status, 0), b.other);
	assert_int_equal(status, 0);
	assert_int_equal(count(f, "snapshot_131041_001"), 2);
	store_close(s);
}

static void a_dropped_wave_takes_its_partitions_along(void **state)
{
	struct fixture *f = *state;
	struct store *s;
	struct err e = {0};
	int64_t rows;

	drops_one_wave(f);
	assert_int_equal(partitions(f, "outcome"), 3);
	s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	fixture_expect(
	    waves_drop(s, text_z(AUTHORITY), 1, NULL, NULL, &rows, &e),
	    ERR_NONE, &e, NULL);
	store_close(s);
	assert_int_equal(partitions(f, "outcome"), 2);
	assert_int_equal(partitions(f, "exception"), 2);
	assert_int_equal(count(f, "outcome"), 18);
}

static void on_sqlite_a_dropped_wave_is_deleted(void **state)
{
	struct fixture f = *(const struct fixture *)*state;

	(void)snprintf(f.url, sizeof(f.url), "sqlite:%s", f.path);
	drops_one_wave(&f);
}

static enum err_class drop_while_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct store *other = arg;
	struct store_rows *r;
	int64_t rows;
	bool more;

	TRY(store_query(tx, STMT_WARD_OUTCOMES_IN,
	    STORE_VALUES(store_z(AUTHORITY), store_z("2T410027EP000000"),
		store_z("2T410027EP0000ZZ")),
	    &r, e));
	TRY(store_next(r, &more, e));
	assert_true(more);
	fixture_expect(
	    waves_drop(other, text_z(AUTHORITY), 2, NULL, NULL, &rows, e),
	    ERR_BUSY, e, "store.busy");
	store_rows_close(r);
	return ERR_NONE;
}

static void a_reader_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct store *other = fixture_open(f, STORE_WARD, STORE_EXISTING);
	struct err e = {0};
	int64_t wave = 2;
	int64_t rows;

	run_ok(s, fill_wave, &wave);
	fixture_expect(
	    store_read(s, drop_while_read, other, &e), ERR_NONE, &e, NULL);
	assert_int_equal(count(f, "outcome"), 9);
	fixture_expect(
	    waves_drop(other, text_z(AUTHORITY), 2, NULL, NULL, &rows, &e),
	    ERR_NONE, &e, NULL);
	assert_int_equal(left(f), 0);
	store_close(other);
	store_close(s);
}

/* --- of plain tables --- */

static void make_version(const struct fixture *f, int last)
{
	char sql[160];

	for (int v = 1; v <= last; v++)
		for (int i = 0; schema_part(v, STORE_WARD, i) != NULL; i++) {
			char *ddl = postgres_ddl(schema_part(v, STORE_WARD, i));

			if (*ddl != '\0')
				(void)fixture_server_sql(f, ddl);
			free(ddl);
		}
	(void)snprintf(sql, sizeof(sql),
	    "CREATE TABLE shokai_schema (party text NOT NULL,"
	    " version bigint NOT NULL);"
	    "INSERT INTO shokai_schema VALUES ('ward', %d)",
	    last);
	(void)fixture_server_sql(f, sql);
}

static void a_plain_database_is_partitioned_with_its_rows(void **state)
{
	struct fixture *f = *state;
	struct store *s;
	int64_t wave = 3;

	make_version(f, POSTGRES_PARTITION_VERSION - 1);
	(void)fixture_server_sql(f,
	    "INSERT INTO outcome SELECT '131041', '2T4100' || w || '7EP0000' ||"
	    " n || 'X', 1, 'f', 0, 0, '' FROM generate_series(1, 3) AS w,"
	    " generate_series(10, 59) AS n;"
	    "INSERT INTO answer (authority, inquiry, record)"
	    " SELECT authority, inquiry, '' FROM outcome;"
	    "INSERT INTO wave_claim SELECT '131041', 2, n, '1', '', ''"
	    " FROM generate_series(1, 50) AS n");
	s = fixture_open(f, STORE_WARD, STORE_MIGRATE);
	assert_int_equal(partitions(f, "outcome"), 3);
	assert_int_equal(count(f, "outcome"), 150);
	assert_int_equal(count(f, "\"answer_131041_2T41002\""), 50);
	assert_int_equal(count(f, "wave_claim_131041_002"), 50);
	run_ok(s, fill_wave, &wave);
	assert_int_equal(count(f, "outcome"), 159);
	store_close(s);
}

#define FILES 500

static void name_file(int64_t k, char out[32])
{
	(void)snprintf(out, 32, AUTHORITY "-001-9601-%04d", (int)k);
}

static enum err_class put_files(struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	for (int64_t k = 1; k <= FILES; k++) {
		char name[32];

		name_file(k, name);
		TRY(STORE_DO(tx, STMT_WARD_FILE_PUT, e, store_z(AUTHORITY),
		    store_z(name), store_int(1), store_z("9601"),
		    store_z("H001"), store_int(k), store_int(1), store_int(2),
		    store_int(2), store_z("a"), store_z("handed"), store_z("m"),
		    store_int(1), store_int(0)));
	}
	return ERR_NONE;
}

static enum err_class find_files(struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;
	bool found = true;

	(void)arg;
	for (int64_t k = 1; k <= FILES && found; k++) {
		char name[32];

		name_file(k, name);
		TRY(store_one(tx, STMT_WARD_FILE_GET,
		    STORE_VALUES(store_z(AUTHORITY), store_z(name)), &r, &found,
		    e));
		store_rows_close(r);
	}
	assert_true(found);
	return ERR_NONE;
}

static long long walks(const struct fixture *f, const char *by)
{
	char sql[96];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = "
	    "'%s'",
	    by);
	return fixture_server_sql(f, sql);
}

/* In its first wave a node has many files of one authority, and the server has
 * not looked at the table yet: a file is not looked for among all of them. */
static void a_file_is_found_by_its_own_key_in_a_first_wave(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);

	run_ok(s, put_files, NULL);
	run_ok(s, find_files, NULL);
	store_close(s);
	for (int i = 0; i < 100 && walks(f, "file_pkey") < FILES; i++)
		(void)usleep(50000); /* counted when the session has ended */
	assert_true(walks(f, "file_pkey") >= FILES);
	assert_int_equal(walks(f, "file_wave"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_insert_names_authority_and_key_first),
	    fixture_test(refuses_a_key_of_no_wave),
	    fixture_test(nothing_collects_the_rows_of_no_wave),
	    fixture_test(a_wave_has_a_partition_of_its_own),
	    fixture_test(a_partition_that_was_undone_is_made_again),
	    fixture_test(several_processes_begin_the_same_waves),
	    fixture_test(who_waited_for_a_partition_finds_it_made),
	    fixture_test(a_dropped_wave_takes_its_partitions_along),
	    fixture_test(on_sqlite_a_dropped_wave_is_deleted),
	    fixture_test(a_reader_is_not_waited_for),
	    fixture_test(a_plain_database_is_partitioned_with_its_rows),
	    fixture_test(a_file_is_found_by_its_own_key_in_a_first_wave),
	};

	if (fixture_server() == NULL) {
		print_message("no server: run by script/lib/cluster.py\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
