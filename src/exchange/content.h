/*
 * content.h — what a sealed payload holds: a JSON object (meta) and named
 * parts. Inside: one line of JSON {"meta":{…},"parts":[["file",1234],…]},
 * LF, the parts one after another; zstd over all of it; sealed (keys.h).
 *
 * Parts by kind of message:
 *   subjects      meta: part, parts, first, last, definition{name, basis,
 *                 purpose, base_date, period_from, period_to, scope,
 *                 deadline, registrant, updated, subjects,
 *                 institutions:[{code, hub, link}]}
 *                 "approval": CMS of the approval document
 *                 "subjects": per row u32 ordinal, u32 n, n bytes of
 *                 subject_pack, u32 n, n bytes of basis codes (little endian;
 *                 one row per claim, rows of one ordinal together, ascending)
 *   request-file  meta: layout; "approval", "file": the institution's bytes
 *   answer-file   meta: digest, the SHA-256 of its one part
 *                 by a bank: meta: request (message id), as_of;
 *                 "file": the institution's bytes
 *                 by the unit: meta: as_of, refused (records the unit could
 *                 not read); "answers": answer_pack after answer_pack
 *   status        meta: steps:[{wave, file, hub, no, at, inquiries}],
 *                 files:[{file, wave, institution, hub, no, first, last,
 *                 records, layout, state, message, exceptions:[{ordinal,
 *                 kind, reason, item, at, bad}], listed, halted, tables,
 *                 proof}], waves:
 *                 [{wave, institution, done}], refused:[{kind, file, wave,
 *                 institution, code, message}], heads: the signer's knot
 *                 (base64 of its CMS); by the unit: halted, here and of
 *                 files: [{wave, institution, ordinal, seq, state, late,
 *                 file, kind, reason, item, at, bad}]: what became of
 *                 inquiries it was to hold, release or withdraw (table
 *                 halted); kind "": its exception is no more
 *                 "proofs" by the unit: of its files, proof bytes each, what
 *                 proves their records (parties/proof.h)
 *   cancel        meta: wave, file or "", inquiry or "", reason; to the unit
 *                 also inquiry "-" and halts: [[ordinal, institution or "",
 *                 "hold" "release" "withdraw", no]], a release of what the
 *                 layout held with a mend (parties/mend.h) behind it
 *   receipt       meta: code (100 …): the final recipient's own receipt
 */
#ifndef SHOKAI_EXCHANGE_CONTENT_H
#define SHOKAI_EXCHANGE_CONTENT_H

#include "base/bytes.h"
#include "base/err.h"

#include <jansson.h>

#define CONTENT_PARTS 4
#define CONTENT_MAX ((size_t)64 << 20) /* bytes unpacked; limits table */

struct content {
	json_t *meta; /* owned: content_fini */
	struct {
		char name[16];
		struct bytes bytes;
	} part[CONTENT_PARTS];
	size_t part_count;
};

/* Adds a part (the bytes are not copied). */
void content_add(struct content *c, const char *name, struct bytes bytes);
/* The part, or empty bytes with p NULL. */
struct bytes content_part(const struct content *c, const char *name);

/* Packed and compressed, appended to out. */
void content_pack(const struct content *c, struct buf *out);

/* The texts and parts live in a. ERR_INPUT "message.malformed",
 * ERR_LIMIT "message.too_large" (a bomb) before memory is taken. */
CHECKED enum err_class content_unpack(
    struct bytes in, struct arena *a, struct content *out, struct err *e);
void content_fini(struct content *c);

#endif
