/*
 * helper.h — for the tests of layouts: a small rule file that can be varied,
 * and the six of layouts/.
 */
#ifndef SHOKAI_TESTS_LAYOUT_HELPER_H
#define SHOKAI_TESTS_LAYOUT_HELPER_H

#include "layout/layout.h"
#include "record/kanri.h"

#define HELPER_LAYOUTS 6 /* those whose forms the tests know */
#define HELPER_INSTITUTIONS 40
#define HELPER_KANRI1 "2T410017EP000017"
#define HELPER_KANRI2 "2T410017EP000025"

/* The files of layouts/, in order; ends the test if one does not load. */
struct layout *helper_real(int no);

/* A rule file from text; NULL and *e (the first finding) if it is refused. */
struct layout *helper_load(const char *yaml, struct err *e);

/*
 * A rule file with the pieces put in: lines of top, columns of a request's
 * detail, rest of the file's request part (or NULL: what is right).
 */
struct layout *helper_vary(
    const char *top, const char *columns, const char *answer, struct err *e);

/* A 管理番号 of that ordinal. */
const char *helper_kanri(int ordinal, char out[32]);

/* A person as the ward has them. */
void helper_person(struct request *r, const char *kanri);

#endif
