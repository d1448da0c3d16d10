/* ward_items.c — see ward_items.h. */
#include "parties/ward_items.h"

#include "base/clock.h"
#include "parties/claims.h"
#include "record/request.h"

enum err_class ward_items_claims(struct store_tx *tx, struct party_context *c,
    uint32_t wave, int64_t ordinal, struct ward_items_claims *out,
    struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	out->n = 0;
	TRY(store_query(tx, STMT_WARD_ASKED_CLAIMS,
	    STORE_VALUES(
		store_z(c->node->code), store_int(wave), store_int(ordinal)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       out->n < WARD_ITEMS_CLAIMS) {
		struct bytes record = bytes_dup(c->arena, store_get_blob(r, 2));

		out->basis[out->n] = text_dup(c->arena, store_get_text(r, 1));
		if (subject_unpack(record, &out->claim[out->n]))
			out->n++;
	}
	store_rows_close(r);
	return class;
}

static json_t *items_of(const struct ward_items *x,
    const struct request_wave *w, const struct subject *subject,
    json_t **record, struct layout_report *report)
{
	const struct provenance p = {.c = x->c,
	    .institution = x->institution,
	    .file = x->file,
	    .layout = x->layout,
	    .tables = x->tables,
	    .proof = x->proof,
	    .mend = x->mend};
	struct request request;

	request_fill(subject, w, x->institution, x->number, &request);
	return provenance_items(&p, &request, record, report);
}

json_t *ward_items(
    const struct ward_items *x, json_t **record, struct layout_report *report)
{
	struct arena *a = x->c->arena;
	struct claims all = {0};
	char updated[11];
	struct request_wave w;

	for (size_t i = 0; i < x->claims->n; i++)
		claims_add(&all, &x->claims->claim[i], x->claims->basis[i],
		    x->institution);
	date_format(clock_date(x->w->approved_us != 0 ? x->w->approved_us
						      : x->c->now_us),
	    updated);
	w = (struct request_wave){
	    .basis = text_dup(a, buf_text(&all.basis)),
	    .base_date = text_z(x->w->base_date),
	    .period = text_z(
		arena_printf(a, "%s/%s", x->w->period_from, x->w->period_to)),
	    .registrant = text_z(x->w->requester),
	    .order_code = text_z(
		arena_printf(a, "%s-%03u", x->c->node->code, x->w->wave)),
	    .updated = text_dup(a, text_z(updated)),
	};
	buf_fini(&all.basis);
	return items_of(x, &w, &all.subject, record, report);
}
