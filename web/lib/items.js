/*
 * items.js — names of the columns of subjects, answers and transactions
 * (docs/interface.md §8, §9) as the API gives them: keys, not words of pages.
 */
export const ATENA = "宛名番号";
export const PERSON = "属性(人格)";
export const KANA = "カナ氏名";
export const CHECKED = "フリガナ確認";
export const KANJI = "漢字氏名";
export const ROMAN = "英字名";
export const BIRTH = "生(設立)年月日";
export const POSTAL = "郵便番号";
export const ADDRESS = "住所";
export const KAMOKU = "科目";
export const ARREARS = "滞納額";
export const REMINDED = "督促年月日";
export const MEASURES = "処分状況";
export const BASIS = "根拠法令";
export const PHONE = "連絡先(電話番号)";
export const EMPLOYER = "勤務先";
export const EMPLOYER_PHONE = "勤務先の連絡先";
export const BANK_NAME = "金融機関名";
export const BRANCH_NAME = "店名";
export const BRANCH = "店番";
export const ACCOUNT_KIND = "口座種別";
export const ACCOUNT = "口座番号";
export const BALANCE = "残高";
export const LAST_DEALING = "最終取引日";
export const MATURITY = "満期日";
export const SALARY = "給与振込有無";
export const PENSION = "年金振込有無";
export const AS_OF = "回答基準日";
export const CUSTOMER = "顧客番号";
export const DAY = "取引日";
export const VALUE_DAY = "起算日";
export const OUT = "出金";
export const IN = "入金";
export const REMARK = "摘要";
export const OTHER_KIND = "種類";
export const OTHER_NAME = "名称";
export const AMOUNT = "金額";
export const UNITS = "口数";
export const DATE = "日付";

export const SEX = "性別";
/* Words between the numbers of an address: written or not, they are the
 * same place to a reader. */
export const ADDRESS_WORDS = /(丁目|番地|番|号)/g;

/* Where a person lives and has lived. */
export const ADDRESSES = [ADDRESS, "旧住所1", "旧住所2", "旧住所3"];

/* Items that subject and answer both have: what is compared. */
export const BOTH = [KANA, KANJI, BIRTH, POSTAL, ADDRESS];
/* What identifies a person, in the order in which it is read. */
export const IDENTITY = [KANA, KANJI, ROMAN, BIRTH, POSTAL, ADDRESS];
