/*
 * audit.h — the linked log (S3): every reading or change of personal data,
 * written in the same transaction; in lanes (SQLite one), tied by signed
 * knots that peers keep.
 *
 * One entry per transaction and purpose, naming the file or the person: never
 * one per inquiry. An entry's hash covers the previous hash of its lane, lane,
 * seq, time, actor, action, records and the salted digest of the object; what
 * must be deletable (the object's name, purpose, salt) stands in log_object.
 */
#ifndef SHOKAI_AUDIT_AUDIT_H
#define SHOKAI_AUDIT_AUDIT_H

#include "base/bytes.h"
#include "base/err.h"
#include "store/store.h"

/* Where randomness comes from; passed in (a simulator owns it). */
struct random_source {
	void (*fill)(void *ctx, void *p, size_t n);
	void *ctx;
};

struct audit_entry {
	const char *actor;     /* user, or the process: "work", "gate" */
	const char *action;    /* "read" "change" "send" "receive" "import"
	                          "approve" "export" "delete" "configure" … */
	const char *kind;      /* "subject" "file" "wave" "inquiry" "user" … */
	struct text object;    /* 宛名番号, file id, wave … */
	const char *authority; /* "" where it has none */
	const char *purpose;   /* in words; no personal data */
	int64_t records;
};

/* Adds an entry at the end of its lane, in tx. Call it last in the
 * transaction (lanes). */
CHECKED enum err_class audit_add(struct store_tx *tx,
    const struct audit_entry *entry, int64_t now_us,
    const struct random_source *random, struct err *e);

/* The heads of all lanes as canonical JSON: what a knot signs.
 * {"code":"131041","no":7,"at":"…","lanes":[{"lane":0,"seq":12,"hash":"…"}]} */
CHECKED enum err_class audit_heads(struct store_tx *tx, const char *code,
    int64_t no, int64_t now_us, struct buf *out, struct err *e);

/*
 * Recomputes every chain from the rows. first_bad: "" if all is well, else
 * "LANE/SEQ: changed | removed | inserted | reordered | cut". heads: JSON
 * lines of heads kept elsewhere (own knots, or a file from a peer), each of
 * which must still be in its chain with the same hash: this finds what was
 * cut off at the end.
 */
struct audit_result {
	int64_t entries;
	char head[65];       /* of lane 0 */
	char first_bad[64];
};
CHECKED enum err_class audit_verify(struct store_tx *tx,
    const struct text *heads, size_t head_count, struct audit_result *out,
    struct err *e);

/* "Who read 宛名番号 X, and when": calls each for entries about the subject
 * itself and about files or waves that hold it, in order of time. */
struct audit_access {
	int64_t at_us;
	const char *actor;
	const char *action;
	const char *kind;
	struct text object;
	const char *purpose;
};
CHECKED enum err_class audit_who(struct store_tx *tx, const char *authority,
    struct text atena, enum err_class (*each)(void *ctx,
	const struct audit_access *access, struct err *e),
    void *ctx, struct err *e);

#endif
