/*
 * Unit, hub and bank driven as step functions, over real databases, keys and
 * sealed messages; the ward is a stand-in that signs an approval, sends the
 * subjects and counts the answers.
 */
#include "chain_fixture.h"

#include "base/file.h"
#include "parties/bank.h"
#include "record/kanri.h"
#include "record/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#define SUBJECTS 40
#define WARD "131041"
#define BANK "9601"

struct answers {
	size_t messages;
	size_t count;
	size_t classes[CLASS_COUNT];
	size_t accounts;
	size_t transactions;
};

/* The stand-in's state: what arrived. One test runs at a time. */
static struct answers *got;

static enum err_class done(struct store_tx *tx, void *arg, struct err *e)
{
	return party_take(tx, arg, e);
}

static enum err_class count_answers(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct content content;
	struct bytes in;

	TRY(message_open(c->keys, m, c->arena, &content, e));
	in = content_part(&content, "answers");
	got->messages++;
	while (in.n > 0) {
		struct answer x;
		size_t used;

		assert_true(answer_unpack(c->arena, in, &x, &used));
		in = BYTES(in.p + used, in.n - used);
		got->count++;
		got->classes[x.class]++;
		got->accounts += x.account_count;
		for (size_t i = 0; i < x.account_count; i++)
			got->transactions += x.accounts[i].transaction_count;
	}
	content_fini(&content);
	return ERR_NONE;
}

static enum err_class ward_message(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct message copy = *m;

	if (strcmp(m->h.to, c->node->code) != 0)
		return party_relay(c, m, 0, 0, e);
	if (m->h.kind == KIND_ANSWER_FILE)
		TRY(count_answers(c, m, e));
	return store_run(c->store, done, &copy, e);
}

static enum err_class ward_task(
    struct party_context *c, bool *did, struct err *e)
{
	(void)c;
	(void)e;
	*did = false;
	return ERR_NONE;
}

static enum err_class ward_timer(struct party_context *c, struct err *e)
{
	(void)c;
	(void)e;
	return ERR_NONE;
}

static const struct party stand_in = {
    .message = ward_message, .task = ward_task, .timer = ward_timer};

struct world {
	struct fixture f;
	struct fixture_node *ward;
	struct fixture_node *unit;
	struct fixture_node *hub;
	struct fixture_node *bank;
	struct answers answers;
};

static void write_file(const char *folder, const char *name, const char *text)
{
	struct err e;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(
	    file_put(path, text_bytes(text_z(text)), 0600, true, &e), ERR_NONE);
}

/* Customers 0…9 are subjects 1…10; one account and two dealings each. */
static void import(struct world *w, int shift)
{
	char folder[300];
	struct buf customers = {0};
	struct buf accounts = {0};
	struct buf dealings = {0};
	struct refusals refusals = {0};
	struct bank_import i = {.as_of = "2026-09-01",
	    .max_error_percent = 0,
	    .refusals = &refusals};
	struct err e;

	(void)snprintf(folder, sizeof(folder), "%s/import", w->f.folder);
	(void)mkdir(folder, 0700);
	buf_z(&customers,
	    "顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,性別,"
	    "郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,状態\r\n");
	buf_z(&accounts,
	    "顧客番号,名義順,店番,口座種別,口座番号,残高,満期日,最終取引日,"
	    "開設日,状態,給与振込有無,年金振込有無\r\n");
	buf_z(&dealings, "金融機関コード,店番,口座種別,口座番号,連番,取引日,"
			 "起算日,出金,入金,残高,摘要\r\n");
	for (int k = 0; k < 10; k++) {
		buf_printf(&customers,
		    "%010d,1,カクウ タロウ,架空太郎,,1970-01-%02d,1,1600022,"
		    "東京都新宿区新宿1-1-%d,,,0300000000,架空商店,0\r\n",
		    k + 1, k + 1 + shift, k + 1);
		buf_printf(&accounts,
		    "%010d,1,001,1,%07d,1000,,2026-08-01,2010-04-01,0,1,0\r\n",
		    k + 1, k + 1);
		for (int t = 1; t <= 2; t++)
			buf_printf(&dealings,
			    "9601,001,1,%07d,%d,2026-07-%02d,2026-07-%02d,"
			    "100,,900,架空\r\n",
			    k + 1, t, t, t);
	}
	buf_byte(&customers, 0);
	buf_byte(&accounts, 0);
	buf_byte(&dealings, 0);
	write_file(folder, "customers.csv", (char *)customers.p);
	write_file(folder, "accounts.csv", (char *)accounts.p);
	write_file(folder, "transactions.csv", (char *)dealings.p);
	write_file(folder, "others.csv",
	    "顧客番号,種類,連番,名称,金額,口数,日付,摘要\r\n"
	    "0000000001,5,1,出資金,10000,10,2020-01-01,\r\n");
	i.dir = folder;
	w->bank->work.context.now_us = w->f.now_us;
	w->bank->work.context.arena = &w->f.arena;
	assert_int_equal(bank_import(&w->bank->work.context, &i, &e), ERR_NONE);
	assert_int_equal(i.refused, 0);
	buf_fini(&customers);
	buf_fini(&accounts);
	buf_fini(&dealings);
}

static void open_world(struct world *w, enum node_link link)
{
	bool direct = link == LINK_DIRECT;

	memset(w, 0, sizeof(*w));
	got = &w->answers;
	fixture_init(&w->f);
	w->ward = fixture_add(&w->f, STORE_WARD, WARD, "H001", link);
	w->unit = fixture_add(&w->f, STORE_UNIT, "U001", "H001", link);
	w->hub = fixture_add(&w->f, STORE_HUB, "H001", NULL, link);
	w->bank = fixture_add(&w->f, STORE_BANK, BANK, NULL, link);
	fixture_introduce(w->ward, w->unit, NULL);
	fixture_introduce(w->unit, w->ward, NULL);
	fixture_introduce(direct ? w->unit : w->ward, w->hub, NULL);
	fixture_introduce(
	    direct ? w->ward : w->unit, w->hub, direct ? "U001" : WARD);
	fixture_introduce(w->hub, direct ? w->unit : w->ward, NULL);
	fixture_introduce(
	    w->hub, direct ? w->ward : w->unit, direct ? "U001" : WARD);
	fixture_introduce(w->ward, w->bank, "H001");
	fixture_introduce(w->unit, w->bank, "H001");
	fixture_introduce(w->hub, w->bank, NULL);
	fixture_introduce(w->bank, w->hub, NULL);
	fixture_introduce(w->bank, w->unit, "H001");
	fixture_introduce(w->bank, w->ward, "H001");
	for (size_t i = 0; i < w->f.count; i++)
		fixture_start(&w->f.node[i]);
	w->ward->work.party = &stand_in;
	fixture_layout(w->unit, BANK);
	fixture_layout(w->bank, BANK);
	import(w, 0);
}

static void put_u32(struct buf *b, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_byte(b, (unsigned char)(v >> (8 * i)));
}

static void put_subject(struct buf *b, uint32_t ordinal)
{
	struct subject s = {0};
	struct buf packed = {0};
	char birth[11];
	char address[64];

	(void)snprintf(birth, sizeof(birth), "1970-01-%02u",
	    (unsigned)(ordinal - 1) % 28 + 1);
	(void)snprintf(address, sizeof(address), "東京都新宿区新宿１丁目１－%u",
	    (unsigned)ordinal);
	s.f[SUBJECT_ATENA] = TEXT("1");
	s.f[SUBJECT_PERSON] = TEXT("1");
	s.f[SUBJECT_KANA] =
	    ordinal <= 28 ? TEXT("カクウ タロウ") : TEXT("ベツジン ハナコ");
	s.f[SUBJECT_KANJI] =
	    ordinal <= 28 ? TEXT("架空　太郎") : TEXT("別人　花子");
	s.f[SUBJECT_BIRTH] = text_z(birth);
	s.f[SUBJECT_SEX] = TEXT("1");
	s.f[SUBJECT_POSTAL] = TEXT("1600022");
	s.f[SUBJECT_ADDRESS] = text_z(address);
	s.f[SUBJECT_KAMOKU] = TEXT("1");
	s.f[SUBJECT_ARREARS] = TEXT("1000");
	subject_pack(&s, &packed);
	put_u32(b, ordinal);
	put_u32(b, (uint32_t)packed.n);
	buf_add(b, packed.p, packed.n);
	put_u32(b, 11);
	buf_z(b, "jumin-331-6");
	buf_fini(&packed);
}

static enum err_class send(struct store_tx *tx, void *arg, struct err *e)
{
	return party_send(tx, arg, FIXTURE_NOW, e);
}

static void code(char *to, const char *from)
{
	(void)snprintf(to, NODE_CODE, "%s", from);
}

static struct party_context *ward_context(struct world *w)
{
	struct party_context *c = &w->ward->work.context;
	struct err e;
	int64_t next;
	bool did;

	/* A step loads the peer table. */
	assert_int_equal(
	    work_step(&w->ward->work, w->f.now_us, &did, &next, &e), ERR_NONE);
	c->arena = &w->f.arena;
	return c;
}

/* One part of SUBJECTS subjects, with a signed approval. */
static void send_subjects(struct world *w)
{
	struct party_context *c = ward_context(w);
	struct content content = {0};
	struct buf approval = {0};
	struct buf rows = {0};
	struct party_sending s;
	struct err e;
	struct header h = {.kind = KIND_SUBJECTS,
	    .wave = 1,
	    .part = 1,
	    .parts = 1,
	    .records = SUBJECTS,
	    .reader_count = 1,
	    .expires_us = w->f.now_us + 90 * CLOCK_DAY};

	assert_int_equal(
	    keys_sign(c->keys, text_bytes(TEXT("{\"決裁\":1}")), &approval, &e),
	    ERR_NONE);
	digest_hex(digest_one(buf_bytes(&approval)), h.approval);
	for (uint32_t i = 1; i <= SUBJECTS; i++)
		put_subject(&rows, i);
	code(h.to, "U001");
	code(h.readers[0], "U001");
	code(h.authority, WARD);
	(void)snprintf(h.file, sizeof(h.file), "part-1");
	content.meta = json_pack("{s:i,s:i,s:{s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,"
				 "s:[{s:s,s:s,s:s}]}}",
	    "first", 1, "last", SUBJECTS, "definition", "subjects", SUBJECTS,
	    "basis", "jumin-331-6", "base_date", "2026-09-01", "period_from",
	    "2025-09-01", "period_to", "2026-08-31", "registrant", "担当",
	    "updated", "2026-09-01", "scope", "detail", "institutions", "code",
	    BANK, "hub", "H001", "link", "direct");
	assert_non_null(content.meta);
	content_add(&content, "approval", buf_bytes(&approval));
	content_add(&content, "subjects", buf_bytes(&rows));
	assert_int_equal(party_make(c, &h, &content, &s, &e), ERR_NONE);
	assert_int_equal(store_run(c->store, send, &s, &e), ERR_NONE);
	content_fini(&content);
	buf_fini(&approval);
	buf_fini(&rows);
}

/* The ward cancels the first file, or the whole wave (file ""). */
static void send_cancel(struct world *w, const char *file, const char *to)
{
	struct party_context *c = ward_context(w);
	struct content content = {0};
	struct party_sending s;
	struct err e;
	struct header h = {.kind = KIND_CANCEL,
	    .wave = 1,
	    .records = 1,
	    .reader_count = 1,
	    .expires_us = w->f.now_us + 90 * CLOCK_DAY};

	code(h.to, to);
	code(h.readers[0], to);
	code(h.authority, WARD);
	code(h.institution, BANK);
	code(h.hub, "H001");
	(void)snprintf(h.file, sizeof(h.file), "%s", file);
	content.meta = json_pack("{s:i,s:s,s:s,s:s}", "wave", 1, "file", file,
	    "inquiry", "", "reason", "試験");
	assert_int_equal(party_make(c, &h, &content, &s, &e), ERR_NONE);
	assert_int_equal(store_run(c->store, send, &s, &e), ERR_NONE);
	content_fini(&content);
}

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
	open_world(&w, LINK_DIRECT);
	send_subjects(&w);
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
	open_world(&w, LINK_VIA_WARD);
	send_subjects(&w);
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
	open_world(&w, LINK_DIRECT);
	w.f.lose_every = 2;
	w.f.double_every = 3;
	send_subjects(&w);
	fixture_run(&w.f, 3000);
	check_answers(&w);
	assert_int_equal(w.answers.messages, 1);
	fixture_fini(&w.f);
}

static void a_file_cancelled_before_the_bank_reads_it_is_cancelled(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, LINK_DIRECT);
	w.bank->stopped = true;
	send_subjects(&w);
	fixture_run(&w.f, 400);
	send_cancel(&w, "131041-001-9601-0001", BANK);
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
	open_world(&w, LINK_DIRECT);
	send_subjects(&w);
	fixture_run(&w.f, 400);
	send_cancel(&w, "131041-001-9601-0001", BANK);
	fixture_run(&w.f, 400);
	check_answers(&w);
	fixture_fini(&w.f);
}

static void a_cancelled_wave_sends_nothing_more(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, LINK_DIRECT);
	w.unit->node.window = 0; /* nothing may leave yet */
	send_subjects(&w);
	send_cancel(&w, "", "U001");
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
	open_world(&w, LINK_DIRECT);
	send_cancel(&w, "", "U001");
	fixture_run(&w.f, 100);
	assert_int_equal(
	    fixture_count(w.unit, "SELECT count(*) FROM inbox WHERE state = 0"),
	    1);
	send_subjects(&w);
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
	open_world(&w, LINK_DIRECT);
	import(&w, 5); /* the same customers, born five days later */
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
	open_world(&w, LINK_DIRECT);
	fixture_sql(w.bank, "UPDATE import SET state = 2");
	send_subjects(&w);
	fixture_run(&w.f, 400);
	assert_int_equal(w.answers.count, 0);
	assert_int_equal(
	    fixture_count(w.bank, "SELECT count(*) FROM inbox WHERE state = 0"),
	    1);
	import(&w, 0);
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
