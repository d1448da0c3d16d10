/* Tests of exchange/folder.h: two nodes, a ward and a hub, real databases and
 * keys, and a hand that carries the files. */
#include "exchange/folder.h"
#include "exchange/pouch.h"
#include "folder_fixture.h"

#include "base/file.h"
#include "exchange/folder_manifest.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Nothing was kept, nothing answered; the file and the reason stand in
 * refused/. */
static void was_refused(struct pair *p, const char *code)
{
	const char *names[8];
	const char *below = "folder/in/" WARD "/refused";
	struct buf b = {0};

	pair_look_for_nothing(&p->hub);
	assert_int_equal(pair_rows(p, &p->hub, STMT_STATUS_INBOX), 0);
	assert_int_equal(pair_count(p, &p->hub, "folder/out/" WARD), 0);
	assert_int_equal(pair_count(p, &p->hub, "folder/in/" WARD), 0);
	assert_int_equal(pair_count(p, &p->hub, below), 1);
	assert_int_equal(
	    pair_list(p, pair_at(p, &p->hub, below), ".json", names), 1);
	assert_int_equal(
	    file_read(pair_at(p, &p->hub,
			  arena_printf(&p->a, "%s/%s", below, names[0])),
		10000, &b, &p->e),
	    ERR_NONE);
	assert_non_null(memmem(b.p, b.n, code, strlen(code)));
	buf_fini(&b);
}

/* A file as a hand would put it into the hub's in/. */
static void put_in(struct pair *p, struct bytes b)
{
	pair_inbox_folder(p, &p->hub, WARD);
	assert_int_equal(
	    file_put(pair_at(p, &p->hub, "folder/in/" WARD "/a.zip"), b, 0600,
		true, &p->e),
	    ERR_NONE);
}

static void put_pouch(struct pair *p, const struct pouch *pouch)
{
	struct buf password = {0};
	struct buf zip = {0};

	assert_int_equal(file_read(pair_at(p, &p->ward, "keys/folder-password"),
			     1000, &password, &p->e),
	    ERR_NONE);
	password.p[password.n - 1] = '\0';
	assert_int_equal(
	    pouch_write(pouch, (char *)password.p, &zip, &p->e), ERR_NONE);
	put_in(p, buf_bytes(&zip));
	buf_fini(&zip);
	buf_fini(&password);
}

static void refuses_a_wrong_password(void **state)
{
	struct pair *p = *state;

	pair_queue(p);
	assert_int_equal(pair_write_batch(p, clock_machine()), 1);
	assert_int_equal(
	    file_put(pair_at(p, &p->hub, "keys/folder-password-" WARD),
		text_bytes(TEXT("quite another one")), 0600, true, &p->e),
	    ERR_NONE);
	assert_int_equal(pair_carry(p, &p->ward, &p->hub), 1);
	was_refused(p, "folder.password");
}

static void refuses_a_truncated_zip(void **state)
{
	struct pair *p = *state;
	const char *names[8];
	struct buf b = {0};

	pair_queue(p);
	assert_int_equal(pair_write_batch(p, clock_machine()), 1);
	assert_int_equal(pair_list(p, pair_at(p, &p->ward, "folder/out/" HUB),
			     ".zip", names),
	    1);
	assert_int_equal(file_read(pair_at(p, &p->ward,
				       arena_printf(&p->a,
					   "folder/out/" HUB "/%s", names[0])),
			     1 << 20, &b, &p->e),
	    ERR_NONE);
	put_in(p, BYTES(b.p, b.n - 30));
	was_refused(p, "folder.damaged");
	buf_fini(&b);
}

static void refuses_a_name_that_leads_out(void **state)
{
	struct pair *p = *state;
	struct pouch pouch = {0};

	pouch_add(&pouch, "manifest.json", text_bytes(TEXT("{}")));
	pouch_add(&pouch, "../../node.yaml", text_bytes(TEXT("x")));
	put_pouch(p, &pouch);
	was_refused(p, "folder.name");
}

static void refuses_a_bomb(void **state)
{
	struct pair *p = *state;
	struct arena a = {0};

	pair_inbox_folder(p, &p->hub, WARD);
	assert_int_equal(
	    system(arena_printf(&a,
		"cd %s && truncate -s 200M manifest.json && 7z a -tzip -mx1 "
		"-mem=AES256 -p\"$(cat keys/folder-password)\" a.zip "
		"manifest.json >/dev/null && cp a.zip %s/folder/in/" WARD,
		p->ward.node.path, p->hub.node.path)),
	    0);
	was_refused(p, "folder.too_large");
	arena_fini(&a);
}

static void refuses_what_is_for_another(void **state)
{
	struct pair *p = *state;
	struct folder_manifest m = {.kind = FOLDER_MESSAGES,
	    .from = WARD,
	    .to = "9952",
	    .id = {"00000000000000000000000000000000"},
	    .count = 1};
	struct pouch pouch = {0};
	struct buf b = {0};

	folder_manifest_write(&m, &b);
	pouch_add(&pouch, "manifest.json", buf_bytes(&b));
	pouch_add(&pouch, "01.header", text_bytes(TEXT("x")));
	pouch_add(&pouch, "01.payload", text_bytes(TEXT("x")));
	put_pouch(p, &pouch);
	was_refused(p, "folder.address");
	buf_fini(&b);
}

static void refuses_a_manifest_that_does_not_fit(void **state)
{
	struct pair *p = *state;
	struct folder_manifest m = {.kind = FOLDER_MESSAGES,
	    .from = WARD,
	    .to = HUB,
	    .id = {"00000000000000000000000000000000"},
	    .count = 1};
	struct pouch pouch = {0};
	struct buf b = {0};

	folder_manifest_write(&m, &b);
	pouch_add(&pouch, "manifest.json", buf_bytes(&b));
	pouch_add(&pouch, "01.header", text_bytes(TEXT("x")));
	pouch_add(&pouch, "02.payload", text_bytes(TEXT("x")));
	put_pouch(p, &pouch);
	was_refused(p, "folder.manifest");
	buf_fini(&b);
}

static void refuses_bad_manifests(void **state)
{
	static const char *const bad[] = {
	    "",
	    "{}",
	    "[]",
	    "{\"shokai\":2,\"kind\":\"messages\",\"from\":\"1\",\"to\":\"2\","
	    "\"ids\":[\"00000000000000000000000000000000\"]}",
	    "{\"shokai\":1,\"kind\":\"other\",\"from\":\"1\",\"to\":\"2\","
	    "\"ids\":[\"00000000000000000000000000000000\"]}",
	    "{\"shokai\":1,\"kind\":\"messages\",\"from\":\"1\",\"to\":\"2\","
	    "\"ids\":[]}",
	    "{\"shokai\":1,\"kind\":\"messages\",\"from\":\"1\",\"to\":\"2\","
	    "\"ids\":[\"../../00000000000000000000000000\"]}",
	    "{\"shokai\":1,\"kind\":\"messages\",\"from\":\"1\",\"to\":\"2\","
	    "\"ids\":[\"00000000000000000000000000000000\"],\"more\":1}",
	    "{\"shokai\":1,\"kind\":\"messages\",\"from\":\"1\",\"from\":\"3\","
	    "\"to\":\"2\",\"ids\":[\"00000000000000000000000000000000\"]}",
	    "{\"shokai\":1,\"kind\":\"messages\",\"from\":"
	    "\"12345678901234567\",\"to\":\"2\","
	    "\"ids\":[\"00000000000000000000000000000000\"]}",
	};
	struct folder_manifest m;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(
		    folder_manifest_read(BYTES(bad[i], strlen(bad[i])), &m, &e),
		    ERR_INPUT);
}

/* A link out of the folder is not followed. */
static void a_symbolic_link_is_not_looked_at(void **state)
{
	struct pair *p = *state;

	pair_queue(p);
	assert_int_equal(pair_write_batch(p, clock_machine()), 1);
	assert_int_equal(pair_carry(p, &p->ward, &p->hub), 1);
	assert_int_equal(
	    system(arena_printf(&p->a,
		"cd %s/folder/in/" WARD " && mv *.zip ../x && ln -s ../x a.zip",
		p->hub.node.path)),
	    0);
	pair_look_for_nothing(&p->hub);
	assert_int_equal(pair_rows(p, &p->hub, STMT_STATUS_INBOX), 0);
	assert_int_equal(pair_count(p, &p->hub, "folder/in/" WARD), 1);
}

/* There and back: stored, receipted, confirmed, entered in both books. */
static void carries_messages_there_and_receipts_back(void **state)
{
	struct pair *p = *state;
	struct delivery d = {0};
	struct buf answer = {0};
	size_t accepted = 0;

	pair_queue(p);
	pair_queue(p);
	assert_int_equal(pair_write_batch(p, clock_machine()), 2);
	assert_int_equal(pair_carry(p, &p->ward, &p->hub), 1);
	pair_look_for_nothing(&p->hub);
	assert_int_equal(pair_rows(p, &p->hub, STMT_STATUS_INBOX), 2);
	assert_int_equal(pair_count(p, &p->hub, "folder/in/" WARD "/done"), 1);
	assert_int_equal(pair_carry(p, &p->hub, &p->ward), 1);
	assert_int_equal(pair_look(&p->ward, &d, &answer), TRANSPORT_ANSWERED);
	assert_int_equal(pair_answer(p, &d, &answer, &accepted), ERR_NONE);
	assert_int_equal(accepted, 2);
	assert_int_equal(pair_rows(p, &p->ward, STMT_STATUS_OUTBOX), 0);
	pair_look_for_nothing(&p->ward);
	assert_int_equal(pair_count(p, &p->ward, "folder/in/" HUB "/done"), 1);
	assert_int_equal(p->ward.notes[0], 1);
	assert_int_equal(p->ward.notes[1], 1);
	assert_int_equal(p->hub.notes[0], 1);
	assert_int_equal(p->hub.notes[1], 1);
	assert_int_equal(p->ward.records, 28);
	delivery_fini(&d);
	buf_fini(&answer);
}

/* E2: carried twice, kept once, receipted twice alike. */
static void a_file_carried_twice_is_kept_once(void **state)
{
	struct pair *p = *state;

	pair_queue(p);
	assert_int_equal(pair_write_batch(p, clock_machine()), 1);
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(pair_carry(p, &p->ward, &p->hub), 1);
		pair_look_for_nothing(&p->hub);
		assert_int_equal(pair_rows(p, &p->hub, STMT_STATUS_INBOX), 1);
		assert_int_equal(
		    pair_count(p, &p->hub, "folder/in/" WARD "/done"), i);
		assert_int_equal(pair_count(p, &p->hub, "folder/out/" WARD), i);
	}
}

/* Receipts that somebody made up confirm nothing. */
static void forged_receipts_confirm_nothing(void **state)
{
	struct pair *p = *state;
	struct delivery d = {0};
	struct buf answer = {0};
	struct pouch pouch = {0};
	struct folder_manifest m = {
	    .kind = FOLDER_RECEIPTS, .from = HUB, .to = WARD, .count = 1};
	struct buf b = {0};
	size_t accepted = 0;

	pair_queue(p);
	assert_int_equal(delivery_collect(p->ward.store, HUB, 1 << 20,
			     clock_machine(), &d, &p->e),
	    ERR_NONE);
	memcpy(m.id[0], d.item[0].id, HEADER_ID);
	delivery_fini(&d);
	folder_manifest_write(&m, &b);
	pouch_add(&pouch, "manifest.json", buf_bytes(&b));
	pouch_add(&pouch, "receipts", text_bytes(TEXT("\0\0\0\4made up")));
	put_pouch(p, &pouch);
	pair_inbox_folder(p, &p->ward, HUB);
	assert_int_equal(rename(pair_at(p, &p->hub, "folder/in/" WARD "/a.zip"),
			     pair_at(p, &p->ward, "folder/in/" HUB "/a.zip")),
	    0);
	assert_int_equal(pair_look(&p->ward, &d, &answer), TRANSPORT_ANSWERED);
	assert_int_equal(d.count, 1);
	(void)pair_answer(p, &d, &answer, &accepted);
	assert_int_equal(accepted, 0);
	assert_int_equal(pair_rows(p, &p->ward, STMT_STATUS_OUTBOX), 1);
	delivery_fini(&d);
	buf_fini(&answer);
	buf_fini(&b);
}

static void a_batch_is_not_written_again_before_its_time(void **state)
{
	struct pair *p = *state;
	int64_t now = clock_machine();

	pair_queue(p);
	assert_int_equal(pair_write_batch(p, now + CLOCK_SECOND), 1);
	assert_false(p->ward.t.busy(p->ward.t.ctx, HUB));
	assert_int_equal(pair_write_batch(p, now + FOLDER_AGAIN / 2), 0);
	pair_queue(p); /* another one need not wait for the first */
	assert_int_equal(pair_write_batch(p, now + 5 * CLOCK_SECOND), 1);
	assert_int_equal(pair_count(p, &p->ward, "folder/out/" HUB), 2);
	assert_int_equal(
	    pair_write_batch(p, clock_machine() + FOLDER_AGAIN + CLOCK_SECOND),
	    2);
	assert_int_equal(pair_count(p, &p->ward, "folder/out/" HUB), 2);
}

/* What cannot be written is tried again later; nothing half done stays. */
static void a_batch_without_a_password_fails(void **state)
{
	struct pair *p = *state;
	struct delivery d = {0};
	struct buf answer = {0};

	assert_int_equal(
	    unlink(pair_at(p, &p->ward, "keys/folder-password")), 0);
	pair_queue(p);
	assert_int_equal(pair_write_batch(p, clock_machine()), 1);
	assert_true(p->ward.t.busy(p->ward.t.ctx, HUB));
	assert_int_equal(pair_look(&p->ward, &d, &answer), TRANSPORT_FAILED);
	assert_int_equal(d.count, 1);
	assert_int_equal(pair_count(p, &p->ward, "folder/out/" HUB), 0);
	assert_int_equal(p->ward.notes[0], 0);
	delivery_fini(&d);
	buf_fini(&answer);
}

static void an_open_copy_is_waited_for(void **state)
{
	struct pair *p = *state;
	struct folder_config config = {.process = "test",
	    .node = &p->hub.node,
	    .gate = &p->hub.gate,
	    .settle_ms = 60000,
	    .look_ms = 1};
	struct folder *patient = folder_new(&config);
	struct transport t = folder_transport(patient);
	struct delivery d = {0};
	struct buf answer = {0};

	put_in(p, text_bytes(TEXT("PK half of a file")));
	assert_int_equal(t.take(t.ctx, &d, &answer), TRANSPORT_NOTHING);
	assert_int_equal(pair_count(p, &p->hub, "folder/in/" WARD), 1);
	folder_free(patient);
	was_refused(p, "folder.damaged");
}

static void what_is_written_opens_in_7z(void **state)
{
	struct pair *p = *state;

	pair_queue(p);
	assert_int_equal(pair_write_batch(p, clock_machine()), 1);
	assert_int_equal(system(arena_printf(&p->a,
			     "7z t -p\"$(cat %s/keys/folder-password)\" "
			     "%s/folder/out/" HUB "/*.zip >/dev/null",
			     p->ward.node.path, p->ward.node.path)),
	    0);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, pair_setup, pair_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(refuses_a_wrong_password),
	    TEST(refuses_a_truncated_zip),
	    TEST(refuses_a_name_that_leads_out),
	    TEST(refuses_a_bomb),
	    TEST(refuses_what_is_for_another),
	    TEST(refuses_a_manifest_that_does_not_fit),
	    cmocka_unit_test(refuses_bad_manifests),
	    TEST(a_symbolic_link_is_not_looked_at),
	    TEST(forged_receipts_confirm_nothing),
	    TEST(a_batch_without_a_password_fails),
	    TEST(carries_messages_there_and_receipts_back),
	    TEST(a_file_carried_twice_is_kept_once),
	    TEST(a_batch_is_not_written_again_before_its_time),
	    TEST(an_open_copy_is_waited_for),
	    TEST(what_is_written_opens_in_7z),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
