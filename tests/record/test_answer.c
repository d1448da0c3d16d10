/* Tests of record/answer.h. */
#include "record/answer.h"

#include "record/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct answer none(void)
{
	struct answer x = {.class = CLASS_NONE};

	x.f[ANSWER_INQUIRY] = TEXT("2T410017EO0001A0");
	x.f[ANSWER_DEALINGS] = TEXT("0");
	return x;
}

/* Something in every place. */
static struct answer full(struct arena *a)
{
	struct answer x = {.class = CLASS_FOUND};

	for (int i = 0; i < ANSWER_COUNT; i++)
		x.f[i] = text_z(item_answer[i].name);
	x.raw[ANSWER_KANA] = TEXT("ｶｸｳ ﾀﾛｳ");
	x.record = BYTES("\xFF\x00raw", 5);
	for (int i = 0; i < 5; i++) {
		struct answer_account *account = answer_add_account(a, &x);

		account->f[ANSWER_ACCOUNT] = TEXT("1234567");
		if (i == 1)
			account->raw[ANSWER_ACCOUNT_KIND] = TEXT("普");
		for (int k = 0; k < 3 * i; k++) {
			struct answer_transaction *t =
			    answer_add_transaction(a, account);

			t->date = TEXT("2026-01-05");
			t->in = TEXT("100");
			t->note = TEXT("給与");
		}
	}
	for (int i = 0; i < 3; i++) {
		struct answer_other *o = answer_add_other(a, &x);

		o->kind = TEXT("1");
		o->amount = TEXT("-5");
	}
	return x;
}

static bool unpacks(const unsigned char *p, size_t n)
{
	struct arena a = {0};
	struct answer x;
	size_t used = 0;
	bool ok = answer_unpack(&a, BYTES(p, n), &x, &used);

	assert_true(!ok || used <= n);
	arena_fini(&a);
	return ok;
}

static void refuses_every_truncation(void **state)
{
	struct arena a = {0};
	const struct answer x = full(&a);
	struct buf b = {0};

	(void)state;
	answer_pack(&x, &b);
	for (size_t n = 0; n < b.n; n++) {
		/* A block of its own, so that a read beyond it is seen. */
		unsigned char *cut = malloc(n ? n : 1);

		assert_non_null(cut);
		memcpy(cut, b.p, n);
		assert_false(unpacks(cut, n));
		free(cut);
	}
	assert_true(unpacks(b.p, b.n));
	buf_fini(&b);
	arena_fini(&a);
}

/* Whatever a byte is changed to: refused, or one form of one answer. */
static void a_changed_byte_is_refused_or_another_answer(void **state)
{
	struct arena a = {0};
	const struct answer x = full(&a);
	struct buf b = {0};
	struct buf again = {0};
	unsigned char *copy;

	(void)state;
	answer_pack(&x, &b);
	copy = malloc(b.n);
	assert_non_null(copy);
	for (size_t i = 0; i < b.n; i++)
		for (int c = 0; c < 256; c += i < 16 ? 1 : 37) {
			struct answer y;
			size_t used;

			memcpy(copy, b.p, b.n);
			copy[i] = (unsigned char)c;
			arena_reset(&a);
			if (!answer_unpack(&a, BYTES(copy, b.n), &y, &used))
				continue;
			buf_clear(&again);
			answer_pack(&y, &again);
			assert_int_equal(again.n, used);
			assert_memory_equal(again.p, copy, used);
		}
	free(copy);
	buf_fini(&again);
	buf_fini(&b);
	arena_fini(&a);
}

/* A count far over what stands behind it takes no memory. */
static void refuses_great_counts_before_taking_memory(void **state)
{
	struct arena a = {0};
	struct answer x;
	struct buf b = {0};
	size_t used;

	(void)state;
	buf_add(&b, "\x01\x00\x02\0\0\0\0\0\0", 9);
	buf_add(&b, "\xE8\x07", 2); /* 1,000 accounts */
	buf_add(&b, "\0\0\0\0\0\0\0\0", 8);
	assert_false(answer_unpack(&a, buf_bytes(&b), &x, &used));
	assert_int_equal(a.held, 0);
	buf_fini(&b);
	arena_fini(&a);
}

static void refuses_more_accounts_than_the_bound(void **state)
{
	struct arena a = {0};
	struct answer x = none();
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < LIMIT_ANSWER_ACCOUNTS; i++)
		(void)answer_add_account(&a, &x);
	answer_pack(&x, &b);
	assert_true(unpacks(b.p, b.n));
	(void)answer_add_account(&a, &x);
	buf_clear(&b);
	answer_pack(&x, &b);
	assert_false(unpacks(b.p, b.n));
	buf_fini(&b);
	arena_fini(&a);
}

static void refuses_texts_that_are_not_utf8(void **state)
{
	struct answer x = none();
	struct buf b = {0};

	(void)state;
	x.f[ANSWER_KANA] = text_trust("\xC0\xAF", 2);
	answer_pack(&x, &b);
	assert_false(unpacks(b.p, b.n));
	buf_clear(&b);
	x.f[ANSWER_KANA] = text_trust("a\0b", 3);
	answer_pack(&x, &b);
	assert_false(unpacks(b.p, b.n));
	buf_fini(&b);
}

static void expect_same(const struct answer *x, const struct answer *y)
{
	assert_int_equal(x->class, y->class);
	assert_int_equal(x->account_count, y->account_count);
	assert_int_equal(x->other_count, y->other_count);
	assert_true(bytes_eq(x->record, y->record));
	for (int i = 0; i < ANSWER_COUNT; i++) {
		assert_true(text_eq(x->f[i], y->f[i]));
		assert_true(text_eq(x->raw[i], y->raw[i]));
	}
	for (size_t k = 0; k < x->account_count; k++) {
		const struct answer_account *p = &x->accounts[k];
		const struct answer_account *q = &y->accounts[k];

		assert_int_equal(p->transaction_count, q->transaction_count);
		assert_true(text_eq(
		    p->raw[ANSWER_ACCOUNT_KIND], q->raw[ANSWER_ACCOUNT_KIND]));
		for (size_t t = 0; t < p->transaction_count; t++)
			assert_true(text_eq(
			    p->transactions[t].note, q->transactions[t].note));
	}
	for (size_t k = 0; k < x->other_count; k++)
		assert_true(text_eq(x->others[k].amount, y->others[k].amount));
}

static void answers_come_back_one_after_another(void **state)
{
	struct arena a = {0};
	struct arena b = {0};
	const struct answer one = full(&a);
	const struct answer two = none();
	struct answer back;
	struct buf out = {0};
	size_t used;
	size_t first;

	(void)state;
	answer_pack(&one, &out);
	first = out.n;
	answer_pack(&two, &out);
	assert_true(answer_unpack(&b, buf_bytes(&out), &back, &used));
	assert_int_equal(used, first);
	expect_same(&one, &back);
	/* Accounts can be added to what was unpacked. */
	(void)answer_add_account(&b, &back);
	assert_int_equal(back.account_count, 6);
	assert_int_equal(back.accounts[5].f[0].n, 0);
	assert_true(answer_unpack(
	    &b, BYTES(out.p + first, out.n - first), &back, &used));
	assert_int_equal(used, out.n - first);
	expect_same(&two, &back);
	buf_fini(&out);
	arena_fini(&b);
	arena_fini(&a);
}

static void an_answer_without_account_is_tiny(void **state)
{
	struct answer x = none();
	struct buf b = {0};

	(void)state;
	answer_pack(&x, &b);
	assert_true(b.n <= 32);
	buf_fini(&b);
}

static void arrays_grow_and_keep(void **state)
{
	struct arena a = {0};
	struct answer x = none();

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		char *z = arena_printf(&a, "%zu", i);

		answer_add_account(&a, &x)->f[ANSWER_ACCOUNT] = text_z(z);
		answer_add_other(&a, &x)->name = text_z(z);
	}
	for (size_t i = 0; i < 100; i++) {
		char *z = arena_printf(&a, "%zu", i);

		assert_true(text_is(x.accounts[i].f[ANSWER_ACCOUNT], z));
		assert_true(text_is(x.others[i].name, z));
		assert_int_equal(x.others[i].kind.n, 0);
	}
	arena_fini(&a);
}

static void classes_are_counted_once(void **state)
{
	enum answer_class back;

	(void)state;
	assert_false(answer_class_named(TEXT("該当なし"), &back));
	for (int i = 0; i < CLASS_COUNT; i++) {
		enum answer_class c = (enum answer_class)i;

		assert_true(
		    answer_class_named(text_z(answer_class_code(c)), &back));
		assert_int_equal(back, c);
		assert_int_equal(answer_class_is_answered(c) +
				     answer_class_is_rejected(c) +
				     (c == CLASS_EXPIRED),
		    1);
	}
	assert_string_equal(answer_class_ja(CLASS_PAPER), "電子回答不可");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_every_truncation),
	    cmocka_unit_test(a_changed_byte_is_refused_or_another_answer),
	    cmocka_unit_test(refuses_great_counts_before_taking_memory),
	    cmocka_unit_test(refuses_more_accounts_than_the_bound),
	    cmocka_unit_test(refuses_texts_that_are_not_utf8),
	    cmocka_unit_test(answers_come_back_one_after_another),
	    cmocka_unit_test(an_answer_without_account_is_tiny),
	    cmocka_unit_test(arrays_grow_and_keep),
	    cmocka_unit_test(classes_are_counted_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
