/* parties_fixture.c — see parties_fixture.h. */
#include "parties_fixture.h"

#include "base/file.h"
#include "exchange/ca.h"

#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *code;
	enum store_party party;
	const char *name;
} who[SIDES] = {
    [WARD] = {"131041", STORE_WARD, "架空区（試験用）"},
    [UNIT] = {"unit-1", STORE_UNIT, "架空ユニット"},
    [HUB] = {"hub-1", STORE_HUB, "架空ハブ"},
    [BANK] = {"9601", STORE_BANK, "架空銀行"},
    [OUTSIDER] = {"9699", STORE_BANK, "知らない銀行"},
};

#define ALL_KINDS "subjects,request-file,answer-file,status,cancel,receipt"

void expect(enum err_class got, enum err_class want, const struct err *e,
    const char *code)
{
	if (got != want || (code != NULL && strcmp(e->code, code) != 0))
		print_message("got %d %s: %s\n", (int)got,
		    got && e->code ? e->code : "-", got ? e->detail : "");
	assert_int_equal(got, want);
	if (code != NULL)
		assert_string_equal(e->code, code);
}

/* Not random, and the same each time: ids differ all the same. */
static void fill(void *ctx, void *out, size_t n)
{
	uint64_t *counter = ctx;
	unsigned char *at = out;

	for (size_t i = 0; i < n; i++) {
		if (i % 8 == 0)
			++*counter;
		at[i] = (unsigned char)(*counter * 0x9E3779B97F4A7C15u >>
					(8 * (i % 8)));
	}
}

static char *put(struct parties *p, const char *name)
{
	return arena_printf(&p->arena, "%s/%s", p->folder, name);
}

static void make_side(struct parties *p, enum side_name n)
{
	struct side *s = &p->side[n];
	struct node_init init = {
	    .party = who[n].party,
	    .code = who[n].code,
	    .name = who[n].name,
	};
	struct ca_wish wish = {.from_us = NOW - CLOCK_DAY, .days = 365};
	struct buf csr = {0};
	struct buf crt = {0};
	struct buf ca = {0};
	struct err e;

	s->path = put(p, who[n].code);
	s->db = arena_printf(&p->arena, "%s/shokai.db", s->path);
	OK(node_create(s->path, &init, &e), &e);
	OK(node_load(s->path, &s->node, &e), &e);
	OK(file_read(
	       node_path(&s->node, &p->arena, "node.csr"), 65536, &csr, &e),
	    &e);
	OK(file_read(put(p, "ca/ca.crt"), 65536, &ca, &e), &e);
	OK(ca_sign(put(p, "ca"), buf_bytes(&csr), &wish, &crt, &e), &e);
	OK(node_install(&s->node, buf_bytes(&crt), buf_bytes(&ca), &e), &e);
	OK(keys_load(node_path(&s->node, &p->arena, "keys"), &s->keys, &e), &e);
	OK(node_store(&s->node, &s->store, &e), &e);
	s->gate = (struct gate){
	    .node = &s->node,
	    .keys = s->keys,
	    .store = s->store,
	    .random = p->random,
	};
	buf_fini(&csr);
	buf_fini(&crt);
	buf_fini(&ca);
}

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_load(tx, arg, e);
}

static void reload(struct side *s)
{
	struct err e;

	peers_free(s->peers);
	OK(store_read(s->store, load_peers, &s->peers, &e), &e);
}

static enum err_class put_peer(struct store_tx *tx, void *arg, struct err *e)
{
	return peers_put(tx, arg, NOW, e);
}

void side_knows(struct side *at, const struct side *peer, const char *kinds,
    const char *via, const char *from, const char *to)
{
	struct peer_new new = {
	    .code = peer->node.code,
	    .party = peer->node.party,
	    .url = via ? "" : "https://127.0.0.1:9443",
	    .via = via ? via : "",
	    .kinds = kinds,
	    .from = from,
	    .to = to,
	    .approval = "",
	    .certificate = keys_certificate(peer->keys),
	};
	struct err e;

	OK(store_run(at->store, put_peer, &new, &e), &e);
	reload(at);
}

static enum err_class remove_peer(struct store_tx *tx, void *arg, struct err *e)
{
	bool was;

	TRY(peers_remove(tx, arg, &was, e));
	assert_true(was);
	return ERR_NONE;
}

void side_forgets(struct side *at, const char *code)
{
	char copy[NODE_CODE];
	struct err e;

	(void)snprintf(copy, sizeof(copy), "%s", code);
	OK(store_run(at->store, remove_peer, copy, &e), &e);
	reload(at);
}

static void knows(
    struct parties *p, enum side_name at, enum side_name peer, const char *via)
{
	side_knows(&p->side[at], &p->side[peer], ALL_KINDS, via, "", "");
}

int parties_setup(void **state)
{
	struct parties *p = arena_xmalloc(sizeof(*p));
	struct err e;

	*p = (struct parties){.folder = "exchange-test-XXXXXX"};
	if (mkdtemp(p->folder) == NULL)
		return -1;
	p->random = (struct random_source){.fill = fill, .ctx = &p->counter};
	OK(ca_init(put(p, "ca"), NOW, &e), &e);
	for (int n = 0; n < SIDES; n++)
		make_side(p, (enum side_name)n);
	knows(p, WARD, UNIT, NULL);
	knows(p, WARD, HUB, NULL);
	knows(p, WARD, BANK, "hub-1");
	knows(p, UNIT, WARD, NULL);
	knows(p, UNIT, HUB, NULL);
	knows(p, UNIT, BANK, "hub-1");
	knows(p, HUB, WARD, NULL);
	knows(p, HUB, UNIT, NULL);
	knows(p, HUB, BANK, NULL);
	knows(p, BANK, HUB, NULL);
	knows(p, BANK, UNIT, "hub-1");
	knows(p, BANK, WARD, "hub-1");
	reload(&p->side[OUTSIDER]);
	*state = p;
	return 0;
}

static int unlink_it(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int parties_teardown(void **state)
{
	struct parties *p = *state;

	for (int n = 0; n < SIDES; n++) {
		struct side *s = &p->side[n];

		gate_fini(&s->gate);
		peers_free(s->peers);
		store_close(s->store);
		keys_free(s->keys);
		node_fini(&s->node);
	}
	(void)nftw(p->folder, unlink_it, 16, FTW_DEPTH | FTW_PHYS);
	arena_fini(&p->arena);
	free(p);
	return 0;
}

struct digest side_fingerprint(const struct side *s)
{
	return certificate_fingerprint(keys_certificate(s->keys));
}

static void set_code(char out[NODE_CODE], const char *code)
{
	(void)snprintf(out, NODE_CODE, "%s", code);
}

struct header parties_header(enum side_name from, enum side_name to)
{
	struct header h = {
	    .kind = KIND_STATUS,
	    .wave = 1,
	    .records = 3,
	    .reader_count = 1,
	    .expires_us = NOW + 24 * HOUR,
	};

	(void)from;
	set_code(h.to, who[to].code);
	set_code(h.readers[0], who[to].code);
	set_code(h.authority, "131041");
	return h;
}

struct message parties_message_of(
    struct parties *p, enum side_name from, struct header *h, const char *text)
{
	struct side *s = &p->side[from];
	struct content c = {.meta = json_pack("{ss}", "note", text)};
	struct message m;
	struct err e;

	content_add(&c, "text", text_bytes(text_z(text)));
	OK(message_make(s->keys, s->peers, s->node.code, h, &c, NOW, &p->random,
	       &p->arena, &m, &e),
	    &e);
	content_fini(&c);
	return m;
}

struct message parties_message(
    struct parties *p, enum side_name from, enum side_name to, const char *text)
{
	struct header h = parties_header(from, to);

	return parties_message_of(p, from, &h, text);
}

enum err_class parties_deliver(struct parties *p, enum side_name at,
    enum side_name sender, const struct message *m, size_t n, int64_t now_us,
    struct buf *out)
{
	struct buf body = {0};
	struct err e;
	size_t stored;
	enum err_class c;

	for (size_t i = 0; i < n; i++)
		gate_frame_put(&body, m[i].header, m[i].payload);
	buf_clear(out);
	c = gate_receive(&p->side[at].gate, side_fingerprint(&p->side[sender]),
	    buf_bytes(&body), now_us, out, &stored, &e);
	buf_fini(&body);
	return c;
}

struct receipt parties_receipt(const struct side *giver, struct bytes answer)
{
	struct receipt r;
	struct bytes group;
	struct buf lines = {0};
	struct err e;
	size_t n;

	assert_true(gate_frame_take(&answer, SIZE_MAX, &group));
	assert_int_equal(answer.n, 0);
	OK(keys_verify(keys_certificate(giver->keys), group, &lines, &e), &e);
	OK(receipt_parse(buf_bytes(&lines), &r, 1, &n, &e), &e);
	assert_int_equal(n, 1);
	buf_fini(&lines);
	return r;
}

int parties_code(const struct side *giver, struct bytes answer)
{
	return parties_receipt(giver, answer).code;
}

static sqlite3 *open_raw(const struct side *s)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(s->db, &db), SQLITE_OK);
	return db;
}

static void dump_value(struct buf *out, sqlite3_stmt *row, int column)
{
	const unsigned char *p = sqlite3_column_blob(row, column);
	int n = sqlite3_column_bytes(row, column);

	buf_printf(out, "|%d:", sqlite3_column_type(row, column));
	for (int i = 0; i < n; i++)
		buf_printf(out, "%02x", p[i]);
}

static void dump_table(struct buf *out, sqlite3 *db, const char *table)
{
	char sql[128];
	sqlite3_stmt *row;

	(void)snprintf(
	    sql, sizeof(sql), "SELECT * FROM \"%s\" ORDER BY 1, 2", table);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	while (sqlite3_step(row) == SQLITE_ROW) {
		buf_z(out, table);
		for (int i = 0; i < sqlite3_column_count(row); i++)
			dump_value(out, row, i);
		buf_z(out, "\n");
	}
	assert_int_equal(sqlite3_finalize(row), SQLITE_OK);
}

char *parties_dump(const struct side *s)
{
	sqlite3 *db = open_raw(s);
	struct buf out = {0};
	sqlite3_stmt *tables;

	assert_int_equal(
	    sqlite3_prepare_v2(db,
		"SELECT name FROM sqlite_master WHERE type = 'table'"
		" AND name NOT LIKE 'sqlite_%' ORDER BY name",
		-1, &tables, NULL),
	    SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW)
		dump_table(
		    &out, db, (const char *)sqlite3_column_text(tables, 0));
	assert_int_equal(sqlite3_finalize(tables), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	buf_byte(&out, '\0');
	return (char *)out.p;
}

int64_t parties_ask(const struct side *s, const char *sql)
{
	sqlite3 *db = open_raw(s);
	sqlite3_stmt *row;
	int64_t v;

	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	v = sqlite3_column_int64(row, 0);
	assert_int_equal(sqlite3_finalize(row), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return v;
}

void parties_sql(const struct side *s, const char *sql)
{
	sqlite3 *db = open_raw(s);
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int parties_run(const struct parties *p, const char *command)
{
	char line[1024];
	int status;

	(void)snprintf(line, sizeof(line), "cd %s && %s >out.log 2>&1",
	    p->folder, command);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void parties_write(
    const struct parties *p, const char *name, struct bytes bytes)
{
	char path[256];
	struct err e;

	(void)snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	OK(file_put(path, bytes, 0600, true, &e), &e);
}

struct buf parties_read(const struct parties *p, const char *name)
{
	struct buf out = {0};
	char path[256];
	struct err e;

	(void)snprintf(path, sizeof(path), "%s/%s", p->folder, name);
	OK(file_read(path, (size_t)64 << 20, &out, &e), &e);
	return out;
}
