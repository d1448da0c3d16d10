/*
 * layout_memo.h — what became of the parts of values, kept: family names,
 * given names, towns and numbers repeat, and a rule list is a pure function
 * of its input (T2). Bounded; exact, for a part is found by all its bytes.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_MEMO_H
#define SHOKAI_LAYOUT_LAYOUT_MEMO_H

#include "layout/layout_value.h"

/*
 * Puts the column's value from what is kept, or keeps it now: the bytes that
 * layout_value_write and the encoding would give, and the same report. False,
 * and nothing has been put or told, where that is not certain: a record that
 * may be held, a value too wide, a report with note.
 */
bool layout_memo_put(struct layout_writing *w, struct layout_column *c);

#endif
