/*
 * ward_compare.h — 送信前比較 of a whole wave: each record as the ward has it
 * beside what its institution's layout makes of it, before it is sent or
 * after.
 */
#ifndef SHOKAI_PARTIES_WARD_COMPARE_H
#define SHOKAI_PARTIES_WARD_COMPARE_H

#include "parties/ward_wave.h"

struct ward_compare {
	uint32_t wave;
	const char *institution; /* "": the first of the wave */
	bool changed;		 /* only records that the layout changed */
	const char *loss;	 /* only with that loss: informational,
				    material; "" any */
	const char *rule;	 /* only changed by that rule, with or without
				    its argument; "" any */
	int64_t after;		 /* ordinal; 0: from the first */
	size_t max;
	const struct ward_user *officer;
	json_t *items; /* the caller's */
	int64_t next;  /* 0: no more. A page may be short and not the last. */
};

/*
 * Items {ordinal, inquiry, institution, atena, masked, loss, rules:[…], held:
 * {item, rule, at, bad, ja, en}|null, exception: kind|null, items:[…]} as
 * ward_items gives them; of a shielded person no items. Who is excluded is
 * not there. Each person is logged as read (S3). ERR_INPUT "wave.unknown",
 * "wave.institution"; "layout.missing" where none is installed here.
 */
CHECKED enum err_class ward_compare(
    struct party_context *c, struct ward_compare *page, struct err *e);

#endif
