/*
 * random.h — the machine's randomness, for where a process begins; passed in
 * as a struct random_source (audit/audit.h) everywhere else.
 */
#ifndef SHOKAI_BASE_RANDOM_H
#define SHOKAI_BASE_RANDOM_H

#include <stddef.h>

/* n random bytes of the kernel; ends the process if there are none. */
void random_fill(void *ctx, void *p, size_t n);

#endif
