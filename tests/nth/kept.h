/* kept.h — a node's SQLite database, kept aside and put back between two n:
 * see nth.h. */
#ifndef SHOKAI_TESTS_KEPT_H
#define SHOKAI_TESTS_KEPT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

struct kept {
	char path[320];
	struct buf image;
};

/* It must be open nowhere. */
void kept_take(struct kept *k, const char *path);
void kept_put(const struct kept *k);
void kept_fini(struct kept *k);

/* The one integer of a query, behind the store's back; -1: none. */
int64_t kept_ask(const struct kept *k, const char *sql);
bool kept_sound(const struct kept *k);

#endif
