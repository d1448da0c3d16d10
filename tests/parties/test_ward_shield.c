/* Tests of parties/ward_shield.h: a person who is shielded (支援措置) after the
 * wave was drafted, or approved, or has gone to the unit. */
#include "ward_fixture.h"

#include "parties/reconcile.h"
#include "parties/ward_inquiry.h"
#include "parties/ward_reconcile.h"
#include "parties/ward_shield.h"
#include "record/kanri.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FIFTH "0000000005"
#define NEW_ADDRESS "東京都中野区中野9-9-9"

static void run(struct office *o)
{
	fixture_run(&o->f, 4000);
	o->c->arena = &o->f.arena;
	o->c->now_us = o->f.now_us;
}

/* The day's difference: the fifth subject is shielded, or no longer is. */
static void shield(struct office *o, bool on, const char *address)
{
	struct ward_import_result r;
	char row[300];

	(void)snprintf(row, sizeof(row),
	    FIFTH
	    ",1,カクウ タロウ,架空 太郎,1970-01-05,1,1600022,%s,1,1000,,,%s\n",
	    address, on ? "1" : "");
	assert_int_equal(office_import(o, row, true, &r), ERR_NONE);
	assert_int_equal(r.changed, 1);
	assert_int_equal(r.stopped, 0);
}

static void choose(struct office *o, const char *address)
{
	const struct ward_shield x = {.atena = FIFTH,
	    .address = address,
	    .reason = "本人の申出",
	    .officer = &o->officer};

	o->c->now_us = o->f.now_us;
	assert_int_equal(ward_shield_choose(o->c, &x, &o->e), ERR_NONE);
}

static void row(void *ctx, const struct reconcile_row *r)
{
	bool *good = ctx;

	*good = *good && r->ok;
}

static void assert_sums(struct office *o, uint32_t wave)
{
	struct ward_counts w = office_counts(o, wave);
	bool good = true;
	const struct reconcile_sink sink = {.row = row, .ctx = &good};

	assert_true(ward_count_good(&w.all));
	assert_int_equal(ward_reconcile(o->c, &sink, &o->e), ERR_NONE);
	assert_true(good);
}

static int64_t at_unit(struct office *o)
{
	return fixture_count(
	    o->unit, "SELECT count(*) FROM snapshot WHERE ordinal = 5");
}

static int64_t held(struct office *o)
{
	return fixture_count(o->ward,
	    "SELECT count(*) FROM exception WHERE ordinal = 5 AND "
	    "kind = 'held' AND reason = '支援措置'");
}

static void holds_whom_is_shielded_after_the_approval(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	struct ward_counts w;
	uint32_t wave;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	wave = office_wave(&o, &order);
	shield(&o, true, NEW_ADDRESS);
	office_release(&o);
	run(&o);
	assert_int_equal(at_unit(&o), 0);
	assert_int_equal(fixture_count(o.unit, "SELECT count(*) FROM snapshot"),
	    OFFICE_SUBJECTS - 1);
	assert_int_equal(held(&o), 1);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.held, 1);
	assert_int_equal(w.all.sent, OFFICE_SUBJECTS - 1);
	assert_true(ward_count_good(&w.all));
	assert_sums(&o, wave);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM halt"), 0);
	office_close(&o);
}

static void sends_the_chosen_address_alone(void **state)
{
	struct ward_order order = office_order();
	struct office o;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	(void)office_wave(&o, &order);
	shield(&o, true, NEW_ADDRESS);
	o.f.now_us++;
	choose(&o, "住所");
	office_release(&o);
	run(&o);
	assert_int_equal(held(&o), 0);
	assert_int_equal(at_unit(&o), 1);
	/* As the ledger has it now, not as it was when the wave was made. */
	assert_int_equal(
	    fixture_count(o.unit,
		"SELECT count(*) FROM snapshot WHERE ordinal = 5 AND "
		"instr(record, CAST('" NEW_ADDRESS "' AS BLOB)) > 0"),
	    1);
	assert_int_equal(
	    fixture_count(o.unit,
		"SELECT count(*) FROM snapshot WHERE ordinal = 5 AND "
		"instr(record, CAST('新宿1-1-5' AS BLOB)) > 0"),
	    0);
	office_close(&o);
}

static void holds_whose_choice_was_taken_back(void **state)
{
	struct ward_order order = office_order();
	struct office o;

	(void)state;
	office_chain(&o, LINK_DIRECT);
	shield(&o, true, NEW_ADDRESS);
	o.f.now_us++;
	choose(&o, "住所");
	(void)office_wave(&o, &order);
	choose(&o, "");
	office_release(&o);
	run(&o);
	assert_int_equal(at_unit(&o), 0);
	assert_int_equal(held(&o), 1);
	office_close(&o);
}

static uint32_t open_waiting(struct office *o)
{
	struct ward_order order = office_order();
	uint32_t wave;

	office_chain(o, LINK_DIRECT);
	o->unit->node.window = 0;
	wave = office_wave(o, &order);
	office_release(o);
	run(o);
	assert_int_equal(at_unit(o), 1);
	return wave;
}

static void is_held_at_the_unit_until_the_choice_and_asked_anew(void **state)
{
	struct office o;
	uint32_t wave = 0;

	(void)state;
	wave = open_waiting(&o);
	shield(&o, true, NEW_ADDRESS);
	run(&o);
	o.unit->node.window = 8;
	run(&o);
	assert_int_equal(fixture_count(o.unit,
			     "SELECT count(*) FROM halted WHERE ordinal = 5 "
			     "AND state = 'held'"),
	    1);
	choose(&o, "住所");
	run(&o);
	assert_int_equal(fixture_count(o.unit,
			     "SELECT count(*) FROM halted WHERE ordinal = 5 "
			     "AND state = 'withdrawn'"),
	    1);
	assert_sums(&o, wave);
	office_close(&o);
}

static void goes_on_when_the_shield_has_ended(void **state)
{
	struct office o;
	uint32_t wave;

	(void)state;
	wave = open_waiting(&o);
	shield(&o, true, NEW_ADDRESS);
	run(&o);
	shield(&o, false, NEW_ADDRESS);
	run(&o);
	o.unit->node.window = 8;
	run(&o);
	assert_int_equal(
	    fixture_count(o.unit, "SELECT count(*) FROM halted WHERE ordinal "
				  "= 5 AND state IN ('held', 'withdrawn')"),
	    0);
	assert_int_equal(office_counts(&o, wave).all.sent, OFFICE_SUBJECTS);
	office_close(&o);
}

/* The 管理番号 of the held one. */
static struct text number_of(uint32_t wave, char z[KANRI_TEXT])
{
	struct kanri k = {.wave = wave, .ordinal = 5};

	(void)snprintf(k.authority, sizeof(k.authority), "%s", OFFICE_WARD);
	(void)snprintf(k.institution, sizeof(k.institution), "%s", OFFICE_BANK);
	assert_true(kanri_format(&k, z));
	return text_trust(z, KANRI_SIZE);
}

static void waits_no_longer_once_it_is_asked_anew_or_given_up(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	char z[KANRI_TEXT];
	uint32_t again = 0;
	uint32_t wave;

	(void)state;
	for (int reask = 0; reask < 2; reask++) {
		office_chain(&o, LINK_DIRECT);
		wave = office_wave(&o, &order);
		shield(&o, true, NEW_ADDRESS);
		office_release(&o);
		run(&o);
		assert_int_equal(held(&o), 1);
		o.f.now_us++;
		choose(&o, "住所");
		if (reask) {
			assert_int_equal(
			    ward_inquiry_reask(o.c, number_of(wave, z),
				&o.officer, &again, &o.e),
			    ERR_NONE);
			assert_int_equal(
			    office_counts(&o, again).all.awaiting, 1);
		} else {
			assert_int_equal(
			    ward_inquiry_withdraw(o.c, number_of(wave, z),
				&o.officer, "取り下げる", &o.e),
			    ERR_NONE);
		}
		assert_int_equal(held(&o), 0);
		assert_int_equal(office_counts(&o, wave).all.held, 0);
		assert_sums(&o, wave);
		office_close(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(holds_whom_is_shielded_after_the_approval),
	    cmocka_unit_test(sends_the_chosen_address_alone),
	    cmocka_unit_test(holds_whose_choice_was_taken_back),
	    cmocka_unit_test(
		is_held_at_the_unit_until_the_choice_and_asked_anew),
	    cmocka_unit_test(goes_on_when_the_shield_has_ended),
	    cmocka_unit_test(waits_no_longer_once_it_is_asked_anew_or_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
