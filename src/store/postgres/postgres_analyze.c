/*
 * postgres_analyze.c — statistics for tables that grow faster than the
 * server's own autovacuum looks (once a minute): an import or a new wave fills
 * a table that the planner takes for empty, and a join that walks it would be
 * chosen for the whole wave. Of two keys that begin alike either is chosen for
 * a table of which nothing is known: a file was looked for among all of its
 * authority's. Who inserts rows has the table analyzed when they are some
 * hundreds (of fewer a walk through the table is chosen, and would be until the
 * next time), and again when they are four times as many: its size the planner
 * sees by itself.
 *
 * An import also has its tables vacuumed when it is done: else their first
 * readers would write every page again, to say of each row that it is seen.
 *
 * The server counts changes when a session is idle, and no more often than once
 * a second. What is still to be counted when a table is analyzed would be
 * counted behind it, and autovacuum would do all of it again: so it is counted
 * first.
 */
#include "store/postgres/postgres_partition.h"
#include "store/postgres/postgres_twins.h"

#include <stdio.h>
#include <string.h>

#define FIRST 500  /* rows */
#define GROWN 4	   /* times as many: analyzed again */
#define MANY 10000 /* of an import */

static const char insert[] = "INSERT INTO ";

void postgres_analyze_add(struct postgres_rows *r, int64_t rows)
{
	int64_t mark = r->analyze_at > 0 ? r->analyze_at : FIRST;

	if (strncmp(postgres_text_of(r->st), insert, sizeof(insert) - 1) != 0)
		return;
	r->added += rows;
	if (r->added < mark)
		return;
	r->analyze_at = GROWN * r->added;
	r->grown = true;
	r->db->grown = true;
}

static void count(struct postgres_db *db)
{
	struct err ignored;

	(void)!postgres_connect_exec(
	    db, "SELECT pg_stat_force_next_flush()", "analyze", &ignored);
}

/* Without it work goes on, slower. */
static void tend(
    struct postgres_db *db, enum store_statement st, const char *how)
{
	const char *table = postgres_text_of(st) + sizeof(insert) - 1;
	char name[64];
	char sql[128];
	struct err ignored;

	(void)snprintf(
	    name, sizeof(name), "%.*s", (int)strcspn(table, " ("), table);
	(void)snprintf(sql, sizeof(sql), "%s \"%s\"", how,
	    postgres_partition_last(db, st, name));
	(void)!postgres_connect_exec(db, sql, "analyze", &ignored);
}

void postgres_analyze_run(struct postgres_db *db)
{
	if (!db->grown || postgres_connect_lost(db))
		return;
	db->grown = false;
	count(db);
	for (size_t st = 0; st < STMT_COUNT; st++) {
		if (!db->rows[st].grown)
			continue;
		db->rows[st].grown = false;
		tend(db, (enum store_statement)st, "ANALYZE (SKIP_LOCKED)");
	}
}

void postgres_analyze_end(struct postgres_db *db)
{
#define IMPORT_(name) STMT_##name,
	static const enum store_statement imports[] = {
	    POSTGRES_IMPORT(IMPORT_) STMT_COUNT};
#undef IMPORT_

	if (postgres_connect_lost(db) ||
	    PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		return;
	for (size_t i = 0; imports[i] != STMT_COUNT; i++)
		if (db->rows[imports[i]].added >= MANY) {
			count(db);
			tend(db, imports[i], "VACUUM (ANALYZE, SKIP_LOCKED)");
		}
}
