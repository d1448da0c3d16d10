/*
 * http.h — the head of an HTTP/1.1 request (RFC 9112), read strictly; pure.
 *
 * What is not needed is refused: bare LF, folded lines, blanks before a
 * colon, two lengths, transfer codings, other versions. A head that two
 * readers could understand differently is none.
 */
#ifndef SHOKAI_EXCHANGE_HTTP_H
#define SHOKAI_EXCHANGE_HTTP_H

#include "base/bytes.h"

#define HTTP_HEAD_MAX ((size_t)16 << 10)
#define HTTP_HEADERS_MAX 64

/* Texts point into the bytes that were parsed; all are printable ASCII, but
 * for tabs within a value. */
struct http_head {
	struct text method; /* 1 to 16 capital letters */
	struct text path;   /* begins with '/', as sent, without the query */
	struct text query;  /* behind '?', or empty */
	struct {
		struct text name;
		struct text value; /* without blanks around */
	} header[HTTP_HEADERS_MAX];
	size_t header_count;
	size_t length; /* of the body: Content-Length, or 0 */
	bool close;    /* Connection: close */
	bool expects;  /* Expect: 100-continue */
};

/* Bytes up to and with the empty line; 0: it is not there yet. */
size_t http_head_end(struct bytes b);

/*
 * Parses one whole head (http_head_end's bytes). Gives 0, or the status that
 * refuses it: 400, 411 (a POST, PUT or PATCH without length), 413 (a length
 * of over 15 digits), 417, 431, 501 (transfer coding), 505.
 */
int http_head_parse(struct bytes b, struct http_head *out);

/* The value of a header, name in any case; empty with p NULL if it has none. */
struct text http_header(const struct http_head *h, const char *name);

/* The reason phrase of a status we give. */
const char *http_reason(int status);

#endif
