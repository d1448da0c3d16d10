/*
 * sim_disk.h — disks in memory behind SQLite: one per node, which can fail a
 * write or a sync, be full, stop at any step, and lose what was not synced.
 *
 * The VFS takes the place of SQLite's default one in this process. A file is
 * on the disk whose prefix its path has.
 */
#ifndef SHOKAI_TESTS_SIM_DISK_H
#define SHOKAI_TESTS_SIM_DISK_H

#include "sim_rng.h"

#include <stdbool.h>
#include <stddef.h>

#define SIM_DISKS 8
#define SIM_DISK_PREFIX 96

struct sim_disk {
	char prefix[SIM_DISK_PREFIX];
	long ops;	  /* reads, writes, syncs, locks so far */
	long dies_at;	  /* ops at which it stops; 0: never */
	long fails_write; /* the n-th write from now fails; 0: none */
	long fails_sync;
	bool full;	   /* no file grows */
	bool dead;	   /* stopped: nothing more reaches it */
	bool failed;	   /* something has failed since the last start */
	bool sync_failed;  /* since the last start */
	bool sync_retried; /* ... and was tried again: never allowed */
};

void sim_disk_install(void);
struct sim_disk *sim_disk_add(const char *prefix);

/* The machine comes back: locks are gone. power: what was not synced is, by
 * sectors, there or not. No file may be open. */
void sim_disk_restart(struct sim_disk *d, bool power, struct sim_rng *r);

/* All files of a disk, kept aside and put back (faults cleared). */
struct sim_image;
struct sim_image *sim_disk_keep(const struct sim_disk *d);
void sim_disk_put(struct sim_disk *d, const struct sim_image *i);
void sim_disk_drop(struct sim_image *i);

#endif
