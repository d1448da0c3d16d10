/*
 * forge.c — messages as a dishonest or broken party would make them, with the
 * keys of a node's folder. For the end-to-end tests alone.
 *
 *   forge make NODE OUT KEY=VALUE…   a whole message as a frame of
 *       exchange/gate.h; prints its id. KEY: kind to readers authority wave
 *       institution hub link file part parts records approval ref id (a
 *       header's fields), ago and expires (seconds: made so long ago, ends so
 *       long after), meta (a file of JSON), part:NAME (a file of bytes)
 *   forge open NODE FRAME DIR        what a reader sees: header.json,
 *       meta.json, one file for each part
 *   forge sign NODE IN OUT           the bytes of a file, signed
 *   forge peek CMS OUT               what is signed, unverified
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "exchange/gate.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)96 << 20)

struct forge {
	struct arena arena;
	struct node node;
	struct keys *keys;
	struct peers *peers;
	int64_t now_us;
};

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	struct forge *f = arg;

	return peers_load(tx, &f->peers, e);
}

static enum err_class forge_open(
    struct forge *f, const char *path, struct err *e)
{
	struct store *store;
	enum err_class c;

	TRY(node_load(path, &f->node, e));
	TRY(node_now(&f->node, &f->now_us, e));
	TRY(keys_load(node_path(&f->node, &f->arena, "keys"), &f->keys, e));
	TRY(node_store(&f->node, &store, e));
	c = store_read(store, load_peers, f, e);
	store_close(store);
	return c;
}

static enum err_class slurp(
    struct forge *f, const char *path, struct bytes *out, struct err *e)
{
	struct buf b = {0};

	TRY(file_read(path, FILE_MAX, &b, e));
	*out = bytes_dup(&f->arena, buf_bytes(&b));
	buf_fini(&b);
	return ERR_NONE;
}

/* ---- make ---- */

struct order {
	struct header h;
	struct content content;
	int64_t ago_s;
	int64_t expires_s;
	char id[HEADER_ID];
};

static const struct {
	const char *key;
	size_t at;
	size_t room;
} texts[] = {
#define TEXT_(name)                                                            \
	{                                                                      \
#name "=", offsetof(struct header, name),                      \
		    sizeof(((struct header *)0)->name)                         \
	}
    TEXT_(to),
    TEXT_(authority),
    TEXT_(institution),
    TEXT_(hub),
    TEXT_(file),
    TEXT_(approval),
    TEXT_(ref),
#undef TEXT_
};

static bool take_text(struct order *o, const char *word)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t n = strlen(texts[i].key);

		if (strncmp(word, texts[i].key, n) != 0)
			continue;
		(void)snprintf(
		    (char *)&o->h + texts[i].at, texts[i].room, "%s", word + n);
		return true;
	}
	return false;
}

static void take_readers(struct order *o, const char *list)
{
	while (*list != '\0' && o->h.reader_count < HEADER_READERS) {
		int n = (int)strcspn(list, ",");

		(void)snprintf(o->h.readers[o->h.reader_count++], NODE_CODE,
		    "%.*s", n, list);
		list += n + (list[n] == ',');
	}
}

static bool take_number(struct order *o, const char *word)
{
	const char *value = strchr(word, '=');
	int64_t n = value ? strtoll(value + 1, NULL, 10) : 0;

	if (strncmp(word, "wave=", 5) == 0)
		o->h.wave = (uint32_t)n;
	else if (strncmp(word, "part=", 5) == 0)
		o->h.part = (int)n;
	else if (strncmp(word, "parts=", 6) == 0)
		o->h.parts = (int)n;
	else if (strncmp(word, "records=", 8) == 0)
		o->h.records = n;
	else if (strncmp(word, "ago=", 4) == 0)
		o->ago_s = n;
	else if (strncmp(word, "expires=", 8) == 0)
		o->expires_s = n;
	else
		return false;
	return true;
}

static enum err_class take_part(
    struct forge *f, struct order *o, const char *word, struct err *e)
{
	const char *path = strchr(word, '=');
	struct bytes bytes;

	if (path == NULL)
		return err_set(e, ERR_INPUT, "forge", "", "part:NAME=FILE");
	TRY(slurp(f, path + 1, &bytes, e));
	content_add(&o->content,
	    arena_printf(&f->arena, "%.*s", (int)(path - word), word), bytes);
	return ERR_NONE;
}

static enum err_class take_meta(
    struct forge *f, struct order *o, const char *path, struct err *e)
{
	struct bytes json;

	TRY(slurp(f, path, &json, e));
	json_decref(o->content.meta);
	o->content.meta = json_loadb((const char *)json.p, json.n, 0, NULL);
	return o->content.meta != NULL
		   ? ERR_NONE
		   : err_set(e, ERR_INPUT, "forge", "", "meta is no JSON");
}

static enum err_class take_word(
    struct forge *f, struct order *o, const char *word, struct err *e)
{
	if (take_text(o, word) || take_number(o, word))
		return ERR_NONE;
	if (strncmp(word, "part:", 5) == 0)
		return take_part(f, o, word + 5, e);
	if (strncmp(word, "meta=", 5) == 0)
		return take_meta(f, o, word + 5, e);
	if (strncmp(word, "readers=", 8) == 0) {
		take_readers(o, word + 8);
		return ERR_NONE;
	}
	if (strncmp(word, "id=", 3) == 0) {
		(void)snprintf(o->id, sizeof(o->id), "%s", word + 3);
		return ERR_NONE;
	}
	if (strncmp(word, "kind=", 5) == 0 &&
	    header_kind_named(text_z(word + 5), &o->h.kind))
		return ERR_NONE;
	if (strncmp(word, "link=", 5) == 0 &&
	    node_link_named(text_z(word + 5), &o->h.link))
		return ERR_NONE;
	err_set(e, ERR_INPUT, "forge", "", "not a word of forge make");
	return err_detail(e, "%s", word);
}

/* The wished id, or one from the machine's random source. */
static void fill_id(void *ctx, void *out, size_t n)
{
	const struct order *o = ctx;
	unsigned char *p = out;

	random_fill(NULL, out, n);
	for (size_t i = 0; o->id[0] != '\0' && i < n; i++) {
		const char two[] = {o->id[2 * i], o->id[2 * i + 1], '\0'};

		p[i] = (unsigned char)strtoul(two, NULL, 16);
	}
}

static enum err_class make(
    struct forge *f, int argc, char **argv, struct err *e)
{
	struct order o = {.expires_s = 86400};
	const struct random_source source = {.fill = fill_id, .ctx = &o};
	struct buf frame = {0};
	struct message m;
	enum err_class c = ERR_NONE;
	int64_t then;

	o.content.meta = json_object();
	for (int i = 2; i < argc && c == ERR_NONE; i++)
		c = take_word(f, &o, argv[i], e);
	if (o.h.reader_count == 0)
		take_readers(&o, o.h.to);
	then = f->now_us - o.ago_s * CLOCK_SECOND;
	o.h.expires_us = then + o.expires_s * CLOCK_SECOND;
	if (c == ERR_NONE)
		c = message_make(f->keys, f->peers, f->node.code, &o.h,
		    &o.content, then, &source, &f->arena, &m, e);
	if (c == ERR_NONE) {
		gate_frame_put(&frame, m.header, m.payload);
		(void)puts(m.h.id);
		c = file_put(argv[1], buf_bytes(&frame), 0600, true, e);
	}
	buf_fini(&frame);
	content_fini(&o.content);
	return c;
}

/* ---- open, sign, peek ---- */

static enum err_class put(struct forge *f, const char *folder, const char *name,
    struct bytes bytes, struct err *e)
{
	return file_put(arena_printf(&f->arena, "%s/%s", folder, name), bytes,
	    0600, true, e);
}

static enum err_class write_opened(struct forge *f, const char *folder,
    struct bytes json, const struct content *content, struct err *e)
{
	char *meta = json_dumps(content->meta, JSON_SORT_KEYS);
	enum err_class c;

	if (meta == NULL)
		abort();
	c = put(f, folder, "header.json", json, e);
	if (c == ERR_NONE)
		c = put(f, folder, "meta.json", text_bytes(text_z(meta)), e);
	free(meta);
	for (size_t i = 0; i < content->part_count && c == ERR_NONE; i++)
		c = put(f, folder, content->part[i].name,
		    content->part[i].bytes, e);
	return c;
}

static enum err_class open_frame(struct forge *f, char **argv, struct err *e)
{
	struct message m = {0};
	struct content content;
	struct bytes frame;
	struct bytes json;
	enum err_class c;

	TRY(slurp(f, argv[1], &frame, e));
	if (!gate_frame_take(&frame, SIZE_MAX, &m.header) ||
	    !gate_frame_take(&frame, SIZE_MAX, &m.payload))
		return err_set(e, ERR_INPUT, "forge", "", "no frame");
	TRY(keys_peek(m.header, &json, e));
	TRY(header_read(json, &m.h, e));
	TRY(message_open(f->keys, &m, &f->arena, &content, e));
	c = write_opened(f, argv[2], json, &content, e);
	content_fini(&content);
	return c;
}

static enum err_class sign(struct forge *f, char **argv, struct err *e)
{
	struct buf cms = {0};
	struct bytes in;
	enum err_class c;

	TRY(slurp(f, argv[1], &in, e));
	TRY(keys_sign(f->keys, in, &cms, e));
	c = file_put(argv[2], buf_bytes(&cms), 0600, true, e);
	buf_fini(&cms);
	return c;
}

static enum err_class peek(struct forge *f, char **argv, struct err *e)
{
	struct bytes cms;
	struct bytes content;

	TRY(slurp(f, argv[0], &cms, e));
	TRY(keys_peek(cms, &content, e));
	return file_put(argv[1], content, 0600, true, e);
}

static enum err_class run(struct forge *f, int argc, char **argv, struct err *e)
{
	const char *what = argc > 3 ? argv[1] : "";

	if (strcmp(what, "peek") == 0)
		return peek(f, argv + 2, e);
	if (argc < 4 || (strcmp(what, "make") != 0 && argc != 5))
		return err_set(e, ERR_INPUT, "forge", "",
		    "make, open, sign, peek: see the head of forge.c");
	TRY(forge_open(f, argv[2], e));
	if (strcmp(what, "make") == 0)
		return make(f, argc - 2, argv + 2, e);
	if (strcmp(what, "open") == 0)
		return open_frame(f, argv + 2, e);
	return sign(f, argv + 2, e);
}

int main(int argc, char **argv)
{
	struct forge f = {0};
	struct err e;
	enum err_class c = run(&f, argc, argv, &e);

	if (c != ERR_NONE)
		(void)fprintf(
		    stderr, "forge: %s %s %s\n", e.code, e.en, e.detail);
	peers_free(f.peers);
	keys_free(f.keys);
	node_fini(&f.node);
	arena_fini(&f.arena);
	return err_exit(c);
}
