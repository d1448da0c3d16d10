/* Tests of parties/ward_import.h, ward_stop.h. */
#include "ward_fixture.h"

#include "parties/ward_stop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PERSON "1,カクウ ハナコ,架空 花子,1980-02-03,2,1600022,新宿区新宿1-1-1,"

static void refuses_a_bad_file_whole(void **state)
{
	const struct ward_import how = {0};
	struct ward_import_result r;
	struct office o;
	char *before;
	char *after;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	before = office_dump(&o);
	assert_int_equal(
	    office_import_text(&o, "宛名番号,何か\n1,2\n", &how, &r),
	    ERR_INPUT);
	assert_string_equal(o.e.code, "subjects.header");
	/* Good rows before a broken end change nothing either. */
	assert_int_equal(
	    office_import(
		&o, "0000000009," PERSON "1,5,,,\n0000000010,\"1", false, &r),
	    ERR_INPUT);
	assert_string_equal(o.e.code, "subjects.quotes");
	after = office_dump(&o);
	assert_string_equal(before, after);
	free(before);
	free(after);
	office_close(&o);
}

static void refuses_duplicates_and_conflicts_alone(void **state)
{
	struct ward_import_result r;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	assert_int_equal(office_import(&o,
			     "0000000001," PERSON "1,500,,,\n"
			     "0000000001," PERSON "1,500,,,\n"
			     "0000000001," PERSON "3,700,,,\n"
			     "0000000001,1,ベツ ジン,別人,1980-02-03,2,"
			     "1600022,新宿区新宿1-1-1,2,1,,,\n"
			     "0000000002," PERSON "1,1,,,\n",
			     false, &r),
	    ERR_NONE);
	assert_int_equal(r.accepted, 3);
	assert_int_equal(r.refused, 2);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM claim"), 3);
	office_close(&o);
}

static void the_same_file_again_changes_nothing(void **state)
{
	struct ward_import_result r;
	struct office o;
	char *before;
	char *after;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 20);
	before = office_dump(&o);
	o.c->now_us += CLOCK_DAY;
	office_subjects(&o, 20);
	after = office_dump(&o);
	assert_string_equal(before, after);
	assert_int_equal(
	    office_import(&o, "0000000001," PERSON "1,5,,,\n", true, &r),
	    ERR_NONE);
	assert_int_equal(r.changed, 1);
	free(before);
	free(after);
	office_close(&o);
}

static void a_dry_run_says_the_same_and_writes_nothing(void **state)
{
	const struct ward_import dry = {.dry_run = true};
	struct ward_import_result r;
	struct office o;
	char *before;
	char *after;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	before = office_dump(&o);
	assert_int_equal(
	    office_import_text(&o,
		"宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,科目,"
		"滞納額,処分状況\n"
		"0000000009,1,カクウ,架空,1980-02-03,新宿区,1,5,分納\n",
		&dry, &r),
	    ERR_NONE);
	after = office_dump(&o);
	assert_string_equal(before, after);
	assert_int_equal(r.changed, 4);
	assert_int_equal(r.removed, 3);
	assert_int_equal(r.stopped, 1);
	free(before);
	free(after);
	office_close(&o);
}

static void absent_claims_go_unless_asked_for_or_in_doubt(void **state)
{
	struct ward_order order = office_order();
	struct ward_pick pick = {TEXT("0000000002"), TEXT(""), 2};
	struct ward_import_result r;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	order.listed = true;
	order.picks = &pick;
	order.pick_count = 1;
	(void)office_wave(&o, &order);
	/* A refused row is not an absent one: nothing is deleted. */
	assert_int_equal(office_import(&o,
			     "0000000009," PERSON "1,5,,,\n"
			     "0000000003," PERSON "1,x,,,\n",
			     false, &r),
	    ERR_NONE);
	assert_int_equal(r.refused, 1);
	assert_int_equal(r.removed, 0);
	assert_int_equal(
	    office_import(&o, "0000000009," PERSON "1,5,,,\n", false, &r),
	    ERR_NONE);
	assert_int_equal(r.removed, 2);
	assert_int_equal(r.kept, 1);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM subject"), 2);
	office_close(&o);
}

static void differences_leave_the_absent_and_describe_one_person(void **state)
{
	struct ward_import_result r;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	assert_int_equal(office_import(&o,
			     "0000000001," PERSON "1,500,,,\n"
			     "0000000001," PERSON "3,700,,,\n"
			     "0000000002," PERSON "1,1,,,\n",
			     false, &r),
	    ERR_NONE);
	assert_int_equal(office_import(&o,
			     "0000000001,1,アラタ ハナコ,新 花子,1980-02-03,2,"
			     "1600022,新宿区新宿9-9-9,1,400,,,\n",
			     true, &r),
	    ERR_NONE);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM claim"), 3);
	/* Both claims of the person know the new address. */
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM claim WHERE "
				  "instr(record, CAST('9-9-9' AS BLOB)) > 0"),
	    2);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM subject WHERE "
				  "kanji = '新 花子'"),
	    1);
	office_close(&o);
}

static void measures_stop_until_decided_or_lifted(void **state)
{
	struct ward_import_result r;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	assert_int_equal(office_import(&o,
			     "0000000001," PERSON "1,500,,分納|猶予,\n"
			     "0000000002," PERSON "1,1,2026-01-02,,\n"
			     "0000000003," PERSON "1,1,,,\n",
			     false, &r),
	    ERR_NONE);
	assert_int_equal(r.stopped, 2);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM stop"), 3);
	assert_int_equal(
	    ward_stop_decide(o.c, "0000000003", true, "sato", &o.e), ERR_INPUT);
	assert_int_equal(
	    ward_stop_decide(o.c, "0000000002", true, "sato", &o.e), ERR_NONE);
	assert_int_equal(
	    office_import(&o, "0000000001," PERSON "1,500,,,\n", true, &r),
	    ERR_NONE);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM stop WHERE "
				  "decision = 'lifted'"),
	    2);
	assert_int_equal(fixture_count(o.ward,
			     "SELECT count(*) FROM stop WHERE decision = 'go'"),
	    1);
	office_close(&o);
}

static void every_change_is_in_the_log(void **state)
{
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 6000);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT sum(records) FROM log WHERE "
				  "action = 'change' AND actor = 'test'"),
	    6000);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM log WHERE "
					       "action = 'import'"),
	    1);
	office_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_a_bad_file_whole),
	    cmocka_unit_test(refuses_duplicates_and_conflicts_alone),
	    cmocka_unit_test(the_same_file_again_changes_nothing),
	    cmocka_unit_test(a_dry_run_says_the_same_and_writes_nothing),
	    cmocka_unit_test(absent_claims_go_unless_asked_for_or_in_doubt),
	    cmocka_unit_test(
		differences_leave_the_absent_and_describe_one_person),
	    cmocka_unit_test(measures_stop_until_decided_or_lifted),
	    cmocka_unit_test(every_change_is_in_the_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
