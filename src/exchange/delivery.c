/* delivery.c — see delivery.h. */
#include "exchange/delivery.h"

#include "base/log.h"
#include "exchange/receipt.h"

#include <stdio.h>

#define GROUP_MAX ((size_t)64 * 1024) /* bytes of one signed group */
#define BODIES 8		      /* messages read at once */

enum outbox_state { OUTBOX_QUEUED, OUTBOX_ACCEPTED, OUTBOX_REFUSED };

struct collection {
	struct delivery *out;
	size_t max_bytes;
	int64_t now_us;
	int64_t expired[GATE_BATCH];
	size_t expired_count;
	size_t bytes;
};

static void copy(char *to, size_t room, struct text t)
{
	(void)snprintf(to, room, "%.*s", (int)t.n, t.p);
}

/* False if the batch is full. */
static bool collect_row(struct collection *c, const struct store_rows *r)
{
	struct delivery *d = c->out;
	int64_t seq = store_get_int(r, 0);
	size_t size = (size_t)(store_get_int(r, 4) + store_get_int(r, 5)) + 8;

	if (store_get_int(r, 3) < c->now_us || store_get_null(r, 5)) {
		c->expired[c->expired_count++] = seq;
		return true;
	}
	if (d->count > 0 && c->bytes + size > c->max_bytes)
		return false;
	c->bytes += size;
	d->item[d->count].seq = seq;
	copy(d->item[d->count].id, HEADER_ID, store_get_text(r, 1));
	copy(d->item[d->count].digest, DIGEST_TEXT, store_get_text(r, 2));
	d->count++;
	return true;
}

static enum err_class collect_list(
    struct store_tx *tx, struct collection *c, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_OUTBOX_DUE,
	    STORE_VALUES(store_z(c->out->peer), store_int(c->now_us),
		store_int(GATE_BATCH)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		if (!collect_row(c, r))
			break;
	store_rows_close(r);
	return class;
}

/* Of those from k on, in their order; each is there: the list is of the same
 * snapshot. */
static enum err_class collect_bodies(
    struct store_tx *tx, struct delivery *d, size_t k, struct err *e)
{
	size_t n = d->count - k < BODIES ? d->count - k : BODIES;
	struct store_value ids[BODIES];
	const struct store_column column = {.v = ids};
	struct store_rows *r;
	enum err_class class;
	bool more;

	for (size_t i = 0; i < n; i++)
		ids[i] = store_z(d->item[k + i].id);
	TRY(store_query_each(tx, STMT_MESSAGE_GET, &column, 1, n, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		gate_frame_put(
		    &d->body, store_get_blob(r, 0), store_get_blob(r, 1));
	store_rows_close(r);
	return class;
}

static enum err_class collect(struct store_tx *tx, void *arg, struct err *e)
{
	struct collection *c = arg;

	buf_clear(&c->out->body);
	c->out->count = 0;
	c->expired_count = 0;
	c->bytes = 0;
	TRY(collect_list(tx, c, e));
	for (size_t k = 0; k < c->out->count; k += BODIES)
		TRY(collect_bodies(tx, c->out, k, e));
	return ERR_NONE;
}

static enum err_class expire(struct store_tx *tx, void *arg, struct err *e)
{
	const struct collection *c = arg;

	for (size_t i = 0; i < c->expired_count; i++)
		TRY(STORE_DO(tx, STMT_OUTBOX_EXPIRE, e,
		    store_int(c->expired[i]), store_int(c->now_us)));
	return ERR_NONE;
}

static void claim_of(const char *peer, char out[32])
{
	(void)snprintf(out, 32, "deliver %s", peer);
}

bool delivery_claim(struct store *s, const char *peer)
{
	char claim[32];

	claim_of(peer, claim);
	return store_claim(s, claim);
}

void delivery_claim_back(struct store *s, const char *peer)
{
	char claim[32];

	claim_of(peer, claim);
	store_unclaim(s, claim);
}

enum err_class delivery_collect(struct store *s, const char *peer,
    size_t max_bytes, int64_t now_us, struct delivery *out, struct err *e)
{
	struct collection c = {
	    .out = out, .max_bytes = max_bytes, .now_us = now_us};
	enum err_class class;

	memset(out, 0, sizeof(*out));
	copy(out->peer, sizeof(out->peer), text_z(peer));
	out->at_us = now_us;
	do {
		class = store_read(s, collect, &c, e);
		if (class == ERR_NONE && c.expired_count > 0)
			class = store_run(s, expire, &c, e);
	} while (class == ERR_NONE && out->count == 0 && c.expired_count > 0);
	if (class != ERR_NONE)
		delivery_fini(out);
	return class;
}

/* What the peer's groups say, one line per message of the delivery. */
struct verdict {
	struct bytes group; /* p NULL: no valid receipt */
	int code;
};

/* What is entered of a delivery decides on rows for that peer alone. */
static void key_of(const char *peer, char out[32])
{
	(void)snprintf(out, 32, "to %s", peer);
}

struct answer {
	const struct delivery *d;
	const struct peer *peer;
	const char *own_code;
	int64_t now_us;
	struct verdict verdict[GATE_BATCH];
	size_t accepted;
};

/* That it is there (E1) the peer may have signed for another who brought the
 * same message before us: it answers with its first receipt (E2). */
static bool is_about(const struct receipt *r, const struct answer *a, size_t i)
{
	return strcmp(r->digest, a->d->item[i].digest) == 0 &&
	       (r->id[0] == '\0' || strcmp(r->id, a->d->item[i].id) == 0) &&
	       strcmp(r->by, a->d->peer) == 0 &&
	       (r->code == RECEIPT_ACCEPTED || strcmp(r->to, a->own_code) == 0);
}

static void note(
    struct answer *a, struct bytes group, const struct receipt *r, size_t n)
{
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < a->d->count; i++)
			if (is_about(&r[k], a, i) &&
			    a->verdict[i].group.p == NULL)
				a->verdict[i] =
				    (struct verdict){group, r[k].code};
}

/* Who signed is settled by the pinned certificates, before a line is read. */
static enum err_class read_group(
    struct answer *a, struct bytes group, struct err *e)
{
	struct receipt r[GATE_BATCH];
	struct buf lines = {0};
	enum err_class c;
	size_t n = 0;

	c = peers_verify(a->peer, group, &lines, e);
	if (c == ERR_NONE)
		c = receipt_parse(buf_bytes(&lines), r, GATE_BATCH, &n, e);
	if (c == ERR_NONE)
		note(a, group, r, n);
	buf_fini(&lines);
	return c;
}

static void read_answer(struct answer *a, struct bytes answer)
{
	struct bytes group;
	struct err e;

	for (size_t i = 0;
	     i < GATE_BATCH && gate_frame_take(&answer, GROUP_MAX, &group); i++)
		if (read_group(a, group, &e) != ERR_NONE)
			log_err("work", &e);
}

static bool may_be_mended(int code)
{
	return code == RECEIPT_UNKNOWN_SENDER || code == RECEIPT_NOT_ALLOWED ||
	       code == RECEIPT_BAD_CERTIFICATE;
}

/* A signature of a renewed certificate that they do not know yet is right
 * later; one that is wrong for another reason is not asked about for ever. */
static enum err_class may_be_renewed(struct store_tx *tx,
    const struct answer *a, int64_t seq, bool *out, struct err *e)
{
	struct store_rows *row;
	struct bytes json;
	struct header h;
	enum err_class c;

	TRY(store_one(
	    tx, STMT_OUTBOX_GET, STORE_VALUES(store_int(seq)), &row, out, e));
	c = *out ? keys_peek(store_get_blob(row, 4), &json, e) : ERR_NONE;
	if (c == ERR_NONE && *out)
		c = header_read(json, &h, e);
	*out =
	    *out && c == ERR_NONE && a->now_us - h.created_us <= PEERS_RENEWING;
	store_rows_close(row);
	return c;
}

static enum err_class record_step(struct store_tx *tx, const struct answer *a,
    const struct store_rows *row, struct err *e)
{
	struct header h;
	struct bytes json;
	char file[HEADER_FILE];
	char hub[NODE_CODE];
	struct step step = {
	    .file = file,
	    .hub = hub,
	    .no = (int)store_get_int(row, 3),
	    .party = a->own_code,
	    .at_us = a->now_us,
	    .signed_by = a->own_code,
	};

	if (step.no == 0)
		return ERR_NONE;
	TRY(keys_peek(store_get_blob(row, 4), &json, e));
	TRY(header_read(json, &h, e));
	copy(hub, sizeof(hub), store_get_text(row, 2));
	copy(file, sizeof(file), text_z(h.file));
	if (h.file[0] == '\0' && h.part > 0)
		(void)snprintf(file, sizeof(file), "part-%d", h.part);
	step.authority = h.authority;
	step.wave = h.wave;
	step.inquiries = h.records;
	return message_step(tx, &step, e);
}

/* E7: the step and the receipt that proves it commit together. */
static enum err_class accepted(struct store_tx *tx, struct answer *a,
    int64_t seq, const char *group, struct err *e)
{
	struct store_rows *row;
	enum err_class c = ERR_NONE;
	int64_t changed = 0;
	bool found;

	TRY(store_do(tx, STMT_OUTBOX_DONE,
	    STORE_VALUES(store_int(seq), store_int(OUTBOX_ACCEPTED),
		store_int(a->now_us), store_z(group),
		store_int(RECEIPT_ACCEPTED)),
	    &changed, e));
	if (changed == 0)
		return ERR_NONE; /* another worker was quicker */
	a->accepted++;
	TRY(store_one(tx, STMT_OUTBOX_GET, STORE_VALUES(store_int(seq)), &row,
	    &found, e));
	if (found)
		c = record_step(tx, a, row, e);
	store_rows_close(row);
	return c;
}

/* The group of message i; one that an earlier message is in is kept. */
static enum err_class keep_group(struct store_tx *tx, const struct answer *a,
    size_t i, char id[DIGEST_TEXT], struct err *e)
{
	struct bytes group = a->verdict[i].group;

	digest_hex(digest_one(group), id);
	for (size_t k = 0; k < i; k++)
		if (a->verdict[k].group.p == group.p)
			return ERR_NONE;
	return STORE_DO(tx, STMT_GROUP_ADD, e, store_z(id), store_z(a->d->peer),
	    store_int(a->now_us), store_blob(group));
}

/* Half of the delay at least, so that a peer that was down does not find
 * everybody at its door at once. */
static int64_t delay(int64_t attempts, uint32_t random)
{
	int64_t whole = DELIVERY_LONGEST;

	if (attempts < 9 && DELIVERY_FIRST << attempts < whole)
		whole = DELIVERY_FIRST << attempts;
	return whole / 2 + (int64_t)(random % (uint32_t)(whole / 2 + 1));
}

/* Where no randomness is at hand the row's number spreads the delays. */
static uint32_t spread(int64_t seq)
{
	return (uint32_t)((uint64_t)seq * 2654435761u);
}

static enum err_class again(struct store_tx *tx, int64_t seq, int64_t now_us,
    uint32_t random, struct err *e)
{
	struct store_rows *row;
	int64_t attempts;
	bool found;

	TRY(store_one(tx, STMT_OUTBOX_ATTEMPTS, STORE_VALUES(store_int(seq)),
	    &row, &found, e));
	attempts = found ? store_get_int(row, 0) : 0;
	store_rows_close(row);
	if (!found)
		return ERR_NONE;
	return STORE_DO(tx, STMT_OUTBOX_AGAIN, e, store_int(seq),
	    store_int(now_us + delay(attempts, random)));
}

static enum err_class settle(
    struct store_tx *tx, struct answer *a, size_t i, struct err *e)
{
	const struct verdict *v = &a->verdict[i];
	int64_t seq = a->d->item[i].seq;
	bool again_later = may_be_mended(v->code);
	char group[DIGEST_TEXT];

	if (v->group.p == NULL)
		return again(tx, seq, a->now_us, spread(seq), e);
	TRY(keep_group(tx, a, i, group, e));
	if (v->code == RECEIPT_ACCEPTED)
		return accepted(tx, a, seq, group, e);
	log_line("work", "refused %d %s by %s id %s", v->code,
	    receipt_code_name(v->code), a->d->peer, a->d->item[i].id);
	if (v->code == RECEIPT_BAD_SIGNATURE)
		TRY(may_be_renewed(tx, a, seq, &again_later, e));
	if (again_later)
		return STORE_DO(tx, STMT_OUTBOX_WAIT, e, store_int(seq),
		    store_int(a->now_us + delay(INT64_MAX, spread(seq))),
		    store_z(group), store_int(v->code));
	return STORE_DO(tx, STMT_OUTBOX_DONE, e, store_int(seq),
	    store_int(OUTBOX_REFUSED), store_int(a->now_us), store_z(group),
	    store_int(v->code));
}

static enum err_class settle_all(struct store_tx *tx, void *arg, struct err *e)
{
	struct answer *a = arg;

	a->accepted = 0;
	for (size_t i = 0; i < a->d->count; i++)
		TRY(settle(tx, a, i, e));
	return ERR_NONE;
}

enum err_class delivery_answer(struct store *s, const struct peers *peers,
    const char *own_code, const struct delivery *d, struct bytes answer,
    int64_t now_us, size_t *n, struct err *e)
{
	struct answer a = {
	    .d = d,
	    .peer = peers_of(peers, d->peer),
	    .own_code = own_code,
	    .now_us = now_us,
	};
	char key[32];

	*n = 0;
	if (a.peer != NULL)
		read_answer(&a, answer);
	key_of(d->peer, key);
	TRY(store_run_key(s, key, settle_all, &a, e));
	*n = a.accepted;
	return ERR_NONE;
}

struct failure {
	const struct delivery *d;
	int64_t now_us;
	const struct random_source *random;
};

static enum err_class postpone_all(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct failure *f = arg;

	for (size_t i = 0; i < f->d->count; i++) {
		uint32_t r;

		f->random->fill(f->random->ctx, &r, sizeof(r));
		TRY(again(tx, f->d->item[i].seq, f->now_us, r, e));
	}
	return ERR_NONE;
}

enum err_class delivery_failed(struct store *s, const struct delivery *d,
    int64_t now_us, const struct random_source *random, struct err *e)
{
	struct failure f = {d, now_us, random};
	char key[32];

	key_of(d->peer, key);
	return store_run_key(s, key, postpone_all, &f, e);
}

enum err_class delivery_due(struct store_tx *tx, const struct peers *peers,
    int64_t now_us, bool *due, struct err *e)
{
	size_t n = peers_count(peers);
	struct store_rows *r;
	enum err_class class;
	bool more;

	memset(due, 0, n * sizeof(*due));
	TRY(store_query(
	    tx, STMT_OUTBOX_DUE_TO, STORE_VALUES(store_int(now_us)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		for (size_t i = 0; i < n; i++)
			if (text_is(
				store_get_text(r, 0), peers_at(peers, i)->code))
				due[i] = true;
	store_rows_close(r);
	return class;
}

static enum err_class next_due(struct store_tx *tx, void *arg, struct err *e)
{
	int64_t *due_us = arg;
	struct store_rows *row;
	bool found;

	TRY(store_one(tx, STMT_OUTBOX_NEXT_DUE, NULL, 0, &row, &found, e));
	*due_us = INT64_MAX;
	if (found && !store_get_null(row, 0))
		*due_us = store_get_int(row, 0);
	store_rows_close(row);
	return ERR_NONE;
}

enum err_class delivery_next_due(
    struct store *s, int64_t *due_us, struct err *e)
{
	return store_read(s, next_due, due_us, e);
}

void delivery_fini(struct delivery *d)
{
	buf_fini(&d->body);
	d->count = 0;
}
