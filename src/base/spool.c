/* spool.c — see spool.h. */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK ((size_t)256 * 1024)

void spool_init(struct spool *s, const char *dir)
{
	*s = (struct spool){.dir = dir, .fd = -1};
}

void spool_fini(struct spool *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
	buf_fini(&s->tail);
}

uint64_t spool_size(const struct spool *s)
{
	return s->flushed + s->tail.n;
}

static enum err_class make_file(struct spool *s, struct err *e)
{
	size_t n = strlen(s->dir) + sizeof("/.spool.XXXXXX");
	char *path = arena_xmalloc(n);

	(void)snprintf(path, n, "%s/.spool.XXXXXX", s->dir);
	s->fd = mkostemp(path, O_CLOEXEC);
	if (s->fd < 0)
		(void)err_errno(e, path);
	else
		(void)unlink(path);
	free(path);
	return s->fd < 0 ? e->class : ERR_NONE;
}

static enum err_class write_at(
    struct spool *s, uint64_t at, const void *p, size_t n, struct err *e)
{
	const char *from = p;

	while (n > 0) {
		ssize_t k = pwrite(s->fd, from, n, (off_t)at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return err_errno(e, s->dir);
		from += k;
		at += (uint64_t)k;
		n -= (size_t)k;
	}
	return ERR_NONE;
}

enum err_class spool_add(
    struct spool *s, const void *p, size_t n, struct err *e)
{
	buf_add(&s->tail, p, n);
	if (s->tail.n < BLOCK)
		return ERR_NONE;
	if (s->fd < 0)
		TRY(make_file(s, e));
	TRY(write_at(s, s->flushed, s->tail.p, s->tail.n, e));
	s->flushed += s->tail.n;
	buf_clear(&s->tail);
	return ERR_NONE;
}

static enum err_class read_at(
    struct spool *s, uint64_t at, void *p, size_t n, struct err *e)
{
	char *to = p;

	while (n > 0) {
		ssize_t k = pread(s->fd, to, n, (off_t)at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k == 0)
			errno = EIO; /* somebody cut it short */
		if (k <= 0)
			return err_errno(e, s->dir);
		to += k;
		at += (uint64_t)k;
		n -= (size_t)k;
	}
	return ERR_NONE;
}

/* The bytes of [at, at + n) that stand in the file, not in the tail. */
static size_t in_file(const struct spool *s, uint64_t at, size_t n)
{
	if (at >= s->flushed)
		return 0;
	return s->flushed - at < n ? (size_t)(s->flushed - at) : n;
}

enum err_class spool_get(
    struct spool *s, uint64_t at, void *p, size_t n, struct err *e)
{
	size_t k = in_file(s, at, n);

	if (k > 0)
		TRY(read_at(s, at, p, k, e));
	if (n > k)
		memcpy((char *)p + k, s->tail.p + (at + k - s->flushed), n - k);
	return ERR_NONE;
}

enum err_class spool_put(
    struct spool *s, uint64_t at, const void *p, size_t n, struct err *e)
{
	size_t k = in_file(s, at, n);

	if (k > 0)
		TRY(write_at(s, at, p, k, e));
	if (n > k)
		memcpy(s->tail.p + (at + k - s->flushed), (const char *)p + k,
		    n - k);
	return ERR_NONE;
}
