/* call_export.c — a wave's answers as an encrypted ZIP (持出し). */
#include "api/calls.h"
#include "base/file.h"
#include "exchange/pouch.h"
#include "parties/ward_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The ZIP is made in memory: larger waves go by `answers export`. */
#define INQUIRIES_MAX 200000
#define ZIP_MAX ((size_t)256 << 20)
#define PASSWORD_MIN 8

static const char *const names[] = {
    "answers.csv", "transactions.csv", "others.csv", "answers.xlsx"};
#define NAMES (sizeof(names) / sizeof(*names))

struct exporting {
	struct call *c;
	struct ward_export order;
	struct buf file[NAMES];
	struct buf zip;
	int64_t rows;
	char digest[DIGEST_TEXT];
	int64_t size; /* inquiries of the wave */
};

/* The XLSX is the last, where it is wanted. */
static size_t names_of(const struct exporting *x)
{
	return NAMES - !x->order.files.xlsx;
}

static enum err_class size_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct exporting *x = arg;
	struct ward_wave w;
	struct ward_institution *in;
	size_t n;

	TRY(ward_wave_load(tx, x->c->c, x->order.wave, &w, e));
	TRY(ward_wave_institutions(tx, x->c->c, x->order.wave, &in, &n, e));
	x->size = w.subjects * (int64_t)n;
	return ERR_NONE;
}

static const char *folder(const struct node *n, struct arena *a, pid_t pid)
{
	return node_path(n, a, arena_printf(a, "run/export-%ld", (long)pid));
}

/* The plain files are there no longer than this call. */
void call_export_remove(const struct node *n, struct arena *a, pid_t pid)
{
	const char *dir = folder(n, a, pid);

	for (size_t i = 0; i < NAMES; i++)
		(void)unlink(arena_printf(a, "%s/%s", dir, names[i]));
	(void)rmdir(dir);
}

static void remove_files(struct call *c)
{
	call_export_remove(c->c->node, c->c->arena, getpid());
}

static void progress(void *ctx, int64_t done, int64_t of)
{
	call_progress(ctx, done, of);
}

static enum err_class read_files(struct exporting *x, struct err *e)
{
	for (size_t i = 0; i < names_of(x); i++)
		TRY(file_read(arena_printf(x->c->c->arena, "%s/%s",
				  x->order.files.dir, names[i]),
		    ZIP_MAX, &x->file[i], e));
	return ERR_NONE;
}

static enum err_class pack(struct exporting *x, struct err *e)
{
	struct pouch *p = arena_zero(x->c->c->arena, 1, sizeof(*p));

	for (size_t i = 0; i < names_of(x); i++)
		pouch_add(p, names[i], buf_bytes(&x->file[i]));
	TRY(pouch_write(p, call_text(x->c->body, "password"), &x->zip, e));
	digest_hex(digest_one(buf_bytes(&x->zip)), x->digest);
	return ERR_NONE;
}

static enum err_class enter_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct exporting *x = arg;
	struct call *c = x->c;

	TRY(STORE_DO(tx, STMT_DESK_TAKEOUT_ADD, e, store_z(c->c->node->code),
	    store_int(c->c->now_us), store_z(c->user.name), store_z("export"),
	    store_z("wave"), store_z(c->param[0]), store_z(x->order.purpose),
	    store_int(x->rows), store_z(x->digest)));
	return ward_log(tx, c->c,
	    &(const struct ward_act){.actor = c->user.name,
		.action = "export",
		.kind = "wave",
		.object = c->param[0],
		.purpose =
		    arena_printf(c->c->arena, "持出し: %s", x->order.purpose),
		.records = x->rows},
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
	if (wrong != NULL)
		return call_bad_value(e, wrong);
	TRY(store_read(c->c->store, size_read, x, e));
	if (x->size <= INQUIRIES_MAX)
		return ERR_NONE;
	return err_set(e, ERR_LIMIT, "export.too_large",
	    "件数が多いため、answers export コマンドで書き出してください",
	    "too many inquiries for the desk: use `answers export`");
}

static enum err_class make(struct exporting *x, struct err *e)
{
	enum err_class class;

	remove_files(x->c);
	class = ward_export(x->c->c, &x->order, &x->rows, e);
	if (class == ERR_NONE)
		class = read_files(x, e);
	remove_files(x->c);
	if (class == ERR_NONE)
		class = pack(x, e);
	/* Entered before a byte of it is given out. */
	if (class == ERR_NONE)
		class = store_run(x->c->c->store, enter_write, x, e);
	return class;
}

enum err_class call_export(struct call *c, struct err *e)
{
	struct refusals lost = {.out = NULL};
	struct exporting x = {.c = c,
	    .order = {.files = {.raw = call_bool(c->body, "raw"),
			  .force = true,
			  .xlsx = call_bool(c->body, "xlsx"),
			  .lost = &lost},
		.officer = &c->user,
		.purpose = call_text(c->body, "purpose")}};
	enum err_class class;

	TRY(call_wave_id(c, &x.order.wave, e));
	TRY(take_order(&x, e));
	x.order.files.dir = folder(c->c->node, c->c->arena, getpid());
	x.order.progress = progress;
	x.order.ctx = c;
	class = make(&x, e);
	for (size_t i = 0; i < NAMES; i++)
		buf_fini(&x.file[i]);
	if (class != ERR_NONE) {
		buf_fini(&x.zip);
		return class;
	}
	c->type = "application/zip";
	c->bytes = x.zip;
	buf_printf(&c->headers,
	    "Content-Disposition: attachment; filename=\"answers-%s.zip\"\r\n"
	    "X-Geta: %lld\r\n",
	    c->param[0], (long long)lost.count);
	return ERR_NONE;
}
