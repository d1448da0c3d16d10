/*
 * layout_words.h — what rules and codes mean, in a clerk's words: the
 * specification sheet is read by people who have never seen a rule file.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_WORDS_H
#define SHOKAI_LAYOUT_LAYOUT_WORDS_H

#include "layout/layout_internal.h"

/*
 * What a text rule does, by its longest known beginning ("kanji:0208:first"
 * of "kanji:0208:first:jis"); *n: bytes of that beginning, the rest are
 * arguments. NULL if there are no words for it.
 */
const char *layout_words_rule(struct text rule, bool ja, size_t *n);

/* What a pair's code of ours means; the code itself if nothing else. */
const char *layout_words_code(
    const struct layout_column *c, const struct layout_pair *p, bool ja);

#endif
