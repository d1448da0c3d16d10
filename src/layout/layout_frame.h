/*
 * layout_frame.h — records found in an institution's file, in place: each is
 * a slice of the file itself, so that an answer keeps its bank's own bytes.
 *
 * Works on bytes (as base/csv.h does): every encoding here keeps the bytes
 * of '"', the delimiters, CR and LF to themselves.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_FRAME_H
#define SHOKAI_LAYOUT_LAYOUT_FRAME_H

#include "layout/layout_internal.h"

struct layout_frame {
	const struct layout *l;
	const struct layout_part *part;
	struct bytes file;
	size_t at;
	long line;  /* of what comes next, from 1 */
	bool ended; /* XML: the root is closed */
};

struct layout_record {
	struct bytes raw; /* without newline */
	size_t begin;	  /* in the file */
	size_t end;	  /* with newline */
	long line;
	int kind; /* enum layout_row_kind; -1: none that the layout knows */
};

void layout_frame_init(struct layout_frame *f, const struct layout *l,
    const struct layout_part *part, struct bytes file);

/*
 * Steps to the next record; blank lines and a last 1A are passed over. *more
 * is false at the end. ERR_INPUT answer.quotes: a quote is left open.
 */
CHECKED enum err_class layout_frame_next(struct layout_frame *f,
    struct layout_record *out, bool *more, struct err *e);

/*
 * Passes over the line of names, if the part has one, or the XML root's
 * beginning: ERR_INPUT answer.header if it is not exactly that.
 */
CHECKED enum err_class layout_frame_names(
    struct layout_frame *f, struct err *e);

/*
 * Cuts a record into the fields of its row, the mark taken off; field has
 * room for LAYOUT_COLUMNS_MAX. Quotes in a field are resolved in a. ERR_INPUT
 * answer.columns: not as many fields, or bytes, as the row has.
 */
CHECKED enum err_class layout_frame_split(const struct layout_frame *f,
    const struct layout_record *r, struct arena *a, struct bytes *field,
    struct err *e);

#endif
