/* sim_world.c — see sim.h: the nodes as every run finds them. */
#include "sim.h"

#include "base/file.h"
#include "exchange/ca.h"
#include "parties/bank.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/stat.h>

#define RULES "/9601/2025-04-01.yaml"
#define SHORT_LIFE (100 * CLOCK_SECOND) /* of the certificate that expires */

const struct sim_customers sim_customers[SIM_BANKS] = {
    {SIM_BANK_A, 1, 12}, {SIM_BANK_B, 6, 20}, {SIM_BANK_C, 1, 9}};

static const struct {
	enum store_party party;
	const char *code;
} cast[SIM_NODES] = {
    [SIM_WARD] = {STORE_WARD, OFFICE_WARD},
    [SIM_UNIT] = {STORE_UNIT, OFFICE_UNIT},
    [SIM_HUB] = {STORE_HUB, OFFICE_HUB},
    [SIM_CARRIED] = {STORE_HUB, "H002"},
    [SIM_BANK_A] = {STORE_BANK, "9601"},
    [SIM_BANK_B] = {STORE_BANK, "9602"},
    [SIM_BANK_C] = {STORE_BANK, "9603"},
};

static void must(enum err_class class, const struct err *e)
{
	if (class == ERR_NONE)
		return;
	(void)printf("sim: %s %s %s\n", e->code, e->en, e->detail);
	abort();
}

static struct fixture_node *base(struct sim *s, enum sim_who who)
{
	return s->node[who].base;
}

static void put_link(struct node *n, const char *hub, enum node_link link)
{
	size_t i = n->link_count++;

	(void)snprintf(n->links[i].hub, sizeof(n->links[i].hub), "%s", hub);
	n->links[i].link = link;
}

static void add_node(struct sim *s, enum sim_who who)
{
	struct sim_node *n = &s->node[who];
	char prefix[SIM_DISK_PREFIX];

	n->sim = s;
	(void)snprintf(
	    prefix, sizeof(prefix), "%s/%s/", s->o.f.folder, cast[who].code);
	n->disk = sim_disk_add(prefix);
	n->base = fixture_add(
	    &s->o.f, cast[who].party, cast[who].code, NULL, LINK_DIRECT);
	if (cast[who].party != STORE_WARD && cast[who].party != STORE_UNIT)
		return;
	put_link(&n->base->node, OFFICE_HUB, LINK_DIRECT);
	put_link(&n->base->node, "H002", LINK_VIA_WARD);
}

/* a and b reach each other: directly, or each through its own next hop. */
static void meet(struct sim *s, enum sim_who a, enum sim_who b,
    const char *a_via, const char *b_via)
{
	fixture_introduce(base(s, a), base(s, b), a_via);
	fixture_introduce(base(s, b), base(s, a), b_via);
}

static void introduce(struct sim *s)
{
	meet(s, SIM_WARD, SIM_UNIT, NULL, NULL);
	meet(s, SIM_UNIT, SIM_HUB, NULL, NULL);
	meet(s, SIM_WARD, SIM_HUB, OFFICE_UNIT, OFFICE_UNIT);
	meet(s, SIM_WARD, SIM_CARRIED, NULL, NULL);
	meet(s, SIM_UNIT, SIM_CARRIED, OFFICE_WARD, OFFICE_WARD);
	for (int b = SIM_BANK_A; b <= SIM_BANK_C; b++) {
		bool carried = b == SIM_BANK_C;
		const char *hub = carried ? "H002" : OFFICE_HUB;

		meet(s, carried ? SIM_CARRIED : SIM_HUB, (enum sim_who)b, NULL,
		    NULL);
		meet(s, SIM_WARD, (enum sim_who)b, hub, hub);
		meet(s, SIM_UNIT, (enum sim_who)b, hub, hub);
	}
}

static void copy(const char *from, const char *to)
{
	struct buf in = {0};
	struct err e;

	must(file_read(from, 65536, &in, &e), &e);
	must(file_put(to, buf_bytes(&in), 0600, true, &e), &e);
	buf_fini(&in);
}

static void sign_shortly(struct sim *s, const char *csr, const char *crt)
{
	const struct ca_wish wish = {
	    .from_us = s->o.f.now_us - CLOCK_DAY + SHORT_LIFE, .days = 1};
	struct buf in = {0};
	struct buf out = {0};
	struct err e;

	must(file_read(csr, 65536, &in, &e), &e);
	must(ca_sign(s->o.f.ca, buf_bytes(&in), &wish, &out, &e), &e);
	must(file_put(crt, buf_bytes(&out), 0600, true, &e), &e);
	buf_fini(&in);
	buf_fini(&out);
}

/* The certificate that ends soon, with a key of its own; the lasting one is
 * its successor, beside which it is kept. */
static void certify_shortly(struct sim *s, struct sim_node *n)
{
	struct buf crt = {0};
	struct err e;
	char in[300];
	char key[320];
	char csr[320];
	char path[320];

	(void)snprintf(in, sizeof(in), "%s/short", n->base->path);
	(void)mkdir(in, 0700);
	(void)snprintf(key, sizeof(key), "%s/node.key", in);
	(void)snprintf(csr, sizeof(csr), "%s/node.csr", in);
	(void)snprintf(path, sizeof(path), "%s/node.crt", in);
	must(keys_create(key, csr, n->base->node.code, "架空", &e), &e);
	sign_shortly(s, csr, path);
	must(keys_load(in, &n->keys[1], &e), &e);
	must(file_read(path, 65536, &crt, &e), &e);
	must(certificate_parse(buf_bytes(&crt), &n->cert[1], &e), &e);
	buf_fini(&crt);
	(void)snprintf(in, sizeof(in), "%s/keys", n->base->path);
	(void)snprintf(csr, sizeof(csr), "%s/former-1.crt", in);
	copy(path, csr);
	(void)snprintf(path, sizeof(path), "%s/former-1.key", in);
	copy(key, path);
	keys_free(n->base->keys);
	must(keys_load(in, &n->base->keys, &e), &e);
	n->keys[0] = n->base->keys;
	n->cert[0] = n->base->certificate;
}

/* The text with one part of it replaced. */
static void replace(struct buf *b, const char *what, const char *with)
{
	struct buf out = {0};
	char *z;
	char *at;

	buf_byte(b, 0);
	z = (char *)b->p;
	at = strstr(z, what);
	if (at == NULL)
		abort();
	buf_add(&out, z, (size_t)(at - z));
	buf_z(&out, with);
	buf_z(&out, at + strlen(what));
	buf_fini(b);
	*b = out;
}

static void install(struct sim_node *n, int set, const char *code, bool second)
{
	struct buf yaml = {0};
	struct err e;
	char path[300];

	must(file_read(LAYOUTS_DIR RULES, 262144, &yaml, &e), &e);
	if (strcmp(code, "9602") == 0)
		replace(&yaml, "records_per_file: 5000", "records_per_file: 7");
	if (second) {
		replace(
		    &yaml, "valid_from: 2025-04-01", "valid_from: 2026-09-01");
		replace(&yaml, "newline: crlf", "newline: lf");
	}
	(void)snprintf(path, sizeof(path), "%s/layouts%d", n->base->path, set);
	must(layouts_install(path, buf_bytes(&yaml), "9601", code, &e), &e);
	buf_fini(&yaml);
}

/* The rules it needs, before and after the new version comes. */
static void install_all(struct sim *s, enum sim_who who)
{
	struct sim_node *n = &s->node[who];
	char path[300];

	layouts_free(n->base->layouts);
	n->base->layouts = NULL;
	for (int set = 0; set < 2; set++) {
		for (int b = SIM_BANK_A; b <= SIM_BANK_C; b++)
			for (int second = 0; second <= set; second++)
				if (who == SIM_UNIT || (int)who == b)
					install(n, set, cast[b].code, second);
		(void)snprintf(
		    path, sizeof(path), "%s/layouts%d", n->base->path, set);
		n->layouts[set] = layouts_new(path);
	}
}

static void write_file(const char *folder, const char *name, struct buf *text)
{
	struct err e;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	must(file_put(path, buf_bytes(text), 0600, true, &e), &e);
	buf_fini(text);
}

static void customers(const struct sim_customers *x, const char *folder)
{
	struct buf people = {0};
	struct buf accounts = {0};
	struct buf empty = {0};

	buf_z(&people,
	    "顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,性別,"
	    "郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,状態\r\n");
	buf_z(&accounts,
	    "顧客番号,名義順,店番,口座種別,口座番号,残高,満期日,最終取引日,"
	    "開設日,状態,給与振込有無,年金振込有無\r\n");
	for (int k = x->first; k <= x->last; k++) {
		buf_printf(&people,
		    "%010d,1,カクウ タロウ,架空太郎,,1970-01-%02d,1,1600022,"
		    "東京都新宿区新宿1-1-%d,,,0300000000,架空商店,0\r\n",
		    k, (k - 1) % 28 + 1, k);
		buf_printf(&accounts,
		    "%010d,1,001,1,%07d,1000,,2026-08-01,2010-04-01,0,1,0\r\n",
		    k, k);
	}
	write_file(folder, "customers.csv", &people);
	write_file(folder, "accounts.csv", &accounts);
	buf_z(&empty, "金融機関コード,店番,口座種別,口座番号,連番,取引日,"
		      "起算日,出金,入金,残高,摘要\r\n");
	write_file(folder, "transactions.csv", &empty);
	buf_z(&empty, "顧客番号,種類,連番,名称,金額,口数,日付,摘要\r\n");
	write_file(folder, "others.csv", &empty);
}

static void import_customers(struct sim *s, const struct sim_customers *x)
{
	struct party_context *c = &base(s, x->bank)->work.context;
	struct refusals refusals = {0};
	struct bank_import i = {.as_of = "2026-09-01", .refusals = &refusals};
	char folder[300];
	struct err e;

	(void)snprintf(folder, sizeof(folder), "%s/import-%s", s->o.f.folder,
	    cast[x->bank].code);
	(void)mkdir(folder, 0700);
	customers(x, folder);
	i.dir = folder;
	c->now_us = s->o.f.now_us;
	c->arena = &s->o.f.arena;
	must(bank_import(c, &i, &e), &e);
}

static void fill_ward(struct sim *s)
{
	struct office *o = &s->o;

	o->ward = base(s, SIM_WARD);
	o->c = &o->ward->work.context;
	o->c->arena = &o->f.arena;
	o->officer =
	    office_user(o, "sato", "officer", "A1:2026-04-01/2027-03-31:1,2,3");
	o->approver = office_user(
	    o, "suzuki", "approver", "A2:2026-04-01/2027-03-31:1,2,3");
	office_subjects(o, SIM_SUBJECTS);
}

/* OpenSSL's randomness is the seed's too; its hook has no context. */
static struct sim_rng openssl_rng = {1};

void sim_world_randomness(uint64_t seed)
{
	openssl_rng.state = seed;
}

static int rand_bytes(unsigned char *p, int n)
{
	sim_rng_fill(&openssl_rng, p, (size_t)n);
	return 1;
}

static int rand_status(void)
{
	return 1;
}

static void own_randomness(void)
{
	static const RAND_METHOD method = {
	    .bytes = rand_bytes,
	    .pseudorand = rand_bytes,
	    .status = rand_status,
	};

	if (RAND_set_rand_method(&method) != 1)
		abort();
}

void sim_world_make(struct sim *s)
{
	struct fixture *f = &s->o.f;
	bool did;
	int64_t next;

	memset(s, 0, sizeof(*s));
	own_randomness();
	sim_disk_install();
	fixture_init(f);
	for (int i = 0; i < SIM_NODES; i++)
		add_node(s, (enum sim_who)i);
	introduce(s);
	for (int i = 0; i < SIM_NODES; i++) {
		install_all(s, (enum sim_who)i);
		certify_shortly(s, &s->node[i]);
		fixture_start(s->node[i].base);
	}
	/* A step loads the peer table. */
	for (int i = 0; i < SIM_NODES; i++)
		must(work_step(&s->node[i].base->work, f->now_us, &did, &next,
			 &s->o.e),
		    &s->o.e);
	for (int i = 0; i < SIM_BANKS; i++)
		import_customers(s, &sim_customers[i]);
	fill_ward(s);
	sim_certificate_curve();
	for (int i = 0; i < SIM_NODES; i++) {
		sim_node_stop(s, i);
		s->node[i].fresh = sim_disk_keep(s->node[i].disk);
	}
}

void sim_world_free(struct sim *s)
{
	for (int i = 0; i < SIM_NODES; i++) {
		struct sim_node *n = &s->node[i];

		sim_disk_drop(n->fresh);
		sim_disk_drop(n->copy);
		layouts_free(n->layouts[0]);
		layouts_free(n->layouts[1]);
		/* The fixture frees the first of each pair. */
		n->base->layouts = NULL;
		n->base->keys = n->keys[0];
		n->base->certificate = n->cert[0];
		keys_free(n->keys[1]);
		certificate_free(n->cert[1]);
	}
	fixture_fini(&s->o.f);
	while (s->events > 0)
		sim_net_packet_free(s->heap[--s->events].packet);
	free(s->heap);
	arena_fini(&s->arena);
}
