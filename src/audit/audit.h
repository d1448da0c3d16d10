/*
 * audit.h — the linked log (S3): every reading or change of personal data,
 * written in the same transaction; in lanes, so that those who write at one
 * time do not wait for each other (store_lane; SQLite has one), tied by
 * signed knots that peers keep.
 *
 * One entry per transaction and purpose, naming the file or the person: never
 * one per inquiry. An entry's hash covers the previous hash of its lane, lane,
 * seq, time, actor, action, records and the salted digest of the object; what
 * must be deletable (the object's name, purpose, salt) stands in log_object.
 */
#ifndef SHOKAI_AUDIT_AUDIT_H
#define SHOKAI_AUDIT_AUDIT_H

#include "base/bytes.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/watch.h"
#include "store/store.h"

#define AUDIT_TEXT_MAX 4096
#define AUDIT_HEADS_MAX 1000000

/* Where randomness comes from; passed in (a simulator owns it). */
struct random_source {
	void (*fill)(void *ctx, void *p, size_t n);
	void *ctx;
};

/*
 * How an object is named, so that audit_who finds it: "subject" by its
 * 宛名番号, "file" by its file id, "inquiry" by its 管理番号, "wave" by its
 * three base-36 digits ("001", kanri_wave_format).
 */
struct audit_entry {
	const char *actor;  /* user, or the process: "work", "gate" */
	const char *action; /* "read" "change" "send" "receive" "import"
			       "approve" "export" "delete" "configure" … */
	const char *kind;   /* "subject" "file" "wave" "inquiry" "user" … */
	struct text object; /* 宛名番号, file id, wave … */
	const char *authority; /* "" where it has none */
	const char *purpose;   /* in words; no personal data */
	int64_t records;
};

/* Adds an entry at the end of its lane, in tx. Call it last in the
 * transaction (lanes). A text over AUDIT_TEXT_MAX bytes is a fault. */
CHECKED enum err_class audit_add(struct store_tx *tx,
    const struct audit_entry *entry, int64_t now_us,
    const struct random_source *random, struct err *e);

/* The heads of all lanes as canonical JSON: what a knot signs.
 * {"code":"131041","no":7,"at":"…","lanes":[{"lane":0,"seq":12,"hash":"…"}]} */
CHECKED enum err_class audit_heads(struct store_tx *tx, const char *code,
    int64_t no, int64_t now_us, struct buf *out, struct err *e);

/*
 * Recomputes every chain from the rows, one after another. first_bad: "" if
 * all is well, else "LANE/SEQ: KIND", SEQ being the first place where the
 * chain does not hold:
 *   changed    the entry, or its deletable part, is not what was hashed
 *   removed    an entry is missing (also if the rest was renumbered)
 *   inserted   an entry stands here that does not belong
 *   reordered  another entry of the lane stands here
 *   cut        entries are missing at the end
 * A deletable part that is gone (D1) is well. heads: JSON lines of
 * audit_heads kept elsewhere (own knots, or a file from a peer), each of which
 * must still be in its chain with the same hash: this finds what was cut off
 * at the end, and a chain that somebody computed anew ("changed" at the first
 * head that differs). A line that is none: ERR_INPUT "audit.heads"; over
 * AUDIT_HEADS_MAX lanes in them: ERR_LIMIT "audit.heads_many".
 */
struct audit_result {
	int64_t entries;
	char head[65]; /* of lane 0 */
	char first_bad[64];
	int64_t bad_lane; /* where that is, if there is one */
	int64_t bad_seq;
};
CHECKED enum err_class audit_verify(struct store_tx *tx,
    const struct text *heads, size_t head_count,
    const struct watch *watch, /* or NULL */
    struct audit_result *out, struct err *e);

/*
 * The same of further heads, one line after another, in the transaction in
 * which audit_verify has gone through the log: of any number, for nothing of
 * them is kept but what each lane showed last. Begins {.result = that
 * verification's}, whose first_bad becomes the head's place if that is
 * earlier.
 */
struct audit_more {
	struct audit_result *result;
	struct {
		int64_t seq; /* 0: none yet */
		struct digest hash;
	} last[STORE_LANES];
};
CHECKED enum err_class audit_verify_more(struct store_tx *tx,
    struct audit_more *m, struct text heads, struct err *e);

/*
 * "Who read 宛名番号 X, and when": calls each for the newest max entries about
 * the subject itself and, at the ward, about its inquiries and the files and
 * waves that hold it, newest first. authority "": of any. The texts live as
 * long as the call. Other parties' tables do not know a 宛名番号: there only
 * the entries that name it are found.
 *
 * below (audit_who_begin) tells where each lane goes on: given again as it
 * was left, it gives the entries behind; more: there are some. What it costs
 * grows with what holds the subject, not with the log.
 */
struct audit_who {
	const char *authority;
	struct text atena;
	size_t max; /* at least 1 */
	int64_t below[STORE_LANES];
	bool more;
};
void audit_who_begin(struct audit_who *w);

struct audit_access {
	int64_t at_us;
	const char *actor;
	const char *action;
	const char *kind;
	struct text object;
	const char *purpose;
};
CHECKED enum err_class audit_who(struct store_tx *tx, struct audit_who *w,
    enum err_class (*each)(
	void *ctx, const struct audit_access *access, struct err *e),
    void *ctx, struct err *e);

#endif
