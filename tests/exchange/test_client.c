/* Tests of exchange/client.h against a real server (tls_fixture.h). */
#include "exchange/client.h"
#include "tls_fixture.h"

#include "base/clock.h"
#include "exchange/listen.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct sender {
	struct fixture *f;
	struct client *client;
	struct transport t;
	struct peer peer;
	char url[128];
};

static struct sender sender_of(struct fixture *f)
{
	struct sender s = {.f = f};
	struct err e;

	assert_int_equal(
	    client_new("test", f->client_keys, &s.client, &e), ERR_NONE);
	s.t = client_transport(s.client);
	(void)snprintf(s.peer.code, sizeof(s.peer.code), "9951");
	s.peer.fingerprint = f->server;
	return s;
}

static void begin(struct sender *s, const char *body, size_t n)
{
	struct delivery d = {.count = 1};

	(void)snprintf(s->url, sizeof(s->url), "https://%s/", s->f->address);
	s->peer.url = s->url;
	buf_add(&d.body, body, n);
	s->t.begin(s->t.ctx, &s->peer, &d);
	assert_null(d.body.p);
	assert_true(s->t.busy(s->t.ctx, s->peer.code));
}

/* Waits for the end, at most 10 s. */
static enum transport_result finish(struct sender *s, struct buf *answer)
{
	int64_t until = clock_monotonic() + 10 * CLOCK_SECOND;
	enum transport_result r = TRANSPORT_NOTHING;
	struct delivery d = {0};

	while (r == TRANSPORT_NOTHING && clock_monotonic() < until) {
		s->t.wait(s->t.ctx, -1, 100);
		r = s->t.take(s->t.ctx, &d, answer);
	}
	assert_false(s->t.busy(s->t.ctx, s->peer.code));
	assert_int_equal(d.count, 1);
	assert_true(d.body.n > 0);
	delivery_fini(&d);
	return r;
}

static enum transport_result deliver(
    struct sender *s, const char *body, size_t n)
{
	struct buf answer = {0};
	enum transport_result r;

	begin(s, body, n);
	r = finish(s, &answer);
	if (r == TRANSPORT_ANSWERED)
		assert_true(bytes_eq(buf_bytes(&answer), BYTES(body, n)));
	else
		assert_int_equal(answer.n, 0);
	buf_fini(&answer);
	return r;
}

static void fails_where_the_server_is_not_the_pinned_one(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);

	fixture_serve(f);
	s.peer.fingerprint.b[0] ^= 1;
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_FAILED);
	assert_int_equal(f->shared->handled, 0);
	client_free(s.client);
}

/* The connection is kept, the knowledge about it is not. */
static void a_changed_pin_ends_the_kept_connection(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);

	fixture_serve(f);
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_ANSWERED);
	s.peer.fingerprint.b[0] ^= 1;
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_FAILED);
	assert_int_equal(f->shared->handled, 1);
	s.peer.fingerprint.b[0] ^= 1;
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_ANSWERED);
	client_free(s.client);
}

static void fails_where_we_are_not_in_their_table(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);

	f->shared->known = false;
	fixture_serve(f);
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_FAILED);
	assert_int_equal(f->shared->handled, 0);
	f->shared->known = true;
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_ANSWERED);
	client_free(s.client);
}

static void fails_where_nobody_listens(void **state)
{
	struct fixture *f = *state;
	struct sender s;

	fixture_serve(f);
	(void)kill(f->pid, SIGKILL);
	(void)waitpid(f->pid, NULL, 0);
	f->pid = 0;
	s = sender_of(f);
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_FAILED);
	client_free(s.client);
}

/* A server with the pinned certificate that speaks no TLS 1.3. */
static void refuses_tls_1_2(void **state)
{
	struct fixture *f = *state;
	struct sender s;
	struct arena a = {0};
	struct err e;
	int fd;

	assert_int_equal(
	    listen_open("127.0.0.1:0", &fd, f->address, &e), ERR_NONE);
	(void)close(fd);
	f->pid = fork();
	if (f->pid == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL ||
		    freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		(void)execlp("openssl", "openssl", "s_server", "-tls1_2",
		    "-accept", f->address, "-cert",
		    arena_printf(&a, "%s/node.crt", f->server_keys), "-key",
		    arena_printf(&a, "%s/node.key", f->server_keys), "-www",
		    (char *)NULL);
		_exit(1);
	}
	(void)usleep(500000);
	s = sender_of(f);
	assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_FAILED);
	client_free(s.client);
}

static void only_200_is_an_answer(void **state)
{
	static const int statuses[] = {201, 302, 400, 413, 500, 503, 0};
	struct fixture *f = *state;
	struct sender s = sender_of(f);

	fixture_serve(f);
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		f->shared->status = statuses[i];
		assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_FAILED);
	}
	client_free(s.client);
}

static void an_answer_has_a_bound(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);
	size_t n = CLIENT_ANSWER_MAX;
	char *body = calloc(1, n + 1);

	f->limits.body_max = n + 1;
	fixture_serve(f);
	assert_int_equal(deliver(&s, body, n + 1), TRANSPORT_FAILED);
	assert_int_equal(deliver(&s, body, n), TRANSPORT_ANSWERED);
	assert_int_equal(f->shared->handled, 2);
	free(body);
	client_free(s.client);
}

static void keeps_its_connection(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);

	fixture_serve(f);
	for (int i = 0; i < 10; i++)
		assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_ANSWERED);
	assert_int_equal(f->shared->asked, 11); /* one handshake */
	client_free(s.client);
}

/* One delivery at a time, to more peers than libcurl would remember. */
static void keeps_the_connections_of_all_its_peers(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);
	void *peers[6];
	struct fixture *p;

	for (int i = 0; i < 6; i++) {
		assert_int_equal(fixture_setup(&peers[i]), 0);
		p = peers[i];
		p->client = f->client;
		fixture_serve(p);
	}
	for (int i = 0; i < 18; i++) {
		s.f = p = peers[i % 6];
		s.peer.fingerprint = p->server;
		(void)snprintf(
		    s.peer.code, sizeof(s.peer.code), "996%d", i % 6);
		assert_int_equal(deliver(&s, "hello", 5), TRANSPORT_ANSWERED);
	}
	client_free(s.client);
	for (int i = 0; i < 6; i++) {
		p = peers[i];
		assert_int_equal(p->shared->asked, 4); /* one handshake */
		assert_int_equal(fixture_teardown(&peers[i]), 0);
	}
}

static void waiting_ends_when_woken(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);
	int64_t start = clock_monotonic();
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	assert_int_equal(send(pair[0], "", 0, 0), 0);
	s.t.wait(s.t.ctx, pair[1], 5000);
	assert_true(clock_monotonic() - start < 2 * CLOCK_SECOND);
	start = clock_monotonic();
	s.t.wait(s.t.ctx, -1, 200);
	assert_true(clock_monotonic() - start >= CLOCK_SECOND / 10);
	(void)close(pair[0]);
	(void)close(pair[1]);
	client_free(s.client);
}

static void may_be_freed_while_busy(void **state)
{
	struct fixture *f = *state;
	struct sender s = sender_of(f);

	fixture_serve(f);
	begin(&s, "hello", 5);
	client_free(s.client);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(fails_where_the_server_is_not_the_pinned_one),
	    TEST(a_changed_pin_ends_the_kept_connection),
	    TEST(fails_where_we_are_not_in_their_table),
	    TEST(fails_where_nobody_listens),
	    TEST(refuses_tls_1_2),
	    TEST(only_200_is_an_answer),
	    TEST(an_answer_has_a_bound),
	    TEST(keeps_its_connection),
	    TEST(keeps_the_connections_of_all_its_peers),
	    TEST(waiting_ends_when_woken),
	    TEST(may_be_freed_while_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
