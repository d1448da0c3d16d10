/*
 * digest.h — SHA-256, by OpenSSL.
 */
#ifndef SHOKAI_BASE_DIGEST_H
#define SHOKAI_BASE_DIGEST_H

#include "base/bytes.h"

#define DIGEST_SIZE 32
#define DIGEST_TEXT 65 /* lower-case hexadecimal and NUL */

struct digest {
	unsigned char b[DIGEST_SIZE];
};

/* The digest of the parts one after another. Never fails. */
struct digest digest_of(const struct bytes *parts, size_t n);

static inline struct digest digest_one(struct bytes b)
{
	return digest_of(&b, 1);
}

/* The same of bytes that come one after another; end frees it. */
struct digest_run;
struct digest_run *digest_run_new(void);
void digest_run_add(struct digest_run *r, struct bytes b);
struct digest digest_run_end(struct digest_run *r);

void digest_hex(struct digest d, char out[DIGEST_TEXT]);
bool digest_unhex(struct text t, struct digest *out);

static inline bool digest_eq(struct digest a, struct digest b)
{
	return memcmp(a.b, b.b, DIGEST_SIZE) == 0;
}

#endif
