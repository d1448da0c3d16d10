/*
 * ward.h — the ward (区): what its parts share. Keeps the debtors, chooses
 * whom and where to ask, has it approved, checks what is carried by hand,
 * registers answers.
 */
#ifndef SHOKAI_PARTIES_WARD_H
#define SHOKAI_PARTIES_WARD_H

#include "parties/party.h"
#include "parties/ward_user.h"

/* The acting officer and the purpose of what is logged. */
struct ward_act {
	const char *actor;  /* user, or "work" */
	const char *action; /* audit.h's words */
	const char *kind;
	const char *object;
	const char *purpose; /* no personal data */
	int64_t records;
};

/* One entry of the linked log for this ward (S3), last in its transaction. */
CHECKED enum err_class ward_log(struct store_tx *tx, struct party_context *c,
    const struct ward_act *act, struct err *e);

/* A column's text, copied into the arena, NUL-terminated. */
char *ward_column(struct arena *a, const struct store_rows *r, int column);

/* Between min and max characters of text without control characters? */
bool ward_text_good(const char *z, size_t min, size_t max);

/* The peer that is our unit, or NULL. */
const struct peer *ward_unit(const struct party_context *c);

/* The numbers of a wave's inquiries at one institution (NULL: at all), from
 * ordinal first to last: bounds for queries by range. */
#define WARD_BOUND 24
bool ward_bounds(const struct party_context *c, uint32_t wave,
    const char *institution, int64_t first, int64_t last, char low[WARD_BOUND],
    char high[WARD_BOUND]);

/* A message of one kind: each marks m as done (or held) in its transaction. */
CHECKED enum err_class ward_status_message(
    struct party_context *c, const struct message *m, struct err *e);
CHECKED enum err_class ward_status_receipt(
    struct party_context *c, const struct message *m, struct err *e);
CHECKED enum err_class ward_check_message(
    struct party_context *c, const struct message *m, struct err *e);
CHECKED enum err_class ward_register_message(
    struct party_context *c, const struct message *m, struct err *e);

/* The next bounded step of each kind of task. */
CHECKED enum err_class ward_draft_task(
    struct party_context *c, bool *did, struct err *e);
CHECKED enum err_class ward_send_task(
    struct party_context *c, bool *did, struct err *e);
CHECKED enum err_class ward_cancel_task(
    struct party_context *c, bool *did, struct err *e);

/* Closes the wave if nothing of it is pending any more. */
CHECKED enum err_class ward_close(
    struct store_tx *tx, struct party_context *c, int64_t wave, struct err *e);

/* Marks files past deadline and grace as expired (provisional, DESIGN §3). */
CHECKED enum err_class ward_expire(struct party_context *c, struct err *e);

#endif
