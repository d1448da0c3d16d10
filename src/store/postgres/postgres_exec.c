/* postgres_exec.c — a statement of the list on the connection. */
#include "store/postgres/postgres_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows on their way at once: their answers are small, so neither side waits
 * for the other with full hands. */
#define PIPELINE_ROWS 256

static char *sql_of(
    enum store_statement st, enum postgres_how how, uint32_t same)
{
	if (how == POSTGRES_ONE)
		return postgres_text_one(st);
	return postgres_text_reads(st)
		   ? postgres_text_query(st, same)
		   : postgres_text_each(st, same, how == POSTGRES_FRESH);
}

static struct postgres_form *find(
    struct postgres_rows *r, enum postgres_how how, uint32_t same)
{
	struct postgres_form *f = r->forms;

	while (f != NULL && (f->how != how || f->same != same))
		f = f->next;
	if (f != NULL)
		return f;
	f = arena_xmalloc(sizeof(*f));
	*f = (struct postgres_form){.how = how,
	    .same = same,
	    .sql = sql_of(r->st, how, same),
	    .next = r->forms};
	(void)snprintf(f->name, sizeof(f->name), "s%d_%d_%" PRIx32, (int)r->st,
	    (int)how, same);
	r->forms = f;
	return f;
}

enum err_class postgres_exec_form(struct postgres_db *db,
    struct postgres_rows *r, enum postgres_how how, uint32_t same,
    struct postgres_form **out, struct err *e)
{
	bool many = how != POSTGRES_ONE;
	const struct store_statement_text *t = store_statement_text(r->st);
	struct postgres_form *f = find(r, how, many ? same : 0);
	Oid types[STORE_PARAMETERS_MAX] = {0};
	enum err_class c = ERR_NONE;
	PGresult *res;

	*out = f;
	if (f->sql == NULL || f->generation == db->generation)
		return ERR_NONE;
	TRY(postgres_connect_free(db, e));
	postgres_bind_types(r->st, many, same, types);
	res = PQprepare(
	    db->conn, f->name, f->sql, (int)strlen(t->parameters), types);
	if (PQresultStatus(res) == PGRES_COMMAND_OK)
		f->generation = db->generation;
	else
		c = postgres_error(db, res, t->name, e);
	PQclear(res);
	return c;
}

int64_t postgres_exec_changed(PGresult *res)
{
	return strtoll(PQcmdTuples(res), NULL, 10);
}

static bool send(struct postgres_db *db, const char *name,
    const struct postgres_bound *b, int binary)
{
	return PQsendQueryPrepared(db->conn, name, b->n, b->values, b->lengths,
		   b->formats, binary) == 1;
}

static bool send_own(struct postgres_db *db, enum postgres_own which)
{
	static const struct postgres_bound none;

	return send(db, postgres_connect_own(which), &none, 0);
}

/* What is queued stands in the pipeline already. */
static bool enter(struct postgres_db *db)
{
	if (db->queue.n == 0)
		postgres_connect_settle(db);
	return PQenterPipelineMode(db->conn) == 1;
}

static bool good(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

/* The answer of one statement of a pipeline; the NULL behind it is read. */
static PGresult *receive(struct postgres_db *db)
{
	PGresult *res = PQgetResult(db->conn);

	if (res != NULL && PQresultStatus(res) != PGRES_PIPELINE_SYNC)
		PQclear(PQgetResult(db->conn));
	return res;
}

/* Reads up to the sync, so that the pipeline can be left. */
static void drain(struct postgres_db *db)
{
	int none = 0;

	while (none < 2 && !postgres_connect_lost(db)) {
		PGresult *res = PQgetResult(db->conn);
		bool sync =
		    res != NULL && PQresultStatus(res) == PGRES_PIPELINE_SYNC;

		none = res == NULL ? none + 1 : 0;
		PQclear(res);
		if (sync)
			break;
	}
	(void)PQexitPipelineMode(db->conn);
}

static void keep_xid(struct postgres_db *db, const PGresult *res)
{
	if (PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1)
		(void)snprintf(
		    db->xid, sizeof(db->xid), "%s", PQgetvalue(res, 0, 0));
}

/* The answers to what is queued; sent: they will come. */
static void read_queued(struct postgres_db *db, bool sent)
{
	struct postgres_queue *q = &db->queue;

	for (int i = 0; i < q->n; i++) {
		struct postgres_rows *r = q->of[i];
		PGresult *res = sent ? receive(db) : NULL;

		if (r == NULL)
			keep_xid(db, res);
		else if (good(res))
			postgres_analyze_add(r, postgres_exec_changed(res));
		else if (q->late.class == ERR_NONE)
			(void)!postgres_error(db, res,
			    store_statement_text(r->st)->name, &q->late);
		sent = sent && res != NULL;
		PQclear(res);
	}
	q->n = 0;
	q->asked = db->xid[0] != '\0';
}

/* Behind the last that is sent: false if no answer will come. */
static bool synced(struct postgres_db *db, bool sent)
{
	sent = sent && PQpipelineSync(db->conn) == 1;
	read_queued(db, sent);
	return sent;
}

void postgres_exec_settle(struct postgres_db *db)
{
	(void)synced(db, true);
	drain(db);
}

enum err_class postgres_exec_late(const struct postgres_db *db, struct err *e)
{
	if (db->queue.late.class != ERR_NONE)
		*e = db->queue.late;
	return db->queue.late.class;
}

/* The change, and behind it the question for the transaction's number: one
 * way there and back. */
static PGresult *with_xid(struct postgres_db *db, const struct postgres_form *f,
    const struct postgres_bound *b)
{
	PGresult *res = NULL;
	PGresult *xid;

	if (!enter(db))
		return NULL;
	if (synced(db, send(db, f->name, b, 1) && send_own(db, POSTGRES_XID))) {
		res = receive(db);
		xid = receive(db);
		keep_xid(db, xid);
		PQclear(xid);
	}
	drain(db);
	return res;
}

/* The answers to n statements: the last one's, or the first's that failed. */
static PGresult *collect(struct postgres_db *db, bool sent, int n)
{
	PGresult *res = NULL;

	sent = synced(db, sent);
	for (int i = 0; i < n && sent; i++) {
		PGresult *next = receive(db);

		if (i > 0 && !good(res)) {
			PQclear(next);
			continue;
		}
		PQclear(res);
		res = next;
	}
	drain(db);
	return res;
}

/* BEGIN goes along if it is due. */
static bool send_due(struct postgres_db *db, int *n)
{
	if (!db->due)
		return true;
	db->due = false;
	*n += 1;
	return send_own(db, POSTGRES_BEGIN_READ);
}

/* Behind what is queued, or behind a BEGIN that is due. */
static PGresult *behind(struct postgres_db *db, const struct postgres_form *f,
    const struct postgres_bound *b)
{
	int n = 1;
	bool sent;

	if (!enter(db))
		return NULL;
	sent = send_due(db, &n) && send(db, f->name, b, 1);
	return collect(db, sent, n);
}

static enum err_class taken(struct postgres_db *db, PGresult *res,
    PGresult **out, const char *what, struct err *e)
{
	enum err_class c;

	*out = NULL;
	c = postgres_exec_late(db, e);
	if (c != ERR_NONE) {
		PQclear(res);
		return c;
	}
	if (good(res)) {
		*out = res;
		return ERR_NONE;
	}
	c = postgres_error(db, res, what, e);
	PQclear(res);
	return c;
}

/* Is it the transaction's first change? */
static bool asks(const struct postgres_db *db, const struct postgres_form *f)
{
	return db->write && db->xid[0] == '\0' && !db->queue.asked &&
	       strncmp(f->sql, "SELECT ", 7) != 0;
}

static void add(struct postgres_db *db, struct postgres_rows *r)
{
	db->queue.of[db->queue.n++] = r;
}

void postgres_exec_later(struct postgres_rows *r, const struct postgres_form *f,
    const struct postgres_bound *b)
{
	struct postgres_db *db = r->db;
	bool sent;

	if (db->queue.n > POSTGRES_QUEUE - 2)
		postgres_connect_settle(db);
	sent = enter(db) && send(db, f->name, b, 1);
	add(db, r);
	if (asks(db, f)) {
		sent = sent && send_own(db, POSTGRES_XID);
		add(db, NULL);
		db->queue.asked = true;
	}
	if (!sent) { /* nobody knows what it is at */
		read_queued(db, false);
		drain(db);
	}
}

PGresult *postgres_exec_own(
    struct postgres_db *db, enum postgres_own which, const char *parameter)
{
	struct postgres_bound b = {
	    .n = parameter != NULL ? 1 : 0, .values = {parameter}};
	bool sent = enter(db) && send(db, postgres_connect_own(which), &b, 0);

	return collect(db, sent, 1);
}

enum err_class postgres_exec(struct postgres_db *db,
    const struct postgres_form *f, const struct postgres_bound *b,
    PGresult **out, const char *what, struct err *e)
{
	PGresult *res = asks(db, f) ? with_xid(db, f, b)
			: db->due || db->queue.n > 0
			    ? behind(db, f, b)
			    : PQexecPrepared(db->conn, f->name, b->n, b->values,
				  b->lengths, b->formats, 1);

	return taken(db, res, out, what, e);
}

enum err_class postgres_exec_declare(struct postgres_db *db, const char *sql,
    const Oid *types, const struct postgres_bound *b, const char *fetch,
    PGresult **out, const char *what, struct err *e)
{
	int n = 2;
	bool sent;

	if (!enter(db))
		return taken(db, NULL, out, what, e);
	sent = send_due(db, &n) &&
	       PQsendQueryParams(db->conn, sql, b->n, types, b->values,
		   b->lengths, b->formats, 1) == 1 &&
	       PQsendQueryParams(
		   db->conn, fetch, 0, NULL, NULL, NULL, NULL, 1) == 1;
	return taken(db, collect(db, sent, n), out, what, e);
}

enum err_class postgres_exec_begin(struct postgres_db *db, struct err *e)
{
	PGresult *res = NULL;
	enum err_class c;
	int n = 0;
	bool sent;

	if (!db->due)
		return ERR_NONE;
	if (enter(db)) {
		sent = send_due(db, &n);
		res = collect(db, sent, n);
	}
	c = taken(db, res, &res, "begin", e);
	PQclear(res);
	return c;
}

/* FNV-1a: two keys that meet in it take turns, no more. */
static uint64_t hash_of(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return h;
}

/* The key's own lock comes second: who waits for it holds nothing that its
 * holder could wait for. */
static bool send_turn(struct postgres_db *db, const char *key)
{
	struct postgres_bound b = {.n = 1};
	char of_key[24];

	if (key == NULL)
		return send_own(db, POSTGRES_TURN);
	(void)snprintf(of_key, sizeof(of_key), "key %016" PRIx64, hash_of(key));
	b.values[0] = of_key;
	return send_own(db, POSTGRES_TURN_SHARED) &&
	       send(db, postgres_connect_own(POSTGRES_TURN_KEY), &b, 0);
}

enum err_class postgres_exec_turn(
    struct postgres_db *db, const char *key, struct err *e)
{
	PGresult *res = NULL;
	enum err_class c;

	if (enter(db))
		res = collect(db,
		    send_own(db, POSTGRES_BEGIN_WRITE) && send_turn(db, key),
		    key == NULL ? 2 : 3);
	c = taken(db, res, &res, "begin", e);
	PQclear(res);
	return c;
}

/* One stretch of rows: sent, then read. *failed is the first that did. */
static void stretch(struct postgres_db *db, const struct postgres_form *f,
    const struct store_column *columns, size_t n, size_t from, size_t to,
    int64_t *changed, PGresult **failed)
{
	struct postgres_bound b;
	bool sent = true;

	for (size_t k = from; k < to && sent; k++) {
		postgres_bind_row(columns, n, k, &b);
		sent = send(db, f->name, &b, 1);
	}
	sent = sent && PQpipelineSync(db->conn) == 1;
	for (size_t k = from; k < to && sent; k++) {
		PGresult *res = receive(db);

		if (good(res))
			*changed += postgres_exec_changed(res);
		if (!good(res) && *failed == NULL)
			*failed = res;
		else
			PQclear(res);
		sent = res != NULL;
	}
}

enum err_class postgres_exec_pipeline(struct postgres_db *db,
    const struct postgres_form *f, const struct store_column *columns, size_t n,
    size_t rows, int64_t *changed, const char *what, struct err *e)
{
	PGresult *failed = NULL;
	enum err_class c = postgres_connect_free(db, e);

	for (size_t k = 0; k < rows && c == ERR_NONE && failed == NULL;
	     k += PIPELINE_ROWS) {
		size_t end =
		    k + PIPELINE_ROWS < rows ? k + PIPELINE_ROWS : rows;

		if (!enter(db))
			break;
		stretch(db, f, columns, n, k, end, changed, &failed);
		drain(db);
		if (postgres_connect_lost(db))
			break;
	}
	if (failed != NULL || postgres_connect_lost(db))
		c = postgres_error(db, failed, what, e);
	PQclear(failed);
	return c;
}
