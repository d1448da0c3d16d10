/* answer.c — packed answers, and packed subjects (first byte even), as they
 * travel between unit and ward: one value has one form. */
#include "record/answer.h"
#include "fuzz.h"
#include "record/subject.h"

static void subjects(struct bytes in)
{
	struct buf again = {0};
	struct subject s;

	if (subject_unpack(in, &s)) {
		subject_pack(&s, &again);
		fuzz_require(bytes_eq(buf_bytes(&again), in));
	}
	buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	struct arena a = {0};
	struct buf again = {0};
	struct answer x;
	size_t used;

	if (fuzz_byte(&in) % 2 == 0) {
		subjects(in);
		return 0;
	}
	while (in.n > 0 && answer_unpack(&a, in, &x, &used)) {
		fuzz_require(used > 0 && used <= in.n);
		buf_clear(&again);
		answer_pack(&x, &again);
		fuzz_require(bytes_eq(buf_bytes(&again), BYTES(in.p, used)));
		in.p += used;
		in.n -= used;
	}
	buf_fini(&again);
	arena_fini(&a);
	return 0;
}
