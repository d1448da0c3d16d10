/*
 * pack.h — the packed form that subject.h and answer.h share: numbers in
 * groups of seven bits, texts with their length, sets of fields with a map of
 * those that are not empty. One value has one form: longer ones are refused.
 */
#ifndef SHOKAI_RECORD_PACK_H
#define SHOKAI_RECORD_PACK_H

#include "base/bytes.h"

/* What is left to read. */
struct pack {
	const unsigned char *p;
	size_t n;
};

void pack_put_number(struct buf *out, uint64_t v);
void pack_put_bytes(struct buf *out, const void *p, size_t n);

/* count texts, at most 64. */
void pack_put_fields(struct buf *out, const struct text *f, size_t count);

/* Each false if p does not hold one, or the value is over max. */
bool pack_byte(struct pack *p, unsigned max, unsigned *out);
bool pack_number(struct pack *p, size_t max, size_t *out);
bool pack_bytes(struct pack *p, size_t max, struct bytes *out);

/* Valid UTF-8, at most max bytes; may be empty. */
bool pack_text(struct pack *p, size_t max, struct text *out);
bool pack_fields(struct pack *p, size_t max, struct text *f, size_t count);

#endif
