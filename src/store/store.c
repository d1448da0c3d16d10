/*
 * store.c — see store.h: the only place that begins and commits. What holds
 * for every database is checked here; the rest is the driver's.
 */
#include "store/store.h"

#include "store/driver.h"
#include "store/postgres/postgres_driver.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_driver.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

/* How often fn is called again after a busy database, and the rest between. */
#define ATTEMPTS 20
#define REST_NS 2000000L

struct store_tx {
	struct store *store;
	bool write;
	bool open;
};

struct store {
	const struct store_driver *driver;
	void *db;
	enum store_party party;
	struct store_tx tx;
};

const struct store_statement_text *store_statement_text(enum store_statement st)
{
#define TEXT_(name, parameters, sql) {#name, parameters, sql},
	static const struct store_statement_text texts[] = {
	    STORE_STATEMENTS(TEXT_)};
#undef TEXT_

	return &texts[st];
}

/* A fault of our own: a contract of store.h was not kept. */
static enum err_class misuse(
    struct err *e, enum store_statement st, const char *what)
{
	err_set(e, ERR_FAULT, "store.misuse", "プログラムの誤りです",
	    "a fault of the program");
	return err_detail(e, "%s: %s", store_statement_text(st)->name, what);
}

static enum err_class nested(struct err *e)
{
	err_set(e, ERR_FAULT, "store.misuse", "プログラムの誤りです",
	    "a fault of the program");
	return err_detail(e, "a transaction within a transaction");
}

static const struct store_driver *driver_of(const char *url)
{
	static const struct store_driver *const drivers[] = {
	    &sqlite_driver, &postgres_driver};

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		size_t n = strlen(drivers[i]->scheme);

		if (strncmp(url, drivers[i]->scheme, n) == 0 && url[n] != '\0')
			return drivers[i];
	}
	return NULL;
}

bool store_url(const char *url)
{
	return driver_of(url) != NULL;
}

static enum err_class no_url(struct err *e)
{
	return err_set(e, ERR_INPUT, "store.url",
	    "データベースは sqlite:PATH か postgresql://… です",
	    "a database is sqlite:PATH or postgresql://…");
}

enum err_class store_open(const char *url, enum store_party party,
    enum store_open how, struct store **out, struct err *e)
{
	const struct store_driver *driver = driver_of(url);
	struct store *s;
	void *db;

	*out = NULL;
	if (driver == NULL)
		return no_url(e);
	TRY(driver->open(
	    text_z(url + strlen(driver->scheme)), party, how, &db, e));
	s = arena_xmalloc(sizeof(*s));
	*s = (struct store){.driver = driver, .db = db, .party = party};
	s->tx.store = s;
	*out = s;
	return ERR_NONE;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	s->driver->close(s->db);
	free(s);
}

int store_schema_version(void)
{
	return schema_version();
}

enum err_class store_settings(struct store *s, struct buf *out, struct err *e)
{
	return s->driver->settings(s->db, out, e);
}

enum err_class store_dump(
    struct store *s, store_put *put, void *ctx, struct err *e)
{
	return s->tx.open ? nested(e) : s->driver->dump(s->db, put, ctx, e);
}

enum err_class store_load(const char *url, int fd, struct err *e)
{
	const struct store_driver *driver = driver_of(url);

	if (driver == NULL)
		return no_url(e);
	return driver->load(text_z(url + strlen(driver->scheme)), fd, e);
}

enum store_party store_party_of(const struct store_tx *tx)
{
	return tx->store->party;
}

/* What a transaction is to be. */
struct kind {
	bool write;
	const char *key; /* of a writer beside others; or NULL */
};

static enum err_class attempt(struct store *s, const struct kind *kind,
    store_fn *fn, void *arg, struct err *e)
{
	enum err_class c;

	TRY(s->driver->begin(s->db, kind->write, kind->key, e));
	s->tx.open = true;
	s->tx.write = kind->write;
	c = fn(&s->tx, arg, e);
	s->tx.open = false;
	if (c == ERR_NONE)
		return s->driver->commit(s->db, e);
	s->driver->rollback(s->db);
	return c;
}

/* Nothing happened, and it was the database that said so, not fn. */
static bool again(enum err_class c, const struct err *e)
{
	return c == ERR_BUSY && e->code != NULL &&
	       strcmp(e->code, "store.busy") == 0;
}

static enum err_class run(
    struct store *s, struct kind kind, store_fn *fn, void *arg, struct err *e)
{
	enum err_class c = ERR_NONE;

	if (s->tx.open)
		return nested(e);
	for (int i = 0; i < ATTEMPTS; i++) {
		c = attempt(s, &kind, fn, arg, e);
		if (!again(c, e))
			return c;
		(void)nanosleep(
		    &(const struct timespec){.tv_nsec = REST_NS}, NULL);
	}
	return c;
}

enum err_class store_run(
    struct store *s, store_fn *fn, void *arg, struct err *e)
{
	return run(s, (struct kind){.write = true}, fn, arg, e);
}

enum err_class store_run_key(
    struct store *s, const char *key, store_fn *fn, void *arg, struct err *e)
{
	return run(s, (struct kind){.write = true, .key = key}, fn, arg, e);
}

enum err_class store_read(
    struct store *s, store_fn *fn, void *arg, struct err *e)
{
	return run(s, (struct kind){0}, fn, arg, e);
}

enum err_class store_lane(struct store_tx *tx, int64_t *lane, struct err *e)
{
	const struct store_driver *driver = tx->store->driver;

	*lane = 0;
	return driver->lane != NULL ? driver->lane(tx->store->db, lane, e)
				    : ERR_NONE;
}

enum err_class store_savepoint(
    struct store_tx *tx, store_fn *fn, void *arg, struct err *e)
{
	const struct store_driver *driver = tx->store->driver;
	struct err undone = {0};
	enum err_class c;

	TRY(driver->mark(tx->store->db, e));
	c = fn(tx, arg, e);
	if (c == ERR_NONE && driver->settle != NULL)
		c = driver->settle(tx->store->db, e);
	if (c == ERR_NONE)
		return driver->release(tx->store->db, e);
	if (driver->undo(tx->store->db, &undone) == ERR_NONE ||
	    c == ERR_FAULT || again(c, e))
		return c;
	/* The whole transaction is lost, and the driver lets no more
	 * statement pass: more than fn knew of. */
	*e = undone;
	return undone.class;
}

bool store_claim(struct store *s, const char *what)
{
	return s->driver->claim == NULL || s->driver->claim(s->db, what);
}

void store_unclaim(struct store *s, const char *what)
{
	if (s->driver->unclaim != NULL)
		s->driver->unclaim(s->db, what);
}

void store_tell(struct store *s)
{
	if (s->driver->tell != NULL && !s->tx.open)
		s->driver->tell(s->db);
}

bool store_heard(struct store *s, int *fd)
{
	*fd = -1;
	return s->driver->heard != NULL && !s->tx.open &&
	       s->driver->heard(s->db, fd);
}

static bool fits(const struct store_value *v, char letter)
{
	switch (v->type) {
	case STORE_NULL:
		return letter == 'I' || letter == 'T' || letter == 'B';
	case STORE_INT:
		return letter == 'i' || letter == 'I';
	case STORE_TEXT:
		return letter == 't' || letter == 'T';
	case STORE_BLOB:
		return letter == 'b' || letter == 'B';
	}
	return false;
}

static enum err_class check(const struct store_tx *tx, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows, struct err *e)
{
	const char *letters = store_statement_text(st)->parameters;

	if (!tx->open)
		return misuse(e, st, "outside a transaction");
	if (strlen(letters) != n || n > STORE_PARAMETERS_MAX)
		return misuse(e, st, "number of parameters");
	for (size_t i = 0; i < n; i++) {
		size_t many = columns[i].same && rows > 0 ? 1 : rows;

		for (size_t k = 0; k < many; k++)
			if (!fits(&columns[i].v[k], letters[i])) {
				misuse(e, st, "type of a parameter");
				return err_detail(e,
				    "%s: type of parameter %zu",
				    store_statement_text(st)->name, i + 1);
			}
	}
	return ERR_NONE;
}

/* One row of values as columns; n is checked before it is used. */
static void as_columns(
    const struct store_value *v, size_t n, struct store_column *out)
{
	for (size_t i = 0; i < n && i < STORE_PARAMETERS_MAX; i++)
		out[i] = (struct store_column){.same = true, .v = &v[i]};
}

enum err_class store_do(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, int64_t *changed, struct err *e)
{
	struct store_column columns[STORE_PARAMETERS_MAX];

	as_columns(v, n, columns);
	return store_each(tx, st, columns, n, 1, changed, e);
}

enum err_class store_each(struct store_tx *tx, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows, int64_t *changed,
    struct err *e)
{
	if (changed != NULL)
		*changed = 0;
	TRY(check(tx, st, columns, n, rows, e));
	if (rows == 0)
		return ERR_NONE;
	return tx->store->driver->each(
	    tx->store->db, st, columns, n, rows, changed, e);
}

enum err_class store_query(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, struct store_rows **out,
    struct err *e)
{
	struct store_column columns[STORE_PARAMETERS_MAX];

	as_columns(v, n, columns);
	return store_query_each(tx, st, columns, n, 1, out, e);
}

enum err_class store_query_each(struct store_tx *tx, enum store_statement st,
    const struct store_column *columns, size_t n, size_t rows,
    struct store_rows **out, struct err *e)
{
	*out = NULL;
	TRY(check(tx, st, columns, n, rows, e));
	return tx->store->driver->query(
	    tx->store->db, st, columns, n, rows, out, e);
}

enum err_class store_next(struct store_rows *r, bool *more, struct err *e)
{
	*more = false;
	return r->driver->next(r, more, e);
}

size_t store_input(const struct store_rows *r)
{
	return r->driver->input(r);
}

/* T4: the database never turns one type into another here. The schema is
 * STRICT, so another type is a statement that reads the wrong column. */
static struct store_value value(
    const struct store_rows *r, int column, enum store_type type)
{
	struct store_value v = r->driver->value(r, column);

	assert(v.type == type || v.type == STORE_NULL);
	return v;
}

int64_t store_get_int(const struct store_rows *r, int column)
{
	return value(r, column, STORE_INT).i;
}

struct text store_get_text(const struct store_rows *r, int column)
{
	struct store_value v = value(r, column, STORE_TEXT);

	return text_trust(v.n > 0 ? v.p : "", v.n);
}

struct bytes store_get_blob(const struct store_rows *r, int column)
{
	struct store_value v = value(r, column, STORE_BLOB);

	return BYTES(v.n > 0 ? v.p : "", v.n);
}

bool store_get_null(const struct store_rows *r, int column)
{
	return r->driver->value(r, column).type == STORE_NULL;
}

void store_rows_close(struct store_rows *r)
{
	if (r != NULL)
		r->driver->close_rows(r);
}

enum err_class store_one_int(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, int64_t *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, st, v, n, &r, &found, e));
	*out = found ? store_get_int(r, 0) : 0;
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class store_one(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, struct store_rows **out, bool *found,
    struct err *e)
{
	enum err_class c;

	*found = false;
	TRY(store_query(tx, st, v, n, out, e));
	c = store_next(*out, found, e);
	if (c != ERR_NONE || !*found) {
		store_rows_close(*out);
		*out = NULL;
	}
	return c;
}
