/* provenance.c — see provenance.h. */
#include "parties/provenance.h"

#include "base/digest.h"
#include "base/told.h"
#include "layout/layout_trace.h"
#include "parties/layouts.h"
#include "parties/mend.h"

#define FILE_ID "0" /* of a record that is in no file yet */

/* The layout's word on each item: which rule made what of it. */
struct noting {
	json_t *items; /* by request item */
};

static void note(
    void *ctx, enum request_item item, const struct rules_change *change)
{
	struct noting *p = ctx;
	json_t *o = json_array_get(p->items, item);

	json_array_append_new(json_object_get(o, "changes"),
	    json_pack("{s:s,s:I,s:o,s:o}", "rule", change->rule, "at",
		(json_int_t)change->at, "before", told_text(change->before),
		"after", told_text(change->after)));
}

/* What stands in the institution's file: in its first record, and in those of
 * former names and addresses where they differ. */
static void written(void *ctx, enum request_item item, struct text column,
    size_t variant, struct text after)
{
	const struct noting *p = ctx;
	json_t *o = json_array_get(p->items, item);
	json_t *list = json_object_get(o, "written");

	if (list == NULL) {
		list = json_array();
		json_object_set_new(o, "written", list);
		json_object_set_new(o, "after", told_text(after));
	}
	json_array_append_new(
	    list, json_pack("{s:I,s:o,s:o}", "record", (json_int_t)variant,
		      "column", told_text(column), "value", told_text(after)));
}

static const char *loss_of(const struct layout_report *report, int item)
{
	if ((report->material & 1U << item) != 0)
		return "material";
	return (report->informational & 1U << item) != 0 ? "informational"
							 : "none";
}

/* What the record is made of, and whether it is the one that was sent: the
 * unit kept losses and digest of that (proof.h). */
static json_t *record_of(const struct provenance *x,
    const struct layout *layout, const struct layout_report *report,
    struct bytes record)
{
	struct proof now = proof_of(report, record);
	char hex[DIGEST_TEXT];
	char sent[DIGEST_TEXT];
	json_t *o;

	digest_hex(digest_one(record), hex);
	o = json_pack("{s:s,s:s,s:s,s:s}", "layout", layout_version(layout),
	    "tables", x->c->codes->version, "text_tables",
	    layout_tables(layout), "digest", hex);
	if (x->tables != NULL) {
		bytes_hex(x->proof->digest, PROOF_DIGEST, sent);
		json_object_set_new(o, "sent",
		    json_pack(
			"{s:s,s:s}", "digest", sent, "text_tables", x->tables));
		json_object_set_new(
		    o, "proved", json_boolean(proof_same(&now, x->proof)));
	}
	return o;
}

static void convert(const struct provenance *x, const struct request *request,
    struct noting *p, json_t **record, struct layout_report *report)
{
	struct buf bytes = {0};
	const struct layout_trace trace = {
	    .field = written, .ctx = p, .record = &bytes};
	struct layout *layout;
	struct err ignored;

	if (x->c->layouts == NULL || x->layout == NULL || x->layout[0] == '\0')
		return;
	layout = layouts_with_tables(
	    x->c->layouts, x->institution, x->layout, x->tables, &ignored);
	if (layout == NULL)
		return;
	layout_trace(layout, x->file != NULL ? x->file : FILE_ID, request,
	    &trace, report);
	*record = record_of(x, layout, report, buf_bytes(&bytes));
	buf_fini(&bytes);
	for (int i = 0; i < REQUEST_COUNT; i++)
		json_object_set_new(json_array_get(p->items, (size_t)i), "loss",
		    json_string(loss_of(report, i)));
}

/* An officer's word on it, if there is one: whose value it is. */
static bool mended(
    const struct provenance *x, struct request *request, json_t *items)
{
	struct request before = *request;
	bool loss = x->mend != NULL &&
		    mend_apply(x->c->arena, text_z(x->mend), request);

	for (int i = 0; i < REQUEST_COUNT; i++) {
		json_t *o = json_array_get(items, (size_t)i);

		if (text_eq(before.f[i], request->f[i]))
			continue;
		json_object_set_new(o, "source", json_string("officer"));
		json_object_set_new(o, "mended_from", told_text(before.f[i]));
		json_object_set_new(o, "value", told_text(request->f[i]));
	}
	return loss;
}

json_t *provenance_items(const struct provenance *x, struct request *request,
    json_t **record, struct layout_report *report)
{
	static const char *const sources[] = {
	    [ITEM_OF_WARD] = "ward",
	    [ITEM_OF_WAVE] = "wave",
	    [ITEM_OF_SYSTEM] = "system",
	    [ITEM_OF_BANK] = "bank",
	};
	struct noting p = {.items = json_array()};

	for (int i = 0; i < REQUEST_COUNT; i++)
		json_array_append_new(
		    p.items, json_pack("{s:s,s:s,s:o,s:[]}", "item",
				 item_request[i].name, "source",
				 sources[item_request[i].source], "value",
				 told_text(request->f[i]), "changes"));
	*record = NULL;
	*report = (struct layout_report){.note = note, .ctx = &p};
	report->allowed = mended(x, request, p.items);
	convert(x, request, &p, record, report);
	report->ctx = NULL;
	return p.items;
}
