/*
 * undelivered.h — what a next hop would not take, or nobody took in its time:
 * nobody waits for it in vain. Of a request file the ward and the unit are
 * told that it is refused, in the transaction that notes it here (E5); of all
 * else the operator is.
 */
#ifndef SHOKAI_PARTIES_UNDELIVERED_H
#define SHOKAI_PARTIES_UNDELIVERED_H

#include "parties/party.h"

/* One sending, if there is one that is not told of yet. */
CHECKED enum err_class undelivered_tell(struct party_context *c, struct err *e);

#endif
