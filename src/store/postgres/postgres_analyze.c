/*
 * postgres_analyze.c — statistics for tables that grow faster than the
 * server's own autovacuum looks (once a minute): an import or a new wave fills
 * a table that the planner takes for empty, and a join that walks it would be
 * chosen for the whole wave. Who inserts rows has the table analyzed when they
 * have doubled.
 */
#include "store/postgres/postgres_partition.h"

#include <stdio.h>
#include <string.h>

#define FIRST 2000 /* rows */

static const char insert[] = "INSERT INTO ";

void postgres_analyze_add(struct postgres_rows *r, int64_t rows)
{
	int64_t mark = r->analyze_at > 0 ? r->analyze_at : FIRST;

	if (strncmp(postgres_text_of(r->st), insert, sizeof(insert) - 1) != 0)
		return;
	r->added += rows;
	if (r->added < mark)
		return;
	r->analyze_at = 2 * r->added;
	r->grown = true;
	r->db->grown = true;
}

static void analyze(struct postgres_db *db, enum store_statement st)
{
	const char *table = postgres_text_of(st) + sizeof(insert) - 1;
	char name[64];
	char sql[96];
	struct err ignored;

	(void)snprintf(
	    name, sizeof(name), "%.*s", (int)strcspn(table, " ("), table);
	(void)snprintf(sql, sizeof(sql), "ANALYZE (SKIP_LOCKED) \"%s\"",
	    postgres_partition_last(db, st, name));
	/* Without it work goes on, slower. */
	(void)!postgres_connect_exec(db, sql, "analyze", &ignored);
}

void postgres_analyze_run(struct postgres_db *db)
{
	if (!db->grown || postgres_connect_lost(db))
		return;
	db->grown = false;
	for (size_t st = 0; st < STMT_COUNT; st++) {
		if (!db->rows[st].grown)
			continue;
		db->rows[st].grown = false;
		analyze(db, (enum store_statement)st);
	}
}
