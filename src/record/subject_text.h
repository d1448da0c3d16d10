/*
 * subject_text.h — what names, addresses and other free text of a subject
 * must be: no control or hidden character, in normal form NFC.
 */
#ifndef SHOKAI_RECORD_SUBJECT_TEXT_H
#define SHOKAI_RECORD_SUBJECT_TEXT_H

#include "base/bytes.h"

/*
 * The normal form NFC (UAX #15) of t into *out: t itself if it is already, as
 * nearly all text is, else a copy in a; *chars is its code points. False if t
 * holds a character that cannot be seen, *bad being the first: C0 and C1
 * controls, zero-width and direction marks, tags, fillers, noncharacters, and
 * U+FFFD, the sign of an earlier loss. Variation selectors and private-use
 * characters stay: they are a layout's to judge.
 */
bool subject_text_normal(struct arena *a, struct text t, struct text *out,
    size_t *chars, uint32_t *bad);

/*
 * A quick look at bytes as they come: well-formed UTF-8 (T1) of printing
 * ASCII, kana, unified ideographs and full-width forms alone. Such text is in
 * normal form and has nothing hidden; of other text false says nothing.
 */
bool subject_text_plain(struct bytes b);

/* One of the characters refused above. */
bool subject_text_is_hidden(uint32_t c);

/* NFC leaves it alone whatever stands beside it (a cautious guess: false says
 * nothing). */
bool subject_text_is_inert(uint32_t c);

#endif
