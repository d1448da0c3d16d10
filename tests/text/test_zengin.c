/*
 * Tests of text/zengin.h: the three ways to the same bytes — character by
 * character, by tables, by vectors — agree on every text, on what was lost,
 * and with what the rule tells.
 */
#include "text/encoding.h"
#include "text/kana.h"
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

/* Changes, as "AT:BEFORE>AFTER:LOSS " each. */
static void put_change(struct buf *told, size_t at, struct text before,
    struct text after, enum rules_loss loss)
{
	char z[96];

	(void)snprintf(z, sizeof(z), "%zu:%.*s>%.*s:%d ", at, (int)before.n,
	    before.p, (int)after.n, after.p, (int)loss);
	buf_z(told, z);
}

static void note(void *ctx, const struct rules_change *change)
{
	put_change(
	    ctx, change->at, change->before, change->after, change->loss);
}

/* Character by character, by zengin_single alone: what the others are to say.
 * False at the first character that the class does not have, *at. */
static bool letter_by_letter(enum zengin_class class, struct text in,
    struct buf *told, struct buf *loss, size_t *at)
{
	uint32_t before = 0; /* the letter that a mark would belong to */
	size_t k = 1;

	for (*at = 0; *at < in.n; k++) {
		size_t next = *at;
		uint32_t c = utf8_next(in, &next);
		bool mark = kana_mark(c) != KANA_NO_MARK;
		struct zengin_single s;
		char z[8];
		size_t n;

		if (!zengin_single(class, c, before, &s))
			return false;
		buf_byte(loss, s.loss);
		n = utf8_write(s.out[0], z);
		if (s.out[1] != 0)
			n += utf8_write(s.out[1], z + n);
		if (s.out[0] != c)
			put_change(told, k, text_trust(in.p + *at, next - *at),
			    text_trust(z, n), (enum rules_loss)s.loss);
		before = s.out[1] || mark ? 0 : s.out[0];
		*at = next;
	}
	return true;
}

static void agree(
    const struct zengin_out *a, const struct zengin_out *b, bool same)
{
	assert_true(same);
	assert_int_equal(a->n, b->n);
	assert_int_equal(a->characters, b->characters);
	assert_memory_equal(a->bytes, b->bytes, a->n);
	assert_memory_equal(a->loss, b->loss, a->characters);
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

/* Room for both outputs of a text. */
static struct zengin_out room(struct arena *a, struct text in)
{
	return (struct zengin_out){
	    .bytes = arena_take(a, ZENGIN_ROOM(in.n)),
	    .loss = arena_take(a, ZENGIN_ROOM(in.n)),
	};
}

/* Letter by letter and by the rule: the same changes, losses and refusal. */
static void told_alike(struct arena *a, const struct zengin *z,
    const struct rules *rules, struct text in, const struct zengin_out *fast)
{
	struct buf want = {0};
	struct buf told = {0};
	struct buf loss = {0};
	struct buf bytes = {0};
	struct rules_report report = {.note = note, .ctx = &told};
	struct text out;
	size_t at;
	uint32_t bad;
	bool ok = letter_by_letter(z->class, in, &want, &loss, &at);

	assert_int_equal(loss.n, fast->characters);
	assert_memory_equal(loss.p ? loss.p : fast->loss, fast->loss, loss.n);
	if (rules_apply(rules, in, a, &out, &report) != ok)
		fail_msg("%s of '%.*s'", classes[z->class], (int)in.n, in.p);
	if (!text_eq(buf_text(&told), buf_text(&want)))
		fail_msg("%.*s: told %.*s", (int)in.n, in.p, (int)told.n,
		    (const char *)told.p);
	if (!ok) {
		assert_int_equal(fast->at, at);
		assert_int_equal(at, utf8_offset(in, report.at - 1));
		assert_int_equal(fast->bad, report.bad);
	} else {
		assert_true(
		    encoding_encode(ENCODING_ZENGIN, out, &bytes, &at, &bad));
		assert_int_equal(bytes.n, fast->n);
		assert_memory_equal(
		    bytes.p ? bytes.p : fast->bytes, fast->bytes, fast->n);
	}
	buf_fini(&want);
	buf_fini(&told);
	buf_fini(&loss);
	buf_fini(&bytes);
}

static void one(struct arena *a, const struct zengin *z,
    const struct rules *rules, struct text in)
{
	struct zengin plain = *z;
	struct zengin_out fast = room(a, in);
	struct zengin_out slow = room(a, in);
	bool ok;

	plain.vectors = false;
	ok = zengin_encode(z, in, &fast);
	agree(&fast, &slow, zengin_encode(&plain, in, &slow) == ok);
	if (!ok) {
		assert_int_equal(fast.at, slow.at);
		assert_int_equal(fast.bad, slow.bad);
	}
	told_alike(a, z, rules, in, &fast);
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
