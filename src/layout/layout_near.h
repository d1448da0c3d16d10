/*
 * layout_near.h — what a misspelt word of a rule file may have been meant for:
 * what would be right, where there are too many words to list them.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_NEAR_H
#define SHOKAI_LAYOUT_LAYOUT_NEAR_H

#include "base/err.h"
#include "codes/codes.h"

#define LAYOUT_NEAR_MAX 128 /* bytes of what is told */

/* "WORD; perhaps OTHER", or text where nothing is near. Of the 23 request
 * items, or of the 48 answer items. */
void layout_near_item(bool of_request, struct text word, const char *text,
    char out[LAYOUT_NEAR_MAX]);

/* The same of the codes of legal bases. */
void layout_near_basis(const struct codes *codes, struct text word,
    const char *text, char out[LAYOUT_NEAR_MAX]);

/* Adds to what rules_parse refused: the arguments that its rule has, or the
 * rule that may have been meant. */
void layout_near_rule(struct err *e);

#endif
