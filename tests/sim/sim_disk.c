/* sim_disk.c — see sim_disk.h. */
#include "sim_disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES 64
#define NAME 160
#define CHUNK 4096
#define SECTOR 512
#define SHM_REGIONS 16
#define SHM_SIZE 32768

/* What a chunk held when it was last synced; NULL: it is synced. lost: its
 * sync failed, and the kernel holds it for written: only a new write of it
 * makes a sync write it. */
struct old {
	unsigned char *bytes;
	bool lost;
};

struct inode {
	char name[NAME];
	struct sim_disk *disk; /* NULL: no file */
	unsigned char *p;
	size_t n;
	size_t room;
	size_t synced; /* its size at the last sync */
	struct old *old;
	size_t chunks;
	int handles;
	int shared; /* locks of the main file */
	const void *writer;
	unsigned char *shm[SHM_REGIONS];
	int shm_shared[SQLITE_SHM_NLOCK];
	const void *shm_writer[SQLITE_SHM_NLOCK];
	int shm_handles;
};

/* This process' files: one simulation runs at a time. */
static struct {
	struct inode file[FILES];
	struct sim_disk disk[SIM_DISKS];
	size_t disks;
	sqlite3_vfs *real;
} all;

struct handle {
	sqlite3_file base;
	struct inode *file;
	int lock;
	bool shm;
	unsigned shm_shared;
	unsigned shm_own;
};

static void *must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

/* Counts a step; false: the disk has stopped. */
static bool step(struct sim_disk *d)
{
	if (d->dead)
		return false;
	d->ops++;
	if (d->dies_at == 0 || d->ops < d->dies_at)
		return true;
	d->dead = true;
	return false;
}

static bool due(struct sim_disk *d, long *left)
{
	if (*left == 0 || --*left > 0)
		return false;
	d->failed = true;
	return true;
}

static void reserve(struct inode *f, size_t n)
{
	size_t chunks = (n + CHUNK - 1) / CHUNK;

	if (n > f->room) {
		f->room = n + n / 2 + CHUNK;
		f->p = must(realloc(f->p, f->room));
	}
	if (chunks <= f->chunks)
		return;
	chunks += chunks / 2 + 8;
	f->old = must(realloc(f->old, chunks * sizeof(*f->old)));
	memset(f->old + f->chunks, 0, (chunks - f->chunks) * sizeof(*f->old));
	f->chunks = chunks;
}

/* What chunks held before: taken and given back by the thousand. */
static unsigned char *spare;

static unsigned char *take_chunk(void)
{
	unsigned char *p = spare;

	if (p == NULL)
		return must(malloc(CHUNK));
	memcpy(&spare, p, sizeof(spare));
	return p;
}

static void give_chunk(unsigned char *p)
{
	if (p == NULL)
		return;
	memcpy(p, &spare, sizeof(spare));
	spare = p;
}

static void remember(struct inode *f, size_t from, size_t to)
{
	for (size_t c = from / CHUNK; c * CHUNK < to; c++) {
		size_t at = c * CHUNK;
		size_t n = f->n > at ? f->n - at : 0;

		f->old[c].lost = false;
		if (f->old[c].bytes != NULL)
			continue;
		n = n < CHUNK ? n : CHUNK;
		f->old[c].bytes = take_chunk();
		memcpy(f->old[c].bytes, f->p + at, n);
		memset(f->old[c].bytes + n, 0, CHUNK - n);
	}
}

static void forget(struct inode *f, bool all_of_it)
{
	for (size_t c = 0; c < f->chunks; c++) {
		if (f->old[c].lost && !all_of_it)
			continue;
		give_chunk(f->old[c].bytes);
		f->old[c] = (struct old){0};
	}
	f->synced = f->n;
}

static void lose(struct inode *f)
{
	for (size_t c = 0; c < f->chunks; c++)
		f->old[c].lost = f->old[c].bytes != NULL;
}

/* Its memory stays, for the next file in its place: a run makes and deletes
 * the same ones again and again. */
static void clear(struct inode *f)
{
	struct inode empty = {
	    .p = f->p, .room = f->room, .old = f->old, .chunks = f->chunks};

	forget(f, true);
	for (int i = 0; i < SHM_REGIONS; i++)
		free(f->shm[i]);
	*f = empty;
}

static int x_close(sqlite3_file *base)
{
	struct handle *h = (struct handle *)base;

	h->file->handles--;
	return SQLITE_OK;
}

static int x_read(sqlite3_file *base, void *to, int n, sqlite3_int64 at)
{
	struct inode *f = ((struct handle *)base)->file;
	size_t have = (size_t)at < f->n ? f->n - (size_t)at : 0;

	if (!step(f->disk))
		return SQLITE_IOERR_READ;
	if (have >= (size_t)n) {
		memcpy(to, f->p + at, (size_t)n);
		return SQLITE_OK;
	}
	if (have > 0)
		memcpy(to, f->p + at, have);
	memset((char *)to + have, 0, (size_t)n - have);
	return SQLITE_IOERR_SHORT_READ;
}

static int x_write(sqlite3_file *base, const void *p, int n, sqlite3_int64 at)
{
	struct inode *f = ((struct handle *)base)->file;
	size_t end = (size_t)at + (size_t)n;

	if (!step(f->disk) || due(f->disk, &f->disk->fails_write))
		return SQLITE_IOERR_WRITE;
	if (f->disk->full && end > f->n) {
		f->disk->failed = true;
		return SQLITE_FULL;
	}
	reserve(f, end);
	remember(f, (size_t)at, end);
	if ((size_t)at > f->n)
		memset(f->p + f->n, 0, (size_t)at - f->n);
	memcpy(f->p + at, p, (size_t)n);
	if (end > f->n)
		f->n = end;
	return SQLITE_OK;
}

static int x_truncate(sqlite3_file *base, sqlite3_int64 n)
{
	struct inode *f = ((struct handle *)base)->file;

	if (!step(f->disk))
		return SQLITE_IOERR_TRUNCATE;
	if ((size_t)n < f->n) {
		remember(f, (size_t)n, f->n);
		f->n = (size_t)n;
	}
	return SQLITE_OK;
}

/* A sync that failed must not be tried again: what the kernel has dropped is
 * gone, and the second one would call it good. */
static int x_sync(sqlite3_file *base, int flags)
{
	struct inode *f = ((struct handle *)base)->file;
	struct sim_disk *d = f->disk;

	(void)flags;
	if (!step(d))
		return SQLITE_IOERR_FSYNC;
	d->sync_retried = d->sync_retried || d->sync_failed;
	if (due(d, &d->fails_sync)) {
		d->sync_failed = true;
		lose(f);
		return SQLITE_IOERR_FSYNC;
	}
	forget(f, false);
	return SQLITE_OK;
}

static int x_size(sqlite3_file *base, sqlite3_int64 *n)
{
	struct inode *f = ((struct handle *)base)->file;

	if (!step(f->disk))
		return SQLITE_IOERR_FSTAT;
	*n = (sqlite3_int64)f->n;
	return SQLITE_OK;
}

static int x_lock(sqlite3_file *base, int level)
{
	struct handle *h = (struct handle *)base;
	struct inode *f = h->file;

	if (h->lock >= level)
		return SQLITE_OK;
	if (f->writer != NULL && f->writer != h)
		return SQLITE_BUSY;
	if (h->lock == SQLITE_LOCK_NONE)
		f->shared++;
	if (level >= SQLITE_LOCK_RESERVED)
		f->writer = h;
	if (level == SQLITE_LOCK_EXCLUSIVE && f->shared > 1) {
		h->lock = SQLITE_LOCK_PENDING;
		return SQLITE_BUSY;
	}
	h->lock = level;
	return SQLITE_OK;
}

static int x_unlock(sqlite3_file *base, int level)
{
	struct handle *h = (struct handle *)base;
	struct inode *f = h->file;

	if (h->lock > SQLITE_LOCK_NONE && level == SQLITE_LOCK_NONE)
		f->shared--;
	if (level < SQLITE_LOCK_RESERVED && f->writer == h)
		f->writer = NULL;
	h->lock = level;
	return SQLITE_OK;
}

static int x_reserved(sqlite3_file *base, int *out)
{
	*out = ((struct handle *)base)->file->writer != NULL;
	return SQLITE_OK;
}

static int x_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	if (op != SQLITE_FCNTL_MMAP_SIZE)
		return SQLITE_NOTFOUND;
	*(sqlite3_int64 *)arg = 0;
	return SQLITE_OK;
}

static int x_sector(sqlite3_file *base)
{
	(void)base;
	return CHUNK;
}

static int x_characteristics(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int x_map(
    sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
	struct handle *h = (struct handle *)base;
	struct inode *f = h->file;

	*out = NULL;
	if (region >= SHM_REGIONS || size != SHM_SIZE)
		return SQLITE_IOERR_SHMMAP;
	if (!h->shm)
		f->shm_handles++;
	h->shm = true;
	if (f->shm[region] == NULL) {
		if (!extend)
			return SQLITE_OK;
		f->shm[region] = must(calloc(1, SHM_SIZE));
	}
	*out = f->shm[region];
	return SQLITE_OK;
}

static int shm_take(struct handle *h, int at, bool own)
{
	struct inode *f = h->file;
	unsigned bit = 1U << at;

	if (f->shm_writer[at] != NULL && f->shm_writer[at] != h)
		return SQLITE_BUSY;
	if (own && f->shm_shared[at] > ((h->shm_shared & bit) != 0))
		return SQLITE_BUSY;
	if (own) {
		f->shm_writer[at] = h;
		h->shm_own |= bit;
	} else if ((h->shm_shared & bit) == 0) {
		f->shm_shared[at]++;
		h->shm_shared |= bit;
	}
	return SQLITE_OK;
}

static void shm_give(struct handle *h, int at)
{
	unsigned bit = 1U << at;

	if ((h->shm_own & bit) != 0)
		h->file->shm_writer[at] = NULL;
	if ((h->shm_shared & bit) != 0)
		h->file->shm_shared[at]--;
	h->shm_own &= ~bit;
	h->shm_shared &= ~bit;
}

static int x_shm_lock(sqlite3_file *base, int at, int n, int flags)
{
	struct handle *h = (struct handle *)base;

	if (flags & SQLITE_SHM_UNLOCK) {
		for (int i = at; i < at + n; i++)
			shm_give(h, i);
		return SQLITE_OK;
	}
	if (!step(h->file->disk))
		return SQLITE_IOERR_SHMLOCK;
	for (int i = at; i < at + n; i++) {
		int rc = shm_take(h, i, (flags & SQLITE_SHM_EXCLUSIVE) != 0);

		if (rc == SQLITE_OK)
			continue;
		while (--i >= at)
			shm_give(h, i);
		return rc;
	}
	return SQLITE_OK;
}

static void x_barrier(sqlite3_file *base)
{
	(void)base;
}

/* The last one out takes the index with it, as the first one in would. */
static int x_unmap(sqlite3_file *base, int delete)
{
	struct handle *h = (struct handle *)base;
	struct inode *f = h->file;

	(void)delete;
	if (!h->shm)
		return SQLITE_OK;
	h->shm = false;
	if (--f->shm_handles > 0)
		return SQLITE_OK;
	for (int i = 0; i < SHM_REGIONS; i++) {
		free(f->shm[i]);
		f->shm[i] = NULL;
	}
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = x_close,
    .xRead = x_read,
    .xWrite = x_write,
    .xTruncate = x_truncate,
    .xSync = x_sync,
    .xFileSize = x_size,
    .xLock = x_lock,
    .xUnlock = x_unlock,
    .xCheckReservedLock = x_reserved,
    .xFileControl = x_control,
    .xSectorSize = x_sector,
    .xDeviceCharacteristics = x_characteristics,
    .xShmMap = x_map,
    .xShmLock = x_shm_lock,
    .xShmBarrier = x_barrier,
    .xShmUnmap = x_unmap,
};

static struct sim_disk *disk_of(const char *name)
{
	for (size_t i = 0; i < all.disks; i++)
		if (strncmp(name, all.disk[i].prefix,
			strlen(all.disk[i].prefix)) == 0)
			return &all.disk[i];
	return NULL;
}

static struct inode *find(const char *name)
{
	for (int i = 0; i < FILES; i++)
		if (all.file[i].disk != NULL &&
		    strcmp(all.file[i].name, name) == 0)
			return &all.file[i];
	return NULL;
}

static struct inode *make(const char *name, struct sim_disk *d)
{
	for (int i = 0; i < FILES; i++)
		if (all.file[i].disk == NULL) {
			all.file[i].disk = d;
			(void)snprintf(all.file[i].name, NAME, "%s", name);
			return &all.file[i];
		}
	abort();
}

static int x_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out)
{
	struct handle *h = (struct handle *)base;
	struct sim_disk *d = name != NULL ? disk_of(name) : NULL;

	(void)vfs;
	memset(h, 0, sizeof(*h));
	if (d == NULL || !step(d))
		return SQLITE_CANTOPEN;
	h->file = find(name);
	if (h->file == NULL)
		h->file = make(name, d);
	h->file->handles++;
	h->base.pMethods = &methods;
	if (out != NULL)
		*out = flags;
	return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct inode *f = find(name);

	(void)vfs;
	(void)sync;
	if (f == NULL)
		return SQLITE_IOERR_DELETE_NOENT;
	if (!step(f->disk))
		return SQLITE_IOERR_DELETE;
	if (f->handles > 0)
		abort(); /* nobody deletes what is open */
	clear(f);
	return SQLITE_OK;
}

static int x_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const struct inode *f = find(name);

	(void)vfs;
	(void)flags;
	*out = f != NULL && f->n > 0;
	return SQLITE_OK;
}

static int x_full(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	(void)snprintf(out, (size_t)n, "%s", name);
	return SQLITE_OK;
}

/* SQLite's own numbers (a WAL's salt): the same in every run. */
static int x_random(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	memset(out, 7, (size_t)n);
	return n;
}

static int x_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int x_time(sqlite3_vfs *vfs, double *out)
{
	return all.real->xCurrentTime(vfs, out);
}

void sim_disk_install(void)
{
	static sqlite3_vfs vfs = {
	    .iVersion = 1,
	    .szOsFile = sizeof(struct handle),
	    .mxPathname = NAME,
	    .zName = "sim",
	    .xOpen = x_open,
	    .xDelete = x_delete,
	    .xAccess = x_access,
	    .xFullPathname = x_full,
	    .xRandomness = x_random,
	    .xSleep = x_sleep,
	    .xCurrentTime = x_time,
	};

	/* One thread, and nobody asks how much memory SQLite takes. */
	if (sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) != SQLITE_OK ||
	    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
		abort();
	all.real = sqlite3_vfs_find(NULL);
	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		abort();
}

struct sim_disk *sim_disk_add(const char *prefix)
{
	struct sim_disk *d = &all.disk[all.disks++];

	if (all.disks > SIM_DISKS)
		abort();
	(void)snprintf(d->prefix, sizeof(d->prefix), "%s", prefix);
	return d;
}

/* Each sector is what it is now, or what it was when it was last synced. */
static void tear(struct inode *f, struct sim_rng *r)
{
	size_t n = sim_rng_in(r, 1, 2) ? f->synced : f->n;

	reserve(f, f->synced > f->n ? f->synced : f->n);
	for (size_t c = 0; c < f->chunks; c++) {
		size_t at = c * CHUNK;

		if (f->old[c].bytes == NULL)
			continue;
		reserve(f, at + CHUNK);
		for (size_t s = 0; s < CHUNK; s += SECTOR)
			if (at + s >= f->n || sim_rng_in(r, 1, 2))
				memcpy(
				    f->p + at + s, f->old[c].bytes + s, SECTOR);
	}
	f->n = n;
	forget(f, true);
}

void sim_disk_restart(struct sim_disk *d, bool power, struct sim_rng *r)
{
	for (int i = 0; i < FILES; i++) {
		struct inode *f = &all.file[i];

		if (f->disk != d)
			continue;
		if (f->handles > 0)
			abort();
		if (power)
			tear(f, r);
	}
	d->dead = false;
	d->dies_at = 0;
	d->failed = false;
	d->sync_failed = false;
}

struct sim_image {
	size_t count;
	struct {
		char name[NAME];
		unsigned char *p;
		size_t n;
	} file[8];
};

struct sim_image *sim_disk_keep(const struct sim_disk *d)
{
	struct sim_image *i = must(calloc(1, sizeof(*i)));

	for (int k = 0; k < FILES; k++) {
		const struct inode *f = &all.file[k];

		if (f->disk != d || f->n == 0 || i->count == 8)
			continue;
		memcpy(i->file[i->count].name, f->name, NAME);
		i->file[i->count].p = must(malloc(f->n));
		memcpy(i->file[i->count].p, f->p, f->n);
		i->file[i->count++].n = f->n;
	}
	return i;
}

void sim_disk_put(struct sim_disk *d, const struct sim_image *image)
{
	struct sim_disk fresh = {0};

	for (int k = 0; k < FILES; k++)
		if (all.file[k].disk == d) {
			if (all.file[k].handles > 0)
				abort();
			clear(&all.file[k]);
		}
	memcpy(fresh.prefix, d->prefix, sizeof(fresh.prefix));
	*d = fresh;
	for (size_t k = 0; k < image->count; k++) {
		struct inode *f = make(image->file[k].name, d);

		reserve(f, image->file[k].n);
		memcpy(f->p, image->file[k].p, image->file[k].n);
		f->n = f->synced = image->file[k].n;
	}
	(void)sqlite3_randomness(0, NULL);
}

void sim_disk_drop(struct sim_image *i)
{
	for (size_t k = 0; i != NULL && k < i->count; k++)
		free(i->file[k].p);
	free(i);
}
