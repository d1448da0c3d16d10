/*
 * postgres_partition.c — see postgres_partition.h.
 *
 * A partition is made as a table of its own and then attached: nobody who
 * reads or writes the other waves waits for it. Makers take turns by a lock
 * of their own, whatever else writers hold, and look again behind it.
 *
 * 管理番号 begins with the authority (4 digits of base 36) and the wave (3):
 * record/kanri.h.
 */
#include "store/postgres/postgres_partition.h"

#include "base/base36.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUTHORITY_MAX 16
#define KEY_MAX 7
#define NAME_MAX_ 64
#define SQL_MAX 512

static const struct wave_table {
	const char *name;
	const char *key;
} tables[] = {
    {"snapshot", "wave"},
    {"wave_claim", "wave"},
    {"exception", "wave"},
    {"outcome", "inquiry"},
    {"answer", "inquiry"},
    {"correction", "inquiry"},
    {"lookup", "inquiry"},
};
#define TABLES (sizeof(tables) / sizeof(*tables))

/* A partition: whose, and which wave or beginning of 管理番号. */
struct part {
	const struct wave_table *table;
	char authority[AUTHORITY_MAX + 1];
	char key[KEY_MAX + 1];
};

static const struct wave_table *table_of(struct text name)
{
	for (size_t i = 0; i < TABLES; i++)
		if (text_is(name, tables[i].name))
			return &tables[i];
	return NULL;
}

const char *postgres_partition_key(struct text table)
{
	const struct wave_table *t = table_of(table);

	return t != NULL ? t->key : NULL;
}

/* The table behind verb; NULL: another statement, or a plain table. */
static const struct wave_table *table_in(
    enum store_statement st, const char *verb)
{
	const char *sql = postgres_text_of(st);
	size_t n = strlen(verb);

	if (strncmp(sql, verb, n) != 0)
		return NULL;
	return table_of(text_trust(sql + n, strcspn(sql + n, " (")));
}

static bool by_wave(const struct wave_table *t)
{
	return strcmp(t->key, "wave") == 0;
}

static void name_of(const struct part *p, char out[NAME_MAX_])
{
	(void)snprintf(
	    out, NAME_MAX_, "%s_%s_%s", p->table->name, p->authority, p->key);
}

static enum err_class misfit(const struct wave_table *t, struct err *e)
{
	err_set(e, ERR_FAULT, "store.misuse", "プログラムの誤りです",
	    "a fault of the program");
	return err_detail(e, "%s: a key of no wave", t->name);
}

static bool in_form(const char *p, size_t n, const char *also)
{
	for (size_t i = 0; i < n; i++)
		if (!(p[i] >= '0' && p[i] <= '9') &&
		    !(p[i] >= 'A' && p[i] <= 'Z') && strchr(also, p[i]) == NULL)
			return false;
	return n > 0;
}

/* Names and bounds are put into SQL as they are: their form is checked. */
static bool part_of(const struct wave_table *t,
    const struct store_value *authority, const struct store_value *key,
    struct part *out)
{
	const char *p = authority->p;

	*out = (struct part){.table = t};
	if (authority->type != STORE_TEXT || authority->n > AUTHORITY_MAX ||
	    !in_form(p, authority->n, "abcdefghijklmnopqrstuvwxyz-"))
		return false;
	memcpy(out->authority, p, authority->n);
	if (by_wave(t))
		return key->type == STORE_INT && key->i > 0 &&
		       base36_put((uint64_t)key->i, 3, out->key);
	if (key->type != STORE_TEXT || key->n < KEY_MAX ||
	    !in_form(key->p, KEY_MAX, ""))
		return false;
	memcpy(out->key, key->p, KEY_MAX);
	return true;
}

static bool same_part(const struct part *a, const struct part *b)
{
	return a->table == b->table && strcmp(a->key, b->key) == 0 &&
	       strcmp(a->authority, b->authority) == 0;
}

/* --- what is known to be there --- */

static bool is_known(const struct postgres_db *db, const char *name)
{
	for (int i = 0; i < POSTGRES_PARTITIONS; i++)
		if (strcmp(db->partitions.known[i], name) == 0)
			return true;
	return false;
}

static void keep(struct postgres_db *db, const char *name)
{
	struct postgres_partitions *k = &db->partitions;

	(void)snprintf(
	    k->known[k->next], sizeof(k->known[k->next]), "%s", name);
	k->next = (k->next + 1) % POSTGRES_PARTITIONS;
}

static void forget(struct postgres_db *db)
{
	memset(&db->partitions, 0, sizeof(db->partitions));
}

enum err_class postgres_partition_commit(void *p, struct err *e)
{
	enum err_class c = postgres_control_commit(p, e);

	if (c != ERR_NONE)
		forget(p);
	return c;
}

void postgres_partition_rollback(void *p)
{
	forget(p);
	postgres_control_rollback(p);
}

enum err_class postgres_partition_undo(void *p, struct err *e)
{
	forget(p);
	return postgres_control_undo(p, e);
}

/* --- making and dropping --- */

/* By a query: to_regclass may answer from what the session remembers, and
 * says of a table that another has just made, while we waited, that there is
 * none. */
static enum err_class stands(
    struct postgres_db *db, const char *name, bool *found, struct err *e)
{
	char got[NAME_MAX_];

	TRY(postgres_connect_ask(db,
	    "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n"
	    " ON n.oid = c.relnamespace WHERE c.relname = $1"
	    " AND n.nspname = current_schema()",
	    name, got, sizeof(got), e));
	*found = got[0] != '\0';
	return ERR_NONE;
}

static void make_sql(const struct part *p, const char *name, char sql[SQL_MAX])
{
	const char *t = p->table->name;
	const char *a = p->authority;
	uint64_t wave = 0;
	int n = snprintf(sql, SQL_MAX,
	    "CREATE TABLE \"%s\" (LIKE \"%s\" INCLUDING ALL);"
	    "ALTER TABLE \"%s\" ATTACH PARTITION \"%s\" FOR VALUES ",
	    name, t, t, name);

	if (by_wave(p->table)) {
		(void)base36_get(text_z(p->key), &wave);
		(void)snprintf(sql + n, SQL_MAX - (size_t)n,
		    "FROM ('%s', %llu) TO ('%s', %llu)", a,
		    (unsigned long long)wave, a, (unsigned long long)wave + 1);
	} else {
		(void)snprintf(sql + n, SQL_MAX - (size_t)n,
		    "FROM ('%s', '%s') TO ('%s', '%s~')", a, p->key, a, p->key);
	}
}

static enum err_class make(
    struct postgres_db *db, const struct part *p, struct err *e)
{
	char name[NAME_MAX_];
	char sql[SQL_MAX];
	bool found;

	name_of(p, name);
	if (is_known(db, name))
		return ERR_NONE;
	TRY(stands(db, name, &found, e));
	if (!found) {
		TRY(postgres_connect_exec(db,
		    "SELECT pg_advisory_xact_lock(5458764,"
		    " hashtext(current_schema()))",
		    "partition", e));
		TRY(stands(db, name, &found, e));
	}
	if (!found) {
		make_sql(p, name, sql);
		TRY(postgres_connect_exec(db, sql, "partition", e));
	}
	keep(db, name);
	return ERR_NONE;
}

/* Every INSERT into these tables names authority and key first, as ?1 and
 * ?2 (a test looks). */
enum err_class postgres_partition_ready(struct postgres_db *db,
    enum store_statement st, const struct store_column *columns, size_t rows,
    struct err *e)
{
	const struct wave_table *t = table_in(st, "INSERT INTO ");
	struct part last = {0};
	struct part p;

	if (t == NULL)
		return ERR_NONE;
	for (size_t k = 0; k < rows; k++) {
		if (!part_of(t, &columns[0].v[columns[0].same ? 0 : k],
			&columns[1].v[columns[1].same ? 0 : k], &p))
			return misfit(t, e);
		if (k > 0 && same_part(&p, &last))
			continue;
		TRY(make(db, &p, e));
		last = p;
	}
	name_of(&last, db->partitions.last[st]);
	return ERR_NONE;
}

const char *postgres_partition_last(
    const struct postgres_db *db, enum store_statement st, const char *table)
{
	const char *last = db->partitions.last[st];

	return *last != '\0' ? last : table;
}

bool postgres_partition_drops(enum store_statement st)
{
	return strncmp(store_statement_text(st)->name, "DROP_", 5) == 0 &&
	       table_in(st, "DELETE FROM ") != NULL;
}

/* A reader of one wave holds the whole table: who would drop does not wait
 * for it for long, as all others would wait behind. */
static enum err_class drop(
    struct postgres_db *db, const char *name, int64_t *changed, struct err *e)
{
	char sql[SQL_MAX];
	char got[32];

	TRY(postgres_connect_exec(
	    db, "SET LOCAL lock_timeout = 300", "partition", e));
	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM \"%s\"", name);
	TRY(postgres_connect_ask(db, sql, NULL, got, sizeof(got), e));
	(void)snprintf(sql, sizeof(sql), "DROP TABLE \"%s\"", name);
	TRY(postgres_connect_exec(db, sql, "partition", e));
	TRY(postgres_connect_ask(db,
	    "SELECT pg_current_xact_id_if_assigned()::text", NULL, db->xid,
	    sizeof(db->xid), e));
	*changed = strtoll(got, NULL, 10);
	return ERR_NONE;
}

enum err_class postgres_partition_drop(struct postgres_db *db,
    enum store_statement st, const struct store_column *columns,
    int64_t *changed, struct err *e)
{
	const struct wave_table *t = table_in(st, "DELETE FROM ");
	char name[NAME_MAX_];
	struct part p;
	bool found;

	if (!part_of(t, columns[0].v, columns[1].v, &p))
		return misfit(t, e);
	name_of(&p, name);
	TRY(stands(db, name, &found, e));
	forget(db);
	return found ? drop(db, name, changed, e) : ERR_NONE;
}

/* --- of plain tables --- */

/* One partition for each wave that has rows. */
static enum err_class make_found(
    struct postgres_db *db, const struct wave_table *t, struct err *e)
{
	enum err_class c = ERR_NONE;
	char sql[SQL_MAX];
	PGresult *res;

	(void)snprintf(sql, sizeof(sql),
	    by_wave(t) ? "SELECT DISTINCT authority, wave FROM \"%s_plain\""
		       : "SELECT DISTINCT authority, substr(inquiry, 1, 7)"
			 " FROM \"%s_plain\"",
	    t->name);
	res = PQexecParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		c = postgres_error(db, res, "partition", e);
	for (int i = 0; c == ERR_NONE && i < PQntuples(res); i++) {
		struct store_value authority = postgres_bind_value(res, i, 0);
		struct store_value key = postgres_bind_value(res, i, 1);
		struct part p;

		c = part_of(t, &authority, &key, &p) ? make(db, &p, e)
						     : misfit(t, e);
	}
	PQclear(res);
	return c;
}

static enum err_class convert(
    struct postgres_db *db, const struct wave_table *t, struct err *e)
{
	const char *n = t->name;
	char sql[2 * SQL_MAX];
	char got[64];

	TRY(postgres_connect_ask(
	    db, "SELECT to_regclass($1)", n, got, sizeof(got), e));
	if (got[0] == '\0')
		return ERR_NONE; /* another party's */
	/* A number beside the key ("answer") cannot be unique in all
	 * partitions, and nothing is found by it. */
	(void)snprintf(sql, sizeof(sql),
	    "ALTER TABLE \"%s\" DROP COLUMN IF EXISTS seq;"
	    "ALTER TABLE \"%s\" RENAME TO \"%s_plain\";"
	    "CREATE TABLE \"%s\" (LIKE \"%s_plain\" INCLUDING ALL)"
	    " PARTITION BY RANGE (authority, %s)",
	    n, n, n, n, n, t->key);
	TRY(postgres_connect_exec(db, sql, "partition", e));
	TRY(make_found(db, t, e));
	(void)snprintf(sql, sizeof(sql),
	    "INSERT INTO \"%s\" SELECT * FROM \"%s_plain\";"
	    "DROP TABLE \"%s_plain\"",
	    n, n, n);
	return postgres_connect_exec(db, sql, "partition", e);
}

enum err_class postgres_partition_convert(struct postgres_db *db, struct err *e)
{
	for (size_t i = 0; i < TABLES; i++)
		TRY(convert(db, &tables[i], e));
	forget(db);
	return ERR_NONE;
}
