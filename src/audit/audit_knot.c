/* audit_knot.c — see audit_knot.h. */
#include "audit/audit_knot.h"

#include "base/clock.h"

/* Beside others a transaction may commit its entry so long after the entry's
 * own time (that of its step): a knot between the two does not hold it. */
#define BESIDE_US (120 * CLOCK_SECOND)

struct newest {
	bool any;
	int64_t at_us;
	int64_t lanes;
};

static enum err_class newest_of(
    struct store_tx *tx, int64_t lane, struct newest *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(
	    tx, STMT_AUDIT_LAST, STORE_VALUES(store_int(lane)), &r, &found, e));
	if (found && (!out->any || store_get_int(r, 2) > out->at_us))
		out->at_us = store_get_int(r, 2);
	out->any = out->any || found;
	out->lanes += found;
	store_rows_close(r);
	return ERR_NONE;
}

/* The time of the newest entry of all lanes. */
static enum err_class newest_entry(
    struct store_tx *tx, struct newest *out, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	*out = (struct newest){0};
	TRY(store_query(tx, STMT_AUDIT_LANES, NULL, 0, &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		c = newest_of(tx, store_get_int(r, 0), out, e);
		if (c != ERR_NONE)
			break;
	}
	store_rows_close(r);
	return c;
}

enum err_class audit_knot_due(struct store_tx *tx, const char *signer,
    int64_t now_us, int64_t interval_us, bool *due, int64_t *no, struct err *e)
{
	struct store_rows *r;
	struct newest newest;
	int64_t knot_us = 0;
	int64_t seen_us;
	bool found;

	*due = false;
	*no = 1;
	TRY(store_one(tx, STMT_AUDIT_KNOT_NEWEST, STORE_VALUES(store_z(signer)),
	    &r, &found, e));
	if (found) {
		*no = store_get_int(r, 0) + 1;
		knot_us = store_get_int(r, 1);
	}
	store_rows_close(r);
	TRY(newest_entry(tx, &newest, e));
	/* An entry of the knot's own time may have come after it. */
	seen_us = newest.at_us + (newest.lanes > 1 ? BESIDE_US : 0);
	*due =
	    newest.any &&
	    (!found || (seen_us >= knot_us && now_us - knot_us >= interval_us));
	return ERR_NONE;
}

enum err_class audit_knot_put(struct store_tx *tx, const char *signer,
    int64_t no, int64_t at_us, struct bytes signed_heads, bool *kept,
    struct err *e)
{
	int64_t changed;

	TRY(store_do(tx, STMT_AUDIT_KNOT_PUT,
	    STORE_VALUES(store_z(signer), store_int(no), store_int(at_us),
		store_blob(signed_heads)),
	    &changed, e));
	*kept = changed == 1;
	return ERR_NONE;
}

enum err_class audit_knot_keep(struct store_tx *tx, const char *signer,
    int64_t no, int64_t at_us, struct bytes signed_heads, bool *differs,
    struct err *e)
{
	struct store_rows *r;
	bool kept;
	bool found;

	*differs = false;
	TRY(audit_knot_put(tx, signer, no, at_us, signed_heads, &kept, e));
	if (kept)
		return ERR_NONE;
	TRY(store_one(tx, STMT_AUDIT_KNOT_GET,
	    STORE_VALUES(store_z(signer), store_int(no)), &r, &found, e));
	*differs = found && !bytes_eq(store_get_blob(r, 0), signed_heads);
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class audit_knot_newest(struct store_tx *tx, const char *signer,
    bool *found, int64_t *no, struct buf *signed_heads, struct err *e)
{
	struct store_rows *r;

	TRY(store_one(tx, STMT_AUDIT_KNOT_NEWEST, STORE_VALUES(store_z(signer)),
	    &r, found, e));
	if (*found) {
		struct bytes b = store_get_blob(r, 2);

		*no = store_get_int(r, 0);
		buf_add(signed_heads, b.p, b.n);
	}
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class audit_knot_all(struct store_tx *tx,
    enum err_class (*each)(
	void *ctx, const struct audit_knot *knot, struct err *e),
    void *ctx, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(tx, STMT_AUDIT_KNOTS, NULL, 0, &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		c = each(ctx,
		    &(const struct audit_knot){.signer = store_get_text(r, 0),
			.no = store_get_int(r, 1),
			.at_us = store_get_int(r, 2),
			.signed_heads = store_get_blob(r, 3)},
		    e);
		if (c != ERR_NONE)
			break;
	}
	store_rows_close(r);
	return c;
}
