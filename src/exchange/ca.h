/*
 * ca.h — a demonstration authority: certificates that say in themselves that
 * they are not for production. A real node's certificate comes from an
 * authority its operator trusts; what counts at run time is the certificate
 * pinned in each peer table.
 *
 * DIR/ca.key (0600), ca.crt, ca.crl, issued/CODE-SERIAL.crt
 */
#ifndef SHOKAI_EXCHANGE_CA_H
#define SHOKAI_EXCHANGE_CA_H

#include "base/bytes.h"
#include "base/err.h"

#include <stdint.h>

#define CA_ORGANISATION "shokai DEMO, not for production"
#define CA_DAYS 730
#define CA_HOSTS 8

/* Makes DIR (its parent must exist); ERR_INPUT "ca.exists" if it holds an
 * authority already. */
CHECKED enum err_class ca_init(const char *dir, int64_t now_us, struct err *e);

/* What to put into a certificate besides the request's key, CN and OU. */
struct ca_wish {
	int64_t from_us; /* first second */
	int days;
	const char *host[CA_HOSTS]; /* more names or addresses for SAN */
	size_t hosts;
};

/* A certificate (PEM, appended to out) for a request (PEM): P-256 key, the
 * node's code as CN, a right signature of its own; else ERR_INPUT
 * "ca.bad_request". "ca.bad_host": a host that is no name or address. */
CHECKED enum err_class ca_sign(const char *dir, struct bytes csr,
    const struct ca_wish *wish, struct buf *out, struct err *e);

/* Adds the certificate to DIR/ca.crl (RFC 5280 §5); twice is once. ERR_INPUT
 * "ca.not_ours". Peers must still take it out of their tables. */
CHECKED enum err_class ca_revoke(
    const char *dir, struct bytes certificate, int64_t now_us, struct err *e);

/* Was the certificate signed by that authority's (PEM or DER)? ERR_INPUT
 * "node.bad_certificate" if not. */
CHECKED enum err_class ca_issued(
    struct bytes authority, struct bytes certificate, struct err *e);

#endif
