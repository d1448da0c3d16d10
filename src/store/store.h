/*
 * store.h — the database: what is kept, and the only place that begins and
 * commits.
 *
 * All SQL stands in src/store/: a fixed list of named statements
 * (statements.h) behind a driver table, one driver per database. A statement
 * takes values, or column arrays from the first day: SQLite loops over them,
 * PostgreSQL unnests them.
 *
 * Transactions. store_run passes the turnstile (one writer of the database at
 * a time, in turn, so that nobody starves), begins, calls fn, commits.
 * store_run_key lets units of work with other keys through beside it, where
 * the database can.
 * Whatever costs time — sealing, converting, decoding — is done before;
 * fn checks again that what it relies on still holds (a cursor, a state) and
 * writes. A transaction should hold the turnstile no longer than 50 ms.
 * fn may be called again after a busy database: it must depend on nothing
 * but its argument and the database.
 */
#ifndef SHOKAI_STORE_STORE_H
#define SHOKAI_STORE_STORE_H

#include "base/bytes.h"
#include "base/err.h"
#include "store/statements.h"

struct store;	   /* one open database; for one process and thread */
struct store_tx;   /* a transaction in progress */
struct store_rows; /* the answer of a query, row by row */

enum store_party { STORE_WARD, STORE_UNIT, STORE_HUB, STORE_BANK };

/* Is it the URL of a database of a kind that store_open knows? */
bool store_url(const char *url);

/*
 * Opens the database url names: "sqlite:PATH", or "postgresql://…" as libpq
 * takes it (else ERR_INPUT "store.url"). create: makes an empty one with the
 * schema of party; in PostgreSQL, of an empty database that is there. An older
 * schema is ERR_INPUT "store.schema_old" unless migrate (then its numbered
 * files are applied, each in a transaction); a newer one ERR_INPUT
 * "store.schema_new"; one of another kind of party ERR_INPUT "store.party", a
 * stranger's file ERR_INPUT "store.not_ours", a file where one is to be made
 * ERR_INPUT "store.exists". PRAGMAs are read back: a database that is not WAL,
 * synchronous=FULL, foreign_keys=ON is ERR_FAULT "store.settings", as is a
 * server that does not sync or is older than 15. An unreadable file, a server
 * that does not answer: ERR_BUSY "store.unreachable"; a read-only one ERR_BUSY
 * "store.read_only". A server that does not know user and password ERR_DENIED
 * "store.auth"; one whose certificate is not the right one ERR_DENIED
 * "store.certificate".
 *
 * An open database does not survive fork(2): open it in the child.
 */
enum store_open { STORE_EXISTING, STORE_MIGRATE, STORE_CREATE };
CHECKED enum err_class store_open(const char *url, enum store_party party,
    enum store_open how, struct store **out, struct err *e);
void store_close(struct store *s); /* NULL is harmless */

/* The schema version this program knows, and the settings read back as
 * "name=value" lines (for status and bench). */
int store_schema_version(void);
CHECKED enum err_class store_settings(
    struct store *s, struct buf *out, struct err *e);

/*
 * A write transaction. Commits if fn returns ERR_NONE, else rolls back. Rows
 * that fn leaves open are closed. Errors of the database itself, here and in
 * every function below:
 *   ERR_BUSY  "store.busy"       waited 10 s for the turn; nothing happened
 *   ERR_BUSY  "store.read_only"  "store.unreachable": nothing happened
 *   ERR_UNSURE "store.unsure"    the connection was lost in COMMIT and the
 *       server cannot be asked: look the work up by its key
 *   ERR_FAULT "store.disk_full"  nothing happened; goes on when there is room
 *   ERR_FAULT "store.constraint" that statement did nothing; what lies
 *       behind the last savepoint is lost with it
 *   ERR_FAULT "store.damaged"    the file is no longer sound
 *   ERR_FAULT "store.io"         reading, writing or syncing failed. At a
 *       COMMIT the transaction is rolled back, yet a process that opens the
 *       file later may find it whole. No further transaction begins on s.
 *   ERR_FAULT "store.misuse"     a contract of this header was not kept
 */
typedef enum err_class store_fn(struct store_tx *tx, void *arg, struct err *e);
CHECKED enum err_class store_run(
    struct store *s, store_fn *fn, void *arg, struct err *e);

/*
 * As store_run, for a unit of work that decides on rows of its key alone
 * (docs/decisions/0005): two of one key take turns, one of another key may
 * run beside it, and none runs beside store_run. What a query has read of
 * other keys' rows may be otherwise at the next one; two that meet in a row
 * all the same wait for each other, or run again. SQLite has one turn for
 * all.
 */
CHECKED enum err_class store_run_key(
    struct store *s, const char *key, store_fn *fn, void *arg, struct err *e);

/*
 * A lane of the log that is this transaction's until it ends, from 0 on and
 * below STORE_LANES: the first that no other holds. Taken as late as may be:
 * who finds all taken waits. 0 where the database has one writer.
 */
#define STORE_LANES 16
CHECKED enum err_class store_lane(
    struct store_tx *tx, int64_t *lane, struct err *e);

/* A read transaction: one snapshot, no turnstile, no writing statement. */
CHECKED enum err_class store_read(
    struct store *s, store_fn *fn, void *arg, struct err *e);

/* fn within a savepoint of tx: rolled back alone if it fails; rows it left
 * open are closed. Where the database has lost the whole transaction (disk
 * full), every further statement of tx is a fault. */
CHECKED enum err_class store_savepoint(
    struct store_tx *tx, store_fn *fn, void *arg, struct err *e);

/* Whose database it is. */
enum store_party store_party_of(const struct store_tx *tx);

/*
 * A claim on a piece of work, so that of several workers of one node only one
 * prepares it: true for whoever has it, until it is given back or the
 * claimer's connection or process ends. It saves work and decides nothing:
 * the transaction looks again. Within a transaction or without one. false
 * also where the database cannot be asked.
 */
bool store_claim(struct store *s, const char *what);
void store_unclaim(struct store *s, const char *what);

/*
 * Between the places of one node: store_tell, called outside any transaction
 * and behind a commit that leaves work, wakes those who sleep elsewhere.
 * store_heard is true if somebody has told since it was asked last, or may
 * have; *fd then is readable when the next one does, -1 where nobody can.
 * Nothing is carried, and a telling may be lost: who sleeps looks each second
 * in any case. *fd is the connection's, and good until the next statement.
 */
void store_tell(struct store *s);
bool store_heard(struct store *s, int *fd);

/*
 * A copy of the whole database as of one moment, while others write: put is
 * given its bytes, piece by piece. SQLite's is the file; it is made beside the
 * database first, without a name, and needs as much room. PostgreSQL's is
 * what pg_dump writes, which must be installed and no older than the server:
 * else ERR_FAULT "store.program". Outside any transaction. Where put fails,
 * that is returned.
 */
typedef enum err_class store_put(void *ctx, struct bytes piece, struct err *e);
CHECKED enum err_class store_dump(
    struct store *s, store_put *put, void *ctx, struct err *e);

/* Makes the database url names of such a copy, which is the file fd. There
 * must be none yet, as for STORE_CREATE. Nothing is there if it fails. */
CHECKED enum err_class store_load(const char *url, int fd, struct err *e);

/* Values of parameters. */
enum store_type { STORE_NULL, STORE_INT, STORE_TEXT, STORE_BLOB };
struct store_value {
	enum store_type type;
	int64_t i;
	const void *p;
	size_t n;
};

static inline struct store_value store_int(int64_t v)
{
	return (struct store_value){.type = STORE_INT, .i = v};
}
static inline struct store_value store_text(struct text t)
{
	return (struct store_value){.type = STORE_TEXT, .p = t.p, .n = t.n};
}
static inline struct store_value store_z(const char *z)
{
	return store_text(text_z(z));
}
static inline struct store_value store_blob(struct bytes b)
{
	return (struct store_value){.type = STORE_BLOB, .p = b.p, .n = b.n};
}
static inline struct store_value store_null(void)
{
	return (struct store_value){.type = STORE_NULL};
}

/* One parameter of many rows. same: one value, v[0], for all of them. */
struct store_column {
	bool same;
	const struct store_value *v;
};

/*
 * Runs a statement once. Its parameters are checked against the types the
 * list declares (a mismatch is a fault of ours). Where changed is NULL, its
 * failure may be told by a later statement or by the commit instead. A broken
 * constraint is ERR_FAULT "store.constraint": insert with ON CONFLICT DO
 * NOTHING and look at *changed where a repeat is expected. changed may be NULL.
 */
CHECKED enum err_class store_do(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, int64_t *changed, struct err *e);
#define STORE_VALUES(...)                                                      \
	(const struct store_value[]){__VA_ARGS__},                             \
	    sizeof((const struct store_value[]){__VA_ARGS__}) /                \
		sizeof(struct store_value)
/* STORE_DO(tx, STMT_X, e, store_z("a"), store_int(1)) */
#define STORE_DO(tx, st, e, ...)                                               \
	store_do((tx), (st), STORE_VALUES(__VA_ARGS__), NULL, (e))

/* Runs a statement for each of rows rows of n columns. */
CHECKED enum err_class store_each(struct store_tx *tx, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    struct err *e);

/* A query; at most one per statement may be open at a time. The values are
 * copied. */
CHECKED enum err_class store_query(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, struct store_rows **out,
    struct err *e);

/* A query asked for each of rows rows of parameters; store_input tells which
 * of them (from 0) the row at hand answers. In order of the inputs. What the
 * columns point to must live until the rows are closed. */
CHECKED enum err_class store_query_each(struct store_tx *tx,
    enum store_statement st, const struct store_column *columns, size_t n,
    size_t rows, struct store_rows **out, struct err *e);

/* Steps to the next row. Values point into the database's memory and live
 * until the next step. */
CHECKED enum err_class store_next(
    struct store_rows *r, bool *more, struct err *e);
size_t store_input(const struct store_rows *r);
/* NULL reads as 0 or as empty. Another type ends the process: the statement
 * and its reader do not agree (T4). */
int64_t store_get_int(const struct store_rows *r, int column);
struct text store_get_text(const struct store_rows *r, int column);
struct bytes store_get_blob(const struct store_rows *r, int column);
bool store_get_null(const struct store_rows *r, int column);
void store_rows_close(struct store_rows *r); /* NULL is harmless */

/* One row of a query that gives at most one: *found, then the values with
 * store_get_… on *out; close it. Not found: *out is NULL. */
CHECKED enum err_class store_one(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, struct store_rows **out, bool *found,
    struct err *e);

/* The one integer of a query that gives at most one row; 0: none. */
CHECKED enum err_class store_one_int(struct store_tx *tx,
    enum store_statement st, const struct store_value *v, size_t n,
    int64_t *out, struct err *e);

#endif
