/* buf.c — the growing buffer; see bytes.h. */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_room(struct buf *b, size_t more)
{
	size_t room = b->room ? b->room : 256;

	if (more > SIZE_MAX / 4 || b->n > SIZE_MAX / 4)
		abort();
	if (b->room - b->n >= more && b->p != NULL)
		return;
	while (room - b->n < more)
		room *= 2;
	b->p = arena_xrealloc(b->p, room);
	b->room = room;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	buf_room(b, n);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_byte(struct buf *b, unsigned char c)
{
	if (b->n == b->room)
		buf_room(b, 1);
	b->p[b->n++] = c;
}

void buf_text_add(struct buf *b, struct text t)
{
	buf_add(b, t.p, t.n);
}

void buf_z(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
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
