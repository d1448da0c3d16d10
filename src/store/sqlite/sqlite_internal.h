/*
 * sqlite_internal.h — what the files of this folder share: the open database
 * and its statements.
 *
 * A statement is prepared when it is first used and kept: its table may
 * belong to another party, whose statements are in the list too.
 */
#ifndef SHOKAI_STORE_SQLITE_SQLITE_INTERNAL_H
#define SHOKAI_STORE_SQLITE_SQLITE_INTERNAL_H

#include "store/driver.h"
#include "store/sqlite/turnstile.h"

#include <sqlite3.h>

/* How long a writer waits for its turn, and for others' locks behind it. */
#define SQLITE_TURN_US INT64_C(10000000)
#define SQLITE_LOCK_US INT64_C(5000000)

/* What begins and ends. */
enum sqlite_control {
	CONTROL_BEGIN,
	CONTROL_BEGIN_WRITE,
	CONTROL_COMMIT,
	CONTROL_ROLLBACK,
	CONTROL_MARK,
	CONTROL_RELEASE,
	CONTROL_UNDO,
	CONTROL_COUNT
};

struct sqlite_db;

/* The answer of one statement; the first member is store.c's. */
struct sqlite_rows {
	struct store_rows base;
	struct sqlite_db *db;
	sqlite3_stmt *stmt; /* NULL: not prepared yet */
	enum store_statement st;
	bool open;
	bool stepping;		   /* the parameters of input are bound */
	int depth;		   /* savepoints around it when it was opened */
	struct sqlite_rows *below; /* opened before, still open */
	size_t input;
	size_t inputs;
	size_t n;
	struct store_column columns[STORE_PARAMETERS_MAX];
};

struct sqlite_db {
	sqlite3 *db;
	struct turnstile turnstile;
	bool write;		 /* this transaction may write */
	int depth;		 /* savepoints now */
	bool broken;		 /* a sync failed: no further begin */
	bool placed;		 /* the WAL's name is on the disk */
	int wal_pages;		 /* in the WAL after the last commit */
	int checkpoint_at;	 /* pages at which the next one is due */
	struct sqlite_rows *top; /* open rows, newest first */
	sqlite3_stmt *control[CONTROL_COUNT];
	struct sqlite_rows rows[STMT_COUNT];
};

/* sqlite_error.c: the class and code of a result of SQLite. what: a
 * statement's name or what was done; no value stands in the detail (S5). */
enum err_class sqlite_error(
    const struct sqlite_db *db, int rc, const char *what, struct err *e);

/* sqlite_open.c: open, close and settings of the driver. */
CHECKED enum err_class sqlite_open(struct text place, enum store_party party,
    enum store_open how, void **out, struct err *e);
void sqlite_open_close(void *p);
CHECKED enum err_class sqlite_open_settings(
    void *p, struct buf *out, struct err *e);

/* Before the first write: the WAL's name is on the disk. SQLite syncs the
 * folder too, and does not look at what becomes of it. */
CHECKED enum err_class sqlite_open_place(struct sqlite_db *db, struct err *e);

/* sqlite_copy.c: dump and load of the driver. */
CHECKED enum err_class sqlite_copy_dump(
    void *p, store_put *put, void *ctx, struct err *e);
CHECKED enum err_class sqlite_copy_load(
    struct text place, int fd, struct err *e);

/* sqlite_control.c: one control statement, without waiting; SQLite's
 * result. */
int sqlite_control(struct sqlite_db *db, enum sqlite_control what);

/* BEGIN IMMEDIATE behind the turnstile; on an error nothing is held. */
CHECKED enum err_class sqlite_control_begin_write(
    struct sqlite_db *db, struct err *e);

/* Nothing more is written by this process, the checkpoint of its closing
 * included: it would sync again. */
void sqlite_control_give_up(struct sqlite_db *db);

/* Ends the transaction without a trace and frees the turnstile. */
void sqlite_control_rollback(struct sqlite_db *db);

/* sqlite_rows.c: the driver's statements. */
CHECKED enum err_class sqlite_rows_each(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    struct err *e);
CHECKED enum err_class sqlite_rows_query(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows,
    struct store_rows **out, struct err *e);
CHECKED enum err_class sqlite_rows_next(
    struct store_rows *base, bool *more, struct err *e);
size_t sqlite_rows_input(const struct store_rows *base);
struct store_value sqlite_rows_value(const struct store_rows *base, int column);
void sqlite_rows_close(struct store_rows *base);

/* Closes the rows opened within more than depth savepoints; -1: all. */
void sqlite_rows_close_above(struct sqlite_db *db, int depth);

#endif
