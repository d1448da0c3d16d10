/* audit_who.c — "who read 宛名番号 X, and when"; see audit.h. */
#include "audit/audit.h"

#include "record/kanri.h"

#include <stdio.h>
#include <stdlib.h>

struct access {
	int64_t lane;
	int64_t seq;
	struct audit_access a;
};

struct gathering {
	struct store_tx *tx;
	const char *authority;
	struct text atena;
	struct arena arena;
	struct buf list; /* of struct access */
};

static void keep(struct gathering *g, const struct store_rows *r)
{
	struct access a = {
	    .lane = store_get_int(r, 0), .seq = store_get_int(r, 1)};

	a.a.at_us = store_get_int(r, 2);
	a.a.actor = text_cstr(&g->arena, store_get_text(r, 3));
	a.a.action = text_cstr(&g->arena, store_get_text(r, 4));
	a.a.kind = text_cstr(&g->arena, store_get_text(r, 5));
	a.a.object = text_dup(&g->arena, store_get_text(r, 6));
	a.a.purpose = text_cstr(&g->arena, store_get_text(r, 7));
	buf_add(&g->list, &a, sizeof(a));
}

/* The entries about one object. */
static enum err_class of_object(
    struct gathering *g, const char *kind, struct text object, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_OF_OBJECT,
	    STORE_VALUES(
		store_z(kind), store_text(object), store_z(g->authority)),
	    &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more)
		keep(g, r);
	store_rows_close(r);
	return c;
}

static enum err_class of_files(struct gathering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_FILES,
	    STORE_VALUES(store_z(g->authority), store_text(g->atena)), &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		c = of_object(g, "file", store_get_text(r, 0), e);
		if (c != ERR_NONE)
			break;
	}
	store_rows_close(r);
	return c;
}

/* 管理番号 is derived: those of a subject follow from wave and ordinal. */
static enum err_class of_inquiries(
    struct gathering *g, struct kanri *k, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_INSTITUTIONS,
	    STORE_VALUES(store_z(g->authority), store_int(k->wave)), &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text institution = store_get_text(r, 0);
		char number[KANRI_TEXT];

		(void)snprintf(k->institution, sizeof(k->institution), "%.*s",
		    (int)institution.n, institution.p);
		if (!kanri_format(k, number))
			continue;
		c = of_object(g, "inquiry", text_z(number), e);
		if (c != ERR_NONE)
			break;
	}
	store_rows_close(r);
	return c;
}

static enum err_class of_wave(
    struct gathering *g, uint32_t wave, uint32_t ordinal, struct err *e)
{
	struct kanri k = {.wave = wave, .ordinal = ordinal};
	char name[4];

	(void)snprintf(k.authority, sizeof(k.authority), "%s", g->authority);
	if (kanri_wave_format(wave, name))
		TRY(of_object(g, "wave", text_z(name), e));
	return of_inquiries(g, &k, e);
}

static enum err_class of_waves(struct gathering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_WAVES,
	    STORE_VALUES(store_z(g->authority), store_text(g->atena)), &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		c = of_wave(g, (uint32_t)store_get_int(r, 1),
		    (uint32_t)store_get_int(r, 2), e);
		if (c != ERR_NONE)
			break;
	}
	store_rows_close(r);
	return c;
}

static enum err_class gather(struct gathering *g, struct err *e)
{
	TRY(of_object(g, "subject", g->atena, e));
	switch (store_party_of(g->tx)) {
	case STORE_WARD:
		TRY(of_waves(g, e));
		return of_files(g, e);
	case STORE_UNIT:
	case STORE_HUB:
	case STORE_BANK:
		return ERR_NONE; /* their tables know no 宛名番号 */
	}
	return ERR_NONE;
}

static int by_time(const void *x, const void *y)
{
	const struct access *a = x;
	const struct access *b = y;

	if (a->a.at_us != b->a.at_us)
		return a->a.at_us < b->a.at_us ? -1 : 1;
	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

enum err_class audit_who(struct store_tx *tx, const char *authority,
    struct text atena,
    enum err_class (*each)(
	void *ctx, const struct audit_access *access, struct err *e),
    void *ctx, struct err *e)
{
	struct gathering g = {.tx = tx, .authority = authority, .atena = atena};
	enum err_class c = gather(&g, e);
	struct access *list = (struct access *)(void *)g.list.p;
	size_t n = g.list.n / sizeof(*list);

	if (n > 0)
		qsort(list, n, sizeof(*list), by_time);
	for (size_t i = 0; i < n && c == ERR_NONE; i++)
		c = each(ctx, &list[i].a, e);
	buf_fini(&g.list);
	arena_fini(&g.arena);
	return c;
}
