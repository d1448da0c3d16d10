/*
 * route.h — a transport of two: peers that node.yaml links by folder, and all
 * others by HTTPS.
 */
#ifndef SHOKAI_EXCHANGE_ROUTE_H
#define SHOKAI_EXCHANGE_ROUTE_H

#include "exchange/transport.h"

struct route {
	const struct node *node;
	struct transport client;
	struct transport folder;
};

/* The transport it is; valid as long as r. */
struct transport route_transport(struct route *r);

#endif
