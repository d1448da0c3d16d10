/* layout_markup.c — see layout_markup.h. Reads hostile bytes: every index is
 * compared with the slice it is for. */
#include "layout/layout_markup.h"

#include "text/utf8.h"

#include <stdio.h>

#define RECORD "record" /* the member that tells a row's mark */

/* ---- names ---- */

struct range {
	uint32_t from;
	uint32_t to;
};

static bool within(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].from && c <= r[i].to)
			return true;
	return false;
}

/* NameStartChar and NameChar of XML 1.0, fifth edition; no colon. */
static bool is_name_char(uint32_t c, bool first)
{
	static const struct range start[] = {{'A', 'Z'}, {'_', '_'}, {'a', 'z'},
	    {0xc0, 0xd6}, {0xd8, 0xf6}, {0xf8, 0x2ff}, {0x370, 0x37d},
	    {0x37f, 0x1fff}, {0x200c, 0x200d}, {0x2070, 0x218f},
	    {0x2c00, 0x2fef}, {0x3001, 0xd7ff}, {0xf900, 0xfdcf},
	    {0xfdf0, 0xfffd}, {0x10000, 0xeffff}};
	static const struct range more[] = {{'-', '.'}, {'0', '9'},
	    {0xb7, 0xb7}, {0x300, 0x36f}, {0x203f, 0x2040}};

	return within(start, sizeof(start) / sizeof(*start), c) ||
	       (!first && within(more, sizeof(more) / sizeof(*more), c));
}

bool layout_markup_is_name(struct text t)
{
	size_t i = 0;

	while (i < t.n) {
		bool first = i == 0;

		if (!is_name_char(utf8_next(t, &i), first))
			return false;
	}
	return t.n != 0;
}

/* ---- writing ---- */

static void escape_json(struct buf *out, struct bytes in)
{
	for (size_t i = 0; i < in.n; i++) {
		unsigned char b = in.p[i];

		if (b == '"' || b == '\\')
			buf_byte(out, '\\');
		if (b < 0x20)
			buf_printf(out, "\\u%04x", b);
		else
			buf_byte(out, b);
	}
}

static bool escape_xml(struct buf *out, struct bytes in)
{
	bool lost = false;

	for (size_t i = 0; i < in.n; i++) {
		unsigned char b = in.p[i];

		if (b == '&')
			buf_z(out, "&amp;");
		else if (b == '<')
			buf_z(out, "&lt;");
		else if (b == '>')
			buf_z(out, "&gt;");
		else
			buf_byte(out, b < 0x20 || b == 0x7f ? '?' : b);
		lost |= b < 0x20 || b == 0x7f;
	}
	return lost;
}

static bool is_special(enum layout_form form, unsigned char b)
{
	if (b < 0x20 || b == 0x7f)
		return true;
	return form == FORM_JSONL ? b == '"' || b == '\\'
				  : b == '&' || b == '<' || b == '>';
}

bool layout_markup_escape(struct layout *l, struct buf *out, size_t start)
{
	size_t i = start;

	while (i < out->n && !is_special(l->form, out->p[i]))
		i++;
	if (i == out->n)
		return false;
	buf_clear(&l->field);
	buf_add(&l->field, out->p + start, out->n - start);
	out->n = start;
	if (l->form == FORM_XML)
		return escape_xml(out, buf_bytes(&l->field));
	escape_json(out, buf_bytes(&l->field));
	return false;
}

static struct bytes keep(struct layout *l, const char *before, struct text name,
    const char *after, bool json)
{
	struct buf b = {0};
	struct bytes out;

	buf_z(&b, before);
	if (json)
		escape_json(&b, text_bytes(name));
	else
		buf_text_add(&b, name);
	buf_z(&b, after);
	out = bytes_dup(&l->arena, buf_bytes(&b));
	buf_fini(&b);
	return out;
}

static void prepare_row(struct layout *l, struct layout_row *row)
{
	bool json = l->form == FORM_JSONL;

	if (json && row->mark.n != 0)
		row->open =
		    keep(l, "{\"" RECORD "\":\"", row->mark_text, "\"", false);
	else
		row->open =
		    json ? BYTES("{", 1) : keep(l, "<", row->tag, ">", false);
	row->close = json ? BYTES("}", 1) : keep(l, "</", row->tag, ">", false);
	for (size_t i = 0; i < row->n; i++) {
		struct layout_column *c = &row->column[i];
		bool first = i == 0 && row->mark.n == 0;

		c->open =
		    json ? keep(l, first ? "\"" : ",\"", c->name, "\":\"", true)
			 : keep(l, "<", c->name, ">", false);
		c->close =
		    json ? BYTES("\"", 1) : keep(l, "</", c->name, ">", false);
	}
}

void layout_markup_prepare(struct layout *l, struct layout_part *part)
{
	if (l->form != FORM_JSONL && l->form != FORM_XML)
		return;
	for (int k = 0; k < ROW_COUNT; k++)
		if (part->row[k].used)
			prepare_row(l, &part->row[k]);
}

static const char *newline_of(const struct layout *l)
{
	return l->newline == NEWLINE_LF ? "\n" : "\r\n";
}

void layout_markup_begin(
    const struct layout *l, const struct layout_part *part, struct buf *out)
{
	if (l->form == FORM_XML)
		buf_printf(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>%s<%s>%s",
		    newline_of(l), part->root.p, newline_of(l));
}

void layout_markup_end(
    const struct layout *l, const struct layout_part *part, struct buf *out)
{
	if (l->form == FORM_XML)
		buf_printf(out, "</%s>%s", part->root.p, newline_of(l));
}

/* ---- XML: the frame ---- */

static enum err_class no_xml(
    const struct layout_frame *f, struct err *e, const char *ja, const char *en)
{
	err_set(e, ERR_INPUT, "answer.header", ja, en);
	e->line = f->line;
	return e->class;
}

static bool is_space(unsigned char b)
{
	return b == ' ' || b == '\t' || b == '\r' || b == '\n';
}

/* Steps to an offset, counting lines. */
static void step(struct layout_frame *f, size_t to)
{
	for (; f->at < to; f->at++)
		f->line += f->file.p[f->at] == '\n';
}

static void skip_space(struct layout_frame *f)
{
	size_t i = f->at;

	while (i < f->file.n && is_space(f->file.p[i]))
		i++;
	step(f, i);
}

static bool starts(const struct layout_frame *f, const char *z)
{
	size_t n = strlen(z);

	return f->file.n - f->at >= n && memcmp(f->file.p + f->at, z, n) == 0;
}

/* Past the next z; false if there is none. */
static bool pass(struct layout_frame *f, const char *z)
{
	size_t n = strlen(z);

	for (size_t i = f->at; i + n <= f->file.n; i++)
		if (memcmp(f->file.p + i, z, n) == 0) {
			step(f, i + n);
			return true;
		}
	return false;
}

/* A tag <NAME>, </NAME> or <NAME/> at p[*i]; *empty for the last. */
static bool take_tag(
    struct bytes b, size_t *i, const char *open, struct text *name, bool *empty)
{
	size_t n = strlen(open);
	size_t at = *i + n;
	size_t from = at;

	*empty = false;
	if (b.n - *i < n || memcmp(b.p + *i, open, n) != 0)
		return false;
	/* A declaration or an instruction is no element. */
	if (at < b.n && (b.p[at] == '!' || b.p[at] == '?'))
		return false;
	while (at < b.n && !is_space(b.p[at]) && b.p[at] != '>' &&
	       b.p[at] != '/' && b.p[at] != '<')
		at++;
	*name = text_trust((const char *)b.p + from, at - from);
	while (at < b.n && is_space(b.p[at]))
		at++;
	if (at < b.n && b.p[at] == '/' && n == 1) {
		*empty = true;
		at++;
	}
	if (at >= b.n || b.p[at] != '>' || name->n == 0)
		return false;
	*i = at + 1;
	return true;
}

static bool utf8_declared(struct bytes declaration)
{
	static const char *const names[] = {"UTF-8", "utf-8"};
	static const char word[] = "encoding=";
	size_t n = sizeof(word) - 1;

	for (size_t i = 0; i + n < declaration.n; i++) {
		if (memcmp(declaration.p + i, word, n) != 0)
			continue;
		for (size_t k = 0; k < 2; k++)
			if (declaration.n - i - n >= 6 &&
			    memcmp(declaration.p + i + n + 1, names[k], 5) == 0)
				return true;
		return false;
	}
	return true;
}

/* The newline after a tag belongs to it: digests are of whole rows. */
static size_t past_newline(struct bytes b, size_t i)
{
	i += i < b.n && b.p[i] == '\r';
	i += i < b.n && b.p[i] == '\n';
	return i;
}

enum err_class layout_markup_open(struct layout_frame *f, struct err *e)
{
	size_t begin;
	struct text name;
	bool empty;

	if (starts(f, "\xef\xbb\xbf"))
		f->at += 3;
	begin = f->at;
	if (starts(f, "<?xml")) {
		if (!pass(f, "?>") ||
		    !utf8_declared(BYTES(f->file.p + begin, f->at - begin)))
			return no_xml(f, e, "XML宣言が取決めと違います",
			    "the XML declaration is not the one agreed");
	}
	skip_space(f);
	begin = f->at;
	if (!take_tag(f->file, &begin, "<", &name, &empty) || empty ||
	    !text_eq(name, f->part->root))
		return no_xml(f, e, "ルート要素が取決めと違います",
		    "the root element is not the one agreed");
	begin = past_newline(f->file, begin);
	step(f, begin);
	return ERR_NONE;
}

static enum err_class cut_short(const struct layout_frame *f, struct err *e)
{
	err_set(e, ERR_INPUT, "answer.count", "ファイルが途中で終わっています",
	    "the file is cut short");
	e->line = f->line;
	return e->class;
}

/* The root's end: nothing but blanks may follow. */
static enum err_class at_end(struct layout_frame *f, struct err *e)
{
	size_t i = f->at;
	struct text name;
	bool empty;

	if (!take_tag(f->file, &i, "</", &name, &empty) ||
	    !text_eq(name, f->part->root))
		return no_xml(f, e, "要素の入れ子が違います",
		    "the elements do not nest as agreed");
	step(f, i);
	skip_space(f);
	if (f->at < f->file.n)
		return no_xml(f, e, "ルート要素の後に続きがあります",
		    "something follows the root element");
	return ERR_NONE;
}

/* Where the row's end tag begins; false if the file has none. */
static bool find_end(struct bytes b, size_t from, struct text name, size_t *end)
{
	for (size_t i = from; i + name.n + 2 < b.n; i++) {
		const unsigned char *p = memchr(b.p + i, '<', b.n - i);

		if (p == NULL)
			return false;
		i = (size_t)(p - b.p);
		if (b.n - i < name.n + 3 || p[1] != '/' ||
		    memcmp(p + 2, name.p, name.n) != 0 ||
		    (p[name.n + 2] != '>' && !is_space(p[name.n + 2])))
			continue;
		*end = i;
		return true;
	}
	return false;
}

static int kind_by_tag(const struct layout_part *part, struct text name)
{
	for (int k = 0; k < ROW_COUNT; k++)
		if (part->row[k].used && text_eq(part->row[k].tag, name))
			return k;
	return -1;
}

static enum err_class take_row(
    struct layout_frame *f, struct layout_record *out, struct err *e)
{
	size_t i = f->at;
	size_t end = 0;
	struct text name;
	struct text close;
	bool empty;

	if (!take_tag(f->file, &i, "<", &name, &empty))
		return no_xml(f, e, "取決めにないXMLの書き方です",
		    "this is no XML of the kind agreed");
	out->begin = f->at;
	out->line = f->line;
	out->kind = kind_by_tag(f->part, name);
	out->raw = BYTES(f->file.p + i, 0);
	if (!empty) {
		if (!find_end(f->file, i, name, &end))
			return cut_short(f, e);
		out->raw.n = end - i;
		i = end;
		if (!take_tag(f->file, &i, "</", &close, &empty))
			return cut_short(f, e);
	}
	/* The newline after it is the row's own. */
	i = past_newline(f->file, i);
	step(f, i);
	out->end = i;
	return ERR_NONE;
}

enum err_class layout_markup_next(struct layout_frame *f,
    struct layout_record *out, bool *more, struct err *e)
{
	*more = false;
	/* After the root's end there is nothing (at_end has seen to it). */
	if (f->at == f->file.n && f->ended)
		return ERR_NONE;
	for (skip_space(f); starts(f, "<!--"); skip_space(f)) {
		f->at += 4;
		if (!pass(f, "-->"))
			return cut_short(f, e);
	}
	if (f->at == f->file.n)
		return cut_short(f, e);
	if (starts(f, "</")) {
		f->ended = true;
		return at_end(f, e);
	}
	*more = true;
	return take_row(f, out, e);
}

/* ---- fields by name ---- */

/* Puts a value at the column of that name; hint: where it is likely. */
static bool place(const struct layout_row *row, struct text name,
    struct bytes value, size_t *hint, struct bytes *field)
{
	for (size_t k = 0; k < row->n; k++) {
		size_t i = *hint + k < row->n ? *hint + k : *hint + k - row->n;

		if (!text_eq(row->column[i].name, name))
			continue;
		if (field[i].p != NULL)
			return false;
		field[i] = value;
		*hint = i + 1 < row->n ? i + 1 : 0;
		return true;
	}
	return false;
}

/* A reference as &amp; or &#x3042; at p[*i] ('&'); 0 if it is none. */
static uint32_t reference(struct bytes b, size_t *i)
{
	static const struct {
		const char *name;
		uint32_t c;
	} known[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'},
	    {"apos;", '\''}};
	uint32_t c = 0;
	size_t at = *i + 1;
	bool hex;

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
		size_t n = strlen(known[k].name);

		if (b.n - at >= n && memcmp(b.p + at, known[k].name, n) == 0) {
			*i = at + n;
			return known[k].c;
		}
	}
	if (at >= b.n || b.p[at++] != '#')
		return 0;
	hex = at < b.n && b.p[at] == 'x';
	for (at += hex; at < b.n && b.p[at] != ';' && c <= 0x10ffff; at++) {
		unsigned char d = b.p[at];

		if (d >= '0' && d <= '9')
			c = c * (hex ? 16 : 10) + (d - '0');
		else if (hex && (d | 32) >= 'a' && (d | 32) <= 'f')
			c = c * 16 + ((d | 32u) - 'a' + 10);
		else
			return 0;
	}
	if (at >= b.n || b.p[at] != ';' || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*i = at + 1;
	return c;
}

static bool unescape_xml(struct bytes in, struct arena *a, struct bytes *out)
{
	struct buf b = {0};
	bool good = true;

	*out = in;
	if (in.n == 0 || memchr(in.p, '&', in.n) == NULL)
		return true;
	for (size_t i = 0; good && i < in.n;) {
		uint32_t c;

		if (in.p[i] != '&') {
			buf_byte(&b, in.p[i++]);
			continue;
		}
		c = reference(in, &i);
		good = c != 0;
		if (good)
			utf8_put(&b, c);
	}
	if (good)
		*out = bytes_dup(a, buf_bytes(&b));
	buf_fini(&b);
	return good;
}

static bool split_xml(const struct layout_row *row, struct bytes raw,
    struct arena *a, struct bytes *field)
{
	size_t hint = 0;
	size_t i = 0;

	for (;;) {
		struct text name;
		struct text close;
		struct bytes value;
		size_t from;
		bool empty;

		while (i < raw.n && is_space(raw.p[i]))
			i++;
		if (i >= raw.n)
			return true;
		if (!take_tag(raw, &i, "<", &name, &empty))
			return false;
		from = i;
		while (!empty && i < raw.n && raw.p[i] != '<')
			i++;
		value = BYTES(raw.p + from, i - from);
		if (!empty &&
		    (i >= raw.n || !take_tag(raw, &i, "</", &close, &empty) ||
			!text_eq(name, close)))
			return false;
		if (!unescape_xml(value, a, &value) ||
		    !place(row, name, value, &hint, field))
			return false;
	}
}

/* ---- JSON ---- */

static void skip_blank(struct bytes b, size_t *i)
{
	while (*i < b.n && is_space(b.p[*i]))
		++*i;
}

/* A string at b[*i] ('"'): its slice as written. */
static bool json_string(struct bytes b, size_t *i, struct bytes *out)
{
	size_t from = ++*i;

	while (*i < b.n && b.p[*i] != '"') {
		if (b.p[*i] < 0x20)
			return false;
		*i += b.p[*i] == '\\' ? 2 : 1;
	}
	if (*i >= b.n)
		return false;
	*out = BYTES(b.p + from, *i - from);
	++*i;
	return true;
}

/* A number, true, false or null: as text; null is empty. */
static bool json_bare(struct bytes b, size_t *i, struct bytes *out)
{
	size_t from = *i;
	size_t n;

	while (
	    *i < b.n && (b.p[*i] == '-' || b.p[*i] == '+' || b.p[*i] == '.' ||
			    (b.p[*i] >= '0' && b.p[*i] <= '9') ||
			    ((b.p[*i] | 32) >= 'a' && (b.p[*i] | 32) <= 'z')))
		++*i;
	n = *i - from;
	*out = BYTES(b.p + from, n);
	if (n == 4 && memcmp(out->p, "null", 4) == 0) {
		out->n = 0;
		return true;
	}
	return n != 0 &&
	       ((n == 4 && memcmp(out->p, "true", 4) == 0) ||
		   (n == 5 && memcmp(out->p, "false", 5) == 0) ||
		   out->p[0] == '-' || (out->p[0] >= '0' && out->p[0] <= '9'));
}

/* The next member of an object; *done at its end. False: no such object. */
static bool json_member(struct bytes b, size_t *i, bool first,
    struct bytes *key, struct bytes *value, bool *escaped, bool *done)
{
	skip_blank(b, i);
	*done = *i < b.n && b.p[*i] == '}';
	if (*done) {
		++*i;
		skip_blank(b, i);
		return *i == b.n;
	}
	if (!first) {
		if (*i >= b.n || b.p[(*i)++] != ',')
			return false;
		skip_blank(b, i);
	}
	if (*i >= b.n || b.p[*i] != '"' || !json_string(b, i, key))
		return false;
	skip_blank(b, i);
	if (*i >= b.n || b.p[(*i)++] != ':')
		return false;
	skip_blank(b, i);
	*escaped = *i < b.n && b.p[*i] == '"';
	return *escaped ? json_string(b, i, value) : json_bare(b, i, value);
}

static bool open_object(struct bytes raw, size_t *i)
{
	*i = 0;
	skip_blank(raw, i);
	return *i < raw.n && raw.p[(*i)++] == '{';
}

int layout_markup_kind(const struct layout_part *part, struct bytes raw)
{
	struct bytes key;
	struct bytes value;
	bool first = true;
	bool escaped;
	bool done;
	size_t i;

	if (!open_object(raw, &i))
		return -1;
	while (json_member(raw, &i, first, &key, &value, &escaped, &done) &&
	       !done) {
		first = false;
		if (!bytes_eq(key, BYTES(RECORD, sizeof(RECORD) - 1)))
			continue;
		for (int k = 0; k < ROW_COUNT; k++)
			if (part->row[k].used &&
			    bytes_eq(part->row[k].mark, value))
				return k;
		return -1;
	}
	return -1;
}

static bool hex4(struct bytes b, size_t at, uint32_t *out)
{
	unsigned char two[2];

	if (b.n < 4 || at > b.n - 4 ||
	    !bytes_unhex(text_trust((const char *)b.p + at, 4), two, 2))
		return false;
	*out = (uint32_t)two[0] << 8 | two[1];
	return true;
}

/* \uXXXX at b[*i] ('u'), with its second half if it is a pair's first. */
static bool json_unicode(struct bytes b, size_t *i, struct buf *out)
{
	uint32_t c;
	uint32_t low;

	if (!hex4(b, *i + 1, &c))
		return false;
	*i += 5;
	if (c >= 0xd800 && c <= 0xdbff) {
		if (b.n - *i < 6 || b.p[*i] != '\\' || b.p[*i + 1] != 'u' ||
		    !hex4(b, *i + 2, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		*i += 6;
	} else if (c >= 0xdc00 && c <= 0xdfff) {
		return false;
	}
	utf8_put(out, c);
	return true;
}

static bool put_escaped(struct bytes in, size_t *i, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *p;

	if (++*i >= in.n)
		return false;
	if (in.p[*i] == 'u')
		return json_unicode(in, i, out);
	p = memchr(from, in.p[*i], sizeof(from) - 1);
	if (p == NULL)
		return false;
	buf_byte(out, (unsigned char)to[p - from]);
	++*i;
	return true;
}

static bool unescape_json(struct bytes in, struct arena *a, struct bytes *out)
{
	struct buf b = {0};
	bool good = true;

	*out = in;
	if (in.n == 0 || memchr(in.p, '\\', in.n) == NULL)
		return true;
	for (size_t i = 0; good && i < in.n;) {
		if (in.p[i] == '\\')
			good = put_escaped(in, &i, &b);
		else
			buf_byte(&b, in.p[i++]);
	}
	if (good)
		*out = bytes_dup(a, buf_bytes(&b));
	buf_fini(&b);
	return good;
}

static bool split_json(const struct layout_row *row, struct bytes raw,
    struct arena *a, struct bytes *field)
{
	struct bytes key;
	struct bytes value;
	size_t hint = 0;
	bool first = true;
	bool marked = false;
	bool escaped;
	bool done;
	size_t i;

	if (!open_object(raw, &i))
		return false;
	for (;; first = false) {
		if (!json_member(raw, &i, first, &key, &value, &escaped, &done))
			return false;
		if (done)
			return true;
		if (row->mark.n != 0 && !marked &&
		    bytes_eq(key, BYTES(RECORD, sizeof(RECORD) - 1))) {
			marked = true;
			continue;
		}
		if (!unescape_json(key, a, &key) ||
		    (escaped && !unescape_json(value, a, &value)) ||
		    !place(row, text_trust((const char *)key.p, key.n), value,
			&hint, field))
			return false;
	}
}

bool layout_markup_split(const struct layout *l, const struct layout_row *row,
    struct bytes raw, struct arena *a, struct bytes *field)
{
	memset(field, 0, row->n * sizeof(*field));
	if (!(l->form == FORM_XML ? split_xml : split_json)(row, raw, a, field))
		return false;
	for (size_t i = 0; i < row->n; i++)
		if (field[i].p == NULL)
			field[i] = BYTES("", 0);
	return true;
}
