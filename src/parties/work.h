/*
 * work.h — the work of a node as a step function: one received message, one
 * step of a task, the timer, or one delivery at a time; time, randomness and
 * transport passed in. The same code runs under `shokai serve`, in a test,
 * and in a simulator.
 */
#ifndef SHOKAI_PARTIES_WORK_H
#define SHOKAI_PARTIES_WORK_H

#include "exchange/transport.h"
#include "parties/bank.h"

struct work {
	struct party_context context; /* now_us is set before each step */
	const struct party *party;
	struct transport *transport;
	int64_t timer_us;    /* when the timer is due again */
	struct peers *peers; /* owned; context.peers is the same */
	int64_t peers_us;    /* when they were looked at */
	char peers_stamp[PEERS_STAMP];
	char held[NODE_CODE]; /* restored, and asks: no delivery to it */
	bool asking; /* restored: not all neighbours have answered yet */
	struct bank_filter filter;
	int64_t said_us;     /* when a waiting message was last spoken of */
	int64_t inbox_after; /* the inbox is looked at from there on */
	struct arena arena;
};

/* Prepares w over an open store; keys, codes and layouts are the caller's. */
CHECKED enum err_class work_init(struct work *w, const struct node *node,
    const struct keys *keys, const struct codes *codes, struct layouts *layouts,
    struct store *store, struct transport *transport,
    struct random_source random, struct err *e);
void work_fini(struct work *w);

/*
 * One round: every kind of work once. *did: something was done, call again
 * at once; else wait (transport->wait) until *next_us at the latest.
 * ERR_FAULT: end the process. Other classes are handled and logged inside.
 */
CHECKED enum err_class work_step(
    struct work *w, int64_t now_us, bool *did, int64_t *next_us, struct err *e);

#endif
