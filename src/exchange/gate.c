/*
 * gate.c — see gate.h. SECURITY: header and payload are hostile bytes. Until
 * the origin's signature has been verified nothing but lengths and the header
 * are read; the payload is never opened here.
 */
#include "exchange/gate.h"

#include "base/log.h"
#include "exchange/receipt.h"

#include <stdio.h>
#include <stdlib.h>

enum verdict { FRESH, REPEAT, REFUSED };

struct item {
	struct message m;
	enum verdict before; /* what could be said without the database */
	enum verdict verdict;
	int code;
};

struct batch {
	struct gate *gate;
	const struct peer *sender;
	int64_t now_us;
	struct item item[GATE_BATCH];
	size_t count;
	struct buf group;  /* the new group, signed; empty if there is none */
	struct buf answer; /* all groups, framed */
};

void gate_frame_block(struct buf *out, struct bytes block)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_byte(out, (unsigned char)(block.n >> shift));
	buf_add(out, block.p, block.n);
}

void gate_frame_put(struct buf *out, struct bytes header, struct bytes payload)
{
	gate_frame_block(out, header);
	gate_frame_block(out, payload);
}

bool gate_frame_take(struct bytes *in, size_t max, struct bytes *out)
{
	size_t n;

	if (in->n < 4)
		return false;
	n = (size_t)in->p[0] << 24 | (size_t)in->p[1] << 16 |
	    (size_t)in->p[2] << 8 | in->p[3];
	if (n > in->n - 4 || n > max)
		return false;
	*out = BYTES(in->p + 4, n);
	in->p += 4 + n;
	in->n -= 4 + n;
	return true;
}

void gate_fini(struct gate *g)
{
	peers_free(g->peers);
	g->peers = NULL;
	g->stamp[0] = '\0';
}

static enum err_class fresh_peers(struct store_tx *tx, void *arg, struct err *e)
{
	struct gate *g = arg;
	char stamp[PEERS_STAMP];

	TRY(peers_stamp(tx, stamp, e));
	if (g->peers != NULL && strcmp(stamp, g->stamp) == 0)
		return ERR_NONE;
	gate_fini(g);
	TRY(peers_load(tx, &g->peers, e));
	memcpy(g->stamp, stamp, sizeof(stamp));
	return ERR_NONE;
}

/* S1: the table is asked on each request, not at the handshake alone. */
static enum err_class find_sender(struct gate *g, struct digest fingerprint,
    int64_t now_us, const struct peer **out, struct err *e)
{
	TRY(store_read(g->store, fresh_peers, g, e));
	*out = peers_of_certificate(g->peers, fingerprint);
	if (*out == NULL)
		return err_set(e, ERR_DENIED, "message.unknown_sender",
		    "接続先の表にない証明書です",
		    "the certificate is not in the peer table");
	if (!peers_pinned(*out, fingerprint, now_us)) {
		err_set(e, ERR_DENIED, "message.bad_certificate",
		    "証明書か結合期間の期限の外です",
		    "outside the approved period or the certificate's dates");
		return err_detail(e, "%s", (*out)->code);
	}
	return ERR_NONE;
}

/* Too large to be looked at: named by its digest alone. */
static void measure(
    struct item *item, struct bytes header, struct bytes payload)
{
	struct bytes both[] = {header, payload};

	item->m = (struct message){.header = header, .payload = payload};
	digest_hex(digest_of(both, 2), item->m.digest);
}

static int judge_header(const struct batch *b, const struct header *h)
{
	const struct peers *peers = b->gate->peers;
	const struct peer *hop;

	if (!peers_in_force(peers_of(peers, h->origin), b->now_us))
		return RECEIPT_BAD_CERTIFICATE;
	if ((b->sender->kinds >> h->kind & 1) == 0)
		return RECEIPT_NOT_ALLOWED;
	if (strcmp(h->to, b->gate->node->code) == 0)
		return 0;
	/* Neither back to who brought it nor to who made it. */
	hop = peers_next_hop(peers, h->to);
	return hop == NULL || hop == b->sender ||
		       strcmp(hop->code, h->origin) == 0
		   ? RECEIPT_UNKNOWN_RECIPIENT
		   : 0;
}

/* Everything that needs no database; 0: nothing to object so far. */
static int judge(const struct batch *b, struct item *item, struct bytes header,
    struct bytes payload)
{
	struct err e;
	int code;

	if (header.n > GATE_HEADER_MAX || payload.n > GATE_MESSAGE_MAX) {
		measure(item, header, payload);
		return RECEIPT_TOO_LARGE;
	}
	if (message_check(b->gate->peers, header, payload, &item->m, &e) ==
	    ERR_NONE)
		return judge_header(b, &item->m.h);
	code = receipt_code_of(&e);
	return code ? code : RECEIPT_MALFORMED;
}

static enum err_class bad_frame(struct err *e)
{
	return err_set(e, ERR_INPUT, "message.malformed",
	    "送られた束の区切りが正しくありません",
	    "the batch is not framed as it should be");
}

static enum err_class take_batch(
    struct batch *b, struct bytes body, struct err *e)
{
	if (body.n > GATE_BODY_MAX)
		return err_set(e, ERR_LIMIT, "message.too_large",
		    "送られた束が大きすぎます", "the batch is too large");
	while (body.n != 0) {
		struct item *item = &b->item[b->count];
		struct bytes header;
		struct bytes payload;

		if (b->count == GATE_BATCH ||
		    !gate_frame_take(&body, SIZE_MAX, &header) ||
		    !gate_frame_take(&body, SIZE_MAX, &payload))
			return bad_frame(e);
		item->code = judge(b, item, header, payload);
		item->before = item->code ? REFUSED : FRESH;
		b->count++;
	}
	return b->count ? ERR_NONE : bad_frame(e);
}

static bool answered_already(const struct batch *b, struct bytes group)
{
	struct bytes rest = buf_bytes(&b->answer);
	struct bytes one;

	while (gate_frame_take(&rest, SIZE_MAX, &one))
		if (bytes_eq(one, group))
			return true;
	return false;
}

static void set(struct item *item, enum verdict verdict, int code)
{
	item->verdict = verdict;
	item->code = code;
}

/* E2: kept once; a repeat gets the first receipt again, byte for byte. */
static void recognise(
    struct batch *b, struct item *item, const struct store_rows *r)
{
	struct bytes group = store_get_blob(r, 2);

	if (!text_is(store_get_text(r, 0), item->m.digest) ||
	    store_get_null(r, 2)) {
		set(item, REFUSED, RECEIPT_DUPLICATE);
		return;
	}
	set(item, REPEAT, 0);
	if (!answered_already(b, group))
		gate_frame_block(&b->answer, group);
}

/* The same id earlier in this batch, not in the database yet. */
static const struct item *twin(const struct batch *b, const struct item *item)
{
	for (const struct item *i = b->item; i < item; i++)
		if (i->verdict == FRESH && strcmp(i->m.h.id, item->m.h.id) == 0)
			return i;
	return NULL;
}

static enum err_class look_up(
    struct batch *b, struct store_tx *tx, struct item *item, struct err *e)
{
	const struct item *other = twin(b, item);
	struct store_rows *r;
	bool found;

	set(item, item->before, item->before == REFUSED ? item->code : 0);
	if (item->before == REFUSED)
		return ERR_NONE;
	if (other != NULL) {
		if (strcmp(other->m.digest, item->m.digest) == 0)
			set(item, REPEAT, 0);
		else
			set(item, REFUSED, RECEIPT_DUPLICATE);
		return ERR_NONE;
	}
	TRY(store_one(tx, STMT_MESSAGE_KNOWN,
	    STORE_VALUES(store_z(item->m.h.id)), &r, &found, e));
	if (found)
		recognise(b, item, r);
	else if (item->m.h.expires_us < b->now_us)
		set(item, REFUSED, RECEIPT_EXPIRED);
	else
		set(item, FRESH, RECEIPT_ACCEPTED);
	store_rows_close(r);
	return ERR_NONE;
}

/* One signed list of all that is answered for the first time. */
static enum err_class sign_group(struct batch *b, struct err *e)
{
	struct buf lines = {0};
	enum err_class c = ERR_NONE;

	buf_clear(&b->group);
	for (size_t i = 0; i < b->count; i++) {
		const struct item *item = &b->item[i];
		struct receipt r = {.code = item->code, .time_us = b->now_us};

		if (item->verdict == REPEAT)
			continue;
		memcpy(r.id, item->m.h.id, sizeof(r.id));
		memcpy(r.digest, item->m.digest, sizeof(r.digest));
		memcpy(r.by, b->gate->node->code, sizeof(r.by));
		memcpy(r.to, b->sender->code, sizeof(r.to));
		receipt_put(&r, &lines);
	}
	if (lines.n != 0)
		c = keys_sign(b->gate->keys, buf_bytes(&lines), &b->group, e);
	buf_fini(&lines);
	return c;
}

static const struct item *first_of(const struct batch *b, int code)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->item[i].verdict != REPEAT && b->item[i].code == code)
			return &b->item[i];
	return NULL;
}

/* Kept: a group that accepts, under its digest; one that proves a 201 in a
 * bounded number of places, the first in each. */
static enum err_class keep_group(
    struct batch *b, struct store_tx *tx, char id[DIGEST_TEXT], struct err *e)
{
	const struct item *proof = first_of(b, RECEIPT_DUPLICATE);
	struct digest d = digest_one(buf_bytes(&b->group));

	digest_hex(d, id);
	if (first_of(b, RECEIPT_ACCEPTED) == NULL) {
		if (proof == NULL)
			return ERR_NONE;
		(void)snprintf(id, DIGEST_TEXT, "201-%s-%d", b->sender->code,
		    digest_one(text_bytes(text_z(proof->m.h.id))).b[0] %
			GATE_PROOFS);
	}
	return STORE_DO(tx, STMT_GROUP_ADD, e, store_z(id),
	    store_z(b->gate->node->code), store_int(b->now_us),
	    store_blob(buf_bytes(&b->group)));
}

static enum err_class keep_message(const struct batch *b, struct store_tx *tx,
    const struct message *m, const char *group, struct err *e)
{
	int64_t added;

	TRY(message_keep(tx, m, e));
	TRY(store_do(tx, STMT_INBOX_ADD,
	    STORE_VALUES(store_z(m->h.id), store_z(b->sender->code),
		store_int(b->now_us), store_z(group)),
	    &added, e));
	/* E2: another gate has stored it since it was looked for, from another
	 * sender: looked for again, it is a repeat. */
	return added == 1 ? ERR_NONE
			  : err_set(e, ERR_BUSY, "store.busy",
				"同じ電文を別のプロセスが受信しました",
				"another process has received this message");
}

/* S3: last in the transaction, one entry per message. */
static enum err_class log_message(const struct batch *b, struct store_tx *tx,
    const struct header *h, struct err *e)
{
	bool file = h->file[0] != '\0';
	struct audit_entry entry = {
	    .actor = "gate",
	    .action = "receive",
	    .kind = file ? "file" : "message",
	    .object = text_z(file ? h->file : h->id),
	    .authority = h->authority,
	    .purpose = header_kind_name(h->kind),
	    .records = h->records,
	};

	return audit_add(tx, &entry, b->now_us, &b->gate->random, e);
}

/* May run again after a busy database: begins from what was judged before. */
static enum err_class store_batch(struct store_tx *tx, void *arg, struct err *e)
{
	struct batch *b = arg;
	char group[DIGEST_TEXT] = "";

	buf_clear(&b->answer);
	for (size_t i = 0; i < b->count; i++)
		TRY(look_up(b, tx, &b->item[i], e));
	TRY(sign_group(b, e));
	if (b->group.n != 0)
		TRY(keep_group(b, tx, group, e));
	for (size_t i = 0; i < b->count; i++)
		if (b->item[i].verdict == FRESH)
			TRY(keep_message(b, tx, &b->item[i].m, group, e));
	for (size_t i = 0; i < b->count; i++)
		if (b->item[i].verdict == FRESH)
			TRY(log_message(b, tx, &b->item[i].m.h, e));
	return ERR_NONE;
}

/* All were refused before the database was asked: nothing to store. */
static enum err_class refuse_batch(struct batch *b, struct err *e)
{
	for (size_t i = 0; i < b->count; i++)
		set(&b->item[i], REFUSED, b->item[i].code);
	return sign_group(b, e);
}

static bool any_fresh(const struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->item[i].before == FRESH)
			return true;
	return false;
}

/* S5: ids, codes and numbers alone. */
static void tell(const struct batch *b, size_t *stored)
{
	*stored = 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct item *item = &b->item[i];

		if (item->verdict == FRESH)
			++*stored;
		else if (item->verdict == REFUSED)
			log_line("gate", "refused %d %s from %s id %s",
			    item->code, receipt_code_name(item->code),
			    b->sender->code, item->m.h.id);
	}
}

enum err_class gate_receive(struct gate *g, struct digest sender,
    struct bytes body, int64_t now_us, struct buf *out, size_t *stored,
    struct err *e)
{
	struct batch *b;
	enum err_class c;
	const struct peer *from;

	*stored = 0;
	TRY(find_sender(g, sender, now_us, &from, e));
	b = arena_xmalloc(sizeof(*b));
	memset(b, 0, sizeof(*b));
	b->gate = g;
	b->sender = from;
	b->now_us = now_us;
	c = take_batch(b, body, e);
	if (c == ERR_NONE)
		c = any_fresh(b)
			? store_run_key(g->store, from->code, store_batch, b, e)
			: refuse_batch(b, e);
	/* E1: nothing is in out before the commit has succeeded. */
	if (c == ERR_NONE) {
		tell(b, stored);
		buf_add(out, b->answer.p, b->answer.n);
		if (b->group.n != 0)
			gate_frame_block(out, buf_bytes(&b->group));
	}
	buf_fini(&b->group);
	buf_fini(&b->answer);
	free(b);
	return c;
}
