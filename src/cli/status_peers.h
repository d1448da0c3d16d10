/*
 * status_peers.h — can the peers be reached? One TCP connection to each, all
 * at the same time, for at most a second; closed at once.
 */
#ifndef SHOKAI_CLI_STATUS_PEERS_H
#define SHOKAI_CLI_STATUS_PEERS_H

#include "exchange/peers.h"

enum status_reach {
	STATUS_UNKNOWN, /* it has no address of its own */
	STATUS_REACHED,
	STATUS_UNREACHED,
};

#define STATUS_PEERS_MAX 1024 /* further ones stay unknown */

/* reach has one place per peer of the table. */
void status_peers_probe(const struct peers *peers, enum status_reach *reach);

#endif
