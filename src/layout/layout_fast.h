/*
 * layout_fast.h — a request's detail in one go, as nearly all are: codes that
 * are plain ASCII, maps, whole dates, text that the memo knows. Exact: where
 * anything may have to be held, cut, quoted or told otherwise, it says no.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_FAST_H
#define SHOKAI_LAYOUT_LAYOUT_FAST_H

#include "layout/layout_value.h"

/* The layout's plan for its details, in its arena; NULL: it has none. */
struct layout_plan *layout_fast_plan(struct layout *l);

/*
 * Appends the row that layout_put_row would, with the same report. False, and
 * nothing has been put or told, where it takes layout_put_row.
 */
bool layout_fast_row(struct layout_writing *w);

#endif
