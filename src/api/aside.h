/*
 * aside.h — a call that takes long (ROUTE_LONG: import, export …) is run
 * beside the desk, which serves others meanwhile: by this program again,
 * `serve NODE --child call`, with the same handler, in the name of the same
 * user. It dies with the desk. How far it is, who asked may ask.
 */
#ifndef SHOKAI_API_ASIDE_H
#define SHOKAI_API_ASIDE_H

#include "api/desk.h"
#include "api/once.h"

#define ASIDE_MAX 4 /* of one desk at a time */

/* Descriptors the child finds open; those of serve.h are below. */
enum aside_fd {
	ASIDE_FD_ORDER = 6,
	ASIDE_FD_BODY,
	ASIDE_FD_RESULT,
	ASIDE_FD_PROGRESS,
};

/*
 * Begins the call; its answer comes by *out. once: what is kept of it when it
 * has ended, or NULL; file: its body, or -1; key: under which its progress may
 * be asked for, or "". ERR_BUSY "request.busy_desk": there are ASIDE_MAX.
 */
struct aside_order {
	const struct once *once;
	const char *key;
	int file;
};
CHECKED enum err_class aside_begin(struct desk *d, const struct call *c,
    const struct aside_order *order, struct server_later *out, struct err *e);

/* In the child: does what it was begun for. */
CHECKED enum err_class aside_run(struct desk *d, struct err *e);

/* When a desk begins: what exports have left of plain files whose process is
 * gone, killed along with its desk. */
void aside_sweep(const struct node *n);

/* How far the user's call with that key is; false: there is none at work. */
bool aside_progress(const struct node *n, struct arena *a, const char *user,
    const char *key, int64_t *done, int64_t *of);

#endif
