/*
 * unit_halt.h — a ward's orders about inquiries it has sent already: hold,
 * release, withdraw; and what the unit tells of them (table halted).
 *
 * Orders may come late, twice and in another order: of hold and release the
 * one with the greater number counts, a withdrawal is final. What has left
 * stays as it is, and the ward is told so.
 */
#ifndef SHOKAI_PARTIES_UNIT_HALT_H
#define SHOKAI_PARTIES_UNIT_HALT_H

#include "parties/party.h"

/* Inquiries that one message may change: orders times institutions. */
#define UNIT_HALTS 1000
#define UNIT_HALT_WORDS 1000 /* in one status */

enum halt_act { HALT_HOLD, HALT_RELEASE, HALT_WITHDRAW };

struct unit_halt {
	int64_t ordinal;
	const char *institution; /* "": all that the wave asks */
	enum halt_act act;
	int64_t no;	  /* of the ward's order; withdrawals need none */
	const char *mend; /* of a release: mend.h; NULL: none */
};

/* Reads "halts" of a cancel message (content.h) into a: ERR_INPUT
 * "message.malformed" if one is not of its form, *n 0 if there are none. */
CHECKED enum err_class unit_halt_read(struct arena *a, const json_t *meta,
    struct unit_halt **out, size_t *n, struct err *e);

/* Follows them, in the transaction that takes the message. The wave must have
 * arrived. */
CHECKED enum err_class unit_halt_follow(struct store_tx *tx,
    const char *authority, int64_t wave, const struct unit_halt *orders,
    size_t n, struct err *e);

/* Words (content.h) the ward has not been told, at most max, appended. */
CHECKED enum err_class unit_halt_words(struct store_tx *tx,
    const char *authority, size_t max, json_t *words, struct err *e);

/* The words that belong to a file: of a listed one its inquiries, else those
 * of its ordinals that are not in it. */
CHECKED enum err_class unit_halt_words_of(struct store_tx *tx,
    const char *authority, const json_t *file, json_t *words, struct err *e);

/* Marks words as told, unless there is a newer one. */
CHECKED enum err_class unit_halt_told(struct store_tx *tx,
    const char *authority, const json_t *words, struct err *e);

#endif
