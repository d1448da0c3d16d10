/* header.c — the header of a message: what is read is what would be written,
 * byte for byte. */
#include "exchange/header.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf again = {0};
	struct header h;
	struct err e;
	enum err_class class = header_read(BYTES(p, n), &h, &e);

	fuzz_no_fault(class, &e);
	if (class == ERR_NONE) {
		header_write(&h, &again);
		fuzz_require(bytes_eq(buf_bytes(&again), BYTES(p, n)));
	}
	buf_fini(&again);
	return 0;
}
