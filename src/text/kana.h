/*
 * kana.h — what a kana is: width, script, size, voicing, vowel.
 *
 * Pure functions of one character. Sources: JIS X 0201 (half-width kana),
 * JIS X 0208 rows 4 and 5, and the Unicode code charts Hiragana, Katakana,
 * Katakana Phonetic Extensions, Halfwidth and Fullwidth Forms.
 */
#ifndef SHOKAI_TEXT_KANA_H
#define SHOKAI_TEXT_KANA_H

#include "base/bytes.h"

#include <stdint.h>

#define KANA_LONG 0x30FCu      /* ー */
#define KANA_LONG_HALF 0xFF70u /* ｰ */

enum kana_mark { KANA_NO_MARK, KANA_VOICED, KANA_SEMI };

/* A kana letter of any script and width: no mark, no ー, no iteration. */
bool kana_is(uint32_t c);
bool kana_is_half(uint32_t c); /* ｦ–ﾟ: letters, ｰ, marks */

static inline bool kana_is_long(uint32_t c)
{
	return c == KANA_LONG || c == KANA_LONG_HALF;
}

/* ヷ ヸ ヹ ヺ: neither half-width nor split without a stranded mark. */
static inline bool kana_is_wa_voiced(uint32_t c)
{
	return c >= 0x30F7 && c <= 0x30FA;
}

/* ゛ ゜ spacing, combining or half-width. */
enum kana_mark kana_mark(uint32_t c);

/* The other script; c itself if it has none (ヷ–ヺ have no hiragana). */
uint32_t kana_katakana(uint32_t c);
uint32_t kana_hiragana(uint32_t c);

/* Large for small, any script and width, Ainu letters too; not ヵ ヶ. */
uint32_t kana_large(uint32_t c);

/* The full-width form of half-width kana and 。「」、・ー゛゜; else c. */
uint32_t kana_full(uint32_t c);

/*
 * The half-width form of katakana or 。「」、・ー゛゜: how many characters of
 * out are used (2: letter and mark), 0 if there is none (ヰ ヱ ヮ ヵ ヶ ヷ).
 */
size_t kana_half(uint32_t c, uint32_t out[2]);

/* The voiced kana of full-width base and mark; 0 if there is none. */
uint32_t kana_compose(uint32_t base, enum kana_mark mark);

/* The base of a voiced full-width kana, and its mark; else c, no mark. */
uint32_t kana_base(uint32_t c, enum kana_mark *mark);

/* 'a' 'i' 'u' 'e' 'o' of a full-width katakana; 0 for ン and what is none. */
char kana_vowel(uint32_t c);

/*
 * The next katakana or other character of t in the one form used to
 * compare: full width, katakana, large, composed. Moves *i.
 */
uint32_t kana_next_plain(struct text t, size_t *i);

#endif
