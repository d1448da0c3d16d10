/*
 * listen.h — a listening TCP socket of an address "HOST:PORT" or
 * "[IPV6]:PORT"; port 0 takes a free one.
 */
#ifndef SHOKAI_EXCHANGE_LISTEN_H
#define SHOKAI_EXCHANGE_LISTEN_H

#include "base/err.h"

#define LISTEN_TEXT 80 /* "[IPV6]:PORT" and NUL */

/*
 * Non-blocking and closed on exec. real: the address it has. ERR_INPUT
 * "serve.address" if it is none; ERR_BUSY "serve.address_taken".
 */
CHECKED enum err_class listen_open(
    const char *address, int *fd, char real[LISTEN_TEXT], struct err *e);

/* Splits the address: host without brackets; false if it is not one. */
bool listen_split(const char *address, char host[LISTEN_TEXT], char port[6]);

#endif
