/*
 * ward_check_show.h — the files of the via-ward check as docs/interface.md §14
 * shows them, for the command and for the desk alike.
 */
#ifndef SHOKAI_PARTIES_WARD_CHECK_SHOW_H
#define SHOKAI_PARTIES_WARD_CHECK_SHOW_H

#include "parties/ward_check.h"

#include <jansson.h>

/* The caller's. */
json_t *ward_check_json(const struct ward_check *k);

/* With what is in it: "content", or "content_hex" if it is no text. Logged as
 * a read. */
CHECKED enum err_class ward_check_show(struct party_context *c,
    const struct ward_check *k, const struct ward_user *officer, json_t **out,
    struct err *e);

/* Those in that state behind seq after, at most max, each with the digest of
 * its message; next 0: there are no more. */
struct ward_check_page {
	const char *state;
	int64_t after;
	size_t max;
	json_t *items; /* the caller's */
	int64_t next;
};
CHECKED enum err_class ward_check_list_page(
    struct party_context *c, struct ward_check_page *page, struct err *e);

#endif
