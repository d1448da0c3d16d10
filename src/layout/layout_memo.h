/*
 * layout_memo.h — what became of the parts of values, kept: family names,
 * given names, towns and numbers repeat, and a rule list is a pure function
 * of its input (T2). Bounded; exact, for a part is found by all its bytes, one
 * of digits by all its signs.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_MEMO_H
#define SHOKAI_LAYOUT_LAYOUT_MEMO_H

#include "layout/layout_tally.h"
#include "layout/layout_value.h"

#define LAYOUT_MEMO_OUT 104 /* bytes that a part may become */

/* Room for all parts, and what a copy in blocks may write behind them. */
#define LAYOUT_MEMO_ROOM ((size_t)1248)
_Static_assert(LAYOUT_MEMO_ROOM >= RULES_PARTS_MAX * LAYOUT_MEMO_OUT + 32,
    "a part is copied in blocks");

/* A list of rules and what stands around it. It belongs to one column of one
 * layout, and stands for them. */
struct layout_memo_list {
	const struct rules *rules;
	struct layout_tally *tally; /* of these; NULL: nothing is told */
	enum encoding encoding;	    /* of what becomes of a value */
	enum rules_cut cut;
};

/* The bytes that rules and encoding make of a value, and all its changes. */
struct layout_memo_made {
	size_t n;
	uint64_t told;
	unsigned char out[LAYOUT_MEMO_ROOM];
};

/*
 * What becomes of the value, from what is kept, or kept now. False where that
 * is not certain: the record may have to be held.
 */
bool layout_memo_text(struct layout *l, const struct layout_memo_list *list,
    struct text in, struct layout_memo_made *made);

/* What becomes of t, in the layout's field; false where a rule refuses it,
 * the encoding lacks it or it is longer than LAYOUT_MEMO_OUT. */
bool layout_memo_convert(struct layout *l, const struct layout_memo_list *list,
    struct text t, struct layout_tally_making *m);

/* What was told as it is kept; false if it cannot be: the sum of two must fit
 * a byte, and of what is told once there is one. */
bool layout_memo_pack(const struct layout_tally_making *m, uint64_t *told);

/* The words of columns that are read, kept with the rest. */
struct layout_known *layout_memo_known(struct layout_memo *m);

/* A value that was read, by its own rules: what they make of it, in a. False
 * where there is no memo, or that is not certain. */
bool layout_memo_read(struct layout *l, const struct rules *rules,
    enum rules_cut cut, struct text in, struct arena *a, struct text *out);

/*
 * Puts the column's value by layout_memo_text: the bytes that
 * layout_value_write and the encoding would give, and the same report. False,
 * and nothing has been put or told, where that is not certain: a record that
 * may be held, a value too wide, a report with note.
 */
bool layout_memo_put(struct layout_writing *w, struct layout_column *c);

#endif
