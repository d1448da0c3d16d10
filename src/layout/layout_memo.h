/*
 * layout_memo.h — what became of the parts of values, kept: family names,
 * given names, towns and numbers repeat, and a rule list is a pure function
 * of its input (T2). Bounded; exact, for a part is found by all its bytes.
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

#define LAYOUT_MEMO_WORDS 11  /* of eight bytes, of the longest part */
#define LAYOUT_MEMO_DIGITS 16 /* of a part whose digits are left open */

/* The digits of a part, in order. */
struct layout_memo_digits {
	unsigned char n;
	unsigned char of[LAYOUT_MEMO_DIGITS];
};

/* A value about to be looked up: its parts, each with its key. */
struct layout_memo_look {
	const struct rules *rules;
	struct layout_tally *tally; /* of these; NULL: nothing is told */
	enum encoding encoding;	    /* of what becomes of it */
	struct text in;
	size_t parts;
	struct rules_part part[RULES_PARTS_MAX];
	struct layout_memo_digits digits[RULES_PARTS_MAX];
	size_t words[RULES_PARTS_MAX]; /* of its key; 0: it cannot be kept */
	uint64_t hash[RULES_PARTS_MAX];
	uint64_t key[RULES_PARTS_MAX][LAYOUT_MEMO_WORDS];
};

/* Begins to bring what layout_memo_write looks at: all values of a record are
 * on their way before the first is needed. */
void layout_memo_look(const struct layout *l, struct layout_tally *tally,
    enum rules_cut cut, struct text in, struct layout_memo_look *look);

/*
 * The bytes that rules and encoding make of the value, from what is kept, or
 * kept now; *told of all its changes. False where that is not certain: the
 * record may have to be held.
 */
bool layout_memo_write(struct layout *l, struct layout_memo_look *look,
    unsigned char out[LAYOUT_MEMO_ROOM], size_t *n, uint64_t *told);

/* What becomes of so many digits and nothing else, whatever these are. */
#define LAYOUT_MEMO_NUMBER 24
struct layout_memo_number {
	size_t digits; /* 0: nothing is known yet */
	size_t n;
	unsigned char out[LAYOUT_MEMO_NUMBER]; /* with 0 for each */
	unsigned char at[LAYOUT_MEMO_DIGITS];
	uint64_t told;
};

/* Puts a value of as many digits; false if it is no such. */
bool layout_memo_number_put(const struct layout_memo_number *number,
    struct text in, unsigned char out[LAYOUT_MEMO_NUMBER]);

/* Makes it from the value, which has been looked at; false if it cannot be. */
bool layout_memo_number_learn(struct layout *l,
    const struct layout_memo_look *look, struct layout_memo_number *number);

/* The words of columns that are read, kept with the rest. */
struct layout_known *layout_memo_known(struct layout_memo *m);

/* A value that was read, by its own rules: what they make of it, in a. False
 * where there is no memo, or that is not certain. */
bool layout_memo_read(struct layout *l, const struct rules *rules,
    enum rules_cut cut, struct text in, struct arena *a, struct text *out);

/*
 * Puts the column's value by layout_memo_write: the bytes that
 * layout_value_write and the encoding would give, and the same report. False,
 * and nothing has been put or told, where that is not certain: a record that
 * may be held, a value too wide, a report with note.
 */
bool layout_memo_put(struct layout_writing *w, struct layout_column *c);

#endif
