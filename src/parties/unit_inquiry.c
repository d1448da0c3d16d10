/* unit_inquiry.c — see unit_inquiry.h. */
#include "parties/unit_inquiry.h"

#include "base/told.h"
#include "parties/claims.h"
#include "parties/inquiry.h"
#include "parties/layouts.h"
#include "parties/provenance.h"
#include "parties/unit_held.h"
#include "parties/unit_wave.h"
#include "parties/ward_view.h"

#include <stdlib.h>

struct view {
	struct party_context *c;
	const struct ward_user *officer;
	struct kanri k;
	struct inquiry q;
	json_t *o;
	/* As read. */
	json_t *definition;
	bool cancelled;
	struct claims claims;
	json_t *subject;
	const char *halted;
	const char *mend;
};

static enum err_class unknown(struct err *e)
{
	return err_set(e, ERR_INPUT, "inquiry.unknown",
	    "その管理番号の照会はありません", "there is no such inquiry");
}

/* The wave, if it asks that institution. */
static enum err_class read_wave(
    struct store_tx *tx, struct view *v, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_TASK_GET,
	    STORE_VALUES(store_z(v->k.authority), store_int(v->k.wave),
		store_z("convert"), store_z(v->k.institution)),
	    &r, &found, e));
	store_rows_close(r);
	if (!found)
		return unknown(e);
	TRY(store_one(tx, STMT_UNIT_WAVE_GET,
	    STORE_VALUES(store_z(v->k.authority), store_int(v->k.wave)), &r,
	    &found, e));
	if (found) {
		struct text z = store_get_text(r, 3);

		json_decref(v->definition);
		v->cancelled = store_get_int(r, 2) != 0;
		v->definition = json_loadb(z.p, z.n, 0, NULL);
	}
	store_rows_close(r);
	return found ? ERR_NONE : unknown(e);
}

static enum err_class read_claims(
    struct store_tx *tx, struct view *v, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	v->claims.n = 0;
	buf_clear(&v->claims.basis);
	(void)json_array_clear(v->subject);
	TRY(store_query(tx, STMT_SNAPSHOT_FROM,
	    STORE_VALUES(store_z(v->k.authority), store_int(v->k.wave),
		store_int(v->k.ordinal - 1), store_int(v->k.ordinal)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text basis = store_get_text(r, 1);
		struct subject row;
		json_t *claim;

		if (!subject_unpack(
			bytes_dup(v->c->arena, store_get_blob(r, 2)), &row))
			continue;
		claims_add(&v->claims, &row, basis, v->k.institution);
		claim = ward_view_subject(&row);
		json_object_set_new(claim, "根拠法令", told_text(basis));
		json_array_append_new(v->subject, claim);
	}
	store_rows_close(r);
	TRY(class);
	return v->claims.n > 0 ? ERR_NONE : unknown(e);
}

static enum err_class read_halt(
    struct store_tx *tx, struct view *v, struct err *e)
{
	struct store_rows *r;
	bool found;

	v->halted = "";
	v->mend = NULL;
	TRY(store_one(tx, STMT_HALTED_GET,
	    STORE_VALUES(store_z(v->k.authority), store_int(v->k.wave),
		store_z(v->k.institution), store_int(v->k.ordinal)),
	    &r, &found, e));
	if (found) {
		v->halted = text_cstr(v->c->arena, store_get_text(r, 2));
		v->mend = text_cstr(v->c->arena, store_get_text(r, 4));
		json_object_set_new(v->o, "halt",
		    json_pack("{s:s,s:b}", "state", v->halted, "too_late",
			store_get_int(r, 3) != 0));
	}
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class log_read(
    struct store_tx *tx, const struct view *v, struct err *e)
{
	return audit_add(tx,
	    &(const struct audit_entry){.actor = v->officer->name,
		.action = "read",
		.kind = "inquiry",
		.object = text_z(v->q.number),
		.authority = v->k.authority,
		.purpose = "照会の閲覧",
		.records = 1},
	    v->c->now_us, &v->c->random, e);
}

static enum err_class read_view(struct store_tx *tx, void *arg, struct err *e)
{
	struct view *v = arg;

	TRY(read_wave(tx, v, e));
	TRY(read_claims(tx, v, e));
	TRY(inquiry_read(tx, &v->q, v->o, e));
	TRY(read_halt(tx, v, e));
	TRY(unit_held_show(tx, v->k.authority, v->q.number, v->o, e));
	return log_read(tx, v, e);
}

/* docs/interface.md §5, as far as a unit follows an inquiry. */
static const char *state(const struct view *v)
{
	if (v->q.outcome >= 0)
		return "cleansed";
	if (v->q.exception != NULL && strcmp(v->halted, "waiting") != 0)
		return v->q.exception;
	if (v->q.file != NULL && v->q.exception == NULL)
		return v->q.file_state;
	return v->cancelled ? "cancelled" : "approved";
}

/* Of one in no file the version that its file would have today. */
static const char *layout_of(const struct view *v)
{
	const struct layout *l;
	struct err ignored;
	char day[11];

	if (v->q.layout != NULL)
		return v->q.layout;
	date_format(clock_date(v->c->now_us), day);
	l = layouts_on(v->c->layouts, v->k.institution, day, &ignored);
	return l != NULL ? layout_version(l) : NULL;
}

static void put_items(struct view *v)
{
	const struct provenance p = {.c = v->c,
	    .institution = v->k.institution,
	    .file = v->q.file,
	    .layout = layout_of(v),
	    .tables = v->q.tables,
	    .proof = &v->q.proof,
	    .mend = v->mend};
	struct layout_report report;
	struct request_wave wave;
	struct request request;
	json_t *record;

	unit_wave_request(
	    v->c->arena, v->k.authority, v->k.wave, v->definition, &wave);
	wave.basis = buf_text(&v->claims.basis);
	request_fill(
	    &v->claims.subject, &wave, v->k.institution, v->q.number, &request);
	json_object_set_new(
	    v->o, "items", provenance_items(&p, &request, &record, &report));
	if (record != NULL)
		json_object_set_new(v->o, "record", record);
}

static enum err_class show(struct view *v, struct err *e)
{
	char wave[4] = "";

	(void)kanri_wave_format(v->k.wave, wave);
	v->o = json_pack("{s:s,s:s,s:s,s:s,s:O}", "inquiry", v->q.number,
	    "authority", v->k.authority, "wave", wave, "institution",
	    v->k.institution, "subject", v->subject);
	if (v->o == NULL)
		abort();
	TRY(store_run(v->c->store, read_view, v, e));
	json_object_set_new(v->o, "state", json_string(state(v)));
	json_object_set_new(v->o, "codes", json_string(v->c->codes->version));
	put_items(v);
	return ERR_NONE;
}

enum err_class unit_inquiry_show(struct party_context *c, struct text number,
    const struct ward_user *officer, json_t **out, struct err *e)
{
	struct view *v = arena_zero(c->arena, 1, sizeof(*v));
	enum err_class class;

	if (!kanri_parse(number, &v->k))
		return unknown(e);
	v->c = c;
	v->officer = officer;
	v->q = (struct inquiry){.arena = c->arena,
	    .authority = v->k.authority,
	    .wave = v->k.wave,
	    .institution = v->k.institution,
	    .ordinal = v->k.ordinal};
	memcpy(v->q.number, number.p, KANRI_SIZE);
	v->subject = json_array();
	class = show(v, e);
	if (class == ERR_NONE)
		*out = v->o;
	else
		json_decref(v->o);
	json_decref(v->subject);
	json_decref(v->definition);
	buf_fini(&v->claims.basis);
	return class;
}
