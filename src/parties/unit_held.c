/* unit_held.c — see unit_held.h. */
#include "parties/unit_held.h"

#include "base/told.h"
#include "record/kanri.h"

/* Most files have none: nothing is taken for those. */
static void make_room(struct unit_held *h, struct arena *a)
{
	if (h->line != NULL)
		return;
	h->line = arena_zero(a, h->max, sizeof(*h->line));
	h->inquiry = arena_zero(a, h->max, sizeof(*h->inquiry));
	h->code = arena_zero(a, h->max, sizeof(*h->code));
	h->item = arena_zero(a, h->max, sizeof(*h->item));
}

void unit_held_add(struct unit_held *h, struct arena *a, const struct err *why,
    struct text number)
{
	size_t i = h->n;

	if (i == h->max)
		return;
	make_room(h, a);
	h->n++;
	h->line[i] = store_int(why->line);
	/* What is no number may be anything (S5). */
	h->inquiry[i] = store_z(kanri_is(number) ? text_cstr(a, number) : "");
	h->code[i] = store_z(why->code);
	h->item[i] = store_z(arena_printf(a, "%s", why->item));
}

enum err_class unit_held_write(struct store_tx *tx, const struct unit_held *h,
    const struct header *of, int64_t now_us, struct err *e)
{
	struct store_value authority = store_z(of->authority);
	struct store_value file = store_z(of->file);
	struct store_value at = store_int(now_us);
	const struct store_column columns[] = {
	    {.same = true, .v = &authority},
	    {.same = true, .v = &file},
	    {.v = h->line},
	    {.v = h->inquiry},
	    {.v = h->code},
	    {.v = h->item},
	    {.same = true, .v = &at},
	};

	TRY(STORE_DO(tx, STMT_UNIT_HELD_OLD, e, authority, file));
	if (h->n == 0)
		return ERR_NONE;
	return store_each(tx, STMT_UNIT_HELD_ADD, columns, 7, h->n, NULL, e);
}

enum err_class unit_held_each(struct store_tx *tx,
    void (*row)(void *ctx, json_t *j), void *ctx, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_UNIT_HELD_LIST, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text number = store_get_text(r, 3);

		row(ctx, json_pack("{s:o,s:o,s:o,s:I,s:o,s:o,s:o}", "authority",
			     told_text(store_get_text(r, 0)), "file",
			     told_text(store_get_text(r, 1)), "inquiry",
			     number.n > 0 ? told_text(number) : json_null(),
			     "line", (json_int_t)store_get_int(r, 2), "code",
			     told_text(store_get_text(r, 4)), "item",
			     told_text(store_get_text(r, 5)), "at",
			     told_moment(store_get_int(r, 6))));
	}
	store_rows_close(r);
	return class;
}

enum err_class unit_held_show(struct store_tx *tx, const char *authority,
    const char *number, json_t *o, struct err *e)
{
	json_t *list = json_array();
	struct store_rows *r;
	enum err_class class;
	bool more;

	class = store_query(tx, STMT_UNIT_HELD_OF,
	    STORE_VALUES(store_z(authority), store_z(number)), &r, e);
	if (class != ERR_NONE) {
		json_decref(list);
		return class;
	}
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(void)json_array_append_new(
		    list, json_pack("{s:o,s:I,s:o,s:o,s:o}", "file",
			      told_text(store_get_text(r, 0)), "line",
			      (json_int_t)store_get_int(r, 1), "code",
			      told_text(store_get_text(r, 2)), "item",
			      told_text(store_get_text(r, 3)), "at",
			      told_moment(store_get_int(r, 4))));
	store_rows_close(r);
	if (json_array_size(list) > 0)
		(void)json_object_set(o, "answers_held", list);
	json_decref(list);
	return class;
}
