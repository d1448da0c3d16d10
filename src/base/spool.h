/*
 * spool.h — rows that are more than memory should hold: a temporary file that
 * grows at its end, of which any part can be read and overwritten. It has no
 * name, so that nothing of it stays whatever happens; memory is one block.
 */
#ifndef SHOKAI_BASE_SPOOL_H
#define SHOKAI_BASE_SPOOL_H

#include "base/bytes.h"
#include "base/err.h"

struct spool {
	const char *dir; /* where the file is made, when it is needed */
	int fd;		 /* -1: all is in the tail */
	uint64_t flushed;
	struct buf tail; /* what stands behind that */
};

/* dir must outlive the spool; nothing is made in it yet. */
void spool_init(struct spool *s, const char *dir);
void spool_fini(struct spool *s);

/* Bytes that it holds: where the next are added. */
uint64_t spool_size(const struct spool *s);

CHECKED enum err_class spool_add(
    struct spool *s, const void *p, size_t n, struct err *e);

/* Parts of what has been added; a part was added whole, or lies within what
 * was. Faults of the machine only. */
CHECKED enum err_class spool_get(
    struct spool *s, uint64_t at, void *p, size_t n, struct err *e);
CHECKED enum err_class spool_put(
    struct spool *s, uint64_t at, const void *p, size_t n, struct err *e);

#endif
