/* wareki.c — a date in any of its writings: what is taken is a day that was,
 * and comes back from every form it has. */
#include "text/wareki.h"
#include "fuzz.h"
#include "text/utf8.h"

static void back(struct date d)
{
	for (int form = WAREKI_YMD8; form <= WAREKI_ERA7; form++) {
		struct buf b = {0};
		struct date again;

		if (wareki_put((enum wareki_form)form, d, &b)) {
			fuzz_require(wareki_get(
			    (enum wareki_form)form, buf_text(&b), &again));
			fuzz_require(again.year == d.year &&
				     again.month == d.month &&
				     again.day == d.day);
		}
		buf_fini(&b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct date context = {2026, 6, 15};
	struct text in;
	struct date d;
	size_t bad;

	if (!utf8_decode(BYTES(p, n), &in, &bad))
		return 0;
	if (wareki_get_any(in, &d)) {
		fuzz_require(date_valid_partial(d));
		back(d);
	}
	if (wareki_get_era6(in, context, &d)) {
		fuzz_require(date_valid_partial(d));
		back(d);
	}
	return 0;
}
