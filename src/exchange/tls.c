/* tls.c — see tls.h. */
#include "exchange/tls.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>

#define CERTIFICATES_MAX 16384 /* bytes of all certificates one may show */

static bool fingerprint_of(const X509 *x, struct digest *out)
{
	unsigned n = 0;

	return x != NULL && X509_digest(x, EVP_sha256(), out->b, &n) == 1 &&
	       n == DIGEST_SIZE;
}

bool tls_fingerprint(const SSL *ssl, struct digest *out)
{
	return fingerprint_of(SSL_get0_peer_certificate(ssl), out);
}

/* Stands instead of the whole chain building: the pin decides alone. That
 * the other side holds the private key is proved by the handshake. */
static int verify(X509_STORE_CTX *x, void *arg)
{
	const struct tls_pin *pin = arg;
	struct digest fingerprint;

	if (fingerprint_of(X509_STORE_CTX_get0_cert(x), &fingerprint) &&
	    (pin->known == NULL || pin->known(pin->ctx, fingerprint))) {
		X509_STORE_CTX_set_error(x, X509_V_OK);
		return 1;
	}
	X509_STORE_CTX_set_error(x, X509_V_ERR_CERT_UNTRUSTED);
	return 0;
}

void tls_pin(SSL_CTX *ctx, const struct tls_pin *pin)
{
	/* OpenSSL takes the argument of a callback without const. */
	union {
		const struct tls_pin *in;
		void *out;
	} arg = {.in = pin};

	SSL_CTX_set_verify(ctx,
	    SSL_VERIFY_PEER |
		(pin->known != NULL ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
	    NULL);
	SSL_CTX_set_cert_verify_callback(ctx, verify, arg.out);
	SSL_CTX_set_max_cert_list(ctx, CERTIFICATES_MAX);
}

static bool settings(SSL_CTX *ctx)
{
	(void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(ctx,
	    SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	return SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1 &&
	       SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
	       SSL_CTX_set_max_early_data(ctx, 0) == 1;
}

static bool own_key(SSL_CTX *ctx, const char *keys)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/node.crt", keys);
	if (SSL_CTX_use_certificate_chain_file(ctx, path) != 1)
		return false;
	(void)snprintf(path, sizeof(path), "%s/node.key", keys);
	return SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM) == 1 &&
	       SSL_CTX_check_private_key(ctx) == 1;
}

enum err_class tls_server(
    const char *keys, const struct tls_pin *pin, SSL_CTX **out, struct err *e)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	*out = NULL;
	if (ctx == NULL || !settings(ctx)) {
		SSL_CTX_free(ctx);
		return err_set(e, ERR_FAULT, "fault",
		    "TLS の準備に失敗しました", "TLS cannot be set up");
	}
	if (!own_key(ctx, keys)) {
		ERR_clear_error();
		SSL_CTX_free(ctx);
		return err_set(e, ERR_INPUT, "node.no_certificate",
		    "証明書または秘密鍵がありません（node cert で入れます）",
		    "there is no certificate, or it does not fit the key "
		    "(node cert installs it)");
	}
	if (pin->known != NULL || pin->ask)
		tls_pin(ctx, pin);
	*out = ctx;
	return ERR_NONE;
}
