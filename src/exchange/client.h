/*
 * client.h — deliveries over HTTPS: struct transport on libcurl's multi
 * interface, with TLS 1.3, our certificate, and the peer's pinned one.
 *
 * The pin is checked in the handshake, and again on the connection at hand
 * before each request leaves: a kept connection is no older knowledge. Names,
 * authorities, proxies and redirects play no part. One delivery at a time per
 * peer; connections are kept. An answer is at most CLIENT_ANSWER_MAX bytes.
 */
#ifndef SHOKAI_EXCHANGE_CLIENT_H
#define SHOKAI_EXCHANGE_CLIENT_H

#include "exchange/transport.h"

#define CLIENT_ANSWER_MAX ((size_t)4 << 20)
#define CLIENT_PATH "/v1/messages"
#define CLIENT_TYPE "application/octet-stream"

struct client;

/* process: name in log lines; keys: folder of node.key and node.crt. The
 * strings must outlive it. */
CHECKED enum err_class client_new(
    const char *process, const char *keys, struct client **out, struct err *e);
void client_free(struct client *c);

/* The transport it is; valid until client_free. */
struct transport client_transport(struct client *c);

#endif
