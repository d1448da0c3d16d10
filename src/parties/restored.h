/*
 * restored.h — a node that an older copy was put back into (docs/DESIGN.md
 * §3). It asks each neighbour, in a signed status without an authority, for
 * what it lost: all that the neighbour holds a receipt for since the copy was
 * made is sent again under its old ids (E2), then the neighbour answers. The
 * node takes in what comes, and makes nothing new before each has answered.
 *
 * What it makes anew of what it was sent again has new ids: the others know
 * it for a repeat by its name and contents, and do nothing twice.
 */
#ifndef SHOKAI_PARTIES_RESTORED_H
#define SHOKAI_PARTIES_RESTORED_H

#include "parties/party.h"

/* Clocks differ; a copy takes its time: so much more is sent again. */
#define RESTORED_SKEW (2 * 3600 * CLOCK_SECOND)
/* So long a file that is not known may be one that was lost. */
#define RESTORED_MEMORY (90 * CLOCK_DAY)

/* The copy is in place: asks each peer with an address, before the node is
 * served. What the copy had queued goes behind that. Repeated: asks again.
 * Needs keys and peers. *asked counts them. */
CHECKED enum err_class restored_ask(
    struct party_context *c, size_t *asked, struct err *e);

/* Goes on without a peer that does not answer. ERR_INPUT "peer.code". */
CHECKED enum err_class restored_without(
    struct party_context *c, const char *code, struct err *e);

/* When it was restored last (0: never), and whether it still waits for an
 * answer. */
struct restored_state {
	int64_t at_us;
	bool asking;
};
CHECKED enum err_class restored_look(
    struct store_tx *tx, struct restored_state *out, struct err *e);

/* ERR_BUSY "node.restored" as long as it still waits for one: nothing new
 * may be begun. */
CHECKED enum err_class restored_ready(struct store_tx *tx, struct err *e);

/* Is it a neighbour's asking, or its answer? */
bool restored_is(const struct party_context *c, const struct message *m);
CHECKED enum err_class restored_message(
    struct party_context *c, const struct message *m, struct err *e);

/* A word about a file that is not known here: ERR_BUSY "node.restored" where
 * the node was restored not long ago, for the file may still come. known asks
 * for the file by authority and name. */
CHECKED enum err_class restored_file(struct party_context *c,
    const struct message *m, enum store_statement known, struct err *e);

struct restored_peer {
	struct text code;
	int64_t point_us;
	int64_t asked_us;
	int64_t heard_us; /* 0: not yet */
	int64_t again;
};
CHECKED enum err_class restored_each(struct store_tx *tx,
    void (*row)(void *ctx, const struct restored_peer *p), void *ctx,
    struct err *e);

#endif
