/*
 * folder_files.h — the files of folder.h: names, places, counts, and how a
 * file that was carried here is read and put away. Everything below in/ is
 * opened by directory descriptors and never through a link.
 */
#ifndef SHOKAI_EXCHANGE_FOLDER_FILES_H
#define SHOKAI_EXCHANGE_FOLDER_FILES_H

#include "exchange/node.h"

#include <time.h>

#define FOLDER_FILES_MAX 256 /* looked at in one look */
#define FOLDER_PASSWORD 130

/* NODE/folder/WAY/PEER as a path in a; made if it is not there. */
CHECKED enum err_class folder_files_place(const struct node *n, const char *way,
    const char *peer, struct arena *a, const char **path, struct err *e);

/* The next number of NODE/folder/count; never the same twice. */
CHECKED enum err_class folder_files_count(
    const struct node *n, long *number, struct err *e);

/* ERR_INPUT "folder.no_password". */
CHECKED enum err_class folder_files_password(const struct node *n,
    const char *peer, char out[FOLDER_PASSWORD], struct err *e);

/* in/PEER, opened; -1: it is not there. */
int folder_files_open(const struct node *n, const char *peer);

/* Names (at most 200 bytes) of regular files ending in ".zip" that have been
 * still for settle_ms, in order; they live in a. */
size_t folder_files_list(
    int dir, int settle_ms, struct arena *a, const char **names);

/* The whole file. ERR_LIMIT "folder.too_large". */
CHECKED enum err_class folder_files_read(
    int dir, const char *name, size_t max, struct buf *out, struct err *e);

/* Moves it to the folder below ("done", "refused"); why, if not empty, is
 * written beside it as NAME.json. A name that is there already gets a number
 * in front. ERR_BUSY "folder.stays": it could not be moved; ERR_FAULT
 * "file.sync". */
CHECKED enum err_class folder_files_put_away(int dir, const char *name,
    const char *below, struct text why, struct err *e);

#endif
