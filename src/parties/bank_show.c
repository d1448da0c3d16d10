/* bank_show.c — see bank_show.h. */
#include "parties/bank_show.h"

#include "base/clock.h"
#include "base/told.h"
#include "record/kanri.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *day_or_null(struct text day)
{
	return day.n > 0 ? told_text(day) : json_null();
}

/* A row of DESK_RECEIVED. */
static json_t *file_json(const struct store_rows *r)
{
	char wave[4] = "";
	json_t *o;

	(void)kanri_wave_format((uint32_t)store_get_int(r, 2), wave);
	o = json_pack("{s:o,s:o,s:s,s:I,s:o,s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o}",
	    "authority", told_text(store_get_text(r, 0)), "file",
	    told_text(store_get_text(r, 1)), "wave", wave, "records",
	    (json_int_t)store_get_int(r, 3), "state",
	    told_text(store_get_text(r, 4)), "unit",
	    told_text(store_get_text(r, 5)), "hub",
	    told_text(store_get_text(r, 6)), "received",
	    told_moment(store_get_int(r, 7)), "answered_at",
	    told_moment(store_get_int(r, 8)), "answered",
	    (json_int_t)store_get_int(r, 9), "rejected",
	    (json_int_t)store_get_int(r, 10), "as_of",
	    told_text(store_get_text(r, 11)), "deadline",
	    day_or_null(store_get_text(r, 13)));
	if (o == NULL)
		abort(); /* out of memory */
	return o;
}

struct listing {
	struct party_context *c;
	struct bank_show_page *page;
	const char *authority;
	const char *file;
};

static void add(struct listing *x, const struct store_rows *r)
{
	struct bank_show_page *p = x->page;

	if (json_array_size(p->items) == p->max) {
		p->more = true;
		return;
	}
	(void)json_array_append_new(p->items, file_json(r));
	p->authority = text_cstr(x->c->arena, store_get_text(r, 0));
	p->file = text_cstr(x->c->arena, store_get_text(r, 1));
}

static enum err_class received_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->page->items);
	x->page->more = false;
	TRY(store_query(tx, STMT_DESK_RECEIVED,
	    STORE_VALUES(store_z(x->authority), store_z(x->file),
		store_int((int64_t)x->page->max + 1)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		add(x, r);
	store_rows_close(r);
	return class;
}

enum err_class bank_show_received(
    struct party_context *c, struct bank_show_page *page, struct err *e)
{
	struct listing x = {.c = c,
	    .page = page,
	    .authority = page->authority,
	    .file = page->file};
	enum err_class class;

	page->items = json_array();
	class = store_read(c->store, received_read, &x, e);
	if (class != ERR_NONE)
		json_decref(page->items);
	return class;
}

struct showing {
	struct party_context *c;
	const char *file;
	const char *authority;
	json_t *o;
	struct message m;
	bool found;
	bool kept;
};

static enum err_class file_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct showing *x = arg;
	const char *message = NULL;
	struct store_rows *r;

	json_decref(x->o);
	x->o = NULL;
	TRY(store_one(tx, STMT_DESK_RECEIVED_ONE,
	    STORE_VALUES(store_z(x->authority), store_z(x->file)), &r,
	    &x->found, e));
	if (x->found) {
		x->o = file_json(r);
		message = text_cstr(x->c->arena, store_get_text(r, 12));
	}
	store_rows_close(r);
	if (!x->found)
		return err_set(e, ERR_INPUT, "answer.unknown_file",
		    "そのファイルは受け取っていません",
		    "no such file was received");
	return message_load(tx, message, x->c->arena, &x->m, &x->kept, e);
}

static void put_overdue(struct showing *x, const char *deadline)
{
	bool done = json_is_string(json_object_get(x->o, "answered_at"));
	char today[11];

	date_format(clock_date(x->c->now_us), today);
	(void)json_object_set_new(x->o, "overdue",
	    json_boolean(!done && strcmp(deadline, today) < 0));
}

/* The words of the ward's approval, of its form only if it is signed. */
static void put_approval(struct showing *x, struct bytes cms)
{
	static const char *const keys[] = {"basis", "purpose", "scope",
	    "base_date", "period_from", "period_to", "deadline",
	    "authority_name"};
	const struct peer *ward = peers_of(x->c->peers, x->authority);
	struct buf document = {0};
	struct err e;
	bool good =
	    ward != NULL && ward->party == STORE_WARD &&
	    party_verify(x->c->peers, ward, cms, &document, &e) == ERR_NONE;
	json_t *words =
	    good ? json_loadb((const char *)document.p, document.n, 0, NULL)
		 : NULL;

	(void)json_object_set_new(x->o, "verified", json_boolean(good));
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (json_object_get(words, keys[i]) != NULL)
			(void)json_object_set(
			    x->o, keys[i], json_object_get(words, keys[i]));
	if (json_is_string(json_object_get(words, "deadline")))
		put_overdue(
		    x, json_string_value(json_object_get(words, "deadline")));
	json_decref(words);
	buf_fini(&document);
}

enum err_class bank_show_file(
    struct party_context *c, const char *file, json_t **out, struct err *e)
{
	struct showing x = {.c = c, .file = file};
	struct content content;
	enum err_class class;

	x.authority = arena_copy(c->arena, file, strcspn(file, "-"));
	class = store_read(c->store, file_read, &x, e);
	if (class != ERR_NONE) {
		json_decref(x.o);
		return class;
	}
	/* What is no longer kept, or sealed to a former key, shows less. */
	if (x.kept &&
	    message_open(c->keys, &x.m, c->arena, &content, e) == ERR_NONE) {
		put_approval(&x, content_part(&content, "approval"));
		content_fini(&content);
	}
	*out = x.o;
	return ERR_NONE;
}

struct awaiting {
	struct party_context *c;
	json_t *items;
	size_t max;
};

static void add_awaited(struct awaiting *x, const struct store_rows *r)
{
	struct text deadline = store_get_text(r, 6);
	char wave[4] = "";
	char today[11];

	date_format(clock_date(x->c->now_us), today);
	(void)kanri_wave_format((uint32_t)store_get_int(r, 2), wave);
	(void)json_array_append_new(x->items,
	    json_pack("{s:o,s:o,s:s,s:I,s:o,s:o,s:o,s:b}", "authority",
		told_text(store_get_text(r, 0)), "file",
		told_text(store_get_text(r, 1)), "wave", wave, "records",
		(json_int_t)store_get_int(r, 3), "state",
		told_text(store_get_text(r, 4)), "received",
		told_moment(store_get_int(r, 5)), "deadline",
		day_or_null(deadline), "overdue",
		deadline.n > 0 && text_cmp(deadline, text_z(today)) < 0));
}

static enum err_class add_all(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, struct awaiting *x, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, st, v, n, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		add_awaited(x, r);
	store_rows_close(r);
	return class;
}

static enum err_class awaited_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct awaiting *x = arg;
	const struct store_value v[] = {
	    store_z(x->c->node->code), store_int((int64_t)x->max)};

	(void)json_array_clear(x->items);
	TRY(add_all(tx, STMT_BANK_AWAITED, v, 2, x, e));
	return add_all(tx, STMT_BANK_WAITING, &v[1], 1, x, e);
}

enum err_class bank_show_awaited(
    struct party_context *c, size_t max, json_t **out, struct err *e)
{
	struct awaiting x = {.c = c, .max = max, .items = json_array()};
	enum err_class class = store_read(c->store, awaited_read, &x, e);

	if (class == ERR_NONE)
		*out = x.items;
	else
		json_decref(x.items);
	return class;
}

struct importing {
	int64_t below;
	int64_t last;
	size_t max;
	json_t *items;
	bool more;
};

static void add_import(struct importing *x, const struct store_rows *r)
{
	static const char *const states[] = {"loading", "in force", "replaced"};
	int64_t state = store_get_int(r, 1);

	if (json_array_size(x->items) == x->max) {
		x->more = true;
		return;
	}
	x->last = store_get_int(r, 0);
	(void)json_array_append_new(
	    x->items, json_pack("{s:I,s:s,s:o,s:o,s:I,s:I,s:I,s:I}", "no",
			  (json_int_t)x->last, "state",
			  states[state >= 0 && state <= 2 ? state : 2], "as_of",
			  told_text(store_get_text(r, 2)), "at",
			  told_moment(store_get_int(r, 3)), "customers",
			  (json_int_t)store_get_int(r, 4), "accounts",
			  (json_int_t)store_get_int(r, 5), "transactions",
			  (json_int_t)store_get_int(r, 6), "others",
			  (json_int_t)store_get_int(r, 7)));
}

static enum err_class imports_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct importing *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->items);
	x->more = false;
	TRY(store_query(tx, STMT_DESK_IMPORTS,
	    STORE_VALUES(store_int(x->below), store_int((int64_t)x->max + 1)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		add_import(x, r);
	store_rows_close(r);
	return class;
}

enum err_class bank_show_imports(struct party_context *c, int64_t *below,
    size_t max, json_t **out, struct err *e)
{
	struct importing x = {
	    .below = *below, .max = max, .items = json_array()};
	enum err_class class = store_read(c->store, imports_read, &x, e);

	if (class != ERR_NONE) {
		json_decref(x.items);
		return class;
	}
	*below = x.more ? x.last : 0;
	*out = x.items;
	return ERR_NONE;
}
