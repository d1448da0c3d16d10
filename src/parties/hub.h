/*
 * hub.h — what a hub can tell of its traffic: counts by authority and
 * institution, nothing of any person.
 */
#ifndef SHOKAI_PARTIES_HUB_H
#define SHOKAI_PARTIES_HUB_H

#include "parties/party.h"

#include <jansson.h>

/* When a file may go on: now, or when the hub opens next. */
int64_t hub_opens(const struct party_context *c);

struct hub_traffic {
	struct text authority;
	struct text institution;
	int64_t files;
	int64_t records; /* inquiries in them */
	int64_t answered;
	int64_t cancelled;
};

json_t *hub_traffic_json(const struct hub_traffic *t); /* the caller's */

/* Each pair of authority and institution, in that order; texts live until
 * row returns. */
CHECKED enum err_class hub_traffic(struct party_context *c,
    void (*row)(void *ctx, const struct hub_traffic *traffic), void *ctx,
    struct err *e);

#endif
