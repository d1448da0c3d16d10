/* conversion.c — see conversion.h. */
#include "cli/conversion.h"

#include "base/clock.h"
#include "base/csv.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define LAYOUT_BYTES ((size_t)256 * 1024)

enum err_class conversion_folder(const char *path, struct err *e)
{
	char *part = arena_xmalloc(strlen(path) + 1);
	enum err_class class = ERR_NONE;

	(void)strcpy(part, path);
	for (char *p = part; class == ERR_NONE && *p != '\0';) {
		char kept;

		p += strspn(p, "/");
		p += strcspn(p, "/");
		kept = *p;
		*p = '\0';
		if (*part != '\0' && mkdir(part, 0700) != 0 && errno != EEXIST)
			class = err_errno(e, part);
		*p = kept;
	}
	free(part);
	return class;
}

static void tell(void *ctx, const struct err *finding)
{
	struct cli *c = ctx;

	refusals_add(&c->refusals, finding);
}

enum err_class conversion_layout(
    struct cli *c, const char *path, struct layout **out, struct err *e)
{
	struct buf file = {0};
	const char *slash = strrchr(path, '/');
	enum err_class class;

	*out = NULL;
	class = file_read(path, LAYOUT_BYTES, &file, e);
	if (class != ERR_NONE)
		refusals_add(&c->refusals, e);
	else
		class = layout_load(buf_bytes(&file), slash ? slash + 1 : path,
		    tell, c, out, e);
	buf_fini(&file);
	return class;
}

enum err_class conversion_begin(
    struct conversion *v, struct cli *c, const char *dir, struct err *e)
{
	static const char header[] =
	    "行,宛名番号,管理番号,金融機関コード,項目,規則,位置,文字,理由\r\n";
	const char *path = arena_printf(&c->arena, "%s/hold.csv", dir);

	*v = (struct conversion){.c = c, .dir = dir, .hold = {.fd = -1}};
	v->started = clock_monotonic();
	TRY(conversion_folder(dir, e));
	TRY(file_create(&v->hold, path, 0600, c->force, e));
	return file_write(&v->hold, BYTES(header, sizeof(header) - 1), e);
}

static void put_number(struct buf *b, size_t n)
{
	char z[24];

	(void)snprintf(z, sizeof(z), "%zu", n);
	csv_put(b, n ? text_z(z) : TEXT(""), false);
}

enum err_class conversion_hold(
    struct conversion *v, const struct conversion_hold *h, struct err *e)
{
	struct buf b = {0};
	struct buf character = {0};
	char line[24];
	enum err_class class;

	if (h->bad != 0)
		utf8_put(&character, h->bad);
	(void)snprintf(line, sizeof(line), "%ld", h->line);
	csv_put(&b, text_z(line), true);
	csv_put(&b, h->atena, false);
	csv_put(&b, text_z(h->kanri), false);
	csv_put(&b, text_z(h->institution), false);
	csv_put(&b, text_z(h->item), false);
	csv_put(&b, text_z(h->rule), false);
	put_number(&b, h->at);
	csv_put(&b, buf_text(&character), false);
	csv_put(&b, text_z(h->why), false);
	csv_end(&b);
	v->held++;
	class = file_write(&v->hold, buf_bytes(&b), e);
	buf_fini(&b);
	buf_fini(&character);
	return class;
}

/* The rule's counter: names are compared, for two layouts may share a rule. */
static struct conversion_rule *counter(struct conversion *v, const char *rule)
{
	/* The same name mostly stands where it stood the last time. */
	struct conversion_rule **last =
	    &v->last[(uintptr_t)rule / 4 % CONVERSION_LAST];

	if (*last != NULL && (*last)->rule == rule)
		return *last;
	for (size_t i = 0; i < v->rules; i++)
		if (strcmp(v->rule[i].rule, rule) == 0) {
			*last = &v->rule[i];
			return *last;
		}
	if (v->rules == CONVERSION_RULES_MAX)
		return NULL;
	v->rule[v->rules].rule = rule;
	*last = &v->rule[v->rules++];
	return *last;
}

void conversion_count(
    void *ctx, const char *rule, enum rules_loss loss, size_t n)
{
	struct conversion_rule *r = counter(ctx, rule);

	if (r == NULL)
		return;
	if (loss == RULES_MATERIAL)
		r->material += (int64_t)n;
	else
		r->informational += (int64_t)n;
}

static json_t *summary(const struct conversion *v)
{
	json_t *rules = json_array();
	double seconds =
	    (double)(clock_monotonic() - v->started) / (double)CLOCK_SECOND;

	for (size_t i = 0; i < v->rules; i++)
		(void)json_array_append_new(rules,
		    json_pack("{s:s,s:I,s:I}", "rule", v->rule[i].rule,
			"informational", (json_int_t)v->rule[i].informational,
			"material", (json_int_t)v->rule[i].material));
	return json_pack("{s:I,s:I,s:I,s:I,s:o,s:f}", "records",
	    (json_int_t)v->records, "written", (json_int_t)v->written, "held",
	    (json_int_t)v->held, "files", (json_int_t)v->files, "rules", rules,
	    "seconds", seconds);
}

enum err_class conversion_end(struct conversion *v, struct err *e)
{
	const char *path =
	    arena_printf(&v->c->arena, "%s/summary.json", v->dir);
	json_t *j = summary(v);
	char *z = json_dumps(j, JSON_COMPACT);
	struct buf b = {0};
	enum err_class class;

	if (z == NULL)
		abort();
	buf_z(&b, z);
	buf_byte(&b, '\n');
	free(z);
	class = file_commit(&v->hold, e);
	if (class == ERR_NONE)
		class = file_put(path, buf_bytes(&b), 0600, v->c->force, e);
	buf_fini(&b);
	if (class == ERR_NONE && v->c->json)
		cli_print(j);
	else
		json_decref(j);
	return class;
}

void conversion_abandon(struct conversion *v)
{
	file_abandon(&v->hold);
}
