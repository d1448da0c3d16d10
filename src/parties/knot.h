/*
 * knot.h — ties the lanes of a node's linked log into signed knots and gives
 * them to others to keep (S3): in each status message, and from the ward, who
 * reports to nobody, to the unit.
 */
#ifndef SHOKAI_PARTIES_KNOT_H
#define SHOKAI_PARTIES_KNOT_H

#include "parties/party.h"

/* A knot is tied at most this often, and only behind new entries. */
#define KNOT_INTERVAL (60 * CLOCK_SECOND)

/* Ties a knot if one is due. */
CHECKED enum err_class knot_tie(struct party_context *c, struct err *e);

/*
 * Keeps the knot in a status' meta ("heads"), if it is one of the peer's own,
 * in the transaction of that message. A knot that differs from one kept is
 * said to the operator and does not replace it.
 */
CHECKED enum err_class knot_keep(struct store_tx *tx,
    const struct party_context *c, const struct peer *peer, const json_t *meta,
    struct err *e);

/*
 * audit_verify of this node's log, its own knots being found again in it, and
 * more heads that the caller has verified. c->keys may be NULL (then all
 * knots are unverified); watch may be NULL.
 */
struct knot_verified {
	struct audit_result log;
	int64_t unverified; /* own knots of a certificate that is not here */
};
CHECKED enum err_class knot_verify(struct party_context *c,
    const struct text *more, size_t n, const struct watch *watch,
    struct knot_verified *out, struct err *e);

/* The heads that an own knot signs, in c->arena; p NULL if it is not of a
 * certificate of ours. */
struct text knot_own_heads(struct party_context *c, struct bytes knot);

#endif
