/*
 * layouts.h — the layouts a node has installed: by institution and day.
 */
#ifndef SHOKAI_PARTIES_LAYOUTS_H
#define SHOKAI_PARTIES_LAYOUTS_H

#include "layout/layout.h"

struct layouts;

/* Loads DIR/CODE/YYYY-MM-DD.yaml on first use. A file installed under
 * another fictional code than its own takes the folder's code. */
struct layouts *layouts_new(const char *dir);
void layouts_free(struct layouts *l);

/* The layout in force for that institution on that day (YYYY-MM-DD); NULL
 * with *e set (ERR_INPUT "layout.missing") if there is none. */
struct layout *layouts_on(
    struct layouts *l, const char *institution, const char *day, struct err *e);

/* The version by name. */
struct layout *layouts_version(struct layouts *l, const char *institution,
    const char *version, struct err *e);

/* The same by older tables of text, for provenance: another object, which no
 * file is written by; by the newest tables if those are not compiled in. */
struct layout *layouts_with_tables(struct layouts *l, const char *institution,
    const char *version, const char *tables, struct err *e);

/* For who writes many requests by layout x of l: what becomes of values is
 * remembered from here on (layout_use_memo), for all of l's layouts together.
 */
void layouts_remember(struct layouts *l, struct layout *x);

/* The installed ones in DIR, by institution and version. */
void layouts_list(const char *dir,
    void (*row)(void *ctx, const char *institution, const char *version),
    void *ctx);

/* `layout install`: checks, then writes it into DIR; refused if check does.
 * as_institution: another code (4 digits) to install it under, or NULL. */
CHECKED enum err_class layouts_install(const char *dir, struct bytes yaml,
    const char *name, const char *as_institution, struct err *e);

#endif
