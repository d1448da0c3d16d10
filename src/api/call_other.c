/* call_other.c — what unit, hub and bank are asked: layouts, files, traffic,
 * what was received. */
#include "api/calls.h"
#include "parties/bank.h"
#include "parties/bank_show.h"
#include "parties/hub.h"
#include "parties/layouts.h"

#include <stdio.h>

/* --- layouts --- */

struct listing {
	struct call *c;
	json_t *items;
};

static void add_layout(void *ctx, const char *institution, const char *version)
{
	struct listing *x = ctx;
	struct err e;
	struct layout *l =
	    layouts_version(x->c->c->layouts, institution, version, &e);

	(void)json_array_append_new(x->items,
	    json_pack("{s:s,s:s,s:o}", "code", institution, "version", version,
		"name", l != NULL ? json_string(layout_name(l)) : json_null()));
}

enum err_class call_other_layouts(struct call *c, struct err *e)
{
	struct listing x = {.c = c, .items = json_array()};

	(void)e;
	layouts_list(
	    node_path(c->c->node, c->c->arena, "layouts"), add_layout, &x);
	call_list(c, x.items, NULL);
	return ERR_NONE;
}

enum err_class call_other_layout(struct call *c, struct err *e)
{
	const char *lang = call_text(c->query, "lang");
	struct buf sheet = {0};
	struct date day;
	struct layout *l;

	if (!text_is_digits(text_z(c->param[0]), 4, 4) ||
	    !date_parse(text_z(c->param[1]), &day))
		return call_not_found(e);
	l = layouts_version(c->c->layouts, c->param[0], c->param[1], e);
	if (l == NULL)
		return e->class;
	layout_show(l, strcmp(lang, "en") == 0 ? "en" : "ja", &sheet);
	c->out = json_pack("{s:s,s:s,s:s,s:o}", "code", c->param[0], "version",
	    c->param[1], "name", layout_name(l), "sheet",
	    told_text(buf_text(&sheet)));
	buf_fini(&sheet);
	return ERR_NONE;
}

/* --- files --- */

struct filing {
	struct call *c;
	const char *parts[2];
	size_t max;
	json_t *items;
	bool more;
};

static void add_file(struct filing *x, const struct store_rows *r)
{
	char wave[4];

	if (json_array_size(x->items) == x->max) {
		x->more = true;
		return;
	}
	(void)kanri_wave_format((uint32_t)store_get_int(r, 2), wave);
	(void)json_array_append_new(
	    x->items, json_pack("{s:o,s:o,s:s,s:o,s:o,s:I,s:o,s:o,s:o,s:o,s:o}",
			  "authority", told_text(store_get_text(r, 0)), "file",
			  told_text(store_get_text(r, 1)), "wave", wave,
			  "institution", told_text(store_get_text(r, 3)), "hub",
			  told_text(store_get_text(r, 4)), "records",
			  (json_int_t)store_get_int(r, 5), "state",
			  told_text(store_get_text(r, 6)), "sent",
			  told_moment(store_get_int(r, 7)), "received",
			  told_moment(store_get_int(r, 8)), "answered",
			  told_moment(store_get_int(r, 9)), "layout",
			  told_text(store_get_text(r, 10))));
	x->parts[0] = text_cstr(x->c->c->arena, store_get_text(r, 0));
	x->parts[1] = text_cstr(x->c->c->arena, store_get_text(r, 1));
}

static enum err_class files_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct filing *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->items);
	x->more = false;
	TRY(store_query(tx,
	    call_bool(x->c->query, "open") ? STMT_DESK_FILES_OPEN
					   : STMT_DESK_FILES,
	    STORE_VALUES(store_z(x->parts[0]), store_z(x->parts[1]),
		store_int((int64_t)x->max + 1)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		add_file(x, r);
	store_rows_close(r);
	return class;
}

enum err_class call_other_files(struct call *c, struct err *e)
{
	struct filing x = {.c = c, .max = call_limit(c)};
	enum err_class class;

	TRY(call_cursor_parts(c, x.parts, 2, e));
	x.items = json_array();
	class = store_read(c->c->store, files_read, &x, e);
	if (class == ERR_NONE)
		call_list(
		    c, x.items, x.more ? call_cursor(c, x.parts, 2) : NULL);
	else
		json_decref(x.items);
	return class;
}

/* --- hub --- */

static void add_traffic(void *ctx, const struct hub_traffic *t)
{
	(void)json_array_append_new(ctx, hub_traffic_json(t));
}

enum err_class call_other_traffic(struct call *c, struct err *e)
{
	json_t *items = json_array();
	enum err_class class = hub_traffic(c->c, add_traffic, items, e);

	if (class == ERR_NONE)
		call_list(c, items, NULL);
	else
		json_decref(items);
	return class;
}

enum err_class call_other_hours(struct call *c, struct err *e)
{
	const struct node *n = c->c->node;
	int64_t opens = hub_opens(c->c);

	(void)e;
	c->out =
	    json_pack("{s:s,s:s,s:s,s:b,s:o}", "service_from", n->service_from,
		"service_to", n->service_to, "calendar", n->calendar, "open",
		opens <= c->c->now_us, "opens", told_moment(opens));
	return ERR_NONE;
}

static enum err_class backlog_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->items);
	TRY(store_query(tx, STMT_DESK_BACKLOG, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(void)json_array_append_new(x->items,
		    json_pack("{s:o,s:I,s:I}", "peer",
			told_text(store_get_text(r, 0)), "messages",
			(json_int_t)store_get_int(r, 1), "oldest_s",
			(json_int_t)((x->c->c->now_us - store_get_int(r, 2)) /
				     CLOCK_SECOND)));
	store_rows_close(r);
	return class;
}

enum err_class call_other_backlog(struct call *c, struct err *e)
{
	struct listing x = {.c = c, .items = json_array()};
	enum err_class class = store_read(c->c->store, backlog_read, &x, e);

	if (class == ERR_NONE)
		call_list(c, x.items, NULL);
	else
		json_decref(x.items);
	return class;
}

/* --- bank --- */

enum err_class call_other_received(struct call *c, struct err *e)
{
	struct bank_show_page page = {.max = call_limit(c)};
	const char *parts[2];

	TRY(call_cursor_parts(c, parts, 2, e));
	page.authority = parts[0];
	page.file = parts[1];
	TRY(bank_show_received(c->c, &page, e));
	parts[0] = page.authority;
	parts[1] = page.file;
	call_list(c, page.items, page.more ? call_cursor(c, parts, 2) : NULL);
	return ERR_NONE;
}

enum err_class call_other_received_file(struct call *c, struct err *e)
{
	return bank_show_file(c->c, c->param[0], &c->out, e);
}

enum err_class call_other_awaited(struct call *c, struct err *e)
{
	json_t *items;

	TRY(bank_show_awaited(c->c, CALL_LIMIT_MAX, &items, e));
	call_list(c, items, NULL);
	return ERR_NONE;
}

enum err_class call_other_imports(struct call *c, struct err *e)
{
	const char *part;
	int64_t below = INT64_MAX;
	json_t *items;

	TRY(call_cursor_parts(c, &part, 1, e));
	if (part[0] != '\0' && !text_to_int(text_z(part), INT64_MAX, &below))
		return call_not_found(e);
	TRY(bank_show_imports(c->c, &below, call_limit(c), &items, e));
	part = arena_printf(c->c->arena, "%lld", (long long)below);
	call_list(c, items, below != 0 ? call_cursor(c, &part, 1) : NULL);
	return ERR_NONE;
}

enum err_class call_other_answer_again(struct call *c, struct err *e)
{
	int64_t records = 0;

	TRY(bank_answer_again(c->c, c->param[0], c->user.name, &records, e));
	c->out = json_pack("{s:I}", "answered", (json_int_t)records);
	c->wake = true;
	return ERR_NONE;
}
