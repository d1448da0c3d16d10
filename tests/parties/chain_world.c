/* chain_world.c — see chain_world.h. */
#include "chain_world.h"

#include "base/file.h"
#include "parties/bank.h"
#include "record/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

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

static void write_file(const char *folder, const char *name, const char *text)
{
	struct err e;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(
	    file_put(path, text_bytes(text_z(text)), 0600, true, &e), ERR_NONE);
}

void world_import(struct world *w, int shift)
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

static void introduce_bank(struct world *w, struct fixture_node *bank)
{
	fixture_introduce(w->ward, bank, "H001");
	fixture_introduce(w->unit, bank, "H001");
	fixture_introduce(w->hub, bank, NULL);
	fixture_introduce(bank, w->hub, NULL);
	fixture_introduce(bank, w->unit, "H001");
	fixture_introduce(bank, w->ward, "H001");
}

void world_open(struct world *w, enum node_link link)
{
	bool direct = link == LINK_DIRECT;

	memset(w, 0, sizeof(*w));
	got = &w->answers;
	fixture_init(&w->f);
	w->ward = fixture_add(&w->f, STORE_WARD, WARD, "H001", link);
	w->unit = fixture_add(&w->f, STORE_UNIT, "U001", "H001", link);
	w->hub = fixture_add(&w->f, STORE_HUB, "H001", NULL, link);
	w->bank = fixture_add(&w->f, STORE_BANK, BANK, NULL, link);
	w->other = fixture_add(&w->f, STORE_BANK, OTHER, NULL, link);
	fixture_introduce(w->ward, w->unit, NULL);
	fixture_introduce(w->unit, w->ward, NULL);
	fixture_introduce(direct ? w->unit : w->ward, w->hub, NULL);
	fixture_introduce(
	    direct ? w->ward : w->unit, w->hub, direct ? "U001" : WARD);
	fixture_introduce(w->hub, direct ? w->unit : w->ward, NULL);
	fixture_introduce(
	    w->hub, direct ? w->ward : w->unit, direct ? "U001" : WARD);
	introduce_bank(w, w->bank);
	introduce_bank(w, w->other);
	for (size_t i = 0; i < w->f.count; i++)
		fixture_start(&w->f.node[i]);
	w->ward->work.party = &stand_in;
	fixture_layout(w->unit, BANK);
	fixture_layout(w->unit, OTHER);
	fixture_layout(w->other, OTHER);
	fixture_layout(w->bank, BANK);
	world_import(w, 0);
}

static void put_u32(struct buf *b, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_byte(b, (unsigned char)(v >> (8 * i)));
}

static void put_subject(struct buf *b, uint32_t ordinal, bool renamed)
{
	struct subject s = {0};
	struct buf packed = {0};
	char birth[11];
	char address[64];

	(void)snprintf(birth, sizeof(birth), "1970-01-%02u",
	    (unsigned)(ordinal - 1) % 28 + 1);
	(void)snprintf(address, sizeof(address), "東京都新宿区新宿１丁目１－%u",
	    (unsigned)(renamed && ordinal > 28 ? ordinal - 28 : ordinal));
	if (renamed && ordinal > 28) {
		s.f[SUBJECT_FORMER_NAME] = TEXT("架空　太郎");
		s.f[SUBJECT_FORMER_KANA] = TEXT("カクウ タロウ");
	}
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

void world_code(char to[NODE_CODE], const char *from)
{
	(void)snprintf(to, NODE_CODE, "%s", from);
}

static struct party_context *world_context(
    struct world *w, struct fixture_node *n)
{
	struct party_context *c = &n->work.context;
	struct err e;
	int64_t next;
	bool did;

	/* A step loads the peer table. */
	assert_int_equal(
	    work_step(&n->work, w->f.now_us, &did, &next, &e), ERR_NONE);
	c->arena = &w->f.arena;
	return c;
}

static json_t *institutions(const struct wave *x)
{
	json_t *list = json_array();

	json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "code", BANK,
					"hub", "H001", "link", "direct"));
	if (x->other != NULL)
		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s}", "code", x->other, "hub",
			      "H001", "link", "direct"));
	return list;
}

/* The approval names what ward_document.c has it name. */
void world_approval(struct world *w, const struct wave *x, struct buf *out)
{
	char wave[4];
	struct err e;
	json_t *o;
	char *z;

	assert_true(
	    kanri_wave_format(x->approved ? x->approved : x->wave, wave));
	o = json_pack("{s:s,s:s,s:s,s:s,s:o}", "document", "approval",
	    "authority", WARD, "wave", wave, "scope", "detail", "institutions",
	    institutions(x));
	z = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(o);
	assert_int_equal(
	    keys_sign(w->ward->keys, text_bytes(text_z(z)), out, &e), ERR_NONE);
	free(z);
}

void world_slip(struct world *w, struct fixture_node *from, struct header *h,
    struct content *content, struct fixture_node *at, const char *hop)
{
	struct party_context *c = world_context(w, from);
	struct party_sending s;
	struct err e;

	h->expires_us = w->f.now_us + 90 * CLOCK_DAY;
	assert_int_equal(party_make(c, h, content, &s, &e), ERR_NONE);
	if (hop != NULL)
		s.next_hop = hop;
	assert_int_equal(store_run(at->store, send, &s, &e), ERR_NONE);
	content_fini(content);
}

void world_say(struct world *w, struct fixture_node *from, struct header *h,
    struct content *content)
{
	world_slip(w, from, h, content, from, NULL);
}

void world_part(struct world *w, const struct wave *x)
{
	struct content content = {0};
	struct buf approval = {0};
	struct buf rows = {0};
	struct header h = {.kind = KIND_SUBJECTS,
	    .wave = x->wave,
	    .part = x->part,
	    .parts = x->parts,
	    .records = x->last - x->first + 1,
	    .reader_count = 1};

	world_approval(w, x, &approval);
	digest_hex(digest_one(buf_bytes(&approval)), h.approval);
	for (int i = x->first; i <= x->last; i++)
		put_subject(&rows, (uint32_t)i, x->renamed);
	world_code(h.to, "U001");
	world_code(h.readers[0], "U001");
	world_code(h.authority, WARD);
	(void)snprintf(h.file, sizeof(h.file), "part-%d", x->part);
	content.meta =
	    json_pack("{s:i,s:i,s:{s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}}",
		"first", x->first, "last", x->last, "definition", "subjects",
		x->total, "basis", "jumin-331-6", "base_date", "2026-09-01",
		"period_from", x->from ? x->from : "2025-09-01", "period_to",
		"2026-08-31", "registrant", "担当", "updated", "2026-09-01",
		"scope", "detail", "institutions", institutions(x));
	assert_non_null(content.meta);
	content_add(&content, "approval", buf_bytes(&approval));
	content_add(&content, "subjects", buf_bytes(&rows));
	world_say(w, w->ward, &h, &content);
	buf_fini(&approval);
	buf_fini(&rows);
}

void world_subjects(struct world *w)
{
	world_part(w, &(const struct wave){.wave = 1,
			  .part = 1,
			  .parts = 1,
			  .first = 1,
			  .last = SUBJECTS,
			  .total = SUBJECTS});
}

void world_cancel(
    struct world *w, const char *file, const char *to, const char *inquiry)
{
	struct content content = {0};
	struct header h = {
	    .kind = KIND_CANCEL, .wave = 1, .records = 1, .reader_count = 1};

	world_code(h.to, to);
	world_code(h.readers[0], to);
	world_code(h.authority, WARD);
	world_code(h.institution, BANK);
	world_code(h.hub, "H001");
	(void)snprintf(h.file, sizeof(h.file), "%s", file);
	content.meta = json_pack("{s:i,s:s,s:s,s:s}", "wave", 1, "file", file,
	    "inquiry", inquiry, "reason", "試験");
	world_say(w, w->ward, &h, &content);
}
