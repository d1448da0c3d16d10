/*
 * base64.h — base64 (RFC 4648 §4) of bytes that travel in JSON, by OpenSSL.
 */
#ifndef SHOKAI_BASE_BASE64_H
#define SHOKAI_BASE_BASE64_H

#include "base/bytes.h"

#include <stdbool.h>

/* The text, NUL-terminated, in a. b has at most 1 GiB. */
char *base64_encode(struct arena *a, struct bytes b);

/* The bytes, in a; false if t is not base64 with its padding. */
bool base64_decode(struct arena *a, struct text t, struct bytes *out);

#endif
