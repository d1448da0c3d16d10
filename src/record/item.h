/*
 * item.h — the one table of the 23 request and 48 answer items.
 *
 * Source of names and order: 資料６１－３ of the seed document (DOMAIN §1.4,
 * §1.5). Forms and lengths are ours (docs/interface.md §8, §9): the real
 * systems' are not public. The database's columns, the CSV headers, the
 * layouts' item names and the documents come from this table; tests compare.
 */
#ifndef SHOKAI_RECORD_ITEM_H
#define SHOKAI_RECORD_ITEM_H

#include "base/bytes.h"
#include "codes/codes.h"

enum item_type {
	ITEM_TEXT,   /* any text */
	ITEM_KANA,   /* kana name or address */
	ITEM_CODE,   /* digits or letters, text, never an integer (T4) */
	ITEM_DATE,   /* YYYY-MM-DD, unknown parts 00 */
	ITEM_PERIOD, /* YYYY-MM-DD/YYYY-MM-DD */
	ITEM_FLAG,   /* 1, 0, or empty: not told */
	ITEM_AMOUNT, /* whole yen, may be negative */
	ITEM_COUNT,  /* how many rows stand below */
};

enum item_source { ITEM_OF_WARD, ITEM_OF_WAVE, ITEM_OF_SYSTEM, ITEM_OF_BANK };

/* Request items, in published order. X(id, name, type, max, source, personal)
 */
#define REQUEST_ITEMS(X)                                                       \
	X(PERSON, "属性(人格)", CODE, 1, WARD, true)                           \
	X(ORDER_CODE, "依頼コード", CODE, 12, SYSTEM, false)                   \
	X(BASIS, "根拠法令", CODE, 60, WAVE, false)                            \
	X(BIRTH, "生(設立)年月日", DATE, 10, WARD, true)                       \
	X(KANA, "カナ氏名", KANA, 100, WARD, true)                             \
	X(ADDRESS, "住所", TEXT, 200, WARD, true)                              \
	X(ADDRESS_CODE, "住所コード", CODE, 13, WARD, true)                    \
	X(SEX, "性別", CODE, 1, WARD, true)                                    \
	X(ADDRESS_KANA, "カナ住所", KANA, 200, WARD, true)                     \
	X(ROMAN, "英字名", TEXT, 100, WARD, true)                              \
	X(KANJI, "漢字氏名", TEXT, 100, WARD, true)                            \
	X(POSTAL, "郵便番号", CODE, 7, WARD, true)                             \
	X(BASE_DATE, "調査基準日", DATE, 10, WAVE, false)                      \
	X(LINK, "システム連携情報", TEXT, 64, SYSTEM, false)                   \
	X(BRANCH, "支店番号", CODE, 3, WARD, true)                             \
	X(INQUIRY, "管理番号", CODE, 16, SYSTEM, false)                        \
	X(CUSTOMER, "顧客番号", CODE, 20, WARD, true)                          \
	X(REGISTRANT, "登録者", TEXT, 60, WAVE, false)                         \
	X(ACCOUNT_KIND, "口座種別", CODE, 1, WARD, true)                       \
	X(UPDATED, "更新日", DATE, 10, SYSTEM, false)                          \
	X(ACCOUNT, "口座番号", CODE, 8, WARD, true)                            \
	X(FREE, "行政機関任意項目", TEXT, 50, WARD, true)                      \
	X(PERIOD, "照会対象期間", PERIOD, 21, WAVE, false)

/* Answer items, in published order. */
#define ANSWER_ITEMS(X)                                                        \
	X(PERSON, "属性(人格)", CODE, 1, BANK, true)                           \
	X(INQUIRY, "管理番号", CODE, 16, SYSTEM, false)                        \
	X(LAST_DEALING, "最終取引日", DATE, 10, BANK, true)                    \
	X(KANA, "カナ氏名", KANA, 100, BANK, true)                             \
	X(GUARANTOR, "保証人有無", FLAG, 1, BANK, true)                        \
	X(BALANCE, "残高", AMOUNT, 15, BANK, true)                             \
	X(KANJI, "漢字氏名", TEXT, 100, BANK, true)                            \
	X(SALARY, "給与振込有無", FLAG, 1, BANK, true)                         \
	X(STATEMENT, "口座取引明細表", COUNT, 9, BANK, true)                   \
	X(POSTAL, "郵便番号", CODE, 7, BANK, true)                             \
	X(PENSION, "年金振込有無", FLAG, 1, BANK, true)                        \
	X(SUBJECT_CODE, "科目コード", CODE, 4, BANK, true)                     \
	X(ADDRESS, "住所", TEXT, 200, BANK, true)                              \
	X(COLLATERAL, "担保有無・明細", COUNT, 9, BANK, true)                  \
	X(SUBJECT_NAME, "科目名", TEXT, 40, BANK, true)                        \
	X(ADDRESS_CODE, "住所コード", CODE, 13, BANK, true)                    \
	X(SAFE_DEPOSIT, "貸金庫・保護預有無", FLAG, 1, BANK, true)             \
	X(MATURITY, "満期日", DATE, 10, BANK, true)                            \
	X(ADDRESS_KANA, "住所（カナ）", KANA, 200, BANK, true)                 \
	X(SHARE_COUNT, "出資金口数", AMOUNT, 15, BANK, true)                   \
	X(STATUS_CODE, "ステータスコード", CODE, 4, BANK, false)               \
	X(BIRTH, "生(設立)年月日", DATE, 10, BANK, true)                       \
	X(SHARE_AMOUNT, "出資金合計金額", AMOUNT, 15, BANK, true)              \
	X(STATUS, "ステータス", TEXT, 40, BANK, false)                         \
	X(PHONE, "連絡先(電話番号)", TEXT, 20, BANK, true)                     \
	X(REQUESTER, "照会依頼者", TEXT, 60, WAVE, false)                      \
	X(ANSWER_KIND, "回答区分", CODE, 10, BANK, false)                      \
	X(EMPLOYER, "勤務先", TEXT, 100, BANK, true)                           \
	X(AUTHORITY, "行政機関情報", TEXT, 60, SYSTEM, false)                  \
	X(LINK, "システム連携情報", TEXT, 64, SYSTEM, false)                   \
	X(EMPLOYER_PHONE, "勤務先の連絡先", TEXT, 20, BANK, true)              \
	X(AUTHORITY_NUMBER, "行政機関管理番号", CODE, 16, SYSTEM, false)       \
	X(BANK_NAME, "金融機関名", TEXT, 60, BANK, false)                      \
	X(FREE1, "行政機関任意項目１", TEXT, 50, WARD, true)                   \
	X(FREE2, "行政機関任意項目２", TEXT, 50, WARD, true)                   \
	X(BANK_CODE, "金融機関コード", CODE, 4, BANK, false)                   \
	X(BRANCH_NAME, "店名", TEXT, 60, BANK, true)                           \
	X(ORDER_NUMBER, "依頼番号", CODE, 16, SYSTEM, false)                   \
	X(BRANCH, "店番", CODE, 3, BANK, true)                                 \
	X(AS_OF, "回答基準日", DATE, 10, BANK, false)                          \
	X(DEALINGS, "取引有無", FLAG, 1, BANK, true)                           \
	X(BASE_DATE, "調査基準日", DATE, 10, WAVE, false)                      \
	X(CUSTOMER, "顧客番号", CODE, 20, BANK, true)                          \
	X(PERIOD, "取引調査期間", PERIOD, 21, WAVE, false)                     \
	X(ACCOUNT, "口座番号", CODE, 7, BANK, true)                            \
	X(BANK_FREE, "金融機関任意情報", TEXT, 200, BANK, true)                \
	X(ACCOUNT_KIND, "口座種別", CODE, 1, BANK, true)                       \
	X(OTHERS, "その他取引(貸出金/その他取引科目)", COUNT, 9, BANK, true)

#define REQUEST_ID_(id, name, type, max, source, personal) REQUEST_##id,
#define ANSWER_ID_(id, name, type, max, source, personal) ANSWER_##id,
enum request_item { REQUEST_ITEMS(REQUEST_ID_) REQUEST_COUNT };
enum answer_item { ANSWER_ITEMS(ANSWER_ID_) ANSWER_COUNT };
_Static_assert(REQUEST_COUNT == 23, "資料６１－３: 23 request items");
_Static_assert(ANSWER_COUNT == 48, "資料６１－３: 48 answer items");

struct item {
	const char *name; /* Japanese, exactly as published */
	enum item_type type;
	size_t max; /* characters */
	enum item_source source;
	bool personal;
};

extern const struct item item_request[REQUEST_COUNT];
extern const struct item item_answer[ANSWER_COUNT];

/* The same column name? Parentheses and digits count in either width. */
bool item_name_eq(struct text given, const char *name);

/* Index by name (parentheses and digits of either width), or -1. */
int item_request_named(struct text name);
int item_answer_named(struct text name);

/*
 * May an answer within this scope hold the item? Identity of the holder, echo
 * keys, status and where the account is: always. Number, kind, balance and
 * the yes-or-no items: balance. All others: detail. The division is ours.
 */
bool item_in_scope(enum answer_item item, enum codes_scope scope);

/* "text" "kana" "code" … */
const char *item_type_name(enum item_type type);

#endif
