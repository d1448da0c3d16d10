/* base64.c — see base64.h. */
#include "base/base64.h"

#include <openssl/evp.h>

char *base64_encode(struct arena *a, struct bytes b)
{
	char *z = arena_take(a, (b.n + 2) / 3 * 4 + 1);

	(void)EVP_EncodeBlock((unsigned char *)z, b.p, (int)b.n);
	return z;
}

bool base64_decode(struct arena *a, struct text t, struct bytes *out)
{
	unsigned char *p;
	int n;

	if (t.n == 0 || t.n % 4 != 0 || t.n > ((size_t)1 << 30))
		return false;
	p = arena_take(a, t.n / 4 * 3 + 1);
	n = EVP_DecodeBlock(p, (const unsigned char *)t.p, (int)t.n);
	if (n < 0)
		return false;
	/* EVP_DecodeBlock counts the padding as bytes. */
	n -= (t.p[t.n - 1] == '=') + (t.p[t.n - 2] == '=');
	*out = BYTES(p, (size_t)n);
	return true;
}
