/* bytes.c — see bytes.h. */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int text_cmp(struct text a, struct text b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

struct text text_dup(struct arena *a, struct text t)
{
	return (struct text){arena_copy(a, t.p, t.n), t.n};
}

struct bytes bytes_dup(struct arena *a, struct bytes b)
{
	return BYTES(arena_copy(a, b.p, b.n), b.n);
}

char *text_cstr(struct arena *a, struct text t)
{
	return arena_copy(a, t.p, t.n);
}

bool text_is_digits(struct text t, size_t min, size_t max)
{
	if (t.n < min || t.n > max)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	return true;
}

bool text_to_int(struct text t, int64_t max, int64_t *out)
{
	int64_t v = 0;

	if (!text_is_digits(t, 1, 19))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		int digit = t.p[i] - '0';

		if (v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}

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

void bytes_hex(const unsigned char *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool bytes_unhex(struct text t, unsigned char *out, size_t n)
{
	if (t.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_value(t.p[2 * i]);
		int lo = hex_value(t.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out[i] = (unsigned char)(hi << 4 | lo);
	}
	return true;
}
