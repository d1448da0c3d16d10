/* layout_gather.c — see layout_gather.h. */
#include "layout/layout_gather.h"

#include "layout/layout_fast_read.h"
#include "layout/layout_merge.h"
#include "record/limits.h"

static enum err_class unknown(struct err *e, const char *item)
{
	err_set(e, ERR_INPUT, "answer.unknown_number", "管理番号ではありません",
	    "this is no 管理番号");
	return err_at(e, NULL, 0, 0, item);
}

/* One bad row makes its whole answer bad: a part would pass for all of it. */
static void spoil(struct layout_gathering *g, const struct err *why, long line)
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

/* F1: what one answer may hold. */
static enum err_class check_bounds(const struct layout_gathering *g,
    const struct answer_account *account, struct err *e)
{
	if (g->end - g->begin <= LIMIT_ANSWER_RECORD &&
	    g->x.account_count < LIMIT_ANSWER_ACCOUNTS &&
	    g->x.other_count < LIMIT_ANSWER_OTHERS &&
	    (account == NULL ||
		account->transaction_count < LIMIT_ANSWER_TRANSACTIONS))
		return ERR_NONE;
	err_set(e, ERR_LIMIT, "answer.too_large", "回答が大きすぎます",
	    "the answer is too large");
	return err_at(e, NULL, 0, 0, NULL);
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

/* What an account told of its transactions must be what stands below it. A
 * form without rows for them delivers none: what was told stays as raw. */
static void close_account(struct layout_gathering *g, struct answer_account *x)
{
	struct text *told = &x->f[ANSWER_STATEMENT];
	struct err why;
	bool differs = told->n != 0 && count_of(*told) != x->transaction_count;

	if (differs && !g->part->row[ROW_TRANSACTION].used) {
		x->raw[ANSWER_STATEMENT] = *told;
		*told = (struct text){0};
	} else if (differs) {
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

static void check_told(struct layout_gathering *g, int slot, size_t found)
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

static void close_accounts(struct layout_gathering *g)
{
	for (size_t i = 0; i < g->x.account_count; i++)
		close_account(g, &g->x.accounts[i]);
}

static void close_counts(struct layout_gathering *g)
{
	struct err why;

	close_accounts(g);
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

/* x joins the records of its inquiry that stand before it. Where each is of
 * one account, what is told of others is told of all of them. */
static void join(struct layout_gathering *g)
{
	struct err why;

	if (g->part->per_account)
		close_accounts(g);
	else
		close_counts(g);
	if (!g->joined)
		g->whole = g->x;
	else if (!g->bad &&
		 layout_merge(g->a, &g->whole, &g->x, &why) != ERR_NONE)
		spoil(g, &why, g->line);
	g->joined = true;
}

static void close_answer(struct layout_gathering *g)
{
	if (!g->joined) {
		close_counts(g);
		return;
	}
	join(g);
	g->x = g->whole;
	if (g->part->per_account && g->part->row[ROW_OTHER].used) {
		check_told(g, ANSWER_COLLATERAL, count_others(&g->x, true));
		check_told(g, ANSWER_OTHERS, count_others(&g->x, false));
	}
}

/* Hands the gathered answer over; the sink may reset the arena then. */
static enum err_class flush_answer(struct layout_gathering *g, struct err *e)
{
	enum err_class class = ERR_NONE;

	if (!g->bad)
		close_answer(g);
	g->x.record = BYTES(g->file.p + g->begin, g->end - g->begin);
	g->open = false;
	g->inquiries++;
	if (g->bad)
		g->sink->bad(g->sink->ctx, &g->why, text_z(g->kanri_text));
	else
		class = g->sink->answer(g->sink->ctx, &g->x, g->line, e);
	return class;
}

/* The same of an inquiry's records as the bank reads them. */
static enum err_class flush_request(struct layout_gathering *g, struct err *e)
{
	g->open = false;
	g->inquiries++;
	if (!g->bad)
		return g->sink->request(g->sink->ctx, &g->first, g->line, e);
	g->sink->bad(g->sink->ctx, &g->why, text_z(g->kanri_text));
	return ERR_NONE;
}

/* F1: a file's inquiries fit one transaction. */
static enum err_class too_many_inquiries(
    const struct layout_gathering *g, struct err *e)
{
	err_set(e, ERR_LIMIT, "answer.count", "件数が合いません",
	    "the counts do not agree");
	(void)err_at(e, NULL, g->line, 0, "records");
	e->level = ERR_FILE;
	return e->class;
}

enum err_class layout_gather_flush(struct layout_gathering *g, struct err *e)
{
	if (!g->open)
		return ERR_NONE;
	if (g->inquiries == LAYOUT_RECORDS_MAX)
		return too_many_inquiries(g, e);
	return g->sink->request != NULL ? flush_request(g, e)
					: flush_answer(g, e);
}

static enum err_class take_holder(struct layout_gathering *g,
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
	case VALUE_SUM:
	case VALUE_DIGEST:
	case VALUE_FILE_ID:
	case VALUE_CODE:
	case VALUE_NAME:
	case VALUE_RECORDS:
	case VALUE_ROWS:
	case VALUE_VARIANT:
		return ERR_NONE;
	case VALUE_TRANSACTIONS: /* of the account this record is of */
		g->x.f[ANSWER_STATEMENT] = v->value;
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
	if (!kanri_run_is(&g->run, v->value))
		return unknown(e, c->name.p);
	memcpy(g->kanri_text, v->value.p, KANRI_SIZE);
	return ERR_NONE;
}

/* Columns that are read only for their value's sake. */
static bool is_read(const struct layout_column *c)
{
	return c->value == VALUE_ITEM || c->value == VALUE_ACCOUNTS ||
	       c->value == VALUE_OTHERS || c->value == VALUE_TRANSACTIONS;
}

static enum err_class read_holder(struct layout_gathering *g,
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
		g->x.f[ANSWER_PERIOD] = layout_value_read_period(
		    g->a, part[PERIOD_FROM], part[PERIOD_TO]);
	return first;
}

/* Which values a row below the holder tells only to say whose it is. */
static enum err_class check_echo(
    struct layout_gathering *g, int slot, struct text v, struct err *e)
{
	if (slot != ANSWER_INQUIRY || text_eq(v, g->x.f[ANSWER_INQUIRY]))
		return ERR_NONE;
	return unknown(e, item_answer[ANSWER_INQUIRY].name);
}

static enum err_class read_account(struct layout_gathering *g,
    const struct layout_row *row, const struct bytes *field, struct err *e)
{
	struct answer_account *x;
	struct layout_reading v;

	TRY(check_bounds(g, NULL, e));
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
		if (c->type != ITEM_COUNT && text_eq(v.value, g->x.f[c->slot]))
			continue;
		x->f[c->slot] = v.value;
		if (!text_eq(v.raw, v.value))
			x->raw[c->slot] = v.raw;
	}
	return ERR_NONE;
}

static struct text account_says(
    const struct layout_gathering *g, const struct answer_account *x, int slot)
{
	return x->f[slot].n != 0 ? x->f[slot] : g->x.f[slot];
}

/* The account that the echoed keys of a transaction name; the last if none
 * is echoed. */
static struct answer_account *account_named(
    struct layout_gathering *g, const struct text *key)
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

static enum err_class read_transaction(struct layout_gathering *g,
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
	TRY(check_bounds(g, x, e));
	*answer_add_transaction(g->a, x) = t;
	return ERR_NONE;
}

static enum err_class read_other(struct layout_gathering *g,
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
	TRY(check_bounds(g, NULL, e));
	*answer_add_other(g->a, &g->x) = o;
	return ERR_NONE;
}

static void clear(struct layout_gathering *g)
{
	memset(&g->x, 0, sizeof(g->x));
	g->x.class = CLASS_REVIEW;
}

/* What is known of an answer when its first record has been found. */
static void begin_answer(
    struct layout_gathering *g, const struct layout_record *r)
{
	g->open = true;
	g->bad = false;
	g->joined = false;
	g->line = r->line;
	g->begin = r->begin;
	g->end = r->end;
	g->told_accounts = SIZE_MAX;
	g->told_others = SIZE_MAX;
}

static void open_answer(
    struct layout_gathering *g, const struct layout_record *r)
{
	clear(g);
	g->fast = false;
	memset(g->kanri_text, 0, sizeof(g->kanri_text));
	begin_answer(g, r);
}

static enum err_class read_row(struct layout_gathering *g,
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
	if (r->kind == ROW_DETAIL) {
		TRY(read_holder(g, row, field, e));
		if (g->part->per_account)
			layout_merge_account(g->a, &g->x);
		return ERR_NONE;
	}
	if (r->kind == ROW_ACCOUNT)
		return read_account(g, row, field, e);
	if (r->kind == ROW_TRANSACTION)
		return read_transaction(g, row, field, e);
	return read_other(g, row, field, e);
}

/* Is it one more detail of the inquiry at hand? */
static bool continues(struct layout_gathering *g, const struct layout_frame *f,
    const struct layout_record *r)
{
	const struct layout_row *row = &g->part->row[ROW_DETAIL];
	struct bytes field[LAYOUT_COLUMNS_MAX];
	struct bytes key = BYTES(g->kanri_text, KANRI_SIZE);
	struct err e;

	arena_reset(&g->l->scratch);
	if (!g->open || !g->part->grouped || g->kanri_text[0] == '\0' ||
	    layout_frame_split(f, r, &g->l->scratch, field, &e) != ERR_NONE)
		return false;
	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];

		/* 管理番号 has the same slot's name on both sides. */
		if (c->value == VALUE_ITEM &&
		    c->slot == (g->sink->request != NULL ? (int)REQUEST_INQUIRY
							 : (int)ANSWER_INQUIRY))
			return bytes_eq(
			    layout_value_read_trim(g->l, c, field[i]), key);
	}
	return false;
}

/* ---- requests ---- */

static enum err_class read_request(struct layout_gathering *g,
    const struct layout_row *row, const struct bytes *field,
    struct request *out, struct err *e)
{
	struct text part[3] = {{0}};
	struct layout_reading v;

	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];

		if (c->value != VALUE_ITEM)
			continue;
		TRY(layout_value_read(g->l, c, field[i], g->a, &v, e));
		if (c->op == OP_PERIOD && c->part != PERIOD_WHOLE)
			part[c->part] = v.value;
		else
			out->f[c->slot] = v.value;
		if (c->slot == REQUEST_INQUIRY &&
		    kanri_run_is(&g->run, v.value))
			memcpy(g->kanri_text, v.value.p, KANRI_SIZE);
	}
	if (out->f[REQUEST_PERIOD].n == 0)
		out->f[REQUEST_PERIOD] = layout_value_read_period(
		    g->a, part[PERIOD_FROM], part[PERIOD_TO]);
	return kanri_run_is(&g->run, out->f[REQUEST_INQUIRY])
		   ? ERR_NONE
		   : unknown(e, item_request[REQUEST_INQUIRY].name);
}

static enum err_class too_many(struct err *e)
{
	err_set(e, ERR_LIMIT, "answer.too_large", "照会のレコードが多すぎます",
	    "too many records of one inquiry");
	return err_at(e, NULL, 0, 0, item_request[REQUEST_INQUIRY].name);
}

static enum err_class add_request(struct layout_gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e)
{
	struct bytes field[LAYOUT_COLUMNS_MAX];
	struct request *to = &g->first;

	if (g->last != NULL) {
		if (++g->variants > LAYOUT_FAN_MAX)
			return too_many(e);
		to = arena_zero(g->a, 1, sizeof(*to));
		g->last->also = to;
	}
	*to = (struct request){0};
	g->last = to;
	TRY(layout_frame_split(f, r, g->a, field, e));
	return read_request(g, &g->part->row[ROW_DETAIL], field, to, e);
}

enum err_class layout_gather_request(struct layout_gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e)
{
	struct err why;

	if (r->kind != ROW_DETAIL) {
		err_set(&why, ERR_INPUT, "answer.unknown_code",
		    "知らないレコード区分です", "an unknown kind of record");
		(void)err_at(&why, NULL, r->line, 0, "レコード区分");
		g->sink->bad(g->sink->ctx, &why, (struct text){0});
		return ERR_NONE;
	}
	if (!continues(g, f, r)) {
		TRY(layout_gather_flush(g, e));
		open_answer(g, r);
		g->last = NULL;
		g->variants = 1;
	}
	if (!g->bad && add_request(g, f, r, &why) != ERR_NONE)
		spoil(g, &why, r->line);
	/* Without groups nothing waits: the arena is free for the next. */
	return g->part->grouped ? ERR_NONE : layout_gather_flush(g, e);
}

/* ---- answers, row by row ---- */

/* A detail in one go; *done: it was one. What is no detail may follow, and
 * spoil it. */
static enum err_class take_whole(struct layout_gathering *g,
    const struct layout_record *r, bool *done, struct err *e)
{
	const struct layout_reader *reader = g->l->reader;

	*done = false;
	if (reader == NULL)
		return ERR_NONE;
	TRY(layout_gather_flush(g, e));
	if (!g->fast)
		clear(g);
	g->fast = true;
	*done = layout_fast_read(g->l, reader, r->raw, &g->run, g->a, &g->x);
	if (!*done)
		return ERR_NONE;
	memcpy(g->kanri_text, g->x.f[ANSWER_INQUIRY].p, KANRI_SIZE);
	begin_answer(g, r);
	return ERR_NONE;
}

enum err_class layout_gather_row(struct layout_gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e)
{
	struct err why;
	bool done;

	if (r->kind == ROW_DETAIL) {
		TRY(take_whole(g, r, &done, e));
		if (done)
			return ERR_NONE;
	}
	if (r->kind == ROW_DETAIL && continues(g, f, r)) {
		/* What was bad before stays bad with all its records. */
		if (!g->bad)
			join(g);
		clear(g);
		g->told_accounts = SIZE_MAX;
		g->told_others = SIZE_MAX;
	} else if (r->kind == ROW_DETAIL) {
		TRY(layout_gather_flush(g, e));
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
