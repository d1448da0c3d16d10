/* ward_count.c — see ward_count.h. */
#include "parties/ward_count.h"

#include "base/clock.h"
#include "parties/ward_halt.h"

#include <stdlib.h>

/* The files of a wave while they are gathered; names found by bisection. */
struct counting {
	struct store_tx *tx;
	struct party_context *c;
	struct ward_counts *out;
	struct buf files;   /* of struct ward_counted_file */
	struct buf reasons; /* of struct ward_reason */
	size_t *by_name;    /* indices in order of name */
	bool past_deadline;
	bool kept;
};

static size_t institution_of(const struct ward_counts *w, struct text code)
{
	for (size_t i = 0; i < w->n; i++)
		if (text_is(code, w->institutions[i].code))
			return i;
	return SIZE_MAX;
}

static enum err_class read_files(struct counting *x, struct err *e)
{
	struct arena *a = x->c->arena;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(x->tx, STMT_WARD_FILES_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_int(x->out->w.wave)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct ward_counted_file f = {
		    .file = ward_column(a, r, 0),
		    .institution = institution_of(x->out, store_get_text(r, 1)),
		    .first = store_get_int(r, 4),
		    .last = store_get_int(r, 5),
		    .records = store_get_int(r, 6),
		    .state = ward_column(a, r, 7),
		    .message = ward_column(a, r, 8),
		    .listed = store_get_int(r, 14) != 0,
		};

		if (f.institution == SIZE_MAX)
			x->out->strays += f.records;
		else
			buf_add(&x->files, &f, sizeof(f));
	}
	store_rows_close(r);
	x->out->file_count = x->files.n / sizeof(struct ward_counted_file);
	x->out->files = arena_take(a, x->files.n);
	if (x->files.n > 0)
		memcpy(x->out->files, x->files.p, x->files.n);
	return class;
}

static int by_name(const void *a, const void *b, void *ctx)
{
	const struct ward_counted_file *f = ctx;

	return strcmp(f[*(const size_t *)a].file, f[*(const size_t *)b].file);
}

static void sort_names(struct counting *x)
{
	size_t n = x->out->file_count;

	x->by_name = arena_take(x->c->arena, (n + 1) * sizeof(*x->by_name));
	for (size_t i = 0; i < n; i++)
		x->by_name[i] = i;
	qsort_r(x->by_name, n, sizeof(*x->by_name), by_name, x->out->files);
}

static struct ward_counted_file *find(struct counting *x, struct text name)
{
	size_t low = 0;
	size_t high = x->out->file_count;

	while (low < high) {
		size_t i = low + (high - low) / 2;
		struct ward_counted_file *f = &x->out->files[x->by_name[i]];
		int order = text_cmp(text_z(f->file), name);

		if (order == 0)
			return f;
		if (order < 0)
			low = i + 1;
		else
			high = i;
	}
	return NULL;
}

static void add_outcomes(struct ward_counted_file *f, enum answer_class class,
    const struct store_rows *r)
{
	int64_t n = store_get_int(r, 4);

	if (n == 0) /* a class that all have left */
		return;
	f->outcomes += n;
	f->tally.by_class[class] += n;
	f->tally.late += store_get_int(r, 2);
	f->tally.open += store_get_int(r, 3);
	if (answer_class_is_answered(class))
		f->tally.answered += n;
	else if (answer_class_is_rejected(class))
		f->tally.rejected += n;
	else
		f->tally.expired += n;
}

/* Where the wave's rows begin and end: its inquiries, or its files. */
static bool bounds(
    const struct counting *x, char low[WARD_BOUND], char high[WARD_BOUND])
{
	const struct ward_wave *w = &x->out->w;

	if (!x->kept)
		return ward_bounds(x->c, w->wave, NULL, 1, 1, low, high);
	(void)snprintf(low, WARD_BOUND, "%s-%s-", x->c->node->code, w->id);
	(void)snprintf(high, WARD_BOUND, "%s-%s-~", x->c->node->code, w->id);
	return true;
}

static enum err_class read_outcomes(struct counting *x, struct err *e)
{
	char low[WARD_BOUND];
	char high[WARD_BOUND];
	struct store_rows *r;
	enum err_class class;
	bool more;

	if (!bounds(x, low, high))
		return ERR_NONE;
	TRY(store_query(x->tx,
	    x->kept ? STMT_WARD_TALLIES : STMT_WARD_OUTCOME_COUNTS,
	    STORE_VALUES(
		store_z(x->c->node->code), store_z(low), store_z(high)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct ward_counted_file *f = find(x, store_get_text(r, 0));
		int64_t k = store_get_int(r, 1);

		if (f == NULL || k < 0 || k >= CLASS_COUNT)
			x->out->strays += store_get_int(r, 4);
		else
			add_outcomes(f, (enum answer_class)k, r);
	}
	store_rows_close(r);
	return class;
}

static void add_exception(struct ward_tally *t, struct text kind, int64_t n)
{
	if (text_is(kind, "excluded"))
		t->excluded += n;
	else if (text_is(kind, "reused"))
		t->reused += n;
	else if (text_is(kind, "held"))
		t->held += n;
	else if (text_is(kind, "paper"))
		t->paper += n;
	else
		t->cancelled_before += n;
}

static struct ward_reason *reason_of(
    struct counting *x, struct text kind, struct text reason)
{
	struct ward_reason *all = (struct ward_reason *)(void *)x->reasons.p;
	size_t n = x->reasons.n / sizeof(*all);
	struct ward_reason new = {0};

	/* The newest is likeliest. */
	for (size_t i = n; i-- > 0;)
		if (text_is(reason, all[i].reason) &&
		    text_is(kind, all[i].kind))
			return &all[i];
	new.kind = text_cstr(x->c->arena, kind);
	new.reason = text_cstr(x->c->arena, reason);
	if (!x->kept)
		new.seen = arena_zero(
		    x->c->arena, (size_t)x->out->w.subjects / 8 + 1, 1);
	buf_add(&x->reasons, &new, sizeof(new));
	return (struct ward_reason *)(void *)x->reasons.p + n;
}

static void add_reason(struct counting *x, const struct store_rows *r)
{
	struct ward_reason *reason =
	    reason_of(x, store_get_text(r, 1), store_get_text(r, 2));
	int64_t ordinal = store_get_int(r, 3);
	unsigned char bit = (unsigned char)(1U << (ordinal % 8));

	if (x->kept) { /* the last column counts */
		reason->inquiries += ordinal;
		if (reason->subjects < ordinal)
			reason->subjects = ordinal;
		return;
	}
	reason->inquiries++;
	if (ordinal < 0 || ordinal > x->out->w.subjects)
		return;
	reason->subjects += (reason->seen[ordinal / 8] & bit) == 0;
	reason->seen[ordinal / 8] |= bit;
}

static int by_reason(const void *a, const void *b)
{
	const struct ward_reason *x = a;
	const struct ward_reason *y = b;
	int order = strcmp(x->kind, y->kind);

	return order != 0 ? order : strcmp(x->reason, y->reason);
}

static void keep_reasons(struct counting *x)
{
	size_t n = x->reasons.n / sizeof(struct ward_reason);

	x->out->reasons = arena_take(x->c->arena, x->reasons.n + 1);
	if (n > 0)
		memcpy(x->out->reasons, x->reasons.p, x->reasons.n);
	x->out->reason_count = n;
	qsort(x->out->reasons, n, sizeof(struct ward_reason), by_reason);
}

static enum err_class read_exceptions(struct counting *x, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(x->tx,
	    x->kept ? STMT_WARD_EXCEPTION_TALLIES : STMT_WARD_EXCEPTIONS_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_int(x->out->w.wave)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		size_t i = institution_of(x->out, store_get_text(r, 0));
		int64_t n = x->kept ? store_get_int(r, 3) : 1;

		if (n == 0) /* all have left */
			continue;
		add_reason(x, r);
		if (i == SIZE_MAX)
			x->out->strays += n;
		else
			add_exception(&x->out->by[i], store_get_text(r, 1), n);
	}
	store_rows_close(r);
	if (class == ERR_NONE)
		keep_reasons(x);
	return class;
}

/* Inquiries of a file without an outcome count by the file's state. */
static void settle_file(struct counting *x, struct ward_counted_file *f)
{
	int64_t rest = f->records - f->outcomes;
	struct ward_tally *t = &f->tally;

	if (f->message[0] == '\0' && strcmp(f->state, "cancelled") == 0) {
		t->cancelled_before += f->records;
		return;
	}
	t->sent += f->records;
	if (strcmp(f->state, "rejected") == 0) {
		t->rejected += rest;
		t->by_class[CLASS_REFUSED] += rest;
	} else if (strcmp(f->state, "cancelled") == 0) {
		t->cancelled += rest;
	} else if (strcmp(f->state, "expired") == 0) {
		t->expired += rest;
		t->by_class[CLASS_EXPIRED] += rest;
	} else {
		t->pending += rest;
	}
	if (x->past_deadline)
		t->overdue += t->pending + t->expired;
}

void ward_count_add(struct ward_tally *to, const struct ward_tally *t)
{
	to->selected += t->selected;
	to->excluded += t->excluded;
	to->reused += t->reused;
	to->held += t->held;
	to->paper += t->paper;
	to->awaiting += t->awaiting;
	to->cancelled_before += t->cancelled_before;
	to->sent += t->sent;
	to->answered += t->answered;
	to->rejected += t->rejected;
	to->cancelled += t->cancelled;
	to->expired += t->expired;
	to->pending += t->pending;
	to->open += t->open;
	to->late += t->late;
	to->overdue += t->overdue;
	for (int i = 0; i < CLASS_COUNT; i++)
		to->by_class[i] += t->by_class[i];
}

static void settle(struct counting *x)
{
	struct ward_counts *w = x->out;
	bool never_approved =
	    strcmp(w->w.state, "cancelled") == 0 && w->w.approved_us == 0;

	for (size_t i = 0; i < w->file_count; i++) {
		settle_file(x, &w->files[i]);
		ward_count_add(
		    &w->by[w->files[i].institution], &w->files[i].tally);
	}
	for (size_t i = 0; i < w->n; i++) {
		struct ward_tally *t = &w->by[i];

		t->selected = w->w.subjects;
		t->awaiting = t->selected - t->excluded - t->reused - t->held -
			      t->paper - t->cancelled_before - t->sent;
		if (never_approved) {
			t->cancelled_before += t->awaiting;
			t->awaiting = 0;
		}
		ward_count_add(&w->all, t);
	}
}

static enum err_class count(struct store_tx *tx, struct party_context *c,
    uint32_t wave, bool kept, struct ward_counts *out, struct err *e)
{
	struct counting x = {.tx = tx, .c = c, .out = out, .kept = kept};
	struct date deadline;
	enum err_class class;

	*out = (struct ward_counts){0};
	TRY(ward_wave_load(tx, c, wave, &out->w, e));
	TRY(ward_wave_institutions(
	    tx, c, wave, &out->institutions, &out->n, e));
	out->by = arena_zero(c->arena, out->n + 1, sizeof(*out->by));
	x.past_deadline = date_parse(text_z(out->w.deadline), &deadline) &&
			  date_cmp(clock_date(c->now_us), deadline) > 0;
	class = read_files(&x, e);
	buf_fini(&x.files);
	TRY(class);
	TRY(ward_halt_count(tx, c, wave, &out->stopped, &out->too_late, e));
	sort_names(&x);
	TRY(read_outcomes(&x, e));
	class = read_exceptions(&x, e);
	buf_fini(&x.reasons);
	TRY(class);
	settle(&x);
	return ERR_NONE;
}

enum err_class ward_count(struct store_tx *tx, struct party_context *c,
    uint32_t wave, struct ward_counts *out, struct err *e)
{
	return count(tx, c, wave, false, out, e);
}

enum err_class ward_count_kept(struct store_tx *tx, struct party_context *c,
    uint32_t wave, struct ward_counts *out, struct err *e)
{
	return count(tx, c, wave, true, out, e);
}

bool ward_count_good(const struct ward_tally *t)
{
	return t->sent == t->answered + t->rejected + t->cancelled +
			      t->expired + t->pending &&
	       t->selected == t->excluded + t->reused + t->held + t->paper +
				  t->awaiting + t->cancelled_before + t->sent &&
	       t->awaiting >= 0 && t->pending >= 0 && t->rejected >= 0 &&
	       t->cancelled >= 0 && t->expired >= 0;
}
