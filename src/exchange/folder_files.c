/* folder_files.c — see folder_files.h. */
#include "exchange/folder_files.h"

#include "base/clock.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool made(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

enum err_class folder_files_place(const struct node *n, const char *way,
    const char *peer, struct arena *a, const char **path, struct err *e)
{
	char *top = node_path(n, a, "folder");
	char *middle = arena_printf(a, "%s/%s", top, way);

	*path = arena_printf(a, "%s/%s", middle, peer);
	if (!made(top) || !made(middle) || !made(*path))
		return err_errno(e, "folder");
	return ERR_NONE;
}

/* Empty: none was given yet. */
static bool read_count(int fd, long *number)
{
	char line[32] = "";
	ssize_t n = pread(fd, line, sizeof(line) - 1, 0);

	*number = n > 0 ? strtol(line, NULL, 10) : 0;
	return n >= 0;
}

static bool write_count(int fd, long number)
{
	char line[32];
	int length = snprintf(line, sizeof(line), "%ld\n", number);

	return pwrite(fd, line, (size_t)length, 0) == length;
}

enum err_class folder_files_count(
    const struct node *n, long *number, struct err *e)
{
	struct arena a = {0};
	enum err_class c = ERR_NONE;
	int fd = open(node_path(n, &a, "folder/count"),
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	arena_fini(&a);
	if (fd < 0 || flock(fd, LOCK_EX) != 0 || !read_count(fd, number) ||
	    !write_count(fd, ++*number))
		c = err_errno(e, "folder/count");
	if (c == ERR_NONE)
		c = file_sync(fd, "folder/count", e);
	if (fd >= 0)
		(void)close(fd);
	return c;
}

enum err_class folder_files_password(const struct node *n, const char *peer,
    char out[FOLDER_PASSWORD], struct err *e)
{
	struct arena a = {0};
	struct buf b = {0};
	char *own = arena_printf(&a, "keys/folder-password-%s", peer);
	enum err_class c =
	    file_read(node_path(n, &a, own), FOLDER_PASSWORD - 1, &b, e);
	size_t length;

	if (c == ERR_INPUT)
		c = file_read(node_path(n, &a, "keys/folder-password"),
		    FOLDER_PASSWORD - 1, &b, e);
	buf_byte(&b, '\0');
	length = strcspn((const char *)b.p, "\r\n");
	if (c == ERR_NONE && length >= 8) {
		memcpy(out, b.p, length);
		out[length] = '\0';
	} else if (c != ERR_FAULT) {
		c = err_set(e, ERR_INPUT, "folder.no_password",
		    "フォルダー連携のパスワードがありません（8〜128 バイト）",
		    "the folder link has no password of 8 to 128 bytes");
	}
	explicit_bzero(b.p, b.n);
	buf_fini(&b);
	arena_fini(&a);
	return c;
}

int folder_files_open(const struct node *n, const char *peer)
{
	struct arena a = {0};
	char *below = arena_printf(&a, "folder/in/%s", peer);
	int fd = open(node_path(n, &a, below),
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	arena_fini(&a);
	return fd;
}

/* A file whose last change is moments ago may still be coming; one from the
 * future has a wrong clock, and is not waited for. */
static bool is_still(int dir, const char *name, int settle_ms)
{
	struct stat st;
	struct timespec now;
	int64_t age;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode) || clock_gettime(CLOCK_REALTIME, &now) != 0)
		return false;
	age = (int64_t)(now.tv_sec - st.st_mtim.tv_sec) * 1000 +
	      (now.tv_nsec - st.st_mtim.tv_nsec) / 1000000;
	return age >= settle_ms || age < -settle_ms;
}

static bool is_zip(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && n <= 200 && name[0] != '.' &&
	       strcasecmp(name + n - 4, ".zip") == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t folder_files_list(
    int dir, int settle_ms, struct arena *a, const char **names)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = again < 0 ? NULL : fdopendir(again);
	struct dirent *entry;
	size_t n = 0;

	if (d == NULL)
		return 0;
	while (n < FOLDER_FILES_MAX && (entry = readdir(d)) != NULL)
		if (is_zip(entry->d_name) &&
		    is_still(dir, entry->d_name, settle_ms))
			names[n++] =
			    arena_copy(a, entry->d_name, strlen(entry->d_name));
	(void)closedir(d);
	qsort(names, n, sizeof(*names), by_name);
	return n;
}

static enum err_class too_large(struct err *e)
{
	return err_set(e, ERR_LIMIT, "folder.too_large",
	    "ファイルが大きすぎます", "the file is too large");
}

enum err_class folder_files_read(
    int dir, const char *name, size_t max, struct buf *out, struct err *e)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	enum err_class c = ERR_NONE;
	struct stat st;
	ssize_t n = 1;

	if (fd < 0 || fstat(fd, &st) != 0)
		c = err_errno(e, "folder/in");
	else if ((uint64_t)st.st_size > max)
		c = too_large(e);
	while (c == ERR_NONE && n != 0) {
		buf_room(out, 65536);
		n = read(fd, out->p + out->n, 65536);
		if (n < 0 && errno != EINTR)
			c = err_errno(e, "folder/in");
		else if (n > 0)
			out->n += (size_t)n;
		if (out->n > max)
			c = too_large(e);
	}
	if (fd >= 0)
		(void)close(fd);
	return c;
}

static enum err_class write_why(
    int to, const char *name, struct text why, struct err *e)
{
	struct arena a = {0};
	enum err_class c = ERR_NONE;
	int fd = openat(to, arena_printf(&a, "%s.json", name),
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0) {
		/* What it says stands in the log as well. */
		if (write(fd, why.p, why.n) == (ssize_t)why.n)
			c = file_sync(fd, "folder", e);
		(void)close(fd);
	}
	arena_fini(&a);
	return c;
}

static enum err_class cannot_move(struct err *e)
{
	return err_set(e, ERR_BUSY, "folder.stays",
	    "取り込んだファイルを移せません", "a file cannot be moved");
}

enum err_class folder_files_put_away(int dir, const char *name,
    const char *below, struct text why, struct err *e)
{
	struct arena a = {0};
	const char *as = name;
	enum err_class c = ERR_NONE;
	bool moved = false;
	int to;

	(void)mkdirat(dir, below, 0700);
	to =
	    openat(dir, below, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	for (int i = 2; to >= 0 && i < 10000; i++) {
		moved = renameat2(dir, name, to, as, RENAME_NOREPLACE) == 0;
		if (moved || errno != EEXIST)
			break;
		as = arena_printf(&a, "%d-%s", i, name);
	}
	if (!moved)
		c = cannot_move(e);
	if (c == ERR_NONE && why.n > 0)
		c = write_why(to, as, why, e);
	if (c == ERR_NONE)
		c = file_sync(to, "folder", e);
	if (c == ERR_NONE)
		c = file_sync(dir, "folder", e);
	if (to >= 0)
		(void)close(to);
	arena_fini(&a);
	return c;
}
