/*
 * keys.h — P-256 keys, certificates, and what is done with them: CMS.
 *
 * sign/verify: CMS SignedData (RFC 5652), the content inside, SHA-256 with
 * ECDSA P-256, no certificates inside: the verifier uses the certificate
 * pinned in its peer table, so that verification costs one ECDSA operation.
 * close/open: CMS AuthEnvelopedData (RFC 5083), AES-256-GCM, ECDH key
 * agreement (X9.63 KDF with SHA-256, AES-256 wrap; RFC 5753), one recipient
 * info per reader. `openssl cms` reads both.
 */
#ifndef SHOKAI_EXCHANGE_KEYS_H
#define SHOKAI_EXCHANGE_KEYS_H

#include "base/bytes.h"
#include "base/digest.h"
#include "base/err.h"

struct keys;	    /* a node's own private key and certificate */
struct certificate; /* a parsed certificate */

/* dir/node.key, dir/node.crt; and, for opening what was sealed to them, the
 * certificates before it: dir/former-*.crt, at most KEYS_FORMER, each with its
 * key in the .key of the same name, or else node.key. ERR_INPUT
 * "node.no_certificate" if there is no certificate yet, "node.key_mode" if
 * others may read the key, "node.bad_key" if it is no P-256 key,
 * "node.bad_certificate" if the certificate is not that key's. */
#define KEYS_FORMER 8
CHECKED enum err_class keys_load(
    const char *dir, struct keys **out, struct err *e);

/* Before dir/node.crt is replaced by that one: keeps it among the former. */
CHECKED enum err_class keys_keep_former(
    const char *dir, const struct certificate *by, struct err *e);
void keys_free(struct keys *k); /* the private key is wiped */

/* For a process that holds keys: no core dump, no debugger but root's. */
void keys_no_core(void);

const struct certificate *keys_certificate(const struct keys *k);
const char *keys_folder(const struct keys *k); /* for TLS to load from */

/* Is c the certificate of dir/node.key? ERR_INPUT "node.bad_certificate". */
CHECKED enum err_class keys_check(
    const char *dir, const struct certificate *c, struct err *e);

/* New P-256 key in key_path (0600), and a certificate request for it: code as
 * CN, name (at most 64 characters) as OU. Neither file may exist. */
CHECKED enum err_class keys_create(const char *key_path, const char *csr_path,
    const char *code, const char *name, struct err *e);

/* PEM or DER; a P-256 key and one node's code as CN are required. ERR_INPUT
 * "node.bad_certificate". */
CHECKED enum err_class certificate_parse(
    struct bytes in, struct certificate **out, struct err *e);
void certificate_free(struct certificate *c);
struct bytes certificate_der(const struct certificate *c);
struct digest certificate_fingerprint(const struct certificate *c);
const char *certificate_code(const struct certificate *c); /* CN */
int64_t certificate_from(const struct certificate *c);	   /* us */
int64_t certificate_to(const struct certificate *c);

/* SignedData over content, appended to out (DER, in the one form of
 * signed_data.h, the signature's s in its lower half). */
CHECKED enum err_class keys_sign(
    const struct keys *k, struct bytes content, struct buf *out, struct err *e);

/* The content, if signed by that certificate; ERR_DENIED
 * "message.bad_signature" if not, or if it is no SignedData of the form that
 * keys_sign writes: whoever lacks the key cannot change one bit of it. */
CHECKED enum err_class keys_verify(const struct certificate *signer,
    struct bytes cms, struct buf *content, struct err *e);

/* Does a SignedData name that certificate as its signer's? */
bool keys_names(const struct certificate *signer, struct bytes cms);

/* keys_verify by our own certificate, or one that we had before. */
CHECKED enum err_class keys_verify_own(
    const struct keys *k, struct bytes cms, struct buf *content, struct err *e);

/* The content of a SignedData that nobody has verified yet (it points into
 * cms): for finding out whose signature it should be. ERR_INPUT
 * "message.malformed". */
CHECKED enum err_class keys_peek(
    struct bytes cms, struct bytes *content, struct err *e);

/* AuthEnvelopedData for the readers, appended to out (DER). */
CHECKED enum err_class keys_close(const struct certificate *const *readers,
    size_t n, struct bytes content, struct buf *out, struct err *e);

/* The content; ERR_DENIED "message.not_for_us" if we are no reader,
 * ERR_INPUT "message.malformed" if it was changed. A result over max is
 * ERR_LIMIT "message.too_large". content stays as it was if it fails. */
CHECKED enum err_class keys_open(const struct keys *k, struct bytes cms,
    size_t max, struct buf *content, struct err *e);

#endif
