/*
 * folder.h — link: folder: deliveries as AES-256 ZIP files carried by hand to
 * a system that cannot be reached, and what is carried back.
 *
 *   NODE/folder/out/PEER/FROM-TO-000001.zip   to be carried to PEER
 *   NODE/folder/in/PEER/NAME.zip               carried here from PEER
 *   NODE/folder/in/PEER/done/                 taken in
 *   NODE/folder/in/PEER/refused/              not; NAME.json says why
 *   NODE/keys/folder-password-PEER, or        the password both sides share:
 *   NODE/keys/folder-password                 first line, 8 to 128 bytes
 *
 * A ZIP holds manifest.json and, for messages, NN.header and NN.payload of
 * each of 1…32; for receipts the signed groups. A batch that was written stays
 * queued until its receipts are carried back, and is written again only after
 * FOLDER_AGAIN; the receiver keeps each message once (E2). Whatever comes in
 * passes gate_receive as from that peer: receipts are written only after the
 * commit (E1).
 *
 * Who may put files into in/PEER and knows the password is taken for that hop;
 * who made a message is proved by its signature alone (S2).
 */
#ifndef SHOKAI_EXCHANGE_FOLDER_H
#define SHOKAI_EXCHANGE_FOLDER_H

#include "base/clock.h"
#include "exchange/transport.h"

#define FOLDER_AGAIN (3 * CLOCK_DAY)
#define FOLDER_FILE_MAX (GATE_BODY_MAX + ((size_t)1 << 20))
#define FOLDER_NAME 128

/* One ZIP written or read, for the carrying book (媒体受渡簿). */
struct folder_note {
	const char *direction; /* "out" or "in" */
	const char *peer;
	const char *name;	  /* of the ZIP */
	int64_t messages;	  /* or receipts */
	int64_t records;	  /* as their headers say */
	char digest[DIGEST_TEXT]; /* SHA-256 of the ZIP */
	int64_t at_us;
};

/* Enters it, in the transaction that the ZIP belongs to. */
typedef enum err_class folder_note_fn(void *ctx, struct store_tx *tx,
    const struct folder_note *note, struct err *e);

struct folder_config {
	const char *process; /* name in log lines */
	const struct node *node;
	struct gate *gate;    /* receives what comes in; its store is used */
	folder_note_fn *note; /* NULL: no book is kept */
	void *note_ctx;
	int settle_ms; /* a file younger than this may still be coming;
			  0: 2,000 */
	int look_ms;   /* between two looks into in/; 0: 1,000 */
};

struct folder;

/* Nothing is opened before there is something to carry. */
struct folder *folder_new(const struct folder_config *config);
void folder_free(struct folder *f);

/* The transport it is; valid until folder_free. take looks into in/. */
struct transport folder_transport(struct folder *f);

#endif
