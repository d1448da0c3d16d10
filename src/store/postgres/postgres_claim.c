/*
 * postgres_claim.c — claims: locks of the session, which nobody waits for and
 * the server takes back when the session ends. No row is written for them.
 * A lane of the log is a lock of the transaction: it is given back when what
 * was written there can be seen.
 */
#include "store/postgres/postgres_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A new connection would let a lost transaction's other half in. */
static bool reached(struct postgres_db *db)
{
	struct err e;

	return db->within ? !postgres_connect_lost(db)
			  : postgres_connect_reach(db, &e) == ERR_NONE;
}

bool postgres_claim(void *p, const char *what)
{
	struct postgres_db *db = p;
	char got[8] = "";
	struct err e;

	if (!reached(db) || postgres_connect_ask_own(db, POSTGRES_CLAIM, what,
				got, sizeof(got), &e) != ERR_NONE)
		return false;
	return strcmp(got, "t") == 0;
}

/* A lost connection has given it back. */
void postgres_claim_back(void *p, const char *what)
{
	struct postgres_db *db = p;
	char got[8];
	struct err e;

	if (!postgres_connect_lost(db))
		(void)!postgres_connect_ask_own(
		    db, POSTGRES_UNCLAIM, what, got, sizeof(got), &e);
}

/* None is free: a turn at the last one. */
static enum err_class wait_for_lane(
    struct postgres_db *db, int64_t *lane, struct err *e)
{
	char got[8];

	*lane = STORE_LANES - 1;
	return postgres_connect_ask(db,
	    "SELECT pg_advisory_xact_lock" POSTGRES_LANE_KEY
	    " FROM (SELECT $1::int) AS"
	    " l (lane)",
	    "15", got, sizeof(got), e);
}

/* The next statement sees what the lane's last holder wrote: each has a
 * snapshot of its own, and this one's lock came after that one's commit. */
enum err_class postgres_claim_lane(void *p, int64_t *lane, struct err *e)
{
	struct postgres_db *db = p;
	char got[8];

	static_assert(STORE_LANES == 16, "the lanes of POSTGRES_LANE");
	*lane = db->lane;
	if (db->lane >= 0)
		return ERR_NONE;
	TRY(postgres_connect_ask_own(
	    db, POSTGRES_LANE, NULL, got, sizeof(got), e));
	if (*got == '\0')
		TRY(wait_for_lane(db, lane, e));
	else
		*lane = strtoll(got, NULL, 10);
	db->lane = (int)*lane;
	return ERR_NONE;
}
