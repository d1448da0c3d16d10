/*
 * ward_answers.c — see ward_answers.h.
 *
 * A wave's outcomes are neighbours by 管理番号. Those of one class are looked
 * for only in files that have some (file_tally), so that a rare class does not
 * walk the wave.
 */
#include "parties/ward_answers.h"

#include "base/told.h"
#include "record/answer.h"

#include <stdio.h>
#include <stdlib.h>

#define FILES 256 /* looked through in one round */

struct listing {
	struct party_context *c;
	struct ward_answers_page *page;
	char low[WARD_BOUND];
	char high[WARD_BOUND];
	const char *last;
	bool more;
};

static enum err_class put_atena(
    struct store_tx *tx, struct listing *x, json_t *o, struct err *e)
{
	const char *number = json_string_value(json_object_get(o, "inquiry"));
	struct kanri k;
	struct store_rows *r;
	bool found;

	if (!kanri_parse(text_z(number), &k))
		return ERR_NONE;
	TRY(store_one(tx, STMT_WARD_ASKED_GET,
	    STORE_VALUES(store_z(x->c->node->code), store_int(k.wave),
		store_int(k.ordinal)),
	    &r, &found, e));
	(void)json_object_set_new(
	    o, "atena", found ? told_text(store_get_text(r, 0)) : json_null());
	(void)json_object_set_new(o, "institution", json_string(k.institution));
	store_rows_close(r);
	return ERR_NONE;
}

static bool full(const struct listing *x)
{
	return json_array_size(x->page->items) == x->page->max;
}

static void add(struct listing *x, const struct store_rows *r)
{
	if (full(x)) {
		x->more = true;
		return;
	}
	x->last = ward_column(x->c->arena, r, 0);
	(void)json_array_append_new(x->page->items,
	    json_pack("{s:s,s:s,s:b,s:b,s:o}", "inquiry", x->last, "class",
		answer_class_code((enum answer_class)store_get_int(r, 1)),
		"late", store_get_int(r, 2) != 0, "open",
		store_get_int(r, 3) != 0, "file",
		told_text(store_get_text(r, 4))));
}

/* Those above low up to high: one more than the page takes. */
static enum err_class take(struct store_tx *tx, struct listing *x,
    const char *low, const char *high, struct err *e)
{
	size_t left = x->page->max + 1 - json_array_size(x->page->items);
	const struct store_value v[] = {store_z(x->c->node->code), store_z(low),
	    store_z(high), store_int(x->page->class), store_int((int64_t)left)};
	struct store_rows *r;
	enum err_class class;
	bool more;

	if (x->page->class >= 0)
		TRY(store_query(tx, STMT_DESK_OUTCOMES_CLASS, v, 5, &r, e));
	else
		TRY(store_query(tx, STMT_DESK_OUTCOMES,
		    STORE_VALUES(v[0], v[1], v[2], v[4]), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		add(x, r);
	store_rows_close(r);
	return class;
}

struct range {
	char low[WARD_BOUND];
	char high[WARD_BOUND];
};

/* Where the wave's files with that class lie. */
static enum err_class ranges_of(struct store_tx *tx, struct listing *x,
    struct range **out, size_t *n, struct err *e)
{
	const struct ward_answers_page *p = x->page;
	bool one = p->institution[0] != '\0';
	struct store_rows *r;
	enum err_class class;
	size_t room = FILES;
	bool more;

	*out = arena_zero(x->c->arena, room, sizeof(**out));
	*n = 0;
	TRY(store_query(tx, STMT_DESK_FILES_CLASS,
	    STORE_VALUES(store_z(x->c->node->code), store_int(p->wave),
		store_z(p->institution), store_z(one ? p->institution : "~"),
		store_int(p->class), store_int(1 << 20)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		const char *in = ward_column(x->c->arena, r, 1);

		if (*n == room) {
			struct range *grown =
			    arena_zero(x->c->arena, 2 * room, sizeof(**out));

			memcpy(grown, *out, room * sizeof(**out));
			*out = grown;
			room *= 2;
		}
		if (ward_bounds(x->c, p->wave, in, store_get_int(r, 2),
			store_get_int(r, 3), (*out)[*n].low, (*out)[*n].high))
			(*n)++;
	}
	store_rows_close(r);
	return class;
}

static enum err_class by_class(
    struct store_tx *tx, struct listing *x, struct err *e)
{
	const char *after = x->page->after;
	struct range *range;
	size_t n;

	TRY(ranges_of(tx, x, &range, &n, e));
	for (size_t i = 0; i < n && !x->more; i++) {
		if (strcmp(range[i].high, after) <= 0)
			continue;
		TRY(take(tx, x,
		    strcmp(range[i].low, after) <= 0 ? after : range[i].low,
		    range[i].high, e));
	}
	return ERR_NONE;
}

static enum err_class list_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	struct ward_answers_page *p = x->page;
	struct ward_wave w;

	(void)json_array_clear(p->items);
	x->more = false;
	x->last = NULL;
	TRY(ward_wave_load(tx, x->c, p->wave, &w, e));
	if (p->class >= 0)
		TRY(by_class(tx, x, e));
	else
		TRY(take(tx, x, p->after[0] != '\0' ? p->after : x->low,
		    x->high, e));
	for (size_t i = 0; i < json_array_size(p->items); i++)
		TRY(put_atena(tx, x, json_array_get(p->items, i), e));
	p->next = x->more ? x->last : NULL;
	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = p->officer->name,
		.action = "read",
		.kind = "wave",
		.object = w.id,
		.purpose = "回答の一覧",
		.records = (int64_t)json_array_size(p->items)},
	    e);
}

enum err_class ward_answers_list(
    struct party_context *c, struct ward_answers_page *page, struct err *e)
{
	struct listing x = {.c = c, .page = page};
	enum err_class class;

	if (!ward_bounds(c, page->wave,
		page->institution[0] != '\0' ? page->institution : NULL, 1,
		KANRI_ORDINAL_MAX, x.low, x.high))
		return err_set(e, ERR_INPUT, "wave.institution",
		    "照会できる金融機関ではありません",
		    "no institution that can be asked");
	page->items = json_array();
	class = store_run(c->store, list_write, &x, e);
	if (class != ERR_NONE)
		json_decref(page->items);
	return class;
}

/* --- by subject --- */

struct tabling {
	struct party_context *c;
	struct ward_answers_results *page;
	struct ward_wave w;
	struct ward_institution *in;
	size_t n;
	int64_t last;  /* ordinal of the page */
	int8_t *class; /* of each subject at each institution; -1: none yet */
};

static int8_t *class_of(const struct tabling *x, int64_t ordinal, size_t in)
{
	return &x->class[(size_t)(ordinal - x->page->after - 1) * x->n + in];
}

/* An institution's outcomes are neighbours: one look for the whole page. */
static enum err_class read_classes(
    struct store_tx *tx, struct tabling *x, size_t in, struct err *e)
{
	char low[WARD_BOUND];
	char high[WARD_BOUND];
	struct store_rows *r;
	enum err_class class;
	bool more;

	if (!ward_bounds(x->c, x->page->wave, x->in[in].code,
		x->page->after + 1, x->last, low, high))
		return ERR_NONE;
	TRY(store_query(tx, STMT_DESK_OUTCOMES,
	    STORE_VALUES(store_z(x->c->node->code), store_z(low), store_z(high),
		store_int(x->last - x->page->after)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct kanri k;

		if (kanri_parse(store_get_text(r, 0), &k) &&
		    k.ordinal > x->page->after && k.ordinal <= x->last)
			*class_of(x, k.ordinal, in) =
			    (int8_t)store_get_int(r, 1);
	}
	store_rows_close(r);
	return class;
}

static enum err_class read_page(
    struct store_tx *tx, struct tabling *x, struct err *e)
{
	size_t cells = (size_t)(x->last - x->page->after) * x->n;

	x->class = arena_zero(x->c->arena, cells + 1, 1);
	memset(x->class, -1, cells);
	for (size_t i = 0; i < x->n; i++)
		TRY(read_classes(tx, x, i, e));
	return ERR_NONE;
}

/* What became of one subject at each institution. */
static void put_answers(const struct tabling *x, int64_t ordinal, json_t *list)
{
	struct kanri k = {.wave = x->page->wave, .ordinal = (uint32_t)ordinal};

	memcpy(k.authority, x->c->node->code, sizeof(k.authority));
	for (size_t i = 0; i < x->n; i++) {
		int8_t class = *class_of(x, ordinal, i);
		char number[KANRI_TEXT];

		(void)snprintf(k.institution, sizeof(k.institution), "%.4s",
		    x->in[i].code);
		if (!kanri_format(&k, number))
			continue;
		(void)json_array_append_new(
		    list, json_pack("{s:s,s:s,s:o}", "inquiry", number,
			      "institution", x->in[i].code, "class",
			      class >= 0 ? json_string(answer_class_code(
					       (enum answer_class) class))
					 : json_null()));
	}
}

static enum err_class put_subject(
    struct store_tx *tx, struct tabling *x, int64_t ordinal, struct err *e)
{
	json_t *answers = json_array();
	struct store_rows *r;
	const char *atena;
	bool found;
	bool masked;

	TRY(store_one(tx, STMT_DESK_SAMPLES,
	    STORE_VALUES(store_z(x->c->node->code), store_int(x->page->wave),
		store_int(ordinal)),
	    &r, &found, e));
	atena = found ? ward_column(x->c->arena, r, 1) : "";
	masked = found && store_get_int(r, 4) != 0;
	(void)json_array_append_new(x->page->items,
	    json_pack("{s:I,s:s,s:o,s:b,s:o}", "ordinal", (json_int_t)ordinal,
		"atena", atena, "kanji",
		masked || !found ? json_string(masked ? "＊＊＊" : "")
				 : told_text(store_get_text(r, 3)),
		"masked", masked, "answers", answers));
	store_rows_close(r);
	put_answers(x, ordinal, answers);
	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = x->page->officer->name,
		.action = "read",
		.kind = "subject",
		.object = atena,
		.purpose = "財産調査結果一覧",
		.records = 1},
	    e);
}

static enum err_class results_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct tabling *x = arg;
	struct ward_answers_results *p = x->page;

	(void)json_array_clear(p->items);
	TRY(ward_wave_load(tx, x->c, p->wave, &x->w, e));
	TRY(ward_wave_institutions(tx, x->c, p->wave, &x->in, &x->n, e));
	x->last = p->after + (int64_t)p->max;
	if (x->last > x->w.subjects)
		x->last = x->w.subjects;
	if (x->last > p->after)
		TRY(read_page(tx, x, e));
	for (int64_t i = p->after + 1; i <= x->last; i++)
		TRY(put_subject(tx, x, i, e));
	p->next = x->last < x->w.subjects ? x->last : 0;
	return ERR_NONE;
}

enum err_class ward_answers_by_subject(
    struct party_context *c, struct ward_answers_results *page, struct err *e)
{
	struct tabling x = {.c = c, .page = page};
	enum err_class class;

	page->items = json_array();
	class = store_run(c->store, results_write, &x, e);
	if (class != ERR_NONE)
		json_decref(page->items);
	return class;
}
