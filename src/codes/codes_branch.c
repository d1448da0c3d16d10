/*
 * codes_branch.c — branches, and institutions that went over to others
 * (codes.h). The table of branches has a megabyte: it is searched where it
 * lies, by its lines, which are in the order of institution and branch.
 */
#include "codes/codes.h"

#define KEY 8 /* "0001\t001" */
#define CELLS 4

static const char header[] = "institution\tbranch\tname\tkana";

/* The line that holds offset i. */
static struct text line_at(struct text t, size_t i)
{
	size_t from = i;
	const char *end;

	while (from > 0 && t.p[from - 1] != '\n')
		from--;
	end = memchr(t.p + i, '\n', t.n - i);
	return text_trust(
	    t.p + from, end ? (size_t)(end - t.p) - from : t.n - from);
}

/* Behind the head: its lines begin with '#', the last names the columns. */
static size_t rows_from(struct text t)
{
	size_t i = 0;

	while (i < t.n) {
		struct text line = line_at(t, i);
		bool head = line.n > 0 && line.p[0] == '#';

		i += line.n + 1;
		if (!head && line.n > 0)
			break;
	}
	return i < t.n ? i : t.n;
}

/* The cells of a row; false if it is none. */
static bool take(struct text line, struct codes_branch *out)
{
	struct text cell[CELLS];
	size_t n = 0;
	size_t start = 0;

	for (size_t i = 0; i <= line.n; i++) {
		if (i < line.n && line.p[i] != '\t')
			continue;
		if (n == CELLS)
			return false;
		cell[n++] = text_trust(line.p + start, i - start);
		start = i + 1;
	}
	if (n != CELLS || !text_is_digits(cell[0], 4, 4) ||
	    !text_is_digits(cell[1], 3, 3) || cell[2].n == 0 || cell[3].n == 0)
		return false;
	*out = (struct codes_branch){cell[0], cell[1], cell[2], cell[3]};
	return true;
}

bool codes_branch_of(const struct codes *c, struct text institution,
    struct text branch, struct codes_branch *out)
{
	struct text t = c->branches;
	size_t lo = t.n ? rows_from(t) : 0;
	size_t hi = t.n;
	char key[KEY];

	if (!text_is_digits(institution, 4, 4) || !text_is_digits(branch, 3, 3))
		return false;
	memcpy(key, institution.p, 4);
	key[4] = '\t';
	memcpy(key + 5, branch.p, 3);
	while (lo < hi) {
		struct text line = line_at(t, lo + (hi - lo) / 2);
		int order = line.n < KEY ? -1 : memcmp(line.p, key, KEY);

		if (order == 0)
			return take(line, out);
		if (order < 0)
			lo = (size_t)(line.p - t.p) + line.n + 1;
		else
			hi = (size_t)(line.p - t.p);
	}
	return false;
}

enum err_class codes_branches_check(struct text table, struct err *e)
{
	char before[KEY] = {0};
	long line = 1;
	size_t rows = rows_from(table);
	size_t i = 0;
	bool ok = false;

	for (; i < table.n; line++) {
		struct text one = line_at(table, i);
		struct codes_branch b;

		if (i < rows) {
			ok = text_is(one, header);
		} else {
			if (!take(one, &b) || memcmp(before, one.p, KEY) >= 0)
				break;
			memcpy(before, one.p, KEY);
		}
		i += one.n + 1;
	}
	if (ok && i >= table.n)
		return ERR_NONE;
	(void)err_set(e, ERR_INPUT, "codes.table",
	    "コード表の行が正しくありません",
	    "a line of a code table is wrong");
	(void)err_at(e, "zengin-branches.tsv", line, 0, NULL);
	e->level = ERR_FILE;
	return e->class;
}

const struct codes_merger *codes_merger_of(
    const struct codes *c, struct text code)
{
	for (size_t i = 0; i < c->merger_count; i++)
		if (text_eq(c->mergers[i].old, code))
			return &c->mergers[i];
	return NULL;
}

const struct codes_institution *codes_successor_on(
    const struct codes *c, struct text code, struct date day)
{
	/* As many steps as there are mergers: a ring would end. */
	for (size_t i = 0; i <= c->merger_count; i++) {
		const struct codes_merger *m = codes_merger_of(c, code);

		if (m == NULL || date_cmp(day, m->from) < 0)
			return codes_institution_of(c, code);
		code = m->successor;
	}
	return NULL;
}
