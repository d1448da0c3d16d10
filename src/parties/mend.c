/* mend.c — see mend.h. */
#include "parties/mend.h"

#include "text/utf8.h"

#include <stdlib.h>

static enum err_class refuse(struct err *e)
{
	return err_set(e, ERR_INPUT, "inquiry.mend",
	    "修正できない項目か、項目に入らない値です",
	    "no item that can be mended, or no value for it");
}

/* The items that come from the ward's record; codes and numbers of the system
 * are nobody's to change. */
static bool item_good(struct text name, struct text value)
{
	int i = item_request_named(name);

	return i >= 0 && item_request[i].source == ITEM_OF_WARD &&
	       utf8_count(value) <= item_request[i].max;
}

static bool text_of(const json_t *j, struct text *out)
{
	struct text t;
	size_t bad;

	if (!json_is_string(j) ||
	    !utf8_decode(text_bytes(text_trust(
			     json_string_value(j), json_string_length(j))),
		&t, &bad))
		return false;
	*out = t;
	return memchr(t.n != 0 ? t.p : "-", '\n', t.n) == NULL;
}

bool mend_good(const json_t *mend)
{
	json_t *items = json_object_get(mend, "items");
	const char *name;
	json_t *value;
	struct text t;

	if (!json_is_object(mend) || !json_is_object(items))
		return false;
	json_object_foreach(items, name, value)
	{
		if (!text_of(value, &t) || !item_good(text_z(name), t))
			return false;
	}
	return true;
}

enum err_class mend_add(struct arena *a, const char *before, const char *item,
    const char *value, const char **out, struct err *e)
{
	json_t *mend = json_loads(before, 0, NULL);
	bool good;
	char *z;

	if (!json_is_object(mend)) {
		json_decref(mend);
		mend = json_pack("{s:{}}", "items");
	}
	if (item == NULL)
		json_object_set_new(mend, "loss", json_true());
	else
		json_object_set_new(json_object_get(mend, "items"), item,
		    json_string(value != NULL ? value : ""));
	good = (item == NULL || item_request_named(text_z(item)) >= 0) &&
	       mend_good(mend);
	z = json_dumps(mend, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(mend);
	if (z == NULL)
		abort();
	*out = arena_printf(a, "%s", z);
	free(z);
	return good && strlen(*out) <= MEND_MAX ? ERR_NONE : refuse(e);
}

bool mend_apply(struct arena *a, struct text mend, struct request *r)
{
	json_t *j = mend.n > 0 ? json_loadb(mend.p, mend.n, 0, NULL) : NULL;
	bool loss = json_is_true(json_object_get(j, "loss"));
	const char *name;
	json_t *value;
	struct text t;

	if (!mend_good(j)) {
		json_decref(j);
		return false;
	}
	json_object_foreach(json_object_get(j, "items"), name, value)
	{
		int item = item_request_named(text_z(name));

		if (!text_of(value, &t))
			continue;
		r->f[item] = text_dup(a, t);
		if (item == REQUEST_KANA) /* an officer vouches for it */
			r->other[REQUEST_OTHER_CONFIRMED_KANA] = r->f[item];
	}
	json_decref(j);
	return loss;
}
