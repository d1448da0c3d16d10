/*
 * bytes.h — bytes from outside, valid text, and a growing buffer.
 *
 * T1: struct bytes may hold anything; struct text holds valid UTF-8 without
 * NUL. They are different types, and only a named decoder (text/utf8.h,
 * text/cp932.h, …) turns one into the other. text_trust is for literals and
 * for what our own code or our own database wrote. Neither owns its memory.
 */
#ifndef SHOKAI_BASE_BYTES_H
#define SHOKAI_BASE_BYTES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const unsigned char *p;
	size_t n;
};

struct text {
	const char *p;
	size_t n;
};

/* A growing buffer; zero-initialised is empty. Owns p. Never fails. */
struct buf {
	unsigned char *p;
	size_t n;
	size_t room;
};

#define BYTES(p_, n_) ((struct bytes){(const unsigned char *)(p_), (n_)})
#define TEXT(literal) ((struct text){(literal), sizeof("" literal) - 1})

static inline struct text text_trust(const char *p, size_t n)
{
	return (struct text){p, n};
}

static inline struct text text_z(const char *z)
{
	return (struct text){z, strlen(z)};
}

static inline struct bytes text_bytes(struct text t)
{
	return BYTES(t.p, t.n);
}

static inline bool text_eq(struct text a, struct text b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool text_is(struct text a, const char *z)
{
	return text_eq(a, text_z(z));
}

static inline bool bytes_eq(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline struct bytes buf_bytes(const struct buf *b)
{
	return BYTES(b->p, b->n);
}

static inline struct text buf_text(const struct buf *b)
{
	return text_trust((const char *)b->p, b->n);
}

/* Order as of memcmp, the shorter first. */
int text_cmp(struct text a, struct text b);

/* Copies that live in the arena; a NUL stands behind them. */
struct text text_dup(struct arena *a, struct text t);
struct bytes bytes_dup(struct arena *a, struct bytes b);
char *text_cstr(struct arena *a, struct text t);

/* ASCII digits only, 1 to max of them? */
bool text_is_digits(struct text t, size_t min, size_t max);

/* A decimal integer 0…max, no sign, no blanks; false if it is not one. */
bool text_to_int(struct text t, int64_t max, int64_t *out);

/* The last width decimal digits of v, zeros in front, no NUL behind. */
void text_put_digits(uint64_t v, size_t width, char *out);

void buf_grow(struct buf *b, size_t more); /* room for more than it has */

/* Room for more bytes. */
static inline void buf_room(struct buf *b, size_t more)
{
	if (b->room - b->n < more || b->p == NULL)
		buf_grow(b, more);
}

static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	buf_room(b, n);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void buf_byte(struct buf *b, unsigned char c)
{
	if (b->n == b->room)
		buf_grow(b, 1);
	b->p[b->n++] = c;
}

static inline void buf_text_add(struct buf *b, struct text t)
{
	buf_add(b, t.p, t.n);
}

static inline void buf_z(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static inline void buf_clear(struct buf *b)
{
	b->n = 0;
}
void buf_fini(struct buf *b);

/* Lower-case hexadecimal of n bytes into out[2n+1]. */
void bytes_hex(const unsigned char *p, size_t n, char *out);

/* Exactly 2n hexadecimal digits into out[n]; false if they are not. */
bool bytes_unhex(struct text t, unsigned char *out, size_t n);

#endif
