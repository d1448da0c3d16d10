/*
 * codes.h — the code tables of data/: legal bases, 科目, institutions and
 * holidays, each effective-dated or of a stated day.
 *
 * The tables are compiled into the program and parsed once by whoever needs
 * them; the parsed tables never change and live in the caller's arena. Source,
 * date and licence of each stand at the head of its file.
 */
#ifndef SHOKAI_CODES_CODES_H
#define SHOKAI_CODES_CODES_H

#include "base/bytes.h"
#include "base/date.h"
#include "base/err.h"

/* What a wave asks for (docs/interface.md §4), each with what stands before.
 * X(id, name, ja) */
#define CODES_SCOPES(X)                                                        \
	X(EXISTENCE, "existence", "口座の有無")                                \
	X(BALANCE, "balance", "残高まで")                                      \
	X(DETAIL, "detail", "取引明細まで")
#define CODES_SCOPE_(id, name, ja) CODES_SCOPE_##id,
enum codes_scope { CODES_SCOPES(CODES_SCOPE_) CODES_SCOPE_COUNT };

const char *codes_scope_name(enum codes_scope s);
const char *codes_scope_ja(enum codes_scope s);
bool codes_scope_named(struct text name, enum codes_scope *out);

/* A time in force; year 0: this table knows no bound on that side. */
struct codes_span {
	struct date from;
	struct date to; /* the last day */
};

/* A legal basis (根拠法令). */
struct codes_basis {
	struct text code;   /* "jumin-331-6" */
	struct text kamoku; /* codes it serves, joined by '|'; may be empty */
	struct text text;   /* printed in full on every inquiry (S4) */
	struct codes_span span;
	enum codes_scope scope; /* the widest it allows */
	int years;		/* the longest period asked for */
	bool consent;		/* the person's consent is needed */
	bool verify;		/* to be read in the law before relying on it */
};

/* A 科目: a tax, or a 料 (an insurance premium, which is no tax). */
struct codes_kamoku {
	struct text code;
	struct text name;
	struct codes_span span;
	bool tax;
	struct text basis; /* the usual basis */
};

struct codes_institution {
	struct text code; /* 4 digits */
	struct text name;
	struct text kana; /* as banks write it: no small kana, － for ー */
};

/* A branch; the table is searched as it stands, not parsed. */
struct codes_branch {
	struct text institution; /* 4 digits */
	struct text code;	 /* 3 digits */
	struct text name;
	struct text kana;
};

/* An institution that another has taken over. */
struct codes_merger {
	struct text old;
	struct text name;
	struct date
	    from; /* the day since which the successor has its branches */
	struct text successor;
	bool verify; /* to be read in the banks' notices before relying on it */
};

struct codes_holiday {
	struct date date;
	struct text name;
};

/* Each array in the order of its code or day. */
struct codes {
	const struct codes_basis *bases;
	size_t base_count;
	const struct codes_kamoku *kamokus;
	size_t kamoku_count;
	const struct codes_institution *institutions;
	size_t institution_count;
	const struct codes_holiday *holidays;
	size_t holiday_count;
	const struct codes_merger *mergers;
	size_t merger_count;
	struct text branches;
	const char *version; /* names the tables' contents, 16 hex digits */
};

/* The tables as they stand in their files. */
struct codes_source {
	struct text basis;
	struct text kamoku;
	struct text institutions;
	struct text holidays;
	struct text mergers;  /* may be empty: none */
	struct text branches; /* may be empty: none */
};

/* The tables compiled in. They are ours: ERR_FAULT "fault" if one is bad. */
CHECKED enum err_class codes_load(
    struct arena *a, const struct codes **out, struct err *e);

/* The tables compiled in, to replace one of them. */
void codes_compiled(struct codes_source *out);

/* The same of other tables, which must outlive *out. ERR_INPUT "codes.table"
 * with file and line. */
CHECKED enum err_class codes_load_from(struct arena *a,
    const struct codes_source *from, const struct codes **out, struct err *e);

/* In force on that day; NULL if there is none. */
const struct codes_basis *codes_basis_on(
    const struct codes *c, struct text code, struct date day);
const struct codes_kamoku *codes_kamoku_on(
    const struct codes *c, struct text code, struct date day);

/* Known on any day? */
bool codes_kamoku_known(const struct codes *c, struct text code);

/* Does the basis serve this 科目? */
bool codes_basis_serves(const struct codes_basis *b, struct text kamoku);

/* Does it allow this scope, and a period from..to? (S4) */
bool codes_basis_allows(const struct codes_basis *b, enum codes_scope scope,
    struct date from, struct date to);

/* NULL: not in the list (the project's fictional ones never are). */
const struct codes_institution *codes_institution_of(
    const struct codes *c, struct text code);

/* The branch of 3 digits at an institution of 4; false: not in the list. */
bool codes_branch_of(const struct codes *c, struct text institution,
    struct text branch, struct codes_branch *out);

/* The institution that has this code's branches on that day: the code itself
 * until a merger, then its successor, over any number of mergers. NULL as
 * codes_institution_of; an old code before its merger is not in the list. */
const struct codes_institution *codes_successor_on(
    const struct codes *c, struct text code, struct date day);

/* The merger by which the code went out of use; NULL if none is known. */
const struct codes_merger *codes_merger_of(
    const struct codes *c, struct text code);

/* Is the table of branches in order, each row whole? ERR_INPUT "codes.table"
 * with the line if it is not. The compiled one is tested, not checked. */
CHECKED enum err_class codes_branches_check(struct text table, struct err *e);

#endif
