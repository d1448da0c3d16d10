/*
 * ward_shield.h — 支援措置 (shielded persons): nothing is sent of them until an
 * officer chooses which address goes, and then that one alone.
 */
#ifndef SHOKAI_PARTIES_WARD_SHIELD_H
#define SHOKAI_PARTIES_WARD_SHIELD_H

#include "parties/ward.h"

/* Why such an inquiry is held, or excluded from a draft. */
#define WARD_SHIELD_HELD "支援措置"

/*
 * The officer's choice: a column of the subject that holds an address (住所,
 * 旧住所1, 旧住所2, 旧住所3); "" takes it back. ERR_INPUT "subjects.unknown",
 * "subjects.no_address" (no such column, or none in the ledger), ERR_DENIED
 * "subjects.not_shielded". Logged with the reason. What the unit holds of
 * that person, perhaps with other addresses, is withdrawn: it is asked anew
 * with the chosen one.
 */
struct ward_shield {
	const char *atena;
	const char *address;
	const char *reason;
	const struct ward_user *officer;
};
CHECKED enum err_class ward_shield_choose(
    struct party_context *c, const struct ward_shield *x, struct err *e);

/* The choice that stands for that person, in c->arena; "" : none, or the
 * ledger has changed since. */
CHECKED enum err_class ward_shield_of(struct store_tx *tx,
    struct party_context *c, const char *atena, const char **out,
    struct err *e);

/* Is that person shielded, and no choice stands? */
CHECKED enum err_class ward_shield_waits(struct store_tx *tx,
    struct party_context *c, struct text atena, bool *waits, struct err *e);

/*
 * The rows of a shielded subject as asked, with the chosen address alone: no
 * other joins a fan-out, and what belongs to the current one (郵便番号,
 * 住所コード, カナ住所) goes with it or not at all.
 */
CHECKED enum err_class ward_shield_narrow(struct store_tx *tx,
    struct party_context *c, uint32_t wave, int64_t ordinal,
    const char *address, struct err *e);

/* A shielded subject of a wave that is about to go. */
struct ward_shielded {
	int64_t ordinal;
	const char *atena;
	const char *address; /* as chosen; "": it is held */
	bool gone;	     /* it has been sent before */
};

/* Those asked with an ordinal in (from, to]; out has room for them all. */
CHECKED enum err_class ward_shield_in(struct store_tx *tx,
    struct party_context *c, uint32_t wave, int64_t from, int64_t to,
    struct ward_shielded *out, size_t *n, struct err *e);

/* Its rows as asked, in line with what is chosen now and the ledger says. */
CHECKED enum err_class ward_shield_fit(struct store_tx *tx,
    struct party_context *c, uint32_t wave, const struct ward_shielded *x,
    struct err *e);

#endif
