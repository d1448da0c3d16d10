/*
 * file.h — reading a whole file within a bound, and writing one so that it
 * is whole or not there.
 */
#ifndef SHOKAI_BASE_FILE_H
#define SHOKAI_BASE_FILE_H

#include "base/bytes.h"
#include "base/err.h"

/*
 * Appends the file's bytes to out. path "-" is stdin. A file over max bytes
 * is ERR_LIMIT "file.too_large"; a missing one ERR_INPUT "file.missing".
 */
CHECKED enum err_class file_read(
    const char *path, size_t max, struct buf *out, struct err *e);

/*
 * An output file being written beside its name. file_create refuses an
 * existing name (ERR_INPUT "file.exists") unless force; mode as of open(2).
 * file_commit writes what is buffered, syncs, renames and syncs the folder:
 * only then the name exists. file_abandon removes what was written; after
 * either, f is finished. file_abandon after file_commit does nothing.
 */
struct file {
	int fd;
	bool force;
	char *path;
	char *temporary;
	struct buf buffer;
};

CHECKED enum err_class file_create(
    struct file *f, const char *path, unsigned mode, bool force, struct err *e);
CHECKED enum err_class file_write(
    struct file *f, struct bytes b, struct err *e);
/* Writes b over what stands at the file's beginning. */
CHECKED enum err_class file_rewrite(
    struct file *f, struct bytes b, struct err *e);
CHECKED enum err_class file_commit(struct file *f, struct err *e);
void file_abandon(struct file *f);

/*
 * For many files of one folder: file_flush writes what is buffered and begins
 * to bring it to the disk, without waiting; file_place is file_commit but for
 * the folder, which file_sync_folder syncs once for all (path: a name in it).
 */
CHECKED enum err_class file_flush(struct file *f, struct err *e);
CHECKED enum err_class file_place(struct file *f, struct err *e);
CHECKED enum err_class file_sync_folder(const char *path, struct err *e);

/* Reads fd from where it stands to its end; to is given it piece by piece. */
typedef enum err_class file_piece(void *ctx, struct bytes piece, struct err *e);
CHECKED enum err_class file_each(
    int fd, file_piece *to, void *ctx, struct err *e);

/* An empty file in dir without a name: nothing of it stays. */
CHECKED enum err_class file_unnamed(const char *dir, int *out, struct err *e);

/* All of b to an open file, where it stands. what: for the detail. */
CHECKED enum err_class file_write_all(
    int fd, struct bytes b, const char *what, struct err *e);

/*
 * fsync(2). ERR_FAULT "file.sync": the kernel may have dropped what was
 * written, and would call a second one good. Nothing is built on that file,
 * and whoever goes on by itself ends its process instead. what: for the
 * detail.
 */
CHECKED enum err_class file_sync(int fd, const char *what, struct err *e);

/* All three in one. */
CHECKED enum err_class file_put(
    const char *path, struct bytes b, unsigned mode, bool force, struct err *e);

#endif
