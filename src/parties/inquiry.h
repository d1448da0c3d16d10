/*
 * inquiry.h — what ward and unit both keep of one inquiry that was asked: why
 * it is in no file, or its file and what proves its record there, and its
 * steps. For who looks at it.
 */
#ifndef SHOKAI_PARTIES_INQUIRY_H
#define SHOKAI_PARTIES_INQUIRY_H

#include "parties/proof.h"
#include "record/kanri.h"
#include "store/store.h"

#include <jansson.h>

struct inquiry {
	struct arena *arena; /* of what is read */
	const char *authority;
	uint32_t wave;
	const char *institution;
	uint32_t ordinal;
	char number[KANRI_TEXT];
	/* As read; NULL: there is none. */
	const char *exception; /* its kind */
	const char *file;
	const char *file_state;
	const char *layout;
	const char *tables; /* of text, by which it was sent */
	struct proof proof; /* of its record, if tables is told */
	int outcome;	    /* enum answer_class; -1: none */
	bool open;	    /* of the outcome */
};

/* Reads it, and adds to o what docs/interface.md §15 has of `exception`,
 * `file`, `steps` and `outcome`. */
CHECKED enum err_class inquiry_read(
    struct store_tx *tx, struct inquiry *q, json_t *o, struct err *e);

#endif
