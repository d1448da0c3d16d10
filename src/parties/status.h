/*
 * status.h — a party's signed status to each authority's ward: the steps it
 * has done (E7), the states of files it knows, and the newest knot of its
 * linked log. Rows are marked as reported in the transaction that queues the
 * message (E4).
 */
#ifndef SHOKAI_PARTIES_STATUS_H
#define SHOKAI_PARTIES_STATUS_H

#include "parties/party.h"

#define STATUS_STEPS 1000 /* steps in one message */
#define STATUS_FILES 64	  /* files in one message */

/* Sends what is not reported yet, at most one message per authority. */
CHECKED enum err_class status_send(struct party_context *c, struct err *e);

/* A status about one file, to one recipient. */
CHECKED enum err_class status_of_file(struct party_context *c,
    const struct header *about, const char *to, const char *state,
    struct party_sending *out, struct err *e);

/* The header every status has. */
void status_header(
    struct header *h, const char *authority, const char *to, int64_t now_us);

#endif
