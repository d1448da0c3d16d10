/* audit.c — see audit.h: entries, and the heads of the lanes. */
#include "audit/audit.h"

#include "audit/audit_link.h"
#include "base/clock.h"

#include <inttypes.h>

/* The last entry of a lane: seq 0 and a hash of zeros if it is empty. */
static enum err_class last_of(struct store_tx *tx, int64_t lane, int64_t *seq,
    struct digest *hash, struct err *e)
{
	struct store_rows *r;
	bool found;

	*seq = 0;
	*hash = (struct digest){{0}};
	TRY(store_one(
	    tx, STMT_AUDIT_LAST, STORE_VALUES(store_int(lane)), &r, &found, e));
	if (!found)
		return ERR_NONE;
	*seq = store_get_int(r, 0);
	/* A hash of another length is somebody's doing: audit_verify tells. */
	if (store_get_blob(r, 1).n == DIGEST_SIZE)
		memcpy(hash->b, store_get_blob(r, 1).p, DIGEST_SIZE);
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class check(const struct audit_entry *entry, struct err *e)
{
	if (strlen(entry->actor) <= AUDIT_TEXT_MAX &&
	    strlen(entry->action) <= AUDIT_TEXT_MAX &&
	    strlen(entry->kind) <= AUDIT_TEXT_MAX &&
	    strlen(entry->authority) <= AUDIT_TEXT_MAX &&
	    strlen(entry->purpose) <= AUDIT_TEXT_MAX &&
	    entry->object.n <= AUDIT_TEXT_MAX)
		return ERR_NONE;
	return err_set(e, ERR_FAULT, "audit.too_long",
	    "記録の文字列が長すぎます", "a text of the log is too long");
}

enum err_class audit_add(struct store_tx *tx, const struct audit_entry *entry,
    int64_t now_us, const struct random_source *random, struct err *e)
{
	const struct text texts[AUDIT_LINK_TEXTS] = {text_z(entry->kind),
	    entry->object, text_z(entry->authority), text_z(entry->purpose)};
	struct audit_link l = {.at_us = now_us,
	    .records = entry->records,
	    .actor = text_z(entry->actor),
	    .action = text_z(entry->action)};
	unsigned char salt[AUDIT_SALT];
	struct digest object;
	struct digest hash;

	TRY(check(entry, e));
	random->fill(random->ctx, salt, sizeof(salt));
	object = audit_link_object(BYTES(salt, sizeof(salt)), texts);
	l.object = BYTES(object.b, DIGEST_SIZE);
	TRY(store_lane(tx, &l.lane, e));
	TRY(last_of(tx, l.lane, &l.seq, &hash, e));
	l.seq++;
	hash = audit_link_hash(hash, &l);
	TRY(STORE_DO(tx, STMT_AUDIT_ADD, e, store_int(l.lane), store_int(l.seq),
	    store_int(l.at_us), store_text(l.actor), store_text(l.action),
	    store_int(l.records), store_blob(l.object),
	    store_blob(BYTES(hash.b, DIGEST_SIZE))));
	return STORE_DO(tx, STMT_AUDIT_ADD_OBJECT, e, store_int(l.lane),
	    store_int(l.seq), store_text(texts[0]), store_text(texts[1]),
	    store_text(texts[2]), store_text(texts[3]),
	    store_blob(BYTES(salt, sizeof(salt))));
}

static enum err_class add_lane(struct store_tx *tx, int64_t lane, bool first,
    struct buf *out, struct err *e)
{
	struct digest hash;
	char hex[DIGEST_TEXT];
	int64_t seq;

	TRY(last_of(tx, lane, &seq, &hash, e));
	digest_hex(hash, hex);
	buf_printf(out,
	    "%s{\"lane\":%" PRId64 ",\"seq\":%" PRId64 ",\"hash\":\"%s\"}",
	    first ? "" : ",", lane, seq, hex);
	return ERR_NONE;
}

/* code is [0-9A-Za-z-]: nothing in it needs escaping. */
enum err_class audit_heads(struct store_tx *tx, const char *code, int64_t no,
    int64_t now_us, struct buf *out, struct err *e)
{
	struct store_rows *r;
	char at[CLOCK_TEXT];
	enum err_class c;
	bool first = true;
	bool more;

	clock_format(now_us, at);
	buf_printf(out,
	    "{\"code\":\"%s\",\"no\":%" PRId64 ",\"at\":\"%s\",\"lanes\":[",
	    code, no, at);
	TRY(store_query(tx, STMT_AUDIT_LANES, NULL, 0, &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		c = add_lane(tx, store_get_int(r, 0), first, out, e);
		if (c != ERR_NONE)
			break;
		first = false;
	}
	store_rows_close(r);
	buf_z(out, "]}");
	return c;
}
