/*
 * server.h — an HTTPS server: TLS 1.3, one thread, every bound fixed.
 *
 * The gate: each client shows a certificate that is pinned in the peer table
 * now; else the handshake is broken off and no application byte is read (S1).
 * The table is asked again on every request, before its head is read. The
 * desk: no client certificate is demanded (known NULL), but one may be asked
 * for: what it is good for is the handler's to say.
 *
 * A head is at most HTTP_HEAD_MAX bytes; a body over body_max is refused by
 * its Content-Length, before a byte of it is taken (F1); all bodies being
 * received together hold at most body_total bytes (more: 503). One that the
 * handler wants in a file (admit) counts in neither: it is never in memory.
 *
 * An answer may come later, or piece by piece (struct server_later): nobody
 * else waits for it.
 *
 * The process must ignore SIGPIPE: OpenSSL writes to sockets by write(2).
 */
#ifndef SHOKAI_EXCHANGE_SERVER_H
#define SHOKAI_EXCHANGE_SERVER_H

#include "base/digest.h"
#include "base/err.h"
#include "exchange/http.h"
#include "exchange/tls.h"

#include <event2/event.h>

struct server_request {
	struct digest peer;  /* of the client's certificate */
	bool shown;	     /* there is one: always at the gate */
	const char *address; /* the client's, numeric */
	const struct http_head *head;
	struct bytes body;
	int file; /* the body instead, from its beginning; -1: none. Closed when
		   * the handler returns */
	struct digest digest; /* of the file */
	const void *wanted;   /* what admit said of it, or NULL */
};

struct server_answer;

/*
 * An answer that is not whole yet. next is called each every_ms: it adds to
 * the body of a stream (one whose status was set at once) what is to follow
 * now, or sets the answer whole; false: that was the last of it. gone: ctx is
 * the callee's to free; called once, also when the connection has ended before
 * a stream did. What is no stream goes on without its connection to its end.
 */
struct server_later {
	bool (*next)(void *ctx, struct server_answer *more);
	void (*gone)(void *ctx);
	void *ctx;
	int every_ms;
};

struct server_answer {
	int status;	    /* 0: the connection is closed without an answer,
			     * unless one comes later */
	const char *type;   /* of the body; static storage */
	struct buf headers; /* further header lines, each with its CRLF */
	struct buf body;
	struct server_later later; /* next NULL: this is all */
	/* The body instead: of file, file_size bytes from file_at on. It is
	 * the server's to close, and read as the client takes it. */
	bool filed;
	int file;
	size_t file_at;
	size_t file_size;
};

typedef void server_fn(void *ctx, const struct server_request *request,
    struct server_answer *answer);

/* How a body is taken: file is -1, into memory, or an empty file that takes
 * it, which the server closes; wanted, of static storage, is given to handle
 * with the request. */
struct server_taking {
	int file;
	const void *wanted;
};

/* Asked before a body is taken: 0 and how, or the status that refuses it. */
typedef int server_admit_fn(void *ctx, const struct server_request *request,
    struct server_taking *taking);

/* What is served: any other path is 404, any other method 405, any other
 * content type 415, before the body. type NULL: not looked at. */
struct server_route {
	const char *method;
	const char *path;
	const char *type;
};

/* 0 takes the number behind it. */
struct server_limits {
	size_t body_max;   /* 0: no bodies */
	size_t body_total; /* 0: twice body_max */
	int files;	   /* 4: bodies that come into files, at a time */
	int connections;   /* 256; then the oldest handshake gives way */
	int per_peer;	   /* 8 */
	int handshake_ms;  /* 5,000, absolute */
	int head_ms;	   /* 10,000, absolute, from its first byte */
	int idle_ms;	   /* 75,000 between requests */
};

struct server_config {
	const char *process; /* name in log lines */
	const char *keys;    /* folder of node.key and node.crt */
	tls_known_fn *known; /* NULL: no client certificate */
	bool ask;	     /* known NULL: who has a certificate may show it */
	const struct server_route *routes; /* method NULL ends; NULL: all */
	server_fn *handle;
	server_admit_fn *admit; /* or NULL: all, into memory */
	server_fn *refuse; /* adds to an answer whose status refuses a request
			    * before its body; or NULL: it has none */
	void *ctx;	   /* of known, handle, admit and refuse */
	struct server_limits limits;
};

struct server;

/* Serves on fd (listen.h), which it takes over, in base, which is the
 * caller's and outlives it. config's strings and routes must outlive it. */
CHECKED enum err_class server_new(const struct server_config *config,
    struct event_base *base, int fd, struct server **out, struct err *e);

/* Closes all connections and the socket. */
void server_free(struct server *s);

/* Connections open now. */
int server_connections(const struct server *s);

#endif
