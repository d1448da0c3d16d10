/*
 * layout_trace.h — what a request became, field by field: for provenance,
 * which is recomputed from snapshot and versions, never kept.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_TRACE_H
#define SHOKAI_LAYOUT_LAYOUT_TRACE_H

#include "layout/layout.h"

struct layout_trace {
	/* One field of the inquiry's variant-th record (from 1), by its column:
	 * what stands there without padding. after lives until it returns. */
	void (*field)(void *ctx, enum request_item item, struct text column,
	    size_t variant, struct text after);
	void *ctx;
	struct buf *record; /* the inquiry's bytes are appended; or NULL */
};

/* The request as layout_put_request writes it into a file of that id. */
void layout_trace(struct layout *l, const char *file_id,
    const struct request *r, const struct layout_trace *t,
    struct layout_report *report);

#endif
