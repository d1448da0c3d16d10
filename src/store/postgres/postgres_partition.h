/*
 * postgres_partition.h — what grows with each inquiry, by wave.
 *
 * The tables listed in postgres_partition.c are RANGE-partitioned by
 * (authority, wave) or (authority, inquiry): the first two columns of their
 * keys, which every statement that runs per inquiry gives, so that it touches
 * one partition. A partition holds one authority's one wave, and is named
 * after both: "outcome_131041_2T4H001".
 *
 * Who inserts the first row of a wave makes its partition, in the same
 * transaction. There is no DEFAULT partition: a row that fits none is refused
 * (23514, "store.constraint").
 */
#ifndef SHOKAI_STORE_POSTGRES_POSTGRES_PARTITION_H
#define SHOKAI_STORE_POSTGRES_POSTGRES_PARTITION_H

#include "store/postgres/postgres_internal.h"

/* The schema from which on they are partitioned. */
#define POSTGRES_PARTITION_VERSION 7

/* Is that table partitioned, and by which column beside authority? NULL: it
 * is not. */
const char *postgres_partition_key(struct text table);

/* Makes partitioned tables of plain ones, with their rows, in the transaction
 * in progress. */
CHECKED enum err_class postgres_partition_convert(
    struct postgres_db *db, struct err *e);

/* Makes what partitions these rows need, if st inserts into such a table. */
CHECKED enum err_class postgres_partition_ready(struct postgres_db *db,
    enum store_statement st, const struct store_column *columns, size_t rows,
    struct err *e);

/* Is st the deletion of a whole wave (DROP_…) from such a table? */
bool postgres_partition_drops(enum store_statement st);

/* Drops the partition instead; *changed is how many rows it had. Waits no
 * longer than 300 ms for readers: ERR_BUSY "store.busy". */
CHECKED enum err_class postgres_partition_drop(struct postgres_db *db,
    enum store_statement st, const struct store_column *columns,
    int64_t *changed, struct err *e);

/* The partition that st filled last; else the table itself. */
const char *postgres_partition_last(
    const struct postgres_db *db, enum store_statement st, const char *table);

/* The driver's own, with what is known of partitions forgotten where a
 * transaction may not have made them. */
CHECKED enum err_class postgres_partition_commit(void *p, struct err *e);
void postgres_partition_rollback(void *p);
CHECKED enum err_class postgres_partition_undo(void *p, struct err *e);

#endif
