/* Tests of parties/ward_draft.h, ward_wave.h: who may ask whom, and why. */
#include "ward_fixture.h"

#include "parties/ward_show.h"
#include "parties/ward_wave.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect_refused(struct office *o, const struct ward_order *order,
    const struct ward_user *officer, enum err_class class, const char *code)
{
	char *before = office_dump(o);
	char *after;
	uint32_t wave;

	assert_int_equal(
	    ward_draft_new(o->c, order, officer, &wave, &o->e), class);
	assert_string_equal(o->e.code, code);
	after = office_dump(o);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void refuses_bad_orders_and_changes_nothing(void **state)
{
	struct ward_pick stranger = {TEXT("9999999999"), TEXT(""), 2};
	struct ward_order x;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
#define REFUSED(change, class, code)                                           \
	x = office_order();                                                    \
	change;                                                                \
	expect_refused(&o, &x, &o.officer, class, code)
	REFUSED(x.purpose = "", ERR_INPUT, "wave.purpose");
	REFUSED(x.name = "", ERR_INPUT, "wave.name");
	REFUSED(x.reason = "", ERR_INPUT, "wave.reason");
	REFUSED(x.period_to = "2025-12-31", ERR_INPUT, "wave.date");
	REFUSED(x.base_date = "2026-02-30", ERR_INPUT, "wave.date");
	REFUSED(x.basis = "", ERR_DENIED, "wave.basis");
	REFUSED(x.basis = "no-such-law", ERR_DENIED, "wave.basis");
	REFUSED(x.basis = "kei-463-27", ERR_DENIED, "wave.basis");
	REFUSED(x.scope = "everything", ERR_INPUT, "wave.scope");
	REFUSED(x.period_from = "2001-01-01", ERR_DENIED, "wave.scope");
	REFUSED(x.basis = "kokuho-113-2", ERR_DENIED, "wave.scope");
	REFUSED(x.institutions = "9699", ERR_INPUT, "wave.institution");
	REFUSED(x.institutions = "U001", ERR_INPUT, "wave.institution");
	REFUSED(x.claim_kind = "3", ERR_INPUT, "wave.empty");
	REFUSED(x.min_amount = 5000, ERR_INPUT, "wave.empty");
	REFUSED((x.listed = true, x.picks = &stranger, x.pick_count = 1),
	    ERR_INPUT, "wave.unknown_subject");
#undef REFUSED
	office_close(&o);
}

static void refuses_officers_without_the_appointment(void **state)
{
	struct ward_order order = office_order();
	struct ward_user none;
	struct ward_user other;
	struct ward_user expired;
	struct office o;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	none = office_user(&o, "none", "officer", "");
	other =
	    office_user(&o, "other", "officer", "B:2026-04-01/2027-03-31:3");
	expired =
	    office_user(&o, "expired", "officer", "C:2025-04-01/2026-03-31:1");
	expect_refused(&o, &order, &none, ERR_DENIED, "wave.approver");
	expect_refused(&o, &order, &other, ERR_DENIED, "wave.approver");
	expect_refused(&o, &order, &expired, ERR_DENIED, "wave.approver");
	office_close(&o);
}

static void expect_denied(struct office *o, uint32_t wave,
    const struct ward_user *approver, const char *code)
{
	char *before = office_dump(o);
	const char *state;
	char *after;

	assert_int_equal(
	    ward_wave_approve(o->c, wave, approver, NULL, &state, &o->e),
	    ERR_DENIED);
	assert_string_equal(o->e.code, code);
	after = office_dump(o);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void refuses_ones_own_approval_here_and_in_the_store(void **state)
{
	struct ward_order order = office_order();
	struct ward_user both;
	struct office o;
	const char *now;
	uint32_t wave;
	char path[300];
	sqlite3 *db;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	both = office_user(
	    &o, "both", "officer,approver", "D:2026-04-01/2027-03-31:1");
	assert_int_equal(
	    ward_draft_new(o.c, &order, &both, &wave, &o.e), ERR_NONE);
	expect_denied(&o, wave, &o.approver, "wave.closed"); /* drafted */
	/* Drafted by one, submitted by another: neither approves it. */
	assert_int_equal(
	    ward_wave_submit(o.c, wave, &o.officer, &now, &o.e), ERR_NONE);
	assert_string_equal(now, "submitted");
	expect_denied(&o, wave, &both, "wave.approver");
	expect_denied(&o, wave, &o.officer, "wave.approver");
	(void)snprintf(path, sizeof(path), "%s/shokai.db", o.ward->path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(
		db, "UPDATE wave SET approver = requester", NULL, NULL, NULL),
	    SQLITE_CONSTRAINT);
	assert_int_equal(sqlite3_exec(db, "UPDATE wave SET approver = drafter",
			     NULL, NULL, NULL),
	    SQLITE_CONSTRAINT);
	(void)sqlite3_close(db);
	office_close(&o);
}

static void refuses_approvers_without_the_appointment(void **state)
{
	struct ward_order order = office_order();
	struct ward_user none;
	struct ward_user other;
	struct ward_user expired;
	struct office o;
	const char *now;
	uint32_t wave;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	none = office_user(&o, "none", "approver", "");
	other =
	    office_user(&o, "other", "approver", "B:2026-04-01/2027-03-31:2");
	expired =
	    office_user(&o, "expired", "approver", "C:2025-04-01/2026-03-31:1");
	assert_int_equal(
	    ward_draft_new(o.c, &order, &o.officer, &wave, &o.e), ERR_NONE);
	assert_int_equal(
	    ward_wave_submit(o.c, wave, &o.officer, &now, &o.e), ERR_NONE);
	expect_denied(&o, wave, &none, "wave.approver");
	expect_denied(&o, wave, &other, "wave.approver");
	expect_denied(&o, wave, &expired, "wave.approver");
	/* The requester's own appointment has ended meanwhile. */
	fixture_sql(o.ward, "UPDATE appointment SET valid_to = '2026-09-01' "
			    "WHERE user = 'sato'");
	expect_denied(&o, wave, &o.approver, "wave.approver");
	office_close(&o);
}

static void moves_as_the_table_says_and_repeats_change_nothing(void **state)
{
	struct ward_order order = office_order();
	struct office o;
	const char *now;
	uint32_t wave;
	char *before;
	char *after;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	wave = office_wave(&o, &order);
	before = office_dump(&o);
	assert_int_equal(
	    ward_wave_approve(o.c, wave, &o.approver, NULL, &now, &o.e),
	    ERR_NONE);
	after = office_dump(&o);
	assert_string_equal(before, after);
	free(before);
	free(after);
	assert_int_equal(
	    ward_wave_submit(o.c, wave, &o.officer, &now, &o.e), ERR_DENIED);
	assert_string_equal(o.e.code, "wave.closed");
	assert_int_equal(
	    ward_wave_return(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_DENIED);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "", &now, &o.e),
	    ERR_INPUT);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_NONE);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.approver, "誤り", &now, &o.e),
	    ERR_NONE);
	assert_int_equal(
	    ward_wave_approve(o.c, wave, &o.approver, NULL, &now, &o.e),
	    ERR_DENIED);
	assert_string_equal(o.e.code, "wave.closed");
	assert_int_equal(
	    ward_wave_submit(o.c, 77, &o.officer, &now, &o.e), ERR_INPUT);
	assert_string_equal(o.e.code, "wave.unknown");
	office_close(&o);
}

#define PERSON "1,カクウ ハナコ,架空 花子,1980-02-03,2,1600022,新宿区新宿1-1-1,"

static void leaves_out_with_reasons(void **state)
{
	struct ward_order order = office_order();
	struct ward_import_result r;
	struct ward_counts w;
	struct office o;
	uint32_t wave;

	(void)state;
	office_open(&o, LINK_DIRECT);
	assert_int_equal(office_import(&o,
			     "0000000001," PERSON "1,500,,,\n"
			     "0000000002," PERSON "1,500,,,1\n"
			     "0000000003," PERSON "1,500,,分納,\n"
			     "0000000004," PERSON "1,500,,,\n"
			     "0000000004," PERSON "3,500,,,\n"
			     "0000000005," PERSON "3,500,,,\n"
			     "0000000006," PERSON "1,50,,,\n",
			     false, &r),
	    ERR_NONE);
	order.institutions = "all";
	order.min_amount = 100;
	assert_int_equal(
	    ward_draft_new(o.c, &order, &o.officer, &wave, &o.e), ERR_NONE);
	w = office_counts(&o, wave);
	assert_int_equal(w.n, 2);
	assert_int_equal(w.w.subjects, 5);
	assert_int_equal(w.all.selected, 10);
	assert_int_equal(w.all.excluded, 8);
	assert_int_equal(w.all.awaiting, 2);
	assert_true(ward_count_good(&w.all));
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM exception WHERE "
				  "reason = '支援措置' AND ordinal = 2"),
	    2);
	assert_int_equal(fixture_count(o.ward,
			     "SELECT count(*) FROM exception WHERE "
			     "reason = '処分状況による停止' AND ordinal = 3"),
	    2);
	assert_int_equal(
	    fixture_count(o.ward,
		"SELECT count(*) FROM exception WHERE "
		"reason LIKE '根拠法令なし%' AND ordinal IN (4, 5)"),
	    4);
	office_close(&o);
}

static void asks_each_number_once_with_every_claims_basis(void **state)
{
	struct ward_order order = office_order();
	struct ward_import_result r;
	struct office o;
	uint32_t wave;

	(void)state;
	office_open(&o, LINK_DIRECT);
	assert_int_equal(office_import(&o,
			     "0000000002," PERSON "1,500,,,\n"
			     "0000000002," PERSON "3,500,,,\n"
			     "0000000001," PERSON "3,500,,,\n",
			     false, &r),
	    ERR_NONE);
	order.basis = "jumin-331-6,kokuho-79-2";
	assert_int_equal(
	    ward_draft_new(o.c, &order, &o.officer, &wave, &o.e), ERR_NONE);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM wave_subject"), 2);
	assert_int_equal(fixture_count(o.ward,
			     "SELECT count(*) FROM wave_claim WHERE "
			     "ordinal = 2 AND basis = CASE kamoku WHEN '1' "
			     "THEN 'jumin-331-6' ELSE 'kokuho-79-2' END"),
	    2);
	office_close(&o);
}

static void takes_the_picked_subjects_in_blocks(void **state)
{
	static const char csv[] = "宛名番号,科目\n0000004000,\n0000000007,1\n"
				  "0000004000,1\n";
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	uint32_t wave;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 6000);
	assert_int_equal(
	    ward_draft_new(o.c, &order, &o.officer, &wave, &o.e), ERR_NONE);
	assert_int_equal(office_counts(&o, wave).w.subjects, 6000);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM wave_subject WHERE "
				  "CAST(atena AS INTEGER) = ordinal"),
	    6000);
	order.listed = true;
	assert_int_equal(ward_draft_picks(BYTES(csv, sizeof(csv) - 1), "p",
			     &o.f.arena, &order.picks, &order.pick_count, &o.e),
	    ERR_NONE);
	assert_int_equal(
	    ward_draft_new(o.c, &order, &o.officer, &wave, &o.e), ERR_NONE);
	assert_int_equal(wave, 2);
	w = office_counts(&o, wave);
	assert_int_equal(w.w.subjects, 2);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM pick"), 0);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM draft"), 0);
	office_close(&o);
}

/* An officer does not wait for many: the node's work goes on with them. */
static void many_are_drafted_and_counted_some_at_a_time(void **state)
{
	struct ward_order order = office_order();
	struct ward_draft_counts n;
	int64_t subjects = 0;
	const char *after = "";
	struct office o;
	uint32_t wave;
	bool whole;
	bool did = true;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 12000);
	for (int i = 0; after != NULL; i++) {
		assert_int_equal(
		    ward_draft_count(o.c, &order, after, &o.officer, &n, &o.e),
		    ERR_NONE);
		assert_true(i < 5);
		assert_true(n.subjects > 0 && n.subjects <= 5000);
		subjects += n.subjects;
		after = n.next;
	}
	assert_int_equal(subjects, 12000);
	assert_int_equal(
	    ward_draft_begin(o.c, &order, &o.officer, &wave, &whole, &o.e),
	    ERR_NONE);
	assert_false(whole);
	assert_int_equal(ward_draft_open(o.c, wave, &whole, &o.e), ERR_NONE);
	assert_true(whole);
	assert_int_equal(fixture_count(o.ward, "SELECT count(*) FROM wave"), 0);
	while (did)
		assert_int_equal(ward_draft_task(o.c, &did, &o.e), ERR_NONE);
	assert_int_equal(office_counts(&o, wave).w.subjects, 12000);
	assert_int_equal(ward_draft_open(o.c, wave, &whole, &o.e), ERR_NONE);
	assert_false(whole);
	office_close(&o);
}

static void the_approval_says_everything_and_is_signed(void **state)
{
	static const char *const must_say[] = {"\"document\":\"approval\"",
	    "国税徴収法", "滞納処分のための財産調査", "区内に店舗がある",
	    "\"approver\":", "\"number\":\"A1\"", "\"number\":\"A2\"",
	    "\"selected\":3", "\"inquiries\":3", "\"scope\":\"detail\""};
	struct ward_order order = office_order();
	struct buf document = {0};
	struct ward_counts w;
	struct office o;
	uint32_t wave;
	char digest[DIGEST_TEXT];

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 3);
	wave = office_wave(&o, &order);
	w = office_counts(&o, wave);
	digest_hex(digest_one(w.w.approval), digest);
	assert_string_equal(digest, w.w.approval_digest);
	assert_int_equal(
	    keys_verify(o.ward->certificate, w.w.approval, &document, &o.e),
	    ERR_NONE);
	buf_byte(&document, 0);
	for (size_t i = 0; i < sizeof(must_say) / sizeof(*must_say); i++)
		assert_non_null(strstr((char *)document.p, must_say[i]));
	buf_fini(&document);
	office_close(&o);
}

static void sends_in_parts_and_stops_what_came_meanwhile(void **state)
{
	struct ward_order order = office_order();
	struct ward_import_result r;
	struct ward_counts w;
	struct office o;
	uint32_t wave;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 6000);
	wave = office_wave(&o, &order);
	assert_int_equal(
	    office_import(&o, "0000005500," PERSON "1,5,,完納,\n", true, &r),
	    ERR_NONE);
	office_work(&o);
	w = office_counts(&o, wave);
	assert_string_equal(w.w.state, "sent");
	assert_int_equal(w.all.cancelled_before, 1);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM message WHERE "
				  "kind = 'subjects'"),
	    2);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT sum(records) FROM message WHERE "
				  "kind = 'subjects'"),
	    5999);
	assert_int_equal(fixture_count(o.ward,
			     "SELECT sum(inquiries) FROM step WHERE no = 1"),
	    5999);
	office_close(&o);
}

static void cancelling_before_sending_leaves_nothing_open(void **state)
{
	struct ward_order order = office_order();
	struct ward_counts w;
	struct office o;
	const char *now;
	uint32_t wave;

	(void)state;
	office_open(&o, LINK_DIRECT);
	office_subjects(&o, 7);
	assert_int_equal(
	    ward_draft_new(o.c, &order, &o.officer, &wave, &o.e), ERR_NONE);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.officer, "誤り", &now, &o.e),
	    ERR_NONE);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.cancelled_before, 7);
	assert_true(ward_count_good(&w.all));
	wave = office_wave(&o, &order);
	assert_int_equal(
	    ward_wave_cancel(o.c, wave, &o.officer, "誤り", &now, &o.e),
	    ERR_NONE);
	office_work(&o);
	w = office_counts(&o, wave);
	assert_int_equal(w.all.cancelled_before, 7);
	assert_int_equal(w.all.awaiting, 0);
	assert_int_equal(
	    fixture_count(o.ward, "SELECT count(*) FROM message"), 0);
	office_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_bad_orders_and_changes_nothing),
	    cmocka_unit_test(refuses_officers_without_the_appointment),
	    cmocka_unit_test(refuses_ones_own_approval_here_and_in_the_store),
	    cmocka_unit_test(refuses_approvers_without_the_appointment),
	    cmocka_unit_test(
		moves_as_the_table_says_and_repeats_change_nothing),
	    cmocka_unit_test(leaves_out_with_reasons),
	    cmocka_unit_test(asks_each_number_once_with_every_claims_basis),
	    cmocka_unit_test(takes_the_picked_subjects_in_blocks),
	    cmocka_unit_test(many_are_drafted_and_counted_some_at_a_time),
	    cmocka_unit_test(the_approval_says_everything_and_is_signed),
	    cmocka_unit_test(sends_in_parts_and_stops_what_came_meanwhile),
	    cmocka_unit_test(cancelling_before_sending_leaves_nothing_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
