/*
 * layout.h — an institution's rule file: loaded, checked, compiled once;
 * requests encoded, answers decoded, and (at the bank) the reverse of both.
 *
 * A layout is data (layouts/CODE/YYYY-MM-DD.yaml, valid from that day). Pure:
 * bytes in, bytes out, no I/O. One struct layout may be used by one thread.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_H
#define SHOKAI_LAYOUT_LAYOUT_H

#include "base/bytes.h"
#include "base/err.h"
#include "record/answer.h"
#include "record/request.h"
#include "text/rules.h"

#define LAYOUT_FILE_ID_MAX 24
#define LAYOUT_RECORDS_MAX 5000

struct layout; /* owns its arena */
struct layout_memo;

/*
 * Compiles a rule file. On bad input *out is NULL and every finding is given
 * to note (level file, line and column set, codes layout.*); the class is
 * that of the first. name is for messages.
 */
CHECKED enum err_class layout_load(struct bytes yaml, const char *name,
    void (*note)(void *ctx, const struct err *finding), void *ctx,
    struct layout **out, struct err *e);
void layout_free(struct layout *l);

/*
 * From here on by the tables of text of that version (those of layout_tables;
 * NULL: the newest, as layout_load takes). False if they are not compiled in:
 * nothing has changed then. Do not change them within a file; a layout that has
 * a memo has none then.
 */
bool layout_use_tables(struct layout *l, const char *version);
/* Names what the text rules' tables hold, which may be revised. */
const char *layout_tables(const struct layout *l);

/* Facts of the file. The version is its effective date, YYYY-MM-DD. */
const char *layout_institution(const struct layout *l); /* "9601" */
const char *layout_name(const struct layout *l);	/* 金融機関名 */
const char *layout_version(const struct layout *l);
size_t layout_records_per_file(const struct layout *l); /* inquiries, 1…5000 */
bool layout_uses_address(const struct layout *l);	/* for lookup */
bool layout_uses_sex(const struct layout *l);

/* The i-th hub it would be asked through, as it prefers them; NULL: none. */
const char *layout_hub(const struct layout *l, size_t i);

/* When files may be sent to it. */
struct layout_schedule {
	size_t files_per_day; /* 0: any number */
	int from;	      /* minutes of the day, from ≤ m < to */
	int to;
	int cutoff;	    /* what is sent later counts as the next day's */
	bool business_days; /* not on weekends and holidays */
};
const struct layout_schedule *layout_schedule(const struct layout *l);
bool layout_may_send(
    const struct layout *l, int minute, bool business_day, size_t files_today);

/* Days it keeps what it was sent; 0: not told. */
size_t layout_retention_days(const struct layout *l);

/* Does it answer on paper what it cannot be asked in this form? */
bool layout_paper(const struct layout *l);

/* May it be asked on that legal basis? (codes joined by '|') */
bool layout_accepts_basis(const struct layout *l, struct text basis);

/* The same rules under another fictional institution's code and name. */
CHECKED enum err_class layout_rename(
    struct layout *l, const char *code, const char *name, struct err *e);

/* Why a record is held (T2): written to hold.csv, kept by the unit. */
struct layout_hold {
	enum request_item item;
	const char *rule;
	size_t at;    /* code points from 1 */
	uint32_t bad; /* the character, or 0 */
	const char *ja;
	const char *en;
};

/* What converting one record told. Zero-initialise. */
struct layout_report {
	bool allowed;		/* given: an officer lets material loss pass */
	uint32_t informational; /* bit per request item with such a loss */
	uint32_t material;
	bool held;
	struct layout_hold hold;
	/* Optional: told of each change (provenance). */
	void (*note)(void *ctx, enum request_item item,
	    const struct rules_change *change);
	/* Without note: told how many changes of one rule there were. */
	void (*tally)(
	    void *ctx, const char *rule, enum rules_loss loss, size_t n);
	void *ctx;
	/* tally may be told of many requests together, at the latest by
	 * layout_tell; the first of each rule and loss at once. */
	bool later;
};

/*
 * The institution's terms (accepts) and fan-out are kept here: an inquiry it
 * does not accept is held by the rule "accepts"; one that is asked under
 * former names and addresses too becomes several records of one 管理番号.
 *
 * A request file: begin, add up to records_per_file, end (header, trailer,
 * counts). layout_put_request leaves out as it was when the record is held.
 * file_id: 1 to LAYOUT_FILE_ID_MAX of [0-9A-Za-z-]; out is the same buffer
 * from begin to end, and one file of a layout is written at a time.
 */
void layout_begin_requests(
    struct layout *l, const char *file_id, struct buf *out);
void layout_put_request(struct layout *l, const struct request *r,
    struct buf *out, struct layout_report *report);
void layout_end_requests(struct layout *l, size_t records, struct buf *out);
void layout_tell(struct layout *l, struct layout_report *report);

/*
 * How many bytes at the beginning of out must stay there until the end, which
 * may change them (counts in a header); those behind are final once they are
 * put, and may be taken out between two requests. SIZE_MAX: all must stay.
 */
size_t layout_requests_head(const struct layout *l);

/*
 * Remembers what became of values, for many requests at a time; of use where
 * a report has no note. A few MiB whatever the number of records; the layouts
 * of one thread may share it, and it must outlive their use.
 */
struct layout_memo *layout_memo_new(void);
void layout_memo_free(struct layout_memo *m);
void layout_use_memo(struct layout *l, struct layout_memo *m); /* NULL: none */

/* The request file's name by the template of the layout (a plain name). */
void layout_file_name(const struct layout *l, const char *file_id,
    const char *date, int sequence, struct buf *out);

/*
 * Reading the institution's files, record by record. frame errors (header,
 * count, quotes) are returned as ERR_INPUT answer.header / answer.count /
 * answer.quotes and the whole file is refused: they are looked for in a first
 * pass, before the sink is told anything. A bad record is told through bad
 * and skipped; an answer with one bad row is bad as a whole. Where a layout
 * has several records for an inquiry, those that follow one another are one:
 * a request's stand in also, an answer's are merged (answer.repeated if they
 * contradict each other). *records counts inquiries. The texts of a
 * record live in a or in file; the sink may reset a each time it is called.
 */
struct layout_sink {
	void *ctx;
	/* Exactly one of these two is set. Return not ERR_NONE to stop. */
	enum err_class (*request)(
	    void *ctx, const struct request *r, long line, struct err *e);
	enum err_class (*answer)(
	    void *ctx, const struct answer *x, long line, struct err *e);
	/* A record refused: code answer.*, line, item; and its 管理番号 if
	 * it could be read, else empty. */
	void (*bad)(void *ctx, const struct err *why, struct text kanri);
};
CHECKED enum err_class layout_read(struct layout *l, struct bytes file,
    struct arena *a, const struct layout_sink *sink, size_t *records,
    struct err *e);

/* The file id that the last file read told; empty if its form has none. */
struct text layout_read_file_id(const struct layout *l);

/*
 * An answer file in the institution's own form (what its bank writes). An
 * answer whose text the encoding lacks gets 〓 (or '?' single-byte) in that
 * place: a bank never withholds an answer for a character; counted in *lost.
 */
void layout_begin_answers(
    struct layout *l, const char *file_id, struct buf *out);
void layout_put_answer(
    struct layout *l, const struct answer *x, struct buf *out, size_t *lost);
void layout_end_answers(struct layout *l, size_t records, struct buf *out);

/* The specification sheet for the bank to confirm; lang "ja" or "en". */
void layout_show(const struct layout *l, const char *lang, struct buf *out);

#endif
