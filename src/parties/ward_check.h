/*
 * ward_check.h — the via-ward check (資料６１－２ ⑤ and ⑮): files that the
 * ward carries between unit and hub wait here for an officer's word, both
 * ways. Header, signature and payload go on unchanged.
 */
#ifndef SHOKAI_PARTIES_WARD_CHECK_H
#define SHOKAI_PARTIES_WARD_CHECK_H

#include "parties/ward.h"

struct ward_check {
	int64_t seq;
	char *message;
	char *direction; /* "request" "answer" */
	uint32_t wave;
	char *hub;
	char *institution;
	char *file;
	int64_t records;
	int64_t stopped; /* subjects in a request that were stopped since; -1:
			  * the unit has not told what is in it yet */
	int64_t arrived_us;
	char *state; /* "waiting" "approved" "returned" */
	char *officer;
	int64_t decided_us;
	char *reason;
};

/* Those in that state (NULL: of that file, in any state), oldest first. */
CHECKED enum err_class ward_check_list(struct store_tx *tx,
    struct party_context *c, const char *state, const char *file,
    struct ward_check **out, size_t *n, struct err *e);

/* Those in that state behind seq after, at most max; results in q. */
struct ward_check_query {
	const char *state;
	int64_t after;
	size_t max;
	struct ward_check *checks;
	size_t n;
};
CHECKED enum err_class ward_check_after(struct store_tx *tx,
    struct party_context *c, struct ward_check_query *q, struct err *e);

/*
 * approve: the file goes on, with the steps of check and sending. return:
 * nothing goes on and its maker is told by a status; a request's inquiries are
 * then cancelled, an answer's are still waited for. All waiting messages of
 * that file; *done of them. None: ERR_INPUT "check.unknown" if no such file
 * was ever here, else nothing (a repeat changes nothing).
 */
CHECKED enum err_class ward_check_approve(struct party_context *c,
    const char *file, const struct ward_user *officer, int64_t *done,
    struct err *e);
CHECKED enum err_class ward_check_return(struct party_context *c,
    const char *file, const struct ward_user *officer, const char *reason,
    int64_t *done, struct err *e);

/* Approves all that wait, some in a transaction; what another officer decides
 * meanwhile is left to them. *done: also of what was done before an error. */
CHECKED enum err_class ward_check_approve_all(struct party_context *c,
    const struct ward_user *officer, int64_t *done, struct err *e);

/* The institution's bytes as they wait here; into out. Logged as a read. */
CHECKED enum err_class ward_check_file(struct party_context *c,
    const struct ward_check *k, const struct ward_user *officer,
    struct buf *out, struct err *e);

/* Stops a request that still waits here (its wave was cancelled). *held:
 * there was one. */
CHECKED enum err_class ward_check_stop(struct party_context *c,
    const char *file, const char *reason, bool *held, struct err *e);

#endif
