/*
 * desk.h — what the desk answers over HTTPS: GET /healthz (no sign-in); every
 * other address is 404, as application/problem+json (RFC 9457).
 */
#ifndef SHOKAI_API_DESK_H
#define SHOKAI_API_DESK_H

#include "exchange/server.h"

#define DESK_BODY_MAX ((size_t)1 << 20)

/* A server_fn; ctx is not used. */
void desk_handle(void *ctx, const struct server_request *request,
    struct server_answer *answer);

#endif
