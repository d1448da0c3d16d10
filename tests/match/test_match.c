/* Tests of match/match.h. The persons are made up. */
#include "match/match.h"
#include "match/match_form.h"

#include "record/item.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct match_use with_address = {.address = true, .sex = true};
static const struct match_use without_address = {.address = false};

/* A fictional person of whom the tests change one thing at a time. */
static struct match_person someone(void)
{
	return (struct match_person){
	    .person = TEXT("1"),
	    .kana = TEXT("ヤマダ タロウ"),
	    .kanji = TEXT("山田 太郎"),
	    .birth = TEXT("1980-05-12"),
	    .sex = TEXT("1"),
	    .address = TEXT("東京都架空区西町2丁目8番1号"),
	};
}

static struct match_person company(void)
{
	return (struct match_person){
	    .person = TEXT("2"),
	    .kana = TEXT("カブシキガイシャ カクウショウジ"),
	    .kanji = TEXT("株式会社架空商事"),
	    .birth = TEXT("1999-04-01"),
	    .sex = TEXT("9"),
	    .address = TEXT("東京都架空区西町2-8-1"),
	};
}

static struct match_result graded(const struct match_person *s,
    const struct match_person *c, const struct match_use *use)
{
	struct arena a = {0};
	struct match_result r;

	match_grade(&a, s, c, use, &r);
	arena_fini(&a);
	assert_true(r.score >= 0 && r.score <= 1000);
	switch (r.grade) {
	case MATCH_NONE:
		assert_true(r.score < 400);
		break;
	case MATCH_REVIEW:
		assert_true(r.score >= 400 && r.score < 700);
		break;
	case MATCH_CERTAIN:
		assert_true(r.score >= 700);
		break;
	}
	return r;
}

#define GRADE(s, c, use, want)                                                 \
	assert_int_equal(graded(&(s), &(c), &(use)).grade, want)

/* Does the customer's index hold a key that the subject asks for? */
static bool found(const struct match_person *s, const struct match_person *c)
{
	struct arena a = {0};
	struct text asked[MATCH_KEYS];
	struct text kept[MATCH_KEYS];
	size_t n = match_keys(&a, s, true, asked);
	size_t m = match_keys(&a, c, false, kept);
	bool yes = false;

	assert_true(n <= MATCH_KEYS && m <= MATCH_KEYS);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			yes = yes || text_eq(asked[i], kept[k]);
	arena_fini(&a);
	return yes;
}

static void refuses_another_kind_of_person(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	c.person = TEXT("2");
	GRADE(s, c, with_address, MATCH_NONE);
	GRADE(s, c, without_address, MATCH_NONE);
}

static void refuses_another_name_or_birth(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	c.kana = TEXT("ヤマダ ジロウ"); /* a twin */
	c.kanji = TEXT("山田 次郎");
	GRADE(s, c, with_address, MATCH_NONE);
	c = someone();
	c.birth = TEXT("1950-11-30"); /* the father, of the same name */
	GRADE(s, c, with_address, MATCH_NONE);
	c = someone();
	c.kana = TEXT("ヤマタ タロウ"); /* voicing stays */
	GRADE(s, c, with_address, MATCH_NONE);
	c.birth = TEXT("1981-00-00");
	GRADE(s, c, with_address, MATCH_NONE);
}

static void same_in_all_is_certain(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();
	struct match_result r;

	(void)state;
	r = graded(&s, &c, &with_address);
	assert_int_equal(r.grade, MATCH_CERTAIN);
	assert_int_equal(r.score, 1000);
	assert_int_equal(r.reasons, MATCH_REASONS);
	GRADE(s, c, without_address, MATCH_CERTAIN);
}

static void spellings_of_a_bank_are_certain(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();
	struct match_result r;

	(void)state;
	c.kana = TEXT("ﾔﾏﾀﾞ ﾀﾛｳ");
	c.kanji = TEXT("");
	c.address = TEXT("架空区西町２－８－１　メゾン１０１");
	r = graded(&s, &c, &with_address);
	assert_int_equal(r.grade, MATCH_CERTAIN);
	assert_int_equal(r.reason[0].verdict, MATCH_FOLDED);
	assert_string_equal(r.reason[0].item, "カナ氏名");
	assert_string_equal(r.reason[0].rule, "fold-kana");
	assert_true(r.score < 1000);
	GRADE(s, c, without_address, MATCH_CERTAIN);
}

static void another_address_is_for_a_person_to_see(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	c.address = TEXT("大阪府架空市北町1-1");
	GRADE(s, c, with_address, MATCH_REVIEW);
	c.former_address = TEXT("架空区西町2-8-1");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	c.address = TEXT("東京都架空区西町2丁目8番10号");
	c.former_address = TEXT("");
	GRADE(s, c, with_address, MATCH_REVIEW);
	s.former_address = TEXT("東京都架空区西町2-8-10");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	GRADE(s, c, without_address, MATCH_CERTAIN);
	c.address = TEXT("");
	GRADE(s, c, with_address, MATCH_CERTAIN);
}

static void different_kanji_or_sex_is_for_a_person_to_see(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	c.kanji = TEXT("山田多朗");
	GRADE(s, c, without_address, MATCH_REVIEW);
	c.kanji = TEXT("山田〓郎");
	GRADE(s, c, without_address, MATCH_CERTAIN);
	s.kanji = TEXT("髙﨑𠮷郎");
	c.kanji = TEXT("高崎吉郎");
	GRADE(s, c, without_address, MATCH_CERTAIN);
	c = someone();
	s = someone();
	c.sex = TEXT("2");
	GRADE(s, c, with_address, MATCH_REVIEW);
	GRADE(s, c, without_address, MATCH_CERTAIN);
	c.sex = TEXT("0");
	GRADE(s, c, with_address, MATCH_CERTAIN);
}

static void lengthened_vowels_need_another_proof(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	s.kana = TEXT("オオノ タロウ");
	c.kana = TEXT("オノ タロウ");
	s.kanji = TEXT("大野太郎");
	c.kanji = TEXT("小野太郎");
	GRADE(s, c, without_address, MATCH_REVIEW);
	c.kanji = TEXT("");
	GRADE(s, c, without_address, MATCH_REVIEW);
	GRADE(s, c, with_address, MATCH_CERTAIN);
	c.kana = TEXT("ｵｰﾉ ﾀﾛｰ");
	c.kanji = TEXT("大野太郎");
	GRADE(s, c, without_address, MATCH_CERTAIN);
}

static void former_names_and_given_names_first_are_found(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	s.kanji = c.kanji = TEXT("");
	c.kana = TEXT("スズキ タロウ");
	GRADE(s, c, with_address, MATCH_NONE);
	assert_false(found(&s, &c));
	c.former_kana = TEXT("ﾔﾏﾀﾞ ﾀﾛｳ");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	assert_true(found(&s, &c));
	s.kana = TEXT("スミス ジョン ポール");
	c.kana = TEXT("ｼﾞﾖﾝﾎﾟ-ﾙ ｽﾐｽ");
	c.former_kana = TEXT("");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	assert_true(found(&s, &c));
	c.kana = TEXT("ｼﾞﾖﾝﾎﾟ-ﾙｽﾐｽ");
	assert_true(found(&s, &c));
	s.roman = TEXT("SMITH, JOHN");
	c.kana = TEXT("ＪＯＨＮ　ＳＭＩＴＨ");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	assert_true(found(&s, &c));
}

static void unknown_parts_of_birth_are_for_a_person_to_see(void **state)
{
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	c.birth = TEXT("1980-05-00");
	GRADE(s, c, without_address, MATCH_REVIEW);
	GRADE(s, c, with_address, MATCH_CERTAIN);
	assert_true(found(&s, &c));
	assert_true(found(&c, &s));
	c.address = TEXT("北町1-1");
	GRADE(s, c, with_address, MATCH_REVIEW);
	c.birth = TEXT("1980-06-00");
	GRADE(s, c, with_address, MATCH_NONE);
	c.birth = TEXT("0000-00-00");
	GRADE(s, c, with_address, MATCH_NONE);
	GRADE(s, c, without_address, MATCH_REVIEW);
	assert_true(found(&s, &c));
	c.address = s.address;
	GRADE(s, c, with_address, MATCH_CERTAIN);
	assert_true(found(&c, &s));
}

static void slips_in_a_date_are_for_a_person_to_see(void **state)
{
	static const char *const slips[] = {
	    "1980-12-05", "1980-05-13", "1981-05-12", "1990-05-12"};
	struct match_person s = someone();
	struct match_person c = someone();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		c.birth = text_z(slips[i]);
		GRADE(s, c, with_address, MATCH_REVIEW);
		GRADE(s, c, without_address, MATCH_NONE);
		assert_true(found(&s, &c));
	}
	c.birth = TEXT("1980-06-13");
	GRADE(s, c, with_address, MATCH_NONE);
	c.birth = TEXT("1980-05-13");
	c.address = TEXT("北町1-1");
	GRADE(s, c, with_address, MATCH_NONE);
}

static void corporations_need_a_date_or_an_address(void **state)
{
	struct match_person s = company();
	struct match_person c = company();

	(void)state;
	c.kana = TEXT("ｶ)ｶｸｳｼﾖｳｼﾞ");
	c.kanji = TEXT("㈱架空商事");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	GRADE(s, c, without_address, MATCH_CERTAIN);
	assert_true(found(&s, &c));
	c.birth = TEXT("0000-00-00");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	assert_true(found(&s, &c));
	GRADE(s, c, without_address, MATCH_REVIEW);
	c.birth = TEXT("2010-10-10");
	GRADE(s, c, with_address, MATCH_REVIEW);
	GRADE(s, c, without_address, MATCH_NONE);
	c.kana = TEXT("ｶｸｳｼﾖｳｼﾞ(ｶ)(ｼﾕﾂ");
	c.birth = TEXT("1999-04-01");
	GRADE(s, c, with_address, MATCH_CERTAIN);
	assert_true(found(&s, &c));
}

static void keys_are_few_short_and_different(void **state)
{
	struct match_person p = someone();
	struct arena a = {0};
	struct text k[MATCH_KEYS];
	size_t n;

	(void)state;
	n = match_keys(&a, &p, false, k);
	assert_int_equal(n, 2);
	p.kana = TEXT("スミス ジョン ポール");
	p.former_kana = TEXT("ジョーンズ ジョン");
	p.roman = TEXT("SMITH JOHN PAUL");
	p.former_address = TEXT("北町1-1");
	n = match_keys(&a, &p, true, k);
	assert_int_equal(n, MATCH_KEYS);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(k[i].n, 14);
		for (size_t j = 0; j < i; j++)
			assert_false(text_eq(k[i], k[j]));
	}
	p = (struct match_person){.birth = TEXT("1980-05-12")};
	assert_int_equal(match_keys(&a, &p, true, k), 0);
	arena_fini(&a);
}

static void addresses_agree_up_to_the_block(void **state)
{
	static const struct {
		const char *a, *b;
		enum match_form_address how;
	} cases[] = {
	    {"架空区西町2-8-1", "架空区西町2-8-1", MATCH_FORM_SAME},
	    {"東京都架空区西町2-8-1", "架空区西町２丁目８番１号",
		MATCH_FORM_SAME_FOLDED},
	    {"架空区西町2-8-1", "架空区西町2-8-1-101", MATCH_FORM_SAME_BLOCK},
	    {"架空区西町2-8-1", "西町2-8-1", MATCH_FORM_SAME_BLOCK},
	    {"架空区東西町2-8-1", "西町2-8-1", MATCH_FORM_ELSEWHERE},
	    {"架空区西町2-8-1", "架空区西町2-8-10", MATCH_FORM_ELSEWHERE},
	    {"架空区西町2-8-1", "架空区西町2-8", MATCH_FORM_ELSEWHERE},
	    {"架空区西町2-8-1", "架空区東町2-8-1", MATCH_FORM_ELSEWHERE},
	    {"架空区澤町1", "架空区沢町1番地", MATCH_FORM_SAME_FOLDED},
	    {"架空区西町", "架空区西", MATCH_FORM_ELSEWHERE},
	    {"神奈川県架空市1-2-3", "架空市1-2-3", MATCH_FORM_SAME_FOLDED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text a = text_z(cases[i].a);
		struct text b = text_z(cases[i].b);

		if (match_form_addresses(a, b) != cases[i].how ||
		    match_form_addresses(b, a) != cases[i].how)
			fail_msg("%s | %s", cases[i].a, cases[i].b);
	}
}

static void a_request_is_the_person_it_asks_for(void **state)
{
	struct request r = {0};
	struct match_person p;

	(void)state;
	r.f[REQUEST_KANA] = TEXT("ヤマダ タロウ");
	r.f[REQUEST_BIRTH] = TEXT("1980-05-12");
	r.f[REQUEST_ROMAN] = TEXT("YAMADA TARO");
	r.f[REQUEST_ADDRESS] = TEXT("西町1");
	match_of_request(&r, &p);
	assert_true(text_is(p.kana, "ヤマダ タロウ"));
	assert_true(text_is(p.birth, "1980-05-12"));
	assert_true(text_is(p.roman, "YAMADA TARO"));
	assert_true(text_is(p.address, "西町1"));
	assert_int_equal(p.former_kana.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_another_kind_of_person),
	    cmocka_unit_test(refuses_another_name_or_birth),
	    cmocka_unit_test(same_in_all_is_certain),
	    cmocka_unit_test(spellings_of_a_bank_are_certain),
	    cmocka_unit_test(another_address_is_for_a_person_to_see),
	    cmocka_unit_test(different_kanji_or_sex_is_for_a_person_to_see),
	    cmocka_unit_test(lengthened_vowels_need_another_proof),
	    cmocka_unit_test(former_names_and_given_names_first_are_found),
	    cmocka_unit_test(unknown_parts_of_birth_are_for_a_person_to_see),
	    cmocka_unit_test(slips_in_a_date_are_for_a_person_to_see),
	    cmocka_unit_test(corporations_need_a_date_or_an_address),
	    cmocka_unit_test(keys_are_few_short_and_different),
	    cmocka_unit_test(addresses_agree_up_to_the_block),
	    cmocka_unit_test(a_request_is_the_person_it_asks_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
