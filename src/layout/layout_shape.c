/* layout_shape.c — see layout_shape.h. */
#include "layout/layout_shape.h"

#define WAYS 4			  /* places where a shape may stand */
#define ONES (~UINT64_C(0) / 0xF) /* each digit a 1 */

/* What becomes of the part with these digits, in the layout's field. */
static bool convert(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, uint64_t digits,
    struct layout_tally_making *m)
{
	struct buf t = {0};
	bool good;

	rules_shape_with(part->t, digits, &t);
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
	struct layout_tally_making m;
	size_t n = 0;

	if (!convert(l, list, part, ONES, &m) || l->field.n != f->n)
		return false;
	for (size_t i = 0; i < f->n; i++) {
		if (l->field.p[i] == f->out[i])
			continue;
		if (n == part->shape.count || (f->out[i] & 0xF) != 0 ||
		    l->field.p[i] != (f->out[i] | 1))
			return false;
		f->at[n++] = (unsigned char)i;
	}
	return n == part->shape.count;
}

/* Does the part as it is become what its shape says? */
static bool is_alike(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, const struct layout_shape *f)
{
	unsigned char out[LAYOUT_SHAPE_OUT];
	struct layout_tally_making m;

	layout_shape_put(f, part->shape.digits, out);
	return convert(l, list, part, part->shape.digits, &m) &&
	       l->field.n == f->n && memcmp(l->field.p, out, f->n) == 0;
}

static bool make(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, struct layout_shape *f)
{
	struct layout_tally_making m;

	if (!rules_parts_good(part) || !convert(l, list, part, 0, &m) ||
	    !layout_memo_pack(&m, &f->told))
		return false;
	f->n = (unsigned char)l->field.n;
	if (f->n != 0)
		memcpy(f->out, l->field.p, f->n);
	if (!place_digits(l, list, part, f))
		return false;
	f->digits = (unsigned char)part->shape.count;
	return is_alike(l, list, part, f);
}

const struct layout_shape *layout_shape_meet(struct layout *l,
    struct layout_shape way[LAYOUT_SHAPE_WAYS],
    const struct layout_memo_list *list, const struct rules_part *part)
{
	struct layout_shape *f = way;

	for (size_t i = 0; i < LAYOUT_SHAPE_WAYS; i++) {
		f = &way[i];
		if (layout_shape_is(f, list, part))
			return f;
		if (f->rules == NULL)
			break;
	}
	/* The last of its place gives way. */
	*f = (struct layout_shape){.rules = list->rules,
	    .signs = part->shape.signs,
	    .kind = (unsigned char)part->kind};
	f->bad = !make(l, list, part, f);
	return f;
}
