/*
 * layout_value.h — one value, from our canonical text to what stands in the
 * institution's column, and back.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_VALUE_H
#define SHOKAI_LAYOUT_LAYOUT_VALUE_H

#include "layout/layout_internal.h"

/* What is being written. Requests have report, answers have lost. */
struct layout_writing {
	struct layout *l;
	struct buf *out;
	const struct request *request;
	struct layout_report *report;
	const struct answer *answer;
	const struct answer_account *account;
	struct answer_transaction *transaction;
	struct answer_other *other;
	size_t *lost;
	size_t records; /* for a trailer */
	size_t variant; /* which of the inquiry's records, from 1 */
	int person;	/* 属性 as an index, 0 if none */
};

/* Holds the record being written (T2), unless it is held already. */
void layout_value_hold(struct layout_writing *w, const struct layout_column *c,
    const char *rule, size_t at, uint32_t bad, const char *ja, const char *en);

/*
 * The column's text as the institution wants it, not yet encoded; lives in
 * the layout's scratch or where the value lives. False: the record is held
 * (requests only; an answer is never withheld).
 */
bool layout_value_write(
    struct layout_writing *w, struct layout_column *c, struct text *out);

/* The canonical text that stands in the column before it is written. */
struct text layout_value_source(
    struct layout_writing *w, const struct layout_column *c);

/* What reading a field gave, or why it was refused. */
struct layout_reading {
	struct text value; /* canonical */
	struct text raw;   /* as it stood, decoded */
	enum answer_class class;
};

/*
 * A field's bytes (padding still on) as a canonical value; texts live in a or
 * in the field. Codes answer.*, item set, line not.
 */
CHECKED enum err_class layout_value_read(struct layout *l,
    const struct layout_column *c, struct bytes field, struct arena *a,
    struct layout_reading *out, struct err *e);

/* "FROM/TO"; empty if both are. */
struct text layout_value_read_period(
    struct arena *a, struct text from, struct text to);

/* A count in a header or a trailer; false if the field holds no number. */
bool layout_value_read_count(const struct layout *l,
    const struct layout_column *c, struct bytes field, size_t *out);

/* A field's bytes, padding off, as text in a or in the field; false if some
 * stand for no character. */
bool layout_value_read_plain(
    const struct layout *l, struct bytes b, struct arena *a, struct text *out);

/* How many bytes stand before the blanks at the end. */
size_t layout_value_read_before_blanks(struct bytes b);

/* The field without its padding. */
struct bytes layout_value_read_trim(
    const struct layout *l, const struct layout_column *c, struct bytes field);

#endif
