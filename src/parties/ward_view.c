/* ward_view.c — see ward_view.h. */
#include "parties/ward_view.h"

#include "base/told.h"
#include "parties/inquiry.h"
#include "parties/ward_halt.h"
#include "parties/ward_items.h"

#include <stdlib.h>

struct view {
	struct party_context *c;
	const struct ward_wave *w;
	const struct ward_institution *in;
	json_t *o;
	/* As read. */
	struct inquiry q;
	struct ward_items_claims claims;
	char *mend; /* an officer's decision about what the layout held */
};

json_t *ward_view_subject(const struct subject *s)
{
	json_t *o = json_object();

	for (int i = 0; i < SUBJECT_COUNT; i++)
		if (s->f[i].n > 0)
			json_object_set_new(
			    o, subject_info[i].name, told_text(s->f[i]));
	return o;
}

static json_t *items(const struct text *f)
{
	json_t *o = json_object();

	for (int i = 0; i < ANSWER_COUNT; i++)
		if (f[i].n > 0)
			json_object_set_new(
			    o, item_answer[i].name, told_text(f[i]));
	return o;
}

static json_t *transactions(const struct answer_account *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->transaction_count; i++) {
		const struct answer_transaction *t = &a->transactions[i];

		json_array_append_new(list,
		    json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "取引日",
			told_text(t->date), "起算日", told_text(t->value_date),
			"出金", told_text(t->out), "入金", told_text(t->in),
			"残高", told_text(t->balance), "摘要",
			told_text(t->note)));
	}
	return list;
}

static json_t *others(const struct answer *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->other_count; i++) {
		const struct answer_other *t = &x->others[i];

		json_array_append_new(
		    list, json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "種類",
			      told_text(t->kind), "名称", told_text(t->name),
			      "金額", told_text(t->amount), "口数",
			      told_text(t->units), "日付", told_text(t->date),
			      "摘要", told_text(t->note)));
	}
	return list;
}

json_t *ward_view_answer(const struct answer *x)
{
	json_t *accounts = json_array();

	for (size_t i = 0; i < x->account_count; i++)
		json_array_append_new(accounts,
		    json_pack("{s:o,s:o,s:o}", "items", items(x->accounts[i].f),
			"raw", items(x->accounts[i].raw), "transactions",
			transactions(&x->accounts[i])));
	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:o}", "class",
	    answer_class_code(x->class), "class_ja", answer_class_ja(x->class),
	    "items", items(x->f), "raw", items(x->raw), "accounts", accounts,
	    "others", others(x));
}

json_t *ward_view_packed(struct bytes record)
{
	struct arena scratch = {0};
	struct answer x;
	size_t used;
	json_t *j = NULL;

	if (answer_unpack(&scratch, record, &x, &used))
		j = ward_view_answer(&x);
	arena_fini(&scratch);
	return j != NULL ? j : json_null();
}

static enum err_class read_mend(
    struct store_tx *tx, struct view *v, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_HALT_MENDED,
	    STORE_VALUES(store_z(v->c->node->code), store_int(v->w->wave),
		store_int(v->q.ordinal), store_z(v->in->code)),
	    &r, &found, e));
	v->mend = found ? ward_column(v->c->arena, r, 0) : NULL;
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class range(struct store_tx *tx, struct view *v,
    enum store_statement st, struct store_rows **r, struct err *e)
{
	return store_query(tx, st,
	    STORE_VALUES(store_z(v->c->node->code), store_z(v->q.number),
		store_z(v->q.number)),
	    r, e);
}

static enum err_class read_answer(
    struct store_tx *tx, struct view *v, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(range(tx, v, STMT_WARD_ANSWERS_IN, &r, e));
	class = store_next(r, &more, e);
	if (class == ERR_NONE && more)
		json_object_set_new(
		    v->o, "answer", ward_view_packed(store_get_blob(r, 1)));
	store_rows_close(r);
	return class;
}

static enum err_class read_corrections(
    struct store_tx *tx, struct view *v, struct err *e)
{
	json_t *list = json_array();
	struct store_rows *r;
	enum err_class class;
	bool more;

	json_object_set_new(v->o, "corrections", list);
	TRY(range(tx, v, STMT_WARD_CORRECTIONS_IN, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		json_array_append_new(
		    list, json_pack("{s:I,s:o,s:o,s:o}", "no",
			      (json_int_t)store_get_int(r, 1), "kind",
			      told_text(store_get_text(r, 2)), "at",
			      told_moment(store_get_int(r, 4)), "answer",
			      ward_view_packed(store_get_blob(r, 5))));
	store_rows_close(r);
	return class;
}

static enum err_class read_view(struct store_tx *tx, void *arg, struct err *e)
{
	struct view *v = arg;

	TRY(ward_items_claims(
	    tx, v->c, v->w->wave, v->q.ordinal, &v->claims, e));
	TRY(inquiry_read(tx, &v->q, v->o, e));
	TRY(read_mend(tx, v, e));
	TRY(ward_halt_show(
	    tx, v->c, v->w->wave, v->in->code, v->q.ordinal, v->o, e));
	TRY(read_answer(tx, v, e));
	return read_corrections(tx, v, e);
}

static const char *state(const struct view *v)
{
	if (v->q.outcome >= 0)
		return strcmp(v->w->state, "closed") == 0 && !v->q.open
			   ? "closed"
			   : "registered";
	if (v->q.exception != NULL)
		return v->q.exception;
	if (v->q.file_state != NULL)
		return v->q.file_state;
	if (strcmp(v->w->state, "cancelled") == 0)
		return "cancelled";
	return v->w->approved_us != 0 ? "approved" : "drafted";
}

static void put_items(struct view *v)
{
	const struct ward_items x = {
	    .c = v->c,
	    .w = v->w,
	    .institution = v->in->code,
	    .number = v->q.number,
	    .claims = &v->claims,
	    .file = v->q.file,
	    .layout = v->q.layout,
	    .tables = v->q.tables,
	    .proof = &v->q.proof,
	    .mend = v->mend,
	};
	struct layout_report report;
	json_t *record = NULL;

	json_object_set_new(v->o, "items", ward_items(&x, &record, &report));
	if (record != NULL)
		json_object_set_new(v->o, "record", record);
}

static void put_subject(struct view *v)
{
	json_t *claims = json_array();

	for (size_t i = 0; i < v->claims.n; i++) {
		json_t *o = ward_view_subject(&v->claims.claim[i]);

		json_object_set_new(
		    o, "根拠法令", told_text(v->claims.basis[i]));
		json_array_append_new(claims, o);
	}
	json_object_set_new(v->o, "subject", claims);
	if (v->claims.n > 0)
		put_items(v);
}

enum err_class ward_view(struct party_context *c, const struct ward_wave *w,
    const struct ward_institution *in, uint32_t ordinal, const char *atena,
    json_t **out, struct err *e)
{
	struct view *v = arena_zero(c->arena, 1, sizeof(*v));
	struct kanri k = {.wave = w->wave, .ordinal = ordinal};
	enum err_class class;

	v->c = c;
	v->w = w;
	v->in = in;
	v->q = (struct inquiry){.arena = c->arena,
	    .authority = c->node->code,
	    .wave = w->wave,
	    .institution = in->code,
	    .ordinal = ordinal};
	memcpy(k.authority, c->node->code, 7);
	memcpy(k.institution, in->code, 5);
	(void)kanri_format(&k, v->q.number);
	v->o = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", v->q.number,
	    "wave", w->id, "institution", in->code, "hub", in->hub, "atena",
	    atena, "purpose", w->purpose);
	if (v->o == NULL)
		abort();
	class = store_read(c->store, read_view, v, e);
	if (class != ERR_NONE) {
		json_decref(v->o);
		return class;
	}
	json_object_set_new(v->o, "state", json_string(state(v)));
	json_object_set_new(v->o, "codes", json_string(c->codes->version));
	put_subject(v);
	*out = v->o;
	return ERR_NONE;
}
