/*
 * ward_items.h — what the layout makes of one inquiry, item by item: computed
 * from what was asked and the versions of layout and tables, never kept.
 */
#ifndef SHOKAI_PARTIES_WARD_ITEMS_H
#define SHOKAI_PARTIES_WARD_ITEMS_H

#include "layout/layout.h"
#include "parties/proof.h"
#include "parties/ward_wave.h"
#include "record/subject.h"

struct ward_items {
	struct party_context *c;
	const struct ward_wave *w;
	const char *institution;
	const char *number;	     /* 管理番号 */
	const struct subject *claim; /* the first of its rows as asked */
	const struct text *basis;    /* of each of them */
	size_t claims;		     /* at least one */
	const char *file;	     /* file id, or NULL: in none yet */
	const char *layout;	     /* its version; NULL: not known */
	const char *tables; /* of text, by which it was sent; NULL: not told */
	const struct proof *proof; /* of its record, if tables is told */
	const char *mend;	   /* an officer's decision, or NULL */
};

/*
 * [{item, source, value, changes:[{rule, at, before, after}], loss, written,
 * after, mended_from}]; without a layout installed here what stands before.
 * *record {layout, tables, text_tables, digest} and, of one that was sent,
 * {sent, proved}, or NULL; *report as the conversion left it.
 * Both values are the caller's.
 */
json_t *ward_items(
    const struct ward_items *x, json_t **record, struct layout_report *report);

#endif
