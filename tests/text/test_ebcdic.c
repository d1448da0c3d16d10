/*
 * Tests of the encodings ibm930 and ibm939 (text/encoding.h), which are only
 * written. The oracle is glibc's iconv, over every character, with all that is
 * known to differ.
 */
#include "text/encoding.h"
#include "text/utf8.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Where glibc and we differ. */
enum reason {
	CONTROL,    /* no control character but a line feed is in our files */
	USER,	    /* the user area is never passed on */
	SUBSTITUTE, /* glibc writes SUB (3F) without a word */
	OWN_BYTE,   /* IBM's table has a byte; glibc writes that of ¥ or ‾ */
	OTHER_FORM, /* glibc writes the code of another form (俠 as 侠) */
	SECOND_READING, /* glibc has ￤ as ¦ in 939 alone, we in both */
	REASONS
};

static const struct known {
	uint32_t first;
	uint32_t last;
	enum reason reason;
} known[] = {
    {0x0001, 0x0009, CONTROL},
    {0x000B, 0x001F, CONTROL},
    {0x005C, 0x005C, OWN_BYTE},
    {0x007E, 0x007E, OWN_BYTE},
    {0x007F, 0x009F, CONTROL},
    {0x00A0, 0x00A1, SUBSTITUTE},
    {0x00A4, 0x00A4, SUBSTITUTE},
    {0x00A9, 0x00AB, SUBSTITUTE},
    {0x00AD, 0x00AF, SUBSTITUTE},
    {0x00B2, 0x00B3, SUBSTITUTE},
    {0x00B5, 0x00B5, SUBSTITUTE},
    {0x00B7, 0x00D6, SUBSTITUTE},
    {0x00D8, 0x00F6, SUBSTITUTE},
    {0x00F8, 0x00FF, SUBSTITUTE},
    {0x2195, 0x2195, SUBSTITUTE},
    {0x21B5, 0x21B5, SUBSTITUTE},
    {0x2550, 0x2551, SUBSTITUTE},
    {0x2554, 0x2554, SUBSTITUTE},
    {0x2557, 0x2557, SUBSTITUTE},
    {0x255A, 0x255A, SUBSTITUTE},
    {0x255D, 0x255D, SUBSTITUTE},
    {0x2560, 0x2560, SUBSTITUTE},
    {0x2563, 0x2563, SUBSTITUTE},
    {0x2566, 0x2566, SUBSTITUTE},
    {0x2569, 0x2569, SUBSTITUTE},
    {0x256C, 0x256C, SUBSTITUTE},
    {0x2591, 0x2591, SUBSTITUTE},
    {0x2593, 0x2593, SUBSTITUTE},
    {0x263C, 0x263C, SUBSTITUTE},
    {0x303F, 0x303F, SUBSTITUTE},
    {0xE000, 0xF111, USER},
    {0xF86F, 0xF86F, USER},
    {0xFFE8, 0xFFEE, SUBSTITUTE},
};

/* Both forms are two characters of Unicode; IBM's table has the other. */
static const char other_forms[] =
    "俠剝啞嚙囊塡屛屢搔摑攢栅梎潑瀆焰瘦禱簞繈繡繫腁荆萊蔣蟬蠟軀醬醱頰頹顚驒鷗鹼"
    "麴麵";

static enum reason reason_of(enum encoding enc, uint32_t c)
{
	struct text t = text_z(other_forms);

	if (c == 0xFFE4 && enc == ENCODING_IBM930)
		return SECOND_READING;
	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
		if (c >= known[k].first && c <= known[k].last)
			return known[k].reason;
	for (size_t i = 0; i < t.n;)
		if (utf8_next(t, &i) == c)
			return OTHER_FORM;
	return REASONS;
}

/* One character by iconv, back in single bytes at the end; bytes, or 0. */
static size_t by_iconv(iconv_t cd, uint32_t c, unsigned char out[16])
{
	char b[4];
	char *from = b;
	char *to = (char *)out;
	size_t n = utf8_write(c, b);
	size_t room = 16;

	(void)iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &n, &to, &room) == (size_t)-1 || n != 0)
		return 0;
	(void)iconv(cd, NULL, NULL, &to, &room);
	return 16 - room;
}

static size_t by_us(enum encoding enc, uint32_t c, struct buf *out)
{
	char b[4];
	struct text t = text_trust(b, utf8_write(c, b));
	size_t at = 9;
	uint32_t bad = 0;

	buf_clear(out);
	if (encoding_encode(enc, t, out, &at, &bad)) {
		assert_int_equal(encoding_width(enc, t), out->n);
		return out->n;
	}
	assert_int_equal(at, 0);
	assert_int_equal(bad, c);
	assert_int_equal(out->n, 0);
	assert_int_equal(encoding_width(enc, t), SIZE_MAX);
	return 0;
}

static void compare(enum encoding enc, const char *name)
{
	const int want_count[REASONS] = {[CONTROL] = 63,
	    [USER] = 4371,
	    [SUBSTITUTE] = 107,
	    [OWN_BYTE] = 2,
	    [OTHER_FORM] = 39,
	    [SECOND_READING] = enc == ENCODING_IBM930};
	iconv_t cd = iconv_open(name, "UTF-8");
	int count[REASONS + 1] = {0};
	int same = 0;
	struct buf got = {0};

	assert_true(cd != (iconv_t)-1);
	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		enum reason why = reason_of(enc, c);
		unsigned char want[16];
		size_t w;
		size_t n;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		w = by_iconv(cd, c, want);
		n = by_us(enc, c, &got);
		if (w == n && (n == 0 || memcmp(want, got.p, n) == 0)) {
			same += n > 0;
			if (why != REASONS)
				fail_msg("U+%04X differs no more", (unsigned)c);
			continue;
		}
		if (why == REASONS)
			fail_msg("U+%04X differs", (unsigned)c);
		/* All but these are refusals of ours. */
		assert_int_equal(n, why == OWN_BYTE	    ? 1
				    : why == SECOND_READING ? 4
							    : 0);
		assert_true(why != SUBSTITUTE || (w == 1 && want[0] == 0x3F));
		count[why]++;
	}
	for (int k = 0; k < REASONS; k++)
		assert_int_equal(count[k], want_count[k]);
	/* All but \ and ~ of those in our table, and the line feed. */
	assert_int_equal(same, enc == ENCODING_IBM930 ? 7431 : 7432);
	buf_fini(&got);
	(void)iconv_close(cd);
}

static void ibm930_is_as_glibc_but_for_what_is_known(void **state)
{
	(void)state;
	compare(ENCODING_IBM930, "IBM930");
}

static void ibm939_is_as_glibc_but_for_what_is_known(void **state)
{
	(void)state;
	compare(ENCODING_IBM939, "IBM939");
}

static void takes(enum encoding enc, const char *z, const char *want)
{
	struct buf out = {0};
	size_t at;
	uint32_t bad;

	assert_true(encoding_encode(enc, text_z(z), &out, &at, &bad));
	assert_int_equal(out.n, strlen(want));
	assert_memory_equal(out.p, want, out.n);
	assert_int_equal(encoding_width(enc, text_z(z)), out.n);
	buf_fini(&out);
}

static void double_bytes_stand_between_shifts(void **state)
{
	(void)state;
	takes(ENCODING_IBM930, "ｱ1", "\x81\xF1");
	takes(ENCODING_IBM939, "a1", "\x81\xF1");
	takes(ENCODING_IBM930, "", "");
	takes(ENCODING_IBM930, "1山", "\xF1\x0E\x45\x65\x0F");
	takes(ENCODING_IBM939, "山山1山\n",
	    "\x0E\x45\x65\x45\x65\x0F\xF1\x0E\x45\x65\x0F\x25");
}

static void a_refusal_leaves_nothing(void **state)
{
	struct buf out = {0};
	size_t at;
	uint32_t bad;

	(void)state;
	buf_z(&out, "kept");
	assert_false(
	    encoding_encode(ENCODING_IBM930, TEXT("山𠮷"), &out, &at, &bad));
	assert_int_equal(at, 3);
	assert_int_equal(bad, 0x20BB7);
	assert_false(
	    encoding_encode(ENCODING_IBM939, TEXT("a\tb"), &out, &at, &bad));
	assert_int_equal(at, 1);
	assert_int_equal(out.n, 4);
	assert_int_equal(encoding_width(ENCODING_IBM930, TEXT("𠮷")), SIZE_MAX);
	buf_fini(&out);
}

static void both_readings_are_the_same_bytes(void **state)
{
	(void)state;
	takes(ENCODING_IBM930, "－−", "\x0E\x42\x60\x42\x60\x0F");
	takes(ENCODING_IBM930, "～〜", "\x0E\x43\xA1\x43\xA1\x0F");
}

static void they_are_only_written(void **state)
{
	enum encoding enc = ENCODING_UTF8;
	struct buf out = {0};
	size_t at = 9;

	(void)state;
	assert_false(encoding_named(TEXT("ibm930"), &enc));
	assert_false(encoding_named(TEXT("ibm939"), &enc));
	assert_false(encoding_named_out(TEXT("ibm290"), &enc));
	assert_true(encoding_named_out(TEXT("ibm939"), &enc));
	assert_int_equal(enc, ENCODING_IBM939);
	assert_string_equal(encoding_name(enc), "ibm939");
	assert_false(encoding_decode(enc, BYTES("\xF1", 1), &out, &at));
	assert_int_equal(at, 0);
	assert_int_equal(encoding_newline(enc), 0x25);
	assert_int_equal(encoding_newline(ENCODING_ZENGIN), '\n');
}

static void a_file_in_ebcdic_is_known_by_its_first_record(void **state)
{
	unsigned char record[120];

	(void)state;
	memset(record, ' ', sizeof(record));
	memcpy(record, "1211", 4);
	assert_true(encoding_marked_ebcdic(BYTES(record, 120)));
	assert_false(encoding_marked_ebcdic(BYTES(record, 119)));
	memcpy(record, "1210", 4);
	assert_false(encoding_marked_ebcdic(BYTES(record, 120)));
	memcpy(record, "2211", 4);
	assert_false(encoding_marked_ebcdic(BYTES(record, 120)));
	memcpy(record, "\xF1\xF2\xF1\xF1", 4);
	assert_true(encoding_marked_ebcdic(BYTES(record, 120)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_refusal_leaves_nothing),
	    cmocka_unit_test(they_are_only_written),
	    cmocka_unit_test(a_file_in_ebcdic_is_known_by_its_first_record),
	    cmocka_unit_test(double_bytes_stand_between_shifts),
	    cmocka_unit_test(both_readings_are_the_same_bytes),
	    cmocka_unit_test(ibm930_is_as_glibc_but_for_what_is_known),
	    cmocka_unit_test(ibm939_is_as_glibc_but_for_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
