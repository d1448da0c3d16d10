/* What the chain does when somebody does not keep to the rules, or when
 * things come in an order that nobody has planned. */
#include "chain_world.h"

#include "parties/reconcile.h"
#include "parties/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define FILE_1 "131041-001-9601-0001"

static const struct wave whole = {.wave = 1,
    .part = 1,
    .parts = 1,
    .first = 1,
    .last = SUBJECTS,
    .total = SUBJECTS};

static struct header about_file(enum header_kind kind, const char *to)
{
	struct header h = {.kind = kind, .wave = 1, .reader_count = 1};

	world_code(h.to, to);
	world_code(h.readers[0], to);
	world_code(h.authority, WARD);
	world_code(h.institution, BANK);
	world_code(h.hub, "H001");
	(void)snprintf(h.file, sizeof(h.file), "%s", FILE_1);
	return h;
}

static void say_as_other(struct world *w, enum header_kind kind, int records)
{
	struct header h = about_file(kind, "U001");
	struct content content = {.meta = json_object()};

	h.records = records;
	world_say(w, w->other, &h, &content);
}

/* The file is with its bank, which does not answer. */
static void open_unanswered(struct world *w)
{
	world_open(w, LINK_DIRECT);
	w->bank->stopped = true;
	world_subjects(w);
	fixture_run(&w->f, 200);
}

static void a_bank_moves_no_file_of_another_at_the_hub(void **state)
{
	struct world w;

	(void)state;
	open_unanswered(&w);
	say_as_other(&w, KIND_RECEIPT, SUBJECTS);
	say_as_other(&w, KIND_STATUS, 0);
	say_as_other(&w, KIND_ANSWER_FILE, SUBJECTS);
	fixture_run(&w.f, 200);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM hub_file WHERE "
				 "answered = 0 AND cancelled = 0 AND "
				 "forwarded_us = 0 AND returned_us = 0"),
	    1);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM file WHERE "
				  "state = 'converted' AND received_us = 0"),
	    1);
	fixture_fini(&w.f);
}

/* The same under the bank's own code: the file's row tells whose it is. */
static void a_bank_answers_no_file_of_another_in_its_own_name(void **state)
{
	const enum header_kind kinds[] = {KIND_RECEIPT, KIND_ANSWER_FILE};
	struct world w;
	int64_t steps;

	(void)state;
	open_unanswered(&w);
	steps = fixture_count(w.hub, "SELECT count(*) FROM step");
	assert_true(steps > 0);
	for (int i = 0; i < 2; i++) {
		struct header h = about_file(kinds[i], "U001");
		struct content content = {.meta = json_object()};

		world_code(h.institution, w.other->node.code);
		h.records = 7;
		world_say(&w, w.other, &h, &content);
	}
	fixture_run(&w.f, 200);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM inbox WHERE state = 2 "
				 "AND code = 'message.not_allowed'"),
	    2);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM step"), steps);
	fixture_fini(&w.f);
}

static size_t refused(const struct fixture_node *n)
{
	return (size_t)fixture_count(n,
	    "SELECT count(*) FROM inbox WHERE state = 2"
	    " AND code = 'message.not_allowed'");
}

/* Which steps an answer is told by the flow its file began in. */
static void a_bank_answers_in_the_flow_of_the_file(void **state)
{
	struct header h;
	struct world w;

	(void)state;
	open_unanswered(&w);
	for (int i = 0; i < 2; i++) {
		struct content content = {.meta = json_object()};

		h = about_file(KIND_ANSWER_FILE, "U001");
		h.records = 7;
		if (i == 0)
			h.link = LINK_VIA_WARD;
		else /* … or of one that never came through the hub */
			h.file[strlen(h.file) - 1] = '9';
		world_say(&w, w.bank, &h, &content);
	}
	w.bank->stopped = false; /* its own answer is as it must be */
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, SUBJECTS);
	assert_int_equal(refused(w.hub), 2);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM step WHERE no > 12 OR"
				 " file <> '" FILE_1 "'"),
	    0);
	fixture_fini(&w.f);
}

/* A hub that looks at nothing hands the unit what the bank has signed. */
static void the_unit_holds_an_answer_against_its_request(void **state)
{
	struct content content = {
	    .meta = json_pack("{s:s}", "as_of", "2026-09-01")};
	struct header h = about_file(KIND_ANSWER_FILE, "U001");
	struct world w;

	(void)state;
	open_unanswered(&w);
	h.link = LINK_VIA_WARD;
	h.records = 7;
	world_slip(&w, w.bank, &h, &content, w.hub, "U001");
	fixture_run(&w.f, 200);
	assert_int_equal(refused(w.unit), 1);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM file WHERE "
				  "answered_us <> 0"),
	    0);
	fixture_fini(&w.f);
}

/* What a ward wants told to a bank behind itself it tells itself. */
static void a_message_whose_way_leads_back_to_its_maker_is_refused(void **state)
{
	struct content content = {.meta = json_object()};
	struct header h = about_file(KIND_CANCEL, BANK);
	struct world w;

	(void)state;
	open_unanswered(&w);
	h.link = LINK_VIA_WARD;
	h.records = 1;
	world_say(&w, w.ward, &h, &content);
	(void)fixture_count(w.ward,
	    "UPDATE outbox SET recipient = 'U001' WHERE state = 0"
	    " RETURNING seq");
	fixture_run(&w.f, 200);
	assert_int_equal(refused(w.unit), 1);
	assert_int_equal(
	    fixture_count(w.unit,
		"SELECT count(*) FROM outbox WHERE recipient = '" WARD
		"' AND state = 0"),
	    0);
	fixture_fini(&w.f);
}

static void a_part_that_overlaps_another_is_refused_alone(void **state)
{
	struct world w;
	struct wave x = whole;

	(void)state;
	world_open(&w, LINK_DIRECT);
	x.parts = 2;
	x.total = 80;
	world_part(&w, &x);
	x.part = 2;
	x.first = 30;
	x.last = 70;
	world_part(&w, &x);
	fixture_run(&w.f, 200);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM inbox WHERE state = 2"),
	    1);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM snapshot"), SUBJECTS);
	x.first = 41;
	x.last = 80;
	world_part(&w, &x);
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, 80);
	fixture_fini(&w.f);
}

/* More than one round looks at, none of which can ever be done. */
#define WAITING 300

static void what_waits_for_ever_stops_nobody_and_ends(void **state)
{
	struct world w;
	char file[HEADER_FILE];

	(void)state;
	world_open(&w, LINK_DIRECT);
	for (int i = 0; i < WAITING; i++) {
		(void)snprintf(
		    file, sizeof(file), "131041-00A-9601-%04d", i + 1);
		world_cancel(&w, file, BANK, "");
	}
	fixture_run(&w.f, 300);
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, SUBJECTS);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM inbox WHERE state = 0"),
	    WAITING);
	w.f.now_us += 91 * CLOCK_DAY;
	fixture_run(&w.f, 300);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM inbox WHERE state = 2 "
				  "AND code = 'message.expired'"),
	    WAITING);
	fixture_fini(&w.f);
}

static int64_t cancelled_unsent(const struct world *w)
{
	return fixture_count(w->unit,
	    "SELECT coalesce(sum(records), 0) FROM file "
	    "WHERE state = 'cancelled' AND message = ''");
}

static void a_full_window_keeps_no_cancelled_wave_open(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.unit->node.window = 0;
	world_subjects(&w);
	world_cancel(&w, "", "U001", "");
	fixture_run(&w.f, 200);
	assert_int_equal(cancelled_unsent(&w), SUBJECTS);
	fixture_fini(&w.f);
}

struct sums {
	int rows;
	int bad;
	int waves;
	int64_t sent;
	int64_t rejected;
};

static void sum_row(void *ctx, const struct reconcile_row *row)
{
	struct sums *s = ctx;

	s->rows++;
	s->bad += !row->ok;
	s->rejected += strcmp(row->scope, "file") == 0 ? row->rejected : 0;
	s->waves += strcmp(row->scope, "wave") == 0;
	if (strcmp(row->scope, "wave") == 0)
		s->sent += row->sent;
}

static void withdrawn_and_then_cancelled_counts_once(void **state)
{
	struct kanri k = {.wave = 1, .ordinal = 7};
	struct sums sums = {0};
	const struct reconcile_sink sink = {.ctx = &sums, .row = sum_row};
	char number[KANRI_TEXT];
	struct world w;
	struct err e;

	(void)state;
	world_open(&w, LINK_DIRECT);
	memcpy(k.authority, WARD, sizeof(WARD));
	memcpy(k.institution, BANK, sizeof(BANK));
	assert_true(kanri_format(&k, number));
	w.unit->node.window = 0;
	world_subjects(&w);
	fixture_run(&w.f, 100);
	world_cancel(&w, "", "U001", number);
	fixture_run(&w.f, 100);
	world_cancel(&w, "", "U001", "");
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM exception"), 1);
	assert_int_equal(cancelled_unsent(&w), SUBJECTS - 1);
	assert_int_equal(
	    reconcile_unit(&w.unit->work.context, &sink, &e), ERR_NONE);
	assert_int_equal(sums.bad, 0);
	fixture_fini(&w.f);
}

static void a_part_behind_the_cancellation_is_cancelled_too(void **state)
{
	struct world w;
	struct wave x = whole;
	struct sums sums = {0};
	const struct reconcile_sink sink = {.ctx = &sums, .row = sum_row};
	struct err e;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.unit->node.window = 0;
	x.parts = 2;
	x.last = 15;
	world_part(&w, &x);
	world_cancel(&w, "", "U001", "");
	fixture_run(&w.f, 100);
	assert_int_equal(cancelled_unsent(&w), 15);
	x.part = 2;
	x.first = 16;
	x.last = SUBJECTS;
	world_part(&w, &x);
	fixture_run(&w.f, 100);
	assert_int_equal(cancelled_unsent(&w), SUBJECTS);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM task WHERE state = 0"),
	    0);
	assert_int_equal(
	    reconcile_unit(&w.unit->work.context, &sink, &e), ERR_NONE);
	assert_int_equal(sums.bad, 0);
	fixture_fini(&w.f);
}

static void an_institution_that_is_gone_stops_no_other(void **state)
{
	struct world w;
	struct wave x = whole;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.unit->node.window = 0;
	x.other = OTHER;
	world_part(&w, &x);
	fixture_run(&w.f, 100);
	fixture_sql(w.unit, "DELETE FROM peer WHERE code = '" BANK "'");
	w.unit->node.window = 8;
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM file WHERE "
				  "institution = '" OTHER "'"),
	    1);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM file WHERE "
				  "institution = '" BANK "'"),
	    0);
	fixture_fini(&w.f);
}

/* S4: an approval is of one wave, and of the institutions it names. */
static void the_unit_takes_no_approval_of_another_wave(void **state)
{
	struct world w;
	struct wave x = whole;

	(void)state;
	world_open(&w, LINK_DIRECT);
	x.wave = 2;
	x.approved = 1;
	world_part(&w, &x);
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM unit_wave"), 0);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM inbox WHERE state = 2 "
				  "AND code = 'message.not_allowed'"),
	    1);
	fixture_fini(&w.f);
}

/* A request file as a dishonest unit makes it, under that approval. */
static void ask(struct world *w, const struct wave *approved,
    const char *institution, const char *scope)
{
	struct fixture_node *bank =
	    strcmp(institution, BANK) == 0 ? w->bank : w->other;
	struct header h = about_file(KIND_REQUEST_FILE, institution);
	struct content content = {0};
	struct buf approval = {0};

	world_approval(w, approved, &approval);
	digest_hex(digest_one(buf_bytes(&approval)), h.approval);
	world_code(h.institution, bank->node.code);
	(void)snprintf(
	    h.file, sizeof(h.file), "131041-001-%s-0001", institution);
	content.meta =
	    json_pack("{s:s,s:s}", "layout", "2025-04-01", "scope", scope);
	content_add(&content, "approval", buf_bytes(&approval));
	content_add(&content, "file", BYTES("", 0));
	world_say(w, w->unit, &h, &content);
	buf_fini(&approval);
	fixture_run(&w->f, 100);
}

static int64_t not_allowed(const struct fixture_node *n)
{
	return fixture_count(n,
	    "SELECT count(*) FROM inbox WHERE state = 2 AND "
	    "code = 'message.not_allowed'");
}

static void the_bank_takes_no_approval_of_something_else(void **state)
{
	struct world w;
	struct wave x = whole;

	(void)state;
	world_open(&w, LINK_DIRECT);
	x.wave = 2;
	ask(&w, &x, BANK, "detail");
	assert_int_equal(not_allowed(w.bank), 1);
	/* The approval names BANK alone. */
	ask(&w, &whole, OTHER, "detail");
	assert_int_equal(not_allowed(w.other), 1);
	/* It allows details, no more and nothing else. */
	ask(&w, &whole, BANK, "everything");
	assert_int_equal(not_allowed(w.bank), 2);
	fixture_fini(&w.f);
}

static void asking_back_a_refused_file_gets_an_answer(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	ask(&w, &whole, BANK, "detail"); /* an empty file is none */
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM inbox WHERE state = 2"),
	    1);
	world_cancel(&w, FILE_1, BANK, "");
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM inbox WHERE state = 0"),
	    0);
	/* To ward and unit: once when it was refused, once when asked. */
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM message WHERE kind = "
				  "'status' AND file = '" FILE_1 "'"),
	    4);
	fixture_fini(&w.f);
}

static void more_withdrawals_than_a_message_holds_all_count(void **state)
{
	struct world w;
	struct wave x = whole;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.unit->node.window = 0;
	x.parts = 2;
	x.total = 5002;
	x.last = 5000;
	world_part(&w, &x);
	x.part = 2;
	x.first = 5001;
	x.last = 5002;
	world_part(&w, &x);
	fixture_run(&w.f, 100);
	fixture_sql(w.unit,
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 5001) INSERT INTO exception (authority, wave, "
	    "institution, ordinal, kind, reason) SELECT '" WARD "', 1, '" BANK
	    "', i, 'cancelled', '' FROM n");
	w.unit->node.window = 8;
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT sum(records) FROM file"), 1);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT max(last) FROM file"), 5002);
	fixture_fini(&w.f);
}

static void two_authorities_with_one_wave_number_are_two(void **state)
{
	struct sums sums = {0};
	const struct reconcile_sink sink = {.ctx = &sums, .row = sum_row};
	struct world w;
	struct err e;

	(void)state;
	world_open(&w, LINK_DIRECT);
	world_subjects(&w);
	fixture_run(&w.f, 400);
	fixture_sql(w.bank,
	    "INSERT INTO bank_file (authority, file, wave, records, message, "
	    "hub, link, unit, state, received_us) VALUES ('131059', "
	    "'131059-001-9601-0001', 1, 2, 'x', 'H001', 'direct', 'U001', "
	    "'cancelled', 1)");
	assert_int_equal(
	    reconcile_bank(&w.bank->work.context, &sink, &e), ERR_NONE);
	assert_int_equal(sums.waves, 2);
	assert_int_equal(sums.bad, 0);
	fixture_fini(&w.f);
}

struct told {
	size_t files;
};

static enum err_class list_files(struct store_tx *tx, void *arg, struct err *e)
{
	struct told *t = arg;
	json_t *files = json_array();
	struct buf proofs = {0};
	enum err_class class =
	    unit_status_files(tx, WARD, 64, files, &proofs, e);

	t->files = json_array_size(files);
	json_decref(files);
	buf_fini(&proofs);
	return class;
}

/* DESIGN §3: what one message causes fits one transaction. */
static void a_status_holds_as_many_exceptions_as_a_message(void **state)
{
	struct world w;
	struct told told = {0};
	struct err e;

	(void)state;
	world_open(&w, LINK_DIRECT);
	fixture_sql(w.unit,
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < 12000) INSERT INTO exception (authority, wave, "
	    "institution, ordinal, kind, reason) SELECT '" WARD "', 1, '" BANK
	    "', i, 'held', '' FROM n");
	fixture_sql(w.unit,
	    "INSERT INTO file (authority, file, wave, institution, hub, no, "
	    "first, last, records, layout, state, message, sent_us) "
	    "SELECT '" WARD "', 'f' || no, 1, '" BANK "', 'H001', no, "
	    "no * 4000 - 3999, no * 4000, 0, '-', 'converted', '', 1 FROM "
	    "(SELECT 1 AS no UNION SELECT 2 UNION SELECT 3)");
	assert_int_equal(
	    store_read(w.unit->store, list_files, &told, &e), ERR_NONE);
	assert_int_equal(told.files, 2);
	fixture_fini(&w.f);
}

static int64_t told_refused(const struct fixture_node *n, const char *to)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM message WHERE kind = 'status' AND file = "
	    "'" FILE_1 "' AND origin = '%s' AND recipient = '%s'",
	    n->node.code, to);
	return fixture_count(n, sql);
}

static void a_file_that_the_hub_will_not_take_is_rejected(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	fixture_sql(w.hub, "DELETE FROM peer WHERE code = '" BANK "'");
	world_subjects(&w);
	fixture_run(&w.f, 200);
	assert_int_equal(fixture_count(w.unit, "SELECT count(*) FROM file "
					       "WHERE state = 'rejected'"),
	    1);
	assert_int_equal(told_refused(w.unit, WARD), 1);
	fixture_fini(&w.f);
}

static void a_file_that_the_bank_will_not_take_is_rejected(void **state)
{
	struct sums sums = {0};
	const struct reconcile_sink sink = {.ctx = &sums, .row = sum_row};
	struct world w;
	struct err e;

	(void)state;
	world_open(&w, LINK_DIRECT);
	/* The bank has another certificate of the unit. */
	fixture_sql(w.bank,
	    "UPDATE peer SET certificate = (SELECT certificate FROM peer "
	    "WHERE code = '" WARD "') WHERE code = 'U001'");
	world_subjects(&w);
	fixture_run(&w.f, 200);
	/* It might be renewed, but not after a week. */
	assert_int_equal(told_refused(w.hub, WARD), 0);
	w.f.now_us += PEERS_RENEWING;
	fixture_run(&w.f, 200);
	assert_int_equal(told_refused(w.hub, WARD), 1);
	assert_int_equal(told_refused(w.hub, "U001"), 1);
	assert_int_equal(fixture_count(w.unit, "SELECT count(*) FROM file "
					       "WHERE state = 'rejected'"),
	    1);
	assert_int_equal(
	    reconcile_hub(&w.hub->work.context, &sink, &e), ERR_NONE);
	assert_int_equal(sums.bad, 0);
	assert_int_equal(sums.rejected, SUBJECTS);
	fixture_fini(&w.f);
}

/* What a bank calls a request file, of another's file, counts nowhere: the
 * file's own answer is held against the unit's request alone. */
static void a_refused_request_is_no_request_of_its_file(void **state)
{
	struct content content = {.meta = json_object()};
	struct sums sums = {0};
	const struct reconcile_sink sink = {.ctx = &sums, .row = sum_row};
	struct header h = about_file(KIND_REQUEST_FILE, "U001");
	struct world w;
	struct err e;

	(void)state;
	world_open(&w, LINK_DIRECT);
	h.link = LINK_VIA_WARD;
	h.records = SUBJECTS + 7;
	world_slip(&w, w.other, &h, &content, w.other, "H001");
	fixture_run(&w.f, 200);
	assert_int_equal(refused(w.hub), 1);
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, SUBJECTS);
	assert_int_equal(
	    reconcile_hub(&w.hub->work.context, &sink, &e), ERR_NONE);
	assert_int_equal(sums.bad, 0);
	fixture_fini(&w.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bank_moves_no_file_of_another_at_the_hub),
	    cmocka_unit_test(a_bank_answers_no_file_of_another_in_its_own_name),
	    cmocka_unit_test(a_bank_answers_in_the_flow_of_the_file),
	    cmocka_unit_test(a_refused_request_is_no_request_of_its_file),
	    cmocka_unit_test(the_unit_holds_an_answer_against_its_request),
	    cmocka_unit_test(
		a_message_whose_way_leads_back_to_its_maker_is_refused),
	    cmocka_unit_test(a_part_that_overlaps_another_is_refused_alone),
	    cmocka_unit_test(what_waits_for_ever_stops_nobody_and_ends),
	    cmocka_unit_test(a_full_window_keeps_no_cancelled_wave_open),
	    cmocka_unit_test(withdrawn_and_then_cancelled_counts_once),
	    cmocka_unit_test(a_part_behind_the_cancellation_is_cancelled_too),
	    cmocka_unit_test(an_institution_that_is_gone_stops_no_other),
	    cmocka_unit_test(the_unit_takes_no_approval_of_another_wave),
	    cmocka_unit_test(the_bank_takes_no_approval_of_something_else),
	    cmocka_unit_test(asking_back_a_refused_file_gets_an_answer),
	    cmocka_unit_test(more_withdrawals_than_a_message_holds_all_count),
	    cmocka_unit_test(two_authorities_with_one_wave_number_are_two),
	    cmocka_unit_test(a_status_holds_as_many_exceptions_as_a_message),
	    cmocka_unit_test(a_file_that_the_hub_will_not_take_is_rejected),
	    cmocka_unit_test(a_file_that_the_bank_will_not_take_is_rejected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
