/* receipt.c — the lines of a group of receipts. */
#include "exchange/receipt.h"
#include "fuzz.h"

#define MOST 32

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct receipt r[MOST];
	struct buf again = {0};
	struct err e;
	size_t count;
	enum err_class class = receipt_parse(BYTES(p, n), r, MOST, &count, &e);

	fuzz_no_fault(class, &e);
	if (class == ERR_NONE) {
		for (size_t i = 0; i < count; i++)
			receipt_put(&r[i], &again);
		fuzz_require(bytes_eq(buf_bytes(&again), BYTES(p, n)));
	}
	buf_fini(&again);
	return 0;
}
