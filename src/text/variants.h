/* variants.h — kanji that are spellings of one another, to compare names. */
#ifndef SHOKAI_TEXT_VARIANTS_H
#define SHOKAI_TEXT_VARIANTS_H

#include <stdint.h>

/* The form that stands for c and its variants; c itself if it has none. */
uint32_t variants_of(uint32_t c);

#endif
