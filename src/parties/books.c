/* books.c — see books.h. */
#include "parties/books.h"

#include "base/clock.h"
#include "base/told.h"
#include "parties/ward_wave.h"

#include <stdlib.h>
#include <string.h>

struct exceptions {
	struct party_context *c;
	uint32_t wave;
	const char *kind;
	void (*row)(void *ctx, const struct book_exception *x);
	void *ctx;
};

/* The 管理番号 is derived: authority, wave, institution, ordinal. */
static bool number_of(
    const struct book_exception *x, uint32_t wave, int64_t ordinal, char *out)
{
	struct kanri k = {.wave = wave, .ordinal = (uint32_t)ordinal};

	if (x->authority.n >= sizeof(k.authority) ||
	    x->institution.n >= sizeof(k.institution))
		return false;
	memcpy(k.authority, x->authority.p, x->authority.n);
	memcpy(k.institution, x->institution.p, x->institution.n);
	return kanri_format(&k, out);
}

/* A row of EXCEPTIONS_OF_WAVE or of the desk's; number is the caller's. */
static struct book_exception exception_of(
    const struct store_rows *r, const char *number)
{
	return (struct book_exception){
	    .inquiry = number,
	    .authority = store_get_text(r, 0),
	    .institution = store_get_text(r, 1),
	    .kind = store_get_text(r, 3),
	    .reason = store_get_text(r, 4),
	    .item = store_get_text(r, 5),
	    .at = store_get_int(r, 6),
	    .bad = store_get_text(r, 7),
	};
}

static enum err_class exceptions_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct exceptions *l = arg;
	struct ward_wave w;
	struct store_rows *r;
	enum err_class class;
	bool more;

	if (l->c->node->party == STORE_WARD)
		TRY(ward_wave_load(tx, l->c, l->wave, &w, e));
	TRY(store_query(tx, STMT_EXCEPTIONS_OF_WAVE,
	    STORE_VALUES(store_int(l->wave), store_z(l->kind ? l->kind : "")),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		char number[KANRI_TEXT];
		struct book_exception x = exception_of(r, number);

		if (number_of(&x, l->wave, store_get_int(r, 2), number))
			l->row(l->ctx, &x);
	}
	store_rows_close(r);
	return class;
}

enum err_class books_exceptions(struct party_context *c, uint32_t wave,
    const char *kind, void (*row)(void *ctx, const struct book_exception *x),
    void *ctx, struct err *e)
{
	struct exceptions l = {
	    .c = c, .wave = wave, .kind = kind, .row = row, .ctx = ctx};

	return store_read(c->store, exceptions_read, &l, e);
}

json_t *books_exception_json(const struct book_exception *x)
{
	return json_pack("{s:s,s:o,s:o,s:o,s:o,s:I,s:o}", "inquiry", x->inquiry,
	    "institution", told_text(x->institution), "kind",
	    told_text(x->kind), "reason", told_text(x->reason), "item",
	    told_text(x->item), "at", (json_int_t)x->at, "bad",
	    told_text(x->bad));
}

struct paging {
	struct party_context *c;
	struct books_page *page;
};

static enum err_class page_query(struct store_tx *tx, const struct paging *x,
    struct store_rows **r, struct err *e)
{
	const struct books_page *p = x->page;
	bool one = p->institution[0] != '\0';
	bool begun = p->after[0] != '\0';
	const struct store_value v[] = {
	    store_z(x->c->node->code),
	    store_int(p->wave),
	    store_z(begun ? p->after : p->institution),
	    store_int(begun ? p->ordinal : 0),
	    store_z(one ? p->institution : "~"), /* behind every code */
	    store_z(p->kind),
	    store_int((int64_t)p->max + 1),
	};

	if (p->kind[0] != '\0' && strcmp(p->kind, "held") != 0)
		return store_query(tx, STMT_DESK_EXCEPTIONS_KIND, v, 7, r, e);
	return store_query(tx,
	    p->kind[0] != '\0' ? STMT_DESK_EXCEPTIONS_HELD
			       : STMT_DESK_EXCEPTIONS,
	    STORE_VALUES(v[0], v[1], v[2], v[3], v[4], v[6]), r, e);
}

static void page_row(struct paging *x, const struct store_rows *r)
{
	struct books_page *p = x->page;
	char number[KANRI_TEXT];
	struct book_exception row = exception_of(r, number);

	if (json_array_size(p->items) == p->max) {
		p->next = p->ordinal;
		return;
	}
	if (!number_of(&row, p->wave, store_get_int(r, 2), number))
		return;
	(void)json_array_append_new(p->items, books_exception_json(&row));
	p->next_institution = text_cstr(x->c->arena, row.institution);
	p->ordinal = store_get_int(r, 2);
}

static enum err_class page_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct paging *x = arg;
	struct ward_wave w;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->page->items);
	x->page->next = 0;
	TRY(ward_wave_load(tx, x->c, x->page->wave, &w, e));
	TRY(page_query(tx, x, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		page_row(x, r);
	store_rows_close(r);
	return class;
}

enum err_class books_exceptions_page(
    struct party_context *c, struct books_page *page, struct err *e)
{
	struct paging x = {.c = c, .page = page};
	enum err_class class;

	page->items = json_array();
	class = store_read(c->store, page_read, &x, e);
	if (class != ERR_NONE)
		json_decref(page->items);
	return class;
}

json_t *books_carry_json(const struct book_carry *x)
{
	char at[CLOCK_TEXT];
	char erased[CLOCK_TEXT] = "";

	clock_format(x->at_us, at);
	if (x->erased_us != 0)
		clock_format(x->erased_us, erased);
	return json_pack("{s:I,s:s,s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o}", "no",
	    (json_int_t)x->seq, "at", at, "direction", told_text(x->direction),
	    "hub", told_text(x->hub), "name", told_text(x->name), "who",
	    told_text(x->who), "messages", (json_int_t)x->messages, "records",
	    (json_int_t)x->records, "digest", told_text(x->digest), "erased",
	    x->erased_us != 0 ? json_string(erased) : json_null());
}

struct carries {
	void (*row)(void *ctx, const struct book_carry *x);
	void *ctx;
};

static enum err_class carry_read(struct store_tx *tx, void *arg, struct err *e)
{
	const struct carries *l = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_CARRY_LIST, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		l->row(l->ctx, &(const struct book_carry){
				   .seq = store_get_int(r, 0),
				   .at_us = store_get_int(r, 1),
				   .direction = store_get_text(r, 2),
				   .hub = store_get_text(r, 3),
				   .name = store_get_text(r, 4),
				   .who = store_get_text(r, 5),
				   .messages = store_get_int(r, 6),
				   .records = store_get_int(r, 7),
				   .digest = store_get_text(r, 8),
				   .erased_us = store_get_int(r, 9),
			       });
	store_rows_close(r);
	return class;
}

enum err_class books_carry(struct party_context *c,
    void (*row)(void *ctx, const struct book_carry *x), void *ctx,
    struct err *e)
{
	struct carries l = {.row = row, .ctx = ctx};

	return store_read(c->store, carry_read, &l, e);
}

struct erasing {
	struct party_context *c;
	int64_t seq;
	const struct ward_user *officer;
};

static enum err_class erased_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct erasing *x = arg;
	char object[24];
	struct store_rows *r;
	int64_t changed;
	bool found;

	TRY(store_one(tx, STMT_WARD_CARRY_GET, STORE_VALUES(store_int(x->seq)),
	    &r, &found, e));
	store_rows_close(r);
	if (!found)
		return err_set(e, ERR_INPUT, "carry.unknown",
		    "受渡簿にその番号はありません",
		    "no such entry in the carrying book");
	TRY(store_do(tx, STMT_WARD_CARRY_ERASED,
	    STORE_VALUES(store_int(x->seq), store_int(x->c->now_us)), &changed,
	    e));
	if (changed == 0)
		return ERR_NONE;
	(void)snprintf(object, sizeof(object), "%lld", (long long)x->seq);
	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = x->officer->name,
		.action = "change",
		.kind = "carry",
		.object = object,
		.purpose = "媒体の消去",
		.records = 1},
	    e);
}

enum err_class books_erased(struct party_context *c, int64_t seq,
    const struct ward_user *officer, struct err *e)
{
	struct erasing x = {.c = c, .seq = seq, .officer = officer};

	return store_run(c->store, erased_write, &x, e);
}

enum err_class books_takeout(struct store_tx *tx, struct party_context *c,
    const struct book_takeout *t, struct err *e)
{
	const char *what = strcmp(t->what, "print") == 0 ? "印刷" : "持出し";

	TRY(STORE_DO(tx, STMT_DESK_TAKEOUT_ADD, e, store_z(c->node->code),
	    store_int(c->now_us), store_z(t->who), store_z(t->what),
	    store_z(t->kind), store_z(t->object), store_z(t->purpose),
	    store_int(t->records), store_z(t->digest)));
	return ward_log(tx, c,
	    &(const struct ward_act){.actor = t->who,
		.action = "export",
		.kind = t->kind,
		.object = t->object,
		.purpose = arena_printf(c->arena, "%s: %s", what, t->purpose),
		.records = t->records},
	    e);
}
