/*
 * postgres_internal.h — what the files of this folder share: the connection
 * and its statements.
 *
 * A statement is prepared when it is first used on a connection. Each has one
 * form for one row of parameters, and one per set of "same" columns for many.
 */
#ifndef SHOKAI_STORE_POSTGRES_POSTGRES_INTERNAL_H
#define SHOKAI_STORE_POSTGRES_POSTGRES_INTERNAL_H

#include "store/driver.h"

#include <libpq-fe.h>

/* How long a writer waits for a lock, and a connection for the server. */
#define POSTGRES_LOCK_MS 10000
#define POSTGRES_CONNECT_US INT64_C(5000000)

/* How long a commit whose result was not seen is looked for. */
#ifndef POSTGRES_UNSURE_US
#define POSTGRES_UNSURE_US INT64_C(20000000)
#endif

/* The types that parameters and results have (pg_type.dat). */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_BYTEA_ARRAY = 1001,
	OID_TEXT_ARRAY = 1009,
	OID_INT8_ARRAY = 1016,
	OID_VARCHAR = 1043,
	OID_NUMERIC = 1700,
};

/* For one row of parameters; for many, which are arrays but for those of
 * which all rows have one value; or that without its ON CONFLICT. */
enum postgres_how { POSTGRES_ONE, POSTGRES_MANY, POSTGRES_FRESH };

/* A statement as it is prepared. */
struct postgres_form {
	enum postgres_how how;
	uint32_t same;	     /* those of which all rows have one value */
	unsigned generation; /* of the connection it is prepared on */
	char name[32];
	char *sql; /* NULL: the many cannot be derived */
	struct postgres_form *next;
};

struct postgres_db;

/* The answer of one statement; the first member is store.c's. */
struct postgres_rows {
	struct store_rows base;
	struct postgres_db *db;
	enum store_statement st;
	bool open;
	bool many;    /* column 0 is the number of the input, from 1 */
	bool cursor;  /* more is fetched when result is read */
	bool fetched; /* the cursor's last rows are in result */
	int depth;    /* savepoints around it when it was opened */
	struct postgres_rows *below;
	PGresult *result; /* NULL: no row was asked for */
	int row;	  /* in result; -1: before the first */
	size_t input;
	int64_t added;	    /* rows inserted, and at how many the table is */
	int64_t analyze_at; /* analyzed again; 0: at the first mark */
	bool grown;	    /* it is, after this transaction */
	struct postgres_form *forms;
};

/* Partitions known to be there, and the one that each statement filled
 * last. */
#define POSTGRES_PARTITIONS 64
struct postgres_partitions {
	char known[POSTGRES_PARTITIONS][64];
	int next;
	char last[STMT_COUNT][64];
};

/*
 * Changes that have been sent and whose answers nobody waits for. They are
 * read with the next answer that somebody waits for, that of the commit among
 * them, or before the connection is used for anything else; one that failed has
 * lost the transaction, and each further statement and the commit say why.
 */
#define POSTGRES_QUEUE 64
struct postgres_queue {
	int n;
	struct postgres_rows *of[POSTGRES_QUEUE]; /* NULL: asks the number */
	bool asked; /* for the transaction's number */
	struct err late;
};

struct postgres_db {
	PGconn *conn; /* NULL: not connected */
	char *url;
	enum store_party party;
	bool ours; /* the schema was found to be right once */
	unsigned generation;
	unsigned listening; /* the connection that listens */
	int64_t retry_us;   /* of clock_monotonic: not connected before */
	int64_t delay_us;   /* until the next try; 0: none has failed */
	bool within;	    /* a transaction is in progress, or lost */
	bool write;	    /* this transaction may write */
	bool due;	    /* its BEGIN goes out with its first statement */
	bool owed;	    /* an answer nobody waits for is on its way */
	struct postgres_queue queue; /* and those of changes */
	int depth;		     /* savepoints now */
	char xid[24];	   /* of this transaction; empty: it wrote nothing */
	char life[64];	   /* the server's: another one after a crash */
	int pid;	   /* of the server's process */
	int lane;	   /* of the log, that this transaction has; or -1 */
	struct buf values; /* of column arrays */
	bool grown;	   /* some table is to be analyzed */
	struct postgres_partitions partitions;
	struct postgres_rows *top;
	struct postgres_rows rows[STMT_COUNT];
};

/* postgres_error.c: the class and code of a result that is none of success;
 * res may be NULL. what: a statement's name or what was done; no value stands
 * in the detail (S5). */
enum err_class postgres_error(const struct postgres_db *db, const PGresult *res,
    const char *what, struct err *e);

/* The same of what the server would say by that SQLSTATE. */
enum err_class postgres_error_state(const char *state, struct err *e);

/* The same of a connection that could not be made. */
enum err_class postgres_error_connect(const PGconn *conn, struct err *e);

/* postgres_connect.c: the connection. reach connects if there is none, no
 * more often than the growing delay allows: ERR_BUSY "store.unreachable". */
CHECKED enum err_class postgres_connect_reach(
    struct postgres_db *db, struct err *e);
void postgres_connect_drop(struct postgres_db *db);
bool postgres_connect_lost(const struct postgres_db *db);

/* Runs one SQL text; its result is thrown away. */
CHECKED enum err_class postgres_connect_exec(
    struct postgres_db *db, const char *sql, const char *what, struct err *e);

/* One value as text; "" where there is none. */
CHECKED enum err_class postgres_connect_ask(struct postgres_db *db,
    const char *sql, const char *parameter, char *out, size_t room,
    struct err *e);

/* What is run at every transaction or claim, prepared with the connection. */
enum postgres_own {
	POSTGRES_XID,
	POSTGRES_BEGIN_READ,
	POSTGRES_BEGIN_WRITE,
	POSTGRES_TURN,	      /* alone */
	POSTGRES_TURN_SHARED, /* beside those of other keys */
	POSTGRES_TURN_KEY,    /* $1: of the key */
	POSTGRES_COMMIT,      /* of what has only read */
	POSTGRES_COMMIT_WRITE,
	POSTGRES_CLAIM, /* $1: what */
	POSTGRES_UNCLAIM,
	POSTGRES_LANE,
	POSTGRES_OWN_COUNT
};
#define POSTGRES_LANE_KEY                                                      \
	"(5458764, hashtext(concat(current_schema(), ' ', lane)))"
const char *postgres_connect_own(enum postgres_own which);

/* As postgres_connect_ask, of one of these; parameter may be NULL. */
CHECKED enum err_class postgres_connect_ask_own(struct postgres_db *db,
    enum postgres_own which, const char *parameter, char *out, size_t room,
    struct err *e);

/* Sends one of these; what it answers is read and forgotten before the next
 * one is sent. At the end of a transaction. */
void postgres_connect_later(struct postgres_db *db, enum postgres_own which);
/* Reads whatever answers are on their way. */
void postgres_connect_settle(struct postgres_db *db);
/* The same, and tells of a change that has failed. */
CHECKED enum err_class postgres_connect_free(
    struct postgres_db *db, struct err *e);

/* postgres_open.c: open, close and settings of the driver. */
CHECKED enum err_class postgres_open(struct text place, enum store_party party,
    enum store_open how, void **out, struct err *e);
void postgres_open_close(void *p);
/* One that is not connected yet. */
struct postgres_db *postgres_open_new(struct text place);
CHECKED enum err_class postgres_open_settings(
    void *p, struct buf *out, struct err *e);

/* Is what the connection has come back to what it was lost from? */
CHECKED enum err_class postgres_open_again(
    struct postgres_db *db, struct err *e);

/* ERR_INPUT "store.exists" unless there is nothing in its schema. */
CHECKED enum err_class postgres_open_empty(
    struct postgres_db *db, struct err *e);

/* postgres_copy.c: dump and load of the driver. */
CHECKED enum err_class postgres_copy_dump(
    void *p, store_put *put, void *ctx, struct err *e);
CHECKED enum err_class postgres_copy_load(
    struct text place, int fd, struct err *e);

/* postgres_control.c: BEGIN, COMMIT and what lies between. */
CHECKED enum err_class postgres_control_begin(
    void *p, bool write, const char *key, struct err *e);
CHECKED enum err_class postgres_control_commit(void *p, struct err *e);
void postgres_control_rollback(void *p);
CHECKED enum err_class postgres_control_mark(void *p, struct err *e);
CHECKED enum err_class postgres_control_settle(void *p, struct err *e);
CHECKED enum err_class postgres_control_release(void *p, struct err *e);
CHECKED enum err_class postgres_control_undo(void *p, struct err *e);

/* postgres_claim.c: locks of the session, by name; a lane of the log. */
bool postgres_claim(void *p, const char *what);
void postgres_claim_back(void *p, const char *what);
CHECKED enum err_class postgres_claim_lane(
    void *p, int64_t *lane, struct err *e);

/* postgres_wake.c: the driver's tell and heard. */
void postgres_wake_tell(void *p);
bool postgres_wake_heard(void *p, int *fd);

/* postgres_text.c: SQL of the list as PostgreSQL takes it. */
struct postgres_large {
	enum store_statement st;
	int rows;
};
const char *postgres_text_of(enum store_statement st);
int postgres_text_large(enum store_statement st); /* 0: it is not */
bool postgres_text_reads(enum store_statement st);
size_t postgres_text_parameters(enum store_statement st);
char *postgres_text_one(enum store_statement st);
/* A change of many rows as one statement; NULL: none can be derived. fresh:
 * without its ON CONFLICT, which costs more than the rest; NULL where its rows
 * are not said to be new ones. */
char *postgres_text_each(enum store_statement st, uint32_t same, bool fresh);
char *postgres_text_query(enum store_statement st, uint32_t same);

/* postgres_ddl.c: a file of schema/, written for SQLite, as PostgreSQL takes
 * it. The caller frees. */
char *postgres_ddl(const char *sql);

/* postgres_bind.c: parameters in PostgreSQL's binary form. */
struct postgres_bound {
	int n;
	const char *values[STORE_PARAMETERS_MAX];
	int lengths[STORE_PARAMETERS_MAX];
	int formats[STORE_PARAMETERS_MAX];
	uint64_t ints[STORE_PARAMETERS_MAX];
};
void postgres_bind_types(enum store_statement st, bool many, uint32_t same,
    Oid types[STORE_PARAMETERS_MAX]);
uint32_t postgres_bind_same(const struct store_column *columns, size_t n);
void postgres_bind_row(const struct store_column *columns, size_t n, size_t k,
    struct postgres_bound *out);
/* The arrays stand in room until it is used again. */
void postgres_bind_many(const char *letters, const struct store_column *columns,
    size_t n, size_t rows, struct buf *room, struct postgres_bound *out);
struct store_value postgres_bind_value(
    const PGresult *res, int row, int column);

/* postgres_rows.c: the driver's statements. */
CHECKED enum err_class postgres_rows_each(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    struct err *e);
CHECKED enum err_class postgres_rows_query(void *p, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows,
    struct store_rows **out, struct err *e);
CHECKED enum err_class postgres_rows_next(
    struct store_rows *base, bool *more, struct err *e);
size_t postgres_rows_input(const struct store_rows *base);
struct store_value postgres_rows_value(
    const struct store_rows *base, int column);
void postgres_rows_close(struct store_rows *base);

/* Closes the rows opened within more than depth savepoints; -1: all. */
void postgres_rows_close_above(struct postgres_db *db, int depth);

/* postgres_analyze.c: what has grown since the planner last looked. add after
 * a change of so many rows, run behind a commit, end before the connection's
 * end. */
void postgres_analyze_add(struct postgres_rows *r, int64_t rows);
void postgres_analyze_run(struct postgres_db *db);
void postgres_analyze_end(struct postgres_db *db);

/* postgres_exec.c: a statement of the list on the connection. The first of a
 * reading transaction takes its BEGIN along. */
CHECKED enum err_class postgres_exec_form(struct postgres_db *db,
    struct postgres_rows *r, enum postgres_how how, uint32_t same,
    struct postgres_form **out, struct err *e);
/* *out is the caller's, PQclear. A change also learns the transaction's id. */
CHECKED enum err_class postgres_exec(struct postgres_db *db,
    const struct postgres_form *f, const struct postgres_bound *b,
    PGresult **out, const char *what, struct err *e);
/* A change nobody waits for: it is sent, and read later. */
void postgres_exec_later(struct postgres_rows *r, const struct postgres_form *f,
    const struct postgres_bound *b);
/* Reads what is queued. */
void postgres_exec_settle(struct postgres_db *db);
/* Has one of them failed? */
CHECKED enum err_class postgres_exec_late(
    const struct postgres_db *db, struct err *e);
/* One of postgres_own behind what is queued; NULL, or the caller's. */
PGresult *postgres_exec_own(
    struct postgres_db *db, enum postgres_own which, const char *parameter);
/* A cursor and its first rows. */
CHECKED enum err_class postgres_exec_declare(struct postgres_db *db,
    const char *sql, const Oid *types, const struct postgres_bound *b,
    const char *fetch, PGresult **out, const char *what, struct err *e);
/* Begins a transaction that is due, where something else comes first. */
CHECKED enum err_class postgres_exec_begin(
    struct postgres_db *db, struct err *e);
/* What begins one that writes, in one way there and back: alone, or key's. */
CHECKED enum err_class postgres_exec_turn(
    struct postgres_db *db, const char *key, struct err *e);
/* Many rows one by one, without waiting for each. */
CHECKED enum err_class postgres_exec_pipeline(struct postgres_db *db,
    const struct postgres_form *f, const struct store_column *columns, size_t n,
    size_t rows, int64_t *changed, const char *what, struct err *e);
int64_t postgres_exec_changed(PGresult *res);

#endif
