/*
 * rules_parts.h — where a value may be parted so that a list of rules gives
 * for the whole what it gives for the parts, one after another.
 *
 * Names repeat less than their words do, addresses less than towns and
 * numbers: who keeps what became of a part need not apply the rules again.
 * A cautious guess: only where nothing of the list looks across the cut.
 */
#ifndef SHOKAI_TEXT_RULES_PARTS_H
#define SHOKAI_TEXT_RULES_PARTS_H

#include "text/rules.h"
#include "text/rules_shape.h"

#define RULES_PARTS_MAX 9

enum rules_cut {
	RULES_WHOLE,	   /* never parted */
	RULES_CUT_SPACE,   /* between words of names */
	RULES_CUT_ADDRESS, /* place, block, building, room */
	RULES_NUMBER,	   /* never parted; a number, whatever its digits */
};

/* How values of this list may be parted: told once for each list. */
enum rules_cut rules_parts_cut(const struct rules *rules);

/* What a part is of its value; one is judged alone, by its kind. */
enum rules_part_kind {
	RULES_PART_WHOLE,
	RULES_PART_WORD,
	RULES_PART_SPACE,
	RULES_PART_PLACE,
	RULES_PART_BLOCK,
	RULES_PART_BUILDING, /* with a room behind it */
	RULES_PART_HOUSE,    /* a building, the last */
	RULES_PART_ROOM,
	RULES_PART_NUMBER,
};

struct rules_part {
	struct text t;
	enum rules_part_kind kind;
	struct rules_shape shape; /* of a part that is open */
};

/*
 * Where in would be parted, without a look at what the parts are: quick. The
 * cuts are good if rules_parts_good says so of each, else in stays whole.
 */
size_t rules_parts_split(enum rules_cut cut, struct text in,
    struct rules_part part[RULES_PARTS_MAX]);
bool rules_parts_good(const struct rules_part *part);

/* Is one digit of such a part like another, in that it becomes a digit, the
 * same that it was, where any other would stand? */
static inline bool rules_parts_open(enum rules_part_kind kind)
{
	return kind == RULES_PART_BLOCK || kind == RULES_PART_ROOM ||
	       kind == RULES_PART_NUMBER;
}

/*
 * Parts of in, in order, together in itself; how many, 1 if it is not
 * parted. Of RULES_CUT_SPACE each second part is one space, which counts as
 * it stands between words: as the middle of "ア ア", not alone.
 *
 * The output of the list is that of the parts in a row; so are its changes,
 * but that each part tells them by its own places, and that a rule of which
 * rules_parts_tell_once says so tells one change of the whole where it tells
 * one of several parts.
 */
size_t rules_parts(
    enum rules_cut cut, struct text in, struct text part[RULES_PARTS_MAX]);

bool rules_parts_tell_once(const char *rule);

#endif
