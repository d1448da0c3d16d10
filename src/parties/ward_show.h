/*
 * ward_show.h — a wave as docs/interface.md §5 shows it, for the command and
 * for the desk alike.
 */
#ifndef SHOKAI_PARTIES_WARD_SHOW_H
#define SHOKAI_PARTIES_WARD_SHOW_H

#include "parties/ward_count.h"

/* `wave show --json`; *out is the caller's. */
CHECKED enum err_class ward_show(
    struct party_context *c, uint32_t wave, json_t **out, struct err *e);

/* `wave list`: one object a wave, ascending. */
CHECKED enum err_class ward_show_list(
    struct party_context *c, json_t **out, struct err *e);

/* The newest n waves with a number below before, as of ward_show_list, newest
 * first; *last: the lowest of them if there are more, else 0. charge: only the
 * open ones that this user looks after; NULL: all. */
CHECKED enum err_class ward_show_page(struct party_context *c,
    const char *charge, uint32_t before, size_t n, json_t **out, uint32_t *last,
    struct err *e);

#endif
