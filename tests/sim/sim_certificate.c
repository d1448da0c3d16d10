/*
 * sim_certificate.c — the world's few certificates, parsed once in a process:
 * a run loads its peer tables hundreds of times, and OpenSSL takes most of
 * that to decode the same keys again. And what was signed and sealed here: the
 * same bytes by the same certificate are good at each party that looks at
 * them, and hold the same for each reader, each time. Every sixteenth is looked
 * at all the same, and must be what is remembered. Linked with --wrap. And the
 * curve's own work where it is the same again: the keys that messages are
 * sealed by are sixteen in turn, and what they agree upon with each reader's
 * is found once; so is
 * that a public key lies on the curve.
 */
#include "sim.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define CERTIFICATES 64

enum err_class __real_certificate_parse(
    struct bytes in, struct certificate **out, struct err *e);
enum err_class __wrap_certificate_parse(
    struct bytes in, struct certificate **out, struct err *e);
void __wrap_certificate_free(struct certificate *c);

static struct certificate *known[CERTIFICATES];
static size_t count;

enum err_class __wrap_certificate_parse(
    struct bytes in, struct certificate **out, struct err *e)
{
	struct certificate *fresh;

	for (size_t i = 0; i < count; i++)
		if (bytes_eq(certificate_der(known[i]), in)) {
			*out = known[i];
			return ERR_NONE;
		}
	TRY(__real_certificate_parse(in, &fresh, e));
	if (count == CERTIFICATES)
		abort();
	known[count++] = fresh;
	*out = fresh;
	return ERR_NONE;
}

/* They live as long as the process. */
void __wrap_certificate_free(struct certificate *c)
{
	(void)c;
}

/* --- what was signed and sealed --- */

#define REMEMBERED 1024 /* of a table by hash: the newer takes the place */
#define READERS 8

enum err_class __real_keys_sign(
    const struct keys *k, struct bytes content, struct buf *out, struct err *e);
enum err_class __wrap_keys_sign(
    const struct keys *k, struct bytes content, struct buf *out, struct err *e);
enum err_class __real_keys_verify(const struct certificate *signer,
    struct bytes cms, struct buf *content, struct err *e);
enum err_class __wrap_keys_verify(const struct certificate *signer,
    struct bytes cms, struct buf *content, struct err *e);
enum err_class __real_keys_close(const struct certificate *const *readers,
    size_t n, struct bytes content, struct buf *out, struct err *e);
enum err_class __wrap_keys_close(const struct certificate *const *readers,
    size_t n, struct bytes content, struct buf *out, struct err *e);
enum err_class __real_keys_open(const struct keys *k, struct bytes cms,
    size_t max, struct buf *content, struct err *e);
enum err_class __wrap_keys_open(const struct keys *k, struct bytes cms,
    size_t max, struct buf *content, struct err *e);

/* Signed by the one, or sealed to all of them. */
struct known {
	struct digest by[READERS];
	size_t count;
	struct buf cms;
	struct buf content;
};

static struct known is_signed[REMEMBERED];
static struct known is_sealed[REMEMBERED];
static unsigned long asked;

/* By the end, where the signature or the tag stands. */
static struct known *place_of(struct known *table, struct bytes cms)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = cms.n > 32 ? cms.n - 32 : 0; i < cms.n; i++)
		hash = (hash ^ cms.p[i]) * UINT64_C(1099511628211);
	return &table[hash % REMEMBERED];
}

static void keep(struct buf *b, struct bytes what)
{
	b->n = 0;
	buf_add(b, what.p, what.n);
}

static void remember(struct known *table, const struct certificate *const *by,
    size_t n, struct bytes cms, struct bytes content)
{
	struct known *g = place_of(table, cms);

	if (n > READERS)
		return;
	for (size_t i = 0; i < n; i++)
		g->by[i] = certificate_fingerprint(by[i]);
	g->count = n;
	keep(&g->cms, cms);
	keep(&g->content, content);
}

static const struct known *find(
    struct known *table, const struct certificate *by, struct bytes cms)
{
	const struct known *g = place_of(table, cms);
	struct digest who = certificate_fingerprint(by);

	if (!bytes_eq(buf_bytes(&g->cms), cms))
		return NULL;
	for (size_t i = 0; i < g->count; i++)
		if (memcmp(g->by[i].b, who.b, sizeof(who.b)) == 0)
			return g;
	return NULL;
}

/* Gives what is remembered, or says that it is to be looked at. */
static bool answer(const struct known *g, size_t max, struct buf *content)
{
	if (g == NULL || g->content.n > max || ++asked % 16 == 0)
		return false;
	buf_add(content, g->content.p, g->content.n);
	return true;
}

static void compare(const struct known *g, struct bytes content)
{
	if (g != NULL && !bytes_eq(buf_bytes(&g->content), content))
		abort();
}

enum err_class __wrap_keys_sign(
    const struct keys *k, struct bytes content, struct buf *out, struct err *e)
{
	const struct certificate *by = keys_certificate(k);
	size_t before = out->n;

	TRY(__real_keys_sign(k, content, out, e));
	remember(is_signed, &by, 1, BYTES(out->p + before, out->n - before),
	    content);
	return ERR_NONE;
}

/* One that is not good is looked at each time. */
enum err_class __wrap_keys_verify(const struct certificate *signer,
    struct bytes cms, struct buf *content, struct err *e)
{
	const struct known *g = find(is_signed, signer, cms);
	size_t before = content->n;
	enum err_class class;

	if (answer(g, SIZE_MAX, content))
		return ERR_NONE;
	class = __real_keys_verify(signer, cms, content, e);
	if (g != NULL && class != ERR_NONE)
		abort();
	TRY(class);
	compare(g, BYTES(content->p + before, content->n - before));
	if (g == NULL)
		remember(is_signed, &signer, 1, cms,
		    BYTES(content->p + before, content->n - before));
	return ERR_NONE;
}

enum err_class __wrap_keys_close(const struct certificate *const *readers,
    size_t n, struct bytes content, struct buf *out, struct err *e)
{
	size_t before = out->n;

	TRY(__real_keys_close(readers, n, content, out, e));
	remember(is_sealed, readers, n, BYTES(out->p + before, out->n - before),
	    content);
	return ERR_NONE;
}

enum err_class __wrap_keys_open(const struct keys *k, struct bytes cms,
    size_t max, struct buf *content, struct err *e)
{
	const struct known *g = find(is_sealed, keys_certificate(k), cms);
	size_t before = content->n;
	enum err_class class;

	if (answer(g, max, content))
		return ERR_NONE;
	class = __real_keys_open(k, cms, max, content, e);
	if (g != NULL && g->content.n <= max && class != ERR_NONE)
		abort();
	TRY(class);
	compare(g, BYTES(content->p + before, content->n - before));
	return ERR_NONE;
}

/* --- the curve --- */

#define SEALING 16
#define AGREED 1024
#define COORDINATE 32

static EC_KEY *sealing[SEALING];
static size_t turn;

static struct agreed {
	unsigned char with[3 * COORDINATE]; /* one's key, the other's point */
	unsigned char secret[COORDINATE];
	bool known;
} agreed[AGREED];

static int (*agree)(
    unsigned char **out, size_t *n, const EC_POINT *point, const EC_KEY *key);

static int next_sealing(EC_KEY *key)
{
	const EC_KEY *from = sealing[turn++ % SEALING];

	return EC_KEY_set_private_key(key, EC_KEY_get0_private_key(from)) ==
		   1 &&
	       EC_KEY_set_public_key(key, EC_KEY_get0_public_key(from)) == 1;
}

static bool name(const EC_POINT *point, const EC_KEY *key, unsigned char *with)
{
	BIGNUM *x = BN_new();
	BIGNUM *y = BN_new();
	bool done =
	    EC_POINT_get_affine_coordinates(
		EC_KEY_get0_group(key), point, x, y, NULL) == 1 &&
	    BN_bn2binpad(EC_KEY_get0_private_key(key), with, COORDINATE) > 0 &&
	    BN_bn2binpad(x, with + COORDINATE, COORDINATE) > 0 &&
	    BN_bn2binpad(y, with + (size_t)2 * COORDINATE, COORDINATE) > 0;

	BN_free(x);
	BN_free(y);
	return done;
}

static int agree_once(
    unsigned char **out, size_t *n, const EC_POINT *point, const EC_KEY *key)
{
	unsigned char with[3 * COORDINATE];
	struct agreed *a;

	if (!name(point, key, with))
		return agree(out, n, point, key);
	a = &agreed[(with[31] | with[63] << 8) % AGREED];
	if (a->known && memcmp(a->with, with, sizeof(with)) == 0) {
		*out = OPENSSL_memdup(a->secret, COORDINATE);
		*n = COORDINATE;
		return *out != NULL;
	}
	if (agree(out, n, point, key) != 1)
		return 0;
	if (*n == COORDINATE) {
		memcpy(a->with, with, sizeof(with));
		memcpy(a->secret, *out, COORDINATE);
		a->known = true;
	}
	return 1;
}

#define POINT (1 + 2 * COORDINATE)
#define POINTS 64

/* In the place of OpenSSL's, which multiplies by the group's order each time
 * that a key is agreed upon with the same reader. */
int EVP_PKEY_derive_set_peer(EVP_PKEY_CTX *ctx, EVP_PKEY *peer)
{
	static unsigned char good_point[POINTS][POINT];
	static size_t points;
	unsigned char point[POINT];
	size_t n = 0;
	int done;

	if (EVP_PKEY_get_octet_string_param(
		peer, OSSL_PKEY_PARAM_PUB_KEY, point, POINT, &n) != 1 ||
	    n != POINT)
		return EVP_PKEY_derive_set_peer_ex(ctx, peer, 1);
	for (size_t i = 0; i < points; i++)
		if (memcmp(good_point[i], point, POINT) == 0)
			return EVP_PKEY_derive_set_peer_ex(ctx, peer, 0);
	done = EVP_PKEY_derive_set_peer_ex(ctx, peer, 1);
	if (done == 1 && points < POINTS)
		memcpy(good_point[points++], point, POINT);
	return done;
}

void sim_certificate_curve(void)
{
	EC_KEY_METHOD *own = EC_KEY_METHOD_new(EC_KEY_OpenSSL());

	if (own == NULL)
		abort();
	for (size_t i = 0; i < SEALING; i++) {
		sealing[i] = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
		if (sealing[i] == NULL || EC_KEY_generate_key(sealing[i]) != 1)
			abort();
	}
	EC_KEY_METHOD_set_keygen(own, next_sealing);
	EC_KEY_METHOD_get_compute_key(own, &agree);
	EC_KEY_METHOD_set_compute_key(own, agree_once);
	EC_KEY_set_default_method(own);
}

void sim_certificate_forget(void)
{
	for (size_t i = 0; i < REMEMBERED; i++)
		is_signed[i].cms.n = is_sealed[i].cms.n = 0;
	asked = 0;
	turn = 0;
}
