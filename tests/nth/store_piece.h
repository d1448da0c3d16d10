/* store_piece.h — a piece of work of the store alone: see nth.h. */
#ifndef SHOKAI_TESTS_STORE_PIECE_H
#define SHOKAI_TESTS_STORE_PIECE_H

#include "nth.h"
#include "store/store.h"

/* Opens the database, adds two rows around a savepoint that is rolled back,
 * reads, closes. Notes when the transaction is committed. */
enum err_class store_piece(
    const char *url, enum store_open how, bool armed, struct err *e);

/* All of it or nothing, and nothing that was said to be done is gone; then
 * it is done again without failures. count: of the rows, -1 unreadable. */
void store_piece_check(const struct nth_end *end, int64_t count);

/* Rows of the database at url, read by the store. */
int64_t store_piece_count(const char *url);

#endif
