/*
 * sqlite_open.c — the file, its settings and its schema.
 *
 * application_id says whose file it is (the letters SHK and the party),
 * user_version the schema. Both are written in the transaction that applies
 * the schema, so a file is of a version or not there yet.
 */
#include "store/sqlite/sqlite_internal.h"

#include "base/file.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x53484B00 /* "SHK", then the party */

/*
 * Set and read back. WAL and FULL: a COMMIT is on the disk (E1). Pages
 * deleted are overwritten (D1). Memory is bounded: 16 MiB of cache, and the
 * first 48 MiB of the file are read where the kernel has them, which saves
 * copying a page of 4 KiB for one row in it; a file system without that copies.
 * The WAL is carried over by sqlite_driver.c, so not by SQLite itself.
 */
static const struct {
	const char *name;
	const char *set;
	const char *want; /* NULL: any will do */
} settings[] = {
    {"journal_mode", "wal", "wal"},
    {"synchronous", "full", "2"},
    {"foreign_keys", "on", "1"},
    {"trusted_schema", "off", "0"},
    {"secure_delete", "on", "1"},
    {"cell_size_check", "on", "1"},
    {"temp_store", "memory", "2"},
    {"mmap_size", "50331648", NULL},
    {"cache_size", "-16384", "-16384"},
    {"journal_size_limit", "67108864", "67108864"},
    {"wal_autocheckpoint", "0", "0"},
    {"busy_timeout", "0", "0"},
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* The first column of the first row; "" if there is none. */
static int ask(sqlite3 *db, const char *sql, char *out, size_t room)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	out[0] = '\0';
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		const unsigned char *z = sqlite3_column_text(stmt, 0);

		(void)snprintf(out, room, "%s", z ? (const char *)z : "");
	} else if (rc != SQLITE_DONE) {
		(void)sqlite3_finalize(stmt); /* repeats the step's result */
		return rc;
	}
	return sqlite3_finalize(stmt);
}

static enum err_class pragma(struct sqlite_db *db, const char *name,
    const char *set, char out[32], struct err *e)
{
	char sql[96];
	int rc;

	(void)snprintf(sql, sizeof(sql), "PRAGMA %s%s%s", name,
	    set ? " = " : "", set ? set : "");
	/* Others may be opening, recovering or closing the same file. */
	for (int i = 0; i < 500; i++) {
		rc = ask(db->db, sql, out, 32);
		if ((rc & 0xff) != SQLITE_BUSY)
			break;
		(void)usleep(2000);
	}
	return rc == SQLITE_OK ? ERR_NONE : sqlite_error(db, rc, name, e);
}

static enum err_class configure(struct sqlite_db *db, struct err *e)
{
	char got[32];

	for (size_t i = 0; i < SETTINGS; i++) {
		TRY(pragma(db, settings[i].name, settings[i].set, got, e));
		TRY(pragma(db, settings[i].name, NULL, got, e));
		if (settings[i].want == NULL ||
		    strcmp(got, settings[i].want) == 0)
			continue;
		err_set(e, ERR_FAULT, "store.settings",
		    "データベースの設定が違います",
		    "a setting of the database is not as it must be");
		return err_detail(e, "%s=%s", settings[i].name, got);
	}
	return ERR_NONE;
}

enum err_class sqlite_open_settings(void *p, struct buf *out, struct err *e)
{
	struct sqlite_db *db = p;
	char got[32];

	buf_printf(out, "db=sqlite %s\n", sqlite3_libversion());
	TRY(pragma(db, "user_version", NULL, got, e));
	buf_printf(out, "schema=%s\n", got);
	for (size_t i = 0; i < SETTINGS; i++) {
		TRY(pragma(db, settings[i].name, NULL, got, e));
		buf_printf(out, "%s=%s\n", settings[i].name, got);
	}
	return ERR_NONE;
}

static enum err_class exec(
    struct sqlite_db *db, const char *sql, const char *what, struct err *e)
{
	int rc = sqlite3_exec(db->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? ERR_NONE : sqlite_error(db, rc, what, e);
}

static enum err_class version_of(
    struct sqlite_db *db, int *version, struct err *e)
{
	char got[32];

	TRY(pragma(db, "user_version", NULL, got, e));
	*version = atoi(got);
	return ERR_NONE;
}

static enum err_class apply(
    struct sqlite_db *db, enum store_party party, int version, struct err *e)
{
	char sql[128];
	int now;

	TRY(version_of(db, &now, e));
	if (now >= version)
		return ERR_NONE; /* another process was first */
	for (int i = 0; schema_part(version, party, i) != NULL; i++)
		TRY(exec(db, schema_part(version, party, i), "schema", e));
	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA user_version = %d; PRAGMA application_id = %d", version,
	    APPLICATION_ID | (int)party);
	return exec(db, sql, "schema", e);
}

static enum err_class sync_folder(const char *path, struct err *e)
{
	enum err_class c = file_sync_folder(path, e);

	return c == ERR_NONE ? c
			     : err_set(e, ERR_FAULT, "store.io",
				   "データベースの読み書きに失敗しました",
				   "the database could not be read or written");
}

enum err_class sqlite_open_place(struct sqlite_db *db, struct err *e)
{
	if (db->placed)
		return ERR_NONE;
	TRY(sync_folder(sqlite3_db_filename(db->db, "main"), e));
	db->placed = true;
	return ERR_NONE;
}

/* The numbered files from … to, in one transaction. */
static enum err_class migrate_at_once(struct sqlite_db *db,
    enum store_party party, int from, int to, struct err *e)
{
	enum err_class c = ERR_NONE;
	int rc;

	TRY(sqlite_control_begin_write(db, e));
	db->write = true;
	for (int v = from; v <= to && c == ERR_NONE; v++)
		c = apply(db, party, v, e);
	if (c == ERR_NONE) {
		rc = sqlite_control(db, CONTROL_COMMIT);
		if (rc != SQLITE_OK)
			c = sqlite_error(db, rc, "schema", e);
	}
	/* Frees the turnstile alone, if it is committed. */
	sqlite_control_rollback(db);
	return c;
}

static enum err_class migrate(
    struct sqlite_db *db, enum store_party party, int from, struct err *e)
{
	for (int v = from + 1; v <= schema_version(); v++)
		TRY(migrate_at_once(db, party, v, v, e));
	return ERR_NONE;
}

static enum err_class check_owner(
    struct sqlite_db *db, enum store_party party, int *version, struct err *e)
{
	char got[32];
	int id;

	TRY(version_of(db, version, e));
	TRY(pragma(db, "application_id", NULL, got, e));
	id = atoi(got);
	if (id == (APPLICATION_ID | (int)party))
		return ERR_NONE;
	if ((id & ~0xff) == APPLICATION_ID)
		return err_set(e, ERR_INPUT, "store.party",
		    "別の役割のデータベースです",
		    "this is the database of another kind of party");
	return err_set(e, ERR_INPUT, "store.not_ours",
	    "このシステムのデータベースではありません",
	    "this is no database of this system");
}

static enum err_class check_schema(struct sqlite_db *db, enum store_party party,
    enum store_open how, struct err *e)
{
	int version;

	TRY(check_owner(db, party, &version, e));
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
		return migrate(db, party, version, e);
	err_set(e, ERR_INPUT, "store.schema_old",
	    "データベースが古い版です。shokai node upgrade "
	    "で新しくしてください",
	    "the database is of an older version: run shokai node upgrade");
	return err_detail(e, "%d", version);
}

static enum err_class exists(struct err *e)
{
	return err_set(e, ERR_INPUT, "store.exists",
	    "データベースがすでにあります", "there is a database already");
}

/* A file that only the owner reads; SQLite gives its WAL the same mode. One
 * that is there may be left over from a process that ended here: filled says
 * that it must be looked into. */
static enum err_class make_file(const char *path, bool *filled, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == ENOSPC || errno == EDQUOT
			   ? err_errno(e, "database")
			   : err_set(e, ERR_BUSY, "store.unreachable",
				 "データベースを開けません",
				 "the database cannot be opened");
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return exists(e);
	}
	*filled = st.st_size > 0;
	(void)close(fd);
	return sync_folder(path, e);
}

/* Nobody's, and without a table: the schema is made in one transaction. */
static bool is_left_over(struct sqlite_db *db)
{
	char id[32];
	char tables[32];

	return ask(db->db, "PRAGMA application_id", id, sizeof(id)) ==
		   SQLITE_OK &&
	       ask(db->db, "SELECT count(*) FROM sqlite_schema", tables,
		   sizeof(tables)) == SQLITE_OK &&
	       strcmp(id, "0") == 0 && strcmp(tables, "0") == 0;
}

static int wal_hook(void *p, sqlite3 *handle, const char *name, int pages)
{
	(void)handle;
	(void)name;
	((struct sqlite_db *)p)->wal_pages = pages;
	return SQLITE_OK;
}

/*
 * Before the first file of a process is opened; later calls are refused and
 * change nothing. Its memory is bounded by cache_size, so nobody asks how much
 * it is; 4 MiB of pages are taken at once, for all are given back each time
 * that another process has written.
 */
static void configure_library(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	(void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, -4096);
}

static enum err_class open_file(
    struct sqlite_db *db, const char *path, bool left_over, struct err *e)
{
	char turn[4096];
	int rc;

	configure_library();
	rc = sqlite3_open_v2(path, &db->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    NULL);

	if (rc != SQLITE_OK)
		return sqlite_error(db, rc, "open", e);
	/* SQLite falls back to reading alone without a word. */
	if (sqlite3_db_readonly(db->db, "main") == 1)
		return err_set(e, ERR_BUSY, "store.read_only",
		    "データベースに書き込めません",
		    "the database cannot be written");
	if (left_over && !is_left_over(db))
		return exists(e);
	(void)sqlite3_db_config(
	    db->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	(void)sqlite3_db_config(
	    db->db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	(void)sqlite3_db_config(
	    db->db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
	if (snprintf(turn, sizeof(turn), "%s-turn", path) >= (int)sizeof(turn))
		return err_set(e, ERR_BUSY, "store.unreachable",
		    "データベースを開けません",
		    "the database cannot be opened");
	TRY(turnstile_open(&db->turnstile, turn, e));
	TRY(configure(db, e));
	(void)sqlite3_wal_hook(db->db, wal_hook, db);
	return ERR_NONE;
}

static enum err_class open_all(struct sqlite_db *db, const char *path,
    enum store_party party, enum store_open how, struct err *e)
{
	bool filled = false;

	if (how == STORE_CREATE)
		TRY(make_file(path, &filled, e));
	TRY(open_file(db, path, filled, e));
	if (how == STORE_CREATE)
		TRY(migrate_at_once(db, party, 1, schema_version(), e));
	return check_schema(db, party, how, e);
}

enum err_class sqlite_open(struct text place, enum store_party party,
    enum store_open how, void **out, struct err *e)
{
	struct sqlite_db *db = arena_xmalloc(sizeof(*db));
	char *path = arena_xmalloc(place.n + 1);
	enum err_class c;

	*db = (struct sqlite_db){.turnstile = {.fd = -1}};
	for (size_t i = 0; i < STMT_COUNT; i++)
		db->rows[i].base.driver = &sqlite_driver;
	memcpy(path, place.p, place.n);
	path[place.n] = '\0';
	c = open_all(db, path, party, how, e);
	free(path);
	if (c != ERR_NONE) {
		sqlite_open_close(db);
		db = NULL;
	}
	*out = db;
	return c;
}

void sqlite_open_close(void *p)
{
	struct sqlite_db *db = p;

	for (size_t i = 0; i < CONTROL_COUNT; i++)
		(void)sqlite3_finalize(db->control[i]);
	for (size_t i = 0; i < STMT_COUNT; i++)
		(void)sqlite3_finalize(db->rows[i].stmt);
	(void)sqlite3_close(db->db);
	turnstile_close(&db->turnstile);
	free(db);
}
