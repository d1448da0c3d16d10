/* layout_column.c — see layout_column.h and docs/layout.md. */
#include "layout/layout_column.h"

#include "base/digest.h"
#include "layout/layout_near.h"
#include "text/utf8.h"

#include <stdio.h>

#define COLUMN_KEYS                                                                \
	"name item constant filler value sum of from rules read map date unknown " \
	"part join at width pad fill required loss cut fail commas"

/* Everything a column's compilation needs at hand. */
struct making {
	struct layout_find *f;
	struct layout *l;
	const struct layout_node *node;
	bool is_request;
	enum layout_row_kind row;
	struct layout_column *c;
};

static const char *const domain_person[] = {"1", "2", "3", NULL};
static const char *const domain_sex[] = {"0", "1", "2", "9", NULL};
static const char *const domain_account[] = {
    "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};
static const char *const domain_status[] = {"0", "1", "2", "3", "4", NULL};
static const char *const domain_flag[] = {"1", "0", NULL};
static const char *const domain_other[] = {
    "1", "2", "3", "4", "5", "6", "9", NULL};
/* 期限超過 is the system's own word: no bank writes it (INTERFACE §5). */
static const char *const domain_class[] = {
    "found", "none", "review", "partial", "paper", "invalid", "refused", NULL};

static const char *const *request_domain(int slot)
{
	switch (slot) {
	case REQUEST_PERSON:
		return domain_person;
	case REQUEST_SEX:
		return domain_sex;
	case REQUEST_ACCOUNT_KIND:
		return domain_account;
	}
	return NULL;
}

const char *const *layout_domain(const struct layout_column *c)
{
	if (c->value != VALUE_ITEM)
		return NULL;
	if (c->op == OP_CLASS)
		return domain_class;
	if (c->type == ITEM_FLAG)
		return domain_flag;
	switch (c->scope) {
	case SCOPE_REQUEST:
		return request_domain(c->slot);
	case SCOPE_ANSWER:
		if (c->slot == ANSWER_PERSON)
			return domain_person;
		if (c->slot == ANSWER_ACCOUNT_KIND)
			return domain_account;
		/* The states of INTERFACE §10. */
		return c->slot == ANSWER_STATUS_CODE ? domain_status : NULL;
	case SCOPE_OTHER:
		return c->slot == OFIELD_KIND ? domain_other : NULL;
	case SCOPE_TRANSACTION:
		return NULL;
	}
	return NULL;
}

/* ---- which item ---- */

static bool own_field(struct making *m, struct text name)
{
	static const struct {
		const char *name;
		enum item_type type;
	} transaction[] =
	    {
#define T_(id, member, ja, type) {ja, ITEM_##type},
		LAYOUT_TRANSACTION_FIELDS(T_)},
	  other[] = {LAYOUT_OTHER_FIELDS(T_)};
#undef T_
	bool in_other = m->row == ROW_OTHER;
	int n = in_other ? (int)OFIELD_COUNT : (int)TFIELD_COUNT;

	if (m->is_request || (m->row != ROW_TRANSACTION && !in_other))
		return false;
	for (int i = 0; i < n; i++) {
		if (!text_is(
			name, in_other ? other[i].name : transaction[i].name))
			continue;
		m->c->scope = in_other ? SCOPE_OTHER : SCOPE_TRANSACTION;
		m->c->slot = i;
		m->c->type = in_other ? other[i].type : transaction[i].type;
		m->c->max = m->c->type == ITEM_TEXT   ? 200
			    : m->c->type == ITEM_CODE ? 1
						      : 15;
		return true;
	}
	return false;
}

static bool find_item(struct making *m, struct text name)
{
	const struct item *item;
	int at =
	    m->is_request ? item_request_named(name) : item_answer_named(name);

	if (own_field(m, name))
		return true;
	if (at < 0)
		return false;
	item = m->is_request ? &item_request[at] : &item_answer[at];
	m->c->scope = m->is_request ? SCOPE_REQUEST : SCOPE_ANSWER;
	m->c->slot = at;
	m->c->type = item->type;
	m->c->max = item->max;
	return true;
}

static enum layout_op op_of(const struct making *m, bool has_map)
{
	if (m->c->scope == SCOPE_ANSWER && m->c->slot == ANSWER_ANSWER_KIND)
		return OP_CLASS;
	switch (m->c->type) {
	case ITEM_TEXT:
	case ITEM_KANA:
		return OP_TEXT;
	case ITEM_CODE:
	case ITEM_FLAG:
		return has_map ? OP_MAP : OP_CODE;
	case ITEM_DATE:
		return OP_DATE;
	case ITEM_PERIOD:
		return OP_PERIOD;
	case ITEM_AMOUNT:
	case ITEM_COUNT:
		return OP_AMOUNT;
	}
	return OP_CODE;
}

static void take_item(struct making *m, const struct layout_node *n)
{
	char right[LAYOUT_NEAR_MAX];
	struct text name;

	if (!layout_find_text(m->f, n, LAYOUT_NAME_MAX, &name))
		return;
	if (!find_item(m, name)) {
		layout_near_item(m->is_request, name,
		    m->is_request ? "the 23 request items (docs/layout.md)"
				  : "the 48 answer items (docs/layout.md)",
		    right);
		layout_find_syntax(m->f, n, "その名前の項目はありません",
		    "there is no item of that name", right);
		return;
	}
	m->c->value = VALUE_ITEM;
	m->c->op = op_of(m, layout_yaml_get(m->node, "map") != NULL);
	if (m->c->name.p == NULL)
		m->c->name = name;
}

/* ---- where the value is from ---- */

#define VALUE_WORD_(id, key, ja, en) key " "
static const char value_words[] = LAYOUT_VALUES(VALUE_WORD_);

static void take_value(struct making *m, const struct layout_node *n)
{
	int at = layout_find_word(m->f, n, value_words);

	if (at < 0)
		return;
	m->c->value = (enum layout_value)((int)VALUE_FILE_ID + at);
	m->c->op = OP_CODE;
	m->c->type = ITEM_CODE;
	if (m->c->value == VALUE_NAME) {
		m->c->op = OP_TEXT;
		m->c->type = ITEM_TEXT;
	} else if (m->c->value == VALUE_DIGEST) {
		m->c->max = DIGEST_TEXT - 1;
	} else if (m->c->value >= VALUE_RECORDS) {
		m->c->op = OP_AMOUNT;
		m->c->type = ITEM_COUNT;
	}
	if (m->c->name.p == NULL)
		m->c->name = n->text;
}

static void take_filler(struct making *m, const struct layout_node *n)
{
	m->c->value = VALUE_FILLER;
	m->c->op = OP_CODE;
	m->c->type = ITEM_CODE;
	m->c->width = layout_find_number(m->f, n, 0, LAYOUT_FIELD_BYTES_MAX, 0);
	if (m->c->name.p == NULL)
		m->c->name = TEXT("予備");
}

static void take_constant(struct making *m, const struct layout_node *n)
{
	m->c->value = VALUE_CONSTANT;
	m->c->op = OP_TEXT;
	m->c->type = ITEM_CODE;
	(void)layout_find_text(m->f, n, 200, &m->c->constant);
	if (m->c->name.p == NULL)
		m->c->name = m->c->constant;
}

/* sum: ITEM, of: the kind of row that has it; found when all are there. */
static void take_sum(struct making *m, const struct layout_node *n)
{
	static const enum layout_row_kind kinds[] = {
	    ROW_DETAIL, ROW_ACCOUNT, ROW_TRANSACTION, ROW_OTHER};
	const struct layout_node *of = layout_yaml_get(m->node, "of");
	int at = 1;

	m->c->value = VALUE_SUM;
	m->c->op = OP_AMOUNT;
	m->c->type = ITEM_AMOUNT;
	if (!layout_find_text(m->f, n, LAYOUT_NAME_MAX, &m->c->sum_item))
		return;
	if (of != NULL)
		at = layout_find_word(
		    m->f, of, "detail account transaction other");
	m->c->sum_of = at < 0 ? ROW_ACCOUNT : kinds[at];
	if (m->c->name.p == NULL)
		m->c->name = m->c->sum_item;
}

/* Exactly one of item, constant, filler, value, sum. */
static bool take_origin(struct making *m)
{
	static const struct {
		const char *key;
		void (*take)(struct making *, const struct layout_node *);
	} ways[] = {{"item", take_item}, {"constant", take_constant},
	    {"filler", take_filler}, {"value", take_value}, {"sum", take_sum}};
	const struct layout_node *name = layout_yaml_get(m->node, "name");
	int given = 0;

	if (name != NULL)
		(void)layout_find_text(
		    m->f, name, LAYOUT_NAME_MAX, &m->c->name);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		const struct layout_node *n =
		    layout_yaml_get(m->node, ways[i].key);

		if (n != NULL && given++ == 0)
			ways[i].take(m, n);
	}
	if (given == 1)
		return true;
	layout_find_syntax(m->f, m->node, "列の中身を一つだけ書きます",
	    "a column says exactly one of these",
	    "item, constant, filler, value, sum");
	return false;
}

/* ---- by kind of person ---- */

/* Calls take for each 属性 that n speaks of: all, or by a map "1" "2" "3". */
static void by_person(struct making *m, const struct layout_node *n,
    void (*take)(struct making *, const struct layout_node *, int person))
{
	if (n == NULL)
		return;
	if (n->kind != NODE_MAP) {
		for (int p = 0; p < LAYOUT_PERSONS; p++)
			take(m, n, p);
		return;
	}
	if (!layout_find_keys(m->f, n, "1 2 3"))
		return;
	for (n = n->child; n != NULL; n = n->next)
		take(m, n, n->key.p[0] - '0');
}

static void unknown_rule(
    struct making *m, const struct layout_node *n, struct err *e)
{
	layout_near_rule(e);
	layout_find_pass(m->f, n, e);
}

static void take_rules(
    struct making *m, const struct layout_node *n, int person)
{
	struct text list;
	struct err e;

	/* A list for everyone is compiled once. */
	if (person > 0 && m->c->rules_text[0] != NULL) {
		m->c->rules[person] = m->c->rules[0];
		m->c->rules_text[person] = m->c->rules_text[0];
		m->c->parted[person] = m->c->parted[0];
		return;
	}
	if (!layout_find_text(m->f, n, 400, &list))
		return;
	m->c->rules_text[person] = list.p;
	if (rules_parse(&m->l->arena, list, &m->c->rules[person], &e) !=
	    ERR_NONE)
		unknown_rule(m, n, &e);
	else
		m->c->parted[person] = rules_parts_cut(m->c->rules[person]);
}

static void take_read(struct making *m, const struct layout_node *n)
{
	struct text list;
	struct err e;

	if (n == NULL || !layout_find_text(m->f, n, 400, &list))
		return;
	m->c->read_text = list.p;
	if (rules_parse(&m->l->arena, list, &m->c->read, &e) != ERR_NONE)
		unknown_rule(m, n, &e);
}

static bool take_source(
    struct making *m, const struct layout_node *n, int person, int at)
{
	char right[LAYOUT_NEAR_MAX];
	struct text name;
	int item;

	if (!layout_find_text(m->f, n, LAYOUT_NAME_MAX, &name))
		return false;
	item = item_request_named(name);
	if (item < 0 && (item = request_other_named(name)) >= 0)
		item += (int)REQUEST_COUNT;
	if (item >= 0) {
		m->c->from[person][at] = (signed char)item;
		return true;
	}
	layout_near_item(true, name, "a request item", right);
	layout_find_syntax(m->f, n, "その名前の項目はありません",
	    "there is no item of that name", right);
	return false;
}

static void take_from(struct making *m, const struct layout_node *n, int person)
{
	int at = 0;

	if (n->kind == NODE_SCALAR) {
		(void)take_source(m, n, person, 0);
		return;
	}
	if (n->kind == NODE_MAP || n->count == 0 ||
	    n->count > LAYOUT_SOURCES_MAX) {
		layout_find_syntax(m->f, n, "項目名か、3つまでの列挙が要ります",
		    "an item, or a list of up to 3, is expected",
		    "[英字名, カナ氏名]: the first one given");
		return;
	}
	for (n = n->child; n != NULL; n = n->next)
		if (!take_source(m, n, person, at++))
			return;
}

static void take_sources(struct making *m)
{
	const struct layout_node *n = layout_yaml_get(m->node, "from");

	for (int p = 0; p < LAYOUT_PERSONS; p++) {
		for (int i = 0; i < LAYOUT_SOURCES_MAX; i++)
			m->c->from[p][i] = -1;
		m->c->from[p][0] = (signed char)m->c->slot;
	}
	if (n == NULL)
		return;
	if (m->c->value != VALUE_ITEM || m->c->scope != SCOPE_REQUEST ||
	    m->c->op != OP_TEXT) {
		layout_find_syntax(m->f, n,
		    "fromは照会の文字項目だけに書けます",
		    "from is for the text items of a request", "");
		return;
	}
	by_person(m, n, take_from);
}

/* ---- maps ---- */

static bool in_domain(const char *const *domain, struct text t)
{
	for (; *domain != NULL; domain++)
		if (text_is(t, *domain))
			return true;
	return false;
}

static void add_pair(struct making *m, const struct layout_node *ours,
    const struct layout_node *n, bool written)
{
	struct layout_pair *p = &m->c->map.pair[m->c->map.n];

	if (m->c->map.n == LAYOUT_PAIRS_MAX) {
		layout_find_syntax(
		    m->f, n, "対応表は64組までです", "at most 64 pairs", "");
		return;
	}
	*p = (struct layout_pair){.ours = ours->key, .written = written};
	p->refused = n->kind == NODE_SCALAR && n->null;
	if (!p->refused && !layout_find_text(m->f, n, 20, &p->theirs))
		return;
	if (m->c->op == OP_CLASS && !answer_class_named(p->ours, &p->class))
		return; /* reported with the domain */
	m->c->map.n++;
}

static void add_code(struct making *m, const struct layout_node *n)
{
	const char *const *domain = layout_domain(m->c);
	bool first = true;

	if (domain != NULL && n->key.n != 0 && !in_domain(domain, n->key)) {
		layout_find_syntax(m->f, n, "その項目にない値です",
		    "the item has no such code", "see docs/layout.md");
		return;
	}
	if (n->kind != NODE_LIST) {
		add_pair(m, n, n, true);
		return;
	}
	for (const struct layout_node *c = n->child; c; c = c->next) {
		add_pair(m, n, c, first);
		first = false;
	}
}

/* T4, E6: a code read back must mean one thing only. */
static void check_inverse(struct making *m, const struct layout_node *n)
{
	const struct layout_map *map = &m->c->map;
	char detail[96];

	for (size_t i = 0; i < map->n; i++)
		for (size_t k = 0; k < i; k++) {
			const struct layout_pair *a = &map->pair[k];
			const struct layout_pair *b = &map->pair[i];

			if (a->refused || b->refused ||
			    !text_eq(a->theirs, b->theirs) ||
			    (a->theirs.n == 0 && m->is_request))
				continue;
			(void)snprintf(detail, sizeof(detail),
			    "\"%s\" stands for %s and for %s", b->theirs.p,
			    a->ours.p, b->ours.p);
			layout_find_add(m->f, n->line, n->column,
			    "layout.map_incomplete", "逆に引けない対応表です",
			    "the map cannot be read backwards", detail);
			return;
		}
}

static void check_complete(struct making *m, const struct layout_node *n)
{
	const char *const *domain = layout_domain(m->c);
	char detail[128] = "missing:";

	for (; domain != NULL && *domain != NULL; domain++) {
		bool there = false;

		for (size_t i = 0; i < m->c->map.n; i++)
			there |= text_is(m->c->map.pair[i].ours, *domain);
		if (there)
			continue;
		(void)strncat(detail, " ", sizeof(detail) - strlen(detail) - 1);
		(void)strncat(
		    detail, *domain, sizeof(detail) - strlen(detail) - 1);
	}
	if (detail[sizeof("missing:") - 1] != '\0')
		layout_find_add(m->f, n->line, n->column,
		    "layout.map_incomplete", "対応表に足りない値があります",
		    "the map does not name every code", detail);
}

static void take_map(struct making *m)
{
	const struct layout_node *n = layout_yaml_get(m->node, "map");

	if (n == NULL) {
		if (m->c->value == VALUE_ITEM && m->c->op == OP_CLASS)
			layout_find_add(m->f, m->node->line, m->node->column,
			    "layout.map_incomplete",
			    "回答区分には対応表が要ります",
			    "回答区分 needs a map",
			    "map: {found: …, none: …, review: …}");
		return;
	}
	if (m->c->value != VALUE_ITEM || n->kind != NODE_MAP ||
	    (m->c->op != OP_MAP && m->c->op != OP_CLASS)) {
		layout_find_syntax(m->f, n,
		    "対応表はコードと有無の項目だけです",
		    "a map is for codes and flags", "map: {\"1\": M}");
		return;
	}
	m->c->map.pair =
	    arena_zero(&m->l->arena, LAYOUT_PAIRS_MAX, sizeof(*m->c->map.pair));
	for (const struct layout_node *c = n->child; c; c = c->next)
		add_code(m, c);
	check_complete(m, n);
	check_inverse(m, n);
}

/* ---- form ---- */

static void take_date(struct making *m)
{
	const struct layout_node *n = layout_yaml_get(m->node, "date");
	const struct layout_node *u = layout_yaml_get(m->node, "unknown");
	const struct layout_node *p = layout_yaml_get(m->node, "part");
	const struct layout_node *j = layout_yaml_get(m->node, "join");
	int at;

	m->c->date = WAREKI_ISO;
	m->c->join = TEXT("/");
	m->c->era6 = n != NULL && n->kind == NODE_SCALAR &&
		     m->c->op == OP_DATE && text_is(n->text, "era6");
	if (n != NULL && !m->c->era6 &&
	    (n->kind != NODE_SCALAR ||
		!wareki_form_named(n->text, &m->c->date) ||
		(m->c->op != OP_DATE && m->c->op != OP_PERIOD)))
		layout_find_syntax(m->f, n, "日付の書き方が要ります",
		    "a date form, for an item that is a date, is expected",
		    "ymd8 slash iso era7; era6 for a single day");
	if (u != NULL) {
		at = layout_find_word(m->f, u, "allow blank hold");
		m->c->unknown = at < 0 ? UNKNOWN_HOLD : (enum layout_unknown)at;
	}
	if (p != NULL) {
		at = layout_find_word(m->f, p, "whole from to");
		m->c->part = at < 0 ? PERIOD_WHOLE : (enum layout_part_of)at;
	}
	if (j != NULL)
		(void)layout_find_text(m->f, j, 3, &m->c->join);
}

static void take_pad(struct making *m)
{
	const struct layout_node *side = layout_yaml_get(m->node, "pad");
	const struct layout_node *fill = layout_yaml_get(m->node, "fill");
	bool number = m->c->op == OP_AMOUNT;
	int at;

	m->c->pad = number ? '0' : ' ';
	m->c->pad_left = number;
	if (side != NULL) {
		at = layout_find_word(m->f, side, "right left");
		m->c->pad_left = at == 1;
	}
	if (fill != NULL) {
		at = layout_find_word(m->f, fill, "space zero");
		m->c->pad = at == 1 ? '0' : ' ';
	}
	/* T4: zeros added to a code could not be told from its own. */
	if (m->c->pad == '0' && (!number || !m->c->pad_left))
		layout_find_syntax(m->f, fill ? fill : m->node,
		    "ゼロ埋めは数の左だけです",
		    "zeros are for numbers, on the left", "fill: space");
}

static void take_width(struct making *m)
{
	const struct layout_node *w = layout_yaml_get(m->node, "width");
	const struct layout_node *at = layout_yaml_get(m->node, "at");

	m->c->width =
	    layout_find_number(m->f, w, 1, LAYOUT_FIELD_BYTES_MAX, m->c->width);
	m->c->at = layout_find_number(m->f, at, 1, LAYOUT_ROW_BYTES_MAX, 0);
	if (m->l->form == FORM_FIXED && m->c->width == 0)
		layout_find_syntax(m->f, m->node, "固定長の列には幅が要ります",
		    "a column of a fixed form needs a width", "width: BYTES");
	if (m->l->form != FORM_FIXED && at != NULL)
		layout_find_syntax(m->f, at, "位置は固定長だけです",
		    "at is for the fixed form", "");
}

static void take_policy(struct making *m)
{
	const struct layout_node *loss = layout_yaml_get(m->node, "loss");
	const struct layout_node *fail = layout_yaml_get(m->node, "fail");
	struct layout_column *c = m->c;

	c->required =
	    layout_find_flag(m->f, layout_yaml_get(m->node, "required"), false);
	c->cut = layout_find_flag(m->f, layout_yaml_get(m->node, "cut"), false);
	c->commas =
	    layout_find_flag(m->f, layout_yaml_get(m->node, "commas"), false);
	if (loss != NULL)
		c->loss_allowed =
		    layout_find_word(m->f, loss, "hold allow") == 1;
	if (fail == NULL)
		return;
	c->blank = layout_find_word(m->f, fail, "hold blank") == 1;
	if (c->blank && (!c->loss_allowed || c->required || !m->is_request ||
			    c->value != VALUE_ITEM || c->op != OP_TEXT))
		layout_find_syntax(m->f, fail,
		    "空にするのは、必須でなくloss: allowの照会の文字項目だけです",
		    "only a text item of a request that is not required and "
		    "has loss: allow can be left out",
		    "loss: allow");
}

void layout_column_compile(struct layout_find *f, struct layout *l,
    const struct layout_node *n, bool is_request, enum layout_row_kind row,
    struct layout_column *out)
{
	struct making m = {
	    .f = f,
	    .l = l,
	    .node = n,
	    .is_request = is_request,
	    .row = row,
	    .c = out,
	};

	out->line = n->line;
	out->place = n->column;
	out->sum = -1;
	if (!layout_find_keys(f, n, COLUMN_KEYS) || !take_origin(&m))
		return;
	if (out->op == OP_CODE && out->value == VALUE_ITEM &&
	    (layout_yaml_get(n, "rules") || layout_yaml_get(n, "read")))
		out->op = OP_TEXT;
	take_sources(&m);
	by_person(&m, layout_yaml_get(n, "rules"), take_rules);
	take_read(&m, layout_yaml_get(n, "read"));
	take_map(&m);
	take_date(&m);
	take_pad(&m);
	take_width(&m);
	take_policy(&m);
}
