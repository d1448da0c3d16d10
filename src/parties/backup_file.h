/*
 * backup_file.h — a backup as it lies on a disk: entries, each a name and
 * bytes, packed and sealed in pieces. Memory does not grow with the file; one
 * that is cut short, altered, longer or put together from two is told from a
 * whole one, at the latest at its end.
 *
 * Head, 64 bytes: "shokaiB1"; 1 for a key file (HKDF-SHA-256, RFC 5869) or 2
 * for a passphrase (scrypt, RFC 7914); log2 of scrypt's N; six zeros; salt
 * (32); a check of the key (16). Then pieces: length (4, big endian), and as
 * many bytes: a Zstandard frame (RFC 8878) of at most 1 MiB under AES-256-GCM
 * (NIST SP 800-38D) with its tag (16) behind. Its nonce is the piece's number
 * (8, big endian), three zeros, and 1 for the last piece, else 0: the STREAM
 * construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-
 * Encryption and its Nonce-Reuse Misuse-Resistance, CRYPTO 2015). The head is
 * each piece's associated data. The key is of this file alone, by its salt.
 *
 * In the pieces, one after another: "F", length (4), name; "D", length (4),
 * bytes of that entry, any number of times; "E" its end; "Z" behind the last.
 */
#ifndef SHOKAI_PARTIES_BACKUP_FILE_H
#define SHOKAI_PARTIES_BACKUP_FILE_H

#include "audit/audit.h"
#include "base/bytes.h"
#include "base/err.h"

#define BACKUP_NAME_MAX 1024 /* bytes of an entry's name */

/* What opens it: the bytes of a key file, or a passphrase. */
struct backup_secret {
	struct bytes secret;
	bool passphrase;
};

/* A key file has 32 to 4,096 bytes, the first line of a passphrase file 12 to
 * 1,024 bytes. ERR_INPUT "backup.key": it has not, or is not there. Owned by
 * a. */
CHECKED enum err_class backup_file_secret(const char *path, bool passphrase,
    struct arena *a, struct backup_secret *out, struct err *e);

/* ---- writing ---- */

struct backup_out;

/* path: as of file_create, or "-". Ends with backup_file_end, where the file
 * gets its name, or backup_file_abandon, where nothing stays. */
CHECKED enum err_class backup_file_begin(const char *path, bool force,
    const struct backup_secret *secret, const struct random_source *random,
    struct backup_out **out, struct err *e);
CHECKED enum err_class backup_file_entry(
    struct backup_out *o, const char *name, struct err *e);
CHECKED enum err_class backup_file_data(
    struct backup_out *o, struct bytes b, struct err *e);
CHECKED enum err_class backup_file_close(struct backup_out *o, struct err *e);
CHECKED enum err_class backup_file_end(struct backup_out *o, struct err *e);
void backup_file_abandon(struct backup_out *o); /* NULL is harmless */

/* ---- reading ---- */

struct backup_in;

/*
 * ERR_INPUT "backup.key": another key, or a head that is not whole;
 * "backup.damaged": no backup. Each of the following, too, where a piece is
 * not what was written.
 */
CHECKED enum err_class backup_file_open(const char *path,
    const struct backup_secret *secret, struct backup_in **out, struct err *e);

/* The next entry's name; "" behind the last, and then all of the file has
 * been found whole. The entry before must have been read to its end. */
CHECKED enum err_class backup_file_next(
    struct backup_in *i, char name[BACKUP_NAME_MAX + 1], struct err *e);

/* More of the entry's bytes, good until the next call; none: its end. */
CHECKED enum err_class backup_file_read(
    struct backup_in *i, struct bytes *out, struct err *e);
void backup_file_shut(struct backup_in *i); /* NULL is harmless */

#endif
