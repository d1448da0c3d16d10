/*
 * peers.h — the peer table: who we know, by which certificate, what they may
 * send, how they are reached. Loaded from the database; cheap to load again.
 */
#ifndef SHOKAI_EXCHANGE_PEERS_H
#define SHOKAI_EXCHANGE_PEERS_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/digest.h"
#include "exchange/header.h"
#include "exchange/keys.h"
#include "store/store.h"

#define PEERS_FORMER 4 /* of one peer */
#define PEERS_PINS (1 + PEERS_FORMER)
#define PEERS_RENEWING (7 * CLOCK_DAY) /* of all to take up a new one */
#define PEERS_FORMER_DAYS 400	       /* longer than any message is valid */

/* A peer's certificate is renewed while messages are on their way: its former
 * ones stay pinned beside the new one, on the line until they end, for
 * signatures until PEERS_FORMER_DAYS after they were replaced. What is sealed
 * is sealed to the newest alone. */
struct peer {
	char code[NODE_CODE];
	enum store_party party;
	char *url;	     /* "" if only through via */
	char via[NODE_CODE]; /* "" direct */
	struct digest fingerprint;
	unsigned kinds;	  /* bit per header_kind it may send us */
	struct date from; /* 結合期間; year 0: not limited */
	struct date to;
	char *approval;
	struct certificate *certificate;
	struct certificate *former[PEERS_FORMER]; /* the newest first */
	size_t former_count;
};

struct peers;
CHECKED enum err_class peers_load(
    struct store_tx *tx, struct peers **out, struct err *e);
void peers_free(struct peers *p);
size_t peers_count(const struct peers *p);
const struct peer *peers_at(const struct peers *p, size_t i);
const struct peer *peers_of(const struct peers *p, const char *code);
const struct peer *peers_of_certificate(
    const struct peers *p, struct digest fingerprint); /* a former one, too */

/* The peer with a URL (or folder link) through which code is reached,
 * following via; NULL if there is none (301). */
const struct peer *peers_next_hop(const struct peers *p, const char *code);

/* The hub through which an institution's bank is reached: the first hub on
 * its via path, or "". */
const char *peers_hub_of(const struct peers *p, const char *institution);

/* In force at that time? (period, and a certificate's own dates) */
bool peers_in_force(const struct peer *p, int64_t now_us);

/* The certificates by which the peer is known on the line at that time; their
 * number, at most PEERS_PINS. Outside the period: none. */
size_t peers_pins(
    const struct peer *p, int64_t now_us, struct digest out[PEERS_PINS]);
bool peers_pinned(
    const struct peer *p, struct digest fingerprint, int64_t now_us);

/* keys_verify by whichever of the peer's certificates it is. */
CHECKED enum err_class peers_verify(
    const struct peer *p, struct bytes cms, struct buf *content, struct err *e);

/* Does a SignedData name a certificate of the peer that is known here? If
 * not, peers_verify refuses what a renewed table may find right. */
bool peers_names(const struct peer *p, struct bytes cms);
/* The same of any peer. */
bool peers_name(const struct peers *p, struct bytes cms);

/* Days until the approved period or the certificate ends, whichever is first;
 * below 0: it has ended. Warned from PEERS_WARN_DAYS on. */
#define PEERS_WARN_DAYS 60
int64_t peers_days_left(const struct peer *p, int64_t now_us);

/* "subjects,status" as a bit per kind; "" is none. */
bool peers_kinds(struct text list, unsigned *kinds);

/* Takes "https://HOST:PORT" apart (port 443 if it names none); host points
 * into url, an IPv6 address with its brackets. False if it is no such URL. */
bool peers_url(const char *url, struct text *host, int64_t *port);

/* Changes whenever the table does: cheap to ask on each request. */
#define PEERS_STAMP 48
CHECKED enum err_class peers_stamp(
    struct store_tx *tx, char out[PEERS_STAMP], struct err *e);

/* One row added, replaced or removed (`peer add`, `peer remove`). Refused as
 * ERR_INPUT "peer.code", ".certificate" (its CN is another code), ".url",
 * ".via", ".kinds", ".period". No text is NULL: "" is none. A peer without url
 * and via is reached by its folder link alone. */
struct peer_new {
	const char *code;
	enum store_party party;
	const char *url;
	const char *via;
	const char *kinds;
	const char *from;
	const char *to;
	const char *approval;
	const struct certificate *certificate;
	bool only; /* former certificates are dropped: a key was lost */
};
CHECKED enum err_class peers_put(struct store_tx *tx, const struct peer_new *p,
    int64_t now_us, struct err *e);
CHECKED enum err_class peers_remove(
    struct store_tx *tx, const char *code, bool *was, struct err *e);

#endif
