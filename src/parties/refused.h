/*
 * refused.h — a content that is refused whole (a part of the subjects, a
 * request file, an answer file): nobody waits for its effect in vain. It is
 * kept here with its code, and in the same transaction its sender and its
 * authority's ward are told in a signed status; they keep it likewise. Only
 * names of files, numbers of messages and codes are told (S5), and an
 * officer's reason where an officer returned it.
 *
 * What was refused is not answered (E6) and not sent: under a new message id
 * the sender may send the same file, mended, or the same part.
 */
#ifndef SHOKAI_PARTIES_REFUSED_H
#define SHOKAI_PARTIES_REFUSED_H

#include "parties/party.h"

#define REFUSED_TOLD 2

/* One refusal, being told. */
struct refused {
	const struct header *h;
	const char *code;
	const char *reason; /* an officer's words, or NULL */
	bool speaks; /* S2: the origin is whose word on that file counts */
	struct party_sending told[REFUSED_TOLD];
	size_t count;
};

/* Is it of a kind whose refusal is told? */
bool refused_counts(enum header_kind kind);

/* Makes the messages: outside the transaction. Whom no way leads to is not
 * told. Bytes live in c->arena. */
CHECKED enum err_class refused_make(struct party_context *c,
    const struct header *h, const char *code, struct refused *out,
    struct err *e);

/* Keeps it, moves what waits for it here, and queues the messages (E4). */
CHECKED enum err_class refused_write(struct store_tx *tx,
    struct party_context *c, const struct refused *r, struct err *e);

/* A received message that can never be done: marked so with its code, and
 * told of in the same transaction (E3). Of kinds that do not count only the
 * mark is made. ERR_BUSY "party.done": another worker was quicker. */
CHECKED enum err_class refused_message(struct party_context *c,
    const struct message *m, const char *code, struct err *e);

/* What a status tells of refusals: those of our own messages are kept, and
 * others (a bank's, at the ward) where may says that this peer may tell of
 * that file; NULL: none. *ignored counts all else. */
struct refused_told {
	const struct peer *peer;
	const char *authority; /* of the status */
	const json_t *meta;
	enum err_class (*may)(struct store_tx *tx, void *ctx, const char *file,
	    bool *may, struct err *e);
	void *ctx;
	size_t kept;
	size_t ignored;
};
CHECKED enum err_class refused_take(struct store_tx *tx,
    struct party_context *c, struct refused_told *t, struct err *e);

/* One kept refusal; texts live until row returns. */
struct refused_row {
	int64_t at_us;
	struct text authority;
	int64_t wave;
	struct text kind;
	struct text institution;
	struct text file;
	struct text party; /* who refused it */
	struct text code;
	struct text message;
	struct text reason; /* an officer's, or empty */
	bool open;	    /* a good one is still waited for */
};

/* Which of them: those behind a place, at most max. */
struct refused_page {
	int64_t at_us;
	const char *authority;
	const char *message;
	const char *party;
	bool all; /* not only the open ones */
	int64_t max;
};
/* From the first on, all that there are. */
#define REFUSED_WHOLE(every)                                                   \
	(&(const struct refused_page){.at_us = INT64_MIN,                      \
	    .authority = "",                                                   \
	    .message = "",                                                     \
	    .party = "",                                                       \
	    .all = (every),                                                    \
	    .max = INT64_MAX})
#define REFUSED_ALL REFUSED_WHOLE(true)
#define REFUSED_OPEN REFUSED_WHOLE(false)

/* Each of those, oldest first, within a transaction of the caller's. */
CHECKED enum err_class refused_each(struct store_tx *tx,
    const struct node *node, const struct refused_page *page,
    void (*row)(void *ctx, const struct refused_row *row), void *ctx,
    struct err *e);

/* As docs/interface.md shows it; the caller's. */
json_t *refused_json(const struct refused_row *row);

#endif
