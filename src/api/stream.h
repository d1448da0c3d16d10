/*
 * stream.h — server-sent events that stay open (GET /events of a browser,
 * the HTML standard, 9.2): "changed" as it happens, and a "beat" where nothing
 * does, so that the page sees that the connection lives.
 *
 * A desk holds STREAM_MAX of them, STREAM_OF_SESSION of one session; who comes
 * then gets one answer and asks again. A stream ends with its session.
 */
#ifndef SHOKAI_API_STREAM_H
#define SHOKAI_API_STREAM_H

#include "api/call.h"
#include "exchange/server.h"

#define STREAM_MAX 64
#define STREAM_OF_SESSION 4
#define STREAM_STAMP 160

struct desk;
struct stream;

/* What a desk's streams share. */
struct stream_pool {
	struct stream *first;
	int64_t looked_us; /* on the monotonic clock */
	char stamp[STREAM_STAMP];
};

/* What messages have come and gone, and what waits for a decision: another
 * text where something has changed. */
CHECKED enum err_class stream_stamp(
    struct party_context *c, char out[STREAM_STAMP], struct err *e);

/* Holds one for that call, which was told stamp; false: there is no room. */
bool stream_hold(struct desk *d, const struct call *c, const char *stamp,
    struct server_later *out);

#endif
