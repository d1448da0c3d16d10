/*
 * ward_import.h — subjects.csv (docs/interface.md §8) into the ward's tables.
 */
#ifndef SHOKAI_PARTIES_WARD_IMPORT_H
#define SHOKAI_PARTIES_WARD_IMPORT_H

#include "base/refusals.h"
#include "parties/ward.h"
#include "text/encoding.h"

struct ward_import {
	int fd;		  /* read twice: must be a file (ward_import_spool) */
	const char *name; /* for refusals, without folder */
	enum encoding encoding;
	bool dry_run;
	bool diff; /* the day's differences: absent rows stay */
	const char *actor;
	struct refusals *refusals;
	void (*progress)(void *ctx, int64_t rows); /* or NULL */
	void *ctx;
};

struct ward_import_result {
	int64_t accepted; /* rows */
	int64_t refused;
	int64_t changed; /* rows added, altered, or taken away */
	int64_t stopped; /* subjects newly stopped, until an officer decides */
	int64_t removed; /* of changed: absent in a full file */
	int64_t kept;	 /* absent, but asked for in a wave that is open */
};

/*
 * Reads the whole file first: a bad file is refused whole and nothing is
 * written. Then writes in bounded transactions, each with its entry in the
 * log (S3); the same file again changes nothing, so a run that was cut off is
 * simply run again. Of a full file, claims that are absent are no longer
 * claims: they are deleted, unless a wave that is open asks for them, and only
 * if no row of the file was refused (a refused row is not an absent one).
 */
CHECKED enum err_class ward_import(struct party_context *c,
    const struct ward_import *order, struct ward_import_result *out,
    struct err *e);

/* Copies a stream to an unlinked file in the node's folder, to be read twice;
 * *out is its descriptor. ERR_LIMIT "subjects.too_large". */
CHECKED enum err_class ward_import_spool(
    const struct node *node, int from, int *out, struct err *e);

#endif
