/* heads.c — the heads of a log that somebody kept (audit verify --heads),
 * against a log that is empty. */
#include "audit/audit.h"
#include "fuzz.h"

#define LINES 64

static enum err_class verify(struct store_tx *tx, void *arg, struct err *e)
{
	const struct bytes *in = arg;
	struct text line[LINES];
	struct audit_result result;
	size_t n = 0;
	const char *at = (const char *)in->p;
	const char *end = at + in->n;

	while (at < end && n < LINES) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		const char *stop = lf != NULL ? lf : end;

		line[n++] = text_trust(at, (size_t)(stop - at));
		at = stop + 1;
	}
	return audit_verify(tx, line, n, NULL, &result, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct store *s;
	struct bytes in = BYTES(p, n);
	char url[400];
	struct err e;

	if (s == NULL) {
		(void)snprintf(
		    url, sizeof(url), "sqlite:%s/hub.db", fuzz_folder());
		fuzz_require(store_open(url, STORE_HUB, STORE_CREATE, &s, &e) ==
			     ERR_NONE);
	}
	fuzz_no_fault(store_read(s, verify, &in, &e), &e);
	return 0;
}
