/*
 * party.c — what all parties share: making messages, passing them on, and
 * the signed status that each sends to each authority's ward (E7).
 */
#include "parties/party.h"

#include "record/kanri.h"

#include <inttypes.h>
#include <stdio.h>

const struct party *party_of(enum store_party party)
{
	switch (party) {
	case STORE_WARD:
		return &party_ward;
	case STORE_UNIT:
		return &party_unit;
	case STORE_HUB:
		return &party_hub;
	case STORE_BANK:
		return &party_bank;
	}
	return NULL;
}

/* The hub that its header names is the way to a bank and back: a bank may be
 * reached through several. */
static bool by_hub(const struct party_context *c, const struct header *h,
    const struct peer *to)
{
	const struct peer *hub = peers_of(c->peers, h->hub);
	bool out = to->party == STORE_BANK;
	bool back = c->node->party == STORE_BANK;

	return hub != NULL && hub->party == STORE_HUB &&
	       c->node->party != STORE_HUB && out != back;
}

/*
 * Whom to hand a message to. Which flow a hub uses is one line of the unit's
 * configuration; the unit writes it into the header, so that the hub answers
 * the same way (docs/DESIGN.md §1).
 */
static const struct peer *next_hop(
    const struct party_context *c, const struct header *h)
{
	const struct peer *to = peers_of(c->peers, h->to);
	bool direct = h->link == LINK_DIRECT;

	if (to == NULL)
		return NULL;
	if (by_hub(c, h, to))
		to = peers_of(c->peers, h->hub);
	switch (c->node->party) {
	case STORE_UNIT:
		if (!direct &&
		    (to->party == STORE_HUB || to->party == STORE_BANK))
			return peers_next_hop(c->peers, h->authority);
		break;
	case STORE_HUB:
		if (to->party == STORE_UNIT && !direct)
			return peers_next_hop(c->peers, h->authority);
		break;
	case STORE_WARD:
	case STORE_BANK:
		break;
	}
	return peers_next_hop(c->peers, to->code);
}

enum err_class party_next_hop(const struct party_context *c,
    const struct header *h, const char **code, struct err *e)
{
	const struct peer *p = next_hop(c, h);

	if (p == NULL) {
		err_set(e, ERR_INPUT, "message.unknown_recipient",
		    "宛先への経路がありません", "no way to the recipient");
		return err_detail(e, "%s", h->to);
	}
	/* A via-ward message that the ward itself made is nobody's to bring. */
	if (strcmp(p->code, h->origin) == 0) {
		err_set(e, ERR_DENIED, "message.not_allowed",
		    "発信元へ戻る電文です", "its way leads back to its maker");
		return err_detail(e, "%s", h->to);
	}
	*code = p->code;
	return ERR_NONE;
}

enum err_class party_make(struct party_context *c, struct header *h,
    const struct content *content, struct party_sending *out, struct err *e)
{
	*out = (struct party_sending){.hub = ""};
	TRY(message_make(c->keys, c->peers, c->node->code, h, content,
	    c->now_us, &c->random, c->arena, &out->message, e));
	return party_next_hop(c, &out->message.h, &out->next_hop, e);
}

enum err_class party_send(struct store_tx *tx, const struct party_sending *s,
    int64_t now_us, struct err *e)
{
	return message_send(
	    tx, &s->message, s->next_hop, s->hub, s->step, now_us, e);
}

static bool says(const json_t *o, const char *key, const char *z)
{
	const char *value = json_string_value(json_object_get(o, key));

	return z == NULL || (value != NULL && strcmp(value, z) == 0);
}

static bool names(const json_t *o, const char *institution)
{
	size_t i;
	const json_t *x;

	if (institution == NULL)
		return true;
	json_array_foreach(json_object_get(o, "institutions"), i, x)
	{
		if (says(x, "code", institution))
			return true;
	}
	return false;
}

enum err_class party_approved(struct bytes document, const struct header *h,
    const char *institution, const char *scope, struct err *e)
{
	json_t *o = json_loadb(
	    (const char *)document.p, document.n, JSON_REJECT_DUPLICATES, NULL);
	char wave[4] = "";
	bool good = kanri_wave_format(h->wave, wave) &&
		    says(o, "authority", h->authority) &&
		    says(o, "wave", wave) && says(o, "scope", scope) &&
		    names(o, institution);

	json_decref(o);
	return good ? ERR_NONE
		    : err_set(e, ERR_DENIED, "message.not_allowed",
			  "決裁書がこの照会のものではありません",
			  "the approval is not one of this");
}

enum err_class party_verify(const struct peers *all, const struct peer *signer,
    struct bytes cms, struct buf *document, struct err *e)
{
	enum err_class class = peers_verify(signer, cms, document, e);

	if (class != ERR_DENIED || peers_name(all, cms))
		return class;
	err_set(e, ERR_BUSY, "message.bad_certificate",
	    "決裁書の署名者の証明書がまだ接続先の表にありません",
	    "the approval names a certificate that is not in the table yet");
	return err_detail(e, "%s", signer->code);
}

enum err_class party_digest(
    const struct content *content, const char *part, struct err *e)
{
	const json_t *said = json_object_get(content->meta, "digest");
	const char *z = json_string_value(said);
	char digest[DIGEST_TEXT];

	digest_hex(digest_one(content_part(content, part)), digest);
	return said == NULL || (z != NULL && strcmp(z, digest) == 0)
		   ? ERR_NONE
		   : err_set(e, ERR_INPUT, "answer.digest",
			 "回答の内容がダイジェストと一致しません",
			 "the answers are not those the digest is of");
}

const char *party_key(const char *authority, int64_t wave,
    const char *institution, char out[PARTY_KEY])
{
	(void)snprintf(
	    out, PARTY_KEY, "%s %" PRId64 " %s", authority, wave, institution);
	return out;
}

enum err_class party_take(
    struct store_tx *tx, const struct message *m, struct err *e)
{
	enum inbox_state was;

	TRY(inbox_mark(tx, m->h.id, INBOX_DONE, "", &was, e));
	if (was != INBOX_WAITING && was != INBOX_HELD)
		return err_set(e, ERR_BUSY, "party.done",
		    "すでに処理されています", "already done by another worker");
	return ERR_NONE;
}

enum err_class party_step(struct store_tx *tx, const struct party_context *c,
    const struct header *h, int no, int64_t inquiries, struct err *e)
{
	const struct step s = {
	    .authority = h->authority,
	    .wave = h->wave,
	    .file = h->file,
	    .hub = h->hub,
	    .no = no,
	    .party = c->node->code,
	    .at_us = c->now_us,
	    .inquiries = inquiries,
	    .signed_by = c->node->code,
	};

	return no == 0 ? ERR_NONE : message_step(tx, &s, e);
}

static enum err_class read_request(struct store_tx *tx, const struct header *h,
    bool *found, struct header *request, struct err *e)
{
	struct bytes json;
	struct store_rows *r;
	enum err_class class = ERR_NONE;

	TRY(store_one(tx, STMT_MESSAGE_REQUEST_OF,
	    STORE_VALUES(store_z(h->authority), store_z(h->file),
		store_z(h->institution)),
	    &r, found, e));
	/* Its signature was verified when it was taken in, or is our own. */
	if (*found)
		class = keys_peek(store_get_blob(r, 0), &json, e);
	if (*found && class == ERR_NONE)
		class = header_read(json, request, e);
	store_rows_close(r);
	return class;
}

enum err_class party_same_flow(
    struct store_tx *tx, const struct header *h, struct err *e)
{
	struct header request;
	bool found;

	TRY(read_request(tx, h, &found, &request, e));
	if (!found ||
	    (request.link == h->link && strcmp(request.hub, h->hub) == 0))
		return ERR_NONE;
	return err_set(e, ERR_DENIED, "message.not_allowed",
	    "照会ファイルと異なる経路の電文です",
	    "the request file went another way");
}

struct relay {
	struct party_context *c;
	const struct message *m;
	const char *next_hop;
	int receive_no;
	int send_no;
};

static enum err_class relay_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct relay *r = arg;

	TRY(party_take(tx, r->m, e));
	TRY(party_step(tx, r->c, &r->m->h, r->receive_no, r->m->h.records, e));
	return message_forward(
	    tx, r->m, r->next_hop, r->m->h.hub, r->send_no, r->c->now_us, e);
}

enum err_class party_relay(struct party_context *c, const struct message *m,
    int receive_no, int send_no, struct err *e)
{
	struct relay r = {
	    .c = c, .m = m, .receive_no = receive_no, .send_no = send_no};
	const struct header *h = &m->h;
	char key[PARTY_KEY];

	TRY(party_next_hop(c, h, &r.next_hop, e));
	return store_run_key(c->store,
	    party_key(h->authority, h->wave, h->institution, key), relay_write,
	    &r, e);
}
