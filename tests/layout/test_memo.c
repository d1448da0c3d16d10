/*
 * A layout that remembers what became of values writes and tells what one
 * without memory does, whatever stands in the values.
 */
#include "helper.h"

#include "layout/layout_memo.h"
#include "text/rules_parts.h"
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ROUNDS 40000
#define RULES_TOLD 64

/* SplitMix64 (Steele, Lea, Flood): the same texts on every machine. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static const char *const names[] = {"サトウ", "イシカワ", "ニシ", "ヨーコ",
    "キャノン", "ヴィラ", "ー", "シ", "ジ", "ィ", "カブシキガイシャ",
    "イリョウホウジン", "山田", "髙﨑", "𠮷野", "社", "人", "株式会社", "㈱",
    "(カ)", "PARK", "DAVID", "・", " ", " ", " ", "　", "ヰ", "ヲ", "ハナ",
    "々", "ゝ", "゛", "ﾞ", "ｳ", "-", "1", "鷗", "\xEE\x80\x80", "ヷ", "カ",
    "ガイ", "シャ", "シヤ", "ホウ", "ホーウ", "ジン", "会", "法", "㑹", "社団",
    "ヲ", "ン", "さおり", "がいしゃ", "かぶしき", "ほうじん", "が", "っ", "ゑ",
    "ら", "ゖ", "ｻﾄｳ", "ﾊﾅ", "ｶﾌﾞｼｷ", "ｶﾞｲｼｬ", "ｲ", "ｼ", "ｰ", "ヶ", "ヵ"};
static const char *const addresses[] = {"東京都新宿区", "西新宿", "大字", "字",
    "三番町", "四谷", "市ヶ谷", "二", "十", "丁目", "番地", "番", "号", "号室",
    "の", "ノ", "之", "１", "２", "7", "25", "０", "-", "－", "−", "ー", " ",
    "　", "ヴィラ", "コーポ", "メゾン", "カ", "ガ", "中央", "棟", "館", "町",
    "区", "A", "ｱ", "(", "東", "目", "地", "線", "\u3099", "髙", "𠮷"};
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const char *one_of(uint64_t *seed, const char *const *list, size_t n)
{
	return list[next(seed) % n];
}

static void put_random(
    uint64_t *seed, const char *const *list, size_t n, struct buf *out)
{
	for (size_t k = next(seed) % 7; k > 0; k--)
		buf_z(out, one_of(seed, list, n));
}

/* What addresses are like, with something else in it now and then. */
static void put_address(uint64_t *seed, struct buf *out)
{
	static const char *const places[] = {"東京都新宿区四谷",
	    "千代田区三番町", "神南", "市ヶ谷", "大字東", "新宿区余丁町",
	    "二字丁町", "三大字番町", "号町"};
	static const char *const units[] = {
	    "丁目", "番", "番地", "号", "-", "−", "", "の"};
	static const char *const buildings[] = {"", "", "　ヴィラ中央",
	    "コーポ東", " メゾン", "ノ館", "カ東", "　グランタワー", "の",
	    "　第二みどり荘", "第三の館", "第十丁目", "　第", "第二が丘"};

	buf_z(out, one_of(seed, places, COUNT(places)));
	for (size_t k = next(seed) % 4; k > 0; k--) {
		buf_printf(out, next(seed) % 2 ? "%u" : "２%u",
		    (unsigned)(next(seed) % 40));
		buf_z(out, one_of(seed, units, COUNT(units)));
	}
	if (next(seed) % 8 == 0)
		put_random(seed, addresses, COUNT(addresses), out);
	buf_z(out, one_of(seed, buildings, COUNT(buildings)));
	if (next(seed) % 2)
		buf_printf(out, "６%u%s", (unsigned)(next(seed) % 40),
		    one_of(seed, units, COUNT(units)));
}

static void put_name(uint64_t *seed, struct buf *out)
{
	buf_z(out, one_of(seed, names, COUNT(names)));
	buf_z(out, one_of(seed, names, COUNT(names)));
	buf_z(out, next(seed) % 2 ? " " : "　");
	buf_z(out, one_of(seed, names, COUNT(names)));
}

/* A name with a corporate word first or last, often one met before, which
 * may be the head or the tail of another. */
static void put_company(uint64_t *seed, struct buf *out)
{
	static const char *const words[] = {"社団法人", "一般社団法人",
	    "医療法人", "医療法人社団", "株式会社", "有限会社",
	    "シャダンホウジン", "イッパンシャダンホウジン", "カブシキガイシャ",
	    "カブシキカイシャ", "ユウゲンガイシャ", "ゴウシガイシャ",
	    "ガイシャ", "イリョウホウジン", "イリョウホウジンシャダン"};
	static const char *const own[] = {"ヤマ", "ヤマダ シンヤ", "シ", "ーシ",
	    "ゴウ", "山田", "社団", "一般", "シャダン", "イッパン", "ン"};
	static const char *const spaces[] = {"", "", "", " ", "　", "  "};
	const char *word = one_of(seed, words, COUNT(words));
	const char *name = one_of(seed, own, COUNT(own));
	bool head = next(seed) % 2;

	buf_z(out, head ? word : name);
	buf_z(out, one_of(seed, spaces, COUNT(spaces)));
	buf_z(out, head ? name : word);
}

/* Seven digits of either width, with a hyphen or not; some are none. */
static void put_postal(uint64_t *seed, struct buf *out)
{
	static const char *const digits[] = {"0", "1", "7", "９", "０"};
	static const char *const between[] = {"", "", "-", "－", "ー", " "};
	static const char *const ends[] = {"", "", "", "", "〒", "1", "a"};

	buf_z(out, one_of(seed, ends, COUNT(ends) - 1));
	for (int i = 0; i < 7; i++) {
		if (i == 3)
			buf_z(out, one_of(seed, between, COUNT(between)));
		buf_z(out, one_of(seed, digits, COUNT(digits)));
	}
	buf_z(out, one_of(seed, ends, COUNT(ends)));
}

enum what { OF_NAME, OF_ADDRESS, OF_POSTAL, OF_COMPANY };

static void put_value(uint64_t *seed, enum what v, struct buf *out)
{
	bool address = v == OF_ADDRESS;

	buf_clear(out);
	if (v == OF_POSTAL)
		put_postal(seed, out);
	else if (v == OF_COMPANY)
		put_company(seed, out);
	else if (next(seed) % 4 == 0)
		put_random(seed, address ? addresses : names,
		    address ? COUNT(addresses) : COUNT(names), out);
	else if (address)
		put_address(seed, out);
	else
		put_name(seed, out);
}

/* Changes told, by rule and loss. */
struct told {
	const char *rule[RULES_TOLD];
	size_t n[RULES_TOLD][3];
};

static void count(void *ctx, const char *rule, enum rules_loss loss, size_t n)
{
	struct told *t = ctx;
	size_t i = 0;

	while (t->rule[i] != NULL && strcmp(t->rule[i], rule) != 0)
		i++;
	assert_true(i < RULES_TOLD - 1);
	t->rule[i] = rule;
	t->n[i][loss] += n;
}

static size_t count_of(const struct told *t, const char *rule, int loss)
{
	for (size_t i = 0; t->rule[i] != NULL; i++)
		if (strcmp(t->rule[i], rule) == 0)
			return t->n[i][loss];
	return 0;
}

static void assert_told_alike(const struct told *a, const struct told *b)
{
	for (size_t i = 0; a->rule[i] != NULL; i++)
		for (int loss = 0; loss < 3; loss++)
			assert_int_equal(
			    a->n[i][loss], count_of(b, a->rule[i], loss));
}

struct side {
	struct layout *l;
	struct buf out;
	struct told told;
	struct layout_report report;
};

static void ask(struct side *s, const struct request *r)
{
	s->told = (struct told){0};
	s->report = (struct layout_report){.tally = count, .ctx = &s->told};
	layout_put_request(s->l, r, &s->out, &s->report);
}

static void assert_alike(const struct side *a, const struct side *b)
{
	assert_int_equal(a->out.n, b->out.n);
	assert_memory_equal(a->out.p, b->out.p, a->out.n);
	assert_int_equal(a->report.informational, b->report.informational);
	assert_int_equal(a->report.material, b->report.material);
	assert_int_equal(a->report.held, b->report.held);
	if (a->report.held) {
		assert_string_equal(a->report.hold.rule, b->report.hold.rule);
		assert_int_equal(a->report.hold.at, b->report.hold.at);
		assert_int_equal(a->report.hold.bad, b->report.hold.bad);
	}
	assert_told_alike(&a->told, &b->told);
	assert_told_alike(&b->told, &a->told);
}

static struct layout *load(const char *top, const char *columns)
{
	static const char fixed[] =
	    "  detail:\n   columns:\n    - {item: 管理番号, width: 16}\n"
	    "    - {item: 回答区分, width: 1, map: {found: \"1\", none: \"2\", "
	    "review: \"3\", partial: \"4\", paper: \"5\", invalid: \"6\", "
	    "refused: \"7\"}}\n";
	struct err e;
	struct layout *l = helper_vary(top, columns,
	    top != NULL && strstr(top, "fixed") ? fixed : NULL, &e);

	assert_non_null(l);
	return l;
}

/* The same layout without a memo and with one. */
struct both {
	struct side a;
	struct side b;
	struct layout_memo *memo;
	size_t written;
};

static struct both both_begin(const char *top, const char *columns)
{
	struct both x = {.a.l = load(top, columns),
	    .b.l = load(top, columns),
	    .memo = layout_memo_new()};

	layout_use_memo(x.b.l, x.memo);
	layout_begin_requests(x.a.l, "f", &x.a.out);
	layout_begin_requests(x.b.l, "f", &x.b.out);
	return x;
}

static void both_ask(struct both *x, const struct request *r)
{
	x->a.out.n = x->b.out.n = 0;
	ask(&x->a, r);
	ask(&x->b, r);
	assert_alike(&x->a, &x->b);
	x->written += !x->a.report.held;
}

static void both_end(struct both *x)
{
	assert_true(x->written > ROUNDS / 10);
	layout_free(x->a.l);
	layout_free(x->b.l);
	layout_memo_free(x->memo);
	buf_fini(&x->a.out);
	buf_fini(&x->b.out);
}

static void compare(const char *top, const char *columns, enum what v)
{
	static const enum request_item items[] = {
	    REQUEST_KANA, REQUEST_ADDRESS, REQUEST_POSTAL, REQUEST_KANA};
	struct both x = both_begin(top, columns);
	struct buf value = {0};
	struct request r;
	uint64_t seed = 1;

	for (int i = 0; i < ROUNDS; i++) {
		helper_person(&r, HELPER_KANRI1);
		put_value(&seed, v, &value);
		r.f[items[v]] = buf_text(&value);
		both_ask(&x, &r);
	}
	both_end(&x);
	buf_fini(&value);
}

/* c within a word, and as the last of two. */
static void put_around(uint32_t c, bool last, struct buf *out)
{
	buf_clear(out);
	buf_z(out, last ? "ア ア" : "山");
	utf8_put(out, c);
	if (!last)
		buf_z(out, "ア ア");
}

static void compare_characters(const char *top, const char *columns)
{
	struct both x = both_begin(top, columns);
	struct buf value = {0};
	struct request r;

	for (uint32_t c = 1; c < 0x10000; c++) {
		if (c >= 0xD800 && c < 0xE000) /* no characters */
			continue;
		for (int last = 0; last < 2; last++) {
			helper_person(&r, HELPER_KANRI1);
			put_around(c, last, &value);
			r.f[REQUEST_KANA] = buf_text(&value);
			both_ask(&x, &r);
		}
	}
	both_end(&x);
	buf_fini(&value);
}

#define CP932 "encoding: cp932\nform: csv\n"
#define KEY "    - {item: 管理番号}\n"

static void names_are_written_alike(void **state)
{
	static const char *const rules[] = {
	    ("kana-large,long:hyphen,latin-half,latin-upper,digit-half,"
	     "sign-half,corp:abbrev,kana-half,dot:period,space:one,"
	     "space:half"),
	    "corp:remove,space:full,kanji:0208:geta",
	    "kana-half,corp:expand,long:drop", "we:e,wo:o,voiced:split",
	    "corp:abbrev,space:none", "wi:i,corp:abbrev",
	    "long:drop,corp:abbrev,kanji:0208:first",
	    "kanji:0208:first,corp:remove,kana-half",
	    "long:mark,ka-ke:large,kana-full,to-hiragana,space:one"};
	char columns[1024];

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++)
		for (int allow = 0; allow < 2; allow++) {
			(void)snprintf(columns, sizeof(columns),
			    KEY "    - {item: カナ氏名, width: 24, %srules: "
				"\"%s\"}\n",
			    allow ? "cut: true, loss: allow, " : "", rules[i]);
			compare(CP932, columns, OF_NAME);
		}
}

static void corporate_words_are_written_alike(void **state)
{
	static const char *const rules[] = {
	    "kana-large,corp:abbrev,kana-half,space:half",
	    "corp:abbrev,space:one", "kana-half,corp:abbrev,long:drop"};
	char columns[512];

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++) {
		(void)snprintf(columns, sizeof(columns),
		    KEY "    - {item: カナ氏名, width: 60, loss: allow, "
			"rules: \"%s\"}\n",
		    rules[i]);
		compare(CP932, columns, OF_COMPANY);
	}
}

static void every_character_is_written_alike(void **state)
{
	static const char *const rules[] = {
	    ("kana-large,long:hyphen,latin-upper,sign-half,corp:abbrev,"
	     "kana-half,dot:period,space:half"),
	    "kanji:0208:geta"};
	char columns[512];

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++) {
		(void)snprintf(columns, sizeof(columns),
		    KEY "    - {item: カナ氏名, width: 24, loss: allow, "
			"rules: \"%s\"}\n",
		    rules[i]);
		compare_characters(CP932, columns);
	}
}

static void addresses_are_written_alike(void **state)
{
	static const char *const rules[] = {
	    "addr-fold,addr-number:arabic,addr-block:hyphen,kanji:0208:geta",
	    "addr-fold", "addr-fold,addr-block:hyphen,digit-full",
	    "addr-number:arabic,addr-block:hyphen",
	    "addr-fold,addr-block:words", "kanji:0208:geta,digit-half"};
	char columns[1024];

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++) {
		(void)snprintf(columns, sizeof(columns),
		    KEY "    - {item: 住所, width: 60, cut: true, loss: allow, "
			"rules: \"%s\"}\n",
		    rules[i]);
		compare(CP932, columns, OF_ADDRESS);
	}
	compare(NULL, columns, OF_ADDRESS);
}

static void postal_codes_are_written_alike(void **state)
{
	static const char *const rules[] = {
	    "postal:hyphen", "postal:plain", "postal:hyphen,digit-full"};
	char columns[512];

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++)
		for (int held = 0; held < 2; held++) {
			(void)snprintf(columns, sizeof(columns),
			    KEY "    - {item: 郵便番号, width: 16, "
				"rules: \"%s\"%s}\n",
			    rules[i], held ? "" : ", loss: allow, fail: blank");
			compare(CP932, columns, OF_POSTAL);
		}
}

/* ---- whole records of a fixed form ---- */

static const char *const births[] = {"1985-04-09", "1926-12-24", "1926-12-25",
    "1989-01-07", "1989-01-08", "2019-04-30", "2019-05-01", "1912-07-30",
    "1868-01-25", "1868-01-24", "1970-00-00", "1970-06-00", "0000-00-00", "",
    "2026-10-01", "1900-02-29", "x"};
static const char *const codes[] = {"", "0", "1", "2", "3", "9", "12", "Ａ"};
#define MANY "a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t"
static const char *const bases[] = {"jumin-331-6", "kokuchou-141", "高", "",
    "jumin-331-6|kokuchou-141", (MANY "|" MANY)};

/* Every field another each time, most of them as they should be. */
static void put_person(uint64_t *seed, struct buf text[4], struct request *r)
{
	static const enum request_item items[4] = {
	    REQUEST_KANA, REQUEST_KANJI, REQUEST_ADDRESS, REQUEST_ADDRESS_KANA};
	bool rare = next(seed) % 4 == 0;

	helper_person(r, HELPER_KANRI1);
	for (int i = 0; i < 4; i++) {
		put_value(seed, i == 2 ? OF_ADDRESS : OF_NAME, &text[i]);
		r->f[items[i]] = buf_text(&text[i]);
	}
	r->f[REQUEST_BIRTH] = text_z(one_of(seed, births, COUNT(births)));
	r->f[REQUEST_SEX] =
	    text_z(one_of(seed, codes, rare ? COUNT(codes) : 4));
	r->f[REQUEST_PERSON] = text_z(one_of(seed, codes + 2, rare ? 6 : 2));
	r->f[REQUEST_BASIS] =
	    text_z(one_of(seed, bases, rare ? COUNT(bases) : 2));
	r->f[REQUEST_CUSTOMER] =
	    text_z(one_of(seed, codes, rare ? COUNT(codes) : 1));
	r->other[REQUEST_OTHER_ALIAS] = TEXT("金山 洋子");
	r->other[REQUEST_OTHER_ALIAS_KANA] = TEXT("カネヤマ ヨウコ");
	if (next(seed) % 8 == 0)
		r->f[REQUEST_PERIOD] = TEXT("2024-10-01/2026-09-30");
	if (next(seed) % 64 == 0)
		r->f[REQUEST_BASE_DATE] = TEXT("2026-10-00");
}

static void compare_records(const char *top, const char *columns)
{
	struct both x = both_begin(top, columns);
	struct buf text[4] = {{0}};
	uint64_t seed = 7;

	for (int i = 0; i < ROUNDS; i++) {
		struct request r;

		put_person(&seed, text, &r);
		both_ask(&x, &r);
	}
	both_end(&x);
	for (int i = 0; i < 4; i++)
		buf_fini(&text[i]);
}

#define RECORD(name, birth, wave)                                                          \
	"    - {item: 管理番号, width: 16, required: true}\n"                          \
	"    - {item: カナ氏名, width: 24, loss: allow, " name "}\n"                       \
	"    - {filler: 3}\n"                                                              \
	"    - {item: 生(設立)年月日, width: 10, " birth "}\n"                             \
	"    - {item: 属性(人格), width: 2, map: {\"1\": A, \"2\": \"\", \"3\": ~}}\n" \
	"    - {item: 性別, width: 1}\n"                                                 \
	"    - item: 住所\n      width: 60\n      cut: true\n"                           \
	"      loss: allow\n      rules: \"addr-fold,addr-block:hyphen,"                   \
	"kanji:0208:geta\"\n"                                                              \
	"    - {item: カナ住所, width: 40}\n"                                          \
	"    - item: 漢字氏名\n      from: [通称, 漢字氏名]\n"                   \
	"      width: 40\n      loss: allow\n      fail: blank\n"                          \
	"      rules: {\"1\": \"kanji:0208:refuse\", \"2\": \"space:none\"}\n"             \
	"    - {item: 顧客番号, at: 210, width: 2}\n"                                  \
	"    - {item: 根拠法令, width: 40}\n"                                          \
	"    - {item: 調査基準日, width: 10, date: iso}\n"                            \
	"    - {item: 照会対象期間, width: 21, " wave "}\n"

static void records_are_written_alike(void **state)
{
	static const char *const columns[] = {
	    RECORD("rules: \"kana-large,kana-half,space:half\"", "date: era7",
		"date: ymd8"),
	    RECORD("cut: true", "date: slash, unknown: blank, loss: allow",
		"date: era7, part: from"),
	    RECORD("rules: \"kana-half,corp:abbrev\", required: true",
		"date: ymd8, unknown: hold", "date: slash, part: to"),
	    RECORD("from: [通称カナ, カナ氏名]", "date: iso", "date: era7")};

	(void)state;
	for (size_t i = 0; i < COUNT(columns); i++) {
		compare_records("encoding: cp932\nform: fixed\n", columns[i]);
		compare_records("encoding: utf-8\nform: fixed\n"
				"newline: lf\n",
		    columns[i]);
	}
	compare_records("encoding: cp932\nform: fixed\nnewline: none\n"
			"accepts: {persons: [\"1\"]}\n",
	    columns[0]);
}

static const struct rules *compiled(struct arena *a, const char *list)
{
	const struct rules *rules;
	struct err e;

	assert_int_equal(rules_parse(a, text_z(list), &rules, &e), ERR_NONE);
	return rules;
}

static void parts_names_at_spaces_and_addresses_at_numbers(void **state)
{
	struct arena a = {0};
	struct text p[RULES_PARTS_MAX];

	(void)state;
	assert_int_equal(rules_parts_cut(compiled(&a, "kana-half,corp:abbrev")),
	    RULES_CUT_SPACE);
	assert_int_equal(
	    rules_parts_cut(compiled(&a, "space:none")), RULES_WHOLE);
	assert_int_equal(
	    rules_parts_cut(compiled(&a, "iteration-expand")), RULES_WHOLE);
	assert_int_equal(
	    rules_parts_cut(compiled(&a, "addr-fold,kanji:0208:geta")),
	    RULES_CUT_ADDRESS);
	assert_int_equal(
	    rules_parts_cut(compiled(&a, "addr-fold,addr-oaza:drop")),
	    RULES_WHOLE);
	assert_int_equal(
	    rules_parts(RULES_CUT_SPACE, TEXT("サトウ ハナ"), p), 3);
	assert_true(text_is(p[2], "ハナ"));
	assert_int_equal(rules_parts(RULES_CUT_SPACE, TEXT("イシ ハナ"), p), 1);
	assert_int_equal(
	    rules_parts(RULES_CUT_ADDRESS,
		TEXT("東京都新宿区四谷７番２５号　ヴィラ中央６０７号"), p),
	    4);
	assert_true(text_is(p[1], "７番２５号"));
	assert_true(text_is(p[2], "　ヴィラ中央"));
	assert_int_equal(
	    rules_parts(RULES_CUT_ADDRESS, TEXT("西新宿二丁目８番"), p), 1);
	arena_fini(&a);
}

static void answers_are_read_alike(void **state)
{
	static const char *const lists[] = {"kana-full,space:one",
	    "kana-full,corp:expand", "voiced:compose,long:mark,space:full",
	    "latin-full,digit-half,kana-large", "to-hiragana,dot:drop"};
	struct layout *l =
	    load(CP932, KEY "    - {item: カナ氏名, width: 24}\n");
	struct layout_memo *memo = layout_memo_new();
	struct arena kept = {0};
	struct arena a = {0};
	struct buf value = {0};
	uint64_t seed = 3;

	(void)state;
	layout_use_memo(l, memo);
	for (size_t i = 0; i < COUNT(lists); i++) {
		const struct rules *r = compiled(&kept, lists[i]);
		size_t read = 0;

		for (int k = 0; k < ROUNDS; k++, arena_reset(&a)) {
			struct rules_report report = {0};
			struct text out;
			struct text due;

			put_value(&seed, OF_NAME, &value);
			if (!layout_memo_read(l, r, rules_parts_cut(r),
				buf_text(&value), &a, &out))
				continue;
			assert_true(rules_apply(
			    r, buf_text(&value), &a, &due, &report));
			assert_true(text_eq(out, due));
			read++;
		}
		assert_true(read > ROUNDS / 4);
	}
	layout_free(l);
	layout_memo_free(memo);
	arena_fini(&kept);
	arena_fini(&a);
	buf_fini(&value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts_names_at_spaces_and_addresses_at_numbers),
	    cmocka_unit_test(names_are_written_alike),
	    cmocka_unit_test(corporate_words_are_written_alike),
	    cmocka_unit_test(every_character_is_written_alike),
	    cmocka_unit_test(answers_are_read_alike),
	    cmocka_unit_test(addresses_are_written_alike),
	    cmocka_unit_test(postal_codes_are_written_alike),
	    cmocka_unit_test(records_are_written_alike),
	};

	return cmocka_run_group_tests_name("layout/memo", tests, NULL, NULL);
}
