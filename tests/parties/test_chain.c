/* Unit, hub and bank driven as step functions: what the chain does when
 * everybody keeps to the rules. */
#include "chain_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void check_answers(const struct world *w)
{
	assert_int_equal(w->answers.count, SUBJECTS);
	assert_int_equal(w->answers.classes[CLASS_FOUND], 10);
	assert_int_equal(w->answers.classes[CLASS_NONE], SUBJECTS - 10);
	assert_int_equal(w->answers.accounts, 10);
	assert_int_equal(w->answers.transactions, 20);
	assert_int_equal(
	    fixture_count(w->unit, "SELECT count(*) FROM outcome"), SUBJECTS);
	assert_int_equal(
	    fixture_count(w->bank, "SELECT count(*) FROM lookup"), SUBJECTS);
	assert_int_equal(fixture_count(w->unit,
			     "SELECT count(*) FROM file WHERE received_us > 0 "
			     "AND answered_us > 0 AND state = 'cleansed'"),
	    1);
	assert_int_equal(
	    fixture_count(w->hub, "SELECT count(*) FROM hub_file WHERE "
				  "answered = records AND forwarded_us > 0"),
	    1);
}

static void check_steps(
    const struct fixture_node *n, const char *list, size_t expected)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(DISTINCT no) FROM step WHERE no IN (%s) AND "
	    "reported = 1 AND signed_by = '%s'",
	    list, n->node.code);
	assert_int_equal(fixture_count(n, sql), expected);
	assert_int_equal(
	    fixture_count(n, "SELECT count(DISTINCT no) FROM step"), expected);
}

static void answers_come_back_over_a_linked_hub(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	world_subjects(&w);
	fixture_run(&w.f, 400);
	check_answers(&w);
	check_steps(w.unit, "3,4,13,14", 4);
	check_steps(w.hub, "5,6,11,12", 4);
	check_steps(w.bank, "7,8,9,10", 4);
	fixture_fini(&w.f);
}

static void answers_come_back_through_the_ward(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_VIA_WARD);
	world_subjects(&w);
	fixture_run(&w.f, 400);
	check_answers(&w);
	check_steps(w.unit, "3,4,17,18", 4);
	check_steps(w.hub, "7,8,13,14", 4);
	check_steps(w.bank, "9,10,11,12", 4);
	fixture_fini(&w.f);
}

static void lost_and_doubled_batches_change_nothing(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.f.lose_every = 2;
	w.f.double_every = 3;
	world_subjects(&w);
	fixture_run(&w.f, 3000);
	check_answers(&w);
	assert_int_equal(w.answers.messages, 1);
	fixture_fini(&w.f);
}

static void a_file_cancelled_before_the_bank_reads_it_is_cancelled(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.bank->stopped = true;
	world_subjects(&w);
	fixture_run(&w.f, 400);
	world_cancel(&w, "131041-001-9601-0001", BANK, "");
	fixture_run(&w.f, 400);
	w.bank->stopped = false;
	w.f.now_us += 120 * CLOCK_SECOND;
	fixture_run(&w.f, 1000);
	assert_int_equal(w.answers.count, 0);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM lookup"), 0);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM bank_file WHERE "
				  "state = 'cancelled'"),
	    1);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM file WHERE "
				  "state = 'cancelled'"),
	    1);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM hub_file WHERE "
				 "cancelled = records"),
	    1);
	fixture_fini(&w.f);
}

static void a_cancellation_after_the_answer_is_too_late(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	world_subjects(&w);
	fixture_run(&w.f, 400);
	world_cancel(&w, "131041-001-9601-0001", BANK, "");
	fixture_run(&w.f, 400);
	check_answers(&w);
	fixture_fini(&w.f);
}

static void a_cancelled_wave_sends_nothing_more(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.unit->node.window = 0; /* nothing may leave yet */
	world_subjects(&w);
	world_cancel(&w, "", "U001", "");
	fixture_run(&w.f, 400);
	w.unit->node.window = 8;
	fixture_run(&w.f, 400);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT coalesce(sum(records), 0) FROM file "
				  "WHERE state = 'cancelled' AND message = ''"),
	    SUBJECTS);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM lookup"), 0);
	fixture_fini(&w.f);
}

static void a_cancellation_that_overtakes_its_wave_waits_for_it(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	world_cancel(&w, "", "U001", "");
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM inbox WHERE state = 0"),
	    1);
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM inbox WHERE state = 0"),
	    0);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT cancelled FROM unit_wave"), 1);
	fixture_fini(&w.f);
}

static void a_new_import_takes_the_place_of_the_old_one(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	world_import(&w, 5); /* the same customers, born five days later */
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM customer"), 10);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM dealing"), 20);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM import"), 1);
	fixture_fini(&w.f);
}

static void a_bank_without_customers_lets_requests_wait(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	fixture_sql(w.bank, "UPDATE import SET state = 2");
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, 0);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM inbox WHERE state = 0"),
	    1);
	world_import(&w, 0);
	fixture_run(&w.f, 400);
	check_answers(&w);
	fixture_fini(&w.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers_come_back_over_a_linked_hub),
	    cmocka_unit_test(answers_come_back_through_the_ward),
	    cmocka_unit_test(lost_and_doubled_batches_change_nothing),
	    cmocka_unit_test(
		a_file_cancelled_before_the_bank_reads_it_is_cancelled),
	    cmocka_unit_test(a_cancellation_after_the_answer_is_too_late),
	    cmocka_unit_test(a_cancelled_wave_sends_nothing_more),
	    cmocka_unit_test(
		a_cancellation_that_overtakes_its_wave_waits_for_it),
	    cmocka_unit_test(a_new_import_takes_the_place_of_the_old_one),
	    cmocka_unit_test(a_bank_without_customers_lets_requests_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
