/*
 * rules_shape.h — block numbers, rooms and postal codes as what they are
 * whatever their digits, and these: 9,000 block numbers of a million
 * addresses have eight shapes.
 */
#ifndef SHOKAI_TEXT_RULES_SHAPE_H
#define SHOKAI_TEXT_RULES_SHAPE_H

#include "base/bytes.h"

#define RULES_SHAPE_SIGNS 14 /* it has at most */

/* Two texts with the same signs differ in digits alone. */
struct rules_shape {
	uint64_t signs;	 /* four bits each, the first lowest; 0: too many */
	uint64_t digits; /* the same of digits alone */
	size_t count;	 /* how many these are */
};

/*
 * The digits of either width, the units 丁 目 番 地 号, with room 室 too, and
 * the dashes that begin at from, as far as they go: their end.
 */
size_t rules_shape_take(
    struct text in, size_t from, bool room, struct rules_shape *s);

/* The same, a sign at a time: on machines without vectors. */
size_t rules_shape_take_plain(
    struct text in, size_t from, bool room, struct rules_shape *s);

/* Where the first digit at or behind from stands; the end if none does. */
size_t rules_shape_digit(struct text in, size_t from);
size_t rules_shape_digit_plain(struct text in, size_t from);

/* t, which is such signs, with other digits. Appended. */
void rules_shape_with(struct text t, uint64_t digits, struct buf *out);

#endif
