/* ward_reconcile.c — see ward_reconcile.h. */
#include "parties/ward_reconcile.h"

#include "parties/ward_count.h"

#include <stdio.h>

#define HUBS_MAX 256

struct reconciling {
	struct party_context *c;
	const struct reconcile_sink *sink;
	struct hub {
		char code[NODE_CODE];
		struct ward_tally tally;
		bool good;
	} * hubs;
	size_t hub_count;
	uint32_t *waves;
	size_t wave_count;
};

static void tell(const struct reconciling *x, const char *scope, const char *id,
    const struct ward_tally *t, const char *why)
{
	const struct reconcile_row row = {
	    .scope = scope,
	    .id = id,
	    .sent = t->sent,
	    .answered = t->answered,
	    .rejected = t->rejected,
	    .cancelled = t->cancelled,
	    .expired = t->expired,
	    .pending = t->pending,
	    .ok = why[0] == '\0',
	    .why = why,
	};

	x->sink->row(x->sink->ctx, &row);
}

static struct hub *hub_of(struct reconciling *x, const char *code)
{
	struct hub *hub;

	for (size_t i = 0; i < x->hub_count; i++)
		if (strcmp(x->hubs[i].code, code) == 0)
			return &x->hubs[i];
	if (x->hub_count == HUBS_MAX)
		return &x->hubs[HUBS_MAX - 1];
	hub = &x->hubs[x->hub_count++];
	hub->good = true;
	(void)snprintf(hub->code, NODE_CODE, "%s", code);
	return hub;
}

/* Of its ordinals, those that are not in it. */
static enum err_class outside(struct store_tx *tx, const struct reconciling *x,
    const struct ward_counts *w, const struct ward_counted_file *f,
    int64_t *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*out = 0;
	TRY(store_query(tx, STMT_WARD_OUTSIDE,
	    STORE_VALUES(store_z(x->c->node->code), store_int(w->w.wave),
		store_z(w->institutions[f->institution].code),
		store_int(f->first), store_int(f->last), store_z(f->file),
		store_int(f->listed)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(*out)++;
	store_rows_close(r);
	return class;
}

/* What bank and hub said last of the file. */
static enum err_class said(struct store_tx *tx, const struct reconciling *x,
    const struct ward_counted_file *f, const char **why, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_STATEMENTS_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_z(f->file)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text word = store_get_text(r, 1);

		if (f->tally.pending > 0 && text_is(word, "cancelled"))
			*why = "the bank says cancelled";
		else if (f->tally.pending > 0 && text_is(word, "refused"))
			*why = "it was refused";
	}
	store_rows_close(r);
	return class;
}

static const char *differs(
    const struct ward_counts *w, size_t i, int64_t exceptions)
{
	const struct ward_counted_file *f = &w->files[i];

	if (f->outcomes > f->records)
		return "more outcomes than inquiries";
	/* "?": the unit's own word on the file is still to come. */
	if (strcmp(f->message, "?") != 0 &&
	    f->last - f->first + 1 != f->records + exceptions)
		return "records and exceptions do not fill its ordinals";
	/* A listed one lies across others, which do not have its own. */
	for (; !f->listed && i > 0; i--) {
		const struct ward_counted_file *before = &w->files[i - 1];

		if (before->institution != f->institution)
			break;
		if (before->listed)
			continue;
		if (before->last < f->first)
			break;
		return "it overlaps the file before";
	}
	return "";
}

/* Do the counts kept for showing say what the rows say? */
static bool kept_good(
    const struct ward_counted_file *f, const struct ward_counted_file *kept)
{
	return f->outcomes == kept->outcomes &&
	       memcmp(&f->tally, &kept->tally, sizeof(f->tally)) == 0;
}

static enum err_class one_file(struct store_tx *tx, const struct reconciling *x,
    const struct ward_counts *w, const struct ward_counts *kept, size_t i,
    struct err *e)
{
	const struct ward_counted_file *f = &w->files[i];
	int64_t exceptions;
	const char *why;

	TRY(outside(tx, x, w, f, &exceptions, e));
	why = differs(w, i, exceptions);
	if (why[0] == '\0' && !kept_good(f, &kept->files[i]))
		why = "the kept counts are not those of the rows";
	TRY(said(tx, x, f, &why, e));
	if (f->tally.sent > 0 || why[0] != '\0')
		tell(x, "file", f->file, &f->tally, why);
	return ERR_NONE;
}

static const char *wave_differs(const struct ward_counts *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!ward_count_good(&w->by[i]))
			return "an institution does not add up";
	if (w->strays > 0)
		return "rows of no file or institution of the wave";
	if (!ward_count_good(&w->all))
		return "the counts do not add up";
	if (strcmp(w->w.state, "closed") == 0 &&
	    w->all.awaiting + w->all.pending > 0)
		return "closed with something pending";
	return "";
}

/* What is kept of a wave's claims and steps for showing. */
static enum err_class kept_differs(struct store_tx *tx,
    const struct reconciling *x, uint32_t wave, bool *out, struct err *e)
{
	const struct store_value of[] = {
	    store_z(x->c->node->code), store_int(wave)};
	int64_t claims;
	int64_t steps;

	TRY(store_one_int(tx, STMT_WARD_CLAIMS_DIFFER, of, 2, &claims, e));
	TRY(store_one_int(tx, STMT_WARD_STEPS_DIFFER, of, 2, &steps, e));
	*out = claims + steps > 0;
	return ERR_NONE;
}

static enum err_class one_wave(
    struct store_tx *tx, struct reconciling *x, uint32_t wave, struct err *e)
{
	struct ward_counts kept;
	struct ward_counts w;
	const char *why;
	bool differs;

	TRY(ward_count(tx, x->c, wave, &w, e));
	TRY(ward_count_kept(tx, x->c, wave, &kept, e));
	for (size_t i = 0; i < w.file_count; i++)
		TRY(one_file(tx, x, &w, &kept, i, e));
	for (size_t i = 0; i < w.n; i++) {
		struct hub *hub = hub_of(x, w.institutions[i].hub);

		ward_count_add(&hub->tally, &w.by[i]);
		hub->good = hub->good && ward_count_good(&w.by[i]);
	}
	TRY(kept_differs(tx, x, wave, &differs, e));
	why = wave_differs(&w);
	if (why[0] == '\0' && differs)
		why = "the kept counts are not those of the rows";
	tell(x, "wave", w.w.id, &w.all, why);
	return ERR_NONE;
}

static enum err_class read_all(struct store_tx *tx, void *arg, struct err *e)
{
	struct reconciling *x = arg;

	x->hub_count = 0;
	x->hubs = arena_zero(x->c->arena, HUBS_MAX, sizeof(*x->hubs));
	TRY(ward_wave_list(tx, x->c, &x->waves, &x->wave_count, e));
	for (size_t i = 0; i < x->wave_count; i++)
		TRY(one_wave(tx, x, x->waves[i], e));
	for (size_t i = 0; i < x->hub_count; i++)
		tell(x, "hub", x->hubs[i].code, &x->hubs[i].tally,
		    x->hubs[i].good ? "" : "the counts do not add up");
	return ERR_NONE;
}

enum err_class ward_reconcile(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e)
{
	struct reconciling x = {.c = c, .sink = sink};

	return store_read(c->store, read_all, &x, e);
}
