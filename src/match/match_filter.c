/* match_filter.c — see match_filter.h. */
#include "match/match_filter.h"

#define BITS_PER_KEY 10
#define PROBES 5
#define SIZE_MIN ((size_t)64)
#define SIZE_LIMIT ((size_t)32 << 20)

size_t match_filter_size(size_t keys)
{
	size_t n = SIZE_LIMIT;

	if (keys < SIZE_LIMIT * 8 / BITS_PER_KEY)
		n = keys * BITS_PER_KEY / 8;
	return n < SIZE_MIN ? SIZE_MIN : n;
}

/* FNV-1a, its bits mixed (MurmurHash3's finalizer, public domain). */
static uint64_t hash(struct text key)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 0x100000001B3u;
	h = (h ^ (h >> 33)) * 0xFF51AFD7ED558CCDu;
	h = (h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53u;
	return h ^ (h >> 33);
}

/* Bits h1, h1 + h2, h1 + 2·h2 …: as good as independent ones (Kirsch and
 * Mitzenmacher, 2006). */
static size_t bit_of(uint64_t h, unsigned probe, size_t n)
{
	uint64_t step = (h >> 32) | 1;

	return (size_t)(((h & 0xFFFFFFFFu) + probe * step) % (n * 8));
}

void match_filter_add(unsigned char *filter, size_t n, struct text key)
{
	uint64_t h = hash(key);

	for (unsigned i = 0; i < PROBES; i++) {
		size_t bit = bit_of(h, i, n);

		filter[bit / 8] |= (unsigned char)(1U << (bit % 8));
	}
}

bool match_filter_may_hold(struct bytes filter, struct text key)
{
	uint64_t h = hash(key);

	for (unsigned i = 0; filter.n > 0 && i < PROBES; i++) {
		size_t bit = bit_of(h, i, filter.n);

		if ((filter.p[bit / 8] >> (bit % 8) & 1) == 0)
			return false;
	}
	return true;
}
