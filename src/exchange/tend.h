/*
 * tend.h — the outbox rows that no delivery comes by: whose recipient is no
 * peer any more, or out of its approved period, and those that a clock set
 * back has put off for longer than any delay is.
 */
#ifndef SHOKAI_EXCHANGE_TEND_H
#define SHOKAI_EXCHANGE_TEND_H

#include "exchange/node.h"
#include "exchange/peers.h"
#include "store/store.h"

struct tend {
	const struct node *node;
	const struct peers *peers;
	/* What waits for its first sending may go now, or then (a hub's
	 * hours). */
	int64_t opens_us;
	int64_t now_us;
};

/*
 * Rows to a recipient that is not delivered to expire by their messages'
 * time, at most TEND_ROWS at once. Rows due later than the longest delay from
 * now (DELIVERY_LONGEST; FOLDER_AGAIN for who is carried to) are due now, or
 * when the node opens if they have not been tried yet.
 */
#define TEND_ROWS 256
CHECKED enum err_class tend_outbox(
    struct store *s, const struct tend *t, struct err *e);

#endif
