/*
 * layout_fast_read.h — an answer in one go, as nearly all are in a fixed form
 * without rows below the holder: plain text, codes of one byte, whole days.
 * Exact: where anything may have to be refused, it says no.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_FAST_READ_H
#define SHOKAI_LAYOUT_LAYOUT_FAST_READ_H

#include "layout/layout_value.h"
#include "record/kanri.h"

struct layout_reader;

/* How the layout's answers are read so, in its arena; NULL: they are not. */
struct layout_reader *layout_fast_reader(struct layout *l);

/*
 * What layout_gather_row makes of a detail, raw without newline; texts live in
 * a, in raw or in the layout. Nothing but the items of the layout's columns is
 * written: out is cleared before the first of many. False, and out holds some
 * of them, where it takes layout_gather_row.
 */
bool layout_fast_read(struct layout *l, const struct layout_reader *reader,
    struct bytes raw, struct kanri_run *run, struct arena *a,
    struct answer *out);

#endif
