/* Tests of exchange/header.h. */
#include "exchange/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const char good[] =
    "{\"approval\":\"\",\"authority\":\"131041\","
    "\"created\":\"2026-10-14T10:00:00.000000+09:00\","
    "\"expires\":\"2026-11-14T10:00:00.000000+09:00\","
    "\"file\":\"131041-001-9601-0001\",\"hub\":\"hub-1\","
    "\"id\":\"00112233445566778899aabbccddeeff\","
    "\"institution\":\"9601\",\"kind\":\"request-file\","
    "\"link\":\"via-ward\",\"origin\":\"unit-1\",\"part\":0,\"parts\":0,"
    "\"payload\":\"00000000000000000000000000000000"
    "00000000000000000000000000000000\","
    "\"readers\":[\"9601\",\"131041\"],\"records\":455,\"ref\":\"\","
    "\"to\":\"9601\",\"version\":1,\"wave\":1}";

static void refused(const char *json)
{
	struct header h;
	struct err e;

	if (header_read(text_bytes(text_z(json)), &h, &e) != ERR_INPUT)
		fail_msg("accepted: %s", json);
	assert_string_equal(e.code, "message.malformed");
	assert_string_equal(h.id, ""); /* nothing of it is left */
}

/* good with the first old replaced by new. */
static void refused_with(const char *old, const char *new)
{
	const char *at = strstr(good, old);
	struct buf b = {0};

	assert_non_null(at);
	buf_add(&b, good, (size_t)(at - good));
	buf_z(&b, new);
	buf_z(&b, at + strlen(old));
	buf_byte(&b, '\0');
	refused((const char *)b.p);
	buf_fini(&b);
}

static void refuses_extra_missing_and_doubled_keys(void **state)
{
	(void)state;
	refused("");
	refused("{}");
	refused("[]");
	refused_with("\"wave\":1", "\"wave\":1,\"x\":1");
	refused_with("\"hub\":\"hub-1\",", "");
	refused_with("\"wave\":1", "\"wave\":1,\"wave\":1");
	refused_with("\"hub\":\"hub-1\"", "\"hub\":\"hub-1\",\"hub\":\"x\"");
	refused_with("\"version\":1", "\"version\":2");
}

static void refuses_what_is_not_canonical(void **state)
{
	(void)state;
	refused_with("{\"approval\"", " {\"approval\"");
	refused_with("\"wave\":1}", "\"wave\":1}\n");
	refused_with("\"wave\":1", "\"wave\": 1");
	refused_with("\"hub-1\"", "\"\\u0068ub-1\"");
	refused_with("+09:00", "Z");
	refused_with("\"records\":455", "\"records\":455.0");
	refused_with("\"records\":455", "\"records\":4.55e2");
}

static void refuses_numbers_out_of_bounds(void **state)
{
	(void)state;
	refused_with("\"records\":455", "\"records\":-1");
	refused_with("\"records\":455", "\"records\":1000001");
	refused_with(
	    "\"records\":455", "\"records\":99999999999999999999999999999999");
	refused_with("\"wave\":1}", "\"wave\":4294967296}");
	refused_with("\"part\":0", "\"part\":1");
	refused_with("\"parts\":0", "\"parts\":100001");
	refused_with("\"created\":\"2026", "\"created\":\"2027");
}

static void refuses_texts_of_another_form(void **state)
{
	(void)state;
	refused_with("\"to\":\"9601\"", "\"to\":\"\"");
	refused_with("\"to\":\"9601\"", "\"to\":\"12345678901234567\"");
	refused_with("\"to\":\"9601\"", "\"to\":\"96/01\"");
	refused_with("\"to\":\"9601\"", "\"to\":9601");
	refused_with("\"to\":\"9601\"", "\"to\":\"９６０１\"");
	refused_with("\"kind\":\"request-file\"", "\"kind\":\"request\"");
	refused_with("\"link\":\"via-ward\"", "\"link\":\"via\"");
	refused_with("00112233445566778899aabbccddeeff",
	    "00112233445566778899AABBCCDDEEFF");
	refused_with("00112233445566778899aabbccddeeff",
	    "00112233445566778899aabbccddeef");
	refused_with("131041-001-9601-0001", "../131041-001-9601-0001");
	refused_with("131041-001-9601-0001", ".131041-001-9601-0001");
	refused_with("\"ref\":\"\"", "\"ref\":\"00\"");
	refused_with("\"approval\":\"\"", "\"approval\":\"00\"");
	refused_with("\"131041\"]", "\"131041\",\"a\",\"b\",\"c\"]");
	refused_with("\"131041\"]", "1]");
	refused_with("[\"9601\",\"131041\"]", "{}");
}

static void refuses_deep_nesting_and_size(void **state)
{
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_z(&b, "[");
	for (int i = 0; i < 2000; i++)
		buf_z(&b, "]");
	buf_byte(&b, '\0');
	refused((const char *)b.p);
	buf_clear(&b);
	for (int i = 0; i < 4000; i++)
		buf_z(&b, "{\"a\":");
	buf_byte(&b, '\0');
	refused((const char *)b.p);
	buf_clear(&b);
	buf_add(&b, good, sizeof(good) - 2);
	for (int i = 0; i < 5000; i++)
		buf_z(&b, " ");
	buf_z(&b, "}");
	buf_byte(&b, '\0');
	refused((const char *)b.p);
	buf_fini(&b);
}

static void writes_what_it_read(void **state)
{
	struct header h;
	struct buf b = {0};
	struct err e;

	(void)state;
	assert_int_equal(
	    header_read(text_bytes(text_z(good)), &h, &e), ERR_NONE);
	assert_int_equal(h.kind, KIND_REQUEST_FILE);
	assert_int_equal(h.link, LINK_VIA_WARD);
	assert_int_equal(h.reader_count, 2);
	assert_string_equal(h.readers[1], "131041");
	assert_int_equal(h.records, 455);
	header_write(&h, &b);
	assert_true(text_is(buf_text(&b), good));
	buf_fini(&b);
}

static void names_every_kind(void **state)
{
	enum header_kind k;

	(void)state;
	for (int i = 0; i < KIND_COUNT; i++) {
		const char *name = header_kind_name((enum header_kind)i);

		assert_true(header_kind_named(text_z(name), &k));
		assert_int_equal(k, i);
	}
	assert_false(header_kind_named(TEXT("statu"), &k));
	assert_false(header_kind_named(TEXT(""), &k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_extra_missing_and_doubled_keys),
	    cmocka_unit_test(refuses_what_is_not_canonical),
	    cmocka_unit_test(refuses_numbers_out_of_bounds),
	    cmocka_unit_test(refuses_texts_of_another_form),
	    cmocka_unit_test(refuses_deep_nesting_and_size),
	    cmocka_unit_test(writes_what_it_read),
	    cmocka_unit_test(names_every_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
