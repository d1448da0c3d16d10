/*
 * cms.c — signed and sealed data. The first byte says: 0 these bytes are a
 * SignedData, 1 an AuthEnvelopedData, 2 sign and seal the rest, then change
 * one byte at the place that the next two bytes tell: nothing of it may be
 * taken.
 */
#include "fuzz.h"
#include "fuzz_keys.h"

#include "exchange/signed_data.h"

#define MOST ((size_t)1 << 20)

static void as_signed(const struct keys *k, struct bytes in)
{
	struct bytes content;
	struct bytes signature;
	struct buf out = {0};
	struct err e;
	enum err_class class = keys_peek(in, &content, &e);

	fuzz_no_fault(class, &e);
	(void)signed_data_split(in, &content, &signature);
	class = keys_verify(keys_certificate(k), in, &out, &e);
	fuzz_no_fault(class, &e);
	buf_fini(&out);
}

static void as_sealed(const struct keys *k, struct bytes in)
{
	struct buf out = {0};
	struct err e;

	fuzz_no_fault(keys_open(k, in, MOST, &out, &e), &e);
	buf_fini(&out);
}

/* A change is refused; without one the content comes back. */
static void changed(const struct keys *k, struct bytes in)
{
	const struct certificate *reader = keys_certificate(k);
	size_t at = fuzz_byte(&in) << 8;
	unsigned bit;
	struct buf made = {0};
	struct buf out = {0};
	struct err e;
	bool sealed;

	at += fuzz_byte(&in);
	bit = fuzz_byte(&in);
	sealed = bit >= 128;
	if (sealed)
		fuzz_require(keys_close(&reader, 1, in, &made, &e) == ERR_NONE);
	else
		fuzz_require(keys_sign(k, in, &made, &e) == ERR_NONE);
	made.p[at % made.n] ^= (unsigned char)(1u << bit % 8);
	if (sealed)
		(void)!keys_open(k, buf_bytes(&made), MOST, &out, &e);
	else
		fuzz_require(keys_verify(reader, buf_bytes(&made), &out, &e) !=
			     ERR_NONE);
	fuzz_require(!sealed || out.n == 0 || bytes_eq(buf_bytes(&out), in));
	buf_fini(&made);
	buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct keys *k;
	struct bytes in = BYTES(p, n);

	if (k == NULL)
		k = fuzz_keys("9601");
	switch (fuzz_byte(&in)) {
	case 0:
		as_signed(k, in);
		break;
	case 1:
		as_sealed(k, in);
		break;
	default:
		changed(k, in);
	}
	return 0;
}
