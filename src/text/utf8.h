/*
 * utf8.h — the decoder that turns bytes into text (T1).
 *
 * Strict: shortest form, no surrogates, nothing over U+10FFFF (RFC 3629), and
 * no NUL.
 */
#ifndef SHOKAI_TEXT_UTF8_H
#define SHOKAI_TEXT_UTF8_H

#include "base/bytes.h"

#include <stdint.h>

/* The same bytes as text; false, and *bad_at = byte offset, if they are not. */
bool utf8_decode(struct bytes in, struct text *out, size_t *bad_at);

/* The code point at *i of valid text; moves *i behind it. */
uint32_t utf8_next(struct text t, size_t *i);

/* Code points in valid text. */
size_t utf8_count(struct text t);

/* Appends c (a scalar value). */
void utf8_put(struct buf *out, uint32_t c);

/* Byte offset of the n-th code point (from 0); t.n if there are fewer. */
size_t utf8_offset(struct text t, size_t n);

#endif
