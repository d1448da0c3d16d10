/* Tests of record/subject.h: columns, packed form, writer. */
#include "record/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct subject some(void)
{
	struct subject s;

	for (int i = 0; i < SUBJECT_COUNT; i++)
		s.f[i] = TEXT("");
	s.f[SUBJECT_ATENA] = TEXT("0000012345");
	s.f[SUBJECT_PERSON] = TEXT("1");
	s.f[SUBJECT_KANA] = TEXT("シンジュク タロウ");
	s.f[SUBJECT_ADDRESS] = TEXT("架空市\"西\",1-2");
	s.f[SUBJECT_FREE] = TEXT("x");
	return s;
}

static void refuses_any_truncation(void **state)
{
	const struct subject s = some();
	struct subject back;
	struct buf b = {0};

	(void)state;
	subject_pack(&s, &b);
	for (size_t n = 0; n < b.n; n++) {
		/* A block of its own, so that a read beyond it is seen. */
		unsigned char *cut = malloc(n ? n : 1);

		assert_non_null(cut);
		memcpy(cut, b.p, n);
		assert_false(subject_unpack(BYTES(cut, n), &back));
		free(cut);
	}
	buf_byte(&b, 0);
	assert_false(subject_unpack(buf_bytes(&b), &back));
	buf_fini(&b);
}

static void refuses_bad_bytes(void **state)
{
	const struct subject s = some();
	struct subject back;
	struct buf b = {0};

	(void)state;
	subject_pack(&s, &b);
	b.p[0] = 9; /* the version */
	assert_false(subject_unpack(buf_bytes(&b), &back));
	b.p[0] = 1;
	assert_true(subject_unpack(buf_bytes(&b), &back));
	b.p[b.n - 1] = 0xFF; /* no UTF-8 */
	assert_false(subject_unpack(buf_bytes(&b), &back));
	b.p[b.n - 1] = 'x';
	b.p[5] |= 0x80; /* a field that does not exist */
	assert_false(subject_unpack(buf_bytes(&b), &back));
	buf_fini(&b);
}

static void packed_rows_come_back(void **state)
{
	const struct subject s = some();
	struct subject back;
	struct buf b = {0};

	(void)state;
	subject_pack(&s, &b);
	assert_true(subject_unpack(buf_bytes(&b), &back));
	for (int i = 0; i < SUBJECT_COUNT; i++)
		assert_true(text_eq(s.f[i], back.f[i]));
	buf_fini(&b);
}

static void identity_is_compared_in_its_columns_alone(void **state)
{
	(void)state;
	for (int i = 0; i < SUBJECT_COUNT; i++) {
		struct subject a = some();
		struct subject b = some();
		enum subject_column column = SUBJECT_COUNT;
		bool same;

		b.f[i] = TEXT("other");
		same = subject_same_identity(&a, &b, &column);
		assert_int_equal(same, !subject_info[i].identity);
		if (!same)
			assert_int_equal(column, i);
	}
	assert_true(subject_info[SUBJECT_KANA].identity);
	assert_false(subject_info[SUBJECT_KAMOKU].identity);
	assert_false(subject_info[SUBJECT_ARREARS].identity);
}

static void columns_are_those_of_the_promise(void **state)
{
	(void)state;
	assert_int_equal(SUBJECT_COUNT, 33);
	assert_string_equal(subject_info[SUBJECT_BIRTH].name, "生(設立)年月日");
	assert_true(subject_info[SUBJECT_KAMOKU].must);
	assert_false(subject_info[SUBJECT_SEX].must);
	assert_int_equal(subject_info[SUBJECT_ADDRESS].max, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_any_truncation),
	    cmocka_unit_test(refuses_bad_bytes),
	    cmocka_unit_test(packed_rows_come_back),
	    cmocka_unit_test(identity_is_compared_in_its_columns_alone),
	    cmocka_unit_test(columns_are_those_of_the_promise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
