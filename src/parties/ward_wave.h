/*
 * ward_wave.h — a wave and its states: submitted by one officer, approved by
 * another (S4), returned, cancelled.
 */
#ifndef SHOKAI_PARTIES_WARD_WAVE_H
#define SHOKAI_PARTIES_WARD_WAVE_H

#include "parties/ward.h"
#include "record/kanri.h"

struct ward_wave {
	uint32_t wave;
	char id[4]; /* 3 base-36 digits */
	char *name;
	char *basis;
	char *purpose;
	char *base_date;
	char *period_from;
	char *period_to;
	char *scope;
	char *deadline;
	char *state;
	char *drafter;
	char *requester;
	const char *charge; /* who looks after it: since a transfer another */
	int64_t requested_us;
	char *approver;
	int64_t approved_us;
	char *reason;
	int64_t subjects;
	const char *decided_for;    /* 代決: on whose behalf, or "" */
	const char *decided_reason; /* why they did not decide */
	char *approval_digest;
	struct bytes approval;
};

struct ward_institution {
	char code[NODE_CODE];
	char hub[NODE_CODE];
	enum node_link link;
	char *reason;
};

/* ERR_INPUT "wave.unknown". Strings live in c->arena. */
CHECKED enum err_class ward_wave_load(struct store_tx *tx,
    struct party_context *c, uint32_t wave, struct ward_wave *out,
    struct err *e);

/* Its institutions, in order of code. */
CHECKED enum err_class ward_wave_institutions(struct store_tx *tx,
    struct party_context *c, uint32_t wave, struct ward_institution **out,
    size_t *n, struct err *e);

/* The numbers of all waves, ascending. */
CHECKED enum err_class ward_wave_list(struct store_tx *tx,
    struct party_context *c, uint32_t **out, size_t *n, struct err *e);

/* The 科目 asked for and their basis codes. */
#define WARD_WAVE_KINDS 64
struct ward_wave_kind {
	struct text kamoku;
	struct text basis;
	int64_t claims;
};
CHECKED enum err_class ward_wave_kinds(struct store_tx *tx,
    struct party_context *c, uint32_t wave, struct ward_wave_kind *out,
    size_t *n, struct err *e);

/*
 * Each gives the state after it; a repeat changes nothing. ERR_DENIED:
 * wave.closed (no such move from this state), wave.approver (own approval,
 * or no appointment in force for a 科目 of the wave), wave.basis (no longer
 * in force), wave.purpose (a return or cancellation without reason is
 * ERR_INPUT "wave.reason"). Submitting gives the wave its 文書番号, if it has
 * none yet. Approving writes the signed approval and the task that sends.
 * Cancelling an approved wave asks those who hold its files.
 *
 * 代決 (behalf not NULL): the officer decides on behalf of an approver who
 * cannot. ERR_DENIED "wave.deputy" unless that is one, in force; who asked is
 * neither (S4), and both need the appointments.
 */
struct ward_wave_behalf {
	const char *name;
	const char *reason;
};
CHECKED enum err_class ward_wave_submit(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const char **state, struct err *e);
CHECKED enum err_class ward_wave_approve(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const struct ward_wave_behalf *behalf,
    const char **state, struct err *e);

/* Who may have a wave decided on their behalf: approvers in force today, other
 * than that officer and who asked; in c->arena. */
CHECKED enum err_class ward_wave_deciders(struct store_tx *tx,
    struct party_context *c, const struct ward_wave *w,
    const struct ward_user *officer, json_t *names, struct err *e);
CHECKED enum err_class ward_wave_return(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const char *reason, const char **state,
    struct err *e);
CHECKED enum err_class ward_wave_cancel(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const char *reason, const char **state,
    struct err *e);

/* The parts of the subjects that were refused whole and not sent since are
 * put together again, each as a new message; *parts of them. ERR_DENIED
 * "wave.closed" unless the wave is being sent or has been. */
CHECKED enum err_class ward_send_again(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, int64_t *parts, struct err *e);

/* What a signed approval says (S4): canonical JSON. */
CHECKED enum err_class ward_document_write(struct store_tx *tx,
    struct party_context *c, const struct ward_wave *w,
    const struct ward_user *requester, const struct ward_user *approver,
    struct buf *out, struct err *e);

#endif
