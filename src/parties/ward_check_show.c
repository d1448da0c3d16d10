/* ward_check_show.c — see ward_check_show.h. */
#include "parties/ward_check_show.h"

#include "base/clock.h"
#include "record/kanri.h"
#include "text/encoding.h"

#include <stdlib.h>

json_t *ward_check_json(const struct ward_check *k)
{
	char arrived[CLOCK_TEXT];
	char wave[4];
	json_t *o;

	clock_format(k->arrived_us, arrived);
	(void)kanri_wave_format(k->wave, wave);
	o = json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:s}", "file",
	    k->file, "direction", k->direction, "wave", wave, "hub", k->hub,
	    "institution", k->institution, "records", (json_int_t)k->records,
	    "arrived", arrived, "state", k->state, "officer", k->officer,
	    "reason", k->reason, "message", k->message);
	if (strcmp(k->direction, "request") == 0)
		json_object_set_new(o, "stopped",
		    k->stopped < 0 ? json_null() : json_integer(k->stopped));
	return o;
}

/* The institution's own bytes as text, if they are UTF-8 or CP932 (and so
 * single-byte kana too). */
static bool as_text(struct bytes file, struct buf *text)
{
	size_t bad;

	if (encoding_decode(ENCODING_UTF8, file, text, &bad))
		return true;
	buf_clear(text);
	return encoding_decode(ENCODING_CP932, file, text, &bad);
}

static void put_content(struct arena *a, struct bytes file, json_t *o)
{
	struct buf text = {0};
	char *hex;

	if (as_text(file, &text)) {
		json_object_set_new(
		    o, "content", json_stringn((const char *)text.p, text.n));
	} else {
		hex = arena_take(a, file.n * 2 + 1);
		bytes_hex(file.p, file.n, hex);
		json_object_set_new(o, "content_hex", json_string(hex));
	}
	buf_fini(&text);
}

/* Of the message that brought it: what the officer compares. */
static enum err_class put_digest(struct store_tx *tx, struct party_context *c,
    const struct ward_check *k, json_t *o, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_DESK_MESSAGE_DIGEST,
	    STORE_VALUES(store_z(k->message)), &r, &found, e));
	json_object_set_new(
	    o, "digest", json_string(found ? ward_column(c->arena, r, 0) : ""));
	store_rows_close(r);
	return ERR_NONE;
}

struct showing {
	struct party_context *c;
	const struct ward_check *k;
	json_t *o;
};

static enum err_class digest_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct showing *s = arg;

	return put_digest(tx, s->c, s->k, s->o, e);
}

enum err_class ward_check_show(struct party_context *c,
    const struct ward_check *k, const struct ward_user *officer, json_t **out,
    struct err *e)
{
	struct buf file = {0};
	enum err_class class = ward_check_file(c, k, officer, &file, e);

	if (class == ERR_NONE) {
		struct showing s = {.c = c, .k = k, .o = ward_check_json(k)};

		class = store_read(c->store, digest_read, &s, e);
		put_content(c->arena, buf_bytes(&file), s.o);
		if (class == ERR_NONE)
			*out = s.o;
		else
			json_decref(s.o);
	}
	buf_fini(&file);
	return class;
}

struct paging {
	struct party_context *c;
	struct ward_check_page *page;
};

static enum err_class page_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct paging *x = arg;
	struct ward_check_page *p = x->page;
	struct ward_check_query q = {
	    .state = p->state, .after = p->after, .max = p->max + 1};

	(void)json_array_clear(p->items);
	p->next = 0;
	TRY(ward_check_after(tx, x->c, &q, e));
	for (size_t i = 0; i < q.n && i < p->max; i++) {
		json_t *o = ward_check_json(&q.checks[i]);

		(void)json_array_append_new(p->items, o);
		TRY(put_digest(tx, x->c, &q.checks[i], o, e));
		if (i + 1 == p->max && q.n > p->max)
			p->next = q.checks[i].seq;
	}
	return ERR_NONE;
}

enum err_class ward_check_list_page(
    struct party_context *c, struct ward_check_page *page, struct err *e)
{
	struct paging x = {.c = c, .page = page};
	enum err_class class;

	page->items = json_array();
	class = store_read(c->store, page_read, &x, e);
	if (class != ERR_NONE)
		json_decref(page->items);
	return class;
}
