/* layout_shape.c — see layout_shape.h. */
#include "layout/layout_shape.h"

#define WAYS 4 /* places where a shape may stand */

/* What becomes of the part with these digits, in the layout's field. */
static bool convert(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, const unsigned char *digit,
    struct layout_tally_making *m)
{
	struct buf t = {0};
	bool good;

	rules_parts_with(part, digit, &t);
	good = layout_memo_convert(l, list, buf_text(&t), m) &&
	       l->field.n <= LAYOUT_SHAPE_OUT;
	buf_fini(&t);
	return good;
}

/* Where the digits stand in what became of the part: a 1 for a 0 makes a
 * difference of 1 there, and nowhere else. */
static bool place_digits(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, struct layout_shape *f)
{
	static const unsigned char ones[RULES_PART_SIGNS] = {
	    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	struct layout_tally_making m;
	size_t n = 0;

	if (!convert(l, list, part, ones, &m) || l->field.n != f->n)
		return false;
	for (size_t i = 0; i < f->n; i++) {
		if (l->field.p[i] == f->out[i])
			continue;
		if (n == part->digits || (f->out[i] & 0xF) != 0 ||
		    l->field.p[i] != (f->out[i] | 1))
			return false;
		f->at[n++] = (unsigned char)i;
	}
	return n == part->digits;
}

/* Does the part as it is become what its shape says? */
static bool is_alike(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, const struct layout_shape *f)
{
	unsigned char out[LAYOUT_SHAPE_OUT];
	struct layout_tally_making m;

	layout_shape_put(f, part->digit, out);
	return convert(l, list, part, part->digit, &m) && l->field.n == f->n &&
	       memcmp(l->field.p, out, f->n) == 0;
}

static bool make(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, struct layout_shape *f)
{
	static const unsigned char zeros[RULES_PART_SIGNS];
	struct layout_tally_making m;

	if (!rules_parts_good(part) || !convert(l, list, part, zeros, &m) ||
	    !layout_memo_pack(&m, &f->told))
		return false;
	f->n = (unsigned char)l->field.n;
	if (f->n != 0)
		memcpy(f->out, l->field.p, f->n);
	if (!place_digits(l, list, part, f))
		return false;
	f->digits = (unsigned char)part->digits;
	return is_alike(l, list, part, f);
}

const struct layout_shape *layout_shape_find(struct layout *l,
    struct layout_shape all[LAYOUT_SHAPES], const struct layout_memo_list *list,
    const struct rules_part *part)
{
	uint64_t h = (part->shape + (uint64_t)(uintptr_t)list->rules) *
		     UINT64_C(0x9E3779B97F4A7C15);
	struct layout_shape *way =
	    &all[(h >> 48) % (LAYOUT_SHAPES / WAYS) * WAYS];
	struct layout_shape *f = NULL;

	for (size_t i = 0; i < WAYS; i++) {
		f = &way[i];
		if (f->shape == part->shape && f->rules == list->rules &&
		    f->kind == (unsigned char)part->kind)
			return f;
		if (f->rules == NULL)
			break;
	}
	/* The last of its place gives way. */
	*f = (struct layout_shape){.rules = list->rules,
	    .shape = part->shape,
	    .kind = (unsigned char)part->kind};
	f->bad = !make(l, list, part, f);
	return f;
}
