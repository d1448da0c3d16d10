/*
 * Tests of what is left when a process dies, the disk is full, or a write or
 * a sync fails: all of a transaction, or nothing.
 *
 * pwrite64, fdatasync and fsync are this program's own; they call the
 * kernel's until the n-th, which fails.
 */
#include "fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROWS 300
#define NAME(z) store_z(z)

static struct {
	long writes; /* until the one that fails; 0: never */
	long syncs;
	int with;
} failing;

static bool fails(long *left)
{
	if (*left == 0 || --*left > 0)
		return false;
	errno = failing.with;
	return true;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	if (fails(&failing.writes))
		return -1;
	return syscall(SYS_pwrite64, fd, p, n, at);
}

int fdatasync(int fd)
{
	if (fails(&failing.syncs))
		return -1;
	return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	if (fails(&failing.syncs))
		return -1;
	return (int)syscall(SYS_fsync, fd);
}

static enum err_class count(struct store_tx *tx, void *arg, struct err *e)
{
	int64_t *out = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_FACT_COUNT, NULL, 0, &r, &found, e));
	*out = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static int64_t facts_after(const struct fixture *f)
{
	struct store *s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	struct err e = {0};
	int64_t n = -1;

	fixture_expect(store_read(s, count, &n, &e), ERR_NONE, &e, NULL);
	store_close(s);
	assert_int_equal(
	    fixture_ask(f->path, "SELECT integrity_check = 'ok' FROM"
				 " pragma_integrity_check"),
	    1);
	return n;
}

static enum err_class add_rows(struct store_tx *tx, void *arg, struct err *e)
{
	char value[600];
	char name[32];

	(void)arg;
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (int i = 0; i < ROWS; i++) {
		(void)snprintf(name, sizeof(name), "fact %d", i);
		TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME(name), NAME(value)));
	}
	return ERR_NONE;
}

static enum err_class add_and_die(struct store_tx *tx, void *arg, struct err *e)
{
	TRY(add_rows(tx, arg, e));
	(void)kill(getpid(), SIGKILL);
	return ERR_NONE;
}

static enum err_class add_and_die_in_savepoint(
    struct store_tx *tx, void *arg, struct err *e)
{
	return store_savepoint(tx, add_and_die, arg, e);
}

static void run_in_child(const struct fixture *f, store_fn *fn, bool die_after)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct store *s = fixture_open(f, STORE_WARD, STORE_EXISTING);
		struct err e = {0};

		if (store_run(s, fn, NULL, &e) != ERR_NONE)
			_exit(1);
		if (die_after)
			(void)kill(getpid(), SIGKILL);
		_exit(2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void death_before_commit_leaves_nothing(void **state)
{
	struct fixture *f = *state;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	run_in_child(f, add_and_die, false);
	assert_int_equal(facts_after(f), 0);
	run_in_child(f, add_and_die_in_savepoint, false);
	assert_int_equal(facts_after(f), 0);
}

static void death_after_commit_leaves_all(void **state)
{
	struct fixture *f = *state;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	run_in_child(f, add_rows, true);
	assert_int_equal(facts_after(f), ROWS);
}

/* Who dies with the turn in hand does not keep it. */
static void a_dead_writer_keeps_nobody_waiting(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	store_close(s);
	run_in_child(f, add_and_die, false);
	s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	fixture_expect(store_run(s, add_rows, NULL, &e), ERR_NONE, &e, NULL);
	store_close(s);
	assert_int_equal(facts_after(f), ROWS);
}

/* Runs the transaction with the failure set; all or nothing is there after
 * it, and all if it said so. Returns whether the failure was met. */
static bool one_failure(const struct fixture *f, long writes, long syncs,
    int with, const char *code)
{
	struct store *s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	struct err e = {0};
	enum err_class c;
	int64_t n;

	failing.writes = writes;
	failing.syncs = syncs;
	failing.with = with;
	c = store_run(s, add_rows, NULL, &e);
	failing.writes = 0;
	failing.syncs = 0;
	if (c != ERR_NONE)
		fixture_expect(c, ERR_FAULT, &e, code);
	if (syncs > 0 && c != ERR_NONE)
		/* A failed sync is never tried again. */
		fixture_expect(store_run(s, add_rows, NULL, &e), ERR_FAULT, &e,
		    "store.io");
	store_close(s);
	n = facts_after(f);
	assert_true(c == ERR_NONE ? n == ROWS : n == 0 || syncs > 0);
	assert_true(n == 0 || n == ROWS);
	fixture_sql(f->path, "DELETE FROM fact");
	return c != ERR_NONE;
}

static void every_failing_write_leaves_all_or_nothing(void **state)
{
	struct fixture *f = *state;
	long met = 0;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	for (long n = 1; n <= 400; n += n < 20 ? 1 : 17) {
		bool full = n % 2 == 0;

		if (!one_failure(f, n, 0, full ? ENOSPC : EIO,
			full ? "store.disk_full" : "store.io"))
			break;
		met++;
	}
	assert_true(met > 10);
}

static void every_failing_sync_is_a_fault(void **state)
{
	struct fixture *f = *state;
	long met = 0;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	for (long n = 1; one_failure(f, 0, n, EIO, "store.io"); n++)
		met++;
	assert_true(met >= 1);
}

static void a_full_disk_has_its_code_and_passes(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct rlimit was;
	struct rlimit low;
	struct err e = {0};

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	/* The WAL holds the schema already. */
	low = (struct rlimit){.rlim_cur = 300000, .rlim_max = was.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	fixture_expect(
	    store_run(s, add_rows, NULL, &e), ERR_FAULT, &e, "store.disk_full");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	fixture_expect(store_run(s, add_rows, NULL, &e), ERR_NONE, &e, NULL);
	store_close(s);
	assert_int_equal(facts_after(f), ROWS);
}

#define SPILL 40000 /* rows: more than the cache holds */

static enum err_class add_many(struct store_tx *tx, void *arg, struct err *e)
{
	char value[600];
	char name[32];

	(void)arg;
	memset(value, 'y', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (int i = 0; i < SPILL; i++) {
		(void)snprintf(name, sizeof(name), "many %d", i);
		TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME(name), NAME(value)));
	}
	return ERR_NONE;
}

/* A caller that does not mind its savepoint's failure. */
static enum err_class go_on_after_failure(
    struct store_tx *tx, void *arg, struct err *e)
{
	enum err_class *inner = arg;

	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("before"), NAME("v")));
	failing.writes = 1;
	failing.with = ENOSPC;
	*inner = store_savepoint(tx, add_many, NULL, e);
	failing.writes = 0;
	return STORE_DO(tx, STMT_FACT_ADD, e, NAME("after"), NAME("v"));
}

static void a_full_disk_within_a_savepoint_is_never_half_done(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	enum err_class inner = ERR_NONE;
	struct err e = {0};
	enum err_class c;
	int64_t n;

	c = store_run(s, go_on_after_failure, &inner, &e);
	assert_int_equal(inner, ERR_FAULT);
	store_close(s);
	n = facts_after(f);
	assert_int_equal(n, c == ERR_NONE ? 2 : 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(death_before_commit_leaves_nothing),
	    fixture_test(death_after_commit_leaves_all),
	    fixture_test(a_dead_writer_keeps_nobody_waiting),
	    fixture_test(every_failing_write_leaves_all_or_nothing),
	    fixture_test(every_failing_sync_is_a_fault),
	    fixture_test(a_full_disk_within_a_savepoint_is_never_half_done),
	    fixture_test(a_full_disk_has_its_code_and_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
