/* sim_rng.h — the simulator's randomness: splitmix64, one stream per use. */
#ifndef SHOKAI_TESTS_SIM_RNG_H
#define SHOKAI_TESTS_SIM_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_rng {
	uint64_t state;
};

static inline uint64_t sim_rng_next(struct sim_rng *r)
{
	uint64_t z = (r->state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* 0 … n - 1 */
static inline int64_t sim_rng_below(struct sim_rng *r, int64_t n)
{
	return n <= 1 ? 0 : (int64_t)(sim_rng_next(r) % (uint64_t)n);
}

static inline bool sim_rng_in(struct sim_rng *r, int64_t n, int64_t of)
{
	return sim_rng_below(r, of) < n;
}

static inline void sim_rng_fill(struct sim_rng *r, void *p, size_t n)
{
	unsigned char *to = p;
	uint64_t z = 0;

	for (size_t i = 0; i < n; i++, z >>= 8) {
		if (i % 8 == 0)
			z = sim_rng_next(r);
		to[i] = (unsigned char)z;
	}
}

#endif
