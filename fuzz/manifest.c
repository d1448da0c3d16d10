/* manifest.c — manifest.json of a carried ZIP. */
#include "exchange/folder_manifest.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct folder_manifest m;
	struct folder_manifest second;
	struct buf again = {0};
	struct err e;
	enum err_class class = folder_manifest_read(BYTES(p, n), &m, &e);

	fuzz_no_fault(class, &e);
	if (class == ERR_NONE) {
		folder_manifest_write(&m, &again);
		fuzz_require(folder_manifest_read(
				 buf_bytes(&again), &second, &e) == ERR_NONE);
		fuzz_require(second.count == m.count);
	}
	buf_fini(&again);
	return 0;
}
