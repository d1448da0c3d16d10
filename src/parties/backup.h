/*
 * backup.h — a whole node in one sealed file (backup_file.h), while it is
 * served; and a node made of it.
 *
 * Entries: "manifest" (JSON: format, code, party, schema, database, at),
 * "node/PATH" for each file of the folder — node.yaml, keys, layouts, what
 * stands in folder/ — and "database", a copy as of one moment (store_dump).
 * What lies in run/, the embedded database itself and files half written are
 * left out; links are followed. That a copy was made, and that it was put
 * back, stands in the linked log (S3).
 */
#ifndef SHOKAI_PARTIES_BACKUP_H
#define SHOKAI_PARTIES_BACKUP_H

#include "base/watch.h"
#include "parties/backup_file.h"
#include "parties/party.h"

#define BACKUP_DEPTH_MAX 16 /* of folders */

struct backup_told {
	char code[64];
	char party[16];
	char at[CLOCK_TEXT]; /* when the copy was made */
	int64_t files;
	int64_t bytes; /* of all entries, as they are outside the backup */
};

/* Writes all entries; ending the file is the caller's. watch: bytes so far. */
CHECKED enum err_class backup_write(struct party_context *c,
    struct backup_out *o, const struct watch *watch, struct backup_told *told,
    struct err *e);

/*
 * Makes the folder to of a backup: it must be missing or empty (ERR_INPUT
 * "node.not_empty"), and so must be the database that its node.yaml names.
 * All of the backup has been found whole before any database is made. ready
 * is called with the folder's name of then, before it gets its own: it brings
 * the database to this program's schema and has the node ask its neighbours.
 * If anything fails, the folder is as it was; a process that is killed leaves
 * TO.part, which the next one takes away. A database newer than the program:
 * ERR_INPUT "store.schema_new".
 */
typedef enum err_class backup_ready(void *ctx, const char *node, struct err *e);
struct backup_restoring {
	const char *to;
	backup_ready *ready;
	void *ctx;
	const struct watch *watch;
};
CHECKED enum err_class backup_restore(struct backup_in *i,
    const struct backup_restoring *r, struct backup_told *told, struct err *e);

#endif
