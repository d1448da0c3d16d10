/* message.c — see message.h. */
#include "exchange/message.h"

#include "base/clock.h"
#include "exchange/gate.h"
#include "exchange/step_tally.h"

#include <jansson.h>
#include <stdlib.h>

static enum err_class malformed(struct err *e)
{
	return err_set(e, ERR_INPUT, "message.malformed",
	    "電文が見出しと合いません",
	    "the message is not what its header says");
}

static void digest_message(struct message *m)
{
	struct bytes both[] = {m->header, m->payload};

	digest_hex(digest_of(both, 2), m->digest);
}

/* What the header says, inside the seal: who cannot open a payload cannot
 * put it under a header of their own (S2). */
static json_t *inner_header(const struct header *h)
{
	json_t *j = json_pack("{ss ss ss ss ss ss ss sI sI}", "approval",
	    h->approval, "authority", h->authority, "file", h->file, "id",
	    h->id, "institution", h->institution, "kind",
	    header_kind_name(h->kind), "origin", h->origin, "records",
	    (json_int_t)h->records, "wave", (json_int_t)h->wave);

	if (j == NULL)
		abort();
	return j;
}

static enum err_class readers_of(const struct keys *keys,
    const struct peers *peers, const struct header *h,
    const struct certificate **readers, struct err *e)
{
	for (size_t i = 0; i < h->reader_count; i++) {
		const struct peer *p = peers_of(peers, h->readers[i]);

		if (strcmp(h->readers[i], h->origin) == 0) {
			readers[i] = keys_certificate(keys);
		} else if (p != NULL) {
			readers[i] = p->certificate;
		} else {
			err_set(e, ERR_INPUT, "message.unknown_recipient",
			    "宛先が接続先の表にありません",
			    "the reader is not in the peer table");
			return err_detail(e, "%s", h->readers[i]);
		}
	}
	if (h->reader_count == 0)
		return err_set(e, ERR_INPUT, "message.unknown_recipient",
		    "宛先がありません", "the message has no reader");
	return ERR_NONE;
}

static enum err_class seal(const struct header *h,
    const struct certificate *const *readers, const struct content *c,
    struct buf *out, struct err *e)
{
	struct content inside = *c;
	struct buf packed = {0};
	size_t total = 0;
	enum err_class class;

	for (size_t i = 0; i < c->part_count; i++)
		total += c->part[i].bytes.n;
	if (total > CONTENT_MAX)
		return err_set(e, ERR_LIMIT, "message.too_large",
		    "電文が大きすぎます", "the message is too large");
	inside.meta = c->meta ? json_copy(c->meta) : json_object();
	if (json_object_set_new(inside.meta, "header", inner_header(h)) != 0)
		abort();
	content_pack(&inside, &packed);
	json_decref(inside.meta);
	class =
	    keys_close(readers, h->reader_count, buf_bytes(&packed), out, e);
	buf_fini(&packed);
	if (class == ERR_NONE && out->n > GATE_MESSAGE_MAX)
		class = err_set(e, ERR_LIMIT, "message.too_large",
		    "電文が大きすぎます", "the message is too large");
	return class;
}

/* E2: the id is chosen here, once. */
static void begin(struct header *h, const char *own_code, int64_t now_us,
    const struct random_source *random)
{
	unsigned char id[(HEADER_ID - 1) / 2];

	random->fill(random->ctx, id, sizeof(id));
	bytes_hex(id, sizeof(id), h->id);
	(void)memset(h->origin, 0, sizeof(h->origin));
	(void)strncpy(h->origin, own_code, sizeof(h->origin) - 1);
	h->created_us = now_us;
}

/* A header that our own gate would refuse never leaves. */
static enum err_class write_header(
    const struct header *h, struct buf *json, struct err *e)
{
	struct header again;

	header_write(h, json);
	return header_read(buf_bytes(json), &again, e);
}

enum err_class message_make(const struct keys *keys, const struct peers *peers,
    const char *own_code, struct header *h, const struct content *c,
    int64_t now_us, const struct random_source *random, struct arena *a,
    struct message *out, struct err *e)
{
	const struct certificate *readers[HEADER_READERS];
	struct buf payload = {0};
	struct buf json = {0};
	struct buf signed_header = {0};
	enum err_class class;

	begin(h, own_code, now_us, random);
	class = readers_of(keys, peers, h, readers, e);
	if (class == ERR_NONE)
		class = seal(h, readers, c, &payload, e);
	if (class == ERR_NONE) {
		digest_hex(digest_one(buf_bytes(&payload)), h->payload);
		class = write_header(h, &json, e);
	}
	if (class == ERR_NONE)
		class = keys_sign(keys, buf_bytes(&json), &signed_header, e);
	if (class == ERR_NONE) {
		*out = (struct message){.h = *h};
		out->header = bytes_dup(a, buf_bytes(&signed_header));
		out->payload = bytes_dup(a, buf_bytes(&payload));
		digest_message(out);
	}
	buf_fini(&payload);
	buf_fini(&json);
	buf_fini(&signed_header);
	return class;
}

static enum err_class verify(
    const struct peers *peers, const struct message *m, struct err *e)
{
	const struct peer *origin = peers_of(peers, m->h.origin);
	struct buf content = {0};
	enum err_class c;

	if (origin == NULL)
		return err_set(e, ERR_DENIED, "message.unknown_sender",
		    "発信元が接続先の表にありません",
		    "the origin is not in the peer table");
	c = peers_verify(origin, m->header, &content, e);
	buf_fini(&content);
	return c;
}

enum err_class message_check(const struct peers *peers, struct bytes header,
    struct bytes payload, struct message *out, struct err *e)
{
	char digest[DIGEST_TEXT];
	struct bytes json;

	*out = (struct message){.header = header, .payload = payload};
	digest_message(out);
	TRY(keys_peek(header, &json, e));
	TRY(header_read(json, &out->h, e));
	TRY(verify(peers, out, e));
	digest_hex(digest_one(payload), digest);
	if (strcmp(digest, out->h.payload) != 0)
		return malformed(e);
	return ERR_NONE;
}

enum err_class message_open(const struct keys *keys, const struct message *m,
    struct arena *a, struct content *out, struct err *e)
{
	struct buf packed = {0};
	enum err_class c;
	json_t *expected;

	*out = (struct content){0};
	if (m->payload.n == 0)
		return err_set(e, ERR_INPUT, "message.dropped",
		    "電文の中身は削除されています",
		    "the message's payload has been dropped");
	c = keys_open(keys, m->payload, CONTENT_MAX, &packed, e);
	if (c == ERR_NONE)
		c = content_unpack(buf_bytes(&packed), a, out, e);
	buf_fini(&packed);
	TRY(c);
	expected = inner_header(&m->h);
	if (!json_equal(json_object_get(out->meta, "header"), expected)) {
		content_fini(out);
		c = err_set(e, ERR_DENIED, "message.bad_signature",
		    "電文の中身が署名された見出しと合いません",
		    "content and signed header disagree");
	}
	json_decref(expected);
	return c;
}

enum err_class message_keep(
    struct store_tx *tx, const struct message *m, struct err *e)
{
	const struct header *h = &m->h;

	return STORE_DO(tx, STMT_MESSAGE_ADD, e, store_z(h->id),
	    store_z(header_kind_name(h->kind)), store_z(h->origin),
	    store_z(h->to), store_z(h->authority), store_int(h->wave),
	    store_z(h->institution), store_z(h->file), store_int(h->records),
	    store_z(m->digest), store_int(h->created_us),
	    store_int(h->expires_us), store_blob(m->header),
	    store_blob(m->payload));
}

enum err_class message_forward(struct store_tx *tx, const struct message *m,
    const char *next_hop, const char *hub, int step, int64_t now_us,
    struct err *e)
{
	return STORE_DO(tx, STMT_OUTBOX_ADD, e, store_z(m->h.id),
	    store_z(next_hop), store_int(now_us), store_z(hub),
	    store_int(step));
}

enum err_class message_send(struct store_tx *tx, const struct message *m,
    const char *next_hop, const char *hub, int step, int64_t now_us,
    struct err *e)
{
	TRY(message_keep(tx, m, e));
	return message_forward(tx, m, next_hop, hub, step, now_us, e);
}

static enum err_class row_header(
    struct bytes signed_header, struct header *out, struct err *e)
{
	struct bytes json;

	TRY(keys_peek(signed_header, &json, e));
	return header_read(json, out, e);
}

static enum err_class row_message(
    struct store_rows *r, struct arena *a, struct message *out, struct err *e)
{
	struct text digest = store_get_text(r, 2);

	*out = (struct message){.header = bytes_dup(a, store_get_blob(r, 0))};
	if (!store_get_null(r, 1))
		out->payload = bytes_dup(a, store_get_blob(r, 1));
	if (digest.n >= sizeof(out->digest))
		return malformed(e);
	memcpy(out->digest, digest.p, digest.n);
	return row_header(out->header, &out->h, e);
}

/* The answer of store_one. */
static enum err_class take(struct store_rows *r, bool found, struct arena *a,
    struct message *out, struct err *e)
{
	enum err_class c = found ? row_message(r, a, out, e) : ERR_NONE;

	store_rows_close(r);
	return c;
}

enum err_class message_load(struct store_tx *tx, const char *id,
    struct arena *a, struct message *out, bool *found, struct err *e)
{
	struct store_rows *r;

	*out = (struct message){0};
	TRY(store_one(
	    tx, STMT_MESSAGE_GET, STORE_VALUES(store_z(id)), &r, found, e));
	return take(r, *found, a, out, e);
}

enum err_class message_head(struct store_tx *tx, const char *id,
    struct header *out, bool *found, struct err *e)
{
	struct store_rows *r;
	enum err_class c = ERR_NONE;

	TRY(store_one(
	    tx, STMT_MESSAGE_HEAD, STORE_VALUES(store_z(id)), &r, found, e));
	if (*found)
		c = row_header(store_get_blob(r, 0), out, e);
	store_rows_close(r);
	return c;
}

enum err_class message_waiting(struct store_tx *tx, const char *id,
    struct arena *a, struct message *out, bool *found, struct err *e)
{
	struct store_rows *r;

	*out = (struct message){0};
	TRY(store_one(
	    tx, STMT_INBOX_GET, STORE_VALUES(store_z(id)), &r, found, e));
	return take(r, *found, a, out, e);
}

enum err_class message_step(
    struct store_tx *tx, const struct step *s, struct err *e)
{
	int64_t added;

	TRY(store_do(tx, STMT_STEP_ADD,
	    STORE_VALUES(store_z(s->authority), store_int(s->wave),
		store_z(s->file), store_z(s->hub), store_int(s->no),
		store_z(s->party), store_int(s->at_us), store_int(s->inquiries),
		store_z(s->signed_by)),
	    &added, e));
	return step_tally_add(tx, s, 1, added, e);
}

enum err_class message_steps(struct store_tx *tx, struct arena *a,
    const struct step *s, size_t n, struct err *e)
{
	struct store_value *v = arena_take(a, (6 * n + 3) * sizeof(*v));
	struct store_value *same = v + 6 * n;
	const struct store_column columns[] = {{.same = true, .v = &same[0]},
	    {.v = v}, {.v = v + n}, {.v = v + 2 * n}, {.v = v + 3 * n},
	    {.same = true, .v = &same[1]}, {.v = v + 4 * n}, {.v = v + 5 * n},
	    {.same = true, .v = &same[2]}};
	int64_t added;

	if (n == 0)
		return ERR_NONE;
	same[0] = store_z(s->authority);
	same[1] = store_z(s->party);
	same[2] = store_z(s->signed_by);
	for (size_t i = 0; i < n; i++) {
		v[i] = store_int(s[i].wave);
		v[n + i] = store_z(s[i].file);
		v[2 * n + i] = store_z(s[i].hub);
		v[3 * n + i] = store_int(s[i].no);
		v[4 * n + i] = store_int(s[i].at_us);
		v[5 * n + i] = store_int(s[i].inquiries);
	}
	TRY(store_each(tx, STMT_STEP_ADD, columns, 9, n, &added, e));
	return step_tally_add(tx, s, n, added, e);
}
