/*
 * session.h — who is signed in: password (scrypt) and, where the node demands
 * it or the user has one, a code of RFC 6238; a random token in a cookie,
 * of which the database holds the digest; idle lock, absolute end; growing
 * lock-out.
 */
#ifndef SHOKAI_API_SESSION_H
#define SHOKAI_API_SESSION_H

#include "parties/party.h"
#include "parties/ward_user.h"

#define SESSION_COOKIE "__Host-shokai" /* RFC 6265bis §4.1.3.2 */
#define SESSION_TOKEN 65	       /* hexadecimal and NUL */
#define SESSION_SECRET 33	       /* as of totp.h */
#define SESSION_IDLE_S 900
#define SESSION_LIFE_S 43200

struct session {
	char token[SESSION_TOKEN]; /* "" : none was shown */
	char csrf[SESSION_TOKEN];
	char user[WARD_USER_NAME];
	bool quiet; /* the caller's: this call is no sign of a person */
	int64_t ends_us;
};

struct session_try {
	const char *name;
	const char *password;
	const char *totp;	 /* or "" */
	const char *certificate; /* SHA-256 of the one shown, or "" */
	const char *before;	 /* token of a session that this one replaces */
};

/*
 * Signs in. ERR_DENIED "session.wrong" (one answer for every wrong name,
 * password and code, and for who may not sign in), "session.totp" (a code is
 * needed and none came), "session.certificate" (this user signs in with a
 * certificate, and that was not shown); ERR_BUSY "session.locked_out" with
 * *wait_s. Logged.
 */
CHECKED enum err_class session_begin(struct party_context *c,
    const struct session_try *t, struct session *out, int64_t *wait_s,
    struct err *e);

/*
 * Whose session is it? out->token is given. ERR_DENIED "session.none",
 * "session.ended", "session.locked" (idle), or ward_user_may's. The user's
 * roles are not asked here.
 */
CHECKED enum err_class session_load(struct party_context *c,
    struct session *out, struct ward_user *user, struct err *e);

/* Ends it. */
CHECKED enum err_class session_end(
    struct party_context *c, const struct session *s, struct err *e);

/* The token of a Cookie header's value; "" if there is none. */
void session_token(struct text cookie, char out[SESSION_TOKEN]);

/* Is it this session's CSRF token? Takes the same time for every answer. */
bool session_csrf(const struct session *s, struct text given);

/* A new password for who knows the old one. ERR_DENIED "session.wrong",
 * ERR_INPUT "user.password". Other sessions of that user end. */
CHECKED enum err_class session_password(struct party_context *c,
    struct session *s, const char *old, const char *new_password,
    struct err *e);

/* The certificate that user signs in with from now on (SHA-256, hexadecimal);
 * "": without. ERR_INPUT "user.unknown", "user.certificate". Logged. */
CHECKED enum err_class session_certificate(struct party_context *c,
    const char *name, const char *fingerprint, const char *actor,
    struct err *e);

/* A new secret for that user, instead of one that was there; shown this once.
 * ERR_INPUT "user.unknown". actor NULL: the owner of the node's folder. Logged.
 */
CHECKED enum err_class session_totp(struct party_context *c, const char *name,
    const char *actor, char secret[SESSION_SECRET], struct err *e);

/* What an authenticator takes: "otpauth://totp/…", in a. */
char *session_totp_uri(struct arena *a, const struct node *n, const char *name,
    const char *secret);

#endif
