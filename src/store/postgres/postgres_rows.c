/* postgres_rows.c — statements: prepared once, executed, read. */
#include "store/postgres/postgres_partition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer are not worth a savepoint. */
#define FRESH_ROWS 32

static const char *name_of(const struct postgres_rows *r)
{
	return store_statement_text(r->st)->name;
}

static enum err_class misuse(
    const struct postgres_rows *r, const char *what, struct err *e)
{
	err_set(e, ERR_FAULT, "store.misuse", "プログラムの誤りです",
	    "a fault of the program");
	return err_detail(e, "%s: %s", name_of(r), what);
}

/* The statement, in the transaction in progress. */
static enum err_class ready(struct postgres_db *db, enum store_statement st,
    struct postgres_rows **out, struct err *e)
{
	struct postgres_rows *r = &db->rows[st];

	r->db = db;
	r->st = st;
	*out = r;
	if (r->open)
		return misuse(r, "its rows are still open", e);
	if (postgres_text_parameters(st) !=
	    strlen(store_statement_text(st)->parameters))
		return misuse(r, "parameters of the list and of the SQL", e);
	if (!db->write && !postgres_text_reads(st))
		return misuse(r, "writes in a read transaction", e);
	TRY(postgres_exec_late(db, e));
	if (postgres_connect_lost(db))
		return postgres_error(db, NULL, name_of(r), e);
	/* Any failure loses what lies behind the last savepoint. */
	if (PQtransactionStatus(db->conn) == PQTRANS_INERROR)
		return misuse(r, "the transaction is lost", e);
	return ERR_NONE;
}

static enum err_class one_by_one(struct postgres_db *db,
    struct postgres_rows *r, const struct store_column *columns, size_t n,
    size_t from, size_t rows, int64_t *changed, struct err *e)
{
	struct store_column rest[STORE_PARAMETERS_MAX];
	struct postgres_form *f;

	for (size_t i = 0; i < n; i++) {
		rest[i] = columns[i];
		if (!columns[i].same)
			rest[i].v += from;
	}
	TRY(postgres_exec_form(db, r, POSTGRES_ONE, 0, &f, e));
	return postgres_exec_pipeline(
	    db, f, rest, n, rows - from, changed, name_of(r), e);
}

static enum err_class run(struct postgres_db *db, struct postgres_rows *r,
    const struct postgres_form *f, const struct postgres_bound *b,
    int64_t *changed, struct err *e)
{
	PGresult *res;

	TRY(postgres_exec(db, f, b, &res, name_of(r), e));
	*changed += postgres_exec_changed(res);
	PQclear(res);
	return ERR_NONE;
}

static enum err_class run_many(struct postgres_db *db, struct postgres_rows *r,
    const struct postgres_form *f, const struct store_column *columns, size_t n,
    size_t rows, int64_t *changed, struct err *e)
{
	struct postgres_bound b;

	postgres_bind_many(store_statement_text(r->st)->parameters, columns, n,
	    rows, &db->values, &b);
	return run(db, r, f, &b, changed, e);
}

/* Rows that should all be new: *done false if one is not, and nothing has
 * happened. */
static enum err_class run_fresh(struct postgres_db *db, struct postgres_rows *r,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    bool *done, struct err *e)
{
	struct postgres_form *f;
	enum err_class c;

	*done = false;
	TRY(postgres_exec_form(
	    db, r, POSTGRES_FRESH, postgres_bind_same(columns, n), &f, e));
	if (f->sql == NULL || rows < FRESH_ROWS)
		return ERR_NONE;
	TRY(postgres_connect_exec(db, "SAVEPOINT fresh", "savepoint", e));
	c = run_many(db, r, f, columns, n, rows, changed, e);
	*done = c == ERR_NONE;
	if (c != ERR_NONE && strcmp(e->code, "store.constraint") != 0)
		return c;
	if (!*done)
		TRY(postgres_connect_exec(
		    db, "ROLLBACK TO SAVEPOINT fresh", "savepoint", e));
	return postgres_connect_exec(
	    db, "RELEASE SAVEPOINT fresh", "savepoint", e);
}

static enum err_class each(struct postgres_db *db, struct postgres_rows *r,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    struct err *e)
{
	enum store_statement st = r->st;
	struct postgres_bound b;
	struct postgres_form *f;
	bool done;

	if (postgres_text_reads(st))
		return misuse(r, "a query, not a change", e);
	if (rows > 1) {
		TRY(run_fresh(db, r, columns, n, rows, changed, &done, e));
		if (done)
			return ERR_NONE;
		TRY(postgres_exec_form(db, r, POSTGRES_MANY,
		    postgres_bind_same(columns, n), &f, e));
		if (f->sql != NULL)
			return run_many(db, r, f, columns, n, rows, changed, e);
	}
	TRY(postgres_exec_form(db, r, POSTGRES_ONE, 0, &f, e));
	postgres_bind_row(columns, n, 0, &b);
	TRY(run(db, r, f, &b, changed, e)); /* also learns the xid */
	return rows > 1 ? one_by_one(db, r, columns, n, 1, rows, changed, e)
			: ERR_NONE;
}

/* Nobody asks how much it changes: *done true if it is sent. Rows that should
 * all be new and those that go one by one are not. */
static enum err_class put(struct postgres_db *db, struct postgres_rows *r,
    const struct store_column *columns, size_t n, size_t rows, bool *done,
    struct err *e)
{
	uint32_t same = postgres_bind_same(columns, n);
	struct postgres_bound b;
	struct postgres_form *f;

	*done = false;
	if (postgres_text_reads(r->st))
		return ERR_NONE;
	if (rows > 1) {
		TRY(postgres_exec_form(db, r, POSTGRES_FRESH, same, &f, e));
		if (f->sql != NULL)
			return ERR_NONE;
		TRY(postgres_exec_form(db, r, POSTGRES_MANY, same, &f, e));
		if (f->sql == NULL)
			return ERR_NONE;
		postgres_bind_many(store_statement_text(r->st)->parameters,
		    columns, n, rows, &db->values, &b);
	} else {
		TRY(postgres_exec_form(db, r, POSTGRES_ONE, 0, &f, e));
		postgres_bind_row(columns, n, 0, &b);
	}
	postgres_exec_later(r, f, &b);
	*done = true;
	return ERR_NONE;
}

enum err_class postgres_rows_each(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    struct err *e)
{
	struct postgres_rows *r;
	int64_t count = 0;
	bool done = false;

	TRY(ready(p, st, &r, e));
	if (postgres_partition_drops(st))
		return postgres_partition_drop(
		    p, st, columns, changed != NULL ? changed : &count, e);
	TRY(postgres_partition_ready(p, st, columns, rows, e));
	if (changed == NULL) {
		TRY(put(p, r, columns, n, rows, &done, e));
		changed = &count;
	}
	if (done)
		return ERR_NONE;
	TRY(each(p, r, columns, n, rows, changed, e));
	postgres_analyze_add(r, *changed);
	return ERR_NONE;
}

static void fetch_sql(const struct postgres_rows *r, char out[64])
{
	(void)snprintf(out, 64, "FETCH %d FROM c%d", postgres_text_large(r->st),
	    (int)r->st);
}

static void fetched(struct postgres_rows *r)
{
	r->row = -1;
	r->fetched = PQntuples(r->result) < postgres_text_large(r->st);
}

/* DECLARE takes parameters; the first rows come with it. */
static enum err_class declare(struct postgres_db *db, struct postgres_rows *r,
    const struct postgres_bound *b, struct err *e)
{
	Oid types[STORE_PARAMETERS_MAX] = {0};
	char *sql = postgres_text_one(r->st);
	struct buf text = {0};
	enum err_class c;
	char fetch[64];

	buf_printf(
	    &text, "DECLARE c%d NO SCROLL CURSOR FOR %s", (int)r->st, sql);
	buf_byte(&text, '\0');
	postgres_bind_types(r->st, false, 0, types);
	fetch_sql(r, fetch);
	c = postgres_exec_declare(db, (const char *)text.p, types, b, fetch,
	    &r->result, name_of(r), e);
	if (c == ERR_NONE)
		fetched(r);
	buf_fini(&text);
	free(sql);
	return c;
}

static enum err_class fetch(struct postgres_rows *r, struct err *e)
{
	char sql[64];

	PQclear(r->result);
	r->result = NULL;
	r->row = -1;
	r->fetched = true;
	TRY(postgres_connect_free(r->db, e));
	fetch_sql(r, sql);
	r->result =
	    PQexecParams(r->db->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
	if (PQresultStatus(r->result) != PGRES_TUPLES_OK)
		return postgres_error(r->db, r->result, name_of(r), e);
	fetched(r);
	return ERR_NONE;
}

static enum err_class ask(struct postgres_db *db, struct postgres_rows *r,
    const struct store_column *columns, size_t n, size_t rows, struct err *e)
{
	const char *letters = store_statement_text(r->st)->parameters;
	struct postgres_bound b;
	struct postgres_form *f;

	if (rows == 0)
		return ERR_NONE;
	if (rows > 1) {
		TRY(postgres_exec_form(db, r, POSTGRES_MANY,
		    postgres_bind_same(columns, n), &f, e));
		if (f->sql == NULL)
			return misuse(r, "many rows without a column", e);
		postgres_bind_many(letters, columns, n, rows, &db->values, &b);
		r->many = true;
		return postgres_exec(db, f, &b, &r->result, name_of(r), e);
	}
	postgres_bind_row(columns, n, 0, &b);
	r->cursor = postgres_text_large(r->st) > 0;
	if (r->cursor)
		return declare(db, r, &b, e);
	TRY(postgres_exec_form(db, r, POSTGRES_ONE, 0, &f, e));
	return postgres_exec(db, f, &b, &r->result, name_of(r), e);
}

enum err_class postgres_rows_query(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows,
    struct store_rows **out, struct err *e)
{
	struct postgres_db *db = p;
	struct postgres_rows *r;

	TRY(ready(db, st, &r, e));
	r->result = NULL;
	r->many = false;
	r->cursor = false;
	r->fetched = false;
	r->row = -1;
	r->input = 0;
	TRY(ask(db, r, columns, n, rows, e));
	r->open = true;
	r->depth = db->depth;
	r->below = db->top;
	db->top = r;
	*out = &r->base;
	return ERR_NONE;
}

/* Inputs come in order: see postgres_text_query. */
static enum err_class take_input(struct postgres_rows *r, struct err *e)
{
	size_t k = (size_t)postgres_bind_value(r->result, r->row, 0).i - 1;

	if (k < r->input)
		return misuse(r, "rows out of order", e);
	r->input = k;
	return ERR_NONE;
}

enum err_class postgres_rows_next(
    struct store_rows *base, bool *more, struct err *e)
{
	struct postgres_rows *r = (struct postgres_rows *)base;

	*more = false;
	if (!r->open)
		return misuse(r, "its rows are closed", e);
	if (r->cursor && !r->fetched &&
	    (r->result == NULL || r->row + 1 >= PQntuples(r->result)))
		TRY(fetch(r, e));
	if (r->result == NULL || r->row + 1 >= PQntuples(r->result))
		return ERR_NONE;
	r->row++;
	*more = true;
	return r->many ? take_input(r, e) : ERR_NONE;
}

size_t postgres_rows_input(const struct store_rows *base)
{
	return ((const struct postgres_rows *)base)->input;
}

struct store_value postgres_rows_value(
    const struct store_rows *base, int column)
{
	const struct postgres_rows *r = (const struct postgres_rows *)base;

	return postgres_bind_value(r->result, r->row, column + (int)r->many);
}

/* A cursor goes with its transaction or savepoint; only where that goes on
 * must it be closed. */
static void close_cursor(struct postgres_rows *r)
{
	char sql[32];

	if (!r->cursor)
		return;
	postgres_connect_settle(r->db);
	if (postgres_connect_lost(r->db) ||
	    PQtransactionStatus(r->db->conn) != PQTRANS_INTRANS)
		return;
	(void)snprintf(sql, sizeof(sql), "CLOSE c%d", (int)r->st);
	r->db->owed = PQsendQuery(r->db->conn, sql) == 1;
}

void postgres_rows_close(struct store_rows *base)
{
	struct postgres_rows *r = (struct postgres_rows *)base;
	struct postgres_rows **at = &r->db->top;

	if (!r->open)
		return;
	while (*at != r)
		at = &(*at)->below;
	*at = r->below;
	r->open = false;
	close_cursor(r);
	PQclear(r->result);
	r->result = NULL;
}

void postgres_rows_close_above(struct postgres_db *db, int depth)
{
	/* Newest first: none below the first that stays is deeper. */
	while (db->top != NULL && db->top->depth > depth)
		postgres_rows_close(&db->top->base);
}
