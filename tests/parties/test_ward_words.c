/*
 * What the ward makes of the others' words on its files: states, steps (E7),
 * stops.
 */
#include "ward_say.h"

#include "parties/proof.h"

static void nobody_records_a_step_of_another(void **state)
{
	struct say s;
	struct fixture_node *unit;
	int64_t own;

	(void)state;
	say_open(&s, LINK_DIRECT);
	unit = s.o.unit;
	own = say_count(&s, "SELECT count(*) FROM step");
	/* ① and ② are the ward's, ⑤ the hub's, ⑧ the bank's, ⑮ the ward's. */
	say_status(&s, unit, unit, say_step(&s, "x", "", 1));
	say_status(&s, unit, unit, say_step(&s, FILE_1, OFFICE_HUB, 5));
	say_status(&s, unit, unit, say_step(&s, FILE_1, OFFICE_HUB, 15));
	say_status(&s, unit, unit, say_step(&s, FILE_1, "H999", 4));
	say_status(&s, unit, unit, say_step(&s, FILE_1, OFFICE_HUB, 0));
	say_status(&s, unit, unit, say_step(&s, FILE_1, OFFICE_HUB, 99));
	say_status(&s, s.o.hub, unit, say_step(&s, FILE_1, OFFICE_HUB, 8));
	say_status(&s, s.o.other, unit, say_step(&s, FILE_1, OFFICE_HUB, 8));
	assert_int_equal(say_count(&s, "SELECT count(*) FROM step"), own);
	say_status(&s, unit, unit, say_step(&s, FILE_1, OFFICE_HUB, 4));
	say_status(&s, s.o.hub, unit, say_step(&s, FILE_1, OFFICE_HUB, 5));
	say_status(&s, s.o.bank, unit, say_step(&s, FILE_1, OFFICE_HUB, 8));
	assert_int_equal(say_count(&s, "SELECT count(*) FROM step"), own + 3);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM step WHERE no = 8 AND "
			  "signed_by = '9601'"),
	    1);
	office_close(&s.o);
}

static json_t *word(const struct say *s, const char *state)
{
	return json_pack("{s:[],s:[{s:s,s:i,s:s}]}", "steps", "files", "file",
	    FILE_1, "wave", (int)s->wave, "state", state);
}

static void a_banks_word_moves_its_own_files_alone(void **state)
{
	struct say s;
	struct ward_counts w;

	(void)state;
	say_open(&s, LINK_DIRECT);
	/* Before the unit's word: kept, applied when the file is known. */
	say_status(&s, s.o.bank, s.o.unit, word(&s, "received"));
	say_file(&s);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM file WHERE state = "
			  "'delivered' AND received_us > 0"),
	    1);
	say_status(&s, s.o.other, s.o.unit, word(&s, "refused"));
	say_status(&s, s.o.bank, s.o.unit, word(&s, "too late"));
	assert_int_equal(office_counts(&s.o, s.wave).all.pending, 9);
	say_answer(&s, 1, CLASS_NONE, NULL);
	say_status(&s, s.o.bank, s.o.unit, word(&s, "refused"));
	w = office_counts(&s.o, s.wave);
	assert_int_equal(w.all.rejected, 8);
	assert_int_equal(w.all.answered, 1);
	assert_string_equal(w.w.state, "closed");
	office_close(&s.o);
}

static json_t *unit_file(
    const struct say *s, const char *file, const char *hub, int no)
{
	return json_pack("{s:s,s:i,s:s,s:s,s:i,s:i,s:i,s:i,s:s,s:s,s:s,s:s,"
			 "s:[]}",
	    "file", file, "wave", (int)s->wave, "institution", OFFICE_BANK,
	    "hub", hub, "no", no, "first", 1, "last", SUBJECTS, "records",
	    SUBJECTS, "layout", "2025-04-01", "state", "converted", "message",
	    "00112233", "at", "2026-09-21T10:00:00.000000+09:00", "exceptions");
}

/* F1: one file that is none of ours takes no other with it. */
static json_t *halted(const struct say *s, int seq, const char *state)
{
	bool held = strcmp(state, "held") == 0;

	return json_pack("{s:i,s:s,s:i,s:i,s:s,s:i,s:s,s:s,s:s,s:s,s:i,s:s}",
	    "wave", (int)s->wave, "institution", OFFICE_BANK, "ordinal", 4,
	    "seq", seq, "state", state, "late", 0, "file",
	    held ? "" : "131041-001-9601-0002", "kind", held ? "held" : "",
	    "reason", held ? "停止" : "", "item", "", "at", 0, "bad", "");
}

static void say_halted(struct say *s, int seq, const char *state)
{
	say_status(s, s->o.unit, s->o.unit,
	    json_pack("{s:[],s:[],s:[o]}", "steps", "files", "halted",
		halted(s, seq, state)));
}

/* The 4th is held, released and answered in a file of its own: the answer
 * and the words may come in any order. */
static void an_answer_may_overtake_the_word_that_it_was_released(void **state)
{
	struct ward_counts w;
	struct header h;
	struct buf b = {0};
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	say_halted(&s, 1, "held");
	assert_int_equal(office_counts(&s.o, s.wave).stopped, 1);
	h = say_header(&s, KIND_ANSWER_FILE);
	memcpy(h.file, "131041-001-9601-0002", 21);
	say_put(&b, s.wave, 4, CLASS_NONE, NULL);
	h.records = 1;
	say_answers_as(&s, s.o.unit, &h, &b);
	assert_int_equal(s.state, INBOX_DONE);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM outcome"), 1);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM answer_refused"), 0);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM exception"), 0);
	/* Older words change nothing, whenever they come. */
	say_halted(&s, 1, "held");
	assert_int_equal(say_count(&s, "SELECT count(*) FROM exception"), 0);
	say_halted(&s, 3, "sent");
	say_halted(&s, 2, "held");
	assert_int_equal(say_count(&s, "SELECT count(*) FROM exception"), 0);
	w = office_counts(&s.o, s.wave);
	assert_int_equal(w.all.answered, 1);
	assert_int_equal(w.all.held, 0);
	assert_int_equal(w.stopped, 0);
	/* Its neighbours' file does not have it. */
	b = (struct buf){0};
	say_put(&b, s.wave, 4, CLASS_NONE, NULL);
	say_answers(&s, &b, 1);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM answer_refused"), 1);
	office_close(&s.o);
}

static void a_word_of_the_unit_that_is_none_of_ours_is_refused(void **state)
{
	json_t *bad;
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_file(&s);
	for (int i = 0; i < 4; i++) {
		bad = halted(&s, 1, "held");
		json_object_set_new(bad,
		    i == 0   ? "wave"
		    : i == 1 ? "ordinal"
			     : "late",
		    i == 2 ? json_string("1") : json_integer(99));
		if (i == 3)
			json_object_set_new(bad, "state", json_string("gone"));
		say_status(&s, s.o.unit, s.o.unit,
		    json_pack(
			"{s:[],s:[],s:[o]}", "steps", "files", "halted", bad));
	}
	/* A bank's word about the unit's work. */
	say_status(&s, s.o.bank, s.o.hub,
	    json_pack("{s:[],s:[],s:[o]}", "steps", "files", "halted",
		halted(&s, 1, "held")));
	assert_int_equal(say_count(&s, "SELECT count(*) FROM halted"), 0);
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM exception WHERE kind = 'held'"),
	    1);
	office_close(&s.o);
}

static void a_bad_file_of_the_unit_is_refused_alone(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_status(&s, s.o.unit, s.o.unit,
	    json_pack("{s:[],s:[o,o,o,o]}", "steps", "files",
		unit_file(&s, "131041-001-9601-0002", "H999", 2),
		unit_file(&s, FILE_1, OFFICE_HUB, 1),
		/* The same number, written in another way. */
		unit_file(&s, "131041-001-9601-1", OFFICE_HUB, 1),
		unit_file(&s, "131041-001-9601-00001", OFFICE_HUB, 1)));
	assert_int_equal(say_count(&s, "SELECT count(*) FROM file"), 1);
	assert_int_equal(
	    say_count(
		&s, "SELECT count(*) FROM file WHERE file = '" FILE_1 "'"),
	    1);
	office_close(&s.o);
}

/* Says the file again, with that number of inquiries proved in claimed bytes.
 */
static void say_proved(struct say *s, uint32_t inquiries, int claimed)
{
	struct header h = say_header(s, KIND_STATUS);
	json_t *file = unit_file(s, FILE_1, OFFICE_HUB, 1);
	struct content content = {
	    .meta = json_pack("{s:[],s:[o]}", "steps", "files", file)};
	struct buf packed = {0};

	for (uint32_t i = 1; i <= inquiries; i++)
		proof_pack(&packed, &(const struct proof){.ordinal = i});
	json_object_set_new(file, "tables", json_string("1.2.0"));
	json_object_set_new(file, "proof", json_integer(claimed));
	content_add(&content, "proofs", buf_bytes(&packed));
	h.file[0] = h.institution[0] = h.hub[0] = '\0';
	office_say(
	    &s->o, s->o.unit, s->o.unit, &h, &content, &s->state, s->code);
	assert_int_equal(s->state, INBOX_DONE);
	buf_fini(&packed);
}

static void a_proof_is_of_all_inquiries_of_its_file(void **state)
{
	const char *kept = "SELECT count(*) FROM file_proof WHERE "
			   "length(inquiries) = 10 * 28";
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_proved(&s, SUBJECTS - 1, (SUBJECTS - 1) * PROOF_ROW);
	say_proved(&s, SUBJECTS, SUBJECTS * PROOF_ROW + 1);
	say_proved(&s, SUBJECTS, SUBJECTS * PROOF_ROW - 1);
	say_proved(&s, SUBJECTS, -1);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM file_proof"), 0);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM file"), 1);
	say_proved(&s, SUBJECTS, SUBJECTS * PROOF_ROW);
	assert_int_equal(say_count(&s, kept), 1);
	office_close(&s.o);
}

static void a_file_that_nobody_took_is_rejected(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	/* Before the unit's word on the file: kept. */
	say_status(&s, s.o.unit, s.o.unit, word(&s, "refused"));
	say_file(&s);
	assert_int_equal(office_counts(&s.o, s.wave).all.rejected, 9);
	assert_int_equal(office_counts(&s.o, s.wave).all.pending, 0);
	office_close(&s.o);
}

static void a_hubs_word_may_come_before_the_units(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	say_status(&s, s.o.hub, s.o.unit, word(&s, "refused"));
	say_file(&s);
	assert_int_equal(office_counts(&s.o, s.wave).all.rejected, 9);
	office_close(&s.o);
}

static void a_file_for_check_must_be_ours(void **state)
{
	struct say s;
	struct header h;
	struct content content = {0};

	(void)state;
	say_open(&s, LINK_VIA_WARD);
	/* By a bank; then under another approval. */
	h = say_header(&s, KIND_REQUEST_FILE);
	memcpy(h.to, OFFICE_BANK, sizeof(OFFICE_BANK));
	memcpy(h.readers[0], OFFICE_WARD, sizeof(OFFICE_WARD));
	h.reader_count = 1;
	h.link = LINK_VIA_WARD;
	content.meta = json_object();
	office_say(&s.o, s.o.other, s.o.unit, &h, &content, &s.state, s.code);
	assert_string_equal(s.code, "message.not_allowed");
	content = (struct content){.meta = json_object()};
	office_say(&s.o, s.o.unit, s.o.unit, &h, &content, &s.state, s.code);
	assert_string_equal(s.code, "message.not_allowed");
	assert_int_equal(say_count(&s, "SELECT count(*) FROM check_file"), 0);
	/* Under the wave's own approval it waits. */
	(void)snprintf(h.approval, sizeof(h.approval), "%s",
	    office_counts(&s.o, s.wave).w.approval_digest);
	content = (struct content){.meta = json_object()};
	office_say(&s.o, s.o.unit, s.o.unit, &h, &content, &s.state, s.code);
	assert_int_equal(s.state, INBOX_HELD);
	assert_int_equal(say_count(&s, "SELECT count(*) FROM check_file"), 1);
	office_close(&s.o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_records_a_step_of_another),
	    cmocka_unit_test(a_banks_word_moves_its_own_files_alone),
	    cmocka_unit_test(
		an_answer_may_overtake_the_word_that_it_was_released),
	    cmocka_unit_test(
		a_word_of_the_unit_that_is_none_of_ours_is_refused),
	    cmocka_unit_test(a_bad_file_of_the_unit_is_refused_alone),
	    cmocka_unit_test(a_proof_is_of_all_inquiries_of_its_file),
	    cmocka_unit_test(a_file_that_nobody_took_is_rejected),
	    cmocka_unit_test(a_hubs_word_may_come_before_the_units),
	    cmocka_unit_test(a_file_for_check_must_be_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
