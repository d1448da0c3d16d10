/* encoding.c — text from outside in each encoding: the first byte picks it.
 * What decodes encodes again, and comes back as the same text. */
#include "text/encoding.h"
#include "fuzz.h"
#include "text/utf8.h"

static void back(enum encoding enc, struct text t)
{
	struct buf bytes = {0};
	struct buf again = {0};
	size_t at;
	uint32_t bad;

	if (!encoding_encode(enc, t, &bytes, &at, &bad)) {
		/* 外字 come in, so that they can be told, and never go out. */
		fuzz_require(enc == ENCODING_UTF8 && at < t.n &&
			     utf8_next(t, &at) == bad && bytes.n == 0);
		fuzz_require(
		    (bad >= 0xE000 && bad <= 0xF8FF) || bad >= 0xF0000);
		return;
	}
	fuzz_require(encoding_width(enc, t) == bytes.n);
	fuzz_require(encoding_decode(enc, buf_bytes(&bytes), &again, &at));
	fuzz_require(text_eq(buf_text(&again), t));
	buf_fini(&bytes);
	buf_fini(&again);
}

/* Only written: any text, and what lacks is told. */
static void write_only(enum encoding enc, struct text t)
{
	struct buf out = {0};
	size_t at = t.n;
	uint32_t bad = 0;

	if (encoding_encode(enc, t, &out, &at, &bad)) {
		fuzz_require(encoding_width(enc, t) == out.n);
	} else {
		fuzz_require(at < t.n && utf8_next(t, &at) == bad);
		fuzz_require(encoding_width(enc, t) == SIZE_MAX);
		fuzz_require(out.n == 0);
	}
	buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	enum encoding enc = (enum encoding)(fuzz_byte(&in) % 3);
	struct buf out = {0};
	struct text t;
	size_t at = in.n;

	(void)encoding_marked_ebcdic(in);
	if (!encoding_skip_mark(enc, &in))
		fuzz_require(!encoding_decode(enc, in, &out, &at));
	at = in.n;
	if (encoding_decode(enc, in, &out, &at)) {
		fuzz_require(utf8_decode(buf_bytes(&out), &t, &at));
		back(enc, buf_text(&out));
		write_only(ENCODING_IBM930, buf_text(&out));
		write_only(ENCODING_IBM939, buf_text(&out));
		write_only(ENCODING_CP932, buf_text(&out));
	} else {
		fuzz_require(at < in.n && out.n == 0);
	}
	buf_fini(&out);
	return 0;
}
