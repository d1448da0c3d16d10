/*
 * pouch.h — what is carried by hand: a ZIP file whose entries are encrypted
 * with AES-256 under a password (the WinZip AE-2 format, which 7-Zip and the
 * like open). Bytes in, bytes out.
 *
 * Names of entries are not secret in this format: ours say nothing. The
 * password guards the way; that nothing was changed, and by whom it was made,
 * is proved by the signatures inside.
 */
#ifndef SHOKAI_EXCHANGE_POUCH_H
#define SHOKAI_EXCHANGE_POUCH_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/watch.h"

#define POUCH_NAME 32 /* [0-9a-z.-], with the NUL */
#define POUCH_ENTRIES 128
#define POUCH_RATIO 100 /* bytes unpacked for one packed, at most */

struct pouch_entry {
	char name[POUCH_NAME];
	struct bytes bytes;
};

struct pouch {
	struct pouch_entry entry[POUCH_ENTRIES];
	size_t count;
};

/* An entry more; its bytes are not copied. */
void pouch_add(struct pouch *p, const char *name, struct bytes bytes);

/* The bytes of the entry; p NULL if there is none. */
struct bytes pouch_entry(const struct pouch *p, const char *name);

/* The whole file, appended to out. */
CHECKED enum err_class pouch_write(const struct pouch *p, const char *password,
    struct buf *out, struct err *e);

/*
 * The same of files, however large, to the file at path, which is whole or
 * not there; the entries are compressed. watch is told how much of 1,000.
 */
struct pouch_file {
	const char *name; /* of the entry */
	const char *path;
};
CHECKED enum err_class pouch_write_files(const struct pouch_file *files,
    size_t n, const char *password, const char *path, const struct watch *watch,
    struct err *e);

/*
 * Reads a whole file; the entries live in a. max bounds all entries together,
 * by what the file says before memory is taken and by what comes out of it
 * after. ERR_LIMIT "folder.too_large" (also: a bomb); ERR_INPUT
 * "folder.password" (wrong), "folder.not_encrypted" (an entry without
 * AES-256), "folder.name" (an entry's name, also twice), "folder.damaged".
 */
CHECKED enum err_class pouch_read(struct bytes file, const char *password,
    size_t max, struct arena *a, struct pouch *out, struct err *e);

#endif
