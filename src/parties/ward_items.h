/*
 * ward_items.h — what the layout makes of one inquiry, item by item: computed
 * from what was asked and the versions of layout and tables, never kept.
 */
#ifndef SHOKAI_PARTIES_WARD_ITEMS_H
#define SHOKAI_PARTIES_WARD_ITEMS_H

#include "parties/provenance.h"
#include "parties/ward_wave.h"
#include "record/subject.h"

/* The rows of one subject as asked: they do not change afterwards. */
#define WARD_ITEMS_CLAIMS 16
struct ward_items_claims {
	struct subject claim[WARD_ITEMS_CLAIMS];
	struct text basis[WARD_ITEMS_CLAIMS]; /* of each of them */
	size_t n;			      /* 0: it was excluded */
};
CHECKED enum err_class ward_items_claims(struct store_tx *tx,
    struct party_context *c, uint32_t wave, int64_t ordinal,
    struct ward_items_claims *out, struct err *e);

struct ward_items {
	struct party_context *c;
	const struct ward_wave *w;
	const char *institution;
	const char *number;			/* 管理番号 */
	const struct ward_items_claims *claims; /* at least one */
	const char *file;   /* file id, or NULL: in none yet */
	const char *layout; /* its version; NULL: not known */
	const char *tables; /* of text, by which it was sent; NULL: not told */
	const struct proof *proof; /* of its record, if tables is told */
	const char *mend;	   /* an officer's decision, or NULL */
};

/* provenance_items of it. */
json_t *ward_items(
    const struct ward_items *x, json_t **record, struct layout_report *report);

#endif
