/*
 * rules.h — text rules by name (docs/interface.md §11): compiled once,
 * applied from left to right, every change reported (T2).
 *
 * A rule is a pure function of text and table version. Text-to-text rules
 * are idempotent. Each rule's public source stands in its table entry.
 */
#ifndef SHOKAI_TEXT_RULES_H
#define SHOKAI_TEXT_RULES_H

#include "base/bytes.h"
#include "base/err.h"

#include <stdint.h>

enum rules_loss { RULES_UNCHANGED, RULES_INFORMATIONAL, RULES_MATERIAL };

struct rules; /* a compiled list, in the arena it was parsed into */

/* One change; at: code points from 1 in that rule's input. */
struct rules_change {
	const char *rule; /* as written: "long:hyphen" */
	size_t at;
	struct text before;
	struct text after;
	enum rules_loss loss;
	/* All that could have stood there, the chosen one first; empty if
	 * there was no choice. */
	struct text candidates;
};

/* What a rule saw and left as it is: a sign that the text is damaged. */
struct rules_finding {
	const char *rule;
	size_t at; /* code points from 1 in its input */
	uint32_t c;
	const char *ja; /* static storage */
	const char *en;
};

/* What applying told. Zero-initialise; set note to be told each change, found
 * to be told each finding. */
struct rules_report {
	void (*note)(void *ctx, const struct rules_change *change);
	void (*found)(void *ctx, const struct rules_finding *finding);
	void *ctx;
	enum rules_loss worst;
	/* When refused: */
	const char *rule; /* the rule that refused */
	size_t at;	  /* code points from 1 in its input */
	uint32_t bad;	  /* the character, or 0 */
	const char *ja;	  /* why; static storage */
	const char *en;
};

/*
 * Compiles "RULE[:ARG],RULE…". Unknown names or arguments: ERR_INPUT
 * "layout.unknown_rule" with the name as detail. Names of docs/interface.md
 * §11 that are not built yet are refused the same way, and say so.
 */
CHECKED enum err_class rules_parse(
    struct arena *a, struct text list, const struct rules **out, struct err *e);

/* The same rules by another version of the map of kanji (kanji.h); rules_parse
 * takes the newest. */
struct mj_table;
const struct rules *rules_with_map(
    struct arena *a, const struct rules *rules, const struct mj_table *map);

/* The i-th rule as written; NULL if there are not so many. */
const char *rules_name(const struct rules *rules, size_t i);

/*
 * Applies the list; out lives in a, and is in itself when nothing changed.
 * False if a rule refused (the inquiry is held for a person); report then
 * says which, where, and why. report may be NULL.
 */
bool rules_apply(const struct rules *rules, struct text in, struct arena *a,
    struct text *out, struct rules_report *report);

/* One entry per rule, for `shokai text --list`. */
struct rules_entry {
	const char *rule;
	const char *args; /* "hyphen|mark|drop|vowel", or "" */
	const char *loss; /* "informational" or "material" */
	bool idempotent;
	bool built;
	const char *source;
};
const struct rules_entry *rules_table(size_t *n);

#endif
