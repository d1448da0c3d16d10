/* unit.c — the unit's messages, tasks and timer. */
#include "parties/unit.h"

#include "parties/knot.h"
#include "parties/proof.h"
#include "parties/refused.h"
#include "parties/restored.h"
#include "parties/status.h"
#include "parties/unit_halt.h"
#include "record/limits.h"

#define PROOFS_MAX ((size_t)2 << 20) /* bytes in one status */

struct file_event {
	struct party_context *c;
	const struct message *m;
};

static enum err_class receipt_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct file_event *f = arg;

	TRY(party_take(tx, f->m, e));
	return STORE_DO(tx, STMT_UNIT_FILE_RECEIVED, e,
	    store_z(f->m->h.authority), store_z(f->m->h.file),
	    store_z(f->m->h.origin), store_int(f->c->now_us));
}

/* The bank's own receipt: the file has arrived, the window moves on. What a
 * bank says of another's file changes nothing. */
static enum err_class receipt(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct file_event f = {.c = c, .m = m};

	return store_run(c->store, receipt_write, &f, e);
}

struct status {
	struct party_context *c;
	const struct message *m;
	const struct peer *peer;
	const json_t *meta;
};

static const char *state_of(const json_t *file, const char **name)
{
	static const char *const known[] = {"cancelled", "refused"};
	const char *state = json_string_value(json_object_get(file, "state"));

	*name = json_string_value(json_object_get(file, "file"));
	if (state == NULL || *name == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(state, known[i]) == 0)
			return known[i];
	return NULL;
}

static enum err_class status_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct status *s = arg;
	struct refused_told told = {
	    .peer = s->peer, .authority = s->m->h.authority, .meta = s->meta};
	size_t i;
	const json_t *f;

	TRY(party_take(tx, s->m, e));
	TRY(knot_keep(tx, s->c, s->peer, s->meta, e));
	TRY(refused_take(tx, s->c, &told, e));
	json_array_foreach(json_object_get(s->meta, "files"), i, f)
	{
		const char *name;
		const char *state = state_of(f, &name);

		/* "refused" is "rejected" among the states of an inquiry. */
		if (state != NULL)
			TRY(STORE_DO(tx, STMT_UNIT_FILE_STATE, e,
			    store_z(s->m->h.authority), store_z(name),
			    store_z(s->m->h.origin),
			    store_z(strcmp(state, "refused") == 0 ? "rejected"
								  : state)));
	}
	return ERR_NONE;
}

/* A bank's word on its files: cancelled, refused; the ward's, on a file it
 * returned at its check; and their knots. */
static enum err_class status(
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
	class = store_run(c->store, status_write, &s, e);
	content_fini(&content);
	return class;
}

static enum err_class message(
    struct party_context *c, const struct message *m, struct err *e)
{
	if (strcmp(m->h.to, c->node->code) != 0)
		return party_relay(c, m, 0, 0, e);
	if (m->h.kind != KIND_CANCEL && m->h.kind != KIND_SUBJECTS)
		TRY(restored_file(c, m, STMT_UNIT_FILE_GET, e));
	switch (m->h.kind) {
	case KIND_SUBJECTS:
		return unit_subjects(c, m, e);
	case KIND_ANSWER_FILE:
		return unit_answers(c, m, e);
	case KIND_CANCEL:
		return unit_cancel(c, m, e);
	case KIND_RECEIPT:
		return receipt(c, m, e);
	case KIND_STATUS:
		return status(c, m, e);
	case KIND_REQUEST_FILE:
	case KIND_COUNT:
		break;
	}
	return err_set(e, ERR_DENIED, "message.not_allowed",
	    "この種類の電文は受け付けません", "this kind is not for a unit");
}

const struct party party_unit = {
    .message = message,
    .task = unit_convert,
    .timer = status_send,
};

/* What of its ordinals is not in the file: by rule, or by the ward's order. A
 * listed file covers nothing else than what its words name. */
static enum err_class add_exceptions(
    struct store_tx *tx, const char *authority, json_t *file, struct err *e)
{
	struct store_rows *r;
	json_t *list = json_array();
	json_int_t wave = 0;
	json_int_t first = 0;
	json_int_t last = 0;
	const char *institution = "";
	enum err_class class;
	bool more;

	json_object_set_new(file, "exceptions", list);
	json_object_set_new(file, "halted", json_array());
	TRY(unit_halt_words_of(
	    tx, authority, file, json_object_get(file, "halted"), e));
	if (json_integer_value(json_object_get(file, "listed")) != 0)
		return ERR_NONE;
	(void)json_unpack(file, "{s:I,s:I,s:I,s:s}", "wave", &wave, "first",
	    &first, "last", &last, "institution", &institution);
	TRY(store_query(tx, STMT_UNIT_EXCEPTIONS_PLAIN,
	    STORE_VALUES(store_z(authority), store_int(wave),
		store_z(institution), store_int(first), store_int(last)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text t[4] = {store_get_text(r, 1), store_get_text(r, 2),
		    store_get_text(r, 3), store_get_text(r, 5)};

		json_array_append_new(
		    list, json_pack("{s:I,s:s%,s:s%,s:s%,s:I,s:s%}", "ordinal",
			      (json_int_t)store_get_int(r, 0), "kind", t[0].p,
			      t[0].n, "reason", t[1].p, t[1].n, "item", t[2].p,
			      t[2].n, "at", (json_int_t)store_get_int(r, 4),
			      "bad", t[3].p, t[3].n));
	}
	store_rows_close(r);
	return class;
}

enum err_class unit_status_files(struct store_tx *tx, const char *authority,
    size_t max, json_t *files, struct buf *proofs, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	size_t n = 0;
	size_t i;
	json_t *f;
	bool more;

	TRY(store_query(tx, STMT_UNIT_FILE_UNREPORTED,
	    STORE_VALUES(store_z(authority), store_int((int64_t)max)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		char at[CLOCK_TEXT];
		struct text t[6] = {store_get_text(r, 0), store_get_text(r, 2),
		    store_get_text(r, 3), store_get_text(r, 8),
		    store_get_text(r, 9), store_get_text(r, 10)};

		clock_format(store_get_int(r, 11), at);
		json_array_append_new(files,
		    json_pack("{s:s%,s:I,s:s%,s:s%,s:I,s:I,s:I,s:I,s:s%,s:s%,"
			      "s:s%,s:s,s:I}",
			"file", t[0].p, t[0].n, "wave",
			(json_int_t)store_get_int(r, 1), "institution", t[1].p,
			t[1].n, "hub", t[2].p, t[2].n, "no",
			(json_int_t)store_get_int(r, 4), "first",
			(json_int_t)store_get_int(r, 5), "last",
			(json_int_t)store_get_int(r, 6), "records",
			(json_int_t)store_get_int(r, 7), "layout", t[3].p,
			t[3].n, "state", t[4].p, t[4].n, "message", t[5].p,
			t[5].n, "at", at, "listed",
			(json_int_t)store_get_int(r, 12)));
	}
	store_rows_close(r);
	TRY(class);
	for (i = 0; i < json_array_size(files) && n < LIMIT_MESSAGE_RECORDS &&
		    proofs->n < PROOFS_MAX;
	     i++) {
		f = json_array_get(files, i);
		TRY(add_exceptions(tx, authority, f, e));
		TRY(proof_tell(tx, authority, f, proofs, e));
		n += json_array_size(json_object_get(f, "exceptions")) +
		     json_array_size(json_object_get(f, "halted"));
	}
	/* The others come with the next status. */
	while (json_array_size(files) > i)
		(void)json_array_remove(files, json_array_size(files) - 1);
	return ERR_NONE;
}
