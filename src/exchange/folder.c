/*
 * folder.c — see folder.h: batches going out, and the transport.
 *
 * The order is: the ZIP is written beside, synced, renamed, its folder
 * synced; then one transaction puts its rows off and enters it in the book.
 * Killed between the two, the batch is written once more under another name.
 */
#include "exchange/folder_internal.h"

#include "base/file.h"
#include "base/log.h"
#include "exchange/folder_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOTE_US (60 * CLOCK_SECOND)

void folder_log(struct folder *f, const struct err *e)
{
	int64_t now = clock_monotonic();

	if (f->noted_us != 0 && now - f->noted_us < NOTE_US)
		return;
	f->noted_us = now;
	log_err(f->config.process, e);
}

void folder_end_unsynced(const struct folder *f, const struct err *e)
{
	if (strcmp(e->code, "file.sync") != 0)
		return;
	log_err(f->config.process, e);
	abort();
}

static enum err_class write_file(
    struct folder_zip *z, struct bytes zip, struct arena *a, struct err *e)
{
	const struct node *n = z->folder->config.node;
	const char *place;
	long number;

	TRY(folder_files_place(n, "out", z->peer, a, &place, e));
	TRY(folder_files_count(n, &number, e));
	(void)snprintf(z->name, sizeof(z->name), "%s-%s-%06ld.zip", n->code,
	    z->peer, number);
	z->digest = digest_one(zip);
	return file_put(
	    arena_printf(a, "%s/%s", place, z->name), zip, 0600, false, e);
}

enum err_class folder_write(
    struct folder_zip *z, const struct pouch *p, struct err *e)
{
	char password[FOLDER_PASSWORD];
	struct arena a = {0};
	struct buf zip = {0};
	enum err_class c =
	    folder_files_password(z->folder->config.node, z->peer, password, e);

	if (c == ERR_NONE)
		c = pouch_write(p, password, &zip, e);
	if (c == ERR_NONE)
		c = write_file(z, buf_bytes(&zip), &a, e);
	explicit_bzero(password, sizeof(password));
	buf_fini(&zip);
	arena_fini(&a);
	return c;
}

void folder_unwrite(
    const struct folder_zip *z, enum err_class c, const struct err *e)
{
	struct arena a = {0};
	char *below;

	if (c == ERR_NONE || c == ERR_UNSURE ||
	    strcmp(e->code, "store.io") == 0)
		return;
	below = arena_printf(&a, "folder/out/%s/%s", z->peer, z->name);

	(void)unlink(node_path(z->folder->config.node, &a, below));
	arena_fini(&a);
}

static enum err_class count_records(struct store_tx *tx,
    const struct folder_manifest *m, int64_t *records, struct err *e)
{
	*records = 0;
	for (size_t i = 0; i < m->count; i++) {
		struct store_rows *r;
		bool found;

		TRY(store_one(tx, STMT_FOLDER_RECORDS,
		    STORE_VALUES(store_z(m->id[i])), &r, &found, e));
		if (found)
			*records += store_get_int(r, 0);
		store_rows_close(r);
	}
	return ERR_NONE;
}

enum err_class folder_enter(
    struct store_tx *tx, const struct folder_zip *z, struct err *e)
{
	const struct folder_config *config = &z->folder->config;
	struct folder_note note = {
	    .direction = z->direction,
	    .peer = z->peer,
	    .name = z->name,
	    .messages = (int64_t)z->manifest.count,
	    .at_us = z->now_us,
	};

	if (config->note == NULL)
		return ERR_NONE;
	digest_hex(z->digest, note.digest);
	TRY(count_records(tx, &z->manifest, &note.records, e));
	return config->note(config->note_ctx, tx, &note, e);
}

/* Puts the rows off. A row that is not due any more was carried by another
 * process meanwhile: all is rolled back. */
static enum err_class put_off(struct store_tx *tx, void *arg, struct err *e)
{
	const struct folder_zip *z = arg;
	const struct delivery *d = z->delivery;

	for (size_t i = 0; i < d->count; i++) {
		int64_t changed = 0;

		TRY(store_do(tx, STMT_FOLDER_CARRIED,
		    STORE_VALUES(store_int(d->item[i].seq),
			store_int(z->now_us + FOLDER_AGAIN),
			store_int(z->now_us)),
		    &changed, e));
		if (changed != 1)
			return err_set(e, ERR_BUSY, "folder.carried",
			    "別の処理が書き出しました",
			    "another process has carried it");
	}
	return folder_enter(tx, z, e);
}

static enum err_class malformed(struct err *e)
{
	return err_set(e, ERR_FAULT, "fault", "束の区切りが正しくありません",
	    "the batch is not framed as it should be");
}

/* The frame of gate.h, taken apart into entries. */
static enum err_class fill_pouch(const struct delivery *d, struct folder_zip *z,
    struct buf *manifest, struct pouch *p, struct err *e)
{
	struct bytes rest = buf_bytes(&d->body);

	for (size_t i = 0; i < d->count; i++)
		memcpy(z->manifest.id[i], d->item[i].id, HEADER_ID);
	z->manifest.count = d->count;
	folder_manifest_write(&z->manifest, manifest);
	pouch_add(p, "manifest.json", buf_bytes(manifest));
	for (size_t i = 0; i < d->count; i++) {
		struct bytes header, payload;
		char name[POUCH_NAME];

		if (!gate_frame_take(&rest, rest.n, &header) ||
		    !gate_frame_take(&rest, rest.n, &payload))
			return malformed(e);
		(void)snprintf(name, sizeof(name), "%02zu.header", i + 1);
		pouch_add(p, name, header);
		(void)snprintf(name, sizeof(name), "%02zu.payload", i + 1);
		pouch_add(p, name, payload);
	}
	return rest.n == 0 ? ERR_NONE : malformed(e);
}

static enum err_class carry(
    struct folder *f, const char *peer, const struct delivery *d, struct err *e)
{
	const struct node *n = f->config.node;
	struct folder_zip z = {.folder = f,
	    .direction = "out",
	    .peer = peer,
	    .delivery = d,
	    .manifest.kind = FOLDER_MESSAGES};
	struct buf manifest = {0};
	struct pouch p = {0};
	enum err_class c;

	memcpy(z.manifest.from, n->code, NODE_CODE);
	(void)snprintf(z.manifest.to, NODE_CODE, "%s", peer);
	TRY(node_now(n, &z.now_us, e));
	c = fill_pouch(d, &z, &manifest, &p, e);
	if (c == ERR_NONE)
		c = folder_write(&z, &p, e);
	buf_fini(&manifest);
	if (c != ERR_NONE)
		return c;
	c = store_run(f->config.gate->store, put_off, &z, e);
	folder_unwrite(&z, c, e);
	if (c == ERR_NONE)
		log_line(f->config.process, "folder: %s: %zu messages for %s",
		    z.name, d->count, peer);
	return c;
}

static bool folder_busy(void *ctx, const char *peer)
{
	const struct folder *f = ctx;

	(void)peer;
	return f->failed_is;
}

/* Ends at once: the batch waits in the database for its receipts, so that
 * the next one can be written. */
static void folder_begin(void *ctx, const struct peer *peer, struct delivery *d)
{
	struct folder *f = ctx;
	struct err e;

	if (carry(f, peer->code, d, &e) == ERR_NONE) {
		delivery_fini(d);
	} else {
		folder_end_unsynced(f, &e);
		folder_log(f, &e);
		f->failed = *d;
		f->failed_is = true;
	}
	*d = (struct delivery){0};
}

static enum transport_result folder_take(
    void *ctx, struct delivery *d, struct buf *answer)
{
	struct folder *f = ctx;
	int look_ms = f->config.look_ms ? f->config.look_ms : 1000;
	int64_t now = clock_monotonic();

	if (f->failed_is) {
		*d = f->failed;
		f->failed = (struct delivery){0};
		f->failed_is = false;
		return TRANSPORT_FAILED;
	}
	folder_in_finish(f);
	if (now < f->look_us)
		return TRANSPORT_NOTHING;
	if (folder_in_look(f, d, answer))
		return TRANSPORT_ANSWERED; /* more may wait: look again */
	if (f->look_us <= now)
		f->look_us = now + look_ms * INT64_C(1000);
	return TRANSPORT_NOTHING;
}

static void folder_wait(void *ctx, int wake_fd, int ms)
{
	(void)ctx;
	(void)wake_fd;
	(void)usleep((useconds_t)ms * 1000);
}

struct folder *folder_new(const struct folder_config *config)
{
	struct folder *f = arena_xmalloc(sizeof(*f));

	memset(f, 0, sizeof(*f));
	f->config = *config;
	if (f->config.settle_ms == 0)
		f->config.settle_ms = 2000;
	f->lock = -1;
	return f;
}

void folder_free(struct folder *f)
{
	if (f == NULL)
		return;
	if (f->failed_is)
		delivery_fini(&f->failed);
	if (f->lock >= 0)
		(void)close(f->lock);
	free(f);
}

struct transport folder_transport(struct folder *f)
{
	return (struct transport){
	    .ctx = f,
	    .busy = folder_busy,
	    .begin = folder_begin,
	    .take = folder_take,
	    .wait = folder_wait,
	};
}
