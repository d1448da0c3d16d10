/* folder_fixture.c — see folder_fixture.h. */
#include "folder_fixture.h"

#include "tls_fixture.h"

#include "base/file.h"
#include "base/random.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct random_source machine = {random_fill, NULL};

char *pair_at(struct pair *p, struct side *s, const char *below)
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

void pair_open(struct pair *p, struct side *s)
{
	struct folder_config config = {.process = "test",
	    .node = &s->node,
	    .gate = &s->gate,
	    .note = note,
	    .note_ctx = s,
	    .settle_ms = -1,
	    .look_ms = 1};

	assert_int_equal(node_store(&s->node, &s->store, &p->e), ERR_NONE);
	s->gate = (struct gate){.node = &s->node,
	    .keys = s->keys,
	    .store = s->store,
	    .random = machine};
	s->folder = folder_new(&config);
	s->t = folder_transport(s->folder);
}

void pair_close(struct side *s)
{
	folder_free(s->folder);
	gate_fini(&s->gate);
	store_close(s->store);
	s->folder = NULL;
	s->store = NULL;
}

static void make(struct pair *p, struct side *s, enum store_party party,
    const char *code, const char *other)
{
	char *path = arena_printf(&p->a, "%s/%s", p->top, code);
	struct node_init init = {.party = party, .code = code, .name = "試験"};
	assert_int_equal(node_create(path, &init, &p->e), ERR_NONE);
	(void)fixture_identity(arena_printf(&p->a, "%s/keys", path), code);
	assert_int_equal(
	    chmod(arena_printf(&p->a, "%s/keys/node.key", path), 0600), 0);
	assert_int_equal(node_load(path, &s->node, &p->e), ERR_NONE);
	(void)snprintf(s->node.links[0].hub, NODE_CODE, "%s", other);
	s->node.links[0].link = LINK_FOLDER;
	s->node.link_count = 1;
	assert_int_equal(
	    keys_load(pair_at(p, s, "keys"), &s->keys, &p->e), ERR_NONE);
	pair_open(p, s);
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

int pair_setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));
	struct buf password = {0};

	p->top = fixture_folder();
	make(p, &p->ward, STORE_WARD, WARD, HUB);
	make(p, &p->hub, STORE_HUB, HUB, WARD);
	introduce(p, &p->ward, &p->hub, STORE_HUB);
	introduce(p, &p->hub, &p->ward, STORE_WARD);
	assert_int_equal(file_read(pair_at(p, &p->ward, "keys/folder-password"),
			     1000, &password, &p->e),
	    ERR_NONE);
	assert_int_equal(
	    file_put(pair_at(p, &p->hub, "keys/folder-password-" WARD),
		buf_bytes(&password), 0600, true, &p->e),
	    ERR_NONE);
	buf_fini(&password);
	*state = p;
	return 0;
}

static void finish(struct side *s)
{
	pair_close(s);
	keys_free(s->keys);
	node_fini(&s->node);
}

int pair_teardown(void **state)
{
	struct pair *p = *state;

	finish(&p->ward);
	finish(&p->hub);
	fixture_remove(p->top);
	arena_fini(&p->a);
	free(p);
	return 0;
}

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_load(tx, arg, e);
}

struct peers *pair_peers(struct pair *p, struct side *s)
{
	struct peers *peers = NULL;

	assert_int_equal(
	    store_read(s->store, load_peers, &peers, &p->e), ERR_NONE);
	return peers;
}

static enum err_class send_one(struct store_tx *tx, void *arg, struct err *e)
{
	return message_send(tx, arg, HUB, "", 0, clock_machine(), e);
}

/* Queues a message of 7 records from the ward for the hub. */
void pair_queue(struct pair *p)
{
	struct header h = {.kind = KIND_STATUS,
	    .to = HUB,
	    .readers = {HUB},
	    .reader_count = 1,
	    .authority = WARD,
	    .records = 7,
	    .expires_us = clock_machine() + 30 * CLOCK_DAY};
	struct content c = {.meta = json_object()};
	struct peers *peers = pair_peers(p, &p->ward);
	struct message m;

	assert_int_equal(message_make(p->ward.keys, peers, WARD, &h, &c,
			     clock_machine(), &machine, &p->a, &m, &p->e),
	    ERR_NONE);
	assert_int_equal(
	    store_run(p->ward.store, send_one, &m, &p->e), ERR_NONE);
	peers_free(peers);
	content_fini(&c);
}

/* What is due goes to the folder; how many messages that were. */
size_t pair_write_batch(struct pair *p, int64_t now_us)
{
	struct peers *peers = pair_peers(p, &p->ward);
	struct delivery d = {0};
	size_t n;

	assert_int_equal(
	    delivery_collect(p->ward.store, HUB, 1 << 20, now_us, &d, &p->e),
	    ERR_NONE);
	n = d.count;
	if (n > 0)
		p->ward.t.begin(p->ward.t.ctx, peers_of(peers, HUB), &d);
	delivery_fini(&d);
	peers_free(peers);
	return n;
}

/* Names of the files in a folder that end so, in order; at most 8. */
int pair_list(
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

int pair_count(struct pair *p, struct side *s, const char *below)
{
	const char *names[8];

	return pair_list(p, pair_at(p, s, below), ".zip", names);
}

void pair_inbox_folder(struct pair *p, struct side *s, const char *peer)
{
	(void)mkdir(pair_at(p, s, "folder"), 0700);
	(void)mkdir(pair_at(p, s, "folder/in"), 0700);
	(void)mkdir(
	    pair_at(p, s, arena_printf(&p->a, "folder/in/%s", peer)), 0700);
}

/* The hand: copies every ZIP of one side's out to the other side's in. */
int pair_carry(struct pair *p, struct side *from, struct side *to)
{
	char *out = arena_printf(&p->a, "folder/out/%s", to->node.code);
	const char *names[8];
	int n = pair_list(p, pair_at(p, from, out), ".zip", names);

	pair_inbox_folder(p, to, from->node.code);
	for (int i = 0; i < n; i++) {
		struct buf b = {0};
		char *in = arena_printf(
		    &p->a, "folder/in/%s/%s", from->node.code, names[i]);
		char *source = arena_printf(&p->a, "%s/%s", out, names[i]);

		assert_int_equal(
		    file_read(pair_at(p, from, source), 1 << 20, &b, &p->e),
		    ERR_NONE);
		assert_int_equal(file_put(pair_at(p, to, in), buf_bytes(&b),
				     0600, true, &p->e),
		    ERR_NONE);
		buf_fini(&b);
	}
	return n;
}

/* A look into in/; *d and *answer stay the caller's. */
enum transport_result pair_look(
    struct side *s, struct delivery *d, struct buf *answer)
{
	(void)usleep(2000);
	return s->t.take(s->t.ctx, d, answer);
}

void pair_look_for_nothing(struct side *s)
{
	struct delivery d = {0};
	struct buf answer = {0};

	assert_int_equal(pair_look(s, &d, &answer), TRANSPORT_NOTHING);
	assert_int_equal(d.count, 0);
	delivery_fini(&d);
	buf_fini(&answer);
}

enum err_class pair_answer(struct pair *p, const struct delivery *d,
    const struct buf *answer, size_t *accepted)
{
	struct peers *peers = NULL;
	enum err_class c = store_read(p->ward.store, load_peers, &peers, &p->e);

	if (c == ERR_NONE)
		c = delivery_answer(p->ward.store, peers, WARD, d,
		    buf_bytes(answer), clock_machine(), accepted, &p->e);

	peers_free(peers);
	return c;
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

int64_t pair_rows(struct pair *p, struct side *s, enum store_statement st)
{
	struct counting c = {.st = st};

	assert_int_equal(store_read(s->store, count_rows, &c, &p->e), ERR_NONE);
	return c.n;
}
