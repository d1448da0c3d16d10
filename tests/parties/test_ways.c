/*
 * What an institution's layout says of the way to it acts in the chain: its
 * hub, paper, what it accepts, its hours and files per day, how long it keeps
 * what it was sent, and the day from which it is in force. Each option is
 * changed, and routing, hour, hold or retention change with it.
 */
#include "chain_world.h"
#include "parties/unit_inquiry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define HUB "hub: hub-direct\n"
#define NEXT "H002" /* a second hub, before the same bank */
#define FILES "SELECT count(*) FROM file WHERE message <> ''"

/* 9601's rules with those pairs, at unit and bank. */
static void open_as(struct world *w, const char *const *pairs)
{
	world_open(w, LINK_DIRECT);
	fixture_layout_as(w->unit, BANK, pairs);
	fixture_layout_as(w->bank, BANK, pairs);
}

static void open_with(struct world *w, const char *options)
{
	char text[400];
	const char *const pairs[] = {HUB, text, NULL};

	(void)snprintf(text, sizeof(text), HUB "%s\n", options);
	open_as(w, pairs);
}

static int64_t held(const struct world *w, const char *kind, const char *rule)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM exception WHERE kind = '%s' AND reason = "
	    "'%s'",
	    kind, rule);
	return fixture_count(w->unit, sql);
}

/* FIXTURE_NOW is 23:13 of 敬老の日, a Monday; working days begin on the 24th.
 */
static void files_wait_for_the_institutions_hours(void **state)
{
	struct world w;

	(void)state;
	open_with(&w, "schedule: {from: \"09:00\", to: \"15:00\", "
		      "days: business}");
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(fixture_count(w.unit, FILES), 0);
	w.f.now_us = FIXTURE_NOW + 12 * 3600 * CLOCK_SECOND;
	fixture_run(&w.f, 400);
	assert_int_equal(fixture_count(w.unit, FILES), 0);
	w.f.now_us = FIXTURE_NOW + 2 * CLOCK_DAY + 9 * 3600 * CLOCK_SECOND;
	fixture_run(&w.f, 400);
	assert_int_equal(fixture_count(w.unit, FILES), 0); /* 08:13 */
	w.f.now_us += 3600 * CLOCK_SECOND;
	fixture_run(&w.f, 400);
	assert_int_equal(fixture_count(w.unit, FILES), 1);
	assert_int_equal(w.answers.count, SUBJECTS);
	fixture_fini(&w.f);
}

static void a_bank_open_at_all_hours_gets_its_file_at_once(void **state)
{
	struct world w;

	(void)state;
	open_with(&w, "schedule: {from: \"00:00\", to: \"24:00\", days: all}");
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, SUBJECTS);
	fixture_fini(&w.f);
}

static void a_unit_told_to_ignore_hours_does_not_wait(void **state)
{
	struct world w;

	(void)state;
	open_with(&w, "schedule: {from: \"09:00\", to: \"15:00\", "
		      "days: business}");
	w.unit->node.hours_ignored = true;
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, SUBJECTS);
	fixture_fini(&w.f);
}

static void no_more_files_a_day_than_the_institution_takes(void **state)
{
	static const char *const pairs[] = {"records_per_file: 5000",
	    "records_per_file: 10\nschedule: {files_per_day: 3, from: "
	    "\"00:00\", to: \"24:00\", days: all}",
	    NULL};
	struct world w;

	(void)state;
	open_as(&w, pairs);
	world_subjects(&w);
	fixture_run(&w.f, 600);
	assert_int_equal(fixture_count(w.unit, FILES), 3);
	assert_int_equal(w.answers.count, 30);
	w.f.now_us += CLOCK_DAY;
	fixture_run(&w.f, 600);
	assert_int_equal(fixture_count(w.unit, FILES), 4);
	assert_int_equal(w.answers.count, SUBJECTS);
	fixture_fini(&w.f);
}

/* Two files a day, and a day ends at its cut-off. */
static void what_is_sent_after_the_cutoff_counts_as_the_next_days(void **state)
{
	static const char *const options[] = {"", ", cutoff: \"15:00\""};
	const int64_t hour = 3600 * CLOCK_SECOND;
	/* Of the 24th, a working day between working days. */
	const int64_t ten = FIXTURE_NOW + 2 * CLOCK_DAY + 11 * hour;

	(void)state;
	for (int i = 0; i < 2; i++) {
		char text[200];
		const char *const pairs[] = {
		    "records_per_file: 5000", text, NULL};
		struct world w;

		(void)snprintf(text, sizeof(text),
		    "records_per_file: 10\nschedule: {files_per_day: 1, from: "
		    "\"09:00\", to: \"18:00\", days: business%s}",
		    options[i]);
		open_as(&w, pairs);
		world_subjects(&w);
		w.f.now_us = ten;
		fixture_run(&w.f, 600);
		assert_int_equal(fixture_count(w.unit, FILES), 1);
		/* 16:13 of the same day: the next day's. */
		w.f.now_us = ten + 6 * hour;
		fixture_run(&w.f, 600);
		assert_int_equal(fixture_count(w.unit, FILES), i == 0 ? 1 : 2);
		w.f.now_us = ten + CLOCK_DAY;
		fixture_run(&w.f, 600);
		assert_int_equal(fixture_count(w.unit, FILES), 2);
		/* 16:13 of the 25th, a Friday; Monday has no other. */
		w.f.now_us = ten + CLOCK_DAY + 6 * hour;
		fixture_run(&w.f, 600);
		assert_int_equal(fixture_count(w.unit, FILES), i == 0 ? 2 : 3);
		w.f.now_us = ten + 4 * CLOCK_DAY;
		fixture_run(&w.f, 600);
		assert_int_equal(fixture_count(w.unit, FILES), 3);
		fixture_fini(&w.f);
	}
}

/* 9601's answers have a row for each transaction; without it there is none. */
static void statements_come_only_where_the_answer_has_them(void **state)
{
	static const char *const pairs[] = {
	    "  transaction:\n    mark: M\n    columns:\n"
	    "      - {item: 取引日, date: ymd8}\n"
	    "      - {item: 起算日, date: ymd8}\n"
	    "      - {item: 出金}\n      - {item: 入金}\n"
	    "      - {item: 残高}\n      - {item: 摘要}\n",
	    "", NULL};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct world w;

		open_as(&w, i == 0 ? pairs + 2 : pairs);
		world_subjects(&w);
		fixture_run(&w.f, 400);
		assert_int_equal(w.answers.count, SUBJECTS);
		assert_int_equal(w.answers.accounts, 10);
		assert_int_equal(w.answers.transactions, i == 0 ? 20 : 0);
		fixture_fini(&w.f);
	}
}

static void a_basis_that_is_not_accepted_is_held(void **state)
{
	struct world w;

	(void)state;
	open_with(&w, "accepts: {basis: [kokuchou-141]}");
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(held(&w, "held", "accepts"), SUBJECTS);
	assert_int_equal(w.answers.count, 0);
	fixture_fini(&w.f);
	open_with(&w, "accepts: {basis: [kokuchou-141, jumin-331-6]}");
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(held(&w, "held", "accepts"), 0);
	assert_int_equal(w.answers.count, SUBJECTS);
	fixture_fini(&w.f);
}

static void what_it_cannot_be_asked_goes_on_paper(void **state)
{
	struct world w;

	(void)state;
	open_with(&w, "paper: true\naccepts: {authorities: [\"131016\"]}");
	world_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(held(&w, "paper", "accepts"), SUBJECTS);
	assert_int_equal(held(&w, "held", "accepts"), 0);
	fixture_fini(&w.f);
}

static void asked(struct world *w, const char *from)
{
	world_part(w, &(const struct wave){.wave = 1,
			  .part = 1,
			  .parts = 1,
			  .first = 1,
			  .last = SUBJECTS,
			  .total = SUBJECTS,
			  .from = from});
	fixture_run(&w->f, 400);
}

static void a_longer_period_than_it_accepts_is_held(void **state)
{
	struct world w;

	(void)state;
	open_with(&w, "accepts: {years: 2}");
	asked(&w, "2023-09-01");
	assert_int_equal(held(&w, "held", "accepts"), SUBJECTS);
	fixture_fini(&w.f);
	open_with(&w, "accepts: {years: 3}");
	asked(&w, "2023-09-01");
	assert_int_equal(w.answers.count, SUBJECTS);
	fixture_fini(&w.f);
}

/* A second hub that knows the same bank; the peer tables lead over H001. */
static struct fixture_node *second_hub(struct world *w)
{
	struct fixture_node *hub =
	    fixture_add(&w->f, STORE_HUB, NEXT, NULL, LINK_DIRECT);

	fixture_introduce(w->unit, hub, NULL);
	fixture_introduce(hub, w->unit, NULL);
	fixture_introduce(w->bank, hub, NULL);
	fixture_introduce(hub, w->bank, NULL);
	fixture_introduce(w->ward, hub, "U001");
	fixture_introduce(hub, w->ward, "U001");
	fixture_start(hub);
	return hub;
}

static void the_hub_is_the_one_that_the_layout_names(void **state)
{
	static const struct {
		const char *line;
		bool next;
	} to[] = {{"hub: H001\n", false}, {"hub: " NEXT "\n", true},
	    {"hub: [H009, " NEXT ", H001]\n", true}, /* H009: no peer */
	    {"hub: [H001, " NEXT "]\n", false}};
	static const char all[] = "SELECT count(*) FROM hub_file";

	(void)state;
	for (size_t i = 0; i < sizeof(to) / sizeof(*to); i++) {
		const char *const pairs[] = {HUB, to[i].line, NULL};
		struct fixture_node *hub;
		struct world w;

		open_as(&w, pairs);
		hub = second_hub(&w);
		world_subjects(&w);
		fixture_run(&w.f, 600);
		assert_int_equal(w.answers.count, SUBJECTS);
		assert_int_equal(fixture_count(w.hub, all), !to[i].next);
		assert_int_equal(fixture_count(hub, all), to[i].next);
		/* Its answers came back the same way. */
		assert_int_equal(
		    fixture_count(to[i].next ? hub : w.hub,
			"SELECT count(*) FROM hub_file WHERE answered = "
			"records AND forwarded_us > 0"),
		    1);
		fixture_fini(&w.f);
	}
}

static void a_bank_keeps_requests_as_long_as_its_layout_says(void **state)
{
	static const char *const options[] = {
	    "retention_days: 30", "retention_days: 90"};
	static const char kept[] =
	    "SELECT count(*) FROM message WHERE kind = 'request-file' AND "
	    "payload IS NOT NULL";

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct world w;

		open_with(&w, options[i]);
		world_subjects(&w);
		fixture_run(&w.f, 400);
		assert_int_equal(w.answers.count, SUBJECTS);
		w.f.now_us += 29 * CLOCK_DAY;
		fixture_run(&w.f, 100);
		assert_int_equal(fixture_count(w.bank, kept), 1);
		w.f.now_us += 2 * CLOCK_DAY;
		fixture_run(&w.f, 100);
		assert_int_equal(fixture_count(w.bank, kept), i);
		/* Header and receipt stay, the answers are ours to keep. */
		assert_int_equal(
		    fixture_count(w.bank, "SELECT count(*) FROM message WHERE "
					  "kind = 'request-file'"),
		    1);
		assert_int_equal(
		    fixture_count(w.bank, "SELECT count(*) FROM lookup"),
		    SUBJECTS);
		fixture_fini(&w.f);
	}
}

/* An officer of the unit looks at an inquiry: its state, by which version its
 * record is made, and whether that is proved to be what was sent. */
static void looks(const struct world *w, uint32_t ordinal, const char *state,
    const char *version, bool sent)
{
	struct arena a = {0};
	struct party_context c = {.node = &w->unit->node,
	    .keys = w->unit->keys,
	    .layouts = w->unit->layouts,
	    .codes = w->f.codes,
	    .store = w->unit->store,
	    .random = w->f.random,
	    .now_us = w->f.now_us,
	    .arena = &a};
	const struct ward_user officer = {.name = "officer1"};
	struct kanri k = {.authority = WARD,
	    .institution = BANK,
	    .wave = 1,
	    .ordinal = ordinal};
	char number[KANRI_TEXT];
	const json_t *record;
	json_t *o;
	struct err e;

	assert_true(kanri_format(&k, number));
	assert_int_equal(
	    unit_inquiry_show(&c, text_z(number), &officer, &o, &e), ERR_NONE);
	assert_string_equal(
	    json_string_value(json_object_get(o, "state")), state);
	record = json_object_get(o, "record");
	assert_string_equal(
	    json_string_value(json_object_get(record, "layout")), version);
	assert_int_equal(json_is_true(json_object_get(record, "proved")), sent);
	assert_int_equal(json_object_get(record, "sent") != NULL, sent);
	json_decref(o);
	arena_fini(&a);
}

static void what_is_unsent_follows_the_layout_of_the_day(void **state)
{
	static const char *const before[] = {"records_per_file: 5000",
	    "records_per_file: 10\nschedule: {files_per_day: 2, from: "
	    "\"00:00\", to: \"24:00\", days: all}",
	    NULL};
	static const char *const after[] = {"valid_from: 2025-04-01",
	    "valid_from: 2026-09-22", "newline: crlf", "newline: lf",
	    "quote: minimal", "quote: always", NULL};
	static const char *const versions[] = {
	    "SELECT count(*) FROM file WHERE layout = '2025-04-01'",
	    "SELECT count(*) FROM file WHERE layout = '2026-09-22'"};
	struct world w;

	(void)state;
	open_as(&w, before);
	fixture_layout_as(w.unit, BANK, after);
	fixture_layout_as(w.bank, BANK, after);
	world_subjects(&w);
	fixture_run(&w.f, 600);
	assert_int_equal(fixture_count(w.unit, versions[0]), 2);
	assert_int_equal(fixture_count(w.unit, versions[1]), 0);
	looks(&w, 1, "cleansed", "2025-04-01", true);
	looks(&w, SUBJECTS, "approved", "2025-04-01", false);
	w.f.now_us += CLOCK_DAY;
	looks(&w, SUBJECTS, "approved", "2026-09-22", false);
	fixture_run(&w.f, 600);
	looks(&w, 1, "cleansed", "2025-04-01", true);
	looks(&w, SUBJECTS, "cleansed", "2026-09-22", true);
	/* Twenty were left, and fit one file of the new form. */
	assert_int_equal(fixture_count(w.unit, versions[0]), 2);
	assert_int_equal(fixture_count(w.unit, versions[1]), 1);
	assert_int_equal(w.answers.count, SUBJECTS);
	assert_int_equal(w.answers.classes[CLASS_FOUND], 10);
	fixture_fini(&w.f);
}

static void a_bank_looks_under_former_names_too(void **state)
{
	static const char *const fan[] = {"  file_name:",
	    "  fan_out: {of: [旧氏, 旧住所1], max: 3}\n  file_name:", NULL};
	static const char *const plain[] = {NULL};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct world w;

		open_as(&w, i == 0 ? plain : fan);
		world_part(&w, &(const struct wave){.wave = 1,
				   .part = 1,
				   .parts = 1,
				   .first = 1,
				   .last = SUBJECTS,
				   .total = SUBJECTS,
				   .renamed = true});
		fixture_run(&w.f, 400);
		/* One answer each, however many records asked. */
		assert_int_equal(w.answers.count, SUBJECTS);
		assert_int_equal(
		    w.answers.classes[CLASS_FOUND], i == 0 ? 10 : 20);
		assert_int_equal(w.answers.accounts, i == 0 ? 10 : 20);
		fixture_fini(&w.f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_wait_for_the_institutions_hours),
	    cmocka_unit_test(a_bank_open_at_all_hours_gets_its_file_at_once),
	    cmocka_unit_test(a_unit_told_to_ignore_hours_does_not_wait),
	    cmocka_unit_test(no_more_files_a_day_than_the_institution_takes),
	    cmocka_unit_test(
		what_is_sent_after_the_cutoff_counts_as_the_next_days),
	    cmocka_unit_test(statements_come_only_where_the_answer_has_them),
	    cmocka_unit_test(a_basis_that_is_not_accepted_is_held),
	    cmocka_unit_test(what_it_cannot_be_asked_goes_on_paper),
	    cmocka_unit_test(a_longer_period_than_it_accepts_is_held),
	    cmocka_unit_test(the_hub_is_the_one_that_the_layout_names),
	    cmocka_unit_test(a_bank_keeps_requests_as_long_as_its_layout_says),
	    cmocka_unit_test(what_is_unsent_follows_the_layout_of_the_day),
	    cmocka_unit_test(a_bank_looks_under_former_names_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
