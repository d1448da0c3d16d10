/*
 * Each axis on which institutions differ (docs/layout.md), option by option:
 * the same inquiry, asked with that option, becomes the bytes that the option
 * says. Expected bytes are written from the rule.
 */
#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define CSV "encoding: utf-8\nform: csv\nnewline: lf\n"
#define KANA(rules)                                                            \
	"    - {item: カナ氏名, loss: allow, rules: \"" rules "\"}\n"
#define KANJI(more) "    - {item: 漢字氏名, " more "}\n"
#define BIRTH(more) "    - {item: 生(設立)年月日, " more "}\n"
#define ADDRESS(rules) "    - {item: 住所, loss: allow, rules: \"" rules "\"}\n"
#define PERIOD(more) "    - {item: 照会対象期間, " more "}\n"
#define KEY "    - {item: 管理番号}\n"
#define K HELPER_KANRI1

/* The person is キャノン ヨーコ, 髙﨑 洋子, 1985-04-09, female, 1600023,
 * 東京都新宿区西新宿2-8-1; kana and others may be given. */
struct option {
	int axis;
	const char *top;
	const char *columns;
	const char *kana; /* these if not NULL, else as above */
	const char *due; /* what follows the 管理番号; "!" and a rule: held */
	const char *kanji;
	const char *roman;
	const char *birth;
	const char *address;
	const char *period;
};

static const struct option options[] = {
    /* 2: persons, corporations */
    {2, CSV "accepts: {persons: [\"1\"]}\n", "", NULL, "\n"},
    {2, CSV "accepts: {persons: [\"2\"]}\n", "", NULL, "!accepts"},
    {2, CSV, "    - {item: 属性(人格), map: {\"1\": P, \"2\": C, \"3\": ~}}\n",
	NULL, ",P\n"},
    {2, CSV, "    - {item: 属性(人格), map: {\"1\": ~, \"2\": C, \"3\": O}}\n",
	NULL, "!map"},
    /* 3: authorities, bases */
    {3, CSV "accepts: {authorities: [\"131041\"]}\n", "", NULL, "\n"},
    {3, CSV "accepts: {authorities: [\"131016\"]}\n", "", NULL, "!accepts"},
    {3, CSV "accepts: {basis: [kokuchou-141]}\n", "", NULL, "!accepts"},
    /* 4: kana width */
    {4, CSV, KANA("kana-half"), NULL, ",ｷｬﾉﾝ ﾖｰｺ\n"},
    {4, CSV, KANA("kana-full"), "ｷｬﾉﾝ ﾖｰｺ", ",キャノン ヨーコ\n"},
    /* 5: small kana */
    {5, CSV, KANA("nfc"), NULL, ",キャノン ヨーコ\n"},
    {5, CSV, KANA("kana-large"), NULL, ",キヤノン ヨーコ\n"},
    /* 6: the long mark */
    {6, CSV, KANA("long:hyphen"), NULL, ",キャノン ヨ-コ\n"},
    {6, CSV, KANA("long:mark,kana-half"), NULL, ",ｷｬﾉﾝ ﾖｰｺ\n"},
    {6, CSV, KANA("long:drop"), NULL, ",キャノン ヨコ\n"},
    {6, CSV, KANA("long:vowel"), NULL, ",キャノン ヨオコ\n"},
    /* 7: voicing marks */
    {7, CSV, KANA("voiced:compose"), "ハ\xe3\x82\x99", ",バ\n"},
    {7, CSV, KANA("voiced:split"), "バ", ",ハ゛\n"},
    {7, CSV, KANA("kana-half"), "バ", ",ﾊﾞ\n"},
    /* 8: ヲ ヰ ヱ ヴ */
    {8, CSV, KANA("wo:o"), "ヲノ ヱイヰチ", ",オノ ヱイヰチ\n"},
    {8, CSV, KANA("wi:i,we:e"), "ヲノ ヱイヰチ", ",ヲノ エイイチ\n"},
    {8, CSV, KANA("vu:b"), "ヴァン", ",バン\n"},
    {8, CSV, KANA("vu:split"), "ヴァン", ",ウ゛ァン\n"},
    /* 9: dots and signs */
    {9, CSV, KANA("dot:drop"), "ジョン・スミス", ",ジョンスミス\n"},
    {9, CSV, KANA("dot:period"), "ジョン・スミス", ",ジョン.スミス\n"},
    {9, CSV, KANA("dot:space"), "ジョン・スミス", ",ジョン スミス\n"},
    {9, CSV, KANA("sign-half"), "カ（カブ", ",カ(カブ\n"},
    /* 10: the separator of names */
    {10, CSV, KANA("space:none"), NULL, ",キャノンヨーコ\n"},
    {10, CSV, KANA("space:half"), "キャノン　ヨーコ", ",キャノン ヨーコ\n"},
    {10, CSV, KANA("space:full"), NULL, ",キャノン　ヨーコ\n"},
    {10, CSV, KANA("space:one"), "キャノン  ヨーコ", ",キャノン ヨーコ\n"},
    /* 11: corporate words */
    {11, CSV, KANA("corp:abbrev"), "カブシキガイシャ ヤマダ", ",カ)ヤマダ\n"},
    {11, CSV, KANA("corp:abbrev"), "ヤマダ カブシキガイシャ", ",ヤマダ(カ\n"},
    {11, CSV, KANA("corp:abbrev"), "ヤマダ カブシキガイシャ トウキョウ",
	",ヤマダ(カ)トウキョウ\n"},
    {11, CSV, KANA("corp:expand"), "カ)ヤマダ", ",カブシキガイシャヤマダ\n"},
    {11, CSV, KANA("corp:remove"), "カブシキガイシャ ヤマダ", ",ヤマダ\n"},
    {11, CSV, KANA("corp:remove"), "ヤマダ カブシキガイシャ", ",ヤマダ\n"},
    /* 12: foreigners */
    {12, CSV, KANJI("from: [通称, 漢字氏名]"), NULL, ",金山 洋子\n"},
    {12, CSV, KANJI("from: [英字名, 漢字氏名], rules: \"latin-upper\""), NULL,
	",YOKO CANON\n"},
    {12, CSV, KANJI("from: [英字名], rules: \"latin-full,space:full\""), NULL,
	",Ｙｏｋｏ　Ｃａｎｏｎ\n"},
    {12, CSV, KANJI("from: [カナ氏名, 英字名]"), NULL, ",キャノン ヨーコ\n"},
    {12, CSV, KANJI("from: [英字名], rules: \"latin-lower\""), NULL,
	",\"canon, yoko ann\"\n", .roman = "CANON, YOKO ANN"},
    {12, CSV, KANJI("from: [英字名], rules: \"name-order:given-first\""), NULL,
	",YOKO ANN CANON\n", .roman = "CANON, YOKO ANN"},
    {12, CSV, KANJI("from: [英字名], rules: \"name-order:family-first\""), NULL,
	",CANON YOKO ANN\n", .roman = "CANON, YOKO ANN"},
    {12, CSV,
	KANJI("from: [英字名], loss: allow, rules: "
	      "\"name-middle:drop,name-order:given-first\""),
	NULL, ",YOKO CANON\n", .roman = "CANON, YOKO ANN"},
    {12, CSV, KANJI("from: [英字名], rules: \"space:none\""), NULL,
	",YokoCanon\n"},
    /* 13: former names, 18: former addresses */
    {13, CSV, KANJI("from: [旧氏]"), NULL, ",山田\n"},
    /* 14: kanji */
    {14, "encoding: cp932\nform: csv\nnewline: lf\n", KANJI("rules: nfc"), NULL,
	",\xfb\xfc\xfa\xb1 \x97\x6d\x8e\x71\n"},
    {14, CSV, KANJI("loss: allow, rules: \"kanji:0208:geta\""), NULL,
	",〓〓 洋子\n"},
    {14, CSV, KANJI("loss: allow, rules: \"kanji:0208:first\""), NULL,
	",高崎 洋子\n"},
    {14, CSV, KANJI("rules: \"kanji:0208:refuse\""), NULL,
	"!kanji:0208:refuse"},
    {14, CSV, KANJI("loss: allow, fail: blank, rules: \"kanji:0208:refuse\""),
	NULL, ",\n"},
    {14, CSV, KANJI("loss: allow, fail: hold, rules: \"kanji:0208:refuse\""),
	NULL, "!kanji:0208:refuse"},
    {14, CSV, KANJI("rules: \"kanji:0213:hold\""), NULL, "!kanji:0213:hold"},
    {14, CSV, KANJI("rules: \"kanji:0213:hold\""), NULL, ",﨑山\n",
	.kanji = "﨑山"},
    {14, CSV, KANJI("rules: \"kanji:0208:hold\""), NULL, "!kanji:0208:hold",
	.kanji = "﨑山"},
    {14, CSV, KANJI("rules: \"kanji:cp932:refuse\""), NULL, ",髙﨑 洋子\n"},
    {14, "encoding: cp932\nform: csv\nnewline: lf\n",
	KANJI("loss: allow, fail: blank"), NULL, ",\n", .kanji = "𠮷田 洋子"},
    {14, "encoding: cp932\nform: csv\nnewline: lf\n", KANJI("loss: allow"),
	NULL, "!cp932", .kanji = "𠮷田 洋子"},
    /* 15: lengths */
    {15, CSV, KANJI("width: 12"), NULL, "!width"},
    {15, CSV, KANJI("width: 12, cut: true"), NULL, ",髙﨑 洋\n"},
    {15, CSV, KANA("cut-chars:4"), NULL, ",キャノン\n"},
    {15, CSV, KANA("cut-bytes:7"), NULL, ",キャノ\n"},
    {15, CSV, KANJI("width: 12, loss: allow, fail: blank"), NULL, ",\n"},
    /* 16: dates */
    {16, CSV, BIRTH("date: ymd8"), NULL, ",19850409\n"},
    {16, CSV, BIRTH("date: slash"), NULL, ",1985/04/09\n"},
    {16, CSV, BIRTH("date: iso"), NULL, ",1985-04-09\n"},
    {16, CSV, BIRTH("date: era7"), NULL, ",3600409\n"},
    {16, CSV, BIRTH("date: era6, loss: allow"), NULL, ",600409\n"},
    {16, CSV, BIRTH("date: era6"), NULL, "!date"},
    {16, CSV, BIRTH("date: ymd8"), NULL, ",19850000\n", .birth = "1985-00-00"},
    {16, CSV, BIRTH("date: ymd8, unknown: blank, loss: allow"), NULL, ",\n",
	.birth = "1985-00-00"},
    {16, CSV, BIRTH("date: ymd8, unknown: hold"), NULL, "!date",
	.birth = "1985-00-00"},
    /* 17: sexes */
    {17, CSV,
	"    - {item: 性別, map: {\"1\": M, \"2\": F, \"0\": U, \"9\": "
	"\"\"}}\n",
	NULL, ",F\n"},
    {17, CSV, "    - {item: 性別}\n", NULL, ",2\n"},
    /* 18: addresses */
    {18, CSV, ADDRESS("digit-full,sign-full"), NULL,
	",東京都新宿区西新宿２－８－１\n"},
    {18, CSV, "    - {item: カナ住所}\n", NULL, ",トウキョウト\n"},
    {18, CSV, "    - {item: カナ住所, rules: \"kana-half\"}\n", NULL,
	",ﾄｳｷｮｳﾄ\n"},
    {18, CSV, "    - {item: 住所, from: [旧住所1, 住所]}\n", NULL,
	",東京都港区芝公園1-5-25\n"},
    {18, CSV, ADDRESS("addr-block:words"), NULL,
	",東京都新宿区西新宿2丁目8番1号\n"},
    {18, CSV, ADDRESS("addr-block:words,addr-number:kanji"), NULL,
	",東京都新宿区西新宿二丁目八番一号\n"},
    {18, CSV, ADDRESS("addr-building:drop"), NULL, ",東京都新宿区西新宿2-8-1\n",
	.address = "東京都新宿区西新宿2-8-1 架空ハイツ201号室"},
    {18, CSV, ADDRESS("nfc"), NULL,
	",東京都新宿区西新宿2-8-1 架空ハイツ201号室\n",
	.address = "東京都新宿区西新宿2-8-1 架空ハイツ201号室"},
    /* 19: address codes */
    {19, CSV, "    - {item: 住所コード}\n", NULL, ",131041\n"},
    {19, CSV, "", NULL, "\n"},
    /* 20: postal codes */
    {20, CSV, "    - {item: 郵便番号}\n", NULL, ",1600023\n"},
    {20, CSV, "    - {item: 郵便番号, rules: \"postal:hyphen\"}\n", NULL,
	",160-0023\n"},
    /* 21: the period */
    {21, CSV, PERIOD("date: ymd8, join: \"-\""), NULL, ",20251001-20260930\n"},
    {21, CSV, PERIOD("date: era7, part: from"), NULL, ",5071001\n"},
    {21, CSV, PERIOD("date: slash, part: to"), NULL, ",2026/09/30\n"},
    {21, CSV "accepts: {years: 1}\n", "", NULL, "\n"},
    {21, CSV "accepts: {years: 1}\n", "", NULL, "!accepts",
	.period = "2025-09-30/2026-09-30"},
    /* 22: known accounts */
    {22, CSV, "    - {item: 支店番号}\n    - {item: 口座番号}\n", NULL,
	",001,0012345\n"},
    {22, CSV, "    - {item: 顧客番号}\n", NULL, ",00098\n"},
    /* 23: form */
    {23, "encoding: utf-8\nform: csv\n", "    - {item: 性別}\n", NULL,
	",2\r\n"},
    {23, "encoding: utf-8\nform: csv\ndelimiter: \";\"\nnewline: lf\n",
	"    - {item: 性別}\n", NULL, ";2\n"},
    {23, CSV "quote: always\n", "    - {item: 性別}\n", NULL, "\",\"2\"\n"},
    /* 26: required items */
    {26, CSV, "    - {item: 行政機関任意項目, required: true}\n", NULL,
	",A-1\n"},
    {26, CSV, "    - {item: 更新日, required: true}\n", NULL, "!required"},
};

static void given(struct request *r, enum request_item item, const char *z)
{
	if (z != NULL)
		r->f[item] = text_z(z);
}

static void person(struct request *r, const struct option *o)
{
	helper_person(r, K);
	r->f[REQUEST_ROMAN] = TEXT("Yoko Canon");
	r->f[REQUEST_ADDRESS_CODE] = TEXT("131041");
	r->f[REQUEST_ADDRESS_KANA] = TEXT("トウキョウト");
	r->other[REQUEST_OTHER_ALIAS] = TEXT("金山 洋子");
	r->other[REQUEST_OTHER_FORMER_NAME] = TEXT("山田");
	r->other[REQUEST_OTHER_FORMER_ADDRESS1] =
	    TEXT("東京都港区芝公園1-5-25");
	given(r, REQUEST_KANA, o->kana);
	given(r, REQUEST_KANJI, o->kanji);
	given(r, REQUEST_ROMAN, o->roman);
	given(r, REQUEST_BIRTH, o->birth);
	given(r, REQUEST_ADDRESS, o->address);
	given(r, REQUEST_PERIOD, o->period);
}

static void put(const struct option *o, struct buf *out, char rule[64])
{
	struct request r;
	struct layout_report report = {0};
	struct layout *l;
	struct err e;
	char columns[1024];

	(void)snprintf(columns, sizeof(columns), KEY "%s", o->columns);
	l = helper_vary(o->top, columns, NULL, &e);
	if (l == NULL)
		fail_msg("axis %d: %s: %ld:%ld %s %s", o->axis, o->columns,
		    e.line, e.column, e.en, e.detail);
	person(&r, o);
	layout_begin_requests(l, "F", out);
	layout_put_request(l, &r, out, &report);
	layout_end_requests(l, !report.held, out);
	(void)snprintf(rule, 64, "%s", report.held ? report.hold.rule : "");
	layout_free(l);
}

static void each_option_has_its_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const struct option *o = &options[i];
		struct buf out = {0};
		const char *got;
		char rule[64];

		put(o, &out, rule);
		buf_byte(&out, '\0');
		got = strstr((const char *)out.p, K);
		if (o->due[0] == '!' && strcmp(rule, o->due + 1) != 0)
			fail_msg("axis %d: %s: held by \"%s\", due %s", o->axis,
			    o->columns, rule, o->due + 1);
		if (o->due[0] != '!' && rule[0] != '\0')
			fail_msg("axis %d: %s: held by %s", o->axis, o->columns,
			    rule);
		if (o->due[0] != '!' &&
		    (got == NULL || strcmp(got + strlen(K), o->due) != 0))
			fail_msg("axis %d: %s: made %s, due %s", o->axis,
			    o->columns, (char *)out.p, o->due);
		buf_fini(&out);
	}
}

/* 24: how many inquiries a file takes, and its name. */
static void files_are_split_and_named_by_the_layout(void **state)
{
	static const struct {
		const char *top;
		const char *name;
		size_t records;
		const char *due;
	} files[] = {{CSV "records_per_file: 7\n", "a{seq}", 7, "a12"},
	    {CSV, "q{code}_{date}_{seq:4}.csv", 5000,
		"q9699_20261001_0012.csv"},
	    {CSV "records_per_file: 1\n", "{file}.txt", 1,
		"131041-001-9699-0012.txt"}};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct buf name = {0};
		struct err e;
		char yaml[2048];
		struct layout *l;

		(void)snprintf(yaml, sizeof(yaml),
		    "layout: 1\ninstitution: {code: \"9699\", name: 架空}\n"
		    "valid_from: 2025-04-01\n%srequest:\n  file_name: \"%s\"\n"
		    "  detail:\n   columns:\n" KEY
		    "answer:\n  detail:\n   columns:\n" KEY
		    "    - {item: 回答区分, map: {found: F, none: N, review: "
		    "R, partial: P, paper: L, invalid: E, refused: X}}\n",
		    files[i].top, files[i].name);
		l = helper_load(yaml, &e);
		assert_non_null(l);
		assert_int_equal(layout_records_per_file(l), files[i].records);
		layout_file_name(
		    l, "131041-001-9699-0012", "2026-10-01", 12, &name);
		buf_byte(&name, '\0');
		assert_string_equal((char *)name.p, files[i].due);
		buf_fini(&name);
		layout_free(l);
	}
}

/* 16: YYMMDD is read with the day of the inquiry in mind. */
struct told {
	char birth[16];
};

static enum err_class take(
    void *ctx, const struct request *r, long line, struct err *e)
{
	struct told *t = ctx;

	(void)line;
	(void)e;
	(void)snprintf(t->birth, sizeof(t->birth), "%.*s",
	    (int)r->f[REQUEST_BIRTH].n, r->f[REQUEST_BIRTH].p);
	return ERR_NONE;
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	(void)ctx;
	(void)kanri;
	fail_msg("%s %s", why->code, why->item);
}

static void reads_a_date_without_era_by_its_context(void **state)
{
	static const struct {
		const char *row;
		const char *birth;
	} rows[] = {{K ",20261001,600409\n", "1985-04-09"},
	    {K ",20261001,080409\n", "2026-04-09"},
	    {K ",20261001,081231\n", "1996-12-31"},
	    {K ",20150101,080409\n", "1996-04-09"}};
	struct err e;
	struct layout *l = helper_vary(CSV,
	    KEY "    - {item: 調査基準日, date: ymd8}\n" BIRTH(
		"date: era6, loss: allow"),
	    NULL, &e);

	(void)state;
	assert_non_null(l);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct told t = {{0}};
		struct layout_sink sink = {
		    .ctx = &t, .request = take, .bad = take_bad};
		struct arena a = {0};
		size_t records;

		assert_int_equal(
		    layout_read(l, BYTES(rows[i].row, strlen(rows[i].row)), &a,
			&sink, &records, &e),
		    ERR_NONE);
		assert_string_equal(t.birth, rows[i].birth);
		arena_fini(&a);
	}
	layout_free(l);
}

/* 27: what the basis does not allow cannot be asked for. */
static void refuses_items_that_the_basis_forbids(void **state)
{
	static const char answer[] =
	    "  detail:\n   columns:\n    - {item: 管理番号}\n"
	    "    - {item: 回答区分, map: {found: F, none: N, review: R, "
	    "partial: P, paper: L, invalid: E, refused: X}}\n"
	    "    - {item: 勤務先}\n";
	struct err e;
	struct layout *l;

	(void)state;
	assert_null(helper_vary(
	    CSV "accepts: {basis: [seiho-29]}\n", NULL, answer, &e));
	assert_string_equal(e.code, "layout.basis");
	assert_int_equal(e.line, 18);
	l = helper_vary(CSV "accepts: {basis: [seiho-29, jumin-331-6]}\n", NULL,
	    answer, &e);
	assert_non_null(l);
	layout_free(l);
}

/* 1, 18, 21, 24, 25, 28: the specification sheet tells the bank. */
static void the_sheet_tells_what_was_agreed(void **state)
{
	static const char *const due[] = {"- 受け付ける属性: 個人 法人\n",
	    "- 受け付ける根拠法令:\n  - kokuchou-141 国税徴収法",
	    "- 受け付ける団体: 131041\n", "- 照会対象期間の上限（年）: 3\n",
	    "- 受付時間: 平日 09:00–15:30\n", "- 1日のファイル数（最大）: 2\n",
	    "- 保存日数: 90\n", "- 書面での照会: あり\n",
	    "- 経路: hub-direct, hub-second\n", "- 取引明細: なし\n",
	    "- 当日扱いの締切: 14:00\n", "; 書けないときは空 |"};
	struct buf sheet = {0};
	struct err e;
	struct layout *l = helper_vary(CSV
	    "hub: [hub-direct, hub-second]\naccepts: {persons: [\"1\", \"2\"], basis: "
	    "[kokuchou-141], authorities: [\"131041\"], years: 3}\n"
	    "schedule: {files_per_day: 2, from: \"09:00\", to: \"15:30\", "
	    "days: business, cutoff: \"14:00\"}\nretention_days: 90\npaper: "
	    "true\n",
	    KEY KANJI("loss: allow, fail: blank"), NULL, &e);

	(void)state;
	assert_non_null(l);
	layout_show(l, "ja", &sheet);
	buf_byte(&sheet, '\0');
	for (size_t i = 0; i < sizeof(due) / sizeof(*due); i++)
		if (strstr((char *)sheet.p, due[i]) == NULL)
			fail_msg("%s not in %s", due[i], (char *)sheet.p);
	buf_fini(&sheet);
	layout_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_items_that_the_basis_forbids),
	    cmocka_unit_test(each_option_has_its_bytes),
	    cmocka_unit_test(files_are_split_and_named_by_the_layout),
	    cmocka_unit_test(reads_a_date_without_era_by_its_context),
	    cmocka_unit_test(the_sheet_tells_what_was_agreed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
