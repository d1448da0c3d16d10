/* buf.c — the growing buffer; see bytes.h. */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_grow(struct buf *b, size_t more)
{
	size_t room = b->room ? b->room : 256;

	if (more > SIZE_MAX / 4 || b->n > SIZE_MAX / 4)
		abort();
	while (room - b->n < more)
		room *= 2;
	b->p = arena_xrealloc(b->p, room);
	b->room = room;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_list again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	buf_room(b, (size_t)n + 1);
	(void)vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, again);
	va_end(again);
	b->n += (size_t)n;
}

void buf_fini(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}
