/*
 * ward_compare.c — see ward_compare.h. A page looks at a bounded number of
 * records: what a filter leaves out costs as much as what it lets through.
 */
#include "parties/ward_compare.h"

#include "base/clock.h"
#include "parties/layouts.h"
#include "parties/ward_items.h"

#include <stdlib.h>

#define LOOK_MAX 100 /* records for one page */

struct comparing {
	struct party_context *c;
	struct ward_compare *page;
	struct ward_wave w;
	const char *institution;
	const char *today; /* version of the layout in force */
	/* The record at hand: */
	int64_t ordinal;
	char number[KANRI_TEXT];
	struct ward_items_claims claims;
	const char *file;
	const char *layout;
	const char *mend;
};

static enum err_class find_institution(
    struct store_tx *tx, struct comparing *x, struct err *e)
{
	struct ward_institution *in;
	size_t n;

	TRY(ward_wave_institutions(tx, x->c, x->page->wave, &in, &n, e));
	for (size_t i = 0; i < n; i++)
		if (x->page->institution[0] == '\0' ||
		    strcmp(in[i].code, x->page->institution) == 0) {
			x->institution = in[i].code;
			return ERR_NONE;
		}
	return err_set(e, ERR_INPUT, "wave.institution",
	    "この照会の照会先ではありません",
	    "no institution that this wave asks");
}

/* What a record would be written with that is in no file yet. */
static enum err_class find_layout(struct comparing *x, struct err *e)
{
	struct layout *l;
	char day[11];

	date_format(clock_date(x->c->now_us), day);
	l = x->c->layouts == NULL
		? NULL
		: layouts_on(x->c->layouts, x->institution, day, e);
	if (l == NULL)
		return err_set(e, ERR_INPUT, "layout.missing",
		    "この金融機関の様式がここにありません",
		    "no layout of this institution is installed here");
	x->today = layout_version(l);
	return ERR_NONE;
}

/* The file it went in, if it did, and what an officer decided. */
static enum err_class read_place(
    struct store_tx *tx, struct comparing *x, struct err *e)
{
	const struct store_value authority = store_z(x->c->node->code);
	const struct store_value wave = store_int(x->w.wave);
	const struct store_value in = store_z(x->institution);
	const struct store_value ordinal = store_int(x->ordinal);
	struct store_rows *r;
	bool found;

	x->file = x->mend = NULL;
	x->layout = x->today;
	TRY(store_one(tx, STMT_WARD_FILE_OF,
	    STORE_VALUES(authority, wave, in, ordinal), &r, &found, e));
	if (found) {
		x->file = ward_column(x->c->arena, r, 0);
		x->layout = ward_column(x->c->arena, r, 2);
	}
	store_rows_close(r);
	TRY(store_one(tx, STMT_HALT_MENDED,
	    STORE_VALUES(authority, wave, ordinal, in), &r, &found, e));
	if (found)
		x->mend = ward_column(x->c->arena, r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static json_t *rules_of(const json_t *items)
{
	json_t *seen = json_object();
	json_t *list = json_array();
	json_t *item;
	json_t *change;
	const char *rule;
	void *unused;
	size_t i;
	size_t k;

	json_array_foreach(items, i, item)
	{
		json_array_foreach(json_object_get(item, "changes"), k, change)
		{
			json_object_set_new(seen,
			    json_string_value(json_object_get(change, "rule")),
			    json_true());
		}
	}
	for (unused = json_object_iter(seen); unused != NULL;
	     unused = json_object_iter_next(seen, unused)) {
		rule = json_object_iter_key(unused);
		json_array_append_new(list, json_string(rule));
	}
	json_decref(seen);
	return list;
}

static bool has_rule(const json_t *rules, const char *wanted)
{
	size_t n = strlen(wanted);
	json_t *one;
	size_t i;

	json_array_foreach(rules, i, one)
	{
		const char *z = json_string_value(one);

		if (strncmp(z, wanted, n) == 0 && (z[n] == '\0' || z[n] == ':'))
			return true;
	}
	return n == 0;
}

static const char *loss_of(const struct layout_report *r)
{
	if (r->material != 0)
		return "material";
	return r->informational != 0 ? "informational" : "none";
}

static bool wanted(const struct ward_compare *p, const json_t *rules,
    const struct layout_report *report)
{
	if (p->changed && json_array_size(rules) == 0 && !report->held)
		return false;
	if (p->loss[0] != '\0' && strcmp(p->loss, loss_of(report)) != 0)
		return false;
	return has_rule(rules, p->rule) ||
	       (report->held && report->hold.rule != NULL &&
		   strcmp(report->hold.rule, p->rule) == 0);
}

static json_t *held_json(const struct layout_report *r)
{
	char bad[12] = "";

	if (!r->held)
		return json_null();
	if (r->hold.bad != 0)
		(void)snprintf(
		    bad, sizeof(bad), "U+%04X", (unsigned)r->hold.bad);
	return json_pack("{s:s,s:s,s:I,s:s,s:s,s:s}", "item",
	    item_request[r->hold.item].name, "rule", r->hold.rule, "at",
	    (json_int_t)r->hold.at, "bad", bad, "ja", r->hold.ja, "en",
	    r->hold.en);
}

/* Who it is, whether shielded, and why it is in no file. */
static enum err_class put_row(struct store_tx *tx, struct comparing *x,
    json_t *o, json_t *items, struct err *e)
{
	const struct store_value authority = store_z(x->c->node->code);
	const struct store_value wave = store_int(x->w.wave);
	const struct store_value ordinal = store_int(x->ordinal);
	struct store_rows *r;
	bool found;
	bool masked;

	TRY(store_one(tx, STMT_DESK_SAMPLES,
	    STORE_VALUES(authority, wave, ordinal), &r, &found, e));
	masked = found && store_get_int(r, 4) != 0;
	(void)json_object_set_new(o, "atena",
	    json_string(found ? ward_column(x->c->arena, r, 1) : ""));
	store_rows_close(r);
	TRY(store_one(tx, STMT_WARD_EXCEPTION_GET,
	    STORE_VALUES(authority, wave, store_z(x->institution), ordinal), &r,
	    &found, e));
	(void)json_object_set_new(o, "exception",
	    found ? json_string(ward_column(x->c->arena, r, 0)) : json_null());
	store_rows_close(r);
	(void)json_object_set_new(o, "masked", json_boolean(masked));
	(void)json_object_set_new(
	    o, "items", masked ? json_array() : json_incref(items));
	return ERR_NONE;
}

static enum err_class convert(
    struct store_tx *tx, struct comparing *x, struct err *e)
{
	const struct ward_items in = {
	    .c = x->c,
	    .w = &x->w,
	    .institution = x->institution,
	    .number = x->number,
	    .claims = &x->claims,
	    .file = x->file,
	    .layout = x->layout,
	    .mend = x->mend,
	};
	struct layout_report report;
	json_t *record;
	json_t *items = ward_items(&in, &record, &report);
	json_t *rules = rules_of(items);
	enum err_class class = ERR_NONE;
	json_t *o;

	if (wanted(x->page, rules, &report)) {
		o = json_pack("{s:I,s:s,s:s,s:s,s:O,s:o}", "ordinal",
		    (json_int_t)x->ordinal, "inquiry", x->number, "institution",
		    x->institution, "loss", loss_of(&report), "rules", rules,
		    "held", held_json(&report));
		class = put_row(tx, x, o, items, e);
		(void)json_array_append_new(x->page->items, o);
	}
	json_decref(record);
	json_decref(items);
	json_decref(rules);
	return class;
}

static enum err_class compare_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct comparing *x = arg;
	struct ward_compare *p = x->page;
	int64_t last = p->after + LOOK_MAX;

	(void)json_array_clear(p->items);
	TRY(ward_wave_load(tx, x->c, p->wave, &x->w, e));
	TRY(find_institution(tx, x, e));
	TRY(find_layout(x, e));
	if (last > x->w.subjects)
		last = x->w.subjects;
	for (x->ordinal = p->after + 1;
	     x->ordinal <= last && json_array_size(p->items) < p->max;
	     x->ordinal++) {
		struct kanri k = {
		    .wave = p->wave, .ordinal = (uint32_t)x->ordinal};

		memcpy(k.authority, x->c->node->code, sizeof(k.authority));
		(void)snprintf(k.institution, sizeof(k.institution), "%.4s",
		    x->institution);
		TRY(ward_items_claims(
		    tx, x->c, p->wave, x->ordinal, &x->claims, e));
		if (x->claims.n == 0 || !kanri_format(&k, x->number))
			continue; /* excluded */
		TRY(read_place(tx, x, e));
		TRY(convert(tx, x, e));
	}
	p->next = x->ordinal <= x->w.subjects ? x->ordinal - 1 : 0;
	return ERR_NONE;
}

static enum err_class compare_log(struct store_tx *tx, void *arg, struct err *e)
{
	const struct comparing *x = arg;
	json_t *one;
	size_t i;

	json_array_foreach(x->page->items, i, one)
	{
		TRY(ward_log(tx, x->c,
		    &(const struct ward_act){.actor = x->page->officer->name,
			.action = "read",
			.kind = "subject",
			.object =
			    json_string_value(json_object_get(one, "atena")),
			.purpose = "送信前比較",
			.records = 1},
		    e));
	}
	return ERR_NONE;
}

enum err_class ward_compare(
    struct party_context *c, struct ward_compare *page, struct err *e)
{
	struct comparing *x = arena_zero(c->arena, 1, sizeof(*x));
	enum err_class class;

	x->c = c;
	x->page = page;
	page->items = json_array();
	class = store_read(c->store, compare_read, x, e);
	/* S3: before any of it is given out. */
	if (class == ERR_NONE && json_array_size(page->items) > 0)
		class = store_run(c->store, compare_log, x, e);
	if (class != ERR_NONE)
		json_decref(page->items);
	return class;
}
