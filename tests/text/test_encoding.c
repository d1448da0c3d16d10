/* Tests of text/encoding.h; the oracle is glibc's iconv. */
#include "text/encoding.h"
#include "text/utf8.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* One conversion by iconv; bytes written, or 0. */
static size_t by_iconv(
    iconv_t cd, const void *in, size_t n, unsigned char out[16])
{
	char b[8];
	char *from = b;
	char *to = (char *)out;
	size_t room = 16;

	memcpy(b, in, n);
	(void)iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &n, &to, &room) == (size_t)-1 || n != 0)
		return 0;
	return 16 - room;
}

static size_t encode_one(enum encoding enc, uint32_t c, unsigned char out[4])
{
	char b[4];
	struct buf to = {0};
	size_t n = utf8_write(c, b);
	size_t at = 99;
	uint32_t bad = 0;

	if (!encoding_encode(enc, text_trust(b, n), &to, &at, &bad)) {
		assert_int_equal(at, 0);
		assert_int_equal(bad, c);
		n = 0;
	} else {
		n = to.n;
		memcpy(out, to.p, n);
		assert_int_equal(
		    encoding_width(enc, text_trust(b, utf8_write(c, b))), n);
	}
	buf_fini(&to);
	return n;
}

static void refuses_what_cp932_lacks(void **state)
{
	struct buf out = {0};
	size_t at;
	uint32_t bad;

	(void)state;
	buf_z(&out, "kept");
	assert_false(
	    encoding_encode(ENCODING_CP932, TEXT("山¥"), &out, &at, &bad));
	assert_int_equal(at, 3);
	assert_int_equal(bad, 0xA5);
	assert_false(
	    encoding_encode(ENCODING_CP932, TEXT("‾"), &out, &at, &bad));
	assert_false(
	    encoding_encode(ENCODING_CP932, TEXT("𠮷"), &out, &at, &bad));
	assert_int_equal(bad, 0x20BB7);
	assert_int_equal(encoding_width(ENCODING_CP932, TEXT("a𠮷")), SIZE_MAX);
	assert_int_equal(out.n, 4);
	buf_fini(&out);
}

static void refuses_bytes_that_stand_for_nothing(void **state)
{
	static const char *const bad[] = {"\x80", "\xA0", "\xFD", "\xFE",
	    "\xFF", "\xF0\x40", "\xF9\xFC", "\x81", "\x81\x20", "\x81\x7F",
	    "\x85\x40", "\xFC\x4C"};
	struct buf out = {0};
	size_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		at = 9;
		assert_false(encoding_decode(
		    ENCODING_CP932, BYTES(bad[i], strlen(bad[i])), &out, &at));
		assert_int_equal(at, 0);
	}
	assert_false(
	    encoding_decode(ENCODING_CP932, BYTES("a\0b", 3), &out, &at));
	assert_int_equal(at, 1);
	assert_int_equal(out.n, 0);
	buf_fini(&out);
}

/* Where glibc and we differ, all of it: what we refuse. */
enum reason {
	USER, /* 外字: the user area F040–F9FC, private characters in Unicode */
	YEN, /* glibc makes ¥ and ‾ the bytes of \ and ~ (DATA: without a word)
	      */
	REASONS
};

static enum reason reason_of_bytes(const unsigned char *b, size_t n)
{
	return n == 2 && b[0] >= 0xF0 && b[0] <= 0xF9 && b[1] >= 0x40 &&
		       b[1] <= 0xFC && b[1] != 0x7F
		   ? USER
		   : REASONS;
}

static enum reason reason_of(uint32_t c)
{
	if (c >= 0xE000 && c <= 0xE757)
		return USER;
	return c == 0xA5 || c == 0x203E ? YEN : REASONS;
}

/* Bytes of one character by both; what differs is a refusal of ours that is
 * listed, and what is listed differs. Counts what is the same. */
static void decode_both(
    iconv_t cd, const unsigned char *b, size_t n, int count[REASONS + 1])
{
	enum reason why = reason_of_bytes(b, n);
	unsigned char want[16];
	struct buf got = {0};
	size_t w = by_iconv(cd, b, n, want);
	size_t at;
	bool ok = encoding_decode(ENCODING_CP932, BYTES(b, n), &got, &at);

	if (why != REASONS) {
		assert_true(w > 0 && !ok);
	} else {
		assert_int_equal(ok, w > 0);
		assert_int_equal(got.n, w);
		assert_memory_equal(got.p ? got.p : want, want, w);
	}
	count[why] += why != REASONS || ok;
	buf_fini(&got);
}

static void decodes_all_bytes_as_glibc_but_for_what_is_known(void **state)
{
	iconv_t cd = iconv_open("UTF-8", "CP932");
	int single[REASONS + 1] = {0};
	int pairs[REASONS + 1] = {0};

	(void)state;
	assert_true(cd != (iconv_t)-1);
	for (unsigned v = 1; v <= 0xFFFF; v++) {
		unsigned char b[2] = {
		    (unsigned char)(v >> 8), (unsigned char)v};

		if (v <= 0xFF)
			decode_both(cd, b + 1, 1, single);
		else if (b[0] >= 0x80 && (b[0] < 0xA1 || b[0] > 0xDF))
			decode_both(cd, b, 2, pairs);
	}
	assert_int_equal(single[REASONS], 127 + 63);
	assert_int_equal(pairs[REASONS], 7724);
	assert_int_equal(pairs[USER], 1880);
	(void)iconv_close(cd);
}

static void encodes_all_as_glibc_but_for_what_is_known(void **state)
{
	iconv_t cd = iconv_open("CP932", "UTF-8");
	int count[REASONS + 1] = {0};
	int pairs = 0;

	(void)state;
	assert_true(cd != (iconv_t)-1);
	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		enum reason why = reason_of(c);
		unsigned char want[16] = {0};
		unsigned char got[4] = {0};
		char in[4];
		size_t w;
		size_t n;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		w = by_iconv(cd, in, utf8_write(c, in), want);
		n = encode_one(ENCODING_CP932, c, got);
		count[why]++;
		pairs += n == 2;
		if (why != REASONS ? w == 0 || n != 0
				   : w != n || memcmp(got, want, n) != 0)
			fail_msg("U+%04X", (unsigned)c);
	}
	assert_int_equal(pairs, 7326 + 7); /* 7 have a second reading */
	assert_int_equal(count[USER], 1880);
	assert_int_equal(count[YEN], 2);
	(void)iconv_close(cd);
}

/* Every character by UTF-8, behind any number of bytes: 外字 are refused where
 * they stand, all others come through. */
static void utf8_passes_all_but_private_characters(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x11000 ? 1 : 61) {
		bool private = (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
		struct buf in = {0};
		struct buf out = {0};
		size_t lead = c % 11;
		size_t at = 99;
		uint32_t bad = 0;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		for (size_t k = 0; k < lead; k++)
			buf_z(&in, k % 3 ? "山" : "a");
		lead = in.n;
		utf8_put(&in, c);
		buf_z(&in, "ｱ山");
		assert_int_equal(encoding_encode(ENCODING_UTF8, buf_text(&in),
				     &out, &at, &bad),
		    !private);
		assert_int_equal(out.n, private ? 0 : in.n);
		if (private) {
			assert_int_equal(at, lead);
			assert_int_equal(bad, c);
		}
		assert_int_equal(encoding_width(ENCODING_UTF8, buf_text(&in)),
		    private ? SIZE_MAX : in.n);
		buf_fini(&in);
		buf_fini(&out);
	}
}

static void a_mark_of_order_is_no_text(void **state)
{
	struct bytes in = BYTES("\xEF\xBB\xBF"
				"a",
	    4);
	struct bytes bare = BYTES("a", 1);

	(void)state;
	assert_false(encoding_skip_mark(ENCODING_CP932, &in));
	assert_false(encoding_skip_mark(ENCODING_ZENGIN, &in));
	assert_int_equal(in.n, 4);
	assert_true(encoding_skip_mark(ENCODING_UTF8, &in));
	assert_int_equal(in.n, 1);
	assert_int_equal(in.p[0], 'a');
	assert_true(encoding_skip_mark(ENCODING_ZENGIN, &bare));
	bare = BYTES("\xFF\xFE\x61\x00", 4);
	assert_false(encoding_skip_mark(ENCODING_UTF8, &bare));
	bare = BYTES("\xFE\xFF\x00\x61", 4);
	assert_false(encoding_skip_mark(ENCODING_CP932, &bare));
}

static void duplicates_come_back_as_ibm_extensions(void **state)
{
	struct buf text = {0};
	struct buf back = {0};
	size_t at;
	uint32_t bad;

	(void)state;
	/* NEC-selected 﨑 髙; NEC row 13 ① №; JIS ≒ */
	assert_true(encoding_decode(ENCODING_CP932,
	    BYTES("\xED\x95\xEE\xE0\x87\x40\x87\x82\x87\x90", 10), &text, &at));
	assert_true(
	    encoding_encode(ENCODING_CP932, buf_text(&text), &back, &at, &bad));
	assert_memory_equal(
	    back.p, "\xFA\xB1\xFB\xFC\x87\x40\x87\x82\x81\xE0", 10);
	buf_fini(&text);
	buf_fini(&back);
}

static void wave_dash_in_both_readings_is_8160(void **state)
{
	unsigned char b[4];

	(void)state;
	assert_int_equal(encode_one(ENCODING_CP932, 0x301C, b), 2);
	assert_memory_equal(b, "\x81\x60", 2);
	assert_int_equal(encode_one(ENCODING_CP932, 0xFF5E, b), 2);
	assert_memory_equal(b, "\x81\x60", 2);
	assert_int_equal(encode_one(ENCODING_CP932, 0x9AD9, b), 2); /* 髙 */
	assert_memory_equal(b, "\xFB\xFC", 2);
	assert_int_equal(encode_one(ENCODING_CP932, 0xFA11, b), 2); /* 﨑 */
	assert_memory_equal(b, "\xFA\xB1", 2);
}

static void jis_x_0208_has_6879_characters(void **state)
{
	int n = 0;

	(void)state;
	for (uint32_t c = 1; c <= 0xFFFF; c++)
		n += encoding_in_0208(c);
	assert_int_equal(n, 6879 + 7);		/* 7 have a second reading */
	assert_false(encoding_in_0208(0x9AD9)); /* 髙 */
	assert_false(encoding_in_0208(0x2460)); /* ① */
	assert_true(encoding_in_0208(0x9AD8));	/* 高 */
}

static void zengin_is_single_bytes_alone(void **state)
{
	struct buf out = {0};
	size_t at;
	uint32_t bad;

	(void)state;
	assert_false(
	    encoding_encode(ENCODING_ZENGIN, TEXT("ｱア"), &out, &at, &bad));
	assert_int_equal(at, 3);
	assert_false(
	    encoding_encode(ENCODING_ZENGIN, TEXT("\t"), &out, &at, &bad));
	assert_false(
	    encoding_decode(ENCODING_ZENGIN, BYTES("\xB1\xE0", 2), &out, &at));
	assert_int_equal(at, 1);
	assert_false(
	    encoding_decode(ENCODING_ZENGIN, BYTES("\n", 1), &out, &at));
	assert_int_equal(out.n, 0);
	assert_true(encoding_encode(
	    ENCODING_ZENGIN, TEXT("ｶﾞｸﾌﾞﾁ (A)"), &out, &at, &bad));
	assert_int_equal(out.n, 10);
	assert_memory_equal(out.p, "\xB6\xDE\xB8\xCC\xDE\xC1 (A)", 10);
	assert_int_equal(encoding_width(ENCODING_ZENGIN, TEXT("ｶﾞ")), 2);
	buf_fini(&out);
}

static void names_are_those_of_the_interface(void **state)
{
	enum encoding enc;

	(void)state;
	assert_false(encoding_named(TEXT("ibm930"), &enc));
	assert_false(encoding_named(TEXT("UTF-8"), &enc));
	assert_true(encoding_named(TEXT("cp932"), &enc));
	assert_string_equal(encoding_name(enc), "cp932");
	assert_true(encoding_named(TEXT("zengin"), &enc));
	assert_true(encoding_named(TEXT("utf-8"), &enc));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_cp932_lacks),
	    cmocka_unit_test(refuses_bytes_that_stand_for_nothing),
	    cmocka_unit_test(decodes_all_bytes_as_glibc_but_for_what_is_known),
	    cmocka_unit_test(encodes_all_as_glibc_but_for_what_is_known),
	    cmocka_unit_test(utf8_passes_all_but_private_characters),
	    cmocka_unit_test(a_mark_of_order_is_no_text),
	    cmocka_unit_test(duplicates_come_back_as_ibm_extensions),
	    cmocka_unit_test(wave_dash_in_both_readings_is_8160),
	    cmocka_unit_test(jis_x_0208_has_6879_characters),
	    cmocka_unit_test(zengin_is_single_bytes_alone),
	    cmocka_unit_test(names_are_those_of_the_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
