/*
 * desk.h — what officers and other systems reach over HTTPS: GET /healthz (no
 * sign-in), the API below /api/v1 (route.h), the pages (pages.h).
 *
 * Order of the checks: terminal, address, session, role, CSRF token, shapes of
 * query and body, Idempotency-Key; then the handler.
 */
#ifndef SHOKAI_API_DESK_H
#define SHOKAI_API_DESK_H

#include "api/pages.h"
#include "api/stream.h"
#include "exchange/server.h"
#include "parties/layouts.h"
#include "parties/party.h"

#define DESK_BODY_MAX ((size_t)4 << 20) /* larger ones come into files */

struct call;
struct once;

struct desk {
	struct party_context context; /* filled by desk_open */
	struct pages *pages;
	struct peers *peers;
	char stamp[PEERS_STAMP];
	struct keys *keys;
	struct arena forever;
	struct arena arena; /* of one request */
	struct stream_pool streams;
	int asides;	      /* long calls at work (aside.h) */
	enum err_class class; /* ERR_FAULT: the process is to end */
	struct err err;
	void (*on_fault)(void *ctx);
	void *ctx;
};

/* The node's database, keys, peers, tables and pages. web: their folder, or
 * NULL. Close it whatever is returned. */
CHECKED enum err_class desk_open(
    struct desk *d, const struct node *n, const char *web, struct err *e);
void desk_close(struct desk *d);

/* Time and peers as they are now; the arena is empty then. */
CHECKED enum err_class desk_refresh(struct desk *d, struct err *e);

/* Runs a call whose caller, query and body have been checked. */
void desk_run(struct desk *d, struct call *c, struct server_answer *a);

/* 500: nothing is known of what became of it. */
void desk_put_failed(struct server_answer *a);

/* Keeps what a change has answered, if it can come again; secret: only that
 * it was done. */
void desk_keep_once(struct desk *d, bool secret, const struct once *o,
    const struct server_answer *a);

/* For struct server_config; ctx is a struct desk. */
void desk_handle(void *ctx, const struct server_request *request,
    struct server_answer *answer);
int desk_admit(void *ctx, const struct server_request *request,
    struct server_taking *taking);
void desk_refuse(void *ctx, const struct server_request *request,
    struct server_answer *answer);

#endif
