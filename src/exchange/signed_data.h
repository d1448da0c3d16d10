/*
 * signed_data.h — the frame of a CMS SignedData (RFC 5652 §5), in DER, in the
 * one form that keys.h writes and accepts: content inside, one signer named
 * by issuer and serial number, SHA-256 with ECDSA (RFC 5754 §2, §3.3), no
 * attributes, certificates or revocation lists.
 *
 * Given content, signer and signature there is exactly one such encoding.
 * What is compared with it byte for byte leaves nobody a bit to change.
 */
#ifndef SHOKAI_EXCHANGE_SIGNED_DATA_H
#define SHOKAI_EXCHANGE_SIGNED_DATA_H

#include "base/bytes.h"

/* issuer and serial: their DER. */
void signed_data_write(struct bytes issuer, struct bytes serial,
    struct bytes content, struct bytes signature, struct buf *out);

/* Finds content and signature (they point into cms); checks nothing but what
 * it walks over. False if cms is not of this form or bytes are left over. */
bool signed_data_split(
    struct bytes cms, struct bytes *content, struct bytes *signature);

/* Is cms the encoding signed_data_write would give? */
bool signed_data_same(struct bytes cms, struct bytes issuer,
    struct bytes serial, struct bytes content, struct bytes signature);

#endif
