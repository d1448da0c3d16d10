/*
 * unit_held.h — answers that were refused alone while the rest of their file
 * was taken: an unknown code, a date that is none. No answer is made up for
 * them; they wait for a person. Nothing of the answer is kept here but its
 * number, place and code (S5).
 */
#ifndef SHOKAI_PARTIES_UNIT_HELD_H
#define SHOKAI_PARTIES_UNIT_HELD_H

#include "parties/party.h"

#include <jansson.h>

/* Those of one answer file, as they are found: at most max; begin with
 * {.max = …}. Lives in the arena given. */
struct unit_held {
	struct store_value *line;
	struct store_value *inquiry;
	struct store_value *code;
	struct store_value *item;
	size_t n;
	size_t max;
};

/* One more; what is beyond max is counted by its file alone. number: as it
 * stands in the answer, or empty. */
void unit_held_add(struct unit_held *h, struct arena *a, const struct err *why,
    struct text number);

/* Keeps them instead of those of the file's answers before. */
CHECKED enum err_class unit_held_write(struct store_tx *tx,
    const struct unit_held *h, const struct header *of, int64_t now_us,
    struct err *e);

/* Each that has no answer yet: {authority, file, inquiry, line, code, item,
 * at}; inquiry NULL where none could be read. Row frees j. */
CHECKED enum err_class unit_held_each(struct store_tx *tx,
    void (*row)(void *ctx, json_t *j), void *ctx, struct err *e);

/* Adds those of one inquiry to o, as "answers_held"; nothing if there are
 * none. */
CHECKED enum err_class unit_held_show(struct store_tx *tx,
    const char *authority, const char *number, json_t *o, struct err *e);

#endif
