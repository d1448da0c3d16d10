/* subject_reader.c — reads subjects.csv; see subject.h. */
#include "codes/codes.h"
#include "codes/number.h"
#include "record/item.h"
#include "record/limits.h"
#include "record/subject.h"
#include "record/subject_row.h"
#include "record/subject_shape.h"
#include "record/subject_text.h"
#include "text/utf8.h"

#include "base/date.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The forms of docs/interface.md §8, one for each name in SUBJECT_COLUMNS. */
enum form {
	FORM_DIGITS,
	FORM_CODE_123,
	FORM_TEXT,
	FORM_PARTIAL_DATE,
	FORM_DATE,
	FORM_CODE_SEX,
	FORM_POSTAL,
	FORM_ADDRESS_CODE,
	FORM_FLAG,
	FORM_CORPORATE,
	FORM_KAMOKU,
	FORM_YEN,
	FORM_MEASURES,
	FORM_BANK,
	FORM_BRANCH,
	FORM_KIND,
};

static const enum form forms[SUBJECT_COUNT] = {
#define SUBJECT_FORM_(id, name, form, max, must, identity) FORM_##form,
    SUBJECT_COLUMNS(SUBJECT_FORM_)
#undef SUBJECT_FORM_
};

/* Bytes that can be read behind a row's copy. */
#define KEPT_BEHIND SUBJECT_SHAPE_BYTES
_Static_assert(SUBJECT_COUNT <= SUBJECT_ROW_FIELDS, "a column once");

struct subject_reader {
	struct csv csv;
	csv_read_fn *read;
	void *ctx;
	size_t size; /* bytes read */
	size_t max;  /* bytes of the whole file */
	bool too_large;
	bool wrong_mark; /* a byte order mark of another encoding */
	enum encoding encoding;
	char name[128];
	size_t columns;
	enum subject_column column[CSV_FIELDS_MAX]; /* of each field */
	long place[SUBJECT_COUNT]; /* its field, from 1; 0: not in the file */
	struct arena arena;	   /* the code tables */
	const struct codes *codes;
	struct buf decoded;
	struct subject_shape shape[SUBJECT_COUNT]; /* of each field */
	struct subject_row_usual usual;		   /* what they have alike */
	uint64_t any; /* fields of which no byte is bad, a bit each */
	enum subject_column must[SUBJECT_COUNT];
	size_t musts;
	char *kept; /* a copy of the row at hand, of its raw bytes */
	struct subject_row row; /* of a plain one */
	bool as_is;    /* it is, and each canonical text is what stands in it */
	uint64_t full; /* fields that must not be empty, a bit each */
	struct subject empty;
	/* Identity columns that stand side by side: their first and last
	 * fields. */
	struct run {
		size_t first;
		size_t last;
	} run[SUBJECT_COUNT];
	size_t runs;
};

/* Fills p with three bytes, unless the file has fewer. */
static long read_mark(struct subject_reader *r, unsigned char *p, size_t n)
{
	long have = r->read(r->ctx, p, n);

	while (have > 0 && have < 3) {
		long more = r->read(r->ctx, p + have, n - (size_t)have);

		if (more < 0)
			return more;
		if (more == 0)
			break;
		have += more;
	}
	return have;
}

/* Takes a byte order mark off the first n bytes. */
static long strip_mark(struct subject_reader *r, unsigned char *p, long n)
{
	if (n >= 2 &&
	    (memcmp(p, "\xFE\xFF", 2) == 0 || memcmp(p, "\xFF\xFE", 2) == 0))
		r->wrong_mark = true;
	if (n < 3 || memcmp(p, "\xEF\xBB\xBF", 3) != 0)
		return n;
	if (r->encoding != ENCODING_UTF8)
		r->wrong_mark = true;
	memmove(p, p + 3, (size_t)n - 3);
	return n - 3;
}

/* A csv_read_fn that bounds the file and takes the byte order mark off. */
static long bounded_read(void *ctx, void *p, size_t n)
{
	struct subject_reader *r = ctx;
	bool first = r->size == 0;
	long got = first ? read_mark(r, p, n) : r->read(r->ctx, p, n);

	if (got <= 0)
		return got;
	if ((size_t)got > r->max - r->size) {
		r->too_large = true;
		errno = EFBIG;
		return -1;
	}
	r->size += (size_t)got;
	if (first)
		got = strip_mark(r, p, got);
	/* 0 would say that the file ends. */
	return got != 0 ? got : bounded_read(ctx, p, n);
}

static enum err_class refuse_file(
    const struct subject_reader *r, long line, const char *item, struct err *e)
{
	(void)err_at(e, r->name, line, 0, item);
	e->level = ERR_FILE;
	return e->class;
}

/* A fault of csv.h as the refusal it means here. */
static enum err_class csv_refusal(const struct subject_reader *r, struct err *e)
{
	long line = e->line;

	if (r->too_large) {
		err_set(e, ERR_LIMIT, "subjects.too_large",
		    "ファイルが上限の大きさを超えています",
		    "the file is over the bound");
		(void)err_detail(e, "%zu", r->max);
		return refuse_file(r, 0, NULL, e);
	}
	if (e->class == ERR_LIMIT) {
		err_set(e, ERR_LIMIT, "subjects.too_large",
		    "1 行が 64 KiB か 256 列を超えています",
		    "a line is over 64 KiB or 256 columns");
		return refuse_file(r, line, NULL, e);
	}
	if (e->class == ERR_INPUT) {
		e->code = "subjects.quotes";
		return refuse_file(r, line, NULL, e);
	}
	return e->class;
}

/* The next record that is not a blank line. */
static enum err_class next_record(
    struct subject_reader *r, bool *more, struct err *e)
{
	do {
		if (csv_next(&r->csv, more, e) != ERR_NONE)
			return csv_refusal(r, e);
	} while (*more && r->csv.blank);
	if (*more && r->csv.nul) {
		err_set(e, ERR_INPUT, "subjects.nul",
		    "NUL 文字が含まれています", "the file holds a NUL");
		return refuse_file(r, r->csv.line, NULL, e);
	}
	return ERR_NONE;
}

static bool is_ascii(struct bytes b)
{
	uint64_t all = 0;
	uint64_t w;

	for (; b.n >= 8; b = BYTES(b.p + 8, b.n - 8)) {
		memcpy(&w, b.p, 8);
		all |= w;
	}
	for (size_t i = 0; i < b.n; i++)
		all |= b.p[i];
	return (all & UINT64_C(0x8080808080808080)) == 0;
}

/*
 * T1: the only place where bytes of the file become text. ASCII is the same in
 * all encodings that subjects.csv may have.
 */
static bool decode(struct subject_reader *r, struct bytes b, struct text *out)
{
	size_t bad;

	if (is_ascii(b)) { /* and without NUL: next_record */
		*out = text_trust((const char *)b.p, b.n);
		return true;
	}
	if (r->encoding == ENCODING_UTF8)
		return utf8_decode(b, out, &bad);
	buf_clear(&r->decoded);
	if (!encoding_decode(r->encoding, b, &r->decoded, &bad))
		return false;
	*out = buf_text(&r->decoded);
	return true;
}

static enum err_class wrong_encoding(
    const struct subject_reader *r, struct err *e)
{
	err_set(e, ERR_INPUT, "subjects.encoding", "文字コードが指定と違います",
	    "the file is not in the encoding it was said to be in");
	return refuse_file(r, 1, NULL, e);
}

/* The column of that name; SUBJECT_COUNT if there is none. */
static enum subject_column column_named(struct text name)
{
	for (int i = 0; i < SUBJECT_COUNT; i++)
		if (item_name_eq(name, subject_info[i].name))
			return (enum subject_column)i;
	return SUBJECT_COUNT;
}

/* Read as CP932, a column's name in UTF-8 is often some other valid text. */
static bool is_utf8_name(struct bytes b)
{
	struct text name;
	size_t bad;

	return !is_ascii(b) && utf8_decode(b, &name, &bad) &&
	       (column_named(name) != SUBJECT_COUNT ||
		   item_request_named(name) >= 0);
}

/*
 * S5: what the file says is not repeated; a file without a header has a
 * person's record in its place.
 */
static enum err_class take_column(
    struct subject_reader *r, size_t k, struct err *e)
{
	struct text name;
	enum subject_column c;
	int item;

	if (!decode(r, r->csv.field[k], &name))
		return wrong_encoding(r, e);
	c = column_named(name);
	if (c != SUBJECT_COUNT && r->place[c] == 0) {
		r->column[k] = c;
		r->place[c] = (long)k + 1;
		return ERR_NONE;
	}
	if (c == SUBJECT_COUNT && r->encoding != ENCODING_UTF8 &&
	    is_utf8_name(r->csv.field[k]))
		return wrong_encoding(r, e);
	item = item_request_named(name);
	if (c != SUBJECT_COUNT)
		err_set(e, ERR_INPUT, "subjects.header", "同じ列が二度あります",
		    "a column stands twice");
	else if (item >= 0)
		err_set(e, ERR_INPUT, "subjects.header",
		    "システムが付ける項目の列があります",
		    "a column that the system fills is in the file");
	else
		err_set(e, ERR_INPUT, "subjects.header", "知らない列があります",
		    "a column is not known");
	(void)refuse_file(r, r->csv.line,
	    c != SUBJECT_COUNT ? subject_info[c].name
	    : item >= 0	       ? item_request[item].name
			       : NULL,
	    e);
	e->column = (long)k + 1;
	return e->class;
}

static enum err_class no_column(
    const struct subject_reader *r, enum subject_column c, struct err *e)
{
	err_set(e, ERR_INPUT, "subjects.header", "必要な列がありません",
	    "a mandatory column is missing");
	return refuse_file(r, r->csv.line, subject_info[c].name, e);
}

static void find_runs(struct subject_reader *r)
{
	bool within = false;

	for (size_t k = 0; k < r->columns; k++) {
		bool identity = subject_info[r->column[k]].identity;

		if (identity && !within)
			r->run[r->runs++].first = k;
		if (identity)
			r->run[r->runs - 1].last = k;
		within = identity;
	}
}

static enum err_class read_header(struct subject_reader *r, struct err *e)
{
	bool more;
	enum err_class c = next_record(r, &more, e);

	if (r->wrong_mark)
		return wrong_encoding(r, e);
	TRY(c);
	if (!more) {
		err_set(e, ERR_INPUT, "subjects.empty", "ファイルが空です",
		    "the file is empty");
		return refuse_file(r, 1, NULL, e);
	}
	r->columns = r->csv.fields;
	for (size_t k = 0; k < r->columns; k++)
		TRY(take_column(r, k, e));
	for (int i = 0; i < SUBJECT_COUNT; i++) {
		if (subject_info[i].must && r->place[i] == 0)
			return no_column(r, (enum subject_column)i, e);
		if (subject_info[i].must)
			r->must[r->musts++] = (enum subject_column)i;
	}
	if (r->place[SUBJECT_KANJI] == 0 && r->place[SUBJECT_ROMAN] == 0)
		return no_column(r, SUBJECT_KANJI, e);
	find_runs(r);
	for (size_t k = 0; k < r->columns; k++)
		if (subject_info[r->column[k]].must ||
		    r->column[k] == SUBJECT_KANJI)
			r->full |= UINT64_C(1) << k;
	if (r->place[SUBJECT_KANJI] == 0)
		r->full |= UINT64_C(1) << (r->place[SUBJECT_ROMAN] - 1);
	for (int i = 0; i < SUBJECT_COUNT; i++)
		r->empty.f[i] = TEXT("");
	return ERR_NONE;
}

static void take_shape(
    struct subject_reader *r, size_t k, struct subject_shape shape)
{
	r->shape[k] = shape;
	r->usual.least[k] = shape.least;
	r->usual.more[k] = shape.more;
	r->any |= (uint64_t)shape.any << k;
}

enum err_class subject_reader_new(csv_read_fn *read_fn, void *ctx,
    enum encoding encoding, const char *name, struct subject_reader **out,
    struct err *e)
{
	struct subject_reader *r = arena_xmalloc(sizeof(*r));
	enum err_class c;

	*r = (struct subject_reader){.read = read_fn,
	    .ctx = ctx,
	    .max = LIMIT_SUBJECTS_FILE,
	    .encoding = encoding};
	(void)snprintf(r->name, sizeof(r->name), "%s", name);
	csv_init(&r->csv, bounded_read, r, LIMIT_LINE, LIMIT_FIELD);
	c = codes_load(&r->arena, &r->codes, e);
	if (c == ERR_NONE)
		c = read_header(r, e);
	if (c != ERR_NONE) {
		subject_reader_free(r);
		return c;
	}
	for (size_t k = 0; k < r->columns; k++)
		take_shape(r, k, subject_shape_of(r->column[k], r->codes));
	*out = r;
	return ERR_NONE;
}

void subject_reader_limit(struct subject_reader *r, size_t max)
{
	if (max < r->max)
		r->max = max > r->size ? max : r->size;
}

void subject_reader_free(struct subject_reader *r)
{
	if (r == NULL)
		return;
	csv_fini(&r->csv);
	buf_fini(&r->decoded);
	arena_fini(&r->arena);
	free(r);
}

/* Refuses the row at hand for column c. Always false. */
static bool refuse(
    const struct subject_reader *r, enum subject_column c, struct err *e)
{
	(void)err_at(
	    e, r->name, r->csv.line, r->place[c], subject_info[c].name);
	return false;
}

static bool too_long(
    const struct subject_reader *r, enum subject_column c, struct err *e)
{
	err_set(e, ERR_LIMIT, "subjects.field_too_long", "項目が長すぎます",
	    "the field is too long");
	(void)err_detail(e, "%zu", subject_info[c].max);
	return refuse(r, c, e);
}

static bool unknown_code(
    const struct subject_reader *r, enum subject_column c, struct err *e)
{
	err_set(e, ERR_INPUT, "subjects.unknown_code",
	    "決められたコードや形式ではありません",
	    "not one of the codes, or not in the form, that is laid down");
	return refuse(r, c, e);
}

static bool missing(
    const struct subject_reader *r, enum subject_column c, struct err *e)
{
	err_set(e, ERR_INPUT, "subjects.missing", "必須の項目が空です",
	    "a mandatory field is empty");
	return refuse(r, c, e);
}

static bool bad_char(
    const struct subject_reader *r, enum subject_column c, struct err *e)
{
	err_set(e, ERR_INPUT, "subjects.bad_utf8_char",
	    "読めない文字か見えない制御文字があります",
	    "a character cannot be read, or is a hidden control character");
	return refuse(r, c, e);
}

/* t as it stays: in the copy of the row, or a copy of its own in a. */
static struct text keep(
    const struct subject_reader *r, struct arena *a, struct text t)
{
	uintptr_t at = (uintptr_t)t.p - (uintptr_t)r->csv.raw.p;

	return at < r->csv.raw.n ? text_trust(r->kept + at, t.n)
				 : text_dup(a, t);
}

static bool take_text(struct subject_reader *r, struct arena *a,
    enum subject_column c, struct text *t, struct err *e)
{
	size_t chars;
	uint32_t bad;

	if (!subject_text_normal(a, *t, t, &chars, &bad)) {
		(void)bad_char(r, c, e);
		(void)err_detail(e, "U+%04X", (unsigned)bad);
		return false;
	}
	return chars <= subject_info[c].max || too_long(r, c, e);
}

/* One of the words of 処分状況, joined by '|'. */
static bool is_measures(struct text t)
{
	static const char *const words[] = {
	    "完納", "分納", "猶予", "停止", "破産"};

	for (;;) {
		const char *bar = memchr(t.p, '|', t.n);
		size_t n = bar == NULL ? t.n : (size_t)(bar - t.p);
		bool known = false;

		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (text_is(text_trust(t.p, n), words[i]))
				known = true;
		if (!known || bar == NULL)
			return known;
		t = text_trust(bar + 1, t.n - n - 1);
	}
}

/* A whole number of yen without needless zeros. */
static bool take_yen(struct text *t)
{
	if (!text_is_digits(*t, 1, 12))
		return false;
	while (t->n > 1 && t->p[0] == '0')
		*t = text_trust(t->p + 1, t->n - 1);
	return true;
}

static bool take_postal(struct arena *a, struct text *t)
{
	char postal[8];

	if (!number_postal(*t, postal))
		return false;
	if (t->n != 7)
		*t = text_dup(a, text_trust(postal, 7));
	return true;
}

static bool is_from(struct text t, char first, char last)
{
	return t.n == 1 && t.p[0] >= first && t.p[0] <= last;
}

/* Checks a code against its form; may make it canonical. */
static bool take_code(struct subject_reader *r, struct arena *a,
    enum subject_column c, struct text *t)
{
	switch (forms[c]) {
	case FORM_DIGITS:
		return text_is_digits(*t, 1, subject_info[c].max);
	case FORM_CODE_123:
		return is_from(*t, '1', '3');
	case FORM_CODE_SEX:
		return is_from(*t, '0', '2') || is_from(*t, '9', '9');
	case FORM_FLAG:
		return is_from(*t, '0', '1');
	case FORM_KIND:
		return number_account_kind(*t) != NULL;
	case FORM_POSTAL:
		return take_postal(a, t);
	case FORM_ADDRESS_CODE:
		return number_is_address_code(*t);
	case FORM_CORPORATE:
		return number_is_corporate(*t);
	case FORM_KAMOKU:
		return codes_kamoku_known(r->codes, *t);
	case FORM_YEN:
		return take_yen(t);
	case FORM_MEASURES:
		return is_measures(*t);
	case FORM_BANK:
		return text_is_digits(*t, 4, 4);
	case FORM_BRANCH:
		return text_is_digits(*t, 3, 3);
	case FORM_TEXT:
	case FORM_PARTIAL_DATE:
	case FORM_DATE:
		break;
	}
	return false;
}

static bool take_date(const struct subject_reader *r, enum subject_column c,
    struct text t, struct err *e)
{
	struct date d;

	if (forms[c] == FORM_DATE ? date_parse(t, &d)
				  : date_parse_partial(t, &d))
		return true;
	err_set(e, ERR_INPUT, "subjects.bad_date",
	    "暦にない日付か、YYYY-MM-DD の形ではありません",
	    "not a day of the calendar, or not in the form YYYY-MM-DD");
	return refuse(r, c, e);
}

/* A field that is not free text, in its canonical form. */
static bool take_form(struct subject_reader *r, struct arena *a,
    enum subject_column c, struct text *t, struct err *e)
{
	if (forms[c] == FORM_DATE || forms[c] == FORM_PARTIAL_DATE)
		return take_date(r, c, *t, e);
	if (take_code(r, a, c, t))
		return true;
	return t->n > subject_info[c].max &&
		       utf8_count(*t) > subject_info[c].max
		   ? too_long(r, c, e)
		   : unknown_code(r, c, e);
}

/* A field of a row that is not plain. */
static bool take_any(struct subject_reader *r, struct arena *a, size_t k,
    struct text *out, struct err *e)
{
	enum subject_column c = r->column[k];
	struct bytes b = r->csv.field[k];
	struct text t;

	if (!decode(r, b, &t))
		return bad_char(r, c, e);
	if (forms[c] != FORM_TEXT) {
		if (!take_form(r, a, c, &t, e))
			return false;
	} else if (r->encoding != ENCODING_UTF8 || b.n > subject_info[c].max ||
		   !subject_text_plain(b)) {
		if (!take_text(r, a, c, &t, e))
			return false;
	}
	*out = keep(r, a, t);
	return true;
}

/* A field that may be as it should nevertheless. */
static bool take_unsure(struct subject_reader *r, struct arena *a, size_t k,
    struct subject *out, struct err *e)
{
	struct subject_shape *shape = &r->shape[k];
	enum subject_column c = (enum subject_column)shape->column;
	struct text *to = &out->f[c];
	struct text as_is = *to;

	if (subject_shape_municipality(shape, *to)) {
		take_shape(r, k, *shape);
		return true;
	}
	if (!(forms[c] == FORM_TEXT ? take_text(r, a, c, to, e)
				    : take_form(r, a, c, to, e)))
		return false;
	r->as_is &= to->p == as_is.p && to->n == as_is.n;
	return true;
}

static SUBJECT_ROW_MACHINE inline void make_empty(struct subject *s)
{
	const struct text none = TEXT("");

#define EMPTY_(id, name, form, max, must, identity) s->f[SUBJECT_##id] = none;
	SUBJECT_COLUMNS(EMPTY_)
#undef EMPTY_
}

/* The fields of a plain row, in the row's copy at their places. */
static SUBJECT_ROW_MACHINE inline void place_fields(
    const struct subject_reader *r, struct subject *out)
{
	const uint32_t *end = r->row.end;
	const char *row = r->kept;

	make_empty(out);
	for (uint64_t full = r->row.full; full != 0; full &= full - 1) {
		size_t k = (size_t)__builtin_ctzll(full);
		uint32_t from = end[k] + 1;

		out->f[r->column[k]] =
		    text_trust(row + from, end[k + 1] - from);
	}
}

/* Which of the usual fields are not sure to be good, a bit each. */
static SUBJECT_ROW_MACHINE inline uint64_t unsure_fields(
    const struct subject_reader *r)
{
	const uint32_t *end = r->row.end;
	const char *row = r->kept;
	uint64_t unsure = 0;

	for (uint64_t left = r->row.usual & ~r->any; left != 0;
	     left &= left - 1) {
		size_t k = (size_t)__builtin_ctzll(left);
		uint32_t from = end[k] + 1;

		if (!subject_shape_fits(
			&r->shape[k], row + from, end[k + 1] - from))
			unsure |= left & -left;
	}
	return unsure;
}

/* The fields of a plain row: well-formed (T1). */
static SUBJECT_ROW_MACHINE bool take_plain(struct subject_reader *r,
    struct arena *a, struct subject *out, struct err *e)
{
	uint64_t unsure;

	place_fields(r, out);
	unsure = unsure_fields(r) | (r->row.full & ~r->row.usual);
	for (; unsure != 0; unsure &= unsure - 1)
		if (!take_unsure(r, a, (size_t)__builtin_ctzll(unsure), out, e))
			return false;
	return true;
}

static bool take_others(struct subject_reader *r, struct arena *a,
    struct subject *out, struct err *e)
{
	*out = r->empty;
	for (size_t k = 0; k < r->columns; k++)
		if (r->csv.field[k].n != 0 &&
		    !take_any(r, a, k, &out->f[r->column[k]], e))
			return false;
	return true;
}

static bool has_all(
    struct subject_reader *r, const struct subject *s, struct err *e)
{
	for (size_t i = 0; i < r->musts; i++)
		if (s->f[r->must[i]].n == 0)
			return missing(r, r->must[i], e);
	if (s->f[SUBJECT_KANJI].n == 0 && s->f[SUBJECT_ROMAN].n == 0)
		return missing(r, SUBJECT_KANJI, e);
	return true;
}

static bool take_row(struct subject_reader *r, struct arena *a,
    struct subject *out, struct err *e)
{
	if (r->csv.too_long != 0)
		return too_long(r, r->column[r->csv.too_long - 1], e);
	return take_others(r, a, out, e) && has_all(r, out, e);
}

/* A row whose fields are not as many as the header's. */
static enum err_class wrong_fields(
    struct subject_reader *r, enum subject_read *what, struct err *e)
{
	size_t fields = r->csv.fields;

	if (fields < r->columns && csv_cut_off(&r->csv)) {
		err_set(e, ERR_INPUT, "subjects.truncated",
		    "ファイルが途中で切れています",
		    "the file ends within a record");
		return refuse_file(r, r->csv.line, NULL, e);
	}
	err_set(e, ERR_INPUT, "subjects.missing", "列の数が見出しと違います",
	    "the row has not as many fields as the header");
	(void)err_at(e, r->name, r->csv.line, 0, NULL);
	(void)err_detail(e, "%zu/%zu", fields, r->columns);
	*what = SUBJECT_REFUSED;
	return ERR_NONE;
}

/* The row's n bytes at p, which its texts are part of. */
static void keep_row(
    struct subject_reader *r, struct arena *a, const unsigned char *p, size_t n)
{
	r->kept = arena_take(a, n + KEPT_BEHIND);
	memcpy(r->kept, p, n);
}

/* Takes the next row if it is plain and at hand, as nearly all are. */
static bool take_at_hand(struct subject_reader *r, struct arena *a,
    enum subject_read *what, struct subject *out, struct err *e)
{
	struct bytes at_hand = csv_at_hand(&r->csv);

	if (r->encoding != ENCODING_UTF8 ||
	    !subject_row_scan(at_hand, LIMIT_FIELD, &r->usual, &r->row) ||
	    r->row.fields != r->columns)
		return false;
	csv_take(&r->csv, r->row.taken);
	keep_row(r, a, at_hand.p, r->row.n);
	r->as_is = true;
	*what = take_plain(r, a, out, e) &&
			((r->full & ~r->row.full) == 0 || has_all(r, out, e))
		    ? SUBJECT_ROW
		    : SUBJECT_REFUSED;
	return true;
}

enum err_class subject_reader_next(struct subject_reader *r, struct arena *a,
    enum subject_read *what, struct subject *out, long *line, struct err *e)
{
	bool more;

	if (take_at_hand(r, a, what, out, e)) {
		*line = r->csv.line;
		return ERR_NONE;
	}
	TRY(next_record(r, &more, e));
	*line = r->csv.line;
	if (!more) {
		*what = SUBJECT_END;
		return ERR_NONE;
	}
	if (r->csv.fields != r->columns)
		return wrong_fields(r, what, e);
	keep_row(r, a, r->csv.raw.p, r->csv.raw.n);
	r->as_is = false;
	*what = take_row(r, a, out, e) ? SUBJECT_ROW : SUBJECT_REFUSED;
	return ERR_NONE;
}

/* ---- identity ---- */

__extension__ typedef unsigned __int128 wide;

/* Both halves of a product. */
static uint64_t mixed(uint64_t a, uint64_t b)
{
	wide m = (wide)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* The last 16 of n bytes as two words; fewer, some of them twice. */
static void ends(const char *p, size_t n, uint64_t w[2])
{
	uint32_t half[2];

	w[0] = w[1] = 0;
	if (n >= 16) {
		memcpy(w, p + n - 16, 16);
	} else if (n >= 8) {
		memcpy(&w[0], p, 8);
		memcpy(&w[1], p + n - 8, 8);
	} else if (n >= 4) {
		memcpy(&half[0], p, 4);
		memcpy(&half[1], p + n - 4, 4);
		w[0] = half[0];
		w[1] = half[1];
	} else if (n > 0) {
		w[0] = (unsigned char)p[0];
		w[1] = (uint64_t)(unsigned char)p[n / 2] << 8 |
		       (unsigned char)p[n - 1];
	}
}

static uint64_t digest(uint64_t h, const char *p, size_t n)
{
	const uint64_t first = UINT64_C(0x9e3779b97f4a7c15);
	const uint64_t second = UINT64_C(0xbf58476d1ce4e5b9);
	uint64_t w[2];

	h ^= n * first;
	for (size_t i = 0; i + sizeof(w) < n; i += sizeof(w)) {
		memcpy(w, p + i, sizeof(w));
		h = mixed(h ^ w[0], w[1] ^ second);
	}
	ends(p, n, w);
	return mixed(h ^ w[0] ^ second, w[1] ^ first);
}

/* The canonical texts of a run, as they would stand in a plain row: a comma
 * within one, which only stands in quotes, is told from those between them. */
static struct text joined(
    struct subject_reader *r, const struct subject *s, const struct run *run)
{
	buf_clear(&r->decoded);
	for (size_t k = run->first; k <= run->last; k++) {
		struct text t = s->f[r->column[k]];

		if (k > run->first)
			buf_byte(&r->decoded, ',');
		for (size_t i = 0; i < t.n; i++)
			buf_byte(&r->decoded,
			    t.p[i] == ',' ? 1 : (unsigned char)t.p[i]);
	}
	return buf_text(&r->decoded);
}

uint64_t subject_reader_identity(
    struct subject_reader *r, const struct subject *s)
{
	uint64_t h = 0;

	for (size_t i = 0; i < r->runs; i++) {
		const struct run *run = &r->run[i];
		size_t from = (uint32_t)(r->row.end[run->first] + 1);
		struct text t = r->as_is ? text_trust(r->kept + from,
					       r->row.end[run->last + 1] - from)
					 : joined(r, s, run);

		if (t.n != 0)
			h = digest(h + i, t.p, t.n);
	}
	return h;
}
