/* layout_frame.c — see layout_frame.h. Reads hostile bytes: every index is
 * compared with the slice it is for. */
#include "layout/layout_markup.h"

void layout_frame_init(struct layout_frame *f, const struct layout *l,
    const struct layout_part *part, struct bytes file)
{
	*f = (struct layout_frame){
	    .l = l, .part = part, .file = file, .line = 1};
}

static enum err_class refuse_at(
    struct err *e, const char *code, long line, const char *ja, const char *en)
{
	err_set(e, ERR_INPUT, code, ja, en);
	e->line = line;
	return e->class;
}

/* The next newline outside quotes from f->at; the file's end if none. */
static bool find_newline(
    const struct layout_frame *f, size_t *end, long *lines, bool *open)
{
	bool quotes = f->l->form == FORM_CSV && f->l->quote != QUOTE_NEVER;
	bool in = false;
	size_t i = f->at;
	const unsigned char *from = f->file.p + i;
	const unsigned char *newline = memchr(from, '\n', f->file.n - i);

	*lines = 1;
	*open = false;
	*end = newline ? (size_t)(newline - f->file.p) : f->file.n;
	if (!quotes || memchr(from, '"', *end - i) == NULL)
		return newline != NULL;
	for (; i < f->file.n; i++) {
		if (f->file.p[i] == '"' && quotes)
			in = !in;
		if (f->file.p[i] != '\n')
			continue;
		if (!in)
			break;
		(*lines)++;
	}
	*end = i;
	*open = in;
	return i < f->file.n;
}

static bool is_trash(struct bytes raw, bool last)
{
	/* An end-of-file mark of old systems stands alone at the end. */
	return raw.n == 0 || (last && raw.n == 1 && raw.p[0] == 0x1a);
}

static enum err_class next_line(struct layout_frame *f,
    struct layout_record *out, bool *more, struct err *e)
{
	while (f->at < f->file.n) {
		size_t end;
		long lines;
		bool open;
		bool newline = find_newline(f, &end, &lines, &open);

		out->begin = f->at;
		out->end = end + newline;
		out->line = f->line;
		out->raw = BYTES(f->file.p + f->at, end - f->at);
		if (open)
			return refuse_at(e, "answer.quotes", f->line,
			    "引用符が閉じていません",
			    "a quotation mark is not closed");
		f->at = out->end;
		f->line += lines;
		if (newline && out->raw.n > 0 &&
		    out->raw.p[out->raw.n - 1] == '\r')
			out->raw.n--;
		if (!is_trash(out->raw, f->at == f->file.n)) {
			*more = true;
			return ERR_NONE;
		}
	}
	*more = false;
	return ERR_NONE;
}

/* Records of one length without newline; what is left over is no record. */
static enum err_class next_block(struct layout_frame *f,
    struct layout_record *out, bool *more, struct err *e)
{
	size_t length = f->part->row[ROW_DETAIL].length;
	size_t left = f->file.n - f->at;

	out->begin = f->at;
	out->line = f->line;
	*more = false;
	if (left < length) {
		for (; f->at < f->file.n; f->at++)
			if (memchr("\r\n\x1a", f->file.p[f->at], 3) == NULL)
				return refuse_at(e, "answer.count", f->line,
				    "最後のレコードが途中で終わっています",
				    "the last record is cut short");
		return ERR_NONE;
	}
	out->raw = BYTES(f->file.p + f->at, length);
	f->at += length;
	f->line++;
	out->end = f->at;
	*more = true;
	return ERR_NONE;
}

static bool has_mark(
    const struct layout *l, struct bytes raw, struct bytes mark)
{
	size_t n = mark.n;

	if (l->form == FORM_FIXED)
		return raw.n >= n && memcmp(raw.p, mark.p, n) == 0;
	if (raw.n > 0 && raw.p[0] == '"') {
		if (raw.n < n + 2 || raw.p[n + 1] != '"')
			return false;
		raw = BYTES(raw.p + 1, raw.n - 2);
		return memcmp(raw.p, mark.p, n) == 0;
	}
	return raw.n >= n && memcmp(raw.p, mark.p, n) == 0 &&
	       (raw.n == n || raw.p[n] == (unsigned char)l->delimiter);
}

static int kind_of(const struct layout_frame *f, struct bytes raw)
{
	if (!f->part->marked)
		return ROW_DETAIL;
	if (f->l->form == FORM_JSONL)
		return layout_markup_kind(f->part, raw);
	for (int k = 0; k < ROW_COUNT; k++)
		if (f->part->row[k].used &&
		    has_mark(f->l, raw, f->part->row[k].mark))
			return k;
	return -1;
}

enum err_class layout_frame_next(struct layout_frame *f,
    struct layout_record *out, bool *more, struct err *e)
{
	if (f->l->form == FORM_XML)
		return layout_markup_next(f, out, more, e);
	if (f->l->newline == NEWLINE_NONE)
		TRY(next_block(f, out, more, e));
	else
		TRY(next_line(f, out, more, e));
	if (*more)
		out->kind = kind_of(f, out->raw);
	return ERR_NONE;
}

enum err_class layout_frame_names(struct layout_frame *f, struct err *e)
{
	struct layout_record r;
	bool more;

	if (f->l->form == FORM_XML)
		return layout_markup_open(f, e);
	if (!f->part->names)
		return ERR_NONE;
	TRY(next_line(f, &r, &more, e));
	if (more && bytes_eq(r.raw, f->part->names_line))
		return ERR_NONE;
	return refuse_at(e, "answer.header", 1, "列名の行が取決めと違います",
	    "the line of names is not the one agreed");
}

/* ---- fields ---- */

static enum err_class wrong_columns(
    const struct layout_record *r, struct err *e)
{
	err_set(e, ERR_INPUT, "answer.columns",
	    "項目の数か長さが取決めと違います",
	    "not as many fields, or bytes, as agreed");
	return err_at(e, NULL, r->line, 0, NULL);
}

/* A field in quotes at raw[*i]; false if they are not as RFC 4180 has them. */
static bool quoted(struct bytes raw, size_t *i, unsigned char delimiter,
    struct arena *a, struct bytes *out)
{
	size_t from = ++*i;
	size_t at = from;
	bool doubled = false;

	for (;; at++) {
		if (at >= raw.n)
			return false;
		if (raw.p[at] != '"')
			continue;
		if (at + 1 >= raw.n || raw.p[at + 1] != '"')
			break;
		doubled = true;
		at++;
	}
	*i = at + 1;
	if (*i < raw.n && raw.p[*i] != delimiter)
		return false;
	*out = BYTES(raw.p + from, at - from);
	if (doubled) {
		unsigned char *to = arena_take(a, out->n);
		size_t n = 0;

		for (size_t k = 0; k < out->n; k++) {
			to[n++] = out->p[k];
			k += out->p[k] == '"';
		}
		*out = BYTES(to, n);
	}
	return true;
}

static bool bare(
    struct bytes raw, size_t *i, const struct layout *l, struct bytes *out)
{
	size_t from = *i;

	while (*i < raw.n && raw.p[*i] != (unsigned char)l->delimiter) {
		if (raw.p[*i] == '"')
			return false;
		++*i;
	}
	*out = BYTES(raw.p + from, *i - from);
	return true;
}

static enum err_class split_csv(const struct layout *l,
    const struct layout_record *r, const struct layout_row *row,
    struct arena *a, struct bytes *field, struct err *e)
{
	size_t skip = row->mark.n != 0;
	size_t n = 0;
	size_t i = 0;

	for (;;) {
		struct bytes one;
		bool good = i < r->raw.n && r->raw.p[i] == '"'
				? quoted(r->raw, &i,
				      (unsigned char)l->delimiter, a, &one)
				: bare(r->raw, &i, l, &one);

		if (!good || n == row->n + skip)
			return wrong_columns(r, e);
		if (n >= skip)
			field[n - skip] = one;
		n++;
		if (i >= r->raw.n)
			break;
		i++; /* the delimiter */
	}
	return n == row->n + skip ? ERR_NONE : wrong_columns(r, e);
}

enum err_class layout_frame_split(const struct layout_frame *f,
    const struct layout_record *r, struct arena *a, struct bytes *field,
    struct err *e)
{
	const struct layout_row *row = &f->part->row[r->kind];

	if (r->raw.n > LAYOUT_ROW_BYTES_MAX)
		return wrong_columns(r, e);
	if (f->l->form == FORM_CSV)
		return split_csv(f->l, r, row, a, field, e);
	if (f->l->form != FORM_FIXED)
		return layout_markup_split(f->l, row, r->raw, a, field)
			   ? ERR_NONE
			   : wrong_columns(r, e);
	if (r->raw.n != row->length)
		return wrong_columns(r, e);
	for (size_t i = 0; i < row->n; i++)
		field[i] =
		    BYTES(r->raw.p + row->column[i].at, row->column[i].width);
	return ERR_NONE;
}
