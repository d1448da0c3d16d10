/*
 * health.h — what a node does (docs/interface.md §3 `status`): processes,
 * database, what waits, when each peer was heard last. Nothing of any person.
 */
#ifndef SHOKAI_PARTIES_HEALTH_H
#define SHOKAI_PARTIES_HEALTH_H

#include "parties/party.h"

#include <jansson.h>

/*
 * serving: does a supervisor hold the node? s NULL: the database could not be
 * opened, with the code why. peers[].reachable is null: who asks them sets it.
 * The caller's.
 */
json_t *health_report(const struct node *n, struct store *s,
    const struct peers *peers, bool serving, const char *why);

#endif
