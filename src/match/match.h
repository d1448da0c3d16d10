/*
 * match.h — is this the same person? Keys, comparison, grade, reasons.
 *
 * Pure. The bank looks candidates up by match_key (its store keeps an index
 * over them) and grades each with match_grade. Full matching comes later:
 * the shape allows more keys and finer scores without changing callers.
 */
#ifndef SHOKAI_MATCH_MATCH_H
#define SHOKAI_MATCH_MATCH_H

#include "base/bytes.h"
#include "record/request.h"

/* A customer as the bank has them; canonical texts, empty if not known. */
struct match_person {
	struct text person; /* 属性(人格) */
	struct text kana;
	struct text kanji;
	struct text roman;
	struct text birth;
	struct text sex;
	struct text address;
	struct text former_kana;
	struct text former_address;
};

enum match_grade { MATCH_NONE, MATCH_REVIEW, MATCH_CERTAIN };
enum match_verdict {
	MATCH_EQUAL,
	MATCH_FOLDED,
	MATCH_VARIANT,
	MATCH_UNKNOWN,
	MATCH_DIFFERS
};

#define MATCH_REASONS 6
struct match_reason {
	const char *item; /* カナ氏名 … */
	enum match_verdict verdict;
	const char *rule;
};
struct match_result {
	enum match_grade grade;
	int score; /* 0…1000 */
	size_t reasons;
	struct match_reason reason[MATCH_REASONS];
};

/* What of the request the institution's layout lets the bank use. */
struct match_use {
	bool address;
	bool sex;
};

/* The request as a person: the same comparison serves ward and bank. */
void match_of_request(const struct request *r, struct match_person *out);

/*
 * The keys under which a person is found: folded name + year of birth (so
 * that an unknown day or month, or a slip in them, is found as well), and
 * folded name + address up to the block number (a year unknown or slipped, a
 * corporation without its founding date). Names are the kana, the former
 * kana, and the Latin name in any order. At most MATCH_KEYS, each in a,
 * without repeats; asked tells whether the person is the one asked for: it
 * then also asks for the given name first, and for customers whose year of
 * birth is unknown. A key is 14 letters and digits, safe to store and to
 * sort: a digest, so that two persons may share one; match_grade decides.
 */
#define MATCH_KEYS 8
size_t match_keys(struct arena *a, const struct match_person *p, bool asked,
    struct text out[MATCH_KEYS]);

/*
 * How well the customer is the subject. Scores: none 0–300, review 400–699,
 * certain 700–1000. The reasons' items are names of record/item.h.
 */
void match_grade(struct arena *a, const struct match_person *subject,
    const struct match_person *customer, const struct match_use *use,
    struct match_result *out);

#endif
