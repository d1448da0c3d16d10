/*
 * match_filter.h — which keys surely belong to no customer: most of those
 * asked. A Bloom filter (B. H. Bloom, CACM 13 (1970) 422) over match_keys,
 * made once when customers are imported.
 */
#ifndef SHOKAI_MATCH_MATCH_FILTER_H
#define SHOKAI_MATCH_MATCH_FILTER_H

#include "base/bytes.h"

/* Bytes of a filter for so many keys: some ten bits each, one in eighty of
 * the keys that are not in it passes; bounded, so that more keys pass more. */
size_t match_filter_size(size_t keys);

/* Adds a key to a filter of n > 0 bytes that began as zeros. */
void match_filter_add(unsigned char *filter, size_t n, struct text key);

/* false: the key was never added. An empty filter knows nothing: true. */
bool match_filter_may_hold(struct bytes filter, struct text key);

#endif
