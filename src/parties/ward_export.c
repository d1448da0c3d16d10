/*
 * ward_export.c — see ward_export.h. Goes file by file, so that memory does
 * not grow with the wave.
 */
#include "parties/ward_export.h"

#include "parties/books.h"
#include "parties/ward_count.h"

#include <stdlib.h>

/* What is kept of one inquiry of the file at hand. */
struct kept {
	struct text atena;
	bool in_file;
	bool outcome;
	enum answer_class class;
	struct bytes record;
};

struct exporting {
	struct party_context *c;
	const struct ward_export *order;
	struct export *out;
	struct ward_counts w;
	int64_t rows;
	/* The file at hand. */
	const struct ward_counted_file *f;
	const char *institution;
	char *as_of;
	struct arena arena;
	struct kept *kept; /* by ordinal - first */
	size_t n;
	struct {
		uint32_t ordinal;
		int no;
		struct bytes record;
	} * correction;
	size_t corrections;
	size_t correction_room;
};

static struct kept *at(struct exporting *x, int64_t ordinal)
{
	return ordinal >= x->f->first && ordinal <= x->f->last
		   ? &x->kept[ordinal - x->f->first]
		   : NULL;
}

static struct kept *of_number(
    struct exporting *x, struct text number, uint32_t *ordinal)
{
	struct kanri k;

	if (!kanri_parse(number, &k))
		return NULL;
	*ordinal = k.ordinal;
	return at(x, k.ordinal);
}

static enum err_class range(struct store_tx *tx, struct exporting *x,
    enum store_statement st, struct store_rows **r, struct err *e)
{
	char low[WARD_BOUND];
	char high[WARD_BOUND];

	if (!ward_bounds(x->c, x->w.w.wave, x->institution, x->f->first,
		x->f->last, low, high))
		return err_set(e, ERR_FAULT, "fault",
		    "管理番号の範囲が正しくありません", "a file out of bounds");
	return store_query(tx, st,
	    STORE_VALUES(
		store_z(x->c->node->code), store_z(low), store_z(high)),
	    r, e);
}

static enum err_class read_subjects(
    struct store_tx *tx, struct exporting *x, struct err *e)
{
	const struct store_value authority = store_z(x->c->node->code);
	const struct store_value wave = store_int(x->w.w.wave);
	struct store_rows *r;
	enum err_class class;
	struct kept *k;
	bool more;

	TRY(store_query(tx, STMT_WARD_ASKED_IN,
	    STORE_VALUES(
		authority, wave, store_int(x->f->first), store_int(x->f->last)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		k = at(x, store_get_int(r, 0));
		k->atena = text_dup(&x->arena, store_get_text(r, 1));
		k->in_file = true;
	}
	store_rows_close(r);
	TRY(class);
	TRY(store_query(tx, STMT_WARD_OUTSIDE,
	    STORE_VALUES(authority, wave, store_z(x->institution),
		store_int(x->f->first), store_int(x->f->last),
		store_z(x->f->file), store_int(x->f->listed)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		at(x, store_get_int(r, 0))->in_file = false;
	store_rows_close(r);
	return class;
}

static enum err_class read_answers(
    struct store_tx *tx, struct exporting *x, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	uint32_t ordinal;
	struct kept *k;
	bool more;

	TRY(range(tx, x, STMT_WARD_OUTCOMES_IN, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		k = of_number(x, store_get_text(r, 0), &ordinal);
		if (k == NULL)
			continue;
		k->outcome = true;
		k->class = (enum answer_class)store_get_int(r, 1);
	}
	store_rows_close(r);
	TRY(class);
	TRY(range(tx, x, STMT_WARD_ANSWERS_IN, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		k = of_number(x, store_get_text(r, 0), &ordinal);
		if (k != NULL)
			k->record = bytes_dup(&x->arena, store_get_blob(r, 1));
	}
	store_rows_close(r);
	return class;
}

static void add_correction(
    struct exporting *x, uint32_t ordinal, struct bytes record)
{
	bool same = x->corrections > 0 &&
		    x->correction[x->corrections - 1].ordinal == ordinal;
	int no = same ? x->correction[x->corrections - 1].no + 1 : 1;

	if (x->corrections == x->correction_room) {
		x->correction_room = x->correction_room * 2 + 16;
		x->correction = arena_xrealloc(
		    x->correction, x->correction_room * sizeof(*x->correction));
	}
	x->correction[x->corrections].ordinal = ordinal;
	x->correction[x->corrections].no = no;
	x->correction[x->corrections++].record = bytes_dup(&x->arena, record);
}

static enum err_class read_corrections(
    struct store_tx *tx, struct exporting *x, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	uint32_t ordinal;
	bool more;

	x->corrections = 0;
	TRY(range(tx, x, STMT_WARD_CORRECTIONS_IN, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		if (text_is(store_get_text(r, 2), "correction") &&
		    of_number(x, store_get_text(r, 0), &ordinal) != NULL)
			add_correction(x, ordinal, store_get_blob(r, 5));
	store_rows_close(r);
	return class;
}

/* A plain `none` has no row of its own: written again from file and wave. */
static void write_again(
    struct exporting *x, const char *number, struct answer *out)
{
	const struct ward_wave *w = &x->w.w;

	*out = (struct answer){.class = CLASS_NONE};
	for (int i = 0; i < ANSWER_COUNT; i++)
		out->f[i] = out->raw[i] = TEXT("");
	out->f[ANSWER_INQUIRY] = text_z(number);
	out->f[ANSWER_BANK_CODE] = text_z(x->institution);
	out->f[ANSWER_AS_OF] = text_z(x->as_of);
	out->f[ANSWER_BASE_DATE] = text_z(w->base_date);
	out->f[ANSWER_PERIOD] = text_z(
	    arena_printf(&x->arena, "%s/%s", w->period_from, w->period_to));
	out->f[ANSWER_DEALINGS] = TEXT("0");
}

static const char *without_answer(const struct exporting *x)
{
	if (strcmp(x->f->state, "expired") == 0)
		return "expired";
	return strcmp(x->f->state, "rejected") == 0 ? "refused" : "";
}

static enum err_class put_one(
    struct exporting *x, uint32_t ordinal, struct err *e)
{
	const struct kept *k = at(x, ordinal);
	struct kanri number = {.wave = x->w.w.wave, .ordinal = ordinal};
	char z[KANRI_TEXT];
	struct answer answer;
	size_t used;

	memcpy(number.authority, x->c->node->code, 7);
	(void)snprintf(number.institution, sizeof(number.institution), "%.4s",
	    x->institution);
	if (!k->in_file || !kanri_format(&number, z))
		return ERR_NONE;
	x->rows++;
	if (!k->outcome)
		return export_answer(
		    x->out, k->atena, 0, z, NULL, without_answer(x), e);
	if (k->record.n == 0)
		write_again(x, z, &answer);
	else if (!answer_unpack(&x->arena, k->record, &answer, &used))
		return err_set(e, ERR_FAULT, "store.damaged",
		    "回答の行が壊れています", "an answer's row is damaged");
	answer.class = k->class;
	TRY(export_answer(x->out, k->atena, 0, z, &answer, "", e));
	for (size_t i = 0; i < x->corrections; i++) {
		if (x->correction[i].ordinal != ordinal ||
		    !answer_unpack(
			&x->arena, x->correction[i].record, &answer, &used))
			continue;
		TRY(export_answer(
		    x->out, k->atena, x->correction[i].no, z, &answer, "", e));
	}
	return ERR_NONE;
}

static enum err_class put_file(
    struct store_tx *tx, struct exporting *x, struct err *e)
{
	struct store_rows *r;
	bool found;

	arena_reset(&x->arena);
	x->n = (size_t)(x->f->last - x->f->first + 1);
	x->kept = arena_zero(&x->arena, x->n, sizeof(*x->kept));
	TRY(store_one(tx, STMT_WARD_FILE_GET,
	    STORE_VALUES(store_z(x->c->node->code), store_z(x->f->file)), &r,
	    &found, e));
	x->as_of = found ? ward_column(&x->arena, r, 10)
			 : arena_printf(&x->arena, "%s", "");
	store_rows_close(r);
	TRY(read_subjects(tx, x, e));
	TRY(read_answers(tx, x, e));
	TRY(read_corrections(tx, x, e));
	for (int64_t i = x->f->first; i <= x->f->last; i++)
		TRY(put_one(x, (uint32_t)i, e));
	return ERR_NONE;
}

static enum err_class export_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct exporting *x = arg;

	for (size_t i = 0; i < x->w.file_count; i++) {
		x->f = &x->w.files[i];
		x->institution = x->w.institutions[x->f->institution].code;
		if (x->f->tally.sent > 0)
			TRY(put_file(tx, x, e));
		watch_tell(&x->order->watch, x->rows, x->w.all.sent);
	}
	return ERR_NONE;
}

static enum err_class count_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct exporting *x = arg;

	return ward_count(tx, x->c, x->order->wave, &x->w, e);
}

static enum err_class export_log(struct store_tx *tx, void *arg, struct err *e)
{
	const struct exporting *x = arg;

	if (x->order->enter)
		return books_takeout(tx, x->c,
		    &(const struct book_takeout){.who = x->order->officer->name,
			.what = "export",
			.kind = "wave",
			.object = x->w.w.id,
			.purpose = x->order->purpose,
			.records = x->w.all.sent,
			.digest = ""},
		    e);
	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = x->order->officer->name,
		.action = "export",
		.kind = "wave",
		.object = x->w.w.id,
		.purpose = x->order->purpose,
		.records = x->w.all.sent},
	    e);
}

enum err_class ward_export(struct party_context *c,
    const struct ward_export *order, int64_t *rows, struct err *e)
{
	struct exporting x = {.c = c, .order = order};
	enum err_class class;

	TRY(store_read(c->store, count_read, &x, e));
	TRY(store_run(c->store, export_log, &x, e));
	TRY(export_open(&order->files, &x.out, e));
	class = store_read(c->store, export_read, &x, e);
	arena_fini(&x.arena);
	free(x.correction);
	if (class != ERR_NONE) {
		export_abandon(x.out);
		return class;
	}
	*rows = x.rows;
	return export_close(x.out, e);
}
