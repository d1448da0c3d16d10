/* helper.c — see helper.h. */
#include "helper.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct layout *helper_load(const char *yaml, struct err *e)
{
	struct layout *l;

	*e = (struct err){0};
	if (layout_load(BYTES(yaml, strlen(yaml)), "t.yaml", NULL, NULL, &l,
		e) != ERR_NONE)
		assert_null(l);
	return l;
}

struct layout *helper_real(int no)
{
	char path[512];
	struct buf b = {0};
	struct err e = {0};
	struct layout *l;

	(void)snprintf(
	    path, sizeof(path), "%s/%d/2025-04-01.yaml", LAYOUTS, 9601 + no);
	assert_int_equal(file_read(path, 1 << 20, &b, &e), ERR_NONE);
	assert_int_equal(
	    layout_load(buf_bytes(&b), path, NULL, NULL, &l, &e), ERR_NONE);
	buf_fini(&b);
	return l;
}

struct layout *helper_vary(
    const char *top, const char *columns, const char *answer, struct err *e)
{
	static const char right_top[] = "encoding: utf-8\nform: csv\n";
	static const char right_columns[] = "    - {item: 管理番号}\n";
	static const char right_answer[] =
	    "  detail:\n   columns:\n    - {item: 管理番号}\n"
	    "    - {item: 回答区分, map: {found: \"1\", none: \"2\", "
	    "review: \"3\", partial: \"4\", paper: \"5\", invalid: \"6\", "
	    "refused: \"7\"}}\n";
	char yaml[16384];

	(void)snprintf(yaml, sizeof(yaml),
	    "layout: 1\ninstitution: {code: \"9699\", name: 架空試験銀行}\n"
	    "valid_from: 2025-04-01\n%srequest:\n  file_name: a{seq}\n"
	    "  detail:\n   columns:\n%sanswer:\n%s",
	    top ? top : right_top, columns ? columns : right_columns,
	    answer ? answer : right_answer);
	return helper_load(yaml, e);
}

const char *helper_kanri(int ordinal, char out[32])
{
	struct kanri k = {.authority = "131041",
	    .institution = "9601",
	    .wave = 1,
	    .ordinal = (uint32_t)ordinal};

	assert_true(kanri_format(&k, out));
	return out;
}

void helper_person(struct request *r, const char *kanri)
{
	*r = (struct request){
	    .f = {
		[REQUEST_INQUIRY] = text_z(kanri),
		[REQUEST_LINK] = text_z(kanri),
		[REQUEST_ORDER_CODE] = TEXT("131041-001"),
		[REQUEST_PERSON] = TEXT("1"),
		[REQUEST_KANA] = TEXT("キャノン ヨーコ"),
		[REQUEST_KANJI] = TEXT("髙﨑 洋子"),
		[REQUEST_BIRTH] = TEXT("1985-04-09"),
		[REQUEST_SEX] = TEXT("2"),
		[REQUEST_POSTAL] = TEXT("1600023"),
		[REQUEST_ADDRESS] = TEXT("東京都新宿区西新宿2-8-1"),
		[REQUEST_BRANCH] = TEXT("001"),
		[REQUEST_ACCOUNT_KIND] = TEXT("2"),
		[REQUEST_ACCOUNT] = TEXT("0012345"),
		[REQUEST_CUSTOMER] = TEXT("00098"),
		[REQUEST_BASIS] = TEXT("jumin-331-6"),
		[REQUEST_BASE_DATE] = TEXT("2026-10-01"),
		[REQUEST_PERIOD] = TEXT("2025-10-01/2026-09-30"),
		[REQUEST_FREE] = TEXT("A-1"),
	    }};
}
