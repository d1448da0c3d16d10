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

/* F040–F9FC is the user area: iconv gives private characters for it. */
static bool user_area(unsigned lead)
{
	return lead >= 0xF0 && lead <= 0xF9;
}

static void decodes_every_byte_pair_as_glibc_does(void **state)
{
	iconv_t cd = iconv_open("UTF-8", "CP932");
	int pairs = 0;

	(void)state;
	assert_true(cd != (iconv_t)-1);
	for (unsigned lead = 0x81; lead <= 0xFF; lead++) {
		if (lead >= 0xA0 && lead <= 0xDF)
			continue;
		for (unsigned trail = 1; trail <= 0xFF; trail++) {
			unsigned char b[2] = {
			    (unsigned char)lead, (unsigned char)trail};
			unsigned char want[16];
			struct buf got = {0};
			size_t at;
			size_t n = user_area(lead) || lead > 0xFC
				       ? 0
				       : by_iconv(cd, b, 2, want);
			bool ok = encoding_decode(
			    ENCODING_CP932, BYTES(b, 2), &got, &at);

			assert_int_equal(ok, n > 0);
			if (ok) {
				assert_int_equal(got.n, n);
				assert_memory_equal(got.p, want, n);
				pairs++;
			}
			buf_fini(&got);
		}
	}
	assert_int_equal(pairs, 7724);
	(void)iconv_close(cd);
}

static void decodes_every_single_byte_as_glibc_does(void **state)
{
	iconv_t cd = iconv_open("UTF-8", "CP932");

	(void)state;
	for (unsigned v = 1; v <= 0xDF; v++) {
		unsigned char b = (unsigned char)v;
		unsigned char want[16];
		struct buf got = {0};
		size_t at;
		size_t n;

		if (v >= 0x80 && v <= 0xA0)
			continue;
		n = by_iconv(cd, &b, 1, want);
		assert_true(
		    encoding_decode(ENCODING_CP932, BYTES(&b, 1), &got, &at));
		assert_int_equal(got.n, n);
		assert_memory_equal(got.p, want, n);
		buf_fini(&got);
	}
	(void)iconv_close(cd);
}

static void encodes_every_character_as_glibc_but_yen_and_overline(void **state)
{
	iconv_t cd = iconv_open("CP932", "UTF-8");
	int pairs = 0;

	(void)state;
	assert_true(cd != (iconv_t)-1);
	for (uint32_t c = 1; c <= 0x2FFFF; c++) {
		char in[4];
		unsigned char want[16] = {0};
		unsigned char got[4] = {0};
		size_t n;

		if ((c >= 0xD800 && c <= 0xF8FF) || c == 0xA5 || c == 0x203E)
			continue; /* user area; DATA: made \ and ~ by glibc */
		n = by_iconv(cd, in, utf8_write(c, in), want);
		if (c == 0x80 || c == 0xA0)
			n = 0; /* bytes 80 and A0 are no characters here */
		if (encode_one(ENCODING_CP932, c, got) != n ||
		    memcmp(got, want, n) != 0)
			fail_msg("U+%04X", (unsigned)c);
		pairs += n == 2;
	}
	assert_int_equal(pairs, 7326 + 7); /* 7 have a second reading */
	(void)iconv_close(cd);
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
	    cmocka_unit_test(decodes_every_byte_pair_as_glibc_does),
	    cmocka_unit_test(decodes_every_single_byte_as_glibc_does),
	    cmocka_unit_test(
		encodes_every_character_as_glibc_but_yen_and_overline),
	    cmocka_unit_test(duplicates_come_back_as_ibm_extensions),
	    cmocka_unit_test(wave_dash_in_both_readings_is_8160),
	    cmocka_unit_test(jis_x_0208_has_6879_characters),
	    cmocka_unit_test(zengin_is_single_bytes_alone),
	    cmocka_unit_test(names_are_those_of_the_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
