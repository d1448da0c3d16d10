/* call_selection.c — rules of selection that officers keep by name: what a new
 * wave begins with. They name no subject. */
#include "api/calls.h"
#include "parties/ward.h"

#include <stdio.h>

#define SELECTIONS_MAX 200 /* all of them are one list to choose from */

struct selecting {
	struct call *c;
	json_t *items;
	int64_t no;
};

static enum err_class selections_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct selecting *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->items);
	TRY(store_query(tx, STMT_DESK_SELECTIONS,
	    STORE_VALUES(store_z(x->c->c->node->code)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(void)json_array_append_new(
		    x->items, json_pack("{s:I,s:o,s:o,s:I,s:I,s:o,s:o}", "no",
				  (json_int_t)store_get_int(r, 0), "name",
				  told_text(store_get_text(r, 1)), "claim_kind",
				  told_text(store_get_text(r, 2)), "min_amount",
				  (json_int_t)store_get_int(r, 3), "min_age",
				  (json_int_t)store_get_int(r, 4), "who",
				  told_text(store_get_text(r, 5)), "at",
				  told_moment(store_get_int(r, 6))));
	store_rows_close(r);
	return class;
}

enum err_class call_selections(struct call *c, struct err *e)
{
	struct selecting x = {.c = c, .items = json_array()};
	enum err_class class = store_read(c->c->store, selections_read, &x, e);

	if (class == ERR_NONE)
		call_list(c, x.items, NULL);
	else
		json_decref(x.items);
	return class;
}

static enum err_class log_it(
    struct store_tx *tx, struct call *c, const char *what, struct err *e)
{
	return ward_log(tx, c->c,
	    &(const struct ward_act){.actor = c->user.name,
		.action = "configure",
		.kind = "selection",
		.object = what,
		.purpose = "選定条件の変更",
		.records = 0},
	    e);
}

static enum err_class add_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct selecting *x = arg;
	struct call *c = x->c;
	const char *name = call_text(c->body, "name");
	int64_t changed;

	TRY(selections_read(tx, x, e));
	if (json_array_size(x->items) >= SELECTIONS_MAX)
		return err_set(e, ERR_LIMIT, "selection.too_many",
		    "選定条件は200件までです", "at most 200 are kept");
	TRY(store_do(tx, STMT_DESK_SELECTION_ADD,
	    STORE_VALUES(store_z(c->c->node->code), store_z(name),
		store_z(call_text(c->body, "claim_kind")),
		store_int(call_int(c->body, "min_amount")),
		store_int(call_int(c->body, "min_age")), store_z(c->user.name),
		store_int(c->c->now_us)),
	    &changed, e));
	if (changed != 1)
		return err_set(e, ERR_DENIED, "selection.exists",
		    "同じ名前の選定条件があります",
		    "there is one of that name");
	TRY(store_one_int(tx, STMT_DESK_SELECTION_NO,
	    STORE_VALUES(store_z(c->c->node->code), store_z(name)), &x->no, e));
	return log_it(tx, c, name, e);
}

enum err_class call_selection_new(struct call *c, struct err *e)
{
	struct selecting x = {.c = c};
	const char *kind = call_text(c->body, "claim_kind");
	enum err_class class;

	if (!ward_text_good(call_text(c->body, "name"), 1, 200))
		return call_bad_value(e, "name");
	if (kind[0] != '\0' && !codes_kamoku_known(c->c->codes, text_z(kind)))
		return call_bad_value(e, "claim_kind");
	x.items = json_array();
	class = store_run(c->c->store, add_write, &x, e);
	json_decref(x.items);
	TRY(class);
	c->out = json_pack("{s:I}", "no", (json_int_t)x.no);
	c->status = 201;
	return ERR_NONE;
}

static enum err_class drop_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct selecting *x = arg;
	int64_t changed;

	TRY(store_do(tx, STMT_DESK_SELECTION_DROP,
	    STORE_VALUES(store_z(x->c->c->node->code), store_int(x->no)),
	    &changed, e));
	return changed == 1 ? log_it(tx, x->c, x->c->param[0], e)
			    : call_not_found(e);
}

enum err_class call_selection_drop(struct call *c, struct err *e)
{
	struct selecting x = {.c = c};

	if (!text_to_int(text_z(c->param[0]), INT64_MAX, &x.no))
		return call_not_found(e);
	return store_run(c->c->store, drop_write, &x, e);
}
