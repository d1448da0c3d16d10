/*
 * provenance.h — what the layout makes of one inquiry, item by item: computed
 * from what was asked and the versions of layout and tables, never kept; and
 * whether it is what was sent.
 */
#ifndef SHOKAI_PARTIES_PROVENANCE_H
#define SHOKAI_PARTIES_PROVENANCE_H

#include "layout/layout.h"
#include "parties/party.h"
#include "parties/proof.h"

struct provenance {
	const struct party_context *c;
	const char *institution;
	const char *file;   /* file id, or NULL: in none yet */
	const char *layout; /* its version; NULL: not known */
	const char *tables; /* of text, by which it was sent; NULL: not told */
	const struct proof *proof; /* of its record, if tables is told */
	const char *mend;	   /* an officer's decision, or NULL */
};

/*
 * [{item, source, value, changes:[{rule, at, before, after}], loss, written,
 * after, mended_from}]; without a layout installed here what stands before.
 * *record {layout, tables, text_tables, digest} and, of one that was sent,
 * {sent, proved}, or NULL; *report as the conversion left it. The request
 * becomes what the officer decided. Both values are the caller's.
 */
json_t *provenance_items(const struct provenance *x, struct request *request,
    json_t **record, struct layout_report *report);

#endif
