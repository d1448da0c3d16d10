/*
 * layout_put.h — one row of a file, written.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_PUT_H
#define SHOKAI_LAYOUT_LAYOUT_PUT_H

#include "layout/layout_value.h"

/*
 * Appends one row with its newline. False if the record is held (requests
 * only); what was appended then has to be taken back by the caller.
 */
bool layout_put_row(struct layout_writing *w, const struct layout_row *row);

/* Fills the counts into the header, now that they are known. */
void layout_put_counts(struct layout *l, size_t records, struct buf *out);

#endif
