/* route.c — see route.h: finding a route. The table is in route_table.c. */
#include "api/route.h"

#include "text/utf8.h"

#include <stdlib.h>

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

bool route_decode(struct arena *a, struct text in, bool plus, struct text *out)
{
	unsigned char *p = arena_take(a, in.n + 1);
	size_t n = 0;
	size_t bad;

	for (size_t i = 0; i < in.n; i++) {
		int high;
		int low;

		p[n] = (unsigned char)in.p[i];
		if (in.p[i] == '%') {
			high = in.n - i > 2 ? hex(in.p[i + 1]) : -1;
			low = in.n - i > 2 ? hex(in.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			p[n] = (unsigned char)(high << 4 | low);
			i += 2;
		} else if (plus && in.p[i] == '+') {
			p[n] = ' ';
		}
		n++;
	}
	p[n] = '\0';
	return utf8_decode(BYTES(p, n), out, &bad);
}

/* The next segment of a path; false at its end. */
static bool segment(struct text *rest, struct text *out)
{
	const char *slash;

	if (rest->n == 0 || rest->p[0] != '/')
		return false;
	*out = text_trust(rest->p + 1, rest->n - 1);
	slash = out->n ? memchr(out->p, '/', out->n) : NULL;
	if (slash != NULL)
		out->n = (size_t)(slash - out->p);
	*rest = text_trust(out->p + out->n, rest->n - 1 - out->n);
	return true;
}

/* Behind the prefix; what does not begin with it fits no route. */
static struct text behind_prefix(struct text path)
{
	const struct text prefix = TEXT(ROUTE_PREFIX);

	if (path.n < prefix.n || memcmp(path.p, prefix.p, prefix.n) != 0)
		return text_trust(NULL, 0);
	return text_trust(path.p + prefix.n, path.n - prefix.n);
}

static bool fits(const struct route *r, struct text path, struct arena *a,
    const char *param[CALL_PARAMS])
{
	struct text pattern = text_z(r->path);
	struct text want;
	struct text have;
	struct text decoded;
	size_t n = 0;

	while (segment(&pattern, &want)) {
		if (!segment(&path, &have))
			return false;
		if (want.n > 0 && want.p[0] == '{') {
			if (have.n == 0 || n == CALL_PARAMS ||
			    !route_decode(a, have, false, &decoded))
				return false;
			param[n++] = text_cstr(a, decoded);
		} else if (!text_eq(want, have)) {
			return false;
		}
	}
	return path.n == 0;
}

bool route_params(const struct route *r, struct text path, struct arena *a,
    const char *param[CALL_PARAMS])
{
	return fits(r, behind_prefix(path), a, param);
}

const struct route *route_find(struct text method, struct text path,
    enum store_party party, struct arena *a, const char *param[CALL_PARAMS],
    int *status, const char **allow)
{
	size_t n;
	const struct route *table = route_table(&n);

	*status = 404;
	*allow = "";
	path = behind_prefix(path);
	for (size_t i = 0; i < n; i++) {
		if ((table[i].parties & ROUTE_PARTY(party)) == 0 ||
		    !fits(&table[i], path, a, param))
			continue;
		if (text_is(method, table[i].method))
			return &table[i];
		*status = 405;
		*allow = arena_printf(a, "%s%s%s", *allow,
		    (*allow)[0] != '\0' ? ", " : "", table[i].method);
	}
	return NULL;
}
