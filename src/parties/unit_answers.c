/*
 * unit_answers.c — a bank's answers, in its own form, become answers in one
 * form for the ward; the unit keeps a projection of each outcome.
 */
#include "parties/unit.h"

#include "base/log.h"
#include "parties/layouts.h"
#include "parties/unit_held.h"
#include "record/kanri.h"
#include "record/limits.h"

#define EXPIRES_DAYS 365 /* answers wait for their ward that long */

/* What is known of an inquiry in the file's range. */
enum seen { SEEN_NOT, SEEN_ANSWERED, SEEN_UNSENT };

struct answers {
	struct party_context *c;
	const struct message *m;
	struct content content;
	const char *as_of;
	/* The request file they answer. */
	int64_t first;
	int64_t last;
	int64_t file_records;
	bool known;
	bool listed; /* it covers what table halted names */
	char layout[11];
	char state[16];
	/* What was read. */
	unsigned char *seen; /* enum seen, by ordinal - first */
	struct store_value *inquiry;
	struct store_value *class;
	struct store_value *digest;
	size_t count;
	size_t refused;
	struct unit_held held; /* those */
	struct buf packed;
	struct arena scratch; /* one answer's */
	struct party_sending sending;
};

static enum err_class read_file(struct store_tx *tx, void *arg, struct err *e)
{
	struct answers *a = arg;
	struct store_rows *r;

	TRY(store_one(tx, STMT_UNIT_FILE_GET,
	    STORE_VALUES(store_z(a->m->h.authority), store_z(a->m->h.file)), &r,
	    &a->known, e));
	if (a->known) {
		a->known = store_get_int(r, 0) == a->m->h.wave &&
			   text_is(store_get_text(r, 1), a->m->h.institution) &&
			   strcmp(a->m->h.institution, a->m->h.origin) == 0;
		a->first = store_get_int(r, 3);
		a->last = store_get_int(r, 4);
		a->file_records = store_get_int(r, 5);
		(void)snprintf(a->layout, sizeof(a->layout), "%.*s",
		    (int)store_get_text(r, 6).n, store_get_text(r, 6).p);
		(void)snprintf(a->state, sizeof(a->state), "%.*s",
		    (int)store_get_text(r, 7).n, store_get_text(r, 7).p);
	}
	a->listed = a->known && store_get_int(r, 10) != 0;
	store_rows_close(r);
	return party_same_flow(tx, &a->m->h, e);
}

static enum err_class mark(
    struct answers *a, struct store_rows *r, enum seen as, struct err *e)
{
	enum err_class class;
	bool more;

	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		int64_t at = store_get_int(r, 0) - a->first;

		if (at >= 0 && at <= a->last - a->first)
			a->seen[at] = (unsigned char)as;
	}
	store_rows_close(r);
	return class;
}

/* Not all of the range need have gone: the ward left some out, the unit held
 * others, or sent them later. Nobody was asked about those in this file. */
static enum err_class read_unsent(struct store_tx *tx, void *arg, struct err *e)
{
	struct answers *a = arg;
	const struct header *h = &a->m->h;
	struct store_rows *r;

	memset(a->seen, SEEN_UNSENT, (size_t)(a->last - a->first + 1));
	if (a->listed) {
		TRY(store_query(tx, STMT_HALTED_MEMBERS,
		    STORE_VALUES(store_z(h->authority), store_z(h->file)), &r,
		    e));
		return mark(a, r, SEEN_NOT, e);
	}
	TRY(store_query(tx, STMT_SNAPSHOT_ORDINALS,
	    STORE_VALUES(store_z(h->authority), store_int(h->wave),
		store_int(a->first), store_int(a->last)),
	    &r, e));
	TRY(mark(a, r, SEEN_NOT, e));
	TRY(store_query(tx, STMT_UNIT_EXCEPTIONS_FROM,
	    STORE_VALUES(store_z(h->authority), store_int(h->wave),
		store_z(h->institution), store_int(a->first),
		store_int(a->last)),
	    &r, e));
	TRY(mark(a, r, SEEN_UNSENT, e));
	TRY(store_query(tx, STMT_HALTED_ELSEWHERE,
	    STORE_VALUES(store_z(h->authority), store_int(h->wave),
		store_z(h->institution), store_int(a->first),
		store_int(a->last), store_z(h->file)),
	    &r, e));
	return mark(a, r, SEEN_UNSENT, e);
}

static void refuse(struct answers *a, const struct err *why, struct text number)
{
	a->refused++;
	unit_held_add(&a->held, a->c->arena, why, number);
	log_line(
	    "work", "file %s line %ld: %s", a->m->h.file, why->line, why->code);
}

static void bad(void *ctx, const struct err *why, struct text kanri)
{
	refuse(ctx, why, kanri);
}

/* An answer for another file, or for nobody, or a second one. */
static bool ours(struct answers *a, struct text number, long line)
{
	struct kanri k;
	struct err why;

	if (!kanri_parse(number, &k) ||
	    strcmp(k.authority, a->m->h.authority) != 0 ||
	    strcmp(k.institution, a->m->h.institution) != 0 ||
	    k.wave != a->m->h.wave || k.ordinal < a->first ||
	    k.ordinal > a->last ||
	    a->seen[k.ordinal - a->first] == SEEN_UNSENT) {
		err_set(&why, ERR_INPUT, "answer.unknown_number",
		    "この照会ファイルにない管理番号です",
		    "the number is not of this request file");
		err_at(&why, NULL, line, 0, "管理番号");
		refuse(a, &why, number);
		return false;
	}
	if (a->seen[k.ordinal - a->first] == SEEN_ANSWERED) {
		err_set(&why, ERR_INPUT, "answer.repeated",
		    "同じ照会への回答が重複しています",
		    "the same inquiry is answered twice");
		err_at(&why, NULL, line, 0, "管理番号");
		refuse(a, &why, number);
		return false;
	}
	a->seen[k.ordinal - a->first] = SEEN_ANSWERED;
	return true;
}

static enum err_class take(
    void *ctx, const struct answer *x, long line, struct err *e)
{
	struct answers *a = ctx;
	struct text number = x->f[ANSWER_INQUIRY];
	size_t before = a->packed.n;
	struct digest d;

	if (!ours(a, number, line))
		return ERR_NONE;
	if (a->count == (size_t)a->file_records)
		return err_set(e, ERR_INPUT, "answer.count",
		    "照会より多い回答があります",
		    "there are more answers than inquiries");
	answer_pack(x, &a->packed);
	d = digest_one(BYTES(a->packed.p + before, a->packed.n - before));
	a->inquiry[a->count] = store_text(text_dup(a->c->arena, number));
	a->class[a->count] = store_int(x->class);
	a->digest[a->count++] =
	    store_blob(bytes_dup(a->c->arena, BYTES(d.b, 16)));
	arena_reset(&a->scratch);
	return ERR_NONE;
}

static enum err_class decode(struct answers *a, struct err *e)
{
	struct arena *arena = a->c->arena;
	size_t n = (size_t)a->file_records;
	const struct layout_sink sink = {.ctx = a, .answer = take, .bad = bad};
	struct layout *layout =
	    layouts_version(a->c->layouts, a->m->h.institution, a->layout, e);
	enum err_class class;
	size_t records;

	if (layout == NULL)
		return e->class;
	a->seen = arena_zero(arena, (size_t)(a->last - a->first + 1), 1);
	if (a->file_records != a->last - a->first + 1)
		TRY(store_read(a->c->store, read_unsent, a, e));
	a->inquiry = arena_zero(arena, n + 1, sizeof(*a->inquiry));
	a->class = arena_zero(arena, n + 1, sizeof(*a->class));
	a->digest = arena_zero(arena, n + 1, sizeof(*a->digest));
	a->held = (struct unit_held){.max = LIMIT_MESSAGE_RECORDS};
	class = layout_read(layout, content_part(&a->content, "file"),
	    &a->scratch, &sink, &records, e);
	arena_fini(&a->scratch);
	return class;
}

static enum err_class make_message(struct answers *a, struct err *e)
{
	const struct header *from = &a->m->h;
	struct content content = {0};
	struct header h = {
	    .kind = KIND_ANSWER_FILE,
	    .wave = from->wave,
	    .link = from->link,
	    .records = (int64_t)a->count,
	    .expires_us = a->c->now_us + EXPIRES_DAYS * CLOCK_DAY,
	    .reader_count = 1,
	};
	char digest[DIGEST_TEXT];
	enum err_class class;

	memcpy(h.to, from->authority, NODE_CODE);
	memcpy(h.readers[0], from->authority, NODE_CODE);
	memcpy(h.authority, from->authority, NODE_CODE);
	memcpy(h.institution, from->institution, NODE_CODE);
	memcpy(h.hub, from->hub, NODE_CODE);
	memcpy(h.file, from->file, HEADER_FILE);
	memcpy(h.ref, from->id, HEADER_ID);
	digest_hex(digest_one(buf_bytes(&a->packed)), digest);
	content.meta = json_pack("{s:s,s:I,s:s}", "as_of", a->as_of, "refused",
	    (json_int_t)a->refused, "digest", digest);
	content_add(&content, "answers", buf_bytes(&a->packed));
	class = party_make(a->c, &h, &content, &a->sending, e);
	content_fini(&content);
	return class;
}

static enum err_class write_outcomes(
    struct store_tx *tx, struct answers *a, int64_t *added, struct err *e)
{
	struct store_value authority = store_z(a->m->h.authority);
	struct store_value file = store_z(a->m->h.file);
	const struct store_column columns[] = {
	    {.same = true, .v = &authority},
	    {.v = a->inquiry},
	    {.v = a->class},
	    {.same = true, .v = &file},
	    {.v = a->digest},
	};

	return store_each(
	    tx, STMT_UNIT_OUTCOME_ADD, columns, 5, a->count, added, e);
}

/* Have all inquiries of the file an outcome now? */
static enum err_class complete(struct store_tx *tx, struct answers *a,
    int64_t added, bool *all, struct err *e)
{
	struct kanri k = {.wave = a->m->h.wave};
	char from[KANRI_TEXT];
	char to[KANRI_TEXT];
	struct store_rows *r;
	bool found;

	*all = added == a->file_records;
	memcpy(k.authority, a->m->h.authority, 6);
	memcpy(k.institution, a->m->h.institution, 4);
	k.ordinal = (uint32_t)a->first;
	if (*all || !kanri_format(&k, from))
		return ERR_NONE;
	k.ordinal = (uint32_t)a->last;
	if (!kanri_format(&k, to))
		return ERR_NONE;
	TRY(store_one(tx, STMT_UNIT_OUTCOME_COUNT,
	    STORE_VALUES(store_z(a->m->h.authority), store_z(from), store_z(to),
		store_z(a->m->h.file)),
	    &r, &found, e));
	*all = store_get_int(r, 0) == a->file_records;
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class answers_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct answers *a = arg;
	const struct header *h = &a->m->h;
	int64_t added;
	bool all;

	TRY(party_take(tx, a->m, e));
	TRY(write_outcomes(tx, a, &added, e));
	TRY(unit_held_write(tx, &a->held, h, a->c->now_us, e));
	TRY(complete(tx, a, added, &all, e));
	if (all)
		TRY(STORE_DO(tx, STMT_UNIT_FILE_ANSWERED, e,
		    store_z(h->authority), store_z(h->file),
		    store_int(a->c->now_us), store_z(a->as_of)));
	TRY(party_step(tx, a->c, h, party_step_no(h->link, DEED_UNIT_ANSWER_IN),
	    h->records, e));
	TRY(party_step(tx, a->c, h, party_step_no(h->link, DEED_CLEANSE),
	    (int64_t)a->count, e));
	TRY(party_send(tx, &a->sending, a->c->now_us, e));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "work",
		.action = "change",
		.kind = "file",
		.object = text_z(h->file),
		.authority = h->authority,
		.purpose = "回答の統一形式への変換",
		.records = (int64_t)a->count},
	    a->c->now_us, &a->c->random, e);
}

static enum err_class process(struct answers *a, struct err *e)
{
	const struct header *h = &a->m->h;
	char key[PARTY_KEY];

	a->as_of = json_string_value(json_object_get(a->content.meta, "as_of"));
	if (a->as_of == NULL)
		return err_set(e, ERR_INPUT, "answer.header",
		    "回答基準日がありません", "the answers have no date");
	TRY(party_digest(&a->content, "file", e));
	TRY(store_read(a->c->store, read_file, a, e));
	if (!a->known)
		return err_set(e, ERR_INPUT, "answer.unknown_number",
		    "この照会ファイルは送っていません",
		    "no such request file was sent");
	TRY(decode(a, e));
	/* The bank signed how many answers there are. */
	if ((int64_t)(a->count + a->refused) != a->m->h.records)
		return err_set(e, ERR_INPUT, "answer.count",
		    "回答の件数が見出しと一致しません",
		    "the number of answers is not the header's");
	TRY(make_message(a, e));
	return store_run_key(a->c->store,
	    party_key(h->authority, h->wave, h->institution, key),
	    answers_write, a, e);
}

enum err_class unit_answers(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct answers a = {.c = c, .m = m};
	enum err_class class;

	TRY(message_open(c->keys, m, c->arena, &a.content, e));
	class = process(&a, e);
	content_fini(&a.content);
	buf_fini(&a.packed);
	return class;
}
