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
#include "exchange/server.h"
#include "parties/layouts.h"
#include "parties/party.h"

#define DESK_BODY_MAX ((size_t)64 << 20)

struct desk {
	struct party_context context; /* filled by desk_open */
	struct pages *pages;
	struct peers *peers;
	char stamp[PEERS_STAMP];
	struct keys *keys;
	struct arena forever;
	struct arena arena;   /* of one request */
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

/* For struct server_config; ctx is a struct desk. */
void desk_handle(void *ctx, const struct server_request *request,
    struct server_answer *answer);
int desk_admit(void *ctx, const struct server_request *request);
void desk_refuse(void *ctx, const struct server_request *request,
    struct server_answer *answer);

#endif
