/* address.c — an address and, behind a newline, what its postal code stands
 * for: its parts lie in either, in the order of the text. */
#include "text/address.h"
#include "fuzz.h"
#include "text/fold.h"
#include "text/utf8.h"

static bool lies_in(struct text part, struct text t)
{
	return part.n == 0 || (part.p >= t.p && part.p + part.n <= t.p + t.n);
}

static void look(struct text in, struct text postal)
{
	struct address_parts a;
	struct buf once = {0};
	struct buf twice = {0};
	size_t from = 0;
	size_t to;

	address_split(in, postal, &a);
	fuzz_require(
	    lies_in(a.prefecture, in) || lies_in(a.prefecture, postal));
	fuzz_require(
	    lies_in(a.municipality, in) || lies_in(a.municipality, postal));
	fuzz_require(lies_in(a.town, in));
	fuzz_require(lies_in(a.block, in));
	fuzz_require(lies_in(a.building, in));
	fuzz_require(a.block.n == 0 || a.building.n == 0 ||
		     a.block.p + a.block.n <= a.building.p);
	if (address_block(in, &from, &to))
		fuzz_require(from < to && to <= in.n);
	fold_address(in, &once);
	fold_address(buf_text(&once), &twice);
	fuzz_require(text_eq(buf_text(&once), buf_text(&twice)));
	buf_fini(&once);
	buf_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *end = n ? memchr(p, '\n', n) : NULL;
	size_t first = end ? (size_t)(end - p) : n;
	struct text in;
	struct text postal = TEXT("");
	size_t bad;

	if (!utf8_decode(BYTES(p, first), &in, &bad))
		return 0;
	if (end != NULL &&
	    !utf8_decode(BYTES(end + 1, n - first - 1), &postal, &bad))
		return 0;
	look(in, postal);
	return 0;
}
