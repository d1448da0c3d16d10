/* Tests of text/fold.h. */
#include "text/fold.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef void fold_fn(struct text in, struct buf *out);

static bool same(fold_fn *fold, const char *a, const char *b)
{
	struct buf x = {0};
	struct buf y = {0};
	bool equal;

	fold(text_z(a), &x);
	fold(text_z(b), &y);
	equal = bytes_eq(buf_bytes(&x), buf_bytes(&y));
	buf_fini(&x);
	buf_fini(&y);
	return equal;
}

static void keeps_different_kana_names_apart(void **state)
{
	(void)state;
	assert_false(same(fold_kana, "トヨダ", "トヨタ"));
	assert_false(same(fold_kana, "サトウ", "カトウ"));
	assert_false(same(fold_kana, "ハヤシ", "バヤシ"));
	assert_false(same(fold_kana, "アンドウ", "アドウ"));
	assert_false(same(fold_kana_close, "オオノ", "オノ"));
	assert_false(same(fold_kana_close, "サトウ", "サト"));
}

static void joins_spellings_of_one_kana_name(void **state)
{
	(void)state;
	assert_true(same(fold_kana, "ガクブチ", "ｶﾞｸﾌﾞﾁ"));
	assert_true(same(fold_kana, "キャノン", "ｷﾔﾉﾝ"));
	assert_true(same(fold_kana, "きゃのん", "キャノン"));
	assert_true(same(fold_kana, "ヨーコ", "ﾖ-ｺ"));
	assert_true(same(fold_kana, "サトー", "サトウ"));
	assert_true(same(fold_kana, "ケイコ", "ケーコ"));
	assert_true(same(fold_kana, "オオノ", "オーノ"));
	assert_true(same(fold_kana, "ミヲ", "ミオ"));
	assert_true(same(fold_kana, "チヱ", "チエ"));
	assert_true(same(fold_kana, "ヴィオラ", "ビオラ"));
	assert_true(same(fold_kana, "ｳﾞｨｵﾗ", "ヴイオラ"));
	assert_true(same(fold_kana, "ミヅホ", "ミズホ"));
	assert_true(same(fold_kana, "ヤマダ　タロウ", "ﾔﾏﾀﾞﾀﾛｳ"));
	assert_true(same(fold_kana, "ジョン・スミス", "ｼﾞﾖﾝ.ｽﾐｽ"));
	assert_true(same(fold_kana, "smith John", "ＳＭＩＴＨ　ＪＯＨＮ"));
	assert_true(same(fold_kana_close, "ヨーコ", "ヨコ"));
}

static void corporate_words_at_either_end_go(void **state)
{
	const char *plain = "シンジュクショウジ";

	(void)state;
	assert_true(
	    same(fold_kana, "カブシキガイシャ シンジュクショウジ", plain));
	assert_true(same(fold_kana, "ｼﾝｼﾞｭｸｼｮｳｼﾞｶﾌﾞｼｷｶﾞｲｼｬ", plain));
	assert_true(same(fold_kana, "カ）シンジユクシヨウジ", plain));
	assert_true(same(fold_kana, "ｶ)ｼﾝｼﾞﾕｸｼﾖｳｼﾞ", plain));
	assert_true(same(fold_kana, "ｼﾝｼﾞﾕｸｼﾖｳｼﾞ(ｶ", plain));
	assert_true(same(fold_kana, "ｼﾝｼﾞﾕｸｼﾖｳｼﾞ(ｶ)", plain));
	assert_true(same(fold_kana, "ｶ)ｼﾝｼﾞﾕｸｼﾖｳｼﾞ(ｼﾕﾂ", plain));
	assert_true(same(fold_kana, "ｼﾝｼﾞﾕｸｼﾖｳｼﾞ(ｶ)(ｴｲ", plain));
	assert_false(same(fold_kana, "ｶ)", ""));
	assert_false(same(fold_kana, "カトウ", "トウ"));
}

static void keeps_different_kanji_names_apart(void **state)
{
	(void)state;
	assert_false(same(fold_kanji, "大野", "小野"));
	assert_false(same(fold_kanji, "伊藤", "伊東"));
	assert_false(same(fold_kanji, "阪本", "坂本"));
	assert_false(same(fold_kanji, "畠山", "畑山"));
}

static void joins_variants_of_one_kanji_name(void **state)
{
	(void)state;
	assert_true(same(fold_kanji, "髙﨑", "高崎"));
	assert_true(same(fold_kanji, "渡邊　太郎", "渡辺太郎"));
	assert_true(same(fold_kanji, "渡邉", "渡邊"));
	assert_true(same(fold_kanji, "齋藤", "斎藤"));
	assert_true(same(fold_kanji, "𠮷田", "吉田"));
	assert_true(same(fold_kanji, "佐々木", "佐佐木"));
	assert_true(same(fold_kanji, "澤\U000E0100田", "沢田"));
	assert_true(same(fold_kanji, "株式会社新宿商事", "㈱新宿商事"));
	assert_true(same(fold_kanji, "新宿商事（株）", "株式会社新宿商事"));
}

static void keeps_different_addresses_apart(void **state)
{
	(void)state;
	assert_false(same(fold_address, "○○町", "○○"));
	assert_false(same(fold_address, "〇〇町", "〇〇"));
	assert_false(same(fold_address, "三番町5", "三5"));
	assert_false(same(fold_address, "西新宿2-8-1", "西新宿2-81"));
	assert_false(same(fold_address, "西新宿2-8-1", "西新宿2-8-10"));
	assert_false(same(fold_address, "十字町1", "町1"));
	assert_false(same(fold_address, "センター1", "センタ-1"));
}

static void joins_spellings_of_one_address(void **state)
{
	const char *plain = "西新宿2-8-1";

	(void)state;
	assert_true(same(fold_address, "西新宿２丁目８－１", plain));
	assert_true(same(fold_address, "西新宿二丁目8番1号", plain));
	assert_true(same(fold_address, "西新宿二丁目八番一号", plain));
	assert_true(same(fold_address, "西新宿２丁目８番地の１", plain));
	assert_true(same(fold_address, "西新宿2ー8ー1", plain));
	assert_true(same(fold_address, "西新宿 2‐8−1", plain));
	assert_true(same(fold_address, "西新宿2の8の1", plain));
	assert_true(same(fold_address, "市ヶ谷1-2", "市ケ谷１丁目２"));
	assert_true(same(fold_address, "霞が関3-1", "霞ヶ関3-1"));
	assert_true(same(fold_address, "北町大字東字南12番地", "北町東字南12"));
	assert_true(same(fold_address, "西新宿2-8-1新宿ビル101号室",
	    "西新宿二丁目８番１号　新宿ビル１０１"));
	assert_true(same(fold_address, "北十二丁目3", "北12-3"));
	assert_true(same(fold_address, "三番町５番地の２", "三番町5-2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_different_kana_names_apart),
	    cmocka_unit_test(joins_spellings_of_one_kana_name),
	    cmocka_unit_test(corporate_words_at_either_end_go),
	    cmocka_unit_test(keeps_different_kanji_names_apart),
	    cmocka_unit_test(joins_variants_of_one_kanji_name),
	    cmocka_unit_test(keeps_different_addresses_apart),
	    cmocka_unit_test(joins_spellings_of_one_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
