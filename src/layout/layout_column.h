/*
 * layout_column.h — one column of the rule file, compiled.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_COLUMN_H
#define SHOKAI_LAYOUT_LAYOUT_COLUMN_H

#include "layout/layout_find.h"
#include "layout/layout_internal.h"

/*
 * Compiles the node of a column of such a row into out; is_request tells
 * whose items its names are. Findings go to f.
 */
void layout_column_compile(struct layout_find *f, struct layout *l,
    const struct layout_node *n, bool is_request, enum layout_row_kind row,
    struct layout_column *out);

#endif
