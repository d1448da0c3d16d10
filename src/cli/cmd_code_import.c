/*
 * cmd_code_import.c — shokai code import: a newer table of institutions and
 * branches, as `shokai code check|show --tables DIR` reads it.
 *
 * The source is lib/zengin-data.js of the npm package zengin-code, or the JSON
 * in it: {"0001": {code, name, kana, branches: {"001": {code, name, kana}}}}.
 */
#include "cli/cli.h"
#include "cli/commands.h"

#include "base/file.h"
#include "codes/codes.h"

#include <stdlib.h>

#define SOURCE_MAX (64u << 20)
#define CELL_MAX 200

/* One row of a table: its cells, and in what order it stands. */
struct row {
	char key[8];
	struct text cell[4];
};

struct rows {
	struct row *row;
	size_t n;
	size_t room;
};

static int by_key(const void *a, const void *b)
{
	return memcmp(((const struct row *)a)->key,
	    ((const struct row *)b)->key, sizeof(((struct row *)0)->key));
}

static struct row *add_row(struct rows *rows)
{
	if (rows->n == rows->room) {
		rows->room = 2 * rows->room + 64;
		rows->row =
		    arena_xrealloc(rows->row, rows->room * sizeof(*rows->row));
	}
	rows->row[rows->n] = (struct row){{0}, {{NULL, 0}}};
	return &rows->row[rows->n++];
}

/* The value of a key as a cell: not empty, no tab, no newline. */
static bool take_cell(json_t *object, const char *key, struct text *out)
{
	json_t *j = json_object_get(object, key);

	if (!json_is_string(j))
		return false;
	*out = text_trust(json_string_value(j), json_string_length(j));
	return out->n > 0 && out->n <= CELL_MAX &&
	       memchr(out->p, '\t', out->n) == NULL &&
	       memchr(out->p, '\n', out->n) == NULL;
}

static bool take_institution(json_t *j, struct rows *rows)
{
	struct row *r = add_row(rows);

	if (!take_cell(j, "code", &r->cell[0]) ||
	    !take_cell(j, "name", &r->cell[1]) ||
	    !take_cell(j, "kana", &r->cell[2]) ||
	    !text_is_digits(r->cell[0], 4, 4))
		return false;
	memcpy(r->key, r->cell[0].p, 4);
	return true;
}

static bool take_branch(struct text institution, json_t *j, struct rows *rows)
{
	struct row *r = add_row(rows);

	r->cell[0] = institution;
	if (!take_cell(j, "code", &r->cell[1]) ||
	    !take_cell(j, "name", &r->cell[2]) ||
	    !take_cell(j, "kana", &r->cell[3]) ||
	    !text_is_digits(r->cell[1], 3, 3))
		return false;
	memcpy(r->key, institution.p, 4);
	memcpy(r->key + 4, r->cell[1].p, 3);
	return true;
}

/* False if the source is not of the form. */
static bool take_all(
    json_t *root, struct rows *institutions, struct rows *branches)
{
	const char *code;
	json_t *one;

	json_object_foreach(root, code, one)
	{
		json_t *list = json_object_get(one, "branches");
		const char *number;
		json_t *branch;

		if (!take_institution(one, institutions))
			return false;
		json_object_foreach(list, number, branch)
		{
			struct text institution = {
			    json_string_value(json_object_get(one, "code")), 4};

			if (!take_branch(institution, branch, branches))
				return false;
		}
	}
	return institutions->n > 0;
}

static void put_table(
    const char *header, struct rows *rows, size_t cells, struct buf *out)
{
	if (rows->n > 0)
		qsort(rows->row, rows->n, sizeof(*rows->row), by_key);
	buf_z(out, "# made by: shokai code import\n");
	buf_z(out, header);
	for (size_t i = 0; i < rows->n; i++)
		for (size_t k = 0; k < cells; k++) {
			buf_text_add(out, rows->row[i].cell[k]);
			buf_byte(out, k + 1 < cells ? '\t' : '\n');
		}
}

static enum err_class write_file(const struct cli *c, const char *folder,
    const char *name, const struct buf *b, struct err *e)
{
	struct file f;
	char path[4096];
	enum err_class class;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	TRY(file_create(&f, path, 0644, c->force, e));
	class = file_write(&f, buf_bytes(b), e);
	if (class == ERR_NONE)
		class = file_commit(&f, e);
	file_abandon(&f);
	return class;
}

/* The JSON of the source: of a .js file what its assignment holds. */
static json_t *parse(struct buf *source)
{
	unsigned char *begin =
	    source->n ? memchr(source->p, '{', source->n) : NULL;

	if (begin == NULL)
		return NULL;
	return json_loadb((const char *)begin,
	    source->n - (size_t)(begin - source->p),
	    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, NULL);
}

/* Both tables, checked as they will be read. */
static enum err_class write_tables(struct cli *c, struct rows *institutions,
    struct rows *branches, struct err *e)
{
	const char *folder = cli_value(c, "out");
	struct buf first = {0};
	struct buf second = {0};
	struct codes_source source;
	const struct codes *codes;
	enum err_class class;

	put_table("code\tname\tkana\n", institutions, 3, &first);
	put_table("institution\tbranch\tname\tkana\n", branches, 4, &second);
	codes_compiled(&source);
	source.institutions = buf_text(&first);
	source.branches = buf_text(&second);
	class = codes_load_from(&c->arena, &source, &codes, e);
	if (class == ERR_NONE)
		class = codes_branches_check(source.branches, e);
	if (class == ERR_NONE)
		class =
		    write_file(c, folder, "zengin-institutions.tsv", &first, e);
	if (class == ERR_NONE)
		class =
		    write_file(c, folder, "zengin-branches.tsv", &second, e);
	buf_fini(&first);
	buf_fini(&second);
	return class;
}

static int run(struct cli *c)
{
	struct rows institutions = {0};
	struct rows branches = {0};
	struct buf source = {0};
	enum err_class class;
	json_t *root = NULL;
	struct err e;

	if (cli_value(c, "out") == NULL)
		return cli_usage(c, "--out DIR is needed");
	class = file_read(c->arg[0], SOURCE_MAX, &source, &e);
	if (class == ERR_NONE) {
		root = parse(&source);
		if (!json_is_object(root) ||
		    !take_all(root, &institutions, &branches))
			class = err_set(&e, ERR_INPUT, "codes.table",
			    "金融機関の表の形をしていません",
			    "not of the form of zengin-code's data");
	}
	if (class == ERR_NONE)
		class = write_tables(c, &institutions, &branches, &e);
	if (class == ERR_NONE)
		cli_print(json_pack("{s:I,s:I}", "institutions",
		    (json_int_t)institutions.n, "branches",
		    (json_int_t)branches.n));
	free(institutions.row);
	free(branches.row);
	buf_fini(&source);
	json_decref(root);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_code_import = {
    .words = "code import",
    .args = "FILE",
    .help = "makes a newer table of institutions and branches from "
	    "zengin-code's data (lib/zengin-data.js)",
    .args_min = 1,
    .args_max = 1,
    .options =
	{
	    {"out", "DIR",
		"where zengin-institutions.tsv and "
		"zengin-branches.tsv go"},
	},
    .run = run,
};
