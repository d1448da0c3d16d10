/*
 * mend.h — what an officer decided about an inquiry that the layout's policy
 * held: other values for some items, material loss let pass; or both. A JSON
 * text, kept by the ward with its order and by the unit with the inquiry:
 * {"items": {ITEM: value}, "loss": true}.
 */
#ifndef SHOKAI_PARTIES_MEND_H
#define SHOKAI_PARTIES_MEND_H

#include "layout/layout.h"

#include <jansson.h>

#define MEND_MAX 16384 /* bytes of the text */

/*
 * The decision added to those before ("" none): a value for the item, or the
 * loss (item NULL). *out in a. ERR_INPUT "inquiry.mend": no item of the
 * ward's, or no value that it may have.
 */
CHECKED enum err_class mend_add(struct arena *a, const char *before,
    const char *item, const char *value, const char **out, struct err *e);

/* Is it of its form, each item one that may be mended? */
bool mend_good(const json_t *mend);

/* The request as the officer wants it; true: material loss may pass. What is
 * no mend changes nothing. Texts live in a. */
bool mend_apply(struct arena *a, struct text mend, struct request *r);

#endif
