/*
 * wake.h — a datagram without content that wakes the sleeping work of a node
 * (NODE/run/work.sock). It says nothing and may be lost: the work looks into
 * the database every second in any case.
 */
#ifndef SHOKAI_EXCHANGE_WAKE_H
#define SHOKAI_EXCHANGE_WAKE_H

#include "base/err.h"
#include "exchange/node.h"

/* The receiving end, non-blocking: the one supervisor of a node makes it, and
 * its work processes share it. */
CHECKED enum err_class wake_open(const struct node *n, int *fd, struct err *e);

/* Wakes whoever works on that node; nobody may. To be called after a commit
 * that leaves work. */
void wake_send(const struct node *n);

/* A descriptor that is readable when one of the two is; -1 if there is none
 * to be had. The caller's. */
int wake_either(int a, int b);

/* Takes all that has come. */
void wake_drain(int fd);

#endif
