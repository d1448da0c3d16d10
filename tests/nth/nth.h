/*
 * nth.h — fails the n-th allocation, system call or SQL step of a piece of
 * work, for every n until it passes untouched.
 *
 * The piece runs in a child of its own, so that an end of the process is an
 * outcome like any other. malloc and its kin, and the calls on files, are this
 * program's own (nth_calls.c): what libraries call reaches them too.
 */
#ifndef SHOKAI_TESTS_NTH_H
#define SHOKAI_TESTS_NTH_H

#include "base/digest.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* What fails, with which error. */
#define NTH_WAYS(X)                                                            \
	X(ALLOCATION, "allocation")                                            \
	X(OPEN, "open")                                                        \
	X(READ, "read")                                                        \
	X(WRITE, "write")                                                      \
	X(FULL, "write on a full disk")                                        \
	X(SYNC, "sync")                                                        \
	X(CLOSE, "close")                                                      \
	X(RENAME, "rename")                                                    \
	X(RESIZE, "ftruncate")                                                 \
	X(STEP_IO, "SQL step: input/output")                                   \
	X(STEP_FULL, "SQL step: full")                                         \
	X(STEP_BUSY, "SQL step: busy")                                         \
	X(STEP_MEMORY, "SQL step: memory")
#define NTH_ID_(id, name) NTH_##id,
enum nth_way { NTH_WAYS(NTH_ID_) NTH_COUNT };
#undef NTH_ID_

const char *nth_name(enum nth_way way);

/* What the child and the loop both see. */
struct nth_shared {
	enum nth_way way;
	long left;	   /* until the one that fails; 0: armed no more */
	bool met;	   /* it has failed */
	bool sync_failed;  /* a sync has failed, … */
	bool sync_retried; /* … and another was tried in the same process */
	bool ending;	   /* all is done; set by the piece before it closes */
	char code[64];	   /* of the error that came back */
	char detail[256];
	unsigned char note[8192]; /* whatever the piece leaves there */
	size_t noted;
};
extern struct nth_shared *nth; /* from nth_begin on */

/* How a piece of work has ended. */
struct nth_end {
	bool died; /* of the failure: by abort(3) */
	enum err_class class;
};

/* One loop: what is done, and what must hold afterwards. */
struct nth_piece {
	const char *name;
	/* Before each n, in the loop's process: everything as it was. */
	void (*before)(void *ctx);
	/* In the child. It calls nth_arm where the failures are to begin. */
	enum err_class (*work)(void *ctx, struct err *e);
	/* Afterwards, in the loop's process, nothing failing; nth_wrong says
	 * what does not hold. */
	void (*after)(void *ctx, const struct nth_end *end);
	/* All that the work has left behind; or NULL. What is the same as
	 * before, after the same end, is not gone through a second time. */
	struct digest (*left)(void *ctx);
	void *ctx;
	bool may_deny; /* ERR_INPUT, ERR_LIMIT or ERR_DENIED are right */
	/* SQLite rolls an empty file back whose first page was not synced, and
	 * syncs that: nothing was kept in it yet. */
	bool may_sync;
	/* A library may wait for ever for what it could not allocate: ended
	 * from outside after seconds, as whoever looks after it would. */
	bool may_wait;
	/* A library may go on with what it could not allocate, at NULL: that
	 * ends the process, too. */
	bool may_crash;
	/* Of allocations, where all would be too many for each run of the
	 * tests; or 0. With SHOKAI_NTH_PHASE=K in the environment the loop of
	 * these alone runs, from the K-th + 1 on: of all K below stride
	 * together every one fails (script/soak nth). */
	long stride;
};

/* The program's first call. A folder for the pieces' files, on a file system
 * without disk where there is one: what is lost with power is the simulator's
 * to show. nth_close removes it. */
const char *nth_begin(void);
void nth_arm(void);
void nth_wrong(const char *what);

/* All n of one way, or of all of a list; counts cases and failures. */
void nth_loop(const struct nth_piece *p, enum nth_way way);
void nth_loops(
    const struct nth_piece *p, const enum nth_way *ways, size_t count);

/* Prints "N passed, N failed"; the exit code. */
int nth_close(void);

/* nth_calls.c: does this one fail? */
bool nth_fails(enum nth_way way);

#endif
