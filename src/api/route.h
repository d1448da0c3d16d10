/*
 * route.h — one table declares every route of the API: method, path, roles,
 * handler, request and answer shape, help. The permission check, the OpenAPI
 * document and the tests' mechanical cases come from it.
 */
#ifndef SHOKAI_API_ROUTE_H
#define SHOKAI_API_ROUTE_H

#include "api/call.h"

#define ROUTE_PREFIX "/api/v1"
#define ROUTE_BODY_MAX ((size_t)1 << 20) /* of a JSON body */
#define ROUTE_PARTY(p) (1U << (p))
#define ROUTE_ALL                                                              \
	(ROUTE_PARTY(STORE_WARD) | ROUTE_PARTY(STORE_UNIT) |                   \
	    ROUTE_PARTY(STORE_HUB) | ROUTE_PARTY(STORE_BANK))
#define ROUTE_ANYONE ((1U << ROLE_BITS) - 1)

enum route_flag {
	ROUTE_OPEN = 1,	  /* without signing in */
	ROUTE_READS = 2,  /* a POST that changes nothing: needs no key */
	ROUTE_SECRET = 8, /* a repeat is told that it was done, not what
			     it answered: that is kept nowhere */
	ROUTE_LONG = 16,  /* run beside the desk (aside.h); its raw body is a
			     file */
	ROUTE_QUIET = 4,  /* called by the page, not by a person: the idle lock
			     does not wait for it */
};

struct route {
	const char *method;
	const char *path; /* below ROUTE_PREFIX; "{NAME}" is one segment */
	unsigned roles;	  /* one of them is needed; 0 with ROUTE_OPEN */
	unsigned parties; /* ROUTE_PARTY bits: elsewhere it is 404 */
	unsigned flags;
	call_fn *run;
	const char *query;   /* shape of the query, or NULL: none */
	const char *request; /* shape of the body, or NULL: none */
	const char *raw;     /* a body of this content type instead */
	size_t raw_max;
	const char *answer; /* shape of the answer; NULL: 204 */
	const char *of;	    /* path whose GET gives the ETag that If-Match
			       must name; NULL: none */
	const char *help;
};

/* All routes; *n of them. */
const struct route *route_table(size_t *n);

/*
 * The route of that method and path ("/api/v1/…" as sent) at that party; its
 * segments, percent-decoded, in a. NULL: *status is 404, or 405 with the
 * methods there are in *allow (in a).
 */
const struct route *route_find(struct text method, struct text path,
    enum store_party party, struct arena *a, const char *param[CALL_PARAMS],
    int *status, const char **allow);

/* Its segments alone, of a route that was found before; false: it does not
 * fit. */
bool route_params(const struct route *r, struct text path, struct arena *a,
    const char *param[CALL_PARAMS]);

/* A percent-decoded piece of an address (plus: '+' is a blank); false if it
 * is not UTF-8, or not encoded well. */
bool route_decode(struct arena *a, struct text in, bool plus, struct text *out);

#endif
