/* Tests of parties/ward_halt.h and unit_halt.h: a stop, a decision and a
 * withdrawal that come when the subjects are at the unit already. */
#include "ward_fixture.h"

#include "parties/reconcile.h"
#include "parties/unit_halt.h"
#include "parties/ward_cancel.h"
#include "parties/ward_check.h"
#include "parties/ward_inquiry.h"
#include "parties/ward_reconcile.h"
#include "parties/ward_show.h"
#include "parties/ward_stop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SUBJECTS OFFICE_SUBJECTS
#define OPEN_WINDOW 8
#define FILE_1 "131041-001-9601-0001"
#define FILE_2 "131041-001-9601-0002"

static void run(struct office *o)
{
	fixture_run(&o->f, 4000);
	o->c->arena = &o->f.arena;
	o->c->now_us = o->f.now_us;
}

/* A wave at the unit, whose window is shut: nothing is converted. */
static uint32_t open_waiting(struct office *o, enum node_link link)
{
	struct ward_order order = office_order();
	uint32_t wave;

	office_chain(o, link);
	o->unit->node.window = 0;
	wave = office_wave(o, &order);
	office_release(o);
	run(o);
	assert_int_equal(
	    fixture_count(o->unit, "SELECT count(*) FROM snapshot"), SUBJECTS);
	return wave;
}

static void convert(struct office *o)
{
	o->unit->node.window = OPEN_WINDOW;
	run(o);
}

/* The day's difference: subject n pays by instalments, or no longer does. */
static void measure(struct office *o, int n, const char *measures)
{
	struct ward_import_result r;
	char row[300];

	(void)snprintf(row, sizeof(row),
	    "%010d,1,カクウ タロウ,架空 太郎,1970-01-%02d,1,1600022,"
	    "東京都新宿区新宿1-1-%d,1,1000,,%s,\n",
	    n, (n - 1) % 28 + 1, n, measures);
	assert_int_equal(office_import(o, row, true, &r), ERR_NONE);
	assert_int_equal(r.stopped, measures[0] != '\0');
}

static void decide(struct office *o, const char *atena, bool go)
{
	assert_int_equal(
	    ward_stop_decide(o->c, atena, go, "sato", &o->e), ERR_NONE);
}

static void row(void *ctx, const struct reconcile_row *r)
{
	bool *good = ctx;

	*good = *good && r->ok;
	if (!r->ok)
		(void)fprintf(stderr, "%s %s: %s\n", r->scope, r->id, r->why);
}

static void expect_reconciled(struct office *o)
{
	bool good = true;
	const struct reconcile_sink sink = {.row = row, .ctx = &good};

	assert_int_equal(ward_reconcile(o->c, &sink, &o->e), ERR_NONE);
	o->unit->work.context.arena = &o->f.arena;
	assert_int_equal(
	    reconcile_unit(&o->unit->work.context, &sink, &o->e), ERR_NONE);
	assert_true(good);
}

/* Every inquiry that was sent is answered, none was looked up twice. */
static void expect_end(struct office *o, uint32_t wave, int64_t sent)
{
	struct ward_counts w = office_counts(o, wave);

	expect_reconciled(o);
	assert_string_equal(w.w.state, "closed");
	assert_int_equal(w.all.sent, sent);
	assert_int_equal(w.all.answered, sent);
	assert_int_equal(w.all.held, 0);
	assert_int_equal(w.all.cancelled_before, SUBJECTS - sent);
	assert_int_equal(w.stopped, 0);
	assert_int_equal(fixture_count(o->bank,
			     "SELECT count(DISTINCT inquiry) FROM lookup"),
	    sent);
	assert_int_equal(
	    fixture_count(o->bank, "SELECT count(*) FROM lookup"), sent);
}

static void expect_held(struct office *o, uint32_t wave, int64_t held)
{
	struct ward_counts w = office_counts(o, wave);

	assert_int_equal(w.all.held, held);
	assert_int_equal(w.stopped, held);
	assert_int_equal(w.all.sent, SUBJECTS - held);
	assert_int_equal(w.all.answered, SUBJECTS - held);
	/* Somebody may still say go. */
	assert_string_equal(w.w.state, "sent");
	assert_int_equal(fixture_count(o->bank, "SELECT count(*) FROM lookup"),
	    SUBJECTS - held);
	expect_reconciled(o);
}

static void what_waits_at_the_unit_is_held_until_go(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	measure(&o, 5, "分納");
	measure(&o, 7, "猶予");
	run(&o);
	convert(&o);
	expect_held(&o, wave, 2);
	decide(&o, "0000000005", true);
	run(&o);
	expect_held(&o, wave, 1);
	decide(&o, "0000000007", true);
	run(&o);
	expect_end(&o, wave, SUBJECTS);
	/* Each in a file of its own, which the steps of the flow count. */
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM file"
					       " WHERE listed = 1"),
	    2);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT sum(inquiries) FROM step WHERE"
				  " no = 4 AND file <> ''"),
	    SUBJECTS);
	office_close(&o);
}

static void drop_withdraws_what_is_held(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	measure(&o, 5, "完納");
	measure(&o, 7, "猶予");
	run(&o);
	/* One before the conversion, one after. */
	decide(&o, "0000000005", false);
	run(&o);
	convert(&o);
	decide(&o, "0000000007", false);
	run(&o);
	expect_end(&o, wave, SUBJECTS - 2);
	/* A withdrawal is final. */
	decide(&o, "0000000007", true);
	run(&o);
	expect_end(&o, wave, SUBJECTS - 2);
	office_close(&o);
}

static void go_before_the_conversion_leaves_no_trace_in_the_files(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	measure(&o, 5, "分納");
	run(&o);
	assert_int_equal(office_counts(&o, wave).all.held, 1);
	decide(&o, "0000000005", true);
	run(&o);
	convert(&o);
	expect_end(&o, wave, SUBJECTS);
	assert_int_equal(fixture_count(o.unit, "SELECT count(*) FROM file"), 1);
	office_close(&o);
}

static void a_measure_that_is_gone_releases(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	measure(&o, 5, "分納");
	run(&o);
	convert(&o);
	expect_held(&o, wave, 1);
	measure(&o, 5, "");
	run(&o);
	expect_end(&o, wave, SUBJECTS);
	office_close(&o);
}

static const char *halt_of(
    struct office *o, uint32_t wave, uint32_t ordinal, char out[24])
{
	const struct kanri k = {.authority = OFFICE_WARD,
	    .institution = OFFICE_BANK,
	    .wave = wave,
	    .ordinal = ordinal};
	char number[KANRI_TEXT];
	json_t *j;
	const char *z;

	assert_true(kanri_format(&k, number));
	assert_int_equal(
	    ward_inquiry_show(o->c, text_z(number), &o->officer, &j, &o->e),
	    ERR_NONE);
	z = json_string_value(
	    json_object_get(json_object_get(j, "halt"), "result"));
	(void)snprintf(out, 24, "%s", z != NULL ? z : "");
	json_decref(j);
	return out;
}

static void what_has_left_is_told_as_too_late_and_stays(void **state)
{
	struct ward_counts w;
	struct office o;
	char word[24];
	uint32_t wave;
	json_t *j;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	o.bank->stopped = true;
	convert(&o);
	measure(&o, 5, "分納");
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.held, 0);
	assert_int_equal(w.too_late, 1);
	assert_string_equal(halt_of(&o, wave, 5, word), "too_late");
	assert_string_equal(halt_of(&o, wave, 6, word), "");
	assert_int_equal(ward_show(o.c, wave, &j, &o.e), ERR_NONE);
	assert_int_equal(json_integer_value(json_object_get(j, "too_late")), 1);
	json_decref(j);
	decide(&o, "0000000005", false);
	run(&o);
	o.bank->stopped = false;
	o.f.now_us += 120 * CLOCK_SECOND;
	run(&o);
	expect_end(&o, wave, SUBJECTS);
	office_close(&o);
}

/* The unit has converted; the ward does not know it yet. */
static void a_withdrawal_that_is_too_late_is_told(void **state)
{
	const struct kanri k = {.authority = OFFICE_WARD,
	    .institution = OFFICE_BANK,
	    .wave = 1,
	    .ordinal = 5};
	char number[KANRI_TEXT];
	struct office o;
	char word[24];
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	assert_true(kanri_format(&k, number));
	o.ward->stopped = true;
	convert(&o);
	assert_int_equal(ward_inquiry_withdraw(
			     o.c, text_z(number), &o.officer, "納付あり", &o.e),
	    ERR_NONE);
	assert_string_equal(halt_of(&o, wave, 5, word), "asked");
	o.ward->stopped = false;
	o.f.now_us += 120 * CLOCK_SECOND;
	run(&o);
	assert_string_equal(halt_of(&o, wave, 5, word), "too_late");
	assert_int_equal(office_counts(&o, wave).too_late, 1);
	expect_end(&o, wave, SUBJECTS);
	office_close(&o);
}

static enum err_class send_write(struct store_tx *tx, void *arg, struct err *e)
{
	return party_send(tx, arg, FIXTURE_NOW, e);
}

static void say_halt(struct office *o, uint32_t wave, const char *act, int no)
{
	struct ward_cancel what = {.to = OFFICE_UNIT,
	    .wave = wave,
	    .institution = "",
	    .hub = "",
	    .file = "",
	    .inquiry = "-",
	    .reason = "",
	    .records = 1};
	struct party_sending s;

	what.halts = json_pack("[[i,s,s,i]]", 5, "", act, no);
	assert_int_equal(ward_cancel_message(o->c, &what, &s, &o->e), ERR_NONE);
	json_decref(what.halts);
	assert_int_equal(
	    store_run(o->c->store, send_write, &s, &o->e), ERR_NONE);
	run(o);
}

static int64_t held_at_unit(const struct office *o)
{
	return fixture_count(
	    o->unit, "SELECT count(*) FROM halted WHERE state = 'held'");
}

static void the_later_order_counts_in_whatever_order_they_come(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	say_halt(&o, wave, "release", 2);
	say_halt(&o, wave, "hold", 1);
	assert_int_equal(held_at_unit(&o), 0);
	say_halt(&o, wave, "hold", 3);
	say_halt(&o, wave, "hold", 3);
	assert_int_equal(held_at_unit(&o), 1);
	say_halt(&o, wave, "release", 2);
	assert_int_equal(held_at_unit(&o), 1);
	convert(&o);
	say_halt(&o, wave, "release", 4);
	say_halt(&o, wave, "hold", 3);
	expect_end(&o, wave, SUBJECTS);
	office_close(&o);
}

static void refuses_orders_that_are_not_of_their_form(void **state)
{
	static const char *const acts[] = {"", "go", "HOLD"};
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		say_halt(&o, wave, acts[i], 1);
	say_halt(&o, wave, "hold", 0);
	assert_int_equal(fixture_count(o.unit, "SELECT count(*) FROM inbox"
					       " WHERE state = 2 AND code ="
					       " 'message.malformed'"),
	    4);
	assert_int_equal(
	    fixture_count(o.unit, "SELECT count(*) FROM halted"), 0);
	assert_int_equal(
	    fixture_count(
		o.unit, "SELECT count(*) FROM unit_wave WHERE cancelled = 1"),
	    0);
	office_close(&o);
}

static void lost_and_doubled_messages_change_nothing(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	o.f.lose_every = 3;
	o.f.double_every = 2;
	measure(&o, 5, "分納");
	measure(&o, 6, "分納");
	for (int i = 0; i < 10; i++) {
		run(&o);
		o.f.now_us += 60 * CLOCK_SECOND;
	}
	o.unit->node.window = OPEN_WINDOW;
	decide(&o, "0000000005", true);
	for (int i = 0; i < 20; i++) {
		run(&o);
		o.f.now_us += 60 * CLOCK_SECOND;
	}
	decide(&o, "0000000006", true);
	for (int i = 0; i < 20; i++) {
		run(&o);
		o.f.now_us += 60 * CLOCK_SECOND;
	}
	expect_end(&o, wave, SUBJECTS);
	office_close(&o);
}

static void a_cancelled_wave_withdraws_what_is_held(void **state)
{
	struct ward_counts w;
	struct office o;
	const char *now;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o, LINK_DIRECT);
	measure(&o, 5, "分納");
	run(&o);
	convert(&o);
	expect_held(&o, wave, 1);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_NONE);
	run(&o);
	decide(&o, "0000000005", true);
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.held, 0);
	assert_int_equal(w.all.cancelled_before, 1);
	expect_reconciled(&o);
	assert_int_equal(
	    fixture_count(o.bank, "SELECT count(*) FROM lookup"), SUBJECTS - 1);
	office_close(&o);
}

/* Of a wave that never left the unit would wait for ever. */
static void one_held_in_a_wave_that_never_left_is_told_to_nobody(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	const char *now;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	wave = office_wave(&o, &order);
	measure(&o, 5, "完納");
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_NONE);
	decide(&o, "0000000005", false);
	office_release(&o);
	run(&o);
	assert_int_equal(
	    fixture_count(
		o.unit, "SELECT count(*) FROM message WHERE kind = 'cancel'"),
	    0);
	expect_reconciled(&o);
	office_close(&o);
}

static void one_left_out_at_the_ward_is_no_business_of_the_unit(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	wave = office_wave(&o, &order);
	measure(&o, 5, "分納");
	office_release(&o);
	run(&o);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM halt"), 0);
	measure(&o, 5, "分納|猶予");
	decide(&o, "0000000005", true);
	run(&o);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM halt"), 0);
	expect_end(&o, wave, SUBJECTS - 1);
	office_close(&o);
}

struct checks {
	struct office *o;
	int64_t stopped;
};

static enum err_class checks_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct checks *x = arg;
	struct ward_check *k;
	size_t n;

	TRY(ward_check_list(tx, x->o->c, "waiting", NULL, &k, &n, e));
	x->stopped = n == 1 ? k[0].stopped : -2;
	return ERR_NONE;
}

/* In the one file that waits. */
static int64_t stopped_in_check(struct office *o)
{
	struct checks x = {.o = o};

	assert_int_equal(
	    store_read(o->c->store, checks_read, &x, &o->e), ERR_NONE);
	return x.stopped;
}

static void the_officer_sees_who_was_stopped_in_a_file_to_check(void **state)
{
	struct office o;
	uint32_t wave;
	int64_t done;

	(void)state;
	wave = open_waiting(&o, LINK_VIA_WARD);
	measure(&o, 7, "猶予"); /* held: not in the file */
	run(&o);
	convert(&o);
	assert_int_equal(stopped_in_check(&o), 0);
	measure(&o, 5, "分納");
	assert_int_equal(stopped_in_check(&o), 1);
	run(&o);
	assert_int_equal(stopped_in_check(&o), 1);
	decide(&o, "0000000005", true);
	assert_int_equal(stopped_in_check(&o), 0);
	decide(&o, "0000000007", true);
	run(&o);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    ward_check_approve(o.c, FILE_1, &o.officer, &done, &o.e),
		    ERR_NONE);
		assert_int_equal(
		    ward_check_approve(o.c, FILE_2, &o.officer, &done, &o.e),
		    ERR_NONE);
		run(&o);
	}
	expect_end(&o, wave, SUBJECTS);
	office_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_orders_that_are_not_of_their_form),
	    cmocka_unit_test(what_waits_at_the_unit_is_held_until_go),
	    cmocka_unit_test(drop_withdraws_what_is_held),
	    cmocka_unit_test(
		go_before_the_conversion_leaves_no_trace_in_the_files),
	    cmocka_unit_test(a_measure_that_is_gone_releases),
	    cmocka_unit_test(what_has_left_is_told_as_too_late_and_stays),
	    cmocka_unit_test(a_withdrawal_that_is_too_late_is_told),
	    cmocka_unit_test(
		the_later_order_counts_in_whatever_order_they_come),
	    cmocka_unit_test(lost_and_doubled_messages_change_nothing),
	    cmocka_unit_test(a_cancelled_wave_withdraws_what_is_held),
	    cmocka_unit_test(
		one_held_in_a_wave_that_never_left_is_told_to_nobody),
	    cmocka_unit_test(
		one_left_out_at_the_ward_is_no_business_of_the_unit),
	    cmocka_unit_test(
		the_officer_sees_who_was_stopped_in_a_file_to_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
