/* Tests of exchange/server.h: a real server in a process of its own. */
#include "tls_fixture.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define POST                                                                   \
	"POST /v1/messages HTTP/1.1\r\nHost: a\r\n"                            \
	"Content-Type: application/octet-stream\r\n"
#define SMALL POST "Content-Length: 5\r\n\r\nhello"

/* Sends a request and gives the status of the answer; 0: closed. */
static int ask(struct fixture_client *c, const char *request)
{
	struct buf answer = {0};
	int status = 0;

	if (fixture_send(c, request, strlen(request)))
		status = fixture_status(c, &answer);
	buf_fini(&answer);
	return status;
}

/* Nothing was answered, and nothing reached the handler. */
static void is_broken_off(struct fixture *f, const char *keys, int version)
{
	struct fixture_client c;
	bool shaken = fixture_connect(f, keys, version, NULL, &c);

	assert_true(!shaken || ask(&c, SMALL) == 0);
	fixture_close(&c);
	assert_int_equal(f->shared->handled, 0);
}

static void breaks_off_an_unknown_certificate(void **state)
{
	struct fixture *f = *state;
	char *stranger = fixture_folder();

	(void)fixture_identity(stranger, "131041");
	fixture_serve(f);
	is_broken_off(f, stranger, 0);
	assert_int_equal(f->shared->asked, 1);
	fixture_remove(stranger);
}

static void breaks_off_without_a_certificate(void **state)
{
	struct fixture *f = *state;

	fixture_serve(f);
	is_broken_off(f, NULL, 0);
	assert_int_equal(f->shared->asked, 0);
}

static void refuses_tls_1_2(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;

	fixture_serve(f);
	assert_false(
	    fixture_connect(f, f->client_keys, TLS1_2_VERSION, NULL, &c));
	fixture_close(&c);
	assert_int_equal(f->shared->handled, 0);
}

static void a_removed_peer_gets_no_answer_on_its_open_connection(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;

	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(ask(&c, SMALL), 200);
	f->shared->known = false;
	assert_int_equal(ask(&c, SMALL), 0);
	assert_int_equal(f->shared->handled, 1);
	fixture_close(&c);
}

static int sessions(SSL *ssl, SSL_SESSION *session)
{
	int *n = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	(void)session;
	(*n)++;
	return 0;
}

/* Resumption would serve a removed peer: no ticket is ever given, and what
 * the client kept of its session does not spare it the certificate. */
static void no_session_can_be_resumed(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;
	SSL_SESSION *session;
	int tickets = 0;

	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	SSL_CTX_set_app_data(c.ctx, &tickets);
	(void)SSL_CTX_set_session_cache_mode(c.ctx, SSL_SESS_CACHE_CLIENT);
	SSL_CTX_sess_set_new_cb(c.ctx, sessions);
	assert_int_equal(ask(&c, SMALL), 200);
	assert_int_equal(tickets, 0);
	session = SSL_get1_session(c.ssl);
	assert_non_null(session);
	assert_int_equal(SSL_SESSION_is_resumable(session), 0);
	fixture_close(&c);
	f->shared->known = false;
	if (fixture_connect(f, f->client_keys, 0, session, &c)) {
		assert_false(SSL_session_reused(c.ssl));
		assert_int_equal(ask(&c, SMALL), 0);
	}
	assert_int_equal(f->shared->handled, 1);
	SSL_SESSION_free(session);
	fixture_close(&c);
}

/* The same, as the openssl program sees it. */
static void openssl_finds_no_session_to_keep(void **state)
{
	struct fixture *f = *state;
	struct arena a = {0};
	char *command;

	fixture_serve(f);
	command = arena_printf(&a,
	    "cd %s && (printf 'POST /v1/messages HTTP/1.1\\r\\nContent-Type: "
	    "application/octet-stream\\r\\nConnection: close\\r\\n"
	    "Content-Length: 0\\r\\n\\r\\n'; "
	    "sleep 0.3) | openssl s_client -connect %s -cert node.crt -key "
	    "node.key -sess_out kept -quiet >out 2>err; grep -q '200 OK' out "
	    "&& test ! -s kept",
	    f->client_keys, f->address);
	assert_int_equal(system(command), 0);
	arena_fini(&a);
}

static void a_slow_handshake_is_cut_at_its_deadline(void **state)
{
	/* The first bytes of a TLS record, one by one. */
	static const unsigned char hello[] = {22, 3, 1, 2, 0, 1, 0, 1, 252, 3};
	struct fixture *f = *state;
	int64_t start;
	char byte;
	int fd;

	f->limits.handshake_ms = 400;
	fixture_serve(f);
	fd = fixture_socket(f);
	start = clock_monotonic();
	for (size_t i = 0; i < sizeof(hello); i++) {
		(void)send(fd, hello + i, 1, MSG_NOSIGNAL);
		(void)usleep(100000);
	}
	assert_true(recv(fd, &byte, 1, 0) <= 0);
	assert_true(clock_monotonic() - start < 3 * CLOCK_SECOND);
	assert_true(fixture_until(&f->shared->connections, 0));
	(void)close(fd);
}

static void strangers_cannot_keep_a_peer_out(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;
	int fd[4];

	f->limits.connections = 4;
	fixture_serve(f);
	for (int i = 0; i < 4; i++)
		fd[i] = fixture_socket(f);
	assert_true(fixture_until(&f->shared->connections, 4));
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(ask(&c, SMALL), 200);
	assert_int_equal(f->shared->connections, 4);
	for (int i = 0; i < 4; i++)
		(void)close(fd[i]);
	fixture_close(&c);
}

static void connections_have_a_cap(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c[3];
	bool shaken;

	f->limits.connections = 2;
	fixture_serve(f);
	for (int i = 0; i < 2; i++) {
		assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c[i]));
		assert_int_equal(ask(&c[i], SMALL), 200);
	}
	shaken = fixture_connect(f, f->client_keys, 0, NULL, &c[2]);
	assert_true(!shaken || ask(&c[2], SMALL) == 0);
	assert_int_equal(ask(&c[0], SMALL), 200);
	for (int i = 0; i < 3; i++)
		fixture_close(&c[i]);
}

static void a_peer_has_a_cap(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c[3];

	f->limits.per_peer = 2;
	fixture_serve(f);
	for (int i = 0; i < 3; i++)
		(void)fixture_connect(f, f->client_keys, 0, NULL, &c[i]);
	assert_int_equal(ask(&c[0], SMALL), 200);
	assert_int_equal(ask(&c[1], SMALL), 200);
	assert_int_equal(ask(&c[2], SMALL), 0);
	for (int i = 0; i < 3; i++)
		fixture_close(&c[i]);
}

/* The length alone refuses it: not one byte of the body is sent. */
static void a_body_over_the_bound_is_refused_by_its_length(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;

	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(ask(&c, POST "Content-Length: 1001\r\n\r\n"), 413);
	assert_int_equal(ask(&c, SMALL), 0);
	assert_int_equal(f->shared->handled, 0);
	fixture_close(&c);
}

/* A client that sends it all the same still reads its refusal. */
static void a_refusal_is_readable_behind_a_body_on_its_way(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;
	struct buf request = {0};

	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	buf_z(&request, POST "Content-Length: 500000\r\n\r\n");
	buf_room(&request, 500000);
	memset(request.p + request.n, 'x', 500000);
	request.n += 500000;
	assert_true(fixture_send(&c, (const char *)request.p, request.n));
	buf_clear(&request);
	assert_int_equal(fixture_status(&c, &request), 413);
	assert_int_equal(f->shared->handled, 0);
	buf_fini(&request);
	fixture_close(&c);
}

static void all_bodies_together_have_a_bound(void **state)
{
	struct fixture *f = *state;
	struct fixture_client a, b;
	const char *begun = POST "Content-Length: 900\r\n\r\nhello";

	f->limits.body_total = 1500;
	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &a));
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &b));
	assert_true(fixture_send(&a, begun, strlen(begun)));
	(void)usleep(200000);
	assert_int_equal(ask(&b, begun), 503);
	fixture_close(&b);
	fixture_close(&a);
	assert_true(fixture_until(&f->shared->connections, 0));
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &a));
	assert_int_equal(ask(&a, SMALL), 200);
	fixture_close(&a);
}

static void a_half_sent_body_reaches_nobody(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;
	const char *half = POST "Content-Length: 100\r\n\r\nhalf";

	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_true(fixture_send(&c, half, strlen(half)));
	(void)usleep(100000);
	fixture_close(&c);
	assert_true(fixture_until(&f->shared->connections, 0));
	assert_int_equal(f->shared->handled, 0);
}

static void a_head_has_a_deadline_and_a_bound(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;
	struct buf b = {0};

	f->limits.head_ms = 300;
	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(ask(&c, "POST /v1/mess"), 0);
	fixture_close(&c);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	while (b.n < HTTP_HEAD_MAX)
		buf_z(&b, "POST ");
	buf_byte(&b, '\0');
	assert_int_equal(ask(&c, (const char *)b.p), 431);
	fixture_close(&c);
	buf_fini(&b);
	assert_int_equal(f->shared->handled, 0);
}

static void other_routes_are_refused(void **state)
{
	static const struct {
		const char *request;
		int status;
	} cases[] = {
	    {"GET /v1/messages HTTP/1.1\r\n\r\n", 405},
	    {"GET / HTTP/1.1\r\n\r\n", 404},
	    {"POST /v1/messages/ HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404},
	    {"POST /v1/messages HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 415},
	    {"POST /v1/messages HTTP/1.1\r\nContent-Length: 0\r\n"
	     "Content-Type: text/plain\r\n\r\n",
		415},
	    {POST "\r\n", 411},
	    {POST "Transfer-Encoding: chunked\r\n\r\n", 501},
	    {"nonsense\r\n\r\n", 400},
	};
	struct fixture *f = *state;
	struct fixture_client c;

	fixture_serve(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
		assert_int_equal(ask(&c, cases[i].request), cases[i].status);
		fixture_close(&c);
	}
	assert_int_equal(f->shared->handled, 0);
}

static void a_handler_may_close_without_an_answer(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;

	f->shared->status = 0;
	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(ask(&c, SMALL), 0);
	assert_int_equal(f->shared->handled, 1);
	fixture_close(&c);
}

static void serves_many_requests_on_one_connection(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;
	struct buf answer = {0};

	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	for (int i = 0; i < 50; i++)
		assert_int_equal(ask(&c, SMALL), 200);
	assert_int_equal(f->shared->asked, 51); /* once more: the handshake */
	assert_true(fixture_send(&c, SMALL SMALL, 2 * strlen(SMALL)));
	assert_int_equal(fixture_status(&c, &answer), 200);
	assert_int_equal(fixture_status(&c, &answer), 200);
	assert_int_equal(f->shared->handled, 52);
	assert_int_equal(f->shared->body, 5);
	assert_non_null(memmem(answer.p, answer.n, "\r\n\r\nhello", 9));
	buf_fini(&answer);
	fixture_close(&c);
}

static void asks_for_the_body_when_that_is_expected(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;

	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(
	    ask(&c, POST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"),
	    100);
	assert_int_equal(f->shared->handled, 0);
	assert_int_equal(ask(&c, "hello"), 200);
	fixture_close(&c);
}

static void a_large_answer_comes_from_a_file_as_it_is_read(void **state)
{
	const size_t size = (3U << 20) + 77;
	struct fixture *f = *state;
	struct fixture_client c;
	struct buf answer = {0};
	const unsigned char *body;

	f->shared->file = size;
	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_true(fixture_send(&c, SMALL SMALL, 2 * strlen(SMALL)));
	(void)usleep(200000); /* the client is slow */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_status(&c, &answer), 200);
		body = memmem(answer.p, answer.n, "\r\n\r\n", 4);
		assert_non_null(body);
		body += 4;
		assert_int_equal(answer.p + answer.n - body, size);
		for (size_t k = 0; k < size; k += 1013)
			assert_int_equal(body[k], (k + 2) % 251);
	}
	assert_int_equal(f->shared->handled, 2);
	buf_fini(&answer);
	fixture_close(&c);
}

/* A client that goes while it comes, and a file that is shorter than said:
 * the connection ends, the server does not. */
static void an_answer_from_a_file_may_be_broken_off(void **state)
{
	struct fixture *f = *state;
	struct fixture_client c;

	f->shared->file = 3U << 20;
	f->shared->cut = true;
	fixture_serve(f);
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(ask(&c, SMALL), 0);
	fixture_close(&c);
	f->shared->cut = false;
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_true(fixture_send(&c, SMALL, strlen(SMALL)));
	assert_true(fixture_until(&f->shared->handled, 2));
	fixture_close(&c);
	assert_true(fixture_until(&f->shared->connections, 0));
	assert_true(fixture_connect(f, f->client_keys, 0, NULL, &c));
	assert_int_equal(ask(&c, SMALL), 200);
	fixture_close(&c);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(breaks_off_an_unknown_certificate),
	    TEST(breaks_off_without_a_certificate),
	    TEST(refuses_tls_1_2),
	    TEST(a_removed_peer_gets_no_answer_on_its_open_connection),
	    TEST(no_session_can_be_resumed),
	    TEST(openssl_finds_no_session_to_keep),
	    TEST(a_slow_handshake_is_cut_at_its_deadline),
	    TEST(strangers_cannot_keep_a_peer_out),
	    TEST(connections_have_a_cap),
	    TEST(a_peer_has_a_cap),
	    TEST(a_body_over_the_bound_is_refused_by_its_length),
	    TEST(a_refusal_is_readable_behind_a_body_on_its_way),
	    TEST(all_bodies_together_have_a_bound),
	    TEST(a_half_sent_body_reaches_nobody),
	    TEST(a_head_has_a_deadline_and_a_bound),
	    TEST(other_routes_are_refused),
	    TEST(a_handler_may_close_without_an_answer),
	    TEST(a_large_answer_comes_from_a_file_as_it_is_read),
	    TEST(an_answer_from_a_file_may_be_broken_off),
	    TEST(serves_many_requests_on_one_connection),
	    TEST(asks_for_the_body_when_that_is_expected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
