/* node.c — see node.h. */
#include "exchange/node.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "exchange/ca.h"
#include "exchange/header.h"
#include "exchange/keys.h"
#include "exchange/node_yaml.h"
#include "text/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const parties[] = {"ward", "unit", "hub", "bank"};
static const char *const links[] = {"direct", "via-ward", "folder"};
_Static_assert(STORE_BANK == 3 && LINK_FOLDER == 2, "one name for each");

const char *node_party_name(enum store_party p)
{
	return parties[p];
}

bool node_party_named(struct text name, enum store_party *out)
{
	for (int i = 0; i <= STORE_BANK; i++)
		if (text_is(name, parties[i])) {
			*out = (enum store_party)i;
			return true;
		}
	return false;
}

const char *node_link_name(enum node_link l)
{
	return links[l];
}

bool node_link_named(struct text name, enum node_link *out)
{
	for (int i = 0; i <= LINK_FOLDER; i++)
		if (text_is(name, links[i])) {
			*out = (enum node_link)i;
			return true;
		}
	return false;
}

enum node_link node_link_of(const struct node *n, const char *hub)
{
	for (size_t i = 0; i < n->link_count; i++)
		if (strcmp(n->links[i].hub, hub) == 0)
			return n->links[i].link;
	return LINK_DIRECT;
}

char *node_path(const struct node *n, struct arena *a, const char *below)
{
	return arena_printf(a, "%s/%s", n->path, below);
}

enum err_class node_now(const struct node *n, int64_t *now_us, struct err *e)
{
	struct arena a = {0};
	enum err_class c;

	if (!n->test_clock) {
		*now_us = clock_machine();
		return ERR_NONE;
	}
	c = clock_now(true, node_path(n, &a, "clock"), now_us, e);
	arena_fini(&a);
	return c;
}

const char *node_database_file(const struct node *n)
{
	static const char embedded[] = "sqlite:";
	size_t k = sizeof(embedded) - 1;

	return strncmp(n->db, embedded, k) == 0 ? n->db + k : NULL;
}

enum err_class node_store(
    const struct node *n, struct store **out, struct err *e)
{
	return store_open(n->db, n->party, STORE_EXISTING, out, e);
}

static enum err_class read_yaml(struct node *n, struct err *e)
{
	struct buf yaml = {0};
	struct arena a = {0};
	enum err_class c;

	c = file_read(node_path(n, &a, "node.yaml"), NODE_YAML_MAX, &yaml, e);
	if (c == ERR_NONE)
		c = node_yaml_read(buf_bytes(&yaml), n, e);
	arena_fini(&a);
	buf_fini(&yaml);
	return c;
}

enum err_class node_load(const char *path, struct node *out, struct err *e)
{
	enum err_class c;

	*out = (struct node){.expire_after_days = 30,
	    .window = 32,
	    .batch_nice = NODE_BATCH_NICE};
	out->terminals = text_cstr(&out->arena, text_z(""));
	out->path = arena_printf(&out->arena, "%s", path);
	out->service_from = arena_printf(&out->arena, "00:00");
	out->service_to = arena_printf(&out->arena, "24:00");
	out->calendar = arena_printf(&out->arena, "none");
	c = read_yaml(out, e);
	if (c != ERR_NONE)
		node_fini(out);
	return c;
}

void node_fini(struct node *n)
{
	arena_fini(&n->arena);
	*n = (struct node){0};
}

static enum err_class refused(
    struct err *e, const char *code, const char *ja, const char *en)
{
	return err_set(e, ERR_INPUT, code, ja, en);
}

static enum err_class check_init(const struct node_init *init, struct err *e)
{
	struct text name;
	size_t bad_at;

	if (!header_is_code(text_z(init->code)))
		return refused(e, "node.code",
		    "コードは半角英数字とハイフン、16文字までです",
		    "a code is 1 to 16 of 0-9 A-Z a-z and -");
	/* T1: the name comes from a command line. */
	if (!utf8_decode(text_bytes(text_z(init->name)), &name, &bad_at) ||
	    name.n == 0 || utf8_count(name) > NODE_NAME_MAX ||
	    strpbrk(init->name, "\n\r\t") != NULL)
		return refused(e, "node.name", "名称は1文字以上64文字までです",
		    "a name is 1 to 64 characters");
	if (!node_yaml_address(text_z(init->listen)) ||
	    !node_yaml_address(text_z(init->desk)))
		return refused(e, "node.address",
		    "待受けのアドレスは HOST:PORT の形です",
		    "an address to listen on is HOST:PORT");
	if (!store_url(init->db))
		return refused(e, "store.url",
		    "データベースは sqlite か postgresql://… です",
		    "a database is sqlite or postgresql://…");
	return ERR_NONE;
}

static bool is_empty(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *entry;
	int n = 0;

	if (d == NULL)
		return false;
	while ((entry = readdir(d)) != NULL)
		n += strcmp(entry->d_name, ".") != 0 &&
		     strcmp(entry->d_name, "..") != 0;
	(void)closedir(d);
	return n == 0;
}

enum err_class node_folder(const char *path, bool *made, struct err *e)
{
	*made = mkdir(path, 0700) == 0;
	if (*made)
		return ERR_NONE;
	if (errno == EEXIST && is_empty(path))
		return ERR_NONE;
	if (errno == ENOENT)
		return refused(e, "node.folder", "親のフォルダーがありません",
		    "the parent folder is missing");
	if (errno != EEXIST && errno != ENOTDIR)
		return err_errno(e, path);
	return refused(e, "node.not_empty", "フォルダーが空ではありません",
	    "the folder is not empty");
}

/* A YAML double-quoted scalar (YAML 1.1 §5.7); controls were refused. */
static void put_quoted(struct buf *out, const char *z)
{
	buf_byte(out, '"');
	for (; *z != '\0'; z++) {
		if (*z == '"' || *z == '\\')
			buf_byte(out, '\\');
		if ((unsigned char)*z < 0x20 || *z == 0x7F)
			buf_printf(out, "\\x%02X", (unsigned char)*z);
		else
			buf_byte(out, (unsigned char)*z);
	}
	buf_byte(out, '"');
}

static void put_key(
    struct buf *out, const char *key, const char *value, const char *comment)
{
	buf_printf(out, "\n%s%s: ", comment, key);
	put_quoted(out, value);
	buf_z(out, "\n");
}

static void put_party_keys(struct buf *out, enum store_party party)
{
	bool asks = party == STORE_WARD || party == STORE_UNIT;

	if (asks)
		buf_z(out, "\n# ハブごとのつなぎ方: direct（直結）、"
			   "via-ward（自治体経由）、folder（媒体）\n"
			   "# How each hub is reached: direct, via-ward, or "
			   "folder (carried by hand)\n"
			   "#links:\n#  HUB-CODE: via-ward\n");
	if (party == STORE_WARD)
		buf_z(out,
		    "\n# 回答期限から期限超過とするまでの日数\n"
		    "# Days from the deadline until an inquiry counts as "
		    "expired\nexpire_after_days: 30\n");
	if (party == STORE_UNIT)
		buf_z(out, "\n# 自治体・金融機関ごとに同時に送るファイルの数\n"
			   "# Files in flight per authority and institution\n"
			   "window: 32\n"
			   "\n# 金融機関の受付時間・1日のファイル数を守る"
			   "（keep）か、守らない（ignore、試験用）か\n"
			   "# Institutions' hours and files per day: keep, "
			   "or ignore (for tests)\n"
			   "institution_hours: keep\n");
	if (party == STORE_HUB)
		buf_z(out, "\n# 運用時間と暦（none、office＝開庁日、bank＝銀行"
			   "営業日）\n# Service hours and calendar: none, "
			   "office, bank\nservice_from: \"00:00\"\n"
			   "service_to: \"24:00\"\ncalendar: none\n");
}

static void put_yaml(struct buf *out, const struct node_init *init)
{
	buf_z(out, "# shokai: このノードの設定 / settings of this node\n"
		   "# 知らない項目は受け付けません / unknown keys are "
		   "refused\n");
	put_key(out, "party", node_party_name(init->party),
	    "# 役割 / what it is: ward unit hub bank\n");
	put_key(out, "code", init->code,
	    "# コード（証明書のCN） / its code, the certificate's CN\n");
	put_key(out, "name", init->name, "# 名称 / name\n");
	put_key(out, "listen", init->listen,
	    "# 相手先からの接続を待つアドレス / where peers connect\n");
	put_key(out, "desk", init->desk,
	    "# 職員の画面を出すアドレス / where officers connect\n");
	put_key(out, "db", init->db,
	    "# データベース（相対パスはこのフォルダーから） / the database; a "
	    "relative path\n# begins in this folder\n");
	put_party_keys(out, init->party);
	buf_printf(out,
	    "\n# 職員の画面より後に回す度合い（0〜19、0＝回さない）\n"
	    "# How far peers' messages and batch work stand behind the "
	    "officers' pages\n#batch_nice: %d\n",
	    NODE_BATCH_NICE);
	buf_z(out, "\n# true なら時刻を NODE/clock から取ります（試験用）\n"
		   "# true: the time is taken from NODE/clock (for tests)\n"
		   "#test_clock: true\n");
}

/* For link: folder. 20 random bytes as hexadecimal digits. */
static enum err_class write_password(const char *path, struct err *e)
{
	unsigned char raw[20];
	char hex[2 * sizeof(raw) + 2];

	random_fill(NULL, raw, sizeof(raw));
	bytes_hex(raw, sizeof(raw), hex);
	hex[2 * sizeof(raw)] = '\n';
	return file_put(path, BYTES(hex, 2 * sizeof(raw) + 1), 0600, false, e);
}

static enum err_class write_facts(struct store_tx *tx, void *arg, struct err *e)
{
	const struct node_init *init = arg;

	TRY(STORE_DO(
	    tx, STMT_FACT_PUT, e, store_z("code"), store_z(init->code)));
	return STORE_DO(tx, STMT_FACT_PUT, e, store_z("party"),
	    store_z(node_party_name(init->party)));
}

static enum err_class make_database(
    const char *path, struct node_init *init, struct err *e)
{
	struct node n = {0};
	struct store *s = NULL;
	enum err_class c;

	TRY(node_load(path, &n, e));
	c = store_open(n.db, n.party, STORE_CREATE, &s, e);
	if (c == ERR_NONE) {
		c = store_run(s, write_facts, init, e);
		store_close(s);
	}
	node_fini(&n);
	return c;
}

static enum err_class fill_folder(
    const char *path, struct node_init *init, struct err *e)
{
	struct arena a = {0};
	struct buf yaml = {0};
	const char *dir = arena_printf(&a, "%s/keys", path);
	bool made;
	enum err_class c = node_folder(dir, &made, e);

	if (c == ERR_NONE)
		c = keys_create(arena_printf(&a, "%s/node.key", dir),
		    arena_printf(&a, "%s/node.csr", path), init->code,
		    init->name, e);
	if (c == ERR_NONE)
		c = write_password(
		    arena_printf(&a, "%s/folder-password", dir), e);
	put_yaml(&yaml, init);
	if (c == ERR_NONE)
		c = file_put(arena_printf(&a, "%s/node.yaml", path),
		    buf_bytes(&yaml), 0600, false, e);
	if (c == ERR_NONE)
		c = make_database(path, init, e);
	buf_fini(&yaml);
	arena_fini(&a);
	return c;
}

/* What a node that could not be made has left: it is made again. */
static void take_back(const char *path, bool made)
{
	static const char *const files[] = {"/node.yaml", "/node.csr",
	    "/keys/node.key", "/keys/folder-password", "/shokai.db-wal",
	    "/shokai.db-shm", "/shokai.db-turn", "/shokai.db"};
	struct arena a = {0};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		(void)unlink(arena_printf(&a, "%s%s", path, files[i]));
	(void)rmdir(arena_printf(&a, "%s/keys", path));
	if (made)
		(void)rmdir(path);
	arena_fini(&a);
}

enum err_class node_create(
    const char *path, const struct node_init *init, struct err *e)
{
	struct node_init all = *init;
	enum err_class c;
	bool made;

	if (all.listen == NULL)
		all.listen = "127.0.0.1:9443";
	if (all.desk == NULL)
		all.desk = "127.0.0.1:9444";
	if (all.db == NULL || strcmp(all.db, "sqlite") == 0)
		all.db = "sqlite:shokai.db";
	TRY(check_init(&all, e));
	TRY(node_folder(path, &made, e));
	c = fill_folder(path, &all, e);
	/* Where nobody can tell if the database has it, both stay. */
	if (c != ERR_NONE && c != ERR_UNSURE)
		take_back(path, made);
	return c;
}

static enum err_class fits(const struct node *n, const char *keys_dir,
    const struct certificate *c, struct err *e)
{
	if (strcmp(certificate_code(c), n->code) != 0) {
		(void)refused(e, "node.bad_certificate",
		    "証明書のCNがこのノードのコードと違います",
		    "the certificate's CN is not this node's code");
		return err_detail(e, "%s", certificate_code(c));
	}
	return keys_check(keys_dir, c, e);
}

enum err_class node_install(const struct node *n, struct bytes certificate,
    struct bytes authority, struct err *e)
{
	struct arena a = {0};
	const char *dir = node_path(n, &a, "keys");
	struct certificate *parsed = NULL;
	enum err_class c = certificate_parse(certificate, &parsed, e);

	if (c == ERR_NONE)
		c = fits(n, dir, parsed, e);
	if (c == ERR_NONE)
		c = ca_issued(authority, certificate, e);
	if (c == ERR_NONE)
		c = file_put(arena_printf(&a, "%s/ca.crt", dir), authority,
		    0644, true, e);
	if (c == ERR_NONE)
		c = keys_keep_former(dir, parsed, e);
	if (c == ERR_NONE)
		c = file_put(arena_printf(&a, "%s/node.crt", dir), certificate,
		    0644, true, e);
	certificate_free(parsed);
	arena_fini(&a);
	return c;
}
