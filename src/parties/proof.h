/*
 * proof.h — what is kept of each inquiry that was sent, so that its record can
 * be recomputed and proved the same: which items lost what (T2), the record's
 * digest; beside them the versions, of the layout with the file, of the tables
 * of text here. The unit keeps it with the file (table file_proof) and tells
 * the ward with the file's status.
 *
 * The digest is the first 16 bytes of the SHA-256 of the inquiry's bytes in
 * the institution's file. It proves a recomputation; what binds the bytes is
 * the signature over the sealed file. Another record of the same 16 bytes
 * takes 2^128 tries, so a row needs no more (FIPS 180-4; SP 800-107, 5.1).
 */
#ifndef SHOKAI_PARTIES_PROOF_H
#define SHOKAI_PARTIES_PROOF_H

#include "base/bytes.h"
#include "base/err.h"
#include "layout/layout.h"
#include "store/store.h"

#include <jansson.h>

#define PROOF_DIGEST 16
#define PROOF_ROW 28 /* packed: ordinal, informational, material, digest */

struct proof {
	uint32_t ordinal;
	uint32_t informational; /* bits by enum request_item */
	uint32_t material;
	unsigned char digest[PROOF_DIGEST];
};

/* Of the record that stands in those bytes; its ordinal is 0. */
struct proof proof_of(const struct layout_report *report, struct bytes record);

/* Appends it, little endian; ordinals ascend within a file. */
void proof_pack(struct buf *out, const struct proof *p);

/* Whole rows of so many inquiries, ascending between first and last? */
bool proof_good(
    struct bytes packed, int64_t records, int64_t first, int64_t last);

/* False: it is not among them. */
bool proof_find(struct bytes packed, int64_t ordinal, struct proof *out);

/* The same losses and digest? */
bool proof_same(const struct proof *a, const struct proof *b);

/* A file's rows and the version of the tables of text; a repeat replaces. */
CHECKED enum err_class proof_put(struct store_tx *tx, const char *authority,
    const char *file, const char *tables, struct bytes packed, struct err *e);

/* Appends the file's rows to out, and to the file's words {tables, proof:
 * bytes}; a file that has none gets no words. */
CHECKED enum err_class proof_tell(struct store_tx *tx, const char *authority,
    json_t *file, struct buf *out, struct err *e);

#endif
