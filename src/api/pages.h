/*
 * pages.h — the officers' pages: the files of web/, read once when the desk
 * begins and served from memory by their names alone.
 *
 * web/pages.json lists the pages: {pages: [{path, file, …}]}; a path may hold
 * "{NAME}" segments, file is the html it gives.
 */
#ifndef SHOKAI_API_PAGES_H
#define SHOKAI_API_PAGES_H

#include "base/bytes.h"
#include "base/err.h"

struct pages;

/* dir NULL, or one that is not there: no pages. A pages.json that is no such
 * list is ERR_INPUT "pages.list"; files over 2 MiB, or more than 500, are
 * ERR_LIMIT "pages.too_large". */
CHECKED enum err_class pages_load(
    const char *dir, struct pages **out, struct err *e);
void pages_free(struct pages *p);

/* The file for that path, with its type; false if there is none. */
bool pages_find(const struct pages *p, struct text path, struct bytes *body,
    const char **type);

/* Where web/ is beside the running program, in a: ../web, or
 * ../share/shokai/web; NULL if neither is there. */
struct arena;
char *pages_dir(struct arena *a);

#endif
