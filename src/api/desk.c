/*
 * desk.c — see desk.h.
 *
 * SECURITY: bytes of whoever reaches the address come here as a parsed head
 * and a bounded body. Before a session is known nothing of them is used but
 * the address, the cookie and the three texts of a sign-in.
 */
#include "api/desk.h"

#include "api/aside.h"
#include "api/client.h"
#include "api/intake.h"
#include "api/once.h"
#include "api/problem.h"
#include "api/route.h"
#include "api/terminal.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "exchange/wake.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <unistd.h>

#define NAME "desk"
#define JSON "application/json"

static const char always[] =
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src "
    "'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "X-Content-Type-Options: nosniff\r\n";

/* --- answers --- */

static void put_json(struct server_answer *a, const json_t *j)
{
	char *z = json_dumps(j, JSON_COMPACT);

	if (z == NULL)
		abort(); /* out of memory */
	buf_z(&a->body, z);
	free(z);
}

static void put_problem(
    struct server_answer *a, int status, const struct err *e)
{
	json_t *j = problem_json(status, e);

	a->status = status;
	a->type = PROBLEM_TYPE;
	buf_clear(&a->body);
	put_json(a, j);
	json_decref(j);
	if (status == 503)
		buf_z(&a->headers, "Retry-After: 1\r\n");
}

/* What a call refused; a fault ends the process when this has been told. */
static void put_refusal(
    struct desk *d, struct server_answer *a, const struct err *e)
{
	put_problem(a, problem_status(e), e);
	if (e->class != ERR_FAULT)
		return;
	log_err(NAME, e);
	d->class = ERR_FAULT;
	d->err = *e;
	if (d->on_fault != NULL)
		d->on_fault(d->ctx);
}

static void put_status(struct server_answer *a, int status)
{
	struct err e;

	problem_of_status(status, &e);
	put_problem(a, status, &e);
}

void desk_put_failed(struct server_answer *a)
{
	buf_clear(&a->headers);
	buf_z(&a->headers, always);
	put_status(a, 500);
}

void desk_refuse(void *ctx, const struct server_request *request,
    struct server_answer *answer)
{
	(void)ctx;
	(void)request;
	buf_z(&answer->headers, always);
	put_status(answer, answer->status);
}

/* --- opening --- */

static enum err_class stamp_read(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_stamp(tx, arg, e);
}

static enum err_class peers_read(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_load(tx, arg, e);
}

enum err_class desk_refresh(struct desk *d, struct err *e)
{
	struct peers *fresh = NULL;
	char stamp[PEERS_STAMP];

	arena_reset(&d->arena);
	TRY(node_now(d->context.node, &d->context.now_us, e));
	TRY(store_read(d->context.store, stamp_read, stamp, e));
	if (d->peers != NULL && strcmp(stamp, d->stamp) == 0)
		return ERR_NONE;
	TRY(store_read(d->context.store, peers_read, &fresh, e));
	peers_free(d->peers);
	d->peers = fresh;
	d->context.peers = fresh;
	memcpy(d->stamp, stamp, sizeof(stamp));
	return ERR_NONE;
}

enum err_class desk_open(
    struct desk *d, const struct node *n, const char *web, struct err *e)
{
	struct party_context *c = &d->context;

	c->node = n;
	c->random = (struct random_source){.fill = random_fill};
	c->arena = &d->arena;
	if (!terminal_list_good(n->terminals)) {
		err_set(e, ERR_INPUT, "node.bad_value", "値が正しくありません",
		    "the value is not one that the key takes");
		return err_at(e, "node.yaml", 0, 0, "terminals");
	}
	TRY(pages_load(web, &d->pages, e));
	TRY(node_store(n, &c->store, e));
	TRY(codes_load(&d->forever, &c->codes, e));
	TRY(keys_load(node_path(n, &d->forever, "keys"), &d->keys, e));
	c->keys = d->keys;
	c->layouts = layouts_new(node_path(n, &d->forever, "layouts"));
	return desk_refresh(d, e);
}

void desk_close(struct desk *d)
{
	layouts_free(d->context.layouts);
	peers_free(d->peers);
	keys_free(d->keys);
	store_close(d->context.store);
	pages_free(d->pages);
	arena_fini(&d->arena);
	arena_fini(&d->forever);
}

/* --- one call --- */

static enum err_class refuse_status(int status, struct err *e)
{
	problem_of_status(status, e);
	return e->class;
}

/* Who calls, and may they? */
static enum err_class admit(
    struct call *c, const struct server_request *request, struct err *e)
{
	const struct http_head *h = request->head;
	const struct route *r = c->route;

	session_token(http_header(h, "Cookie"), c->session.token);
	if (request->shown)
		digest_hex(request->peer, c->certificate);
	c->last_event = http_header(h, "Last-Event-ID");
	c->takes_events =
	    text_is(http_header(h, "Accept"), "text/event-stream");
	c->authorization = http_header(h, "Authorization");
	if ((r->flags & ROUTE_OPEN) != 0)
		return ERR_NONE;
	/* No browser adds a bearer token by itself: it needs no CSRF token. */
	if (client_bearer(c->authorization, c->session.token)) {
		TRY(client_load(c->c, &c->session, &c->user, e));
		return ward_user_may(
		    &c->user, true, r->roles, clock_date(c->c->now_us), e);
	}
	/* What a page reads by itself is no sign of a person. */
	c->session.quiet = (r->flags & ROUTE_QUIET) != 0 ||
			   http_header(h, "X-Background").n > 0;
	TRY(session_load(c->c, &c->session, &c->user, e));
	TRY(ward_user_may(
	    &c->user, true, r->roles, clock_date(c->c->now_us), e));
	if (strcmp(r->method, "GET") != 0 &&
	    !session_csrf(&c->session, http_header(h, "X-CSRF-Token")))
		return err_set(e, ERR_DENIED, "session.csrf",
		    "画面の有効期限が切れました。画面を開き直してください",
		    "the CSRF token is missing or not this session's; load "
		    "the page again");
	return ERR_NONE;
}

/* The media type without its parameters. */
static bool type_is(const struct http_head *h, const char *want)
{
	struct text t = http_header(h, "Content-Type");
	const char *mark = t.n ? memchr(t.p, ';', t.n) : NULL;

	if (mark != NULL)
		t.n = (size_t)(mark - t.p);
	while (t.n > 0 && t.p[t.n - 1] == ' ')
		t.n--;
	return text_is(t, want);
}

static enum err_class take_body(
    struct call *c, const struct server_request *request, struct err *e)
{
	const struct route *r = c->route;

	if (r->raw != NULL) {
		c->raw = request->body;
		c->file = request->file;
		return type_is(request->head, r->raw) ? ERR_NONE
						      : refuse_status(415, e);
	}
	if (r->request == NULL)
		return ERR_NONE;
	if (!type_is(request->head, JSON))
		return refuse_status(415, e);
	return intake_body(r, request->body, &c->body, e);
}

static bool is_change(const struct route *r)
{
	return strcmp(r->method, "GET") != 0 &&
	       (r->flags & (ROUTE_OPEN | ROUTE_READS)) == 0;
}

/* --- ETag --- */

static void etag(struct bytes body, char out[40])
{
	char hex[DIGEST_TEXT];

	digest_hex(digest_one(body), hex);
	(void)snprintf(out, 40, "\"%.32s\"", hex);
}

static void call_fini(struct call *c)
{
	json_decref(c->query);
	json_decref(c->body);
	json_decref(c->out);
	buf_fini(&c->bytes);
	buf_fini(&c->headers);
}

/* If-Match: is the thing as the caller has seen it? */
static enum err_class check_match(
    struct call *c, const struct http_head *h, struct err *e)
{
	struct text want = http_header(h, "If-Match");
	struct call of = {.c = c->c, .user = c->user, .session = c->session};
	struct server_answer a = {0};
	char tag[40];
	enum err_class class;
	size_t n;
	const struct route *table = route_table(&n);

	if (want.p == NULL || c->route->of == NULL || text_is(want, "*"))
		return ERR_NONE;
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].path, c->route->of) == 0 &&
		    strcmp(table[i].method, "GET") == 0)
			of.route = &table[i];
	memcpy(of.param, c->param, sizeof(of.param));
	of.query = json_object();
	class = of.route->run(&of, e);
	if (class == ERR_NONE) {
		put_json(&a, of.out);
		etag(buf_bytes(&a.body), tag);
		if (!text_is(want, tag))
			class = err_set(e, ERR_DENIED, "request.changed",
			    "ほかの人が先に変更しました。読み直してください",
			    "it has changed since you read it; read it again");
	}
	buf_fini(&a.body);
	call_fini(&of);
	return class;
}

static void put_answer(struct desk *d, struct call *c,
    const struct http_head *h, struct server_answer *a)
{
	char tag[40];

	buf_add(&a->headers, c->headers.p, c->headers.n);
	a->status = c->status;
	if (c->filed) {
		a->type = c->type;
		a->filed = true;
		a->file = c->out_file;
		a->file_size = (size_t)lseek(c->out_file, 0, SEEK_END);
	} else if (c->type != NULL) {
		a->type = c->type;
		buf_add(&a->body, c->bytes.p, c->bytes.n);
	} else if (c->out != NULL) {
		a->type = JSON;
		put_json(a, c->out);
	}
	if (a->status == 0)
		a->status = a->type != NULL ? 200 : 204;
	if (c->stream != NULL)
		(void)stream_hold(d, c, c->stream, &a->later);
	if (a->status != 200 || strcmp(c->route->method, "GET") != 0 ||
	    c->stream != NULL)
		return;
	etag(buf_bytes(&a->body), tag);
	buf_printf(&a->headers, "ETag: %s\r\n", tag);
	if (text_is(http_header(h, "If-None-Match"), tag)) {
		a->status = 304;
		buf_clear(&a->body);
	}
}

static void run_plain(struct desk *d, struct call *c, const struct http_head *h,
    struct server_answer *a)
{
	struct err e;
	enum err_class class = check_match(c, h, &e);

	if (class == ERR_NONE)
		class = c->route->run(c, &e);
	if (class == ERR_NONE)
		put_answer(d, c, h, a);
	else
		buf_add(&a->headers, c->headers.p, c->headers.n);
	if (class != ERR_NONE)
		put_refusal(d, a, &e);
	if (class == ERR_NONE && c->wake) {
		wake_send(d->context.node);
		store_tell(d->context.store);
	}
}

void desk_run(struct desk *d, struct call *c, struct server_answer *a)
{
	static const struct http_head none;

	buf_z(&a->headers, always);
	run_plain(d, c, &none, a);
}

/* Here, or beside the desk: the answer comes later then. */
static void run(struct desk *d, struct call *c,
    const struct server_request *request, const struct once *once,
    struct server_answer *a)
{
	struct text key = http_header(request->head, "Idempotency-Key");
	struct aside_order order = {.once = once, .key = "", .file = c->file};
	struct err e;

	if ((c->route->flags & ROUTE_LONG) == 0) {
		run_plain(d, c, request->head, a);
		return;
	}
	if (once_key_good(key))
		order.key = text_cstr(&d->arena, key);
	if (aside_begin(d, c, &order, &a->later, &e) != ERR_NONE)
		put_refusal(d, a, &e);
}

static void request_digest(
    const struct server_request *request, char out[DIGEST_TEXT])
{
	const struct http_head *h = request->head;
	const struct bytes parts[] = {text_bytes(h->method),
	    text_bytes(h->path), text_bytes(TEXT("?")), text_bytes(h->query),
	    text_bytes(TEXT("\n")),
	    request->file >= 0
		? BYTES(request->digest.b, sizeof(request->digest.b))
		: request->body};

	digest_hex(digest_of(parts, sizeof(parts) / sizeof(*parts)), out);
}

void desk_keep_once(struct desk *d, bool secret, const struct once *o,
    const struct server_answer *a)
{
	bool again = a->status >= 500 || a->status == 429;
	struct err e;

	if (once_end(&d->context, o, again ? 0 : a->status,
		secret && a->status < 400
		    ? ""
		    : text_cstr(&d->arena, buf_text(&a->body)),
		&e) != ERR_NONE)
		log_err(NAME, &e);
}

static void run_once(struct desk *d, struct call *c,
    const struct server_request *request, struct server_answer *a)
{
	struct text key = http_header(request->head, "Idempotency-Key");
	struct once o = {.user = c->user.name};
	struct err e;
	bool fresh = false;
	enum err_class class;

	if (!once_key_good(key)) {
		err_set(&e, ERR_INPUT, "request.key",
		    "Idempotency-Key がありません",
		    "a change needs an Idempotency-Key of 8 to 64 of "
		    "0-9A-Za-z_-");
		put_refusal(d, a, &e);
		return;
	}
	o.key = text_cstr(&d->arena, key);
	request_digest(request, o.request);
	class = once_begin(&d->context, &o, &fresh, &e);
	if (class != ERR_NONE) {
		put_refusal(d, a, &e);
	} else if (fresh) {
		run(d, c, request, &o, a);
		/* Only what can come again is kept: a status and a JSON text.
		 * What comes later is kept then. */
		if (a->later.next == NULL)
			desk_keep_once(
			    d, (c->route->flags & ROUTE_SECRET) != 0, &o, a);
	} else {
		a->status = o.status;
		a->type = o.status >= 400 ? PROBLEM_TYPE : JSON;
		buf_z(&a->body, o.answer);
		buf_z(&a->headers, "Idempotent-Replay: true\r\n");
	}
}

static void call_route(struct desk *d, struct call *c,
    const struct server_request *request, struct server_answer *a)
{
	struct err e;
	enum err_class class = admit(c, request, &e);

	if (class == ERR_NONE)
		class = intake_query(
		    c->route, request->head->query, c->c->arena, &c->query, &e);
	if (class == ERR_NONE)
		class = take_body(c, request, &e);
	if (class != ERR_NONE && strcmp(e.code, "token.unknown") == 0)
		buf_z(&a->headers, /* RFC 6750 §3 */
		    "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
	if (class != ERR_NONE)
		put_refusal(d, a, &e);
	else if (is_change(c->route))
		run_once(d, c, request, a);
	else
		run(d, c, request, NULL, a);
}

static void serve_api(struct desk *d, const struct server_request *request,
    struct server_answer *a)
{
	struct call c = {.c = &d->context, .file = -1};
	const char *allow;
	int status;

	c.route = request->wanted;
	if (c.route != NULL)
		(void)route_params(
		    c.route, request->head->path, &d->arena, c.param);
	else
		c.route = route_find(request->head->method, request->head->path,
		    d->context.node->party, &d->arena, c.param, &status,
		    &allow);
	if (c.route == NULL) {
		if (status == 405)
			buf_printf(&a->headers, "Allow: %s\r\n", allow);
		put_status(a, status);
		return;
	}
	call_route(d, &c, request, a);
	call_fini(&c);
}

static void serve_page(struct desk *d, const struct server_request *request,
    struct server_answer *a)
{
	const struct http_head *h = request->head;
	struct bytes body;

	if (!text_is(h->method, "GET") && !text_is(h->method, "HEAD")) {
		buf_z(&a->headers, "Allow: GET, HEAD\r\n");
		put_status(a, 405);
	} else if (text_is(h->path, "/healthz")) {
		a->status = 200;
		a->type = JSON;
		buf_z(&a->body, "{\"ok\":true}");
	} else if (pages_find(d->pages, h->path, &body, &a->type)) {
		a->status = 200;
		buf_add(&a->body, body.p, body.n);
	} else {
		put_status(a, 404);
	}
}

static bool is_api(const struct http_head *h)
{
	const struct text api = TEXT("/api/");

	return h->path.n >= api.n && memcmp(h->path.p, api.p, api.n) == 0;
}

void desk_handle(void *ctx, const struct server_request *request,
    struct server_answer *answer)
{
	struct desk *d = ctx;
	struct err e;

	buf_z(&answer->headers, always);
	if (!terminal_known(d->context.node->terminals, request->address,
		request->shown ? &request->peer : NULL)) {
		err_set(&e, ERR_DENIED, "terminal.unknown",
		    "登録された端末ではありません",
		    "not a registered terminal");
		put_problem(answer, 403, &e);
	} else if (!is_api(request->head)) {
		serve_page(d, request, answer);
	} else if (desk_refresh(d, &e) != ERR_NONE) {
		put_refusal(d, answer, &e);
	} else {
		serve_api(d, request, answer);
	}
}

/* What is taken before its body: of which route, and by whom. A body that is
 * larger than JSON may be is for who is signed in and may call the route. */
static int admit_large(
    struct desk *d, struct call *c, const struct server_request *request)
{
	struct err e;

	if (request->head->length <= ROUTE_BODY_MAX)
		return 0;
	if (request->head->length > c->route->raw_max)
		return 413;
	if (desk_refresh(d, &e) != ERR_NONE)
		return 503;
	return admit(c, request, &e) == ERR_NONE ? 0 : problem_status(&e);
}

int desk_admit(void *ctx, const struct server_request *request,
    struct server_taking *taking)
{
	struct desk *d = ctx;
	struct call c = {.c = &d->context, .file = -1};
	const char *allow;
	struct err e;
	int status;

	if (request->head->length == 0)
		return 0;
	if (!is_api(request->head))
		return 413;
	c.route = route_find(request->head->method, request->head->path,
	    d->context.node->party, &d->arena, c.param, &status, &allow);
	if (c.route == NULL) /* what is small is told in full */
		return request->head->length <= ROUTE_BODY_MAX ? 0 : status;
	status = admit_large(d, &c, request);
	if (status != 0)
		return status;
	taking->wanted = c.route;
	/* A file without a name in the node's folder: it stays nowhere. */
	if (c.route->raw != NULL && (c.route->flags & ROUTE_LONG) != 0 &&
	    file_unnamed(d->context.node->path, &taking->file, &e) != ERR_NONE)
		taking->file = -1;
	return 0;
}
