/*
 * client.h — other systems at the desk: OAuth 2.0 client credentials (RFC 6749
 * §4.4). A client has an id, a secret (kept as scrypt) and roles; what it gets
 * is a bearer token (RFC 6750) of ten minutes, random, kept as its digest,
 * whose scope are roles. Every route asks for them as it asks a person.
 *
 * What only a person may do is kept from clients: none is approver or
 * administrator, and having no appointment none drafts or submits (S4).
 */
#ifndef SHOKAI_API_CLIENT_H
#define SHOKAI_API_CLIENT_H

#include "api/session.h"

#define CLIENT_ID 32 /* "client-" and 16 hexadecimal digits, NUL */
#define CLIENT_LIFE_S 600

struct client {
	char id[CLIENT_ID];
	char name[WARD_USER_NAME];
	unsigned roles;
	struct date until;
	char who[WARD_USER_NAME];
	int64_t at_us;
};

/* Adds one; id and secret are made here, the secret is shown this once.
 * ERR_INPUT "client.role" (none, approver or admin), "client.name". Logged. */
CHECKED enum err_class client_add(struct party_context *c, struct client *x,
    const char *actor, char secret[SESSION_TOKEN], struct err *e);

/* All of them by id: at most max; *n of them. */
CHECKED enum err_class client_list(struct party_context *c, struct client *out,
    size_t max, size_t *n, struct err *e);

/* Forgets it; its tokens end at once. ERR_INPUT "client.unknown". Logged. */
CHECKED enum err_class client_drop(
    struct party_context *c, const char *id, const char *actor, struct err *e);

/*
 * A token for who knows the secret. scope: roles joined by blanks, "" all it
 * has. ERR_DENIED "oauth.client" (unknown, wrong secret, past its last day:
 * one answer), ERR_INPUT "oauth.scope"; ERR_BUSY "session.locked_out" with
 * *wait_s, as for a person. Logged.
 */
struct client_try {
	const char *id;
	const char *secret;
	const char *scope;
};
CHECKED enum err_class client_token(struct party_context *c,
    const struct client_try *t, char token[SESSION_TOKEN], unsigned *roles,
    int64_t *wait_s, struct err *e);

/*
 * Whose token is it? s->token is given. The client as a user of its scope, the
 * session without CSRF token. ERR_DENIED "token.unknown" (also: ended, of a
 * client that is there no more).
 */
CHECKED enum err_class client_load(struct party_context *c, struct session *s,
    struct ward_user *user, struct err *e);

/* The token of an Authorization header ("Bearer …"); false: there is none, and
 * out stays as it is. */
bool client_bearer(struct text authorization, char out[SESSION_TOKEN]);

#endif
