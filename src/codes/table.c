/* table.c — see table.h. */
#include "codes/table.h"

#include <assert.h>

/* Takes the next line off t, without its newline. */
static struct text next_line(struct text *t)
{
	const char *end = memchr(t->p, '\n', t->n);
	size_t n = end == NULL ? t->n : (size_t)(end - t->p);
	struct text line = text_trust(t->p, n);

	n += end != NULL;
	*t = text_trust(t->p + n, t->n - n);
	return line;
}

/* The number of cells, or 0 if there are more than TABLE_CELLS_MAX. */
static size_t split(struct text line, struct text *cell)
{
	size_t n = 0;
	size_t start = 0;

	for (size_t i = 0; i <= line.n; i++) {
		if (i < line.n && line.p[i] != '\t')
			continue;
		if (n == TABLE_CELLS_MAX)
			return 0;
		cell[n++] = text_trust(line.p + start, i - start);
		start = i + 1;
	}
	return n;
}

static size_t lines(struct text t)
{
	size_t n = 1;

	for (size_t i = 0; i < t.n; i++)
		n += t.p[i] == '\n';
	return n;
}

static enum err_class bad(
    const struct table_form *form, long line, struct err *e)
{
	err_set(e, ERR_INPUT, "codes.table", "コード表の行が正しくありません",
	    "a line of a code table is wrong");
	(void)err_at(e, form->name, line, 0, NULL);
	e->level = ERR_FILE;
	return e->class;
}

enum err_class table_read(struct arena *a, const struct table_form *form,
    struct text t, void **rows, size_t *count, struct err *e)
{
	struct text cell[TABLE_CELLS_MAX];
	char *row = arena_zero(a, lines(t), form->row);
	bool header = false;

	assert(form->cells <= TABLE_CELLS_MAX);
	*rows = row;
	*count = 0;
	for (long line = 1; t.n != 0; line++) {
		struct text one = next_line(&t);

		if (one.n == 0 || one.p[0] == '#')
			continue;
		if (!header) {
			header = true;
			if (!text_is(one, form->header))
				return bad(form, line, e);
			continue;
		}
		if (split(one, cell) != form->cells || !form->take(cell, row))
			return bad(form, line, e);
		row += form->row;
		++*count;
	}
	return header ? ERR_NONE : bad(form, 1, e);
}
