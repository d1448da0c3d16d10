/*
 * Tests of hostile input: whatever the bytes are, reading ends, tells every
 * record once, and stays within them (the sanitizer watches).
 */
#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A small generator of our own: the same numbers everywhere. */
static uint32_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

struct told {
	size_t good;
	size_t bad;
	size_t bytes; /* touches every text */
};

static void touch(struct told *t, struct text x)
{
	for (size_t i = 0; i < x.n; i++)
		t->bytes += (unsigned char)x.p[i];
}

static enum err_class take_request(
    void *ctx, const struct request *r, long line, struct err *e)
{
	struct told *t = ctx;

	(void)e;
	assert_true(line > 0);
	for (int i = 0; i < (int)REQUEST_COUNT; i++)
		touch(t, r->f[i]);
	t->good++;
	return ERR_NONE;
}

static enum err_class take_answer(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	struct told *t = ctx;

	(void)e;
	assert_true(line > 0);
	for (int i = 0; i < (int)ANSWER_COUNT; i++) {
		touch(t, x->f[i]);
		touch(t, x->raw[i]);
		for (size_t k = 0; k < x->account_count; k++)
			touch(t, x->accounts[k].f[i]);
	}
	for (size_t k = 0; k < x->account_count; k++)
		for (size_t i = 0; i < x->accounts[k].transaction_count; i++)
			touch(t, x->accounts[k].transactions[i].note);
	for (size_t k = 0; k < x->other_count; k++)
		touch(t, x->others[k].name);
	for (size_t i = 0; i < x->record.n; i++)
		t->bytes += x->record.p[i];
	t->good++;
	return ERR_NONE;
}

static void take_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct told *t = ctx;

	assert_non_null(why->code);
	assert_true(kanri.n == 0 || kanri.n == 16);
	t->bad++;
}

/* The bytes stand alone on the heap, so that one more is one too many. */
static void read_hostile(
    struct layout *l, const unsigned char *p, size_t n, bool requests)
{
	struct told t = {0};
	struct layout_sink sink = {.ctx = &t, .bad = take_bad};
	struct arena a = {0};
	unsigned char *copy = malloc(n ? n : 1);
	size_t records;
	struct err e = {0};
	enum err_class class;

	assert_non_null(copy);
	memcpy(copy, p ? p : copy, p ? n : 0);
	if (requests)
		sink.request = take_request;
	else
		sink.answer = take_answer;
	class = layout_read(l, BYTES(copy, n), &a, &sink, &records, &e);
	if (class != ERR_NONE) {
		assert_true(class == ERR_INPUT || class == ERR_LIMIT);
		assert_int_equal(t.good + t.bad, 0);
		assert_int_equal(strncmp(e.code, "answer.", 7), 0);
	}
	arena_fini(&a);
	free(copy);
}

static void make_requests(struct layout *l, struct buf *out)
{
	char kanri[32];

	layout_begin_requests(l, "131041-001-9601-0001", out);
	for (int i = 1; i <= 3; i++) {
		struct layout_report report = {0};
		struct request r;

		helper_person(&r, helper_kanri(i, kanri));
		layout_put_request(l, &r, out, &report);
	}
	layout_end_requests(l, 3, out);
}

static void make_answers(struct layout *l, struct buf *out)
{
	struct arena a = {0};
	char kanri[32];
	size_t lost = 0;

	layout_begin_answers(l, "131041-001-9601-0001", out);
	for (int i = 1; i <= 3; i++) {
		struct answer x = {.class = i == 2 ? CLASS_NONE : CLASS_FOUND};
		struct answer_account *one = answer_add_account(&a, &x);
		struct answer_transaction *t = answer_add_transaction(&a, one);
		struct answer_other *o = answer_add_other(&a, &x);

		x.f[ANSWER_INQUIRY] = text_z(helper_kanri(i, kanri));
		x.f[ANSWER_KANA] = TEXT("ガク");
		one->f[ANSWER_ACCOUNT] = TEXT("0012345");
		*t = (struct answer_transaction){.date = TEXT("2026-04-15"),
		    .in = TEXT("1"),
		    .note = TEXT("\"ア,")};
		*o = (struct answer_other){
		    .kind = TEXT("1"), .name = TEXT("ローン")};
		layout_put_answer(l, &x, out, &lost);
	}
	layout_end_answers(l, 3, out);
	arena_fini(&a);
}

static void each_file(void (*work)(struct layout *, const struct buf *, bool))
{
	for (int no = 0; no < HELPER_LAYOUTS; no++) {
		struct layout *l = helper_real(no);
		struct buf out = {0};

		make_requests(l, &out);
		work(l, &out, true);
		buf_clear(&out);
		make_answers(l, &out);
		work(l, &out, false);
		buf_fini(&out);
		layout_free(l);
	}
}

static void truncate(struct layout *l, const struct buf *b, bool requests)
{
	for (size_t n = 0; n <= b->n; n++)
		read_hostile(l, b->p, n, requests);
}

static void survives_truncation_at_every_byte(void **state)
{
	(void)state;
	each_file(truncate);
}

static void flip(struct layout *l, const struct buf *b, bool requests)
{
	for (size_t i = 0; i < b->n; i++)
		for (int bit = 0; bit < 8; bit++) {
			b->p[i] ^= (unsigned char)(1 << bit);
			read_hostile(l, b->p, b->n, requests);
			b->p[i] ^= (unsigned char)(1 << bit);
		}
}

static void survives_every_flipped_bit(void **state)
{
	(void)state;
	each_file(flip);
}

static void scramble(struct layout *l, const struct buf *b, bool requests)
{
	uint64_t seed = 20261001;

	for (int round = 0; round < 300; round++) {
		struct buf c = {0};

		buf_add(&c, b->p, b->n);
		for (int i = 0; i < 1 + round % 20; i++) {
			size_t at = next(&seed) % c.n;
			size_t from = next(&seed) % c.n;
			size_t n = next(&seed) % 40;

			if (at + n < c.n && from + n < c.n)
				memmove(c.p + at, c.p + from, n);
			else
				c.p[at] = (unsigned char)next(&seed);
		}
		read_hostile(l, c.p, c.n, requests);
		buf_fini(&c);
	}
}

static void survives_moved_and_random_bytes(void **state)
{
	(void)state;
	each_file(scramble);
}

static void noise(struct layout *l, const struct buf *b, bool requests)
{
	uint64_t seed = 7 + b->n;
	unsigned char random[2048];

	for (int round = 0; round < 200; round++) {
		size_t n = next(&seed) % sizeof(random);

		for (size_t i = 0; i < n; i++)
			random[i] = round % 2
					? (unsigned char)next(&seed)
					: (unsigned char)"\",\r\n12HD\x1a "
					      [next(&seed) % 10];
		read_hostile(l, random, n, requests);
	}
}

static void survives_noise(void **state)
{
	(void)state;
	each_file(noise);
}

static void survives_damaged_rule_files(void **state)
{
	static const char yaml[] =
	    "layout: 1\ninstitution: {code: \"9699\", name: x}\n"
	    "valid_from: 2025-04-01\nencoding: cp932\nform: csv\n"
	    "request:\n  file_name: a{seq}\n  detail: {columns: [{item: "
	    "管理番号}]}\nanswer:\n  detail:\n    columns:\n      - {item: "
	    "管理番号}\n      - {item: 回答区分, map: {found: [\"1\"], none: "
	    "\"2\", review: \"3\", partial: \"4\", paper: \"5\", invalid: "
	    "\"6\", refused: \"7\"}}\n";
	uint64_t seed = 3;
	struct layout *l;
	struct err e;

	(void)state;
	l = helper_load(yaml, &e);
	assert_non_null(l);
	layout_free(l);
	for (int round = 0; round < 20000; round++) {
		char z[sizeof(yaml)];

		memcpy(z, yaml, sizeof(z));
		for (uint32_t i = 0; i <= next(&seed) % 3; i++)
			z[next(&seed) % (sizeof(z) - 1)] =
			    (char)(1 + next(&seed) % 255);
		l = helper_load(z, &e);
		assert_true(l != NULL || e.class != ERR_NONE);
		layout_free(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(survives_truncation_at_every_byte),
	    cmocka_unit_test(survives_every_flipped_bit),
	    cmocka_unit_test(survives_moved_and_random_bytes),
	    cmocka_unit_test(survives_noise),
	    cmocka_unit_test(survives_damaged_rule_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
