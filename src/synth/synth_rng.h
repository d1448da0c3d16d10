/*
 * synth_rng.h — numbers that look random and are the same everywhere.
 *
 * SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014). Each thing that is drawn has a stream of its own,
 * named by what it is: more subjects or institutions change no other draw.
 * Integers only.
 */
#ifndef SHOKAI_SYNTH_SYNTH_RNG_H
#define SHOKAI_SYNTH_SYNTH_RNG_H

#include <stdbool.h>
#include <stdint.h>

#define SYNTH_PPM UINT32_C(1000000) /* shares are in millionths */

/* What a stream is for. A new one is added at the end. */
enum synth_stream {
	SYNTH_STREAM_GROUP = 1, /* which hard cases */
	SYNTH_STREAM_KIND,
	SYNTH_STREAM_SUBJECT,
	SYNTH_STREAM_CLAIM,
	SYNTH_STREAM_KAMOKU,
	SYNTH_STREAM_ATENA,
	SYNTH_STREAM_CORPORATE,
	SYNTH_STREAM_HIT,
	SYNTH_STREAM_HOLDS,
	SYNTH_STREAM_PAIR,
	SYNTH_STREAM_RELATION,
	SYNTH_STREAM_CUSTOMER,
	SYNTH_STREAM_CUSTOMER_ID,
	SYNTH_STREAM_BRANCH,
	SYNTH_STREAM_ACCOUNT,
	SYNTH_STREAM_KNOWN,
};

struct synth_rng {
	uint64_t state;
};

/* A key that only these four give. */
uint64_t synth_rng_key(
    uint64_t seed, enum synth_stream stream, uint64_t a, uint64_t b);

struct synth_rng synth_rng_of(
    uint64_t seed, enum synth_stream stream, uint64_t a, uint64_t b);

uint64_t synth_rng_next(struct synth_rng *r);

/* 0 … n-1; n from 1. */
uint32_t synth_rng_below(struct synth_rng *r, uint32_t n);

/* low … high, both may come. */
int synth_rng_between(struct synth_rng *r, int low, int high);

/* True in ppm of a million. */
bool synth_rng_chance(struct synth_rng *r, uint32_t ppm);

/* Where x (below n) comes to lie when 0 … n-1 are shuffled by key. */
uint32_t synth_rng_permute(uint64_t key, uint32_t n, uint32_t x);

/*
 * A number below SYNTH_PPM for item i, spread evenly over each block of items
 * that follow each other: a share of the items is met nearly exactly.
 */
uint32_t synth_rng_spread(uint64_t key, uint32_t block, uint32_t i);

#endif
