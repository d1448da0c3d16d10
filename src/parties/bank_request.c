/*
 * bank_request.c — a request file is proved, read in the bank's own form,
 * looked up and answered. Each inquiry is looked up once, whatever arrives
 * again: the row in lookup is written in the transaction of its answer (E3).
 */
#include "parties/bank.h"

#include "parties/layouts.h"
#include "record/kanri.h"
#include "record/limits.h"

#define EXPIRES_DAYS 365

struct asked {
	struct party_context *c;
	const struct message *m;
	const char *again; /* who answers it anew, or NULL */
	struct content content;
	struct layout *layout;
	/* The file, read. */
	struct request *requests;
	enum answer_class *classes;
	size_t count;
	size_t max;
	size_t unreadable; /* records without a 管理番号 to answer to */
	size_t invalid;	   /* answered before, in another file */
	bool cancelled;	   /* a cancellation was quicker */
	char deadline[11]; /* 回答期限 of the approval */
	/* The answers. */
	struct bank_lookup lookup;
	struct bank_filter filter; /* where the caller keeps none */
	struct buf file;
	int64_t rejected;
	struct party_sending answer;
	struct party_sending receipt;
};

static enum err_class add(struct asked *q, const struct request *r,
    enum answer_class class, struct err *e)
{
	if (q->count == q->max)
		return err_set(e, ERR_INPUT, "answer.count",
		    "見出しより多い照会があります",
		    "there are more inquiries than the header says");
	q->requests[q->count] = *r;
	q->classes[q->count++] = class;
	return ERR_NONE;
}

/* Is the number of this file's authority, wave and institution? */
static bool ours(const struct asked *q, struct text number)
{
	const struct header *h = &q->m->h;
	struct kanri k;

	return kanri_parse(number, &k) &&
	       strcmp(k.authority, h->authority) == 0 &&
	       strcmp(k.institution, h->institution) == 0 && k.wave == h->wave;
}

static enum err_class take(
    void *ctx, const struct request *r, long line, struct err *e)
{
	struct asked *q = ctx;

	(void)line;
	if (!ours(q, r->f[REQUEST_INQUIRY])) {
		q->unreadable++;
		return ERR_NONE;
	}
	return add(q, r, CLASS_NONE, e);
}

/* A record that cannot be read is answered 入力不備, if it has a number. */
static void bad(void *ctx, const struct err *why, struct text kanri)
{
	struct asked *q = ctx;
	struct request r = {0};
	struct err e;

	(void)why;
	if (!ours(q, kanri) || q->count == q->max) {
		q->unreadable++;
		return;
	}
	r.f[REQUEST_INQUIRY] = text_dup(q->c->arena, kanri);
	(void)!add(q, &r, CLASS_INVALID, &e);
}

static const char *scope_of(const struct asked *q)
{
	const char *scope =
	    json_string_value(json_object_get(q->content.meta, "scope"));

	return scope != NULL ? scope : "existence";
}

/* For the clerks' list alone: none where the document names none. */
static void keep_deadline(struct asked *q, struct bytes document)
{
	json_t *words =
	    json_loadb((const char *)document.p, document.n, 0, NULL);
	const char *z = json_string_value(json_object_get(words, "deadline"));
	struct date day;

	if (z != NULL && date_parse(text_z(z), &day))
		date_format(day, q->deadline);
	json_decref(words);
}

static enum err_class prove(struct asked *q, struct err *e)
{
	const struct header *h = &q->m->h;
	const struct peer *ward = peers_of(q->c->peers, h->authority);
	const struct peer *unit = peers_of(q->c->peers, h->origin);
	struct bytes cms = content_part(&q->content, "approval");
	struct buf document = {0};
	char digest[DIGEST_TEXT];
	enum err_class class;

	if (unit == NULL || unit->party != STORE_UNIT || ward == NULL ||
	    ward->party != STORE_WARD ||
	    strcmp(h->institution, q->c->node->code) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "この照会は受け付けられません",
		    "this request is not one for us");
	digest_hex(digest_one(cms), digest);
	if (strcmp(digest, h->approval) != 0)
		return err_set(e, ERR_DENIED, "message.bad_signature",
		    "決裁書が見出しと一致しません",
		    "the approval is not the one the header names");
	/* S4: the ward itself signed the approval that stands behind this. */
	class = party_verify(q->c->peers, ward, cms, &document, e);
	if (class == ERR_NONE)
		class = party_approved(
		    buf_bytes(&document), h, h->institution, scope_of(q), e);
	keep_deadline(q, buf_bytes(&document));
	buf_fini(&document);
	return class;
}

static enum err_class read_requests(struct asked *q, struct err *e)
{
	struct arena *a = q->c->arena;
	const struct layout_sink sink = {.ctx = q, .request = take, .bad = bad};
	size_t records;

	if (q->m->h.records < 0 || q->m->h.records > LIMIT_MESSAGE_RECORDS)
		return err_set(e, ERR_LIMIT, "message.too_large",
		    "1ファイルの件数が上限を超えています",
		    "too many inquiries in one file");
	q->max = (size_t)q->m->h.records;
	q->requests = arena_zero(a, q->max + 1, sizeof(*q->requests));
	q->classes = arena_zero(a, q->max + 1, sizeof(*q->classes));
	TRY(layout_read(q->layout, content_part(&q->content, "file"), a, &sink,
	    &records, e));
	if ((int64_t)(q->count + q->unreadable) != q->m->h.records)
		return err_set(e, ERR_INPUT, "answer.count",
		    "照会の件数が見出しと一致しません",
		    "the number of inquiries is not the header's");
	return ERR_NONE;
}

/* Within a file the numbers ascend as the unit writes them. */
static bool ascending(const struct asked *q)
{
	for (size_t i = 1; i < q->count; i++)
		if (text_cmp(q->requests[i].f[REQUEST_INQUIRY],
			q->requests[i - 1].f[REQUEST_INQUIRY]) <= 0)
			return false;
	return true;
}

static void refuse_number(struct asked *q, struct text number)
{
	size_t low = 0;
	size_t high = q->count;

	while (low < high) {
		size_t i = low + (high - low) / 2;
		int order = text_cmp(q->requests[i].f[REQUEST_INQUIRY], number);

		if (order == 0) {
			q->invalid += q->classes[i] != CLASS_INVALID;
			q->classes[i] = CLASS_INVALID;
			return;
		}
		if (order < 0)
			low = i + 1;
		else
			high = i;
	}
}

/* Those that were 入力不備 in this file stay so; else those of any file. */
static enum err_class query_known(struct store_tx *tx, const struct asked *q,
    struct store_rows **r, struct err *e)
{
	const struct store_value v[] = {store_z(q->m->h.authority),
	    store_text(q->requests[0].f[REQUEST_INQUIRY]),
	    store_text(q->requests[q->count - 1].f[REQUEST_INQUIRY]),
	    store_z(q->m->h.file)};

	return q->again != NULL
		   ? store_query(tx, STMT_LOOKUP_INVALID, v, 4, r, e)
		   : store_query(tx, STMT_LOOKUP_KNOWN, v, 3, r, e);
}

/* An inquiry that stands twice is refused with its file, one that stood in a
 * file before is 入力不備. */
static enum err_class refuse_repeats(
    struct store_tx *tx, struct asked *q, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	if (!ascending(q))
		return err_set(e, ERR_INPUT, "answer.repeated",
		    "同じ照会が重複しています",
		    "the same inquiry stands twice");
	if (q->count == 0)
		return ERR_NONE;
	TRY(query_known(tx, q, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		refuse_number(q, store_get_text(r, 0));
	store_rows_close(r);
	return class;
}

/* Written into the file at once: answers are large, and many. */
static void put_answer(void *ctx, const struct answer *x)
{
	struct asked *q = ctx;
	size_t lost = 0;

	if (q->cancelled)
		return;
	layout_put_answer(q->layout, x, &q->file, &lost);
	q->rejected += answer_class_is_rejected(x->class);
}

static enum err_class look_up(struct store_tx *tx, void *arg, struct err *e)
{
	struct asked *q = arg;
	struct store_rows *r;

	TRY(store_one(tx, STMT_BANK_CANCEL_WAITING,
	    STORE_VALUES(store_z(q->m->h.authority), store_z(q->m->h.file),
		store_z(q->m->h.authority)),
	    &r, &q->cancelled, e));
	store_rows_close(r);
	TRY(refuse_repeats(tx, q, e));
	q->lookup = (struct bank_lookup){
	    .requests = q->requests,
	    .count = q->count,
	    .use = {.address = layout_uses_address(q->layout),
		.sex = layout_uses_sex(q->layout)},
	    .scope = scope_of(q),
	    .bank_code = q->c->node->code,
	    .bank_name = layout_name(q->layout),
	    .classes = q->classes,
	    .filter = q->c->filter != NULL ? q->c->filter : &q->filter,
	    .answer = put_answer,
	    .ctx = q,
	};
	q->rejected = 0;
	buf_clear(&q->file);
	layout_begin_answers(q->layout, q->m->h.file, &q->file);
	TRY(bank_lookup(tx, q->c->arena, &q->lookup, e));
	layout_end_answers(q->layout, q->count, &q->file);
	return ERR_NONE;
}

static void answer_header(
    const struct asked *q, enum header_kind kind, struct header *h)
{
	*h = (struct header){
	    .kind = kind,
	    .wave = q->m->h.wave,
	    .link = q->m->h.link,
	    .expires_us = q->c->now_us + EXPIRES_DAYS * CLOCK_DAY,
	    .reader_count = 2,
	};
	memcpy(h->to, q->m->h.origin, NODE_CODE);
	memcpy(h->readers[0], q->m->h.origin, NODE_CODE);
	memcpy(h->readers[1], q->m->h.authority, NODE_CODE);
	memcpy(h->authority, q->m->h.authority, NODE_CODE);
	memcpy(h->institution, q->m->h.institution, NODE_CODE);
	memcpy(h->hub, q->m->h.hub, NODE_CODE);
	memcpy(h->file, q->m->h.file, HEADER_FILE);
	memcpy(h->ref, q->m->h.id, HEADER_ID);
}

static enum err_class make_receipt(struct asked *q, struct err *e)
{
	struct content content = {0};
	struct header h;
	enum err_class class;

	answer_header(q, KIND_RECEIPT, &h);
	h.records = q->m->h.records;
	content.meta = json_pack("{s:i}", "code", 100);
	class = party_make(q->c, &h, &content, &q->receipt, e);
	content_fini(&content);
	return class;
}

static enum err_class make_answer(struct asked *q, struct err *e)
{
	struct content content = {0};
	struct header h;
	char digest[DIGEST_TEXT];
	enum err_class class;

	answer_header(q, KIND_ANSWER_FILE, &h);
	h.records = (int64_t)q->count;
	digest_hex(digest_one(buf_bytes(&q->file)), digest);
	content.meta = json_pack("{s:s,s:s,s:s}", "request", q->m->h.id,
	    "as_of", q->lookup.as_of, "digest", digest);
	content_add(&content, "file", buf_bytes(&q->file));
	class = party_make(q->c, &h, &content, &q->answer, e);
	content_fini(&content);
	q->answer.hub = q->m->h.hub;
	q->answer.step = party_step_no(q->m->h.link, DEED_ANSWER_SENT);
	return class;
}

static enum err_class write_lookups(
    struct store_tx *tx, struct asked *q, struct err *e)
{
	struct arena *a = q->c->arena;
	struct store_value authority = store_z(q->m->h.authority);
	struct store_value file = store_z(q->m->h.file);
	struct store_value *v[3];
	const struct store_column columns[] = {
	    {.same = true, .v = &authority},
	    {.v = v[0] = arena_zero(a, q->count + 1, sizeof(**v))},
	    {.same = true, .v = &file},
	    {.v = v[1] = arena_zero(a, q->count + 1, sizeof(**v))},
	    {.v = v[2] = arena_zero(a, q->count + 1, sizeof(**v))},
	};

	for (size_t i = 0; i < q->count; i++) {
		v[0][i] = store_text(q->requests[i].f[REQUEST_INQUIRY]);
		v[1][i] = store_int(q->classes[i]);
		v[2][i] = store_text(q->lookup.customers[i]);
	}
	return store_each(tx,
	    q->again != NULL ? STMT_LOOKUP_AGAIN : STMT_LOOKUP_ADD, columns, 5,
	    q->count, NULL, e);
}

static enum err_class write_file(
    struct store_tx *tx, struct asked *q, struct err *e)
{
	const struct header *h = &q->m->h;
	int64_t added;

	TRY(store_do(tx, STMT_BANK_FILE_ADD,
	    STORE_VALUES(store_z(h->authority), store_z(h->file),
		store_int(h->wave), store_z(h->id), store_z(h->hub),
		store_z(node_link_name(h->link)), store_z(h->origin),
		store_z(q->cancelled ? "cancelled" : "answered"),
		store_int(h->records), store_int(q->c->now_us),
		store_int(q->cancelled ? 0 : q->c->now_us),
		store_int(q->cancelled ? 0 : (int64_t)q->count),
		store_int(q->rejected), store_z(q->lookup.as_of),
		/* A cancellation is reported by bank_cancel. */
		store_int(q->cancelled)),
	    &added, e));
	if (added == 0)
		return err_set(e, ERR_INPUT, "message.duplicate",
		    "この照会ファイルはすでに受け付けています",
		    "this request file is here already");
	return STORE_DO(tx, STMT_BANK_FILE_DEADLINE, e, store_z(h->authority),
	    store_z(h->file), store_z(q->deadline));
}

static enum err_class write_steps(
    struct store_tx *tx, struct asked *q, struct err *e)
{
	static const enum party_deed deeds[] = {
	    DEED_BANK_IN, DEED_LOOKUP, DEED_UPLOAD};
	size_t n = q->cancelled ? 1 : 3;

	for (size_t i = 0; i < n; i++)
		TRY(party_step(tx, q->c, &q->m->h,
		    party_step_no(q->m->h.link, deeds[i]), q->m->h.records, e));
	return ERR_NONE;
}

/* Another worker may have answered some of them in another file since they
 * were looked for: looked at again, they are 入力不備. */
static enum err_class recheck_repeats(
    struct store_tx *tx, struct asked *q, struct err *e)
{
	size_t before = q->invalid;

	TRY(refuse_repeats(tx, q, e));
	return q->invalid == before
		   ? ERR_NONE
		   : err_set(e, ERR_BUSY, "party.done",
			 "同じ照会が同時に届きました",
			 "the same inquiry has come in another file");
}

static enum err_class write_audit(
    struct store_tx *tx, struct asked *q, struct err *e)
{
	return audit_add(tx,
	    &(const struct audit_entry){
		.actor = q->again != NULL ? q->again : "work",
		.action = "read",
		.kind = "file",
		.object = text_z(q->m->h.file),
		.authority = q->m->h.authority,
		.purpose =
		    q->again != NULL ? "照会への再度の回答" : "照会への回答",
		.records = (int64_t)q->count},
	    q->c->now_us, &q->c->random, e);
}

static enum err_class request_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct asked *q = arg;

	TRY(party_take(tx, q->m, e));
	TRY(recheck_repeats(tx, q, e));
	TRY(write_file(tx, q, e));
	TRY(write_steps(tx, q, e));
	TRY(party_send(tx, &q->receipt, q->c->now_us, e));
	if (!q->cancelled) {
		TRY(write_lookups(tx, q, e));
		TRY(party_send(tx, &q->answer, q->c->now_us, e));
	}
	return write_audit(tx, q, e);
}

/* From the request to what is answered: outside the transaction. */
static enum err_class prepare(struct asked *q, struct err *e)
{
	const char *version;

	TRY(prove(q, e));
	version = json_string_value(json_object_get(q->content.meta, "layout"));
	q->layout = layouts_version(
	    q->c->layouts, q->c->node->code, version ? version : "", e);
	if (q->layout == NULL)
		return e->class;
	TRY(read_requests(q, e));
	return store_read(q->c->store, look_up, q, e);
}

static enum err_class process(struct asked *q, struct err *e)
{
	const struct header *h = &q->m->h;
	char key[PARTY_KEY];

	TRY(prepare(q, e));
	TRY(make_receipt(q, e));
	if (!q->cancelled)
		TRY(make_answer(q, e));
	return store_run_key(q->c->store,
	    party_key(h->authority, h->wave, h->institution, key),
	    request_write, q, e);
}

/* A request file that was answered under another id. */
struct earlier {
	const struct asked *q;
	struct message m;
	bool found;
};

static enum err_class read_earlier(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct earlier *x = arg;
	const struct header *h = &x->q->m->h;
	struct store_rows *r;
	char id[HEADER_ID] = "";

	TRY(store_one(tx, STMT_BANK_FILE_GET,
	    STORE_VALUES(store_z(h->authority), store_z(h->file)), &r,
	    &x->found, e));
	if (x->found)
		(void)snprintf(id, sizeof(id), "%.*s",
		    (int)store_get_text(r, 4).n, store_get_text(r, 4).p);
	store_rows_close(r);
	if (!x->found || strcmp(id, h->id) == 0)
		return ERR_NONE;
	return message_load(tx, id, x->q->c->arena, &x->m, &x->found, e);
}

/* A unit that was restored writes what it lost again, under another id: the
 * same file by the same unit was answered already. */
static enum err_class answered_already(
    const struct asked *q, bool *out, struct err *e)
{
	struct earlier x = {.q = q};
	struct content before;
	struct err ignored;

	*out = false;
	TRY(store_read(q->c->store, read_earlier, &x, e));
	if (!x.found || strcmp(x.m.h.origin, q->m->h.origin) != 0 ||
	    message_open(q->c->keys, &x.m, q->c->arena, &before, &ignored) !=
		ERR_NONE)
		return ERR_NONE;
	*out = bytes_eq(content_part(&before, "file"),
		   content_part(&q->content, "file")) &&
	       bytes_eq(content_part(&before, "approval"),
		   content_part(&q->content, "approval")) &&
	       json_equal(json_object_get(before.meta, "layout"),
		   json_object_get(q->content.meta, "layout"));
	content_fini(&before);
	return ERR_NONE;
}

static enum err_class done_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct asked *q = arg;

	return party_take(tx, q->m, e);
}

enum err_class bank_request(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct asked q = {.c = c, .m = m};
	enum err_class class;
	bool again;

	TRY(message_open(c->keys, m, c->arena, &q.content, e));
	class = answered_already(&q, &again, e);
	if (class == ERR_NONE)
		class = again ? store_run(c->store, done_write, &q, e)
			      : process(&q, e);
	content_fini(&q.content);
	buf_fini(&q.file);
	bank_filter_fini(&q.filter);
	return class;
}

/* ---- answering anew ---- */

static bool among(const json_t *list, struct text id)
{
	const json_t *x;
	size_t i;

	json_array_foreach(
	    list, i, x) if (json_is_string(x) &&
			    text_is(id, json_string_value(x))) return true;
	return false;
}

enum err_class bank_answer_stands(struct store_tx *tx,
    const struct party_context *c, const char *authority, const char *file,
    const json_t *gone, bool *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*out = false;
	TRY(store_query(tx, STMT_BANK_ANSWERS_STANDING,
	    STORE_VALUES(
		store_z(authority), store_z(file), store_z(c->node->code)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		*out = *out || !among(gone, store_get_text(r, 0));
	store_rows_close(r);
	return class;
}

static enum err_class not_returned(struct err *e)
{
	return err_set(e, ERR_INPUT, "answer.not_returned",
	    "差戻しも拒否もされていない回答です",
	    "its answers were neither returned nor refused");
}

struct returned {
	struct party_context *c;
	char authority[NODE_CODE];
	const char *file;
	struct message m;
};

static enum err_class read_returned(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct returned *x = arg;
	struct store_rows *r;
	const char *id = "";
	bool found;
	bool stands;

	TRY(store_one(tx, STMT_BANK_FILE_GET,
	    STORE_VALUES(store_z(x->authority), store_z(x->file)), &r, &found,
	    e));
	found = found && text_is(store_get_text(r, 0), "answered");
	if (found)
		id = text_cstr(x->c->arena, store_get_text(r, 4));
	store_rows_close(r);
	if (!found)
		return err_set(e, ERR_INPUT, "answer.unknown_file",
		    "回答したファイルではありません",
		    "no such file was answered, or it was cancelled");
	TRY(bank_answer_stands(
	    tx, x->c, x->authority, x->file, NULL, &stands, e));
	if (stands)
		return not_returned(e);
	TRY(message_load(tx, id, x->c->arena, &x->m, &found, e));
	return found && x->m.payload.n > 0
		   ? ERR_NONE
		   : err_set(e, ERR_INPUT, "answer.gone",
			 "照会ファイルの保存期間を過ぎています",
			 "the request is no longer kept");
}

static enum err_class again_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct asked *q = arg;
	const struct header *h = &q->m->h;
	int64_t changed;
	bool stands;

	TRY(bank_answer_stands(
	    tx, q->c, h->authority, h->file, NULL, &stands, e));
	if (stands)
		return not_returned(e);
	TRY(store_do(tx, STMT_BANK_FILE_AGAIN,
	    STORE_VALUES(store_z(h->authority), store_z(h->file),
		store_int(q->c->now_us), store_int((int64_t)q->count),
		store_int(q->rejected), store_z(q->lookup.as_of)),
	    &changed, e));
	if (changed == 0)
		return not_returned(e);
	TRY(write_lookups(tx, q, e));
	TRY(party_send(tx, &q->answer, q->c->now_us, e));
	return write_audit(tx, q, e);
}

static enum err_class answer_again(struct asked *q, struct err *e)
{
	const struct header *h = &q->m->h;
	char key[PARTY_KEY];

	TRY(prepare(q, e));
	if (q->cancelled)
		return err_set(e, ERR_BUSY, "answer.cancelling",
		    "この照会の取下げが届いています",
		    "a cancellation of it is being done");
	TRY(make_answer(q, e));
	return store_run_key(q->c->store,
	    party_key(h->authority, h->wave, h->institution, key), again_write,
	    q, e);
}

enum err_class bank_answer_again(struct party_context *c, const char *file,
    const char *actor, int64_t *records, struct err *e)
{
	struct returned x = {.c = c, .file = file};
	struct asked q = {.c = c, .m = &x.m, .again = actor};
	enum err_class class;

	(void)snprintf(x.authority, sizeof(x.authority), "%.*s",
	    (int)strcspn(file, "-"), file);
	TRY(store_read(c->store, read_returned, &x, e));
	TRY(message_open(c->keys, &x.m, c->arena, &q.content, e));
	class = answer_again(&q, e);
	*records = (int64_t)q.count;
	content_fini(&q.content);
	buf_fini(&q.file);
	bank_filter_fini(&q.filter);
	return class;
}
