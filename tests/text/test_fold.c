/* Tests of text/fold.h and text/corp.h. */
#include "text/corp.h"
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

/* Each word there is, and what it is written short as: none is lost to the
 * search. */
static void finds_each_corporate_word(void **state)
{
	static const struct {
		const char *(*find)(struct text t, size_t *i);
		const char *word;
		const char *abbrev;
	} words[] = {
	    {corp_word, "(医)", "イ"},
	    {corp_word, "(同)", "ド"},
	    {corp_word, "(名)", "メ"},
	    {corp_word, "(学)", "ガク"},
	    {corp_word, "(宗)", "シユウ"},
	    {corp_word, "(有)", "ユ"},
	    {corp_word, "(株)", "カ"},
	    {corp_word, "(社)", "シヤ"},
	    {corp_word, "(福)", "フク"},
	    {corp_word, "(財)", "ザイ"},
	    {corp_word, "(資)", "シ"},
	    {corp_word, "NPO法人", "トクヒ"},
	    {corp_word, "イツパンザイダンホウジン", "ザイ"},
	    {corp_word, "イツパンシヤダンホウジン", "シヤ"},
	    {corp_word, "イリヨウホウジン", "イ"},
	    {corp_word, "イリヨウホウジンザイダン", "イ"},
	    {corp_word, "イリヨウホウジンシヤダン", "イ"},
	    {corp_word, "カブシキカイシヤ", "カ"},
	    {corp_word, "カブシキガイシヤ", "カ"},
	    {corp_word, "カンリクミアイホウジン", "カンリ"},
	    {corp_word, "ガツコウホウジン", "ガク"},
	    {corp_word, "ギヨウセイシヨシホウジン", "ギヨ"},
	    {corp_word, "コウエキザイダンホウジン", "ザイ"},
	    {corp_word, "コウエキシヤダンホウジン", "シヤ"},
	    {corp_word, "コウセイホゴホウジン", "ホゴ"},
	    {corp_word, "コウリツダイガクホウジン", "ダイ"},
	    {corp_word, "コクリツダイガクホウジン", "ダイ"},
	    {corp_word, "ゴウシカイシヤ", "シ"},
	    {corp_word, "ゴウシガイシヤ", "シ"},
	    {corp_word, "ゴウドウカイシヤ", "ド"},
	    {corp_word, "ゴウドウガイシヤ", "ド"},
	    {corp_word, "ゴウメイカイシヤ", "メ"},
	    {corp_word, "ゴウメイガイシヤ", "メ"},
	    {corp_word, "ザイダンホウジン", "ザイ"},
	    {corp_word, "シホウシヨシホウジン", "シホウ"},
	    {corp_word, "シヤカイイリヨウホウジン", "イ"},
	    {corp_word, "シヤカイフクシホウジン", "フク"},
	    {corp_word, "シヤカイホケンロウムシホウジン", "ロウム"},
	    {corp_word, "シヤダンホウジン", "シヤ"},
	    {corp_word, "シユウキヨウホウジン", "シユウ"},
	    {corp_word, "ゼイリシホウジン", "ゼイ"},
	    {corp_word, "ソウゴガイシヤ", "ソ"},
	    {corp_word, "チホウドクリツギヨウセイホウジン", "チドク"},
	    {corp_word, "チユウカンホウジン", "チユウ"},
	    {corp_word, "トクテイヒエイリカツドウホウジン", "トクヒ"},
	    {corp_word, "ドクリツギヨウセイホウジン", "ドク"},
	    {corp_word, "ノウジクミアイホウジン", "ノウ"},
	    {corp_word, "ベンゴシホウジン", "ベン"},
	    {corp_word, "ユウゲンカイシヤ", "ユ"},
	    {corp_word, "ユウゲンガイシヤ", "ユ"},
	    {corp_word, "㈱", "カ"},
	    {corp_word, "㈲", "ユ"},
	    {corp_word, "㈳", "シヤ"},
	    {corp_word, "㈴", "メ"},
	    {corp_word, "㈶", "ザイ"},
	    {corp_word, "㈻", "ガク"},
	    {corp_word, "㈾", "シ"},
	    {corp_word, "一般社団法人", "シヤ"},
	    {corp_word, "一般財団法人", "ザイ"},
	    {corp_word, "中間法人", "チユウ"},
	    {corp_word, "公益社団法人", "シヤ"},
	    {corp_word, "公益財団法人", "ザイ"},
	    {corp_word, "公立大学法人", "ダイ"},
	    {corp_word, "医療法人", "イ"},
	    {corp_word, "医療法人社団", "イ"},
	    {corp_word, "医療法人財団", "イ"},
	    {corp_word, "司法書士法人", "シホウ"},
	    {corp_word, "合同会社", "ド"},
	    {corp_word, "合名会社", "メ"},
	    {corp_word, "合資会社", "シ"},
	    {corp_word, "国立大学法人", "ダイ"},
	    {corp_word, "地方独立行政法人", "チドク"},
	    {corp_word, "学校法人", "ガク"},
	    {corp_word, "宗教法人", "シユウ"},
	    {corp_word, "弁護士法人", "ベン"},
	    {corp_word, "更生保護法人", "ホゴ"},
	    {corp_word, "有限会社", "ユ"},
	    {corp_word, "株式会社", "カ"},
	    {corp_word, "特定非営利活動法人", "トクヒ"},
	    {corp_word, "独立行政法人", "ドク"},
	    {corp_word, "相互会社", "ソ"},
	    {corp_word, "社会保険労務士法人", "ロウム"},
	    {corp_word, "社会医療法人", "イ"},
	    {corp_word, "社会福祉法人", "フク"},
	    {corp_word, "社団法人", "シヤ"},
	    {corp_word, "税理士法人", "ゼイ"},
	    {corp_word, "管理組合法人", "カンリ"},
	    {corp_word, "行政書士法人", "ギヨ"},
	    {corp_word, "財団法人", "ザイ"},
	    {corp_word, "農事組合法人", "ノウ"},
	    {corp_office, "エイギヨウシヨ", "エイ"},
	    {corp_office, "エイギヨウジヨ", "エイ"},
	    {corp_office, "シユツチヨウシヨ", "シユツ"},
	    {corp_office, "シユツチヨウジヨ", "シユツ"},
	    {corp_office, "出張所", "シユツ"},
	    {corp_office, "営業所", "エイ"},
	    {corp_business, "カイジヨウカサイホケン", "カイジヨウ"},
	    {corp_business, "カサイカイジヨウホケン", "カサイ"},
	    {corp_business, "キヨウサイクミアイ", "キヨウサイ"},
	    {corp_business,
		"キヨウサイノウギヨウキヨウドウクミアイレンゴウカイ",
		"キヨウサイレン"},
	    {corp_business, "キヨウドウクミアイ", "キヨウクミ"},
	    {corp_business, "ギヨギヨウキヨウドウクミアイレンゴウカイ",
		"ギヨレン"},
	    {corp_business, "ケンコウホケンクミアイ", "ケンポ"},
	    {corp_business, "コウセイネンキンキキン", "コウネン"},
	    {corp_business, "コクミンケンコウホケンクミアイ", "コクホ"},
	    {corp_business, "コクミンケンコウホケンダンタイレンゴウカイ",
		"コクホレン"},
	    {corp_business, "シヤカイフクシキヨウギカイ", "シヤキヨウ"},
	    {corp_business, "シヤカイホケンシンリヨウホウシユウシハライキキン",
		"シヤホ"},
	    {corp_business, "シヨクリヨウハンバイキヨウドウクミアイ",
		"シヨクハンキヨウ"},
	    {corp_business, "セイカツキヨウドウクミアイ", "セイキヨウ"},
	    {corp_business, "セイメイホケン", "セイメイ"},
	    {corp_business, "ノウギヨウキヨウドウクミアイレンゴウカイ",
		"ノウキヨウレン"},
	    {corp_business, "レンゴウカイ", "レン"},
	    {corp_business, "ロウドウクミアイ", "ロウクミ"},
	    {corp_business, "健康保険組合", "ケンポ"},
	    {corp_business, "共済組合", "キヨウサイ"},
	    {corp_business, "共済農業協同組合連合会", "キヨウサイレン"},
	    {corp_business, "労働組合", "ロウクミ"},
	    {corp_business, "協同組合", "キヨウクミ"},
	    {corp_business, "厚生年金基金", "コウネン"},
	    {corp_business, "国民健康保険団体連合会", "コクホレン"},
	    {corp_business, "国民健康保険組合", "コクホ"},
	    {corp_business, "海上火災保険", "カイジヨウ"},
	    {corp_business, "漁業協同組合連合会", "ギヨレン"},
	    {corp_business, "火災海上保険", "カサイ"},
	    {corp_business, "生命保険", "セイメイ"},
	    {corp_business, "生活協同組合", "セイキヨウ"},
	    {corp_business, "社会保険診療報酬支払基金", "シヤホ"},
	    {corp_business, "社会福祉協議会", "シヤキヨウ"},
	    {corp_business, "農業協同組合連合会", "ノウキヨウレン"},
	    {corp_business, "連合会", "レン"},
	    {corp_business, "食糧販売協同組合", "シヨクハンキヨウ"},
	};

	(void)state;
	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++) {
		struct text t = text_z(words[k].word);
		size_t i = 0;
		const char *abbrev = words[k].find(t, &i);

		assert_non_null(abbrev);
		assert_string_equal(abbrev, words[k].abbrev);
		assert_int_equal(i, t.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_different_kana_names_apart),
	    cmocka_unit_test(joins_spellings_of_one_kana_name),
	    cmocka_unit_test(corporate_words_at_either_end_go),
	    cmocka_unit_test(finds_each_corporate_word),
	    cmocka_unit_test(keeps_different_kanji_names_apart),
	    cmocka_unit_test(joins_variants_of_one_kanji_name),
	    cmocka_unit_test(keeps_different_addresses_apart),
	    cmocka_unit_test(joins_spellings_of_one_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
