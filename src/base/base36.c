/* base36.c — see base36.h. */
#include "base/base36.h"

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* One more than the value of a digit; 0: no digit. */
static const unsigned char values[256] = {['0'] = 1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    ['A'] = 11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    29,
    30,
    31,
    32,
    33,
    34,
    35,
    36};

static int value(char c)
{
	return values[(unsigned char)c] - 1;
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

int base36_sum(int product, const char *p, size_t n)
{
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		int d = value(p[i]);
		int sum = product + d;

		bad |= d;
		/* The sum is 1…71, twice it then 2…72: no division needed. */
		sum = sum > 36 ? sum - 36 : sum;
		product = sum * 2 > 37 ? sum * 2 - 37 : sum * 2;
	}
	return bad < 0 ? -1 : product;
}

char base36_check_of(int product)
{
	return product < 0 ? 0 : digits[(37 - product) % 36];
}

char base36_check(const char *p, size_t n)
{
	return base36_check_of(base36_sum(BASE36_SUM, p, n));
}
