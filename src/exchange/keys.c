/* keys.c — see keys.h. */
#include "base/file.h"
#include "exchange/keys_internal.h"
#include "exchange/signed_data.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIGNATURE_MAX 80 /* an ECDSA P-256 signature in DER: 72 at most */
#define SCALAR 32

enum err_class keys_fault(struct err *e, const char *what)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code);

	err_set(e, ERR_FAULT, "fault", "暗号ライブラリの障害です",
	    "a fault of the cryptographic library");
	ERR_clear_error();
	return err_detail(e, "%s: %s", what, reason ? reason : "unknown");
}

static enum err_class malformed(struct err *e)
{
	ERR_clear_error();
	return err_set(e, ERR_INPUT, "message.malformed",
	    "電文の形式が正しくありません", "the message is malformed");
}

static enum err_class bad_signature(struct err *e)
{
	ERR_clear_error();
	return err_set(e, ERR_DENIED, "message.bad_signature",
	    "署名が正しくありません", "the signature is not right");
}

static enum err_class too_large(struct err *e)
{
	return err_set(e, ERR_LIMIT, "message.too_large", "電文が大きすぎます",
	    "the message is too large");
}

void keys_no_core(void)
{
	static const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

enum err_class keys_read(const char *path, EVP_PKEY **out, struct err *e)
{
	struct buf pem = {0};
	BIO *bio;

	*out = NULL;
	TRY(file_read(path, KEYS_FILE_MAX, &pem, e));
	bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	if (bio == NULL)
		abort();
	*out = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	OPENSSL_cleanse(pem.p, pem.room);
	buf_fini(&pem);
	if (certificate_p256(*out))
		return ERR_NONE;
	EVP_PKEY_free(*out);
	*out = NULL;
	ERR_clear_error();
	return err_set(e, ERR_INPUT, "node.bad_key",
	    "秘密鍵が読めません（P-256の鍵が要ります）",
	    "no P-256 private key");
}

enum err_class keys_check_mode(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
		return err_set(e, ERR_INPUT, "node.key_mode",
		    "秘密鍵を他の利用者が読めます（chmod 600 が要ります）",
		    "others may read the private key; chmod 600 it");
	return ERR_NONE;
}

enum err_class keys_read_certificate(
    const char *path, struct certificate **out, struct err *e)
{
	struct buf in = {0};
	enum err_class c;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return err_set(e, ERR_INPUT, "node.no_certificate",
		    "証明書がまだありません（node cert で入れます）",
		    "no certificate yet; install it with node cert");
	c = file_read(path, KEYS_FILE_MAX, &in, e);
	if (c == ERR_NONE)
		c = certificate_parse(buf_bytes(&in), out, e);
	buf_fini(&in);
	return c;
}

static char *below(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + 2;
	char *path = arena_xmalloc(n);

	(void)snprintf(path, n, "%s/%s", dir, name);
	return path;
}

enum err_class keys_check_pair(
    EVP_PKEY *key, const struct certificate *c, struct err *e)
{
	if (EVP_PKEY_eq(key, c->key) == 1)
		return ERR_NONE;
	ERR_clear_error();
	return err_set(e, ERR_INPUT, "node.bad_certificate",
	    "証明書がこのノードの鍵のものではありません",
	    "the certificate is not that of this node's key");
}

enum err_class keys_check(
    const char *dir, const struct certificate *c, struct err *e)
{
	char *path = below(dir, "node.key");
	EVP_PKEY *key = NULL;
	enum err_class class = keys_read(path, &key, e);

	free(path);
	if (class == ERR_NONE)
		class = keys_check_pair(key, c, e);
	EVP_PKEY_free(key);
	return class;
}

static enum err_class load(struct keys *k, struct err *e)
{
	char *key = below(k->folder, "node.key");
	char *crt = below(k->folder, "node.crt");
	enum err_class c = keys_check_mode(key, e);

	if (c == ERR_NONE)
		c = keys_read(key, &k->key, e);
	if (c == ERR_NONE)
		c = keys_read_certificate(crt, &k->own, e);
	free(key);
	free(crt);
	if (c == ERR_NONE)
		c = keys_check_pair(k->key, k->own, e);
	return c == ERR_NONE ? keys_load_former(k, e) : c;
}

enum err_class keys_load(const char *dir, struct keys **out, struct err *e)
{
	struct keys *k = arena_xmalloc(sizeof(*k));
	enum err_class c;

	*out = NULL;
	*k = (struct keys){.folder = strdup(dir)};
	if (k->folder == NULL)
		abort();
	c = load(k, e);
	if (c != ERR_NONE) {
		keys_free(k);
		return c;
	}
	*out = k;
	return ERR_NONE;
}

void keys_free(struct keys *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->key);
	certificate_free(k->own);
	for (size_t i = 0; i < k->former_count; i++) {
		EVP_PKEY_free(k->former[i].key);
		certificate_free(k->former[i].own);
	}
	free(k->folder);
	free(k);
}

const struct certificate *keys_certificate(const struct keys *k)
{
	return k->own;
}

const char *keys_folder(const struct keys *k)
{
	return k->folder;
}

/* Takes what bio holds; the memory is wiped behind it. */
static enum err_class put_bio(
    const char *path, BIO *bio, unsigned mode, struct err *e)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);
	enum err_class c = file_put(path, BYTES(p, (size_t)n), mode, false, e);

	OPENSSL_cleanse(p, (size_t)n);
	return c;
}

enum err_class keys_write_new(const char *path, EVP_PKEY **out, struct err *e)
{
	BIO *bio = BIO_new(BIO_s_mem());
	enum err_class c;

	*out = EVP_EC_gen("P-256");
	if (bio == NULL || *out == NULL ||
	    PEM_write_bio_PKCS8PrivateKey(
		bio, *out, NULL, NULL, 0, NULL, NULL) != 1)
		c = keys_fault(e, "key");
	else
		c = put_bio(path, bio, 0600, e);
	BIO_free(bio);
	if (c != ERR_NONE) {
		EVP_PKEY_free(*out);
		*out = NULL;
	}
	return c;
}

static bool request(
    X509_REQ *req, EVP_PKEY *key, const char *code, const char *name)
{
	X509_NAME *subject = X509_REQ_get_subject_name(req);

	return X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1 &&
	       X509_NAME_add_entry_by_NID(subject, NID_organizationalUnitName,
		   MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
		   0) == 1 &&
	       X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_ASC,
		   (const unsigned char *)code, -1, -1, 0) == 1 &&
	       X509_REQ_set_pubkey(req, key) == 1 &&
	       X509_REQ_sign(req, key, EVP_sha256()) > 0;
}

enum err_class keys_create(const char *key_path, const char *csr_path,
    const char *code, const char *name, struct err *e)
{
	X509_REQ *req = X509_REQ_new();
	BIO *bio = BIO_new(BIO_s_mem());
	EVP_PKEY *key;
	enum err_class c = keys_write_new(key_path, &key, e);

	if (c == ERR_NONE) {
		if (req == NULL || bio == NULL ||
		    !request(req, key, code, name) ||
		    PEM_write_bio_X509_REQ(bio, req) != 1)
			c = keys_fault(e, "certificate request");
		else
			c = put_bio(csr_path, bio, 0644, e);
	}
	EVP_PKEY_free(key);
	X509_REQ_free(req);
	BIO_free(bio);
	return c;
}

/*
 * ECDSA accepts (r, n−s) where it accepts (r, s), so that anyone could write
 * a second signature: only s ≤ n/2 is made and accepted. n is the order of
 * P-256 (FIPS 186-4 D.1.2.3).
 */
static const unsigned char order[SCALAR] = {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD,
    0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
static const unsigned char half[SCALAR] = {0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0, 0,
    0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xDE, 0x73, 0x7D, 0x56,
    0xD3, 0x8B, 0xCF, 0x42, 0x79, 0xDC, 0xE5, 0x61, 0x7E, 0x31, 0x92, 0xA8};

static bool is_high(const BIGNUM *s)
{
	unsigned char b[SCALAR];

	return BN_bn2binpad(s, b, SCALAR) != SCALAR ||
	       memcmp(b, half, SCALAR) > 0;
}

/* The same signature with its s in the lower half; its length, 0: none. */
static size_t lower(unsigned char sig[SIGNATURE_MAX], size_t n)
{
	const unsigned char *in = sig;
	unsigned char *at = sig;
	ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &in, (long)n);
	BIGNUM *r = NULL;
	BIGNUM *s = BN_bin2bn(order, SCALAR, NULL);
	int out = 0;

	if (parsed != NULL && is_high(ECDSA_SIG_get0_s(parsed)) && s != NULL &&
	    BN_sub(s, s, ECDSA_SIG_get0_s(parsed)) == 1) {
		r = BN_dup(ECDSA_SIG_get0_r(parsed));
		if (r != NULL && ECDSA_SIG_set0(parsed, r, s) == 1)
			s = NULL;
	}
	if (parsed != NULL && !is_high(ECDSA_SIG_get0_s(parsed)))
		out = i2d_ECDSA_SIG(parsed, &at);
	ECDSA_SIG_free(parsed);
	BN_free(s);
	return out > 0 ? (size_t)out : 0;
}

static bool is_low(struct bytes signature)
{
	const unsigned char *in = signature.p;
	ECDSA_SIG *parsed;
	bool low;

	if (signature.n > SIGNATURE_MAX)
		return false;
	parsed = d2i_ECDSA_SIG(NULL, &in, (long)signature.n);
	low = parsed != NULL && !is_high(ECDSA_SIG_get0_s(parsed));
	ECDSA_SIG_free(parsed);
	return low;
}

enum err_class keys_sign(
    const struct keys *k, struct bytes content, struct buf *out, struct err *e)
{
	unsigned char sig[SIGNATURE_MAX];
	size_t n = sizeof(sig);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done;

	done = ctx != NULL &&
	       EVP_DigestSignInit_ex(
		   ctx, NULL, "SHA256", NULL, NULL, k->key, NULL) == 1 &&
	       EVP_DigestSign(ctx, sig, &n, content.p, content.n) == 1;
	EVP_MD_CTX_free(ctx);
	n = done ? lower(sig, n) : 0;
	if (n == 0)
		return keys_fault(e, "sign");
	signed_data_write(buf_bytes(&k->own->issuer),
	    buf_bytes(&k->own->serial), content, BYTES(sig, n), out);
	return ERR_NONE;
}

enum err_class keys_peek(struct bytes cms, struct bytes *content, struct err *e)
{
	struct bytes signature;

	if (!signed_data_split(cms, content, &signature))
		return malformed(e);
	return ERR_NONE;
}

static bool verified(const struct certificate *signer, struct bytes content,
    struct bytes signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool yes;

	yes = ctx != NULL &&
	      EVP_DigestVerifyInit_ex(
		  ctx, NULL, "SHA256", NULL, NULL, signer->key, NULL) == 1 &&
	      EVP_DigestVerify(
		  ctx, signature.p, signature.n, content.p, content.n) == 1;
	EVP_MD_CTX_free(ctx);
	return yes;
}

enum err_class keys_verify(const struct certificate *signer, struct bytes cms,
    struct buf *content, struct err *e)
{
	struct bytes inner;
	struct bytes signature;

	if (!signed_data_split(cms, &inner, &signature) ||
	    !signed_data_same(cms, buf_bytes(&signer->issuer),
		buf_bytes(&signer->serial), inner, signature) ||
	    !is_low(signature) || !verified(signer, inner, signature))
		return bad_signature(e);
	buf_add(content, inner.p, inner.n);
	return ERR_NONE;
}

bool keys_names(const struct certificate *signer, struct bytes cms)
{
	struct bytes inner;
	struct bytes signature;

	return signed_data_split(cms, &inner, &signature) &&
	       signed_data_same(cms, buf_bytes(&signer->issuer),
		   buf_bytes(&signer->serial), inner, signature);
}

enum err_class keys_verify_own(
    const struct keys *k, struct bytes cms, struct buf *content, struct err *e)
{
	for (size_t i = 0; i < k->former_count; i++)
		if (keys_names(k->former[i].own, cms))
			return keys_verify(k->former[i].own, cms, content, e);
	return keys_verify(k->own, cms, content, e);
}

/* RFC 5753 §7.1: ECDH with the X9.63 KDF; SHA-256 for it, not SHA-1. */
static bool add_reader(CMS_ContentInfo *cms, const struct certificate *c)
{
	CMS_RecipientInfo *ri =
	    CMS_add1_recipient_cert(cms, c->x, CMS_KEY_PARAM);
	EVP_PKEY_CTX *ctx = ri ? CMS_RecipientInfo_get0_pkey_ctx(ri) : NULL;

	return ctx != NULL &&
	       EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) > 0;
}

static bool close_for(CMS_ContentInfo *cms,
    const struct certificate *const *readers, size_t n, struct bytes content)
{
	BIO *in;
	bool done;

	for (size_t i = 0; i < n; i++)
		if (!add_reader(cms, readers[i]))
			return false;
	in = BIO_new_mem_buf(
	    content.n ? content.p : (const void *)"", (int)content.n);
	done = in != NULL && CMS_set_detached(cms, 0) == 1 &&
	       CMS_final(cms, in, NULL, CMS_BINARY) == 1;
	BIO_free(in);
	return done;
}

enum err_class keys_close(const struct certificate *const *readers, size_t n,
    struct bytes content, struct buf *out, struct err *e)
{
	CMS_ContentInfo *cms;
	unsigned char *der = NULL;
	int size = 0;

	if (content.n > INT32_MAX / 2)
		return too_large(e);
	cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
	if (cms != NULL && n > 0 && close_for(cms, readers, n, content))
		size = i2d_CMS_ContentInfo(cms, &der);
	CMS_ContentInfo_free(cms);
	if (size <= 0)
		return keys_fault(e, "seal");
	buf_add(out, der, (size_t)size);
	OPENSSL_free(der);
	return ERR_NONE;
}

/* Is one of the recipient's keys that certificate's? */
static bool is_of(CMS_RecipientInfo *ri, const struct certificate *c)
{
	STACK_OF(CMS_RecipientEncryptedKey) * reks;

	if (CMS_RecipientInfo_type(ri) != CMS_RECIPINFO_AGREE)
		return false;
	reks = CMS_RecipientInfo_kari_get0_reks(ri);
	for (int i = 0; i < sk_CMS_RecipientEncryptedKey_num(reks); i++)
		if (CMS_RecipientEncryptedKey_cert_cmp(
			sk_CMS_RecipientEncryptedKey_value(reks, i), c->x) == 0)
			return true;
	return false;
}

static bool is_for(CMS_ContentInfo *cms, const struct certificate *c)
{
	STACK_OF(CMS_RecipientInfo) *all = CMS_get0_RecipientInfos(cms);

	for (int i = 0; i < sk_CMS_RecipientInfo_num(all); i++)
		if (is_of(sk_CMS_RecipientInfo_value(all, i), c))
			return true;
	return false;
}

/* To whichever of our certificates it is sealed; false: to none. */
static bool find_own(
    CMS_ContentInfo *cms, const struct keys *k, struct keys_former *out)
{
	*out = (struct keys_former){k->key, k->own};
	if (is_for(cms, k->own))
		return true;
	for (size_t i = 0; i < k->former_count; i++) {
		*out = k->former[i];
		if (is_for(cms, out->own))
			return true;
	}
	return false;
}

static enum err_class open_it(CMS_ContentInfo *cms,
    const struct keys_former *own, size_t max, struct buf *content,
    struct err *e)
{
	BIO *plain = BIO_new(BIO_s_mem());
	enum err_class c = ERR_NONE;
	char *p = NULL;
	long n;

	if (plain == NULL)
		abort();
	if (CMS_decrypt(cms, own->key, own->own->x, NULL, plain, CMS_BINARY) !=
	    1)
		c = malformed(e);
	n = BIO_get_mem_data(plain, &p);
	if (c == ERR_NONE && (size_t)n > max)
		c = too_large(e);
	if (c == ERR_NONE)
		buf_add(content, p, (size_t)n);
	if (n > 0)
		OPENSSL_cleanse(p, (size_t)n);
	BIO_free(plain);
	return c;
}

/* What surrounds the content of AuthEnvelopedData: a few hundred bytes per
 * reader. Encrypting does not shrink, so this bounds the memory taken. */
#define SEAL_MAX ((size_t)64 * 1024)

enum err_class keys_open(const struct keys *k, struct bytes cms, size_t max,
    struct buf *content, struct err *e)
{
	const unsigned char *p = cms.p;
	CMS_ContentInfo *parsed;
	struct keys_former own;
	enum err_class c;

	if (cms.n > INT32_MAX / 2 || cms.n > max + SEAL_MAX)
		return too_large(e);
	parsed = d2i_CMS_ContentInfo(NULL, &p, (long)cms.n);
	if (parsed == NULL || p != cms.p + cms.n ||
	    OBJ_obj2nid(CMS_get0_type(parsed)) !=
		NID_id_smime_ct_authEnvelopedData)
		c = malformed(e);
	else if (!find_own(parsed, k, &own))
		c = err_set(e, ERR_DENIED, "message.not_for_us",
		    "この電文の宛先ではありません", "not sealed to this node");
	else
		c = open_it(parsed, &own, max, content, e);
	CMS_ContentInfo_free(parsed);
	return c;
}
