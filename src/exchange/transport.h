/*
 * transport.h — what carries a delivery to a peer and its answer back: the
 * HTTPS client (client.h), the folder link (folder.h), or a simulator.
 */
#ifndef SHOKAI_EXCHANGE_TRANSPORT_H
#define SHOKAI_EXCHANGE_TRANSPORT_H

#include "exchange/delivery.h"

enum transport_result {
	TRANSPORT_NOTHING,  /* nothing has ended yet */
	TRANSPORT_ANSWERED, /* answer holds the peer's receipt groups */
	TRANSPORT_FAILED,   /* no answer: try again later */
};

struct transport {
	void *ctx;
	/* Is a delivery to that peer under way? (one at a time per peer) */
	bool (*busy)(void *ctx, const char *peer);
	/* Begins one; takes over d's buffers (d is then empty). Never blocks.
	 */
	void (*begin)(void *ctx, const struct peer *peer, struct delivery *d);
	/* One that has ended, with what it was; the caller finishes d and
	 * answer. Never blocks. */
	enum transport_result (*take)(
	    void *ctx, struct delivery *d, struct buf *answer);
	/* Waits at most ms for something to end, or for wake_fd to be
	 * readable (-1: none). */
	void (*wait)(void *ctx, int wake_fd, int ms);
};

#endif
