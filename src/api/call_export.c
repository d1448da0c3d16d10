/* call_export.c — a wave's answers as an encrypted ZIP (持出し). */
#include "api/calls.h"
#include "exchange/pouch.h"
#include "parties/books.h"
#include "parties/ward_export.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10)
#define PASSWORD_MIN 8
#define ZIP_NAME "answers.zip"

static const char *const names[] = {
    "answers.csv", "transactions.csv", "others.csv", "answers.xlsx"};
#define NAMES (sizeof(names) / sizeof(*names))

struct exporting {
	struct call *c;
	struct ward_export order;
	const char *zip; /* its path */
	int fd;
	int64_t rows;
	char digest[DIGEST_TEXT];
};

/* The XLSX is the last, where it is wanted. */
static size_t names_of(const struct exporting *x)
{
	return NAMES - !x->order.files.xlsx;
}

static const char *folder(const struct node *n, struct arena *a, pid_t pid)
{
	return node_path(n, a, arena_printf(a, "run/export-%ld", (long)pid));
}

/* The plain files are there no longer than this call; also those that stand
 * beside their names, killed before they were whole. */
void call_export_remove(const struct node *n, struct arena *a, pid_t pid)
{
	const char *dir = folder(n, a, pid);
	DIR *d = opendir(dir);
	const struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL)
		(void)unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(dir);
}

/* The rows are half of the work, the ZIP is the other. */
static void rows_done(void *ctx, int64_t done, int64_t of)
{
	call_progress(ctx, done, 2 * of);
}

static void zip_done(void *ctx, int64_t done, int64_t of)
{
	call_progress(ctx, of + done, 2 * of);
}

static enum err_class digest_file(struct exporting *x, struct err *e)
{
	struct digest_run *run = digest_run_new();
	unsigned char *piece = arena_take(x->c->c->arena, PIECE);
	ssize_t n;

	while ((n = read(x->fd, piece, PIECE)) > 0)
		digest_run_add(run, BYTES(piece, (size_t)n));
	digest_hex(digest_run_end(run), x->digest);
	return n == 0 ? ERR_NONE : err_errno(e, ZIP_NAME);
}

/* It has no name any more when the call ends, but for its reader. */
static enum err_class pack(struct exporting *x, struct err *e)
{
	struct arena *a = x->c->c->arena;
	const char *dir = x->order.files.dir;
	const struct watch watch = {.far = zip_done, .ctx = x->c};
	struct pouch_file files[NAMES];

	for (size_t i = 0; i < names_of(x); i++)
		files[i] = (struct pouch_file){
		    names[i], arena_printf(a, "%s/%s", dir, names[i])};
	x->zip = arena_printf(a, "%s/" ZIP_NAME, dir);
	TRY(pouch_write_files(files, names_of(x),
	    call_text(x->c->body, "password"), x->zip, &watch, e));
	x->fd = open(x->zip, O_RDONLY | O_CLOEXEC);
	return x->fd < 0 ? err_errno(e, ZIP_NAME) : digest_file(x, e);
}

static enum err_class enter_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct exporting *x = arg;
	struct call *c = x->c;

	return books_takeout(tx, c->c,
	    &(const struct book_takeout){.who = c->user.name,
		.what = "export",
		.kind = "wave",
		.object = c->param[0],
		.purpose = x->order.purpose,
		.records = x->rows,
		.digest = x->digest},
	    e);
}

static enum err_class take_order(struct exporting *x, struct err *e)
{
	struct call *c = x->c;
	const char *encoding = call_text(c->body, "encoding");
	const char *wrong = NULL;

	if (!export_encoding_named(encoding[0] != '\0' ? encoding : "utf-8-bom",
		&x->order.files.encoding))
		wrong = "encoding";
	else if (strlen(call_text(c->body, "password")) < PASSWORD_MIN)
		wrong = "password";
	else if (!ward_text_good(x->order.purpose, 1, 200))
		wrong = "purpose";
	return wrong != NULL ? call_bad_value(e, wrong) : ERR_NONE;
}

static void remove_files(struct call *c)
{
	call_export_remove(c->c->node, c->c->arena, getpid());
}

static enum err_class make(struct exporting *x, struct err *e)
{
	enum err_class class;

	remove_files(x->c);
	class = ward_export(x->c->c, &x->order, &x->rows, e);
	if (class == ERR_NONE)
		class = pack(x, e);
	remove_files(x->c);
	/* Entered before a byte of it is given out. */
	if (class == ERR_NONE)
		class = store_run(x->c->c->store, enter_write, x, e);
	return class;
}

enum err_class call_export(struct call *c, struct err *e)
{
	struct refusals lost = {.out = NULL};
	struct exporting x = {.c = c,
	    .fd = -1,
	    .order = {.files = {.raw = call_bool(c->body, "raw"),
			  .force = true,
			  .xlsx = call_bool(c->body, "xlsx"),
			  .lost = &lost},
		.officer = &c->user,
		.purpose = call_text(c->body, "purpose"),
		.watch = {.far = rows_done, .ctx = c}}};
	enum err_class class;

	TRY(call_wave_id(c, &x.order.wave, e));
	TRY(take_order(&x, e));
	x.order.files.dir = folder(c->c->node, c->c->arena, getpid());
	class = make(&x, e);
	if (class != ERR_NONE) {
		if (x.fd >= 0)
			(void)close(x.fd);
		return class;
	}
	c->type = "application/zip";
	c->filed = true;
	c->out_file = x.fd;
	buf_printf(&c->headers,
	    "Content-Disposition: attachment; filename=\"answers-%s.zip\"\r\n"
	    "X-Geta: %lld\r\n",
	    c->param[0], (long long)lost.count);
	return ERR_NONE;
}
