/* base36.c — see base36.h. */
#include "base/base36.h"

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static int value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return -1;
}

bool base36_put(uint64_t v, size_t width, char *out)
{
	while (width > 0) {
		out[--width] = digits[v % 36];
		v /= 36;
	}
	return v == 0;
}

bool base36_get(struct text t, uint64_t *out)
{
	uint64_t v = 0;

	if (t.n == 0 || t.n > 12)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		int d = value(t.p[i]);

		if (d < 0)
			return false;
		v = v * 36 + (uint64_t)d;
	}
	*out = v;
	return true;
}

char base36_check(const char *p, size_t n)
{
	int product = 36;

	for (size_t i = 0; i < n; i++) {
		int d = value(p[i]);
		int sum;

		if (d < 0)
			return 0;
		sum = (product + d) % 36;
		product = (sum == 0 ? 36 : sum) * 2 % 37;
	}
	return digits[(37 - product) % 36];
}
