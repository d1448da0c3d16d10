/* knot.c — see knot.h. */
#include "parties/knot.h"

#include "audit/audit_knot.h"
#include "base/base64.h"
#include "base/log.h"
#include "parties/status.h"

#define KNOT_MAX ((size_t)64 * 1024) /* bytes of a peer's knot */

struct tying {
	struct party_context *c;
	bool due;
	int64_t no;
	struct buf heads;
	struct buf knot;
	bool send;
	struct party_sending sending;
};

static enum err_class read_heads(struct store_tx *tx, void *arg, struct err *e)
{
	struct tying *t = arg;
	const char *code = t->c->node->code;

	TRY(audit_knot_due(
	    tx, code, t->c->now_us, KNOT_INTERVAL, &t->due, &t->no, e));
	if (!t->due)
		return ERR_NONE;
	return audit_heads(tx, code, t->no, t->c->now_us, &t->heads, e);
}

static enum err_class put_knot(struct store_tx *tx, void *arg, struct err *e)
{
	const struct tying *t = arg;
	bool kept;

	TRY(audit_knot_put(tx, t->c->node->code, t->no, t->c->now_us,
	    buf_bytes(&t->knot), &kept, e));
	if (!kept || !t->send)
		return ERR_NONE;
	return party_send(tx, &t->sending, t->c->now_us, e);
}

/* The ward has no status of its own: its knot goes to the unit alone. */
static enum err_class ward_status(struct tying *t, struct err *e)
{
	struct party_context *c = t->c;
	struct content content = {0};
	struct header h;
	enum err_class class;

	for (size_t i = 0; i < peers_count(c->peers); i++) {
		const struct peer *p = peers_at(c->peers, i);

		if (p->party != STORE_UNIT)
			continue;
		status_header(&h, c->node->code, p->code, c->now_us);
		content.meta = json_pack("{s:[],s:[],s:s}", "steps", "files",
		    "heads", base64_encode(c->arena, buf_bytes(&t->knot)));
		class = party_make(c, &h, &content, &t->sending, e);
		content_fini(&content);
		t->send = class == ERR_NONE;
		return class;
	}
	return ERR_NONE;
}

enum err_class knot_tie(struct party_context *c, struct err *e)
{
	struct tying t = {.c = c};
	enum err_class class = store_read(c->store, read_heads, &t, e);

	if (class == ERR_NONE && t.due)
		class = keys_sign(c->keys, buf_bytes(&t.heads), &t.knot, e);
	if (class == ERR_NONE && t.due && c->node->party == STORE_WARD)
		class = ward_status(&t, e);
	if (class == ERR_NONE && t.due)
		class = store_run(c->store, put_knot, &t, e);
	buf_fini(&t.heads);
	buf_fini(&t.knot);
	return class;
}

/* The CMS in meta, or no bytes. */
static struct bytes decode(struct arena *a, const json_t *meta)
{
	const json_t *heads = json_object_get(meta, "heads");
	struct bytes out = BYTES(NULL, 0);

	if (json_string_length(heads) <= KNOT_MAX)
		(void)!base64_decode(a,
		    text_trust(
			json_string_value(heads), json_string_length(heads)),
		    &out);
	return out;
}

enum err_class knot_keep(struct store_tx *tx, const struct party_context *c,
    const struct peer *peer, const json_t *meta, struct err *e)
{
	struct bytes knot = decode(c->arena, meta);
	struct buf heads = {0};
	struct err ignored;
	json_int_t no = 0;
	const char *code = "";
	const char *at = "";
	int64_t at_us = 0;
	bool differs = false;
	enum err_class class = ERR_NONE;
	json_t *j;

	if (knot.n == 0 ||
	    peers_verify(peer, knot, &heads, &ignored) != ERR_NONE)
		return ERR_NONE;
	j = json_loadb((const char *)heads.p, heads.n, 0, NULL);
	buf_fini(&heads);
	if (json_unpack(
		j, "{s:s,s:I,s:s}", "code", &code, "no", &no, "at", &at) == 0 &&
	    strcmp(code, peer->code) == 0 && clock_parse(text_z(at), &at_us))
		class = audit_knot_keep(
		    tx, peer->code, no, at_us, knot, &differs, e);
	json_decref(j);
	if (differs)
		log_line("work", "%s shows another history at knot %lld",
		    peer->code, (long long)no);
	return class;
}

struct verifying {
	struct party_context *c;
	const struct text *given; /* heads that the caller gave */
	size_t n;
	const struct watch *watch;
	struct knot_verified *out;
	struct store_tx *tx;
	struct audit_more more;
	struct buf heads; /* of the knot at hand */
};

struct text knot_own_heads(struct party_context *c, struct bytes knot)
{
	struct buf content = {0};
	struct text heads = {NULL, 0};
	struct err e;

	if (c->keys != NULL &&
	    keys_verify_own(c->keys, knot, &content, &e) == ERR_NONE)
		heads = text_dup(c->arena, buf_text(&content));
	buf_fini(&content);
	return heads;
}

/* Own knots are as many as the minutes in which something was done: each is
 * looked at as it comes, and none is kept. */
static enum err_class take_knot(
    void *ctx, const struct audit_knot *knot, struct err *e)
{
	struct verifying *v = ctx;
	struct err why;

	if (!text_is(knot->signer, v->c->node->code))
		return ERR_NONE;
	buf_clear(&v->heads);
	if (v->c->keys != NULL &&
	    keys_verify_own(v->c->keys, knot->signed_heads, &v->heads, &why) ==
		ERR_NONE)
		return audit_verify_more(
		    v->tx, &v->more, buf_text(&v->heads), e);
	v->out->unverified++;
	return ERR_NONE;
}

static enum err_class verify_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct verifying *v = arg;

	v->tx = tx;
	v->more = (struct audit_more){.result = &v->out->log};
	v->out->unverified = 0;
	TRY(audit_verify(tx, v->given, v->n, v->watch, &v->out->log, e));
	return audit_knot_all(tx, take_knot, v, e);
}

enum err_class knot_verify(struct party_context *c, const struct text *more,
    size_t n, const struct watch *watch, struct knot_verified *out,
    struct err *e)
{
	struct verifying v = {
	    .c = c, .given = more, .n = n, .watch = watch, .out = out};
	enum err_class class = store_read(c->store, verify_read, &v, e);

	buf_fini(&v.heads);
	return class;
}
