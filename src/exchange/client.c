/*
 * client.c — see client.h.
 *
 * In TLS 1.3 a client has finished its handshake before the server judges its
 * certificate: a peer that does not know us shows itself only as a connection
 * lost after it. It is tried again like any other failure, and the operator is
 * told once a minute.
 */
#include "exchange/client.h"

#include "base/clock.h"
#include "base/log.h"
#include "exchange/tls.h"

#include <curl/curl.h>
#include <stdlib.h>

#define CONNECT_MS 5000L
#define BASE_MS 30000L /* of a delivery; on top of its size over SLOWEST */
#define SLOWEST 65536
#define NOTE_US (60 * CLOCK_SECOND)
#define KEPT 256L /* connections kept open for the next delivery */
/* Taken of a body at a time: the transfer moves on once a round of work, which
 * may be a whole file's conversion long. */
#define PIECE (512L << 10)

/* One peer's way: it lives as long as the client. */
struct way {
	struct client *client;
	struct way *next;
	char peer[NODE_CODE];
	struct digest pinned[1 + PEERS_PINS]; /* the present one first */
	size_t pinned_count;
	struct tls_pin pin;
	bool strange; /* it showed another certificate */
	CURL *easy;
	bool busy;
	bool failed; /* the last delivery: do not use its connection again */
	struct delivery delivery;
	struct buf answer;
	int64_t noted_us;
	char error[CURL_ERROR_SIZE];
};

struct client {
	const char *process;
	const char *certificate;
	const char *key;
	CURLM *multi;
	struct curl_slist *headers;
	struct way *first;
	struct arena arena;
};

static bool is_pinned(void *ctx, struct digest fingerprint)
{
	struct way *w = ctx;

	w->strange = true;
	for (size_t i = 0; i < w->pinned_count; i++)
		if (digest_eq(fingerprint, w->pinned[i]))
			w->strange = false;
	return !w->strange;
}

static CURLcode on_context(CURL *easy, void *ssl_ctx, void *arg)
{
	struct way *w = arg;

	(void)easy;
	tls_pin(ssl_ctx, &w->pin);
	return CURLE_OK;
}

/* Before the request leaves: is the other end of this connection, which may
 * be an older one, the peer as pinned now? */
static int on_ready(void *arg, char *ip, char *own_ip, int port, int own_port)
{
	struct way *w = arg;
	struct curl_tlssessioninfo *tls = NULL;
	struct digest fingerprint;

	(void)ip;
	(void)own_ip;
	(void)port;
	(void)own_port;
	if (curl_easy_getinfo(w->easy, CURLINFO_TLS_SSL_PTR, &tls) !=
		CURLE_OK ||
	    tls == NULL || tls->backend != CURLSSLBACKEND_OPENSSL ||
	    tls->internals == NULL ||
	    !tls_fingerprint(tls->internals, &fingerprint) ||
	    !is_pinned(w, fingerprint))
		return CURL_PREREQFUNC_ABORT;
	return CURL_PREREQFUNC_OK;
}

static size_t on_answer(char *p, size_t size, size_t n, void *arg)
{
	struct way *w = arg;

	n *= size;
	if (n > CLIENT_ANSWER_MAX - w->answer.n)
		return 0; /* F1: ends the transfer */
	buf_add(&w->answer, p, n);
	return n;
}

static struct way *way_of(struct client *c, const char *peer)
{
	for (struct way *w = c->first; w != NULL; w = w->next)
		if (strcmp(w->peer, peer) == 0)
			return w;
	return NULL;
}

/* What all deliveries of a way share. A setting that libcurl refuses is a
 * fault of ours: it ends the process (S1). */
static void settle(struct way *w)
{
	CURL *c = w->easy;
	bool ok = true;

#define SET(option, value)                                                     \
	(ok = curl_easy_setopt(c, CURLOPT_##option, (value)) == CURLE_OK && ok)
	SET(PRIVATE, w);
	SET(ERRORBUFFER, w->error);
	SET(NOSIGNAL, 1L);
	SET(NOPROXY, "*");
	SET(PROXY, "");
	SET(FOLLOWLOCATION, 0L);
	SET(PROTOCOLS_STR, "https");
	SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(SSL_ENABLE_ALPN, 0L);
	SET(SSLVERSION,
	    (long)(CURL_SSLVERSION_TLSv1_3 | CURL_SSLVERSION_MAX_TLSv1_3));
	SET(SSLCERT, w->client->certificate);
	SET(SSLKEY, w->client->key);
	SET(SSL_VERIFYPEER, 1L);
	SET(SSL_VERIFYHOST, 0L); /* the pin says more than a name */
	SET(CAINFO, NULL);
	SET(CAPATH, NULL);
	SET(SSL_SESSIONID_CACHE, 0L);
	SET(SSL_CTX_FUNCTION, on_context);
	SET(SSL_CTX_DATA, w);
	SET(PREREQFUNCTION, on_ready);
	SET(PREREQDATA, w);
	SET(TCP_NODELAY, 1L);
	SET(TCP_KEEPALIVE, 1L);
	SET(MAXAGE_CONN, 60L); /* less than a server keeps it */
	SET(CONNECTTIMEOUT_MS, CONNECT_MS);
	SET(UPLOAD_BUFFERSIZE, PIECE);
	SET(HTTPHEADER, w->client->headers);
	SET(POST, 1L);
	SET(WRITEFUNCTION, on_answer);
	SET(WRITEDATA, w);
#undef SET
	if (!ok)
		abort();
}

static struct way *new_way(struct client *c, const char *peer)
{
	struct way *w = arena_zero(&c->arena, 1, sizeof(*w));

	w->client = c;
	w->pin = (struct tls_pin){is_pinned, w};
	(void)snprintf(w->peer, sizeof(w->peer), "%s", peer);
	w->easy = curl_easy_init();
	if (w->easy == NULL)
		abort(); /* out of memory */
	settle(w);
	w->next = c->first;
	c->first = w;
	return w;
}

static bool client_busy(void *ctx, const char *peer)
{
	const struct way *w = way_of(ctx, peer);

	return w != NULL && w->busy;
}

/* "https://HOST:PORT" or with a '/' behind; a URL that has a path keeps it. */
static char *url_of(struct arena *a, const char *url)
{
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	return arena_printf(a, "%.*s" CLIENT_PATH, (int)n, url);
}

static void client_begin(void *ctx, const struct peer *peer, struct delivery *d)
{
	struct client *c = ctx;
	struct way *w = way_of(c, peer->code);
	struct arena a = {0};
	long ms = BASE_MS + (long)(d->body.n / SLOWEST * 1000);

	if (w == NULL)
		w = new_way(c, peer->code);
	w->pinned[0] = peer->fingerprint;
	w->pinned_count = 1 + peers_pins(peer, d->at_us, w->pinned + 1);
	w->strange = false;
	w->delivery = *d;
	*d = (struct delivery){0};
	buf_clear(&w->answer);
	w->busy = true;
	if (curl_easy_setopt(w->easy, CURLOPT_URL, url_of(&a, peer->url)) ||
	    curl_easy_setopt(w->easy, CURLOPT_POSTFIELDS, w->delivery.body.p) ||
	    curl_easy_setopt(w->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		(curl_off_t)w->delivery.body.n) ||
	    curl_easy_setopt(w->easy, CURLOPT_TIMEOUT_MS, ms) ||
	    curl_easy_setopt(w->easy, CURLOPT_FRESH_CONNECT, (long)w->failed) ||
	    curl_multi_add_handle(c->multi, w->easy) != CURLM_OK)
		abort(); /* out of memory */
	arena_fini(&a);
}

static void note(struct way *w, CURLcode code, long status)
{
	int64_t now = clock_monotonic();
	const char *process = w->client->process;

	if (w->noted_us != 0 && now - w->noted_us < NOTE_US)
		return;
	w->noted_us = now;
	if (w->strange)
		log_line(process,
		    "peer %s: its certificate is not the pinned "
		    "one; nothing was sent",
		    w->peer);
	else if (code == CURLE_OK)
		log_line(process, "peer %s: HTTP %ld", w->peer, status);
	else if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR ||
		 code == CURLE_SEND_ERROR || code == CURLE_SSL_CONNECT_ERROR)
		log_line(process,
		    "peer %s: connection lost; perhaps not in "
		    "their peer table",
		    w->peer);
	else
		log_line(process, "peer %s: not reached: %s", w->peer,
		    curl_easy_strerror(code));
}

static enum transport_result finish(
    struct way *w, CURLcode code, struct delivery *d, struct buf *answer)
{
	long status = 0;

	(void)curl_easy_getinfo(w->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_multi_remove_handle(w->client->multi, w->easy);
	w->failed = code != CURLE_OK || status != 200;
	w->busy = false;
	*d = w->delivery;
	w->delivery = (struct delivery){0};
	if (w->failed) {
		note(w, code, status);
		return TRANSPORT_FAILED;
	}
	*answer = w->answer;
	w->answer = (struct buf){0};
	return TRANSPORT_ANSWERED;
}

static enum transport_result client_take(
    void *ctx, struct delivery *d, struct buf *answer)
{
	struct client *c = ctx;
	CURLMsg *message;
	int left;

	(void)curl_multi_perform(c->multi, &left);
	while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
		CURLcode code = message->data.result;
		struct way *w = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		if (curl_easy_getinfo(
			message->easy_handle, CURLINFO_PRIVATE, &w) != CURLE_OK)
			abort();
		return finish(w, code, d, answer);
	}
	return TRANSPORT_NOTHING;
}

static void client_wait(void *ctx, int wake_fd, int ms)
{
	struct client *c = ctx;
	struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};

	(void)curl_multi_poll(c->multi, &wake, wake_fd >= 0, ms, NULL);
}

enum err_class client_new(
    const char *process, const char *keys, struct client **out, struct err *e)
{
	struct client *c = arena_xmalloc(sizeof(*c));

	memset(c, 0, sizeof(*c));
	*out = NULL;
	c->process = process;
	c->certificate = arena_printf(&c->arena, "%s/node.crt", keys);
	c->key = arena_printf(&c->arena, "%s/node.key", keys);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (c->multi = curl_multi_init()) == NULL ||
	    /* Else libcurl keeps four for each delivery under way. */
	    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, KEPT) !=
		CURLM_OK) {
		(void)curl_multi_cleanup(c->multi);
		arena_fini(&c->arena);
		free(c);
		return err_set(e, ERR_FAULT, "fault",
		    "HTTPS の準備に失敗しました", "HTTPS cannot be set up");
	}
	/* No "Expect": the first refusal ends the delivery anyway. */
	c->headers = curl_slist_append(NULL, "Content-Type: " CLIENT_TYPE);
	c->headers = curl_slist_append(c->headers, "Accept: " CLIENT_TYPE);
	c->headers = curl_slist_append(c->headers, "Expect:");
	if (c->headers == NULL)
		abort(); /* out of memory */
	*out = c;
	return ERR_NONE;
}

void client_free(struct client *c)
{
	if (c == NULL)
		return;
	for (struct way *w = c->first; w != NULL; w = w->next) {
		if (w->busy)
			(void)curl_multi_remove_handle(c->multi, w->easy);
		curl_easy_cleanup(w->easy);
		delivery_fini(&w->delivery);
		buf_fini(&w->answer);
	}
	(void)curl_multi_cleanup(c->multi);
	curl_slist_free_all(c->headers);
	arena_fini(&c->arena);
	free(c);
}

struct transport client_transport(struct client *c)
{
	return (struct transport){
	    .ctx = c,
	    .busy = client_busy,
	    .begin = client_begin,
	    .take = client_take,
	    .wait = client_wait,
	};
}
