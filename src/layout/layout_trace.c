/* layout_trace.c — see layout_trace.h. */
#include "layout/layout_trace.h"

#include "layout/layout_internal.h"

struct tracing {
	const struct layout *l;
	const struct layout_trace *t;
	struct buf text;
};

static void see(void *ctx, const struct layout_column *c, size_t variant,
    struct bytes field)
{
	struct tracing *x = ctx;
	size_t bad;

	if (c->value != VALUE_ITEM)
		return;
	buf_clear(&x->text);
	/* What this encoding wrote it can read. */
	(void)encoding_decode(x->l->encoding, field, &x->text, &bad);
	x->t->field(x->t->ctx, (enum request_item)c->slot, c->name, variant,
	    buf_text(&x->text));
}

void layout_trace(struct layout *l, const char *file_id,
    const struct request *r, const struct layout_trace *t,
    struct layout_report *report)
{
	struct tracing x = {.l = l, .t = t};
	struct buf out = {0};
	size_t from;

	layout_begin_requests(l, file_id, &out);
	from = out.n;
	l->see = see;
	l->see_ctx = &x;
	layout_put_request(l, r, &out, report);
	l->see = NULL;
	if (t->record != NULL)
		buf_add(t->record, out.p + from, out.n - from);
	buf_fini(&out);
	buf_fini(&x.text);
}
