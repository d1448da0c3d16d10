/*
 * proxy.h — stands between a store and its server, in a process of its own,
 * and cuts the connection at a COMMIT.
 */
#ifndef SHOKAI_TESTS_STORE_PROXY_H
#define SHOKAI_TESTS_STORE_PROXY_H

#include <sys/types.h>

#define PROXY_PORT 5432 /* of its socket's name */

enum proxy_cut {
	PROXY_NONE,
	PROXY_BEFORE, /* the COMMIT never reaches the server; both are cut */
	PROXY_HALF,   /* the same, but the server is not told: it waits on */
	PROXY_AFTER,  /* the server has answered; the answer is dropped */
	PROXY_GONE,   /* the same, and no connection is taken afterwards */
};

struct proxy_shared;
struct proxy {
	char folder[64]; /* of the socket */
	pid_t pid;
	struct proxy_shared *shared;
};

struct proxy *proxy_start(const char *folder);
void proxy_stop(struct proxy *p);

/* Cuts the next COMMIT so, once. */
void proxy_cut(struct proxy *p, enum proxy_cut cut);
int proxy_cuts(const struct proxy *p); /* done by now */

#endif
