/* reconcile.c — see reconcile.h: what the unit, a hub and a bank hold. */
#include "parties/reconcile.h"

#include "record/kanri.h"

struct run {
	struct party_context *c;
	const struct reconcile_sink *sink;
	/* The wave or hub being summed up. */
	struct reconcile_row sum;
	char *sum_id;
};

void reconcile_add(struct reconcile_row *sum, const struct reconcile_row *row)
{
	sum->sent += row->sent;
	sum->answered += row->answered;
	sum->rejected += row->rejected;
	sum->cancelled += row->cancelled;
	sum->expired += row->expired;
	sum->pending += row->pending;
	if (!row->ok && sum->ok) {
		sum->ok = false;
		sum->why = "a file of it differs";
	}
}

static void end_sum(struct run *r)
{
	if (r->sum_id != NULL)
		r->sink->row(r->sink->ctx, &r->sum);
	r->sum_id = NULL;
}

/* A file's row goes out, and into the sum of its scope. */
static void emit(struct run *r, const char *scope, const char *id,
    const struct reconcile_row *row)
{
	if (r->sum_id != NULL && strcmp(r->sum_id, id) != 0)
		end_sum(r);
	if (r->sum_id == NULL) {
		r->sum_id = arena_printf(r->c->arena, "%s", id);
		r->sum = (struct reconcile_row){
		    .scope = scope, .id = r->sum_id, .ok = true, .why = ""};
	}
	reconcile_add(&r->sum, row);
	r->sink->row(r->sink->ctx, row);
}

static void differs(struct reconcile_row *row, const char *why)
{
	row->ok = false;
	row->why = why;
}

struct unit_file {
	char *authority;
	char *file;
	char *institution;
	char *state;
	int64_t wave;
	int64_t first;
	int64_t last;
	int64_t records;
	int64_t answered_us;
	bool sent;
	bool listed;
	struct unit_file *next;
};

static enum err_class unit_files(
    struct store_tx *tx, struct arena *a, struct unit_file **out, struct err *e)
{
	struct unit_file **end = out;
	struct store_rows *r;
	enum err_class class;
	bool more;

	*out = NULL;
	TRY(store_query(tx, STMT_RECONCILE_UNIT_FILES, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct unit_file *f = arena_zero(a, 1, sizeof(*f));

		f->authority = text_cstr(a, store_get_text(r, 0));
		f->file = text_cstr(a, store_get_text(r, 1));
		f->wave = store_get_int(r, 2);
		f->institution = text_cstr(a, store_get_text(r, 3));
		f->first = store_get_int(r, 4);
		f->last = store_get_int(r, 5);
		f->records = store_get_int(r, 6);
		f->state = text_cstr(a, store_get_text(r, 7));
		f->sent = store_get_text(r, 8).n > 0;
		f->answered_us = store_get_int(r, 9);
		f->listed = store_get_int(r, 10) != 0;
		*end = f;
		end = &f->next;
	}
	store_rows_close(r);
	return class;
}

static enum err_class unit_listed(
    struct store_tx *tx, const struct unit_file *f, int64_t *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*out = 0;
	TRY(store_query(tx, STMT_HALTED_MEMBERS,
	    STORE_VALUES(store_z(f->authority), store_z(f->file)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		*out += store_get_int(r, 0) >= f->first &&
			store_get_int(r, 0) <= f->last;
	store_rows_close(r);
	return class;
}

/* Inquiries of the file by the rows: subjects that are no exception and went
 * in no other, or those that are listed. */
static enum err_class unit_expected(
    struct store_tx *tx, const struct unit_file *f, int64_t *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	if (f->listed)
		return unit_listed(tx, f, out, e);
	TRY(store_one(tx, STMT_RECONCILE_UNIT_EXPECTED,
	    STORE_VALUES(store_z(f->authority), store_int(f->wave),
		store_z(f->institution), store_int(f->first),
		store_int(f->last)),
	    &r, &found, e));
	*out = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class unit_outcomes(struct store_tx *tx,
    const struct unit_file *f, struct reconcile_row *row, struct err *e)
{
	struct kanri k = {.wave = (uint32_t)f->wave};
	char from[KANRI_TEXT] = "";
	char to[KANRI_TEXT] = "";
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)snprintf(k.authority, sizeof(k.authority), "%.6s", f->authority);
	(void)snprintf(
	    k.institution, sizeof(k.institution), "%.4s", f->institution);
	k.ordinal = (uint32_t)f->first;
	(void)kanri_format(&k, from);
	k.ordinal = (uint32_t)f->last;
	(void)kanri_format(&k, to);
	TRY(store_query(tx, STMT_RECONCILE_UNIT_OUTCOMES,
	    STORE_VALUES(store_z(f->authority), store_z(from), store_z(to),
		store_z(f->file)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		int64_t c = store_get_int(r, 0);

		if (c < 0 || c >= CLASS_COUNT)
			differs(row, "an outcome of no known class");
		else if (answer_class_is_rejected((enum answer_class)c))
			row->rejected += store_get_int(r, 1);
		else
			row->answered += store_get_int(r, 1);
	}
	store_rows_close(r);
	return class;
}

static enum err_class unit_row(struct store_tx *tx, struct run *run,
    const struct unit_file *f, struct err *e)
{
	struct reconcile_row row = {
	    .scope = "file", .id = f->file, .ok = true, .why = ""};
	int64_t expected;
	int64_t rest;
	char wave[4] = "";
	bool cancelled = strcmp(f->state, "cancelled") == 0;

	TRY(unit_expected(tx, f, &expected, e));
	TRY(unit_outcomes(tx, f, &row, e));
	if (expected != f->records)
		differs(&row, "records are not the subjects without exception");
	row.sent = f->sent ? f->records : 0;
	rest = row.sent - row.answered - row.rejected;
	if (rest < 0)
		differs(&row, "more outcomes than inquiries");
	else if (cancelled)
		row.cancelled = rest;
	else if (strcmp(f->state, "rejected") == 0)
		row.rejected += rest;
	else
		row.pending = rest;
	if (f->answered_us != 0 && row.pending != 0)
		differs(&row, "a complete file lacks an outcome");
	(void)kanri_wave_format((uint32_t)f->wave, wave);
	emit(run, "wave",
	    arena_printf(run->c->arena, "%s-%s", f->authority, wave), &row);
	return ERR_NONE;
}

static enum err_class unit_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct run *run = arg;
	struct unit_file *f;

	TRY(unit_files(tx, run->c->arena, &f, e));
	for (; f != NULL; f = f->next)
		TRY(unit_row(tx, run, f, e));
	end_sum(run);
	return ERR_NONE;
}

enum err_class reconcile_unit(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e)
{
	struct run run = {.c = c, .sink = sink};

	return store_read(c->store, unit_read, &run, e);
}

/* The hub's rows beside the headers it has passed on. */
static enum err_class hub_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct run *run = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_RECONCILE_HUB, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct reconcile_row row = {
		    .scope = "file",
		    .id = text_cstr(run->c->arena, store_get_text(r, 0)),
		    .sent = store_get_int(r, 1),
		    .answered = store_get_int(r, 2),
		    .cancelled = store_get_int(r, 3),
		    .rejected = store_get_int(r, 6),
		    .ok = true,
		    .why = "",
		};

		row.pending =
		    row.sent - row.answered - row.cancelled - row.rejected;
		if (row.pending < 0)
			differs(&row, "more answers than inquiries");
		if (store_get_int(r, 4) != row.sent)
			differs(&row, "the request's header says otherwise");
		if (store_get_int(r, 5) != row.answered)
			differs(&row, "the answer's header says otherwise");
		emit(run, "hub", run->c->node->code, &row);
	}
	store_rows_close(r);
	end_sum(run);
	return class;
}

enum err_class reconcile_hub(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e)
{
	struct run run = {.c = c, .sink = sink};

	return store_read(c->store, hub_read, &run, e);
}

/* The bank's rows: each inquiry of an answered file was looked up once. */
static enum err_class bank_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct run *run = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_RECONCILE_BANK, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text state = store_get_text(r, 3);
		struct reconcile_row row = {
		    .scope = "file",
		    .id = text_cstr(run->c->arena, store_get_text(r, 0)),
		    .sent = store_get_int(r, 2),
		    .rejected = store_get_int(r, 6),
		    .ok = true,
		    .why = "",
		};
		char wave[4] = "";
		int64_t rest;

		row.answered = store_get_int(r, 5) - row.rejected;
		rest = row.sent - row.answered - row.rejected;
		if (text_is(state, "cancelled")) {
			/* What was answered did not stand. */
			row.cancelled = row.sent;
			row.answered = 0;
			row.rejected = 0;
		} else if (text_is(state, "refused"))
			row.rejected += rest;
		else
			row.pending = rest;
		/* A file that was refused whole has none of either. */
		if (store_get_int(r, 4) != store_get_int(r, 5))
			differs(&row, "answers are not the lookups");
		if (rest < 0 || store_get_int(r, 7) != 0)
			differs(&row, "an inquiry was looked up twice");
		(void)kanri_wave_format((uint32_t)store_get_int(r, 1), wave);
		emit(run, "wave",
		    arena_printf(run->c->arena, "%.*s-%s",
			(int)store_get_text(r, 8).n, store_get_text(r, 8).p,
			wave),
		    &row);
	}
	store_rows_close(r);
	end_sum(run);
	return class;
}

enum err_class reconcile_bank(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e)
{
	struct run run = {.c = c, .sink = sink};

	return store_read(c->store, bank_read, &run, e);
}
