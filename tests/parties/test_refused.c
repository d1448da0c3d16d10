/* A content that is refused whole: who waits for it is told, and a good one
 * that comes after is taken. Also the rows of the outbox that no delivery
 * comes by, and files of customers that are refused. */
#include "chain_world.h"

#include "base/file.h"
#include "parties/bank.h"
#include "parties/refused.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define FILE_1 "131041-001-9601-0001"

/* The file is at the bank, which has no customers yet. */
static void open_asked(struct world *w, enum node_link link)
{
	world_open(w, link);
	fixture_sql(w->bank, "UPDATE import SET state = 0");
	world_subjects(w);
	fixture_run(&w->f, 200);
	assert_int_equal(fixture_count(w->bank,
			     "SELECT count(*) FROM inbox WHERE state = 0"),
	    1);
}

static void answer_badly(struct world *w, const char *digest)
{
	struct header h = {.kind = KIND_ANSWER_FILE,
	    .wave = 1,
	    .records = SUBJECTS,
	    .link = fixture_count(w->hub, "SELECT count(*) FROM peer WHERE "
					  "code = 'U001' AND via = ''")
			? LINK_DIRECT
			: LINK_VIA_WARD,
	    .reader_count = 2};
	struct content content = {
	    .meta = json_pack("{s:s}", "as_of", "2026-09-01")};

	if (digest != NULL)
		json_object_set_new(
		    content.meta, "digest", json_string(digest));
	world_code(h.to, "U001");
	world_code(h.readers[0], "U001");
	world_code(h.readers[1], WARD);
	world_code(h.authority, WARD);
	world_code(h.institution, BANK);
	world_code(h.hub, "H001");
	(void)snprintf(h.file, sizeof(h.file), "%s", FILE_1);
	content_add(&content, "file", BYTES("noise", 5));
	world_say(w, w->bank, &h, &content);
	fixture_run(&w->f, 200);
}

static int64_t kept(
    const struct fixture_node *n, const char *party, const char *code)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM refused WHERE file = '" FILE_1
	    "' AND kind = 'answer-file' AND party = '%s' AND code = '%s'",
	    party, code);
	return fixture_count(n, sql);
}

static int64_t told(const struct fixture_node *at, const char *from)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM message WHERE kind = 'status' AND file = "
	    "'" FILE_1 "' AND origin = '%s' AND recipient = '%s'",
	    from, at->node.code);
	return fixture_count(at, sql);
}

static void count_open(void *ctx, const struct refused_row *row)
{
	int *n = ctx;

	*n += row->open;
}

static enum err_class read_open(struct store_tx *tx, void *arg, struct err *e)
{
	struct fixture_node **n = arg;
	int open = 0;

	TRY(refused_each(tx, &(*n)->node, REFUSED_ALL, count_open, &open, e));
	*n = open > 0 ? *n : NULL;
	return ERR_NONE;
}

static bool waits(struct fixture_node *n)
{
	struct fixture_node *arg = n;
	struct err e;

	assert_int_equal(store_read(n->store, read_open, &arg, &e), ERR_NONE);
	return arg != NULL;
}

static void refused_and_mended(enum node_link link)
{
	struct world w;

	open_asked(&w, link);
	w.f.double_every = 1; /* each batch comes twice */
	answer_badly(&w, NULL);
	assert_int_equal(kept(w.unit, "U001", "answer.header"), 1);
	assert_int_equal(kept(w.bank, "U001", "answer.header"), 1);
	assert_int_equal(told(w.bank, "U001"), 1);
	assert_int_equal(told(w.ward, "U001"), 1);
	assert_true(waits(w.unit));
	assert_true(waits(w.bank));
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM file WHERE "
				  "state = 'converted' AND answered_us = 0"),
	    1);
	/* The same file, good, under another number. */
	w.f.now_us += CLOCK_SECOND;
	fixture_sql(w.bank, "UPDATE import SET state = 1");
	fixture_run(&w.f, 200);
	assert_int_equal(w.answers.count, SUBJECTS);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM outcome"), SUBJECTS);
	assert_false(waits(w.unit));
	assert_false(waits(w.bank));
	assert_int_equal(kept(w.unit, "U001", "answer.header"), 1);
	fixture_fini(&w.f);
}

static void refused_answers_reach_bank_and_ward(void **state)
{
	(void)state;
	refused_and_mended(LINK_DIRECT);
}

static void refused_answers_reach_their_bank_through_the_ward(void **state)
{
	(void)state;
	refused_and_mended(LINK_VIA_WARD);
}

static void answers_other_than_their_digest_are_refused(void **state)
{
	struct world w;

	(void)state;
	open_asked(&w, LINK_DIRECT);
	answer_badly(&w, "00");
	assert_int_equal(kept(w.unit, "U001", "answer.digest"), 1);
	assert_int_equal(kept(w.bank, "U001", "answer.digest"), 1);
	fixture_fini(&w.f);
}

static void a_refused_part_is_told_to_its_ward(void **state)
{
	struct wave x = {.wave = 2,
	    .part = 1,
	    .parts = 1,
	    .first = 1,
	    .last = SUBJECTS,
	    .total = SUBJECTS,
	    .approved = 1};
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	world_part(&w, &x);
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM refused WHERE kind = "
				  "'subjects' AND file = 'part-1' AND "
				  "code = 'message.not_allowed'"),
	    1);
	assert_int_equal(
	    fixture_count(w.ward, "SELECT count(*) FROM message WHERE kind = "
				  "'status' AND file = 'part-1'"),
	    1);
	assert_true(waits(w.unit));
	x.approved = 0;
	world_part(&w, &x);
	fixture_run(&w.f, 200);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM snapshot"), SUBJECTS);
	assert_false(waits(w.unit));
	fixture_fini(&w.f);
}

/* ---- the outbox ---- */

static void what_waits_for_a_removed_peer_expires(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.bank->stopped = true;
	world_subjects(&w);
	fixture_run(&w.f, 100);
	fixture_sql(w.hub, "DELETE FROM peer WHERE code = '" BANK "'");
	fixture_run(&w.f, 20);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM outbox WHERE state = 0 "
				 "AND recipient = '" BANK "'"),
	    1);
	w.f.now_us += 400 * CLOCK_DAY;
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM outbox WHERE state = 3 "
				 "AND told = 1 AND recipient = '" BANK "'"),
	    1);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM refused WHERE kind = "
				  "'request-file' AND party = 'H001' AND "
				  "code = 'message.expired'"),
	    1);
	assert_int_equal(
	    fixture_count(
		w.unit, "SELECT count(*) FROM file WHERE state = 'rejected'"),
	    1);
	fixture_fini(&w.f);
}

static void a_clock_set_back_holds_up_no_sending(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	world_subjects(&w);
	w.unit->stopped = true;
	fixture_run(&w.f, 20);
	w.f.now_us += 5 * CLOCK_DAY;
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.ward, "SELECT count(*) FROM outbox WHERE state = 0 "
				  "AND attempts > 0"),
	    1);
	w.f.now_us -= 5 * CLOCK_DAY;
	w.unit->stopped = false;
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, SUBJECTS);
	fixture_fini(&w.f);
}

/* FIXTURE_NOW is 23:13 of a holiday, before two more. */
static void a_closed_hub_is_not_hurried(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, LINK_DIRECT);
	w.hub->node.service_from = arena_printf(&w.f.arena, "08:00");
	w.hub->node.service_to = arena_printf(&w.f.arena, "18:00");
	world_subjects(&w);
	fixture_run(&w.f, 200);
	assert_int_equal(
	    fixture_count(w.hub, "SELECT count(*) FROM outbox WHERE state = 0 "
				 "AND recipient = '" BANK "'"),
	    1);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM bank_file"), 0);
	w.f.now_us += 4 * CLOCK_DAY;
	fixture_run(&w.f, 200);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM bank_file"), 1);
	fixture_fini(&w.f);
}

/* ---- customers ---- */

#define CUSTOMERS                                                                                      \
	"顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,性別," \
	"郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,状態\r\n"
#define ROW(number, kana) number ",1," kana ",,,1970-01-01,1,,,,,,,0\r\n"

/* Imports the world's files with these customers; the codes said. */
static enum err_class import(
    struct world *w, struct bytes customers, char said[4096], struct err *e)
{
	char path[400];
	char folder[300];
	struct refusals refusals = {.out = tmpfile()};
	struct bank_import i = {.as_of = "2026-09-02",
	    .dir = folder,
	    .max_error_percent = 100,
	    .refusals = &refusals};
	enum err_class class;
	size_t n;

	(void)snprintf(folder, sizeof(folder), "%s/import", w->f.folder);
	(void)snprintf(path, sizeof(path), "%s/customers.csv", folder);
	assert_non_null(refusals.out);
	assert_int_equal(file_put(path, customers, 0600, true, e), ERR_NONE);
	w->bank->work.context.arena = &w->f.arena;
	w->bank->work.context.now_us = w->f.now_us;
	class = bank_import(&w->bank->work.context, &i, e);
	rewind(refusals.out);
	n = fread(said, 1, 4095, refusals.out);
	said[n] = '\0';
	(void)fclose(refusals.out);
	return class;
}

static int64_t in_force(const struct world *w)
{
	return fixture_count(
	    w->bank, "SELECT max(seq) FROM import WHERE state = 1");
}

static void refuses_customers_of_another_encoding(void **state)
{
	static const char utf16[] = "\xFF\xFE\x67\x98";
	static const char cp932[] = "\x8C\xDA\x8B\x71\x94\xD4\x8D\x86,a\r\n";
	struct world w;
	struct err e;
	char said[4096];
	int64_t before;

	(void)state;
	world_open(&w, LINK_DIRECT);
	before = in_force(&w);
	assert_int_equal(import(&w, BYTES(utf16, 4), said, &e), ERR_INPUT);
	assert_string_equal(e.code, "customers.encoding");
	assert_int_equal(
	    import(&w, BYTES(cp932, sizeof(cp932) - 1), said, &e), ERR_INPUT);
	assert_string_equal(e.code, "customers.encoding");
	assert_int_equal(in_force(&w), before);
	fixture_fini(&w.f);
}

static void refuses_customers_that_are_cut_off(void **state)
{
	struct world w;
	struct err e;
	char said[4096];
	int64_t before;

	(void)state;
	world_open(&w, LINK_DIRECT);
	before = in_force(&w);
	assert_int_equal(
	    import(&w,
		text_bytes(TEXT(CUSTOMERS ROW("1", "ア イ") "2,1,ウ エ")), said,
		&e),
	    ERR_INPUT);
	assert_string_equal(e.code, "customers.truncated");
	assert_int_equal(e.line, 3);
	assert_int_equal(in_force(&w), before);
	/* A short row that ends is bad alone. */
	assert_int_equal(
	    import(&w,
		text_bytes(TEXT(CUSTOMERS ROW("1", "ア イ") "2,1,ウ エ\r\n")),
		said, &e),
	    ERR_NONE);
	assert_non_null(strstr(said, "customers.header"));
	assert_true(in_force(&w) > before);
	fixture_fini(&w.f);
}

static void tells_conflicting_customers_from_repeated_ones(void **state)
{
	struct world w;
	struct err e;
	char said[4096];

	(void)state;
	world_open(&w, LINK_DIRECT);
	assert_int_equal(
	    import(&w,
		text_bytes(TEXT(CUSTOMERS ROW("1", "ア イ") ROW("2", "ウ エ")
			ROW("1", "ア オ") ROW("2", "ウ エ"))),
		said, &e),
	    ERR_NONE);
	assert_non_null(
	    strstr(said, "{\"code\":\"customers.conflict\",\"where\":{\"file\":"
			 "\"customers.csv\",\"line\":4"));
	assert_non_null(strstr(said, "customers.duplicate"));
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM customer WHERE kana "
				  "IN ('ア イ', 'ウ エ')"),
	    2);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM customer"), 2);
	fixture_fini(&w.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refused_answers_reach_bank_and_ward),
	    cmocka_unit_test(refused_answers_reach_their_bank_through_the_ward),
	    cmocka_unit_test(answers_other_than_their_digest_are_refused),
	    cmocka_unit_test(a_refused_part_is_told_to_its_ward),
	    cmocka_unit_test(what_waits_for_a_removed_peer_expires),
	    cmocka_unit_test(a_clock_set_back_holds_up_no_sending),
	    cmocka_unit_test(a_closed_hub_is_not_hurried),
	    cmocka_unit_test(refuses_customers_of_another_encoding),
	    cmocka_unit_test(refuses_customers_that_are_cut_off),
	    cmocka_unit_test(tells_conflicting_customers_from_repeated_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
