/* Tests of exchange/receipt.h. */
#include "exchange/receipt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define DIGEST                                                                 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char line[] =
    "{\"by\":\"unit-1\",\"code\":100,\"digest\":\"" DIGEST "\","
    "\"id\":\"00112233445566778899aabbccddeeff\","
    "\"time\":\"2026-10-14T10:00:00.000001+09:00\",\"to\":\"131041\"}\n";

static void refused(const char *lines)
{
	struct receipt r[2];
	struct err e;
	size_t n;

	if (receipt_parse(text_bytes(text_z(lines)), r, 2, &n, &e) != ERR_INPUT)
		fail_msg("accepted: %s", lines);
	assert_string_equal(e.code, "message.malformed");
}

static void refuses_lines_that_nobody_writes(void **state)
{
	(void)state;
	refused("\n");
	refused("{}\n");
	refused("{\"by\":\"u\",\"code\":101,\"digest\":\"" DIGEST
		"\",\"id\":\"\",\"time\":\"2026-10-14T10:00:00.000001+09:00\","
		"\"to\":\"w\"}\n");
	refused("{\"by\":\"u\",\"code\":100, \"digest\":\"" DIGEST
		"\",\"id\":\"\",\"time\":\"2026-10-14T10:00:00.000001+09:00\","
		"\"to\":\"w\"}\n");
	refused("{\"by\":\"u\",\"code\":100,\"digest\":\"" DIGEST
		"\",\"id\":\"\",\"time\":\"2026-10-14T10:00:00.000001+09:00\","
		"\"to\":\"w\",\"x\":1}\n");
	refused(
	    "{\"by\":\"uuuuuuuuuuuuuuuuu\",\"code\":100,\"digest\":\"" DIGEST
	    "\",\"id\":\"\",\"time\":\"2026-10-14T10:00:00.000001+09:00\","
	    "\"to\":\"w\"}\n");
}

static void refuses_a_cut_line_and_too_many(void **state)
{
	char cut[sizeof(line)];
	struct buf three = {0};

	(void)state;
	for (size_t n = 1; n < sizeof(line) - 1; n++) {
		(void)strcpy(cut, line);
		cut[n] = '\0';
		refused(cut);
	}
	for (int i = 0; i < 3; i++)
		buf_z(&three, line);
	buf_byte(&three, '\0');
	refused((const char *)three.p);
	buf_fini(&three);
}

static void writes_what_it_read(void **state)
{
	struct receipt r[2];
	struct buf b = {0};
	struct err e;
	size_t n;

	(void)state;
	buf_z(&b, line);
	buf_z(&b, line);
	assert_int_equal(receipt_parse(buf_bytes(&b), r, 2, &n, &e), ERR_NONE);
	assert_int_equal(n, 2);
	assert_int_equal(r[1].code, RECEIPT_ACCEPTED);
	assert_string_equal(r[1].by, "unit-1");
	assert_int_equal(r[0].time_us % 10, 1);
	buf_clear(&b);
	receipt_put(&r[0], &b);
	assert_true(text_is(buf_text(&b), line));
	assert_int_equal(receipt_parse(BYTES(NULL, 0), r, 2, &n, &e), ERR_NONE);
	assert_int_equal(n, 0);
	buf_fini(&b);
}

static void names_every_code_and_finds_it_again(void **state)
{
	struct err e;

	(void)state;
#define CHECK_(id, number, name)                                               \
	assert_string_equal(receipt_code_name(number), name);                  \
	err_set(&e, ERR_INPUT, "message." name, "", "");                       \
	assert_int_equal(receipt_code_of(&e), number);
	RECEIPT_CODES(CHECK_)
#undef CHECK_
	assert_null(receipt_code_name(0));
	assert_null(receipt_code_name(999));
	err_set(&e, ERR_FAULT, "fault", "", "");
	assert_int_equal(receipt_code_of(&e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_lines_that_nobody_writes),
	    cmocka_unit_test(refuses_a_cut_line_and_too_many),
	    cmocka_unit_test(writes_what_it_read),
	    cmocka_unit_test(names_every_code_and_finds_it_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
