/*
 * ward_document.c — the approval document (S4): everything without which no
 * inquiry leaves, in one JSON text that the ward signs. It names no subject.
 */
#include "base/clock.h"
#include "base/told.h"
#include "parties/ward_wave.h"

#include <stdlib.h>

/* The bases printed in full, with the claims each carries. */
static json_t *bases(
    struct party_context *c, const struct ward_wave_kind *kinds, size_t n)
{
	struct date today = clock_date(c->now_us);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		const struct codes_basis *b =
		    codes_basis_on(c->codes, kinds[i].basis, today);
		const struct codes_kamoku *k =
		    codes_kamoku_on(c->codes, kinds[i].kamoku, today);

		json_array_append_new(list,
		    json_pack("{s:o,s:o,s:o,s:o,s:I,s:b}", "code",
			told_text(kinds[i].basis), "text",
			told_text(b != NULL ? b->text : kinds[i].basis),
			"kamoku", told_text(kinds[i].kamoku), "kamoku_name",
			told_text(k != NULL ? k->name : kinds[i].kamoku),
			"claims", (json_int_t)kinds[i].claims, "tax",
			k != NULL && k->tax));
	}
	return list;
}

static json_t *officer(const struct ward_user *u,
    const struct ward_wave_kind *kinds, size_t n, int64_t at_us,
    struct date today)
{
	json_t *o =
	    json_pack("{s:s,s:o}", "name", u->name, "at", told_moment(at_us));
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		const struct ward_appointment *a =
		    ward_user_appointed(u, kinds[i].kamoku, today);

		if (a != NULL)
			json_array_append_new(
			    list, json_pack("{s:o,s:s,s:o,s:o}", "kamoku",
				      told_text(kinds[i].kamoku), "number",
				      a->number, "from", told_date(a->from),
				      "to", told_date(a->to)));
	}
	json_object_set_new(o, "appointments", list);
	return o;
}

static json_t *institutions(const struct ward_institution *in, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:s,s:s}", "code", in[i].code, "hub",
			in[i].hub, "link", node_link_name(in[i].link), "reason",
			in[i].reason));
	return list;
}

static enum err_class count_asked(struct store_tx *tx, struct party_context *c,
    uint32_t wave, int64_t *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_ASKED_COUNT,
	    STORE_VALUES(store_z(c->node->code), store_int(wave)), &r, &found,
	    e));
	*out = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

/* 文書番号, given with the submission; null until then. */
static enum err_class put_number(struct store_tx *tx, struct party_context *c,
    uint32_t wave, json_t *o, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_DESK_DOCUMENT_GET,
	    STORE_VALUES(store_z(c->node->code), store_int(wave)), &r, &found,
	    e));
	json_object_set_new(o, "document_no",
	    found ? json_pack("{s:I,s:I,s:o}", "year",
			(json_int_t)store_get_int(r, 0), "no",
			(json_int_t)store_get_int(r, 1), "given",
			told_moment(store_get_int(r, 2)))
		  : json_null());
	store_rows_close(r);
	return ERR_NONE;
}

/* 代決: on whose behalf, and why. */
static json_t *behalf(const struct ward_wave *w)
{
	return w->decided_for[0] == '\0'
		   ? json_null()
		   : json_pack("{s:s,s:s}", "name", w->decided_for, "reason",
			 w->decided_reason);
}

static json_t *head(struct party_context *c, const struct ward_wave *w)
{
	enum codes_scope scope = CODES_SCOPE_EXISTENCE;

	(void)codes_scope_named(text_z(w->scope), &scope);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}",
	    "document", "approval", "authority", c->node->code,
	    "authority_name", c->node->name, "wave", w->id, "name", w->name,
	    "purpose", w->purpose, "base_date", w->base_date, "period_from",
	    w->period_from, "period_to", w->period_to, "scope", w->scope,
	    "scope_text", codes_scope_ja(scope), "deadline", w->deadline);
}

enum err_class ward_document_write(struct store_tx *tx, struct party_context *c,
    const struct ward_wave *w, const struct ward_user *requester,
    const struct ward_user *approver, struct buf *out, struct err *e)
{
	struct ward_wave_kind kinds[WARD_WAVE_KINDS];
	struct date today = clock_date(c->now_us);
	struct ward_institution *in;
	int64_t asked;
	size_t kind_count;
	size_t n;
	json_t *o;
	enum err_class class;
	char *z;

	TRY(ward_wave_kinds(tx, c, w->wave, kinds, &kind_count, e));
	TRY(ward_wave_institutions(tx, c, w->wave, &in, &n, e));
	TRY(count_asked(tx, c, w->wave, &asked, e));
	o = head(c, w);
	json_object_set_new(o, "basis", bases(c, kinds, kind_count));
	json_object_set_new(o, "institutions", institutions(in, n));
	json_object_set_new(o, "selected", json_integer(w->subjects));
	json_object_set_new(o, "excluded", json_integer(w->subjects - asked));
	json_object_set_new(o, "subjects", json_integer(asked));
	json_object_set_new(o, "inquiries", json_integer(asked * (int64_t)n));
	json_object_set_new(o, "codes", json_string(c->codes->version));
	json_object_set_new(o, "requester",
	    officer(requester, kinds, kind_count, w->requested_us, today));
	json_object_set_new(o, "approver",
	    officer(approver, kinds, kind_count, c->now_us, today));
	json_object_set_new(o, "on_behalf", behalf(w));
	class = put_number(tx, c, w->wave, o, e);
	z = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(o);
	if (z == NULL)
		abort();
	buf_z(out, z);
	free(z);
	return class;
}
