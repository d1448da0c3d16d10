/* node_yaml.c — see node_yaml.h. */
#include "exchange/node_yaml.h"

#include "base/memory.h"
#include "exchange/header.h"
#include "text/utf8.h"

#include <stdio.h>
#include <yaml.h>

#define DAYS_MAX 3650
#define WINDOW_MAX 10000
#define NICE_MAX 19
#define TERMINALS_MAX 4096 /* bytes */

struct reader {
	yaml_parser_t parser;
	struct node *node;
	unsigned seen; /* bit per key */
	struct err *e;
};

static enum err_class place(
    struct reader *r, yaml_mark_t mark, const char *item)
{
	(void)err_at(r->e, "node.yaml", (long)mark.line + 1,
	    (long)mark.column + 1, item);
	r->e->level = ERR_FILE;
	return r->e->class;
}

static enum err_class syntax(struct reader *r, yaml_mark_t mark)
{
	err_set(r->e, ERR_INPUT, "node.syntax",
	    "設定ファイルの書き方が正しくありません",
	    "node.yaml is not written as it should be");
	return place(r, mark, NULL);
}

static enum err_class bad_value(
    struct reader *r, yaml_mark_t mark, const char *key)
{
	err_set(r->e, ERR_INPUT, "node.bad_value", "値が正しくありません",
	    "the value is not one that the key takes");
	return place(r, mark, key);
}

/* A text of NODE_CODE's form. */
static bool set_code(struct node *n, struct text t)
{
	if (!header_is_code(t))
		return false;
	(void)snprintf(n->code, sizeof(n->code), "%.*s", (int)t.n, t.p);
	return true;
}

static bool set_party(struct node *n, struct text t)
{
	return node_party_named(t, &n->party);
}

static bool set_name(struct node *n, struct text t)
{
	n->name = text_cstr(&n->arena, t);
	return t.n > 0 && utf8_count(t) <= NODE_NAME_MAX;
}

bool node_yaml_address(struct text t)
{
	const char *colon = memrchr(t.p, ':', t.n);
	const char *end = t.p + t.n;
	int64_t port;
	size_t n;

	if (colon == NULL || t.n > 255 ||
	    !text_to_int(
		text_trust(colon + 1, (size_t)(end - colon - 1)), 65535, &port))
		return false;
	n = (size_t)(colon - t.p);
	if (n > 2 && t.p[0] == '[' && colon[-1] == ']')
		return true; /* inet_pton has the last word when it is bound */
	for (size_t i = 0; i < n; i++)
		if (strchr("/:@[] \t\"'", t.p[i]) != NULL)
			return false;
	return n > 0;
}

static bool set_listen(struct node *n, struct text t)
{
	n->listen = text_cstr(&n->arena, t);
	return node_yaml_address(t);
}

static bool set_desk(struct node *n, struct text t)
{
	n->desk = text_cstr(&n->arena, t);
	return node_yaml_address(t);
}

static bool set_db(struct node *n, struct text t)
{
	static const char kind[] = "sqlite:";
	size_t k = sizeof(kind) - 1;

	if (t.n > 4000)
		return false;
	if (t.n > k && memcmp(t.p, kind, k) == 0 && t.p[k] != '/')
		n->db = arena_printf(&n->arena, "%s%s/%.*s", kind, n->path,
		    (int)(t.n - k), t.p + k);
	else
		n->db = text_cstr(&n->arena, t);
	return t.n > k;
}

static bool set_test_clock(struct node *n, struct text t)
{
	n->test_clock = text_is(t, "true");
	return n->test_clock || text_is(t, "false");
}

/* "00:00" … "24:00". */
static bool is_time(struct text t)
{
	int64_t hour;
	int64_t minute;

	return t.n == 5 && t.p[2] == ':' &&
	       text_to_int(text_trust(t.p, 2), 24, &hour) &&
	       text_to_int(text_trust(t.p + 3, 2), 59, &minute) &&
	       (hour < 24 || minute == 0);
}

static bool set_service_from(struct node *n, struct text t)
{
	n->service_from = text_cstr(&n->arena, t);
	return is_time(t);
}

static bool set_service_to(struct node *n, struct text t)
{
	n->service_to = text_cstr(&n->arena, t);
	return is_time(t);
}

static bool set_calendar(struct node *n, struct text t)
{
	n->calendar = text_cstr(&n->arena, t);
	return text_is(t, "none") || text_is(t, "office") || text_is(t, "bank");
}

static bool set_expire_after_days(struct node *n, struct text t)
{
	int64_t v = 0;
	bool good = text_to_int(t, DAYS_MAX, &v);

	n->expire_after_days = (int)v;
	return good;
}

static bool set_window(struct node *n, struct text t)
{
	int64_t v = 0;
	bool good = text_to_int(t, WINDOW_MAX, &v) && v > 0;

	n->window = (size_t)v;
	return good;
}

/* As nice(1) takes it of whom it shall not prefer. */
static bool set_batch_nice(struct node *n, struct text t)
{
	int64_t v = 0;
	bool good = text_to_int(t, NICE_MAX, &v);

	n->batch_nice = (int)v;
	return good;
}

static bool set_institution_hours(struct node *n, struct text t)
{
	n->hours_ignored = text_is(t, "ignore");
	return n->hours_ignored || text_is(t, "keep");
}

static bool set_totp(struct node *n, struct text t)
{
	n->totp = text_is(t, "true");
	return n->totp || text_is(t, "false");
}

static bool set_certificates(struct node *n, struct text t)
{
	n->certificates = text_is(t, "true");
	return n->certificates || text_is(t, "false");
}

/* Addresses, networks (ADDRESS/BITS) and SHA-256 of certificates, joined by
 * ','; who reads them says what they mean (api/terminal.h). */
static bool set_terminals(struct node *n, struct text t)
{
	n->terminals = text_cstr(&n->arena, t);
	return t.n <= TERMINALS_MAX;
}

/* X(key, must it be there) */
/* clang-format off */
#define KEYS(X)                                                                \
	X(party, true) X(code, true) X(name, true) X(listen, true)             \
	X(desk, true) X(db, true) X(test_clock, false)                         \
	X(service_from, false) X(service_to, false) X(calendar, false)         \
	X(expire_after_days, false) X(window, false)                           \
	X(batch_nice, false) X(institution_hours, false) X(totp, false) X(terminals, false)         \
	X(certificates, false)
/* clang-format on */

struct key {
	const char *name;
	bool must;
	bool (*set)(struct node *n, struct text t);
};
#define KEY_ROW_(key, must) {#key, must, set_##key},
static const struct key keys[] = {KEYS(KEY_ROW_)};
#undef KEY_ROW_
#define KEY_COUNT (sizeof(keys) / sizeof(*keys))
#define KEY_LINKS ((unsigned)KEY_COUNT)

/* The next event; the parser's own refusals become ours. */
static enum err_class next(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event) == 1)
		return ERR_NONE;
	if (r->parser.error == YAML_MEMORY_ERROR)
		memory_out();
	*event = (yaml_event_t){.type = YAML_NO_EVENT};
	return syntax(r, r->parser.problem_mark);
}

/* libyaml has checked that a scalar is UTF-8 (YAML 1.1 §5.1); a NUL is
 * refused here. */
static bool plain_text(const yaml_event_t *event, struct text *out)
{
	if (event->type != YAML_SCALAR_EVENT ||
	    event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
		return false;
	*out = text_trust(
	    (const char *)event->data.scalar.value, event->data.scalar.length);
	return out->n == 0 || memchr(out->p, '\0', out->n) == NULL;
}

static enum err_class wrong_key(
    struct reader *r, yaml_mark_t mark, struct text key, bool repeated)
{
	if (repeated)
		err_set(r->e, ERR_INPUT, "node.repeated_key",
		    "同じ項目が二度あります", "the key stands there twice");
	else
		err_set(r->e, ERR_INPUT, "node.unknown_key",
		    "設定ファイルに知らない項目があります",
		    "node.yaml has a key that nobody knows");
	(void)place(r, mark, NULL);
	(void)snprintf(r->e->item, sizeof(r->e->item), "%.*s",
	    key.n < 40 ? (int)key.n : 40, key.p);
	return r->e->class;
}

static enum err_class mark_seen(
    struct reader *r, yaml_mark_t mark, struct text key, unsigned k)
{
	if ((r->seen >> k & 1) != 0)
		return wrong_key(r, mark, key, true);
	r->seen |= 1u << k;
	return ERR_NONE;
}

static enum err_class put_link(
    struct reader *r, struct text hub, struct text link, yaml_mark_t mark)
{
	struct node *n = r->node;

	if (n->link_count == NODE_LINKS || !header_is_code(hub) ||
	    !node_link_named(link, &n->links[n->link_count].link))
		return bad_value(r, mark, "links");
	for (size_t i = 0; i < n->link_count; i++)
		if (text_is(hub, n->links[i].hub))
			return wrong_key(r, mark, hub, true);
	(void)snprintf(n->links[n->link_count++].hub, NODE_CODE, "%.*s",
	    (int)hub.n, hub.p);
	return ERR_NONE;
}

/* One HUB: LINK; *more false at the end of the mapping. */
static enum err_class read_link(struct reader *r, bool *more)
{
	yaml_event_t key;
	yaml_event_t value = {.type = YAML_NO_EVENT};
	struct text hub;
	struct text link;
	enum err_class c;

	TRY(next(r, &key));
	*more = key.type != YAML_MAPPING_END_EVENT;
	c = ERR_NONE;
	if (*more) {
		if (!plain_text(&key, &hub))
			c = syntax(r, key.start_mark);
		else
			c = next(r, &value);
		if (c == ERR_NONE && !plain_text(&value, &link))
			c = syntax(r, value.start_mark);
		if (c == ERR_NONE)
			c = put_link(r, hub, link, value.start_mark);
	}
	yaml_event_delete(&value);
	yaml_event_delete(&key);
	return c;
}

static enum err_class read_links(struct reader *r)
{
	yaml_event_t begin;
	bool mapping;
	bool more = true;

	TRY(next(r, &begin));
	mapping = begin.type == YAML_MAPPING_START_EVENT &&
		  begin.data.mapping_start.anchor == NULL;
	if (!mapping) {
		enum err_class c = syntax(r, begin.start_mark);

		yaml_event_delete(&begin);
		return c;
	}
	yaml_event_delete(&begin);
	while (more)
		TRY(read_link(r, &more));
	return ERR_NONE;
}

static enum err_class read_value(struct reader *r, const struct key *key)
{
	yaml_event_t event;
	struct text t;
	enum err_class c = ERR_NONE;

	TRY(next(r, &event));
	if (!plain_text(&event, &t))
		c = syntax(r, event.start_mark);
	else if (!key->set(r->node, t))
		c = bad_value(r, event.start_mark, key->name);
	yaml_event_delete(&event);
	return c;
}

static enum err_class read_pair(
    struct reader *r, struct text key, yaml_mark_t mark)
{
	for (unsigned k = 0; k < KEY_COUNT; k++)
		if (text_is(key, keys[k].name)) {
			TRY(mark_seen(r, mark, key, k));
			return read_value(r, &keys[k]);
		}
	if (text_is(key, "links")) {
		TRY(mark_seen(r, mark, key, KEY_LINKS));
		return read_links(r);
	}
	return wrong_key(r, mark, key, false);
}

static enum err_class expect(struct reader *r, yaml_event_type_t type)
{
	yaml_event_t event;
	enum err_class c = ERR_NONE;

	TRY(next(r, &event));
	if (event.type != type)
		c = syntax(r, event.start_mark);
	yaml_event_delete(&event);
	return c;
}

static enum err_class read_pairs(struct reader *r)
{
	for (;;) {
		yaml_event_t event;
		struct text key;
		enum err_class c;

		TRY(next(r, &event));
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			return ERR_NONE;
		}
		if (plain_text(&event, &key))
			c = read_pair(r, key, event.start_mark);
		else
			c = syntax(r, event.start_mark);
		yaml_event_delete(&event);
		TRY(c);
	}
}

static enum err_class read_document(struct reader *r)
{
	TRY(expect(r, YAML_STREAM_START_EVENT));
	TRY(expect(r, YAML_DOCUMENT_START_EVENT));
	TRY(expect(r, YAML_MAPPING_START_EVENT));
	TRY(read_pairs(r));
	TRY(expect(r, YAML_DOCUMENT_END_EVENT));
	TRY(expect(r, YAML_STREAM_END_EVENT));
	for (unsigned k = 0; k < KEY_COUNT; k++)
		if (keys[k].must && (r->seen >> k & 1) == 0) {
			err_set(r->e, ERR_INPUT, "node.missing_key",
			    "設定ファイルに必要な項目がありません",
			    "node.yaml lacks a key");
			return place(r, (yaml_mark_t){0}, keys[k].name);
		}
	return ERR_NONE;
}

enum err_class node_yaml_read(
    struct bytes yaml, struct node *out, struct err *e)
{
	struct reader r = {.node = out, .e = e};
	enum err_class c;

	if (yaml_parser_initialize(&r.parser) != 1)
		memory_out();
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, yaml.p, yaml.n);
	c = read_document(&r);
	yaml_parser_delete(&r.parser);
	return c;
}
