/*
 * layout_show_column.h — a column's line of the specification sheet.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_SHOW_COLUMN_H
#define SHOKAI_LAYOUT_LAYOUT_SHOW_COLUMN_H

#include "layout/layout_internal.h"

/* The name of what a column's from may tell: an item of a request, or, from
 * REQUEST_COUNT on, another of the ward's (enum request_other). */
const char *layout_source_name(int from);

/* Appends the row of a table: no, name, bytes, must, how it is written. */
void layout_show_column(const struct layout *l, const struct layout_column *c,
    size_t no, bool ja, struct buf *out);

#endif
