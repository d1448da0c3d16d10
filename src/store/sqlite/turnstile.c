/* turnstile.c — see turnstile.h. */
#include "store/sqlite/turnstile.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A sleeper looks by itself this often: who held the lock may have died
 * without waking anybody. */
#define LOOK_US INT64_C(20000)

enum place { NEXT, HOLD, PLACES };

struct turnstile_words {
	struct {
		_Atomic uint32_t turned;  /* counts what was freed */
		_Atomic uint32_t waiting; /* too high after a death: harmless */
	} place[PLACES];
};

static bool lock(const struct turnstile *t, enum place p, short type)
{
	struct flock l = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = p, .l_len = 1};

	return fcntl(t->fd, F_OFD_SETLK, &l) == 0;
}

static long futex(
    _Atomic uint32_t *word, int op, uint32_t v, const struct timespec *timeout)
{
	return syscall(SYS_futex, word, op, v, timeout, NULL, 0);
}

static void sleep_on(_Atomic uint32_t *word, uint32_t seen, int64_t us)
{
	struct timespec ts = {
	    .tv_sec = us / CLOCK_SECOND,
	    .tv_nsec = (long)(us % CLOCK_SECOND) * 1000,
	};

	/* Woken, too late, interrupted or changed before: look again. */
	(void)futex(word, FUTEX_WAIT, seen, &ts);
}

static bool take(struct turnstile *t, enum place p, int64_t deadline_us)
{
	_Atomic uint32_t *turned = &t->words->place[p].turned;
	_Atomic uint32_t *waiting = &t->words->place[p].waiting;

	for (;;) {
		uint32_t seen = atomic_load(turned);
		int64_t left;

		if (lock(t, p, F_WRLCK))
			return true;
		left = deadline_us - clock_monotonic();
		if (left <= 0)
			return false;
		atomic_fetch_add(waiting, 1);
		sleep_on(turned, seen, left < LOOK_US ? left : LOOK_US);
		atomic_fetch_sub(waiting, 1);
	}
}

static void give(struct turnstile *t, enum place p)
{
	_Atomic uint32_t *turned = &t->words->place[p].turned;

	(void)lock(t, p, F_UNLCK);
	atomic_fetch_add(turned, 1);
	if (atomic_load(&t->words->place[p].waiting) > 0)
		(void)futex(turned, FUTEX_WAKE, 1, NULL);
}

static enum err_class map(struct turnstile *t, struct err *e)
{
	/* Taken from the disk now: a store into a hole on a full disk would
	 * end the process by SIGBUS. */
	int full = posix_fallocate(t->fd, 0, sizeof(*t->words));
	void *p;

	if (full != 0) {
		errno = full;
		return err_errno(e, "turnstile");
	}
	p = mmap(NULL, sizeof(*t->words), PROT_READ | PROT_WRITE, MAP_SHARED,
	    t->fd, 0);
	if (p == MAP_FAILED)
		return err_errno(e, "turnstile");
	t->words = p;
	return ERR_NONE;
}

enum err_class turnstile_open(
    struct turnstile *t, const char *path, struct err *e)
{
	enum err_class c;

	*t = (struct turnstile){
	    .fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
	if (t->fd < 0) {
		if (errno == ENOSPC || errno == EDQUOT)
			return err_errno(e, "turnstile");
		return err_set(e, ERR_BUSY, "store.read_only",
		    "データベースに書き込めません",
		    "the database cannot be written");
	}
	c = map(t, e);
	if (c != ERR_NONE)
		turnstile_close(t);
	return c;
}

void turnstile_close(struct turnstile *t)
{
	if (t->words != NULL)
		(void)munmap(t->words, sizeof(*t->words));
	if (t->fd >= 0)
		(void)close(t->fd);
	*t = (struct turnstile){.fd = -1};
}

enum err_class turnstile_enter(
    struct turnstile *t, int64_t deadline_us, struct err *e)
{
	bool held = false;

	if (take(t, NEXT, deadline_us)) {
		held = take(t, HOLD, deadline_us);
		give(t, NEXT);
	}
	if (held)
		return ERR_NONE;
	return err_set(e, ERR_BUSY, "store.busy",
	    "データベースが使用中です。もう一度実行してください",
	    "the database is busy; run again");
}

void turnstile_leave(struct turnstile *t)
{
	give(t, HOLD);
}
