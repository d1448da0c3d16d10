/* unit_show.c — see unit_show.h. */
#include "parties/unit_show.h"

#include "base/clock.h"
#include "base/told.h"
#include "record/kanri.h"

#include <stdio.h>
#include <stdlib.h>

#define DAYS 31

struct listing {
	struct party_context *c;
	json_t *items;
	struct unit_show_holds *page;
	int64_t converted[DAYS];
	int64_t cleansed[DAYS];
	int64_t first_us; /* of the oldest of them */
};

/* Each row of a statement. */
static enum err_class each(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n,
    void (*row)(struct listing *x, const struct store_rows *r),
    struct listing *x, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, st, v, n, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		row(x, r);
	store_rows_close(r);
	return class;
}

/* --- authorities --- */

static json_t *authority_of(struct listing *x, struct text code)
{
	size_t i;
	json_t *o;

	json_array_foreach(x->items, i, o)
	{
		if (text_is(
			code, json_string_value(json_object_get(o, "code"))))
			return o;
	}
	o = json_pack("{s:o,s:I,s:I,s:I,s:I,s:I}", "code", told_text(code),
	    "waves", (json_int_t)0, "files", (json_int_t)0, "in_flight",
	    (json_int_t)0, "held", (json_int_t)0, "converted", (json_int_t)0);
	(void)json_array_append_new(x->items, o);
	return o;
}

static void set(json_t *o, const char *key, int64_t n)
{
	(void)json_object_set_new(o, key, json_integer(n));
}

static void add_waves(struct listing *x, const struct store_rows *r)
{
	set(authority_of(x, store_get_text(r, 0)), "waves",
	    store_get_int(r, 1));
}

static void add_files(struct listing *x, const struct store_rows *r)
{
	json_t *o = authority_of(x, store_get_text(r, 0));

	set(o, "files", store_get_int(r, 1));
	set(o, "converted", store_get_int(r, 2));
	set(o, "in_flight", store_get_int(r, 3));
}

static void add_held(struct listing *x, const struct store_rows *r)
{
	set(authority_of(x, store_get_text(r, 0)), "held", store_get_int(r, 1));
}

static enum err_class authorities_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;

	(void)json_array_clear(x->items);
	TRY(each(tx, STMT_UNIT_SHOW_WAVES, NULL, 0, add_waves, x, e));
	TRY(each(tx, STMT_UNIT_SHOW_FILES, NULL, 0, add_files, x, e));
	return each(tx, STMT_UNIT_SHOW_HELD, NULL, 0, add_held, x, e);
}

static enum err_class read_list(
    struct listing *x, store_fn *fn, json_t **out, struct err *e)
{
	enum err_class class;

	x->items = json_array();
	class = store_read(x->c->store, fn, x, e);
	if (class == ERR_NONE)
		*out = x->items;
	else
		json_decref(x->items);
	return class;
}

enum err_class unit_show_authorities(
    struct party_context *c, json_t **out, struct err *e)
{
	struct listing x = {.c = c};

	return read_list(&x, authorities_read, out, e);
}

/* --- hold list --- */

static void add_hold(struct listing *x, const struct store_rows *r)
{
	struct unit_show_holds *p = x->page;
	struct kanri k = {.wave = (uint32_t)store_get_int(r, 1),
	    .ordinal = (uint32_t)store_get_int(r, 3)};
	char number[KANRI_TEXT];
	char wave[4] = "";

	if (json_array_size(p->items) == p->max) {
		p->more = true;
		return;
	}
	p->where = (struct unit_show_where){
	    .authority = text_cstr(x->c->arena, store_get_text(r, 0)),
	    .wave = k.wave,
	    .institution = text_cstr(x->c->arena, store_get_text(r, 2)),
	    .ordinal = k.ordinal};
	(void)snprintf(
	    k.authority, sizeof(k.authority), "%s", p->where.authority);
	(void)snprintf(
	    k.institution, sizeof(k.institution), "%s", p->where.institution);
	(void)kanri_wave_format(k.wave, wave);
	(void)json_array_append_new(p->items,
	    json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:I,s:o}", "authority",
		p->where.authority, "wave", wave, "inquiry",
		kanri_format(&k, number) ? number : "", "institution",
		p->where.institution, "reason", told_text(store_get_text(r, 4)),
		"item", told_text(store_get_text(r, 5)), "at",
		(json_int_t)store_get_int(r, 6), "bad",
		told_text(store_get_text(r, 7))));
}

static enum err_class holds_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	struct unit_show_holds *p = x->page;
	const struct unit_show_where at = p->where;
	bool begun = at.authority[0] != '\0';
	bool one = p->authority[0] != '\0';

	(void)json_array_clear(p->items);
	p->more = false;
	return each(tx, STMT_UNIT_SHOW_HOLDS,
	    STORE_VALUES(store_z(begun ? at.authority : p->authority),
		store_int(begun ? at.wave : p->wave), store_z(at.institution),
		store_int(at.ordinal),
		store_z(one ? p->authority : "~"), /* behind every code */
		store_int(p->wave), store_int((int64_t)p->max + 1)),
	    add_hold, x, e);
}

enum err_class unit_show_holds(
    struct party_context *c, struct unit_show_holds *page, struct err *e)
{
	struct listing x = {.c = c, .page = page};
	enum err_class class;

	page->items = json_array();
	class = store_read(c->store, holds_read, &x, e);
	if (class != ERR_NONE)
		json_decref(page->items);
	return class;
}

/* --- throughput --- */

static int64_t *day_of(int64_t counts[DAYS], const struct store_rows *r)
{
	int64_t day = store_get_int(r, 0);

	return day >= 0 && day < DAYS ? &counts[day] : NULL;
}

static void add_converted(struct listing *x, const struct store_rows *r)
{
	int64_t *n = day_of(x->converted, r);

	if (n != NULL)
		*n = store_get_int(r, 1);
}

static void add_cleansed(struct listing *x, const struct store_rows *r)
{
	int64_t *n = day_of(x->cleansed, r);

	if (n != NULL)
		*n = store_get_int(r, 1);
}

static enum err_class throughput_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	const struct store_value since = store_int(x->first_us);

	memset(x->converted, 0, sizeof(x->converted));
	memset(x->cleansed, 0, sizeof(x->cleansed));
	TRY(each(tx, STMT_UNIT_SHOW_CONVERTED, &since, 1, add_converted, x, e));
	return each(tx, STMT_UNIT_SHOW_CLEANSED, &since, 1, add_cleansed, x, e);
}

enum err_class unit_show_throughput(
    struct party_context *c, json_t **out, struct err *e)
{
	int64_t today = clock_of_date(clock_date(c->now_us));
	struct listing x = {.c = c, .first_us = today - (DAYS - 1) * CLOCK_DAY};

	TRY(read_list(&x, throughput_read, out, e));
	for (int i = DAYS - 1; i >= 0; i--) {
		char day[11];

		if (x.converted[i] + x.cleansed[i] == 0)
			continue;
		date_format(clock_date(x.first_us + i * CLOCK_DAY), day);
		(void)json_array_append_new(
		    *out, json_pack("{s:s,s:I,s:I}", "day", day, "converted",
			      (json_int_t)x.converted[i], "cleansed",
			      (json_int_t)x.cleansed[i]));
	}
	return ERR_NONE;
}
