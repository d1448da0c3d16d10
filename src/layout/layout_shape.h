/*
 * layout_shape.h — what becomes of block numbers, rooms and postal codes,
 * whatever their digits (text/rules_shape.h).
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_SHAPE_H
#define SHOKAI_LAYOUT_LAYOUT_SHAPE_H

#include "layout/layout_memo.h"

#define LAYOUT_SHAPES 1024  /* of all lists */
#define LAYOUT_SHAPE_OUT 48 /* bytes that one may become */

/* Two lines of a cache. */
struct layout_shape {
	_Alignas(64) const struct rules *rules; /* NULL: free */
	uint64_t signs;
	uint64_t told; /* each less than 128 */
	unsigned char kind;
	unsigned char digits;
	unsigned char n; /* of out */
	bool bad;	 /* no cut is good there, or its value cannot be kept */
	unsigned char at[RULES_SHAPE_SIGNS]; /* where the digits stand in out */
	unsigned char unused[2];
	unsigned char out[LAYOUT_SHAPE_OUT]; /* with 0 for each */
};
_Static_assert(sizeof(struct layout_shape) == 128, "two lines of a cache");

#define LAYOUT_SHAPE_WAYS 4 /* places where one may stand */

/* The shape of an open part that is not the first at its place way, made now
 * if it is not kept there. */
const struct layout_shape *layout_shape_meet(struct layout *l,
    struct layout_shape way[LAYOUT_SHAPE_WAYS],
    const struct layout_memo_list *list, const struct rules_part *part);

static inline bool layout_shape_is(const struct layout_shape *f,
    const struct layout_memo_list *list, const struct rules_part *part)
{
	return f->signs == part->shape.signs && f->rules == list->rules &&
	       f->kind == (unsigned char)part->kind;
}

/* What becomes of the open part, made now if it is not kept among all. */
static inline const struct layout_shape *layout_shape_find(struct layout *l,
    struct layout_shape all[LAYOUT_SHAPES], const struct layout_memo_list *list,
    const struct rules_part *part)
{
	uint64_t h = (part->shape.signs + (uint64_t)(uintptr_t)list->rules) *
		     UINT64_C(0x9E3779B97F4A7C15);
	size_t places = LAYOUT_SHAPES / LAYOUT_SHAPE_WAYS;
	struct layout_shape *way = &all[(h >> 48) % places * LAYOUT_SHAPE_WAYS];

	return layout_shape_is(way, list, part)
		   ? way
		   : layout_shape_meet(l, way, list, part);
}

/* Puts it with these digits (rules_shape): n bytes, and LAYOUT_SHAPE_OUT are
 * written. */
static inline void layout_shape_put(
    const struct layout_shape *f, uint64_t digits, unsigned char *out)
{
	const unsigned char *at = f->at;
	const unsigned char *end = at + f->digits;

	memcpy(out, f->out, LAYOUT_SHAPE_OUT);
	for (; at < end; at++, digits >>= 4)
		out[*at] |= digits & 0xF;
}

#endif
