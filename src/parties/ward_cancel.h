/*
 * ward_cancel.h — asking for something back: a wave, a file, one inquiry.
 */
#ifndef SHOKAI_PARTIES_WARD_CANCEL_H
#define SHOKAI_PARTIES_WARD_CANCEL_H

#include "parties/ward_wave.h"

struct ward_cancel {
	const char *to; /* unit, or the bank */
	uint32_t wave;
	const char *institution; /* "" for a whole wave, as are the next */
	const char *hub;
	const char *file;
	const char *inquiry;
	json_t *gone;  /* or NULL: ids of answers that did not stand */
	json_t *halts; /* or NULL: orders about many; inquiry is then "-" */
	const char *reason;
	enum node_link link;
	int64_t records;
};

/* Makes the cancel message (content.h); the caller sends it. */
CHECKED enum err_class ward_cancel_message(struct party_context *c,
    const struct ward_cancel *what, struct party_sending *out, struct err *e);

#endif
