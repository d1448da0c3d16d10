/*
 * bank_keep.h — how long a bank keeps what it was sent: as many days as its
 * own layout says (axis 28).
 */
#ifndef SHOKAI_PARTIES_BANK_KEEP_H
#define SHOKAI_PARTIES_BANK_KEEP_H

#include "parties/party.h"

/*
 * Drops the payload of request files that were dealt with so many days ago,
 * some at a time; header, signature and receipt stay (S2). Nothing where the
 * layout in force tells no days, or there is none.
 */
CHECKED enum err_class bank_keep(struct party_context *c, struct err *e);

#endif
