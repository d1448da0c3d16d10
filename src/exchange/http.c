/* http.c — see http.h. */
#include "exchange/http.h"

#include <strings.h>

/* RFC 9110 §5.6.2: the characters of a token. */
static bool is_token(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

size_t http_head_end(struct bytes b)
{
	const unsigned char *at =
	    b.n < 4 ? NULL : memmem(b.p, b.n, "\r\n\r\n", 4);

	return at == NULL ? 0 : (size_t)(at - b.p) + 4;
}

struct text http_header(const struct http_head *h, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < h->header_count; i++)
		if (h->header[i].name.n == n &&
		    strncasecmp(h->header[i].name.p, name, n) == 0)
			return h->header[i].value;
	return (struct text){NULL, 0};
}

/* The bytes up to the next CRLF, which is taken too; false if there is a
 * control character in them (a bare CR or LF is one). */
static bool take_line(struct bytes *in, struct text *line)
{
	const unsigned char *end = memmem(in->p, in->n, "\r\n", 2);
	size_t n;

	if (end == NULL)
		return false;
	n = (size_t)(end - in->p);
	for (size_t i = 0; i < n; i++)
		if ((in->p[i] < 0x20 && in->p[i] != '\t') || in->p[i] > 0x7e)
			return false;
	*line = text_trust((const char *)in->p, n);
	*in = BYTES(end + 2, in->n - n - 2);
	return true;
}

static bool take_word(struct text *line, struct text *word)
{
	const char *blank = memchr(line->p, ' ', line->n);

	if (blank == NULL)
		return false;
	*word = text_trust(line->p, (size_t)(blank - line->p));
	*line = text_trust(blank + 1, line->n - word->n - 1);
	return word->n > 0;
}

static bool is_method(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < 'A' || t.p[i] > 'Z')
			return false;
	return t.n <= 16;
}

static int parse_request_line(struct text line, struct http_head *out)
{
	struct text target;
	const char *mark;

	if (!take_word(&line, &out->method) || !take_word(&line, &target))
		return 400;
	if (!is_method(out->method) || target.p[0] != '/')
		return 400;
	if (!text_is(line, "HTTP/1.1"))
		return line.n == 8 && memcmp(line.p, "HTTP/", 5) == 0 ? 505
								      : 400;
	if (memchr(target.p, '#', target.n) || memchr(target.p, '\t', target.n))
		return 400;
	mark = memchr(target.p, '?', target.n);
	out->path = target;
	out->query = text_trust(target.p + target.n, 0);
	if (mark != NULL) {
		out->path.n = (size_t)(mark - target.p);
		out->query = text_trust(mark + 1, target.n - out->path.n - 1);
	}
	return 0;
}

static int parse_header(struct text line, struct http_head *out)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct text name, value;

	if (colon == NULL || colon == line.p)
		return 400;
	if (out->header_count == HTTP_HEADERS_MAX)
		return 431;
	name = text_trust(line.p, (size_t)(colon - line.p));
	for (size_t i = 0; i < name.n; i++)
		if (!is_token((unsigned char)name.p[i]))
			return 400;
	value = text_trust(colon + 1, line.n - name.n - 1);
	while (value.n > 0 && (*value.p == ' ' || *value.p == '\t'))
		value = text_trust(value.p + 1, value.n - 1);
	while (value.n > 0 &&
	       (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
		value.n--;
	out->header[out->header_count].name = name;
	out->header[out->header_count++].value = value;
	return 0;
}

/* How often a header stands there. */
static int count(const struct http_head *h, const char *name)
{
	size_t n = strlen(name);
	int found = 0;

	for (size_t i = 0; i < h->header_count; i++)
		found += h->header[i].name.n == n &&
			 strncasecmp(h->header[i].name.p, name, n) == 0;
	return found;
}

static int read_length(struct http_head *out)
{
	struct text value = http_header(out, "Content-Length");
	int64_t v;

	if (count(out, "Transfer-Encoding") > 0)
		return 501;
	if (count(out, "Content-Length") > 1)
		return 400;
	if (value.p == NULL)
		return text_is(out->method, "POST") ||
			       text_is(out->method, "PUT") ||
			       text_is(out->method, "PATCH")
			   ? 411
			   : 0;
	if (!text_is_digits(value, 1, value.n))
		return 400;
	if (value.n > 15 || !text_to_int(value, INT64_C(1) << 50, &v))
		return 413;
	out->length = (size_t)v;
	return 0;
}

static int read_connection(struct http_head *out)
{
	struct text connection = http_header(out, "Connection");
	struct text expect = http_header(out, "Expect");

	if (count(out, "Host") > 1)
		return 400;
	out->close =
	    connection.n == 5 && strncasecmp(connection.p, "close", 5) == 0;
	if (expect.p == NULL)
		return 0;
	out->expects =
	    expect.n == 12 && strncasecmp(expect.p, "100-continue", 12) == 0;
	return out->expects ? 0 : 417;
}

int http_head_parse(struct bytes b, struct http_head *out)
{
	struct text line;
	int status;

	*out = (struct http_head){0};
	if (!take_line(&b, &line))
		return 400;
	status = parse_request_line(line, out);
	while (status == 0) {
		if (!take_line(&b, &line))
			return 400;
		if (line.n == 0)
			break;
		status = parse_header(line, out);
	}
	if (status == 0)
		status = read_length(out);
	return status == 0 ? read_connection(out) : status;
}

const char *http_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
	    {200, "OK"},
	    {201, "Created"},
	    {204, "No Content"},
	    {304, "Not Modified"},
	    {400, "Bad Request"},
	    {401, "Unauthorized"},
	    {403, "Forbidden"},
	    {404, "Not Found"},
	    {405, "Method Not Allowed"},
	    {408, "Request Timeout"},
	    {409, "Conflict"},
	    {411, "Length Required"},
	    {412, "Precondition Failed"},
	    {413, "Content Too Large"},
	    {415, "Unsupported Media Type"},
	    {417, "Expectation Failed"},
	    {422, "Unprocessable Content"},
	    {429, "Too Many Requests"},
	    {431, "Request Header Fields Too Large"},
	    {500, "Internal Server Error"},
	    {501, "Not Implemented"},
	    {503, "Service Unavailable"},
	    {505, "HTTP Version Not Supported"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Status";
}
