/*
 * sim_certificate.c — the world's few certificates, parsed once in a process:
 * a run loads its peer tables hundreds of times, and OpenSSL takes most of
 * that to decode the same keys again. Linked with --wrap.
 */
#include "exchange/keys.h"

#include <stdlib.h>

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
