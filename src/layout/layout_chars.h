/*
 * layout_chars.h — names, character by character: where a list of rules and
 * the encoding make of a character what they make of it anywhere, that stands
 * in a table, made as characters are met. Exact: names in which a rule may
 * look further (corporate words, marks, several spaces) are left alone.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_CHARS_H
#define SHOKAI_LAYOUT_LAYOUT_CHARS_H

#include "layout/layout_memo.h"

#define LAYOUT_CHARS_BYTES 240 /* of the longest value it takes */

_Static_assert(LAYOUT_CHARS_BYTES * 5 + 8 <= LAYOUT_MEMO_ROOM,
    "five bytes each, and a copy of eight at the end");

struct layout_chars;

/* The table of tally's list that is cut at spaces (RULES_CUT_SPACE), in l's
 * arena. */
struct layout_chars *layout_chars_new(
    struct layout *l, struct layout_tally *tally);

/*
 * The bytes that rules and encoding make of the value, with all its changes in
 * *told. False where that is not certain: nothing is told then.
 */
bool layout_chars_put(struct layout *l, struct layout_chars *t, struct text in,
    struct layout_memo_made *made);

#endif
