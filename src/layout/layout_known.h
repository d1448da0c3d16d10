/*
 * layout_known.h — words of names as an institution writes them, known by
 * their very bytes: what they decode to, and what the column's own rules for
 * reading make of that. Bounded; exact, for words are kept only where these
 * rules do not look across a space (text/rules_parts.h).
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_KNOWN_H
#define SHOKAI_LAYOUT_LAYOUT_KNOWN_H

#include "layout/layout_value.h"

struct layout_known;

/* Some hundred KiB, whatever the number of answers. */
struct layout_known *layout_known_new(void);
void layout_known_free(struct layout_known *k);

/*
 * The reading of a field (padding off) of a column that has rules for reading;
 * its texts are in a. False if one of its words is not known.
 */
bool layout_known_read(const struct layout_known *k,
    const struct layout_column *c, struct bytes field, struct arena *a,
    struct layout_reading *out);

/* Remembers the words of a field that was read otherwise; or all of it. */
void layout_known_learn(struct layout_known *k, struct layout *l,
    const struct layout_column *c, struct bytes field,
    const struct layout_reading *r);

#endif
