/* ca.c — see ca.h. */
#include "exchange/ca.h"

#include "base/clock.h"
#include "base/file.h"
#include "exchange/keys_internal.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SERIAL_BYTES 16 /* RFC 5280 §4.1.2.2: at most 20, positive */
#define AUTHORITY_DAYS 7300
#define CRL_DAYS 30
#define DAY_SECONDS 86400

struct authority {
	EVP_PKEY *key;
	X509 *x;
};

static enum err_class refused(
    struct err *e, const char *code, const char *ja, const char *en)
{
	ERR_clear_error();
	return err_set(e, ERR_INPUT, code, ja, en);
}

static bool put_name(X509_NAME *name, int nid, const char *z)
{
	return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
		   (const unsigned char *)z, -1, -1, 0) == 1;
}

static bool put_serial(X509 *x)
{
	unsigned char raw[SERIAL_BYTES];
	BIGNUM *n = NULL;
	bool done;

	if (RAND_bytes(raw, sizeof(raw)) != 1)
		return false;
	raw[0] = (unsigned char)((raw[0] & 0x7F) | 0x40);
	n = BN_bin2bn(raw, sizeof(raw), NULL);
	done = n != NULL &&
	       BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
	BN_free(n);
	return done;
}

static bool put_dates(X509 *x, int64_t from_us, int days)
{
	time_t from = (time_t)(from_us / CLOCK_SECOND);

	return ASN1_TIME_set(X509_getm_notBefore(x), from) != NULL &&
	       ASN1_TIME_adj(X509_getm_notAfter(x), from, days, 0) != NULL;
}

static bool put_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	bool done;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	done = ext != NULL && X509_add_ext(x, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return done;
}

static bool to_pem(X509 *x, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool done = bio != NULL && PEM_write_bio_X509(bio, x) == 1;

	if (done) {
		char *p;
		long n = BIO_get_mem_data(bio, &p);

		buf_add(out, p, (size_t)n);
	}
	BIO_free(bio);
	return done;
}

static bool fill_authority(X509 *x, EVP_PKEY *key, int64_t now_us)
{
	X509_NAME *name = X509_get_subject_name(x);

	return X509_set_version(x, X509_VERSION_3) == 1 && put_serial(x) &&
	       put_dates(x, now_us - CLOCK_DAY, AUTHORITY_DAYS) &&
	       put_name(name, NID_organizationName, CA_ORGANISATION) &&
	       put_name(name, NID_commonName, "shokai DEMO CA") &&
	       X509_set_issuer_name(x, name) == 1 &&
	       X509_set_pubkey(x, key) == 1 &&
	       put_extension(
		   x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
	       put_extension(
		   x, x, NID_key_usage, "critical,keyCertSign,cRLSign") &&
	       put_extension(x, x, NID_subject_key_identifier, "hash") &&
	       X509_sign(x, key, EVP_sha256()) > 0;
}

static enum err_class write_authority(
    const char *path, EVP_PKEY *key, int64_t now_us, struct err *e)
{
	X509 *x = X509_new();
	struct buf pem = {0};
	enum err_class c;

	if (x == NULL || !fill_authority(x, key, now_us) || !to_pem(x, &pem))
		c = keys_fault(e, "authority");
	else
		c = file_put(path, buf_bytes(&pem), 0644, false, e);
	X509_free(x);
	buf_fini(&pem);
	return c;
}

static enum err_class make_dir(const char *path, struct err *e)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_errno(e, path);
	return ERR_NONE;
}

enum err_class ca_init(const char *dir, int64_t now_us, struct err *e)
{
	struct arena a = {0};
	const char *key_path = arena_printf(&a, "%s/ca.key", dir);
	struct stat st;
	EVP_PKEY *key = NULL;
	enum err_class c;

	if (stat(key_path, &st) == 0)
		c = refused(e, "ca.exists", "認証局がすでにあります",
		    "there is an authority already");
	else
		c = make_dir(dir, e);
	if (c == ERR_NONE)
		c = make_dir(arena_printf(&a, "%s/issued", dir), e);
	if (c == ERR_NONE)
		c = keys_write_new(key_path, &key, e);
	if (c == ERR_NONE)
		c = write_authority(
		    arena_printf(&a, "%s/ca.crt", dir), key, now_us, e);
	EVP_PKEY_free(key);
	arena_fini(&a);
	return c;
}

static X509 *parse_any(struct bytes in)
{
	static const char mark[] = "-----BEGIN";
	const unsigned char *p = in.p;
	BIO *bio;
	X509 *x;

	if (in.n == 0 || in.n > KEYS_FILE_MAX)
		return NULL;
	if (memmem(in.p, in.n, mark, sizeof(mark) - 1) == NULL)
		return d2i_X509(NULL, &p, (long)in.n);
	bio = BIO_new_mem_buf(in.p, (int)in.n);
	x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return x;
}

static enum err_class open_authority(
    const char *dir, struct authority *out, struct err *e)
{
	struct arena a = {0};
	struct buf pem = {0};
	enum err_class c;

	*out = (struct authority){0};
	c = keys_read(arena_printf(&a, "%s/ca.key", dir), &out->key, e);
	if (c == ERR_NONE)
		c = file_read(
		    arena_printf(&a, "%s/ca.crt", dir), KEYS_FILE_MAX, &pem, e);
	if (c == ERR_NONE)
		out->x = parse_any(buf_bytes(&pem));
	if (c == ERR_NONE && out->x == NULL)
		c = refused(e, "ca.damaged", "認証局の証明書が読めません",
		    "the authority's certificate cannot be read");
	buf_fini(&pem);
	arena_fini(&a);
	return c;
}

static void close_authority(struct authority *a)
{
	EVP_PKEY_free(a->key);
	X509_free(a->x);
	*a = (struct authority){0};
}

/* A name, or an address as inet_pton reads it, as SAN writes it. */
static bool put_host(struct buf *san, const char *host)
{
	size_t n = strlen(host);
	bool digits = strspn(host, "0123456789.") == n;
	bool six = strchr(host, ':') != NULL;

	if (n == 0 || n > 253 ||
	    strspn(host, six ? "0123456789abcdefABCDEF:."
			     : "0123456789abcdefghijklmnopqrstuvwxyz"
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-") != n)
		return false;
	buf_printf(san, ",%s:%s", digits || six ? "IP" : "DNS", host);
	return true;
}

static bool put_san(X509 *x, X509 *issuer, const struct ca_wish *wish)
{
	struct buf san = {0};
	bool done = true;

	buf_z(&san, "DNS:localhost,IP:127.0.0.1");
	for (size_t i = 0; i < wish->hosts; i++)
		done = done && put_host(&san, wish->host[i]);
	buf_byte(&san, '\0');
	done = done && put_extension(x, issuer, NID_subject_alt_name,
			   (const char *)san.p);
	buf_fini(&san);
	return done;
}

/* The request's OU is the node's name in words; it may lack one. */
static bool put_unit(X509_NAME *to, const X509_NAME *from)
{
	int at =
	    X509_NAME_get_index_by_NID(from, NID_organizationalUnitName, -1);
	const ASN1_STRING *ou;

	if (at < 0)
		return true;
	ou = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(from, at));
	return X509_NAME_add_entry_by_NID(to, NID_organizationalUnitName,
		   ASN1_STRING_type(ou), ASN1_STRING_get0_data(ou),
		   ASN1_STRING_length(ou), -1, 0) == 1;
}

static bool fill_certificate(X509 *x, const struct authority *a, X509_REQ *req,
    const char *code, const struct ca_wish *wish)
{
	X509_NAME *name = X509_get_subject_name(x);

	return X509_set_version(x, X509_VERSION_3) == 1 && put_serial(x) &&
	       put_dates(x, wish->from_us, wish->days) &&
	       put_name(name, NID_organizationName, CA_ORGANISATION) &&
	       put_unit(name, X509_REQ_get_subject_name(req)) &&
	       put_name(name, NID_commonName, code) &&
	       X509_set_issuer_name(x, X509_get_subject_name(a->x)) == 1 &&
	       X509_set_pubkey(x, X509_REQ_get0_pubkey(req)) == 1 &&
	       put_extension(
		   x, a->x, NID_basic_constraints, "critical,CA:FALSE") &&
	       put_extension(x, a->x, NID_key_usage,
		   "critical,digitalSignature,keyAgreement") &&
	       put_extension(
		   x, a->x, NID_ext_key_usage, "serverAuth,clientAuth") &&
	       put_extension(x, a->x, NID_subject_key_identifier, "hash") &&
	       put_extension(x, a->x, NID_authority_key_identifier, "keyid") &&
	       X509_sign(x, a->key, EVP_sha256()) > 0;
}

static X509_REQ *parse_request(struct bytes csr, char code[KEYS_CODE_MAX + 1])
{
	BIO *bio;
	X509_REQ *req;

	if (csr.n == 0 || csr.n > KEYS_FILE_MAX)
		return NULL;
	bio = BIO_new_mem_buf(csr.p, (int)csr.n);
	req = bio ? PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	if (req != NULL && certificate_p256(X509_REQ_get0_pubkey(req)) &&
	    X509_REQ_verify(req, X509_REQ_get0_pubkey(req)) == 1 &&
	    certificate_name_code(X509_REQ_get_subject_name(req), code))
		return req;
	X509_REQ_free(req);
	return NULL;
}

/* DIR/issued/CODE-SERIAL.crt: the authority's own record. */
static enum err_class keep_issued(
    const char *dir, const char *code, X509 *x, struct bytes pem, struct err *e)
{
	struct arena a = {0};
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = n ? BN_bn2hex(n) : NULL;
	enum err_class c;

	if (hex == NULL)
		c = keys_fault(e, "serial");
	else
		c = file_put(
		    arena_printf(&a, "%s/issued/%s-%s.crt", dir, code, hex),
		    pem, 0644, false, e);
	OPENSSL_free(hex);
	BN_free(n);
	arena_fini(&a);
	return c;
}

static enum err_class issue(const struct authority *a, X509_REQ *req,
    const char *code, const struct ca_wish *wish, X509 **out, struct err *e)
{
	X509 *x = X509_new();

	*out = NULL;
	if (x == NULL)
		abort();
	if (!put_san(x, a->x, wish)) {
		X509_free(x);
		return refused(e, "ca.bad_host", "ホスト名が正しくありません",
		    "no host name or address");
	}
	if (!fill_certificate(x, a, req, code, wish)) {
		X509_free(x);
		return keys_fault(e, "certificate");
	}
	*out = x;
	return ERR_NONE;
}

enum err_class ca_sign(const char *dir, struct bytes csr,
    const struct ca_wish *wish, struct buf *out, struct err *e)
{
	char code[KEYS_CODE_MAX + 1];
	struct authority a;
	X509_REQ *req = parse_request(csr, code);
	X509 *x = NULL;
	enum err_class c;

	if (req == NULL)
		return refused(e, "ca.bad_request",
		    "証明書の要求が正しくありません（P-256の鍵、CNはコード）",
		    "no request of a node: P-256 key, its code as CN");
	c = open_authority(dir, &a, e);
	if (c == ERR_NONE)
		c = issue(&a, req, code, wish, &x, e);
	if (c == ERR_NONE && !to_pem(x, out))
		c = keys_fault(e, "certificate");
	if (c == ERR_NONE)
		c = keep_issued(dir, code, x, buf_bytes(out), e);
	X509_free(x);
	X509_REQ_free(req);
	close_authority(&a);
	return c;
}

static X509_CRL *read_crl(const char *path)
{
	struct buf pem = {0};
	struct err e;
	X509_CRL *crl = NULL;

	if (file_read(path, (size_t)4 << 20, &pem, &e) == ERR_NONE) {
		BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);

		crl = bio ? PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL) : NULL;
		BIO_free(bio);
	}
	ERR_clear_error();
	buf_fini(&pem);
	return crl ? crl : X509_CRL_new();
}

static bool add_revoked(X509_CRL *crl, X509 *x, ASN1_TIME *now)
{
	X509_REVOKED *r;

	if (X509_CRL_get0_by_cert(crl, &r, x) == 1)
		return true;
	r = X509_REVOKED_new();
	if (r != NULL &&
	    X509_REVOKED_set_serialNumber(r, X509_get_serialNumber(x)) == 1 &&
	    X509_REVOKED_set_revocationDate(r, now) == 1 &&
	    X509_CRL_add0_revoked(crl, r) == 1)
		return true;
	X509_REVOKED_free(r);
	return false;
}

static bool renew_crl(
    X509_CRL *crl, const struct authority *a, X509 *x, int64_t now_us)
{
	time_t now = (time_t)(now_us / CLOCK_SECOND);
	ASN1_TIME *at = ASN1_TIME_set(NULL, now);
	ASN1_TIME *next = ASN1_TIME_adj(NULL, now, CRL_DAYS, 0);
	bool done;

	done =
	    at != NULL && next != NULL &&
	    X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
	    X509_CRL_set_issuer_name(crl, X509_get_subject_name(a->x)) == 1 &&
	    X509_CRL_set1_lastUpdate(crl, at) == 1 &&
	    X509_CRL_set1_nextUpdate(crl, next) == 1 &&
	    add_revoked(crl, x, at) && X509_CRL_sort(crl) == 1 &&
	    X509_CRL_sign(crl, a->key, EVP_sha256()) > 0;
	ASN1_TIME_free(at);
	ASN1_TIME_free(next);
	return done;
}

static enum err_class write_crl(const char *path, const struct authority *a,
    X509 *x, int64_t now_us, struct err *e)
{
	X509_CRL *crl = read_crl(path);
	BIO *bio = BIO_new(BIO_s_mem());
	enum err_class c;
	char *p;
	long n;

	if (crl == NULL || bio == NULL || !renew_crl(crl, a, x, now_us) ||
	    PEM_write_bio_X509_CRL(bio, crl) != 1) {
		c = keys_fault(e, "revocation list");
	} else {
		n = BIO_get_mem_data(bio, &p);
		c = file_put(path, BYTES(p, (size_t)n), 0644, true, e);
	}
	X509_CRL_free(crl);
	BIO_free(bio);
	return c;
}

enum err_class ca_revoke(
    const char *dir, struct bytes certificate, int64_t now_us, struct err *e)
{
	struct arena arena = {0};
	struct authority a;
	X509 *x = parse_any(certificate);
	enum err_class c = open_authority(dir, &a, e);

	if (c == ERR_NONE &&
	    (x == NULL || X509_verify(x, X509_get0_pubkey(a.x)) != 1))
		c = refused(e, "ca.not_ours",
		    "この認証局の証明書ではありません",
		    "no certificate of this authority");
	if (c == ERR_NONE)
		c = write_crl(
		    arena_printf(&arena, "%s/ca.crl", dir), &a, x, now_us, e);
	X509_free(x);
	close_authority(&a);
	arena_fini(&arena);
	return c;
}

enum err_class ca_issued(
    struct bytes authority, struct bytes certificate, struct err *e)
{
	X509 *issuer = parse_any(authority);
	X509 *x = parse_any(certificate);
	bool yes = issuer != NULL && x != NULL &&
		   X509_NAME_cmp(X509_get_issuer_name(x),
		       X509_get_subject_name(issuer)) == 0 &&
		   X509_verify(x, X509_get0_pubkey(issuer)) == 1;

	X509_free(issuer);
	X509_free(x);
	if (yes)
		return ERR_NONE;
	return refused(e, "node.bad_certificate",
	    "証明書がその認証局のものではありません",
	    "the certificate is not that authority's");
}
