/* synth_fixture.c — see synth_fixture.h. */
#include "synth_fixture.h"

#include "base/csv.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct made made_new(uint32_t subjects, uint32_t institutions, uint64_t seed)
{
	struct made m = {.folder = "synth-test-XXXXXX"};
	struct err e;

	assert_non_null(mkdtemp(m.folder));
	m.options = (struct synth_options){
	    .seed = seed,
	    .subjects = subjects,
	    .institutions = institutions,
	};
	m.options.out = arena_printf(&m.arena, "%s", m.folder);
	synth_rates_default(&m.options.rates);
	assert_int_equal(synth_run(&m.options, &m.summary, &e), ERR_NONE);
	return m;
}

static int drop(const char *path, const struct stat *s, int kind, struct FTW *f)
{
	(void)s;
	(void)kind;
	(void)f;
	return remove(path);
}

void made_free(struct made *m)
{
	assert_int_equal(nftw(m->folder, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
	arena_fini(&m->arena);
}

struct text made_bytes(struct made *m, const char *name)
{
	const char *path = arena_printf(&m->arena, "%s/%s", m->folder, name);
	struct buf all = {0};
	struct text t;
	struct err e;

	assert_int_equal(file_read(path, 1 << 30, &all, &e), ERR_NONE);
	t = text_dup(&m->arena, buf_text(&all));
	buf_fini(&all);
	return t;
}

struct digest made_digest(struct made *m, const char *name)
{
	return digest_one(text_bytes(made_bytes(m, name)));
}

struct table made_table(struct made *m, const char *name)
{
	struct bytes in = text_bytes(made_bytes(m, name));
	struct table t = {0};
	struct text *cells = NULL;
	size_t room = 0;
	size_t used = 0;
	struct csv c;
	struct err e;
	bool more;

	csv_init(&c, csv_read_bytes, &in, 1 << 16, 1 << 12);
	for (;;) {
		assert_int_equal(csv_next(&c, &more, &e), ERR_NONE);
		if (!more)
			break;
		if (t.columns == 0)
			t.columns = c.fields;
		assert_int_equal(c.fields, t.columns);
		if (used + c.fields > room) {
			room = room * 2 + 1024;
			cells = arena_xrealloc(cells, room * sizeof(*cells));
		}
		for (size_t i = 0; i < c.fields; i++)
			cells[used++] = text_trust(
			    arena_copy(&m->arena, c.field[i].p, c.field[i].n),
			    c.field[i].n);
	}
	csv_fini(&c);
	t.cell = memcpy(arena_take(&m->arena, used * sizeof(*cells)), cells,
	    used * sizeof(*cells));
	t.rows = used / t.columns - 1;
	free(cells);
	return t;
}

struct table made_bank(struct made *m, unsigned k, const char *name)
{
	return made_table(
	    m, arena_printf(&m->arena, "banks/%u/%s", 9600 + k, name));
}

static size_t column(const struct table *t, const char *heading)
{
	for (size_t i = 0; i < t->columns; i++)
		if (text_is(t->cell[i], heading))
			return i;
	fail_msg("no column %s", heading);
	return 0;
}

struct text cell(const struct table *t, size_t row, const char *heading)
{
	return t->cell[(row + 1) * t->columns + column(t, heading)];
}

struct by {
	const struct table *t;
	size_t column;
};

static int compare(const void *a, const void *b, void *ctx)
{
	const struct by *by = ctx;
	size_t x = *(const size_t *)a;
	size_t y = *(const size_t *)b;
	int c = text_cmp(by->t->cell[(x + 1) * by->t->columns + by->column],
	    by->t->cell[(y + 1) * by->t->columns + by->column]);

	return c != 0 ? c : (x > y) - (x < y);
}

void table_sort(struct made *m, struct table *t, const char *heading)
{
	struct by by = {t, column(t, heading)};

	t->order = arena_take(&m->arena, (t->rows + 1) * sizeof(size_t));
	for (size_t i = 0; i < t->rows; i++)
		t->order[i] = i;
	qsort_r(t->order, t->rows, sizeof(size_t), compare, &by);
}

size_t table_find(const struct table *t, const char *heading, struct text value)
{
	size_t low = 0;
	size_t high = t->rows;
	size_t at = column(t, heading);

	while (low < high) {
		size_t middle = (low + high) / 2;
		size_t row = t->order[middle];

		if (text_cmp(t->cell[(row + 1) * t->columns + at], value) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == t->rows ||
	    !text_eq(t->cell[(t->order[low] + 1) * t->columns + at], value))
		return t->rows;
	return low;
}

bool has_case(const struct table *truth, size_t row, const char *name)
{
	struct text all = cell(truth, row, "難点");
	size_t n = strlen(name);

	for (size_t i = 0; i + n <= all.n; i++)
		if (memcmp(all.p + i, name, n) == 0 &&
		    (i == 0 || all.p[i - 1] == '|') &&
		    (i + n == all.n || all.p[i + n] == '|'))
			return true;
	return false;
}
