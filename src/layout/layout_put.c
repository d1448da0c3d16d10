/*
 * layout_put.c — see layout_put.h. The hot path of a wave: a field is encoded
 * straight into the file's buffer, then bounded, padded or quoted in place.
 */
#include "layout/layout_put.h"

#include "layout/layout_markup.h"
#include "layout/layout_memo.h"
#include "text/utf8.h"

#include <stdio.h>

static bool is_ascii(struct text t)
{
	unsigned char any = 0;

	for (size_t i = 0; i < t.n; i++)
		any |= (unsigned char)t.p[i];
	return any < 0x80;
}

/* What a bank puts for a character that the file's encoding lacks. */
static void put_geta(enum encoding enc, struct buf *out)
{
	size_t at;
	uint32_t bad;

	if (enc == ENCODING_ZENGIN ||
	    !encoding_encode(enc, TEXT("〓"), out, &at, &bad))
		buf_byte(out, '?');
}

/* An answer is never withheld: character by character, 〓 for what lacks. */
static void put_lossy(struct layout_writing *w, struct text v)
{
	size_t i = 0;

	while (i < v.n) {
		size_t from = i;
		size_t keep = w->out->n;
		struct text one;
		uint32_t bad;
		size_t at;

		(void)utf8_next(v, &i);
		one = text_trust(v.p + from, i - from);
		if (encoding_encode(w->l->encoding, one, w->out, &at, &bad))
			continue;
		w->out->n = keep;
		put_geta(w->l->encoding, w->out);
		(*w->lost)++;
	}
}

static bool put_bytes(
    struct layout_writing *w, const struct layout_column *c, struct text v)
{
	size_t start = w->out->n;
	uint32_t bad;
	size_t at;

	if (is_ascii(v)) {
		buf_text_add(w->out, v);
		return true;
	}
	if (encoding_encode(w->l->encoding, v, w->out, &at, &bad))
		return true;
	w->out->n = start;
	if (w->report == NULL) {
		put_lossy(w, v);
		return true;
	}
	layout_value_hold(w, c, encoding_name(w->l->encoding),
	    utf8_count(text_trust(v.p, at)) + 1, bad,
	    "この金融機関の文字コードにない文字です",
	    "the institution's encoding lacks this character");
	return false;
}

/* T3: marks that belong to the character before them. */
static bool clings(uint32_t c)
{
	return c == 0xff9e || c == 0xff9f || c == 0x3099 || c == 0x309a ||
	       (c >= 0x300 && c <= 0x36f) || (c >= 0xfe00 && c <= 0xfe0f) ||
	       (c >= 0xe0100 && c <= 0xe01ef);
}

/* The longest start of v, whole characters with their marks, in width bytes. */
static struct text fitting(enum encoding enc, struct text v, size_t width)
{
	size_t good = 0;
	size_t used = 0;
	size_t i = 0;

	while (i < v.n) {
		size_t from = i;
		uint32_t c = utf8_next(v, &i);
		size_t n =
		    encoding_width(enc, text_trust(v.p + from, i - from));

		if (!clings(c))
			good = from;
		/* put_lossy gives one 〓 or '?' for it. */
		if (n == SIZE_MAX)
			n = enc == ENCODING_CP932 ? 2 : 1;
		if (used + n > width)
			return text_trust(v.p, good);
		used += n;
	}
	return v;
}

/* T2: a material loss that no rule of the text told. */
static void tell_change(struct layout_writing *w, const struct layout_column *c,
    const struct rules_change *change)
{
	struct layout_report *r = w->report;

	if (c->value == VALUE_ITEM)
		r->material |= UINT32_C(1) << c->slot;
	if (r->note != NULL)
		r->note(r->ctx, (enum request_item)c->slot, change);
	else if (r->tally != NULL)
		r->tally(r->ctx, change->rule, change->loss, 1);
}

/* A field over its width: cut where the layout says so, else held (T2). */
static bool too_wide(struct layout_writing *w, const struct layout_column *c,
    struct text v, size_t start)
{
	struct text kept = fitting(w->l->encoding, v, c->width);
	struct rules_change change = {
	    .rule = "width",
	    .at = utf8_count(kept) + 1,
	    .before = text_trust(v.p + kept.n, v.n - kept.n),
	    .after = {"", 0},
	    .loss = RULES_MATERIAL,
	};

	w->out->n = start;
	if (w->report == NULL) {
		if (w->lost != NULL)
			(*w->lost)++;
		/* A part of a number would be another number. */
		return c->op == OP_AMOUNT || c->value == VALUE_SUM ||
		       put_bytes(w, c, kept);
	}
	if (!c->cut) {
		layout_value_hold(w, c, "width", change.at, 0,
		    "この金融機関の桁数に収まりません",
		    "it does not fit the institution's width");
		return false;
	}
	tell_change(w, c, &change);
	return put_bytes(w, c, kept);
}

static void pad(struct buf *out, size_t n, unsigned char with)
{
	buf_room(out, n);
	memset(out->p + out->n, with, n);
	out->n += n;
}

/* The field's bytes stand from start to the end of out. */
static void pad_field(
    struct buf *out, size_t start, const struct layout_column *c)
{
	size_t n = out->n - start;
	size_t more = c->width - n;
	unsigned char with = c->pad;
	size_t sign;

	if (more == 0)
		return;
	/* A number nobody told is blank, not zero. */
	if (n == 0)
		with = ' ';
	pad(out, more, with);
	if (!c->pad_left)
		return;
	sign = with == '0' && n > 0 && out->p[start] == '-';
	memmove(out->p + start + sign + more, out->p + start + sign, n - sign);
	memset(out->p + start + sign, with, more);
}

static bool needs_quotes(struct bytes field, char delimiter)
{
	for (size_t i = 0; i < field.n; i++) {
		unsigned char b = field.p[i];

		if (b == '"' || b == (unsigned char)delimiter || b == '\r' ||
		    b == '\n')
			return true;
	}
	return false;
}

/* RFC 4180: the field in quotes, a quote in it twice. */
static void quote_field(struct layout *l, struct buf *out, size_t start)
{
	struct bytes field = BYTES(out->p + start, out->n - start);

	if (l->quote == QUOTE_NEVER ||
	    (l->quote == QUOTE_MINIMAL && !needs_quotes(field, l->delimiter)))
		return;
	if (field.n == 0 || memchr(field.p, '"', field.n) == NULL) {
		buf_room(out, 2);
		memmove(out->p + start + 1, out->p + start, field.n);
		out->p[start] = '"';
		out->n++;
		out->p[out->n++] = '"';
		return;
	}
	buf_clear(&l->field);
	buf_add(&l->field, field.p, field.n);
	out->n = start;
	buf_byte(out, '"');
	for (size_t i = 0; i < l->field.n; i++) {
		if (l->field.p[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, l->field.p[i]);
	}
	buf_byte(out, '"');
}

/* A form that never quotes has no place for a delimiter in a value. */
static bool breaks_frame(const struct layout_writing *w, size_t start)
{
	struct bytes field = BYTES(w->out->p + start, w->out->n - start);

	return w->l->quote == QUOTE_NEVER &&
	       needs_quotes(field, w->l->delimiter);
}

static bool frame_broken(
    struct layout_writing *w, const struct layout_column *c, size_t start)
{
	if (w->report != NULL) {
		layout_value_hold(w, c, "delimiter", 0, 0,
		    "区切り文字や引用符を含む値は書けません",
		    "a value with a delimiter or a quote cannot be written");
		return false;
	}
	(*w->lost)++;
	for (size_t i = start; i < w->out->n; i++)
		if (needs_quotes(BYTES(w->out->p + i, 1), w->l->delimiter))
			w->out->p[i] = '?';
	return true;
}

/* Remembers where a count of the header stands. */
static void remember(
    struct layout_writing *w, const struct layout_column *c, size_t start)
{
	struct layout_run *run = &w->l->run;
	size_t at =
	    start + (w->l->form == FORM_CSV && w->l->quote == QUOTE_ALWAYS);

	if (c->value == VALUE_RECORDS) {
		run->records_at = at;
		run->records_column = c;
	} else {
		run->rows_at = at;
		run->rows_column = c;
	}
}

/* Quotes or escapes what stands from start on, as the form has it. */
static bool dress(
    struct layout_writing *w, const struct layout_column *c, size_t start)
{
	switch (w->l->form) {
	case FORM_FIXED:
		return true;
	case FORM_CSV:
		if (breaks_frame(w, start) && !frame_broken(w, c, start))
			return false;
		quote_field(w->l, w->out, start);
		return true;
	case FORM_JSONL:
	case FORM_XML:
		if (layout_markup_escape(w->l, w->out, start) &&
		    w->lost != NULL)
			(*w->lost)++;
		buf_add(w->out, c->close.p, c->close.n);
		return true;
	}
	return true;
}

/* What a column adds to a sum told in the trailer; a blank adds nothing. */
static void add_up(
    struct layout_writing *w, const struct layout_column *c, struct text v)
{
	bool minus = v.n > 0 && v.p[0] == '-';
	int64_t n;

	if (text_to_int(
		text_trust(v.p + minus, v.n - minus), LAYOUT_AMOUNT_MAX, &n))
		layout_add(&w->l->run.sum[c->sum], minus ? -n : n);
}

static bool put_value(
    struct layout_writing *w, struct layout_column *c, size_t start)
{
	struct text v;

	if (!layout_value_write(w, c, &v) || !put_bytes(w, c, v))
		return false;
	return c->width == 0 || w->out->n - start <= c->width ||
	       too_wide(w, c, v, start);
}

/* T2: what cannot be written is left out only where the layout says so, and
 * told as lost. */
static bool leave_blank(
    struct layout_writing *w, struct layout_column *c, size_t start)
{
	struct layout_report *r = w->report;
	struct rules_change change = {
	    .rule = r->hold.rule,
	    .at = r->hold.at,
	    .before = layout_value_source(w, c),
	    .after = {"", 0},
	    .loss = RULES_MATERIAL,
	};

	if (!c->blank)
		return false;
	w->out->n = start;
	r->held = false;
	tell_change(w, c, &change);
	return true;
}

static bool put_column(
    struct layout_writing *w, struct layout_column *c, bool header)
{
	size_t start = w->out->n;
	bool told;

	if (w->l->memo != NULL && layout_memo_put(w, c)) {
		if (w->l->form == FORM_FIXED)
			pad_field(w->out, start, c);
		return dress(w, c, start);
	}
	if (!put_value(w, c, start) && !leave_blank(w, c, start))
		return false;
	if (w->l->see != NULL)
		w->l->see(w->l->see_ctx, c, w->variant,
		    BYTES(w->out->p + start, w->out->n - start));
	told = w->out->n > start;
	if (w->l->form == FORM_FIXED || header)
		pad_field(w->out, start, c);
	if (c->sum >= 0 && told)
		add_up(w, c, layout_value_source(w, c));
	return dress(w, c, start);
}

static void put_newline(const struct layout *l, struct buf *out)
{
	switch (l->newline) {
	case NEWLINE_CRLF:
		buf_add(out, "\r\n", 2);
		break;
	case NEWLINE_LF:
		buf_byte(out, '\n');
		break;
	case NEWLINE_NONE:
		break;
	}
}

static void put_mark(
    struct layout *l, const struct layout_row *row, struct buf *out)
{
	size_t start = out->n;

	if (row->mark.n == 0)
		return;
	buf_add(out, row->mark.p, row->mark.n);
	if (l->form == FORM_CSV)
		quote_field(l, out, start);
}

/* What stands between two columns. */
static void put_between(struct layout *l, const struct layout_row *row,
    size_t at, size_t begin, struct buf *out)
{
	const struct layout_column *c = &row->column[at];

	switch (l->form) {
	case FORM_CSV:
		if (at > 0 || row->mark.n != 0)
			buf_byte(out, (unsigned char)l->delimiter);
		break;
	case FORM_FIXED:
		if (out->n - begin < c->at)
			pad(out, c->at - (out->n - begin), ' ');
		break;
	case FORM_JSONL:
	case FORM_XML:
		buf_add(out, c->open.p, c->open.n);
		break;
	}
}

bool layout_put_row(struct layout_writing *w, const struct layout_row *row)
{
	struct layout *l = w->l;
	size_t begin = w->out->n;

	if (l->form == FORM_CSV || l->form == FORM_FIXED)
		put_mark(l, row, w->out);
	else
		buf_add(w->out, row->open.p, row->open.n);
	for (size_t i = 0; i < row->n; i++) {
		struct layout_column *c = &row->column[i];
		bool counted =
		    w->answer == NULL && w->request == NULL && c->width != 0 &&
		    (c->value == VALUE_RECORDS || c->value == VALUE_ROWS);

		put_between(l, row, i, begin, w->out);
		if (counted)
			remember(w, c, w->out->n);
		if (!put_column(w, c, counted))
			return false;
	}
	if (l->form == FORM_FIXED && w->out->n - begin < row->length)
		pad(w->out, row->length - (w->out->n - begin), ' ');
	buf_add(w->out, row->close.p, row->close.n);
	put_newline(l, w->out);
	return true;
}

static void put_count(
    const struct layout_column *c, size_t at, size_t n, struct buf *out)
{
	char digits[24];
	size_t used;

	if (c == NULL)
		return;
	/* The static check has seen to it that the digits fit. */
	used = (size_t)snprintf(digits, sizeof(digits), "%zu", n);
	memset(out->p + at, c->pad, c->width);
	memcpy(out->p + at + (c->pad_left ? c->width - used : 0), digits, used);
}

void layout_put_counts(struct layout *l, size_t records, struct buf *out)
{
	put_count(l->run.records_column, l->run.records_at, records, out);
	put_count(l->run.rows_column, l->run.rows_at, l->run.rows, out);
	l->run.records_column = NULL;
	l->run.rows_column = NULL;
}
