/*
 * turnstile.h — one writer at a time, in turn, across processes.
 *
 * SQLite's own waiting (busy_timeout) polls with growing pauses: beside a
 * busy writer a waiter starves. Here a lock file stands beside the database.
 * Who comes takes the place in front ("next"), waits there for the way
 * through ("hold"), and only then frees the place in front: a writer that
 * comes back at once stands behind the one who waits already.
 *
 * The locks are the kernel's (F_OFD_SETLK on two bytes of the file), so a
 * process that dies gives them back. Words in the same file, shared, wake the
 * sleepers; what stands in them never decides who is through.
 */
#ifndef SHOKAI_STORE_SQLITE_TURNSTILE_H
#define SHOKAI_STORE_SQLITE_TURNSTILE_H

#include "base/err.h"

#include <stdint.h>

struct turnstile_words;
struct turnstile {
	int fd;
	struct turnstile_words *words;
};

/* Opens or makes the lock file. A full disk is ERR_FAULT "store.disk_full",
 * a place where none can be made ERR_BUSY "store.read_only". */
CHECKED enum err_class turnstile_open(
    struct turnstile *t, const char *path, struct err *e);
void turnstile_close(struct turnstile *t);

/* Passes, or gives up at that time of clock_monotonic: ERR_BUSY
 * "store.busy". */
CHECKED enum err_class turnstile_enter(
    struct turnstile *t, int64_t deadline_us, struct err *e);
void turnstile_leave(struct turnstile *t);

#endif
