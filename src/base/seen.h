/*
 * seen.h — which keys there have been, and as which number: in
 * memory that does not grow with them.
 *
 * A filter says for nearly all that they are new; who may have been seen is
 * looked for in chains of blocks in a temporary file.
 */
#ifndef SHOKAI_BASE_SEEN_H
#define SHOKAI_BASE_SEEN_H

#include "base/err.h"

#include <stdint.h>

struct seen;

/* dir: where the temporary file is made; must outlive it. */
struct seen *seen_new(const char *dir);
void seen_free(struct seen *s);

/* Begins to bring what seen_find looks at: call it while there is other work.
 */
void seen_expect(const struct seen *s, uint64_t key);

/* The number it was added with; 0 if it was not. */
CHECKED enum err_class seen_find(
    struct seen *s, uint64_t key, uint32_t *number, struct err *e);

/* The number that key was added with before, or 0: it has been added with
 * number, from 1, now. */
CHECKED enum err_class seen_take(struct seen *s, uint64_t key, uint32_t number,
    uint32_t *before, struct err *e);

#endif
