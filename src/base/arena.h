/*
 * arena.h — memory with the life of one request, batch or transaction.
 *
 * An arena never fails: out of memory ends the process (the database is the
 * state). Everything taken from it lives until arena_reset or arena_fini.
 */
#ifndef SHOKAI_BASE_ARENA_H
#define SHOKAI_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

/* Zero-initialised is ready for use. */
struct arena {
	struct arena_block *first; /* newest block */
	size_t used;		   /* bytes used in the newest block */
	size_t held;		   /* bytes held in all blocks */
};

/* n bytes, aligned for any type, not cleared. n may be 0. */
void *arena_take(struct arena *a, size_t n);

/* n × size bytes, cleared; ends the process where the product overflows. */
void *arena_zero(struct arena *a, size_t n, size_t size);

/* A copy of n bytes with a NUL behind it. */
char *arena_copy(struct arena *a, const void *p, size_t n);

/* A formatted string, NUL-terminated. */
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Forgets everything taken; keeps one block. */
void arena_reset(struct arena *a);

/* Gives all memory back; a is then as zero-initialised. */
void arena_fini(struct arena *a);

/* malloc and realloc that end the process instead of failing. */
void *arena_xmalloc(size_t n);
void *arena_xrealloc(void *p, size_t n);

/* A zeroed table of some MiB that is looked into at random, all of it present
 * and, where the system can, in large pages; free() ends it. */
void *arena_xlarge(size_t n);

#endif
