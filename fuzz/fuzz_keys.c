/* fuzz_keys.c — see fuzz_keys.h. */
#include "fuzz_keys.h"

#include "base/digest.h"
#include "fuzz.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#define POINT 65 /* an uncompressed point of P-256 */

/* The scalar is a digest of words: below the order but for one in 2^32. */
static EVP_PKEY *derive(const char *words)
{
	struct digest d = digest_one(text_bytes(text_z(words)));
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	BIGNUM *scalar = BN_bin2bn(d.b, (int)sizeof(d.b), NULL);
	EC_POINT *point = EC_POINT_new(group);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	unsigned char public[POINT];
	OSSL_PARAM *params;
	EVP_PKEY *key = NULL;

	fuzz_require(EC_POINT_mul(group, point, scalar, NULL, NULL, NULL) == 1);
	fuzz_require(
	    EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
		public, POINT, NULL) == POINT);
	fuzz_require(OSSL_PARAM_BLD_push_utf8_string(build,
			 OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1);
	fuzz_require(OSSL_PARAM_BLD_push_octet_string(
			 build, OSSL_PKEY_PARAM_PUB_KEY, public, POINT) == 1);
	fuzz_require(OSSL_PARAM_BLD_push_BN(
			 build, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1);
	params = OSSL_PARAM_BLD_to_param(build);
	fuzz_require(EVP_PKEY_fromdata_init(context) == 1);
	fuzz_require(
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) == 1);
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_BLD_free(build);
	EC_POINT_free(point);
	BN_free(scalar);
	EC_GROUP_free(group);
	return key;
}

static X509 *certify(EVP_PKEY *key, const char *code)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	fuzz_require(X509_set_version(x, 2) == 1);
	fuzz_require(ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1);
	fuzz_require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
			 (const unsigned char *)code, -1, -1, 0) == 1);
	fuzz_require(X509_set_issuer_name(x, name) == 1);
	fuzz_require(
	    ASN1_TIME_set_string(X509_getm_notBefore(x), "20260101000000Z"));
	fuzz_require(
	    ASN1_TIME_set_string(X509_getm_notAfter(x), "20560101000000Z"));
	fuzz_require(X509_set_pubkey(x, key) == 1);
	fuzz_require(X509_sign(x, key, EVP_sha256()) > 0);
	return x;
}

static FILE *begin(const char *dir, const char *name)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	fuzz_require(f != NULL);
	fuzz_require(fchmod(fileno(f), 0600) == 0);
	return f;
}

const struct keys *fuzz_keys(const char *code)
{
	char dir[300];
	EVP_PKEY *key = derive(code);
	X509 *x = certify(key, code);
	struct keys *keys;
	struct err e;
	FILE *f;

	(void)snprintf(dir, sizeof(dir), "%s/%s", fuzz_folder(), code);
	fuzz_require(mkdir(dir, 0700) == 0);
	f = begin(dir, "node.key");
	fuzz_require(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL));
	fuzz_require(fclose(f) == 0);
	f = begin(dir, "node.crt");
	fuzz_require(PEM_write_X509(f, x) == 1);
	fuzz_require(fclose(f) == 0);
	fuzz_require(keys_load(dir, &keys, &e) == ERR_NONE);
	X509_free(x);
	EVP_PKEY_free(key);
	return keys;
}
