/*
 * retire.h — a wave whose time is over is deleted from a node's tables
 * (store/waves.h), by an officer's word. Which wave's time is over is the
 * retention rule's and the officer's to say; here it is only seen that nobody
 * waits for anything of it.
 */
#ifndef SHOKAI_PARTIES_RETIRE_H
#define SHOKAI_PARTIES_RETIRE_H

#include "parties/ward_user.h"

struct retire {
	const char *authority; /* whose wave; the ward's own there */
	uint32_t wave;
	const char *reason; /* in words; not empty, else "wave.reason" */
	const struct ward_user *officer;
};

/*
 * Each transaction that deletes has its entry in the linked log: how many
 * rows, of which wave, by whom, why. Interrupted, it is run again.
 * ERR_INPUT "wave.unknown" if the node holds nothing of it. ERR_DENIED
 * "wave.open" while something of it is pending, or does not add up
 * (reconcile), or at the ward the wave is neither closed nor cancelled, or is
 * the newest: its number would be given again.
 */
CHECKED enum err_class retire_wave(struct party_context *c,
    const struct retire *what, int64_t *rows, struct err *e);

#endif
