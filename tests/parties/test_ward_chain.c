/*
 * The ward with a real unit, hub and bank: every step of both flows, by the
 * step functions over real databases.
 */
#include "ward_fixture.h"

#include "base/file.h"
#include "parties/bank.h"
#include "parties/ward_check.h"
#include "parties/ward_export.h"
#include "parties/ward_inquiry.h"
#include "parties/ward_reconcile.h"
#include "parties/ward_show.h"
#include "parties/ward_wave.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SUBJECTS OFFICE_SUBJECTS

static void run(struct office *o)
{
	fixture_run(&o->f, 4000);
	o->c->arena = &o->f.arena;
	o->c->now_us = o->f.now_us;
}

struct rows {
	int n;
	bool good;
};

static void row(void *ctx, const struct reconcile_row *r)
{
	struct rows *x = ctx;

	x->n++;
	x->good = x->good && r->ok;
	if (!r->ok)
		(void)fprintf(stderr, "%s %s: %s\n", r->scope, r->id, r->why);
}

static void expect_reconciled(struct office *o)
{
	struct rows x = {.good = true};
	const struct reconcile_sink sink = {.row = row, .ctx = &x};

	assert_int_equal(ward_reconcile(o->c, &sink, &o->e), ERR_NONE);
	assert_true(x.good);
	assert_true(x.n >= 2);
}

/* Whatever is kept for showing: what is right is told by the rows. */
static void expect_wrong_counts_found(struct office *o)
{
	static const char *const wrong[][2] = {
	    {"UPDATE claim_tally SET n = n + 1 WHERE kamoku = ''",
		"UPDATE claim_tally SET n = n - 1 WHERE kamoku = ''"},
	    {"UPDATE claim_tally SET n = n - 1 WHERE kamoku <> ''",
		"UPDATE claim_tally SET n = n + 1 WHERE kamoku <> ''"},
	    {"UPDATE step_tally SET inquiries = inquiries + 1 WHERE no = 4",
		"UPDATE step_tally SET inquiries = inquiries - 1 WHERE no = 4"},
	    {"UPDATE step_tally SET no = 99 WHERE no = 4",
		"UPDATE step_tally SET no = 4 WHERE no = 99"},
	    {"UPDATE file_tally SET n = n - 1, class = 3 WHERE class = 0", ""},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct rows x = {.good = true};
		const struct reconcile_sink sink = {.row = row, .ctx = &x};

		fixture_sql(o->ward, wrong[i][0]);
		assert_int_equal(ward_reconcile(o->c, &sink, &o->e), ERR_NONE);
		assert_false(x.good);
		if (wrong[i][1][0] != '\0') {
			fixture_sql(o->ward, wrong[i][1]);
			expect_reconciled(o);
		}
	}
}

static enum err_class steps_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct office *o = arg;
	const struct step s[] = {
	    {OFFICE_WARD, 1, "part-1", "", 1, OFFICE_WARD, 1, 5, OFFICE_WARD},
	    {OFFICE_WARD, 1, "part-9", "", 1, OFFICE_UNIT, 1, 5, OFFICE_UNIT},
	    {OFFICE_WARD, 1, "part-9", "", 2, OFFICE_UNIT, 1, 5, OFFICE_UNIT},
	};

	/* One of a file that has it already, two that are new; and again. */
	TRY(message_steps(tx, &o->f.arena, s, 3, e));
	TRY(message_steps(tx, &o->f.arena, s, 3, e));
	return message_step(tx, &s[0], e);
}

static void expect_steps_summed_once(struct office *o)
{
	assert_int_equal(
	    store_run(o->ward->store, steps_write, o, &o->e), ERR_NONE);
	expect_reconciled(o);
}

/* Every step of the flow is there, each by its own party (E7). */
static void expect_steps(struct office *o, uint32_t wave, size_t n)
{
	json_t *w;
	json_t *steps;
	size_t i;
	json_t *s;

	assert_int_equal(ward_show(o->c, wave, &w, &o->e), ERR_NONE);
	steps = json_object_get(
	    json_array_get(json_object_get(w, "flows"), 0), "steps");
	assert_int_equal(json_array_size(steps), n);
	json_array_foreach(steps, i, s)
	{
		const char *party =
		    json_string_value(json_object_get(s, "party"));
		const char *by =
		    json_string_value(json_object_get(s, "signed_by"));

		if (by == NULL)
			(void)fprintf(stderr, "step %zu missing\n", i + 1);
		assert_non_null(by);
		assert_int_equal(
		    json_integer_value(json_object_get(s, "inquiries")),
		    SUBJECTS);
		assert_string_equal(
		    by, strcmp(party, "ward") == 0   ? OFFICE_WARD
			: strcmp(party, "unit") == 0 ? OFFICE_UNIT
			: strcmp(party, "hub") == 0  ? OFFICE_HUB
						     : OFFICE_BANK);
	}
	json_decref(w);
}

static void expect_closed(struct office *o, uint32_t wave)
{
	struct ward_counts w = office_counts(o, wave);

	assert_int_equal(w.all.sent, SUBJECTS);
	assert_int_equal(w.all.answered, SUBJECTS);
	assert_int_equal(w.all.by_class[CLASS_FOUND], 10);
	assert_int_equal(w.all.pending, 0);
	assert_string_equal(w.w.state, "closed");
	expect_reconciled(o);
}

static void expect_export(struct office *o, uint32_t wave)
{
	struct refusals lost = {0};
	struct ward_export order = {.wave = wave,
	    .files = {.dir = arena_printf(&o->f.arena, "%s/out", o->f.folder),
		.lost = &lost},
	    .officer = &o->officer,
	    .purpose = "試験"};
	struct buf file = {0};
	int64_t rows;
	size_t lines = 0;
	char path[300];

	assert_int_equal(ward_export(o->c, &order, &rows, &o->e), ERR_NONE);
	assert_int_equal(rows, SUBJECTS);
	(void)snprintf(path, sizeof(path), "%s/answers.csv", order.files.dir);
	assert_int_equal(
	    file_read(path, (size_t)1 << 20, &file, &o->e), ERR_NONE);
	for (size_t i = 0; i < file.n; i++)
		lines += file.p[i] == '\n';
	assert_int_equal(lines, SUBJECTS + 1);
	buf_fini(&file);
	/* The carrying out is in the log, with its purpose. */
	assert_int_equal(fixture_count(o->ward,
			     "SELECT count(*) FROM log l JOIN log_object o ON "
			     "o.lane = l.lane AND o.seq = l.seq WHERE "
			     "l.action = 'export' AND o.purpose = '試験'"),
	    1);
}

static void a_linked_hub_takes_fifteen_steps(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	wave = office_wave(&o, &order);
	office_release(&o);
	run(&o);
	expect_closed(&o, wave);
	expect_steps(&o, wave, 15);
	expect_export(&o, wave);
	expect_steps_summed_once(&o);
	expect_wrong_counts_found(&o);
	office_close(&o);
}

static int64_t approve_all(struct office *o)
{
	int64_t waiting = fixture_count(
	    o->ward, "SELECT count(*) FROM check_file WHERE state = 'waiting'");
	int64_t done = 0;

	assert_int_equal(ward_check_approve(o->c, "131041-001-9601-0001",
			     &o->officer, &done, &o->e),
	    ERR_NONE);
	assert_int_equal(done, waiting);
	return done;
}

static void a_carried_hub_takes_nineteen_steps_and_two_checks(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	uint32_t wave;
	int64_t done;

	(void)state;
	office_chain(&o, LINK_VIA_WARD);
	wave = office_wave(&o, &order);
	office_release(&o);
	run(&o);
	/* Nothing goes on before an officer has looked. */
	assert_int_equal(
	    fixture_count(o.hub, "SELECT count(*) FROM hub_file"), 0);
	assert_int_equal(approve_all(&o), 1);
	run(&o);
	assert_int_equal(office_counts(&o, wave).all.answered, 0);
	assert_int_equal(approve_all(&o), 1);
	run(&o);
	expect_closed(&o, wave);
	expect_steps(&o, wave, 19);
	/* A repeat changes nothing; a stranger's file is refused. */
	assert_int_equal(ward_check_approve(o.c, "131041-001-9601-0001",
			     &o.officer, &done, &o.e),
	    ERR_NONE);
	assert_int_equal(done, 0);
	assert_int_equal(ward_check_approve(o.c, "131041-001-9601-0002",
			     &o.officer, &done, &o.e),
	    ERR_INPUT);
	office_close(&o);
}

/* Each file is decided for itself: one that another officer was quicker with
 * keeps none of the others. */
static void all_that_wait_are_approved_at_once(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	int64_t done;

	(void)state;
	office_chain(&o, LINK_VIA_WARD);
	(void)office_wave(&o, &order);
	office_release(&o);
	run(&o);
	assert_int_equal(
	    ward_check_approve_all(o.c, &o.officer, &done, &o.e), ERR_NONE);
	assert_int_equal(done, 1);
	run(&o);
	/* The request looks as if it waited; its message is done with. */
	fixture_sql(o.ward,
	    "UPDATE check_file SET state = 'waiting' WHERE direction ="
	    " 'request'");
	assert_int_equal(
	    ward_check_approve_all(o.c, &o.officer, &done, &o.e), ERR_NONE);
	assert_int_equal(done, 1);
	assert_int_equal(fixture_count(o.ward,
			     "SELECT count(*) FROM check_file WHERE state ="
			     " 'approved' AND direction = 'answer'"),
	    1);
	assert_int_equal(fixture_count(o.ward,
			     "SELECT count(*) FROM check_file WHERE state ="
			     " 'waiting' AND direction = 'request'"),
	    1);
	assert_int_equal(
	    ward_check_approve_all(o.c, &o.officer, &done, &o.e), ERR_NONE);
	assert_int_equal(done, 0);
	office_close(&o);
}

static void a_returned_request_goes_no_further(void **state)
{
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	uint32_t wave;
	int64_t done;

	(void)state;
	office_chain(&o, LINK_VIA_WARD);
	wave = office_wave(&o, &order);
	office_release(&o);
	run(&o);
	assert_int_equal(ward_check_return(o.c, "131041-001-9601-0001",
			     &o.officer, "", &done, &o.e),
	    ERR_INPUT);
	assert_int_equal(ward_check_return(o.c, "131041-001-9601-0001",
			     &o.officer, "内容の誤り", &done, &o.e),
	    ERR_NONE);
	run(&o);
	assert_int_equal(
	    fixture_count(o.hub, "SELECT count(*) FROM hub_file"), 0);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.cancelled, SUBJECTS);
	assert_int_equal(w.all.pending, 0);
	assert_string_equal(w.w.state, "closed");
	/* The unit was told, and holds the file for cancelled. */
	assert_int_equal(
	    fixture_count(o.unit, "SELECT count(*) FROM file WHERE state = "
				  "'cancelled'"),
	    1);
	assert_int_equal(
	    fixture_count(o.unit, "SELECT count(*) FROM message WHERE kind = "
				  "'status' AND origin = '131041' AND "
				  "file <> ''"),
	    1);
	expect_reconciled(&o);
	office_close(&o);
}

#define RETURNED                                                                          \
	"SELECT count(*) FROM refused WHERE kind = 'answer-file' AND party = "            \
	"'131041' AND code = 'check.returned' AND reason = '回答の誤り' AND file = " \
	"'131041-001-9601-0001'"

static void a_returned_answer_is_registered_by_nobody(void **state)
{
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	uint32_t wave;
	int64_t done;

	(void)state;
	office_chain(&o, LINK_VIA_WARD);
	wave = office_wave(&o, &order);
	office_release(&o);
	run(&o);
	assert_int_equal(approve_all(&o), 1);
	run(&o);
	assert_int_equal(ward_check_return(o.c, "131041-001-9601-0001",
			     &o.officer, "", &done, &o.e),
	    ERR_INPUT);
	assert_int_equal(fixture_count(o.ward, RETURNED), 0);
	assert_int_equal(ward_check_return(o.c, "131041-001-9601-0001",
			     &o.officer, "回答の誤り", &done, &o.e),
	    ERR_NONE);
	assert_int_equal(done, 1);
	run(&o);
	/* It went no further, and bank and ward know why. */
	assert_int_equal(
	    fixture_count(o.unit, "SELECT count(*) FROM outcome"), 0);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM outcome"), 0);
	assert_int_equal(fixture_count(o.ward, RETURNED), 1);
	assert_int_equal(fixture_count(o.bank, RETURNED), 1);
	assert_int_equal(
	    fixture_count(o.ward,
		"SELECT count(*) FROM check_file WHERE state = 'returned' AND "
		"direction = 'answer' AND officer = 'sato' AND reason = "
		"'回答の誤り'"),
	    1);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.pending, SUBJECTS);
	assert_int_equal(w.all.answered, 0);
	assert_string_not_equal(w.w.state, "closed");
	/* What is decided is decided: neither word changes it. */
	assert_int_equal(ward_check_approve(o.c, "131041-001-9601-0001",
			     &o.officer, &done, &o.e),
	    ERR_NONE);
	assert_int_equal(done, 0);
	expect_reconciled(&o);
	/* Without another answer it ends as overdue. */
	o.f.now_us += 120 * CLOCK_DAY;
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.expired, SUBJECTS);
	assert_string_equal(w.w.state, "closed");
	expect_reconciled(&o);
	office_close(&o);
}

#define FILE_1 "131041-001-9601-0001"

/* The bank's answers wait at our own check. */
static uint32_t open_answered(struct office *o)
{
	struct ward_order order = office_order();
	uint32_t wave;

	office_chain(o, LINK_VIA_WARD);
	wave = office_wave(o, &order);
	office_release(o);
	run(o);
	assert_int_equal(approve_all(o), 1);
	run(o);
	return wave;
}

static void return_answer(struct office *o)
{
	int64_t done;

	o->c->now_us = o->f.now_us += CLOCK_SECOND;
	assert_int_equal(ward_check_return(o->c, FILE_1, &o->officer,
			     "回答の誤り", &done, &o->e),
	    ERR_NONE);
	assert_int_equal(done, 1);
}

static enum err_class again(struct office *o, const char *file)
{
	struct party_context *c = &o->bank->work.context;
	int64_t records;

	c->arena = &o->f.arena;
	c->now_us = o->f.now_us;
	TRY(bank_answer_again(c, file, "kato", &records, &o->e));
	assert_int_equal(records, SUBJECTS);
	return ERR_NONE;
}

static void expect_not_again(
    struct office *o, const char *file, const char *code)
{
	assert_int_equal(again(o, file), ERR_INPUT);
	assert_string_equal(o->e.code, code);
}

static void a_returned_answer_is_answered_anew(void **state)
{
	struct ward_counts w;
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_answered(&o);
	expect_not_again(&o, FILE_1, "answer.not_returned");
	expect_not_again(&o, "131041-001-9601-0002", "answer.unknown_file");
	return_answer(&o);
	run(&o);
	/* What the bank has mended since is what it answers. */
	fixture_sql(o.bank,
	    "DELETE FROM customer_key WHERE customer = (SELECT customer FROM "
	    "lookup WHERE customer <> '' LIMIT 1);"
	    "UPDATE import SET as_of = '2026-09-20'");
	assert_int_equal(again(&o, FILE_1), ERR_NONE);
	expect_not_again(&o, FILE_1, "answer.not_returned");
	run(&o);
	/* It waits for an officer's word like the first. */
	w = office_counts(&o, wave);
	assert_int_equal(w.all.pending, SUBJECTS);
	assert_int_equal(approve_all(&o), 1);
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.answered, SUBJECTS);
	assert_int_equal(w.all.by_class[CLASS_FOUND], 9);
	assert_string_equal(w.w.state, "closed");
	expect_reconciled(&o);
	expect_steps(&o, wave, 19);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM file WHERE as_of = "
				  "'2026-09-20' AND answered_us > 0"),
	    1);
	assert_int_equal(
	    fixture_count(o.bank, "SELECT count(*) * 100 + sum(customer <> '') "
				  "FROM lookup"),
	    SUBJECTS * 100 + 9);
	assert_int_equal(fixture_count(o.bank, "SELECT count(*) FROM log WHERE "
					       "actor = 'kato' AND records = "
					       "40"),
	    1);
	expect_not_again(&o, FILE_1, "answer.not_returned");
	office_close(&o);
}

static void cancel(struct office *o, uint32_t wave)
{
	const char *now;

	o->c->now_us = o->f.now_us += CLOCK_SECOND;
	assert_int_equal(
	    ward_wave_cancel(o->c, wave, &o->approver, "誤り", &now, &o->e),
	    ERR_NONE);
}

/* Of the file, and of its wave. */
static void cancelled_row(void *ctx, const struct reconcile_row *r)
{
	int *n = ctx;

	*n += r->ok && r->cancelled == SUBJECTS && r->answered == 0 &&
	      r->pending == 0;
}

/* Ward, unit and bank say the same, and nobody answers any more. */
static void expect_cancelled(struct office *o, uint32_t wave)
{
	struct ward_counts w = office_counts(o, wave);
	int ends = 0;

	assert_int_equal(w.all.cancelled, SUBJECTS);
	assert_int_equal(w.all.pending, 0);
	assert_int_equal(
	    fixture_count(
		o->unit, "SELECT count(*) FROM file WHERE state = 'cancelled'"),
	    1);
	assert_int_equal(
	    fixture_count(o->bank,
		"SELECT count(*) FROM bank_file WHERE state = 'cancelled'"),
	    1);
	expect_not_again(o, FILE_1, "answer.unknown_file");
	assert_int_equal(reconcile_bank(&o->bank->work.context,
			     &(const struct reconcile_sink){
				 .row = cancelled_row, .ctx = &ends},
			     &o->e),
	    ERR_NONE);
	assert_int_equal(ends, 2);
	expect_reconciled(o);
}

static void a_returned_answer_ends_with_its_cancelled_wave(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_answered(&o);
	return_answer(&o);
	/* Also where the bank has not heard of the return yet. */
	fixture_sql(o.bank, "CREATE TRIGGER deaf AFTER INSERT ON inbox WHEN "
			    "(SELECT kind FROM message WHERE id = NEW.id) = "
			    "'status' BEGIN UPDATE inbox SET state = -1 WHERE "
			    "seq = NEW.seq; END");
	cancel(&o, wave);
	run(&o);
	assert_int_equal(
	    fixture_count(o.bank, "SELECT count(*) FROM refused"), 0);
	expect_cancelled(&o, wave);
	office_close(&o);
}

static void an_answer_returned_after_its_wave_was_cancelled_ends(void **state)
{
	struct ward_counts w;
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_answered(&o);
	cancel(&o, wave);
	run(&o);
	/* Too late: it is answered, and our officer has it. */
	w = office_counts(&o, wave);
	assert_int_equal(w.all.pending, SUBJECTS);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM message "
					       "WHERE kind = 'cancel' AND "
					       "file <> ''"),
	    1);
	return_answer(&o);
	run(&o);
	expect_cancelled(&o, wave);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM message "
					       "WHERE kind = 'cancel' AND "
					       "file <> ''"),
	    2);
	office_close(&o);
}

static void a_cancelled_wave_is_asked_back_from_its_last_holder(void **state)
{
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	const char *now;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	wave = office_wave(&o, &order);
	office_release(&o);
	o.bank->stopped = true;
	run(&o);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_NONE);
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.pending, SUBJECTS);
	o.bank->stopped = false;
	o.f.now_us += 120 * CLOCK_SECOND;
	run(&o);
	w = office_counts(&o, wave);
	assert_string_equal(w.w.state, "cancelled");
	assert_int_equal(w.all.pending, 0);
	assert_int_equal(w.all.cancelled + w.all.answered, SUBJECTS);
	expect_reconciled(&o);
	office_close(&o);
}

static void one_cancelled_before_our_own_check_never_leaves(void **state)
{
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	const char *now;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_VIA_WARD);
	wave = office_wave(&o, &order);
	office_release(&o);
	run(&o);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_NONE);
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.cancelled, SUBJECTS);
	assert_int_equal(w.all.pending, 0);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM check_file WHERE "
				  "state = 'returned'"),
	    1);
	assert_int_equal(
	    fixture_count(o.hub, "SELECT count(*) FROM hub_file"), 0);
	expect_reconciled(&o);
	office_close(&o);
}

/* The unit's word about a file may come before the file itself does. */
static void one_cancelled_before_its_file_came_is_asked_of_no_bank(void **state)
{
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	const char *now;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_VIA_WARD);
	fixture_sql(o.unit,
	    "CREATE TRIGGER late AFTER INSERT ON outbox WHEN (SELECT kind FROM"
	    " message WHERE id = NEW.id) = 'request-file' BEGIN UPDATE outbox"
	    " SET state = -1 WHERE seq = NEW.seq; END");
	wave = office_wave(&o, &order);
	office_release(&o);
	run(&o);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM file"), 1);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_NONE);
	run(&o);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM check_file"), 0);
	fixture_sql(o.unit, "UPDATE outbox SET state = 0 WHERE state = -1");
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.cancelled, SUBJECTS);
	assert_int_equal(w.all.pending, 0);
	assert_int_equal(
	    fixture_count(o.bank, "SELECT count(*) FROM inbox WHERE state = 0"),
	    0);
	expect_reconciled(&o);
	office_close(&o);
}

static void number_of(uint32_t wave, uint32_t ordinal, char out[KANRI_TEXT])
{
	const struct kanri k = {.authority = OFFICE_WARD,
	    .institution = OFFICE_BANK,
	    .wave = wave,
	    .ordinal = ordinal};

	assert_true(kanri_format(&k, out));
}

static void an_inquiry_is_withdrawn_only_before_it_has_left(void **state)
{
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	char number[KANRI_TEXT];
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	wave = office_wave(&o, &order);
	number_of(wave, 5, number);
	assert_int_equal(ward_inquiry_withdraw(
			     o.c, text_z(number), &o.officer, "納付あり", &o.e),
	    ERR_DENIED);
	assert_string_equal(o.e.code, "inquiry.not_sent");
	office_work(&o); /* the subjects are in the outbox */
	assert_int_equal(
	    ward_inquiry_withdraw(o.c, text_z(number), &o.officer, "", &o.e),
	    ERR_INPUT);
	assert_int_equal(ward_inquiry_withdraw(
			     o.c, text_z(number), &o.officer, "納付あり", &o.e),
	    ERR_NONE);
	assert_int_equal(ward_inquiry_withdraw(o.c, TEXT("0000000000000000"),
			     &o.officer, "納付あり", &o.e),
	    ERR_INPUT);
	office_release(&o);
	run(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.pending, 0);
	assert_int_equal(w.all.cancelled_before + w.all.sent, SUBJECTS);
	assert_string_equal(w.w.state, "closed");
	expect_reconciled(&o);
	number_of(wave, 6, number);
	assert_int_equal(ward_inquiry_withdraw(
			     o.c, text_z(number), &o.officer, "納付あり", &o.e),
	    ERR_DENIED);
	assert_string_equal(o.e.code, "inquiry.left");
	office_close(&o);
}

/* A second wave, of this one inquiry, that names the old one and ends. */
static void expect_asked_again(struct office *o, uint32_t wave, const char *old)
{
	const char *state;
	struct ward_counts w;
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM wave_subject WHERE wave = 2 AND atena = "
	    "'0000000003' AND ordinal = 1 AND reask = '%s'",
	    old);
	assert_int_equal(fixture_count(o->ward, sql), 1);
	assert_int_equal(fixture_count(o->ward, "SELECT count(*) FROM "
						"wave_subject WHERE wave = 2"),
	    1);
	assert_int_equal(
	    ward_wave_submit(o->c, wave, &o->officer, &state, &o->e), ERR_NONE);
	assert_int_equal(
	    ward_wave_approve(o->c, wave, &o->approver, NULL, &state, &o->e),
	    ERR_NONE);
	run(o);
	w = office_counts(o, wave);
	assert_int_equal(w.all.sent, 1);
	assert_int_equal(w.all.by_class[CLASS_FOUND], 1);
	assert_string_equal(w.w.state, "closed");
	/* The old answer stands as it was. */
	w = office_counts(o, 1);
	assert_int_equal(w.all.answered, SUBJECTS);
	assert_int_equal(
	    fixture_count(o->ward, "SELECT count(*) FROM correction"), 0);
	expect_reconciled(o);
}

static void an_inquiry_is_shown_logged_and_asked_again(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	char number[KANRI_TEXT];
	uint32_t wave;
	json_t *j;
	char *z;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	fixture_layout(o.ward, OFFICE_BANK);
	wave = office_wave(&o, &order);
	office_release(&o);
	run(&o);
	number_of(wave, 3, number);
	assert_int_equal(
	    ward_inquiry_show(o.c, text_z(number), &o.officer, &j, &o.e),
	    ERR_NONE);
	assert_string_equal(
	    json_string_value(json_object_get(j, "atena")), "0000000003");
	assert_string_equal(
	    json_string_value(json_object_get(j, "state")), "closed");
	assert_int_equal(
	    json_array_size(json_object_get(j, "items")), REQUEST_COUNT);
	z = json_dumps(json_object_get(j, "answer"), JSON_COMPACT);
	assert_non_null(strstr(z, "\"found\""));
	assert_non_null(strstr(z, "0000003"));
	free(z);
	/* The layout is installed here: it tells what it made of the kana. */
	z = json_dumps(json_object_get(j, "items"), JSON_COMPACT);
	assert_non_null(strstr(z, "\"rule\""));
	free(z);
	json_decref(j);
	assert_int_equal(fixture_count(o.ward,
			     "SELECT count(*) FROM log WHERE actor = 'sato' "
			     "AND action = 'read' AND records = 1"),
	    1);
	assert_int_equal(
	    ward_inquiry_reask(o.c, text_z(number), &o.officer, &wave, &o.e),
	    ERR_NONE);
	assert_int_equal(wave, 2);
	expect_asked_again(&o, wave, number);
	office_close(&o);
}

static void lost_and_doubled_deliveries_change_nothing(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	o.f.lose_every = 3;
	o.f.double_every = 2;
	wave = office_wave(&o, &order);
	office_release(&o);
	for (int i = 0; i < 20; i++) {
		run(&o);
		o.f.now_us += 60 * CLOCK_SECOND;
	}
	expect_closed(&o, wave);
	expect_steps(&o, wave, 15);
	office_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_linked_hub_takes_fifteen_steps),
	    cmocka_unit_test(a_carried_hub_takes_nineteen_steps_and_two_checks),
	    cmocka_unit_test(all_that_wait_are_approved_at_once),
	    cmocka_unit_test(a_returned_request_goes_no_further),
	    cmocka_unit_test(a_returned_answer_is_registered_by_nobody),
	    cmocka_unit_test(a_returned_answer_is_answered_anew),
	    cmocka_unit_test(a_returned_answer_ends_with_its_cancelled_wave),
	    cmocka_unit_test(
		an_answer_returned_after_its_wave_was_cancelled_ends),
	    cmocka_unit_test(
		a_cancelled_wave_is_asked_back_from_its_last_holder),
	    cmocka_unit_test(one_cancelled_before_our_own_check_never_leaves),
	    cmocka_unit_test(
		one_cancelled_before_its_file_came_is_asked_of_no_bank),
	    cmocka_unit_test(an_inquiry_is_withdrawn_only_before_it_has_left),
	    cmocka_unit_test(an_inquiry_is_shown_logged_and_asked_again),
	    cmocka_unit_test(lost_and_doubled_deliveries_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
