/*
 * synth_rates.h — how often each hard case (難点, docs/interface.md §10) is
 * met, and which subject has which.
 *
 * Cases of one group exclude each other. A subject's cases follow from seed
 * and ordinal alone.
 */
#ifndef SHOKAI_SYNTH_SYNTH_RATES_H
#define SHOKAI_SYNTH_SYNTH_RATES_H

#include "base/err.h"
#include "synth/synth_rng.h"

enum synth_kind { SYNTH_PERSON, SYNTH_FOREIGNER, SYNTH_CORPORATION };

enum synth_group {
	SYNTH_GROUP_KIND, /* makes the subject a foreigner or a corporation */
	SYNTH_GROUP_NAME,
	SYNTH_GROUP_SMALL,
	SYNTH_GROUP_FORMER,
	SYNTH_GROUP_MOVED,
	SYNTH_GROUP_BIRTH,
	SYNTH_GROUP_RELATION,
	SYNTH_GROUP_JOINT,
	SYNTH_GROUP_BRANCH,
	SYNTH_GROUP_SHIELDED,
	SYNTH_GROUP_DEAD,
	SYNTH_GROUP_CLAIMS,
	SYNTH_GROUPS
};

/*
 * X(id, name, share of all subjects in millionths, group, who), in the order
 * of docs/interface.md §10. who: P persons, F foreigners, C corporations.
 */
#define SYNTH_CASES(X)                                                         \
	X(SMALL_KANA, "small-kana", 20000, SMALL, P)                           \
	X(LONG_VOWEL, "long-vowel", 20000, NAME, P)                            \
	X(VU, "vu", 15000, KIND, F)                                            \
	X(KE, "ke", 20000, NAME, P)                                            \
	X(OUTSIDE_0208, "outside-0208", 20000, NAME, P)                        \
	X(OUTSIDE_CP932, "outside-cp932", 18000, NAME, P)                      \
	X(CORPORATION_FRONT, "corporation-front", 20000, KIND, C)              \
	X(CORPORATION_BACK, "corporation-back", 15000, KIND, C)                \
	X(BRANCH_OFFICE, "branch-office", 15000, KIND, C)                      \
	X(ROMAN, "roman", 20000, KIND, F)                                      \
	X(COMMON_NAME, "common-name", 20000, NAME, P)                          \
	X(NAME_ORDER, "name-order", 15000, KIND, F)                            \
	X(FORMER_NAME, "former-name", 30000, FORMER, P)                        \
	X(MOVED, "moved", 100000, MOVED, PFC)                                  \
	X(UNKNOWN_DAY, "unknown-day", 18000, BIRTH, PF)                        \
	X(DATE_SLIP, "date-slip", 20000, BIRTH, PF)                            \
	X(KANJI_VARIANT, "kanji-variant", 25000, NAME, P)                      \
	X(TWIN, "twin", 18000, RELATION, P)                                    \
	X(SAME_NAME_SAME_DAY, "same-name-same-day", 18000, RELATION, P)        \
	X(FATHER_SON, "father-son", 18000, RELATION, P)                        \
	X(JOINT_ACCOUNT, "joint-account", 20000, JOINT, PF)                    \
	X(OLD_BRANCH, "old-branch", 20000, BRANCH, PFC)                        \
	X(SHIELDED, "shielded", 15000, SHIELDED, PF)                           \
	X(DEAD, "dead", 18000, DEAD, PF)                                       \
	X(TWO_CLAIMS, "two-claims", 50000, CLAIMS, PFC)

#define SYNTH_CASE_ID_(id, name, ppm, group, who) SYNTH_##id,
enum synth_case { SYNTH_CASES(SYNTH_CASE_ID_) SYNTH_CASE_COUNT };

#define SYNTH_BIT(id) (UINT32_C(1) << SYNTH_##id)

/* Of the others: X(id, name, value, least, most); shares and means, in
 * millionths. */
#define SYNTH_SHARES(X)                                                        \
	X(HIT, "hit", 107000, 1000, 1000000)                                   \
	X(ACCOUNTS, "accounts_per_hit", 1460000, 1000000, 4000000)             \
	X(TRANSACTIONS, "transactions_per_account", 12500000, 0, 400000000)    \
	X(OTHERS, "others_per_hit", 150000, 0, 1000000)                        \
	X(CUSTOMERS, "others_per_customer", 10000000, 0, 1000000000)

#define SYNTH_SHARE_ID_(id, name, value, least, most) SYNTH_SHARE_##id,
enum synth_share { SYNTH_SHARES(SYNTH_SHARE_ID_) SYNTH_SHARE_COUNT };

struct synth_rates {
	uint32_t cases[SYNTH_CASE_COUNT];
	uint32_t share[SYNTH_SHARE_COUNT];
};

extern const char *const synth_rates_case_name[SYNTH_CASE_COUNT];
extern const char *const synth_rates_share_name[SYNTH_SHARE_COUNT];

void synth_rates_default(struct synth_rates *out);

/*
 * Takes over what the JSON object in path says: {"twin": 0.02, "hit": 0.2}.
 * ERR_INPUT "synth.rates": no such JSON, an unknown name, a value out of its
 * bounds, a group over 1.
 */
CHECKED enum err_class synth_rates_read(
    const char *path, struct synth_rates *rates, struct err *e);

/* The cases of subject i, as bits, and what they make it. */
uint32_t synth_rates_plant(const struct synth_rates *rates, uint64_t seed,
    uint32_t i, enum synth_kind *kind);

/*
 * The share of institutions where a subject is a customer, so that the mean
 * is the stated one: hard says that the subject has a hard case, and then it
 * is greater, so that the truth shows hard cases enough.
 */
uint32_t synth_rates_hit(const struct synth_rates *rates, bool hard);

#endif
