/* call.c — see call.h. */
#include "api/call.h"

#include "record/kanri.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *call_text(const json_t *object, const char *key)
{
	const char *z = json_string_value(json_object_get(object, key));

	return z != NULL ? z : "";
}

int64_t call_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

bool call_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void call_progress(const struct call *c, int64_t done, int64_t of)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%-20lld %-20lld\n",
	    (long long)done, (long long)of);

	if (c->progress > 0 && pwrite(c->progress, text, (size_t)n, 0) < 0)
		return; /* nobody is told; nothing depends on it */
}

size_t call_limit(const struct call *c)
{
	int64_t n = call_int(c->query, "limit");

	if (n == 0 && c->body != NULL)
		n = call_int(c->body, "limit");
	return n == 0		    ? CALL_LIMIT
	       : n > CALL_LIMIT_MAX ? CALL_LIMIT_MAX
				    : (size_t)n;
}

void call_list(struct call *c, json_t *items, const char *next)
{
	c->out = json_pack("{s:o,s:o}", "items", items, "next",
	    next != NULL && next[0] != '\0' ? json_string(next) : json_null());
	if (c->out == NULL)
		abort(); /* out of memory */
}

const char *call_cursor(struct call *c, const char *const *parts, size_t n)
{
	struct buf joined = {0};
	char *hex;

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_byte(&joined, '\n');
		buf_z(&joined, parts[i]);
	}
	hex = arena_take(c->c->arena, 2 * joined.n + 1);
	bytes_hex(joined.p, joined.n, hex);
	buf_fini(&joined);
	return hex;
}

static enum err_class bad_cursor(struct err *e)
{
	err_set(e, ERR_INPUT, "request.bad_value",
	    "続きの位置が正しくありません", "not a cursor of this list");
	return err_at(e, NULL, 0, 0, "cursor");
}

enum err_class call_cursor_parts(
    struct call *c, const char **parts, size_t n, struct err *e)
{
	struct arena *a = c->c->arena;
	const char *z = call_text(c->query, "cursor");
	struct text t;
	size_t bytes;
	size_t bad;
	unsigned char *raw;
	char *rest;

	if (z[0] == '\0' && c->body != NULL)
		z = call_text(c->body, "cursor");
	for (size_t i = 0; i < n; i++)
		parts[i] = "";
	if (z[0] == '\0')
		return ERR_NONE;
	bytes = strlen(z) / 2;
	raw = arena_take(a, bytes + 1);
	if (!bytes_unhex(text_z(z), raw, bytes) || strlen(z) % 2 != 0 ||
	    !utf8_decode(BYTES(raw, bytes), &t, &bad))
		return bad_cursor(e);
	rest = text_cstr(a, t);
	for (size_t i = 0; i < n; i++) {
		parts[i] = strsep(&rest, "\n");
		if (parts[i] == NULL)
			return bad_cursor(e);
	}
	return rest == NULL ? ERR_NONE : bad_cursor(e);
}

enum err_class call_cursor_number(
    struct call *c, int64_t max, int64_t *out, struct err *e)
{
	const char *part;

	TRY(call_cursor_parts(c, &part, 1, e));
	return part[0] == '\0' || text_to_int(text_z(part), max, out)
		   ? ERR_NONE
		   : bad_cursor(e);
}

void call_list_number(struct call *c, json_t *items, int64_t next)
{
	const char *part = arena_printf(c->c->arena, "%lld", (long long)next);

	call_list(c, items, next != 0 ? call_cursor(c, &part, 1) : NULL);
}

enum err_class call_wave_id(struct call *c, uint32_t *wave, struct err *e)
{
	if (kanri_wave_parse(text_z(c->param[0]), wave))
		return ERR_NONE;
	return err_set(e, ERR_INPUT, "wave.unknown",
	    "その番号の照会はありません", "there is no such wave");
}

enum err_class call_bad_value(struct err *e, const char *key)
{
	err_set(e, ERR_INPUT, "request.bad_value",
	    "この項目の値が正しくありません", "not a value this key may have");
	return err_at(e, NULL, 0, 0, key);
}

enum err_class call_not_found(struct err *e)
{
	return err_set(e, ERR_INPUT, "not_found", "見つかりません",
	    "there is no such thing");
}
