/*
 * test_nth_postgres.c — the store on PostgreSQL, with every allocation of
 * libpq and of the driver failing in turn. libpq waits for ever
 * where it cannot allocate the result of a pipeline's end. What is on the
 * server's disk is the server's to show.
 */
#include "fixture.h"
#include "store_piece.h"

#include <stdio.h>
#include <stdlib.h>

static void fresh(void *ctx)
{
	(void)fixture_server_sql(ctx, "DELETE FROM fact");
}

static enum err_class use(void *ctx, struct err *e)
{
	const struct fixture *f = ctx;

	return store_piece(f->url, STORE_EXISTING, true, e);
}

static void used(void *ctx, const struct nth_end *end)
{
	store_piece_check(
	    end, fixture_server_sql(ctx, "SELECT count(*) FROM fact"));
}

int main(void)
{
	struct nth_piece piece = {
	    .name = "postgresql",
	    .before = fresh,
	    .work = use,
	    .after = used,
	    .may_wait = true,
	};
	void *f;

	if (nth_begin() == NULL || fixture_setup(&f) != 0)
		abort();
	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	piece.ctx = f;
	nth_loop(&piece, NTH_ALLOCATION);
	(void)fixture_teardown(&f);
	return nth_close();
}
