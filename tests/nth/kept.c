/* kept.c — see kept.h. */
#include "kept.h"

#include "base/file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DATABASE_MAX ((size_t)256 << 20)

static void must(enum err_class c, const struct err *e)
{
	if (c == ERR_NONE)
		return;
	(void)printf("%s %s\n", e->code, e->detail);
	abort();
}

void kept_take(struct kept *k, const char *path)
{
	struct err e;

	*k = (struct kept){0};
	(void)snprintf(k->path, sizeof(k->path), "%s", path);
	must(file_read(path, DATABASE_MAX, &k->image, &e), &e);
}

void kept_put(const struct kept *k)
{
	static const char *const ends[] = {"-wal", "-shm"};
	FILE *f = fopen(k->path, "w");

	if (f == NULL || fwrite(k->image.p, 1, k->image.n, f) != k->image.n ||
	    fclose(f) != 0)
		abort();
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		char path[340];

		(void)snprintf(path, sizeof(path), "%s%s", k->path, ends[i]);
		(void)unlink(path);
	}
}

void kept_fini(struct kept *k)
{
	buf_fini(&k->image);
}

int64_t kept_ask(const struct kept *k, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *q = NULL;
	int64_t v = -1;

	if (sqlite3_open(k->path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		v = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return v;
}

bool kept_sound(const struct kept *k)
{
	return kept_ask(k, "SELECT integrity_check = 'ok' FROM"
			   " pragma_integrity_check") == 1;
}
