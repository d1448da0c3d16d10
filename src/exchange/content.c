/* content.c — see content.h. */
#include "exchange/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#define LEVEL 1 /* of zstd: the speed of the others buys a few per cent */
#define META_MAX ((size_t)16 << 20)
#define NAME_MAX_ (sizeof(((struct content *)0)->part[0].name) - 1)

static enum err_class malformed(struct err *e)
{
	return err_set(e, ERR_INPUT, "message.malformed",
	    "電文の中身が正しくありません",
	    "the message's content is not right");
}

static enum err_class too_large(struct err *e)
{
	return err_set(e, ERR_LIMIT, "message.too_large",
	    "電文の中身が大きすぎます", "the message's content is too large");
}

void content_add(struct content *c, const char *name, struct bytes bytes)
{
	if (c->part_count == CONTENT_PARTS || strlen(name) > NAME_MAX_)
		abort(); /* parts and names are literals of our own code */
	(void)snprintf(
	    c->part[c->part_count].name, sizeof(c->part[0].name), "%s", name);
	c->part[c->part_count++].bytes = bytes;
}

struct bytes content_part(const struct content *c, const char *name)
{
	for (size_t i = 0; i < c->part_count; i++)
		if (strcmp(c->part[i].name, name) == 0)
			return c->part[i].bytes;
	return BYTES(NULL, 0);
}

static int append(const char *p, size_t n, void *ctx)
{
	buf_add(ctx, p, n);
	return 0;
}

static void put_plain(const struct content *c, struct buf *out)
{
	buf_z(out, "{\"meta\":");
	if (c->meta == NULL)
		buf_z(out, "{}");
	else if (json_dump_callback(
		     c->meta, append, out, JSON_COMPACT | JSON_SORT_KEYS) != 0)
		abort(); /* jansson refuses nothing that it let us build */
	buf_z(out, ",\"parts\":[");
	for (size_t i = 0; i < c->part_count; i++)
		buf_printf(out, "%s[\"%s\",%zu]", i ? "," : "", c->part[i].name,
		    c->part[i].bytes.n);
	buf_z(out, "]}\n");
	for (size_t i = 0; i < c->part_count; i++)
		buf_add(out, c->part[i].bytes.p, c->part[i].bytes.n);
}

/* Contexts are costly to make and hold nothing between calls. */
static ZSTD_CCtx *packer(void)
{
	static _Thread_local ZSTD_CCtx *ctx;

	if (ctx == NULL)
		ctx = ZSTD_createCCtx();
	if (ctx == NULL)
		abort();
	return ctx;
}

static ZSTD_DCtx *unpacker(void)
{
	static _Thread_local ZSTD_DCtx *ctx;

	if (ctx == NULL)
		ctx = ZSTD_createDCtx();
	if (ctx == NULL)
		abort();
	return ctx;
}

void content_pack(const struct content *c, struct buf *out)
{
	struct buf plain = {0};
	size_t n;

	put_plain(c, &plain);
	buf_room(out, ZSTD_compressBound(plain.n));
	n = ZSTD_compressCCtx(packer(), out->p + out->n, out->room - out->n,
	    plain.p, plain.n, LEVEL);
	if (ZSTD_isError(n))
		abort(); /* the room is the bound: it cannot be too small */
	out->n += n;
	buf_fini(&plain);
}

/* F1: one frame that says its own size, before that size is taken. */
static enum err_class unpack(
    struct bytes in, struct arena *a, struct bytes *out, struct err *e)
{
	unsigned long long size = ZSTD_getFrameContentSize(in.p, in.n);
	unsigned char *p;
	size_t n;

	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
		return malformed(e);
	if (size > CONTENT_MAX)
		return too_large(e);
	if (ZSTD_findFrameCompressedSize(in.p, in.n) != in.n)
		return malformed(e);
	p = arena_take(a, (size_t)size);
	n = ZSTD_decompressDCtx(unpacker(), p, (size_t)size, in.p, in.n);
	if (n != size)
		return malformed(e);
	*out = BYTES(p, n);
	return ERR_NONE;
}

static bool is_name(const char *z, size_t n)
{
	if (n == 0 || n > NAME_MAX_)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!((z[i] >= 'a' && z[i] <= 'z') || z[i] == '-'))
			return false;
	return true;
}

/* One ["name",size]; rest is shortened by its bytes. */
static bool take_part(const json_t *j, struct bytes *rest, struct content *out)
{
	const json_t *name = json_array_get(j, 0);
	const json_t *size = json_array_get(j, 1);
	json_int_t n = json_integer_value(size);

	if (json_array_size(j) != 2 || !json_is_string(name) ||
	    !json_is_integer(size) || n < 0 || (size_t)n > rest->n ||
	    !is_name(json_string_value(name), json_string_length(name)) ||
	    content_part(out, json_string_value(name)).p != NULL)
		return false;
	content_add(out, json_string_value(name), BYTES(rest->p, (size_t)n));
	rest->p += n;
	rest->n -= (size_t)n;
	return true;
}

static bool take_parts(
    const json_t *head, struct bytes rest, struct content *out)
{
	const json_t *parts = json_object_get(head, "parts");

	if (!json_is_array(parts) || json_array_size(parts) > CONTENT_PARTS)
		return false;
	for (size_t i = 0; i < json_array_size(parts); i++)
		if (!take_part(json_array_get(parts, i), &rest, out))
			return false;
	return rest.n == 0;
}

enum err_class content_unpack(
    struct bytes in, struct arena *a, struct content *out, struct err *e)
{
	struct bytes plain = {0};
	const unsigned char *line;
	json_t *head = NULL;
	json_t *meta;
	size_t n;

	*out = (struct content){0};
	TRY(unpack(in, a, &plain, e));
	line = plain.n ? memchr(plain.p, '\n', plain.n) : NULL;
	if (line == NULL)
		return malformed(e);
	n = (size_t)(line - plain.p) + 1;
	if (n > META_MAX)
		return too_large(e);
	head =
	    json_loadb((const char *)plain.p, n, JSON_REJECT_DUPLICATES, NULL);
	meta = json_object_get(head, "meta");
	if (json_object_size(head) != 2 || !json_is_object(meta) ||
	    !take_parts(head, BYTES(plain.p + n, plain.n - n), out)) {
		json_decref(head);
		*out = (struct content){0};
		return malformed(e);
	}
	out->meta = json_incref(meta);
	json_decref(head);
	return ERR_NONE;
}

void content_fini(struct content *c)
{
	json_decref(c->meta);
	*c = (struct content){0};
}
