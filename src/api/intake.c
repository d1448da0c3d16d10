/* intake.c — see intake.h. */
#include "api/intake.h"

#include "api/shape.h"

#include <stdlib.h>

static enum err_class bad_query(struct err *e)
{
	return err_set(e, ERR_INPUT, "request.query",
	    "アドレスの「?」以降が正しくありません",
	    "the query is not one that this address takes");
}

static bool query_key(
    const struct route *r, struct text name, struct shape_key *k)
{
	const char *at = NULL;

	while (r->query != NULL && shape_next(r->query, &at, k))
		if (text_is(name, k->name))
			return true;
	return false;
}

/* One NAME=VALUE of the query. */
static enum err_class take_pair(const struct route *r, struct text pair,
    struct arena *a, json_t *object, struct err *e)
{
	const char *mark = memchr(pair.p, '=', pair.n);
	struct text name = pair;
	struct text value = TEXT("");
	struct shape_key k;
	json_t *v;

	if (mark != NULL) {
		name.n = (size_t)(mark - pair.p);
		if (!route_decode(a, text_trust(mark + 1, pair.n - name.n - 1),
			true, &value))
			return bad_query(e);
	}
	if (!query_key(r, name, &k) || json_object_get(object, k.name) != NULL)
		return bad_query(e);
	TRY(shape_parse(&k, value, &v, e));
	if (json_object_set_new(object, k.name, v) != 0)
		abort(); /* out of memory */
	return ERR_NONE;
}

enum err_class intake_query(const struct route *r, struct text q,
    struct arena *a, json_t **out, struct err *e)
{
	*out = json_object();
	while (q.n > 0) {
		const char *mark = memchr(q.p, '&', q.n);
		struct text pair = q;

		if (mark != NULL)
			pair.n = (size_t)(mark - q.p);
		if (pair.n > 0)
			TRY(take_pair(r, pair, a, *out, e));
		q = mark != NULL ? text_trust(mark + 1, q.n - pair.n - 1)
				 : text_trust("", 0);
	}
	return r->query == NULL ? ERR_NONE : shape_check(r->query, *out, e);
}

enum err_class intake_body(
    const struct route *r, struct bytes body, json_t **out, struct err *e)
{
	*out = json_loadb(
	    (const char *)body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
	if (*out == NULL)
		return err_set(e, ERR_INPUT, "request.json",
		    "本文が JSON ではありません", "the body is no JSON");
	return shape_check(r->request, *out, e);
}
