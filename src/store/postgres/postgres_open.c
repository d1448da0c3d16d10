/*
 * postgres_open.c — the database, its settings and its schema.
 *
 * The table shokai_schema says whose database it is and which version. It is
 * written in the transaction that applies the schema, so a database is of a
 * version or not there yet.
 */
#include "store/postgres/postgres_internal.h"

#include "store/postgres/postgres_driver.h"
#include "store/postgres/postgres_partition.h"
#include "store/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Read back. A COMMIT is on the disk (E1), and pages are whole after a
 * crash; other values are refused. NULL: shown only. */
static const struct {
	const char *name;
	const char *want;
} settings[] = {
    {"fsync", "on"},
    {"full_page_writes", "on"},
    {"synchronous_commit", NULL},
    {"server_encoding", "UTF8"},
    {"plan_cache_mode", "force_generic_plan"},
    {"lock_timeout", NULL},
    {"wal_level", NULL},
    {"shared_buffers", NULL},
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static const char *const party_names[] = {"ward", "unit", "hub", "bank"};

static enum err_class setting(
    struct postgres_db *db, const char *name, char out[64], struct err *e)
{
	return postgres_connect_ask(
	    db, "SELECT current_setting($1)", name, out, 64, e);
}

static enum err_class configured(struct postgres_db *db, struct err *e)
{
	char got[64];

	if (PQserverVersion(db->conn) < 150000) {
		err_set(e, ERR_FAULT, "store.settings",
		    "PostgreSQL 15 以降が必要です",
		    "PostgreSQL 15 or newer is needed");
		return err_detail(e, "%d", PQserverVersion(db->conn));
	}
	for (size_t i = 0; i < SETTINGS; i++) {
		if (settings[i].want == NULL)
			continue;
		TRY(setting(db, settings[i].name, got, e));
		if (strcmp(got, settings[i].want) == 0)
			continue;
		err_set(e, ERR_FAULT, "store.settings",
		    "データベースの設定が違います",
		    "a setting of the database is not as it must be");
		return err_detail(e, "%s=%s", settings[i].name, got);
	}
	TRY(setting(db, "transaction_read_only", got, e));
	return strcmp(got, "off") == 0 ? ERR_NONE
				       : err_set(e, ERR_BUSY, "store.read_only",
					     "データベースは読み取り専用です。"
					     "node.yaml の db "
					     "が主サーバーか確認してください",
					     "the database is read only: see "
					     "that db in node.yaml is the "
					     "primary");
}

/* Without the right to use any, nothing is found, whatever is there. */
static enum err_class in_schema(struct postgres_db *db, struct err *e)
{
	char got[64];

	TRY(postgres_connect_ask(
	    db, "SELECT current_schema()", NULL, got, sizeof(got), e));
	return got[0] != '\0' ? ERR_NONE : postgres_error_state("3F000", e);
}

static enum err_class version_of(
    struct postgres_db *db, int *version, char party[64], struct err *e)
{
	char got[64];

	*version = 0;
	party[0] = '\0';
	TRY(in_schema(db, e));
	TRY(postgres_connect_ask(db, "SELECT to_regclass('shokai_schema')",
	    NULL, got, sizeof(got), e));
	if (got[0] == '\0')
		return ERR_NONE;
	TRY(postgres_connect_ask(
	    db, "SELECT party FROM shokai_schema", NULL, party, 64, e));
	TRY(postgres_connect_ask(db, "SELECT version FROM shokai_schema", NULL,
	    got, sizeof(got), e));
	*version = atoi(got);
	return ERR_NONE;
}

enum err_class postgres_open_settings(void *p, struct buf *out, struct err *e)
{
	struct postgres_db *db = p;
	char got[64];
	int version;

	TRY(postgres_connect_reach(db, e));
	TRY(version_of(db, &version, got, e));
	TRY(setting(db, "server_version", got, e));
	buf_printf(out, "db=postgresql %s\n", got);
	buf_printf(out, "schema=%d\n", version);
	for (size_t i = 0; i < SETTINGS; i++) {
		TRY(setting(db, settings[i].name, got, e));
		buf_printf(out, "%s=%s\n", settings[i].name, got);
	}
	return ERR_NONE;
}

static enum err_class apply(struct postgres_db *db, int version, struct err *e)
{
	char party[64];
	char sql[192];
	int now;

	TRY(version_of(db, &now, party, e));
	if (now >= version)
		return ERR_NONE; /* another process was first */
	if (now != version - 1) {
		err_set(e, ERR_BUSY, "store.busy",
		    "データベースの版が途中で変わりました。もう一度実行"
		    "してください",
		    "the database's version has changed meanwhile: run again");
		return err_detail(e, "%d", now);
	}
	for (int i = 0; schema_part(version, db->party, i) != NULL; i++) {
		char *ddl = postgres_ddl(schema_part(version, db->party, i));
		enum err_class c = postgres_connect_exec(db, ddl, "schema", e);

		free(ddl);
		TRY(c);
	}
	if (version == POSTGRES_PARTITION_VERSION)
		TRY(postgres_partition_convert(db, e));
	(void)snprintf(sql, sizeof(sql),
	    "CREATE TABLE IF NOT EXISTS shokai_schema (party text NOT NULL,"
	    " version bigint NOT NULL); DELETE FROM shokai_schema;"
	    " INSERT INTO shokai_schema VALUES ('%s', %d)",
	    party_names[db->party], version);
	TRY(postgres_connect_exec(db, sql, "schema", e));
	/* A COMMIT without an answer is looked up by it. */
	return postgres_connect_ask_own(
	    db, POSTGRES_XID, NULL, db->xid, sizeof(db->xid), e);
}

/* The versions behind from, up to to, in one transaction. */
static enum err_class apply_all(
    struct postgres_db *db, int from, int to, struct err *e)
{
	enum err_class c = ERR_NONE;

	TRY(postgres_control_begin(db, true, NULL, e));
	for (int v = from + 1; v <= to && c == ERR_NONE; v++)
		c = apply(db, v, e);
	if (c == ERR_NONE)
		return postgres_control_commit(db, e);
	postgres_control_rollback(db);
	return c;
}

static enum err_class migrate(struct postgres_db *db, int from, struct err *e)
{
	for (int v = from; v < schema_version(); v++)
		TRY(apply_all(db, v, v + 1, e));
	return ERR_NONE;
}

/* Is it what a `node init` left that did not end? Its facts come last. */
static enum err_class begun(struct postgres_db *db, bool *out, struct err *e)
{
	char party[64];
	char got[64];
	int version;

	TRY(version_of(db, &version, party, e));
	*out = version == schema_version() &&
	       strcmp(party, party_names[db->party]) == 0;
	if (!*out)
		return ERR_NONE;
	TRY(postgres_connect_ask(
	    db, "SELECT count(*) FROM fact", NULL, got, sizeof(got), e));
	*out = strcmp(got, "0") == 0;
	return ERR_NONE;
}

static enum err_class exists(struct err *e)
{
	return err_set(e, ERR_INPUT, "store.exists",
	    "データベースがすでにあります", "there is a database already");
}

static enum err_class is_empty(
    struct postgres_db *db, bool *empty, struct err *e)
{
	char got[64];

	TRY(postgres_connect_ask(db,
	    "SELECT count(*) FROM pg_class c JOIN pg_namespace n"
	    " ON n.oid = c.relnamespace WHERE n.nspname = current_schema()",
	    NULL, got, sizeof(got), e));
	*empty = strcmp(got, "0") == 0;
	return ERR_NONE;
}

enum err_class postgres_open_empty(struct postgres_db *db, struct err *e)
{
	bool empty;

	TRY(in_schema(db, e));
	TRY(is_empty(db, &empty, e));
	return empty ? ERR_NONE : exists(e);
}

/* A database is given, empty, by whoever runs the server. */
static enum err_class create(struct postgres_db *db, struct err *e)
{
	bool empty;
	bool ours;

	TRY(is_empty(db, &empty, e));
	if (empty)
		return apply_all(db, 0, schema_version(), e);
	TRY(begun(db, &ours, e));
	return ours ? ERR_NONE : exists(e);
}

static enum err_class check_schema(
    struct postgres_db *db, enum store_open how, struct err *e)
{
	char party[64];
	int version;

	TRY(version_of(db, &version, party, e));
	if (version == 0)
		return err_set(e, ERR_INPUT, "store.not_ours",
		    "このシステムのデータベースではありません",
		    "this is no database of this system");
	if (strcmp(party, party_names[db->party]) != 0)
		return err_set(e, ERR_INPUT, "store.party",
		    "別の役割のデータベースです",
		    "this is the database of another kind of party");
	if (version > schema_version()) {
		err_set(e, ERR_INPUT, "store.schema_new",
		    "データベースが新しい版です。プログラムを更新してください",
		    "the database is of a newer version than the program: "
		    "install the newer program");
		return err_detail(e, "%d", version);
	}
	if (version == schema_version())
		return ERR_NONE;
	if (how == STORE_MIGRATE)
		return migrate(db, version, e);
	err_set(e, ERR_INPUT, "store.schema_old",
	    "データベースが古い版です。shokai node upgrade "
	    "で新しくしてください",
	    "the database is of an older version: run shokai node upgrade");
	return err_detail(e, "%d", version);
}

static enum err_class open_all(
    struct postgres_db *db, enum store_open how, struct err *e)
{
	TRY(postgres_connect_reach(db, e));
	TRY(configured(db, e));
	if (how == STORE_CREATE)
		TRY(create(db, e));
	TRY(check_schema(db, how, e));
	db->ours = true;
	return ERR_NONE;
}

enum err_class postgres_open_again(struct postgres_db *db, struct err *e)
{
	TRY(configured(db, e));
	return check_schema(db, STORE_EXISTING, e);
}

struct postgres_db *postgres_open_new(struct text place)
{
	static const char scheme[] = "postgresql:";
	struct postgres_db *db = arena_xmalloc(sizeof(*db));
	size_t n = sizeof(scheme) - 1;

	*db = (struct postgres_db){0};
	db->url = arena_xmalloc(n + place.n + 1);
	memcpy(db->url, scheme, n);
	memcpy(db->url + n, place.p, place.n);
	db->url[n + place.n] = '\0';
	for (size_t i = 0; i < STMT_COUNT; i++)
		db->rows[i].base.driver = &postgres_driver;
	return db;
}

enum err_class postgres_open(struct text place, enum store_party party,
    enum store_open how, void **out, struct err *e)
{
	struct postgres_db *db = postgres_open_new(place);
	enum err_class c;

	db->party = party;
	c = open_all(db, how, e);
	if (c != ERR_NONE) {
		postgres_open_close(db);
		db = NULL;
	}
	*out = db;
	return c;
}

void postgres_open_close(void *p)
{
	struct postgres_db *db = p;

	postgres_rows_close_above(db, -1);
	postgres_connect_settle(db);
	postgres_analyze_end(db);
	for (size_t i = 0; i < STMT_COUNT; i++)
		while (db->rows[i].forms != NULL) {
			struct postgres_form *f = db->rows[i].forms;

			db->rows[i].forms = f->next;
			free(f->sql);
			free(f);
		}
	postgres_connect_drop(db);
	/* The URL may hold a password. */
	explicit_bzero(db->url, strlen(db->url));
	free(db->url);
	buf_fini(&db->values);
	free(db);
}
