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

struct digest_run {
	EVP_MD_CTX *ctx;
};

struct digest_run *digest_run_new(void)
{
	struct digest_run *r = malloc(sizeof(*r));
	const EVP_MD *md;

	(void)context(&md);
	if (r == NULL)
		abort(); /* out of memory */
	r->ctx = EVP_MD_CTX_new();
	if (r->ctx == NULL || EVP_DigestInit_ex2(r->ctx, md, NULL) != 1)
		abort();
	return r;
}

void digest_run_add(struct digest_run *r, struct bytes b)
{
	if (EVP_DigestUpdate(r->ctx, b.p, b.n) != 1)
		abort();
}

struct digest digest_run_end(struct digest_run *r)
{
	struct digest d;

	if (EVP_DigestFinal_ex(r->ctx, d.b, NULL) != 1)
		abort();
	EVP_MD_CTX_free(r->ctx);
	free(r);
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
