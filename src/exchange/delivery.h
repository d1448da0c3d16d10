/*
 * delivery.h — the sending side as a step function: which messages are due,
 * and what the answer of the peer changes. The transport (client.h, folder.h,
 * or a simulator) carries the bytes between.
 */
#ifndef SHOKAI_EXCHANGE_DELIVERY_H
#define SHOKAI_EXCHANGE_DELIVERY_H

#include "exchange/gate.h"

/* A batch for one peer, about to be sent. */
struct delivery {
	char peer[NODE_CODE];
	int64_t at_us;	 /* when it was collected */
	struct buf body; /* gate.h's frame */
	size_t count;
	struct {
		int64_t seq; /* outbox row */
		char id[HEADER_ID];
		char digest[DIGEST_TEXT];
	} item[GATE_BATCH];
};

/* One worker of a node at a time delivers to a peer: from before the
 * collecting until the answer is entered, or there is none to come. */
bool delivery_claim(struct store *s, const char *peer);
void delivery_claim_back(struct store *s, const char *peer);

/* Collects what is due for one peer, oldest first (count 0: nothing), up to
 * max_bytes but at least one. Marks messages past their expiry, and those
 * whose payload has been dropped, as expired. */
CHECKED enum err_class delivery_collect(struct store *s, const char *peer,
    size_t max_bytes, int64_t now_us, struct delivery *out, struct err *e);

/*
 * The peer's answer: verifies each group against its pinned certificate,
 * finds each message's line, commits receipts, outbox states and steps in
 * one transaction. A message without a valid receipt is tried again.
 * *accepted counts code 100.
 *
 * A line is a message's if it has its digest, its id (or none: the receiver
 * could not read it), names the peer as giver and us as taker. 100: accepted,
 * the step recorded in the same transaction (E7). 300, 310 and 312 say that
 * their peer table lacks something that may be put right: asked again every
 * DELIVERY_LONGEST until expiry, the receipt kept meanwhile. Every other code
 * is final: refused, code and receipt kept (201 too: the digest is ours, so
 * they hold something else under this id). step.file is the header's file, or
 * "part-N" for a part of subjects.
 */
#define DELIVERY_FIRST INT64_C(200000)	   /* us: 0.2 s */
#define DELIVERY_LONGEST INT64_C(60000000) /* us: 60 s */
CHECKED enum err_class delivery_answer(struct store *s,
    const struct peers *peers, const char *own_code, const struct delivery *d,
    struct bytes answer, int64_t now_us, size_t *accepted, struct err *e);

/* No answer: attempts + 1, due again after 0.2 s × 2^attempts, at most 60 s,
 * of which between a half and the whole is waited (jitter). */
CHECKED enum err_class delivery_failed(struct store *s,
    const struct delivery *d, int64_t now_us,
    const struct random_source *random, struct err *e);

/* To which of the peers something is due: due[i] is of peers_at(peers, i).
 * Asked before a claim is taken and a delivery collected, for most rounds
 * have nothing to deliver. */
CHECKED enum err_class delivery_due(struct store_tx *tx,
    const struct peers *peers, int64_t now_us, bool *due, struct err *e);

/* When the next message for any peer of the table is due (INT64_MAX: none). */
CHECKED enum err_class delivery_next_due(
    struct store *s, int64_t *due_us, struct err *e);

void delivery_fini(struct delivery *d);

#endif
