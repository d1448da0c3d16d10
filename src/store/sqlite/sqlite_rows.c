/* sqlite_rows.c — statements: prepared once, bound, stepped. */
#include "store/sqlite/sqlite_internal.h"

#include <stdlib.h>

static const char *name_of(const struct sqlite_rows *r)
{
	return store_statement_text(r->st)->name;
}

static enum err_class misuse(
    const struct sqlite_rows *r, const char *what, struct err *e)
{
	err_set(e, ERR_FAULT, "store.misuse", "プログラムの誤りです",
	    "a fault of the program");
	return err_detail(e, "%s: %s", name_of(r), what);
}

static enum err_class prepare(struct sqlite_rows *r, struct err *e)
{
	const struct store_statement_text *t = store_statement_text(r->st);
	int rc = sqlite3_prepare_v3(
	    r->db->db, t->sql, -1, SQLITE_PREPARE_PERSISTENT, &r->stmt, NULL);

	if (rc != SQLITE_OK)
		return sqlite_error(r->db, rc, t->name, e);
	if ((size_t)sqlite3_bind_parameter_count(r->stmt) !=
	    strlen(t->parameters))
		return misuse(r, "parameters of the list and of the SQL", e);
	return ERR_NONE;
}

/* The statement, ready to be bound in the transaction in progress. */
static enum err_class ready(struct sqlite_db *db, enum store_statement st,
    struct sqlite_rows **out, struct err *e)
{
	struct sqlite_rows *r = &db->rows[st];

	r->db = db;
	r->st = st;
	if (r->open)
		return misuse(r, "its rows are still open", e);
	if (r->stmt == NULL)
		TRY(prepare(r, e));
	if (!db->write && !sqlite3_stmt_readonly(r->stmt))
		return misuse(r, "writes in a read transaction", e);
	/* Some failures (disk full, input/output) roll all back at once; a
	 * statement after that would commit by itself. */
	if (sqlite3_get_autocommit(db->db))
		return misuse(r, "the transaction is lost", e);
	*out = r;
	return ERR_NONE;
}

static int bind(sqlite3_stmt *stmt, int i, const struct store_value *v,
    sqlite3_destructor_type keep)
{
	switch (v->type) {
	case STORE_NULL:
		return sqlite3_bind_null(stmt, i);
	case STORE_INT:
		return sqlite3_bind_int64(stmt, i, v->i);
	case STORE_TEXT:
		return sqlite3_bind_text64(
		    stmt, i, v->n > 0 ? v->p : "", v->n, keep, SQLITE_UTF8);
	case STORE_BLOB:
		/* A null pointer would bind NULL. */
		return sqlite3_bind_blob64(
		    stmt, i, v->n > 0 ? v->p : "", v->n, keep);
	}
	return SQLITE_MISUSE;
}

/* Binds row k; values that are the same for all are bound with the first. */
static enum err_class bind_row(struct sqlite_rows *r,
    const struct store_column *columns, size_t n, size_t k,
    sqlite3_destructor_type keep, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct store_column *c = &columns[i];
		int rc;

		if (c->same && k > 0)
			continue;
		rc = bind(r->stmt, (int)i + 1, &c->v[c->same ? 0 : k], keep);
		if (rc != SQLITE_OK)
			return sqlite_error(r->db, rc, name_of(r), e);
	}
	return ERR_NONE;
}

enum err_class sqlite_rows_each(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    struct err *e)
{
	struct sqlite_db *db = p;
	struct sqlite_rows *r;

	TRY(ready(db, st, &r, e));
	for (size_t k = 0; k < rows; k++) {
		enum err_class c = ERR_NONE;
		int rc;

		TRY(bind_row(r, columns, n, k, SQLITE_STATIC, e));
		rc = sqlite3_step(r->stmt);
		if (rc == SQLITE_ROW)
			c = misuse(r, "a query, not a change", e);
		else if (rc != SQLITE_DONE)
			c = sqlite_error(db, rc, name_of(r), e);
		(void)sqlite3_reset(r->stmt); /* repeats the step's result */
		TRY(c);
		if (changed != NULL)
			*changed += sqlite3_changes64(db->db);
	}
	return ERR_NONE;
}

enum err_class sqlite_rows_query(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows,
    struct store_rows **out, struct err *e)
{
	struct sqlite_db *db = p;
	struct sqlite_rows *r;

	TRY(ready(db, st, &r, e));
	if (rows == 1) /* what is on the caller's stack need not live on */
		TRY(bind_row(r, columns, n, 0, SQLITE_TRANSIENT, e));
	for (size_t i = 0; i < n; i++)
		r->columns[i] = columns[i];
	r->open = true;
	r->stepping = rows == 1;
	r->depth = db->depth;
	r->input = 0;
	r->inputs = rows;
	r->n = n;
	r->below = db->top;
	db->top = r;
	*out = &r->base;
	return ERR_NONE;
}

enum err_class sqlite_rows_next(
    struct store_rows *base, bool *more, struct err *e)
{
	struct sqlite_rows *r = (struct sqlite_rows *)base;

	*more = false;
	if (!r->open)
		return misuse(r, "its rows are closed", e);
	while (r->input < r->inputs) {
		int rc;

		if (!r->stepping)
			TRY(bind_row(
			    r, r->columns, r->n, r->input, SQLITE_STATIC, e));
		r->stepping = true;
		rc = sqlite3_step(r->stmt);
		*more = rc == SQLITE_ROW;
		if (*more)
			return ERR_NONE;
		if (rc != SQLITE_DONE)
			sqlite_error(r->db, rc, name_of(r), e);
		(void)sqlite3_reset(r->stmt); /* repeats the step's result */
		r->stepping = false;
		if (rc != SQLITE_DONE)
			return e->class;
		r->input++;
	}
	return ERR_NONE;
}

size_t sqlite_rows_input(const struct store_rows *base)
{
	return ((const struct sqlite_rows *)base)->input;
}

struct store_value sqlite_rows_value(const struct store_rows *base, int column)
{
	const struct sqlite_rows *r = (const struct sqlite_rows *)base;
	struct store_value v = {.type = STORE_NULL};

	switch (sqlite3_column_type(r->stmt, column)) {
	case SQLITE_INTEGER:
		v.type = STORE_INT;
		v.i = sqlite3_column_int64(r->stmt, column);
		break;
	case SQLITE_TEXT:
		v.type = STORE_TEXT;
		v.p = sqlite3_column_text(r->stmt, column);
		v.n = (size_t)sqlite3_column_bytes(r->stmt, column);
		break;
	case SQLITE_BLOB:
		v.type = STORE_BLOB;
		v.p = sqlite3_column_blob(r->stmt, column);
		v.n = (size_t)sqlite3_column_bytes(r->stmt, column);
		break;
	case SQLITE_FLOAT:
		abort(); /* no statement of the list gives one */
	default:
		break;
	}
	if (v.type == STORE_TEXT && v.p == NULL)
		abort(); /* out of memory */
	return v;
}

void sqlite_rows_close(struct store_rows *base)
{
	struct sqlite_rows *r = (struct sqlite_rows *)base;
	struct sqlite_rows **at = &r->db->top;

	if (!r->open)
		return;
	while (*at != r)
		at = &(*at)->below;
	*at = r->below;
	r->open = false;
	(void)sqlite3_reset(r->stmt);
}

void sqlite_rows_close_above(struct sqlite_db *db, int depth)
{
	/* Newest first: none below the first that stays is deeper. */
	while (db->top != NULL && db->top->depth > depth)
		sqlite_rows_close(&db->top->base);
}
