/* call_unit.c — what a unit is asked: authorities, hold list, throughput, and
 * how versions of a layout differ. */
#include "api/calls.h"
#include "api/problem.h"
#include "base/clock.h"
#include "parties/compare.h"
#include "parties/layouts.h"
#include "parties/unit_show.h"
#include "record/kanri.h"

#define TOLD_MAX 1000 /* differences in one answer */

enum err_class call_unit_authorities(struct call *c, struct err *e)
{
	json_t *items;

	TRY(unit_show_authorities(c->c, &items, e));
	call_list(c, items, NULL);
	return ERR_NONE;
}

enum err_class call_unit_throughput(struct call *c, struct err *e)
{
	json_t *items;

	TRY(unit_show_throughput(c->c, &items, e));
	call_list(c, items, NULL);
	return ERR_NONE;
}

/* Where the page before ended; false if that is no cursor. */
static bool where(const char *const parts[4], struct unit_show_where *at)
{
	*at = (struct unit_show_where){
	    .authority = parts[0], .institution = parts[2]};
	return parts[0][0] == '\0' ||
	       (text_to_int(text_z(parts[1]), UINT32_MAX, &at->wave) &&
		   text_to_int(text_z(parts[3]), INT64_MAX, &at->ordinal));
}

enum err_class call_unit_holds(struct call *c, struct err *e)
{
	struct unit_show_holds page = {
	    .authority = call_text(c->query, "authority"),
	    .max = call_limit(c)};
	const char *wave = call_text(c->query, "wave");
	const char *parts[4];

	TRY(call_cursor_parts(c, parts, 4, e));
	if (!where(parts, &page.where))
		return call_not_found(e);
	/* A wave's number says nothing without whose it is. */
	if (wave[0] != '\0' && (page.authority[0] == '\0' ||
				   !kanri_wave_parse(text_z(wave), &page.wave)))
		return err_set(e, ERR_INPUT, "wave.unknown",
		    "その番号の照会はありません", "there is no such wave");
	TRY(unit_show_holds(c->c, &page, e));
	parts[0] = page.where.authority;
	parts[1] =
	    arena_printf(c->c->arena, "%lld", (long long)page.where.wave);
	parts[2] = page.where.institution;
	parts[3] =
	    arena_printf(c->c->arena, "%lld", (long long)page.where.ordinal);
	call_list(c, page.items, page.more ? call_cursor(c, parts, 4) : NULL);
	return ERR_NONE;
}

/* --- versions of a layout --- */

struct telling {
	json_t *items;
	json_t *refusals;
	int64_t refused;
	bool more;
};

static void tell(
    void *ctx, struct text atena, const struct layout_difference *d)
{
	struct telling *x = ctx;

	x->more = json_array_size(x->items) == TOLD_MAX;
	if (!x->more)
		(void)json_array_append_new(
		    x->items, json_pack("{s:o,s:s,s:o,s:o,s:s}", "atena",
				  told_text(atena), "item", d->item, "before",
				  told_text(d->before), "after",
				  told_text(d->after), "loss", d->loss));
}

static void refuse(void *ctx, const struct err *why)
{
	struct telling *x = ctx;

	if (x->refused++ < TOLD_MAX)
		(void)json_array_append_new(
		    x->refusals, problem_json(422, why));
}

static enum err_class version_of(
    struct call *c, const char *version, struct layout **out, struct err *e)
{
	struct date day;

	if (!text_is_digits(text_z(c->param[0]), 4, 4) ||
	    !date_parse(text_z(version), &day))
		return call_not_found(e);
	*out = layouts_version(c->c->layouts, c->param[0], version, e);
	return *out != NULL ? ERR_NONE : e->class;
}

struct reading {
	struct call *c;
	int64_t subjects;
};

/* S3: whose data it is was in the officer's own file. */
static enum err_class log_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct reading *x = arg;

	return audit_add(tx,
	    &(const struct audit_entry){.actor = x->c->user.name,
		.action = "read",
		.kind = "layout",
		.object = text_z(x->c->param[0]),
		.authority = "",
		.purpose = "様式の版の比較",
		.records = x->subjects},
	    x->c->c->now_us, &x->c->c->random, e);
}

static enum err_class compare(
    struct call *c, struct telling *told, csv_read_fn *read, struct err *e)
{
	struct bytes body = c->raw;
	struct compare x = {.read = read,
	    .from = &body,
	    .name = "subjects.csv",
	    .tell = tell,
	    .refuse = refuse,
	    .ctx = told};
	struct reading log = {.c = c};

	TRY(version_of(c, call_text(c->query, "with"), &x.before, e));
	TRY(version_of(c, c->param[1], &x.after, e));
	TRY(compare_layouts(&x, c->c->codes, c->c->arena, e));
	c->out =
	    json_pack("{s:O,s:I,s:I,s:O,s:b}", "items", told->items, "subjects",
		(json_int_t)x.subjects, "refused", (json_int_t)told->refused,
		"refusals", told->refusals, "more", told->more);
	log.subjects = x.subjects;
	return x.subjects > 0 ? store_run(c->c->store, log_write, &log, e)
			      : ERR_NONE;
}

static enum err_class differ(struct call *c, csv_read_fn *read, struct err *e)
{
	struct telling told = {.items = json_array(), .refusals = json_array()};
	enum err_class class = compare(c, &told, read, e);

	json_decref(told.items);
	json_decref(told.refusals);
	return class;
}

enum err_class call_unit_layout_diff(struct call *c, struct err *e)
{
	return differ(c, NULL, e);
}

enum err_class call_unit_layout_diff_of(struct call *c, struct err *e)
{
	return differ(c, csv_read_bytes, e);
}
