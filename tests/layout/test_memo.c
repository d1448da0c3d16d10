/*
 * A layout that remembers what became of values writes and tells what one
 * without memory does, whatever stands in the values.
 */
#include "helper.h"

#include "text/rules_parts.h"

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
    "ン"};
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
	static const char *const places[] = {
	    "東京都新宿区四谷", "千代田区三番町", "神南", "市ヶ谷", "大字東"};
	static const char *const units[] = {
	    "丁目", "番", "番地", "号", "-", "−", "", "の"};
	static const char *const buildings[] = {"", "", "　ヴィラ中央",
	    "コーポ東", " メゾン", "ノ館", "カ東", "　グランタワー", "の"};

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

static void put_value(uint64_t *seed, bool address, struct buf *out)
{
	buf_clear(out);
	if (next(seed) % 4 == 0)
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
	struct err e;
	struct layout *l = helper_vary(top, columns, NULL, &e);

	assert_non_null(l);
	return l;
}

static void compare(const char *top, const char *columns, bool address)
{
	struct side a = {.l = load(top, columns)};
	struct side b = {.l = load(top, columns)};
	struct layout_memo *memo = layout_memo_new();
	struct buf value = {0};
	struct request r;
	uint64_t seed = 1;
	size_t written = 0;

	layout_use_memo(b.l, memo);
	layout_begin_requests(a.l, "f", &a.out);
	layout_begin_requests(b.l, "f", &b.out);
	for (int i = 0; i < ROUNDS; i++) {
		a.out.n = b.out.n = 0;
		helper_person(&r, HELPER_KANRI1);
		put_value(&seed, address, &value);
		r.f[address ? REQUEST_ADDRESS : REQUEST_KANA] =
		    buf_text(&value);
		ask(&a, &r);
		ask(&b, &r);
		assert_alike(&a, &b);
		written += !a.report.held;
	}
	assert_true(written > ROUNDS / 10);
	layout_free(a.l);
	layout_free(b.l);
	layout_memo_free(memo);
	buf_fini(&a.out);
	buf_fini(&b.out);
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
	    "long:mark,ka-ke:large,kana-full,to-hiragana,space:one"};
	char columns[1024];

	(void)state;
	for (size_t i = 0; i < COUNT(rules); i++)
		for (int allow = 0; allow < 2; allow++) {
			(void)snprintf(columns, sizeof(columns),
			    KEY "    - {item: カナ氏名, width: 24, %srules: "
				"\"%s\"}\n",
			    allow ? "cut: true, loss: allow, " : "", rules[i]);
			compare(CP932, columns, false);
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
		compare(CP932, columns, true);
	}
	compare(NULL, columns, true);
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
	assert_int_equal(
	    rules_cut(compiled(&a, "kana-half,corp:abbrev")), RULES_CUT_SPACE);
	assert_int_equal(rules_cut(compiled(&a, "space:none")), RULES_WHOLE);
	assert_int_equal(
	    rules_cut(compiled(&a, "iteration-expand")), RULES_WHOLE);
	assert_int_equal(rules_cut(compiled(&a, "addr-fold,kanji:0208:geta")),
	    RULES_CUT_ADDRESS);
	assert_int_equal(
	    rules_cut(compiled(&a, "addr-fold,addr-oaza:drop")), RULES_WHOLE);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts_names_at_spaces_and_addresses_at_numbers),
	    cmocka_unit_test(names_are_written_alike),
	    cmocka_unit_test(addresses_are_written_alike),
	};

	return cmocka_run_group_tests_name("layout/memo", tests, NULL, NULL);
}
