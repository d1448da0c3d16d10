/*
 * Tests of text/zengin.h: the three ways to the same bytes — rule by rule,
 * by tables, by vectors — agree on every text, and on what was lost.
 */
#include "text/encoding.h"
#include "text/rules.h"
#include "text/utf8.h"
#include "text/zengin.h"
#include "text/zengin_vector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TEXTS 30000
#define LENGTH_MAX 90

static const char *const classes[] = {"branch", "holder", "payroll", "edi"};

/* SplitMix64: the same texts on every machine. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Mostly what names hold, so that most texts are not refused at once. */
static void random_name(uint64_t *seed, struct buf *out)
{
	static const char *const pieces[] = {"ア", "ガ", "パ", "ヴ", "ャ", "ー",
	    "ン", " ", "　", "A", "z", "9", "-", "(", ")", ".", "か", "っ",
	    "゛", "゜", "\u3099", "ｶ", "ﾞ", "ﾟ", "ヲ", "「", "!", "_", "`", ",",
	    "山", "ヶ", "é", "\U00020BB7", "ヷ"};
	size_t n = next(seed) % LENGTH_MAX;
	size_t kinds = next(seed) % 4 == 0 ? sizeof(pieces) / sizeof(*pieces)
					   : 1 + next(seed) % 20;

	buf_clear(out);
	for (size_t i = 0; i < n; i++)
		if (next(seed) % 4 == 0)
			buf_z(out, pieces[next(seed) % kinds]);
		else
			utf8_put(out, 0x30A2 + (uint32_t)(next(seed) % 80));
}

/* What the rule and the encoding make of it, told change by change. */
struct told {
	unsigned char loss[4 * LENGTH_MAX];
};

static void note(void *ctx, const struct rules_change *change)
{
	struct told *t = ctx;

	t->loss[change->at - 1] = (unsigned char)change->loss;
}

static void agree(const struct zengin *z, const struct zengin_out *a,
    const struct zengin_out *b, bool same)
{
	assert_true(same);
	assert_int_equal(a->n, b->n);
	assert_int_equal(a->characters, b->characters);
	assert_memory_equal(a->bytes, b->bytes, a->n);
	assert_memory_equal(a->loss, b->loss, a->characters);
	(void)z;
}

/* The rule of a class; it lives in a. */
static const struct rules *rule_of(struct arena *a, int class)
{
	const struct rules *rules;
	struct err e;
	char name[32];

	(void)snprintf(name, sizeof(name), "zengin:%s", classes[class]);
	assert_int_equal(rules_parse(a, text_z(name), &rules, &e), ERR_NONE);
	return rules;
}

static void one(struct arena *a, const struct zengin *z,
    const struct rules *rules, struct text in)
{
	struct zengin plain = *z;
	struct zengin_out fast = {0};
	struct zengin_out slow = {0};
	struct told told = {{0}};
	struct rules_report report = {.note = note, .ctx = &told};
	struct buf bytes = {0};
	struct text out;
	size_t at;
	uint32_t bad;
	bool ok;

	plain.vectors = false;
	fast.bytes = arena_take(a, ZENGIN_ROOM(in.n));
	fast.loss = arena_take(a, ZENGIN_ROOM(in.n));
	slow.bytes = arena_take(a, ZENGIN_ROOM(in.n));
	slow.loss = arena_take(a, ZENGIN_ROOM(in.n));
	ok = zengin_encode(z, in, &fast);
	agree(z, &fast, &slow, zengin_encode(&plain, in, &slow) == ok);
	if (rules_apply(rules, in, a, &out, &report) != ok)
		fail_msg("%s of '%.*s'", classes[z->class], (int)in.n, in.p);
	if (!ok) {
		assert_int_equal(fast.at, slow.at);
		assert_int_equal(fast.at, utf8_offset(in, report.at - 1));
		assert_int_equal(fast.bad, report.bad);
		return;
	}
	assert_true(encoding_encode(ENCODING_ZENGIN, out, &bytes, &at, &bad));
	assert_int_equal(bytes.n, fast.n);
	assert_memory_equal(bytes.p, fast.bytes, fast.n);
	assert_memory_equal(told.loss, fast.loss, fast.characters);
	buf_fini(&bytes);
}

static void the_ways_agree_on_random_names(void **state)
{
	uint64_t seed = 20260615;
	struct arena a = {0};
	struct arena kept = {0};
	struct buf text = {0};

	(void)state;
	for (int class = 0; class < 4; class ++) {
		const struct rules *rules = rule_of(&kept, class);
		struct zengin z;

		zengin_init(&z, (enum zengin_class) class);
		for (int i = 0; i < TEXTS / 4; i++) {
			random_name(&seed, &text);
			one(&a, &z, rules, buf_text(&text));
			arena_reset(&a);
		}
	}
	buf_fini(&text);
	arena_fini(&a);
	arena_fini(&kept);
}

static void the_ways_agree_on_every_character(void **state)
{
	struct arena a = {0};
	struct arena kept = {0};
	struct buf text = {0};

	(void)state;
	for (int class = 0; class < 4; class ++) {
		const struct rules *rules = rule_of(&kept, class);
		struct zengin z;

		zengin_init(&z, (enum zengin_class) class);
		for (uint32_t c = 1; c < 0x30000; c++) {
			if (c == '\n' || (c >= 0xD800 && c < 0xE000))
				continue;
			buf_clear(&text);
			buf_z(&text, "アカサタナハ");
			utf8_put(&text, c);
			buf_z(&text, "マヤラワンア");
			one(&a, &z, rules, buf_text(&text));
			arena_reset(&a);
		}
	}
	buf_fini(&text);
	arena_fini(&a);
	arena_fini(&kept);
}

static void a_newline_parts_names(void **state)
{
	unsigned char bytes[ZENGIN_ROOM(64)];
	unsigned char loss[ZENGIN_ROOM(64)];
	struct zengin_out out = {.bytes = bytes, .loss = loss};
	struct zengin z;

	(void)state;
	zengin_init(&z, ZENGIN_HOLDER);
	assert_true(
	    zengin_encode(&z, TEXT("ガ\nヤ ー\nアイウエオカキク"), &out));
	assert_int_equal(out.n, 15);
	assert_memory_equal(
	    bytes, "\xB6\xDE\n\xD4 -\n\xB1\xB2\xB3\xB4\xB5\xB6\xB7\xB8", 15);
	assert_int_equal(loss[4], RULES_MATERIAL);
	assert_int_equal(loss[3], RULES_UNCHANGED);
	assert_false(zengin_encode(&z, TEXT("アイウエオカ\n゛アイウエ"), &out));
	assert_int_equal(out.at, 19);
	assert_int_equal(out.bad, 0x309B);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_newline_parts_names),
	    cmocka_unit_test(the_ways_agree_on_random_names),
	    cmocka_unit_test(the_ways_agree_on_every_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
