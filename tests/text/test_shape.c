/* A shape taken by vectors is the one taken sign by sign, wherever in a text
 * it stands; its signs and digits say all of it. */
#include "text/rules_shape.h"
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROUNDS 200000

/* SplitMix64 (Steele, Lea, Flood): the same texts on every machine. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Signs, and characters that have a byte or two in common with one. */
static const char *const pieces[] = {"０", "１", "９", "：", "／", "－", "−",
    "丁", "目", "番", "地", "号", "室", "7", "0", "-", "亁", "目", "畱", "坰",
    "叧", "宄", "≒", "東", "ア", "　", "Ａ", "é", "𠮷", "〇"};

static void put_random(uint64_t *seed, size_t pieces_of, struct buf *out)
{
	buf_clear(out);
	for (size_t k = next(seed) % 30; k > 0; k--)
		buf_z(out, pieces[next(seed) % pieces_of]);
}

static void assert_same_shape(
    const struct rules_shape *a, const struct rules_shape *b)
{
	assert_int_equal(a->signs, b->signs);
	if (a->signs != 0) {
		assert_int_equal(a->digits, b->digits);
		assert_int_equal(a->count, b->count);
	}
}

/* Exactly so many bytes, so that a look behind them is seen. */
static struct text copied(struct arena *a, const struct buf *b)
{
	return text_dup(a, buf_text(b));
}

static void vectors_take_what_is_taken_sign_by_sign(void **state)
{
	struct arena a = {0};
	struct buf b = {0};
	uint64_t seed = 1;
	size_t shaped = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++, arena_reset(&a)) {
		struct rules_shape quick;
		struct rules_shape plain;
		struct text t;
		size_t end;

		put_random(
		    &seed, i % 2 ? 14 : sizeof(pieces) / sizeof(*pieces), &b);
		t = copied(&a, &b);
		assert_int_equal(
		    rules_shape_digit(t, 0), rules_shape_digit_plain(t, 0));
		for (size_t at = 0; at < t.n; (void)utf8_next(t, &at)) {
			bool room = next(&seed) % 2;

			end = rules_shape_take(t, at, room, &quick);
			assert_int_equal(
			    end, rules_shape_take_plain(t, at, room, &plain));
			assert_same_shape(&quick, &plain);
			shaped += quick.signs != 0;
		}
	}
	assert_true(shaped > ROUNDS);
	arena_fini(&a);
	buf_fini(&b);
}

/* Postal codes and what is nearly one, of every length. */
static void numbers_are_taken_what_is_none_is_not(void **state)
{
	static const char signs[] = "0123456789/:-a";
	struct arena a = {0};
	uint64_t seed = 5;
	size_t whole = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++, arena_reset(&a)) {
		size_t n = 1 + next(&seed) % 15;
		size_t of = i % 2 ? 10 : sizeof(signs) - 1;
		struct rules_shape quick;
		struct rules_shape plain;
		char *z = arena_take(&a, n);
		struct text t = text_trust(z, n);

		for (size_t k = 0; k < n; k++)
			z[k] = signs[next(&seed) % of];
		assert_int_equal(rules_shape_take(t, 0, true, &quick),
		    rules_shape_take_plain(t, 0, true, &plain));
		assert_same_shape(&quick, &plain);
		whole += plain.count == n;
	}
	assert_true(whole > ROUNDS / 3);
	arena_fini(&a);
}

static void other_digits_make_another_text_of_one_shape(void **state)
{
	struct buf b = {0};
	struct rules_shape a;
	struct rules_shape s;
	struct text t = TEXT("１２丁目3番-４号室");

	(void)state;
	assert_int_equal(rules_shape_take(t, 0, true, &a), t.n);
	assert_int_equal(a.count, 4);
	assert_int_equal(a.digits, 0x4321);
	rules_shape_with(t, 0x8765, &b);
	assert_true(text_is(buf_text(&b), "５６丁目7番-８号室"));
	assert_int_equal(rules_shape_take(buf_text(&b), 0, true, &s), b.n);
	assert_int_equal(s.signs, a.signs);
	assert_int_equal(s.digits, 0x8765);
	assert_int_equal(rules_shape_take(t, 0, false, &s), t.n - strlen("室"));
	buf_fini(&b);
}

static void shapes_have_fourteen_signs_at_most(void **state)
{
	struct rules_shape s;
	static const char digits[] = "１２３４５６７８９０１２３４５";

	(void)state;
	(void)rules_shape_take(text_trust(digits, 14 * 3), 0, false, &s);
	assert_int_equal(s.count, 14);
	assert_int_not_equal(s.signs, 0);
	(void)rules_shape_take(text_trust(digits, 15 * 3), 0, false, &s);
	assert_int_equal(s.signs, 0);
	(void)rules_shape_take(TEXT("123456789012345"), 0, false, &s);
	assert_int_equal(s.signs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vectors_take_what_is_taken_sign_by_sign),
	    cmocka_unit_test(numbers_are_taken_what_is_none_is_not),
	    cmocka_unit_test(other_digits_make_another_text_of_one_shape),
	    cmocka_unit_test(shapes_have_fourteen_signs_at_most),
	};

	return cmocka_run_group_tests_name("text/shape", tests, NULL, NULL);
}
