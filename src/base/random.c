/* random.c — see random.h. */
#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void random_fill(void *ctx, void *p, size_t n)
{
	unsigned char *to = p;

	(void)ctx;
	while (n > 0) {
		ssize_t got = getrandom(to, n < 256 ? n : 256, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			abort();
		to += got;
		n -= (size_t)got;
	}
}
