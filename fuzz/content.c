/* content.c — a payload once it is opened. The first byte says whether the
 * rest is compressed already (0) or not yet (else): so that what stands
 * inside is reached. */
#include "exchange/content.h"
#include "fuzz.h"

#include <zstd.h>

static void unpack(struct bytes in)
{
	struct arena a = {0};
	struct content c;
	struct buf again = {0};
	struct content second;
	struct err e;
	enum err_class class = content_unpack(in, &a, &c, &e);

	fuzz_no_fault(class, &e);
	if (class == ERR_NONE) {
		fuzz_require(c.part_count <= CONTENT_PARTS);
		content_pack(&c, &again);
		fuzz_require(content_unpack(buf_bytes(&again), &a, &second,
				 &e) == ERR_NONE);
		fuzz_require(second.part_count == c.part_count);
		fuzz_require(json_equal(c.meta, second.meta));
		for (size_t i = 0; i < c.part_count; i++)
			fuzz_require(
			    bytes_eq(c.part[i].bytes, second.part[i].bytes));
		content_fini(&second);
		content_fini(&c);
	}
	buf_fini(&again);
	arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	size_t room;
	unsigned char *packed;

	if (fuzz_byte(&in) == 0) {
		unpack(in);
		return 0;
	}
	room = ZSTD_compressBound(in.n);
	packed = malloc(room);
	fuzz_require(packed != NULL);
	room = ZSTD_compress(packed, room, in.p, in.n, 1);
	fuzz_require(ZSTD_isError(room) == 0);
	unpack(BYTES(packed, room));
	free(packed);
	return 0;
}
