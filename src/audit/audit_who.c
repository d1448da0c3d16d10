/* audit_who.c — "who read 宛名番号 X, and when"; see audit.h. */
#include "audit/audit.h"

#include "record/kanri.h"

#include <stdio.h>
#include <stdlib.h>

struct access {
	int64_t lane;
	int64_t seq;
	int64_t at_us; /* no later than that of a newer one of its lane */
	struct audit_access a;
};

/* What holds the subject, as log_object names it. */
struct gathering {
	struct store_tx *tx;
	struct audit_who *w;
	struct arena arena;
	struct buf kinds;   /* of struct store_value */
	struct buf objects; /* the same number */
	struct buf list;    /* of struct access */
};

static void hold(struct gathering *g, const char *kind, struct text object)
{
	const struct store_value k = store_z(kind);
	const struct store_value o = store_text(text_dup(&g->arena, object));

	buf_add(&g->kinds, &k, sizeof(k));
	buf_add(&g->objects, &o, sizeof(o));
}

static enum err_class hold_files(struct gathering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_FILES,
	    STORE_VALUES(store_z(g->w->authority), store_text(g->w->atena)), &r,
	    e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more)
		hold(g, "file", store_get_text(r, 0));
	store_rows_close(r);
	return c;
}

/* 管理番号 is derived: those of a subject follow from wave and ordinal. */
static enum err_class hold_inquiries(
    struct gathering *g, struct kanri *k, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_INSTITUTIONS,
	    STORE_VALUES(store_z(g->w->authority), store_int(k->wave)), &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text institution = store_get_text(r, 0);
		char number[KANRI_TEXT];

		(void)snprintf(k->institution, sizeof(k->institution), "%.*s",
		    (int)institution.n, institution.p);
		if (kanri_format(k, number))
			hold(g, "inquiry", text_z(number));
	}
	store_rows_close(r);
	return c;
}

static enum err_class hold_wave(
    struct gathering *g, uint32_t wave, uint32_t ordinal, struct err *e)
{
	struct kanri k = {.wave = wave, .ordinal = ordinal};
	char name[4];

	(void)snprintf(k.authority, sizeof(k.authority), "%s", g->w->authority);
	if (kanri_wave_format(wave, name))
		hold(g, "wave", text_z(name));
	return hold_inquiries(g, &k, e);
}

static enum err_class hold_waves(struct gathering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_WAVES,
	    STORE_VALUES(store_z(g->w->authority), store_text(g->w->atena)), &r,
	    e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		c = hold_wave(g, (uint32_t)store_get_int(r, 1),
		    (uint32_t)store_get_int(r, 2), e);
		if (c != ERR_NONE)
			break;
	}
	store_rows_close(r);
	return c;
}

static enum err_class hold_all(struct gathering *g, struct err *e)
{
	hold(g, "subject", g->w->atena);
	switch (store_party_of(g->tx)) {
	case STORE_WARD:
		TRY(hold_waves(g, e));
		return hold_files(g, e);
	case STORE_UNIT:
	case STORE_HUB:
	case STORE_BANK:
		return ERR_NONE; /* their tables know no 宛名番号 */
	}
	return ERR_NONE;
}

static void keep(struct gathering *g, const struct store_rows *r)
{
	struct access a = {
	    .lane = store_get_int(r, 0), .seq = store_get_int(r, 1)};

	a.at_us = a.a.at_us = store_get_int(r, 2);
	a.a.actor = text_cstr(&g->arena, store_get_text(r, 3));
	a.a.action = text_cstr(&g->arena, store_get_text(r, 4));
	a.a.kind = text_cstr(&g->arena, store_get_text(r, 5));
	a.a.object = text_dup(&g->arena, store_get_text(r, 6));
	a.a.purpose = text_cstr(&g->arena, store_get_text(r, 7));
	buf_add(&g->list, &a, sizeof(a));
}

/* Of each object the newest of one lane, one more than a page takes. */
static enum err_class of_lane(struct gathering *g, int64_t lane, struct err *e)
{
	const struct store_value same[] = {store_z(g->w->authority),
	    store_int(lane), store_int(g->w->below[lane]),
	    store_int((int64_t)g->w->max + 1)};
	const struct store_column columns[] = {
	    {.v = (const struct store_value *)(void *)g->kinds.p},
	    {.v = (const struct store_value *)(void *)g->objects.p},
	    {.same = true, .v = &same[0]}, {.same = true, .v = &same[1]},
	    {.same = true, .v = &same[2]}, {.same = true, .v = &same[3]}};
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query_each(g->tx, STMT_AUDIT_OF_OBJECT, columns, 6,
	    g->kinds.n / sizeof(struct store_value), &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more)
		keep(g, r);
	store_rows_close(r);
	return c;
}

static enum err_class of_lanes(struct gathering *g, struct err *e)
{
	bool there[STORE_LANES] = {false};
	struct store_rows *r;
	enum err_class c;
	bool more;

	TRY(store_query(g->tx, STMT_AUDIT_LANES, NULL, 0, &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		int64_t lane = store_get_int(r, 0);

		if (lane >= 0 && lane < STORE_LANES)
			there[lane] = true;
	}
	store_rows_close(r);
	for (int64_t i = 0; i < STORE_LANES && c == ERR_NONE; i++)
		if (there[i])
			c = of_lane(g, i, e);
	return c;
}

static int by_place(const void *x, const void *y)
{
	const struct access *a = x;
	const struct access *b = y;

	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	return a->seq > b->seq ? -1 : a->seq < b->seq;
}

static int newest(const void *x, const void *y)
{
	const struct access *a = x;
	const struct access *b = y;

	if (a->at_us != b->at_us)
		return a->at_us > b->at_us ? -1 : 1;
	return by_place(x, y);
}

/* An entry's time is taken before its turn to write: a lane's order is that
 * of its numbers, and no page may pass over one. */
static void sort(struct access *list, size_t n)
{
	if (n == 0)
		return;
	qsort(list, n, sizeof(*list), by_place);
	for (size_t i = 1; i < n; i++)
		if (list[i].lane == list[i - 1].lane &&
		    list[i].at_us > list[i - 1].at_us)
			list[i].at_us = list[i - 1].at_us;
	qsort(list, n, sizeof(*list), newest);
}

void audit_who_begin(struct audit_who *w)
{
	*w = (struct audit_who){.max = 1};
	for (size_t i = 0; i < STORE_LANES; i++)
		w->below[i] = INT64_MAX;
}

enum err_class audit_who(struct store_tx *tx, struct audit_who *w,
    enum err_class (*each)(
	void *ctx, const struct audit_access *access, struct err *e),
    void *ctx, struct err *e)
{
	struct gathering g = {.tx = tx, .w = w};
	enum err_class c = hold_all(&g, e);
	struct access *list;
	size_t n;

	if (c == ERR_NONE)
		c = of_lanes(&g, e);
	list = (struct access *)(void *)g.list.p;
	n = g.list.n / sizeof(*list);
	sort(list, n);
	for (size_t i = 0; i < n && i < w->max && c == ERR_NONE; i++) {
		w->below[list[i].lane] = list[i].seq;
		c = each(ctx, &list[i].a, e);
	}
	w->more = n > w->max;
	buf_fini(&g.list);
	buf_fini(&g.kinds);
	buf_fini(&g.objects);
	arena_fini(&g.arena);
	return c;
}
