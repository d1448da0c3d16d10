/* layout_fast_read.c — see layout_fast_read.h. */
#include "layout/layout_fast_read.h"

enum step_kind {
	STEP_INQUIRY, /* 管理番号 */
	STEP_BYTE,    /* a code of one byte */
	STEP_TEXT,    /* without rules for reading */
	STEP_DAY,     /* a whole day */
	STEP_VALUE,   /* by layout_value_read */
};

/* What a byte reads as; read: it is not refused. */
struct byte {
	struct layout_reading v;
	char raw;
	bool read;
};
#define BYTES_COUNT 0x80 /* of ASCII */

struct step {
	enum step_kind kind;
	const struct layout_column *c;
	const struct byte *byte; /* of STEP_BYTE */
};

struct layout_reader {
	size_t length; /* of a record */
	size_t steps;
	struct step step[LAYOUT_COLUMNS_MAX];
};

/* ---- the plan ---- */

/* Each byte is asked for once. */
static const struct byte *bytes_of(
    struct layout *l, const struct layout_column *c)
{
	struct byte *byte = arena_zero(&l->arena, BYTES_COUNT, sizeof(*byte));

	for (int i = 0; i < BYTES_COUNT; i++) {
		struct err e;

		byte[i].raw = (char)i;
		byte[i].read = layout_value_read(l, c, BYTES(&byte[i].raw, 1),
				   &l->arena, &byte[i].v, &e) == ERR_NONE;
	}
	return byte;
}

static enum step_kind kind_of(const struct layout_column *c)
{
	if (c->width == 1 && (c->op == OP_CLASS || c->op == OP_MAP))
		return STEP_BYTE;
	if (c->slot == ANSWER_INQUIRY)
		return STEP_INQUIRY;
	if (c->pad_left)
		return STEP_VALUE;
	if (c->op == OP_TEXT && c->read == NULL && c->type != ITEM_CODE &&
	    c->type != ITEM_FLAG)
		return STEP_TEXT;
	return c->op == OP_DATE ? STEP_DAY : STEP_VALUE;
}

/* A number is judged by itself: nothing else of the column may refuse it. */
static bool takes_any_number(const struct layout_column *c)
{
	return c->op == OP_CODE && !c->pad_left && c->max >= KANRI_SIZE &&
	       layout_domain(c) == NULL;
}

/* Counts, parts of a period, and days whose era is found by those before take
 * more than a column. */
static bool is_plain(const struct layout_column *c)
{
	switch (c->value) {
	case VALUE_ITEM:
		if (c->slot == ANSWER_INQUIRY)
			return takes_any_number(c);
		return !c->era6 &&
		       (c->op != OP_PERIOD || c->part == PERIOD_WHOLE);
	case VALUE_CONSTANT:
	case VALUE_FILLER:
	case VALUE_CODE:
	case VALUE_NAME:
	case VALUE_VARIANT:
		return true;
	case VALUE_SUM:
	case VALUE_FILE_ID:
	case VALUE_RECORDS:
	case VALUE_ROWS:
	case VALUE_DIGEST:
	case VALUE_ACCOUNTS:
	case VALUE_TRANSACTIONS:
	case VALUE_OTHERS:
		return false;
	}
	return false;
}

struct layout_reader *layout_fast_reader(struct layout *l)
{
	const struct layout_part *part = &l->answer;
	const struct layout_row *row = &part->row[ROW_DETAIL];
	struct layout_reader *reader;

	if (l->form != FORM_FIXED || part->grouped || part->per_account ||
	    part->row[ROW_ACCOUNT].used || part->row[ROW_TRANSACTION].used ||
	    part->row[ROW_OTHER].used || row->length > LAYOUT_ROW_BYTES_MAX)
		return NULL;
	for (size_t i = 0; i < row->n; i++)
		if (!is_plain(&row->column[i]))
			return NULL;
	reader = arena_zero(&l->arena, 1, sizeof(*reader));
	reader->length = row->length;
	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];
		struct step *s = &reader->step[reader->steps];

		if (c->value != VALUE_ITEM)
			continue;
		reader->steps++;
		*s = (struct step){.kind = kind_of(c), .c = c};
		if (s->kind == STEP_BYTE)
			s->byte = bytes_of(l, c);
	}
	return reader;
}

/* ---- reading ---- */

static void take(struct answer *x, const struct layout_column *c,
    const struct layout_reading *v)
{
	if (c->op == OP_CLASS) {
		x->class = v->class;
		x->f[c->slot] = v->raw;
		return;
	}
	x->f[c->slot] = v->value;
	x->raw[c->slot] = v->raw;
	if (v->raw.p == v->value.p || text_eq(v->raw, v->value))
		x->raw[c->slot] = (struct text){0};
}

static inline bool read_byte(
    const struct step *s, struct bytes field, struct answer *x)
{
	unsigned char b = field.p[0];

	if (b >= BYTES_COUNT || !s->byte[b].read)
		return false;
	take(x, s->c, &s->byte[b].v);
	return true;
}

static inline bool read_inquiry(const struct step *s, struct kanri_run *run,
    struct bytes field, struct answer *x)
{
	struct text in = text_trust((const char *)field.p, field.n);

	if (!kanri_run_is(run, in))
		return false;
	x->f[s->c->slot] = in;
	return true;
}

static inline bool read_text(struct layout *l, const struct step *s,
    struct bytes field, struct arena *a, struct answer *x)
{
	struct text *out = &x->f[s->c->slot];

	/* A character has a byte at least. */
	return field.n <= LAYOUT_FIELD_BYTES_MAX &&
	       layout_value_read_plain(l, field, a, out) &&
	       out->n <= 2 * s->c->max;
}

static inline bool read_day(
    const struct step *s, struct bytes field, struct arena *a, struct answer *x)
{
	struct text in = text_trust((const char *)field.p, field.n);
	char day[WAREKI_DAY_MAX];
	struct layout_reading v = {.raw = in};

	if (!wareki_get_day(s->c->date, in, day))
		return false;
	v.value = text_trust(arena_copy(a, day, sizeof(day)), sizeof(day));
	take(x, s->c, &v);
	return true;
}

static inline bool read_value(struct layout *l, const struct step *s,
    struct bytes field, struct arena *a, struct answer *x)
{
	struct layout_reading v = {0};
	struct err e;

	if (layout_value_read(l, s->c, field, a, &v, &e) != ERR_NONE)
		return false;
	take(x, s->c, &v);
	return true;
}

static inline bool read_step(struct layout *l, const struct step *s,
    struct bytes raw, struct kanri_run *run, struct arena *a, struct answer *x)
{
	struct bytes field = BYTES(raw.p + s->c->at, s->c->width);

	if (s->kind == STEP_BYTE)
		return read_byte(s, field, x);
	if (s->kind == STEP_VALUE)
		return read_value(l, s, field, a, x);
	field.n = layout_value_read_before_blanks(field);
	if (field.n == 0) {
		x->f[s->c->slot] = TEXT("");
		x->raw[s->c->slot] = (struct text){0};
		return !s->c->required && s->kind != STEP_INQUIRY;
	}
	if (s->kind == STEP_INQUIRY)
		return read_inquiry(s, run, field, x);
	return s->kind == STEP_TEXT ? read_text(l, s, field, a, x)
				    : read_day(s, field, a, x);
}

bool layout_fast_read(struct layout *l, const struct layout_reader *reader,
    struct bytes raw, struct kanri_run *run, struct arena *a,
    struct answer *out)
{
	if (raw.n != reader->length)
		return false;
	out->class = CLASS_REVIEW;
	for (size_t i = 0; i < reader->steps; i++)
		if (!read_step(l, &reader->step[i], raw, run, a, out))
			return false;
	return true;
}
