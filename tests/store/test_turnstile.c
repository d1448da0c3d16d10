/*
 * Tests of the turnstile among real processes: two that write without pause
 * and one that comes now and then, as work and gate do.
 */
#include "fixture.h"

#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 2
#define VISITS 200
#define NAME(z) store_z(z)

struct shared {
	volatile int stop;
	volatile long done[WRITERS];
};

struct batch {
	int who;
	long no;
	int rows;
};

static enum err_class add_batch(struct store_tx *tx, void *arg, struct err *e)
{
	const struct batch *b = arg;
	char name[64];

	for (int i = 0; i < b->rows; i++) {
		(void)snprintf(
		    name, sizeof(name), "%d %ld %d", b->who, b->no, i);
		TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME(name), NAME("v")));
	}
	return ERR_NONE;
}

static void write_without_pause(
    const struct fixture *f, struct shared *shared, int who)
{
	struct store *s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	struct batch b = {.who = who, .rows = 4000};
	struct err e = {0};

	for (; !shared->stop; b.no++) {
		if (store_run(s, add_batch, &b, &e) != ERR_NONE)
			_exit(1);
		shared->done[who]++;
	}
	_exit(0);
}

static int by_size(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x;
	int64_t b = *(const int64_t *)y;

	return a < b ? -1 : a > b;
}

static void visit(struct store *s, int64_t waits[VISITS])
{
	struct batch b = {.who = WRITERS, .rows = 1};
	struct err e = {0};

	for (b.no = 0; b.no < VISITS; b.no++) {
		int64_t from = clock_monotonic();

		fixture_expect(
		    store_run(s, add_batch, &b, &e), ERR_NONE, &e, NULL);
		waits[b.no] = clock_monotonic() - from;
		(void)usleep(2000);
	}
	qsort(waits, VISITS, sizeof(waits[0]), by_size);
}

static struct shared *share(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(shared != MAP_FAILED);
	return shared;
}

static void nobody_starves_beside_hot_writers(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct shared *shared = share();
	int64_t waits[VISITS];
	pid_t pid[WRITERS];
	int status;

	store_close(s);
	for (int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			write_without_pause(f, shared, i);
	}
	s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	visit(s, waits);
	shared->stop = 1;
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	store_close(s);
	print_message("waits of %d visits beside %d hot writers (%ld, %ld "
		      "batches): p50 %.1f ms, p99 %.1f ms, most %.1f ms\n",
	    VISITS, WRITERS, shared->done[0], shared->done[1],
	    (double)waits[VISITS / 2] / 1000,
	    (double)waits[VISITS * 99 / 100] / 1000,
	    (double)waits[VISITS - 1] / 1000);
	/* Loosely: a figure for reading, a bound against starving alone. */
	assert_true(waits[VISITS - 1] < 8 * CLOCK_SECOND);
	assert_true(shared->done[0] > 0 && shared->done[1] > 0);
	assert_int_equal(munmap(shared, sizeof(*shared)), 0);
}

static void a_hot_writer_does_not_grow_the_wal_without_bound(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct batch b = {.rows = 20000};
	struct err e = {0};
	char wal[128];
	FILE *file;

	for (b.no = 0; b.no < 60; b.no++)
		fixture_expect(
		    store_run(s, add_batch, &b, &e), ERR_NONE, &e, NULL);
	(void)snprintf(wal, sizeof(wal), "%s-wal", f->path);
	file = fopen(wal, "rb");
	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	print_message(
	    "WAL after %ld rows: %ld bytes\n", b.no * b.rows, ftell(file));
	assert_true(ftell(file) < 80L * 1024 * 1024);
	assert_int_equal(fclose(file), 0);
	store_close(s);
}

static enum err_class wait_for_signal(
    struct store_tx *tx, void *arg, struct err *e)
{
	(void)tx;
	(void)e;
	*(volatile int *)arg = 1;
	(void)pause();
	return ERR_NONE;
}

static void a_writer_killed_in_its_turn_frees_it(void **state)
{
	struct fixture *f = *state;
	struct shared *shared = share();
	struct batch b = {.rows = 1};
	struct store *s;
	struct err e = {0};
	int64_t from;
	pid_t pid;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	pid = fork();
	if (pid == 0) {
		s = fixture_open(f, STORE_WARD, STORE_EXISTING);
		_exit(store_run(s, wait_for_signal,
			  (void *)(uintptr_t)&shared->stop, &e) != ERR_NONE);
	}
	while (!shared->stop)
		(void)usleep(1000);
	if (fork() == 0) {
		(void)usleep(200000);
		_exit(kill(pid, SIGKILL));
	}
	s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	from = clock_monotonic();
	fixture_expect(store_run(s, add_batch, &b, &e), ERR_NONE, &e, NULL);
	assert_true(clock_monotonic() - from < 5 * CLOCK_SECOND);
	while (wait(NULL) > 0)
		continue;
	store_close(s);
	assert_int_equal(munmap(shared, sizeof(*shared)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(a_writer_killed_in_its_turn_frees_it),
	    fixture_test(nobody_starves_beside_hot_writers),
	    fixture_test(a_hot_writer_does_not_grow_the_wal_without_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
