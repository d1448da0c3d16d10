/* layout_diff.c — see layout_diff.h. */
#include "layout/layout_diff.h"

#include "layout/layout_put.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what a layout makes of an inquiry ---- */

/* One value as it was written. */
struct seen {
	const struct layout_column *c;
	size_t variant;
	struct text value;
};

#define SEEN_MAX (LAYOUT_COLUMNS_MAX * LAYOUT_FAN_MAX)

struct made {
	struct arena arena;
	struct seen seen[SEEN_MAX];
	size_t n;
	struct layout_report report;
	struct buf out;
	struct buf text;
	const struct layout *l;
};

static void see(void *ctx, const struct layout_column *c, size_t variant,
    struct bytes field)
{
	struct made *m = ctx;
	size_t bad;

	if (c->value != VALUE_ITEM || m->n == SEEN_MAX)
		return;
	buf_clear(&m->text);
	/* What this encoding wrote it can read. */
	(void)encoding_decode(m->l->encoding, field, &m->text, &bad);
	m->seen[m->n++] = (struct seen){
	    .c = c,
	    .variant = variant,
	    .value = text_dup(&m->arena, buf_text(&m->text)),
	};
}

static void make(struct made *m, struct layout *l, const struct request *r)
{
	m->l = l;
	layout_begin_requests(l, "F", &m->out);
	l->see = see;
	l->see_ctx = m;
	layout_put_request(l, r, &m->out, &m->report);
	l->see = NULL;
	layout_end_requests(l, !m->report.held, &m->out);
}

static void unmake(struct made *m)
{
	arena_fini(&m->arena);
	buf_fini(&m->out);
	buf_fini(&m->text);
}

/* ---- one inquiry ---- */

static bool same_column(
    const struct layout_column *a, const struct layout_column *b)
{
	return a->slot == b->slot && a->part == b->part;
}

static const struct seen *find(const struct made *m, const struct seen *of)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->seen[i].variant == of->variant &&
		    same_column(m->seen[i].c, of->c))
			return &m->seen[i];
	return NULL;
}

static const char *loss_of(const struct made *m, int slot)
{
	uint32_t bit = UINT32_C(1) << slot;

	if (m->report.held && (int)m->report.hold.item == slot)
		return "held";
	if ((m->report.material & bit) != 0)
		return "material";
	return (m->report.informational & bit) != 0 ? "informational" : "";
}

static struct text held_text(struct made *m)
{
	if (!m->report.held)
		return TEXT("");
	return text_z(arena_printf(&m->arena, "保留 %s", m->report.hold.rule));
}

static bool same_hold(const struct made *a, const struct made *b)
{
	return a->report.held == b->report.held &&
	       (!a->report.held ||
		   (a->report.hold.item == b->report.hold.item &&
		       strcmp(a->report.hold.rule, b->report.hold.rule) == 0));
}

static size_t tell_holds(
    struct made *old, struct made *new, layout_diff_fn *tell, void *ctx)
{
	struct made *holds = new->report.held ? new : old;
	enum request_item item = holds->report.hold.item;
	struct layout_difference d = {
	    .item = item_request[item].name,
	    .before = held_text(old),
	    .after = held_text(new),
	    .loss = loss_of(new, (int)item),
	};

	if (same_hold(old, new))
		return 0;
	tell(ctx, &d);
	return 1;
}

static size_t tell_values(
    struct made *old, struct made *new, layout_diff_fn *tell, void *ctx)
{
	struct layout_difference d = {0};
	size_t n = 0;

	for (size_t i = 0; i < old->n; i++) {
		const struct seen *a = &old->seen[i];
		const struct seen *b = find(new, a);

		d.before = a->value;
		d.after = b ? b->value : TEXT("");
		if (text_eq(d.before, d.after))
			continue;
		d.item = layout_item_name(a->c);
		d.loss = b ? loss_of(new, a->c->slot) : "material";
		tell(ctx, &d);
		n++;
	}
	for (size_t i = 0; i < new->n; i++) {
		const struct seen *b = &new->seen[i];

		if (b->value.n == 0 || find(old, b) != NULL)
			continue;
		d = (struct layout_difference){
		    .item = layout_item_name(b->c),
		    .after = b->value,
		    .loss = loss_of(new, b->c->slot),
		};
		tell(ctx, &d);
		n++;
	}
	return n;
}

size_t layout_diff_request(struct layout *before, struct layout *after,
    const struct request *r, layout_diff_fn *tell, void *ctx)
{
	struct made *made = arena_xmalloc(2 * sizeof(*made));
	size_t n;

	memset(made, 0, 2 * sizeof(*made));
	make(&made[0], before, r);
	make(&made[1], after, r);
	if (made[0].report.held || made[1].report.held)
		n = tell_holds(&made[0], &made[1], tell, ctx);
	else
		n = tell_values(&made[0], &made[1], tell, ctx);
	unmake(&made[0]);
	unmake(&made[1]);
	free(made);
	return n;
}

/* ---- the files as such ---- */

struct telling {
	layout_diff_fn *tell;
	void *ctx;
	size_t n;
};

static void fact(
    struct telling *t, const char *what, const char *before, const char *after)
{
	struct layout_difference d = {
	    .item = what,
	    .before = text_z(before),
	    .after = text_z(after),
	    .loss = "",
	};

	if (strcmp(before, after) == 0)
		return;
	t->tell(t->ctx, &d);
	t->n++;
}

static void number_fact(
    struct telling *t, const char *what, size_t before, size_t after)
{
	char a[24];
	char b[24];

	(void)snprintf(a, sizeof(a), "%zu", before);
	(void)snprintf(b, sizeof(b), "%zu", after);
	fact(t, what, a, b);
}

static const char *form_word(const struct layout *l)
{
	static const char *const words[] = {"csv", "fixed", "jsonl", "xml"};

	return words[l->form];
}

static const char *newline_word(const struct layout *l)
{
	static const char *const words[] = {"crlf", "lf", "none"};

	return words[l->newline];
}

static const char *quote_word(const struct layout *l)
{
	static const char *const words[] = {"minimal", "always", "never"};

	return words[l->quote];
}

static void tell_schedule(
    struct telling *t, const struct layout *a, const struct layout *b)
{
	const struct layout_schedule *s[2] = {&a->schedule, &b->schedule};
	char words[2][64];

	for (int i = 0; i < 2; i++)
		(void)snprintf(words[i], sizeof(words[i]),
		    "%02d:%02d-%02d:%02d %s, %02d:%02d", s[i]->from / 60,
		    s[i]->from % 60, s[i]->to / 60, s[i]->to % 60,
		    s[i]->business_days ? "business" : "all", s[i]->cutoff / 60,
		    s[i]->cutoff % 60);
	fact(t, "受付時間と締切", words[0], words[1]);
	number_fact(
	    t, "1日のファイル数", s[0]->files_per_day, s[1]->files_per_day);
}

static void tell_hubs(
    struct telling *t, const struct layout *a, const struct layout *b)
{
	for (size_t i = 0; i < LAYOUT_HUBS_MAX; i++)
		fact(t, "経路", a->hub[i] ? a->hub[i] : "",
		    b->hub[i] ? b->hub[i] : "");
}

static void tell_terms(
    struct telling *t, const struct layout *a, const struct layout *b)
{
	char of[2] = {a->delimiter, '\0'};
	char to[2] = {b->delimiter, '\0'};

	fact(t, "文字コード", encoding_name(a->encoding),
	    encoding_name(b->encoding));
	fact(t, "形式", form_word(a), form_word(b));
	fact(t, "改行", newline_word(a), newline_word(b));
	fact(t, "引用符", quote_word(a), quote_word(b));
	fact(t, "区切り", of, to);
	fact(t, "照会ファイル名", a->file_name, b->file_name);
	tell_hubs(t, a, b);
	number_fact(
	    t, "1ファイルの件数", a->records_per_file, b->records_per_file);
	number_fact(t, "1照会のレコード数", a->fan_max, b->fan_max);
	number_fact(t, "期間の上限（年）", a->years, b->years);
	number_fact(t, "保存日数", a->retention_days, b->retention_days);
	tell_schedule(t, a, b);
}

#define PLACE_MAX 128

/* Where a column stands, in a clerk's words. */
static const char *place_of(const struct layout *l, bool is_request,
    enum layout_row_kind kind, size_t at, char out[PLACE_MAX])
{
	static const char *const rows[ROW_COUNT] = {
#define WORD_(id, key, ja, en) ja,
	    LAYOUT_ROWS(WORD_)
#undef WORD_
	};
	const struct layout_row *row =
	    is_request ? &l->request.row[kind] : &l->answer.row[kind];
	const struct layout_column *c = &row->column[at];
	const char *file = is_request ? "照会" : "回答";

	if (l->form == FORM_FIXED)
		(void)snprintf(out, PLACE_MAX, "%sの%s %zu–%zuバイト目", file,
		    rows[kind], c->at + 1, c->at + c->width);
	else
		(void)snprintf(
		    out, PLACE_MAX, "%sの%s %zu列目", file, rows[kind], at + 1);
	return out;
}

static const struct layout_column *column_named(
    const struct layout_row *row, struct text name, size_t *at)
{
	for (*at = 0; *at < row->n; ++*at)
		if (text_eq(row->column[*at].name, name))
			return &row->column[*at];
	return NULL;
}

static void tell_row(struct telling *t, const struct layout *a,
    const struct layout *b, bool is_request, enum layout_row_kind kind)
{
	const struct layout_row *old =
	    is_request ? &a->request.row[kind] : &a->answer.row[kind];
	const struct layout_row *new =
	    is_request ? &b->request.row[kind] : &b->answer.row[kind];
	char before[PLACE_MAX];
	char after[PLACE_MAX];
	size_t at;

	for (size_t i = 0; i < old->n; i++) {
		const struct layout_column *c = &old->column[i];
		bool there = column_named(new, c->name, &at) != NULL;

		fact(t, c->name.p, place_of(a, is_request, kind, i, before),
		    there ? place_of(b, is_request, kind, at, after) : "");
	}
	for (size_t i = 0; i < new->n; i++) {
		const struct layout_column *c = &new->column[i];

		if (column_named(old, c->name, &at) == NULL)
			fact(t, c->name.p, "",
			    place_of(b, is_request, kind, i, after));
	}
}

size_t layout_diff_form(const struct layout *before, const struct layout *after,
    layout_diff_fn *tell, void *ctx)
{
	struct telling t = {.tell = tell, .ctx = ctx};

	tell_terms(&t, before, after);
	for (int k = 0; k < ROW_COUNT; k++)
		tell_row(&t, before, after, true, (enum layout_row_kind)k);
	for (int k = 0; k < ROW_COUNT; k++)
		tell_row(&t, before, after, false, (enum layout_row_kind)k);
	return t.n;
}
