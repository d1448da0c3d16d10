/* Tests of exchange/folder.h: two nodes, a ward and a hub, real databases and
 * keys, and a hand that carries the files. */
#include "exchange/folder.h"
#include "exchange/pouch.h"
#include "tls_fixture.h"

#include "base/file.h"
#include "base/random.h"
#include "exchange/folder_manifest.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define WARD "131041"
#define HUB "9951"

struct side {
	struct node node;
	struct keys *keys;
	struct store *store;
	struct gate gate;
	struct folder *folder;
	struct transport t;
	int notes[2]; /* out, in */
	int64_t records;
};

struct pair {
	char *top;
	struct side ward;
	struct side hub;
	struct arena a;
	struct err e;
};

static const struct random_source machine = {random_fill, NULL};

static char *at(struct pair *p, struct side *s, const char *below)
{
	return node_path(&s->node, &p->a, below);
}

static enum err_class note(
    void *ctx, struct store_tx *tx, const struct folder_note *n, struct err *e)
{
	struct side *s = ctx;

	(void)tx;
	(void)e;
	s->notes[strcmp(n->direction, "in") == 0]++;
	s->records += n->records;
	assert_int_equal(strlen(n->digest), 64);
	return ERR_NONE;
}

static void make(struct pair *p, struct side *s, enum store_party party,
    const char *code, const char *other)
{
	char *path = arena_printf(&p->a, "%s/%s", p->top, code);
	struct node_init init = {.party = party, .code = code, .name = "試験"};
	struct folder_config config = {.process = "test",
	    .node = &s->node,
	    .gate = &s->gate,
	    .note = note,
	    .note_ctx = s,
	    .settle_ms = -1,
	    .look_ms = 1};

	assert_int_equal(node_create(path, &init, &p->e), ERR_NONE);
	(void)fixture_identity(arena_printf(&p->a, "%s/keys", path), code);
	assert_int_equal(
	    chmod(arena_printf(&p->a, "%s/keys/node.key", path), 0600), 0);
	assert_int_equal(node_load(path, &s->node, &p->e), ERR_NONE);
	(void)snprintf(s->node.links[0].hub, NODE_CODE, "%s", other);
	s->node.links[0].link = LINK_FOLDER;
	s->node.link_count = 1;
	assert_int_equal(
	    keys_load(at(p, s, "keys"), &s->keys, &p->e), ERR_NONE);
	assert_int_equal(node_store(&s->node, &s->store, &p->e), ERR_NONE);
	s->gate = (struct gate){.node = &s->node,
	    .keys = s->keys,
	    .store = s->store,
	    .random = machine};
	s->folder = folder_new(&config);
	s->t = folder_transport(s->folder);
}

static enum err_class put_peer(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_put(tx, arg, 1, e);
}

static void introduce(
    struct pair *p, struct side *to, struct side *who, enum store_party party)
{
	struct peer_new new = {.code = who->node.code,
	    .party = party,
	    .url = "",
	    .via = "",
	    .kinds = "status",
	    .from = "",
	    .to = "",
	    .approval = "",
	    .certificate = keys_certificate(who->keys)};

	assert_int_equal(store_run(to->store, put_peer, &new, &p->e), ERR_NONE);
}

static int setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));
	struct buf password = {0};

	p->top = fixture_folder();
	make(p, &p->ward, STORE_WARD, WARD, HUB);
	make(p, &p->hub, STORE_HUB, HUB, WARD);
	introduce(p, &p->ward, &p->hub, STORE_HUB);
	introduce(p, &p->hub, &p->ward, STORE_WARD);
	assert_int_equal(file_read(at(p, &p->ward, "keys/folder-password"),
			     1000, &password, &p->e),
	    ERR_NONE);
	assert_int_equal(file_put(at(p, &p->hub, "keys/folder-password-" WARD),
			     buf_bytes(&password), 0600, true, &p->e),
	    ERR_NONE);
	buf_fini(&password);
	*state = p;
	return 0;
}

static void finish(struct side *s)
{
	folder_free(s->folder);
	gate_fini(&s->gate);
	store_close(s->store);
	keys_free(s->keys);
	node_fini(&s->node);
}

static int teardown(void **state)
{
	struct pair *p = *state;

	finish(&p->ward);
	finish(&p->hub);
	fixture_remove(p->top);
	arena_fini(&p->a);
	free(p);
	return 0;
}

struct sending {
	struct side *from;
	struct message message;
	struct peers *peers;
};

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	struct sending *s = arg;

	return peers_load(tx, &s->peers, e);
}

static enum err_class send_one(struct store_tx *tx, void *arg, struct err *e)
{
	struct sending *s = arg;

	return message_send(tx, &s->message, HUB, "", 0, clock_machine(), e);
}

/* Queues a message of 7 records from the ward for the hub. */
static void queue(struct pair *p)
{
	struct header h = {.kind = KIND_STATUS,
	    .to = HUB,
	    .readers = {HUB},
	    .reader_count = 1,
	    .authority = WARD,
	    .records = 7,
	    .expires_us = clock_machine() + 30 * CLOCK_DAY};
	struct sending s = {.from = &p->ward};
	struct content c = {.meta = json_object()};

	assert_int_equal(
	    store_read(p->ward.store, load_peers, &s, &p->e), ERR_NONE);
	assert_int_equal(
	    message_make(p->ward.keys, s.peers, WARD, &h, &c, clock_machine(),
		&machine, &p->a, &s.message, &p->e),
	    ERR_NONE);
	assert_int_equal(
	    store_run(p->ward.store, send_one, &s, &p->e), ERR_NONE);
	peers_free(s.peers);
	content_fini(&c);
}

/* What is due goes to the folder; how many messages that were. */
static size_t write_batch(struct pair *p, int64_t now_us)
{
	struct sending s = {.from = &p->ward};
	struct delivery d = {0};
	size_t n;

	assert_int_equal(
	    store_read(p->ward.store, load_peers, &s, &p->e), ERR_NONE);
	assert_int_equal(
	    delivery_collect(p->ward.store, HUB, 1 << 20, now_us, &d, &p->e),
	    ERR_NONE);
	n = d.count;
	if (n > 0)
		p->ward.t.begin(p->ward.t.ctx, peers_of(s.peers, HUB), &d);
	delivery_fini(&d);
	peers_free(s.peers);
	return n;
}

/* Names of the files in a folder that end so, in order; at most 8. */
static int list(
    struct pair *p, const char *path, const char *end, const char *names[8])
{
	struct dirent **found;
	int n = scandir(path, &found, NULL, alphasort);
	int kept = 0;

	for (int i = 0; i < n; i++) {
		const char *z = found[i]->d_name;
		size_t length = strlen(z);

		if (kept < 8 && length > strlen(end) &&
		    strcmp(z + length - strlen(end), end) == 0)
			names[kept++] = arena_copy(&p->a, z, length);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
	return kept;
}

static int count(struct pair *p, struct side *s, const char *below)
{
	const char *names[8];

	return list(p, at(p, s, below), ".zip", names);
}

static void inbox_folder(struct pair *p, struct side *s, const char *peer)
{
	(void)mkdir(at(p, s, "folder"), 0700);
	(void)mkdir(at(p, s, "folder/in"), 0700);
	(void)mkdir(at(p, s, arena_printf(&p->a, "folder/in/%s", peer)), 0700);
}

/* The hand: copies every ZIP of one side's out to the other side's in. */
static int carry(struct pair *p, struct side *from, struct side *to)
{
	char *out = arena_printf(&p->a, "folder/out/%s", to->node.code);
	const char *names[8];
	int n = list(p, at(p, from, out), ".zip", names);

	inbox_folder(p, to, from->node.code);
	for (int i = 0; i < n; i++) {
		struct buf b = {0};
		char *in = arena_printf(
		    &p->a, "folder/in/%s/%s", from->node.code, names[i]);
		char *source = arena_printf(&p->a, "%s/%s", out, names[i]);

		assert_int_equal(
		    file_read(at(p, from, source), 1 << 20, &b, &p->e),
		    ERR_NONE);
		assert_int_equal(
		    file_put(at(p, to, in), buf_bytes(&b), 0600, true, &p->e),
		    ERR_NONE);
		buf_fini(&b);
	}
	return n;
}

/* A look into in/; *d and *answer stay the caller's. */
static enum transport_result look(
    struct side *s, struct delivery *d, struct buf *answer)
{
	(void)usleep(2000);
	return s->t.take(s->t.ctx, d, answer);
}

static void look_for_nothing(struct side *s)
{
	struct delivery d = {0};
	struct buf answer = {0};

	assert_int_equal(look(s, &d, &answer), TRANSPORT_NOTHING);
	assert_int_equal(d.count, 0);
	delivery_fini(&d);
	buf_fini(&answer);
}

struct counting {
	enum store_statement st;
	int64_t n;
};

static enum err_class count_rows(struct store_tx *tx, void *arg, struct err *e)
{
	struct counting *c = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, c->st, NULL, 0, &r, &found, e));
	c->n = found ? store_get_int(r, 0) : -1;
	store_rows_close(r);
	return ERR_NONE;
}

static int64_t rows(struct pair *p, struct side *s, enum store_statement st)
{
	struct counting c = {.st = st};

	assert_int_equal(store_read(s->store, count_rows, &c, &p->e), ERR_NONE);
	return c.n;
}

/* Nothing was kept, nothing answered; the file and the reason stand in
 * refused/. */
static void was_refused(struct pair *p, const char *code)
{
	const char *names[8];
	const char *below = "folder/in/" WARD "/refused";
	struct buf b = {0};

	look_for_nothing(&p->hub);
	assert_int_equal(rows(p, &p->hub, STMT_STATUS_INBOX), 0);
	assert_int_equal(count(p, &p->hub, "folder/out/" WARD), 0);
	assert_int_equal(count(p, &p->hub, "folder/in/" WARD), 0);
	assert_int_equal(count(p, &p->hub, below), 1);
	assert_int_equal(list(p, at(p, &p->hub, below), ".json", names), 1);
	assert_int_equal(
	    file_read(
		at(p, &p->hub, arena_printf(&p->a, "%s/%s", below, names[0])),
		10000, &b, &p->e),
	    ERR_NONE);
	assert_non_null(memmem(b.p, b.n, code, strlen(code)));
	buf_fini(&b);
}

/* A file as a hand would put it into the hub's in/. */
static void put_in(struct pair *p, struct bytes b)
{
	inbox_folder(p, &p->hub, WARD);
	assert_int_equal(file_put(at(p, &p->hub, "folder/in/" WARD "/a.zip"), b,
			     0600, true, &p->e),
	    ERR_NONE);
}

static void put_pouch(struct pair *p, const struct pouch *pouch)
{
	struct buf password = {0};
	struct buf zip = {0};

	assert_int_equal(file_read(at(p, &p->ward, "keys/folder-password"),
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

	queue(p);
	assert_int_equal(write_batch(p, clock_machine()), 1);
	assert_int_equal(
	    file_put(at(p, &p->hub, "keys/folder-password-" WARD),
		text_bytes(TEXT("quite another one")), 0600, true, &p->e),
	    ERR_NONE);
	assert_int_equal(carry(p, &p->ward, &p->hub), 1);
	was_refused(p, "folder.password");
}

static void refuses_a_truncated_zip(void **state)
{
	struct pair *p = *state;
	const char *names[8];
	struct buf b = {0};

	queue(p);
	assert_int_equal(write_batch(p, clock_machine()), 1);
	assert_int_equal(
	    list(p, at(p, &p->ward, "folder/out/" HUB), ".zip", names), 1);
	assert_int_equal(file_read(at(p, &p->ward,
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

	inbox_folder(p, &p->hub, WARD);
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

	queue(p);
	assert_int_equal(write_batch(p, clock_machine()), 1);
	assert_int_equal(carry(p, &p->ward, &p->hub), 1);
	assert_int_equal(
	    system(arena_printf(&p->a,
		"cd %s/folder/in/" WARD " && mv *.zip ../x && ln -s ../x a.zip",
		p->hub.node.path)),
	    0);
	look_for_nothing(&p->hub);
	assert_int_equal(rows(p, &p->hub, STMT_STATUS_INBOX), 0);
	assert_int_equal(count(p, &p->hub, "folder/in/" WARD), 1);
}

/* There and back: stored, receipted, confirmed, entered in both books. */
static void carries_messages_there_and_receipts_back(void **state)
{
	struct pair *p = *state;
	struct sending s = {.from = &p->ward};
	struct delivery d = {0};
	struct buf answer = {0};
	size_t accepted = 0;

	queue(p);
	queue(p);
	assert_int_equal(write_batch(p, clock_machine()), 2);
	assert_int_equal(carry(p, &p->ward, &p->hub), 1);
	look_for_nothing(&p->hub);
	assert_int_equal(rows(p, &p->hub, STMT_STATUS_INBOX), 2);
	assert_int_equal(count(p, &p->hub, "folder/in/" WARD "/done"), 1);
	assert_int_equal(carry(p, &p->hub, &p->ward), 1);
	assert_int_equal(look(&p->ward, &d, &answer), TRANSPORT_ANSWERED);
	assert_int_equal(
	    store_read(p->ward.store, load_peers, &s, &p->e), ERR_NONE);
	assert_int_equal(
	    delivery_answer(p->ward.store, s.peers, WARD, &d,
		buf_bytes(&answer), clock_machine(), &accepted, &p->e),
	    ERR_NONE);
	assert_int_equal(accepted, 2);
	assert_int_equal(rows(p, &p->ward, STMT_STATUS_OUTBOX), 0);
	look_for_nothing(&p->ward);
	assert_int_equal(count(p, &p->ward, "folder/in/" HUB "/done"), 1);
	assert_int_equal(p->ward.notes[0], 1);
	assert_int_equal(p->ward.notes[1], 1);
	assert_int_equal(p->hub.notes[0], 1);
	assert_int_equal(p->hub.notes[1], 1);
	assert_int_equal(p->ward.records, 28);
	peers_free(s.peers);
	delivery_fini(&d);
	buf_fini(&answer);
}

/* E2: carried twice, kept once, receipted twice alike. */
static void a_file_carried_twice_is_kept_once(void **state)
{
	struct pair *p = *state;

	queue(p);
	assert_int_equal(write_batch(p, clock_machine()), 1);
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(carry(p, &p->ward, &p->hub), 1);
		look_for_nothing(&p->hub);
		assert_int_equal(rows(p, &p->hub, STMT_STATUS_INBOX), 1);
		assert_int_equal(
		    count(p, &p->hub, "folder/in/" WARD "/done"), i);
		assert_int_equal(count(p, &p->hub, "folder/out/" WARD), i);
	}
}

/* Receipts that somebody made up confirm nothing. */
static void forged_receipts_confirm_nothing(void **state)
{
	struct pair *p = *state;
	struct sending s = {.from = &p->ward};
	struct delivery d = {0};
	struct buf answer = {0};
	struct pouch pouch = {0};
	struct folder_manifest m = {
	    .kind = FOLDER_RECEIPTS, .from = HUB, .to = WARD, .count = 1};
	struct buf b = {0};
	size_t accepted = 0;

	queue(p);
	assert_int_equal(delivery_collect(p->ward.store, HUB, 1 << 20,
			     clock_machine(), &d, &p->e),
	    ERR_NONE);
	memcpy(m.id[0], d.item[0].id, HEADER_ID);
	delivery_fini(&d);
	folder_manifest_write(&m, &b);
	pouch_add(&pouch, "manifest.json", buf_bytes(&b));
	pouch_add(&pouch, "receipts", text_bytes(TEXT("\0\0\0\4made up")));
	put_pouch(p, &pouch);
	inbox_folder(p, &p->ward, HUB);
	assert_int_equal(rename(at(p, &p->hub, "folder/in/" WARD "/a.zip"),
			     at(p, &p->ward, "folder/in/" HUB "/a.zip")),
	    0);
	assert_int_equal(look(&p->ward, &d, &answer), TRANSPORT_ANSWERED);
	assert_int_equal(d.count, 1);
	assert_int_equal(
	    store_read(p->ward.store, load_peers, &s, &p->e), ERR_NONE);
	(void)!delivery_answer(p->ward.store, s.peers, WARD, &d,
	    buf_bytes(&answer), clock_machine(), &accepted, &p->e);
	assert_int_equal(accepted, 0);
	assert_int_equal(rows(p, &p->ward, STMT_STATUS_OUTBOX), 1);
	peers_free(s.peers);
	delivery_fini(&d);
	buf_fini(&answer);
	buf_fini(&b);
}

static void a_batch_is_not_written_again_before_its_time(void **state)
{
	struct pair *p = *state;
	int64_t now = clock_machine();

	queue(p);
	assert_int_equal(write_batch(p, now + CLOCK_SECOND), 1);
	assert_false(p->ward.t.busy(p->ward.t.ctx, HUB));
	assert_int_equal(write_batch(p, now + FOLDER_AGAIN / 2), 0);
	queue(p); /* another one need not wait for the first */
	assert_int_equal(write_batch(p, now + 5 * CLOCK_SECOND), 1);
	assert_int_equal(count(p, &p->ward, "folder/out/" HUB), 2);
	assert_int_equal(
	    write_batch(p, clock_machine() + FOLDER_AGAIN + CLOCK_SECOND), 2);
	assert_int_equal(count(p, &p->ward, "folder/out/" HUB), 2);
}

/* What cannot be written is tried again later; nothing half done stays. */
static void a_batch_without_a_password_fails(void **state)
{
	struct pair *p = *state;
	struct delivery d = {0};
	struct buf answer = {0};

	assert_int_equal(unlink(at(p, &p->ward, "keys/folder-password")), 0);
	queue(p);
	assert_int_equal(write_batch(p, clock_machine()), 1);
	assert_true(p->ward.t.busy(p->ward.t.ctx, HUB));
	assert_int_equal(look(&p->ward, &d, &answer), TRANSPORT_FAILED);
	assert_int_equal(d.count, 1);
	assert_int_equal(count(p, &p->ward, "folder/out/" HUB), 0);
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
	assert_int_equal(count(p, &p->hub, "folder/in/" WARD), 1);
	folder_free(patient);
	was_refused(p, "folder.damaged");
}

static void what_is_written_opens_in_7z(void **state)
{
	struct pair *p = *state;

	queue(p);
	assert_int_equal(write_batch(p, clock_machine()), 1);
	assert_int_equal(system(arena_printf(&p->a,
			     "7z t -p\"$(cat %s/keys/folder-password)\" "
			     "%s/folder/out/" HUB "/*.zip >/dev/null",
			     p->ward.node.path, p->ward.node.path)),
	    0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
