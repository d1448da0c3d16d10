/*
 * Properties of pairs of rules that lose nothing: there and back again is where
 * one began, over random texts of what both sides can write, and over every
 * day of the calendar.
 */
#include "text/rules.h"

#include "base/date.h"
#include "text/encoding.h"
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TEXTS 4000
#define LENGTH_MAX 20

/* SplitMix64 (Steele, Lea, Flood): the same texts on every machine. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static struct text through(struct arena *a, const char *list, struct text in)
{
	const struct rules *rules;
	struct text out;
	struct err e;

	assert_int_equal(rules_parse(a, text_z(list), &rules, &e), ERR_NONE);
	if (!rules_apply(rules, in, a, &out, NULL))
		fail_msg("%s refuses '%.*s'", list, (int)in.n, in.p);
	return out;
}

static void there_and_back(
    struct arena *a, const char *there, const char *back, struct text in)
{
	struct text out = through(a, there, in);
	struct text again = through(a, back, out);

	if (!text_eq(again, in))
		fail_msg("%s of '%.*s': '%.*s', and %s: '%.*s'", there,
		    (int)in.n, in.p, (int)out.n, out.p, back, (int)again.n,
		    again.p);
}

/* Letters that both sides have: "…" of characters, or a range of them. */
static const struct pair {
	const char *there;
	const char *back;
	uint32_t first; /* 0: letters */
	uint32_t last;
	const char *letters;
} pairs[] = {
    {"kana-half", "kana-full", 0x30A1, 0x30ED, NULL},
    {"kana-half", "kana-full", 0, 0, "ワヲンヴー・「」。、アガパ山Aか "},
    {"kana-full", "kana-half", 0, 0, "ｱｲｳﾝｦｧｯｰ｡｢｣､･山か"},
    {"latin-full", "latin-half", 0x20, 0x7E, NULL},
    {"digit-full", "digit-half", 0x20, 0x7E, NULL},
    {"sign-full", "sign-half", 0x20, 0x7E, NULL},
    {"latin-half", "latin-full", 0, 0, "ＡＺａｚ山1-ア"},
    {"digit-half", "digit-full", 0, 0, "０５９山Aア-"},
    {"sign-half", "sign-full", 0, 0, "（－）．＼～＆山1Aア"},
    {"latin-upper", "latin-lower", 0, 0, "azｍ山1ア-"},
    {"to-katakana", "to-hiragana", 0x3041, 0x3096, NULL},
    {"to-hiragana", "to-katakana", 0x30A1, 0x30F6, NULL},
    {"voiced:split", "voiced:compose", 0x30A1, 0x30F6, NULL},
    {"voiced:split", "voiced:compose", 0x3041, 0x3096, NULL},
    {"vu:split", "voiced:compose", 0, 0, "ヴゔアガ山"},
    {"space:full", "space:half", 0, 0, "山 田"},
    {"space:half", "space:full", 0, 0, "山　田"},
};

static void random_of(const struct pair *p, uint64_t *seed, struct buf *out)
{
	size_t n = next(seed) % LENGTH_MAX;
	struct text letters = text_z(p->letters ? p->letters : "");

	buf_clear(out);
	for (size_t i = 0; i < n; i++) {
		uint64_t k = next(seed);
		size_t at;

		if (p->first != 0) {
			utf8_put(out, p->first + (uint32_t)(k % (p->last + 1 -
								    p->first)));
			continue;
		}
		at = utf8_offset(letters, k % utf8_count(letters));
		utf8_put(out, utf8_next(letters, &at));
	}
}

static void letters_come_back(void **state)
{
	struct arena a = {0};
	struct buf b = {0};
	uint64_t seed = 20260615;

	(void)state;
	for (size_t k = 0; k < sizeof(pairs) / sizeof(*pairs); k++)
		for (int i = 0; i < TEXTS; i++) {
			random_of(&pairs[k], &seed, &b);
			there_and_back(
			    &a, pairs[k].there, pairs[k].back, buf_text(&b));
			arena_reset(&a);
		}
	buf_fini(&b);
	arena_fini(&a);
}

static void block_numbers_come_back(void **state)
{
	struct arena a = {0};

	(void)state;
	for (int n = 1; n < 100000; n += n < 1200 ? 1 : 37) {
		const char *z = arena_printf(
		    &a, "西新宿%d丁目%d番%d号", n % 90 + 1, n, n % 31 + 1);

		there_and_back(
		    &a, "addr-number:kanji", "addr-number:arabic", text_z(z));
		there_and_back(
		    &a, "addr-block:hyphen", "addr-block:words", text_z(z));
		arena_reset(&a);
	}
	arena_fini(&a);
}

static void postal_codes_come_back(void **state)
{
	struct arena a = {0};

	(void)state;
	for (int n = 0; n < 10000000; n += 991) {
		there_and_back(&a, "postal:hyphen", "postal:plain",
		    text_z(arena_printf(&a, "%07d", n)));
		arena_reset(&a);
	}
	arena_fini(&a);
}

/* A day by each form and back; and as YYMMDD, known to be no later. */
static void day_comes_back(struct arena *a, struct date d)
{
	static const char *const forms[] = {"date:ymd8", "date:slash",
	    "date:era7", "date:letter", "date:kanji"};
	const char *iso =
	    arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);

	for (size_t k = 0; k < sizeof(forms) / sizeof(*forms); k++)
		there_and_back(a, forms[k], "date:iso", text_z(iso));
	there_and_back(
	    a, "date:era6", arena_printf(a, "date:iso:%s", iso), text_z(iso));
}

static void every_day_comes_back(void **state)
{
	struct arena a = {0};
	int days = 0;

	(void)state;
	for (int year = 1873; year <= 2040; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++) {
				struct date d = {year, month, day};

				if (!date_valid(d))
					continue;
				day_comes_back(&a, d);
				arena_reset(&a);
				days++;
			}
	assert_int_equal(days, 61361);
	arena_fini(&a);
}

/* Every byte of the single-byte set, and every character of both sets. */
static void encodings_come_back(void **state)
{
	(void)state;
	for (uint32_t c = 0x20; c <= 0x10FFFF; c++) {
		enum encoding enc[] = {ENCODING_CP932, ENCODING_ZENGIN};

		for (int k = 0; k < 2 && (c < 0xD800 || c > 0xDFFF); k++) {
			char z[4];
			struct text t = text_trust(z, utf8_write(c, z));
			struct buf bytes = {0};
			struct buf back = {0};
			struct buf again = {0};
			size_t at;
			uint32_t bad;

			if (!encoding_encode(enc[k], t, &bytes, &at, &bad)) {
				buf_fini(&bytes);
				continue;
			}
			assert_true(encoding_decode(
			    enc[k], buf_bytes(&bytes), &back, &at));
			/* Seven have a second reading: the same bytes. */
			assert_true(encoding_encode(
			    enc[k], buf_text(&back), &again, &at, &bad));
			assert_true(
			    bytes_eq(buf_bytes(&bytes), buf_bytes(&again)));
			buf_fini(&bytes);
			buf_fini(&back);
			buf_fini(&again);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_come_back),
	    cmocka_unit_test(block_numbers_come_back),
	    cmocka_unit_test(postal_codes_come_back),
	    cmocka_unit_test(every_day_comes_back),
	    cmocka_unit_test(encodings_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
