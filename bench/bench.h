/*
 * bench.h — what the bench programs of this folder share.
 */
#ifndef SHOKAI_BENCH_BENCH_H
#define SHOKAI_BENCH_BENCH_H

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BENCH_SECONDS 0.15 /* of one measurement */
#define BENCH_ROUNDS 7	   /* the best counts: these machines are noisy */

typedef void bench_fn(void *ctx);

static inline void bench_need(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static inline void bench_read(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	bench_need(f != NULL, "cannot open the file");
	do {
		buf_room(out, 1 << 20);
		n = fread(out->p + out->n, 1, 1 << 20, f);
		out->n += n;
	} while (n > 0);
	(void)fclose(f); /* only read */
}

/* CPU seconds of this thread. */
static inline double bench_cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* MB/s of each function over n bytes of input, the best of several rounds that
 * take turns, so that a noisy moment strikes all alike. */
static inline void bench_speeds(
    bench_fn *const *fns, size_t count, void *ctx, size_t n, double *out)
{
	for (size_t k = 0; k < count; k++)
		out[k] = 0;
	for (int round = 0; round < BENCH_ROUNDS; round++)
		for (size_t k = 0; k < count; k++) {
			double begun = bench_cpu();
			double used;
			long times = 0;

			do {
				fns[k](ctx);
				times++;
				used = bench_cpu() - begun;
			} while (used < BENCH_SECONDS);
			used = (double)n * (double)times / used / 1e6;
			out[k] = used > out[k] ? used : out[k];
		}
}

#endif
