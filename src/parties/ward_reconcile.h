/*
 * ward_reconcile.h — E5 for the ward: every file, wave and hub recomputed
 * from its rows, and held against what banks and hubs said last.
 */
#ifndef SHOKAI_PARTIES_WARD_RECONCILE_H
#define SHOKAI_PARTIES_WARD_RECONCILE_H

#include "parties/reconcile.h"

/* A row is ok if both equations of docs/interface.md §5 hold, files fill
 * their ordinals without overlap, and no row is a stray. */
CHECKED enum err_class ward_reconcile(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e);

#endif
