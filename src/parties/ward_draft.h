/*
 * ward_draft.h — a new wave (照会): whom, where, on which legal basis, for
 * what. It is put together in bounded transactions with a cursor, and becomes
 * a wave when it is whole; until then nobody sees it.
 */
#ifndef SHOKAI_PARTIES_WARD_DRAFT_H
#define SHOKAI_PARTIES_WARD_DRAFT_H

#include "parties/ward.h"

/* One line of a selection file. */
struct ward_pick {
	struct text atena;
	struct text kamoku; /* empty: every claim */
	long line;
};

struct ward_order {
	const char *name;
	const char *basis; /* codes joined by ',' */
	const char *purpose;
	const char *base_date; /* YYYY-MM-DD, as are the others */
	const char *period_from;
	const char *period_to;
	const char *scope;
	const char *deadline;
	const char *institutions; /* "all" or codes joined by ',' */
	const char *reason;	  /* S4: why these institutions */
	const char *claim_kind;	  /* 科目, or "" */
	int64_t min_amount;	  /* of the chosen claims together, yen */
	int64_t min_age; /* days since the last inquiry; 0: no matter */
	bool listed;
	struct ward_pick *picks; /* of the subjects chosen; sorted here */
	size_t pick_count;
	const char *reask; /* 管理番号 asked again, or "" */
};

/*
 * Reads a selection file: `宛名番号` and, if wanted, `科目`. ERR_INPUT
 * "wave.selection" with its line. Texts live in a.
 */
CHECKED enum err_class ward_draft_picks(struct bytes csv, const char *name,
    struct arena *a, struct ward_pick **out, size_t *n, struct err *e);

/*
 * Puts the wave together; state drafted. ERR_INPUT (nothing was changed):
 * wave.name, .purpose, .scope, .date, .institution, .unknown_subject, .empty.
 * ERR_DENIED: wave.basis (unknown, not in force, serves none of the claims),
 * wave.scope (no basis allows it), wave.approver (officer's appointments).
 * A subject is left out, with the reason, if shielded (支援措置) without an
 * address chosen for it (ward_shield.h), stopped, if
 * one of its chosen claims has no basis of the list, or if it was asked about
 * less than min_age days ago: a wave that named it, and was not cancelled, was
 * approved since.
 */
CHECKED enum err_class ward_draft_new(struct party_context *c,
    const struct ward_order *order, const struct ward_user *officer,
    uint32_t *wave, struct err *e);

/* The same, some thousands of claims at once; *whole false: the node's work
 * puts the rest together (ward_draft_task). Until then ward_draft_open says
 * that it is at work; one that asks about nobody is gone then. */
CHECKED enum err_class ward_draft_begin(struct party_context *c,
    const struct ward_order *order, const struct ward_user *officer,
    uint32_t *wave, bool *whole, struct err *e);
CHECKED enum err_class ward_draft_open(
    struct party_context *c, uint32_t wave, bool *open, struct err *e);

/*
 * What ward_draft_new would choose, counted; nothing is written. Refused as
 * it is. excluded is a part of subjects; again: subjects that an open wave
 * asks about already. Bounded: those behind the 宛名番号 after ("": all), some
 * thousands of claims; next: where the rest begins, NULL: all was counted.
 */
#define WARD_DRAFT_REASONS 32
struct ward_draft_counts {
	int64_t subjects;
	int64_t claims; /* of those not excluded */
	int64_t excluded;
	int64_t again;
	int64_t institutions;
	const char *next;
	struct {
		const char *reason;
		int64_t subjects;
	} reasons[WARD_DRAFT_REASONS];
	size_t reason_count;
};
CHECKED enum err_class ward_draft_count(struct party_context *c,
    const struct ward_order *order, const char *after,
    const struct ward_user *officer, struct ward_draft_counts *out,
    struct err *e);

#endif
