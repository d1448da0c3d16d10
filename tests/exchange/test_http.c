/* Tests of exchange/http.h. */
#include "exchange/http.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int parse(const char *z, struct http_head *out)
{
	assert_int_equal(http_head_end(BYTES(z, strlen(z))), strlen(z));
	return http_head_parse(BYTES(z, strlen(z)), out);
}

static void refuses_what_two_readers_could_read_differently(void **state)
{
	static const struct {
		const char *head;
		int status;
	} cases[] = {
	    {"GET /\r\n\r\n", 400},
	    {"GET  / HTTP/1.1\r\n\r\n", 400},
	    {"get / HTTP/1.1\r\n\r\n", 400},
	    {"GET http://a/ HTTP/1.1\r\n\r\n", 400},
	    {"GET / HTTP/1.0\r\n\r\n", 505},
	    {"GET / HTTP/2.0\r\n\r\n", 505},
	    {"GET / HTTP/1.1 \r\n\r\n", 400},
	    {"GET /#a HTTP/1.1\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nA : b\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\n A: b\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400},
	    {"GET / HTTP/1.1\nA: b\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nA: \x80\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\n: b\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
	    {"POST / HTTP/1.1\r\n\r\n", 411},
	    {"POST / HTTP/1.1\r\nContent-Length: 1\r\n"
	     "content-length: 1\r\n\r\n",
		400},
	    {"POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", 400},
	    {"POST / HTTP/1.1\r\nContent-Length: \r\n\r\n", 400},
	    {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
		413},
	    {"POST / HTTP/1.1\r\nContent-Length: 1\r\n"
	     "Transfer-Encoding: chunked\r\n\r\n",
		501},
	    {"GET / HTTP/1.1\r\nExpect: more\r\n\r\n", 417},
	};
	struct http_head h;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(parse(cases[i].head, &h), cases[i].status);
}

static void refuses_too_many_headers(void **state)
{
	struct buf b = {0};
	struct http_head h;

	(void)state;
	buf_z(&b, "GET / HTTP/1.1\r\n");
	for (int i = 0; i <= HTTP_HEADERS_MAX; i++)
		buf_printf(&b, "A%d: b\r\n", i);
	buf_z(&b, "\r\n");
	assert_int_equal(http_head_parse(buf_bytes(&b), &h), 431);
	buf_fini(&b);
}

static void refuses_nul(void **state)
{
	static const char z[] = "GET / HTTP/1.1\r\nA: \0\r\n\r\n";
	struct http_head h;

	(void)state;
	assert_int_equal(http_head_parse(BYTES(z, sizeof(z) - 1), &h), 400);
}

static void every_shorter_head_is_not_whole_or_refused(void **state)
{
	static const char z[] = "POST /v1/messages?a=b HTTP/1.1\r\n"
				"Content-Length: 12\r\nHost: a\r\n\r\n";
	struct http_head h;

	(void)state;
	for (size_t n = 0; n < sizeof(z) - 1; n++) {
		assert_int_equal(http_head_end(BYTES(z, n)), 0);
		assert_int_not_equal(http_head_parse(BYTES(z, n), &h), 0);
	}
}

static void reads_a_request(void **state)
{
	struct http_head h;

	(void)state;
	assert_int_equal(parse("POST /v1/messages?a=b HTTP/1.1\r\n"
			       "Host: localhost\r\ncontent-LENGTH: 12\r\n"
			       "Content-Type: \tapplication/json \r\n"
			       "Expect: 100-Continue\r\n"
			       "Connection: Close\r\n\r\n",
			     &h),
	    0);
	assert_true(text_is(h.method, "POST"));
	assert_true(text_is(h.path, "/v1/messages"));
	assert_true(text_is(h.query, "a=b"));
	assert_int_equal(h.length, 12);
	assert_true(h.close);
	assert_true(h.expects);
	assert_true(
	    text_is(http_header(&h, "content-type"), "application/json"));
	assert_null(http_header(&h, "Cookie").p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_two_readers_could_read_differently),
	    cmocka_unit_test(refuses_too_many_headers),
	    cmocka_unit_test(refuses_nul),
	    cmocka_unit_test(every_shorter_head_is_not_whole_or_refused),
	    cmocka_unit_test(reads_a_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
