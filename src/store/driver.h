/*
 * driver.h — what a database must do behind store.h: a table of functions,
 * one per database. Only store.c calls it; only the driver's own folder
 * includes its database's header.
 *
 * store.c has checked before it calls: the number and types of parameters,
 * that a transaction is in progress, and that transactions do not nest.
 */
#ifndef SHOKAI_STORE_DRIVER_H
#define SHOKAI_STORE_DRIVER_H

#include "store/store.h"

#define STORE_PARAMETERS_MAX 32

/* The first member of a driver's own rows. */
struct store_rows {
	const struct store_driver *driver;
};

struct store_driver {
	const char *scheme; /* "sqlite:" */

	/* place: the URL behind the scheme. */
	enum err_class (*open)(struct text place, enum store_party party,
	    enum store_open how, void **out, struct err *e);
	void (*close)(void *db);
	enum err_class (*settings)(void *db, struct buf *out, struct err *e);

	/* store_dump, store_load. */
	enum err_class (*dump)(
	    void *db, store_put *put, void *ctx, struct err *e);
	enum err_class (*load)(struct text place, int fd, struct err *e);

	/* Waits for its turn where write is true; ERR_BUSY "store.busy".
	 * key: of a writer that goes beside those of other keys; or NULL. */
	enum err_class (*begin)(
	    void *db, bool write, const char *key, struct err *e);
	/* ERR_NONE: it is on the disk. Else it is rolled back. */
	enum err_class (*commit)(void *db, struct err *e);
	void (*rollback)(void *db);

	/* Savepoints nest. undo also closes the rows opened since mark. */
	enum err_class (*mark)(void *db, struct err *e);
	/* Before release: what fails late has failed. NULL where nothing
	 * does. */
	enum err_class (*settle)(void *db, struct err *e);
	enum err_class (*release)(void *db, struct err *e);
	enum err_class (*undo)(void *db, struct err *e);

	/* changed NULL: nobody asks, and a failure may be told by a later
	 * statement, by settle or by commit. */
	enum err_class (*each)(void *db, enum store_statement st,
	    const struct store_column *columns, size_t n, size_t rows,
	    int64_t *changed, struct err *e);

	/* columns is copied; of one row the values are copied too, of more
	 * they must live as long as the rows. */
	enum err_class (*query)(void *db, enum store_statement st,
	    const struct store_column *columns, size_t n, size_t rows,
	    struct store_rows **out, struct err *e);
	enum err_class (*next)(struct store_rows *r, bool *more, struct err *e);
	size_t (*input)(const struct store_rows *r);
	struct store_value (*value)(const struct store_rows *r, int column);
	void (*close_rows)(struct store_rows *r);

	/* NULL where one process alone works: everything is claimed. */
	bool (*claim)(void *db, const char *what);
	void (*unclaim)(void *db, const char *what);

	/* NULL where one place alone works. */
	void (*tell)(void *db);
	bool (*heard)(void *db, int *fd);

	/* NULL where there is one writer, and one lane. */
	enum err_class (*lane)(void *db, int64_t *lane, struct err *e);
};

/* A statement of the list, by its enum; what every driver prepares. */
struct store_statement_text {
	const char *name;
	const char *parameters;
	const char *sql;
};
const struct store_statement_text *store_statement_text(
    enum store_statement st);

#endif
