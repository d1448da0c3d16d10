/* ward_draft.c — see ward_draft.h: the cursor that puts a wave together. What
 * is asked of an order before stands in ward_order.c. */
#include "parties/ward_draft.h"

#include "base/clock.h"
#include "base/csv.h"
#include "parties/restored.h"
#include "parties/ward_except.h"
#include "parties/ward_order.h"
#include "parties/ward_shield.h"
#include "record/kanri.h"
#include "record/limits.h"
#include "text/utf8.h"

#include <limits.h>
#include <stdlib.h>

#define BLOCK 2500 /* claims in one transaction */
#define PICKS_BLOCK 5000
#define COUNT_BLOCKS 1 /* at once, while an officer waits */
/* So many numbers may have been given out behind the copy that was restored:
 * a peer that lies does not use them all up. */
#define LOST_WAVES 1000

/* One step: what was read, and what it becomes. */
struct block {
	struct party_context *c;
	uint32_t wave;
	json_t *definition;
	char *definition_text;
	bool found;
	bool listed;
	char *after;
	int64_t ordinal;
	/* Read: */
	size_t rows;
	struct choice {
		struct text atena;
		struct text kamoku;
		int64_t arrears;
		bool shielded;
		bool stopped;
		bool recent;	     /* asked about since then */
		const char *address; /* of a shielded one that may be sent */
	} row[BLOCK];
	bool last;
	struct text new_after;
	int64_t new_ordinal;
	/* Written: */
	size_t subjects;
	size_t claims;
	size_t excluded;
	struct store_value subject[2][BLOCK]; /* 宛名番号, ordinal */
	struct store_value claim[4][BLOCK];   /* …, 科目, basis, ordinal */
	struct store_value exclude[2][BLOCK]; /* ordinal, reason */
	size_t shields;
	struct {
		int64_t ordinal;
		const char *address;
	} shield[BLOCK]; /* of whom one address alone goes */
	/* Of a count alone, which has no draft: */
	const struct ward_order *order;
	int64_t again; /* subjects that an open wave asks about already */
};

static const char *of(const json_t *o, const char *key)
{
	const char *z = json_string_value(json_object_get(o, key));

	return z != NULL ? z : "";
}

static enum err_class read_draft(
    struct store_tx *tx, struct block *s, struct err *e)
{
	struct store_rows *r;

	TRY(store_one(tx, STMT_WARD_DRAFT_GET,
	    STORE_VALUES(store_z(s->c->node->code), store_int(s->wave)), &r,
	    &s->found, e));
	s->found = s->found && store_get_int(r, 2) == 1;
	if (s->found) {
		s->definition_text = ward_column(s->c->arena, r, 0);
		s->listed = store_get_int(r, 1) != 0;
		s->after = ward_column(s->c->arena, r, 3);
		s->ordinal = store_get_int(r, 4);
	}
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class query_rows(
    struct store_tx *tx, struct block *s, struct store_rows **r, struct err *e)
{
	const char *code = s->c->node->code;

	if (s->listed)
		return store_query(tx, STMT_WARD_CHOOSE_PICKED,
		    STORE_VALUES(store_z(code), store_int(s->wave),
			store_z(s->after), store_int(BLOCK)),
		    r, e);
	return store_query(tx, STMT_WARD_CHOOSE_ALL,
	    STORE_VALUES(store_z(code), store_z(s->after), store_int(BLOCK)), r,
	    e);
}

static enum err_class read_rows(
    struct store_tx *tx, struct block *s, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	s->rows = 0;
	TRY(query_rows(tx, s, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		s->row[s->rows++] = (struct choice){
		    .atena = text_dup(s->c->arena, store_get_text(r, 0)),
		    .kamoku = text_dup(s->c->arena, store_get_text(r, 1)),
		    .arrears = store_get_int(r, 2),
		    .shielded = store_get_int(r, 3) != 0,
		    .stopped = store_get_int(r, 4) != 0,
		    .address = "",
		};
	store_rows_close(r);
	return class;
}

static enum err_class read_step(struct store_tx *tx, void *arg, struct err *e)
{
	struct block *s = arg;

	TRY(read_draft(tx, s, e));
	return s->found ? read_rows(tx, s, e) : ERR_NONE;
}

static enum err_class read_recent(
    struct store_tx *tx, struct block *s, int64_t since_us, struct err *e)
{
	const struct store_value authority = store_z(s->c->node->code);
	const struct store_value since = store_int(since_us);
	struct store_value *atena =
	    arena_take(s->c->arena, (s->rows + 1) * sizeof(*atena));
	const struct store_column columns[] = {{.same = true, .v = &authority},
	    {.v = atena}, {.same = true, .v = &since}};
	struct store_rows *r;
	enum err_class class;
	bool more;

	for (size_t i = 0; i < s->rows; i++)
		atena[i] = store_text(s->row[i].atena);
	TRY(store_query_each(
	    tx, STMT_WARD_ASKED_SINCE, columns, 3, s->rows, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		s->row[store_input(r)].recent = true;
	store_rows_close(r);
	return class;
}

/* Of the shielded ones, few, what officers have chosen. */
static enum err_class read_shields(
    struct store_tx *tx, struct block *s, struct err *e)
{
	for (size_t i = 0; i < s->rows; i++)
		if (s->row[i].shielded)
			TRY(ward_shield_of(tx, s->c,
			    text_cstr(s->c->arena, s->row[i].atena),
			    &s->row[i].address, e));
	return ERR_NONE;
}

/* What the definition's rules ask about the rows. */
static enum err_class read_rules(struct store_tx *tx, void *arg, struct err *e)
{
	struct block *s = arg;
	struct date since;

	TRY(read_shields(tx, s, e));
	if (s->rows == 0 ||
	    !date_parse(text_z(of(s->definition, "asked_since")), &since))
		return ERR_NONE;
	return read_recent(tx, s, clock_of_date(since), e);
}

static int by_atena(const void *a, const void *b)
{
	const struct ward_pick *x = a;
	const struct ward_pick *y = b;

	return text_cmp(x->atena, y->atena);
}

/* Is the row one of the order's picks (sorted by 宛名番号)? */
static bool picked(const struct ward_order *o, const struct choice *row)
{
	size_t low = 0;
	size_t high = o->pick_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (text_cmp(o->picks[mid].atena, row->atena) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < o->pick_count && text_eq(o->picks[low].atena, row->atena);
	     low++)
		if (o->picks[low].kamoku.n == 0 ||
		    text_eq(o->picks[low].kamoku, row->kamoku))
			return true;
	return false;
}

/* The claims of one subject that are chosen, without repeats. */
struct group {
	const struct choice *claim[ORDER_KINDS];
	size_t n;
	int64_t arrears;
};

static void add_to_group(
    const struct block *s, struct group *g, const struct choice *row)
{
	const char *kind = of(s->definition, "claim_kind");

	if (kind[0] != '\0' && !text_is(row->kamoku, kind))
		return;
	if (s->order != NULL && s->order->listed && !picked(s->order, row))
		return;
	for (size_t i = 0; i < g->n; i++)
		if (text_eq(g->claim[i]->kamoku, row->kamoku))
			return; /* picked twice */
	if (g->n == ORDER_KINDS)
		return;
	g->claim[g->n++] = row;
	g->arrears += row->arrears;
}

static const char *why_excluded(const struct block *s, const struct group *g)
{
	const json_t *kinds = json_object_get(s->definition, "kinds");

	if (g->claim[0]->shielded && g->claim[0]->address[0] == '\0')
		return WARD_SHIELD_HELD;
	if (g->claim[0]->stopped)
		return "処分状況による停止";
	if (g->claim[0]->recent)
		return arena_printf(s->c->arena, "%s以降に照会済み",
		    of(s->definition, "asked_since"));
	for (size_t i = 0; i < g->n; i++) {
		char *kamoku = text_cstr(s->c->arena, g->claim[i]->kamoku);

		if (json_object_get(kinds, kamoku) == NULL)
			return arena_printf(
			    s->c->arena, "根拠法令なし: 科目%s", kamoku);
	}
	return NULL;
}

static void choose(struct block *s, const struct group *g)
{
	const json_t *kinds = json_object_get(s->definition, "kinds");
	struct store_value ordinal;
	const char *why;

	if (g->n == 0 || g->arrears < json_integer_value(json_object_get(
					  s->definition, "min_amount")))
		return;
	ordinal = store_int(++s->new_ordinal);
	s->subject[0][s->subjects] = store_text(g->claim[0]->atena);
	s->subject[1][s->subjects++] = ordinal;
	why = why_excluded(s, g);
	if (why != NULL) {
		s->exclude[0][s->excluded] = ordinal;
		s->exclude[1][s->excluded++] = store_z(why);
		return;
	}
	if (g->claim[0]->shielded) {
		s->shield[s->shields].ordinal = s->new_ordinal;
		s->shield[s->shields++].address = g->claim[0]->address;
	}
	for (size_t i = 0; i < g->n; i++) {
		size_t k = s->claims++;

		s->claim[0][k] = store_text(g->claim[i]->atena);
		s->claim[1][k] = store_text(g->claim[i]->kamoku);
		s->claim[2][k] = store_z(
		    of(kinds, text_cstr(s->c->arena, g->claim[i]->kamoku)));
		s->claim[3][k] = ordinal;
	}
}

/* Rows of one subject stand together; the last one of a full block may be
 * cut off: it comes again with the next block. */
static void choose_rows(struct block *s)
{
	struct group g = {0};
	size_t end = s->rows;

	s->last = s->rows < BLOCK;
	s->new_ordinal = s->ordinal;
	s->new_after = text_z(s->after);
	if (!s->last)
		while (end > 1 && text_eq(s->row[end - 1].atena,
				      s->row[s->rows - 1].atena))
			end--;
	for (size_t i = 0; i < end; i++) {
		if (i > 0 && !text_eq(s->row[i].atena, s->row[i - 1].atena)) {
			choose(s, &g);
			g = (struct group){0};
		}
		add_to_group(s, &g, &s->row[i]);
		s->new_after = s->row[i].atena;
	}
	choose(s, &g);
}

static void count_reasons(const struct block *s, struct ward_draft_counts *out)
{
	for (size_t i = 0; i < s->excluded; i++) {
		struct text why =
		    text_trust(s->exclude[1][i].p, s->exclude[1][i].n);
		size_t k = 0;

		while (k < out->reason_count &&
		       !text_is(why, out->reasons[k].reason))
			k++;
		if (k == WARD_DRAFT_REASONS)
			continue;
		if (k == out->reason_count)
			out->reasons[out->reason_count++].reason =
			    text_cstr(s->c->arena, why);
		out->reasons[k].subjects++;
	}
}

/* Counted by reason; those of one reason need not stand together. */
static enum err_class tally_excluded(
    struct store_tx *tx, struct block *s, struct err *e)
{
	struct ward_draft_counts counts = {0};

	count_reasons(s, &counts);
	for (size_t i = 0; i < counts.reason_count; i++)
		TRY(ward_except_count(tx, s->c,
		    &(const struct ward_except){.wave = s->wave,
			.kind = "excluded",
			.reason = counts.reasons[i].reason},
		    counts.reasons[i].subjects, e));
	return ERR_NONE;
}

/* Of the rows themselves: a claim may have gone since it was read. */
static enum err_class tally_claims(
    struct store_tx *tx, struct block *s, struct err *e)
{
	const struct store_value v[] = {store_z(s->c->node->code),
	    store_int(s->wave), store_int(s->ordinal),
	    store_int(s->new_ordinal)};

	if (s->claims == 0)
		return ERR_NONE;
	TRY(store_do(tx, STMT_WARD_CLAIM_TALLY, v, 4, NULL, e));
	return store_do(tx, STMT_WARD_ASKED_TALLY, v, 4, NULL, e);
}

static enum err_class put_subjects(
    struct store_tx *tx, struct block *s, struct err *e)
{
	const struct store_value authority = store_z(s->c->node->code);
	const struct store_value wave = store_int(s->wave);
	const struct store_value reask = store_z(of(s->definition, "reask"));
	const struct store_value kind = store_z("excluded");
	const struct store_column subjects[] = {{.same = true, .v = &authority},
	    {.same = true, .v = &wave}, {.v = s->subject[0]},
	    {.same = true, .v = &reask}, {.v = s->subject[1]}};
	const struct store_column claims[] = {{.same = true, .v = &authority},
	    {.same = true, .v = &wave}, {.v = s->claim[0]}, {.v = s->claim[1]},
	    {.v = s->claim[2]}, {.v = s->claim[3]}};
	const struct store_column excluded[] = {{.same = true, .v = &authority},
	    {.same = true, .v = &wave}, {.same = true, .v = &kind},
	    {.v = s->exclude[0]}, {.v = s->exclude[1]}};

	TRY(store_each(
	    tx, STMT_WARD_SUBJECT_ASK, subjects, 5, s->subjects, NULL, e));
	TRY(store_each(tx, STMT_WARD_CLAIM_ASK, claims, 6, s->claims, NULL, e));
	for (size_t i = 0; i < s->shields; i++)
		TRY(ward_shield_narrow(tx, s->c, s->wave, s->shield[i].ordinal,
		    s->shield[i].address, e));
	TRY(store_each(
	    tx, STMT_WARD_EXCLUDE, excluded, 5, s->excluded, NULL, e));
	TRY(tally_claims(tx, s, e));
	return tally_excluded(tx, s, e);
}

/* The draft is whole: it becomes a wave, or nothing if it asks nobody. */
static enum err_class finish(
    struct store_tx *tx, struct block *s, struct err *e)
{
	const json_t *d = s->definition;
	const struct store_value v[] = {
	    store_z(s->c->node->code), store_int(s->wave)};

	TRY(store_do(tx, STMT_WARD_DRAFT_DROP, v, 2, NULL, e));
	TRY(store_do(tx, STMT_WARD_PICK_DROP, v, 2, NULL, e));
	if (s->new_ordinal == 0)
		return store_do(tx, STMT_WARD_INSTITUTION_DROP, v, 2, NULL, e);
	TRY(STORE_DO(tx, STMT_WARD_WAVE_ADD, e, v[0], v[1],
	    store_z(of(d, "name")), store_z(of(d, "basis")),
	    store_z(of(d, "purpose")), store_z(of(d, "base_date")),
	    store_z(of(d, "period_from")), store_z(of(d, "period_to")),
	    store_z(of(d, "scope")), store_z(of(d, "deadline")),
	    store_z("drafted"), store_z(of(d, "requester")),
	    store_int(s->c->now_us), store_int(s->new_ordinal)));
	return ward_log(tx, s->c,
	    &(const struct ward_act){.actor = of(d, "requester"),
		.action = "read",
		.kind = "wave",
		.object = of(d, "id"),
		.purpose = "照会対象者の選定",
		.records = s->new_ordinal},
	    e);
}

static enum err_class write_step(struct store_tx *tx, void *arg, struct err *e)
{
	struct block *s = arg;
	int64_t moved;

	TRY(store_do(tx, STMT_WARD_DRAFT_MOVE,
	    STORE_VALUES(store_z(s->c->node->code), store_int(s->wave),
		store_z(s->after), store_text(s->new_after),
		store_int(s->new_ordinal)),
	    &moved, e));
	if (moved != 1)
		return ERR_NONE; /* another worker was quicker */
	TRY(put_subjects(tx, s, e));
	return s->last ? finish(tx, s, e) : ERR_NONE;
}

/* One block; *did false: there is no such draft any more. */
static enum err_class advance(
    struct party_context *c, uint32_t wave, bool *did, struct err *e)
{
	struct block *s = arena_xmalloc(sizeof(*s));
	enum err_class class;
	json_error_t error;

	s->c = c;
	s->wave = wave;
	s->found = false;
	s->order = NULL;
	s->subjects = s->claims = s->excluded = s->shields = 0;
	class = store_read(c->store, read_step, s, e);
	*did = class == ERR_NONE && s->found;
	if (*did) {
		s->definition = json_loads(s->definition_text, 0, &error);
		class = store_read(c->store, read_rules, s, e);
		if (class == ERR_NONE)
			choose_rows(s);
		if (class == ERR_NONE && s->new_ordinal > KANRI_ORDINAL_MAX)
			class = err_set(e, ERR_LIMIT, "wave.too_large",
			    "対象者が多すぎます", "too many subjects");
		if (class == ERR_NONE)
			class = store_run(c->store, write_step, s, e);
		json_decref(s->definition);
	}
	free(s);
	return class;
}

struct finding {
	struct party_context *c;
	int64_t wave;
	bool found;
};

static enum err_class find_draft(struct store_tx *tx, void *arg, struct err *e)
{
	struct finding *f = arg;
	struct store_rows *r;

	TRY(store_one(tx, STMT_WARD_DRAFT_NEXT,
	    STORE_VALUES(store_z(f->c->node->code)), &r, &f->found, e));
	f->wave = f->found ? store_get_int(r, 0) : 0;
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class ward_draft_task(
    struct party_context *c, bool *did, struct err *e)
{
	struct finding f = {.c = c};

	*did = false;
	TRY(store_read(c->store, find_draft, &f, e));
	return f.found ? advance(c, (uint32_t)f.wave, did, e) : ERR_NONE;
}

/* A new draft: its number, its institutions, its picks. */
struct opening {
	struct party_context *c;
	const struct ward_order *order;
	json_t *definition;
	const struct order_institution *institutions;
	size_t institution_count;
	uint32_t wave;
	size_t from;
	size_t to;
};

static enum err_class put_institutions(
    struct store_tx *tx, struct opening *x, struct err *e)
{
	for (size_t i = 0; i < x->institution_count; i++) {
		const struct order_institution *in = &x->institutions[i];

		TRY(STORE_DO(tx, STMT_WARD_INSTITUTION_ADD, e,
		    store_z(x->c->node->code), store_int(x->wave),
		    store_z(in->code), store_z(in->hub),
		    store_z(node_link_name(in->link)),
		    store_z(x->order->reason)));
	}
	return ERR_NONE;
}

static enum err_class next_number(
    struct store_tx *tx, struct opening *x, struct err *e)
{
	struct store_rows *r;
	bool found;
	int64_t last;
	int64_t lost;

	TRY(restored_ready(tx, e));
	TRY(store_one(tx, STMT_WARD_WAVE_LAST,
	    STORE_VALUES(store_z(x->c->node->code)), &r, &found, e));
	last = found ? store_get_int(r, 0) : 0;
	lost = found ? store_get_int(r, 1) : 0;
	store_rows_close(r);
	if (lost > last)
		last = lost < last + LOST_WAVES ? lost : last + LOST_WAVES;
	if (last >= KANRI_WAVE_MAX)
		return err_set(e, ERR_LIMIT, "wave.too_many",
		    "照会の番号が尽きました", "no wave number is left");
	x->wave = (uint32_t)last + 1;
	return ERR_NONE;
}

static enum err_class open_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct opening *x = arg;
	enum err_class class;
	char id[4];
	char *z;

	TRY(next_number(tx, x, e));
	(void)kanri_wave_format(x->wave, id);
	json_object_set_new(x->definition, "id", json_string(id));
	z = json_dumps(x->definition, JSON_COMPACT);
	if (z == NULL)
		abort();
	class = STORE_DO(tx, STMT_WARD_DRAFT_ADD, e, store_z(x->c->node->code),
	    store_int(x->wave), store_z(z), store_int(x->order->listed));
	free(z);
	TRY(class);
	return put_institutions(tx, x, e);
}

static enum err_class picks_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct opening *x = arg;

	for (size_t i = x->from; i < x->to; i++)
		TRY(STORE_DO(tx, STMT_WARD_PICK_ADD, e,
		    store_z(x->c->node->code), store_int(x->wave),
		    store_text(x->order->picks[i].atena),
		    store_text(x->order->picks[i].kamoku)));
	if (x->to < x->order->pick_count)
		return ERR_NONE;
	return STORE_DO(tx, STMT_WARD_DRAFT_READY, e, store_z(x->c->node->code),
	    store_int(x->wave));
}

static enum err_class open_draft(struct opening *x, struct err *e)
{
	TRY(store_run(x->c->store, open_write, x, e));
	do {
		x->to = x->from + PICKS_BLOCK;
		if (x->to > x->order->pick_count)
			x->to = x->order->pick_count;
		TRY(store_run(x->c->store, picks_write, x, e));
		x->from = x->to;
	} while (x->from < x->order->pick_count);
	return ERR_NONE;
}

static enum err_class is_wave(struct store_tx *tx, void *arg, struct err *e)
{
	struct opening *x = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_WAVE_GET,
	    STORE_VALUES(store_z(x->c->node->code), store_int(x->wave)), &r,
	    &found, e));
	store_rows_close(r);
	return found
		   ? ERR_NONE
		   : err_set(e, ERR_INPUT, "wave.empty",
			 "対象者が一人もいません", "it would ask about nobody");
}

/* blocks of it at most; *whole: it is a wave now. */
static enum err_class begin(struct opening *x, const struct ward_user *officer,
    int blocks, bool *whole, struct err *e)
{
	struct order_checked checked = {0};
	enum err_class class;
	bool did = true;

	TRY(ward_order_check(x->c, x->order, officer, &checked, e));
	x->definition = checked.definition;
	x->institutions = checked.institutions;
	x->institution_count = checked.institution_count;
	class = open_draft(x, e);
	json_decref(checked.definition);
	for (int i = 0; i < blocks && class == ERR_NONE && did; i++)
		class = advance(x->c, x->wave, &did, e);
	TRY(class);
	*whole = !did;
	return did ? ERR_NONE : store_read(x->c->store, is_wave, x, e);
}

enum err_class ward_draft_new(struct party_context *c,
    const struct ward_order *order, const struct ward_user *officer,
    uint32_t *wave, struct err *e)
{
	struct opening x = {.c = c, .order = order};
	bool whole;

	TRY(begin(&x, officer, INT_MAX, &whole, e));
	*wave = x.wave;
	return ERR_NONE;
}

enum err_class ward_draft_begin(struct party_context *c,
    const struct ward_order *order, const struct ward_user *officer,
    uint32_t *wave, bool *whole, struct err *e)
{
	struct opening x = {.c = c, .order = order};

	/* The last look finds that there is nothing left to do. */
	TRY(begin(&x, officer, COUNT_BLOCKS + 1, whole, e));
	*wave = x.wave;
	return ERR_NONE;
}

static enum err_class open_read(struct store_tx *tx, void *arg, struct err *e)
{
	return read_draft(tx, arg, e);
}

enum err_class ward_draft_open(
    struct party_context *c, uint32_t wave, bool *open, struct err *e)
{
	struct block *s = arena_zero(c->arena, 1, sizeof(*s));

	s->c = c;
	s->wave = wave;
	TRY(store_read(c->store, open_read, s, e));
	*open = s->found;
	return ERR_NONE;
}

static enum err_class count_rows(struct store_tx *tx, void *arg, struct err *e)
{
	return read_rows(tx, arg, e);
}

/* Those of the block that an open wave asks about already. */
static enum err_class count_again(struct store_tx *tx, void *arg, struct err *e)
{
	struct block *s = arg;
	const struct store_value authority = store_z(s->c->node->code);
	const struct store_column columns[] = {
	    {.same = true, .v = &authority}, {.v = s->subject[0]}};
	struct store_rows *r;
	enum err_class class;
	bool more;

	s->again = 0;
	TRY(store_query_each(
	    tx, STMT_WARD_IN_OPEN_WAVE, columns, 2, s->subjects, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		s->again++;
	store_rows_close(r);
	return class;
}

static enum err_class count_block(
    struct block *s, struct ward_draft_counts *out, struct err *e)
{
	s->subjects = s->claims = s->excluded = s->shields = 0;
	TRY(store_read(s->c->store, count_rows, s, e));
	TRY(store_read(s->c->store, read_rules, s, e));
	choose_rows(s);
	if (s->subjects > 0)
		TRY(store_read(s->c->store, count_again, s, e));
	out->subjects += (int64_t)s->subjects;
	out->claims += (int64_t)s->claims;
	out->excluded += (int64_t)s->excluded;
	out->again += s->subjects > 0 ? s->again : 0;
	count_reasons(s, out);
	s->after = text_cstr(s->c->arena, s->new_after);
	s->ordinal = s->new_ordinal;
	return ERR_NONE;
}

enum err_class ward_draft_count(struct party_context *c,
    const struct ward_order *order, const char *after,
    const struct ward_user *officer, struct ward_draft_counts *out,
    struct err *e)
{
	struct order_checked checked = {0};
	enum err_class class = ERR_NONE;
	struct block *s;

	*out = (struct ward_draft_counts){0};
	TRY(ward_order_check(c, order, officer, &checked, e));
	if (order->listed)
		qsort(order->picks, order->pick_count, sizeof(*order->picks),
		    by_atena);
	out->institutions = (int64_t)checked.institution_count;
	s = arena_xmalloc(sizeof(*s));
	s->c = c;
	s->order = order;
	s->definition = checked.definition;
	s->listed = false;
	s->after = text_cstr(c->arena, text_z(after));
	s->ordinal = 0;
	s->last = false;
	for (int i = 0; i < COUNT_BLOCKS && class == ERR_NONE && !s->last; i++)
		class = count_block(s, out, e);
	if (class == ERR_NONE && !s->last)
		out->next = s->after;
	free(s);
	json_decref(checked.definition);
	return class;
}

static enum err_class bad_selection(
    struct err *e, const char *name, long line, const char *ja, const char *en)
{
	err_set(e, ERR_INPUT, "wave.selection", ja, en);
	return err_at(e, name, line, 0, "宛名番号");
}

/* Where the two columns stand. */
static bool header(const struct csv *csv, size_t at[2])
{
	at[0] = at[1] = SIZE_MAX;
	for (size_t i = 0; i < csv->fields; i++) {
		struct bytes f = csv->field[i];

		if (i == 0 && f.n >= 3 && memcmp(f.p, "\xef\xbb\xbf", 3) == 0)
			f = BYTES(f.p + 3, f.n - 3);
		if (bytes_eq(f, text_bytes(TEXT("宛名番号"))))
			at[0] = i;
		else if (bytes_eq(f, text_bytes(TEXT("科目"))))
			at[1] = i;
		else
			return false;
	}
	return at[0] != SIZE_MAX;
}

static bool take_pick(const struct csv *csv, const size_t at[2],
    struct arena *a, struct ward_pick *out)
{
	struct text t[2] = {TEXT(""), TEXT("")};

	for (int i = 0; i < 2; i++) {
		size_t bad;

		if (at[i] == SIZE_MAX)
			continue;
		if (at[i] >= csv->fields ||
		    !utf8_decode(csv->field[at[i]], &t[i], &bad))
			return false;
		t[i] = text_dup(a, t[i]);
	}
	*out = (struct ward_pick){t[0], t[1], csv->line};
	return text_is_digits(t[0], 1, 15) && t[1].n <= 4;
}

enum err_class ward_draft_picks(struct bytes in, const char *name,
    struct arena *a, struct ward_pick **out, size_t *n, struct err *e)
{
	struct csv csv;
	size_t at[2];
	/* A line has at least two bytes: bounds the array (F1). */
	size_t max = in.n / 2 + 1;
	enum err_class class;
	bool more = false;

	*n = 0;
	*out = arena_take(a, max * sizeof(**out));
	csv_init(&csv, csv_read_bytes, &in, LIMIT_LINE, LIMIT_FIELD);
	class = csv_next(&csv, &more, e);
	if (class == ERR_NONE && (!more || !header(&csv, at)))
		class =
		    bad_selection(e, name, 1, "見出しは宛名番号（と科目）です",
			"the header is 宛名番号 (and 科目)");
	while (class == ERR_NONE &&
	       (class = csv_next(&csv, &more, e)) == ERR_NONE && more) {
		if (csv.blank)
			continue;
		if (*n == max || !take_pick(&csv, at, a, &(*out)[*n]))
			class = bad_selection(e, name, csv.line,
			    "宛名番号または科目の形が違います",
			    "no 宛名番号 or 科目 of its form");
		else
			(*n)++;
	}
	csv_fini(&csv);
	return class;
}
