/* layout_load.c — a rule file's tree, compiled into a struct layout. */
#include "layout/layout_check.h"
#include "layout/layout_column.h"
#include "layout/layout_near.h"
#include "text/kanji.h"
#include "text/utf8.h"

#include <stdlib.h>

#define TOP_KEYS                                                               \
	"layout institution valid_from hub encoding newline form delimiter "   \
	"quote records_per_file accepts schedule retention_days paper "        \
	"request answer"

#define FAN_WORDS "旧氏 通称 旧住所1 旧住所2 旧住所3"

struct loading {
	struct layout_find *f;
	struct layout *l;
	const struct layout_node *root;
};

/* A child that must be there; NULL and a finding if it is not. */
static const struct layout_node *need(
    struct loading *x, const struct layout_node *in, const char *key)
{
	const struct layout_node *n = layout_yaml_get(in, key);

	if (n == NULL)
		layout_find_syntax(x->f, in, "書かれていないキーがあります",
		    "a key is missing", key);
	return n;
}

static void take_institution(struct loading *x)
{
	const struct layout_node *n = need(x, x->root, "institution");
	const struct layout_node *code;
	const struct layout_node *name;
	struct text t;

	if (n == NULL || !layout_find_keys(x->f, n, "code name"))
		return;
	code = need(x, n, "code");
	name = need(x, n, "name");
	if (code != NULL && layout_find_text(x->f, code, 4, &t)) {
		x->l->code = t.p;
		/* Four digits: 統一金融機関コード (DOMAIN §5.5). */
		if (!text_is_digits(t, 4, 4))
			layout_find_syntax(x->f, code,
			    "金融機関コードは数字4桁です",
			    "an institution's code has four digits", "9601");
	}
	if (name != NULL && layout_find_text(x->f, name, 60, &t))
		x->l->name = t.p;
}

static void take_valid_from(struct loading *x)
{
	const struct layout_node *n = need(x, x->root, "valid_from");
	struct date d;

	if (n == NULL)
		return;
	if (n->kind == NODE_SCALAR && date_parse(n->text, &d))
		date_format(d, x->l->version);
	else
		layout_find_syntax(x->f, n, "適用開始日はYYYY-MM-DDです",
		    "a day is expected", "YYYY-MM-DD");
}

static int word(struct loading *x, const char *key, const char *words, int dflt)
{
	const struct layout_node *n = layout_yaml_get(x->root, key);
	int at;

	if (n == NULL)
		return dflt;
	at = layout_find_word(x->f, n, words);
	return at < 0 ? dflt : at;
}

/*
 * A delimiter is one ASCII character that no encoding here uses as a part of
 * another: second bytes of CP932 are 40–7E and 80–FC.
 */
static void take_delimiter(struct loading *x)
{
	const struct layout_node *n = layout_yaml_get(x->root, "delimiter");

	x->l->delimiter = ',';
	if (n == NULL)
		return;
	if (n->kind == NODE_SCALAR && n->text.n == 1 &&
	    memchr(",;\t", n->text.p[0], 3) != NULL)
		x->l->delimiter = n->text.p[0];
	else
		layout_find_syntax(x->f, n, "区切りは , ; タブのどれかです",
		    "a delimiter is a comma, a semicolon or a tab", "\",\"");
}

/* RFC 8259 §8.1; and one encoding of XML is enough to agree on. */
static void check_markup(struct loading *x)
{
	const struct layout *l = x->l;

	if ((l->form == FORM_JSONL || l->form == FORM_XML) &&
	    l->encoding != ENCODING_UTF8)
		layout_find_syntax(x->f, layout_yaml_get(x->root, "encoding"),
		    "JSONとXMLはUTF-8です", "JSON and XML are in UTF-8",
		    "utf-8");
}

static void take_form(struct loading *x)
{
	const struct layout_node *n = need(x, x->root, "encoding");
	struct layout *l = x->l;

	if (n != NULL &&
	    (n->kind != NODE_SCALAR || !encoding_named(n->text, &l->encoding)))
		layout_find_syntax(x->f, n, "知らない文字コードです",
		    "an unknown encoding", "utf-8 cp932 zengin");
	(void)need(x, x->root, "form");
	l->form = (enum layout_form)word(x, "form", "csv fixed jsonl xml", 0);
	l->newline = (enum layout_newline)word(x, "newline", "crlf lf none", 0);
	l->quote =
	    (enum layout_quote)word(x, "quote", "minimal always never", 0);
	take_delimiter(x);
	n = layout_yaml_get(x->root, "newline");
	if (l->form != FORM_FIXED && l->newline == NEWLINE_NONE)
		layout_find_syntax(x->f, n, "固定長のほかは改行が要ります",
		    "any form but fixed needs a newline", "crlf lf");
	check_markup(x);
	n = layout_yaml_get(x->root, "records_per_file");
	l->records_per_file = layout_find_number(
	    x->f, n, 1, LAYOUT_RECORDS_MAX, LAYOUT_RECORDS_MAX);
}

static void take_hubs(struct loading *x)
{
	const struct layout_node *n = layout_yaml_get(x->root, "hub");
	size_t many = 0;
	struct text t;

	if (n == NULL)
		return;
	if (n->kind == NODE_SCALAR) {
		if (layout_find_text(x->f, n, 60, &t))
			x->l->hub[0] = t.p;
		return;
	}
	if (n->kind != NODE_LIST || n->count == 0 ||
	    n->count > LAYOUT_HUBS_MAX) {
		layout_find_syntax(x->f, n, "ハブか、4つまでの列挙が要ります",
		    "a hub, or a list of up to 4, is expected",
		    "[H001, H002]: the first one that is known");
		return;
	}
	for (n = n->child; n != NULL; n = n->next)
		if (layout_find_text(x->f, n, 60, &t))
			x->l->hub[many++] = t.p;
}

/* 属性 it can be asked about (axis 2). */
static void take_persons(struct loading *x, const struct layout_node *n)
{
	if (n == NULL)
		return;
	for (int p = 0; p < LAYOUT_PERSONS; p++)
		x->l->persons[p] = false;
	if (n->kind != NODE_LIST || n->count == 0)
		layout_find_syntax(x->f, n, "属性の列挙が要ります",
		    "a list of 属性 is expected", "[\"1\", \"2\", \"3\"]");
	for (n = n->kind == NODE_LIST ? n->child : NULL; n; n = n->next) {
		int at = layout_find_word(x->f, n, "1 2 3");

		if (at >= 0)
			x->l->persons[at + 1] = true;
	}
}

/* Municipality codes it can be asked by (axis 3). */
static void take_authorities(struct loading *x, const struct layout_node *n)
{
	struct layout *l = x->l;

	if (n == NULL)
		return;
	if (n->kind != NODE_LIST || n->count == 0 ||
	    n->count > LAYOUT_AUTHORITIES_MAX) {
		layout_find_syntax(x->f, n, "団体コードの列挙が要ります",
		    "a list of municipality codes is expected", "1 to 64");
		return;
	}
	l->authority = arena_zero(&l->arena, n->count, sizeof(*l->authority));
	for (n = n->child; n != NULL; n = n->next) {
		struct text *t = &l->authority[l->authority_n];

		if (!layout_find_text(x->f, n, 6, t))
			continue;
		l->authority_n++;
		if (!text_is_digits(*t, 6, 6))
			layout_find_syntax(x->f, n, "団体コードは6桁です",
			    "a municipality code has six digits", "131041");
	}
}

/* "09:30" as minutes of the day; 24:00 is its end. */
static int take_minutes(
    struct loading *x, const struct layout_node *n, int dflt)
{
	int v;

	if (n == NULL)
		return dflt;
	if (n->kind != NODE_SCALAR || n->text.n != 5 || n->text.p[2] != ':' ||
	    !text_is_digits(text_trust(n->text.p, 2), 2, 2) ||
	    !text_is_digits(text_trust(n->text.p + 3, 2), 2, 2)) {
		layout_find_syntax(
		    x->f, n, "時刻はHH:MMです", "a time is HH:MM", "\"09:00\"");
		return dflt;
	}
	v = (n->text.p[0] - '0') * 600 + (n->text.p[1] - '0') * 60 +
	    (n->text.p[3] - '0') * 10 + (n->text.p[4] - '0');
	if (n->text.p[3] > '5' || v > 24 * 60)
		layout_find_syntax(x->f, n, "時刻はHH:MMです",
		    "a time is HH:MM", "00:00 to 24:00");
	return v;
}

/* Hours, calendar and files per day (axes 24, 25), retention (28). */
static void take_schedule(struct loading *x)
{
	const struct layout_node *n = layout_yaml_get(x->root, "schedule");
	struct layout_schedule *s = &x->l->schedule;

	*s = (struct layout_schedule){.to = 24 * 60, .cutoff = 24 * 60};
	x->l->retention_days = layout_find_number(
	    x->f, layout_yaml_get(x->root, "retention_days"), 1, 36500, 0);
	x->l->paper =
	    layout_find_flag(x->f, layout_yaml_get(x->root, "paper"), false);
	if (n == NULL ||
	    !layout_find_keys(x->f, n, "files_per_day from to days cutoff"))
		return;
	s->files_per_day = layout_find_number(
	    x->f, layout_yaml_get(n, "files_per_day"), 1, 9999, 0);
	s->from = take_minutes(x, layout_yaml_get(n, "from"), 0);
	s->to = take_minutes(x, layout_yaml_get(n, "to"), 24 * 60);
	s->cutoff = take_minutes(x, layout_yaml_get(n, "cutoff"), 24 * 60);
	if (layout_yaml_get(n, "days") != NULL)
		s->business_days =
		    layout_find_word(
			x->f, layout_yaml_get(n, "days"), "all business") == 1;
	if (s->from >= s->to)
		layout_find_syntax(x->f, n, "受付時間がありません",
		    "there is no time in which it takes files", "from < to");
}

/* A code that nobody can ask on would hold every inquiry. */
static bool take_basis(struct loading *x, const struct codes *codes,
    const struct layout_node *n, struct text *out)
{
	char right[LAYOUT_NEAR_MAX];

	if (!layout_find_text(x->f, n, 60, out))
		return false;
	for (size_t i = 0; i < codes->base_count; i++)
		if (text_eq(codes->bases[i].code, *out))
			return true;
	layout_near_basis(codes, *out, "docs/layout.md", right);
	layout_find_syntax(x->f, n, "根拠法令のコードではありません",
	    "no code of a legal basis", right);
	return false;
}

static void take_accepts(struct loading *x)
{
	const struct layout_node *n = layout_yaml_get(x->root, "accepts");
	const struct codes *codes;
	struct err e;

	for (int p = 0; p < LAYOUT_PERSONS; p++)
		x->l->persons[p] = true;
	if (n == NULL ||
	    !layout_find_keys(x->f, n, "basis persons authorities years"))
		return;
	take_persons(x, layout_yaml_get(n, "persons"));
	take_authorities(x, layout_yaml_get(n, "authorities"));
	x->l->years =
	    layout_find_number(x->f, layout_yaml_get(n, "years"), 1, 100, 0);
	n = layout_yaml_get(n, "basis");
	if (n == NULL)
		return;
	if (n->kind != NODE_LIST || n->count == 0 || n->count > 64) {
		layout_find_syntax(x->f, n, "根拠法令コードの列挙が要ります",
		    "a list of codes of legal bases is expected", "1 to 64");
		return;
	}
	x->l->basis = arena_zero(&x->l->arena, n->count, sizeof(*x->l->basis));
	if (codes_load(&x->l->arena, &codes, &e) != ERR_NONE) {
		layout_find_pass(x->f, n, &e);
		return;
	}
	for (n = n->child; n != NULL; n = n->next)
		if (take_basis(x, codes, n, &x->l->basis[x->l->basis_n]))
			x->l->basis_n++;
}

/* ---- rows and parts ---- */

/* A mark is plain ASCII: the same bytes in every encoding here. */
static void take_mark(
    struct loading *x, const struct layout_node *n, struct layout_row *row)
{
	struct text t;
	size_t i = 0;

	if (!layout_find_text(x->f, n, LAYOUT_MARK_MAX, &t))
		return;
	while (i < t.n && ((t.p[i] >= '0' && t.p[i] <= '9') ||
			      (t.p[i] >= 'A' && t.p[i] <= 'Z')))
		i++;
	if (i == 0 || i < t.n)
		layout_find_syntax(x->f, n, "レコード区分は英大文字と数字です",
		    "a record's mark is of capitals and digits", "1 to 8");
	row->mark_text = t;
	row->mark = text_bytes(t);
}

static void take_columns(struct loading *x, const struct layout_node *n,
    bool is_request, enum layout_row_kind kind, struct layout_row *row)
{
	size_t i = 0;

	if (n->kind != NODE_LIST || n->count == 0 ||
	    n->count > LAYOUT_COLUMNS_MAX) {
		layout_find_syntax(x->f, n, "列の列挙が要ります",
		    "a list of columns is expected", "1 to 128 columns");
		return;
	}
	row->column = arena_zero(&x->l->arena, n->count, sizeof(*row->column));
	row->n = n->count;
	for (n = n->child; n != NULL; n = n->next)
		layout_column_compile(
		    x->f, x->l, n, is_request, kind, &row->column[i++]);
}

static void take_row(struct loading *x, const struct layout_node *n,
    bool is_request, enum layout_row_kind kind, struct layout_row *row)
{
	const struct layout_node *mark;
	const struct layout_node *columns;

	row->line = n->line;
	row->place = n->column;
	if (!layout_find_keys(x->f, n, "mark length columns"))
		return;
	row->used = true;
	mark = layout_yaml_get(n, "mark");
	if (mark != NULL)
		take_mark(x, mark, row);
	row->length = layout_find_number(
	    x->f, layout_yaml_get(n, "length"), 1, LAYOUT_ROW_BYTES_MAX, 0);
	row->tag =
	    row->mark.n != 0 ? row->mark_text : text_z(layout_row_key[kind]);
	columns = need(x, n, "columns");
	if (columns != NULL)
		take_columns(x, columns, is_request, kind, row);
}

/*
 * {sequence} or {file} keeps the names of a wave's files apart; the rest is
 * plain ASCII, so that every system can keep the name.
 */
static void take_file_name(struct loading *x, const struct layout_node *n)
{
	static const char *const words[] = {"{code}", "{date}", "{file}",
	    "{seq}", "{seq:3}", "{seq:4}", "{seq:6}"};
	const char *p;
	bool apart = false;
	struct text t;

	if (n == NULL || !layout_find_text(x->f, n, 80, &t))
		return;
	x->l->file_name = p = t.p;
	while (*p != '\0') {
		size_t used = strspn(p, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"abcdefghijklmnopqrstuvwxyz_-.");

		if (p == t.p && *p == '.')
			break;
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (strncmp(p, words[i], strlen(words[i])) == 0) {
				used = strlen(words[i]);
				apart |= i >= 2;
			}
		if (used == 0)
			break;
		p += used;
	}
	if (*p != '\0' || !apart)
		layout_find_syntax(x->f, n, "ファイル名の書き方が違います",
		    "not the template of a file's name",
		    "[0-9A-Za-z_.-] and {code} {date} {file} {seq} {seq:4}; "
		    "with {seq} or {file}");
}

/*
 * The same subject asked once more under each of these (axes 13, 18): one
 * record each, of one 管理番号.
 */
static void take_fan_out(struct loading *x, const struct layout_node *n)
{
	struct layout *l = x->l;
	const struct layout_node *of;

	l->fan_max = 1;
	if (n == NULL || !layout_find_keys(x->f, n, "of max"))
		return;
	of = need(x, n, "of");
	if (of == NULL || of->kind != NODE_LIST || of->count == 0 ||
	    of->count > REQUEST_OTHER_COUNT) {
		layout_find_syntax(
		    x->f, n, "列挙が要ります", "a list is expected", FAN_WORDS);
		return;
	}
	for (of = of->child; of != NULL; of = of->next) {
		int at = of->kind == NODE_SCALAR ? request_other_named(of->text)
						 : -1;

		if (at < 0 || at == REQUEST_OTHER_ALIAS_KANA ||
		    at == REQUEST_OTHER_FORMER_KANA ||
		    at == REQUEST_OTHER_CONFIRMED_KANA)
			layout_find_syntax(x->f, of, "展開できない項目です",
			    "no record can be made of this", FAN_WORDS);
		else
			l->fan[l->fan_n++] = at;
	}
	l->fan_max = layout_find_number(x->f, layout_yaml_get(n, "max"), 2,
	    LAYOUT_FAN_MAX, (size_t)l->fan_n + 1);
	if (l->fan_max > l->records_per_file)
		layout_find_syntax(x->f, n, "1ファイルの件数より多く展開します",
		    "more records of one inquiry than a file takes",
		    "records_per_file");
}

static void take_part(struct loading *x, const char *key, bool is_request,
    struct layout_part *part)
{
	const struct layout_node *n = need(x, x->root, key);

	if (n == NULL ||
	    !layout_find_keys(x->f, n,
		is_request
		    ? "file_name names root fan_out header detail trailer"
		    : "names root per header detail account transaction "
		      "other trailer"))
		return;
	if (is_request) {
		take_file_name(x, need(x, n, "file_name"));
		take_fan_out(x, layout_yaml_get(n, "fan_out"));
	} else if (layout_yaml_get(n, "per") != NULL) {
		part->per_account =
		    layout_find_word(x->f, layout_yaml_get(n, "per"),
			"inquiry account") == 1;
	}
	part->grouped = part->per_account || x->l->fan_n > 0;
	part->names =
	    layout_find_flag(x->f, layout_yaml_get(n, "names"), false);
	part->root = TEXT("file");
	if (layout_yaml_get(n, "root") != NULL)
		(void)layout_find_text(x->f, layout_yaml_get(n, "root"),
		    LAYOUT_NAME_MAX, &part->root);
	(void)need(x, n, "detail");
	for (int k = 0; k < ROW_COUNT; k++) {
		const struct layout_node *row =
		    layout_yaml_get(n, layout_row_key[k]);

		if (row != NULL)
			take_row(x, row, is_request, (enum layout_row_kind)k,
			    &part->row[k]);
	}
	part->marked = part->row[ROW_DETAIL].mark.n != 0;
}

static void take_all(struct loading *x)
{
	const struct layout_node *n;

	if (!layout_find_keys(x->f, x->root, TOP_KEYS))
		return;
	n = need(x, x->root, "layout");
	if (n != NULL)
		(void)layout_find_word(x->f, n, "1");
	x->l->fan_max = 1;
	take_hubs(x);
	take_institution(x);
	take_valid_from(x);
	take_form(x);
	take_accepts(x);
	take_schedule(x);
	take_part(x, "request", true, &x->l->request);
	take_part(x, "answer", false, &x->l->answer);
}

/* Does a column of a request's detail take this item? */
static bool takes(const struct layout *l, enum request_item item)
{
	const struct layout_row *row = &l->request.row[ROW_DETAIL];

	for (size_t i = 0; i < row->n; i++)
		for (int p = 0; p < LAYOUT_PERSONS; p++)
			for (int s = 0; s < LAYOUT_SOURCES_MAX; s++)
				if (row->column[i].value == VALUE_ITEM &&
				    row->column[i].from[p][s] == (int)item)
					return true;
	return false;
}

enum err_class layout_load(struct bytes yaml, const char *name,
    void (*note)(void *ctx, const struct err *finding), void *ctx,
    struct layout **out, struct err *e)
{
	struct layout_find f = {.name = name, .note = note, .ctx = ctx};
	struct layout *l = arena_xmalloc(sizeof(*l));
	struct layout_node *root;
	struct loading x = {.f = &f, .l = l};
	enum err_class class;

	*out = NULL;
	*l = (struct layout){.map = kanji_map(NULL)};
	class = layout_yaml_parse(yaml, name, &l->arena, &root, e);
	if (class != ERR_NONE) {
		if (note != NULL)
			note(ctx, e);
		layout_free(l);
		return class;
	}
	x.root = root;
	take_all(&x);
	if (f.count == 0)
		layout_check_all(&f, l);
	if (f.count != 0) {
		*e = f.first;
		layout_free(l);
		return e->class;
	}
	l->uses_address = takes(l, REQUEST_ADDRESS);
	l->uses_sex = takes(l, REQUEST_SEX);
	*out = l;
	return ERR_NONE;
}
