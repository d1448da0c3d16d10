/* shape.c — see shape.h. */
#include "api/shape.h"

#include "base/date.h"
#include "text/utf8.h"

#include <stdlib.h>

#define INTEGER_MAX ((int64_t)1 << 53) - 1 /* exact in JavaScript, too */
#define TEXT_MAX_CHARS 200
#define ARRAY_MAX 1000

bool shape_is_list(const char *shape)
{
	return shape != NULL && strncmp(shape, "list", 4) == 0 &&
	       (shape[4] == ' ' || shape[4] == '\0');
}

static int64_t usual_bound(char type)
{
	return type == 's'   ? TEXT_MAX_CHARS
	       : type == 'a' ? ARRAY_MAX
			     : INTEGER_MAX;
}

bool shape_next(const char *shape, const char **at, struct shape_key *out)
{
	const char *p = *at;
	size_t n;

	if (p == NULL)
		p = shape_is_list(shape) ? shape + 4 : shape;
	while (p != NULL && *p == ' ')
		p++;
	if (p == NULL || *p == '\0')
		return false;
	n = strcspn(p, "?:");
	if (n >= sizeof(out->name) || p[n] == '\0')
		abort(); /* the table of routes is wrong */
	memcpy(out->name, p, n);
	out->name[n] = '\0';
	out->may_miss = p[n] == '?';
	p += n + out->may_miss;
	out->type = p[1];
	p += 2;
	n = strspn(p, "0123456789");
	out->bound = usual_bound(out->type);
	if (n > 0)
		out->bound = strtoll(p, NULL, 10);
	*at = p + n;
	return true;
}

static enum err_class bad(struct err *e, const char *key)
{
	err_set(e, ERR_INPUT, "request.bad_value",
	    "この項目の値が正しくありません", "not a value this key may have");
	return err_at(e, NULL, 0, 0, key);
}

static enum err_class long_(struct err *e, const char *key)
{
	err_set(e, ERR_LIMIT, "request.too_long", "この項目が長すぎます",
	    "the value of this key is too long");
	return err_at(e, NULL, 0, 0, key);
}

static enum err_class check_text(
    const struct shape_key *k, struct text t, struct err *e)
{
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return bad(e, k->name);
	}
	return utf8_count(t) <= (size_t)k->bound ? ERR_NONE : long_(e, k->name);
}

static enum err_class check_integer(
    const struct shape_key *k, const json_t *v, struct err *e)
{
	json_int_t i = json_integer_value(v);

	return json_is_integer(v) && i >= 0 && i <= k->bound ? ERR_NONE
							     : bad(e, k->name);
}

static enum err_class check_value(
    const struct shape_key *k, const json_t *v, struct err *e)
{
	struct text t = text_trust(json_string_value(v), json_string_length(v));
	struct date day;

	switch (k->type) {
	case 's':
		return json_is_string(v) ? check_text(k, t, e)
					 : bad(e, k->name);
	case 'd':
		return json_is_string(v) && date_parse(t, &day)
			   ? ERR_NONE
			   : bad(e, k->name);
	case 'i':
		return check_integer(k, v, e);
	case 'b':
		return json_is_boolean(v) ? ERR_NONE : bad(e, k->name);
	case 'o':
		return json_is_object(v) ? ERR_NONE : bad(e, k->name);
	case 'a':
		if (!json_is_array(v))
			return bad(e, k->name);
		return json_array_size(v) <= (size_t)k->bound
			   ? ERR_NONE
			   : long_(e, k->name);
	default:
		return ERR_NONE;
	}
}

static bool has_key(const char *shape, const char *name)
{
	const char *at = NULL;
	struct shape_key k;

	while (shape_next(shape, &at, &k))
		if (strcmp(k.name, name) == 0)
			return true;
	return false;
}

/* The name of an unknown key is not repeated: it may be anybody's data. */
static enum err_class no_others(
    const char *shape, const json_t *object, struct err *e)
{
	/* jansson's iteration wants it writable; nothing is written. */
	json_t *o = (json_t *)(uintptr_t)object;

	for (void *i = json_object_iter(o); i; i = json_object_iter_next(o, i))
		if (!has_key(shape, json_object_iter_key(i)))
			return err_set(e, ERR_INPUT, "request.unknown_key",
			    "知らない項目があります",
			    "there is a key that nobody knows");
	return ERR_NONE;
}

enum err_class shape_check(
    const char *shape, const json_t *object, struct err *e)
{
	const char *at = NULL;
	struct shape_key k;

	if (!json_is_object(object))
		return err_set(e, ERR_INPUT, "request.object",
		    "JSON のオブジェクトではありません",
		    "the body is no JSON object");
	TRY(no_others(shape, object, e));
	while (shape_next(shape, &at, &k)) {
		const json_t *v = json_object_get(object, k.name);

		if (v != NULL && !json_is_null(v)) {
			TRY(check_value(&k, v, e));
		} else if (!k.may_miss) {
			err_set(e, ERR_INPUT, "request.missing_key",
			    "必要な項目がありません", "a key is missing");
			return err_at(e, NULL, 0, 0, k.name);
		}
	}
	return ERR_NONE;
}

enum err_class shape_parse(
    const struct shape_key *k, struct text value, json_t **out, struct err *e)
{
	int64_t i;
	enum err_class c;

	*out = NULL;
	if (k->type == 'i') {
		if (!text_to_int(value, k->bound, &i))
			return bad(e, k->name);
		*out = json_integer(i);
	} else if (k->type == 'b') {
		if (!text_is(value, "1") && !text_is(value, "0"))
			return bad(e, k->name);
		*out = json_boolean(text_is(value, "1"));
	} else {
		*out = json_stringn(value.p, value.n);
	}
	c = check_value(k, *out, e);
	if (c != ERR_NONE) {
		json_decref(*out);
		*out = NULL;
	}
	return c;
}

json_t *shape_schema_of(const struct shape_key *k)
{
	json_int_t bound = (json_int_t)k->bound;

	switch (k->type) {
	case 's':
		return json_pack(
		    "{s:s,s:I}", "type", "string", "maxLength", bound);
	case 'd':
		return json_pack(
		    "{s:s,s:s}", "type", "string", "format", "date");
	case 'i':
		return json_pack("{s:s,s:i,s:I}", "type", "integer", "minimum",
		    0, "maximum", bound);
	case 'b':
		return json_pack("{s:s}", "type", "boolean");
	case 'a':
		return json_pack(
		    "{s:s,s:I}", "type", "array", "maxItems", bound);
	case 'o':
		return json_pack("{s:s}", "type", "object");
	default:
		return json_object();
	}
}

json_t *shape_schema(const char *shape)
{
	json_t *properties = json_object();
	json_t *required = json_array();
	const char *at = NULL;
	struct shape_key k;
	json_t *one;

	while (shape_next(shape, &at, &k)) {
		(void)json_object_set_new(
		    properties, k.name, shape_schema_of(&k));
		if (!k.may_miss)
			(void)json_array_append_new(
			    required, json_string(k.name));
	}
	one = json_pack("{s:s,s:o,s:o}", "type", "object", "properties",
	    properties, "required", required);
	if (!shape_is_list(shape))
		return one;
	return json_pack("{s:s,s:{s:{s:s,s:o},s:{s:[s,s]}},s:[s,s]}", "type",
	    "object", "properties", "items", "type", "array", "items", one,
	    "next", "type", "string", "null", "required", "items", "next");
}
