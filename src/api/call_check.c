/* call_check.c — the via-ward check, both ways: steps ⑤ and ⑮. */
#include "api/calls.h"
#include "parties/ward_check_show.h"

enum err_class call_checks(struct call *c, struct err *e)
{
	struct ward_check_page page = {
	    .state = call_text(c->query, "state"), .max = call_limit(c)};
	const char *part;

	if (page.state[0] == '\0')
		page.state = "waiting";
	TRY(call_cursor_parts(c, &part, 1, e));
	if (part[0] != '\0' &&
	    !text_to_int(text_z(part), INT64_MAX, &page.after))
		return call_not_found(e);
	TRY(ward_check_list_page(c->c, &page, e));
	part = arena_printf(c->c->arena, "%lld", (long long)page.next);
	call_list(
	    c, page.items, page.next != 0 ? call_cursor(c, &part, 1) : NULL);
	return ERR_NONE;
}

struct reading {
	struct call *c;
	struct ward_check *checks;
	size_t n;
};

static enum err_class check_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *x = arg;

	return ward_check_list(
	    tx, x->c->c, NULL, x->c->param[0], &x->checks, &x->n, e);
}

enum err_class call_check(struct call *c, struct err *e)
{
	struct reading x = {.c = c};
	json_t *items = json_array();
	enum err_class class = store_read(c->c->store, check_read, &x, e);

	if (class == ERR_NONE && x.n == 0)
		class = err_set(e, ERR_INPUT, "check.unknown",
		    "確認するファイルがありません",
		    "there is no such file to check");
	for (size_t i = 0; class == ERR_NONE && i < x.n; i++) {
		json_t *one;

		class = ward_check_show(c->c, &x.checks[i], &c->user, &one, e);
		if (class == ERR_NONE)
			(void)json_array_append_new(items, one);
	}
	if (class == ERR_NONE)
		call_list(c, items, NULL);
	else
		json_decref(items);
	return class;
}

enum err_class call_check_approve(struct call *c, struct err *e)
{
	int64_t done = 0;

	TRY(ward_check_approve(c->c, c->param[0], &c->user, &done, e));
	c->out = json_pack("{s:I}", "approved", (json_int_t)done);
	c->wake = true;
	return ERR_NONE;
}

enum err_class call_check_return(struct call *c, struct err *e)
{
	int64_t done = 0;

	TRY(ward_check_return(c->c, c->param[0], &c->user,
	    call_text(c->body, "reason"), &done, e));
	c->out = json_pack("{s:I}", "returned", (json_int_t)done);
	c->wake = true;
	return ERR_NONE;
}
