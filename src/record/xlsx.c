/* xlsx.c — see xlsx.h. */
#include "record/xlsx.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#define FILE_MODE 0600
#define DIGITS 15 /* that a double holds exactly */
#define SHEET_NAME 32
#define WIDTH_LEAST 16 /* characters: 999,999,999,999 and its margin */
#define WIDTH_MOST 48

struct sheet {
	const char *name;
	int part; /* 1, 2, … of those with this name */
	lxw_worksheet *at;
	lxw_row_t row;
	lxw_col_t column;
	struct buf heading; /* its cells, each with a NUL behind it */
	bool headed;
};

struct xlsx {
	struct file file;
	lxw_workbook *book;
	lxw_format *text;
	lxw_format *amount;
	struct sheet sheet[XLSX_SHEETS];
	size_t sheets;
	struct buf safe;
	lxw_error failed; /* the first that did */
};

static void note(struct xlsx *w, lxw_error error)
{
	if (w->failed == LXW_NO_ERROR)
		w->failed = error;
}

static void write_text(struct xlsx *w, struct sheet *s, const char *z)
{
	note(w, worksheet_write_string(s->at, s->row, s->column++, z, w->text));
}

/* A column as wide as an amount, which a narrower one shows as ####, and as
 * its heading, of whose characters a Japanese one takes two. */
static void write_heading(struct xlsx *w, struct sheet *s, const char *z)
{
	size_t width = strlen(z) * 2 / 3 + 2;

	if (width < WIDTH_LEAST)
		width = WIDTH_LEAST;
	if (width > WIDTH_MOST)
		width = WIDTH_MOST;
	note(w, worksheet_set_column(
		    s->at, s->column, s->column, (double)width, NULL));
	write_text(w, s, z);
}

static void add_sheet(struct xlsx *w, struct sheet *s)
{
	char name[SHEET_NAME];
	const char *z = (const char *)s->heading.p;
	size_t at = 0;

	if (++s->part == 1)
		(void)snprintf(name, sizeof(name), "%s", s->name);
	else
		(void)snprintf(name, sizeof(name), "%s (%d)", s->name, s->part);
	s->at = workbook_add_worksheet(w->book, name);
	s->row = 0;
	s->column = 0;
	if (s->at == NULL) {
		note(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
		return;
	}
	worksheet_freeze_panes(s->at, 1, 0);
	for (; at < s->heading.n; at += strlen(z + at) + 1)
		write_heading(w, s, z + at);
	s->row = s->headed;
	s->column = 0;
}

enum err_class xlsx_open(const char *path, const char *dir, bool force,
    const char *const *sheets, size_t n, struct xlsx **out, struct err *e)
{
	char temporary[4096];
	lxw_workbook_options options = {
	    .constant_memory = LXW_TRUE, .tmpdir = temporary};
	struct xlsx *w = arena_xmalloc(sizeof(*w));
	enum err_class class;

	*w = (struct xlsx){.sheets = n};
	(void)snprintf(temporary, sizeof(temporary), "%s", dir);
	class = file_create(&w->file, path, FILE_MODE, force, e);
	if (class != ERR_NONE) {
		free(w);
		return class;
	}
	w->book = workbook_new_opt(w->file.temporary, &options);
	if (w->book == NULL)
		abort(); /* out of memory */
	w->text = workbook_add_format(w->book);
	w->amount = workbook_add_format(w->book);
	/* Built in (ECMA-376 part 1 §18.8.30): 49 is "@", 3 is "#,##0". */
	format_set_num_format_index(w->text, 49);
	format_set_num_format_index(w->amount, 3);
	for (size_t i = 0; i < n; i++) {
		w->sheet[i].name = sheets[i];
		add_sheet(w, &w->sheet[i]);
	}
	*out = w;
	return ERR_NONE;
}

static bool is_amount(struct text t, double *out)
{
	size_t sign = t.n > 0 && t.p[0] == '-';
	int64_t n;

	if (t.n == sign || t.n - sign > DIGITS ||
	    !text_is_digits(text_trust(t.p + sign, t.n - sign), 1, DIGITS) ||
	    !text_to_int(text_trust(t.p + sign, t.n - sign), INT64_MAX, &n))
		return false;
	*out = sign != 0 ? -(double)n : (double)n;
	return true;
}

static bool is_hex(const char *p)
{
	for (int i = 0; i < 4; i++)
		if (strchr("0123456789ABCDEFabcdef", p[i]) == NULL ||
		    p[i] == '\0')
			return false;
	return true;
}

/* U+FFFE or U+FFFF */
static bool is_no_character(struct text t, size_t i)
{
	return t.n - i >= 3 && memcmp(t.p + i, "\xEF\xBF", 2) == 0 &&
	       (unsigned char)t.p[i + 2] >= 0xBE;
}

/* What XML 1.0 cannot hold is written as _xHHHH_, and what would be read as
 * that has its first mark written so (ECMA-376 part 1 §22.9.2.19). */
static const char *safe(struct xlsx *w, struct text t)
{
	buf_clear(&w->safe);
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];
		bool mark = c == '_' && t.n - i >= 7 && t.p[i + 1] == 'x' &&
			    t.p[i + 6] == '_' && is_hex(t.p + i + 2);

		if (mark || (c < ' ' && c != '\n' && c != '\t'))
			buf_printf(&w->safe, "_x%04X_", c);
		else if (is_no_character(t, i))
			buf_printf(&w->safe, "_xFFF%s_",
			    (unsigned char)t.p[(i += 2)] == 0xBE ? "E" : "F");
		else
			buf_byte(&w->safe, c);
	}
	buf_byte(&w->safe, '\0');
	return (const char *)w->safe.p;
}

void xlsx_cell(struct xlsx *w, size_t sheet, struct text t, bool amount)
{
	struct sheet *s = &w->sheet[sheet];
	const char *z;
	double n;

	if (s->at == NULL || w->failed != LXW_NO_ERROR)
		return;
	if (t.n == 0 && s->headed) {
		s->column++;
		return;
	}
	if (amount && s->headed && is_amount(t, &n)) {
		note(w, worksheet_write_number(
			    s->at, s->row, s->column++, n, w->amount));
		return;
	}
	z = safe(w, t);
	if (s->headed) {
		write_text(w, s, z);
		return;
	}
	buf_add(&s->heading, z, strlen(z) + 1);
	write_heading(w, s, z);
}

void xlsx_end_row(struct xlsx *w, size_t sheet)
{
	struct sheet *s = &w->sheet[sheet];

	s->headed = true;
	s->column = 0;
	if (++s->row == LXW_ROW_MAX)
		add_sheet(w, s);
}

static void finish(struct xlsx *w)
{
	for (size_t i = 0; i < w->sheets; i++)
		buf_fini(&w->sheet[i].heading);
	buf_fini(&w->safe);
	file_abandon(&w->file);
	free(w);
}

enum err_class xlsx_close(struct xlsx *w, struct err *e)
{
	enum err_class class;

	/* It writes into the file that stands under the temporary name. */
	note(w, workbook_close(w->book));
	if (w->failed == LXW_NO_ERROR) {
		class = file_commit(&w->file, e);
	} else {
		class = err_set(e, ERR_FAULT, "xlsx.failed",
		    "XLSX を書けませんでした", "the XLSX was not written");
		(void)err_detail(e, "%s", lxw_strerror(w->failed));
	}
	finish(w);
	return class;
}

void xlsx_abandon(struct xlsx *w)
{
	if (w == NULL)
		return;
	lxw_workbook_free(w->book);
	finish(w);
}
