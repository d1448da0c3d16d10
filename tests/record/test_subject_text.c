/* Tests of record/subject_text.h. */
#include "record/subject_text.h"

#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <utf8proc.h>

static void refuses_hidden_characters(void **state)
{
	static const uint32_t bad[] = {0x01, 0x09, 0x0A, 0x7F, 0x85, 0xAD,
	    0x200B, 0x200D, 0x200E, 0x202E, 0x2028, 0x2060, 0x2066, 0x3164,
	    0xFEFF, 0xFFA0, 0xFFFD, 0xFFFE, 0x1FFFF, 0xE0041};
	struct arena a = {0};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct text out;
		size_t chars;
		uint32_t c = 0;

		buf_clear(&b);
		buf_z(&b, "山田A");
		utf8_put(&b, bad[i]);
		buf_z(&b, "太郎");
		assert_false(
		    subject_text_normal(&a, buf_text(&b), &out, &chars, &c));
		assert_int_equal(c, bad[i]);
	}
	buf_fini(&b);
	arena_fini(&a);
}

/* The category of Unicode itself is the oracle. */
static void every_control_of_unicode_is_hidden(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		utf8proc_category_t is = utf8proc_category((int)c);

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		if (is == UTF8PROC_CATEGORY_CC || is == UTF8PROC_CATEGORY_ZL ||
		    is == UTF8PROC_CATEGORY_ZP || (is == UTF8PROC_CATEGORY_CF))
			assert_true(subject_text_is_hidden(c));
	}
}

static void expect(const char *in, const char *normal, size_t n)
{
	struct arena a = {0};
	struct text out;
	size_t chars;
	uint32_t bad;

	assert_true(subject_text_normal(&a, text_z(in), &out, &chars, &bad));
	assert_true(text_is(out, normal));
	assert_int_equal(chars, n);
	arena_fini(&a);
}

static void composes(void **state)
{
	(void)state;
	expect("", "", 0);
	expect("カ\xE3\x82\x99ク\xE3\x82\x99", "ガグ", 2);
	expect("ハ\xE3\x82\x9A", "パ", 1);
	expect("A\xCC\x8A", "\xC3\x85", 1);
	expect("\xE2\x84\xAB", "\xC3\x85", 1);	   /* U+212B */
	expect("\xEF\xA8\x99", "\xE7\xA5\x9E", 1); /* U+FA19 神 */
	expect("むらゔ", "むらゔ", 3);
}

static void leaves_alone_what_is_normal(void **state)
{
	static const char z[] = "髙﨑　𠮷野ヶ里　ｶﾞｸﾌﾞﾁ　A-1（２）";
	struct arena a = {0};
	struct text out;
	size_t chars;
	uint32_t bad;

	(void)state;
	assert_true(subject_text_normal(&a, text_z(z), &out, &chars, &bad));
	assert_ptr_equal(out.p, z);
	assert_int_equal(a.held, 0);
	assert_int_equal(chars, utf8_count(text_z(z)));
	/* A variation selector and a private-use character stay. */
	expect("葛\xF3\xA0\x84\x80", "葛\xF3\xA0\x84\x80", 2);
	expect("\xEE\x80\x80", "\xEE\x80\x80", 1);
}

/* utf8proc is the oracle for each character alone and behind others. */
static void inert_characters_never_change(void **state)
{
	struct buf b = {0};

	(void)state;
	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		utf8proc_uint8_t *z;
		bool same;

		if (!subject_text_is_inert(c))
			continue;
		assert_int_equal(
		    utf8proc_get_property((int)c)->combining_class, 0);
		buf_clear(&b);
		buf_z(&b, "Aか");
		utf8_put(&b, c);
		utf8_put(&b, c);
		buf_byte(&b, '\0');
		z = utf8proc_NFC(b.p);
		assert_non_null(z);
		same = strcmp((char *)z, (char *)b.p) == 0;
		free(z);
		assert_true(same);
	}
	buf_fini(&b);
}

/* Each of three bytes alone, and behind a character: what is plain at a glance
 * is well-formed, seen and normal. */
static void what_is_plain_needs_no_further_look(void **state)
{
	struct arena a = {0};
	unsigned char p[6] = {0xE3, 0x81, 0x82}; /* あ */
	size_t plain = 0;

	(void)state;
	for (uint32_t w = 0; w < UINT32_C(1) << 24; w += 1 + w % 3) {
		struct bytes in = BYTES(p, 6);
		struct text t;
		struct text normal;
		size_t bad_at;
		size_t chars;
		uint32_t bad;

		p[3] = (unsigned char)(w >> 16);
		p[4] = (unsigned char)(w >> 8);
		p[5] = (unsigned char)w;
		if (!subject_text_plain(in))
			continue;
		plain++;
		arena_reset(&a);
		assert_true(utf8_decode(in, &t, &bad_at));
		assert_true(subject_text_normal(&a, t, &normal, &chars, &bad));
		assert_ptr_equal(normal.p, t.p);
	}
	assert_true(plain > 100000);
	assert_true(subject_text_plain(text_bytes(TEXT("東京 Ａー-z"))));
	assert_false(subject_text_plain(BYTES("東京", 5)));
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_plain_needs_no_further_look),
	    cmocka_unit_test(refuses_hidden_characters),
	    cmocka_unit_test(every_control_of_unicode_is_hidden),
	    cmocka_unit_test(composes),
	    cmocka_unit_test(leaves_alone_what_is_normal),
	    cmocka_unit_test(inert_characters_never_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
