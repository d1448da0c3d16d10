/* Tests of exchange/wake.h. */
#include "exchange/wake.h"
#include "tls_fixture.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void nobody_needs_to_listen(void **state)
{
	char *top = fixture_folder();
	struct node n = {.path = top};

	(void)state;
	wake_send(&n); /* not even a folder run/ */
	fixture_remove(top);
}

/* Longer than a socket's address can be. */
static void wakes_by_a_path_of_any_length(void **state)
{
	char *top = fixture_folder();
	struct arena a = {0};
	struct node n = {.path = arena_printf(&a, "%s/%0150d", top, 1)};
	struct err e;
	int fd;

	(void)state;
	assert_int_equal(mkdir(n.path, 0700), 0);
	assert_int_equal(mkdir(node_path(&n, &a, "run"), 0700), 0);
	assert_int_equal(wake_open(&n, &fd, &e), ERR_NONE);
	assert_false(readable(fd));
	wake_send(&n);
	assert_true(readable(fd));
	wake_drain(fd);
	assert_false(readable(fd));
	(void)close(fd);
	/* What a killed process left is taken over. */
	assert_int_equal(wake_open(&n, &fd, &e), ERR_NONE);
	wake_send(&n);
	assert_true(readable(fd));
	(void)close(fd);
	arena_fini(&a);
	fixture_remove(top);
}

/* A sender never waits for a sleeper. */
static void a_full_socket_stops_nobody(void **state)
{
	char *top = fixture_folder();
	struct arena a = {0};
	struct node n = {.path = top};
	struct err e;
	int fd;

	(void)state;
	assert_int_equal(mkdir(node_path(&n, &a, "run"), 0700), 0);
	assert_int_equal(wake_open(&n, &fd, &e), ERR_NONE);
	(void)alarm(20); /* ends the test if it does wait */
	for (int i = 0; i < 10000; i++)
		wake_send(&n);
	(void)alarm(0);
	assert_true(readable(fd));
	wake_drain(fd);
	assert_false(readable(fd));
	(void)close(fd);
	arena_fini(&a);
	fixture_remove(top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_needs_to_listen),
	    cmocka_unit_test(wakes_by_a_path_of_any_length),
	    cmocka_unit_test(a_full_socket_stops_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
