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
#define GATE_MESSAGE_MAX ((size_t)64 << 20) /* of one payload */
#define GATE_HEADER_MAX ((size_t)8 << 10)   /* of one signed header */

/* The last two are the gate's own: zero at the beginning. */
struct gate {
	const struct node *node;
	const struct keys *keys;
	struct store *store;
	struct random_source random;
	struct peers *peers; /* loaded again when the stamp has changed */
	char stamp[PEERS_STAMP];
};
void gate_fini(struct gate *g); /* frees what is its own */

/*
 * Each message is looked at in this order: size (330), header (200), origin
 * known (300) and in force (312), signature (313), payload digest (200), kind
 * allowed to the sending hop (310), recipient us or routed on, not back to
 * where it came from (301), already here (first receipt, or 201), expired
 * (204). A repeat is recognised before expiry: its first receipt stays true
 * (E2). A refused message is not stored; the group that refuses it is, when
 * it proves something (201), in one of GATE_PROOFS places per sender.
 */
#define GATE_PROOFS 64

/* sender: fingerprint of the TLS client's certificate. ERR_DENIED: no longer
 * a peer, or not in force (the server closes the connection without an
 * answer). ERR_INPUT: the frame itself is broken (HTTP 400). ERR_LIMIT: body
 * over GATE_BODY_MAX (HTTP 413). ERR_BUSY,
 * ERR_UNSURE: HTTP 503 (asked again, each message is found once). Else out
 * holds the answer. *stored: how many are new (wake work). */
CHECKED enum err_class gate_receive(struct gate *g, struct digest sender,
    struct bytes body, int64_t now_us, struct buf *out, size_t *stored,
    struct err *e);

/* The frame: used by the sender too. One block; a message, which is two. */
void gate_frame_block(struct buf *out, struct bytes block);
void gate_frame_put(struct buf *out, struct bytes header, struct bytes payload);
/* Takes one u32-counted block off in; false if it is short or over max (in is
 * then as it was). */
bool gate_frame_take(struct bytes *in, size_t max, struct bytes *out);

#endif
