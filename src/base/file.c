/*
 * file.c — see file.h. The order write, fsync, close (checked), rename,
 * fsync of the folder is what makes a name mean a whole file.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)256 * 1024)

static enum err_class too_large(struct err *e)
{
	return err_set(e, ERR_LIMIT, "file.too_large", "ファイルが大きすぎます",
	    "the file is too large");
}

static enum err_class read_fd(
    int fd, size_t max, struct buf *out, struct err *e)
{
	size_t start = out->n;
	struct stat st;

	/* F1: where the size is told, no memory is taken to find it out. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size > lseek(fd, 0, SEEK_CUR) &&
	    (uintmax_t)(st.st_size - lseek(fd, 0, SEEK_CUR)) > max)
		return too_large(e);
	for (;;) {
		ssize_t n;

		buf_room(out, CHUNK);
		n = read(fd, out->p + out->n, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "read");
		if (n == 0)
			return ERR_NONE;
		out->n += (size_t)n;
		if (out->n - start > max)
			return too_large(e);
	}
}

enum err_class file_read(
    const char *path, size_t max, struct buf *out, struct err *e)
{
	enum err_class c;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_fd(STDIN_FILENO, max, out, e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR ||
			  errno == ENAMETOOLONG || errno == ELOOP)) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルがありません",
		    "no such file");
		return err_detail(e, "%s", path);
	}
	if (fd < 0)
		return err_errno(e, path);
	c = read_fd(fd, max, out, e);
	(void)close(fd);
	return c;
}

enum err_class file_each(int fd, file_piece *to, void *ctx, struct err *e)
{
	unsigned char *piece = arena_xmalloc(CHUNK);
	enum err_class c = ERR_NONE;

	while (c == ERR_NONE) {
		ssize_t n = read(fd, piece, CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			c = err_errno(e, "read");
		if (n <= 0)
			break;
		c = to(ctx, BYTES(piece, (size_t)n), e);
	}
	free(piece);
	return c;
}

static enum err_class exists(const char *path, struct err *e)
{
	err_set(e, ERR_INPUT, "file.exists",
	    "同じ名前のファイルがあります（--force で置き換えます）",
	    "the file exists; --force replaces it");
	return err_detail(e, "%s", path);
}

enum err_class file_create(
    struct file *f, const char *path, unsigned mode, bool force, struct err *e)
{
	size_t n = strlen(path) + 32;

	*f = (struct file){.fd = -1, .force = force};
	if (!force && access(path, F_OK) == 0)
		return exists(path, e);
	f->path = arena_xmalloc(n);
	f->temporary = arena_xmalloc(n);
	(void)snprintf(f->path, n, "%s", path);
	(void)snprintf(f->temporary, n, "%s.%ld.part", path, (long)getpid());
	f->fd = open(f->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    (mode_t)mode);
	if (f->fd < 0) {
		enum err_class c = err_errno(e, f->temporary);

		file_abandon(f);
		return c;
	}
	return ERR_NONE;
}

enum err_class file_unnamed(const char *dir, int *out, struct err *e)
{
	*out = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return *out < 0 ? err_errno(e, dir) : ERR_NONE;
}

enum err_class file_write_all(
    int fd, struct bytes b, const char *what, struct err *e)
{
	size_t at = 0;

	while (at < b.n) {
		ssize_t n = write(fd, b.p + at, b.n - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, what);
		at += (size_t)n;
	}
	return ERR_NONE;
}

static enum err_class drain(struct file *f, struct err *e)
{
	TRY(file_write_all(f->fd, buf_bytes(&f->buffer), f->path, e));
	buf_clear(&f->buffer);
	return ERR_NONE;
}

enum err_class file_write(struct file *f, struct bytes b, struct err *e)
{
	if (f->buffer.n == 0 && b.n >= CHUNK)
		return file_write_all(f->fd, b, f->path, e);
	buf_add(&f->buffer, b.p, b.n);
	return f->buffer.n >= CHUNK ? drain(f, e) : ERR_NONE;
}

enum err_class file_rewrite(struct file *f, struct bytes b, struct err *e)
{
	TRY(drain(f, e));
	for (size_t at = 0; at < b.n;) {
		ssize_t n = pwrite(f->fd, b.p + at, b.n - at, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, f->path);
		at += (size_t)n;
	}
	return ERR_NONE;
}

enum err_class file_sync(int fd, const char *what, struct err *e)
{
	int why;

	if (fsync(fd) == 0)
		return ERR_NONE;
	why = errno;
	err_set(e, ERR_FAULT, "file.sync",
	    "ファイルをディスクに書き込めませんでした",
	    "a file could not be brought to the disk");
	return err_detail(e, "%s: %s", what, strerror(why));
}

enum err_class file_sync_folder(const char *path, struct err *e)
{
	char *copy = arena_xmalloc(strlen(path) + 2);
	char *slash;
	enum err_class c;
	int fd;

	(void)strcpy(copy, path);
	slash = strrchr(copy, '/');
	if (slash == NULL)
		(void)strcpy(copy, ".");
	else
		slash[slash == copy] = '\0';
	fd = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return err_errno(e, path);
	c = file_sync(fd, path, e);
	(void)close(fd);
	return c;
}

static enum err_class put_in_place(struct file *f, struct err *e)
{
	TRY(drain(f, e));
	TRY(file_sync(f->fd, f->path, e));
	if (close(f->fd) != 0) {
		f->fd = -1;
		return err_errno(e, f->path);
	}
	f->fd = -1;
	if (!f->force && access(f->path, F_OK) == 0)
		return exists(f->path, e);
	if (rename(f->temporary, f->path) != 0)
		return err_errno(e, f->path);
	free(f->temporary);
	f->temporary = NULL;
	return ERR_NONE;
}

enum err_class file_flush(struct file *f, struct err *e)
{
	TRY(drain(f, e));
	buf_fini(&f->buffer); /* many wait to be placed */
	/* A hint: what fails is found by fsync. */
	(void)sync_file_range(f->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return ERR_NONE;
}

enum err_class file_place(struct file *f, struct err *e)
{
	enum err_class c = put_in_place(f, e);

	file_abandon(f);
	return c;
}

enum err_class file_commit(struct file *f, struct err *e)
{
	enum err_class c = put_in_place(f, e);

	if (c == ERR_NONE)
		c = file_sync_folder(f->path, e);

	file_abandon(f);
	return c;
}

void file_abandon(struct file *f)
{
	if (f->fd >= 0)
		(void)close(f->fd);
	if (f->temporary != NULL)
		(void)unlink(f->temporary);
	free(f->path);
	free(f->temporary);
	buf_fini(&f->buffer);
	*f = (struct file){.fd = -1};
}

enum err_class file_put(
    const char *path, struct bytes b, unsigned mode, bool force, struct err *e)
{
	struct file f;
	enum err_class c;

	TRY(file_create(&f, path, mode, force, e));
	c = file_write(&f, b, e);
	if (c != ERR_NONE) {
		file_abandon(&f);
		return c;
	}
	return file_commit(&f, e);
}
