/*
 * totp.h — time-based one-time passwords: RFC 6238 over HMAC-SHA-1, steps of
 * 30 s, six digits; secrets in base32 (RFC 4648 §6, without padding).
 */
#ifndef SHOKAI_API_TOTP_H
#define SHOKAI_API_TOTP_H

#include "audit/audit.h"
#include "base/bytes.h"

#define TOTP_SECRET 33 /* 160 bits in base32, and NUL */
#define TOTP_CODE 7

void totp_secret(const struct random_source *random, char out[TOTP_SECRET]);

/* The code at a step; false if the secret is no base32. */
bool totp_code(struct text secret, int64_t step, char out[TOTP_CODE]);

/* Which step's code it is: that of the time, or of the one before or behind
 * it (RFC 6238 §5.2), but none up to last; 0 if it is none. */
int64_t totp_check(
    struct text secret, int64_t now_us, struct text code, int64_t last);

#endif
