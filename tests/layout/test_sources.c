/*
 * Which of a subject's names a layout sends: 通称, 旧氏, in Latin letters, in
 * kana, by its rule `from` and by what フリガナ確認 says of the reading
 * (docs/layout.md). From the ward's row on.
 */
#include "helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TOP "encoding: utf-8\nform: csv\nnewline: lf\n"
#define K HELPER_KANRI1

/* A row of the ward: キム チョルス, 金 哲秀, and what is given here. */
struct row {
	const char *confirmed;
	const char *alias;
	const char *alias_kana;
	const char *former;
	const char *former_kana;
	const char *roman;
};

static const struct row notarised = {"1", "", "", "", "", ""};
static const struct row unconfirmed = {"0", "", "", "", "", ""};
static const struct row unknown = {"", "", "", "", "", ""};
static const struct row alias = {
    "0", "金山 哲夫", "カナヤマ テツオ", "", "", "KIM CHOLSU"};
static const struct row alias_notarised = {
    "1", "金山 哲夫", "カナヤマ テツオ", "", "", "KIM CHOLSU"};
static const struct row former = {"1", "", "", "木村", "キムラ", ""};

static void subject_of(const struct row *row, struct subject *s)
{
	for (int i = 0; i < SUBJECT_COUNT; i++)
		s->f[i] = TEXT("");
	s->f[SUBJECT_ATENA] = TEXT("1");
	s->f[SUBJECT_PERSON] = TEXT("1");
	s->f[SUBJECT_KANA] = TEXT("キム チョルス");
	s->f[SUBJECT_KANJI] = TEXT("金 哲秀");
	s->f[SUBJECT_BIRTH] = TEXT("1970-01-02");
	s->f[SUBJECT_ADDRESS] = TEXT("東京都新宿区西新宿2-8-1");
	s->f[SUBJECT_KANA_CONFIRMED] = text_z(row->confirmed);
	s->f[SUBJECT_ALIAS] = text_z(row->alias);
	s->f[SUBJECT_ALIAS_KANA] = text_z(row->alias_kana);
	s->f[SUBJECT_FORMER_NAME] = text_z(row->former);
	s->f[SUBJECT_FORMER_KANA] = text_z(row->former_kana);
	s->f[SUBJECT_ROMAN] = text_z(row->roman);
}

/* The rows written, or "!" and the rule that held it; below: what else the
 * layout says of requests. */
static void ask(
    const char *column, const char *below, const struct row *row, char out[512])
{
	static const struct request_wave wave = {
	    .basis = {"jumin-331-6", 11},
	    .base_date = {"2026-11-01", 10},
	    .period = {"2023-11-01/2026-10-31", 21},
	    .order_code = {"131041001", 9},
	    .updated = {"2026-11-02", 10},
	};
	struct subject s;
	struct request r;
	struct layout_report report = {0};
	struct layout *l;
	struct buf b = {0};
	struct err e;
	char columns[512];

	(void)snprintf(columns, sizeof(columns),
	    "    - {item: 管理番号}\n    - {item: %s}\n%s", column, below);
	l = helper_vary(TOP, columns, NULL, &e);
	if (l == NULL)
		fail_msg("%s: %s %s", column, e.en, e.detail);
	subject_of(row, &s);
	request_fill(&s, &wave, "9601", K, &r);
	layout_begin_requests(l, "F", &b);
	layout_put_request(l, &r, &b, &report);
	layout_end_requests(l, !report.held, &b);
	if (report.held)
		(void)snprintf(out, 512, "!%s", report.hold.rule);
	else
		(void)snprintf(out, 512, "%.*s", (int)b.n, (const char *)b.p);
	buf_fini(&b);
	layout_free(l);
}

static const struct option {
	const char *column;
	const struct row *row;
	const char *due; /* behind the 管理番号; "!" and a rule: held */
} options[] = {
    /* The reading, whatever its state. */
    {"カナ氏名", &notarised, "キム チョルス"},
    {"カナ氏名", &unconfirmed, "キム チョルス"},
    {"カナ氏名", &unknown, "キム チョルス"},
    /* Only where it is notarised; else not sent, or held. */
    {"カナ氏名, from: 公証カナ氏名", &notarised, "キム チョルス"},
    {"カナ氏名, from: 公証カナ氏名", &unconfirmed, ""},
    {"カナ氏名, from: 公証カナ氏名, required: true", &notarised,
	"キム チョルス"},
    {"カナ氏名, from: 公証カナ氏名, required: true", &unconfirmed, "!required"},
    {"カナ氏名, from: 公証カナ氏名, required: true", &unknown, "!required"},
    /* Notarised first, else the name people go by, else any reading. */
    {"カナ氏名, from: [公証カナ氏名, 通称カナ, カナ氏名]", &alias_notarised,
	"キム チョルス"},
    {"カナ氏名, from: [公証カナ氏名, 通称カナ, カナ氏名]", &alias,
	"カナヤマ テツオ"},
    {"カナ氏名, from: [公証カナ氏名, 通称カナ, カナ氏名]", &unconfirmed,
	"キム チョルス"},
    /* 通称 first, with or without a reading of its own. */
    {"漢字氏名, from: [通称, 漢字氏名]", &alias, "金山 哲夫"},
    {"漢字氏名, from: [通称, 漢字氏名]", &notarised, "金 哲秀"},
    {"カナ氏名, from: [通称カナ, カナ氏名]", &alias_notarised,
	"カナヤマ テツオ"},
    {"カナ氏名, from: [通称カナ, カナ氏名]", &unknown, "キム チョルス"},
    /* In Latin letters. */
    {"カナ氏名, from: [英字名, 公証カナ氏名]", &alias, "KIM CHOLSU"},
    {"カナ氏名, from: [英字名, 公証カナ氏名]", &notarised, "キム チョルス"},
    {"カナ氏名, from: [英字名, 公証カナ氏名], required: true", &unconfirmed,
	"!required"},
    {"英字名", &alias, "KIM CHOLSU"},
    {"英字名, required: true", &notarised, "!required"},
    /* 旧氏 alone is a family name. */
    {"漢字氏名, from: [旧氏, 漢字氏名]", &former, "木村"},
    {"カナ氏名, from: [旧氏カナ, カナ氏名]", &former, "キムラ"},
    {"カナ氏名, from: [旧氏カナ, カナ氏名]", &notarised, "キム チョルス"},
};

static void each_source_is_what_the_rule_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const struct option *o = &options[i];
		char due[512];
		char got[512];

		if (o->due[0] == '!')
			(void)snprintf(due, sizeof(due), "%s", o->due);
		else
			(void)snprintf(due, sizeof(due), K ",%s\n", o->due);
		ask(o->column, "", o->row, got);
		if (strcmp(got, due) != 0)
			fail_msg("%s (フリガナ確認 %s): %s, due %s", o->column,
			    o->row->confirmed, got, due);
	}
}

/* A record under another name has that name's reading, whose state nobody
 * has told. */
static void another_name_is_not_notarised(void **state)
{
	char got[512];

	(void)state;
	ask("カナ氏名, from: [公証カナ氏名, カナ氏名]",
	    "  fan_out: {of: [通称], max: 2}\n", &alias_notarised, got);
	assert_string_equal(got, K ",キム チョルス\n" K ",カナヤマ テツオ\n");
	ask("カナ氏名, from: [公証カナ氏名, カナ氏名]",
	    "  fan_out: {of: [旧氏], max: 2}\n", &former, got);
	assert_string_equal(got, K ",キム チョルス\n" K ",キムラ チョルス\n");
}

static void the_state_makes_no_record_of_its_own(void **state)
{
	struct err e;

	(void)state;
	assert_null(helper_vary(TOP,
	    "    - {item: 管理番号}\n"
	    "  fan_out: {of: [公証カナ氏名], max: 2}\n",
	    NULL, &e));
	assert_string_equal(e.code, "layout.syntax");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_state_makes_no_record_of_its_own),
	    cmocka_unit_test(each_source_is_what_the_rule_says),
	    cmocka_unit_test(another_name_is_not_notarised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
