/*
 * once.h — a change with an Idempotency-Key is done once: what it answered is
 * kept for a day and given again.
 */
#ifndef SHOKAI_API_ONCE_H
#define SHOKAI_API_ONCE_H

#include "parties/party.h"

struct once {
	const char *user;
	const char *key;
	char request[DIGEST_TEXT]; /* what was asked */
	/* Of one that was done before; body in the arena: */
	int status;
	const char *answer;
};

/* 8 to 64 of [0-9A-Za-z_-]? */
bool once_key_good(struct text key);

/*
 * Begins one: *fresh true where it is to be done, false where it was (status
 * and answer are set). ERR_BUSY "request.busy": it is at work, or its process
 * died at it. ERR_INPUT "request.key_reused": the key is another request's.
 */
CHECKED enum err_class once_begin(
    struct party_context *c, struct once *o, bool *fresh, struct err *e);

/* Keeps what was answered; status 0: forgets it, so that it can be tried
 * again. */
CHECKED enum err_class once_end(struct party_context *c, const struct once *o,
    int status, const char *answer, struct err *e);

#endif
