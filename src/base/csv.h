/*
 * csv.h — RFC 4180 from outside, record by record, within bounds; and its
 * writer.
 *
 * The reader works on bytes: every encoding the project reads (UTF-8, CP932,
 * zengin) keeps the bytes of '"', ',', CR and LF to themselves, so that the
 * frame is found before a decoder turns a field into text (T1). Memory does
 * not grow with the file.
 */
#ifndef SHOKAI_BASE_CSV_H
#define SHOKAI_BASE_CSV_H

#include "base/bytes.h"
#include "base/err.h"

#define CSV_FIELDS_MAX 256

/* Fills p with at most n bytes; 0 at the end, -1 on a fault (errno). */
typedef long csv_read_fn(void *ctx, void *p, size_t n);

struct csv {
	csv_read_fn *read;
	void *ctx;
	struct buf window; /* the bytes at hand */
	size_t at;	   /* where the next record begins in them */
	bool ended;	   /* read has said 0 */
	char delimiter;
	size_t line_max;
	size_t field_max;
	/* The record at hand: */
	long line; /* its first physical line, from 1 */
	long next_line;
	size_t fields;
	struct bytes field[CSV_FIELDS_MAX]; /* unescaped, until the next */
	size_t too_long;  /* a field over field_max: its number from 1 */
	bool nul;	  /* the record holds a NUL */
	bool blank;	  /* a line without any byte */
	struct bytes raw; /* the record as it stands, without its newline */
};

/* line_max bounds one record, field_max one field, both in bytes. */
void csv_init(struct csv *c, csv_read_fn *read, void *ctx, size_t line_max,
    size_t field_max);
void csv_fini(struct csv *c);

/* A csv_read_fn over a file descriptor (ctx: int *). */
long csv_read_fd(void *ctx, void *p, size_t n);

/* A csv_read_fn over bytes at hand (ctx: struct bytes *, shortened). */
long csv_read_bytes(void *ctx, void *p, size_t n);

/*
 * Steps to the next record; *more is false at the end. A quote left open, or
 * one within an unquoted field, is ERR_INPUT "csv.quotes"; a record over
 * line_max (unless a quote is open there: that counts as left open) or over
 * CSV_FIELDS_MAX fields ERR_LIMIT "csv.too_long": neither can be gone on
 * from. A last line without newline is a record.
 */
CHECKED enum err_class csv_next(struct csv *c, bool *more, struct err *e);

/*
 * For who parts plain records by itself: what is at hand behind the last
 * record, with CSV_BEHIND bytes that can be read behind it; and taking n bytes
 * of it, a line with its newline. c->line is its number then, and nothing else
 * is told of it.
 */
#define CSV_BEHIND 64
struct bytes csv_at_hand(const struct csv *c);
void csv_take(struct csv *c, size_t n);

/* The record at hand is the file's last and does not end with a newline. */
bool csv_cut_off(const struct csv *c);

/* Adds one field, quoted where it must be, with a delimiter unless first. */
void csv_put(struct buf *out, struct text field, bool first);

/* Ends a record: CRLF. */
void csv_end(struct buf *out);

#endif
