/* pouch.c — see pouch.h. */
#include "exchange/pouch.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <zip.h>

#define LEVEL 1	      /* of deflate: most of what there is to gain */
#define WATCH_OF 1000 /* parts that are told of */
#define SMALL 1024    /* bytes any entry may unpack to, whatever the ratio */

void pouch_add(struct pouch *p, const char *name, struct bytes bytes)
{
	struct pouch_entry *entry = &p->entry[p->count];

	if (p->count == POUCH_ENTRIES || strlen(name) >= POUCH_NAME)
		abort();
	memcpy(entry->name, name, strlen(name) + 1);
	entry->bytes = bytes;
	p->count++;
}

struct bytes pouch_entry(const struct pouch *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->entry[i].name, name) == 0)
			return p->entry[i].bytes;
	return (struct bytes){NULL, 0};
}

/* Taken for damage, it would put a good file among the refused ones. libzip
 * has an error of its own for it and says another here and there: errno, which
 * whoever begins to read has cleared, is malloc(3)'s word. */
static void end_without_memory(int zip_error)
{
	if (zip_error == ZIP_ER_MEMORY || errno == ENOMEM)
		memory_out();
}

static enum err_class fault(const char *what, struct err *e)
{
	err_set(e, ERR_FAULT, "fault", "ZIP を作れません",
	    "the ZIP cannot be made");
	return err_detail(e, "%s", what);
}

/* s is taken over; NULL is refused. level 0: stored as it is. */
static bool put_entry(zip_t *z, const char *name, zip_source_t *s,
    zip_uint32_t level, const char *password)
{
	zip_int64_t at;

	if (s == NULL)
		return false;
	at = zip_file_add(z, name, s, ZIP_FL_ENC_UTF_8);
	if (at < 0) {
		zip_source_free(s);
		return false;
	}
	return zip_set_file_compression(z, (zip_uint64_t)at,
		   level == 0 ? ZIP_CM_STORE : ZIP_CM_DEFLATE, level) == 0 &&
	       zip_file_set_encryption(
		   z, (zip_uint64_t)at, ZIP_EM_AES_256, password) == 0;
}

static bool take_out(zip_source_t *s, struct buf *out)
{
	zip_stat_t st;
	zip_int64_t n;

	if (zip_source_stat(s, &st) != 0 || (st.valid & ZIP_STAT_SIZE) == 0 ||
	    zip_source_open(s) != 0)
		return false;
	buf_room(out, (size_t)st.size);
	n = zip_source_read(s, out->p + out->n, st.size);
	(void)zip_source_close(s);
	if (n < 0 || (zip_uint64_t)n != st.size)
		return false;
	out->n += (size_t)n;
	return true;
}

enum err_class pouch_write(
    const struct pouch *p, const char *password, struct buf *out, struct err *e)
{
	zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *z = s ? zip_open_from_source(s, ZIP_TRUNCATE, NULL) : NULL;
	enum err_class c = ERR_NONE;

	if (z == NULL) {
		zip_source_free(s);
		return fault("open", e);
	}
	zip_source_keep(s);
	for (size_t i = 0; i < p->count && c == ERR_NONE; i++)
		/* Sealed payloads do not compress. */
		if (!put_entry(z, p->entry[i].name,
			zip_source_buffer(
			    z, p->entry[i].bytes.p, p->entry[i].bytes.n, 0),
			0, password))
			c = fault(zip_strerror(z), e);
	if (c != ERR_NONE)
		zip_discard(z);
	else if (zip_close(z) != 0) {
		c = fault(zip_strerror(z), e);
		zip_discard(z);
	}
	if (c == ERR_NONE && !take_out(s, out))
		c = fault("read back", e);
	zip_source_free(s);
	return c;
}

static void tell(zip_t *z, double done, void *ctx)
{
	(void)z;
	watch_tell(ctx, (int64_t)(done * WATCH_OF), WATCH_OF);
}

enum err_class pouch_write_files(const struct pouch_file *files, size_t n,
    const char *password, const char *path, const struct watch *watch,
    struct err *e)
{
	struct watch w = *watch;
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	enum err_class c = ERR_NONE;

	if (z == NULL)
		return fault("open", e);
	if (zip_register_progress_callback_with_state(
		z, 1.0 / WATCH_OF, tell, NULL, &w) != 0)
		c = fault("progress", e);
	for (size_t i = 0; i < n && c == ERR_NONE; i++)
		if (!put_entry(z, files[i].name,
			zip_source_file(z, files[i].path, 0, -1), LEVEL,
			password))
			c = fault(zip_strerror(z), e);
	if (c == ERR_NONE && zip_close(z) == 0)
		return ERR_NONE;
	if (c == ERR_NONE)
		c = fault(zip_strerror(z), e);
	zip_discard(z);
	return c;
}

static enum err_class damaged(struct err *e)
{
	end_without_memory(ZIP_ER_OK);
	return err_set(e, ERR_INPUT, "folder.damaged",
	    "ZIP が壊れているか、途中で切れています",
	    "the ZIP is damaged or cut off");
}

static enum err_class too_large(struct err *e)
{
	return err_set(e, ERR_LIMIT, "folder.too_large",
	    "ZIP の中身が大きすぎるか、多すぎます",
	    "the ZIP holds too much, or unpacks to too much");
}

static bool is_name(const char *z)
{
	size_t n = z == NULL ? 0 : strlen(z);

	return n > 0 && n < POUCH_NAME && z[0] != '.' &&
	       strspn(z, "0123456789abcdefghijklmnopqrstuvwxyz.-") == n;
}

/* All that the directory says of an entry, before a byte of it is read (F1).
 * *left: how much may still come. */
static enum err_class judge(
    const zip_stat_t *st, const struct pouch *p, size_t *left, struct err *e)
{
	const zip_uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE |
				    ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
				    ZIP_STAT_ENCRYPTION_METHOD;

	if ((st->valid & wanted) != wanted)
		return damaged(e);
	if (!is_name(st->name) || pouch_entry(p, st->name).p != NULL)
		return err_set(e, ERR_INPUT, "folder.name",
		    "ZIP の中のファイル名が正しくありません",
		    "a name in the ZIP is not allowed, or there twice");
	if (st->encryption_method != ZIP_EM_AES_256)
		return err_set(e, ERR_INPUT, "folder.not_encrypted",
		    "AES-256 で暗号化されていません",
		    "an entry is not encrypted with AES-256");
	if (st->comp_method != ZIP_CM_STORE &&
	    st->comp_method != ZIP_CM_DEFLATE)
		return damaged(e);
	if (st->size > *left ||
	    (st->size > SMALL && st->size / POUCH_RATIO > st->comp_size))
		return too_large(e);
	*left -= (size_t)st->size;
	return ERR_NONE;
}

static enum err_class unreadable(const zip_error_t *z, struct err *e)
{
	int code = zip_error_code_zip(z);

	end_without_memory(code);
	if (code == ZIP_ER_WRONGPASSWD || code == ZIP_ER_NOPASSWD)
		return err_set(e, ERR_INPUT, "folder.password",
		    "ZIP のパスワードが違います", "wrong password of the ZIP");
	return damaged(e);
}

/* Reads what was announced and finds the end behind it: there libzip has
 * checked the entry's HMAC. */
static enum err_class unpack(zip_t *z, zip_uint64_t at, zip_uint64_t size,
    unsigned char *to, struct err *e)
{
	zip_file_t *f = zip_fopen_index(z, at, 0);
	enum err_class c = ERR_NONE;
	zip_uint64_t n = 0;
	unsigned char more;

	if (f == NULL)
		return unreadable(zip_get_error(z), e);
	while (n < size && c == ERR_NONE) {
		zip_int64_t got = zip_fread(f, to + n, size - n);

		if (got <= 0)
			c = unreadable(zip_file_get_error(f), e);
		else
			n += (zip_uint64_t)got;
	}
	if (c == ERR_NONE && zip_fread(f, &more, 1) != 0)
		c = damaged(e);
	if (zip_fclose(f) != 0 && c == ERR_NONE)
		c = damaged(e);
	return c;
}

static enum err_class read_entries(
    zip_t *z, size_t max, struct arena *a, struct pouch *out, struct err *e)
{
	zip_int64_t n = zip_get_num_entries(z, 0);

	if (n <= 0)
		return damaged(e);
	if (n > POUCH_ENTRIES)
		return too_large(e);
	for (zip_int64_t i = 0; i < n; i++) {
		unsigned char *to;
		zip_stat_t st;

		if (zip_stat_index(z, (zip_uint64_t)i, ZIP_FL_ENC_RAW, &st) !=
		    0)
			return damaged(e);
		TRY(judge(&st, out, &max, e));
		to = arena_take(a, (size_t)st.size + 1);
		TRY(unpack(z, (zip_uint64_t)i, st.size, to, e));
		pouch_add(out, st.name, BYTES(to, (size_t)st.size));
	}
	return ERR_NONE;
}

enum err_class pouch_read(struct bytes file, const char *password, size_t max,
    struct arena *a, struct pouch *out, struct err *e)
{
	zip_source_t *s = zip_source_buffer_create(file.p, file.n, 0, NULL);
	zip_error_t why;
	zip_t *z;
	enum err_class c;

	out->count = 0;
	if (s == NULL)
		memory_out();
	errno = 0;
	zip_error_init(&why);
	z = zip_open_from_source(s, ZIP_RDONLY | ZIP_CHECKCONS, &why);
	if (z == NULL) {
		end_without_memory(zip_error_code_zip(&why));
		zip_error_fini(&why);
		zip_source_free(s);
		return damaged(e);
	}
	zip_error_fini(&why);
	if (zip_set_default_password(z, password) != 0)
		c = fault("password", e);
	else
		c = read_entries(z, max, a, out, e);
	zip_discard(z);
	if (c != ERR_NONE)
		out->count = 0;
	return c;
}
