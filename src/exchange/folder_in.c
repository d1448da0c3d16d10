/*
 * folder_in.c — see folder.h: what is carried here.
 *
 * SECURITY: a ZIP and its name are hostile bytes. The name is used below its
 * folder's descriptor alone; the contents pass pouch_read's bounds, and then
 * exactly the step that bytes from the network pass (gate_receive), or
 * delivery_answer.
 */
#include "exchange/folder_internal.h"

#include "base/log.h"
#include "exchange/folder_files.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define AFTER_FAULT (60 * CLOCK_SECOND)

/* One file being taken in. */
struct intake {
	struct folder *folder;
	struct digest sender; /* the peer's pinned certificate */
	int dir;
	struct folder_zip in;
	struct pouch pouch;
	struct arena arena;
};

static enum err_class refuse(
    struct err *e, const char *code, const char *ja, const char *en)
{
	return err_set(e, ERR_INPUT, code, ja, en);
}

static enum err_class check_manifest(struct intake *t, struct err *e)
{
	struct folder_manifest *m = &t->in.manifest;
	size_t entries;

	TRY(folder_manifest_read(
	    pouch_entry(&t->pouch, "manifest.json"), m, e));
	if (strcmp(m->from, t->in.peer) != 0 ||
	    strcmp(m->to, t->folder->config.node->code) != 0)
		return refuse(e, "folder.address",
		    "差出人か宛先が、このフォルダーのものではありません",
		    "not from this folder's peer, or not for this node");
	entries = m->kind == FOLDER_MESSAGES ? 1 + 2 * m->count : 2;
	if (t->pouch.count != entries)
		return refuse(e, "folder.manifest",
		    "ZIP の中のファイルの数が manifest.json と違います",
		    "the ZIP does not hold what its manifest says");
	return ERR_NONE;
}

static enum err_class open_zip(struct intake *t, struct err *e)
{
	const struct node *n = t->folder->config.node;
	char password[FOLDER_PASSWORD];
	struct buf file = {0};
	enum err_class c =
	    folder_files_read(t->dir, t->in.name, FOLDER_FILE_MAX, &file, e);

	if (c == ERR_NONE)
		c = folder_files_password(n, t->in.peer, password, e);
	/* Our own lack of a password is no fault of the file. */
	if (c == ERR_INPUT)
		c = ERR_FAULT;
	if (c == ERR_NONE) {
		t->in.digest = digest_one(buf_bytes(&file));
		c = pouch_read(buf_bytes(&file), password, GATE_BODY_MAX,
		    &t->arena, &t->pouch, e);
		explicit_bzero(password, sizeof(password));
	}
	buf_fini(&file);
	return c == ERR_NONE ? check_manifest(t, e) : c;
}

static enum err_class frame(
    const struct intake *t, struct buf *body, struct err *e)
{
	for (size_t i = 0; i < t->in.manifest.count; i++) {
		char name[POUCH_NAME];
		struct bytes header, payload;

		(void)snprintf(name, sizeof(name), "%02zu.header", i + 1);
		header = pouch_entry(&t->pouch, name);
		(void)snprintf(name, sizeof(name), "%02zu.payload", i + 1);
		payload = pouch_entry(&t->pouch, name);
		if (header.p == NULL || payload.p == NULL)
			return refuse(e, "folder.manifest",
			    "ZIP の中にないファイルがあります",
			    "a file of a message is not in the ZIP");
		gate_frame_put(body, header, payload);
	}
	return ERR_NONE;
}

static enum err_class enter_in(struct store_tx *tx, void *arg, struct err *e)
{
	const struct intake *t = arg;

	return folder_enter(tx, &t->in, e);
}

static enum err_class enter_out(struct store_tx *tx, void *arg, struct err *e)
{
	return folder_enter(tx, arg, e);
}

/* The receipts as a ZIP of their own, to be carried back. E1: gate_receive
 * has committed. */
static enum err_class write_receipts(
    const struct intake *t, struct bytes groups, struct err *e)
{
	struct folder_zip z = t->in;
	struct buf manifest = {0};
	struct pouch p = {0};
	enum err_class c;

	z.direction = "out";
	z.manifest.kind = FOLDER_RECEIPTS;
	memcpy(z.manifest.from, t->in.manifest.to, NODE_CODE);
	memcpy(z.manifest.to, t->in.manifest.from, NODE_CODE);
	folder_manifest_write(&z.manifest, &manifest);
	pouch_add(&p, "manifest.json", buf_bytes(&manifest));
	pouch_add(&p, "receipts", groups);
	c = folder_write(&z, &p, e);
	buf_fini(&manifest);
	if (c != ERR_NONE)
		return c;
	c = store_run(t->folder->config.gate->store, enter_out, &z, e);
	folder_unwrite(&z, c, e);
	return c;
}

static enum err_class take_messages(struct intake *t, struct err *e)
{
	struct gate *gate = t->folder->config.gate;
	struct buf body = {0};
	struct buf groups = {0};
	size_t stored = 0;
	enum err_class c = frame(t, &body, e);

	arena_fini(&t->arena); /* the frame holds all that counts */
	if (c == ERR_NONE)
		c = gate_receive(gate, t->sender, buf_bytes(&body),
		    t->in.now_us, &groups, &stored, e);
	buf_fini(&body);
	if (c == ERR_NONE)
		c = store_run(gate->store, enter_in, t, e);
	if (c == ERR_NONE)
		c = write_receipts(t, buf_bytes(&groups), e);
	if (c == ERR_NONE)
		log_line(t->folder->config.process,
		    "folder: %zu messages from %s, %zu of them new",
		    t->in.manifest.count, t->in.peer, stored);
	buf_fini(&groups);
	return c;
}

struct lookup {
	const struct intake *intake;
	struct delivery *delivery;
};

/* Which of our messages the receipts may concern: those that are still
 * waiting for one from that peer. */
static enum err_class find_sent(struct store_tx *tx, void *arg, struct err *e)
{
	const struct lookup *l = arg;
	const struct folder_manifest *m = &l->intake->in.manifest;
	struct delivery *d = l->delivery;

	d->count = 0;
	(void)snprintf(d->peer, sizeof(d->peer), "%s", l->intake->in.peer);
	for (size_t i = 0; i < m->count; i++) {
		struct store_rows *r;
		bool found;

		TRY(store_one(tx, STMT_FOLDER_SENT,
		    STORE_VALUES(store_z(m->id[i]), store_z(d->peer)), &r,
		    &found, e));
		if (found) {
			d->item[d->count].seq = store_get_int(r, 0);
			memcpy(d->item[d->count].id, m->id[i], HEADER_ID);
			(void)snprintf(d->item[d->count].digest, DIGEST_TEXT,
			    "%.*s", (int)store_get_text(r, 1).n,
			    store_get_text(r, 1).p);
			d->count++;
		}
		store_rows_close(r);
	}
	return folder_enter(tx, &l->intake->in, e);
}

static enum err_class take_receipts(
    struct intake *t, struct delivery *d, struct buf *answer, struct err *e)
{
	struct lookup l = {.intake = t, .delivery = d};
	struct bytes groups = pouch_entry(&t->pouch, "receipts");

	if (groups.p == NULL)
		return refuse(e, "folder.manifest",
		    "ZIP の中に receipts がありません",
		    "there are no receipts in the ZIP");
	TRY(store_run(t->folder->config.gate->store, find_sent, &l, e));
	buf_add(answer, groups.p, groups.n);
	return ERR_NONE;
}

static void put_why(const struct intake *t, const struct err *e, struct buf *b)
{
	char at[CLOCK_TEXT];
	char hex[DIGEST_TEXT];
	json_t *j;
	char *z;

	clock_format(t->in.now_us, at);
	digest_hex(t->in.digest, hex);
	j = json_pack("{s:s,s:s,s:s,s:s,s:{s:s,s:s}}", "at", at, "peer",
	    t->in.peer, "digest", hex, "code", e->code, "why", "ja", e->ja,
	    "en", e->en);
	z = j ? json_dumps(j, JSON_INDENT(1)) : NULL;
	if (z == NULL)
		abort(); /* out of memory */
	buf_z(b, z);
	buf_byte(b, '\n');
	free(z);
	json_decref(j);
}

static void put_away(struct intake *t, const char *below, struct text why)
{
	struct folder *f = t->folder;
	struct err e;

	if (folder_files_put_away(t->dir, t->in.name, below, why, &e) ==
	    ERR_NONE)
		return;
	folder_end_unsynced(f, &e);
	/* It would be taken in again and again, each time harmlessly, each
	 * time with receipts to carry back. */
	log_line(f->config.process,
	    "folder: a file of %s cannot be moved; no further intake for a "
	    "minute",
	    t->in.peer);
	f->look_us = clock_monotonic() + AFTER_FAULT;
}

/* What becomes of the file. */
static void settle(struct intake *t, enum err_class c, const struct err *e)
{
	struct folder *f = t->folder;
	struct buf why = {0};

	if (c != ERR_NONE)
		folder_end_unsynced(f, e);
	switch (c) {
	case ERR_NONE:
		put_away(t, "done", (struct text){NULL, 0});
		break;
	case ERR_INPUT:
	case ERR_LIMIT:
	case ERR_DENIED:
		log_line(f->config.process,
		    "folder: a file from %s refused: %s", t->in.peer, e->code);
		put_why(t, e, &why);
		put_away(t, "refused", buf_text(&why));
		buf_fini(&why);
		break;
	case ERR_BUSY:
	case ERR_UNSURE:
		folder_log(f, e); /* it stays, and is taken in later */
		break;
	case ERR_FAULT:
		folder_log(f, e);
		f->look_us = clock_monotonic() + AFTER_FAULT;
		break;
	}
}

/* True: receipts for the work to keep; the file is put away after that. */
static bool take_file(struct intake *t, struct delivery *d, struct buf *answer)
{
	struct folder *f = t->folder;
	struct err e;
	enum err_class c = node_now(f->config.node, &t->in.now_us, &e);

	if (c == ERR_NONE)
		c = open_zip(t, &e);
	if (c == ERR_NONE && t->in.manifest.kind == FOLDER_RECEIPTS)
		c = take_receipts(t, d, answer, &e);
	else if (c == ERR_NONE)
		c = take_messages(t, &e);
	if (c == ERR_NONE && d->count > 0) {
		(void)snprintf(f->answered_peer, sizeof(f->answered_peer), "%s",
		    t->in.peer);
		memcpy(f->answered_name, t->in.name, sizeof(t->in.name));
		return true;
	}
	buf_fini(answer);
	settle(t, c, &e);
	return false;
}

struct finding {
	const char *peer;
	struct digest fingerprint;
	bool found;
};

static enum err_class find_peer(struct store_tx *tx, void *arg, struct err *e)
{
	struct finding *f = arg;
	struct peers *peers;
	const struct peer *p;

	TRY(peers_load(tx, &peers, e));
	p = peers_of(peers, f->peer);
	f->found = p != NULL;
	if (p != NULL)
		f->fingerprint = p->fingerprint;
	peers_free(peers);
	return ERR_NONE;
}

static bool take_all(struct folder *f, const char *peer, int dir,
    struct delivery *d, struct buf *answer)
{
	const char *names[FOLDER_FILES_MAX];
	struct finding who = {.peer = peer};
	struct arena a = {0};
	size_t n = folder_files_list(dir, f->config.settle_ms, &a, names);
	int64_t now = clock_monotonic();
	bool got = false;
	struct err e;

	if (n > 0 &&
	    store_read(f->config.gate->store, find_peer, &who, &e) != ERR_NONE)
		folder_log(f, &e);
	for (size_t i = 0; i < n && who.found && !got && f->look_us <= now;
	     i++) {
		struct intake *t = arena_zero(&a, 1, sizeof(*t));

		t->folder = f;
		t->sender = who.fingerprint;
		t->dir = dir;
		t->in.folder = f;
		t->in.direction = "in";
		t->in.peer = peer;
		(void)snprintf(t->in.name, sizeof(t->in.name), "%s", names[i]);
		got = take_file(t, d, answer);
		arena_fini(&t->arena);
	}
	arena_fini(&a);
	return got;
}

/* One process of a node takes in: the first to hold the lock. */
static bool is_ours(struct folder *f)
{
	struct arena a = {0};

	if (f->lock < 0) {
		f->lock = open(node_path(f->config.node, &a, "folder/lock"),
		    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (f->lock >= 0 && flock(f->lock, LOCK_EX | LOCK_NB) != 0) {
			(void)close(f->lock);
			f->lock = -1;
		}
	}
	arena_fini(&a);
	return f->lock >= 0;
}

bool folder_in_look(struct folder *f, struct delivery *d, struct buf *answer)
{
	const struct node *n = f->config.node;
	bool got = false;

	*d = (struct delivery){0};
	for (size_t i = 0; i < n->link_count && !got; i++) {
		int dir;

		if (n->links[i].link != LINK_FOLDER)
			continue;
		dir = folder_files_open(n, n->links[i].hub);
		if (dir < 0)
			continue;
		if (is_ours(f))
			got = take_all(f, n->links[i].hub, dir, d, answer);
		(void)close(dir);
	}
	return got;
}

void folder_in_finish(struct folder *f)
{
	struct intake t = {.folder = f};

	if (f->answered_name[0] == '\0')
		return;
	t.in.peer = f->answered_peer;
	memcpy(t.in.name, f->answered_name, sizeof(t.in.name));
	t.dir = folder_files_open(f->config.node, f->answered_peer);
	if (t.dir >= 0) {
		put_away(&t, "done", (struct text){NULL, 0});
		(void)close(t.dir);
	}
	f->answered_name[0] = '\0';
}
