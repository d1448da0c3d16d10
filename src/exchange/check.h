/*
 * check.h — what a node lacks before it can serve (`node check`): its
 * certificate, peers, layouts; and what will end soon.
 */
#ifndef SHOKAI_EXCHANGE_CHECK_H
#define SHOKAI_EXCHANGE_CHECK_H

#include "exchange/peers.h"

struct check_finding {
	const char *what; /* "certificate" "peers" "peer" "links" "layouts" */
	bool missing;	  /* false: a warning; it works today */
	const char *ja;
	const char *en;
	const char *detail; /* a code, a number of days; "" none */
};

/* Calls each for every finding. */
CHECKED enum err_class check_node(const struct node *n,
    const struct peers *peers, int64_t now_us,
    void (*each)(void *ctx, const struct check_finding *f), void *ctx,
    struct err *e);

#endif
