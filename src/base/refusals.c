/* refusals.c — see refusals.h. */
#include "base/refusals.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *where(const struct err *e)
{
	json_t *w = json_object();

	if (e->file[0])
		json_object_set_new(w, "file", json_string(e->file));
	if (e->line)
		json_object_set_new(w, "line", json_integer(e->line));
	if (e->column)
		json_object_set_new(w, "column", json_integer(e->column));
	if (e->item[0])
		json_object_set_new(w, "item", json_string(e->item));
	return w;
}

static json_t *why(const struct err *e)
{
	const char *sep = e->detail[0] ? ": " : "";

	return json_pack("{s:o,s:o}", "ja",
	    json_sprintf("%s%s%s", e->ja ? e->ja : "", sep, e->detail), "en",
	    json_sprintf("%s%s%s", e->en ? e->en : "", sep, e->detail));
}

static bool valid(const char *z, size_t n)
{
	json_t *j = json_stringn(z, n);
	bool good = j != NULL;

	json_decref(j);
	return good;
}

/* Names from outside are cut to their room, which may part a character, and
 * a name of a file may be any bytes. */
static void clean(char *z)
{
	size_t n = strlen(z);

	for (size_t cut = 0; cut < 4 && cut <= n; cut++) {
		if (valid(z, n - cut)) {
			z[n - cut] = '\0';
			return;
		}
		if ((unsigned char)z[n - cut - 1] < 0x80)
			break; /* what is wrong stands before it */
	}
	for (; *z != '\0'; z++)
		if ((unsigned char)*z >= 0x80)
			*z = '?';
}

void refusals_print(FILE *out, const struct err *as_it_is)
{
	struct err copy = *as_it_is;
	const struct err *e = &copy;
	json_t *j;
	char *line;

	clean(copy.file);
	clean(copy.item);
	clean(copy.detail);
	j = json_pack("{s:s,s:o,s:s,s:o}", "code", e->code ? e->code : "fault",
	    "where", where(e), "level",
	    e->level == ERR_RECORD ? "record" : "file", "why", why(e));
	line = j ? json_dumps(j, JSON_COMPACT) : NULL;

	(void)fprintf(out, "%s\n", line ? line : "{\"code\":\"fault\"}");
	free(line);
	json_decref(j);
}

void refusals_add(struct refusals *r, const struct err *e)
{
	if (r->out != NULL && r->count < REFUSALS_MAX)
		refusals_print(r->out, e);
	r->count++;
}

void refusals_end(struct refusals *r)
{
	if (r->out != NULL && r->count > REFUSALS_MAX)
		(void)fprintf(r->out, "{\"code\":\"more\",\"count\":%lld}\n",
		    (long long)(r->count - REFUSALS_MAX));
}
