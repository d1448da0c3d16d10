/* digest.c — see digest.h. */
#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

/*
 * EVP_MD_fetch costs more than hashing a record, so algorithm and context
 * are fetched once per thread.
 */
static EVP_MD_CTX *context(const EVP_MD **md)
{
	static _Thread_local EVP_MD_CTX *ctx;
	static _Thread_local EVP_MD *sha256;

	if (ctx == NULL) {
		ctx = EVP_MD_CTX_new();
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	}
	if (ctx == NULL || sha256 == NULL)
		abort();
	*md = sha256;
	return ctx;
}

struct digest digest_of(const struct bytes *parts, size_t n)
{
	const EVP_MD *md;
	EVP_MD_CTX *ctx = context(&md);
	struct digest d;

	if (EVP_DigestInit_ex2(ctx, md, NULL) != 1)
		abort();
	for (size_t i = 0; i < n; i++)
		if (EVP_DigestUpdate(ctx, parts[i].p, parts[i].n) != 1)
			abort();
	if (EVP_DigestFinal_ex(ctx, d.b, NULL) != 1)
		abort();
	return d;
}

void digest_hex(struct digest d, char out[DIGEST_TEXT])
{
	bytes_hex(d.b, DIGEST_SIZE, out);
}

bool digest_unhex(struct text t, struct digest *out)
{
	return bytes_unhex(t, out->b, DIGEST_SIZE);
}
