/* ward_fixture.c — see ward_fixture.h. */
#include "ward_fixture.h"

#include "base/file.h"
#include "parties/bank.h"
#include "parties/ward_wave.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER                                                                                            \
	"宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,性別,郵便番号," \
	"住所,科目,滞納額,死亡年月日,処分状況,支援措置\n"

static void must(enum err_class class, const struct err *e)
{
	if (class == ERR_NONE)
		return;
	(void)fprintf(stderr, "office: %s %s %s\n", e->code, e->en, e->detail);
	abort();
}

static void introduce(struct office *o, enum node_link link)
{
	bool direct = link == LINK_DIRECT;
	struct fixture_node *inner = direct ? o->unit : o->ward;
	struct fixture_node *outer = direct ? o->ward : o->unit;
	struct fixture_node *banks[] = {o->bank, o->other};

	fixture_introduce(o->ward, o->unit, NULL);
	fixture_introduce(o->unit, o->ward, NULL);
	fixture_introduce(inner, o->hub, NULL);
	fixture_introduce(outer, o->hub, inner->node.code);
	fixture_introduce(o->hub, inner, NULL);
	fixture_introduce(o->hub, outer, inner->node.code);
	for (int i = 0; i < 2; i++) {
		fixture_introduce(o->ward, banks[i], OFFICE_HUB);
		fixture_introduce(o->unit, banks[i], OFFICE_HUB);
		fixture_introduce(o->hub, banks[i], NULL);
		fixture_introduce(banks[i], o->hub, NULL);
		fixture_introduce(banks[i], o->unit, OFFICE_HUB);
		fixture_introduce(banks[i], o->ward, OFFICE_HUB);
	}
}

static void step_all(struct office *o)
{
	for (size_t i = 0; i < o->f.count; i++) {
		struct fixture_node *n = &o->f.node[i];
		int64_t next;
		bool did;

		must(work_step(&n->work, o->f.now_us, &did, &next, &o->e),
		    &o->e);
	}
}

void office_open(struct office *o, enum node_link link)
{
	memset(o, 0, sizeof(*o));
	fixture_init(&o->f);
	o->ward = fixture_add(&o->f, STORE_WARD, OFFICE_WARD, OFFICE_HUB, link);
	o->unit = fixture_add(&o->f, STORE_UNIT, OFFICE_UNIT, OFFICE_HUB, link);
	o->hub = fixture_add(&o->f, STORE_HUB, OFFICE_HUB, NULL, link);
	o->bank = fixture_add(&o->f, STORE_BANK, OFFICE_BANK, NULL, link);
	o->other = fixture_add(&o->f, STORE_BANK, OFFICE_OTHER, NULL, link);
	introduce(o, link);
	for (size_t i = 0; i < o->f.count; i++)
		fixture_start(&o->f.node[i]);
	step_all(o); /* loads the peer tables */
	for (size_t i = 1; i < o->f.count; i++)
		o->f.node[i].stopped = true;
	o->c = &o->ward->work.context;
	o->c->arena = &o->f.arena;
	o->officer =
	    office_user(o, "sato", "officer", "A1:2026-04-01/2027-03-31:1,2,3");
	o->approver = office_user(
	    o, "suzuki", "approver", "A2:2026-04-01/2027-03-31:1,2,3");
}

void office_release(struct office *o)
{
	for (size_t i = 0; i < o->f.count; i++)
		o->f.node[i].stopped = false;
}

void office_close(struct office *o)
{
	fixture_fini(&o->f);
}

struct ward_user office_user(struct office *o, const char *name,
    const char *roles, const char *appointment)
{
	struct ward_user u = {.until = {2027, 3, 31}};

	(void)snprintf(u.name, sizeof(u.name), "%s", name);
	must(
	    ward_user_roles(STORE_WARD, text_z(roles), &u.roles, &o->e), &o->e);
	must(ward_user_appointment(o->f.codes, text_z(appointment), &u, &o->e),
	    &o->e);
	must(ward_user_add(o->c,
		 &(const struct ward_user_order){
		     .u = &u, .password = TEXT(""), .replace = false},
		 &o->e),
	    &o->e);
	return u;
}

enum err_class office_import_text(struct office *o, const char *text,
    const struct ward_import *how, struct ward_import_result *out)
{
	struct refusals refusals = {0};
	struct ward_import order = *how;
	enum err_class class;

	order.fd = memfd_create("subjects", MFD_CLOEXEC);
	if (order.fd < 0 ||
	    write(order.fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	order.name = "s.csv";
	order.actor = "test";
	order.refusals = &refusals;
	class = ward_import(o->c, &order, out, &o->e);
	(void)close(order.fd);
	return class;
}

enum err_class office_import(struct office *o, const char *rows, bool diff,
    struct ward_import_result *out)
{
	const struct ward_import how = {.diff = diff};
	char *text;
	enum err_class class;

	if (asprintf(&text, "%s%s", HEADER, rows) < 0)
		abort();
	class = office_import_text(o, text, &how, out);
	free(text);
	return class;
}

void office_subjects(struct office *o, int n)
{
	struct ward_import_result r;
	struct buf rows = {0};

	for (int i = 1; i <= n; i++)
		buf_printf(&rows,
		    "%010d,1,カクウ タロウ,架空 太郎,1970-01-%02d,1,1600022,"
		    "東京都新宿区新宿1-1-%d,1,1000,,,\n",
		    i, (i - 1) % 28 + 1, i);
	buf_byte(&rows, 0);
	must(office_import(o, (const char *)rows.p, false, &r), &o->e);
	if (r.accepted != n || r.refused != 0)
		abort();
	buf_fini(&rows);
}

struct ward_order office_order(void)
{
	return (struct ward_order){
	    .name = "架空の照会",
	    .basis = "jumin-331-6",
	    .purpose = "滞納処分のための財産調査",
	    .base_date = "2026-09-01",
	    .period_from = "2026-01-01",
	    .period_to = "2026-08-31",
	    .scope = "detail",
	    .deadline = "2026-10-31",
	    .institutions = OFFICE_BANK,
	    .reason = "区内に店舗がある",
	    .claim_kind = "",
	    .reask = "",
	};
}

uint32_t office_wave(struct office *o, const struct ward_order *order)
{
	const char *state;
	uint32_t wave;

	must(ward_draft_new(o->c, order, &o->officer, &wave, &o->e), &o->e);
	must(ward_wave_submit(o->c, wave, &o->officer, &state, &o->e), &o->e);
	must(ward_wave_approve(o->c, wave, &o->approver, NULL, &state, &o->e),
	    &o->e);
	return wave;
}

static void dump_row(struct buf *out, sqlite3_stmt *s)
{
	for (int i = 0; i < sqlite3_column_count(s); i++) {
		const void *p = sqlite3_column_blob(s, i);
		int n = sqlite3_column_bytes(s, i);

		if (sqlite3_column_type(s, i) == SQLITE_BLOB) {
			char hex[DIGEST_TEXT];

			digest_hex(digest_one(BYTES(p, (size_t)n)), hex);
			buf_z(out, hex);
		} else if (n > 0) {
			buf_add(out, p, (size_t)n);
		}
		buf_byte(out, '|');
	}
	buf_byte(out, '\n');
}

static void dump_table(sqlite3 *db, const char *name, struct buf *out)
{
	sqlite3_stmt *s;
	char sql[160];

	(void)snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", name);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		abort();
	buf_printf(out, "%s\n", name);
	while (sqlite3_step(s) == SQLITE_ROW)
		dump_row(out, s);
	(void)sqlite3_finalize(s);
}

static char *dump(const struct office *o, const char *list)
{
	struct buf out = {0};
	char path[300];
	sqlite3_stmt *s;
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/shokai.db", o->ward->path);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, list, -1, &s, NULL) != SQLITE_OK)
		abort();
	while (sqlite3_step(s) == SQLITE_ROW)
		dump_table(db, (const char *)sqlite3_column_text(s, 0), &out);
	(void)sqlite3_finalize(s);
	(void)sqlite3_close(db);
	buf_byte(&out, 0);
	return (char *)out.p;
}

void office_work(struct office *o)
{
	bool did = true;
	int64_t next;

	for (int i = 0; i < 1000 && did; i++) {
		must(work_step(&o->ward->work, o->f.now_us, &did, &next, &o->e),
		    &o->e);
		o->f.now_us += 1000;
	}
	o->c->arena = &o->f.arena;
	o->c->now_us = o->f.now_us;
}

static void write_file(const char *folder, const char *name, const char *text)
{
	struct err e;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	must(file_put(path, text_bytes(text_z(text)), 0600, true, &e), &e);
}

/* Customers 1…10 are the subjects 1…10 (twins by name), an account each. */
static void import_customers(struct office *o)
{
	struct party_context *c = &o->bank->work.context;
	struct refusals refusals = {0};
	struct bank_import i = {.as_of = "2026-09-01",
	    .max_error_percent = 0,
	    .refusals = &refusals};
	struct buf customers = {0};
	struct buf accounts = {0};
	char folder[300];
	struct err e;

	(void)snprintf(folder, sizeof(folder), "%s/import", o->f.folder);
	(void)mkdir(folder, 0700);
	buf_z(&customers,
	    "顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,性別,"
	    "郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,状態\r\n");
	buf_z(&accounts,
	    "顧客番号,名義順,店番,口座種別,口座番号,残高,満期日,最終取引日,"
	    "開設日,状態,給与振込有無,年金振込有無\r\n");
	for (int k = 1; k <= 10; k++) {
		buf_printf(&customers,
		    "%010d,1,カクウ タロウ,架空太郎,,1970-01-%02d,1,1600022,"
		    "東京都新宿区新宿1-1-%d,,,0300000000,架空商店,0\r\n",
		    k, k, k);
		buf_printf(&accounts,
		    "%010d,1,001,1,%07d,1000,,2026-08-01,2010-04-01,0,1,0\r\n",
		    k, k);
	}
	buf_byte(&customers, 0);
	buf_byte(&accounts, 0);
	write_file(folder, "customers.csv", (char *)customers.p);
	write_file(folder, "accounts.csv", (char *)accounts.p);
	write_file(folder, "transactions.csv",
	    "金融機関コード,店番,口座種別,口座番号,連番,取引日,"
	    "起算日,出金,入金,残高,摘要\r\n");
	write_file(folder, "others.csv",
	    "顧客番号,種類,連番,名称,金額,口数,日付,摘要\r\n");
	i.dir = folder;
	c->now_us = o->f.now_us;
	c->arena = &o->f.arena;
	must(bank_import(c, &i, &e), &e);
	buf_fini(&customers);
	buf_fini(&accounts);
}

void office_chain(struct office *o, enum node_link link)
{
	office_open(o, link);
	fixture_layout(o->unit, OFFICE_BANK);
	fixture_layout(o->bank, OFFICE_BANK);
	import_customers(o);
	office_subjects(o, OFFICE_SUBJECTS);
}

#define TABLES                                                                 \
	"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN " \
	"('log', 'log_object', 'sqlite_sequence'"

char *office_dump(const struct office *o)
{
	return dump(o, TABLES ") ORDER BY 1");
}

char *office_dump_own(const struct office *o)
{
	return dump(o, TABLES ", 'message', 'inbox', 'receipt_group', 'knot', "
			      "'outbox', 'refused') ORDER BY 1");
}

/* Whatever the ward has queued for nodes that stand still is not our
 * business: a test looks at the outbox. */
static void receive(
    struct office *o, struct fixture_node *hop, const struct message *m)
{
	struct buf body = {0};
	struct buf answer = {0};
	size_t stored;

	gate_frame_put(&body, m->header, m->payload);
	must(gate_receive(&o->ward->gate,
		 certificate_fingerprint(hop->certificate), buf_bytes(&body),
		 o->f.now_us, &answer, &stored, &o->e),
	    &o->e);
	buf_fini(&body);
	buf_fini(&answer);
}

static int64_t inbox_state(struct office *o, const char *id)
{
	char sql[160];

	(void)snprintf(sql, sizeof(sql),
	    "SELECT coalesce((SELECT state FROM inbox WHERE id = '%s'), -1)",
	    id);
	return fixture_count(o->ward, sql);
}

static void inbox_code(struct office *o, const char *id, char code[64])
{
	char path[300];
	char sql[160];
	sqlite3_stmt *s;
	sqlite3 *db;

	code[0] = '\0';
	(void)snprintf(path, sizeof(path), "%s/shokai.db", o->ward->path);
	(void)snprintf(
	    sql, sizeof(sql), "SELECT code FROM inbox WHERE id = '%s'", id);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		abort();
	if (sqlite3_step(s) == SQLITE_ROW)
		(void)snprintf(code, 64, "%s", sqlite3_column_text(s, 0));
	(void)sqlite3_finalize(s);
	(void)sqlite3_close(db);
}

void office_say(struct office *o, struct fixture_node *from,
    struct fixture_node *hop, struct header *h, struct content *content,
    int *state, char code[64])
{
	struct message m;

	if (h->reader_count == 0) {
		memcpy(h->readers[0], h->to, NODE_CODE);
		h->reader_count = 1;
	}
	h->expires_us = o->f.now_us + CLOCK_DAY;
	must(message_make(from->keys, from->work.context.peers, from->node.code,
		 h, content, o->f.now_us, &o->f.random, &o->f.arena, &m, &o->e),
	    &o->e);
	content_fini(content);
	receive(o, hop, &m);
	office_work(o);
	*state = (int)inbox_state(o, m.h.id);
	inbox_code(o, m.h.id, code);
}

struct counting {
	struct office *o;
	uint32_t wave;
	struct ward_counts counts;
};

static enum err_class count_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct counting *x = arg;
	struct ward_counts kept;

	TRY(ward_count(tx, x->o->c, x->wave, &x->counts, e));
	TRY(ward_count_kept(tx, x->o->c, x->wave, &kept, e));
	/* What is kept for showing says what the rows say, at any time. */
	return memcmp(&kept.all, &x->counts.all, sizeof(kept.all)) == 0
		   ? ERR_NONE
		   : err_set(e, ERR_FAULT, "test", "", "kept counts differ");
}

struct ward_counts office_counts(struct office *o, uint32_t wave)
{
	struct counting x = {.o = o, .wave = wave};

	must(store_read(o->ward->store, count_read, &x, &o->e), &o->e);
	return x.counts;
}
