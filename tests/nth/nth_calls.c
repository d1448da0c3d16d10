/*
 * nth_calls.c — see nth.h: this program's own malloc, calloc and realloc over
 * glibc's, and the calls on files over the kernel's, for itself and for every
 * library it has loaded.
 *
 * Here open is not to be another name of open64, nor read an inline function.
 */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include "nth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own, under the names it exports them by. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

bool nth_fails(enum nth_way way)
{
	if (nth == NULL || nth->way != way || nth->left == 0 || --nth->left > 0)
		return false;
	nth->met = true;
	return true;
}

static bool no_memory(void)
{
	if (!nth_fails(NTH_ALLOCATION))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	return no_memory() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return no_memory() ? NULL : __libc_realloc(p, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	return no_memory() ? NULL : __libc_memalign(alignment, n);
}

/* A pipe, a terminal, the log: not what is meant. */
static bool is_file(int fd)
{
	struct stat st;

	return fd > STDERR_FILENO && fstat(fd, &st) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

static bool is_folder(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool fails(enum nth_way way, int fd, int with)
{
	if (nth == NULL || nth->way != way || !is_file(fd) || !nth_fails(way))
		return false;
	errno = with;
	return true;
}

static bool write_fails(int fd)
{
	return fails(NTH_WRITE, fd, EIO) || fails(NTH_FULL, fd, ENOSPC);
}

static int do_open(int at, const char *path, int flags, mode_t mode)
{
	if (nth_fails(NTH_OPEN)) {
		errno = EMFILE;
		return -1;
	}
	return (int)syscall(SYS_openat, at, path, flags, mode);
}

/* The mode stands there only where a file may be made. */
static mode_t mode_of(int flags, va_list ap)
{
	return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(ap, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return do_open(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return do_open(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = mode_of(flags, ap);
	va_end(ap);
	return do_open(at, path, flags, mode);
}

ssize_t read(int fd, void *p, size_t n)
{
	return fails(NTH_READ, fd, EIO) ? -1 : syscall(SYS_read, fd, p, n);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
	return fails(NTH_READ, fd, EIO) ? -1
					: syscall(SYS_pread64, fd, p, n, at);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	return pread64(fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n)
{
	return write_fails(fd) ? -1 : syscall(SYS_write, fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return write_fails(fd) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

/* What the kernel has dropped is gone, and a second one would call it good:
 * none may be tried. */
static int do_sync(long number, int fd)
{
	if (nth != NULL && nth->way == NTH_SYNC) {
		nth->sync_retried = nth->sync_retried || nth->sync_failed;
		if (fails(NTH_SYNC, fd, EIO)) {
			nth->sync_failed = true;
			return -1;
		}
	}
	return (int)syscall(number, fd);
}

int fsync(int fd)
{
	return do_sync(SYS_fsync, fd);
}

/* SQLite syncs a folder so and goes on in any case; the store has synced it
 * before, with fsync. */
int fdatasync(int fd)
{
	if (is_folder(fd))
		return (int)syscall(SYS_fdatasync, fd);
	return do_sync(SYS_fdatasync, fd);
}

/* It is closed all the same, as Linux does. */
int close(int fd)
{
	bool bad = fails(NTH_CLOSE, fd, EIO);
	int rc = (int)syscall(SYS_close, fd);

	if (bad)
		errno = EIO;
	return bad ? -1 : rc;
}

int rename(const char *from, const char *to)
{
	if (nth_fails(NTH_RENAME)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
	if (nth_fails(NTH_RENAME)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_renameat2, from_at, from, to_at, to, 0);
}

int ftruncate64(int fd, off64_t n)
{
	return fails(NTH_RESIZE, fd, EIO) ? -1
					  : (int)syscall(SYS_ftruncate, fd, n);
}

int ftruncate(int fd, off_t n)
{
	return ftruncate64(fd, n);
}
