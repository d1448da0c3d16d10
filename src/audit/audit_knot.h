/*
 * audit_knot.h — knots: the signed heads of all lanes, own ones and those
 * that peers have sent us to keep. Who changes a log later, and all its
 * chain after it, cannot change the knots that others keep.
 *
 * Signing is done above (exchange/keys.h), outside a transaction: due and
 * heads are read, the heads signed, and the knot is put. An entry added in
 * between is in the next knot.
 */
#ifndef SHOKAI_AUDIT_AUDIT_KNOT_H
#define SHOKAI_AUDIT_AUDIT_KNOT_H

#include "audit/audit.h"

/* Is there an entry behind the newest knot of signer (our own code), and is
 * that knot at least interval_us old? *no: the number of the next knot. */
CHECKED enum err_class audit_knot_due(struct store_tx *tx, const char *signer,
    int64_t now_us, int64_t interval_us, bool *due, int64_t *no, struct err *e);

/* Keeps an own knot; *kept false: another process has put this number
 * already, whose knot stands. */
CHECKED enum err_class audit_knot_put(struct store_tx *tx, const char *signer,
    int64_t no, int64_t at_us, struct bytes signed_heads, bool *kept,
    struct err *e);

/*
 * Keeps a peer's knot, whose signature and code the caller has verified. The
 * same again changes nothing. Other bytes under a number we have: the first
 * stands, and *differs says so (that peer shows two histories, or was
 * restored: a person looks).
 */
CHECKED enum err_class audit_knot_keep(struct store_tx *tx, const char *signer,
    int64_t no, int64_t at_us, struct bytes signed_heads, bool *differs,
    struct err *e);

/* The newest knot of signer; signed_heads is appended to. */
CHECKED enum err_class audit_knot_newest(struct store_tx *tx,
    const char *signer, bool *found, int64_t *no, struct buf *signed_heads,
    struct err *e);

/* All knots, by signer and number. The texts live until each returns. */
struct audit_knot {
	struct text signer;
	int64_t no;
	int64_t at_us;
	struct bytes signed_heads;
};
CHECKED enum err_class audit_knot_all(struct store_tx *tx,
    enum err_class (*each)(
	void *ctx, const struct audit_knot *knot, struct err *e),
    void *ctx, struct err *e);

#endif
