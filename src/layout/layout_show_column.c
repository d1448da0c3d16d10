/* layout_show_column.c — see layout_show_column.h. */
#include "layout/layout_show_column.h"

#include "layout/layout_words.h"

#include <stdio.h>

struct cell {
	const struct layout *l;
	const struct layout_column *c;
	struct buf *out;
	size_t begin; /* of the last cell, for what stands between clauses */
	bool ja;
};

static const char *say(const struct cell *x, const char *ja, const char *en)
{
	return x->ja ? ja : en;
}

/* Before each clause but the first. */
static void next_clause(const struct cell *x)
{
	if (x->out->n != x->begin)
		buf_z(x->out, "; ");
}

static void clause(const struct cell *x, const char *ja, const char *en)
{
	next_clause(x);
	buf_z(x->out, say(x, ja, en));
}

const char *layout_source_name(int from)
{
	static const char *const others[] = {
#define NAME_(id, name, column) name,
	    REQUEST_OTHERS(NAME_)
#undef NAME_
	};

	return from < (int)REQUEST_COUNT ? item_request[from].name
					 : others[from - (int)REQUEST_COUNT];
}

/* A column without a name of its own is called by what it holds; one with
 * another name than its item's is told with both. */
static void show_name(const struct cell *x)
{
	static const struct {
		const char *key;
		const char *ja;
		const char *en;
	} values[] = {
#define WORDS_(id, key, ja, en) {key, ja, en},
	    LAYOUT_VALUES(WORDS_)
#undef WORDS_
	};
	const struct layout_column *c = x->c;
	const char *holds = NULL;

	bool named = true; /* the name is the bank's, or stands in the file */

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (c->value != (enum layout_value)((size_t)VALUE_FILE_ID + i))
			continue;
		holds = say(x, values[i].ja, values[i].en);
		named = !text_is(c->name, values[i].key) ||
			x->l->form == FORM_JSONL || x->l->form == FORM_XML;
	}
	if (c->value == VALUE_ITEM)
		holds = layout_item_name(c);
	if (c->value == VALUE_FILLER)
		buf_z(x->out, say(x, "空き", "filler"));
	else if (holds == NULL || text_is(c->name, holds))
		buf_text_add(x->out, c->name);
	else if (!named)
		buf_z(x->out, holds);
	else
		buf_printf(x->out, "%s（%s）", c->name.p, holds);
}

static void show_sources(const struct cell *x)
{
	const signed char *from = x->c->from[1];

	if (x->c->value != VALUE_ITEM || x->c->scope != SCOPE_REQUEST ||
	    (from[0] == x->c->slot && from[1] < 0))
		return;
	clause(x, "先にあるもの: ", "the first given of: ");
	for (int i = 0; i < LAYOUT_SOURCES_MAX && from[i] >= 0; i++)
		buf_printf(x->out, "%s%s", i ? " / " : "",
		    layout_source_name(from[i]));
}

static void show_pair(const struct cell *x, const struct layout_pair *p)
{
	buf_printf(x->out, "%s→", layout_words_code(x->c, p, x->ja));
	if (p->refused)
		buf_z(x->out, say(x, "不可", "refused"));
	else if (p->theirs.n == 0)
		buf_z(x->out, say(x, "空", "blank"));
	else
		buf_text_add(x->out, p->theirs);
}

/* A code without a map is ours. */
static void show_domain(const struct cell *x)
{
	const char *const *domain = layout_domain(x->c);

	for (int i = 0; domain != NULL && domain[i] != NULL; i++) {
		struct layout_pair p = {
		    .ours = text_z(domain[i]), .theirs = text_z(domain[i])};

		buf_z(x->out, i ? " " : "");
		show_pair(x, &p);
	}
}

static void show_map(const struct cell *x)
{
	const struct layout_map *map = &x->c->map;

	if (map->n != 0 || layout_domain(x->c) != NULL)
		next_clause(x);
	if (map->n == 0)
		show_domain(x);
	for (size_t i = 0; i < map->n; i++) {
		if (i > 0 && !map->pair[i].written && !map->pair[i].refused) {
			/* Others are only read. */
			buf_printf(x->out, "%s%s%s", say(x, "（", " (read: "),
			    map->pair[i].theirs.p, say(x, "も読む）", ")"));
			continue;
		}
		if (i > 0)
			buf_z(x->out, " ");
		show_pair(x, &map->pair[i]);
	}
}

static const char *date_words(const struct cell *x)
{
	if (x->c->era6)
		return say(
		    x, "和暦YYMMDD（元号なし）", "YYMMDD without its era");
	switch (x->c->date) {
	case WAREKI_YMD8:
		return "YYYYMMDD";
	case WAREKI_SLASH:
		return "YYYY/MM/DD";
	case WAREKI_ISO:
		return "YYYY-MM-DD";
	case WAREKI_ERA7:
		return say(x, "和暦GYYMMDD（1明治 2大正 3昭和 4平成 5令和）",
		    "GYYMMDD (1明治 2大正 3昭和 4平成 5令和)");
	}
	return "";
}

static void show_unknown(const struct cell *x)
{
	switch (x->c->unknown) {
	case UNKNOWN_ALLOW:
		clause(x, "分からない部分は00", "unknown parts 00");
		break;
	case UNKNOWN_BLANK:
		clause(x, "分からない部分があれば空",
		    "blank if a part is unknown");
		break;
	case UNKNOWN_HOLD:
		clause(x, "分からない部分があれば送らない",
		    "not sent if a part is unknown");
		break;
	}
}

static void show_join(const struct cell *x)
{
	struct text join = x->c->join;

	if (join.n == 0)
		clause(x, "始まりの日に終わりの日を続ける",
		    "the first day and the last, nothing between");
	else
		clause(x, "始まりの日と終わりの日の間: ",
		    "between the first day and the last: ");
	if (join.n != 0)
		buf_printf(x->out, "\"%s\"", join.p);
}

static void show_date(const struct cell *x)
{
	const struct layout_column *c = x->c;

	if (c->op != OP_DATE && c->op != OP_PERIOD)
		return;
	if (c->op == OP_PERIOD && c->part == PERIOD_FROM)
		clause(x, "始まりの日", "its first day");
	if (c->op == OP_PERIOD && c->part == PERIOD_TO)
		clause(x, "終わりの日", "its last day");
	next_clause(x);
	buf_z(x->out, date_words(x));
	if (c->op == OP_PERIOD && c->part == PERIOD_WHOLE)
		show_join(x);
	if (c->value == VALUE_ITEM && c->scope == SCOPE_REQUEST &&
	    c->slot == REQUEST_BIRTH)
		show_unknown(x);
}

/* A list of rules in words, in the order in which they act. */
static void put_rules(const struct cell *x, const char *list)
{
	bool first = true;

	while (*list != '\0') {
		size_t n = strcspn(list, ", \n");
		struct text rule = text_trust(list, n);
		size_t known = 0;
		const char *words = layout_words_rule(rule, x->ja, &known);

		list += n;
		if (*list != '\0')
			list++;
		if (n == 0)
			continue;
		if (!first)
			buf_z(x->out, say(x, "、", ", "));
		first = false;
		if (words == NULL)
			known = 0;
		else
			buf_z(x->out, words);
		if (known < n)
			buf_printf(x->out, "%s%.*s", words ? " " : "",
			    (int)(n - known - (words != NULL)),
			    rule.p + known + (words != NULL));
	}
}

static void show_rules(const struct cell *x)
{
	static const char *const ja[] = {"個人", "法人", "その他"};
	static const char *const en[] = {"persons", "corporations", "others"};
	const struct layout_column *c = x->c;
	bool same = true;

	for (int p = 2; p < LAYOUT_PERSONS; p++)
		same &= c->rules[p] == c->rules[1];
	for (int p = 1; p < LAYOUT_PERSONS; p++) {
		if (c->rules_text[p] == NULL || (same && p > 1))
			continue;
		next_clause(x);
		if (!same)
			buf_printf(
			    x->out, "%s: ", x->ja ? ja[p - 1] : en[p - 1]);
		put_rules(x, c->rules_text[p]);
	}
	if (c->read_text != NULL) {
		clause(x, "読むとき: ", "on reading: ");
		put_rules(x, c->read_text);
	}
}

static void show_value(const struct cell *x)
{
	static const char *const of[ROW_COUNT] = {
#define WORDS_(id, key, ja, en) ja,
	    LAYOUT_ROWS(WORDS_)
#undef WORDS_
	};
	const struct layout_column *c = x->c;

	if (c->value == VALUE_SUM) {
		next_clause(x);
		if (x->ja)
			buf_printf(x->out, "%sの%sの合計", of[c->sum_of],
			    c->sum_item.p);
		else
			buf_printf(x->out, "sum of %s of each %s",
			    c->sum_item.p, layout_row_key[c->sum_of]);
	}
	if (c->value == VALUE_CONSTANT) {
		clause(x, "いつも", "always");
		buf_printf(x->out, " \"%s\"", c->constant.p);
	}
	if (c->value == VALUE_DIGEST)
		clause(x, "ヘッダとトレーラの間のSHA-256（十六進）",
		    "SHA-256 of what stands between header and trailer");
}

/* What is allowed, and how the field is filled. */
static void show_limits(const struct cell *x)
{
	const struct layout_column *c = x->c;

	if (c->commas)
		clause(x, "3桁ごとにカンマ", "with commas");
	if (c->pad_left && c->pad == ' ')
		clause(x, "右に詰めて前を空白", "blanks in front");
	if (c->loss_allowed)
		clause(x, "字や読みが変わってもよい", "material loss allowed");
	if (c->cut)
		clause(x, "溢れは切る", "cut to width");
	if (c->blank)
		clause(x, "書けないときは空", "blank if it cannot be written");
}

void layout_show_column(const struct layout *l, const struct layout_column *c,
    size_t no, bool ja, struct buf *out)
{
	struct cell x = {.l = l, .c = c, .out = out, .ja = ja};

	buf_printf(out, "| %zu | ", no);
	show_name(&x);
	buf_z(out, " | ");
	if (l->form == FORM_FIXED)
		buf_printf(out, "%zu | %zu | ", c->at + 1, c->width);
	else if (c->width != 0)
		buf_printf(out, "≤%zu | ", c->width);
	else
		buf_z(out, " | ");
	buf_printf(out, "%s | ", c->required ? "●" : "");
	x.begin = out->n;
	show_value(&x);
	show_sources(&x);
	show_map(&x);
	show_date(&x);
	show_rules(&x);
	show_limits(&x);
	buf_z(out, " |\n");
}
