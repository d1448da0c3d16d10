/* certificate.c — certificates: see keys.h. */
#include "exchange/keys_internal.h"

#include "base/clock.h"
#include "exchange/header.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

_Static_assert(KEYS_CODE_MAX + 1 == NODE_CODE, "a code is a code");

bool certificate_p256(const EVP_PKEY *key)
{
	char group[32];
	size_t n;

	return key != NULL && EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), &n) == 1 &&
	       strcmp(group, "prime256v1") == 0;
}

bool certificate_name_code(const X509_NAME *name, char out[KEYS_CODE_MAX + 1])
{
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	const ASN1_STRING *cn;
	struct text code;

	if (at < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, at) >= 0)
		return false;
	cn = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
	/* header_is_code admits ASCII letters, digits and '-' only. */
	code = text_trust((const char *)ASN1_STRING_get0_data(cn),
	    (size_t)ASN1_STRING_length(cn));
	if (!header_is_code(code))
		return false;
	memcpy(out, code.p, code.n);
	out[code.n] = '\0';
	return true;
}

static bool time_us(const ASN1_TIME *t, int64_t *us)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return false;
	*us = (int64_t)timegm(&tm) * CLOCK_SECOND;
	return true;
}

static X509 *parse(struct bytes in)
{
	static const char mark[] = "-----BEGIN";
	BIO *bio;
	X509 *x;

	if (in.n == 0 || in.n > KEYS_FILE_MAX)
		return NULL;
	if (memmem(in.p, in.n, mark, sizeof(mark) - 1) == NULL) {
		const unsigned char *p = in.p;

		x = d2i_X509(NULL, &p, (long)in.n);
		if (x != NULL && p != in.p + in.n) {
			X509_free(x);
			x = NULL;
		}
		return x;
	}
	bio = BIO_new_mem_buf(in.p, (int)in.n);
	if (bio == NULL)
		abort();
	x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	return x;
}

/* OpenSSL gives a fresh buffer of n bytes, or nothing. */
static bool keep(struct buf *out, unsigned char *der, int n)
{
	if (n <= 0)
		return false;
	buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	return true;
}

static bool fill(struct certificate *c)
{
	unsigned char *der[3] = {NULL};
	int whole = i2d_X509(c->x, &der[0]);
	int issuer = i2d_X509_NAME(X509_get_issuer_name(c->x), &der[1]);
	int serial = i2d_ASN1_INTEGER(X509_get_serialNumber(c->x), &der[2]);
	bool kept = keep(&c->der, der[0], whole);

	kept = keep(&c->issuer, der[1], issuer) && kept;
	kept = keep(&c->serial, der[2], serial) && kept;
	if (!kept)
		return false;
	c->fingerprint = digest_one(buf_bytes(&c->der));
	c->key = X509_get_pubkey(c->x);
	return certificate_p256(c->key) &&
	       certificate_name_code(X509_get_subject_name(c->x), c->code) &&
	       time_us(X509_get0_notBefore(c->x), &c->from_us) &&
	       time_us(X509_get0_notAfter(c->x), &c->to_us);
}

enum err_class certificate_parse(
    struct bytes in, struct certificate **out, struct err *e)
{
	struct certificate *c;

	*out = NULL;
	c = arena_xmalloc(sizeof(*c));
	*c = (struct certificate){.x = parse(in)};
	if (c->x != NULL && fill(c)) {
		*out = c;
		return ERR_NONE;
	}
	certificate_free(c);
	ERR_clear_error();
	return err_set(e, ERR_INPUT, "node.bad_certificate",
	    "証明書が読めません（P-256の鍵で、CNがノードのコードのもの）",
	    "no certificate of a node: P-256 key, the node's code as CN");
}

void certificate_free(struct certificate *c)
{
	if (c == NULL)
		return;
	X509_free(c->x);
	EVP_PKEY_free(c->key);
	buf_fini(&c->der);
	buf_fini(&c->issuer);
	buf_fini(&c->serial);
	free(c);
}

struct bytes certificate_der(const struct certificate *c)
{
	return buf_bytes(&c->der);
}

struct digest certificate_fingerprint(const struct certificate *c)
{
	return c->fingerprint;
}

const char *certificate_code(const struct certificate *c)
{
	return c->code;
}

int64_t certificate_from(const struct certificate *c)
{
	return c->from_us;
}

int64_t certificate_to(const struct certificate *c)
{
	return c->to_us;
}
