/*
 * sim_certificate.c — the world's few certificates, parsed once in a process:
 * a run loads its peer tables hundreds of times, and OpenSSL takes most of
 * that to decode the same keys again. And signatures that were found good:
 * the same bytes by the same certificate are good at each party that looks at
 * them, and each time. Linked with --wrap.
 */
#include "exchange/keys.h"

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

/* --- signatures --- */

#define GOOD 1024 /* of a table by hash: the newer one takes the place */

enum err_class __real_keys_verify(const struct certificate *signer,
    struct bytes cms, struct buf *content, struct err *e);
enum err_class __wrap_keys_verify(const struct certificate *signer,
    struct bytes cms, struct buf *content, struct err *e);

static struct good {
	const struct certificate *signer;
	struct buf cms;
	struct buf content;
} good[GOOD];

/* By the end, where the signature stands. */
static struct good *place_of(struct bytes cms)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = cms.n > 32 ? cms.n - 32 : 0; i < cms.n; i++)
		hash = (hash ^ cms.p[i]) * UINT64_C(1099511628211);
	return &good[hash % GOOD];
}

static void keep(struct buf *b, struct bytes what)
{
	b->n = 0;
	buf_add(b, what.p, what.n);
}

/* One that is not good is looked at each time. */
enum err_class __wrap_keys_verify(const struct certificate *signer,
    struct bytes cms, struct buf *content, struct err *e)
{
	struct good *g = place_of(cms);
	size_t before = content->n;

	if (g->signer == signer && bytes_eq(buf_bytes(&g->cms), cms)) {
		buf_add(content, g->content.p, g->content.n);
		return ERR_NONE;
	}
	TRY(__real_keys_verify(signer, cms, content, e));
	g->signer = signer;
	keep(&g->cms, cms);
	keep(&g->content, BYTES(content->p + before, content->n - before));
	return ERR_NONE;
}
