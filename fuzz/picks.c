/* picks.c — a selection file of a wave (wave new --subjects). */
#include "fuzz.h"
#include "parties/ward_draft.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena a = {0};
	struct ward_pick *picks;
	size_t count;
	struct err e;

	fuzz_no_fault(
	    ward_draft_picks(BYTES(p, n), "f.csv", &a, &picks, &count, &e), &e);
	arena_fini(&a);
	return 0;
}
