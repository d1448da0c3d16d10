/*
 * test_nth_sqlite.c — the store on SQLite, with every allocation, every call
 * on its files and every SQL step failing in turn.
 */
#include "store_piece.h"

#include "base/file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct stage {
	char path[96];
	char url[128];
	struct buf image; /* of a fresh database; empty: there is none */
};

static void must(enum err_class c, const struct err *e)
{
	if (c == ERR_NONE)
		return;
	(void)printf("%s %s\n", e->code, e->detail);
	abort();
}

static void clear(const struct stage *s)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-turn"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), "%s%s", s->path, ends[i]);
		(void)unlink(path);
	}
}

static void fresh(void *ctx)
{
	const struct stage *s = ctx;
	struct err e;

	clear(s);
	if (s->image.n > 0)
		must(file_put(s->path, buf_bytes(&s->image), 0600, true, &e),
		    &e);
}

static int64_t is_sound(const struct stage *s)
{
	sqlite3 *db;
	sqlite3_stmt *q = NULL;
	int64_t v = -1;

	if (sqlite3_open(s->path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db,
		"SELECT integrity_check = 'ok' FROM pragma_integrity_check", -1,
		&q, NULL) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		v = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return v;
}

static void again(const struct stage *s, enum store_open how)
{
	struct err e = {0};

	if (store_piece(s->url, how, false, &e) != ERR_NONE) {
		nth_wrong("it is not done when nothing fails");
		(void)printf("\t%s %s\n", e.code, e.detail);
	} else if (store_piece_count(s->url) != 2) {
		nth_wrong("it is not done once");
	}
	if (is_sound(s) != 1)
		nth_wrong("the database is not sound");
}

static enum err_class use(void *ctx, struct err *e)
{
	const struct stage *s = ctx;

	return store_piece(s->url, STORE_EXISTING, true, e);
}

static void used(void *ctx, const struct nth_end *end)
{
	const struct stage *s = ctx;

	store_piece_check(end, store_piece_count(s->url));
	again(s, STORE_EXISTING);
}

static enum err_class make(void *ctx, struct err *e)
{
	const struct stage *s = ctx;

	return store_piece(s->url, STORE_CREATE, true, e);
}

/* What is left of making one is made whole, or was never there: whoever
 * asked for it asks again. */
static void made(void *ctx, const struct nth_end *end)
{
	const struct stage *s = ctx;
	int64_t n = store_piece_count(s->url);

	if (n >= 0)
		store_piece_check(end, n);
	again(s, n >= 0 ? STORE_EXISTING : STORE_CREATE);
}

int main(void)
{
	static const enum nth_way ways[] = {NTH_ALLOCATION, NTH_OPEN, NTH_READ,
	    NTH_WRITE, NTH_FULL, NTH_SYNC, NTH_CLOSE, NTH_STEP_IO,
	    NTH_STEP_FULL, NTH_STEP_BUSY, NTH_STEP_MEMORY};
	struct stage s = {0};
	const struct nth_piece using = {.name = "sqlite",
	    .before = fresh,
	    .work = use,
	    .after = used,
	    .ctx = &s};
	const struct nth_piece making = {.name = "sqlite, made anew",
	    .before = fresh,
	    .work = make,
	    .after = made,
	    .ctx = &s,
	    .may_deny = true,
	    .may_sync = true,
	    .stride = 199};
	struct store *made_first;
	struct err e;

	(void)snprintf(s.path, sizeof(s.path), "%s/a.db", nth_begin());
	(void)snprintf(s.url, sizeof(s.url), "sqlite:%s", s.path);
	nth_loops(&making, ways, sizeof(ways) / sizeof(*ways));
	clear(&s);
	must(store_open(s.url, STORE_WARD, STORE_CREATE, &made_first, &e), &e);
	store_close(made_first);
	must(file_read(s.path, (size_t)64 << 20, &s.image, &e), &e);
	nth_loops(&using, ways, sizeof(ways) / sizeof(*ways));
	buf_fini(&s.image);
	return nth_close();
}
