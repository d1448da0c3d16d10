/*
 * ward_status.c — the signed words of others: steps they have done (E7), the
 * state of files, the heads of their linked logs.
 */
#include "base/clock.h"
#include "base/log.h"
#include "parties/knot.h"
#include "parties/proof.h"
#include "parties/refused.h"
#include "parties/ward_except.h"
#include "parties/ward_file.h"
#include "parties/ward_halt.h"
#include "parties/ward_wave.h"
#include "record/limits.h"

struct status {
	struct party_context *c;
	const struct message *m;
	const struct peer *peer;
	const json_t *meta;
	struct bytes part;   /* "proofs" of the message */
	struct bytes proofs; /* what of it is left for the files to come */
	int64_t refused;
	struct { /* what link_of has found last, in this transaction */
		bool known;
		int64_t wave;
		char hub[NODE_CODE];
		enum node_link link;
		bool found;
	} last;
};

static const char *string(const json_t *o, const char *key)
{
	const char *z = json_string_value(json_object_get(o, key));

	return z != NULL ? z : "";
}

static int64_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static enum err_class ask_link(struct store_tx *tx, struct status *s,
    int64_t wave, const char *hub, enum node_link *link, bool *found,
    struct err *e)
{
	const struct store_value v[] = {
	    store_z(s->c->node->code), store_int(wave), store_z(hub)};
	bool all = hub[0] == '\0';
	struct store_rows *r;

	*link = LINK_DIRECT;
	TRY(store_one(tx, all ? STMT_WARD_WAVE_GET : STMT_WARD_HUB_OF, v,
	    all ? 2 : 3, &r, found, e));
	if (*found && !all && !text_is(store_get_text(r, 0), "direct"))
		*link = LINK_VIA_WARD;
	store_rows_close(r);
	return ERR_NONE;
}

/* The kind of flow of that hub in that wave; the first steps belong to all
 * flows. false: no such wave or hub of ours. The words of one message are
 * mostly of one flow. */
static enum err_class link_of(struct store_tx *tx, struct status *s,
    int64_t wave, const char *hub, enum node_link *link, bool *found,
    struct err *e)
{
	if (!s->last.known || s->last.wave != wave ||
	    strcmp(s->last.hub, hub) != 0) {
		s->last.known = false;
		TRY(ask_link(tx, s, wave, hub, link, found, e));
		if (strlen(hub) >= sizeof(s->last.hub))
			return ERR_NONE;
		s->last.known = true;
		s->last.wave = wave;
		memcpy(s->last.hub, hub, strlen(hub) + 1);
		s->last.link = *link;
		s->last.found = *found;
	}
	*link = s->last.link;
	*found = s->last.found;
	return ERR_NONE;
}

/* Does that step belong to the peer who says it did it? (E7) */
static bool own_step(const struct status *s, enum node_link link,
    const char *hub, const char *file, int64_t no)
{
	char institution[NODE_CODE];
	uint32_t wave;
	int64_t file_no;
	size_t n;
	const struct party_step_info *info = party_steps(link, &n);

	if (no < 1 || no > (int64_t)n ||
	    strcmp(info[no - 1].party, node_party_name(s->peer->party)) != 0)
		return false;
	switch (s->peer->party) {
	case STORE_UNIT:
		return true;
	case STORE_HUB:
		return strcmp(hub, s->peer->code) == 0;
	case STORE_BANK:
		return ward_file_name(
			   s->c, file, &wave, institution, &file_no) &&
		       strcmp(institution, s->peer->code) == 0;
	case STORE_WARD:
		return false;
	}
	return false;
}

/* *own false: it is refused. */
static enum err_class read_step(struct store_tx *tx, struct status *s,
    const json_t *o, struct step *out, bool *own, struct err *e)
{
	struct step step = {
	    .authority = s->c->node->code,
	    .wave = (uint32_t)number(o, "wave"),
	    .file = string(o, "file"),
	    .hub = string(o, "hub"),
	    .no = (int)number(o, "no"),
	    .party = s->peer->code,
	    .inquiries = number(o, "inquiries"),
	    .signed_by = s->peer->code,
	};
	enum node_link link;
	bool known;

	TRY(link_of(tx, s, number(o, "wave"), step.hub, &link, &known, e));
	*own = known && strlen(step.file) < HEADER_FILE &&
	       clock_parse(text_z(string(o, "at")), &step.at_us) &&
	       own_step(s, link, step.hub, step.file, number(o, "no"));
	*out = step;
	return ERR_NONE;
}

static enum err_class take_steps(
    struct store_tx *tx, struct status *s, struct err *e)
{
	const json_t *list = json_object_get(s->meta, "steps");
	struct step *steps = arena_take(
	    s->c->arena, (json_array_size(list) + 1) * sizeof(*steps));
	const json_t *o;
	size_t n = 0;
	size_t i;
	bool own;

	json_array_foreach(list, i, o)
	{
		TRY(read_step(tx, s, o, &steps[n], &own, e));
		n += own;
		s->refused += !own;
	}
	return message_steps(tx, s->c->arena, steps, n, e);
}

static bool kind_good(const char *kind)
{
	return strcmp(kind, "held") == 0 || strcmp(kind, "paper") == 0 ||
	       strcmp(kind, "cancelled") == 0 || strcmp(kind, "reused") == 0;
}

static enum err_class take_exceptions(struct store_tx *tx, struct status *s,
    const struct ward_file *f, const json_t *list, struct err *e)
{
	struct ward_except *x =
	    arena_take(s->c->arena, (json_array_size(list) + 1) * sizeof(*x));
	const json_t *o;
	size_t n = 0;
	size_t i;

	json_array_foreach(list, i, o)
	{
		x[n] = (struct ward_except){.wave = f->wave,
		    .institution = f->institution,
		    .ordinal = number(o, "ordinal"),
		    .kind = string(o, "kind"),
		    .reason = string(o, "reason"),
		    .item = string(o, "item"),
		    .at = number(o, "at"),
		    .bad = string(o, "bad")};
		if (x[n].ordinal < f->first || x[n].ordinal > f->last ||
		    !kind_good(x[n].kind))
			s->refused++;
		else
			n++;
	}
	return n > 0 ? ward_except_put_all(tx, s->c, x, n, e) : ERR_NONE;
}

/* A file as its maker, the unit, describes it. */
static enum err_class take_unit_file(struct store_tx *tx, struct status *s,
    const json_t *o, struct bytes proof, struct err *e)
{
	struct arena *a = s->c->arena;
	enum node_link link;
	bool known;
	struct ward_file f = {
	    .file = arena_printf(a, "%s", string(o, "file")),
	    .wave = (uint32_t)number(o, "wave"),
	    .institution = arena_printf(a, "%s", string(o, "institution")),
	    .hub = arena_printf(a, "%s", string(o, "hub")),
	    .no = number(o, "no"),
	    .first = number(o, "first"),
	    .last = number(o, "last"),
	    .records = number(o, "records"),
	    .layout = arena_printf(a, "%s", string(o, "layout")),
	    .message = arena_printf(a, "%s", string(o, "message")),
	    .sent_us = s->c->now_us,
	    .listed = number(o, "listed") != 0,
	};

	(void)clock_parse(text_z(string(o, "at")), &f.sent_us);
	TRY(link_of(tx, s, f.wave, f.hub, &link, &known, e));
	f.state = arena_printf(a, "%s", string(o, "state"));
	/* The unit has sent it: to the hub, or to our own check first. */
	if (f.message[0] != '\0')
		f.state = arena_printf(
		    a, "%s", link == LINK_DIRECT ? "handed" : "converted");
	TRY(take_exceptions(tx, s, &f, json_object_get(o, "exceptions"), e));
	TRY(ward_halt_take(
	    tx, s->c, json_object_get(o, "halted"), &s->refused, e));
	TRY(ward_file_put(tx, s->c, &f, e));
	if (proof.n == 0)
		return ERR_NONE;
	if (proof_good(proof, f.records, f.first, f.last) &&
	    strlen(string(o, "tables")) <= LIMIT_TEXT)
		return proof_put(tx, s->c->node->code, f.file,
		    string(o, "tables"), proof, e);
	s->refused++;
	return ERR_NONE;
}

/* Who may say what of a file: its bank all, its hub and the unit that made
 * it that it was refused. */
static enum err_class may_say(struct store_tx *tx, struct status *s,
    const char *file, const char *word, bool *may, struct err *e)
{
	bool refused = strcmp(word, "refused") == 0;
	char institution[NODE_CODE];
	struct store_rows *r;
	uint32_t wave;
	int64_t no;

	*may = ward_file_name(s->c, file, &wave, institution, &no);
	if (!*may)
		return ERR_NONE;
	switch (s->peer->party) {
	case STORE_UNIT:
		*may = refused;
		return ERR_NONE;
	case STORE_HUB:
		/* The file's own row may still be to come. */
		TRY(store_one(tx, STMT_WARD_INSTITUTION_OF,
		    STORE_VALUES(store_z(s->c->node->code), store_int(wave),
			store_z(institution)),
		    &r, may, e));
		*may = *may && refused &&
		       text_is(store_get_text(r, 0), s->peer->code);
		store_rows_close(r);
		return ERR_NONE;
	case STORE_WARD:
	case STORE_BANK:
		*may = strcmp(institution, s->peer->code) == 0;
		return ERR_NONE;
	}
	return ERR_NONE;
}

static enum err_class may_refuse(
    struct store_tx *tx, void *ctx, const char *file, bool *may, struct err *e)
{
	return may_say(tx, ctx, file, "refused", may, e);
}

static enum err_class take_refused(
    struct store_tx *tx, struct status *s, struct err *e)
{
	struct refused_told told = {.peer = s->peer,
	    .authority = s->m->h.authority,
	    .meta = s->meta,
	    .may = may_refuse,
	    .ctx = s};

	TRY(refused_take(tx, s->c, &told, e));
	s->refused += (int64_t)told.ignored;
	return ERR_NONE;
}

/* A file of which another tells what became of it. */
static enum err_class take_word(
    struct store_tx *tx, struct status *s, const json_t *o, struct err *e)
{
	const char *file = string(o, "file");
	const char *word = string(o, "state");
	bool may;

	TRY(may_say(tx, s, file, word, &may, e));
	if (may)
		return ward_file_said(tx, s->c, file, s->peer->code, word, e);
	s->refused++;
	return ERR_NONE;
}

struct unit_file {
	struct status *s;
	const json_t *o;
	struct bytes proof;
};

/* What proves its records, off the front of the rest; it may claim more than
 * there is. */
static struct bytes next_proof(struct status *s, const json_t *o)
{
	int64_t n = number(o, "proof");
	struct bytes proof = {0};

	if (n <= 0 || (uint64_t)n > s->proofs.n)
		return proof;
	proof = BYTES(s->proofs.p, (size_t)n);
	s->proofs = BYTES(s->proofs.p + n, s->proofs.n - (size_t)n);
	return proof;
}

static enum err_class unit_file_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct unit_file *f = arg;

	return take_unit_file(tx, f->s, f->o, f->proof, e);
}

/* F1: one that is none of ours is refused alone, and takes nothing along. */
static enum err_class take_file(
    struct store_tx *tx, struct status *s, const json_t *o, struct err *e)
{
	struct unit_file f = {.s = s, .o = o, .proof = next_proof(s, o)};
	enum err_class class;

	if (s->peer->party != STORE_UNIT ||
	    strcmp(string(o, "state"), "refused") == 0)
		return take_word(tx, s, o, e);
	class = store_savepoint(tx, unit_file_write, &f, e);
	if (class != ERR_INPUT)
		return class;
	s->refused++;
	return ERR_NONE;
}

static enum err_class take_files(
    struct store_tx *tx, struct status *s, struct err *e)
{
	const json_t *list = json_object_get(s->meta, "files");
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o) TRY(take_file(tx, s, o, e));
	return ERR_NONE;
}

static enum err_class status_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct status *s = arg;

	s->refused = 0;
	s->proofs = s->part;
	s->last.known = false;
	TRY(party_take(tx, s->m, e));
	TRY(take_steps(tx, s, e));
	/* The unit alone may say what of its own work it held. */
	if (s->peer->party == STORE_UNIT)
		TRY(ward_halt_take(tx, s->c, json_object_get(s->meta, "halted"),
		    &s->refused, e));
	TRY(take_files(tx, s, e));
	TRY(take_refused(tx, s, e));
	return knot_keep(tx, s->c, s->peer, s->meta, e);
}

enum err_class ward_status_message(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct status s = {.c = c, .m = m};
	struct content content;
	enum err_class class;

	s.peer = peers_of(c->peers, m->h.origin);
	if (s.peer == NULL)
		return err_set(e, ERR_DENIED, "message.unknown_sender",
		    "知らない相手です", "the origin is no peer");
	TRY(message_open(c->keys, m, c->arena, &content, e));
	s.meta = content.meta;
	s.part = content_part(&content, "proofs");
	class = store_run(c->store, status_write, &s, e);
	if (s.refused > 0)
		log_line("work", "status of %s: %ld entries not its own",
		    m->h.origin, (long)s.refused);
	content_fini(&content);
	return class;
}

struct receipt_event {
	struct party_context *c;
	const struct message *m;
};

static enum err_class receipt_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct receipt_event *x = arg;

	TRY(party_take(tx, x->m, e));
	return ward_file_said(
	    tx, x->c, x->m->h.file, x->m->h.origin, "received", e);
}

/* The final recipient's own receipt of a file. */
enum err_class ward_status_receipt(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct receipt_event x = {.c = c, .m = m};
	char institution[NODE_CODE];
	uint32_t wave;
	int64_t no;

	if (!ward_file_name(c, m->h.file, &wave, institution, &no) ||
	    strcmp(institution, m->h.origin) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "この電文は受け付けません",
		    "a receipt for no file of this bank");
	return store_run(c->store, receipt_write, &x, e);
}
