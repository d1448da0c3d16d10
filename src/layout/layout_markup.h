/*
 * layout_markup.h — the two forms that name their fields: JSON Lines (one
 * object a row) and XML (one element a row below one root), both in UTF-8.
 *
 * XML is a strict subset of XML 1.0: a declaration if any, one root without
 * attributes, rows below it, fields below them; comments between rows only; no
 * DOCTYPE, no processing instruction, no CDATA, no entity but the five and
 * character references. JSON is RFC 8259: strings, numbers, true, false,
 * null; a member twice is refused.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_MARKUP_H
#define SHOKAI_LAYOUT_LAYOUT_MARKUP_H

#include "layout/layout_frame.h"

/* May it be the name of an XML element? */
bool layout_markup_is_name(struct text t);

/* What stands around rows and fields, made once when a layout is loaded. */
void layout_markup_prepare(struct layout *l, struct layout_part *part);

/* What stands before the first row and after the last one (XML). */
void layout_markup_begin(
    const struct layout *l, const struct layout_part *part, struct buf *out);
void layout_markup_end(
    const struct layout *l, const struct layout_part *part, struct buf *out);

/*
 * A field's text stands from start to the end of out: its special characters
 * are escaped in place. A control character becomes '?' in XML, which has no
 * place for it; true if there was one.
 */
bool layout_markup_escape(struct layout *l, struct buf *out, size_t start);

/* XML: passes over declaration and root. ERR_INPUT answer.header. */
CHECKED enum err_class layout_markup_open(
    struct layout_frame *f, struct err *e);

/*
 * XML: the next row; raw is what stands within the element. *more is false
 * after the root's end. ERR_INPUT answer.header: no XML of that kind;
 * answer.count: the file ends before its root does.
 */
CHECKED enum err_class layout_markup_next(struct layout_frame *f,
    struct layout_record *out, bool *more, struct err *e);

/* JSON: the row's kind by its member "record"; -1 if it has none of ours. */
int layout_markup_kind(const struct layout_part *part, struct bytes raw);

/*
 * A row's fields by their names, in any order, escapes resolved in a; a field
 * that is not there is empty. False: not such a row, or a name that the
 * layout does not have, or one twice.
 */
bool layout_markup_split(const struct layout *l, const struct layout_row *row,
    struct bytes raw, struct arena *a, struct bytes *field);

#endif
