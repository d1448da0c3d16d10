/* synth_rng.c — see synth_rng.h. */
#include "synth/synth_rng.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t synth_rng_key(
    uint64_t seed, enum synth_stream stream, uint64_t a, uint64_t b)
{
	uint64_t z = mix(seed + GOLDEN);

	z = mix(z + (uint64_t)stream * GOLDEN);
	z = mix(z + (a + 1) * GOLDEN);
	return mix(z + (b + 1) * GOLDEN);
}

struct synth_rng synth_rng_of(
    uint64_t seed, enum synth_stream stream, uint64_t a, uint64_t b)
{
	return (struct synth_rng){synth_rng_key(seed, stream, a, b)};
}

uint64_t synth_rng_next(struct synth_rng *r)
{
	r->state += GOLDEN;
	return mix(r->state);
}

uint32_t synth_rng_below(struct synth_rng *r, uint32_t n)
{
	return (uint32_t)(((synth_rng_next(r) >> 32) * n) >> 32);
}

int synth_rng_between(struct synth_rng *r, int low, int high)
{
	return low + (int)synth_rng_below(r, (uint32_t)(high - low + 1));
}

bool synth_rng_chance(struct synth_rng *r, uint32_t ppm)
{
	return synth_rng_below(r, SYNTH_PPM) < ppm;
}

/* Four Feistel rounds over the least even number of bits that holds n, walked
 * until the result is below n. */
uint32_t synth_rng_permute(uint64_t key, uint32_t n, uint32_t x)
{
	unsigned half = 1;
	uint32_t mask;

	while (half < 16 && (UINT64_C(1) << (2 * half)) < n)
		half++;
	mask = (UINT32_C(1) << half) - 1;
	do {
		uint32_t left = x >> half;
		uint32_t right = x & mask;

		for (uint64_t round = 0; round < 4; round++) {
			uint64_t f = mix(key + (round + 1) * GOLDEN + right);
			uint32_t next = (left ^ (uint32_t)f) & mask;

			left = right;
			right = next;
		}
		x = (left << half) | right;
	} while (x >= n);
	return x;
}

uint32_t synth_rng_spread(uint64_t key, uint32_t block, uint32_t i)
{
	uint64_t own = mix(key + (i / block + 1) * GOLDEN);
	uint32_t place = synth_rng_permute(own, block, i % block);
	struct synth_rng r = {mix(own + i)};
	uint64_t low = (uint64_t)place * SYNTH_PPM / block;
	uint64_t high = (uint64_t)(place + 1) * SYNTH_PPM / block;

	return (uint32_t)(low + synth_rng_below(&r, (uint32_t)(high - low)));
}
