/* text.c — valid text; see bytes.h. */
#include "base/bytes.h"

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

char *text_cstr(struct arena *a, struct text t)
{
	return arena_copy(a, t.p, t.n);
}

#define EACH UINT64_C(0x0101010101010101)

bool text_is_digits(struct text t, size_t min, size_t max)
{
	if (t.n < min || t.n > max)
		return false;
	for (; t.n >= 8; t = text_trust(t.p + 8, t.n - 8)) {
		uint64_t w;

		/* A digit is 0x3n, and still is with 6 more. */
		memcpy(&w, t.p, 8);
		w = (w ^ EACH * 0x30) | ((w + EACH * 6) ^ EACH * 0x30);
		if ((w & EACH * 0xF0) != 0)
			return false;
	}
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	return true;
}

void text_put_digits(uint64_t v, size_t width, char *out)
{
	while (width > 0) {
		out[--width] = (char)('0' + v % 10);
		v /= 10;
	}
}

bool text_to_int(struct text t, int64_t max, int64_t *out)
{
	int64_t v = 0;

	if (!text_is_digits(t, 1, 19))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		int digit = t.p[i] - '0';

		if (digit > max || v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}
