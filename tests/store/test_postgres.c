/*
 * Tests of what PostgreSQL alone can do to a store: refuse it, go away and come
 * back. A COMMIT without an answer: test_commit.c.
 */
#include "fixture.h"

#include "store/postgres/postgres_internal.h"
#include "store/schema.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The fixture's database by another way: what stands behind its "?". */
static void by_way(const struct fixture *f, const char *user, const char *host,
    const char *more, char *out, size_t room)
{
	(void)snprintf(out, room, "postgresql://%s@%s:%s/%s?%s", user, host,
	    getenv("PGCLUSTER_PORT"), f->name, more);
}

static void refuses_what_is_no_database_of_this_party(void **state)
{
	struct fixture *f = *state;

	fixture_refuses(
	    f->url, STORE_BANK, STORE_EXISTING, ERR_INPUT, "store.not_ours");
	store_close(fixture_open(f, STORE_BANK, STORE_CREATE));
	fixture_refuses(
	    f->url, STORE_WARD, STORE_CREATE, ERR_INPUT, "store.exists");
	/* Who had made it and died before its first row makes it. */
	store_close(fixture_open(f, STORE_BANK, STORE_CREATE));
	(void)fixture_server_sql(f, "INSERT INTO fact VALUES ('a', 'b')");
	fixture_refuses(
	    f->url, STORE_BANK, STORE_CREATE, ERR_INPUT, "store.exists");
	fixture_refuses(
	    f->url, STORE_WARD, STORE_EXISTING, ERR_INPUT, "store.party");
	store_close(fixture_open(f, STORE_BANK, STORE_EXISTING));
}

static void makes_nothing_beside_a_strangers_tables(void **state)
{
	struct fixture *f = *state;

	(void)fixture_server_sql(f, "CREATE TABLE strange (x int)");
	fixture_refuses(
	    f->url, STORE_WARD, STORE_CREATE, ERR_INPUT, "store.exists");
	assert_int_equal(
	    fixture_server_sql(f, "SELECT count(*) FROM pg_class WHERE"
				  " relnamespace = 'public'::regnamespace"),
	    1);
}

static void refuses_a_newer_schema(void **state)
{
	struct fixture *f = *state;

	store_close(fixture_open(f, STORE_HUB, STORE_CREATE));
	(void)fixture_server_sql(f, "UPDATE shokai_schema SET version = 999");
	fixture_refuses(
	    f->url, STORE_HUB, STORE_EXISTING, ERR_INPUT, "store.schema_new");
	fixture_refuses(
	    f->url, STORE_HUB, STORE_MIGRATE, ERR_INPUT, "store.schema_new");
}

/* A ward's database as the program of schema 1 made it. */
static void make_version_1(const struct fixture *f)
{
	for (int i = 0; schema_part(1, STORE_WARD, i) != NULL; i++) {
		char *ddl = postgres_ddl(schema_part(1, STORE_WARD, i));

		(void)fixture_server_sql(f, ddl);
		free(ddl);
	}
	(void)fixture_server_sql(f,
	    "CREATE TABLE shokai_schema (party text NOT NULL,"
	    " version bigint NOT NULL);"
	    "INSERT INTO shokai_schema VALUES ('ward', 1)");
}

static long long schema_digest(const struct fixture *f)
{
	return fixture_server_sql(f,
	    "SELECT hashtextextended(string_agg(line, ',' ORDER BY line), 0)"
	    " FROM (SELECT concat_ws(' ', table_name, column_name, data_type,"
	    " is_nullable, column_default, collation_name) AS line"
	    " FROM information_schema.columns WHERE table_schema = 'public'"
	    " UNION ALL SELECT indexdef FROM pg_indexes"
	    " WHERE schemaname = 'public') AS lines");
}

static void a_migrated_schema_is_the_new_one(void **state)
{
	struct fixture *f = *state;
	long long migrated;

	make_version_1(f);
	fixture_refuses(
	    f->url, STORE_WARD, STORE_EXISTING, ERR_INPUT, "store.schema_old");
	store_close(fixture_open(f, STORE_WARD, STORE_MIGRATE));
	migrated = schema_digest(f);
	assert_int_equal(fixture_teardown(state), 0);
	assert_int_equal(fixture_setup(state), 0);
	f = *state;
	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	assert_true(schema_digest(f) == migrated);
}

static void a_failing_migration_leaves_the_old_version(void **state)
{
	struct fixture *f = *state;

	store_close(fixture_open(f, STORE_HUB, STORE_CREATE));
	(void)fixture_server_sql(f, "UPDATE shokai_schema SET version = 1");
	fixture_refuses(
	    f->url, STORE_HUB, STORE_EXISTING, ERR_INPUT, "store.schema_old");
	/* Its index is there already: 002-common.sql cannot be applied. */
	fixture_refuses(
	    f->url, STORE_HUB, STORE_MIGRATE, ERR_FAULT, "store.fault");
	assert_int_equal(
	    fixture_server_sql(f, "SELECT version FROM shokai_schema"), 1);
}

static void refuses_a_wrong_password_and_says_so(void **state)
{
	struct fixture *f = *state;
	char url[512];

	(void)fixture_server_sql(
	    NULL, "CREATE ROLE clerk LOGIN PASSWORD 'right'");
	by_way(
	    f, "clerk:wrong", "127.0.0.1", "sslmode=disable", url, sizeof(url));
	fixture_refuses(
	    url, STORE_WARD, STORE_CREATE, ERR_DENIED, "store.auth");
	by_way(f, "clerk", "127.0.0.1", "sslmode=disable&passfile=/nonexistent",
	    url, sizeof(url));
	fixture_refuses(
	    url, STORE_WARD, STORE_CREATE, ERR_DENIED, "store.auth");
	(void)fixture_server_sql(NULL, "DROP ROLE clerk");
}

static void verifies_the_servers_certificate(void **state)
{
	struct fixture *f = *state;
	const char *folder = getenv("PGCLUSTER_FOLDER");
	char more[256];
	char url[512];
	struct store *s = NULL;
	struct err e = {0};

	(void)fixture_server_sql(f, "CREATE ROLE clerk LOGIN PASSWORD 'right';"
				    "GRANT ALL ON SCHEMA public TO clerk");
	(void)snprintf(
	    more, sizeof(more), "sslrootcert=%s/other-ca.crt", folder);
	by_way(f, "clerk:right", "localhost", more, url, sizeof(url));
	fixture_refuses(
	    url, STORE_WARD, STORE_CREATE, ERR_DENIED, "store.certificate");
	/* The right authority, but a name that is not the certificate's. */
	(void)snprintf(more, sizeof(more), "sslrootcert=%s/ca.crt", folder);
	by_way(f, "clerk:right", "127.0.0.1", more, url, sizeof(url));
	fixture_refuses(
	    url, STORE_WARD, STORE_CREATE, ERR_DENIED, "store.certificate");
	by_way(f, "clerk:right", "localhost", more, url, sizeof(url));
	fixture_expect(store_open(url, STORE_WARD, STORE_CREATE, &s, &e),
	    ERR_NONE, &e, NULL);
	store_close(s);
	(void)fixture_server_sql(f, "DROP OWNED BY clerk; DROP ROLE clerk");
}

static void another_machine_is_never_reached_without_tls(void **state)
{
	(void)state;
	fixture_refuses("postgresql://clerk@db.example/x?sslmode=require",
	    STORE_WARD, STORE_EXISTING, ERR_INPUT, "store.certificate");
	fixture_refuses("postgresql://clerk@db.example/x?nonsense=1",
	    STORE_WARD, STORE_EXISTING, ERR_INPUT, "store.url");
}

static void says_when_nobody_answers(void **state)
{
	(void)state;
	fixture_refuses("postgresql://x@127.0.0.1:1/x?sslmode=disable",
	    STORE_WARD, STORE_EXISTING, ERR_BUSY, "store.unreachable");
	fixture_refuses("postgresql:///none?host=/nonexistent", STORE_WARD,
	    STORE_EXISTING, ERR_BUSY, "store.unreachable");
}

static enum err_class add(struct store_tx *tx, void *arg, struct err *e)
{
	return STORE_DO(tx, STMT_FACT_ADD, e, store_z(arg), store_z("v"));
}

static void says_when_it_may_not_write(void **state)
{
	struct fixture *f = *state;
	char sql[160];
	char name[] = "a";
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	(void)snprintf(sql, sizeof(sql),
	    "ALTER DATABASE %s SET default_transaction_read_only = on",
	    f->name);
	(void)fixture_server_sql(NULL, sql);
	fixture_refuses(
	    f->url, STORE_WARD, STORE_EXISTING, ERR_BUSY, "store.read_only");
	/* Who was there before learns it on the next connection. */
	(void)fixture_server_sql(NULL,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	    " WHERE application_name = 'shokai'");
	fixture_expect(
	    store_run(s, add, name, &e), ERR_BUSY, &e, "store.read_only");
	store_close(s);
	(void)snprintf(sql, sizeof(sql),
	    "ALTER DATABASE %s RESET default_transaction_read_only", f->name);
	(void)fixture_server_sql(NULL, sql);
	assert_int_equal(fixture_facts(f), 0);
}

/* Its session is ended by the server between two transactions, and within
 * one. */
static enum err_class add_and_lose(
    struct store_tx *tx, void *arg, struct err *e)
{
	char name[] = "lost";

	(void)arg;
	TRY(add(tx, name, e));
	(void)fixture_server_sql(NULL,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	    " WHERE application_name = 'shokai'");
	return ERR_NONE;
}

static void goes_on_when_its_connection_was_lost(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	char first[] = "first", second[] = "second";
	struct err e = {0};

	fixture_expect(store_run(s, add, first, &e), ERR_NONE, &e, NULL);
	(void)fixture_server_sql(NULL,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
	    " WHERE application_name = 'shokai'");
	fixture_expect(store_run(s, add, second, &e), ERR_NONE, &e, NULL);
	assert_int_equal(fixture_facts(f), 2);
	assert_int_not_equal(store_run(s, add_and_lose, NULL, &e), ERR_NONE);
	assert_int_equal(fixture_facts(f), 2);
	store_close(s);
}

static enum err_class many(struct store_tx *tx, void *arg, struct err *e)
{
	enum { ROWS = 1000 };
	static char text[ROWS][16];
	struct store_value names[ROWS];
	struct store_value same = store_z("v");
	const struct store_column columns[] = {
	    {.v = names}, {.same = true, .v = &same}};

	for (int i = 0; i < ROWS; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "n%d", i);
		names[i] = store_z(text[i]);
	}
	return store_each(tx, STMT_FACT_PUT, columns, 2, ROWS, arg, e);
}

/* What cannot be derived goes one by one, in one call all the same. */
static void rows_that_go_one_by_one_are_all_counted(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	int64_t changed = 0;
	struct err e = {0};

	fixture_expect(store_run(s, many, &changed, &e), ERR_NONE, &e, NULL);
	assert_int_equal(changed, 1000);
	assert_int_equal(fixture_facts(f), 1000);
	fixture_expect(store_run(s, many, &changed, &e), ERR_NONE, &e, NULL);
	assert_int_equal(changed, 1000);
	assert_int_equal(fixture_facts(f), 1000);
	store_close(s);
}

struct pair {
	enum store_statement st;
	const char *names[2];
	const char *others[2];
	int64_t changed;
};

static enum err_class put_pair(struct store_tx *tx, void *arg, struct err *e)
{
	struct pair *p = arg;
	const struct store_value a[] = {
	    store_z(p->names[0]), store_z(p->names[1])};
	const struct store_value b[] = {
	    store_z(p->others[0]), store_z(p->others[1])};
	const struct store_column columns[] = {{.v = a}, {.v = b}};

	return store_each(tx, p->st, columns, 2, 2, &p->changed, e);
}

/* Rows that never meet are one statement: two that do are refused by it,
 * and are one after the other where they may. */
static void rows_said_to_be_apart_are_one_statement(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct pair p = {STMT_FACT_PUT, {"a", "a"}, {"1", "2"}, 0};
	struct err e = {0};

	fixture_expect(store_run(s, put_pair, &p, &e), ERR_NONE, &e, NULL);
	assert_int_equal(p.changed, 2);
	assert_int_equal(fixture_facts(f), 1);
	p.st = STMT_FACT_PUT_APART;
	assert_int_not_equal(store_run(s, put_pair, &p, &e), ERR_NONE);
	assert_int_equal(
	    fixture_server_sql(f, "SELECT value::int FROM fact"), 2);
	p.names[1] = "b";
	fixture_expect(store_run(s, put_pair, &p, &e), ERR_NONE, &e, NULL);
	assert_int_equal(p.changed, 2);
	assert_int_equal(
	    fixture_server_sql(f, "SELECT sum(value::int) FROM fact"), 3);
	p = (struct pair){STMT_FACT_COPY_APART, {"a", "b"}, {"c", "b"}, 0};
	fixture_expect(store_run(s, put_pair, &p, &e), ERR_NONE, &e, NULL);
	assert_int_equal(p.changed, 1); /* "b" was there */
	assert_int_equal(
	    fixture_server_sql(f, "SELECT sum(value::int) FROM fact"), 4);
	store_close(s);
}

#define ROWS 100

static enum err_class add_once(struct store_tx *tx, void *arg, struct err *e)
{
	static char text[ROWS][16];
	struct store_value names[ROWS];
	struct store_value same = store_z("v");
	const struct store_column columns[] = {
	    {.v = names}, {.same = true, .v = &same}};
	int64_t *changed = arg;

	for (int i = 0; i < ROWS; i++) {
		(void)snprintf(
		    text[i], sizeof(text[i]), "n%d", (int)changed[0] + i);
		names[i] = store_z(text[i]);
	}
	TRY(STORE_DO(tx, STMT_FACT_PUT, e, store_z("before"), same));
	TRY(store_each(
	    tx, STMT_FACT_ADD_ONCE, columns, 2, ROWS, &changed[1], e));
	return STORE_DO(tx, STMT_FACT_PUT, e, store_z("behind"), same);
}

/* They are taken for new ones; where some are not, those that are go in, and
 * what stands around them in the transaction stays. */
static void rows_that_are_mostly_new_are_added_once(void **state)
{
	static const int expected[][2] = {{0, 100}, {0, 0}, {50, 50}};
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	long long all = 2;
	struct err e = {0};

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		int64_t changed[2] = {expected[i][0], -1};

		fixture_expect(
		    store_run(s, add_once, changed, &e), ERR_NONE, &e, NULL);
		assert_int_equal(changed[1], expected[i][1]);
		all += expected[i][1];
		assert_int_equal(fixture_facts(f), all);
	}
	store_close(s);
}

/* A table that fills at once is not taken for an empty one. */
static void a_table_that_has_grown_is_analyzed(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	int64_t changed = 0;
	struct err e = {0};

	for (int i = 0; i < 3; i++)
		fixture_expect(
		    store_run(s, many, &changed, &e), ERR_NONE, &e, NULL);
	assert_int_equal(
	    fixture_server_sql(f, "SELECT reltuples::bigint FROM pg_class"
				  " WHERE relname = 'fact'"),
	    1000);
	store_close(s);
}

/* Who reads an import first does not write its pages again. */
static void an_imports_tables_are_vacuumed_behind_it(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	for (int i = 0; i < 10000 / ROWS; i++) {
		int64_t changed[2] = {i * ROWS, -1};

		fixture_expect(
		    store_run(s, add_once, changed, &e), ERR_NONE, &e, NULL);
	}
	store_close(s);
	assert_int_equal(
	    fixture_server_sql(f,
		"SELECT (relallvisible = relpages AND relpages > 9)::int"
		" FROM pg_class WHERE relname = 'fact'"),
	    1);
}

struct beside {
	const struct fixture *f;
	struct store *other;
	const char *key; /* of the other; NULL: it goes alone */
	int64_t lane;
	atomic_bool done;
	struct err e;
};

static enum err_class take_lane(struct store_tx *tx, void *arg, struct err *e)
{
	struct beside *b = arg;

	TRY(store_lane(tx, &b->lane, e));
	atomic_store(&b->done, true);
	return ERR_NONE;
}

static void *go(void *arg)
{
	struct beside *b = arg;

	(void)!(b->key != NULL
		    ? store_run_key(b->other, b->key, take_lane, b, &b->e)
		    : store_run(b->other, take_lane, b, &b->e));
	return NULL;
}

/* In a transaction of key "a" and lane 0: one of another key goes beside it,
 * and gets another lane. */
static enum err_class with_another_key(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct beside *b = arg;
	int64_t lane;

	TRY(store_lane(tx, &lane, e));
	assert_int_equal(lane, 0);
	b->key = "b";
	(void)go(b);
	assert_true(atomic_load(&b->done));
	assert_int_equal(b->lane, 1);
	TRY(store_lane(tx, &lane, e));
	assert_int_equal(lane, 0);
	return ERR_NONE;
}

static enum err_class with_one_that_waits(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct beside *b = arg;
	long long waiting = 0;

	(void)tx;
	(void)e;
	for (int i = 0; i < 200 && waiting == 0; i++) {
		(void)usleep(10000);
		waiting = fixture_server_sql(
		    b->f, "SELECT count(*) FROM pg_locks WHERE NOT granted");
	}
	assert_int_equal(waiting, 1);
	assert_false(atomic_load(&b->done));
	return ERR_NONE;
}

struct started {
	struct beside *b;
	const char *key;
	pthread_t thread;
};

static enum err_class start(struct store_tx *tx, void *arg, struct err *e)
{
	struct started *st = arg;

	st->b->key = st->key;
	assert_int_equal(pthread_create(&st->thread, NULL, go, st->b), 0);
	return with_one_that_waits(tx, st->b, e);
}

static void keys_go_beside_each_other_and_alone_means_alone(void **state)
{
	static const char *const keys[][2] = {
	    {"a", "a"}, {"a", NULL}, {NULL, "a"}};
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct beside b = {
	    .f = f, .other = fixture_open(f, STORE_WARD, STORE_EXISTING)};
	struct err e = {0};

	fixture_expect(store_run_key(s, "a", with_another_key, &b, &e),
	    ERR_NONE, &e, NULL);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct started st = {.b = &b, .key = keys[i][1]};

		atomic_store(&b.done, false);
		fixture_expect(keys[i][0] != NULL
				   ? store_run_key(s, "a", start, &st, &e)
				   : store_run(s, start, &st, &e),
		    ERR_NONE, &e, NULL);
		assert_int_equal(pthread_join(st.thread, NULL), 0);
		assert_true(atomic_load(&b.done));
		assert_int_equal(b.lane, 0);
	}
	store_close(b.other);
	store_close(s);
}

/* A dead worker's claim is free for the next one. */
static void a_claim_is_one_workers_until_its_session_ends(void **state)
{
	struct fixture *f = *state;
	struct store *one = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct store *two = fixture_open(f, STORE_WARD, STORE_EXISTING);

	assert_true(store_claim(one, "a"));
	assert_false(store_claim(two, "a"));
	assert_true(store_claim(two, "b"));
	store_unclaim(one, "a");
	assert_true(store_claim(two, "a"));
	assert_false(store_claim(one, "b"));
	store_close(two);
	for (int i = 0; i < 100 && !store_claim(one, "b"); i++)
		(void)usleep(20000);
	assert_true(store_claim(one, "a"));
	store_close(one);
}

/* Loses its connection at the first call, and claims twice: one claim learns
 * that the connection is gone, the other might make a new one. */
static enum err_class add_lose_and_claim(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct beside *b = arg;
	char first[] = "first", second[] = "second";
	bool lost = !atomic_load(&b->done);

	TRY(add(tx, first, e));
	if (lost)
		(void)fixture_server_sql(NULL,
		    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
		    " WHERE application_name = 'shokai'");
	atomic_store(&b->done, true);
	assert_int_equal(store_claim(b->other, "a"), !lost);
	assert_int_equal(store_claim(b->other, "b"), !lost);
	return add(tx, second, e);
}

/* E3: what stands behind the claim does not go in without what stands before
 * it. */
static void a_claim_makes_no_connection_within_a_transaction(void **state)
{
	struct fixture *f = *state;
	struct beside b = {
	    .f = f, .other = fixture_open(f, STORE_WARD, STORE_CREATE)};
	struct err e = {0};

	fixture_expect(store_run(b.other, add_lose_and_claim, &b, &e), ERR_BUSY,
	    &e, "store.unreachable");
	assert_int_equal(fixture_facts(f), 0);
	fixture_expect(
	    store_run(b.other, add_lose_and_claim, &b, &e), ERR_NONE, &e, NULL);
	assert_int_equal(fixture_facts(f), 2);
	store_close(b.other);
}

/* What is to be written in one transaction, and where it is asked. */
struct queued {
	const char *const *names; /* up to NULL */
	bool asks;		  /* reads behind the last one */
	int64_t found;
};

static enum err_class put_queued(struct store_tx *tx, void *arg, struct err *e)
{
	struct queued *q = arg;

	/* Sent, and none waited for: that one has failed is told later. */
	for (const char *const *name = q->names; *name != NULL; name++)
		assert_int_equal(STORE_DO(tx, STMT_FACT_ADD, e, store_z(*name),
				     store_z("v")),
		    ERR_NONE);
	if (!q->asks)
		return ERR_NONE;
	TRY(store_one_int(tx, STMT_FACT_COUNT, NULL, 0, &q->found, e));
	return ERR_NONE;
}

/* The first that failed is told by the next that is asked, or by the commit;
 * the transaction is lost, and the next one begins anew. */
static void a_change_nobody_waits_for_fails_its_transaction(void **state)
{
	static const char *const twice[] = {"a", "b", "a", NULL};
	static const char *const once[] = {"a", "b", NULL};
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	for (int asks = 0; asks < 2; asks++) {
		struct queued q = {.names = twice, .asks = asks};

		fixture_expect(store_run(s, put_queued, &q, &e), ERR_FAULT, &e,
		    "store.constraint");
		assert_non_null(strstr(e.detail, "FACT_ADD"));
		assert_int_equal(fixture_facts(f), 0);
	}
	for (int asks = 0; asks < 2; asks++) {
		struct queued q = {.names = once, .asks = asks};

		fixture_expect(
		    store_run(s, put_queued, &q, &e), ERR_NONE, &e, NULL);
		assert_int_equal(q.found, asks * 2);
		assert_int_equal(
		    fixture_server_sql(f, "DELETE FROM fact RETURNING"
					  " (SELECT count(*) FROM fact)"),
		    2);
	}
	store_close(s);
}

static enum err_class put_around(struct store_tx *tx, void *arg, struct err *e)
{
	static const char *const around[] = {"before", "a", "behind"};
	struct err of_one = {0};

	TRY(STORE_DO(tx, STMT_FACT_ADD, e, store_z(around[0]), store_z("v")));
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, store_z(around[1]), store_z("v")));
	fixture_expect(store_savepoint(tx, put_queued, arg, &of_one), ERR_FAULT,
	    &of_one, "store.constraint");
	return STORE_DO(tx, STMT_FACT_ADD, e, store_z(around[2]), store_z("v"));
}

/* What fails within a savepoint is its own; what stands around it stays. */
static void a_change_nobody_waits_for_fails_its_savepoint_alone(void **state)
{
	static const char *const again[] = {"b", "a", "c", NULL};
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct queued q = {.names = again};
	struct err e = {0};

	fixture_expect(store_run(s, put_around, &q, &e), ERR_NONE, &e, NULL);
	assert_int_equal(fixture_facts(f), 3);
	assert_int_equal(fixture_server_sql(f, "SELECT count(*) FROM fact"
					       " WHERE name IN ('b', 'c')"),
	    0);
	store_close(s);
}

/* More than are sent at once, and a connection that ends under them. */
static enum err_class put_many_and_lose(
    struct store_tx *tx, void *arg, struct err *e)
{
	char name[16];

	for (int i = 0; i < 3 * POSTGRES_QUEUE; i++) {
		if (arg != NULL && i == POSTGRES_QUEUE + 5)
			(void)fixture_server_sql(NULL,
			    "SELECT pg_terminate_backend(pid) FROM"
			    " pg_stat_activity WHERE application_name ="
			    " 'shokai'");
		(void)snprintf(name, sizeof(name), "n%d", i);
		TRY(STORE_DO(
		    tx, STMT_FACT_ADD, e, store_z(name), store_z("v")));
	}
	return ERR_NONE;
}

static void changes_nobody_waits_for_are_all_there_or_none(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	fixture_expect(store_run(s, put_many_and_lose, s, &e), ERR_BUSY, &e,
	    "store.unreachable");
	assert_int_equal(fixture_facts(f), 0);
	fixture_expect(
	    store_run(s, put_many_and_lose, NULL, &e), ERR_NONE, &e, NULL);
	assert_int_equal(fixture_facts(f), 3 * POSTGRES_QUEUE);
	store_close(s);
}

static enum err_class count_facts(struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_FACT_COUNT, NULL, 0, &r, &found, e));
	*(int64_t *)arg = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static int64_t fact_count(struct store *s)
{
	int64_t n = -1;
	struct err e = {0};

	fixture_expect(store_read(s, count_facts, &n, &e), ERR_NONE, &e, NULL);
	return n;
}

/* Within two seconds; the wait is as long as it takes. */
static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 2000) == 1;
}

static void who_sleeps_in_another_place_is_woken(void **state)
{
	struct fixture *f = *state;
	struct store *gate = fixture_open(f, STORE_HUB, STORE_CREATE);
	struct store *work = fixture_open(f, STORE_HUB, STORE_EXISTING);
	int fd;

	assert_true(store_heard(work, &fd)); /* of what was before */
	assert_false(store_heard(work, &fd));
	assert_true(fd >= 0);
	store_tell(gate);
	assert_true(readable(fd));
	assert_true(store_heard(work, &fd));
	assert_false(store_heard(work, &fd));
	/* It listens again when the connection was lost. */
	(void)fixture_server_sql(f,
	    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
	    " WHERE pid <> pg_backend_pid() AND datname = current_database()");
	for (int i = 0; i < 3 && fd >= 0; i++) { /* its last words, its end */
		assert_true(readable(fd));
		assert_false(store_heard(work, &fd));
	}
	assert_int_equal(fd, -1);
	store_tell(gate); /* nobody is there to tell: no harm */
	assert_int_equal(fact_count(work), 0);
	assert_int_equal(fact_count(gate), 0);
	assert_true(store_heard(work, &fd));
	store_tell(gate);
	assert_true(readable(fd));
	assert_true(store_heard(work, &fd));
	store_close(gate);
	store_close(work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(refuses_what_is_no_database_of_this_party),
	    fixture_test(makes_nothing_beside_a_strangers_tables),
	    fixture_test(refuses_a_newer_schema),
	    fixture_test(a_migrated_schema_is_the_new_one),
	    fixture_test(a_failing_migration_leaves_the_old_version),
	    fixture_test(refuses_a_wrong_password_and_says_so),
	    fixture_test(verifies_the_servers_certificate),
	    fixture_test(another_machine_is_never_reached_without_tls),
	    fixture_test(says_when_nobody_answers),
	    fixture_test(says_when_it_may_not_write),
	    fixture_test(goes_on_when_its_connection_was_lost),
	    fixture_test(rows_that_go_one_by_one_are_all_counted),
	    fixture_test(rows_said_to_be_apart_are_one_statement),
	    fixture_test(rows_that_are_mostly_new_are_added_once),
	    fixture_test(a_table_that_has_grown_is_analyzed),
	    fixture_test(an_imports_tables_are_vacuumed_behind_it),
	    fixture_test(a_claim_is_one_workers_until_its_session_ends),
	    fixture_test(a_claim_makes_no_connection_within_a_transaction),
	    fixture_test(a_change_nobody_waits_for_fails_its_transaction),
	    fixture_test(a_change_nobody_waits_for_fails_its_savepoint_alone),
	    fixture_test(changes_nobody_waits_for_are_all_there_or_none),
	    fixture_test(keys_go_beside_each_other_and_alone_means_alone),
	    fixture_test(who_sleeps_in_another_place_is_woken),
	};

	if (fixture_server() == NULL) {
		print_message("no server: run by script/lib/cluster.py\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
