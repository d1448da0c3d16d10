/*
 * books.h — what an officer looks up beside the inquiries themselves: which
 * are in no file and why, the carrying book (媒体受渡簿), and what was taken
 * out (持出し記録). The first two hold no person's data: numbers, codes, names
 * of files (S5).
 */
#ifndef SHOKAI_PARTIES_BOOKS_H
#define SHOKAI_PARTIES_BOOKS_H

#include "parties/ward_user.h"

#include <jansson.h>

/* An inquiry that is in no file; texts live until row returns. */
struct book_exception {
	const char *inquiry; /* 管理番号 */
	struct text authority;
	struct text institution;
	struct text kind; /* "excluded" "reused" "held" "paper" "cancelled" */
	struct text reason;
	struct text item;
	int64_t at;
	struct text bad;
};

/* Those of a wave (ward and unit), of that kind (NULL: of all), ordered by
 * number. ERR_INPUT "wave.unknown" if the ward has no such wave. */
CHECKED enum err_class books_exceptions(struct party_context *c, uint32_t wave,
    const char *kind, void (*row)(void *ctx, const struct book_exception *x),
    void *ctx, struct err *e);

json_t *books_exception_json(const struct book_exception *x);

/* A page of them at the ward, of that institution ("": of all) and kind ("":
 * of all), behind (after, ordinal); next 0: there are no more. */
struct books_page {
	uint32_t wave;
	const char *institution;
	const char *kind;
	const char *after;
	int64_t ordinal;
	size_t max;
	json_t *items; /* the caller's */
	const char *next_institution;
	int64_t next;
};
CHECKED enum err_class books_exceptions_page(
    struct party_context *c, struct books_page *page, struct err *e);

/* A medium carried; texts live until row returns. */
struct book_carry {
	int64_t seq;
	int64_t at_us;
	struct text direction; /* "out" "in" */
	struct text hub;
	struct text name;
	struct text who;
	int64_t messages;
	int64_t records;
	struct text digest;
	int64_t erased_us; /* 0: not yet */
};

json_t *books_carry_json(const struct book_carry *x);

/* The ward's book, oldest first. */
CHECKED enum err_class books_carry(struct party_context *c,
    void (*row)(void *ctx, const struct book_carry *x), void *ctx,
    struct err *e);

/* The medium of that entry has been erased: entered with the officer in the
 * linked log; a repeat changes nothing. ERR_INPUT "carry.unknown". */
CHECKED enum err_class books_erased(struct party_context *c, int64_t seq,
    const struct ward_user *officer, struct err *e);

/* 持出し記録: what an officer takes out or prints, and for what; the log has
 * it, too. */
struct book_takeout {
	const char *who;
	const char *what; /* "export" "print" */
	const char *kind; /* "wave" "subject" "inquiry" */
	const char *object;
	const char *purpose;
	int64_t records;
	const char *digest; /* SHA-256 of the file; "": of what is none */
};
CHECKED enum err_class books_takeout(struct store_tx *tx,
    struct party_context *c, const struct book_takeout *t, struct err *e);

#endif
