/*
 * A layout that knows words of names reads what one without memory reads,
 * whatever stands in the field.
 */
#include "layout/layout_known.h"
#include "layout/layout_memo.h"

#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ROUNDS 30000
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* SplitMix64 (Steele, Lea, Flood): the same texts on every machine. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static const char *const words[] = {"ｻﾄｳ", "ﾊﾅ", "ｶﾌﾞｼｷ", "ｶﾞｲｼｬ", "ｲ", "ｼ",
    "ｰ", "ﾞ", "ﾟ", "ｳﾞｨﾗ", "ﾖ-ｺ", "ｷｬﾉﾝ", "サトウ", "株式会社", "㈱", "社",
    "人", "山田", "髙", "A", "PARK", "(ｶ)", "･", ".", "1", "=", "　", " ", " ",
    " ", " ", "ヲ", "々", "ｲｼｬﾎｳｼﾞﾝｼｬﾀﾞﾝｹﾝｺｳｶｲﾁｭｳｵｳ"};

/* A fixed form with a column of names that is read by that list. */
static struct layout *load(const char *encoding, const char *list)
{
	char answer[1024];
	char top[64];
	struct err e;
	struct layout *l;

	(void)snprintf(
	    top, sizeof(top), "encoding: %s\nform: fixed\n", encoding);
	(void)snprintf(answer, sizeof(answer),
	    "  detail:\n   columns:\n"
	    "    - {item: カナ氏名, width: 90, rules: \"kana-half\", "
	    "read: \"%s\"}\n"
	    "    - {item: 管理番号, width: 16}\n"
	    "    - {item: 回答区分, width: 1, map: {found: \"1\", "
	    "none: \"2\", review: \"3\", partial: \"4\", paper: \"5\", "
	    "invalid: \"6\", refused: \"7\"}}\n",
	    list);
	l = helper_vary(top, "    - {item: 管理番号, width: 16}\n", answer, &e);
	if (l == NULL)
		fail_msg("%s: %ld: %s", list, e.line, e.en);
	return l;
}

/* A name of some words in l's encoding; now and then bytes that are none. */
static void put_field(uint64_t *seed, const struct layout *l, struct buf *out)
{
	buf_clear(out);
	for (size_t k = next(seed) % 6; k > 0; k--) {
		const char *word = words[next(seed) % COUNT(words)];
		size_t at;
		uint32_t bad;

		(void)encoding_encode(
		    l->encoding, text_z(word), out, &at, &bad);
	}
	if (next(seed) % 16 == 0)
		buf_byte(out, (unsigned char)next(seed));
	if (next(seed) % 16 == 0)
		buf_text_add(out, TEXT(" \xB1 \xB2"));
}

struct side {
	struct layout *l;
	struct arena a;
	struct layout_reading r;
	struct err e;
	enum err_class class;
};

static void take(struct side *s, const struct buf *field)
{
	const struct layout_column *c = s->l->answer.row[ROW_DETAIL].column;

	s->r = (struct layout_reading){0};
	arena_reset(&s->a);
	s->class =
	    layout_value_read(s->l, c, buf_bytes(field), &s->a, &s->r, &s->e);
}

static void compare(const char *encoding, const char *list)
{
	struct side a = {.l = load(encoding, list)};
	struct side b = {.l = load(encoding, list)};
	struct layout_memo *memo = layout_memo_new();
	struct buf field = {0};
	uint64_t seed = 1;
	size_t good = 0;

	layout_use_memo(b.l, memo);
	for (int i = 0; i < ROUNDS; i++) {
		put_field(&seed, a.l, &field);
		take(&a, &field);
		take(&b, &field);
		assert_int_equal(a.class, b.class);
		if (a.class != ERR_NONE) {
			assert_string_equal(a.e.code, b.e.code);
			continue;
		}
		assert_true(text_eq(a.r.raw, b.r.raw));
		assert_true(text_eq(a.r.value, b.r.value));
		good++;
	}
	assert_true(good > ROUNDS / 2);
	layout_free(a.l);
	layout_free(b.l);
	layout_memo_free(memo);
	arena_fini(&a.a);
	arena_fini(&b.a);
	buf_fini(&field);
}

static void names_are_read_alike(void **state)
{
	static const char *const lists[] = {"kana-full,space:one",
	    "kana-full,corp:expand", "voiced:compose,long:mark,space:full",
	    "latin-full,digit-half,kana-large,space:half",
	    "to-hiragana,dot:drop", "kana-full,space:none", "zengin:holder",
	    "kana-full,kanji:0208:hold"};

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		compare("cp932", lists[i]);
		compare("utf-8", lists[i]);
		compare("zengin", lists[i]);
	}
}

/* A field of words that are known is read without the rules. */
static void words_are_known_in_other_company(void **state)
{
	static const char first[] = "\xBB\xC4\xB3 \xCA\xC5"; /* ｻﾄｳ ﾊﾅ */
	static const char second[] = "\xCA\xC5 \xBB\xC4\xB3";
	struct layout *l = load("cp932", "kana-full,space:one");
	const struct layout_column *c = l->answer.row[ROW_DETAIL].column;
	struct layout_memo *memo = layout_memo_new();
	struct layout_reading r;
	struct arena a = {0};
	struct err e;

	(void)state;
	layout_use_memo(l, memo);
	assert_false(layout_known_read(
	    layout_memo_known(memo), c, BYTES(first, strlen(first)), &a, &r));
	assert_int_equal(
	    layout_value_read(l, c, BYTES(first, strlen(first)), &a, &r, &e),
	    ERR_NONE);
	assert_true(layout_known_read(
	    layout_memo_known(memo), c, BYTES(second, strlen(second)), &a, &r));
	assert_true(text_is(r.raw, "ﾊﾅ ｻﾄｳ"));
	assert_true(text_is(r.value, "ハナ サトウ"));
	layout_free(l);
	layout_memo_free(memo);
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_read_alike),
	    cmocka_unit_test(words_are_known_in_other_company),
	};

	return cmocka_run_group_tests_name("layout/known", tests, NULL, NULL);
}
