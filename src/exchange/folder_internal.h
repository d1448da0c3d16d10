/*
 * folder_internal.h — what folder.c (going out) and folder_in.c (coming in)
 * share.
 */
#ifndef SHOKAI_EXCHANGE_FOLDER_INTERNAL_H
#define SHOKAI_EXCHANGE_FOLDER_INTERNAL_H

#include "exchange/folder.h"
#include "exchange/folder_manifest.h"
#include "exchange/pouch.h"

struct folder {
	struct folder_config config;
	bool failed_is; /* a batch could not be written: take gives it back */
	struct delivery failed;
	int64_t look_us; /* on the monotonic clock: not to be looked before */
	int lock;	 /* NODE/folder/lock, held: this process takes in */
	/* The receipts given to the work by the last take; their file is put
	 * away when it comes again, and has kept them. */
	char answered_peer[NODE_CODE];
	char answered_name[FOLDER_NAME * 2];
	int64_t noted_us;
};

/* One ZIP about to be written or just read. */
struct folder_zip {
	struct folder *folder;
	const char *direction;
	const char *peer;
	char name[FOLDER_NAME * 2];
	struct folder_manifest manifest;
	struct digest digest;
	int64_t now_us;
	const struct delivery *delivery; /* out, messages: what it holds */
};

/* Encrypts p and writes it into out/PEER, whole or not at all; fills name
 * and digest. */
CHECKED enum err_class folder_write(
    struct folder_zip *z, const struct pouch *p, struct err *e);
/* Takes it back, where the transaction that belongs to it has ended so that
 * nothing happened. Where it may have, the file stays: a row that counts as
 * carried must find it in out/, and what is carried twice is kept once (E2).
 */
void folder_unwrite(
    const struct folder_zip *z, enum err_class c, const struct err *e);

/* Enters it in the carrying book, if one is kept. */
CHECKED enum err_class folder_enter(
    struct store_tx *tx, const struct folder_zip *z, struct err *e);

/* A sync that has failed ends the process: its successor looks at what is
 * there. No other error does anything here. */
void folder_end_unsynced(const struct folder *f, const struct err *e);

/* Says it at most once a minute. */
void folder_log(struct folder *f, const struct err *e);

/* One look into in/: takes in messages; *d and *answer, with true, are
 * receipts that came back. */
bool folder_in_look(struct folder *f, struct delivery *d, struct buf *answer);
/* Puts the file of the last receipts away. */
void folder_in_finish(struct folder *f);

#endif
