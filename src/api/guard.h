/*
 * guard.h — guessing made slow: after a few failures in a row nobody signs in
 * under that name for a while, twice as long each time.
 */
#ifndef SHOKAI_API_GUARD_H
#define SHOKAI_API_GUARD_H

#include "parties/ward_user.h"

struct guard {
	char key[WARD_USER_NAME];
	int64_t failures;
	int64_t until_us;
};

/* The failures of a name. Those of names that nobody has (known false) are
 * counted together in a bounded number of rows, and no name is kept. */
CHECKED enum err_class guard_read(struct store_tx *tx, const char *name,
    bool known, struct guard *out, struct err *e);

/* ERR_BUSY "session.locked_out" with *wait_s, else 0. */
CHECKED enum err_class guard_check(
    const struct guard *g, int64_t now_us, int64_t *wait_s, struct err *e);

CHECKED enum err_class guard_failed(
    struct store_tx *tx, const struct guard *g, int64_t now_us, struct err *e);
CHECKED enum err_class guard_passed(
    struct store_tx *tx, const struct guard *g, struct err *e);

/* Is it the secret of what is kept ("": of nobody)? Takes as long for a name
 * that nobody has. */
bool guard_verify(const char *secret, const char *kept);

#endif
