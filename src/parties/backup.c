/* backup.c — see backup.h. */
#include "parties/backup.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT 1
#define FILES "node/"
#define PART ".part"
#define MANIFEST_MAX ((size_t)4096)
#define OPEN_FOLDERS 16 /* of nftw */

/* ---- writing ---- */

struct writing {
	struct party_context *c;
	struct backup_out *o;
	const struct watch *watch;
	struct backup_told *told;
	const char *run;
	const char *database; /* the embedded one's path; NULL: a server's */
	struct arena names;
};

static enum err_class put(void *ctx, struct bytes piece, struct err *e)
{
	struct writing *w = ctx;

	w->told->bytes += (int64_t)piece.n;
	watch_tell(w->watch, w->told->bytes, 0);
	return backup_file_data(w->o, piece, e);
}

static bool ends_with(const char *z, const char *end)
{
	size_t n = strlen(z);
	size_t k = strlen(end);

	return n >= k && strcmp(z + n - k, end) == 0;
}

/* The database and what SQLite and the turnstile keep beside it, files half
 * written, sockets and locks. */
static bool left_out(const struct writing *w, const char *path)
{
	size_t n = w->database != NULL ? strlen(w->database) : 0;

	return strcmp(path, w->run) == 0 || ends_with(path, PART) ||
	       (n > 0 && strncmp(path, w->database, n) == 0 &&
		   (path[n] == '\0' || path[n] == '-'));
}

/* One that has gone since it was listed is no error. */
static enum err_class put_file(
    struct writing *w, const char *path, struct err *e)
{
	const char *below = path + strlen(w->c->node->path) + 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err_class class;

	if (fd < 0)
		return errno == ENOENT ? ERR_NONE : err_errno(e, path);
	class = backup_file_entry(
	    w->o, arena_printf(&w->names, "%s%s", FILES, below), e);
	if (class == ERR_NONE)
		class = file_each(fd, put, w, e);
	(void)close(fd);
	TRY(class);
	w->told->files++;
	return backup_file_close(w->o, e);
}

static enum err_class put_folder(
    struct writing *w, const char *path, int depth, struct err *e);

static enum err_class put_path(
    struct writing *w, const char *path, int depth, struct err *e)
{
	struct stat st;

	if (left_out(w, path))
		return ERR_NONE;
	if (stat(path, &st) != 0)
		return errno == ENOENT ? ERR_NONE : err_errno(e, path);
	if (S_ISDIR(st.st_mode))
		return put_folder(w, path, depth + 1, e);
	return S_ISREG(st.st_mode) ? put_file(w, path, e) : ERR_NONE;
}

static enum err_class put_folder(
    struct writing *w, const char *path, int depth, struct err *e)
{
	DIR *d = depth <= BACKUP_DEPTH_MAX ? opendir(path) : NULL;
	enum err_class class = ERR_NONE;
	const struct dirent *entry;

	if (d == NULL && depth <= BACKUP_DEPTH_MAX)
		return errno == ENOENT ? ERR_NONE : err_errno(e, path);
	if (d == NULL) {
		err_set(e, ERR_LIMIT, "backup.depth",
		    "フォルダーの階層が深すぎます",
		    "folders within folders: too many");
		return err_detail(e, "%.200s", path);
	}
	while (class == ERR_NONE && (entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			class = put_path(w,
			    arena_printf(
				&w->names, "%s/%s", path, entry->d_name),
			    depth, e);
	(void)closedir(d);
	return class;
}

static enum err_class put_manifest(struct writing *w, struct err *e)
{
	const struct node *n = w->c->node;
	json_t *j = json_pack("{s:i,s:s,s:s,s:i,s:s,s:s}", "format", FORMAT,
	    "code", n->code, "party", node_party_name(n->party), "schema",
	    store_schema_version(), "database",
	    w->database != NULL ? "sqlite" : "postgresql", "at", w->told->at);
	char *z = json_dumps(j, JSON_COMPACT);
	enum err_class class;

	if (z == NULL)
		abort(); /* out of memory */
	json_decref(j);
	class = backup_file_entry(w->o, "manifest", e);
	if (class == ERR_NONE)
		class = backup_file_data(w->o, text_bytes(text_z(z)), e);
	free(z);
	TRY(class);
	return backup_file_close(w->o, e);
}

static enum err_class log_copy(struct store_tx *tx, void *arg, struct err *e)
{
	const struct writing *w = arg;

	return audit_add(tx,
	    &(const struct audit_entry){.actor = "backup",
		.action = "export",
		.kind = "node",
		.object = text_z(w->c->node->code),
		.authority = "",
		.purpose = "バックアップ"},
	    w->c->now_us, &w->c->random, e);
}

static enum err_class write_all(struct writing *w, struct err *e)
{
	struct party_context *c = w->c;

	TRY(put_manifest(w, e));
	TRY(put_folder(w, c->node->path, 0, e));
	/* First the log, so that the copy knows of itself. */
	TRY(store_run(c->store, log_copy, w, e));
	TRY(backup_file_entry(w->o, "database", e));
	TRY(store_dump(c->store, put, w, e));
	return backup_file_close(w->o, e);
}

enum err_class backup_write(struct party_context *c, struct backup_out *o,
    const struct watch *watch, struct backup_told *told, struct err *e)
{
	const struct node *n = c->node;
	struct writing w = {.c = c,
	    .o = o,
	    .watch = watch,
	    .told = told,
	    .run = node_path(n, c->arena, "run"),
	    .database = node_database_file(n)};
	enum err_class class;

	*told = (struct backup_told){0};
	(void)snprintf(told->code, sizeof(told->code), "%s", n->code);
	(void)snprintf(
	    told->party, sizeof(told->party), "%s", node_party_name(n->party));
	clock_format(c->now_us, told->at);
	class = write_all(&w, e);
	arena_fini(&w.names);
	return class;
}

/* ---- putting back ---- */

struct restoring {
	const struct backup_restoring *r;
	struct backup_in *in;
	struct backup_told *told;
	struct arena arena;
	const char *part; /* the folder, until all is well */
	int database;	  /* a file without a name; -1: not met yet */
};

static enum err_class damaged(struct err *e)
{
	return err_set(e, ERR_INPUT, "backup.damaged",
	    "バックアップの中身が正しくありません",
	    "what the backup holds is not right");
}

static int remove_one(
    const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void remove_all(const char *path)
{
	(void)nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static enum err_class give(
    struct restoring *x, file_piece *to, void *ctx, struct err *e)
{
	for (;;) {
		struct bytes piece;

		TRY(backup_file_read(x->in, &piece, e));
		if (piece.n == 0)
			return ERR_NONE;
		x->told->bytes += (int64_t)piece.n;
		watch_tell(x->r->watch, x->told->bytes, 0);
		TRY(to(ctx, piece, e));
	}
}

static enum err_class to_buf(void *ctx, struct bytes piece, struct err *e)
{
	struct buf *b = ctx;

	if (b->n + piece.n > MANIFEST_MAX)
		return damaged(e);
	buf_add(b, piece.p, piece.n);
	return ERR_NONE;
}

static enum err_class to_file(void *ctx, struct bytes piece, struct err *e)
{
	return file_write(ctx, piece, e);
}

static enum err_class to_fd(void *ctx, struct bytes piece, struct err *e)
{
	return file_write_all(*(int *)ctx, piece, "database", e);
}

static bool copy_string(
    const json_t *j, const char *key, char *out, size_t room)
{
	const char *z = json_string_value(json_object_get(j, key));

	return z != NULL && snprintf(out, room, "%s", z) < (int)room;
}

static enum err_class read_manifest(struct restoring *x, struct err *e)
{
	struct backup_told *told = x->told;
	struct buf b = {0};
	enum err_class class = give(x, to_buf, &b, e);
	json_t *j = class == ERR_NONE
			? json_loadb((const char *)b.p, b.n, 0, NULL)
			: NULL;
	int64_t schema = json_integer_value(json_object_get(j, "schema"));

	if (class == ERR_NONE &&
	    (json_integer_value(json_object_get(j, "format")) != FORMAT ||
		!copy_string(j, "code", told->code, sizeof(told->code)) ||
		!copy_string(j, "party", told->party, sizeof(told->party)) ||
		!copy_string(j, "at", told->at, sizeof(told->at))))
		class = damaged(e);
	if (class == ERR_NONE && schema > store_schema_version())
		class = err_set(e, ERR_INPUT, "store.schema_new",
		    "新しい版のプログラムで作られたバックアップです",
		    "the backup was made by a newer program");
	json_decref(j);
	buf_fini(&b);
	told->bytes = 0; /* of the node's own */
	return class;
}

/* Below the folder, and nowhere else. */
static bool is_below(const char *name)
{
	if (*name == '\0')
		return false;
	for (const char *p = name; *p != '\0';) {
		size_t n = strcspn(p, "/");

		if (n == 0 || (n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
		if (*p == '/' && *++p == '\0')
			return false;
	}
	return true;
}

static enum err_class make_parents(char *path, size_t from, struct err *e)
{
	for (char *p = path + from; (p = strchr(p, '/')) != NULL; p++) {
		bool made;

		*p = '\0';
		made = mkdir(path, 0700) == 0 || errno == EEXIST;
		*p = '/';
		if (!made)
			return err_errno(e, path);
	}
	return ERR_NONE;
}

static enum err_class restore_file(
    struct restoring *x, const char *name, struct err *e)
{
	char *path = arena_printf(&x->arena, "%s/%s", x->part, name);
	struct file f;
	enum err_class class;

	if (!is_below(name))
		return damaged(e);
	TRY(make_parents(path, strlen(x->part) + 1, e));
	TRY(file_create(&f, path, 0600, false, e));
	class = give(x, to_file, &f, e);
	if (class == ERR_NONE)
		class = file_commit(&f, e);
	file_abandon(&f);
	x->told->files++;
	return class;
}

/* The first is the manifest, and the database comes once. */
static enum err_class restore_entry(
    struct restoring *x, const char *name, struct err *e)
{
	size_t n = sizeof(FILES) - 1;

	if (x->told->code[0] == '\0')
		return strcmp(name, "manifest") == 0 ? read_manifest(x, e)
						     : damaged(e);
	if (strncmp(name, FILES, n) == 0)
		return restore_file(x, name + n, e);
	if (strcmp(name, "database") != 0 || x->database >= 0)
		return damaged(e);
	TRY(file_unnamed(x->part, &x->database, e));
	return give(x, to_fd, &x->database, e);
}

/* To its end: behind it the whole backup is known to be good. */
static enum err_class restore_entries(struct restoring *x, struct err *e)
{
	char name[BACKUP_NAME_MAX + 1];

	for (;;) {
		TRY(backup_file_next(x->in, name, e));
		if (name[0] == '\0')
			return x->database >= 0 ? ERR_NONE : damaged(e);
		TRY(restore_entry(x, name, e));
	}
}

static enum err_class restore_database(struct restoring *x, struct err *e)
{
	struct node n = {0};
	enum err_class class;

	TRY(node_load(x->part, &n, e));
	class = store_load(n.db, x->database, e);
	node_fini(&n);
	return class;
}

static enum err_class restore_all(struct restoring *x, struct err *e)
{
	const char *to = x->r->to;

	TRY(restore_entries(x, e));
	TRY(restore_database(x, e));
	TRY(x->r->ready(x->r->ctx, x->part, e));
	if (rename(x->part, to) != 0)
		return err_errno(e, to);
	return file_sync_folder(to, e);
}

enum err_class backup_restore(struct backup_in *i,
    const struct backup_restoring *r, struct backup_told *told, struct err *e)
{
	struct restoring x = {.r = r, .in = i, .told = told, .database = -1};
	char *to = arena_printf(&x.arena, "%s", r->to);
	enum err_class class;
	bool made;

	*told = (struct backup_told){0};
	for (size_t n = strlen(to); n > 1 && to[n - 1] == '/'; n--)
		to[n - 1] = '\0';
	x.part = arena_printf(&x.arena, "%s" PART, to);
	class = node_folder(r->to, &made, e);
	if (class == ERR_NONE) {
		remove_all(x.part);
		if (mkdir(x.part, 0700) != 0)
			class = err_errno(e, x.part);
	}
	if (class == ERR_NONE)
		class = restore_all(&x, e);
	if (class != ERR_NONE)
		remove_all(x.part);
	if (class != ERR_NONE && made)
		(void)rmdir(to);
	if (x.database >= 0)
		(void)close(x.database);
	arena_fini(&x.arena);
	return class;
}
