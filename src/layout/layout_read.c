/*
 * layout_read.c — an institution's file, read: the frame first, then record
 * by record. Hostile bytes arrive here.
 */
#include "base/digest.h"
#include "layout/layout_gather.h"

/* What the first pass learned of header, trailer and what is between. */
struct frame_facts {
	size_t details;
	size_t rows;
	size_t body_at; /* the rows between header and trailer */
	size_t body_end;
	bool header_seen;
	bool trailer_seen;
	bool unsummed; /* an amount that goes into a sum cannot be read */
	long line;
};

/* What header and trailer say of the rows; SIZE_MAX: nothing. */
struct frame_told {
	size_t records;
	size_t rows;
	int64_t sum[LAYOUT_SUMS_MAX];
	struct text digest;
};

/* ---- the frame ---- */

static enum err_class bad_header(struct err *e, long line, const char *item)
{
	err_set(e, ERR_INPUT, "answer.header", "ヘッダが取決めと違います",
	    "the header is not as agreed");
	(void)err_at(e, NULL, line, 0, item);
	e->level = ERR_FILE;
	return e->class;
}

static enum err_class bad_count(struct err *e, long line, const char *item)
{
	err_set(e, ERR_INPUT, "answer.count", "件数が合いません",
	    "the counts do not agree");
	(void)err_at(e, NULL, line, 0, item);
	e->level = ERR_FILE;
	return e->class;
}

/* Keeps the file id; false if it is none. */
static bool keep_file_id(
    struct layout *l, const struct layout_column *c, struct bytes field)
{
	field = layout_value_read_trim(l, c, field);
	if (field.n > LAYOUT_FILE_ID_MAX)
		return false;
	for (size_t i = 0; i < field.n; i++) {
		unsigned char b = field.p[i];

		if (!((b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') ||
			(b >= 'a' && b <= 'z') || b == '-'))
			return false;
	}
	if (field.n != 0)
		memcpy(l->run.file_id, field.p, field.n);
	l->run.file_id[field.n] = '\0';
	return true;
}

/* A constant, or a fact both sides know, must be exactly that. */
static bool agrees(
    struct layout *l, const struct layout_column *c, struct bytes field)
{
	struct text due =
	    c->value == VALUE_CODE ? text_z(l->code) : c->constant;
	size_t at;
	uint32_t bad;

	buf_clear(&l->field);
	if (!encoding_encode(l->encoding, due, &l->field, &at, &bad))
		return false;
	return bytes_eq(
	    layout_value_read_trim(l, c, field), buf_bytes(&l->field));
}

/* A sum or a digest of the trailer. */
static bool keep_total(struct layout *l, const struct layout_column *c,
    struct bytes field, struct arena *a, struct frame_told *told)
{
	struct layout_reading v;
	struct err e;
	bool minus;

	if (layout_value_read(l, c, field, a, &v, &e) != ERR_NONE)
		return false;
	if (c->value == VALUE_DIGEST) {
		told->digest = v.value;
		return v.value.n == DIGEST_TEXT - 1;
	}
	minus = v.value.n > 0 && v.value.p[0] == '-';
	if (v.value.n == 0 ||
	    !text_to_int(text_trust(v.value.p + minus, v.value.n - minus),
		LAYOUT_AMOUNT_MAX, &told->sum[c->slot]))
		return false;
	if (minus)
		told->sum[c->slot] = -told->sum[c->slot];
	return true;
}

static enum err_class check_frame_row(struct layout_frame *f, struct layout *l,
    const struct layout_record *r, struct arena *a, struct frame_told *told,
    struct err *e)
{
	const struct layout_row *row = &f->part->row[r->kind];
	struct bytes field[LAYOUT_COLUMNS_MAX];

	if (layout_frame_split(f, r, a, field, e) != ERR_NONE)
		return bad_header(e, r->line, layout_row_key[r->kind]);
	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];
		bool good = true;

		if (c->value == VALUE_FILE_ID)
			good = keep_file_id(l, c, field[i]);
		else if (c->value == VALUE_CONSTANT || c->value == VALUE_CODE)
			good = agrees(l, c, field[i]);
		else if (c->value == VALUE_RECORDS)
			good = layout_value_read_count(
			    l, c, field[i], &told->records);
		else if (c->value == VALUE_ROWS)
			good = layout_value_read_count(
			    l, c, field[i], &told->rows);
		else if (c->value == VALUE_SUM || c->value == VALUE_DIGEST)
			good = keep_total(l, c, field[i], a, told);
		if (!good)
			return bad_header(e, r->line, c->name.p);
	}
	return ERR_NONE;
}

static enum err_class note_row(struct frame_facts *facts,
    const struct layout_frame *f, const struct layout_record *r, bool first,
    struct err *e)
{
	facts->line = r->line;
	if (first && f->part->row[ROW_HEADER].used && r->kind != ROW_HEADER)
		return bad_header(e, r->line, "header");
	if (facts->trailer_seen || (r->kind == ROW_HEADER && !first))
		return bad_count(e, r->line, "trailer");
	facts->header_seen |= r->kind == ROW_HEADER;
	if (r->kind == ROW_HEADER)
		facts->body_at = r->end;
	facts->body_end = r->kind == ROW_TRAILER ? r->begin : r->end;
	facts->trailer_seen |= r->kind == ROW_TRAILER;
	if (r->kind == ROW_HEADER || r->kind == ROW_TRAILER)
		return ERR_NONE;
	facts->rows++;
	facts->details += r->kind == ROW_DETAIL;
	/* Of an inquiry's several details one is counted, when it is told. */
	if (facts->details <= LAYOUT_RECORDS_MAX || f->part->grouped)
		return ERR_NONE;
	/* F1: a file's records fit one transaction. */
	(void)bad_count(e, r->line, "records");
	e->class = ERR_LIMIT;
	return e->class;
}

/* What the columns of a row add to the sums; false if one is no amount: the
 * record is refused alone, and the sums say nothing of the others (F1). */
static bool add_row(struct layout_frame *f, struct layout *l,
    const struct layout_record *r, int64_t *sum)
{
	const struct layout_row *row = &f->part->row[r->kind];
	struct bytes field[LAYOUT_COLUMNS_MAX];
	struct layout_reading v;
	struct err e;
	int64_t n;

	bool good =
	    layout_frame_split(f, r, &l->scratch, field, &e) == ERR_NONE;

	for (size_t i = 0; good && i < row->n; i++) {
		const struct layout_column *c = &row->column[i];
		bool minus;

		if (c->sum < 0)
			continue;
		good = layout_value_read(l, c, field[i], &l->scratch, &v, &e) ==
		       ERR_NONE;
		if (!good)
			break;
		minus = v.value.n > 0 && v.value.p[0] == '-';
		if (v.value.n != 0 && text_to_int(text_trust(v.value.p + minus,
						      v.value.n - minus),
					  LAYOUT_AMOUNT_MAX, &n))
			layout_add(&sum[c->sum], minus ? -n : n);
	}
	arena_reset(&l->scratch);
	return good;
}

static enum err_class bad_digest(struct err *e, long line)
{
	err_set(e, ERR_INPUT, "answer.digest", "ダイジェストが合いません",
	    "the digest is not that of the rows");
	(void)err_at(e, NULL, line, 0, "trailer");
	e->level = ERR_FILE;
	return e->class;
}

/* The trailer's word against what stands in the file. */
static enum err_class check_totals(struct layout *l,
    const struct layout_part *part, struct bytes file,
    const struct frame_facts *facts, const struct frame_told *told,
    struct err *e)
{
	char due[DIGEST_TEXT];

	if ((told->records != SIZE_MAX && told->records != facts->details) ||
	    (told->rows != SIZE_MAX && told->rows != facts->rows))
		return bad_count(e, facts->line, "records");
	for (int i = 0; i < part->sums && !facts->unsummed; i++)
		if (told->sum[i] != l->run.sum[i])
			return bad_count(e, facts->line, "sum");
	if (!part->digest)
		return ERR_NONE;
	digest_hex(digest_one(BYTES(file.p + facts->body_at,
		       facts->body_end - facts->body_at)),
	    due);
	return text_is(told->digest, due) ? ERR_NONE
					  : bad_digest(e, facts->line);
}

/* Lines, the last perhaps without its end. */
static size_t count_lines(struct bytes file)
{
	size_t n = 0;

	for (size_t at = 0; at < file.n; n++) {
		const unsigned char *end =
		    memchr(file.p + at, '\n', file.n - at);

		at = end != NULL ? (size_t)(end - file.p) + 1 : file.n;
	}
	return n;
}

/* Has the file no frame that could be wrong? Lines that stand for themselves,
 * no more than a file may have. */
static bool is_unframed(
    const struct layout *l, const struct layout_part *part, struct bytes file)
{
	return l->form == FORM_FIXED && l->newline != NEWLINE_NONE &&
	       !part->row[ROW_HEADER].used && !part->row[ROW_TRAILER].used &&
	       count_lines(file) <= LAYOUT_RECORDS_MAX;
}

/* The whole file's frame, before anyone is told of a record. */
static enum err_class check_frame(struct layout *l,
    const struct layout_part *part, struct bytes file, struct err *e)
{
	struct frame_told told = {.records = SIZE_MAX, .rows = SIZE_MAX};
	struct frame_facts facts = {.line = 1};
	struct layout_frame f;
	struct layout_record r;
	bool first = true;
	bool more;

	layout_frame_init(&f, l, part, file);
	TRY(layout_frame_names(&f, e));
	facts.body_at = f.at;
	for (;; first = false) {
		TRY(layout_frame_next(&f, &r, &more, e));
		if (!more)
			break;
		TRY(note_row(&facts, &f, &r, first, e));
		if (r.kind == ROW_HEADER || r.kind == ROW_TRAILER)
			TRY(check_frame_row(&f, l, &r, &l->scratch, &told, e));
		else if (r.kind >= 0 && part->row[r.kind].summed)
			facts.unsummed |= !add_row(&f, l, &r, l->run.sum);
	}
	if (part->row[ROW_HEADER].used && !facts.header_seen)
		return bad_header(e, 1, "header");
	if (part->row[ROW_TRAILER].used && !facts.trailer_seen)
		return bad_count(e, facts.line, "trailer");
	return check_totals(l, part, file, &facts, &told, e);
}

/* ---- the whole file ---- */

enum err_class layout_read(struct layout *l, struct bytes file, struct arena *a,
    const struct layout_sink *sink, size_t *records, struct err *e)
{
	bool requests = sink->request != NULL;
	struct layout_gathering g = {.l = l,
	    .part = requests ? &l->request : &l->answer,
	    .file = file,
	    .a = a,
	    .sink = sink};
	struct layout_frame f;
	struct layout_record r;
	size_t details = 0;
	bool more;

	*records = 0;
	l->run = (struct layout_run){0};
	arena_reset(&l->scratch);
	if (!is_unframed(l, g.part, file))
		TRY(check_frame(l, g.part, file, e));
	layout_frame_init(&f, l, g.part, file);
	TRY(layout_frame_names(&f, e));
	for (;;) {
		TRY(layout_frame_next(&f, &r, &more, e));
		if (!more)
			break;
		if (r.kind == ROW_HEADER || r.kind == ROW_TRAILER)
			continue;
		details += r.kind == ROW_DETAIL;
		if (requests)
			TRY(layout_gather_request(&g, &f, &r, e));
		else
			TRY(layout_gather_row(&g, &f, &r, e));
	}
	TRY(layout_gather_flush(&g, e));
	*records = g.part->grouped ? g.inquiries : details;
	return ERR_NONE;
}

struct text layout_read_file_id(const struct layout *l)
{
	return text_z(l->run.file_id);
}
