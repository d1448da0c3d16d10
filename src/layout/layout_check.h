/*
 * layout_check.h — what can be known to be wrong before the first record:
 * columns that overlap, values that never fit, records that cannot be told
 * apart.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_CHECK_H
#define SHOKAI_LAYOUT_LAYOUT_CHECK_H

#include "layout/layout_find.h"
#include "layout/layout_internal.h"

/*
 * Checks a layout whose file was understood word by word; places the columns
 * of fixed records and encodes the lines of names on the way.
 */
void layout_check_all(struct layout_find *f, struct layout *l);

#endif
