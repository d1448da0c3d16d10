/*
 * Tests of a COMMIT without an answer, on PostgreSQL: cut before it arrived
 * and behind it, its server crashed, its schema changed when it is back.
 */
#include "fixture.h"

#include "proxy.h"

#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CUTS 100

static enum err_class add(struct store_tx *tx, void *arg, struct err *e)
{
	return STORE_DO(tx, STMT_FACT_ADD, e, store_z(arg), store_z("v"));
}

struct counted {
	char name[32];
	int calls;
};

static enum err_class add_counted(struct store_tx *tx, void *arg, struct err *e)
{
	struct counted *c = arg;

	c->calls++;
	return add(tx, c->name, e);
}

/* The transaction's number is known when its last change goes out, together
 * with the COMMIT. */
static enum err_class add_and_change(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct counted *c = arg;
	int64_t rows;

	TRY(add_counted(tx, arg, e));
	TRY(store_one_int(tx, STMT_FACT_COUNT, NULL, 0, &rows, e));
	return STORE_DO(
	    tx, STMT_FACT_PUT, e, store_z(c->name), store_z("changed"));
}

static void url_through(
    const struct fixture *f, const struct proxy *p, char *out, size_t room)
{
	(void)snprintf(out, room, "postgresql://postgres@/%s?host=%s&port=%d",
	    f->name, p->folder, PROXY_PORT);
}

static struct store *through(const struct fixture *f, const struct proxy *p)
{
	struct store *s = NULL;
	struct err e = {0};
	char url[256];

	url_through(f, p, url, sizeof(url));
	fixture_expect(store_open(url, STORE_WARD, STORE_EXISTING, &s, &e),
	    ERR_NONE, &e, NULL);
	return s;
}

static void cut_commits(
    struct fixture *f, store_fn *fn, enum proxy_cut cut, int calls)
{
	struct proxy *p = proxy_start(f->folder);
	struct store *s = through(f, p);
	struct err e = {0};

	for (int i = 0; i < CUTS; i++) {
		struct counted c = {0};

		(void)snprintf(c.name, sizeof(c.name), "%d-%d", (int)cut, i);
		proxy_cut(p, cut);
		fixture_expect(store_run(s, fn, &c, &e), ERR_NONE, &e, NULL);
		assert_int_equal(c.calls, calls);
		assert_int_equal(proxy_cuts(p), i + 1);
	}
	store_close(s);
	proxy_stop(p);
}

/* E3: done once, whatever the moment: the statement of the test has no ON
 * CONFLICT, so that a repeat would be an error. */
static void a_commit_cut_before_it_arrived_is_run_again(void **state)
{
	store_close(fixture_open(*state, STORE_WARD, STORE_CREATE));
	cut_commits(*state, add_counted, PROXY_BEFORE, 2);
	assert_int_equal(fixture_facts(*state), CUTS);
}

static void a_commit_cut_before_its_answer_is_found_done(void **state)
{
	store_close(fixture_open(*state, STORE_WARD, STORE_CREATE));
	cut_commits(*state, add_counted, PROXY_AFTER, 1);
	assert_int_equal(fixture_facts(*state), CUTS);
}

static void cut_changed(struct fixture *f, enum proxy_cut cut, int calls)
{
	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	cut_commits(f, add_and_change, cut, calls);
	assert_int_equal(fixture_server_sql(f, "SELECT count(*) FROM fact WHERE"
					       " value = 'changed'"),
	    CUTS);
}

static void what_goes_out_with_a_cut_commit_is_run_again(void **state)
{
	cut_changed(*state, PROXY_BEFORE, 2);
}

static void what_went_out_with_a_commit_is_found_done(void **state)
{
	cut_changed(*state, PROXY_AFTER, 1);
}

/* E3: a change that fails there has lost the transaction, and its caller is
 * told by the commit. */
static enum err_class add_twice(struct store_tx *tx, void *arg, struct err *e)
{
	int64_t rows;

	TRY(add(tx, arg, e));
	TRY(store_one_int(tx, STMT_FACT_COUNT, NULL, 0, &rows, e));
	return add(tx, arg, e);
}

static void what_fails_beside_a_commit_is_told_by_it(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct counted c = {.name = "b"};
	struct err e = {0};
	char name[] = "a";

	fixture_expect(store_run(s, add_twice, name, &e), ERR_FAULT, &e,
	    "store.constraint");
	assert_int_equal(fixture_facts(*state), 0);
	fixture_expect(
	    store_run(s, add_and_change, &c, &e), ERR_NONE, &e, NULL);
	assert_int_equal(fixture_facts(*state), 1);
	store_close(s);
}

/* All of a schema's versions, or none: the same command is run again. */
static void a_schema_whose_commit_is_cut_is_there_or_not(void **state)
{
	struct fixture *f = *state;
	struct proxy *p = proxy_start(f->folder);
	struct store *s = NULL;
	struct err e = {0};
	char url[256];

	url_through(f, p, url, sizeof(url));
	proxy_cut(p, PROXY_BEFORE);
	fixture_refuses(url, STORE_WARD, STORE_CREATE, ERR_BUSY, "store.busy");
	assert_int_equal(
	    fixture_server_sql(f, "SELECT count(*) FROM pg_class WHERE"
				  " relnamespace = 'public'::regnamespace"),
	    0);
	proxy_cut(p, PROXY_AFTER);
	fixture_expect(store_open(url, STORE_WARD, STORE_CREATE, &s, &e),
	    ERR_NONE, &e, NULL);
	assert_int_equal(proxy_cuts(p), 2);
	assert_int_equal(fixture_facts(f), 0);
	store_close(s);
	proxy_stop(p);
}

/* When the statistics' age began, in µs; 0: the server does not answer. */
static int64_t life(void)
{
	PGconn *conn = PQconnectdb(fixture_server());
	PGresult *res = PQexec(conn,
	    "SELECT (extract(epoch FROM stats_reset) * 1000000)::bigint"
	    " FROM pg_stat_archiver");
	int64_t v =
	    PQntuples(res) == 1 ? strtoll(PQgetvalue(res, 0, 0), NULL, 10) : 0;

	PQclear(res);
	PQfinish(conn);
	return v;
}

struct crash {
	struct counted counted;
	long long xid;
	bool given_again; /* and committed by somebody else */
};

/* The server crashes with the row in its memory alone; when it is back,
 * others work on, until the transaction's number is given. */
static enum err_class add_and_crash(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct crash *c = arg;
	int64_t before = life();
	long long next;
	int64_t rows;

	TRY(add_counted(tx, &c->counted, e));
	/* The server has answered: the row is there. */
	TRY(store_one_int(tx, STMT_FACT_COUNT, NULL, 0, &rows, e));
	if (c->counted.calls > 1)
		return ERR_NONE;
	c->xid = fixture_server_sql(NULL, "SELECT backend_xid::text::bigint"
					  " FROM pg_stat_activity"
					  " WHERE application_name = 'shokai'");
	assert_int_equal(kill((pid_t)fixture_server_sql(NULL,
				  "SELECT pid FROM pg_stat_activity"
				  " WHERE application_name = 'shokai'"),
			     SIGKILL),
	    0);
	for (int64_t now = before; now == 0 || now == before; now = life())
		(void)usleep(20000);
	do {
		next = fixture_server_sql(
		    NULL, "SELECT pg_current_xact_id()::text::bigint");
		c->given_again |= next == c->xid;
	} while (next < c->xid);
	return ERR_NONE;
}

/* What another has committed under the same number is not taken for ours:
 * we say that we do not know. Where the number was not given again the crash
 * has undone it, and it is run again. */
static void a_number_given_again_after_a_crash_is_not_ours(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	bool given_again = false;

	for (int i = 0; i < 20 && !given_again; i++) {
		struct crash c = {0};
		struct err e = {0};
		enum err_class got;
		long long before = fixture_facts(f);

		(void)snprintf(
		    c.counted.name, sizeof(c.counted.name), "crash %d", i);
		got = store_run(s, add_and_crash, &c, &e);
		given_again = c.given_again;
		if (given_again)
			fixture_expect(got, ERR_UNSURE, &e, "store.unsure");
		else
			fixture_expect(got, ERR_NONE, &e, NULL);
		assert_int_equal(fixture_facts(f), before + !given_again);
	}
	assert_true(given_again);
	store_close(s);
}

/* What comes back is looked at before it is worked with. */
static void a_server_that_comes_back_as_another_is_refused(void **state)
{
	static const char away[] =
	    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
	    " WHERE application_name = 'shokai'";
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct counted c = {.name = "a"};
	struct err e = {0};

	(void)fixture_server_sql(f, "UPDATE shokai_schema SET version = 999");
	(void)fixture_server_sql(NULL, away);
	fixture_expect(store_run(s, add_counted, &c, &e), ERR_INPUT, &e,
	    "store.schema_new");
	(void)fixture_server_sql(f, "UPDATE shokai_schema SET version = 1");
	(void)usleep(500000); /* the delay */
	fixture_expect(store_run(s, add_counted, &c, &e), ERR_INPUT, &e,
	    "store.schema_old");
	assert_int_equal(c.calls, 0);
	assert_int_equal(fixture_facts(f), 0);
	store_close(s);
}

/* One COMMIT that is cut so. */
static void cut_one(struct fixture *f, enum proxy_cut cut, int calls,
    enum err_class want, const char *code)
{
	struct counted c = {.name = "one"};
	struct err e = {0};
	struct proxy *p;
	struct store *s;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	p = proxy_start(f->folder);
	s = through(f, p);
	proxy_cut(p, cut);
	fixture_expect(store_run(s, add_counted, &c, &e), want, &e, code);
	assert_int_equal(c.calls, calls);
	assert_int_equal(fixture_facts(f), 1);
	store_close(s);
	proxy_stop(p);
}

/* The other side does not notice: the session hangs in its transaction. */
static void a_commit_that_never_arrives_is_ended_and_run_again(void **state)
{
	cut_one(*state, PROXY_HALF, 2, ERR_NONE, NULL);
}

/* It was done: look it up. */
static void a_commit_that_nobody_can_tell_of_is_unsure(void **state)
{
	cut_one(*state, PROXY_GONE, 1, ERR_UNSURE, "store.unsure");
}

/* A test that dies leaves nobody behind who holds what it had open. */
static void a_proxy_ends_with_its_test(void **state)
{
	const struct fixture *f = *state;
	struct pollfd p = {.events = POLLIN};
	int ends[2];
	pid_t pid;
	char got;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)proxy_start(f->folder);
		(void)!write(ends[1], "s", 1);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	(void)close(ends[1]);
	p.fd = ends[0];
	assert_int_equal(read(ends[0], &got, 1), 1);
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_int_equal(read(ends[0], &got, 1), 0);
	(void)close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(a_commit_cut_before_it_arrived_is_run_again),
	    fixture_test(a_commit_cut_before_its_answer_is_found_done),
	    fixture_test(what_goes_out_with_a_cut_commit_is_run_again),
	    fixture_test(what_went_out_with_a_commit_is_found_done),
	    fixture_test(what_fails_beside_a_commit_is_told_by_it),
	    fixture_test(a_schema_whose_commit_is_cut_is_there_or_not),
	    fixture_test(a_number_given_again_after_a_crash_is_not_ours),
	    fixture_test(a_server_that_comes_back_as_another_is_refused),
	    fixture_test(a_commit_that_never_arrives_is_ended_and_run_again),
	    fixture_test(a_commit_that_nobody_can_tell_of_is_unsure),
	    fixture_test(a_proxy_ends_with_its_test),
	};

	if (fixture_server() == NULL) {
		print_message("no server: run by script/lib/cluster.py\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
