/* number.c — see number.h. */
#include "codes/number.h"

static int digit(struct text t, size_t i)
{
	return t.p[i] - '0';
}

bool number_is_municipality(struct text t)
{
	int sum = 0;

	if (!text_is_digits(t, 6, 6))
		return false;
	for (size_t i = 0; i < 5; i++)
		sum += digit(t, i) * (6 - (int)i);
	return digit(t, 5) == (11 - sum % 11) % 10;
}

bool number_is_address_code(struct text t)
{
	return number_is_municipality(t) || text_is_digits(t, 13, 13);
}

bool number_is_corporate(struct text t)
{
	int sum = 0;

	if (!text_is_digits(t, 13, 13))
		return false;
	for (size_t i = 1; i < 13; i++)
		sum += digit(t, i) * (i % 2 == 0 ? 1 : 2);
	return digit(t, 0) == 9 - sum % 9;
}

bool number_is_individual(struct text t)
{
	int sum = 0;
	int rest;

	if (!text_is_digits(t, 12, 12))
		return false;
	for (int n = 1; n <= 11; n++)
		sum += digit(t, (size_t)(11 - n)) * (n <= 6 ? n + 1 : n - 5);
	rest = sum % 11;
	return digit(t, 11) == (rest <= 1 ? 0 : 11 - rest);
}

bool number_postal(struct text t, char out[8])
{
	size_t second = t.n == 8 ? 4 : 3;

	if ((t.n != 7 && t.n != 8) || (t.n == 8 && t.p[3] != '-') ||
	    !text_is_digits(text_trust(t.p, 3), 3, 3) ||
	    !text_is_digits(text_trust(t.p + second, 4), 4, 4))
		return false;
	memcpy(out, t.p, 3);
	memcpy(out + 3, t.p + second, 4);
	out[7] = '\0';
	return true;
}

bool number_pad(struct text t, size_t width, char *out)
{
	if (!text_is_digits(t, 1, width))
		return false;
	memset(out, '0', width);
	memcpy(out + width - t.n, t.p, t.n);
	out[width] = '\0';
	return true;
}

bool number_account(struct text t, char out[8])
{
	return number_pad(t, 7, out);
}

const char *number_account_kind(struct text t)
{
	static const char *const kinds[] = {"普通", "当座", "納税準備", "貯蓄",
	    "通知", "定期", "積立", "定期積金", "その他"};

	if (t.n != 1 || t.p[0] < '1' || t.p[0] > '9')
		return NULL;
	return kinds[t.p[0] - '1'];
}
