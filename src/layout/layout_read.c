/*
 * layout_read.c — an institution's file, read: the frame first, then record
 * by record. Hostile bytes arrive here.
 */
#include "layout/layout_frame.h"
#include "layout/layout_value.h"
#include "record/kanri.h"

/* What the first pass learned of header, trailer and what is between. */
struct frame_facts {
	size_t details;
	size_t rows;
	bool header_seen;
	bool trailer_seen;
	long line;
};

/* An answer being gathered, row by row. */
struct gathering {
	struct layout *l;
	const struct layout_part *part;
	struct bytes file;
	struct arena *a;
	const struct layout_sink *sink;
	struct answer x;
	bool open;
	bool bad;
	struct err why;
	struct text kanri;
	char kanri_text[KANRI_TEXT]; /* outlives a reset of a */
	long line;
	size_t begin;
	size_t end;
	size_t told_accounts; /* SIZE_MAX: not told */
	size_t told_others;
	size_t told_transactions; /* of the account at hand */
	size_t told_statement;	  /* of the whole answer */
};

/* ---- the frame ---- */

static enum err_class bad_header(struct err *e, long line, const char *item)
{
	err_set(e, ERR_INPUT, "answer.header", "ヘッダが取決めと違います",
	    "the header is not as agreed");
	(void)err_at(e, NULL, line, 0, item);
	e->level = ERR_FILE;
	return e->class;
}

static enum err_class bad_count(struct err *e, long line, const char *item)
{
	err_set(e, ERR_INPUT, "answer.count", "件数が合いません",
	    "the counts do not agree");
	(void)err_at(e, NULL, line, 0, item);
	e->level = ERR_FILE;
	return e->class;
}

/* Keeps the file id; false if it is none. */
static bool keep_file_id(
    struct layout *l, const struct layout_column *c, struct bytes field)
{
	field = layout_value_trim(l, c, field);
	if (field.n > LAYOUT_FILE_ID_MAX)
		return false;
	for (size_t i = 0; i < field.n; i++) {
		unsigned char b = field.p[i];

		if (!((b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') ||
			(b >= 'a' && b <= 'z') || b == '-'))
			return false;
	}
	if (field.n != 0)
		memcpy(l->run.file_id, field.p, field.n);
	l->run.file_id[field.n] = '\0';
	return true;
}

/* A constant, or a fact both sides know, must be exactly that. */
static bool agrees(
    struct layout *l, const struct layout_column *c, struct bytes field)
{
	struct text due =
	    c->value == VALUE_CODE ? text_z(l->code) : c->constant;
	size_t at;
	uint32_t bad;

	buf_clear(&l->field);
	if (!encoding_encode(l->encoding, due, &l->field, &at, &bad))
		return false;
	return bytes_eq(layout_value_trim(l, c, field), buf_bytes(&l->field));
}

static enum err_class check_frame_row(struct layout_frame *f, struct layout *l,
    const struct layout_record *r, struct arena *a, size_t told[2],
    struct err *e)
{
	const struct layout_row *row = &f->part->row[r->kind];
	struct bytes field[LAYOUT_COLUMNS_MAX];

	if (layout_frame_split(f, r, a, field, e) != ERR_NONE)
		return bad_header(e, r->line, layout_row_key[r->kind]);
	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];
		bool good = true;

		if (c->value == VALUE_FILE_ID)
			good = keep_file_id(l, c, field[i]);
		else if (c->value == VALUE_CONSTANT || c->value == VALUE_CODE)
			good = agrees(l, c, field[i]);
		else if (c->value == VALUE_RECORDS)
			good = layout_value_count(l, c, field[i], &told[0]);
		else if (c->value == VALUE_ROWS)
			good = layout_value_count(l, c, field[i], &told[1]);
		if (!good)
			return bad_header(e, r->line, c->name.p);
	}
	return ERR_NONE;
}

static enum err_class note_row(struct frame_facts *facts,
    const struct layout_frame *f, const struct layout_record *r, bool first,
    struct err *e)
{
	facts->line = r->line;
	if (first && f->part->row[ROW_HEADER].used && r->kind != ROW_HEADER)
		return bad_header(e, r->line, "header");
	if (facts->trailer_seen || (r->kind == ROW_HEADER && !first))
		return bad_count(e, r->line, "trailer");
	facts->header_seen |= r->kind == ROW_HEADER;
	facts->trailer_seen |= r->kind == ROW_TRAILER;
	if (r->kind == ROW_HEADER || r->kind == ROW_TRAILER)
		return ERR_NONE;
	facts->rows++;
	facts->details += r->kind == ROW_DETAIL;
	if (facts->details <= LAYOUT_RECORDS_MAX)
		return ERR_NONE;
	/* F1: a file's records fit one transaction. */
	(void)bad_count(e, r->line, "records");
	e->class = ERR_LIMIT;
	return e->class;
}

/* The whole file's frame, before anyone is told of a record. */
static enum err_class check_frame(struct layout *l,
    const struct layout_part *part, struct bytes file,
    struct frame_facts *facts, struct err *e)
{
	size_t told[2] = {SIZE_MAX, SIZE_MAX};
	struct layout_frame f;
	struct layout_record r;
	bool first = true;
	bool more;

	*facts = (struct frame_facts){.line = 1};
	layout_frame_init(&f, l, part, file);
	TRY(layout_frame_names(&f, e));
	for (;; first = false) {
		TRY(layout_frame_next(&f, &r, &more, e));
		if (!more)
			break;
		TRY(note_row(facts, &f, &r, first, e));
		if (r.kind == ROW_HEADER || r.kind == ROW_TRAILER)
			TRY(check_frame_row(&f, l, &r, &l->scratch, told, e));
	}
	if (part->row[ROW_HEADER].used && !facts->header_seen)
		return bad_header(e, 1, "header");
	if (part->row[ROW_TRAILER].used && !facts->trailer_seen)
		return bad_count(e, facts->line, "trailer");
	if ((told[0] != SIZE_MAX && told[0] != facts->details) ||
	    (told[1] != SIZE_MAX && told[1] != facts->rows))
		return bad_count(e, facts->line, "records");
	return ERR_NONE;
}

/* ---- requests ---- */

static bool good_kanri(struct text t)
{
	struct kanri k;

	return kanri_parse(t, &k);
}

static enum err_class unknown_number(struct err *e, const char *item)
{
	err_set(e, ERR_INPUT, "answer.unknown_number", "管理番号ではありません",
	    "this is no 管理番号");
	return err_at(e, NULL, 0, 0, item);
}

/* A period told in two columns, in canonical form. */
static struct text join_period(
    struct arena *a, struct text from, struct text to)
{
	char *z;

	if (from.n == 0 && to.n == 0)
		return (struct text){0};
	z = arena_take(a, from.n + to.n + 1);
	if (from.n != 0)
		memcpy(z, from.p, from.n);
	z[from.n] = '/';
	if (to.n != 0)
		memcpy(z + from.n + 1, to.p, to.n);
	return text_trust(z, from.n + to.n + 1);
}

static enum err_class read_request(struct gathering *g,
    const struct layout_row *row, const struct bytes *field,
    struct request *out, struct err *e)
{
	struct text part[3] = {{0}};
	struct layout_reading v;

	*out = (struct request){0};
	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];

		if (c->value != VALUE_ITEM)
			continue;
		TRY(layout_value_read(g->l, c, field[i], g->a, &v, e));
		if (c->op == OP_PERIOD && c->part != PERIOD_WHOLE)
			part[c->part] = v.value;
		else
			out->f[c->slot] = v.value;
		if (c->slot == REQUEST_INQUIRY)
			g->kanri = v.value;
	}
	if (out->f[REQUEST_PERIOD].n == 0)
		out->f[REQUEST_PERIOD] =
		    join_period(g->a, part[PERIOD_FROM], part[PERIOD_TO]);
	return good_kanri(out->f[REQUEST_INQUIRY])
		   ? ERR_NONE
		   : unknown_number(e, item_request[REQUEST_INQUIRY].name);
}

static enum err_class take_request(struct gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e)
{
	struct bytes field[LAYOUT_COLUMNS_MAX];
	struct request request;
	struct err why;
	enum err_class class;

	g->kanri = (struct text){0};
	if (r->kind != ROW_DETAIL) {
		err_set(&why, ERR_INPUT, "answer.unknown_code",
		    "知らないレコード区分です", "an unknown kind of record");
		(void)err_at(&why, NULL, r->line, 0, "レコード区分");
		g->sink->bad(g->sink->ctx, &why, g->kanri);
		return ERR_NONE;
	}
	class = layout_frame_split(f, r, g->a, field, &why);
	if (class == ERR_NONE)
		class = read_request(
		    g, &g->part->row[ROW_DETAIL], field, &request, &why);
	if (class == ERR_NONE)
		return g->sink->request(g->sink->ctx, &request, r->line, e);
	why.line = r->line;
	g->sink->bad(g->sink->ctx, &why,
	    good_kanri(g->kanri) ? g->kanri : (struct text){0});
	return ERR_NONE;
}

/* ---- answers ---- */

/* One bad row makes its whole answer bad: a part would pass for all of it. */
static void spoil(struct gathering *g, const struct err *why, long line)
{
	if (g->bad)
		return;
	g->bad = true;
	g->why = *why;
	g->why.line = line;
	g->why.level = ERR_RECORD;
}

static enum err_class rows_missing(struct err *e, const char *item)
{
	err_set(e, ERR_INPUT, "answer.missing",
	    "下の行の数が、言われた数と違います",
	    "not as many rows below as were told");
	return err_at(e, NULL, 0, 0, item);
}

static size_t count_of(struct text t)
{
	int64_t v;

	return text_to_int(t, INT64_C(999999999), &v) ? (size_t)v : SIZE_MAX;
}

static bool same_count(size_t told, size_t found)
{
	return told == SIZE_MAX || told == found;
}

static struct text number(struct arena *a, size_t n)
{
	return text_z(arena_printf(a, "%zu", n));
}

/* What an account told of its transactions must be what stands below it. */
static void close_account(struct gathering *g, struct answer_account *x)
{
	struct text *told = &x->f[ANSWER_STATEMENT];
	struct err why;

	if (told->n != 0 && count_of(*told) != x->transaction_count) {
		(void)rows_missing(&why, item_answer[ANSWER_STATEMENT].name);
		spoil(g, &why, g->line);
	} else if (told->n == 0 && x->transaction_count != 0) {
		*told = number(g->a, x->transaction_count);
	}
}

static size_t count_others(const struct answer *x, bool collateral)
{
	size_t n = 0;

	for (size_t i = 0; i < x->other_count; i++)
		n += text_is(x->others[i].kind, "2") == collateral;
	return n;
}

static void check_told(struct gathering *g, int slot, size_t found)
{
	struct text t = g->x.f[slot];
	struct err why;

	if (t.n != 0 && count_of(t) != found) {
		(void)rows_missing(&why, item_answer[slot].name);
		spoil(g, &why, g->line);
	} else if (t.n == 0 && found != 0) {
		g->x.f[slot] = number(g->a, found);
	}
}

static size_t all_transactions(const struct answer *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->account_count; i++)
		n += x->accounts[i].transaction_count;
	return n;
}

static void close_counts(struct gathering *g)
{
	struct err why;

	for (size_t i = 0; i < g->x.account_count; i++)
		close_account(g, &g->x.accounts[i]);
	if (g->part->row[ROW_OTHER].used) {
		check_told(g, ANSWER_COLLATERAL, count_others(&g->x, true));
		check_told(g, ANSWER_OTHERS, count_others(&g->x, false));
	}
	if (g->part->row[ROW_TRANSACTION].used &&
	    g->x.f[ANSWER_STATEMENT].n != 0)
		check_told(g, ANSWER_STATEMENT, all_transactions(&g->x));
	if (same_count(g->told_accounts, g->x.account_count) &&
	    same_count(g->told_others, g->x.other_count))
		return;
	(void)rows_missing(&why, "口座");
	spoil(g, &why, g->line);
}

/* Hands the gathered answer over; the sink may reset the arena then. */
static enum err_class flush(struct gathering *g, struct err *e)
{
	enum err_class class = ERR_NONE;

	if (!g->open)
		return ERR_NONE;
	if (!g->bad)
		close_counts(g);
	g->x.record = BYTES(g->file.p + g->begin, g->end - g->begin);
	g->open = false;
	if (g->bad)
		g->sink->bad(g->sink->ctx, &g->why, text_z(g->kanri_text));
	else
		class = g->sink->answer(g->sink->ctx, &g->x, g->line, e);
	return class;
}

static enum err_class take_holder(struct gathering *g,
    const struct layout_column *c, const struct layout_reading *v,
    struct err *e)
{
	switch (c->value) {
	case VALUE_ACCOUNTS:
		g->told_accounts = count_of(v->value);
		return ERR_NONE;
	case VALUE_OTHERS:
		g->told_others = count_of(v->value);
		return ERR_NONE;
	case VALUE_ITEM:
		break;
	case VALUE_CONSTANT:
	case VALUE_FILLER:
	case VALUE_FILE_ID:
	case VALUE_CODE:
	case VALUE_NAME:
	case VALUE_RECORDS:
	case VALUE_ROWS:
	case VALUE_TRANSACTIONS:
		return ERR_NONE;
	}
	if (c->op == OP_CLASS) {
		/* 回答区分 is the bank's own word; the class is what it
		 * means. */
		g->x.class = v->class;
		g->x.f[c->slot] = v->raw;
		return ERR_NONE;
	}
	g->x.f[c->slot] = v->value;
	if (!text_eq(v->raw, v->value))
		g->x.raw[c->slot] = v->raw;
	if (c->slot != ANSWER_INQUIRY)
		return ERR_NONE;
	if (!good_kanri(v->value))
		return unknown_number(e, c->name.p);
	memcpy(g->kanri_text, v->value.p, KANRI_SIZE);
	return ERR_NONE;
}

/* Columns that are read only for their value's sake. */
static bool is_read(const struct layout_column *c)
{
	return c->value == VALUE_ITEM || c->value == VALUE_ACCOUNTS ||
	       c->value == VALUE_OTHERS || c->value == VALUE_TRANSACTIONS;
}

static enum err_class read_holder(struct gathering *g,
    const struct layout_row *row, const struct bytes *field, struct err *e)
{
	struct text part[3] = {{0}};
	enum err_class first = ERR_NONE;
	struct layout_reading v = {0};

	/* A bad item does not end the row: the 管理番号 may stand after it. */
	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];
		struct err why;
		enum err_class class;

		if (!is_read(c))
			continue;
		class = layout_value_read(g->l, c, field[i], g->a, &v, &why);
		if (class == ERR_NONE && c->op == OP_PERIOD &&
		    c->part != PERIOD_WHOLE)
			part[c->part] = v.value;
		else if (class == ERR_NONE)
			class = take_holder(g, c, &v, &why);
		if (class != ERR_NONE && first == ERR_NONE) {
			first = class;
			*e = why;
		}
	}
	if (g->x.f[ANSWER_PERIOD].n == 0)
		g->x.f[ANSWER_PERIOD] =
		    join_period(g->a, part[PERIOD_FROM], part[PERIOD_TO]);
	return first;
}

/* Which values a row below the holder tells only to say whose it is. */
static enum err_class check_echo(
    struct gathering *g, int slot, struct text v, struct err *e)
{
	if (slot != ANSWER_INQUIRY || text_eq(v, g->x.f[ANSWER_INQUIRY]))
		return ERR_NONE;
	return unknown_number(e, item_answer[ANSWER_INQUIRY].name);
}

static enum err_class read_account(struct gathering *g,
    const struct layout_row *row, const struct bytes *field, struct err *e)
{
	struct answer_account *x;
	struct layout_reading v;

	x = answer_add_account(g->a, &g->x);
	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];

		if (!is_read(c))
			continue;
		TRY(layout_value_read(g->l, c, field[i], g->a, &v, e));
		if (c->value == VALUE_TRANSACTIONS) {
			x->f[ANSWER_STATEMENT] = v.value;
			continue;
		}
		TRY(check_echo(g, c->slot, v.value, e));
		if (c->type == ITEM_COUNT || !text_eq(v.value, g->x.f[c->slot]))
			x->f[c->slot] = v.value;
	}
	return ERR_NONE;
}

static struct text account_says(
    const struct gathering *g, const struct answer_account *x, int slot)
{
	return x->f[slot].n != 0 ? x->f[slot] : g->x.f[slot];
}

/* The account that the echoed keys of a transaction name; the last if none
 * is echoed. */
static struct answer_account *account_named(
    struct gathering *g, const struct text *key)
{
	static const int slots[] = {
	    ANSWER_BRANCH, ANSWER_ACCOUNT_KIND, ANSWER_ACCOUNT};

	for (size_t i = g->x.account_count; i-- > 0;) {
		struct answer_account *x = &g->x.accounts[i];
		bool same = true;

		for (size_t k = 0; k < sizeof(slots) / sizeof(*slots); k++)
			same &= key[slots[k]].p == NULL ||
				text_eq(key[slots[k]],
				    account_says(g, x, slots[k]));
		if (same)
			return x;
	}
	return NULL;
}

static enum err_class read_transaction(struct gathering *g,
    const struct layout_row *row, const struct bytes *field, struct err *e)
{
	struct answer_transaction t = {0};
	struct text key[ANSWER_COUNT] = {{0}};
	struct answer_account *x;
	struct layout_reading v;

	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];

		if (c->value != VALUE_ITEM)
			continue;
		TRY(layout_value_read(g->l, c, field[i], g->a, &v, e));
		if (c->scope == SCOPE_TRANSACTION) {
			*layout_transaction_slot(&t, c->slot) = v.value;
			continue;
		}
		TRY(check_echo(g, c->slot, v.value, e));
		key[c->slot] = v.value.p ? v.value : TEXT("");
	}
	x = account_named(g, key);
	if (x == NULL)
		return rows_missing(e, item_answer[ANSWER_ACCOUNT].name);
	*answer_add_transaction(g->a, x) = t;
	return ERR_NONE;
}

static enum err_class read_other(struct gathering *g,
    const struct layout_row *row, const struct bytes *field, struct err *e)
{
	struct answer_other o = {0};
	struct layout_reading v;

	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];

		if (c->value != VALUE_ITEM)
			continue;
		TRY(layout_value_read(g->l, c, field[i], g->a, &v, e));
		if (c->scope == SCOPE_OTHER)
			*layout_other_slot(&o, c->slot) = v.value;
		else
			TRY(check_echo(g, c->slot, v.value, e));
	}
	*answer_add_other(g->a, &g->x) = o;
	return ERR_NONE;
}

static void open_answer(struct gathering *g, const struct layout_record *r)
{
	g->x = (struct answer){.class = CLASS_REVIEW};
	g->open = true;
	g->bad = false;
	memset(g->kanri_text, 0, sizeof(g->kanri_text));
	g->line = r->line;
	g->begin = r->begin;
	g->told_accounts = SIZE_MAX;
	g->told_others = SIZE_MAX;
}

static enum err_class read_row(struct gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e)
{
	struct bytes field[LAYOUT_COLUMNS_MAX];
	const struct layout_row *row;

	if (r->kind < 0) {
		err_set(e, ERR_INPUT, "answer.unknown_code",
		    "知らないレコード区分です", "an unknown kind of record");
		return err_at(e, NULL, 0, 0, "レコード区分");
	}
	row = &g->part->row[r->kind];
	TRY(layout_frame_split(f, r, g->a, field, e));
	if (r->kind == ROW_DETAIL)
		return read_holder(g, row, field, e);
	if (r->kind == ROW_ACCOUNT)
		return read_account(g, row, field, e);
	if (r->kind == ROW_TRANSACTION)
		return read_transaction(g, row, field, e);
	return read_other(g, row, field, e);
}

static enum err_class take_answer_row(struct gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e)
{
	struct err why;

	if (r->kind == ROW_DETAIL) {
		TRY(flush(g, e));
		open_answer(g, r);
	}
	if (!g->open) {
		/* A row that belongs to no answer. */
		err_set(&why, ERR_INPUT, "answer.unknown_number",
		    "どの回答の行か分かりません",
		    "a row that belongs to no answer");
		(void)err_at(&why, NULL, r->line, 0, "管理番号");
		g->sink->bad(g->sink->ctx, &why, (struct text){0});
		return ERR_NONE;
	}
	g->end = r->end;
	if (g->bad)
		return ERR_NONE;
	if (read_row(g, f, r, &why) != ERR_NONE)
		spoil(g, &why, r->line);
	return ERR_NONE;
}

/* ---- the whole file ---- */

enum err_class layout_read(struct layout *l, struct bytes file, struct arena *a,
    const struct layout_sink *sink, size_t *records, struct err *e)
{
	bool requests = sink->request != NULL;
	struct gathering g = {.l = l,
	    .part = requests ? &l->request : &l->answer,
	    .file = file,
	    .a = a,
	    .sink = sink};
	struct frame_facts facts;
	struct layout_frame f;
	struct layout_record r;
	bool more;

	*records = 0;
	l->run = (struct layout_run){0};
	arena_reset(&l->scratch);
	TRY(check_frame(l, g.part, file, &facts, e));
	layout_frame_init(&f, l, g.part, file);
	TRY(layout_frame_names(&f, e));
	for (;;) {
		TRY(layout_frame_next(&f, &r, &more, e));
		if (!more)
			break;
		if (r.kind == ROW_HEADER || r.kind == ROW_TRAILER)
			continue;
		if (requests)
			TRY(take_request(&g, &f, &r, e));
		else
			TRY(take_answer_row(&g, &f, &r, e));
	}
	TRY(flush(&g, e));
	*records = facts.details;
	return ERR_NONE;
}

struct text layout_read_file_id(const struct layout *l)
{
	return text_z(l->run.file_id);
}
