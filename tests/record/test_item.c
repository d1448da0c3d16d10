/* Tests of record/item.h. */
#include "record/item.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* 資料６１－３, 送信情報, in published order. */
static const char *const sent[] = {"属性(人格)", "依頼コード", "根拠法令",
    "生(設立)年月日", "カナ氏名", "住所", "住所コード", "性別", "カナ住所",
    "英字名", "漢字氏名", "郵便番号", "調査基準日", "システム連携情報",
    "支店番号", "管理番号", "顧客番号", "登録者", "口座種別", "更新日",
    "口座番号", "行政機関任意項目", "照会対象期間"};

/* 資料６１－３, 回答情報, in published order. */
static const char *const answered[] = {"属性(人格)", "管理番号", "最終取引日",
    "カナ氏名", "保証人有無", "残高", "漢字氏名", "給与振込有無",
    "口座取引明細表", "郵便番号", "年金振込有無", "科目コード", "住所",
    "担保有無・明細", "科目名", "住所コード", "貸金庫・保護預有無", "満期日",
    "住所（カナ）", "出資金口数", "ステータスコード", "生(設立)年月日",
    "出資金合計金額", "ステータス", "連絡先(電話番号)", "照会依頼者",
    "回答区分", "勤務先", "行政機関情報", "システム連携情報", "勤務先の連絡先",
    "行政機関管理番号", "金融機関名", "行政機関任意項目１",
    "行政機関任意項目２", "金融機関コード", "店名", "依頼番号", "店番",
    "回答基準日", "取引有無", "調査基準日", "顧客番号", "取引調査期間",
    "口座番号", "金融機関任意情報", "口座種別",
    "その他取引(貸出金/その他取引科目)"};

static void refuses_unknown_names(void **state)
{
	(void)state;
	assert_int_equal(item_request_named(TEXT("")), -1);
	assert_int_equal(item_request_named(TEXT("カナ")), -1);
	assert_int_equal(item_request_named(TEXT("カナ氏名 ")), -1);
	assert_int_equal(item_request_named(TEXT("残高")), -1);
	assert_int_equal(item_answer_named(TEXT("依頼コード")), -1);
	assert_int_equal(item_answer_named(TEXT("行政機関任意項目")), -1);
	assert_false(item_name_eq(TEXT("(\xEF\xBC"), "(\xEF"));
}

static void names_are_those_of_the_seed(void **state)
{
	(void)state;
	assert_int_equal(sizeof(sent) / sizeof(*sent), 23);
	assert_int_equal(sizeof(answered) / sizeof(*answered), 48);
	for (int i = 0; i < REQUEST_COUNT; i++) {
		assert_string_equal(item_request[i].name, sent[i]);
		assert_int_equal(item_request_named(text_z(sent[i])), i);
	}
	for (int i = 0; i < ANSWER_COUNT; i++) {
		assert_string_equal(item_answer[i].name, answered[i]);
		assert_int_equal(item_answer_named(text_z(answered[i])), i);
	}
}

/* DOMAIN §1.5: 13 items go both ways under one name. */
static void thirteen_items_go_both_ways(void **state)
{
	int both = 0;

	(void)state;
	for (int i = 0; i < REQUEST_COUNT; i++)
		both += item_answer_named(text_z(item_request[i].name)) >= 0;
	assert_int_equal(both, 13);
}

static void parentheses_and_digits_have_either_width(void **state)
{
	(void)state;
	assert_int_equal(
	    item_request_named(TEXT("属性（人格）")), REQUEST_PERSON);
	assert_int_equal(
	    item_answer_named(TEXT("住所(カナ)")), ANSWER_ADDRESS_KANA);
	assert_int_equal(
	    item_answer_named(TEXT("行政機関任意項目1")), ANSWER_FREE1);
	assert_true(item_name_eq(TEXT("旧住所３"), "旧住所3"));
	assert_false(item_name_eq(TEXT("旧住所３"), "旧住所2"));
	assert_false(item_name_eq(TEXT("属性[人格]"), "属性(人格)"));
}

static void scopes_widen(void **state)
{
	(void)state;
	for (int i = 0; i < ANSWER_COUNT; i++) {
		enum answer_item item = (enum answer_item)i;

		assert_true(item_in_scope(item, CODES_SCOPE_DETAIL));
		if (item_in_scope(item, CODES_SCOPE_EXISTENCE))
			assert_true(item_in_scope(item, CODES_SCOPE_BALANCE));
	}
	assert_false(item_in_scope(ANSWER_BALANCE, CODES_SCOPE_EXISTENCE));
	assert_false(item_in_scope(ANSWER_STATEMENT, CODES_SCOPE_BALANCE));
	assert_true(item_in_scope(ANSWER_BRANCH, CODES_SCOPE_EXISTENCE));
	assert_true(item_in_scope(ANSWER_BALANCE, CODES_SCOPE_BALANCE));
}

static void types_have_names(void **state)
{
	(void)state;
	assert_string_equal(item_type_name(ITEM_TEXT), "text");
	assert_string_equal(item_type_name(ITEM_COUNT), "count");
	assert_int_equal(item_answer[ANSWER_BALANCE].type, ITEM_AMOUNT);
	assert_int_equal(item_request[REQUEST_PERIOD].max, 21);
	assert_false(item_request[REQUEST_BASIS].personal);
	assert_true(item_request[REQUEST_KANA].personal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_unknown_names),
	    cmocka_unit_test(names_are_those_of_the_seed),
	    cmocka_unit_test(thirteen_items_go_both_ways),
	    cmocka_unit_test(parentheses_and_digits_have_either_width),
	    cmocka_unit_test(scopes_widen),
	    cmocka_unit_test(types_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
