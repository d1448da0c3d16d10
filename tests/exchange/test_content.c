/* Tests of exchange/content.h. */
#include "exchange/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zstd.h>

static void refused(struct bytes packed, enum err_class class, const char *code)
{
	struct arena a = {0};
	struct content c;
	struct err e;

	assert_int_equal(content_unpack(packed, &a, &c, &e), class);
	assert_string_equal(e.code, code);
	assert_null(c.meta);
	assert_int_equal(c.part_count, 0);
	arena_fini(&a);
}

static void refused_plain(const char *plain)
{
	unsigned char packed[4096];
	size_t n =
	    ZSTD_compress(packed, sizeof(packed), plain, strlen(plain), 1);

	assert_false(ZSTD_isError(n));
	refused(BYTES(packed, n), ERR_INPUT, "message.malformed");
}

/* A frame whose header promises size bytes (RFC 8878 §3.1.1.1): magic,
 * descriptor with an 8-byte content size and a single segment. */
static size_t promise(unsigned char out[32], uint64_t size)
{
	static const unsigned char head[] = {0x28, 0xB5, 0x2F, 0xFD, 0xE0};

	memcpy(out, head, sizeof(head));
	for (int i = 0; i < 8; i++)
		out[sizeof(head) + (size_t)i] =
		    (unsigned char)(size >> (8 * i));
	/* the last block, raw, empty */
	memcpy(out + 13, "\x01\x00\x00", 3);
	return 16;
}

static void refuses_a_bomb_before_memory_is_taken(void **state)
{
	unsigned char frame[32];
	struct arena a = {0};
	struct content c;
	struct err e;
	size_t n = promise(frame, (uint64_t)1 << 40);

	(void)state;
	assert_int_equal(
	    content_unpack(BYTES(frame, n), &a, &c, &e), ERR_LIMIT);
	assert_string_equal(e.code, "message.too_large");
	assert_int_equal(a.held, 0);
	n = promise(frame, CONTENT_MAX + 1);
	assert_int_equal(
	    content_unpack(BYTES(frame, n), &a, &c, &e), ERR_LIMIT);
	assert_int_equal(a.held, 0);
	arena_fini(&a);
}

/* Its header says 10 bytes, its blocks hold many more. */
static void refuses_a_frame_that_lies_about_its_size(void **state)
{
	unsigned char frame[32];

	(void)state;
	(void)promise(frame, 10);
	/* the last block, one byte repeated 100,000 times (RFC 8878
	 * §3.1.1.2) */
	frame[13] = (unsigned char)((100000u << 3 | 1 << 1 | 1) & 0xFF);
	frame[14] = (unsigned char)((100000u << 3) >> 8 & 0xFF);
	frame[15] = (unsigned char)((100000u << 3) >> 16 & 0xFF);
	frame[16] = 'x';
	refused(BYTES(frame, 17), ERR_INPUT, "message.malformed");
}

static void refuses_what_is_no_frame_or_two(void **state)
{
	unsigned char two[256];
	size_t n =
	    ZSTD_compress(two, 128, "{\"meta\":{},\"parts\":[]}\n", 23, 1);

	(void)state;
	refused(BYTES(NULL, 0), ERR_INPUT, "message.malformed");
	refused(BYTES("nothing", 7), ERR_INPUT, "message.malformed");
	memcpy(two + n, two, n);
	refused(BYTES(two, 2 * n), ERR_INPUT, "message.malformed");
	refused(BYTES(two, n - 1), ERR_INPUT, "message.malformed");
	two[n] = 0;
	refused(BYTES(two, n + 1), ERR_INPUT, "message.malformed");
}

static void refuses_another_head(void **state)
{
	(void)state;
	refused_plain("");
	refused_plain("{\"meta\":{},\"parts\":[]}");
	refused_plain("{\"meta\":{}}\n");
	refused_plain("{\"meta\":[],\"parts\":[]}\n");
	refused_plain("{\"meta\":{},\"parts\":{}}\n");
	refused_plain("{\"meta\":{},\"parts\":[],\"x\":1}\n");
	refused_plain("{\"meta\":{},\"meta\":{},\"parts\":[]}\n");
	refused_plain("{\"meta\":{\"a\":1,\"a\":2},\"parts\":[]}\n");
	refused_plain("{\"meta\":{},\"parts\":[]}\nrest");
}

static void refuses_parts_that_do_not_add_up(void **state)
{
	(void)state;
	refused_plain("{\"meta\":{},\"parts\":[[\"a\",5]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"a\",3]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"a\",-1]]}\nabcd");
	refused_plain(
	    "{\"meta\":{},\"parts\":[[\"a\",9223372036854775807]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"a\",4.0]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"a\"]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"A\",4]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"\",4]]}\nabcd");
	refused_plain(
	    "{\"meta\":{},\"parts\":[[\"abcdefghijklmnop\",4]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"a\",2],[\"a\",2]]}\nabcd");
	refused_plain("{\"meta\":{},\"parts\":[[\"a\",1],[\"b\",1],[\"c\",1],"
		      "[\"d\",1],[\"e\",0]]}\nabcd");
}

static void refuses_deep_nesting(void **state)
{
	struct buf b = {0};
	unsigned char packed[65536];
	size_t n;

	(void)state;
	buf_z(&b, "{\"meta\":{\"a\":");
	for (int i = 0; i < 100000; i++)
		buf_z(&b, "[");
	for (int i = 0; i < 100000; i++)
		buf_z(&b, "]");
	buf_z(&b, "},\"parts\":[]}\n");
	n = ZSTD_compress(packed, sizeof(packed), b.p, b.n, 1);
	assert_false(ZSTD_isError(n));
	refused(BYTES(packed, n), ERR_INPUT, "message.malformed");
	buf_fini(&b);
}

static void gives_back_what_was_packed(void **state)
{
	struct content c = {
	    .meta = json_pack("{ss si}", "z", "改行\n", "a", 7)};
	struct content back;
	struct arena a = {0};
	struct buf packed = {0};
	struct err e;

	(void)state;
	content_add(&c, "file", BYTES("\n\0x", 3));
	content_add(&c, "approval", BYTES("", 0));
	content_pack(&c, &packed);
	assert_int_equal(
	    content_unpack(buf_bytes(&packed), &a, &back, &e), ERR_NONE);
	assert_true(json_equal(c.meta, back.meta));
	assert_true(bytes_eq(content_part(&back, "file"), BYTES("\n\0x", 3)));
	assert_int_equal(content_part(&back, "approval").n, 0);
	assert_non_null(content_part(&back, "approval").p);
	assert_null(content_part(&back, "subjects").p);
	content_fini(&c);
	content_fini(&back);
	buf_fini(&packed);
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_a_bomb_before_memory_is_taken),
	    cmocka_unit_test(refuses_a_frame_that_lies_about_its_size),
	    cmocka_unit_test(refuses_what_is_no_frame_or_two),
	    cmocka_unit_test(refuses_another_head),
	    cmocka_unit_test(refuses_parts_that_do_not_add_up),
	    cmocka_unit_test(refuses_deep_nesting),
	    cmocka_unit_test(gives_back_what_was_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
