/*
 * receipt.h — receipts: the receiver's signed word that a message is on its
 * disk (E1). Signed in groups: CMS SignedData over lines of JSON, one per
 * message: {"id":…,"digest":…,"code":100,"time":…,"by":…,"to":…}.
 * Each is provable by its line in the signed list. Codes: docs/interface.md
 * §3 (ours, numbers after sedex).
 */
#ifndef SHOKAI_EXCHANGE_RECEIPT_H
#define SHOKAI_EXCHANGE_RECEIPT_H

#include "base/bytes.h"
#include "exchange/header.h"
#include "exchange/keys.h"

/* clang-format off */
#define RECEIPT_CODES(X)                                                       \
	X(ACCEPTED, 100, "accepted") X(MALFORMED, 200, "malformed")            \
	X(DUPLICATE, 201, "duplicate") X(EXPIRED, 204, "expired")              \
	X(UNKNOWN_SENDER, 300, "unknown_sender")                               \
	X(UNKNOWN_RECIPIENT, 301, "unknown_recipient")                         \
	X(NOT_ALLOWED, 310, "not_allowed")                                     \
	X(BAD_CERTIFICATE, 312, "bad_certificate")                             \
	X(BAD_SIGNATURE, 313, "bad_signature")                                 \
	X(TOO_LARGE, 330, "too_large")
/* clang-format on */
#define RECEIPT_CODE_(id, number, name) RECEIPT_##id = number,
enum receipt_code { RECEIPT_CODES(RECEIPT_CODE_) };

const char *receipt_code_name(int code); /* NULL: no such code */

/* The code whose name stands behind "message." in e's code; 0: none does. */
int receipt_code_of(const struct err *e);

struct receipt {
	char id[HEADER_ID]; /* of the message; "" if it had none */
	char
	    digest[DIGEST_TEXT]; /* SHA-256 of header and payload as received */
	int code;
	int64_t time_us;
	char by[NODE_CODE]; /* who gives it */
	char to[NODE_CODE]; /* whom it is given */
};

void receipt_put(const struct receipt *r, struct buf *lines);
/* Parses the content of a group; at most max receipts. ERR_INPUT
 * "message.malformed" unless each line is, byte for byte, what receipt_put
 * would write. */
CHECKED enum err_class receipt_parse(struct bytes lines, struct receipt *out,
    size_t max, size_t *n, struct err *e);

#endif
