/* ward_person.c — see ward_person.h. */
#include "parties/ward_person.h"

#include "base/told.h"
#include "parties/ward_file.h"
#include "parties/ward_inquiry.h"
#include "parties/ward_shield.h"
#include "parties/ward_stop.h"
#include "parties/ward_view.h"
#include "record/answer.h"
#include "record/kanri.h"
#include "text/fold.h"

#include <stdlib.h>

#define WHO_AT_ONCE 1000
/* Behind every text that begins with what stands before it. */
#define HIGHEST "\xf4\x8f\xbf\xbf" /* U+10FFFF */

static enum err_class unknown(struct err *e)
{
	return err_set(e, ERR_INPUT, "subjects.unknown",
	    "その宛名番号の対象者はいません", "there is no such subject");
}

/* S3: the person named, so that audit_who finds it. */
static enum err_class log_reading(struct store_tx *tx, struct party_context *c,
    const struct ward_user *officer, const char *atena, const char *purpose,
    struct err *e)
{
	return ward_log(tx, c,
	    &(const struct ward_act){.actor = officer->name,
		.action = "read",
		.kind = "subject",
		.object = atena,
		.purpose = purpose,
		.records = 1},
	    e);
}

/* --- lists --- */

struct listing {
	struct party_context *c;
	struct ward_person_page *page;
	const char *low;
	const char *high;
	const char **atena; /* of the items */
	size_t n;
};

static enum err_class ask(struct store_tx *tx, struct listing *x,
    struct store_rows **r, struct err *e)
{
	const struct ward_person_page *p = x->page;
	const struct store_value authority = store_z(x->c->node->code);
	const struct store_value limit = store_int((int64_t)p->max + 1);

	switch (p->by) {
	case PERSON_ALL:
		return store_query(tx, STMT_DESK_SUBJECTS,
		    STORE_VALUES(authority, store_z(p->after), limit), r, e);
	case PERSON_ATENA:
		return store_query(tx, STMT_DESK_SUBJECT,
		    STORE_VALUES(authority, store_z(p->text), limit), r, e);
	case PERSON_KANA:
	case PERSON_KANJI:
		break;
	}
	return store_query(tx,
	    p->by == PERSON_KANA ? STMT_DESK_SUBJECTS_KANA
				 : STMT_DESK_SUBJECTS_KANJI,
	    STORE_VALUES(authority, store_z(x->low), store_z(x->high),
		store_z(p->after_key), store_z(p->after), limit),
	    r, e);
}

static void add_row(struct listing *x, const struct store_rows *r)
{
	struct ward_person_page *p = x->page;
	bool shielded = store_get_int(r, 4) != 0;
	const struct text mask = TEXT(WARD_PERSON_MASK);
	json_t *o;

	if (x->n == p->max) { /* one more than asked for: there is a next */
		p->next = x->atena[x->n - 1];
		return;
	}
	x->atena[x->n++] = ward_column(x->c->arena, r, 0);
	p->next_key = ward_column(x->c->arena, r, 6);
	o = json_pack("{s:o,s:o,s:o,s:o,s:b,s:b,s:o}", "atena",
	    told_text(store_get_text(r, 0)), "kana",
	    told_text(shielded ? mask : store_get_text(r, 1)), "kanji",
	    told_text(shielded ? mask : store_get_text(r, 2)), "birth",
	    told_text(shielded ? mask : store_get_text(r, 3)), "shielded",
	    shielded, "masked", shielded, "updated",
	    told_moment(store_get_int(r, 5)));
	(void)json_array_append_new(p->items, o);
}

/* 科目, arrears and measures of the i-th item. */
static enum err_class add_claims(
    struct store_tx *tx, struct listing *x, size_t i, struct err *e)
{
	json_t *claims = json_array();
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_object_set_new(
	    json_array_get(x->page->items, i), "claims", claims);
	TRY(store_query(tx, STMT_WARD_CLAIMS_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_z(x->atena[i])), &r,
	    e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct subject s;
		int64_t yen = 0;

		if (!subject_unpack(store_get_blob(r, 2), &s))
			continue;
		(void)text_to_int(s.f[SUBJECT_ARREARS], INT64_MAX, &yen);
		(void)json_array_append_new(
		    claims, json_pack("{s:o,s:I,s:o}", "kamoku",
				told_text(store_get_text(r, 0)), "arrears",
				(json_int_t)yen, "measures",
				told_text(store_get_text(r, 1))));
	}
	store_rows_close(r);
	return class;
}

static enum err_class list_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_array_clear(x->page->items);
	x->page->next = NULL;
	x->n = 0;
	TRY(ask(tx, x, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		add_row(x, r);
	store_rows_close(r);
	for (size_t i = 0; class == ERR_NONE && i < x->n; i++)
		class = add_claims(tx, x, i, e);
	for (size_t i = 0; class == ERR_NONE && i < x->n; i++)
		class = log_reading(
		    tx, x->c, x->page->officer, x->atena[i], "対象者の一覧", e);
	return class;
}

/* The range of keys that begin as the text does. */
static void bound(struct listing *x)
{
	struct buf key = {0};

	if (x->page->by == PERSON_KANA)
		fold_kana(text_z(x->page->text), &key);
	else if (x->page->by == PERSON_KANJI)
		fold_kanji(text_z(x->page->text), &key);
	x->low = text_cstr(x->c->arena, buf_text(&key));
	x->high = arena_printf(x->c->arena, "%s" HIGHEST, x->low);
	buf_fini(&key);
}

enum err_class ward_person_list(
    struct party_context *c, struct ward_person_page *page, struct err *e)
{
	struct listing x = {.c = c, .page = page};
	enum err_class class;

	x.atena = arena_zero(c->arena, page->max + 1, sizeof(*x.atena));
	page->items = json_array();
	bound(&x);
	class = store_run(c->store, list_write, &x, e);
	if (class != ERR_NONE) {
		json_decref(page->items);
		page->items = NULL;
	} else if (page->next == NULL) {
		page->next_key = NULL;
	}
	return class;
}

/* --- one person --- */

struct showing {
	struct party_context *c;
	const char *atena;
	bool masked;
	const struct ward_user *officer;
	const char *purpose;
	json_t *o;
	bool answers; /* with what was answered */
	bool found;
	bool shielded;
};

static enum err_class find(
    struct store_tx *tx, struct showing *x, struct err *e)
{
	struct store_rows *r;

	TRY(store_one(tx, STMT_WARD_SUBJECT_GET,
	    STORE_VALUES(store_z(x->c->node->code), store_z(x->atena)), &r,
	    &x->found, e));
	x->shielded = x->found && store_get_int(r, 3) != 0;
	store_rows_close(r);
	return x->found ? ERR_NONE : unknown(e);
}

/* What would tell who or where a shielded person is. */
static void mask(struct subject *s)
{
	static const enum subject_column hidden[] = {SUBJECT_KANA,
	    SUBJECT_KANJI, SUBJECT_ROMAN, SUBJECT_BIRTH, SUBJECT_POSTAL,
	    SUBJECT_ADDRESS_CODE, SUBJECT_ADDRESS, SUBJECT_ADDRESS_KANA,
	    SUBJECT_ALIAS, SUBJECT_ALIAS_KANA, SUBJECT_FORMER_NAME,
	    SUBJECT_FORMER_KANA, SUBJECT_FORMER_ADDRESS1,
	    SUBJECT_FORMER_ADDRESS2, SUBJECT_FORMER_ADDRESS3, SUBJECT_BRANCH,
	    SUBJECT_FREE};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (s->f[hidden[i]].n > 0)
			s->f[hidden[i]] = text_z(WARD_PERSON_MASK);
}

static enum err_class put_claims(
    struct store_tx *tx, struct showing *x, struct err *e)
{
	json_t *claims = json_array();
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_object_set_new(x->o, "claims", claims);
	TRY(store_query(tx, STMT_WARD_CLAIMS_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_z(x->atena)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct subject s;

		if (!subject_unpack(store_get_blob(r, 2), &s))
			continue;
		if (x->masked)
			mask(&s);
		(void)json_array_append_new(claims, ward_view_subject(&s));
	}
	store_rows_close(r);
	return class;
}

static enum err_class put_stops(
    struct store_tx *tx, struct showing *x, struct err *e)
{
	json_t *stops = json_array();
	struct store_rows *r;
	enum err_class class;
	bool more;

	(void)json_object_set_new(x->o, "stops", stops);
	TRY(store_query(tx, STMT_WARD_STOPS_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_z(x->atena)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(void)json_array_append_new(
		    stops, json_pack("{s:o,s:o,s:o}", "reason",
			       told_text(store_get_text(r, 0)), "at",
			       told_moment(store_get_int(r, 1)), "decision",
			       told_text(store_get_text(r, 2))));
	store_rows_close(r);
	return class;
}

/* One inquiry of the list: what became of it, in a word. */
struct asked {
	uint32_t wave;
	uint32_t ordinal;
	const char *institution;
	const char *wave_state;
	char number[KANRI_TEXT];
	json_t *o;
};

static void put_asked(
    struct showing *x, struct asked *k, const struct store_rows *r)
{
	struct arena *a = x->c->arena;
	struct kanri n = {0};
	char wave[4];

	k->wave = (uint32_t)store_get_int(r, 0);
	k->ordinal = (uint32_t)store_get_int(r, 1);
	k->wave_state = ward_column(a, r, 4);
	k->institution = ward_column(a, r, 5);
	n.wave = k->wave;
	n.ordinal = k->ordinal;
	memcpy(n.authority, x->c->node->code, 7);
	(void)snprintf(
	    n.institution, sizeof(n.institution), "%s", k->institution);
	(void)kanri_format(&n, k->number);
	(void)kanri_wave_format(k->wave, wave);
	k->o = json_pack("{s:s,s:s,s:o,s:s,s:o,s:o}", "inquiry", k->number,
	    "wave", wave, "wave_name", told_text(store_get_text(r, 3)),
	    "institution", k->institution, "hub",
	    told_text(store_get_text(r, 6)), "reask",
	    told_text(store_get_text(r, 2)));
}

static enum err_class put_answer(
    struct store_tx *tx, struct showing *x, struct asked *k, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_ANSWERS_IN,
	    STORE_VALUES(store_z(x->c->node->code), store_z(k->number),
		store_z(k->number)),
	    &r, e));
	class = store_next(r, &more, e);
	if (class == ERR_NONE && more)
		(void)json_object_set_new(
		    k->o, "answer", ward_view_packed(store_get_blob(r, 1)));
	store_rows_close(r);
	return class;
}

/* Where its file is, or why it is in none. */
static enum err_class put_place(
    struct store_tx *tx, struct showing *x, struct asked *k, struct err *e)
{
	const struct store_value place[] = {store_z(x->c->node->code),
	    store_int(k->wave), store_z(k->institution), store_int(k->ordinal)};
	const char *state = k->wave_state;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_EXCEPTION_GET, place, 4, &r, &found, e));
	if (found)
		state = ward_column(x->c->arena, r, 0);
	store_rows_close(r);
	if (!found) {
		TRY(store_one(tx, STMT_WARD_FILE_OF, place, 4, &r, &found, e));
		if (found)
			state = ward_column(x->c->arena, r, 1);
		store_rows_close(r);
	}
	(void)json_object_set_new(k->o, "state", json_string(state));
	return ERR_NONE;
}

/* When the file was answered that brought it. */
static enum err_class put_answered(struct store_tx *tx, struct showing *x,
    struct asked *k, const char *file, struct err *e)
{
	struct ward_file f;
	bool found;

	(void)json_object_set_new(k->o, "state", json_string("registered"));
	TRY(ward_file_load(tx, x->c, file, &f, &found, e));
	(void)json_object_set_new(k->o, "answered",
	    found && f.answered_us != 0 ? told_moment(f.answered_us)
					: json_null());
	return x->answers && !x->masked ? put_answer(tx, x, k, e) : ERR_NONE;
}

/* Its outcome, which names its file; else where it is. */
static enum err_class put_state(
    struct store_tx *tx, struct showing *x, struct asked *k, struct err *e)
{
	const char *class = NULL;
	const char *file = NULL;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_DESK_OUTCOME,
	    STORE_VALUES(store_z(x->c->node->code), store_z(k->number)), &r,
	    &found, e));
	if (found) {
		class =
		    answer_class_code((enum answer_class)store_get_int(r, 0));
		file = ward_column(x->c->arena, r, 3);
	}
	store_rows_close(r);
	(void)json_object_set_new(
	    k->o, "class", class != NULL ? json_string(class) : json_null());
	(void)json_object_set_new(k->o, "answered", json_null());
	return found ? put_answered(tx, x, k, file, e) : put_place(tx, x, k, e);
}

#define ASKED_MAX 2000 /* as the statement has it */

static enum err_class put_inquiries(
    struct store_tx *tx, struct showing *x, struct err *e)
{
	struct asked *k = arena_zero(x->c->arena, ASKED_MAX, sizeof(*k));
	json_t *list = json_array();
	struct store_rows *r;
	enum err_class class;
	size_t n = 0;
	bool more;

	(void)json_object_set_new(x->o, "inquiries", list);
	TRY(store_query(tx, STMT_DESK_ASKED,
	    STORE_VALUES(store_z(x->c->node->code), store_z(x->atena)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       n < ASKED_MAX) {
		put_asked(x, &k[n], r);
		(void)json_array_append_new(list, k[n++].o);
	}
	store_rows_close(r);
	for (size_t i = 0; class == ERR_NONE && i < n; i++)
		class = put_state(tx, x, &k[i], e);
	return class;
}

static enum err_class show_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct showing *x = arg;
	const char *address;

	(void)json_object_clear(x->o);
	TRY(find(tx, x, e));
	x->masked = x->masked && x->shielded;
	(void)json_object_set_new(x->o, "atena", json_string(x->atena));
	(void)json_object_set_new(x->o, "shielded", json_boolean(x->shielded));
	(void)json_object_set_new(x->o, "masked", json_boolean(x->masked));
	TRY(ward_shield_of(tx, x->c, x->atena, &address, e));
	(void)json_object_set_new(x->o, "address",
	    address[0] != '\0' ? json_string(address) : json_null());
	TRY(put_claims(tx, x, e));
	TRY(put_stops(tx, x, e));
	TRY(put_inquiries(tx, x, e));
	return log_reading(tx, x->c, x->officer, x->atena, x->purpose, e);
}

static enum err_class show(struct showing *x, json_t **out, struct err *e)
{
	enum err_class class;

	x->o = json_object();
	class = store_run(x->c->store, show_write, x, e);
	if (class == ERR_NONE)
		*out = x->o;
	else
		json_decref(x->o);
	return class;
}

enum err_class ward_person_show(struct party_context *c, const char *atena,
    bool masked, const struct ward_user *officer, json_t **out, struct err *e)
{
	struct showing x = {.c = c,
	    .atena = atena,
	    .masked = masked,
	    .officer = officer,
	    .purpose = "対象者の閲覧"};

	return show(&x, out, e);
}

enum err_class ward_person_report(struct party_context *c, const char *atena,
    bool masked, const struct ward_user *officer, json_t **out, struct err *e)
{
	struct showing x = {.c = c,
	    .atena = atena,
	    .masked = masked,
	    .officer = officer,
	    .purpose = "財産調査票",
	    .answers = true};

	return show(&x, out, e);
}

static enum err_class shielded_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	return find(tx, arg, e);
}

enum err_class ward_person_shielded(
    struct party_context *c, const char *atena, bool *out, struct err *e)
{
	struct showing x = {.c = c, .atena = atena};

	TRY(store_read(c->store, shielded_read, &x, e));
	*out = x.shielded;
	return ERR_NONE;
}

/* --- who has seen it --- */

struct asking {
	struct party_context *c;
	struct audit_who page;
	struct audit_who after;
	bool all;
	const char *user;
	json_t *found;
};

static enum err_class add_access(
    void *ctx, const struct audit_access *a, struct err *e)
{
	struct asking *q = ctx;

	(void)e;
	(void)json_array_append_new(q->found,
	    json_pack("{so ss ss ss ss% ss}", "at", told_moment(a->at_us),
		"actor", a->actor, "action", a->action, "kind", a->kind,
		"object", a->object.p, a->object.n, "purpose", a->purpose));
	return ERR_NONE;
}

/* S3: to ask who has read a person's record is to read it. */
static enum err_class ask_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *q = arg;
	const struct party_context *p = q->c;
	struct audit_who page = q->page;

	(void)json_array_clear(q->found);
	do {
		TRY(audit_who(tx, &page, add_access, q, e));
	} while (q->all && page.more);
	q->after = page;
	return audit_add(tx,
	    &(const struct audit_entry){.actor = q->user,
		.action = "read",
		.kind = "subject",
		.object = page.atena,
		.authority = page.authority,
		.purpose = "アクセス記録の照会",
		.records = (int64_t)json_array_size(q->found)},
	    p->now_us, &p->random, e);
}

static enum err_class ask_who(
    struct asking *q, const char *atena, struct err *e)
{
	const struct node *n = q->c->node;
	enum err_class class;

	q->page.authority = n->party == STORE_WARD ? n->code : "";
	q->page.atena = text_z(atena);
	q->found = json_array();
	class = store_run(q->c->store, ask_write, q, e);
	if (class != ERR_NONE)
		json_decref(q->found);
	return class;
}

enum err_class ward_person_who(struct party_context *c, struct audit_who *page,
    const char *atena, const char *actor, json_t **out, struct err *e)
{
	struct asking q = {.c = c, .page = *page, .user = actor};

	TRY(ask_who(&q, atena, e));
	*page = q.after;
	*out = q.found;
	return ERR_NONE;
}

enum err_class ward_person_who_all(struct party_context *c, const char *atena,
    const char *actor, json_t **out, struct err *e)
{
	struct asking q = {.c = c, .all = true, .user = actor};

	audit_who_begin(&q.page);
	q.page.max = WHO_AT_ONCE;
	TRY(ask_who(&q, atena, e));
	*out = json_array();
	for (size_t i = json_array_size(q.found); i-- > 0;)
		(void)json_array_append(*out, json_array_get(q.found, i));
	json_decref(q.found);
	return ERR_NONE;
}
