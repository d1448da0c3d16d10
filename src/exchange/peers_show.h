/*
 * peers_show.h — a row of the peer table as docs/interface.md §14 shows it.
 */
#ifndef SHOKAI_EXCHANGE_PEERS_SHOW_H
#define SHOKAI_EXCHANGE_PEERS_SHOW_H

#include "exchange/peers.h"

#include <jansson.h>

/* The caller's. */
json_t *peers_show(const struct peer *p, int64_t now_us);

#endif
