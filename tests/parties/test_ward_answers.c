/*
 * What the ward makes of the words of others: answers (E6), refusals and
 * receipts. The unit, hub and bank stand still; the test speaks with their
 * keys.
 */
#include "ward_say.h"

#include "base/clock.h"
#include "parties/books.h"
#include "parties/ward_inquiry.h"
#include "parties/ward_reconcile.h"
#include "parties/ward_show.h"
#include "parties/ward_wave.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int64_t told_refused(struct say *s, const char *to)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM message WHERE kind = 'status' AND file = "
	    "'" FILE_1 "' AND origin = '" OFFICE_WARD "' AND recipient = '%s'",
	    to);
	return say_count(s, sql);
}

static void refuses_a_whole_file_that_disagrees(void **state)
{
	struct say s;
	struct header h;
	struct buf b = {0};
	char *before;
	char *after;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	before = office_dump_own(&s.o);
	say_put(&b, s.wave, 1, CLASS_NONE, NULL);
	say_answers(&s, &b, 2);
	assert_int_equal(s.state, INBOX_REFUSED);
	assert_string_equal(s.code, "answer.count");
	/* Of another institution than the file's. */
	h = say_header(&s, KIND_ANSWER_FILE);
	h.records = 1;
	memcpy(h.institution, OFFICE_OTHER, sizeof(OFFICE_OTHER));
	say_put(&b, s.wave, 1, CLASS_NONE, NULL);
	say_answers_as(&s, s.o.unit, &h, &b);
	assert_string_equal(s.code, "answer.header");
	/* By way of another hub than that bank was asked by. */
	h = say_header(&s, KIND_ANSWER_FILE);
	h.records = 1;
	memcpy(h.hub, "H777", sizeof("H777"));
	say_put(&b, s.wave, 1, CLASS_NONE, NULL);
	say_answers_as(&s, s.o.unit, &h, &b);
	assert_string_equal(s.code, "answer.header");
	/* Of a wave that there is not. */
	h = say_header(&s, KIND_ANSWER_FILE);
	h.records = 1;
	h.wave = 9;
	say_put(&b, s.wave, 1, CLASS_NONE, NULL);
	say_answers_as(&s, s.o.unit, &h, &b);
	assert_string_equal(s.code, "wave.unknown");
	/* By a bank, in the unit's place. */
	h = say_header(&s, KIND_ANSWER_FILE);
	h.records = 1;
	say_put(&b, s.wave, 1, CLASS_NONE, NULL);
	say_answers_as(&s, s.o.bank, &h, &b);
	assert_string_equal(s.code, "message.not_allowed");
	/* No answers at all, but a text. */
	buf_z(&b, "not an answer");
	say_answers(&s, &b, 1);
	assert_string_equal(s.code, "message.malformed");
	assert_int_equal(say_count(&s, "SELECT count(*) FROM outcome"), 0);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM answer"), 0);
	assert_int_equal(told_refused(&s, "U001"), 5);
	assert_int_equal(told_refused(&s, OFFICE_BANK), 1);
	assert_int_equal(
	    say_count(&s,
		"SELECT count(*) FROM refused WHERE party = '" OFFICE_WARD
		"' AND kind = 'answer-file'"),
	    6);
	after = office_dump_own(&s.o);
	assert_string_equal(before, after);
	free(before);
	free(after);
	office_close(&s.o);
}

/* Signed by the unit, and yet not what it says it wrote. */
static void refuses_answers_that_are_not_those_of_their_digest(void **state)
{
	struct say s;
	struct header h;
	struct buf b = {0};
	struct content content = {0};
	char digest[DIGEST_TEXT];

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_put(&b, s.wave, 1, CLASS_NONE, NULL);
	for (int good = 0; good < 2; good++) {
		h = say_header(&s, KIND_ANSWER_FILE);
		h.records = 1;
		digest_hex(
		    good ? digest_one(buf_bytes(&b)) : digest_one(BYTES("", 0)),
		    digest);
		content = (struct content){
		    .meta = json_pack("{s:s,s:i,s:s}", "as_of", "2026-09-01",
			"refused", 0, "digest", digest)};
		content_add(&content, "answers", buf_bytes(&b));
		office_say(
		    &s.o, s.o.unit, s.o.unit, &h, &content, &s.state, s.code);
		assert_string_equal(s.code, good ? "" : "answer.digest");
		assert_int_equal(
		    say_count(&s, "SELECT count(*) FROM outcome"), good);
	}
	buf_fini(&b);
	office_close(&s.o);
}

static json_t *told(
    struct say *s, const char *kind, const char *file, const char *message)
{
	return json_pack("{s:[],s:[],s:[{s:s,s:s,s:i,s:s,s:s,s:s}]}", "steps",
	    "files", "refused", "kind", kind, "file", file, "wave",
	    (int)s->wave, "institution", OFFICE_BANK, "code", "answer.count",
	    "message", message);
}

static void say_told(struct say *s, struct fixture_node *from, json_t *meta)
{
	struct header h = say_header(s, KIND_STATUS);
	struct content content = {.meta = meta};

	h.file[0] = h.institution[0] = h.hub[0] = '\0';
	office_say(&s->o, from, s->o.unit, &h, &content, &s->state, s->code);
	assert_int_equal(s->state, INBOX_DONE);
}

/* What wave show says: how many, and for how many a good one is awaited. */
static void shown_refused(struct say *s, int all, int open)
{
	json_t *w;
	json_t *r;
	size_t i;

	assert_int_equal(ward_show(s->o.c, s->wave, &w, &s->o.e), ERR_NONE);
	assert_int_equal(json_array_size(json_object_get(w, "refused")), all);
	json_array_foreach(json_object_get(w, "refused"), i, r) open -=
	    json_is_true(json_object_get(r, "open"));
	assert_int_equal(open, 0);
	json_decref(w);
}

#define ID_1 "0123456789abcdef0123456789abcdef"

static void a_banks_refused_answers_are_shown_until_good_ones_come(void **state)
{
	struct say s;
	struct buf b = {0};

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	for (int again = 0; again < 2; again++)
		say_told(&s, s.o.unit, told(&s, "answer-file", FILE_1, ID_1));
	shown_refused(&s, 1, 1);
	assert_int_equal(office_counts(&s.o, s.wave).all.pending, 9);
	for (uint32_t i = 1; i <= SUBJECTS; i++)
		if (i != 4)
			say_put(&b, s.wave, i, CLASS_NONE, NULL);
	say_answers(&s, &b, SUBJECTS - 1);
	shown_refused(&s, 1, 0);
	assert_int_equal(office_counts(&s.o, s.wave).all.answered, 9);
	office_close(&s.o);
}

/* S2: of whom a file is not, nobody hears anything about it. */
static void nobody_tells_of_refusals_that_are_not_theirs(void **state)
{
	struct say s;
	json_t *named;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_told(&s, s.o.other, told(&s, "answer-file", FILE_1, ID_1));
	say_told(&s, s.o.unit, told(&s, "answer-file", "no file", ID_1));
	say_told(&s, s.o.unit, told(&s, "status", FILE_1, ID_1));
	say_told(&s, s.o.unit, told(&s, "subjects", "part-1", ID_1));
	say_told(&s, s.o.unit, told(&s, "answer-file", FILE_1, "not an id"));
	named = told(&s, "answer-file", FILE_1, ID_1);
	json_object_set_new(
	    json_array_get(json_object_get(named, "refused"), 0), "code",
	    json_string("架空太郎"));
	say_told(&s, s.o.unit, named);
	shown_refused(&s, 0, 0);
	office_close(&s.o);
}

static void first_subjects(struct say *s, char id[HEADER_ID])
{
	char path[300];
	sqlite3 *db;
	sqlite3_stmt *r;

	(void)snprintf(path, sizeof(path), "%s/shokai.db", s->o.ward->path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db,
		"SELECT id FROM message WHERE kind = 'subjects'", -1, &r, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(r), SQLITE_ROW);
	(void)snprintf(
	    id, HEADER_ID, "%s", (const char *)sqlite3_column_text(r, 0));
	assert_int_equal(sqlite3_finalize(r), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t sent_again(struct say *s)
{
	int64_t parts = -1;

	assert_int_equal(
	    ward_send_again(s->o.c, s->wave, &s->o.officer, &parts, &s->o.e),
	    ERR_NONE);
	office_work(&s->o);
	return parts;
}

static void a_part_that_was_refused_is_sent_again_once(void **state)
{
	struct say s;
	char id[HEADER_ID];

	(void)state;
	say_open(&s, LINK_DIRECT);
	assert_int_equal(sent_again(&s), 0);
	first_subjects(&s, id);
	say_told(&s, s.o.unit, told(&s, "subjects", "part-1", id));
	shown_refused(&s, 1, 1);
	assert_int_equal(sent_again(&s), 1);
	assert_int_equal(
	    say_count(&s,
		"SELECT count(*) FROM message WHERE kind = 'subjects' "
		"AND file = 'part-1'"),
	    2);
	assert_int_equal(sent_again(&s), 0);
	/* Refused again, it may be sent again. */
	s.o.f.now_us += CLOCK_SECOND;
	office_work(&s.o);
	fixture_sql(s.o.ward, "UPDATE refused SET at_us = at_us + 86400000000");
	assert_int_equal(sent_again(&s), 1);
	assert_int_equal(
	    say_count(
		&s, "SELECT count(*) FROM message WHERE kind = 'subjects'"),
	    3);
	/* The unit has it: nothing is waited for any more. */
	say_told(&s, s.o.unit, say_step(&s, "part-1", "", 3));
	shown_refused(&s, 1, 0);
	office_close(&s.o);
}

struct shown {
	int exceptions;
	int carried;
	int64_t erased_us;
	struct kanri number;
};

static void show_exception(void *ctx, const struct book_exception *x)
{
	struct shown *n = ctx;

	n->exceptions++;
	assert_true(kanri_parse(text_z(x->inquiry), &n->number));
	assert_true(text_is(x->bad, "U+20BB7"));
}

static void show_carry(void *ctx, const struct book_carry *x)
{
	struct shown *n = ctx;

	n->carried++;
	n->erased_us = x->erased_us;
}

static struct shown shown(struct say *s, const char *kind)
{
	struct shown n = {0};

	assert_int_equal(books_exceptions(s->o.c, s->wave, kind, show_exception,
			     &n, &s->o.e),
	    ERR_NONE);
	assert_int_equal(
	    books_carry(s->o.c, show_carry, &n, &s->o.e), ERR_NONE);
	return n;
}

static void held_inquiries_are_listed_by_number(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	assert_int_equal(shown(&s, NULL).exceptions, 1);
	assert_int_equal(shown(&s, "held").exceptions, 1);
	assert_int_equal(shown(&s, "held").number.ordinal, 4);
	assert_int_equal(shown(&s, "paper").exceptions, 0);
	assert_int_equal(
	    books_exceptions(s.o.c, 77, NULL, show_exception, NULL, &s.o.e),
	    ERR_INPUT);
	assert_string_equal(s.o.e.code, "wave.unknown");
	office_close(&s.o);
}

static void a_medium_is_erased_once_and_by_whom_is_logged(void **state)
{
	struct say s;
	int64_t at;

	(void)state;
	say_open(&s, LINK_DIRECT);
	fixture_sql(s.o.ward,
	    "INSERT INTO carry (seq, at_us, direction, hub, name, who, "
	    "messages, records, digest) VALUES (7, 1, 'out', 'H001', 'a.zip', "
	    "'work', 1, 9, '')");
	assert_int_equal(
	    books_erased(s.o.c, 8, &s.o.officer, &s.o.e), ERR_INPUT);
	assert_string_equal(s.o.e.code, "carry.unknown");
	assert_int_equal(shown(&s, NULL).erased_us, 0);
	at = s.o.c->now_us;
	for (int again = 0; again < 2; again++) {
		assert_int_equal(
		    books_erased(s.o.c, 7, &s.o.officer, &s.o.e), ERR_NONE);
		s.o.c->now_us += CLOCK_SECOND;
	}
	assert_int_equal(shown(&s, NULL).erased_us, at);
	assert_int_equal(
	    say_count(&s,
		"SELECT count(*) FROM log_object AS o JOIN log AS l ON "
		"l.lane = o.lane AND l.seq = o.seq WHERE o.kind = "
		"'carry' AND o.object = '7' AND l.actor = 'sato'"),
	    1);
	office_close(&s.o);
}

static void refuses_unknown_numbers_one_by_one(void **state)
{
	struct say s;
	struct buf b = {0};

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_put(&b, s.wave, 1, CLASS_NONE, NULL);
	say_put(&b, s.wave, 11, CLASS_NONE, NULL);    /* no subject */
	say_put(&b, s.wave, 4, CLASS_NONE, NULL);     /* held */
	say_put(&b, s.wave + 1, 2, CLASS_NONE, NULL); /* another wave */
	say_put(&b, s.wave, 1, CLASS_FOUND, "5");     /* repeated */
	say_put(&b, s.wave, 3, CLASS_FOUND, "7");
	say_answers(&s, &b, 6);
	assert_int_equal(s.state, INBOX_DONE);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM outcome"), 2);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM answer"), 1);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM answer_refused WHERE code = "
			  "'answer.unknown_number'"),
	    3);
	assert_int_equal(
	    say_count(&s, "SELECT no FROM answer_refused WHERE code = "
			  "'answer.repeated'"),
	    5);
	assert_int_equal(office_counts(&s.o, s.wave).all.answered, 2);
	office_close(&s.o);
}

static void the_same_answer_twice_is_one_answer(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_answer(&s, 1, CLASS_FOUND, "100");
	say_answer(&s, 1, CLASS_FOUND, "100");
	say_answer(&s, 2, CLASS_NONE, NULL);
	say_answer(&s, 2, CLASS_NONE, NULL);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM outcome"), 2);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM answer"), 1);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM correction"), 0);
	office_close(&s.o);
}

static void a_different_answer_is_kept_beside_it(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_answer(&s, 1, CLASS_FOUND, "100");
	say_answer(&s, 1, CLASS_FOUND, "200");
	say_answer(&s, 1, CLASS_FOUND, "200");
	say_answer(&s, 1, CLASS_NONE, NULL);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM outcome WHERE class = 0"), 1);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM answer WHERE "
			  "instr(record, CAST('100' AS BLOB)) > 0"),
	    1);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM correction WHERE kind = "
			  "'correction'"),
	    2);
	assert_int_equal(office_counts(&s.o, s.wave).all.answered, 1);
	office_close(&s.o);
}

/* Two workers may register at once: the last word is the table's key. */
static enum err_class register_twice(
    struct store_tx *tx, void *arg, struct err *e)
{
	const char *number = arg;
	const unsigned char digest[16] = {0};
	int64_t added;

	TRY(store_do(tx, STMT_WARD_OUTCOME_ADD,
	    STORE_VALUES(store_z(OFFICE_WARD), store_z(number),
		store_int(CLASS_NONE), store_z(FILE_1), store_int(0),
		store_int(0), store_blob(BYTES(digest, sizeof(digest)))),
	    &added, e));
	assert_int_equal(added, 0);
	return ERR_NONE;
}

static void an_outcome_that_is_there_is_never_overwritten(void **state)
{
	struct say s;
	char number[KANRI_TEXT];

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_answer(&s, 1, CLASS_FOUND, "100");
	say_number(s.wave, 1, number);
	assert_int_equal(
	    store_run(s.o.ward->store, register_twice, number, &s.o.e),
	    ERR_NONE);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM outcome WHERE class = 0 AND"
			  " digest <> zeroblob(16)"),
	    1);
	office_close(&s.o);
}

static void an_open_answer_is_completed_or_ended(void **state)
{
	struct say s;
	const struct kanri k = {.authority = OFFICE_WARD,
	    .institution = OFFICE_BANK,
	    .wave = 1,
	    .ordinal = 2};
	char number[KANRI_TEXT];

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	assert_true(kanri_format(&k, number));
	say_answer(&s, 1, CLASS_PARTIAL, "100");
	say_answer(&s, 2, CLASS_REVIEW, NULL);
	assert_int_equal(office_counts(&s.o, s.wave).all.open, 2);
	say_answer(&s, 1, CLASS_FOUND, "300");
	assert_int_equal(office_counts(&s.o, s.wave).all.open, 1);
	assert_int_equal(
	    say_count(&s,
		"SELECT count(*) FROM correction WHERE kind = 'before' "
		"AND instr(record, CAST('100' AS BLOB)) > 0"),
	    1);
	assert_int_equal(ward_inquiry_end(s.o.c, text_z(number), &s.o.officer,
			     "打切り", &s.o.e),
	    ERR_NONE);
	assert_int_equal(ward_inquiry_end(s.o.c, text_z(number), &s.o.officer,
			     "打切り", &s.o.e),
	    ERR_DENIED);
	assert_int_equal(office_counts(&s.o, s.wave).all.open, 0);
	/* Ended: what comes now is a correction. */
	say_answer(&s, 2, CLASS_FOUND, "1");
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM correction WHERE kind = "
			  "'correction'"),
	    1);
	office_close(&s.o);
}

static void answers_may_come_before_the_units_word_on_the_file(void **state)
{
	struct say s;
	struct ward_counts w;
	struct buf b = {0};

	(void)state;
	say_open(&s, LINK_DIRECT);
	for (uint32_t i = 1; i <= SUBJECTS; i++)
		if (i != 4)
			say_put(&b, s.wave, i, CLASS_NONE, NULL);
	say_answers(&s, &b, SUBJECTS - 1);
	assert_int_equal(s.state, INBOX_DONE);
	assert_int_equal(office_counts(&s.o, s.wave).all.answered, 9);
	assert_string_equal(office_counts(&s.o, s.wave).w.state, "sent");
	say_file(&s);
	assert_string_equal(office_counts(&s.o, s.wave).w.state, "closed");
	assert_int_equal(office_counts(&s.o, s.wave).all.held, 1);
	w = office_counts(&s.o, s.wave);
	assert_true(ward_count_good(&w.all));
	office_close(&s.o);
}

static void expiry_is_provisional(void **state)
{
	struct say s;
	struct ward_counts w;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_answer(&s, 1, CLASS_NONE, NULL);
	s.o.f.now_us += 45 * CLOCK_DAY; /* past the deadline */
	office_work(&s.o);
	w = office_counts(&s.o, s.wave);
	assert_int_equal(w.all.overdue, 8);
	s.o.f.now_us += (s.o.ward->node.expire_after_days + 1) * CLOCK_DAY;
	office_work(&s.o);
	w = office_counts(&s.o, s.wave);
	assert_int_equal(w.all.expired, 8);
	assert_string_equal(w.w.state, "closed");
	say_answer(&s, 2, CLASS_FOUND, "5");
	w = office_counts(&s.o, s.wave);
	assert_int_equal(w.all.expired, 7);
	assert_int_equal(w.all.answered, 2);
	assert_int_equal(w.all.late, 1);
	assert_true(ward_count_good(&w.all));
	office_close(&s.o);
}

/* A whole message is one transaction; how long it takes is only printed. */
static void five_thousand_answers_are_one_transaction(void **state)
{
	struct ward_order order = office_order();
	struct say s;
	struct buf b = {0};
	int64_t from;

	(void)state;
	office_open(&s.o, LINK_DIRECT);
	office_subjects(&s.o, 5000);
	s.wave = office_wave(&s.o, &order);
	office_work(&s.o);
	for (uint32_t i = 1; i <= 5000; i++)
		say_put(&b, s.wave, i, i % 10 ? CLASS_NONE : CLASS_FOUND,
		    i % 10 ? NULL : "100");
	from = clock_monotonic();
	say_answers(&s, &b, 5000);
	(void)printf("5,000 answers made, received, registered: %ld us\n",
	    (long)(clock_monotonic() - from));
	assert_int_equal(s.state, INBOX_DONE);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM outcome"), 5000);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM answer"), 500);
	office_close(&s.o);
}

/* A `none` whose counts are "0" says no more than a `none`. */
static void a_none_that_counts_nothing_needs_no_row(void **state)
{
	static const char *const counts[] = {"0", "1"};
	struct say s;
	struct buf b = {0};

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	for (uint32_t i = 0; i < 2; i++) {
		struct answer x = {.class = CLASS_NONE};
		char number[KANRI_TEXT];

		say_number(s.wave, i + 1, number);
		for (int k = 0; k < ANSWER_COUNT; k++)
			x.f[k] = x.raw[k] = TEXT("");
		x.f[ANSWER_INQUIRY] = text_z(number);
		x.f[ANSWER_COLLATERAL] = text_z(counts[i]);
		x.f[ANSWER_OTHERS] = text_z(counts[i]);
		answer_pack(&x, &b);
	}
	say_answers(&s, &b, 2);
	assert_int_equal(s.state, INBOX_DONE);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM outcome WHERE class = 1"), 2);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM answer"), 1);
	office_close(&s.o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_none_that_counts_nothing_needs_no_row),
	    cmocka_unit_test(refuses_a_whole_file_that_disagrees),
	    cmocka_unit_test(
		refuses_answers_that_are_not_those_of_their_digest),
	    cmocka_unit_test(
		a_banks_refused_answers_are_shown_until_good_ones_come),
	    cmocka_unit_test(nobody_tells_of_refusals_that_are_not_theirs),
	    cmocka_unit_test(a_part_that_was_refused_is_sent_again_once),
	    cmocka_unit_test(held_inquiries_are_listed_by_number),
	    cmocka_unit_test(a_medium_is_erased_once_and_by_whom_is_logged),
	    cmocka_unit_test(refuses_unknown_numbers_one_by_one),
	    cmocka_unit_test(the_same_answer_twice_is_one_answer),
	    cmocka_unit_test(a_different_answer_is_kept_beside_it),
	    cmocka_unit_test(an_outcome_that_is_there_is_never_overwritten),
	    cmocka_unit_test(an_open_answer_is_completed_or_ended),
	    cmocka_unit_test(
		answers_may_come_before_the_units_word_on_the_file),
	    cmocka_unit_test(expiry_is_provisional),
	    cmocka_unit_test(five_thousand_answers_are_one_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
