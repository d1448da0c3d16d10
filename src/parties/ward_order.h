/*
 * ward_order.h — what is asked of an order for a wave before anything is
 * written: texts, days, legal basis (S4), institutions, appointments.
 */
#ifndef SHOKAI_PARTIES_WARD_ORDER_H
#define SHOKAI_PARTIES_WARD_ORDER_H

#include "parties/ward_draft.h"

#define ORDER_KINDS 16 /* 科目 in one wave */

struct order_institution {
	char code[NODE_CODE];
	char hub[NODE_CODE];
	enum node_link link;
};

struct order_checked {
	json_t *definition; /* for the draft; the caller's */
	struct order_institution *institutions; /* in c->arena */
	size_t institution_count;
};

/* See ward_draft_new for the refusals. On failure nothing is left in out. */
CHECKED enum err_class ward_order_check(struct party_context *c,
    const struct ward_order *order, const struct ward_user *officer,
    struct order_checked *out, struct err *e);

/* ERR_DENIED "wave.approver" unless the officer holds an appointment in force
 * today for each of these 科目 (S4). */
CHECKED enum err_class ward_order_appointed(struct party_context *c,
    const struct ward_user *officer, const struct text *kamoku, size_t n,
    struct err *e);

#endif
