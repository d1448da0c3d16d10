/*
 * message.h — a whole message: header signed by its origin, payload sealed to
 * its readers (S2); and its ways through the tables: outbox, inbox.
 */
#ifndef SHOKAI_EXCHANGE_MESSAGE_H
#define SHOKAI_EXCHANGE_MESSAGE_H

#include "audit/audit.h"
#include "exchange/content.h"
#include "exchange/header.h"
#include "exchange/keys.h"
#include "exchange/peers.h"
#include "store/store.h"

struct message {
	struct header h;
	struct bytes header;	  /* CMS SignedData over header_write(h) */
	struct bytes payload;	  /* CMS AuthEnvelopedData, never empty */
	char digest[DIGEST_TEXT]; /* SHA-256 of header then payload */
};

/*
 * Makes a message: fills h's id (from random), origin, payload digest and
 * created_us; seals c to the readers named in h (their certificates from
 * peers, our own if we are one), signs. Bytes live in a. Costs crypto: call
 * it before the transaction. ERR_INPUT "message.unknown_recipient": a reader
 * is no peer; "message.malformed": h holds what header_read refuses.
 */
CHECKED enum err_class message_make(const struct keys *keys,
    const struct peers *peers, const char *own_code, struct header *h,
    const struct content *c, int64_t now_us, const struct random_source *random,
    struct arena *a, struct message *out, struct err *e);

/*
 * Reads and verifies the header alone (what every hop does): the origin must
 * be a peer, the signature its own. ERR_DENIED message.unknown_sender,
 * .bad_signature; ERR_INPUT message.malformed (also: payload digest wrong).
 */
CHECKED enum err_class message_check(const struct peers *peers,
    struct bytes header, struct bytes payload, struct message *out,
    struct err *e);

/* Opens the payload (a reader). Header and meta that disagree (id, origin,
 * kind, authority, wave, institution, file, records, approval; message_make
 * copies them into meta's "header", so that nobody who cannot open a payload
 * can put it under a header of their own) are ERR_DENIED
 * "message.bad_signature". ERR_INPUT "message.dropped": no payload kept. */
CHECKED enum err_class message_open(const struct keys *keys,
    const struct message *m, struct arena *a, struct content *out,
    struct err *e);

/*
 * In the transaction that causes it (E4): keeps the message (once) and queues
 * it for the next hop. step > 0: the step this sending is, recorded for hub,
 * in the transaction that commits the receipt (E7).
 */
CHECKED enum err_class message_send(struct store_tx *tx,
    const struct message *m, const char *next_hop, const char *hub, int step,
    int64_t now_us, struct err *e);

/* The same of one that is kept already: received, and passed on. */
CHECKED enum err_class message_forward(struct store_tx *tx,
    const struct message *m, const char *next_hop, const char *hub, int step,
    int64_t now_us, struct err *e);

/* Keeps it, once, without queueing it (a message received). */
CHECKED enum err_class message_keep(
    struct store_tx *tx, const struct message *m, struct err *e);

/* A kept message by id; bytes live in a. *found false: not there. */
CHECKED enum err_class message_load(struct store_tx *tx, const char *id,
    struct arena *a, struct message *out, bool *found, struct err *e);

/* The same of one that still waits in the inbox. */
CHECKED enum err_class message_waiting(struct store_tx *tx, const char *id,
    struct arena *a, struct message *out, bool *found, struct err *e);

/* Its header alone, which is kept when the payload is not looked at. */
CHECKED enum err_class message_head(struct store_tx *tx, const char *id,
    struct header *out, bool *found, struct err *e);

/* Inbox states. */
enum inbox_state { INBOX_WAITING, INBOX_DONE, INBOX_REFUSED, INBOX_HELD };

/* Marks a received message, in the transaction of what it causes (E3). *was
 * is its state before; a message that is not waiting (another worker was
 * quicker) must change nothing: roll back. code: why refused, or "". */
CHECKED enum err_class inbox_mark(struct store_tx *tx, const char *id,
    enum inbox_state state, const char *code, enum inbox_state *was,
    struct err *e);

/* The oldest waiting messages' ids, at most n, of those behind the place
 * after (0: of all); and their places, unless seqs is NULL. */
CHECKED enum err_class inbox_waiting(struct store_tx *tx, int64_t after,
    char (*ids)[HEADER_ID], int64_t *seqs, size_t n, size_t *count,
    struct err *e);

/* A step of a flow, recorded by who does it (E7). Repeats are ignored. */
struct step {
	const char *authority;
	uint32_t wave;
	const char *file;
	const char *hub;
	int no;
	const char *party;
	int64_t at_us;
	int64_t inquiries;
	const char *signed_by;
};
CHECKED enum err_class message_step(
    struct store_tx *tx, const struct step *s, struct err *e);

/* n of them that one party tells of, of one authority. */
CHECKED enum err_class message_steps(struct store_tx *tx, struct arena *a,
    const struct step *s, size_t n, struct err *e);

#endif
