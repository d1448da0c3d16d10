/*
 * keys_internal.h — what keys.h hides: shared by certificate.c, keys.c and
 * ca.c alone.
 */
#ifndef SHOKAI_EXCHANGE_KEYS_INTERNAL_H
#define SHOKAI_EXCHANGE_KEYS_INTERNAL_H

#include "exchange/keys.h"

#include <openssl/x509.h>

#define KEYS_FILE_MAX ((size_t)64 * 1024) /* bytes of a key or certificate */
#define KEYS_CODE_MAX 16

struct certificate {
	X509 *x;
	EVP_PKEY *key;
	struct buf der;
	struct buf issuer; /* Name, DER */
	struct buf serial; /* INTEGER, DER */
	struct digest fingerprint;
	char code[KEYS_CODE_MAX + 1];
	int64_t from_us;
	int64_t to_us;
};

struct keys {
	char *folder;
	EVP_PKEY *key;
	struct certificate *own;
	struct keys_former {
		EVP_PKEY *key;
		struct certificate *own;
	} former[KEYS_FORMER];
	size_t former_count;
};

/* dir/former-*.crt with their keys, into k. */
CHECKED enum err_class keys_load_former(struct keys *k, struct err *e);
CHECKED enum err_class keys_read_certificate(
    const char *path, struct certificate **out, struct err *e);
CHECKED enum err_class keys_check_mode(const char *path, struct err *e);
CHECKED enum err_class keys_check_pair(
    EVP_PKEY *key, const struct certificate *c, struct err *e);

/* Is it an EC key on P-256? */
bool certificate_p256(const EVP_PKEY *key);

/* The one common name of a subject as a node's code; false if it is none. */
bool certificate_name_code(const X509_NAME *name, char out[KEYS_CODE_MAX + 1]);

/* A P-256 private key from PEM. */
CHECKED enum err_class keys_read(
    const char *path, EVP_PKEY **out, struct err *e);

/* A new P-256 key into path (PEM, 0600), which must not exist. */
CHECKED enum err_class keys_write_new(
    const char *path, EVP_PKEY **out, struct err *e);

/* "fault", with OpenSSL's reason as detail; empties its queue. */
enum err_class keys_fault(struct err *e, const char *what);

#endif
