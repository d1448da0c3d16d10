/* arena.c — see arena.h. */
#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BLOCK_MIN ((size_t)64 * 1024)
#define ALIGN _Alignof(max_align_t)
#define PAGE_LARGE ((size_t)2 * 1024 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size;
	max_align_t data[];
};

void *arena_xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (p == NULL)
		memory_out();
	return p;
}

void *arena_xrealloc(void *old, size_t n)
{
	void *p = realloc(old, n ? n : 1);

	if (p == NULL)
		memory_out();
	return p;
}

static void add_block(struct arena *a, size_t n)
{
	size_t size = n > BLOCK_MIN ? n : BLOCK_MIN;
	struct arena_block *b;

	if (size > SIZE_MAX - sizeof(*b))
		memory_out();
	b = arena_xmalloc(sizeof(*b) + size);
	b->next = a->first;
	b->size = size;
	a->first = b;
	a->used = 0;
	a->held += size;
}

void *arena_take(struct arena *a, size_t n)
{
	void *p;

	if (n > SIZE_MAX - ALIGN)
		memory_out();
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (a->first == NULL || n > a->first->size - a->used)
		add_block(a, n);
	p = (char *)a->first->data + a->used;
	a->used += n;
	return p;
}

void *arena_zero(struct arena *a, size_t n, size_t size)
{
	void *p;

	if (size != 0 && n > SIZE_MAX / size)
		memory_out();
	p = arena_take(a, n * size);
	memset(p, 0, n * size);
	return p;
}

char *arena_copy(struct arena *a, const void *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		memory_out();
	copy = arena_take(a, n + 1);
	if (n != 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_list again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		memory_out();
	p = arena_take(a, (size_t)n + 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

void arena_reset(struct arena *a)
{
	struct arena_block *b;

	if (a->first == NULL)
		return;
	while ((b = a->first->next) != NULL) {
		a->first->next = b->next;
		a->held -= b->size;
		free(b);
	}
	if (a->first->size > 16 * BLOCK_MIN) {
		arena_fini(a);
		return;
	}
	a->used = 0;
}

void arena_fini(struct arena *a)
{
	struct arena_block *b;

	while ((b = a->first) != NULL) {
		a->first = b->next;
		free(b);
	}
	*a = (struct arena){0};
}

void *arena_xlarge(size_t n)
{
	size_t size = (n + PAGE_LARGE - 1) / PAGE_LARGE * PAGE_LARGE;
	void *p = aligned_alloc(PAGE_LARGE, size);

	if (p == NULL)
		memory_out();
	(void)madvise(p, size, MADV_HUGEPAGE); /* a hint */
	memset(p, 0, size);
	return p;
}
