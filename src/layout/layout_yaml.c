/* layout_yaml.c — see layout_yaml.h. Works on libyaml's events. */
#include "layout/layout_yaml.h"

#include "base/memory.h"
#include "text/utf8.h"

#include <yaml.h>

#define KEYS_MAX 256 /* of one map; bounds the search for repeated keys */

struct reader {
	yaml_parser_t parser;
	struct arena *a;
	const char *name;
	struct err *e;
	struct layout_node *open[LAYOUT_YAML_DEPTH_MAX + 1];
	struct layout_node *last[LAYOUT_YAML_DEPTH_MAX + 1];
	bool keyed[LAYOUT_YAML_DEPTH_MAX + 1]; /* a key waits for its value */
	struct text key[LAYOUT_YAML_DEPTH_MAX + 1];
	yaml_mark_t key_mark[LAYOUT_YAML_DEPTH_MAX + 1];
	int depth;
	struct layout_node *root;
};

static enum err_class refuse(struct reader *r, enum err_class class,
    yaml_mark_t mark, const char *ja, const char *en)
{
	err_set(r->e, class, "layout.syntax", ja, en);
	(void)err_at(
	    r->e, r->name, (long)mark.line + 1, (long)mark.column + 1, NULL);
	r->e->level = ERR_FILE;
	return class;
}

static enum err_class broken(struct reader *r)
{
	enum err_class class;

	if (r->parser.error == YAML_MEMORY_ERROR)
		memory_out();
	class = refuse(r, ERR_INPUT, r->parser.problem_mark,
	    "YAMLとして読めません", "this cannot be read as YAML");

	return r->parser.problem == NULL
		   ? class
		   : err_detail(r->e, "%s", r->parser.problem);
}

/* Hangs n under the open node, or makes it the root. */
static enum err_class hang(
    struct reader *r, struct layout_node *n, yaml_mark_t mark)
{
	int d = r->depth;

	n->line = (long)mark.line + 1;
	n->column = (long)mark.column + 1;
	if (d == 0) {
		r->root = n;
		return ERR_NONE;
	}
	if (r->open[d]->kind == NODE_MAP) {
		n->key = r->key[d];
		n->line = (long)r->key_mark[d].line + 1;
		n->column = (long)r->key_mark[d].column + 1;
		r->keyed[d] = false;
	}
	if (r->last[d] == NULL)
		r->open[d]->child = n;
	else
		r->last[d]->next = n;
	r->last[d] = n;
	r->open[d]->count++;
	return ERR_NONE;
}

static enum err_class take_key(
    struct reader *r, struct text key, yaml_mark_t mark)
{
	int d = r->depth;

	if (r->open[d]->count == KEYS_MAX)
		return refuse(r, ERR_LIMIT, mark, "キーは256個までです",
		    "at most 256 keys");
	for (const struct layout_node *n = r->open[d]->child; n; n = n->next)
		if (text_eq(n->key, key))
			return refuse(r, ERR_INPUT, mark,
			    "同じキーが二度あります", "a key is given twice");
	r->key[d] = key;
	r->key_mark[d] = mark;
	r->keyed[d] = true;
	return ERR_NONE;
}

static bool waits_for_key(const struct reader *r)
{
	return r->depth > 0 && r->open[r->depth]->kind == NODE_MAP &&
	       !r->keyed[r->depth];
}

static bool is_null(const yaml_event_t *ev, struct text t)
{
	return ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (t.n == 0 || text_is(t, "~") || text_is(t, "null"));
}

static enum err_class take_scalar(struct reader *r, const yaml_event_t *ev)
{
	struct layout_node *n;
	struct text t;
	size_t bad;

	if (ev->data.scalar.anchor != NULL || ev->data.scalar.tag != NULL)
		return refuse(r, ERR_INPUT, ev->start_mark,
		    "アンカーとタグは使えません", "no anchors, no tags");
	if (!utf8_decode(
		BYTES(ev->data.scalar.value, ev->data.scalar.length), &t, &bad))
		return refuse(r, ERR_INPUT, ev->start_mark,
		    "使えない文字があります", "a character of no use");
	t = text_dup(r->a, t);
	if (waits_for_key(r))
		return take_key(r, t, ev->start_mark);
	n = arena_zero(r->a, 1, sizeof(*n));
	n->kind = NODE_SCALAR;
	n->text = t;
	n->null = is_null(ev, t);
	return hang(r, n, ev->start_mark);
}

static enum err_class open_node(
    struct reader *r, enum layout_node_kind kind, const yaml_event_t *ev)
{
	struct layout_node *n;

	if (waits_for_key(r))
		return refuse(r, ERR_INPUT, ev->start_mark,
		    "キーは文字列でなければなりません", "a key is a text");
	if (r->depth == LAYOUT_YAML_DEPTH_MAX)
		return refuse(r, ERR_LIMIT, ev->start_mark,
		    "入れ子は8段までです", "at most 8 levels");
	n = arena_zero(r->a, 1, sizeof(*n));
	n->kind = kind;
	TRY(hang(r, n, ev->start_mark));
	r->depth++;
	r->open[r->depth] = n;
	r->last[r->depth] = NULL;
	r->keyed[r->depth] = false;
	return ERR_NONE;
}

static enum err_class take_event(
    struct reader *r, const yaml_event_t *ev, bool *ended)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(r, ev);
	case YAML_SEQUENCE_START_EVENT:
		if (ev->data.sequence_start.anchor != NULL ||
		    ev->data.sequence_start.tag != NULL)
			break;
		return open_node(r, NODE_LIST, ev);
	case YAML_MAPPING_START_EVENT:
		if (ev->data.mapping_start.anchor != NULL ||
		    ev->data.mapping_start.tag != NULL)
			break;
		return open_node(r, NODE_MAP, ev);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		return ERR_NONE;
	case YAML_ALIAS_EVENT:
		break;
	case YAML_DOCUMENT_START_EVENT:
		if (r->root != NULL)
			return refuse(r, ERR_INPUT, ev->start_mark,
			    "文書は一つだけです", "one document only");
		return ERR_NONE;
	case YAML_STREAM_END_EVENT:
		*ended = true;
		return ERR_NONE;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return ERR_NONE;
	}
	return refuse(r, ERR_INPUT, ev->start_mark,
	    "アンカー・別名・タグは使えません", "no anchors, aliases or tags");
}

static enum err_class read_all(struct reader *r)
{
	enum err_class class = ERR_NONE;
	bool ended = false;

	while (class == ERR_NONE && !ended) {
		yaml_event_t ev;

		if (yaml_parser_parse(&r->parser, &ev) == 0)
			return broken(r);
		class = take_event(r, &ev, &ended);
		yaml_event_delete(&ev);
	}
	return class;
}

enum err_class layout_yaml_parse(struct bytes in, const char *name,
    struct arena *a, struct layout_node **out, struct err *e)
{
	struct reader r = {.a = a, .name = name, .e = e};
	static const yaml_mark_t start = {0, 0, 0};
	enum err_class class;

	*out = NULL;
	if (in.n > LAYOUT_YAML_BYTES_MAX)
		return refuse(&r, ERR_LIMIT, start, "ファイルは256KiBまでです",
		    "at most 256 KiB");
	if (yaml_parser_initialize(&r.parser) == 0)
		memory_out();
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, in.p, in.n);
	class = read_all(&r);
	yaml_parser_delete(&r.parser);
	TRY(class);
	if (r.root == NULL)
		return refuse(&r, ERR_INPUT, start, "中身がありません",
		    "there is nothing in it");
	*out = r.root;
	return ERR_NONE;
}

const struct layout_node *layout_yaml_get(
    const struct layout_node *n, const char *key)
{
	if (n == NULL || n->kind != NODE_MAP)
		return NULL;
	for (n = n->child; n != NULL; n = n->next)
		if (text_is(n->key, key))
			return n;
	return NULL;
}
