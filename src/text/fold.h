/*
 * fold.h — comparison forms: what two spellings of the same have in common.
 * Never sent anywhere, never shown: keys only. Total functions: text in,
 * text out, no refusal.
 */
#ifndef SHOKAI_TEXT_FOLD_H
#define SHOKAI_TEXT_FOLD_H

#include "base/bytes.h"

/*
 * A kana or Latin name: half and full width, hiragana and katakana, small and
 * large kana, long vowels (mark, hyphen, and the vowel itself after its row),
 * ヲ/オ ヰ/イ ヱ/エ ヴ+vowel/バ row, ヂ/ジ ヅ/ズ, separators, dots and letter
 * case folded away; corporate words (株式会社 / カ) / （カ …, DOMAIN §5.4)
 * removed at either end, a branch office at the end ((シユツ, (エイ) removed.
 * Voicing stays. Appended to out.
 */
void fold_kana(struct text in, struct buf *out);

/* As fold_kana, but vowels that lengthen stay: オオノ is not オノ here. */
void fold_kana_close(struct text in, struct buf *out);

/* A kanji name: spaces out, common variants (髙高 﨑崎 邊辺 邉辺 齋斎 …), 々
 * repeated, corporate words at either end removed. */
void fold_kanji(struct text in, struct buf *out);

/*
 * An address: digits and 丁目/番地/番/号/の as "-", kanji numerals before
 * 丁目, dashes, width, spaces, 大字/字, ヶ/ケ/が folded; 町 is kept.
 */
void fold_address(struct text in, struct buf *out);

#endif
