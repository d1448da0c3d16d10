/*
 * party.h — a party is a function from one event to one unit of work.
 *
 * It knows no socket, clock, process or randomness of its own: they are in
 * struct party_context. Each function does at most one unit: it reads
 * (store_read), computes (decoding, converting, sealing: outside any
 * transaction), then writes in one store_run that checks again what it relied
 * on. Killed at any instruction, its successor finds the work in the database.
 */
#ifndef SHOKAI_PARTIES_PARTY_H
#define SHOKAI_PARTIES_PARTY_H

#include "audit/audit.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "exchange/message.h"
#include "exchange/node.h"
#include "layout/layout.h"

/* Layouts by institution and day, loaded from NODE/layouts; owned by who
 * made it (parties/layouts.h). NULL where the party has none. */
struct layouts;

/* What a bank keeps of its customers from one file to the next (bank.h). */
struct bank_filter;

struct party_context {
	const struct node *node;
	const struct keys *keys;
	const struct peers *peers; /* reloaded by the caller when changed */
	struct layouts *layouts;
	const struct codes *codes;
	struct store *store;
	struct random_source random;
	int64_t restored_us; /* restored.h: when last; 0 never */
	int64_t now_us;
	struct arena *arena;	    /* reset by the caller after each unit */
	struct bank_filter *filter; /* the caller's, or NULL: not kept */
};

struct party {
	/*
	 * One received message, waiting in the inbox, already checked by
	 * message_check. Ends with inbox_mark in its own transaction. An
	 * ERR_INPUT, ERR_LIMIT or ERR_DENIED means: refused, and marked so.
	 */
	enum err_class (*message)(
	    struct party_context *c, const struct message *m, struct err *e);

	/* The next bounded step of some open task; *did false: none. NULL:
	 * a party without tasks. */
	enum err_class (*task)(
	    struct party_context *c, bool *did, struct err *e);

	/* Once a second or so: status messages, deadlines, expiry. */
	enum err_class (*timer)(struct party_context *c, struct err *e);
};

extern const struct party party_ward;
extern const struct party party_unit;
extern const struct party party_hub;
extern const struct party party_bank;

const struct party *party_of(enum store_party party);

/*
 * What all parties share (party.c):
 * party_relay — a message whose final recipient is another: forwards header
 * and payload unchanged to the next hop, records step receive_no (0: none)
 * and lets delivery record send_no; marks the inbox row done.
 */
CHECKED enum err_class party_relay(struct party_context *c,
    const struct message *m, int receive_no, int send_no, struct err *e);

/* A message made, and where it goes: made before the transaction, sent in it.
 */
struct party_sending {
	struct message message;
	const char *next_hop;
	const char *hub; /* the flow the step belongs to; "" all */
	int step; /* recorded by delivery when the receipt is in; 0 none */
};

/* Signs and seals a message (h: everything but id, origin, digests, times of
 * creation) and finds its next hop: message.unknown_recipient if there is
 * none. Bytes live in c->arena. */
CHECKED enum err_class party_make(struct party_context *c, struct header *h,
    const struct content *content, struct party_sending *out, struct err *e);
CHECKED enum err_class party_send(struct store_tx *tx,
    const struct party_sending *s, int64_t now_us, struct err *e);
CHECKED enum err_class party_next_hop(const struct party_context *c,
    const struct header *h, const char **code, struct err *e);

/*
 * S4: is the ward's approval document (its signature verified by the caller)
 * of h's authority and wave, for that institution, scope and period? NULL: not
 * asked. Else ERR_DENIED message.not_allowed.
 */
CHECKED enum err_class party_approved(struct bytes document,
    const struct header *h, const char *institution, const char *scope,
    struct err *e);

/* The content of what that peer signed, at whatever time: peers_verify, but
 * ERR_BUSY "message.bad_certificate" where its certificate is of nobody in the
 * table (a renewed one may come). */
CHECKED enum err_class party_verify(const struct peers *all,
    const struct peer *signer, struct bytes cms, struct buf *document,
    struct err *e);

/* An answer file's content says in its meta the SHA-256 of its records,
 * "digest", made where they were written: another than that of the part as it
 * arrived is ERR_INPUT "answer.digest". A content that says none is not refused
 * for it. */
CHECKED enum err_class party_digest(
    const struct content *content, const char *part, struct err *e);

/* The key of store_run_key for what touches one authority's wave, and of it
 * one institution ("": all its subjects). */
#define PARTY_KEY 64
const char *party_key(const char *authority, int64_t wave,
    const char *institution, char out[PARTY_KEY]);

/* Marks m as done in tx; ERR_BUSY "party.done" if another was quicker: the
 * caller rolls back and nothing has happened twice (E3). */
CHECKED enum err_class party_take(
    struct store_tx *tx, const struct message *m, struct err *e);

/* What a bank says of a file belongs to the flow in which the file began, as
 * its request's signed header names it where that is kept here: which step it
 * is depends on it (E7). Another hub or link in h: ERR_DENIED
 * "message.not_allowed". */
CHECKED enum err_class party_same_flow(
    struct store_tx *tx, const struct header *h, struct err *e);

/* Records one of the party's own steps for the file and flow of h; no 0:
 * nothing. */
CHECKED enum err_class party_step(struct store_tx *tx,
    const struct party_context *c, const struct header *h, int no,
    int64_t inquiries, struct err *e);

/* Step numbers of a flow: which step it is that this party does. */
enum party_deed {
	DEED_EXTRACT,
	DEED_SUBJECTS_SENT,
	DEED_SUBJECTS_IN,
	DEED_CONVERT,
	DEED_CHECK_REQUEST,
	DEED_REQUEST_CARRIED,
	DEED_HUB_REQUEST_IN,
	DEED_HUB_REQUEST_OUT,
	DEED_BANK_IN,
	DEED_LOOKUP,
	DEED_UPLOAD,
	DEED_ANSWER_SENT,
	DEED_HUB_ANSWER_IN,
	DEED_HUB_ANSWER_OUT,
	DEED_CHECK_ANSWER,
	DEED_ANSWER_CARRIED,
	DEED_UNIT_ANSWER_IN,
	DEED_CLEANSE,
	DEED_REGISTER,
	DEED_COUNT
};
/* 0 if the flow has no such step. Table: party_steps.c, from 資料６１－１
 * and 資料６１－２. */
int party_step_no(enum node_link link, enum party_deed deed);
struct party_step_info {
	int no;
	const char *mark;  /* "①" */
	const char *text;  /* Japanese, as the seed has it */
	const char *party; /* "ward" … */
};
const struct party_step_info *party_steps(enum node_link link, size_t *n);

#endif
