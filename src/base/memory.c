/* memory.c — see memory.h. */
#include "base/memory.h"

#include "base/arena.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

void memory_out(void)
{
	(void)fputs("out of memory\n", stderr);
	abort();
}

/* What CRYPTO_malloc(3) does of nothing: NULL, which is no failure. */
static void *take(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return n == 0 ? NULL : arena_xmalloc(n);
}

static void give(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

static void *again(void *p, size_t n, const char *file, int line)
{
	if (n == 0) {
		give(p, file, line);
		return NULL;
	}
	return arena_xrealloc(p, n);
}

void memory_guard(void)
{
	if (CRYPTO_set_mem_functions(take, again, give) != 1)
		abort();
	json_set_alloc_funcs(arena_xmalloc, free);
}
