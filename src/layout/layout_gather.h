/*
 * layout_gather.h — an answer gathered from its rows: the holder, then
 * accounts, transactions and other dealings below. One bad row makes the
 * whole answer bad: a part would pass for all of it.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_GATHER_H
#define SHOKAI_LAYOUT_LAYOUT_GATHER_H

#include "layout/layout_frame.h"
#include "layout/layout_value.h"
#include "record/kanri.h"

/* An answer being gathered, row by row. */
struct layout_gathering {
	struct layout *l;
	const struct layout_part *part;
	struct bytes file;
	struct arena *a;
	const struct layout_sink *sink;
	struct answer x;
	struct answer whole;  /* of the records of this inquiry before x */
	bool joined;	      /* there is such a whole */
	bool fast;	      /* x has what layout_fast_read wrote alone */
	struct request first; /* requests: the inquiry at hand */
	struct request *last;
	size_t variants;
	size_t inquiries; /* told to the sink */
	bool open;
	bool bad;
	struct err why;
	struct kanri_run run;	     /* of the 管理番号 */
	char kanri_text[KANRI_TEXT]; /* outlives a reset of a */
	long line;
	size_t begin;
	size_t end;
	size_t told_accounts; /* SIZE_MAX: not told */
	size_t told_others;
	size_t told_transactions; /* of the account at hand */
	size_t told_statement;	  /* of the whole answer */
};

/* Takes one row that is neither header nor trailer. */
CHECKED enum err_class layout_gather_row(struct layout_gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e);

/* The same for a request file's detail. */
CHECKED enum err_class layout_gather_request(struct layout_gathering *g,
    const struct layout_frame *f, const struct layout_record *r, struct err *e);

/* Hands what is gathered to the sink, which may reset the arena then. */
CHECKED enum err_class layout_gather_flush(
    struct layout_gathering *g, struct err *e);

#endif
