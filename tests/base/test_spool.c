/* Tests of what is kept in temporary files: rows, and who has been seen. */
#include "base/seen.h"
#include "base/spool.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define ROW 24
#define ROWS 40000 /* nearly four blocks */
#define KEYS 300000

static char folder[] = "/tmp/shokai-spool-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int drop_folder(void **state)
{
	(void)state;
	return rmdir(folder); /* nothing stays in it */
}

static void put_row(char row[ROW], int i, const char *word)
{
	memset(row, 0, ROW);
	(void)snprintf(row, ROW, "%s %d", word, i);
}

static void gives_back_what_was_added_and_overwritten(void **state)
{
	struct spool s;
	struct err e;
	char row[ROW];
	char got[2 * ROW];

	(void)state;
	spool_init(&s, folder);
	for (int i = 0; i < ROWS; i++) {
		put_row(row, i, "row");
		assert_int_equal(spool_add(&s, row, ROW, &e), ERR_NONE);
	}
	assert_int_equal(spool_size(&s), (uint64_t)ROWS * ROW);
	for (int i = 0; i < ROWS; i += 7) {
		put_row(row, i, "new");
		assert_int_equal(
		    spool_put(&s, (uint64_t)i * ROW, row, ROW, &e), ERR_NONE);
	}
	/* Two at a time, some of them over the edge of file and tail. */
	for (int i = 0; i + 1 < ROWS; i++) {
		assert_int_equal(
		    spool_get(&s, (uint64_t)i * ROW, got, sizeof(got), &e),
		    ERR_NONE);
		for (int k = 0; k < 2; k++) {
			put_row(row, i + k, (i + k) % 7 == 0 ? "new" : "row");
			assert_memory_equal(got + k * ROW, row, ROW);
		}
	}
	spool_fini(&s);
}

static void a_small_one_makes_no_file(void **state)
{
	struct spool s;
	struct err e;
	char c = 'x';

	(void)state;
	spool_init(&s, "/nowhere");
	assert_int_equal(spool_add(&s, &c, 1, &e), ERR_NONE);
	c = 0;
	assert_int_equal(spool_get(&s, 0, &c, 1, &e), ERR_NONE);
	assert_int_equal(c, 'x');
	spool_fini(&s);
}

static void a_folder_that_is_not_there_is_a_fault(void **state)
{
	static char big[1 << 20];
	struct spool s;
	struct err e;

	(void)state;
	spool_init(&s, "/nowhere");
	assert_int_equal(spool_add(&s, big, sizeof(big), &e), ERR_FAULT);
	spool_fini(&s);
}

static void knows_each_key_and_no_other(void **state)
{
	struct seen *s = seen_new(folder);
	uint32_t number;
	struct err e;

	(void)state;
	for (uint64_t i = 1; i <= KEYS; i++) {
		assert_int_equal(seen_find(s, i * 3, &number, &e), ERR_NONE);
		assert_int_equal(number, 0);
		assert_int_equal(
		    seen_take(s, i * 3, (uint32_t)i, &number, &e), ERR_NONE);
		assert_int_equal(number, 0);
	}
	for (uint64_t i = 1; i <= KEYS; i += 101) {
		assert_int_equal(seen_find(s, i * 3, &number, &e), ERR_NONE);
		assert_int_equal(number, i);
		assert_int_equal(
		    seen_find(s, i * 3 + 1, &number, &e), ERR_NONE);
		assert_int_equal(number, 0);
	}
	seen_free(s);
}

static void takes_a_key_once(void **state)
{
	struct seen *s = seen_new(folder);
	uint32_t before;
	struct err e;

	(void)state;
	for (uint32_t i = 1; i <= KEYS; i++) {
		assert_int_equal(seen_take(s, i * 7, i, &before, &e), ERR_NONE);
		assert_int_equal(before, 0);
	}
	for (uint32_t i = 1; i <= KEYS; i += 101) {
		assert_int_equal(
		    seen_take(s, i * 7, i + 1, &before, &e), ERR_NONE);
		assert_int_equal(before, i);
		assert_int_equal(seen_find(s, i * 7, &before, &e), ERR_NONE);
		assert_int_equal(before, i);
	}
	seen_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_back_what_was_added_and_overwritten),
	    cmocka_unit_test(a_small_one_makes_no_file),
	    cmocka_unit_test(a_folder_that_is_not_there_is_a_fault),
	    cmocka_unit_test(knows_each_key_and_no_other),
	    cmocka_unit_test(takes_a_key_once),
	};

	return cmocka_run_group_tests_name(
	    "base/spool", tests, make_folder, drop_folder);
}
