/*
 * waves.h — what a node keeps of a wave, deleted when its time is over.
 *
 * What grows with each inquiry is partitioned by wave on PostgreSQL: there
 * deleting it is dropping its partitions; SQLite deletes its rows, a bounded
 * number in each transaction.
 */
#ifndef SHOKAI_STORE_WAVES_H
#define SHOKAI_STORE_WAVES_H

#include "store/store.h"

/* Called in each transaction that has deleted rows of the wave, at its end. */
typedef enum err_class waves_dropped(
    struct store_tx *tx, int64_t rows, void *arg, struct err *e);

/*
 * Deletes every row of a wave: subjects as asked, exceptions, outcomes,
 * answers, corrections, lookups, files, steps and the wave itself. What the
 * wave's messages say (headers, payloads) and the linked log stay: they have
 * times of their own. The caller has seen that nobody asks for the wave any
 * more (it is closed or cancelled, and its files are answered), and that it
 * is not its authority's newest: a number is not given again.
 *
 * In several transactions, the wave itself in the last: who is interrupted
 * runs it again. *rows is what was deleted. Readers are let be: where they
 * hold a partition for long it is ERR_BUSY "store.busy", and nothing of that
 * table has happened.
 */
CHECKED enum err_class waves_drop(struct store *s, struct text authority,
    uint32_t wave, waves_dropped *also, void *arg, int64_t *rows,
    struct err *e);

#endif
