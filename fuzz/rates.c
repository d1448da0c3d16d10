/* rates.c — the rates of `synth --rates` (JSON). */
#include "fuzz.h"
#include "synth/synth_rates.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct synth_rates rates;
	enum synth_kind kind;
	struct err e;

	synth_rates_default(&rates);
	fuzz_no_fault(
	    synth_rates_read(fuzz_file("rates.json", BYTES(p, n)), &rates, &e),
	    &e);
	for (uint32_t i = 0; i < 4; i++)
		(void)synth_rates_plant(&rates, 1, i, &kind);
	(void)synth_rates_hit(&rates, true);
	return 0;
}
