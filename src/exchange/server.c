/*
 * server.c — see server.h.
 *
 * A connection is in one state, and each state has one absolute deadline:
 * nobody holds one by sending slowly.
 *
 * SECURITY: bytes of strangers reach OpenSSL's handshake alone; bytes of
 * peers reach http.c and, whole, the handler. Nothing here looks into a body.
 */
#include "exchange/server.h"

#include "base/clock.h"
#include "base/log.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINGER_MS 2000
#define LINGER_MAX ((size_t)1 << 20)   /* bytes thrown away after a refusal */
#define WINDOW_MAX ((size_t)256 << 10) /* bytes read ahead of a connection */
#define SLOWEST 65536 /* bytes a second a body may come or go at least */
#define BODY_MS 30000 /* and what it gets on top of that */
#define NOTE_US (60 * CLOCK_SECOND)
#define PIECE ((size_t)256 << 10)     /* of a file, at a time */
#define UNREAD_MAX ((size_t)64 << 10) /* of a stream that nobody reads */

enum state {
	STATE_HANDSHAKE,
	STATE_HEAD, /* waiting for, or in, a head */
	STATE_BODY,
	STATE_LATER,  /* the answer, or more of it, comes later */
	STATE_FILE,   /* the answer's body is read from a file */
	STATE_REPLY,  /* until the answer has left; then the next head */
	STATE_LINGER, /* the last answer has been written: read and forget */
};

struct connection {
	struct server *server;
	struct connection *before; /* in the order of their coming */
	struct connection *after;
	struct bufferevent *bev;
	struct event *deadline;
	enum state state;
	bool begun; /* a head has begun */
	bool last;  /* no further request after this one */
	struct digest peer;
	bool shown; /* there is a certificate */
	char address[64];
	struct http_head head;
	unsigned char head_bytes[HTTP_HEAD_MAX]; /* head points into them */
	size_t length; /* of the body coming; held in server->held */
	struct buf body;
	int file;	    /* -1, or what takes the body */
	const void *wanted; /* what admit said of the request */
	size_t written;
	struct digest_run *digest;
	struct later *later;
	int out; /* -1, or what the answer's body is read from … */
	size_t out_at;
	size_t out_left; /* … and how much of it */
	size_t forgotten;
};

/* An answer that is not whole yet. */
struct later {
	struct server *server;
	struct connection *connection; /* NULL: it has ended */
	struct server_later how;
	struct event *timer;
	bool stream;
	struct later *next;
};

struct server {
	struct server_config config;
	struct tls_pin pin;
	SSL_CTX *tls;
	struct event_base *base;
	struct evconnlistener *listener;
	struct event *resume; /* accepts again after descriptors ran out */
	struct connection *first;
	struct connection *newest;
	int count;
	size_t held; /* bytes of bodies being received */
	int files;   /* bodies that come into files */
	struct later *later;
	int64_t noted_us;
	long broken; /* handshakes broken off since then */
};

static void set_deadline(struct connection *c, long ms)
{
	struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	(void)event_add(c->deadline, &t);
}

static void release_body(struct connection *c)
{
	if (c->file >= 0) {
		c->server->files--;
		(void)close(c->file);
		c->file = -1;
		if (c->digest != NULL)
			(void)digest_run_end(c->digest);
		c->digest = NULL;
	} else {
		c->server->held -= c->length;
	}
	c->length = 0;
	buf_fini(&c->body);
}

static void release_out(struct connection *c)
{
	if (c->out >= 0)
		(void)close(c->out);
	c->out = -1;
}

static void later_free(struct later *l)
{
	struct later **at = &l->server->later;

	while (*at != l)
		at = &(*at)->next;
	*at = l->next;
	if (l->connection != NULL)
		l->connection->later = NULL;
	event_free(l->timer);
	l->how.gone(l->how.ctx);
	free(l);
}

static void drop(struct connection *c)
{
	struct server *s = c->server;

	if (c->before != NULL)
		c->before->after = c->after;
	else
		s->first = c->after;
	if (c->after != NULL)
		c->after->before = c->before;
	else
		s->newest = c->before;
	s->count--;
	release_body(c);
	release_out(c);
	if (c->later != NULL) {
		c->later->connection = NULL;
		if (c->later->stream)
			later_free(c->later);
	}
	if (c->deadline != NULL)
		event_free(c->deadline);
	if (c->bev != NULL)
		bufferevent_free(c->bev);
	free(c);
}

/* A stranger is told nothing, and the operator once a minute how many. */
static void note_broken(struct server *s)
{
	int64_t now = clock_monotonic();

	s->broken++;
	if (s->noted_us != 0 && now - s->noted_us < NOTE_US)
		return;
	log_line(s->config.process, "handshakes broken off: %ld", s->broken);
	s->noted_us = now;
	s->broken = 0;
}

static void put_head(struct connection *c, const struct server_answer *a)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	bool body = a->status != 204 && a->status != 304;
	bool stream = a->later.next != NULL;
	size_t n = a->filed ? a->file_size : a->body.n;

	(void)evbuffer_add_printf(
	    out, "HTTP/1.1 %d %s\r\n", a->status, http_reason(a->status));
	if (stream)
		(void)evbuffer_add_printf(
		    out, "Transfer-Encoding: chunked\r\n");
	else if (body)
		(void)evbuffer_add_printf(out, "Content-Length: %zu\r\n", n);
	if (body && a->type != NULL && (n > 0 || stream))
		(void)evbuffer_add_printf(out, "Content-Type: %s\r\n", a->type);
	if (c->last)
		(void)evbuffer_add_printf(out, "Connection: close\r\n");
	(void)evbuffer_add(out, a->headers.p, a->headers.n);
	(void)evbuffer_add(out, "\r\n", 2);
}

/* What is not taken over by a connection. */
static void answer_fini(struct server_answer *a)
{
	buf_fini(&a->headers);
	buf_fini(&a->body);
	if (a->filed)
		(void)close(a->file);
}

static void put_answer(struct connection *c, struct server_answer *a)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	bool body = a->status != 204 && a->status != 304 &&
		    !text_is(c->head.method, "HEAD");
	size_t n = a->filed ? a->file_size : a->body.n;

	put_head(c, a);
	c->state = STATE_REPLY;
	if (body && a->filed) {
		a->filed = false;
		c->out = a->file;
		c->out_at = a->file_at;
		c->out_left = n;
		c->state = STATE_FILE;
	} else if (body) {
		(void)evbuffer_add(out, a->body.p, n);
	}
	set_deadline(c, BODY_MS + (long)(n / SLOWEST * 1000));
}

/* The next piece of the file, when the one before has left: memory is one
 * piece, however slow the client. */
static void put_piece(struct connection *c)
{
	size_t n = c->out_left < PIECE ? c->out_left : PIECE;
	unsigned char *piece = arena_xmalloc(PIECE);
	bool good = pread(c->out, piece, n, (off_t)c->out_at) == (ssize_t)n;

	if (good)
		(void)evbuffer_add(bufferevent_get_output(c->bev), piece, n);
	free(piece);
	c->out_at += n;
	c->out_left -= n;
	if (c->out_left == 0) {
		release_out(c);
		c->state = STATE_REPLY;
	}
	if (!good) /* the client sees that it is cut off */
		drop(c);
}

/* RFC 9110 §15.5.6: a 405 names the methods of that path. */
static void put_allow(const struct connection *c, struct buf *headers)
{
	const char *between = "Allow: ";

	for (const struct server_route *r = c->server->config.routes; r->method;
	     r++)
		if (text_is(c->head.path, r->path)) {
			buf_printf(headers, "%s%s", between, r->method);
			between = ", ";
		}
	buf_z(headers, "\r\n");
}

static struct server_request asked(const struct connection *c)
{
	return (struct server_request){.peer = c->peer,
	    .shown = c->shown,
	    .address = c->address,
	    .head = &c->head,
	    .body = buf_bytes(&c->body),
	    .file = c->file,
	    .wanted = c->wanted};
}

/* Refuses a request before its body: the connection ends behind it. */
static void refuse(struct connection *c, int status)
{
	const struct server_config *config = &c->server->config;
	const struct server_request request = asked(c);
	struct server_answer a = {.status = status};

	if (status == 405 && config->routes != NULL)
		put_allow(c, &a.headers);
	if (config->refuse != NULL)
		config->refuse(config->ctx, &request, &a);
	c->last = true;
	put_answer(c, &a);
	answer_fini(&a);
}

/* The first route of that path says what is wrong, if none fits whole. */
static int route(const struct server *s, const struct http_head *h)
{
	struct text type = http_header(h, "Content-Type");
	int status = 404;

	if (s->config.routes == NULL)
		return 0;
	for (const struct server_route *r = s->config.routes; r->method; r++) {
		if (!text_is(h->path, r->path))
			continue;
		if (!text_is(h->method, r->method))
			status = 405;
		else if (r->type != NULL && !text_is(type, r->type))
			status = 415;
		else
			return 0;
	}
	return status;
}

/* The peer table as it is now; a peer removed while connected gets no
 * further answer. */
static bool still_known(const struct connection *c)
{
	const struct server_config *config = &c->server->config;

	return config->known == NULL || config->known(config->ctx, c->peer);
}

static int take_memory(const struct connection *c)
{
	const struct server *s = c->server;

	if (c->head.length > s->config.limits.body_max)
		return 413;
	if (c->head.length > s->config.limits.body_total - s->held)
		return 503;
	return 0;
}

static int take_file(struct connection *c, int fd)
{
	struct server *s = c->server;

	if (fd < 0)
		return take_memory(c);
	if (s->files >= s->config.limits.files) {
		(void)close(fd);
		return 503;
	}
	s->files++;
	c->file = fd;
	c->written = 0;
	c->digest = digest_run_new();
	return 0;
}

static int admit(struct connection *c)
{
	struct server *s = c->server;
	const struct server_request request = asked(c);
	struct server_taking taking = {.file = -1};
	int status = route(s, &c->head);

	if (status == 0 && s->config.admit != NULL)
		status = s->config.admit(s->config.ctx, &request, &taking);
	c->wanted = taking.wanted;
	return status != 0 ? status : take_file(c, taking.file);
}

/* Takes one head off the input. False: it is not whole yet, or the
 * connection has ended or answers. */
static bool read_head(struct connection *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	ev_ssize_t n =
	    evbuffer_copyout(in, c->head_bytes, sizeof(c->head_bytes));
	size_t end = n < 0 ? 0 : http_head_end(BYTES(c->head_bytes, (size_t)n));
	int status;

	if (end == 0 && (size_t)n == sizeof(c->head_bytes)) {
		refuse(c, 431);
		return false;
	}
	if (end == 0) {
		if (n > 0 && !c->begun)
			set_deadline(c, c->server->config.limits.head_ms);
		c->begun = n > 0;
		return false;
	}
	if (!still_known(c)) {
		drop(c);
		return false;
	}
	(void)evbuffer_drain(in, end);
	status = http_head_parse(BYTES(c->head_bytes, end), &c->head);
	if (status == 0)
		status = admit(c);
	if (status != 0) {
		refuse(c, status);
		return false;
	}
	return true;
}

static void begin_body(struct connection *c)
{
	c->begun = false;
	c->last = c->head.close;
	c->length = c->head.length;
	if (c->file < 0)
		c->server->held += c->length;
	c->state = STATE_BODY;
	set_deadline(c, BODY_MS + (long)(c->length / SLOWEST * 1000));
	if (c->head.expects && c->length > 0)
		(void)evbuffer_add_printf(bufferevent_get_output(c->bev),
		    "HTTP/1.1 100 Continue\r\n\r\n");
}

/* The same to a file. False also where that cannot be: it is refused then. */
static bool read_file(struct connection *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	unsigned char piece[16384];
	size_t n;

	while ((n = evbuffer_get_length(in)) > 0 && c->written < c->length) {
		if (n > sizeof(piece))
			n = sizeof(piece);
		if (n > c->length - c->written)
			n = c->length - c->written;
		(void)evbuffer_remove(in, piece, n);
		if (write(c->file, piece, n) != (ssize_t)n) { /* disk full */
			log_line(c->server->config.process,
			    "a body cannot be written to its file");
			refuse(c, 503);
			return false;
		}
		digest_run_add(c->digest, BYTES(piece, n));
		c->written += n;
	}
	return c->written == c->length;
}

/* Moves what has come to the body; memory grows with the bytes, not with
 * what was announced. True: it is whole. */
static bool read_body(struct connection *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t n = evbuffer_get_length(in);

	if (c->file >= 0)
		return read_file(c);
	if (n > c->length - c->body.n)
		n = c->length - c->body.n;
	if (n > 0) {
		buf_room(&c->body, n);
		(void)evbuffer_remove(in, c->body.p + c->body.n, n);
		c->body.n += n;
	}
	return c->body.n == c->length;
}

static void put_chunk(struct connection *c, struct bytes b)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);

	if (b.n == 0)
		return;
	(void)evbuffer_add_printf(out, "%zx\r\n", b.n);
	(void)evbuffer_add(out, b.p, b.n);
	(void)evbuffer_add(out, "\r\n", 2);
}

/* The stream, or the waiting, has come to its end: the answer is whole. */
static void end_later(
    struct connection *c, bool stream, struct server_answer *a)
{
	if (stream) {
		(void)evbuffer_add(
		    bufferevent_get_output(c->bev), "0\r\n\r\n", 5);
		c->state = STATE_REPLY;
		set_deadline(c, BODY_MS);
	} else if (a->status != 0) {
		put_answer(c, a);
	} else {
		drop(c);
	}
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct later *l = arg;
	struct connection *c = l->connection;
	struct server_answer a = {.status = 0};
	bool stream = l->stream;
	bool more = l->how.next(l->how.ctx, &a);

	(void)fd;
	(void)what;
	if (stream && c != NULL)
		put_chunk(c, buf_bytes(&a.body));
	if (!more)
		later_free(l);
	if (!more && c != NULL)
		end_later(c, stream, &a);
	else if (stream && c != NULL &&
		 evbuffer_get_length(bufferevent_get_output(c->bev)) >
		     UNREAD_MAX)
		drop(c);
	answer_fini(&a);
}

static void begin_later(struct connection *c, const struct server_answer *a)
{
	struct server *s = c->server;
	struct later *l = arena_xmalloc(sizeof(*l));
	struct timeval every = {.tv_sec = a->later.every_ms / 1000,
	    .tv_usec = a->later.every_ms % 1000 * 1000L};

	*l = (struct later){.server = s,
	    .connection = c,
	    .how = a->later,
	    .stream = a->status != 0,
	    .next = s->later};
	s->later = l;
	c->later = l;
	c->state = STATE_LATER;
	(void)event_del(c->deadline);
	l->timer = event_new(s->base, -1, EV_PERSIST, on_later, l);
	if (l->timer == NULL || event_add(l->timer, &every) != 0)
		abort(); /* out of memory */
	if (l->stream) {
		put_head(c, a);
		put_chunk(c, buf_bytes(&a->body));
	}
}

/* False: the connection has ended. */
static bool answer(struct connection *c)
{
	const struct server_config *config = &c->server->config;
	struct server_request request = asked(c);
	struct server_answer a = {.status = 0};
	bool kept = true;

	if (c->digest != NULL) {
		request.digest = digest_run_end(c->digest);
		c->digest = NULL;
	}
	config->handle(config->ctx, &request, &a);
	release_body(c);
	if (a.later.next != NULL) {
		begin_later(c, &a);
	} else if (a.status != 0) {
		put_answer(c, &a);
	} else {
		drop(c);
		kept = false;
	}
	answer_fini(&a);
	return kept;
}

static void linger(struct connection *c)
{
	c->state = STATE_LINGER;
	set_deadline(c, LINGER_MS);
	(void)SSL_shutdown(bufferevent_openssl_get_ssl(c->bev));
	(void)shutdown(bufferevent_getfd(c->bev), SHUT_WR);
}

/* Throws away what still comes, so that the client reads our answer and not
 * a reset connection. */
static void forget(struct connection *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	c->forgotten += evbuffer_get_length(in);
	(void)evbuffer_drain(in, evbuffer_get_length(in));
	if (c->forgotten > LINGER_MAX)
		drop(c);
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct connection *c = arg;

	(void)bev;
	if (c->state == STATE_LINGER) {
		forget(c);
		return;
	}
	if (c->state == STATE_HEAD) {
		if (!read_head(c))
			return;
		begin_body(c);
	}
	if (c->state == STATE_BODY && read_body(c))
		(void)answer(c);
}

/* All that was to be written has left. */
static void on_written(struct bufferevent *bev, void *arg)
{
	struct connection *c = arg;

	if (evbuffer_get_length(bufferevent_get_output(bev)) > 0)
		return;
	if (c->state == STATE_FILE) {
		put_piece(c);
		return;
	}
	if (c->state != STATE_REPLY)
		return;
	if (c->last) {
		linger(c);
		return;
	}
	c->state = STATE_HEAD;
	set_deadline(c, c->server->config.limits.idle_ms);
	/* The next request may be here already. */
	if (evbuffer_get_length(bufferevent_get_input(bev)) > 0)
		on_read(bev, c);
}

static int connections_of(const struct server *s, struct digest peer)
{
	int n = 0;

	for (const struct connection *c = s->first; c; c = c->after)
		n += c->state != STATE_HANDSHAKE && digest_eq(c->peer, peer);
	return n;
}

static void handshaken(struct connection *c)
{
	struct server *s = c->server;
	const SSL *ssl = bufferevent_openssl_get_ssl(c->bev);

	if (s->config.known != NULL &&
	    (!tls_fingerprint(ssl, &c->peer) || SSL_session_reused(ssl) ||
		connections_of(s, c->peer) >= s->config.limits.per_peer)) {
		drop(c);
		return;
	}
	c->shown = s->config.known != NULL || tls_fingerprint(ssl, &c->peer);
	c->state = STATE_HEAD;
	set_deadline(c, s->config.limits.idle_ms);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct connection *c = arg;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED) {
		handshaken(c);
		return;
	}
	/* What OpenSSL queued for this thread belongs to this connection. */
	ERR_clear_error();
	if (c->state == STATE_HANDSHAKE)
		note_broken(c->server);
	drop(c);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct connection *c = arg;

	(void)fd;
	(void)what;
	if (c->state == STATE_HANDSHAKE)
		note_broken(c->server);
	drop(c);
}

/* Makes room for one more: the oldest handshake gives way, so that strangers
 * cannot keep peers out by beginning many. False: all are peers. */
static bool make_room(struct server *s)
{
	if (s->count < s->config.limits.connections)
		return true;
	for (struct connection *c = s->first; c != NULL; c = c->after)
		if (c->state == STATE_HANDSHAKE) {
			note_broken(s);
			drop(c);
			return true;
		}
	return false;
}

static struct connection *new_connection(struct server *s)
{
	struct connection *c = arena_xmalloc(sizeof(*c));

	memset(c, 0, sizeof(*c));
	c->server = s;
	c->file = -1;
	c->out = -1;
	c->before = s->newest;
	if (s->newest != NULL)
		s->newest->after = c;
	else
		s->first = c;
	s->newest = c;
	s->count++;
	return c;
}

static void on_accept(struct evconnlistener *l, evutil_socket_t fd,
    struct sockaddr *from, int n, void *arg)
{
	struct server *s = arg;
	struct connection *c;
	SSL *ssl;
	int on = 1;

	(void)l;
	if (!make_room(s) || (ssl = SSL_new(s->tls)) == NULL) {
		(void)close(fd);
		return;
	}
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	c = new_connection(s);
	if (getnameinfo(from, (socklen_t)n, c->address, sizeof(c->address),
		NULL, 0, NI_NUMERICHOST) != 0)
		c->address[0] = '\0';
	c->bev = bufferevent_openssl_socket_new(
	    s->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	c->deadline = evtimer_new(s->base, on_deadline, c);
	if (c->bev == NULL || c->deadline == NULL)
		abort(); /* out of memory */
	set_deadline(c, s->config.limits.handshake_ms);
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, WINDOW_MAX);
	bufferevent_openssl_set_allow_dirty_shutdown(c->bev, 1);
	(void)bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* Descriptors have run out, or the like: no busy loop over it. */
static void on_accept_error(struct evconnlistener *l, void *arg)
{
	struct server *s = arg;
	struct timeval second = {.tv_sec = 1};

	log_line(s->config.process, "accept failed; again in a second");
	(void)evconnlistener_disable(l);
	(void)event_add(s->resume, &second);
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	(void)evconnlistener_enable(s->listener);
}

static void fill_limits(struct server_limits *l)
{
	if (l->body_total < l->body_max)
		l->body_total = 2 * l->body_max;
	if (l->files == 0)
		l->files = 4;
	if (l->connections == 0)
		l->connections = 256;
	if (l->per_peer == 0)
		l->per_peer = 8;
	if (l->handshake_ms == 0)
		l->handshake_ms = 5000;
	if (l->head_ms == 0)
		l->head_ms = 10000;
	if (l->idle_ms == 0)
		l->idle_ms = 75000;
}

enum err_class server_new(const struct server_config *config,
    struct event_base *base, int fd, struct server **out, struct err *e)
{
	struct server *s = arena_xmalloc(sizeof(*s));
	enum err_class c;

	memset(s, 0, sizeof(*s));
	*out = NULL;
	s->config = *config;
	s->base = base;
	s->pin = (struct tls_pin){config->known, config->ctx, config->ask};
	fill_limits(&s->config.limits);
	c = tls_server(config->keys, &s->pin, &s->tls, e);
	if (c != ERR_NONE) {
		(void)close(fd);
		free(s);
		return c;
	}
	s->listener = evconnlistener_new(base, on_accept, s,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	s->resume = evtimer_new(base, on_resume, s);
	if (s->listener == NULL || s->resume == NULL)
		abort(); /* out of memory */
	evconnlistener_set_error_cb(s->listener, on_accept_error);
	*out = s;
	return ERR_NONE;
}

void server_free(struct server *s)
{
	if (s == NULL)
		return;
	while (s->first != NULL)
		drop(s->first);
	while (s->later != NULL)
		later_free(s->later);
	evconnlistener_free(s->listener);
	event_free(s->resume);
	SSL_CTX_free(s->tls);
	free(s);
}

int server_connections(const struct server *s)
{
	return s->count;
}
