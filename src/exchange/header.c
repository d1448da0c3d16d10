/*
 * header.c — see header.h. What is read is written again and compared: an
 * unknown, missing or doubled key, another order, another way of writing a
 * number or a text is refused without a rule of its own.
 */
#include "exchange/header.h"

#include "base/clock.h"

#include <inttypes.h>
#include <jansson.h>

#define HEADER_MAX 4096 /* bytes of JSON */
#define RECORDS_MAX INT64_C(1000000)
#define PARTS_MAX 100000

#define KIND_NAME_(id, name) name,
static const char *const kinds[] = {HEADER_KINDS(KIND_NAME_)};
#undef KIND_NAME_

static const char *const links[] = {"direct", "via-ward", "folder"};
_Static_assert(LINK_FOLDER == 2, "one name per link");

const char *header_kind_name(enum header_kind k)
{
	return kinds[k];
}

bool header_kind_named(struct text name, enum header_kind *out)
{
	for (int k = 0; k < KIND_COUNT; k++)
		if (text_is(name, kinds[k])) {
			*out = (enum header_kind)k;
			return true;
		}
	return false;
}

static bool is_plain(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '-';
}

bool header_is_code(struct text t)
{
	if (t.n == 0 || t.n >= NODE_CODE)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (!is_plain((unsigned char)t.p[i]))
			return false;
	return true;
}

/* A file's name: as a code, with '.' and '_' but not first. */
static bool is_file(struct text t)
{
	if (t.n == 0 || t.n >= HEADER_FILE || t.p[0] == '.')
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (!is_plain((unsigned char)t.p[i]) && t.p[i] != '.' &&
		    t.p[i] != '_')
			return false;
	return true;
}

static bool is_hex(struct text t, size_t n)
{
	if (t.n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!((t.p[i] >= '0' && t.p[i] <= '9') ||
			(t.p[i] >= 'a' && t.p[i] <= 'f')))
			return false;
	return true;
}

static void put_text(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, ",\"%s\":\"%s\"", key, value);
}

static void put_time(struct buf *out, const char *key, int64_t us)
{
	char z[CLOCK_TEXT];

	clock_format(us, z);
	put_text(out, key, z);
}

/* No value holds a character that JSON escapes; keys in order. */
void header_write(const struct header *h, struct buf *out)
{
	buf_printf(out, "{\"approval\":\"%s\"", h->approval);
	put_text(out, "authority", h->authority);
	put_time(out, "created", h->created_us);
	put_time(out, "expires", h->expires_us);
	put_text(out, "file", h->file);
	put_text(out, "hub", h->hub);
	put_text(out, "id", h->id);
	put_text(out, "institution", h->institution);
	put_text(out, "kind", kinds[h->kind]);
	put_text(out, "link", links[h->link]);
	put_text(out, "origin", h->origin);
	buf_printf(out, ",\"part\":%d,\"parts\":%d", h->part, h->parts);
	put_text(out, "payload", h->payload);
	buf_z(out, ",\"readers\":[");
	for (size_t i = 0; i < h->reader_count; i++)
		buf_printf(out, "%s\"%s\"", i ? "," : "", h->readers[i]);
	buf_printf(out, "],\"records\":%" PRId64, h->records);
	put_text(out, "ref", h->ref);
	put_text(out, "to", h->to);
	buf_printf(out, ",\"version\":1,\"wave\":%" PRIu32 "}", h->wave);
}

enum form { FORM_CODE, FORM_FILE, FORM_ID, FORM_DIGEST };

static bool fits(struct text t, enum form form)
{
	switch (form) {
	case FORM_CODE:
		return header_is_code(t);
	case FORM_FILE:
		return is_file(t);
	case FORM_ID:
		return is_hex(t, HEADER_ID - 1);
	case FORM_DIGEST:
		return is_hex(t, DIGEST_TEXT - 1);
	}
	return false;
}

static bool string(const json_t *j, struct text *out)
{
	if (!json_is_string(j))
		return false;
	*out = text_trust(json_string_value(j), json_string_length(j));
	return true;
}

/* The text under key into out, which is large enough for its form. */
static bool get(
    const json_t *j, const char *key, enum form form, bool may_lack, char *out)
{
	struct text t;

	if (!string(json_object_get(j, key), &t) ||
	    !(fits(t, form) || (may_lack && t.n == 0)))
		return false;
	memcpy(out, t.p, t.n);
	out[t.n] = '\0';
	return true;
}

static bool get_int(const json_t *j, const char *key, int64_t max, int64_t *out)
{
	const json_t *v = json_object_get(j, key);

	*out = json_integer_value(v);
	return json_is_integer(v) && *out >= 0 && *out <= max;
}

static bool get_time(const json_t *j, const char *key, int64_t *out)
{
	struct text t;

	return string(json_object_get(j, key), &t) && clock_parse(t, out) &&
	       *out > 0;
}

static bool get_readers(const json_t *j, struct header *h)
{
	const json_t *all = json_object_get(j, "readers");

	h->reader_count = json_array_size(all);
	if (!json_is_array(all) || h->reader_count > HEADER_READERS)
		return false;
	for (size_t i = 0; i < h->reader_count; i++) {
		struct text t;

		if (!string(json_array_get(all, i), &t) || !header_is_code(t))
			return false;
		memcpy(h->readers[i], t.p, t.n);
		h->readers[i][t.n] = '\0';
	}
	return true;
}

static bool get_names(const json_t *j, struct header *h)
{
	struct text t;
	bool named = false;

	if (!string(json_object_get(j, "kind"), &t) ||
	    !header_kind_named(t, &h->kind) ||
	    !string(json_object_get(j, "link"), &t))
		return false;
	for (int i = 0; i <= LINK_FOLDER; i++)
		if (text_is(t, links[i])) {
			h->link = (enum node_link)i;
			named = true;
		}
	return named && get(j, "id", FORM_ID, false, h->id) &&
	       get(j, "origin", FORM_CODE, false, h->origin) &&
	       get(j, "to", FORM_CODE, false, h->to) &&
	       get(j, "authority", FORM_CODE, true, h->authority) &&
	       get(j, "institution", FORM_CODE, true, h->institution) &&
	       get(j, "hub", FORM_CODE, true, h->hub) &&
	       get(j, "file", FORM_FILE, true, h->file) &&
	       get(j, "payload", FORM_DIGEST, false, h->payload) &&
	       get(j, "approval", FORM_DIGEST, true, h->approval) &&
	       get(j, "ref", FORM_ID, true, h->ref);
}

static bool get_numbers(const json_t *j, struct header *h)
{
	int64_t wave;
	int64_t part;
	int64_t parts;

	if (!get_int(j, "wave", UINT32_MAX, &wave) ||
	    !get_int(j, "parts", PARTS_MAX, &parts) ||
	    !get_int(j, "part", parts, &part) ||
	    !get_int(j, "records", RECORDS_MAX, &h->records))
		return false;
	h->wave = (uint32_t)wave;
	h->part = (int)part;
	h->parts = (int)parts;
	return get_time(j, "created", &h->created_us) &&
	       get_time(j, "expires", &h->expires_us) &&
	       h->expires_us >= h->created_us;
}

static bool same_again(const struct header *h, struct bytes json)
{
	struct buf again = {0};
	bool same;

	header_write(h, &again);
	same = bytes_eq(buf_bytes(&again), json);
	buf_fini(&again);
	return same;
}

enum err_class header_read(struct bytes json, struct header *out, struct err *e)
{
	json_t *j = NULL;
	bool good;

	*out = (struct header){0};
	if (json.n <= HEADER_MAX)
		j = json_loadb(
		    (const char *)json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
	good = j != NULL && get_names(j, out) && get_readers(j, out) &&
	       get_numbers(j, out) && same_again(out, json);
	json_decref(j);
	if (good)
		return ERR_NONE;
	*out = (struct header){0};
	return err_set(e, ERR_INPUT, "message.malformed",
	    "電文の見出しが正しくありません",
	    "the message's header is not right");
}
