/*
 * schema.h — the numbered files of schema/, compiled in.
 *
 * NNN-PART.sql is what version NNN adds for the parties that have PART:
 * common (all), asked (ward, unit), and one for each party. A version's files
 * are applied in one transaction, and never change once they are released.
 */
#ifndef SHOKAI_STORE_SCHEMA_H
#define SHOKAI_STORE_SCHEMA_H

#include "store/store.h"

/* The newest version there is. */
int schema_version(void);

/* The i-th file (from 0) of a version for that party; NULL past the last. */
const char *schema_part(int version, enum store_party party, int i);

#endif
