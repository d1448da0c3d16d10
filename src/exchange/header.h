/*
 * header.h — the header of a message: routing and counts, no person (S2).
 *
 * JSON signed by the origin, unchanged through hub and ward to the last
 * recipient. payload is the SHA-256 of the sealed payload; approval that of
 * the ward's signed approval.
 */
#ifndef SHOKAI_EXCHANGE_HEADER_H
#define SHOKAI_EXCHANGE_HEADER_H

#include "base/bytes.h"
#include "base/digest.h"
#include "base/err.h"
#include "exchange/node.h"

#define HEADER_ID 33 /* 32 lower-case hexadecimal digits and NUL */
#define HEADER_FILE 48
#define HEADER_READERS 4

/* X(id, name): docs/interface.md §3 */
/* clang-format off */
#define HEADER_KINDS(X)                                                        \
	X(SUBJECTS, "subjects") X(REQUEST_FILE, "request-file")                \
	X(ANSWER_FILE, "answer-file") X(STATUS, "status")                      \
	X(CANCEL, "cancel") X(RECEIPT, "receipt")
/* clang-format on */
#define HEADER_KIND_(id, name) KIND_##id,
enum header_kind { HEADER_KINDS(HEADER_KIND_) KIND_COUNT };

struct header {
	char id[HEADER_ID];
	enum header_kind kind;
	char origin[NODE_CODE];			 /* who made and signed it */
	char to[NODE_CODE];			 /* the final recipient */
	char readers[HEADER_READERS][NODE_CODE]; /* sealed to these */
	size_t reader_count;
	char authority[NODE_CODE]; /* "131041"; "" where it has none */
	uint32_t wave;		   /* 0: none */
	char institution[NODE_CODE];
	char hub[NODE_CODE];	/* the flow it belongs to; "" none */
	enum node_link link;	/* that flow's kind: which step each party
				   does ("direct" "via-ward" "folder") */
	char file[HEADER_FILE]; /* the request file; "" none */
	int part;		/* of subjects: 1…parts */
	int parts;
	int64_t records;
	char payload[DIGEST_TEXT];
	char approval[DIGEST_TEXT]; /* "" none */
	char ref[HEADER_ID];	    /* receipt: the message received; "" none */
	int64_t created_us;
	int64_t expires_us;
};

const char *header_kind_name(enum header_kind k);
bool header_kind_named(struct text name, enum header_kind *out);

/* [0-9A-Za-z-]{1,16}: the code of a node or an institution. */
bool header_is_code(struct text t);

/* Canonical JSON (sorted keys, compact): every field, "version":1, times as
 * of clock_format. file is [0-9A-Za-z._-]{0,47}, not beginning with '.'. */
void header_write(const struct header *h, struct buf *out);

/* ERR_INPUT "message.malformed" unless it is, byte for byte, what
 * header_write would write. */
CHECKED enum err_class header_read(
    struct bytes json, struct header *out, struct err *e);

#endif
