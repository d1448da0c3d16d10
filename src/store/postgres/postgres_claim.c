/*
 * postgres_claim.c — claims: locks of the session, which nobody waits for and
 * the server takes back when the session ends. No row is written for them.
 */
#include "store/postgres/postgres_internal.h"

#include <string.h>

/* Nodes may share a database in schemas of their own. */
#define KEY "(hashtextextended(concat(current_schema(), ' ', $1::text), 0))"

bool postgres_claim(void *p, const char *what)
{
	struct postgres_db *db = p;
	char got[8] = "";
	struct err e;

	if (postgres_connect_reach(db, &e) != ERR_NONE ||
	    postgres_connect_ask(db, "SELECT pg_try_advisory_lock" KEY, what,
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
		(void)!postgres_connect_ask(db, "SELECT pg_advisory_unlock" KEY,
		    what, got, sizeof(got), &e);
}
