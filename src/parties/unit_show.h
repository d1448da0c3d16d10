/*
 * unit_show.h — what a unit's officers look at: the authorities it serves,
 * inquiries that are held, what was converted and cleansed by day. Nothing of
 * a person is in it but the number of the inquiry.
 */
#ifndef SHOKAI_PARTIES_UNIT_SHOW_H
#define SHOKAI_PARTIES_UNIT_SHOW_H

#include "parties/party.h"

#include <jansson.h>

/* By authority {code, waves, files, in_flight, held, converted}: in_flight
 * files whose bank has not confirmed them, inquiries held and converted. The
 * caller's. */
CHECKED enum err_class unit_show_authorities(
    struct party_context *c, json_t **out, struct err *e);

/* A page of the hold list, behind where. */
struct unit_show_holds {
	const char *authority; /* "": of all */
	uint32_t wave;	       /* 0: all; else of that authority */
	struct unit_show_where {
		const char *authority;
		int64_t wave;
		const char *institution;
		int64_t ordinal;
	} where; /* of the last of the page before, then of this */
	size_t max;
	json_t *items; /* {authority, wave, inquiry, institution, reason, item,
			* at, bad}; the caller's */
	bool more;
};
CHECKED enum err_class unit_show_holds(
    struct party_context *c, struct unit_show_holds *page, struct err *e);

/* The last 31 days that had any, newest first: {day, converted, cleansed}
 * inquiries. The caller's. */
CHECKED enum err_class unit_show_throughput(
    struct party_context *c, json_t **out, struct err *e);

#endif
