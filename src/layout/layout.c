/* layout.c — see layout.h: the facts of a layout, and whole files written. */
#include "layout/layout_chars.h"
#include "layout/layout_fast.h"
#include "layout/layout_fast_read.h"
#include "layout/layout_markup.h"
#include "layout/layout_put.h"
#include "layout/layout_tally.h"
#include "text/kanji.h"

#include <stdio.h>
#include <stdlib.h>

const char *const layout_row_key[ROW_COUNT] = {
#define KEY_(id, key, ja, en) key,
    LAYOUT_ROWS(KEY_)
#undef KEY_
};

struct text *layout_transaction_slot(struct answer_transaction *t, int slot)
{
	static const size_t at[] = {
#define AT_(id, member, ja, type) offsetof(struct answer_transaction, member),
	    LAYOUT_TRANSACTION_FIELDS(AT_)
#undef AT_
	};

	return (struct text *)(void *)((char *)t + at[slot]);
}

struct text *layout_other_slot(struct answer_other *o, int slot)
{
	static const size_t at[] = {
#define AT_(id, member, ja, type) offsetof(struct answer_other, member),
	    LAYOUT_OTHER_FIELDS(AT_)
#undef AT_
	};

	return (struct text *)(void *)((char *)o + at[slot]);
}

const char *layout_item_name(const struct layout_column *c)
{
	static const char *const transaction[] = {
#define NAME_(id, member, ja, type) ja,
	    LAYOUT_TRANSACTION_FIELDS(NAME_)};
	static const char *const other[] = {LAYOUT_OTHER_FIELDS(NAME_)};
#undef NAME_

	switch (c->scope) {
	case SCOPE_REQUEST:
		return item_request[c->slot].name;
	case SCOPE_ANSWER:
		return item_answer[c->slot].name;
	case SCOPE_TRANSACTION:
		return transaction[c->slot];
	case SCOPE_OTHER:
		return other[c->slot];
	}
	return "";
}

void layout_add(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum))
		*sum = n < 0 ? INT64_MIN : INT64_MAX;
}

void layout_free(struct layout *l)
{
	if (l == NULL)
		return;
	arena_fini(&l->scratch);
	buf_fini(&l->field);
	/* Everything else, code and name among it, is in the arena. */
	arena_fini(&l->arena);
	free(l);
}

static void use_map(struct layout *l, struct layout_column *c)
{
	for (int p = 0; p < LAYOUT_PERSONS; p++)
		if (c->rules[p] != NULL)
			c->rules[p] =
			    rules_with_map(&l->arena, c->rules[p], l->map);
	if (c->read != NULL)
		c->read = rules_with_map(&l->arena, c->read, l->map);
}

static void use_map_in_all(struct layout *l, const struct mj_table *map)
{
	if (l->map == map)
		return;
	l->map = map;
	l->memo = NULL; /* it knows what the rules before made of values */
	for (int k = 0; k < ROW_COUNT; k++) {
		struct layout_row *request = &l->request.row[k];
		struct layout_row *answer = &l->answer.row[k];

		for (size_t i = 0; i < request->n; i++)
			use_map(l, &request->column[i]);
		for (size_t i = 0; i < answer->n; i++)
			use_map(l, &answer->column[i]);
	}
}

bool layout_use_tables(struct layout *l, const char *version)
{
	const struct mj_table *map = kanji_map(version);

	if (map == NULL)
		return false;
	use_map_in_all(l, map);
	return true;
}

const char *layout_tables(const struct layout *l)
{
	return kanji_map_version(l->map);
}

const char *layout_institution(const struct layout *l)
{
	return l->code;
}

const char *layout_name(const struct layout *l)
{
	return l->name;
}

const char *layout_version(const struct layout *l)
{
	return l->version;
}

size_t layout_records_per_file(const struct layout *l)
{
	return l->records_per_file / l->fan_max;
}

const struct layout_schedule *layout_schedule(const struct layout *l)
{
	return &l->schedule;
}

bool layout_may_send(
    const struct layout *l, int minute, bool business_day, size_t files_today)
{
	const struct layout_schedule *s = &l->schedule;

	return minute >= s->from && minute < s->to &&
	       (business_day || !s->business_days) &&
	       (s->files_per_day == 0 || files_today < s->files_per_day);
}

size_t layout_retention_days(const struct layout *l)
{
	return l->retention_days;
}

bool layout_paper(const struct layout *l)
{
	return l->paper;
}

bool layout_uses_address(const struct layout *l)
{
	return l->uses_address;
}

bool layout_uses_sex(const struct layout *l)
{
	return l->uses_sex;
}

const char *layout_hub(const struct layout *l, size_t i)
{
	return i < LAYOUT_HUBS_MAX ? l->hub[i] : NULL;
}

static bool accepts_one(const struct layout *l, struct text code)
{
	for (size_t i = 0; i < l->basis_n; i++)
		if (text_eq(l->basis[i], code))
			return true;
	return false;
}

bool layout_accepts_basis(const struct layout *l, struct text basis)
{
	if (l->basis_n == 0)
		return true;
	while (basis.n != 0) {
		const char *bar = memchr(basis.p, '|', basis.n);
		size_t n = bar ? (size_t)(bar - basis.p) : basis.n;

		if (!accepts_one(l, text_trust(basis.p, n)))
			return false;
		n += bar != NULL;
		basis = text_trust(basis.p + n, basis.n - n);
	}
	return true;
}

enum err_class layout_rename(
    struct layout *l, const char *code, const char *name, struct err *e)
{
	if (!text_is_digits(text_z(code), 4, 4)) {
		err_set(e, ERR_INPUT, "layout.syntax",
		    "金融機関コードは数字4桁です",
		    "an institution's code has four digits");
		return err_detail(e, "%s", code);
	}
	l->code = arena_copy(&l->arena, code, strlen(code));
	l->name = arena_copy(&l->arena, name, strlen(name));
	return ERR_NONE;
}

/* Persons may share a list, and then what is known of it. */
static void use_tables(struct layout *l, struct layout_column *c)
{
	for (int p = 0; p < LAYOUT_PERSONS; p++) {
		int q = 0;

		if (c->rules[p] == NULL)
			continue;
		while (c->rules[q] != c->rules[p])
			q++;
		if (q < p) {
			c->tally[p] = c->tally[q];
			c->chars[p] = c->chars[q];
			continue;
		}
		c->tally[p] = layout_tally_new(&l->arena, c->rules[p]);
		if (c->parted[p] == RULES_CUT_SPACE)
			c->chars[p] = layout_chars_new(l, c->tally[p]);
	}
}

static void part_read(struct layout_row *request, struct layout_row *answer)
{
	for (size_t i = 0; i < request->n; i++)
		if (request->column[i].read != NULL)
			request->column[i].read_parted =
			    rules_parts_cut(request->column[i].read);
	for (size_t i = 0; i < answer->n; i++)
		if (answer->column[i].read != NULL)
			answer->column[i].read_parted =
			    rules_parts_cut(answer->column[i].read);
}

void layout_use_memo(struct layout *l, struct layout_memo *m)
{
	struct layout_row *row = &l->request.row[ROW_DETAIL];

	l->memo = m;
	/* Once: what a memo keeps of a list refers to its tally. */
	if (m == NULL || l->tables)
		return;
	l->tables = true;
	for (size_t i = 0; i < row->n; i++)
		use_tables(l, &row->column[i]);
	for (int k = 0; k < ROW_COUNT; k++)
		part_read(&l->request.row[k], &l->answer.row[k]);
	l->plan = layout_fast_plan(l);
	l->reader = layout_fast_reader(l);
}

void layout_tell(struct layout *l, struct layout_report *report)
{
	struct layout_row *row = &l->request.row[ROW_DETAIL];

	for (size_t i = 0; i < row->n; i++)
		for (int p = 0; p < LAYOUT_PERSONS; p++)
			if (row->column[i].tally[p] != NULL)
				layout_tally_end(
				    row->column[i].tally[p], report);
}

/* ---- files ---- */

static void begin(struct layout *l, const struct layout_part *part,
    const char *file_id, struct buf *out)
{
	struct layout_writing w = {.l = l, .out = out};
	size_t lost = 0;

	w.lost = &lost;
	l->run = (struct layout_run){0};
	(void)snprintf(l->run.file_id, sizeof(l->run.file_id), "%s", file_id);
	layout_markup_begin(l, part, out);
	if (part->names) {
		buf_add(out, part->names_line.p, part->names_line.n);
		buf_z(out, l->newline == NEWLINE_LF ? "\n" : "\r\n");
	}
	if (part->row[ROW_HEADER].used)
		(void)layout_put_row(&w, &part->row[ROW_HEADER]);
	l->run.body_at = out->n;
	arena_reset(&l->scratch);
}

static void end(struct layout *l, const struct layout_part *part,
    size_t records, struct buf *out)
{
	struct layout_writing w = {.l = l, .out = out};
	size_t lost = 0;

	w.lost = &lost;
	w.records = records + l->run.extra;
	layout_put_counts(l, w.records, out);
	l->run.body_end = out->n;
	if (part->row[ROW_TRAILER].used)
		(void)layout_put_row(&w, &part->row[ROW_TRAILER]);
	layout_markup_end(l, part, out);
	l->run.records_column = NULL;
	l->run.rows_column = NULL;
	arena_reset(&l->scratch);
}

void layout_begin_requests(
    struct layout *l, const char *file_id, struct buf *out)
{
	begin(l, &l->request, file_id, out);
}

void layout_end_requests(struct layout *l, size_t records, struct buf *out)
{
	end(l, &l->request, records, out);
}

size_t layout_requests_head(const struct layout *l)
{
	return l->request.digest ? SIZE_MAX : l->run.body_at;
}

void layout_begin_answers(
    struct layout *l, const char *file_id, struct buf *out)
{
	begin(l, &l->answer, file_id, out);
}

void layout_end_answers(struct layout *l, size_t records, struct buf *out)
{
	end(l, &l->answer, records, out);
}

int layout_person(struct text t)
{
	if (t.n == 1 && t.p[0] >= '1' && t.p[0] < '0' + LAYOUT_PERSONS)
		return t.p[0] - '0';
	return 0;
}

static void put_answer_row(struct layout_writing *w, enum layout_row_kind kind)
{
	const struct layout_row *row = &w->l->answer.row[kind];

	if (row->used) {
		(void)layout_put_row(w, row);
		w->l->run.rows++;
	}
}

static void put_account(struct layout_writing *w)
{
	put_answer_row(w, w->l->answer.per_account ? ROW_DETAIL : ROW_ACCOUNT);
	for (size_t i = 0; i < w->account->transaction_count; i++) {
		w->transaction = &w->account->transactions[i];
		put_answer_row(w, ROW_TRANSACTION);
	}
	w->transaction = NULL;
}

void layout_put_answer(
    struct layout *l, const struct answer *x, struct buf *out, size_t *lost)
{
	struct layout_writing w = {.l = l,
	    .out = out,
	    .answer = x,
	    .lost = lost,
	    .variant = 1,
	    .person = layout_person(x->f[ANSWER_PERSON])};

	if (!l->answer.per_account || x->account_count == 0)
		put_answer_row(&w, ROW_DETAIL);
	for (size_t i = 0; i < x->account_count; i++) {
		w.account = &x->accounts[i];
		w.variant = i + 1;
		put_account(&w);
	}
	if (l->answer.per_account && x->account_count > 1)
		l->run.extra += x->account_count - 1;
	w.account = NULL;
	for (size_t i = 0; i < x->other_count; i++) {
		w.other = &x->others[i];
		put_answer_row(&w, ROW_OTHER);
	}
	arena_reset(&l->scratch);
}

/* Digits of a date without its hyphens. */
static void put_digits(struct buf *out, const char *date)
{
	for (; *date != '\0'; date++)
		if (*date != '-')
			buf_byte(out, (unsigned char)*date);
}

void layout_file_name(const struct layout *l, const char *file_id,
    const char *date, int sequence, struct buf *out)
{
	const char *p = l->file_name;

	while (*p != '\0') {
		size_t n = strcspn(p, "}") + 1;

		if (*p != '{') {
			buf_byte(out, (unsigned char)*p++);
			continue;
		}
		if (strncmp(p, "{code}", n) == 0)
			buf_z(out, l->code);
		else if (strncmp(p, "{file}", n) == 0)
			buf_z(out, file_id);
		else if (strncmp(p, "{date}", n) == 0)
			put_digits(out, date);
		else /* {seq} or {seq:N}, by the check of loading */
			buf_printf(out, "%0*d", p[4] == ':' ? p[5] - '0' : 1,
			    sequence);
		p += n;
	}
}
