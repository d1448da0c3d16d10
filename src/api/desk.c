/* desk.c — see desk.h. */
#include "api/desk.h"

static void put_problem(struct server_answer *a, int status, const char *code,
    const char *ja, const char *en)
{
	a->status = status;
	a->type = "application/problem+json";
	buf_printf(&a->body,
	    "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
	    "\"code\":\"%s\",\"where\":{},\"title_ja\":\"%s\","
	    "\"title_en\":\"%s\"}",
	    en, status, code, ja, en);
}

static void put_health(struct server_answer *a)
{
	a->status = 200;
	a->type = "application/json";
	buf_z(&a->headers, "Cache-Control: no-store\r\n");
	buf_z(&a->body, "{\"ok\":true}");
}

void desk_handle(void *ctx, const struct server_request *request,
    struct server_answer *answer)
{
	const struct http_head *h = request->head;

	(void)ctx;
	if (!text_is(h->path, "/healthz")) {
		put_problem(answer, 404, "not_found",
		    "そのアドレスはありません", "there is no such address");
	} else if (!text_is(h->method, "GET") && !text_is(h->method, "HEAD")) {
		put_problem(answer, 405, "method", "その操作はできません",
		    "that method is not served here");
		buf_z(&answer->headers, "Allow: GET, HEAD\r\n");
	} else {
		put_health(answer);
	}
}
