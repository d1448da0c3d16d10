/*
 * layout_diff.h — what another version of a layout makes of the same
 * inquiries: banks revise their forms after go-live, and this is what an
 * operator wants to see before.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_DIFF_H
#define SHOKAI_LAYOUT_LAYOUT_DIFF_H

#include "layout/layout.h"

/* One difference; texts live until the call returns. */
struct layout_difference {
	const char *item; /* its published name, or what it is of the form */
	struct text before;
	struct text after;
	const char *loss; /* of the new one: "" informational material held */
};

typedef void layout_diff_fn(void *ctx, const struct layout_difference *d);

/*
 * What differs in the files as such: encoding, form, terms, and which columns
 * stand where. Returns how many differences were told.
 */
size_t layout_diff_form(const struct layout *before, const struct layout *after,
    layout_diff_fn *tell, void *ctx);

/*
 * What differs in one inquiry's values, item by item and record by record, as
 * text before it is encoded; padding is not compared. An inquiry that is held
 * has the value 保留 and the rule's name. Returns how many were told.
 */
size_t layout_diff_request(struct layout *before, struct layout *after,
    const struct request *r, layout_diff_fn *tell, void *ctx);

#endif
