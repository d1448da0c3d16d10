/*
 * watch.h — who is told now and then how far long work is; done of of. of 0:
 * nobody knows how much there is.
 */
#ifndef SHOKAI_BASE_WATCH_H
#define SHOKAI_BASE_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct watch {
	void (*far)(void *ctx, int64_t done, int64_t of); /* NULL: nobody */
	void *ctx;
};

static inline void watch_tell(const struct watch *w, int64_t done, int64_t of)
{
	if (w->far != NULL)
		w->far(w->ctx, done, of);
}

#endif
