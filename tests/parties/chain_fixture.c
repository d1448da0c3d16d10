/* chain_fixture.c — see chain_fixture.h. */
#include "chain_fixture.h"

#include "base/file.h"
#include "exchange/ca.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(enum err_class class, const struct err *e)
{
	if (class == ERR_NONE)
		return;
	(void)fprintf(stderr, "fixture: %s %s %s\n", e->code, e->en, e->detail);
	abort();
}

/* splitmix64: the fixture owns all randomness. */
static void fill(void *ctx, void *p, size_t n)
{
	struct fixture *f = ctx;
	unsigned char *to = p;

	for (size_t i = 0; i < n; i++) {
		uint64_t z = (f->seed += UINT64_C(0x9E3779B97F4A7C15));

		z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
		to[i] = (unsigned char)(z ^ (z >> 31));
	}
}

void fixture_init(struct fixture *f)
{
	struct err e;

	memset(f, 0, sizeof(*f));
	(void)snprintf(
	    f->folder, sizeof(f->folder), "/var/tmp/shokai-parties-XXXXXX");
	if (mkdtemp(f->folder) == NULL)
		abort();
	f->seed = 1;
	f->random = (struct random_source){.fill = fill, .ctx = f};
	f->now_us = FIXTURE_NOW;
	f->ca = arena_printf(&f->arena, "%s/ca", f->folder);
	must(ca_init(f->ca, f->now_us, &e), &e);
	must(codes_load(&f->arena, &f->codes, &e), &e);
}

void fixture_fini(struct fixture *f)
{
	char command[128];

	for (size_t i = 0; i < f->count; i++) {
		struct fixture_node *n = &f->node[i];

		work_fini(&n->work);
		gate_fini(&n->gate);
		delivery_fini(&n->delivery);
		buf_fini(&n->answer);
		layouts_free(n->layouts);
		store_close(n->store);
		keys_free(n->keys);
		certificate_free(n->certificate);
		node_fini(&n->node);
	}
	arena_fini(&f->arena);
	(void)snprintf(command, sizeof(command), "rm -rf %s", f->folder);
	if (system(command) != 0)
		abort();
}

static void certify(struct fixture *f, struct fixture_node *n)
{
	const struct ca_wish wish = {
	    .from_us = f->now_us - CLOCK_DAY, .days = 3000};
	struct buf csr = {0};
	struct buf crt = {0};
	struct err e;
	char path[300];

	(void)snprintf(path, sizeof(path), "%s/node.csr", n->path);
	must(file_read(path, 65536, &csr, &e), &e);
	must(ca_sign(f->ca, buf_bytes(&csr), &wish, &crt, &e), &e);
	(void)snprintf(path, sizeof(path), "%s/keys/node.crt", n->path);
	must(file_put(path, buf_bytes(&crt), 0600, true, &e), &e);
	must(certificate_parse(buf_bytes(&crt), &n->certificate, &e), &e);
	buf_fini(&csr);
	buf_fini(&crt);
}

struct fixture_node *fixture_add(struct fixture *f, enum store_party party,
    const char *code, const char *link_hub, enum node_link link)
{
	struct fixture_node *n = &f->node[f->count++];
	const struct node_init init = {
	    .party = party,
	    .code = code,
	    .name = "架空",
	    .listen = "127.0.0.1:9443",
	    .desk = "127.0.0.1:9444",
	    .db = "sqlite",
	};
	struct err e;
	char path[300];

	n->all = f;
	n->path = arena_printf(&f->arena, "%s/%s", f->folder, code);
	must(node_create(n->path, &init, &e), &e);
	must(node_load(n->path, &n->node, &e), &e);
	if (link_hub != NULL) {
		(void)snprintf(n->node.links[0].hub,
		    sizeof(n->node.links[0].hub), "%s", link_hub);
		n->node.links[0].link = link;
		n->node.link_count = 1;
	}
	certify(f, n);
	(void)snprintf(path, sizeof(path), "%s/keys", n->path);
	must(keys_load(path, &n->keys, &e), &e);
	must(node_store(&n->node, &n->store, &e), &e);
	(void)snprintf(path, sizeof(path), "%s/layouts", n->path);
	n->layouts = layouts_new(path);
	return n;
}

static enum err_class put_peer(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_put(tx, arg, FIXTURE_NOW, e);
}

void fixture_introduce(
    struct fixture_node *a, const struct fixture_node *b, const char *via)
{
	struct peer_new p = {
	    .code = b->node.code,
	    .party = b->node.party,
	    .url = via ? "" : "https://127.0.0.1:1",
	    .via = via ? via : "",
	    .kinds = "subjects,request-file,answer-file,status,cancel,receipt",
	    .from = "",
	    .to = "",
	    .approval = "",
	    .certificate = b->certificate,
	};
	struct err e;

	must(store_run(a->store, put_peer, &p, &e), &e);
}

static bool busy(void *ctx, const char *peer)
{
	(void)peer;
	return ((struct fixture_node *)ctx)->waiting;
}

static struct fixture_node *node_of(struct fixture *f, const char *code)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->node[i].node.code, code) == 0)
			return &f->node[i];
	abort();
}

static bool hand_over(struct fixture_node *from, struct fixture_node *to)
{
	struct digest who = certificate_fingerprint(from->certificate);
	struct fixture *f = from->all;
	struct err e;
	size_t stored;

	if (to->stopped)
		return false;
	buf_clear(&from->answer);
	return gate_receive(&to->gate, who, buf_bytes(&from->delivery.body),
		   f->now_us, &from->answer, &stored, &e) == ERR_NONE;
}

static void begin(void *ctx, const struct peer *peer, struct delivery *d)
{
	struct fixture_node *n = ctx;
	struct fixture *f = n->all;
	struct fixture_node *to = node_of(f, peer->code);

	n->delivery = *d;
	*d = (struct delivery){0};
	n->waiting = true;
	f->carried++;
	n->failed = !hand_over(n, to);
	if (f->double_every > 0 && f->carried % f->double_every == 0)
		n->failed = !hand_over(n, to);
	if (f->lose_every > 0 && f->carried % f->lose_every == 0)
		n->failed = true;
}

static enum transport_result take(
    void *ctx, struct delivery *d, struct buf *answer)
{
	struct fixture_node *n = ctx;

	if (!n->waiting)
		return TRANSPORT_NOTHING;
	n->waiting = false;
	*d = n->delivery;
	*answer = n->answer;
	n->delivery = (struct delivery){0};
	n->answer = (struct buf){0};
	return n->failed ? TRANSPORT_FAILED : TRANSPORT_ANSWERED;
}

static void wait_for(void *ctx, int wake_fd, int ms)
{
	(void)ctx;
	(void)wake_fd;
	(void)ms;
}

void fixture_start(struct fixture_node *n)
{
	struct fixture *f = n->all;
	struct err e;

	n->transport = (struct transport){
	    .ctx = n,
	    .busy = busy,
	    .begin = begin,
	    .take = take,
	    .wait = wait_for,
	};
	n->gate = (struct gate){
	    .node = &n->node,
	    .keys = n->keys,
	    .store = n->store,
	    .random = f->random,
	};
	must(work_init(&n->work, &n->node, n->keys, f->codes, n->layouts,
		 n->store, &n->transport, f->random, &e),
	    &e);
}

static void replace(struct buf *yaml, const char *from, const char *to)
{
	struct buf out = {0};
	char *at;

	buf_byte(yaml, '\0');
	yaml->n--;
	at = strstr((char *)yaml->p, from);
	if (at == NULL)
		abort(); /* a test that would change nothing */
	buf_add(&out, yaml->p, (size_t)(at - (char *)yaml->p));
	buf_z(&out, to);
	buf_z(&out, at + strlen(from));
	buf_fini(yaml);
	*yaml = out;
}

void fixture_layout(struct fixture_node *n, const char *code)
{
	static const char *const none[] = {NULL};

	fixture_layout_as(n, code, none);
}

void fixture_layout_as(
    struct fixture_node *n, const char *code, const char *const *pairs)
{
	struct buf yaml = {0};
	struct err e;
	char path[300];

	must(file_read(LAYOUTS_DIR "/9601/2025-04-01.yaml", 262144, &yaml, &e),
	    &e);
	for (; pairs[0] != NULL; pairs += 2)
		replace(&yaml, pairs[0], pairs[1]);
	(void)snprintf(path, sizeof(path), "%s/layouts", n->path);
	must(layouts_install(path, buf_bytes(&yaml), "9601", code, &e), &e);
	buf_fini(&yaml);
}

void fixture_run(struct fixture *f, int rounds)
{
	int idle = 0;

	for (int i = 0; i < rounds && idle < 6; i++) {
		bool any = false;

		for (size_t k = 0; k < f->count; k++) {
			struct fixture_node *n = &f->node[k];
			struct err e;
			int64_t next;
			bool did;

			if (n->stopped)
				continue;
			must(work_step(&n->work, f->now_us, &did, &next, &e),
			    &e);
			any = any || did;
		}
		idle = any ? 0 : idle + 1;
		f->now_us += any ? 1000 : CLOCK_SECOND;
	}
}

static sqlite3 *open_beside(const struct fixture_node *n)
{
	char path[300];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/shokai.db", n->path);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		abort();
	return db;
}

int64_t fixture_count(const struct fixture_node *n, const char *sql)
{
	sqlite3 *db = open_beside(n);
	sqlite3_stmt *s;
	int64_t v;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK ||
	    sqlite3_step(s) != SQLITE_ROW) {
		(void)fprintf(
		    stderr, "fixture: %s: %s\n", sql, sqlite3_errmsg(db));
		abort();
	}
	v = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	(void)sqlite3_close(db);
	return v;
}

void fixture_sql(const struct fixture_node *n, const char *sql)
{
	sqlite3 *db = open_beside(n);

	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		(void)fprintf(
		    stderr, "fixture: %s: %s\n", sql, sqlite3_errmsg(db));
		abort();
	}
	(void)sqlite3_close(db);
}
