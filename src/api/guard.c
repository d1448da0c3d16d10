/* guard.c — see guard.h. */
#include "api/guard.h"

#include "base/clock.h"
#include "base/digest.h"

#include <stdio.h>

#define TRIES 5	  /* failures in a row without a wait */
#define WAIT_S 30 /* after the next one; then twice as long each time */
#define WAIT_MAX_S 3600
#define BUCKETS 1024 /* of the failures of names that nobody has */

/* Verified for a name that nobody has, so that it takes as long. */
static const char nobody[] =
    "scrypt$32768$8$1$00000000000000000000000000000000$"
    "00000000000000000000000000000000000000000000000000000000000000"
    "00";

static void key_of(const char *name, bool known, struct guard *g)
{
	struct digest d = digest_one(text_bytes(text_z(name)));
	unsigned bucket = ((unsigned)d.b[0] << 8 | d.b[1]) % BUCKETS;

	if (known)
		(void)snprintf(g->key, sizeof(g->key), "%s", name);
	else
		(void)snprintf(g->key, sizeof(g->key), ",%u", bucket);
}

enum err_class guard_read(struct store_tx *tx, const char *name, bool known,
    struct guard *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	key_of(name, known, out);
	TRY(store_one(tx, STMT_DESK_SIGNIN_GET, STORE_VALUES(store_z(out->key)),
	    &r, &found, e));
	out->failures = found ? store_get_int(r, 0) : 0;
	out->until_us = found ? store_get_int(r, 1) : 0;
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class guard_check(
    const struct guard *g, int64_t now_us, int64_t *wait_s, struct err *e)
{
	*wait_s = 0;
	if (now_us >= g->until_us)
		return ERR_NONE;
	*wait_s = (g->until_us - now_us) / CLOCK_SECOND + 1;
	return err_set(e, ERR_BUSY, "session.locked_out",
	    "誤りが続いたため、しばらくサインインできません",
	    "too many failures in a row; wait before the next try");
}

enum err_class guard_failed(
    struct store_tx *tx, const struct guard *g, int64_t now_us, struct err *e)
{
	int64_t over = g->failures + 1 - TRIES;
	int64_t wait = WAIT_S;

	while (over-- > 0 && wait < WAIT_MAX_S)
		wait *= 2;
	if (g->failures + 1 < TRIES)
		wait = 0;
	else if (wait > WAIT_MAX_S)
		wait = WAIT_MAX_S;
	return STORE_DO(tx, STMT_DESK_SIGNIN_FAILED, e, store_z(g->key),
	    store_int(now_us + wait * CLOCK_SECOND));
}

enum err_class guard_passed(
    struct store_tx *tx, const struct guard *g, struct err *e)
{
	return STORE_DO(tx, STMT_DESK_SIGNIN_CLEAR, e, store_z(g->key));
}

bool guard_verify(const char *secret, const char *kept)
{
	return ward_user_verify(
	    text_z(secret), text_z(kept[0] != '\0' ? kept : nobody));
}
