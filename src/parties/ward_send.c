/*
 * ward_send.c — an approved wave goes to the unit in parts: steps ① and ② of
 * every flow. Part k holds the ordinals (k-1)·5,000+1 … k·5,000, without
 * those that are left out.
 */
#include "base/clock.h"
#include "parties/ward_except.h"
#include "parties/ward_shield.h"
#include "parties/ward_wave.h"
#include "record/limits.h"

#include <stdlib.h>

#define EXPIRES_DAYS 30
#define PARTS_MAX 256  /* asked for again at a time */
#define NO_STEP_HUB "" /* these steps belong to every flow of the wave */

struct sending {
	struct party_context *c;
	/* The task, as read. */
	bool found;
	bool again;		/* one part that was refused */
	char name[HEADER_FILE]; /* of the task: "", or that part */
	int64_t position;
	int64_t last;
	struct ward_wave w;
	struct ward_user requester;
	struct ward_institution *institutions;
	size_t institution_count;
	/* The part. */
	struct buf rows;
	int64_t subjects;
	int64_t *stopped; /* ordinals that must wait for a decision */
	size_t stopped_count;
	struct ward_shielded *shielded; /* 支援措置 */
	size_t shielded_count;
	struct party_sending message;
};

static void put_u32(struct buf *out, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_byte(out, (unsigned char)(v >> (8 * i)));
}

static void put_block(struct buf *out, struct bytes b)
{
	put_u32(out, (uint32_t)b.n);
	buf_add(out, b.p, b.n);
}

static const char *kind_of(const struct sending *s)
{
	return s->again ? "resend" : "send";
}

static enum err_class find_task_of(
    struct store_tx *tx, struct sending *s, bool again, struct err *e)
{
	struct store_rows *r;
	enum err_class class;

	s->again = again;
	TRY(store_query(
	    tx, STMT_TASK_OPEN, STORE_VALUES(store_z(kind_of(s))), &r, e));
	class = store_next(r, &s->found, e);
	if (class == ERR_NONE && s->found) {
		s->w.wave = (uint32_t)store_get_int(r, 1);
		(void)snprintf(s->name, sizeof(s->name), "%.*s",
		    (int)store_get_text(r, 2).n, store_get_text(r, 2).p);
		s->position = store_get_int(r, 3);
	}
	store_rows_close(r);
	return class;
}

static enum err_class find_task(
    struct store_tx *tx, struct sending *s, struct err *e)
{
	TRY(find_task_of(tx, s, false, e));
	return s->found ? ERR_NONE : find_task_of(tx, s, true, e);
}

/* No address of a shielded person has been chosen: nothing of them goes. */
static bool withheld(const struct sending *s, int64_t ordinal)
{
	for (size_t i = 0; i < s->shielded_count; i++)
		if (s->shielded[i].ordinal == ordinal)
			return s->shielded[i].address[0] == '\0' &&
			       !s->shielded[i].gone;
	return false;
}

static enum err_class read_rows(
    struct store_tx *tx, struct sending *s, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	int64_t before = 0;
	bool more;

	buf_clear(&s->rows);
	s->subjects = 0;
	s->stopped_count = 0;
	TRY(store_query(tx, STMT_WARD_ROWS_TO_SEND,
	    STORE_VALUES(store_z(s->c->node->code), store_int(s->w.wave),
		store_int(s->position), store_int(s->last)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		int64_t ordinal = store_get_int(r, 0);
		bool first = ordinal != before;

		before = ordinal;
		if (store_get_int(r, 3) != 0) {
			if (first)
				s->stopped[s->stopped_count++] = ordinal;
			continue;
		}
		if (s->shielded_count > 0 && withheld(s, ordinal))
			continue;
		s->subjects += first;
		put_u32(&s->rows, (uint32_t)ordinal);
		put_block(&s->rows, store_get_blob(r, 2));
		put_block(&s->rows, text_bytes(store_get_text(r, 1)));
	}
	store_rows_close(r);
	return class;
}

static enum err_class read_part(struct store_tx *tx, void *arg, struct err *e)
{
	struct sending *s = arg;
	bool found;

	TRY(find_task(tx, s, e));
	if (!s->found)
		return ERR_NONE;
	TRY(ward_wave_load(tx, s->c, s->w.wave, &s->w, e));
	TRY(ward_wave_institutions(
	    tx, s->c, s->w.wave, &s->institutions, &s->institution_count, e));
	TRY(ward_user_get(tx, s->w.requester, &s->requester, &found, e));
	s->last = s->position + LIMIT_MESSAGE_RECORDS;
	if (s->last > s->w.subjects)
		s->last = s->w.subjects;
	s->stopped = arena_take(
	    s->c->arena, LIMIT_MESSAGE_RECORDS * sizeof(*s->stopped));
	s->shielded = arena_take(
	    s->c->arena, LIMIT_MESSAGE_RECORDS * sizeof(*s->shielded));
	TRY(ward_shield_in(tx, s->c, s->w.wave, s->position, s->last,
	    s->shielded, &s->shielded_count, e));
	return read_rows(tx, s, e);
}

/* An address may have been chosen, or another one, since the draft. */
static enum err_class fit_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct sending *s = arg;

	for (size_t i = 0; i < s->shielded_count; i++)
		TRY(ward_shield_fit(tx, s->c, s->w.wave, &s->shielded[i], e));
	return read_part(tx, s, e);
}

static json_t *definition(const struct sending *s)
{
	const struct ward_wave *w = &s->w;
	json_t *list = json_array();
	char updated[11];

	date_format(clock_date(w->approved_us), updated);
	for (size_t i = 0; i < s->institution_count; i++) {
		const struct ward_institution *in = &s->institutions[i];

		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s}", "code", in->code, "hub",
			      in->hub, "link", node_link_name(in->link)));
	}
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:o}",
	    "name", w->name, "basis", w->basis, "purpose", w->purpose,
	    "base_date", w->base_date, "period_from", w->period_from,
	    "period_to", w->period_to, "scope", w->scope, "deadline",
	    w->deadline, "registrant", w->requester, "updated", updated,
	    "subjects", (json_int_t)w->subjects, "institutions", list);
}

static enum err_class make_part(struct sending *s, struct err *e)
{
	const struct peer *unit = ward_unit(s->c);
	const int64_t size = LIMIT_MESSAGE_RECORDS;
	struct content content = {0};
	struct header h = {
	    .kind = KIND_SUBJECTS,
	    .wave = s->w.wave,
	    .link = LINK_DIRECT,
	    .records = s->subjects,
	    .expires_us = s->c->now_us + EXPIRES_DAYS * CLOCK_DAY,
	    .reader_count = 1,
	    .part = (int)(s->position / size) + 1,
	    .parts = (int)((s->w.subjects + size - 1) / size),
	};
	enum err_class class;

	if (unit == NULL)
		return err_set(e, ERR_BUSY, "ward.no_unit",
		    "中間処理ユニットが相手先表にありません",
		    "no unit in the peer table");
	memcpy(h.to, unit->code, NODE_CODE);
	memcpy(h.readers[0], unit->code, NODE_CODE);
	memcpy(h.authority, s->c->node->code, NODE_CODE);
	(void)snprintf(h.file, sizeof(h.file), "part-%d", h.part);
	(void)snprintf(
	    h.approval, sizeof(h.approval), "%s", s->w.approval_digest);
	content.meta = json_pack("{s:i,s:i,s:I,s:I,s:o}", "part", h.part,
	    "parts", h.parts, "first", (json_int_t)(s->position + 1), "last",
	    (json_int_t)s->last, "definition", definition(s));
	if (content.meta == NULL)
		abort();
	content_add(&content, "approval", s->w.approval);
	content_add(&content, "subjects", buf_bytes(&s->rows));
	class = party_make(s->c, &h, &content, &s->message, e);
	content_fini(&content);
	s->message.hub = NO_STEP_HUB;
	s->message.step = party_step_no(LINK_DIRECT, DEED_SUBJECTS_SENT);
	return class;
}

static enum err_class leave_out(struct store_tx *tx, struct sending *s,
    int64_t ordinal, const struct ward_except *why, struct err *e)
{
	TRY(STORE_DO(tx, STMT_HALT_DROP, e, store_z(s->c->node->code),
	    store_int(s->w.wave), store_int(ordinal)));
	return ward_except_range(tx, s->c, why, ordinal - 1, ordinal, e);
}

static enum err_class leave_out_all(
    struct store_tx *tx, struct sending *s, struct err *e)
{
	const struct ward_except stopped = {.wave = s->w.wave,
	    .kind = "cancelled",
	    .reason = "処分状況による停止"};
	const struct ward_except held = {
	    .wave = s->w.wave, .kind = "held", .reason = WARD_SHIELD_HELD};

	for (size_t i = 0; i < s->stopped_count; i++)
		TRY(leave_out(tx, s, s->stopped[i], &stopped, e));
	for (size_t i = 0; i < s->shielded_count; i++)
		if (withheld(s, s->shielded[i].ordinal))
			TRY(leave_out(tx, s, s->shielded[i].ordinal, &held, e));
	return ERR_NONE;
}

static enum err_class write_part(struct store_tx *tx, void *arg, struct err *e)
{
	struct sending *s = arg;
	bool done = s->again || s->last == s->w.subjects;
	int64_t moved;

	TRY(store_do(tx, STMT_TASK_MOVE,
	    STORE_VALUES(store_z(s->c->node->code), store_int(s->w.wave),
		store_z(kind_of(s)), store_z(s->name), store_int(s->position),
		store_int(s->last), store_int(done)),
	    &moved, e));
	if (moved != 1)
		return err_set(e, ERR_BUSY, "party.done",
		    "すでに処理されています", "already done by another worker");
	TRY(leave_out_all(tx, s, e));
	TRY(party_step(tx, s->c, &s->message.message.h,
	    party_step_no(LINK_DIRECT, DEED_EXTRACT), s->subjects, e));
	TRY(party_send(tx, &s->message, s->c->now_us, e));
	if (done && !s->again) {
		TRY(STORE_DO(tx, STMT_WARD_WAVE_MOVE, e,
		    store_z(s->c->node->code), store_int(s->w.wave),
		    store_z("approved"), store_z("sent"), store_z("")));
		TRY(ward_close(tx, s->c, s->w.wave, e));
	}
	return ward_log(tx, s->c,
	    &(const struct ward_act){.actor = "work",
		.action = "send",
		.kind = "wave",
		.object = s->w.id,
		.purpose = "照会対象者データの送信",
		.records = s->subjects},
	    e);
}

enum err_class ward_send_task(struct party_context *c, bool *did, struct err *e)
{
	struct sending s = {.c = c};
	enum err_class class;

	*did = false;
	class = store_read(c->store, read_part, &s, e);
	if (class == ERR_NONE && s.found && s.shielded_count > 0)
		class = store_run(c->store, fit_write, &s, e);
	if (class == ERR_NONE && s.found) {
		class = make_part(&s, e);
		if (class == ERR_NONE)
			class = store_run(c->store, write_part, &s, e);
		*did = class == ERR_NONE;
	}
	buf_fini(&s.rows);
	return class;
}

struct resending {
	struct party_context *c;
	uint32_t wave;
	const struct ward_user *officer;
	int64_t parts;
};

static enum err_class open_again(struct store_tx *tx, struct resending *x,
    const struct ward_wave *w, struct text name, struct err *e)
{
	int64_t no;

	/* "part-N": as make_part names it. */
	if (name.n < 6 || !text_to_int(text_trust(name.p + 5, name.n - 5),
			      KANRI_ORDINAL_MAX, &no))
		return ERR_NONE;
	x->parts++;
	return STORE_DO(tx, STMT_TASK_AGAIN, e, store_z(x->c->node->code),
	    store_int(x->wave), store_z("resend"), store_text(name),
	    store_int((no - 1) * LIMIT_MESSAGE_RECORDS),
	    store_int(w->subjects));
}

static enum err_class resend_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct resending *x = arg;
	struct store_rows *r;
	struct ward_wave w;
	struct text name[PARTS_MAX];
	size_t n = 0;
	bool more;
	enum err_class class;

	x->parts = 0;
	TRY(ward_wave_load(tx, x->c, x->wave, &w, e));
	if (strcmp(w.state, "sent") != 0 && strcmp(w.state, "approved") != 0)
		return err_set(e, ERR_DENIED, "wave.closed",
		    "この照会は送信中でも送信済みでもありません",
		    "the wave is not one that is sent");
	TRY(store_query(tx, STMT_REFUSED_PARTS,
	    STORE_VALUES(store_z(x->c->node->code), store_int(x->wave),
		store_int(party_step_no(LINK_DIRECT, DEED_SUBJECTS_IN))),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       n < PARTS_MAX)
		name[n++] = text_dup(x->c->arena, store_get_text(r, 0));
	store_rows_close(r);
	TRY(class);
	for (size_t i = 0; i < n; i++)
		TRY(open_again(tx, x, &w, name[i], e));
	if (n == 0)
		return ERR_NONE;
	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = x->officer->name,
		.action = "change",
		.kind = "wave",
		.object = w.id,
		.purpose = "照会対象者データの再送信",
		.records = x->parts},
	    e);
}

enum err_class ward_send_again(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, int64_t *parts, struct err *e)
{
	struct resending x = {.c = c, .wave = wave, .officer = officer};
	enum err_class class = store_run(c->store, resend_write, &x, e);

	*parts = x.parts;
	return class;
}
