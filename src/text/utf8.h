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
static inline uint32_t utf8_next(struct text t, size_t *i)
{
	const unsigned char *p = (const unsigned char *)t.p + *i;

	if (p[0] < 0x80) {
		*i += 1;
		return p[0];
	}
	if (p[0] < 0xE0) {
		*i += 2;
		return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3Fu);
	}
	if (p[0] < 0xF0) {
		*i += 3;
		return (uint32_t)(p[0] & 0x0F) << 12 |
		       (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3Fu);
	}
	*i += 4;
	return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
	       (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3Fu);
}

/* Bytes of a character of valid text, by its first byte. */
static inline size_t utf8_size(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* The code point that ends at i (over 0) of valid text; its offset in *at. */
uint32_t utf8_before(struct text t, size_t i, size_t *at);

/* Code points in valid text. */
size_t utf8_count(struct text t);

/* Writes c (a scalar value), 1 to 4 bytes; how many. */
static inline size_t utf8_write(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* Appends c (a scalar value). */
void utf8_put(struct buf *out, uint32_t c);

/* Byte offset of the n-th code point (from 0); t.n if there are fewer. */
size_t utf8_offset(struct text t, size_t n);

#endif
