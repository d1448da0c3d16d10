/*
 * layout_shape.h — what becomes of block numbers, rooms and postal codes,
 * whatever their digits: 9,000 block numbers of a million addresses have
 * eight shapes (rules_part.shape).
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_SHAPE_H
#define SHOKAI_LAYOUT_LAYOUT_SHAPE_H

#include "layout/layout_memo.h"

#define LAYOUT_SHAPES 1024  /* of all lists */
#define LAYOUT_SHAPE_OUT 48 /* bytes that one may become */

/* Two lines of a cache. */
struct layout_shape {
	_Alignas(64) const struct rules *rules; /* NULL: free */
	uint64_t shape;
	uint64_t told; /* each less than 128 */
	unsigned char kind;
	unsigned char digits;
	unsigned char n; /* of out */
	bool bad;	 /* no cut is good there, or its value cannot be kept */
	unsigned char at[RULES_PART_SIGNS];  /* where the digits stand in out */
	unsigned char out[LAYOUT_SHAPE_OUT]; /* with 0 for each */
};
_Static_assert(sizeof(struct layout_shape) == 128, "two lines of a cache");

/* What becomes of the open part, made now if it is not kept among all. */
const struct layout_shape *layout_shape_find(struct layout *l,
    struct layout_shape all[LAYOUT_SHAPES], const struct layout_memo_list *list,
    const struct rules_part *part);

/* Puts it with these digits: n bytes, and LAYOUT_SHAPE_OUT are written. */
static inline void layout_shape_put(const struct layout_shape *f,
    const unsigned char *digit, unsigned char *out)
{
	memcpy(out, f->out, LAYOUT_SHAPE_OUT);
	for (size_t i = 0; i < f->digits; i++)
		out[f->at[i]] |= digit[i];
}

#endif
