/*
 * undelivered.h — what a next hop would not take, or nobody took in its time:
 * nobody waits for it in vain. A content is refused with the receipt's code or
 * message.expired (refused.h), in the transaction that notes it here (E5); of
 * all else the operator is told.
 */
#ifndef SHOKAI_PARTIES_UNDELIVERED_H
#define SHOKAI_PARTIES_UNDELIVERED_H

#include "parties/party.h"

/* One sending, if there is one that is not told of yet. */
CHECKED enum err_class undelivered_tell(struct party_context *c, struct err *e);

#endif
