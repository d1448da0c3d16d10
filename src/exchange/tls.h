/*
 * tls.h — TLS 1.3 with pinned certificates, the same for both sides.
 *
 * No certificate authority is asked: a certificate is accepted if its SHA-256
 * is one that the caller knows at that moment (S1). There is no resumption:
 * no tickets, no cache, no early data, so that every connection shows its
 * certificate again.
 */
#ifndef SHOKAI_EXCHANGE_TLS_H
#define SHOKAI_EXCHANGE_TLS_H

#include "base/digest.h"
#include "base/err.h"

#include <openssl/ssl.h>

/* Is the certificate with this fingerprint to be accepted now? */
typedef bool tls_known_fn(void *ctx, struct digest fingerprint);

struct tls_pin {
	tls_known_fn *known; /* NULL: no certificate is demanded */
	void *ctx;
	bool ask; /* where none is demanded: who has one may show it; whether
		     it is a good one is the caller's to say */
};

/*
 * A server's context: keys/node.key and keys/node.crt. pin must outlive it.
 * ERR_INPUT "node.no_certificate" if they are not there or do not fit.
 */
CHECKED enum err_class tls_server(
    const char *keys, const struct tls_pin *pin, SSL_CTX **out, struct err *e);

/* Makes the verification of ctx exactly that of pin (a client's, too). */
void tls_pin(SSL_CTX *ctx, const struct tls_pin *pin);

/* The fingerprint of the other side's certificate; false: it showed none. */
bool tls_fingerprint(const SSL *ssl, struct digest *out);

#endif
