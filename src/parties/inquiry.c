/* inquiry.c — see inquiry.h. */
#include "parties/inquiry.h"

#include "base/told.h"
#include "record/answer.h"

static enum err_class read_exception(struct store_tx *tx, struct inquiry *q,
    const struct store_value key[4], json_t *o, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_EXCEPTION_GET, key, 4, &r, &found, e));
	q->exception = found ? text_cstr(q->arena, store_get_text(r, 0)) : NULL;
	if (found)
		json_object_set_new(o, "exception",
		    json_pack("{s:s,s:o,s:o,s:I,s:o}", "kind", q->exception,
			"reason", told_text(store_get_text(r, 1)), "item",
			told_text(store_get_text(r, 2)), "at",
			(json_int_t)store_get_int(r, 3), "bad",
			told_text(store_get_text(r, 4))));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class read_file(struct store_tx *tx, struct inquiry *q,
    const struct store_value key[4], json_t *o, struct err *e)
{
	struct store_rows *r;
	bool found;

	q->file = NULL;
	q->file_state = NULL;
	q->layout = NULL;
	TRY(store_one(tx, STMT_WARD_FILE_OF, key, 4, &r, &found, e));
	if (found) {
		q->file = text_cstr(q->arena, store_get_text(r, 0));
		q->file_state = text_cstr(q->arena, store_get_text(r, 1));
		q->layout = text_cstr(q->arena, store_get_text(r, 2));
		json_object_set_new(o, "file",
		    json_pack("{s:s,s:s,s:s,s:o,s:o}", "file", q->file, "state",
			q->file_state, "layout", q->layout, "received",
			told_moment(store_get_int(r, 3)), "answered",
			told_moment(store_get_int(r, 4))));
	}
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class read_proof(
    struct store_tx *tx, struct inquiry *q, struct err *e)
{
	struct store_rows *r;
	bool found;

	q->tables = NULL;
	if (q->file == NULL)
		return ERR_NONE;
	TRY(store_one(tx, STMT_FILE_PROOF_GET,
	    STORE_VALUES(store_z(q->authority), store_z(q->file)), &r, &found,
	    e));
	if (found && proof_find(store_get_blob(r, 1), q->ordinal, &q->proof))
		q->tables = text_cstr(q->arena, store_get_text(r, 0));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class read_steps(
    struct store_tx *tx, const struct inquiry *q, json_t *o, struct err *e)
{
	json_t *list = json_array();
	struct store_rows *r;
	enum err_class class;
	bool more;

	json_object_set_new(o, "steps", list);
	if (q->file == NULL || q->exception != NULL)
		return ERR_NONE;
	TRY(store_query(tx, STMT_WARD_STEPS_OF_FILE,
	    STORE_VALUES(
		store_z(q->authority), store_int(q->wave), store_z(q->file)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		json_array_append_new(
		    list, json_pack("{s:I,s:o,s:o,s:o}", "no",
			      (json_int_t)store_get_int(r, 0), "party",
			      told_text(store_get_text(r, 1)), "at",
			      told_moment(store_get_int(r, 2)), "signed_by",
			      told_text(store_get_text(r, 3))));
	store_rows_close(r);
	return class;
}

static enum err_class read_outcome(
    struct store_tx *tx, struct inquiry *q, json_t *o, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool found;

	q->outcome = -1;
	TRY(store_query(tx, STMT_WARD_OUTCOMES_IN,
	    STORE_VALUES(
		store_z(q->authority), store_z(q->number), store_z(q->number)),
	    &r, e));
	class = store_next(r, &found, e);
	if (class == ERR_NONE && found) {
		int64_t k = store_get_int(r, 1);
		enum answer_class c = k >= 0 && k < CLASS_COUNT
					  ? (enum answer_class)k
					  : CLASS_REVIEW;

		q->outcome = (int)c;
		q->open = store_get_int(r, 4) != 0;
		json_object_set_new(o, "outcome",
		    json_pack("{s:s,s:s,s:b,s:b}", "class",
			answer_class_code(c), "class_ja", answer_class_ja(c),
			"late", store_get_int(r, 3) != 0, "open", q->open));
	}
	store_rows_close(r);
	return class;
}

enum err_class inquiry_read(
    struct store_tx *tx, struct inquiry *q, json_t *o, struct err *e)
{
	const struct store_value key[] = {store_z(q->authority),
	    store_int(q->wave), store_z(q->institution), store_int(q->ordinal)};

	TRY(read_exception(tx, q, key, o, e));
	TRY(read_file(tx, q, key, o, e));
	TRY(read_proof(tx, q, e));
	TRY(read_steps(tx, q, o, e));
	return read_outcome(tx, q, o, e);
}
