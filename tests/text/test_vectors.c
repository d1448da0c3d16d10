/*
 * The ready vectors of the domain's notes (§8.6), one by one:
 *
 *  1 ガクブチ is B6 DE B8 CC DE C1        2 cut at 4 bytes it is ｶﾞｸ
 *  3 キャノン is ｷﾔﾉﾝ, material            4 ヨーコ is ﾖ-ｺ, refused in payroll
 *  5 ヷ is refused                        6 ｶﾞ has two bytes
 *  7 ﾞｱ is a stranded mark                8 髙﨑 is 高崎
 *  9 131041 is right, 131040 is not      10 5080615 is 2026-06-15 and back
 * 11 3640107 was a day, 3640108 not      12 17300-19927651 is 738/1992765
 * 13 7000012050002 is right              14 〜 is 8160, both ways
 * 15 spellings of one address are equal  16 〇〇町 is not 〇〇
 *
 * The others are no text: 出資金 of a 信組, ゆうちょ's 定額 of 2007-09-30 and
 * 児童手当 belong to answers and stops.
 */
#include "codes/number.h"
#include "codes/yucho.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/rules.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* want NULL: refused at that character. */
static void rule(const char *name, const char *from, const char *want,
    enum rules_loss worst, size_t at)
{
	struct rules_report report = {0};
	const struct rules *rules;
	struct arena a = {0};
	struct text out;
	struct err e;
	bool ok;

	assert_int_equal(rules_parse(&a, text_z(name), &rules, &e), ERR_NONE);
	ok = rules_apply(rules, text_z(from), &a, &out, &report);
	assert_int_equal(ok, want != NULL);
	if (want == NULL)
		assert_int_equal(report.at, at);
	else if (!text_is(out, want))
		fail_msg("%s: %.*s", name, (int)out.n, out.p);
	if (want != NULL)
		assert_int_equal(report.worst, worst);
	arena_fini(&a);
}

static void is_bytes(enum encoding enc, const char *from, const char *want)
{
	struct buf out = {0};
	size_t at;
	uint32_t bad;

	assert_true(encoding_encode(enc, text_z(from), &out, &at, &bad));
	assert_int_equal(out.n, strlen(want));
	assert_memory_equal(out.p, want, out.n);
	buf_fini(&out);
}

static void names(void **state)
{
	(void)state;
	rule("zengin:holder", "ヷ", NULL, 0, 1);
	rule("zengin:holder", "ﾞｱ", NULL, 0, 1);
	rule("zengin:payroll", "ヨーコ", NULL, 0, 2);
	rule("zengin:holder", "ヨーコ", "ﾖ-ｺ", RULES_MATERIAL, 0);
	rule("zengin:holder", "キャノン", "ｷﾔﾉﾝ", RULES_MATERIAL, 0);
	rule("zengin:holder", "ガクブチ", "ｶﾞｸﾌﾞﾁ", RULES_INFORMATIONAL, 0);
	is_bytes(ENCODING_ZENGIN, "ｶﾞｸﾌﾞﾁ", "\xB6\xDE\xB8\xCC\xDE\xC1");
	is_bytes(ENCODING_ZENGIN, "ｶﾞ", "\xB6\xDE");
	rule("cut-bytes:4", "ｶﾞｸﾌﾞﾁ", "ｶﾞｸ", RULES_MATERIAL, 0);
	rule("kanji:0208:first", "髙﨑", "高崎", RULES_MATERIAL, 0);
}

static void codes(void **state)
{
	struct yucho y;

	(void)state;
	assert_false(number_is_municipality(TEXT("131040")));
	assert_true(number_is_municipality(TEXT("131041")));
	assert_false(number_is_corporate(TEXT("8000012050002")));
	assert_true(number_is_corporate(TEXT("7000012050002")));
	assert_true(yucho_parse(TEXT("17300-19927651"), &y));
	assert_string_equal(y.branch, "738");
	assert_string_equal(y.account, "1992765");
}

static void dates(void **state)
{
	(void)state;
	rule("date:iso", "3640108", NULL, 0, 1);
	rule("date:iso", "3640107", "1989-01-07", RULES_INFORMATIONAL, 0);
	rule("date:iso", "5080615", "2026-06-15", RULES_INFORMATIONAL, 0);
	rule("date:era7", "2026-06-15", "5080615", RULES_INFORMATIONAL, 0);
}

static void wave_dash(void **state)
{
	struct buf out = {0};
	size_t at;

	(void)state;
	is_bytes(ENCODING_CP932, "〜", "\x81\x60");
	is_bytes(ENCODING_CP932, "～", "\x81\x60");
	assert_true(
	    encoding_decode(ENCODING_CP932, BYTES("\x81\x60", 2), &out, &at));
	assert_true(text_is(buf_text(&out), "～"));
	buf_fini(&out);
}

static bool one_address(const char *a, const char *b)
{
	struct buf x = {0};
	struct buf y = {0};
	bool same;

	fold_address(text_z(a), &x);
	fold_address(text_z(b), &y);
	same = bytes_eq(buf_bytes(&x), buf_bytes(&y));
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static void addresses(void **state)
{
	(void)state;
	assert_false(one_address("大町", "大"));
	assert_false(one_address("西新宿町2-8-1", "西新宿2-8-1"));
	assert_true(one_address("西新宿２丁目８－１", "西新宿二丁目8番1号"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(codes),
	    cmocka_unit_test(dates),
	    cmocka_unit_test(wave_dash),
	    cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
