/*
 * step_tally.h — at the ward, how far a wave is without walking its steps:
 * each step of each flow summed over the files (table step_tally), changed in
 * the transaction that adds the rows.
 */
#ifndef SHOKAI_EXCHANGE_STEP_TALLY_H
#define SHOKAI_EXCHANGE_STEP_TALLY_H

#include "exchange/message.h"

/* n steps of one authority were added, of which that many were new. Nothing
 * at other parties. */
CHECKED enum err_class step_tally_add(struct store_tx *tx, const struct step *s,
    size_t n, int64_t added, struct err *e);

#endif
