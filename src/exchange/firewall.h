/*
 * firewall.h — nftables rules from the peer table: who may connect to the
 * gate, and whom the node may connect to. Nothing is resolved here; a host
 * name stands as it does in the URL, and nft resolves it when it loads them.
 */
#ifndef SHOKAI_EXCHANGE_FIREWALL_H
#define SHOKAI_EXCHANGE_FIREWALL_H

#include "exchange/peers.h"

/* listen, desk: as in node.yaml. Peers out of force are left out. */
void firewall_rules(const struct peers *peers, const struct node *node,
    int64_t now_us, struct buf *out);

#endif
