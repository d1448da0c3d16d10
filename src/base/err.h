/*
 * err.h — how a function says that it could not do its work.
 *
 * Every fallible function returns one enum err_class and is marked CHECKED.
 * The class tells the caller what to do; the details are in the caller's
 * struct err, never in a global. struct err holds no personal data (S5).
 */
#ifndef SHOKAI_BASE_ERR_H
#define SHOKAI_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#define CHECKED __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum err_class {
	ERR_NONE = 0, /* done */
	ERR_INPUT,    /* bad input: tell them; nothing was changed */
	ERR_LIMIT,    /* a bound of limits.h: tell them; nothing was changed */
	ERR_DENIED,   /* role, own approval, legal basis, peer: tell them */
	ERR_BUSY,     /* nothing happened: run again */
	ERR_UNSURE,   /* a write may have happened: look it up by its key */
	ERR_FAULT,    /* ours, or the machine's: log, end the process */
};

enum err_level { ERR_FILE, ERR_RECORD };

/*
 * code: a name of docs/interface.md §12, static storage. ja, en: what is
 * wrong, in plain words, static storage. The place: file (a name without
 * folder), line and column from 1 (0: not known), item (a column's or an
 * item's name). detail: a name, a number, a key that is no personal data.
 */
struct err {
	enum err_class class;
	enum err_level level;
	const char *code;
	const char *ja;
	const char *en;
	char file[128];
	long line;
	long column;
	char item[96];
	char detail[256];
};

/* Sets class, code and both texts; clears the place. Returns class. */
enum err_class err_set(struct err *e, enum err_class class, const char *code,
    const char *ja, const char *en);

/* Adds a detail that holds no personal data. Returns e's class. */
enum err_class err_detail(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* Adds the place, at the level of a record. Any of them may be NULL or 0. */
enum err_class err_at(
    struct err *e, const char *file, long line, long column, const char *item);

/* A fault of the machine: code "fault", detail "what: strerror(errno)". */
enum err_class err_errno(struct err *e, const char *what);

/* The exit code of docs/interface.md §1 for this class. */
int err_exit(enum err_class class);

/* Returns from the calling function unless expr is ERR_NONE. */
#define TRY(expr)                                                              \
	do {                                                                   \
		enum err_class try_class_ = (expr);                            \
		if (try_class_ != ERR_NONE)                                    \
			return try_class_;                                     \
	} while (0)

#endif
