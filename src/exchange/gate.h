/*
 * gate.h — the receiving side as a step function: bytes in, bytes out; no
 * socket, clock or randomness of its own (DESIGN §3).
 *
 * On the wire (POST /v1/messages): a batch of 1…32 messages, each u32 n and
 * header, u32 n and payload (big endian); answered by one or more signed
 * receipt groups, each u32 n and CMS. Everything new of one batch is stored
 * in one transaction, and its receipts are signed as one group: they leave
 * only after the commit (E1). A message already stored gets its first group
 * again, byte for byte (E2); the same id with other content gets 201.
 */
#ifndef SHOKAI_EXCHANGE_GATE_H
#define SHOKAI_EXCHANGE_GATE_H

#include "audit/audit.h"
#include "exchange/keys.h"
#include "exchange/message.h"
#include "exchange/node.h"
#include "exchange/peers.h"

#define GATE_BATCH 32
#define GATE_BODY_MAX ((size_t)96 << 20)
#define GATE_MESSAGE_MAX ((size_t)64 << 20)

struct gate {
	const struct node *node;
	const struct keys *keys;
	struct store *store;
	struct random_source random;
};

/* sender: fingerprint of the TLS client's certificate. ERR_DENIED: no longer
 * a peer, or not in force (the server closes the connection without an
 * answer). ERR_INPUT: the frame itself is broken (HTTP 400). ERR_BUSY: HTTP
 * 503. Else out holds the answer. *stored: how many are new (wake work). */
CHECKED enum err_class gate_receive(struct gate *g, struct digest sender,
    struct bytes body, int64_t now_us, struct buf *out, size_t *stored,
    struct err *e);

/* The frame: used by the sender too. */
void gate_frame_put(struct buf *out, struct bytes header, struct bytes payload);
/* Takes one u32-counted block off in; false if it is short or over max. */
bool gate_frame_take(struct bytes *in, size_t max, struct bytes *out);

#endif
