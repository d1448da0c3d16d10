/* totp.c — see totp.h. */
#include "api/totp.h"

#include "base/clock.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#define STEP_US (30 * CLOCK_SECOND)
#define KEY_BYTES 20 /* as long as the digest (RFC 4226 §4) */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_secret(const struct random_source *random, char out[TOTP_SECRET])
{
	unsigned char key[KEY_BYTES];

	random->fill(random->ctx, key, sizeof(key));
	for (size_t i = 0; i < TOTP_SECRET - 1; i++) {
		size_t at = i * 5 / 8;
		unsigned two = (unsigned)key[at] << 8 |
			       (at + 1 < KEY_BYTES ? key[at + 1] : 0U);

		out[i] = alphabet[two >> (11 - i * 5 % 8) & 31];
	}
	out[TOTP_SECRET - 1] = '\0';
	OPENSSL_cleanse(key, sizeof(key));
}

/* The key's bytes; 0 if it is no base32 of at most 64 characters. */
static size_t decode(struct text secret, unsigned char key[40])
{
	uint32_t bits = 0;
	int held = 0;
	size_t n = 0;

	if (secret.n > 64)
		return 0;
	for (size_t i = 0; i < secret.n; i++) {
		const char *at = memchr(alphabet, secret.p[i], 32);

		if (at == NULL)
			return 0;
		bits = bits << 5 | (uint32_t)(at - alphabet);
		held += 5;
		if (held >= 8) {
			held -= 8;
			key[n++] = (unsigned char)(bits >> held);
		}
	}
	return n;
}

bool totp_code(struct text secret, int64_t step, char out[TOTP_CODE])
{
	unsigned char key[40];
	unsigned char counter[8];
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	size_t n = decode(secret, key);
	uint32_t value;
	unsigned at;

	if (n == 0)
		return false;
	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (HMAC(EVP_sha1(), key, (int)n, counter, sizeof(counter), mac,
		&length) == NULL)
		return false;
	OPENSSL_cleanse(key, sizeof(key));
	at = mac[length - 1] & 15;
	value = ((uint32_t)mac[at] << 24 | (uint32_t)mac[at + 1] << 16 |
		    (uint32_t)mac[at + 2] << 8 | mac[at + 3]) &
		0x7fffffff;
	(void)snprintf(out, TOTP_CODE, "%06u", (unsigned)(value % 1000000));
	return true;
}

int64_t totp_check(
    struct text secret, int64_t now_us, struct text code, int64_t last)
{
	int64_t now = now_us / STEP_US;
	int64_t found = 0;

	if (code.n != TOTP_CODE - 1)
		return 0;
	for (int64_t step = now - 1; step <= now + 1; step++) {
		char want[TOTP_CODE];

		if (step > last && totp_code(secret, step, want) &&
		    CRYPTO_memcmp(want, code.p, TOTP_CODE - 1) == 0)
			found = step;
	}
	return found;
}
